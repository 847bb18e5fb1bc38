// Package golden compares what a test got with a file kept beside it, and
// rewrites the file when the test is run with -update.
//
// It is for tests only: a change of behaviour then shows itself in review as a
// diff of files that a person can read. It knows bytes and nothing of what they
// mean; figures that may shift a little in the last place are compared by
// whoever knows them, with Updating and Write.
package golden

import (
	"bytes"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files instead of comparing with them") //nolint:gochecknoglobals // a flag has to be known before flags are parsed

// Updating says whether the test was run with -update.
func Updating() bool { return *update }

// Equal fails t when got differs from the file at path, showing the
// difference; a missing file fails too. With -update it writes got to path
// instead, making folders as needed.
func Equal(t testing.TB, path string, got []byte) {
	t.Helper()
	if Updating() {
		Write(t, path, got)
		return
	}
	want := Read(t, path)
	if want == nil {
		t.Errorf("%s is missing; run the test with -update to write it", path)
		return
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); if the change is meant, run the test with -update:\n%s", path, diff)
	}
}

// Read returns the bytes of the golden file at path with line ends as a text
// editor on any system would leave them ("\n"), or nil when there is no file.
func Read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatalf("read golden file: %v", err)
	}
	return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
}

// Write puts data into the golden file at path, unless it holds just that.
func Write(t testing.TB, path string, data []byte) {
	t.Helper()
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, data) {
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatalf("make folder of golden file: %v", err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatalf("write golden file: %v", err)
	}
}
