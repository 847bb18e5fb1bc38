package search

import (
	"container/list"
	"sync"
)

// cacheRoom is how many bytes of merged postings a view remembers. Words come
// back: of a visitor who refines his query, of a page and its facets, of
// everybody. Reading the postings of a common word takes many times as long as
// scoring by them, so a large archive gets room for nearly all common words.
func cacheRoom(c *columns) int { return 64<<20 + 1000*c.talks + 200*len(c.slides) }

// listCache keeps lists, the longest unused of them giving way.
type listCache struct {
	room  int
	mu    sync.Mutex
	byKey map[string]*list.Element
	order *list.List // of *cached, the latest used first
	bytes int
}

type cached struct {
	key  string
	slot *slot // what the list is of, to be looked for in another view
	list *matches
}

func newListCache(room int) *listCache {
	return &listCache{room: room, byKey: map[string]*list.Element{}, order: list.New()}
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

func (c *listCache) put(key string, s *slot, l *matches) {
	size := l.bytes() + len(key)
	if size > c.room/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[key] != nil {
		return
	}
	c.byKey[key] = c.order.PushFront(&cached{key, s, l})
	c.bytes += size
	for c.bytes > c.room {
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

// slots returns what the lists are of, the latest used first.
func (c *listCache) slots() []*slot {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]*slot, 0, c.order.Len())
	for e := c.order.Front(); e != nil; e = e.Next() {
		if one, ok := e.Value.(*cached); ok {
			all = append(all, one.slot)
		}
	}
	return all
}

// full says whether there is little room left for what is read ahead.
func (c *listCache) full() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.bytes > c.room/5*4
}
