package search

import (
	"container/list"
	"sync"
)

// cacheBytes bounds the merged postings that a view remembers. Words come back:
// of a visitor who refines his query, of a page and its facets, of everybody.
const cacheBytes = 96 << 20

// listCache keeps lists, the longest unused of them giving way.
type listCache struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *cached, the latest used first
	bytes int
}

type cached struct {
	key  string
	list *matches
}

func newListCache() *listCache {
	return &listCache{byKey: map[string]*list.Element{}, order: list.New()}
}

func (c *listCache) get(key string) *matches {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[key]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	got, ok := e.Value.(*cached)
	if !ok {
		return nil
	}
	return got.list
}

func (c *listCache) put(key string, l *matches) {
	size := l.bytes() + len(key)
	if size > cacheBytes/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[key] != nil {
		return
	}
	c.byKey[key] = c.order.PushFront(&cached{key, l})
	c.bytes += size
	for c.bytes > cacheBytes {
		e := c.order.Back()
		old, ok := e.Value.(*cached)
		if !ok {
			return
		}
		c.order.Remove(e)
		delete(c.byKey, old.key)
		c.bytes -= old.list.bytes() + len(old.key)
	}
}
