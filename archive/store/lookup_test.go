package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

func TestCreditsOf(t *testing.T) {
	db := archivetest.Sample(t)
	got, err := db.CreditsOf(t.Context(), "bo-ek", []archive.TalkID{purpose})
	if d := cmp.Diff([]store.CreditRef{{Talk: purpose, Name: "Ek, Bo"}}, got); d != "" || err != nil {
		t.Errorf("%v %s", err, d)
	}
	if _, err := db.CreditsOf(t.Context(), "bo-ek", []archive.TalkID{crash}); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("not on that talk: %v", err)
	}
}

func TestLastAct(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	if _, err := db.LastAct(ctx); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("nothing was done: %v", err)
	}
	first, err := db.MergePeople(ctx, "ada-lind", "asa-oberg", me)
	must(t, err)
	second, err := db.KeepApart(ctx, "bo-ek", "joe-armsby", me)
	must(t, err)
	must(t, db.Undo(ctx, second, me))
	if a, err := db.LastAct(ctx); a.ID != first || err != nil {
		t.Errorf("last that stands: %+v %v", a, err)
	}
	if a, err := db.ActByID(ctx, second); a.Verb != store.VerbApart || a.Undone.IsZero() || err != nil {
		t.Errorf("by number: %+v %v", a, err)
	}
}

// TestCorrectionsAreComparedAsTheyRead is about values that can be written in
// two ways: what a source comes to say too is no disagreement.
func TestCorrectionsAreComparedAsTheyRead(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	_, err := db.Correct(ctx, store.Correction{Thing: store.ThingTalk, ID: string(crash), Field: "title", Value: []byte(`"Crash & burn"`)}, me)
	must(t, err)
	p := chaosDay()
	p.Items[0].Title = "Crash & burn"
	take(t, db, page, "two", p)
	list, err := db.Corrections(ctx)
	must(t, err)
	if len(list) != 1 || list[0].Disagrees() {
		t.Errorf("%+v", list)
	}
}

func TestMostFindings(t *testing.T) {
	db := archivetest.Sample(t)
	got, total, err := db.MostFindings(t.Context(), 5)
	want := []store.EditionFindings{{ID: "chaos-day/2017", Title: "Chaos Day 2017", Findings: 2, Talks: 2}}
	if d := cmp.Diff(want, got); d != "" || total != 1 || err != nil {
		t.Errorf("%d %v %s", total, err, d)
	}
}
