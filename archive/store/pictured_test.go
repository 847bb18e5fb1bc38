package store_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// What is recognized in a deck with a veil over it leaves its other slides as
// they were read: when the veil is lifted, they say what they said.
func TestRecognizedUnderAVeil(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	blob := talk(t, db, crash).Decks[0].Blob
	deck, err := db.Deck(ctx, blob)
	must(t, err)
	last := &deck.Slides[len(deck.Slides)-1]
	last.Text, last.Search, last.Words = "", "", nil
	must(t, db.TakeDeck(ctx, deck))
	pictured := []store.PicturedDeck{{Blob: blob, Language: "en"}}
	left := func() []store.PicturedDeck {
		t.Helper()
		all, err := db.Pictured(ctx)
		must(t, err)
		among, err := db.PicturedAmong(ctx, []archive.BlobID{blob})
		must(t, err)
		if diff := cmp.Diff(all, among); diff != "" {
			t.Errorf("of all and of this one: %s", diff)
		}
		return all
	}
	if diff := cmp.Diff(pictured, left(), cmpopts.IgnoreFields(store.PicturedDeck{}, "Language")); diff != "" {
		t.Errorf("a slide without text: %s", diff)
	}
	if db.TakeRecognized(ctx, archive.BlobID("no such"), nil) == nil {
		t.Error("recognized in a deck that is not there")
	}
	var acts []store.ActID
	for field, value := range map[string]string{"name": `"Jo Arm"`, "veiled": `true`} {
		act, err := db.Correct(ctx, store.Correction{Thing: store.ThingPerson, ID: shownAs(t, db, "joe-armsby"), Field: field, Value: json.RawMessage(value)}, me)
		must(t, err)
		acts = append(acts, act)
	}
	before, err := db.Revision(ctx)
	must(t, err)
	last.Text, last.Search, last.Engine = "Seen by eye", "Seen by eye", "tesseract"
	must(t, db.TakeRecognized(ctx, blob, []archive.Slide{*last}))
	if after, err := db.Revision(ctx); err != nil || after <= before {
		t.Errorf("what was recognized is not told on: %d, %d, %v", before, after, err)
	}
	must(t, errors.Join(db.Undo(ctx, acts[1], me), db.Undo(ctx, acts[0], me)))
	got, err := db.Deck(ctx, blob)
	if diff := cmp.Diff(deck, got, cmpopts.EquateEmpty(), cmpopts.EquateApprox(0, 1./60000)); diff != "" || err != nil {
		t.Errorf("unveiled (%v): -want +got\n%s", err, diff)
	}
	if list := left(); len(list) != 0 {
		t.Errorf("still to be recognized: %v", list)
	}
}
