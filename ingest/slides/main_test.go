package slides

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMain(m *testing.M) {
	fakeWorkerMain()
	WorkerMain()
	os.Exit(m.Run())
}

// sharedCache is a cache folder that outlives a test run, so that the engine, which
// takes seconds to compile, is compiled once on a machine.
func sharedCache(t testing.TB) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "rostrum-test", "slides")
}

func newPool(t testing.TB, change func(*Config)) *Pool {
	t.Helper()
	cfg := Config{CacheDir: sharedCache(t)}
	if change != nil {
		change(&cfg)
	}
	pool, err := NewPool(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pool.Close(); err != nil {
			t.Error(err)
		}
	})
	return pool
}
