package web

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What search engines may take: plain questions that find something, and no
// question that filters, orders or turns pages; robots.txt and pages agree.
func TestIndexing(t *testing.T) {
	s := newSample(t)
	_, robots := s.get(t, "/robots.txt")
	type said struct{ Crawl, Index bool }
	got, want := map[string]said{}, map[string]said{
		"/":                                     {true, true},
		"/river-days/2021":                      {true, true},
		"/people?letter=b":                      {true, true},
		"/search?q=erosion":                     {true, true},
		"/search?q=rivers+that":                 {true, true},
		"/search?q=zzzzz+yyyyy":                 {true, false}, // finds nothing
		"/search":                               {true, false},
		"/search?q=erosion+series%3Ariver-days": {false, false},
		"/search?q=erosion%20year:2021":         {false, false},
		"/search?q=erosion&sort=newest":         {false, false},
		"/search?q=erosion&exact=1":             {false, false},
		"/embed/river-days":                     {true, false},
		"/nothing-here":                         {true, false},
	}
	for address := range want {
		_, body := s.get(t, address)
		got[address] = said{Crawl: allowed(robots, address), Index: !strings.Contains(body, `<meta name="robots" content="noindex">`)}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if allowed(robots, "/desk/edit/x") || allowed(robots, "/api/v1/search?q=x") || allowed(robots, "/suggest?thing=a") || allowed(robots, "/search.atom?q=x") {
		t.Errorf("robots.txt allows too much:\n%s", robots)
	}
}

// allowed reads robots.txt as RFC 9309 has it: the longest rule that fits holds.
func allowed(robots, address string) bool {
	longest, allow := 0, true
	for line := range strings.Lines(robots) {
		key, rule, _ := strings.Cut(strings.TrimSpace(line), ": ")
		if key != "Allow" && key != "Disallow" {
			continue
		}
		fits := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(rule), `\*`, ".*")).MatchString(address)
		if fits && len(rule) > longest {
			longest, allow = len(rule), key == "Allow"
		}
	}
	return allow
}
