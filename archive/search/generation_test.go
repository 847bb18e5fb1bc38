package search

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A search that began before a rebuild reads on in the files that it had; they
// are gone once it has ended.
func TestOldFilesStayWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	feed := &memory{}
	feed.fill(sample())
	ix := open(t, feed)
	must(t, ix.gen.settle())
	// From disk, as after a start.
	reading, err := newView(ix.gen, nil, nil, nil)
	must(t, err)
	old := ix.gen.path
	large := filepath.Join(old, "large") // scorch removes what it does not know
	must(t, os.WriteFile(large, make([]byte, 5<<20), 0o600))
	ended := make(chan error)
	go func() { ended <- ix.Rebuild(t.Context(), nil) }()
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		ix.mu.Lock()
		replaced := ix.view.gen.path != old
		ix.mu.Unlock()
		if replaced {
			break
		}
		if time.Since(began) > 20*time.Second {
			t.Fatal("the index is not replaced")
		}
	}
	select {
	case err := <-ended:
		t.Fatalf("it did not wait for who reads: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if info, err := os.Stat(large); err != nil || info.Size() != 5<<20 {
		t.Errorf("a file that may be read: %v %v", info, err)
	}
	found := 0
	must(t, reading.postings(inTitle.indexed(), "fall", func(uint32, uint64) { found++ }))
	for _, r := range reading.columns.rows {
		if r != nil && r.title == "" {
			t.Error("a row without a title")
		}
	}
	reading.release()
	must(t, <-ended)
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old files: %v", err)
	}
	if found == 0 {
		t.Error("the old index found nothing")
	}
}

// Whoever searches first after a rebuild, or a while after a start, waits for
// nothing that is made once for all who search.
func TestNobodyIsFirst(t *testing.T) {
	t.Parallel()
	dir, feed := filepath.Join(t.TempDir(), "index"), &memory{}
	feed.fill(sample())
	ix := openDir(t, dir, feed)
	catchUp(t, ix)
	ask(t, ix, Request{Query: Parse("affil:kth")})
	must(t, ix.Rebuild(t.Context(), nil))
	if !ready(t, ix, "affil") {
		t.Error("a rebuilt index leaves something to the first who searches")
	}
	must(t, ix.Close())
	ix = openDir(t, dir, feed)
	for began := time.Now(); !ready(t, ix); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatal("an opened index leaves something to the first who searches")
		}
	}
}

// ready tells whether all is there that the first search would make, and the names
// in the columns that were asked for.
func ready(t *testing.T, ix *Index, asked ...string) bool {
	v, err := ix.acquire()
	must(t, err)
	defer v.release()
	for _, field := range append(asked, "speaker", "series", "edition", "topic") {
		if !v.facets.column(field).asked.Load() {
			return false
		}
	}
	return len(v.lists.slots()) > 0
}

// A folder that somebody else removed, or a file that cannot be cut, is no failure of
// the rebuild behind it.
func TestRemoveGentlyTakesWhatIsThere(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "gen-1")
	must(t, removeGently(folder, nil))
	must(t, os.MkdirAll(filepath.Join(folder, "store"), 0o755))
	must(t, os.WriteFile(filepath.Join(folder, "store", "large"), make([]byte, 3<<20), 0o400))
	must(t, os.Symlink(filepath.Join(folder, "nowhere"), filepath.Join(folder, "link")))
	must(t, removeGently(folder, nil))
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("left: %v", err)
	}
}
