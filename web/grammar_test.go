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
