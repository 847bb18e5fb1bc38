package slides

import (
	"os"
	"testing"

	"rostrum/ingest/slides/slidestest"
)

func TestMain(m *testing.M) {
	fakeWorkerMain()
	WorkerMain()
	os.Exit(m.Run())
}

func newPool(t testing.TB, change func(*Config)) *Pool {
	t.Helper()
	cfg := Config{CacheDir: slidestest.Cache()}
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
