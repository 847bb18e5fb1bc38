package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Another site may frame the block and ask for the JSON, and nothing else.
func TestEmbed(t *testing.T) {
	s := newSample(t)
	got, want := map[string][]string{}, map[string][]string{
		"/embed/river-days":               {"OK", "", embedPolicy, ""},
		"/embed/river-days.json":          {"OK", "DENY", contentPolicy, "*"},
		"/embed/river-days.json?limit=0":  {"Bad Request", "DENY", contentPolicy, ""},
		"/embed/river-days?limit=a":       {"Bad Request", "DENY", contentPolicy, ""},
		"/embed/nothing":                  {"Not Found", "DENY", contentPolicy, ""},
		"/embed?series=nothing":           {"Not Found", "DENY", contentPolicy, ""},
		"/embed/river-days?scheme=purple": {"OK", "", embedPolicy, ""},
	}
	for address := range want {
		res, _ := s.get(t, address)
		h := res.Header
		got[address] = []string{http.StatusText(res.StatusCode), h.Get("X-Frame-Options"), h.Get("Content-Security-Policy"), h.Get("Access-Control-Allow-Origin")}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}

	_, body := s.get(t, "/embed/river-days.json?limit=1")
	var answer embedded
	must(t, json.Unmarshal([]byte(body), &answer))
	if d := cmp.Diff(embedded{
		Series: embeddedSeries{ID: "river-days", Name: "River Days", URL: "https://talks.example.org/river-days", Editions: 3},
		Editions: []embeddedEdition{{
			ID: "river-days/2023", Title: "River Days 2023", URL: "https://talks.example.org/river-days/2023", StartDate: "2023-06-12", EndDate: "2023-06-12",
			Venue: "The mill", City: "Kiruna", Country: "Sweden", Talks: 3, People: 2,
		}},
	}, answer); d != "" {
		t.Error(d)
	}

	_, body = s.get(t, "/embed/river-days?scheme=dark&lang=sv", "Accept-Language", "en")
	for _, want := range []string{`<html lang="sv" class="dark">`, "3 föredrag"} {
		if !strings.Contains(body, want) {
			t.Errorf("the dark Swedish block has no %s", want)
		}
	}
	if strings.Contains(body, "<script") {
		t.Error("the block has a script")
	}
}
