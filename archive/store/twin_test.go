package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// twin is the same gathering as chaosDay, as another site tells of it.
func twin() archive.Programme {
	p := chaosDay()
	p.Edition.Title, p.Edition.Venue = "Faultfest 2017", "The Old Brewery"
	p.Items[0].Title = "Let it crash!"
	p.Items[0].Abstract = "Supervisors make a system that stays up."
	p.Items = append(p.Items[:3:3], archive.Item{
		Kind: archive.KindLightning, Title: "Only on the other page", Speakers: []archive.Credit{{Name: "Cy Dahl"}}, Date: "2017-12-06", Start: "16:00",
	})
	return p
}

const (
	fest     = "https://fest.example/2017"
	festOnly = archive.TalkID("faultfest/2017/only-on-the-other-page")
)

func moves(t *testing.T, what string, err error, to string) {
	t.Helper()
	if moved := (*archive.MovedError)(nil); !errors.As(err, &moved) || moved.To != to {
		t.Errorf("%s: %v, not moved to %s", what, err, to)
	}
}

func titles(t *testing.T, db *store.DB, id archive.EditionID) []string {
	t.Helper()
	talks, err := db.EditionTalks(t.Context(), id)
	must(t, err)
	var list []string
	for _, k := range talks {
		list = append(list, string(k.ID)+": "+k.Title)
	}
	return list
}

func TestMergeEditions(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	take(t, db, fest, "one", twin())
	room := store.Correction{Thing: store.ThingTalk, ID: "faultfest/2017/let-it-crash", Field: "room", Value: json.RawMessage(`"Vat 7"`)}
	corrected, err := db.Correct(ctx, room, me)
	must(t, err)
	apart := fingerprint(t, db)
	merge, err := db.MergeEditions(ctx, "faultfest/2017", "chaos-day/2017", me)
	must(t, err)

	want := []string{
		"chaos-day/2017/let-it-crash: Let it crash", "chaos-day/2017/coffee: Coffee",
		"chaos-day/2017/breaking-things-on-purpose: Breaking things on purpose", "chaos-day/2017/coffee-2: Coffee",
		"chaos-day/2017/only-on-the-other-page: Only on the other page",
	}
	if diff := cmp.Diff(want, titles(t, db, "chaos-day/2017")); diff != "" {
		t.Errorf("merged: -want +got\n%s", diff)
	}
	// What each said is there, what was corrected of either stands.
	k := talk(t, db, crash)
	if k.Room != "Vat 7" || k.Abstract == "" || len(k.Slides) != 1 {
		t.Errorf("the talk both have: %+v", k)
	}
	e, err := db.EditionByID(ctx, "chaos-day/2017")
	if err != nil || e.Title != "Chaos Day 2017" || e.Venue != "The Old Brewery" || e.Talks != 3 {
		t.Errorf("the edition: %+v %v", e, err)
	}
	// Every address leads there.
	_, err = db.EditionByID(ctx, "faultfest/2017")
	moves(t, "edition", err, "chaos-day/2017")
	_, err = db.SeriesByID(ctx, "faultfest")
	moves(t, "series", err, "chaos-day")
	_, err = db.TalkByID(ctx, "faultfest/2017/let-it-crash")
	moves(t, "talk", err, string(crash))
	_, err = db.TalkByID(ctx, festOnly)
	moves(t, "the other's own talk", err, "chaos-day/2017/only-on-the-other-page")
	_, err = db.MergeEditions(ctx, "chaos-day/2017", "faultfest/2017", me)
	moves(t, "merged back", err, "chaos-day/2017")

	// Reading either again keeps them one.
	p := chaosDay()
	p.Items[1].Title = "Coffee and cake"
	if taken := take(t, db, page, "two", p); taken.Edition != "chaos-day/2017" || len(taken.Added) != 0 {
		t.Errorf("the first again: %+v", taken)
	}
	p = twin()
	p.Items[0].Abstract = "Something else."
	p.Items = append(p.Items, archive.Item{Kind: archive.KindTalk, Title: "A talk that came late", Date: "2017-12-06", Start: "17:00"})
	taken := take(t, db, fest, "two", p)
	if diff := cmp.Diff([]archive.TalkID{"chaos-day/2017/a-talk-that-came-late"}, taken.Added); diff != "" || taken.Edition != "chaos-day/2017" || taken.New {
		t.Errorf("the second again: %+v", taken)
	}
	list, err := db.Corrections(ctx)
	if err != nil || len(list) != 1 || list[0].ID != string(crash) || list[0].Act != corrected {
		t.Errorf("corrections: %+v %v", list, err)
	}

	must(t, db.Undo(ctx, merge, me))
	want = []string{
		"faultfest/2017/let-it-crash: Let it crash!", "faultfest/2017/coffee: Coffee",
		"faultfest/2017/breaking-things-on-purpose: Breaking things on purpose", string(festOnly) + ": Only on the other page",
		"faultfest/2017/a-talk-that-came-late: A talk that came late",
	}
	if diff := cmp.Diff(want, titles(t, db, "faultfest/2017")); diff != "" {
		t.Errorf("undone: -want +got\n%s", diff)
	}
	if k := talk(t, db, crash); k.Room != "" || k.Title != "Let it crash" || k.Abstract != "" {
		t.Errorf("the talk again its own: %+v", k)
	}
	_, err = db.TalkByID(ctx, "chaos-day/2017/only-on-the-other-page")
	moves(t, "the address meanwhile", err, string(festOnly))
	must(t, db.Check(ctx))
	if len(apart["talk"]) != 8 {
		t.Errorf("%d talks before", len(apart["talk"]))
	}
}

func TestMergeEditionsThatDoNotHold(t *testing.T) {
	db := archivetest.Sample(t)
	before := fingerprint(t, db)
	_, err := db.MergeEditions(t.Context(), "chaos-day/2017", "chaos-day/2017", me)
	if invalid := (*archive.InvalidError)(nil); !errors.As(err, &invalid) {
		t.Errorf("into itself: %v", err)
	}
	if _, err := db.MergeEditions(t.Context(), "chaos-day/2017", "chaos-day/1999", me); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("into none: %v", err)
	}
	if _, err := db.MergeEditions(t.Context(), "chaos-day/2017", "chaos-day/2016", store.Who{}); err == nil {
		t.Error("by nobody")
	}
	if diff := cmp.Diff(before, fingerprint(t, db)); diff != "" {
		t.Errorf("what was refused left a trace: -before +after\n%s", diff)
	}
}

func TestMergeSeries(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	merge, err := db.MergeSeries(ctx, "queues-streams", "chaos-day", me)
	must(t, err)
	s, err := db.SeriesByID(ctx, "chaos-day")
	if err != nil || s.Editions != 3 || len(s.FormerNames) != 1 || s.FormerNames[0] != "Queues & Streams" {
		t.Errorf("the series: %+v %v", s, err)
	}
	_, err = db.SeriesByID(ctx, "queues-streams")
	moves(t, "series", err, "chaos-day")
	_, err = db.TalkByID(ctx, "queues-streams/2018/let-it-crash")
	moves(t, "talk", err, "chaos-day/2018/let-it-crash")
	// A new edition under the former name is one of it, and goes back with it.
	p := archivetest.Programmes()[2]
	p.Edition.Title, p.Edition.StartDate, p.Edition.EndDate, p.Edition.URL = "Queues & Streams 2019", "2019-05-14", "2019-05-15", ""
	p.Items = []archive.Item{{Kind: archive.KindTalk, Title: "Nobody drained this one either", Date: "2019-05-14"}}
	if taken := take(t, db, "https://queues.example/2019/", "x", p); taken.Edition != "chaos-day/2019" {
		t.Errorf("a new edition: %+v", taken)
	}
	must(t, db.Undo(ctx, merge, me))
	for _, id := range []archive.EditionID{"queues-streams/2018", "queues-streams/2019"} {
		if _, err := db.EditionByID(ctx, id); err != nil {
			t.Errorf("undone: %v", err)
		}
	}
	s, err = db.SeriesByID(ctx, "chaos-day")
	if err != nil || s.Editions != 2 || len(s.FormerNames) != 0 {
		t.Errorf("the series undone: %+v %v", s, err)
	}
	must(t, db.Check(ctx))
}
