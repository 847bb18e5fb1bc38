package search

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A topic that no talk speaks of leads to the editions that announced it; where
// some talk has the word, only such talks are found. No facet shows it.
func TestAnnouncedTopics(t *testing.T) {
	feed := &memory{}
	list := sample()
	for i := range list {
		if list[i].ID.Edition() == "crash/2018" {
			list[i].EditionTopics = []string{"Formal verification", "Supervision", "verification of hardware"}
		}
	}
	feed.put(list...)
	ix := open(t, feed)
	for query, want := range map[string]string{
		"verification":            "breaking-clusters datenbanken",
		"verifications":           "breaking-clusters datenbanken", // a form of it
		"verification databases":  "breaking-clusters datenbanken",
		"verification year:2017":  "",
		"supervision":             "let-it-fall",
		"-verification kind:talk": "let-it-fall datenbanken storningar testes otkazy shougai sfalmata",
		"topic:verification":      "",
		"title:verification":      "",
	} {
		var got []string
		res := ask(t, ix, Request{Query: Parse(query), Facets: true})
		for _, h := range res.Hits {
			got = append(got, string(h.Talk)[strings.LastIndexByte(string(h.Talk), '/')+1:])
			if query == "verification" && !slices.Equal(h.Fields, []Field{FieldAround}) {
				t.Errorf("%s found in %v", h.Talk, h.Fields)
			}
		}
		slices.Sort(got)
		wanted := strings.Fields(want)
		slices.Sort(wanted)
		if diff := cmp.Diff(strings.Join(wanted, " "), strings.Join(got, " ")); diff != "" || res.Instead != nil {
			t.Errorf("%s instead %v (-want +got):\n%s", query, res.Instead, diff)
		}
		for _, f := range res.Facets {
			for _, v := range f.Values {
				if strings.Contains(strings.ToLower(v.Value), "verification") {
					t.Errorf("%s: facet %s has %s", query, f.Name, v.Value)
				}
			}
		}
	}
}
