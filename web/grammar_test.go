package web

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// Each example of the help that can be followed finds something, here.
func TestHelpFindsWhatItSays(t *testing.T) {
	s := newSample(t)
	_, body := s.get(t, "/help")
	links := regexp.MustCompile(`<dt><a href="(/search\?q=[^"]*)">`).FindAllStringSubmatch(body, -1)
	if len(links) < 15 {
		t.Errorf("only %d examples can be followed:\n%s", len(links), body)
	}
	for _, l := range links {
		address := html.UnescapeString(l[1])
		res, page := s.get(t, address)
		if res.StatusCode != http.StatusOK || !strings.Contains(page, `<ol class="hits"`) {
			t.Errorf("%s finds nothing", address)
		}
	}
}

// What was asked for behind a field is marked where the field is shown, there
// alone, and the talk's text stands beside it.
func TestFiltersAreMarked(t *testing.T) {
	s := newSample(t)
	for address, want := range map[string]string{
		"/search?q=title:rivers":                   `<mark>Rivers</mark> that remember</a>`,
		"/search?q=speaker:strom":                  `>Vera <mark>Ström</mark></a>, <a href="/people/otto-van-der-beek">Otto van der Beek</a>`,
		"/search?q=speaker:%22Vera+Str%C3%B6m%22":  `><mark>Vera Ström</mark></a>`,
		"/search?q=speaker:beek|topic:floods":      `>Otto van der <mark>Beek</mark></a>`,
		"/search?q=-speaker:beek+speaker:vera":     `><mark>Vera</mark> Ström</a>`,
		"/search?q=topic:floods":                   `<b>Topic</b><mark>Floods</mark></p><p class="snip" lang="en">How a valley keeps`,
		"/search?q=affil:delta":                    `<b>Affiliation</b><mark>Delta</mark> Lab</p>`,
		"/search?q=topic:erosion+valley":           `How a <mark>valley</mark> keeps the shape of its floods. With figures of erosion.`,
		"/search?q=speaker:%22van+der%22+remember": `Otto <mark>van der</mark> Beek</a>`,
	} {
		if _, body := s.get(t, address); !strings.Contains(body, want) {
			t.Errorf("%s lacks %s", address, want)
		}
	}
	if _, body := s.get(t, "/search?q=-speaker:beek"); strings.Contains(body, "<mark>") {
		t.Error("what was refused is marked")
	}
}

// What is searched for by name has its page named above the talks, further
// values of a facet can be had, and a way on from nothing leads somewhere.
func TestResultsLeadOn(t *testing.T) {
	s := newSample(t)
	for address, want := range map[string]string{
		"/search?q=vera+strom":                 `<a href="/people/vera-strom">Speaker: <b>Vera Ström</b>`,
		"/search?q=speaker:storm":              `<strong>speaker:Ström</strong>`,
		"/search?q=%22memory+erosion%22":       `<a href="/search?q=memory&#43;erosion">`,
		"/search?q=kind:ballet":                `no talk has this kind. There are `,
		"/search?q=%7C":                        `nothing in this can be looked for: these are all talks`,
		"/search?q=erosion+valley&sort=newest": `in order of date only the talks that have most of this are shown`,
	} {
		if _, body := s.get(t, address); !strings.Contains(body, want) {
			t.Errorf("%s lacks %s", address, want)
		}
	}
}
