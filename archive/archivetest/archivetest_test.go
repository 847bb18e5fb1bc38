package archivetest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/search"
)

// The sample is whole, holds what it says, and is found by the words of its slides.
func TestSample(t *testing.T) {
	db := archivetest.Sample(t)
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
	counts, err := db.Counts(t.Context())
	want := archive.Counts{Series: 2, Editions: 3, Talks: 7, People: 5, Topics: 5, Decks: 1, Slides: 3}
	if diff := cmp.Diff(want, counts); diff != "" || err != nil {
		t.Errorf("counts (%v): -want +got\n%s", err, diff)
	}
	res, err := archivetest.Index(t, db).Search(t.Context(), search.Request{Query: search.Parse("supervisor restarts"), Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Hits) != 1 || res.Hits[0].Talk != "chaos-day/2017/let-it-crash" {
		t.Errorf("hits: %+v", res.Hits)
	}
}
