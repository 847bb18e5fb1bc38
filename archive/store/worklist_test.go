package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// doubtful is a programme with a name misread in three talks, a title of
// which the reader was not sure, and an end that is missing.
func doubtful() archive.Programme {
	p := archive.Programme{Edition: archive.EditionInfo{Title: "Kiln Days 2020", StartDate: "2020-05-01"}}
	for i := range 3 {
		p.Items = append(p.Items, archive.Item{
			Kind: archive.KindTalk, Title: fmt.Sprint("Firing ", i), Start: "10:00", End: "11:00", Speakers: []archive.Credit{{Name: "Berg Clay Institute"}},
			Places: archive.Places{"speakers": {Quote: "Berg Clay Institute", Sure: 0.3}, "title": {Quote: fmt.Sprint("Firing ", i), Sure: 0.9}},
		})
	}
	p.Items = append(p.Items, archive.Item{
		Kind: archive.KindTalk, Title: "Ash and", Speakers: []archive.Credit{{Name: "Per Ugn"}}, Places: archive.Places{"title": {Quote: "Ash and", Sure: 0.4}},
	})
	p.Findings = []archive.Finding{{Code: archive.FindingTimeMissing, Text: "No end is given.", Item: new(3), Field: "end"}}
	return p
}

func tasks(t *testing.T, db *store.DB, edition archive.EditionID) []string {
	t.Helper()
	list, err := db.Worklist(t.Context(), edition)
	must(t, err)
	var lines []string
	for _, k := range list {
		lines = append(lines, fmt.Sprintf("%d %s %s %s by %s: %d, also %d", k.Score(), k.TalkTitle, k.Code, k.Field, k.By, k.Reach, k.Also))
	}
	return lines
}

func TestWorklist(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	archivetest.Take(t, db, "https://kiln.example/", doubtful())
	want := []string{
		"18 Firing 0 doubtful speakers by person: 3, also 2",
		"5 Ash and doubtful title by talk: 1, also 0",
		"1 Ash and time-missing end by talk: 1, also 0",
	}
	for _, edition := range []archive.EditionID{"", "kiln-days/2020"} {
		if diff := cmp.Diff(want, tasks(t, db, edition)); diff != "" {
			t.Errorf("%q: %s", edition, diff)
		}
	}
	// What is corrected is mended; what is dismissed comes back by undo.
	_, err := db.Correct(ctx, store.Correction{Thing: store.ThingTalk, ID: "kiln-days/2020/ash-and", Field: "title", Value: json.RawMessage(`"Ash and clay"`)}, me)
	must(t, err)
	act, err := db.Dismiss(ctx, "kiln-days/2020", store.Dismissal{Talk: "kiln-days/2020/ash-and", Code: archive.FindingTimeMissing, Field: "end", Text: "No end is given."}, me)
	must(t, err)
	if diff := cmp.Diff(want[:1], tasks(t, db, "")); diff != "" {
		t.Error(diff)
	}
	open, err := db.OpenTasks(ctx, "kiln-days/2020")
	if err != nil || len(open) != 3 || open[2].Talk != "kiln-days/2020/firing-2" {
		t.Errorf("each by itself (%v): %+v", err, open)
	}
	must(t, db.Undo(ctx, act, me))
	if got := tasks(t, db, ""); len(got) != 2 {
		t.Errorf("after undo: %q", got)
	}
	if got := tasks(t, db, "no/such"); got != nil {
		t.Errorf("of no edition: %q", got)
	}
	_, err = db.TakeDown(ctx, store.ThingEdition, "kiln-days/2020", me)
	must(t, err)
	if got := tasks(t, db, ""); got != nil {
		t.Errorf("of what was taken down: %q", got)
	}
	if _, err := db.Dismiss(ctx, "no/such", store.Dismissal{Code: "x"}, me); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("dismissed of nothing: %v", err)
	}
	if _, err := db.Dismiss(ctx, "kiln-days/2020", store.Dismissal{}, me); !invalid(err) {
		t.Errorf("dismissed nothing: %v", err)
	}
}
