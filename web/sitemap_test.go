package web

import (
	"encoding/json"
	"encoding/xml"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive/store"
)

// A series' part of the sitemap tells of each edition and talk when it was read
// or corrected last, and of the series' own page nothing.
func TestSitemapLastMod(t *testing.T) {
	s := newSample(t)
	const talk, edition = "river-days/2022/isens-vag", "river-days/2022"
	corrected := sampleTime.Add(36 * time.Hour)
	_, err := s.db.Correct(t.Context(), store.Correction{Thing: store.ThingTalk, ID: talk, Field: "room", Value: json.RawMessage(`"Sal B"`)}, store.Who{By: "anna", At: corrected})
	must(t, err)
	_, body := s.get(t, "/sitemap.xml?series=river-days")
	var got sitemapURLs
	must(t, xml.Unmarshal([]byte(body), &got))
	mods := map[string]string{}
	for _, u := range got.URLs {
		mods[u.Loc] = u.LastMod
	}
	shown := map[string]string{}
	for _, path := range []string{"river-days", edition, talk, suggestTalk} {
		shown[path] = mods["https://talks.example.org/"+path]
	}
	want := map[string]string{
		"river-days": "", edition: corrected.Format(time.RFC3339), talk: corrected.Format(time.RFC3339), suggestTalk: sampleTime.Format(time.RFC3339),
	}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("-want +got\n%s\n%s", diff, body)
	}
}
