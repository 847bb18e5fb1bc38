package store_test

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// A correction, and its being undone, move the time of its talk and of the
// edition, and of no other talk.
func TestLastChanges(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	edition := crash.Edition()
	changes := func() store.LastChanges {
		t.Helper()
		last, err := db.LastChanges(ctx, edition)
		must(t, err)
		return last
	}
	before := changes()
	read := before.Talks[crash]
	if read.IsZero() || before.Edition.Before(read) || len(before.Talks) < 2 {
		t.Fatalf("%+v", before)
	}
	want := func(at time.Time) store.LastChanges {
		all := store.LastChanges{Edition: at, Talks: map[archive.TalkID]time.Time{}}
		maps.Copy(all.Talks, before.Talks)
		all.Talks[crash] = at
		return all
	}
	corrected, undone := read.Add(24*time.Hour), read.Add(48*time.Hour)
	act, err := db.Correct(ctx, store.Correction{Thing: store.ThingTalk, ID: string(crash), Field: "title", Value: json.RawMessage(`"Let it crash, always"`)},
		store.Who{By: "anna", At: corrected})
	must(t, err)
	if diff := cmp.Diff(want(corrected), changes()); diff != "" {
		t.Errorf("corrected: %s", diff)
	}
	must(t, db.Undo(ctx, act, store.Who{By: "anna", At: undone}))
	if diff := cmp.Diff(want(undone), changes()); diff != "" {
		t.Errorf("undone: %s", diff)
	}
	last, err := db.LastChanges(ctx, "no-such/edition")
	if diff := cmp.Diff(store.LastChanges{Talks: map[archive.TalkID]time.Time{}}, last); diff != "" || err != nil {
		t.Errorf("of no edition: %v %s", err, diff)
	}
}
