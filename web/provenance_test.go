package web

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
	"rostrum/archive/store"
)

// A page tells of each value where it was read, how surely, or who corrected
// it and what the source says instead.
func TestProvenance(t *testing.T) {
	db := newStore(t)
	take(t, db, "https://past.example/programme.html", archive.Programme{
		Edition: archive.EditionInfo{Title: "Moss Days 2020", Series: "Moss Days", StartDate: "2020-05-01"},
		Items: []archive.Item{{
			Kind: archive.KindTalk, Title: "Mosses", Date: "2020-05-01", Start: "09:30", Speakers: []archive.Credit{{Name: "Vera Ström"}}, Video: []string{"javascript:alert(1)", "https://video.example/1"},
			Places: archive.Places{
				"title":    {Path: "body > p", Quote: "“Mosses”, by Vera", Sure: 0.95},
				"start":    {Quote: "half past nine - or so", Line: 12, Sure: 0.4},
				"speakers": {Quote: "Vera Ström", Sure: 0.7},
			},
		}},
	})
	s := newSiteOver(t, db)
	const id = "moss-days/2020/mosses"
	_, err := db.Correct(t.Context(), store.Correction{Thing: store.ThingTalk, ID: id, Field: "title", Value: json.RawMessage(`"On mosses"`)},
		store.Who{By: "ada", Why: "so she called it", At: time.Date(2024, 5, 3, 0, 0, 0, 0, time.UTC)})
	must(t, err)
	got, err := s.provenanceOf(t.Context(), s.locales.all[0], store.ThingTalk, id, "https://past.example/mosses.html")
	must(t, err)
	page := "https://past.example/programme.html"
	want := &provenance{
		Sources: []sourceLine{{URL: page, Name: "past.example/programme.html", Fetched: "1 March 2024"}},
		OwnPage: "https://past.example/mosses.html", Rest: true,
		Fields: []provenanceField{
			{Name: "Title", Value: "On mosses", Said: []link{{Name: "Corrected by ada on 3 May 2024"}, {Name: "“so she called it”"}, {Name: "the source says: Mosses"}}},
			{Name: "People", Value: "Vera Ström", Said: []link{{Name: "see it there", URL: page + "#:~:text=Vera%20Str%C3%B6m"}, {Name: "read with some confidence"}}},
			{Name: "Start", Value: "09:30", Said: []link{{Name: "printed: half past nine - or so", URL: page + "#:~:text=half%20past%20nine%20%2D%20or%20so"}, {Name: "in line 12"}, {Name: "read with doubt"}}},
		},
	}
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(sourceLine{}, "id"), cmp.AllowUnexported(sourceLine{})); d != "" {
		t.Error(d)
	}
}
