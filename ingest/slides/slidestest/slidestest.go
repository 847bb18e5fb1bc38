// Package slidestest is what tests that read slides have in common, here and in
// whatever stands on ingest/slides. It must not know that package, whose own tests
// import it.
package slidestest

import (
	"os"
	"path/filepath"
)

// Cache is a cache folder for a slides.Config that outlives a test run, so that the
// engine, whose compiling takes half a minute under the race detector, is compiled
// once on a machine. Pools of several processes may have it at once.
func Cache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "rostrum-test", "slides")
}
