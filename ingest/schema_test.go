package ingest_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"rostrum/archive"
	"rostrum/ingest"
	"rostrum/ingest/programme"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(archive.ProgrammeSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("programme.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("programme.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestWhatReadPrintsAddTakes reads every page that is here, the project's own
// and, where they are, the real ones: what comes out must hold against the
// schema, and be taken back as the same Programme.
func TestWhatReadPrintsAddTakes(t *testing.T) {
	s := schema(t)
	d := newDesk(t)
	pages := 0
	dirs := []string{"programme/testdata"}
	if !testing.Short() {
		dirs = append(dirs, "../../shared/data/pages")
	}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err != nil || e.IsDir() || (filepath.Ext(path) != ".html" && filepath.Base(path) != "page.txt") {
				return err
			}
			pages++
			for got, err := range d.in.Read(t.Context(), ingest.ReadRequest{Source: path, BaseURL: "https://example.org/2031/"}, nil) {
				if err != nil {
					t.Errorf("%s: %v", path, err)
					continue
				}
				holds(t, s, path, *got.Programme)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if pages < 10 {
		t.Errorf("only %d pages were found", pages)
	}
}

func holds(t *testing.T, s *jsonschema.Schema, path string, p archive.Programme) {
	t.Helper()
	text := encode(t, p)
	inst, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(inst); err != nil {
		t.Errorf("%s: %v", path, err)
	}
	again, err := archive.DecodeProgramme([]byte(text), 1)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return
	}
	if diff := cmp.Diff(p, again, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s came back otherwise:\n%.2000s", path, diff)
	}
}

// FuzzReadingHolds: whatever bytes a page has, what is read of it can be
// stored, printed and taken back.
func FuzzReadingHolds(f *testing.F) {
	f.Add([]byte(page))
	f.Add([]byte("Lantern Days 2031\n\n09:15 Ada Qvist: Trimming wicks\n10:00 Coffee\n25:99 Bo Ek, Glass\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := programme.Read(programme.Page{Bytes: in, URL: "https://lantern.example/2031/"})
		if err != nil {
			return
		}
		p = archive.FitProgramme(p)
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := archive.DecodeProgramme(text, 1); err != nil {
			t.Errorf("%v\n%.2000s", err, text)
		}
	})
}
