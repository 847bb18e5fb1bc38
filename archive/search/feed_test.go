package search

import (
	"context"
	"iter"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// memory is a Feed in memory: the newest Change of each talk.
type memory struct {
	mu      sync.Mutex
	next    archive.Revision
	changes []archive.Change
}

func (m *memory) put(entries ...archive.Entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range entries {
		m.change(e.ID, &e)
	}
}

func (m *memory) remove(id archive.TalkID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.change(id, nil)
}

func (m *memory) change(id archive.TalkID, e *archive.Entry) {
	m.next++
	m.changes = slices.DeleteFunc(m.changes, func(c archive.Change) bool { return c.Talk == id })
	m.changes = append(m.changes, archive.Change{Revision: m.next, Talk: id, Entry: e})
}

// fill puts many entries that are all new.
func (m *memory) fill(entries []archive.Entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range entries {
		m.next++
		m.changes = append(m.changes, archive.Change{Revision: m.next, Talk: entries[i].ID, Entry: &entries[i]})
	}
}

func (m *memory) Changes(_ context.Context, after archive.Revision) iter.Seq2[archive.Change, error] {
	m.mu.Lock()
	list := slices.Clone(m.changes)
	m.mu.Unlock()
	return func(yield func(archive.Change, error) bool) {
		for _, c := range list {
			if c.Revision > after && !yield(c, nil) {
				return
			}
		}
	}
}

// open returns an index over the feed in a folder of its own, caught up.
func open(t testing.TB, feed Feed) *Index {
	t.Helper()
	ix := openDir(t, t.TempDir(), feed)
	catchUp(t, ix)
	return ix
}

func openDir(t testing.TB, dir string, feed Feed) *Index {
	t.Helper()
	ix, err := Open(context.Background(), dir, feed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func catchUp(t testing.TB, ix *Index) {
	t.Helper()
	if _, err := ix.CatchUp(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// find returns the IDs that a query finds, best first.
func find(t testing.TB, ix *Index, query string) []archive.TalkID {
	t.Helper()
	var ids []archive.TalkID
	for _, h := range ask(t, ix, Request{Query: Parse(query)}).Hits {
		ids = append(ids, h.Talk)
	}
	return ids
}

func ask(t testing.TB, ix *Index, r Request) Results {
	t.Helper()
	res, err := ix.Search(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// What is added while the index is made anew is found meanwhile and afterwards.
func TestRebuildBesideTheLivingIndex(t *testing.T) {
	feed := &memory{}
	feed.fill(sample())
	ix := open(t, feed)
	late := sample()[0]
	late.ID, late.Title = "crash/2021/late", "Latecomers welcome"
	var meanwhile []archive.TalkID
	err := ix.Rebuild(t.Context(), func(done int) {
		if done == len(sample()) {
			feed.put(late)
			catchUp(t, ix)
			meanwhile = find(t, ix, "latecomers")
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []archive.TalkID{late.ID}
	if diff := cmp.Diff([][]archive.TalkID{want, want}, [][]archive.TalkID{meanwhile, find(t, ix, "latecomers")}); diff != "" {
		t.Errorf("found while rebuilding and after: -want +got\n%s", diff)
	}
	if name, err := readCurrent(ix.dir); err != nil || name != "gen-2" {
		t.Errorf("living generation %q, %v", name, err)
	}
}
