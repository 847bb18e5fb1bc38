package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// TestNames: each kind of thing is listed by its ID, from a folder opened only
// to read; what is taken down, merged or a break is not.
func TestNames(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	archivetest.Take(t, db, "https://ferry.example/2030", archive.Programme{
		Edition: archive.EditionInfo{Title: "Ferry Forum 2030", StartDate: "2030-03-01"},
		Items: []archive.Item{
			{Kind: archive.KindBreak, Title: "Coffee"},
			{Kind: archive.KindTalk, Title: "Moorings", Topics: []string{"Ice"}, Speakers: []archive.Credit{{Name: "Tove Holt"}}},
			{Kind: archive.KindTalk, Title: "Tar", Speakers: []archive.Credit{{Name: "Bo Ek"}, {Name: "Ulf Berg"}}},
			{Kind: archive.KindTalk, Title: "Hidden", Topics: []string{"Fog"}, Speakers: []archive.Credit{{Name: "Nobody Known"}}},
		},
	})
	who := store.Who{By: "anna", At: archivetest.Time(1)}
	if _, err := db.TakeDown(ctx, store.ThingTalk, "ferry-forum/2030/hidden", who); err != nil {
		t.Fatal(err)
	}
	if _, err := db.MergePeople(ctx, "ulf-berg", "bo-ek", who); err != nil {
		t.Fatal(err)
	}
	read, err := store.OpenReading(ctx, db.Dir())
	if err != nil {
		t.Fatal(err)
	}
	got := map[store.NameKind][]store.Named{}
	for _, kind := range []store.NameKind{store.NameTalk, store.NameEdition, store.NameSeries, store.NamePerson, store.NameTopic, "other"} {
		if got[kind], err = read.Names(ctx, kind, "", 10); err != nil {
			t.Fatal(err)
		}
	}
	want := map[store.NameKind][]store.Named{
		store.NameTalk:    {{ID: "ferry-forum/2030/moorings", Name: "Moorings"}, {ID: "ferry-forum/2030/tar", Name: "Tar"}},
		store.NameEdition: {{ID: "ferry-forum/2030", Name: "Ferry Forum 2030"}},
		store.NameSeries:  {{ID: "ferry-forum", Name: "Ferry Forum"}},
		store.NamePerson:  {{ID: "bo-ek", Name: "Bo Ek"}, {ID: "tove-holt", Name: "Tove Holt"}},
		store.NameTopic:   {{ID: "ice", Name: "Ice"}},
		"other":           nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	some, err := read.Names(ctx, store.NameTalk, "ferry-forum/2030/t", 10)
	if diff := cmp.Diff(want[store.NameTalk][1:], some); diff != "" || err != nil {
		t.Error(diff, err)
	}
	one, err := read.Names(ctx, store.NamePerson, "", 1)
	if diff := cmp.Diff(want[store.NamePerson][:1], one); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if err := read.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpenReading: nothing is made where nothing is, and a file of another
// program's is refused.
func TestOpenReading(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if _, err := store.OpenReading(t.Context(), dir); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("of an empty folder: %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
	if err := os.Mkdir(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "archive.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.OpenReading(t.Context(), dir)
	if _, ok := errors.AsType[*archive.InvalidError](err); !ok {
		t.Errorf("of a file without a shape: %v", err)
	}
}
