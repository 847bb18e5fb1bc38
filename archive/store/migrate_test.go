package store_test

import (
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// schema.sql is the present shape on one page; a migration shows itself as a diff of it.
func TestSchema(t *testing.T) {
	db := archivetest.Empty(t)
	raw := rawDB(t, db.Dir())
	all := column(t, raw, `SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name`)
	got := "-- The present shape of archive.db, written by `go test ./archive/store -run TestSchema -update`. Never executed.\n\n" +
		strings.Join(all, "\n\n") + "\n"
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("-schema.sql +made by migrations\n%s", diff)
	}
}

// Each shape that was ever shipped lies in testdata and must open, whole and
// with what it held.
func TestOldDatabases(t *testing.T) {
	if *update {
		keepDatabase(t)
	}
	files, err := filepath.Glob("testdata/shape-*.db")
	if err != nil || len(files) == 0 {
		t.Fatalf("no old databases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			dir := t.TempDir()
			copyFile(t, file, filepath.Join(dir, "archive.db"))
			db, err := store.Open(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			})
			counts, err := db.Counts(t.Context())
			want := archive.Counts{Series: 2, Editions: 3, Talks: 7, People: 5, Topics: 5, Decks: 1, Slides: 3}
			if diff := cmp.Diff(want, counts); diff != "" || err != nil {
				t.Errorf("counts (%v): -want +got\n%s", err, diff)
			}
			if k := talk(t, db, crash); k.Title != "Let it crash" || k.Decks[0].Slides != 3 {
				t.Errorf("talk: %+v", k)
			}
			// It still takes programmes, as those it knows.
			taken := take(t, db, "https://chaos.example/2017/", "anew", archivetest.Programmes()[1])
			if len(taken.Added)+len(taken.Changed)+len(taken.Gone) != 0 {
				t.Errorf("taken again: %+v", taken)
			}
		})
	}
}

// keepDatabase writes the sample as a database of the present shape.
func keepDatabase(t *testing.T) {
	db := archivetest.Sample(t)
	raw := rawDB(t, db.Dir())
	version := column(t, raw, `PRAGMA user_version`)[0]
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("testdata", "shape-"+version+".db")
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if _, err := raw.ExecContext(t.Context(), `VACUUM INTO ?`, name); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestRefusesWhatIsNotItsOwn(t *testing.T) {
	for name, script := range map[string]string{
		"of a newer program":    `PRAGMA user_version = 999; PRAGMA application_id = 1383298157`,
		"of another program":    `CREATE TABLE recipes (name TEXT)`,
		"another, of version 1": `CREATE TABLE recipes (name TEXT); PRAGMA user_version = 1`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			raw := rawDB(t, dir)
			if _, err := raw.ExecContext(t.Context(), script); err != nil {
				t.Fatal(err)
			}
			db, err := store.Open(t.Context(), dir)
			if invalid := (*archive.InvalidError)(nil); !errors.As(err, &invalid) {
				t.Errorf("opened: %v", err)
			}
			if err == nil {
				t.Error(db.Close())
			}
		})
	}
	t.Run("no database", func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "archive.db"), []byte(strings.Repeat("this is a letter to my aunt ", 99)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Open(t.Context(), dir); err == nil {
			t.Error("opened a letter")
		}
	})
}
