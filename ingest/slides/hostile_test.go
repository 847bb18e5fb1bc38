package slides

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestHostile reads files that were made to break readers, each in a worker of its own:
// the parent lives, none takes long or much memory, and each is read or has a reason.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a worker for each file")
	}
	paths, err := filepath.Glob(filepath.Join(sharedData(t, "hostile"), "*.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	pool, used := measured(t)
	var slowest time.Duration
	var largest int64
	read, unread := 0, map[string]int{}
	for _, path := range paths {
		name := filepath.Base(path)
		began := time.Now()
		deck, err := pool.Read(t.Context(), path, "")
		took := time.Since(began)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		drawn := ""
		if len(deck.Slides) > 0 {
			if _, err := pool.Picture(t.Context(), path, "", 1, ReadingWidth); err != nil {
				drawn = err.Error()
			}
		}
		_, peak := used.take(pool)
		slowest, largest = max(slowest, took), max(largest, peak)
		switch {
		case deck.Problem != "":
			unread[deck.Problem]++
		case len(deck.Slides) > 0:
			read++
		default:
			t.Errorf("%s: neither slides nor a problem", name)
		}
		if took > 20*time.Second || peak > 400e6 {
			t.Errorf("%s: %v, %d MB", name, took, peak/1e6)
		}
		if took > time.Second || peak > 150e6 || drawn != "" {
			t.Logf("%s: %v, %d MB, %d slides, %q; drawn: %s", name, took, peak/1e6, len(deck.Slides), deck.Problem, drawn)
		}
	}
	t.Logf("%d files: %d read, the others %v; slowest %v, most memory %d MB", len(paths), read, unread, slowest, largest/1e6)
}

// TestNoWorkerIsLeft: workers that were killed are gone, and so are their descriptors.
func TestNoWorkerIsLeft(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	open := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	pool, file := fakePool(t, nil)
	before := open()
	for range 20 {
		if _, err := pool.Read(t.Context(), file("panic"), ""); err != nil {
			t.Fatal(err)
		}
	}
	if after := open(); after > before+2 {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
	children, err := os.ReadFile("/proc/self/task/" + filepath.Base(mustReadlink(t, "/proc/thread-self")) + "/children")
	if err == nil && strings.TrimSpace(string(children)) != "" {
		t.Errorf("children left: %s", children)
	}
}

func mustReadlink(t *testing.T, path string) string {
	t.Helper()
	target, err := os.Readlink(path)
	if err != nil {
		t.Fatal(err)
	}
	return target
}
