package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

func suggest(t *testing.T, db *store.DB, s store.Suggestion) store.SuggestionID {
	t.Helper()
	id, err := db.Suggest(t.Context(), s)
	must(t, err)
	return id
}

func suggested(t *testing.T, db *store.DB, id store.SuggestionID) store.Suggestion {
	t.Helper()
	s, err := db.SuggestionByID(t.Context(), id)
	must(t, err)
	return s
}

func invalid(err error) bool {
	_, ok := errors.AsType[*archive.InvalidError](err)
	return ok
}

func titleOf(value string) []store.SuggestedField {
	return []store.SuggestedField{{Field: "title", New: json.RawMessage(value)}}
}

func TestSuggestionIsAcceptedAndOpenedAgain(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	before := fingerprint(t, db)
	id := suggest(t, db, store.Suggestion{
		Thing: store.ThingTalk, Name: string(crash), Comment: " a typing error ", Sender: "s1", At: archivetest.Time(1),
		Fields: []store.SuggestedField{
			{Field: "title", New: json.RawMessage(`"Let it crash early"`)}, {Field: "room", New: json.RawMessage(`"Vat 2"`)},
		},
	})
	waiting := suggested(t, db, id)
	want := store.Suggestion{
		ID: id, Thing: store.ThingTalk, Name: string(crash), Comment: "a typing error", Sender: "s1", At: archivetest.Time(1), State: store.SuggestionWaiting,
		Fields: []store.SuggestedField{
			{Field: "title", Old: json.RawMessage(`"Let it crash"`), New: json.RawMessage(`"Let it crash early"`), Now: json.RawMessage(`"Let it crash"`)},
			{Field: "room", Old: json.RawMessage(`"Vat 1"`), New: json.RawMessage(`"Vat 2"`), Now: json.RawMessage(`"Vat 1"`)},
		},
		Acts: []store.ActID{},
	}
	if diff := cmp.Diff(want, waiting, cmpopts.IgnoreUnexported(store.Suggestion{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	after := fingerprint(t, db)
	delete(before, "suggestion")
	delete(after, "suggestion")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("a suggestion changed the archive: %s", diff)
	}
	acts, err := db.AcceptSuggestion(ctx, id, false, me)
	must(t, err)
	if k := talk(t, db, crash); k.Title != "Let it crash early" || k.Room != "Vat 2" || len(acts) != 2 {
		t.Errorf("accepted: %q, %q, acts %v", k.Title, k.Room, acts)
	}
	act, err := db.ActByID(ctx, acts[0])
	must(t, err)
	var c store.Correction
	must(t, json.Unmarshal(act.Detail, &c))
	if c.Via != store.ViaSuggestion || c.Suggestion != id {
		t.Errorf("the correction does not tell where it came from: %s", act.Detail)
	}
	if _, err := db.AcceptSuggestion(ctx, id, false, me); !invalid(err) {
		t.Errorf("accepted twice: %v", err)
	}
	must(t, db.ReopenSuggestion(ctx, id, me))
	if k := talk(t, db, crash); k.Title != "Let it crash" || k.Room != "Vat 1" {
		t.Errorf("opened again: %q, %q", k.Title, k.Room)
	}
	if diff := cmp.Diff(want, suggested(t, db, id), cmpopts.IgnoreUnexported(store.Suggestion{})); diff != "" {
		t.Errorf("opened again: %s", diff)
	}
	must(t, db.RejectSuggestion(ctx, id, me))
	if err := db.RejectSuggestion(ctx, id, me); !invalid(err) {
		t.Errorf("rejected twice: %v", err)
	}
}

// Undoing the last of what accepting a suggestion changed, from the history,
// puts it back into the queue as it came; a part that stands leaves it accepted.
func TestSuggestionWhoseChangesAreUndoneWaitsAgain(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	id := suggest(t, db, store.Suggestion{
		Thing: store.ThingTalk, Name: string(crash), Sender: "s1", At: archivetest.Time(1),
		Fields: []store.SuggestedField{{Field: "title", New: json.RawMessage(`"Let it crash early"`)}, {Field: "room", New: json.RawMessage(`"Vat 2"`)}},
	})
	before := suggested(t, db, id)
	acts, err := db.AcceptSuggestion(ctx, id, false, me)
	must(t, err)
	must(t, db.Undo(ctx, acts[0], me))
	if s := suggested(t, db, id); s.State != store.SuggestionAccepted || s.DecidedBy != me.By {
		t.Errorf("one of two changes undone: %+v", s)
	}
	must(t, db.Undo(ctx, acts[1], me))
	if diff := cmp.Diff(before, suggested(t, db, id), cmpopts.IgnoreUnexported(store.Suggestion{})); diff != "" {
		t.Errorf("both undone: %s", diff)
	}
	if _, err := db.AcceptSuggestion(ctx, id, false, me); err != nil {
		t.Errorf("it cannot be accepted again: %v", err)
	}
	if k := talk(t, db, crash); k.Title != "Let it crash early" || k.Room != "Vat 2" {
		t.Errorf("accepted again: %q, %q", k.Title, k.Room)
	}
}

func TestStaleSuggestion(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	first := suggest(t, db, store.Suggestion{Thing: store.ThingTalk, Name: string(crash), Fields: titleOf(`"Let it crash early"`)})
	same := suggest(t, db, store.Suggestion{Thing: store.ThingTalk, Name: string(crash), Fields: titleOf(`"Let it crash, always"`)})
	_, err := db.Correct(ctx, store.Correction{Thing: store.ThingTalk, ID: string(crash), Field: "title", Value: json.RawMessage(`"Let it crash, always"`)}, me)
	must(t, err)
	if s := suggested(t, db, first); !s.Stale() {
		t.Errorf("not stale: %+v", s)
	}
	if s := suggested(t, db, same); s.Stale() || !s.Fields[0].Settled() {
		t.Errorf("what was done meanwhile is called stale: %+v", s)
	}
	if _, err := db.AcceptSuggestion(ctx, first, false, me); !invalid(err) {
		t.Errorf("a stale one was taken: %v", err)
	}
	acts, err := db.AcceptSuggestion(ctx, same, false, me)
	if err != nil || len(acts) != 0 {
		t.Errorf("what holds already was corrected: %v %v", acts, err)
	}
	if _, err := db.AcceptSuggestion(ctx, first, true, me); err != nil || talk(t, db, crash).Title != "Let it crash early" {
		t.Errorf("taken all the same: %v", err)
	}
	// What was taken down is not shown by its suggestion either.
	hidden := suggest(t, db, store.Suggestion{Thing: store.ThingTalk, Name: string(crash), Comment: "wrong day"})
	_, err = db.TakeDown(ctx, store.ThingTalk, string(crash), me)
	must(t, err)
	if s := suggested(t, db, hidden); s.Name != "" {
		t.Errorf("%+v", s)
	}
	if _, err := db.AcceptSuggestion(ctx, hidden, false, me); !invalid(err) {
		t.Errorf("%v", err)
	}
}

func TestSuggestionsThatDoNotHold(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	for name, s := range map[string]store.Suggestion{
		"nothing":          {Thing: store.ThingTalk, Name: string(crash)},
		"a field of none":  {Thing: store.ThingTalk, Name: string(crash), Fields: []store.SuggestedField{{Field: "snapshot", New: json.RawMessage(`1`)}}},
		"veiling somebody": {Thing: store.ThingPerson, Name: "bo-ek", Fields: []store.SuggestedField{{Field: "veiled", New: json.RawMessage(`true`)}}},
		"no value":         {Thing: store.ThingTalk, Name: string(crash), Fields: []store.SuggestedField{{Field: "start", New: json.RawMessage(`"25:00"`)}}},
		"no JSON":          {Thing: store.ThingTalk, Name: string(crash), Fields: titleOf(`"Let`)},
		"a deck":           {Thing: store.ThingDeck, Name: "https://x.example/", Comment: "?"},
		"a long comment":   {Thing: store.ThingTalk, Name: string(crash), Comment: strings.Repeat("å", 2001)},
		"far too much":     {Thing: store.ThingTalk, Name: string(crash), Fields: []store.SuggestedField{{Field: "abstract", New: json.RawMessage(`"` + strings.Repeat("a", 70_000) + `"`)}}},
	} {
		if _, err := db.Suggest(ctx, s); !invalid(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := db.Suggest(ctx, store.Suggestion{Thing: store.ThingPerson, Name: "nobody", Comment: "?"}); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	// The name of somebody who was taken down is not asked for again.
	_, err := db.TakeDown(ctx, store.ThingPerson, "joe-armsby", me)
	must(t, err)
	speakers := []store.SuggestedField{{Field: "speakers", New: json.RawMessage(`[{"name":"Joe"}]`)}}
	if _, err := db.Suggest(ctx, store.Suggestion{Thing: store.ThingTalk, Name: string(crash), Fields: speakers}); !invalid(err) {
		t.Errorf("a withheld name: %v", err)
	}
	if list, total, err := db.Suggestions(ctx, store.SuggestionQuery{}); len(list) != 0 || total != 0 || err != nil {
		t.Errorf("kept: %+v", list)
	}
}

func TestSuggestionsOfOneSender(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	for i := range 6 {
		suggest(t, db, store.Suggestion{Thing: store.ThingPerson, Name: "bo-ek", Comment: fmt.Sprint("number ", i), Sender: fmt.Sprint("s", i%2)})
	}
	list, total, err := db.Suggestions(ctx, store.SuggestionQuery{State: store.SuggestionWaiting, Limit: 2, Offset: 2})
	if err != nil || total != 6 || len(list) != 2 || list[0].Comment != "number 2" {
		t.Errorf("%v %d %+v", err, total, list)
	}
	n, err := db.RejectSender(ctx, list[0].ID, me)
	if n != 3 || err != nil {
		t.Errorf("rejected %d: %v", n, err)
	}
	if _, total, err := db.Suggestions(ctx, store.SuggestionQuery{State: store.SuggestionWaiting}); total != 3 || err != nil {
		t.Errorf("%d wait: %v", total, err)
	}
}
