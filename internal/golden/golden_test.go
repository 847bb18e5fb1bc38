package golden_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/internal/golden"
)

// spy is a testing.TB that notes failures instead of failing.
type spy struct {
	testing.TB
	said []string
}

func (s *spy) Helper() {}

func (s *spy) Errorf(format string, args ...any) {
	s.said = append(s.said, fmt.Sprintf(format, args...))
}

func TestEqual(t *testing.T) {
	if golden.Updating() {
		t.Skip("this test is about comparing, and is run with -update")
	}
	path := filepath.Join(t.TempDir(), "x.golden")

	missing := &spy{TB: t}
	golden.Equal(missing, path, []byte("a\n"))
	if len(missing.said) != 1 || !strings.Contains(missing.said[0], "-update") {
		t.Errorf("missing file: said %q, want one failure that names -update", missing.said)
	}

	if err := os.WriteFile(path, []byte("a\r\nb\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	same := &spy{TB: t}
	golden.Equal(same, path, []byte("a\nb\n"))
	if len(same.said) != 0 {
		t.Errorf("equal but for line ends: said %q, want nothing", same.said)
	}

	other := &spy{TB: t}
	golden.Equal(other, path, []byte("a\nc\n"))
	if len(other.said) != 1 || !strings.Contains(other.said[0], "c") {
		t.Errorf("different: said %q, want one failure that shows the difference", other.said)
	}
}

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "er", "x.golden")
	golden.Write(t, path, []byte("one"))
	golden.Write(t, path, []byte("two"))
	if got := string(golden.Read(t, path)); got != "two" {
		t.Errorf("read back %q, want %q", got, "two")
	}
	if got := golden.Read(t, path+".none"); got != nil {
		t.Errorf("missing file read as %q, want nil", got)
	}
}
