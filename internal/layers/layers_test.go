package layers

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheHouseKeepsItsRules(t *testing.T) {
	broken, err := Check(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range broken {
		t.Error(b)
	}
}

func TestRulesAreNoticed(t *testing.T) {
	for _, c := range []struct{ dir, imported, want string }{
		{"web", "rostrum/ingest", "imports ingest: web/... may import only archive, archive/store, archive/search, web/..., internal/..."},
		{"archive/store", "rostrum/archive/search", "imports archive/search: archive/store/... may import only archive, internal/..."},
		{"archive", "os", "imports os, which archive must not know"},
		{"archive", "golang.org/x/text/unicode/norm", "imports golang.org/x/text/unicode/norm, which archive must not know"},
		{"ingest/programme", "net/http", "imports net/http, which ingest/programme/... must not know"},
		{"ingest", "github.com/labstack/echo/v4", "imports github.com/labstack/echo/v4, whose one room is web"},
		{"tools", "fmt", "stands in a folder that no rule knows: add one to internal/layers"},
		{"internal/fold", "rostrum/archive", "imports archive: internal/... may import only internal/..."},
		{"cmd/rostrum", "rostrum/web", ""},
		{"web", "github.com/labstack/echo/v4", ""},
		{"ingest/slides", "os/exec", ""},
		{"archive/search", "rostrum/internal/aside", "imports rostrum/internal/aside, which archive/search/... must not know"},
		{"cmd/rostrum", "rostrum/internal/aside", ""},
	} {
		if diff := cmp.Diff(c.want, wrong(c.dir, c.imported)); diff != "" {
			t.Errorf("%s imports %s (-want +got):\n%s", c.dir, c.imported, diff)
		}
	}
}

func TestCheckReadsFiles(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("web/a.go", "package web\nimport _ \"rostrum/ingest/fetch\"\n")
	write("web/a_test.go", "package web\nimport _ \"rostrum/ingest\"\n")
	write("web/testdata/b.go", "package b\nimport _ \"rostrum/ingest\"\n")
	got, err := Check(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"web/a.go imports ingest/fetch: web/... may import only archive, archive/store, archive/search, web/..., internal/..."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
