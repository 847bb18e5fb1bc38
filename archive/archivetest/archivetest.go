// Package archivetest gives tests a real archive: sample programmes of our
// own writing, and a store that has taken them, in a folder that goes when the
// test does. There are no fakes here: what a test does with it, the program can do.
package archivetest

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/archive"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// Time is when everything here was fetched; Time plus days is later.
func Time(days int) time.Time {
	return time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC).AddDate(0, 0, days)
}

// Empty returns a new, empty store, which is closed when the test ends.
func Empty(tb testing.TB) *store.DB {
	tb.Helper()
	db, err := store.Open(tb.Context(), tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}

// Snapshot keeps content as what address gave.
func Snapshot(tb testing.TB, db *store.DB, address, content string) archive.Snapshot {
	tb.Helper()
	blob, n, err := db.PutBlob(tb.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		tb.Fatal(err)
	}
	snap, _, err := db.TakeSnapshot(tb.Context(), store.Fetched{Address: address, Blob: blob, Bytes: n, Media: "text/html; charset=utf-8", At: Time(0)})
	if err != nil {
		tb.Fatal(err)
	}
	return snap
}

// Take takes a programme as what address gave, its title being the bytes.
func Take(tb testing.TB, db *store.DB, address string, p archive.Programme) store.Taken {
	tb.Helper()
	snap := Snapshot(tb, db, address, p.Edition.Title)
	taken, err := db.TakeProgramme(tb.Context(), store.Intake{Snapshot: snap.ID, Reader: 1, Programme: p, At: Time(0)})
	if err != nil {
		tb.Fatal(err)
	}
	return taken
}

// Sample returns a store that has taken Programmes, with the deck of
// "Let it crash" kept and read, another one missing, and a Finding for that.
func Sample(tb testing.TB) *store.DB {
	tb.Helper()
	db := Empty(tb)
	for _, p := range Programmes() {
		Take(tb, db, p.Edition.URL, p)
	}
	blob, n, err := db.PutBlob(tb.Context(), strings.NewReader("%PDF-1.7 not really"), 1<<20)
	if err != nil {
		tb.Fatal(err)
	}
	files := []store.DeckFile{
		{Address: CrashDeck, State: archive.DeckKept, Reason: "not read yet", Blob: blob, Bytes: n, Media: "application/pdf", Name: "crash.pdf", At: Time(0)},
		{Address: MissingDeck, State: archive.DeckMissing, Reason: "the server answered 404", At: Time(0)},
	}
	for _, f := range files {
		if err := db.TakeDeckFile(tb.Context(), f); err != nil {
			tb.Fatal(err)
		}
	}
	if err := db.TakeDeck(tb.Context(), Deck(blob)); err != nil {
		tb.Fatal(err)
	}
	missing := archive.Finding{Code: archive.FindingDeckMissing, Text: "The server answered 404.", URL: MissingDeck}
	err = db.AddFindings(tb.Context(), "chaos-day/2017", []store.FoundFinding{{Finding: missing, Talk: "chaos-day/2017/breaking-things-on-purpose"}})
	if err != nil {
		tb.Fatal(err)
	}
	return db
}

// Index returns an index in a folder of its own that has caught up with db,
// and is closed when the test ends.
func Index(tb testing.TB, db *store.DB) *search.Index {
	tb.Helper()
	ix, err := search.Open(tb.Context(), filepath.Join(tb.TempDir(), "index"), db)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := ix.Close(); err != nil {
			tb.Error(err)
		}
	})
	if _, err := ix.CatchUp(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return ix
}
