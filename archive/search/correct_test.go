package search

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// A rare word is put right where that brings the rest of the query together,
// and let be where its own talk has as much of it, or where a long question
// has an odd word among others that no talk has together.
func TestRareWordsAreNoErrors(t *testing.T) {
	feed := &memory{}
	put := func(title, abstract string) {
		e := archive.Entry{SeriesName: "Days", EditionTitle: "Days", EditionYear: 2012, EditionLanguage: "en"}
		e.ID = archive.TalkID(fmt.Sprintf("days/2012/%d", len(feed.changes)))
		e.Kind, e.Title, e.Abstract = archive.KindTalk, title, abstract
		feed.put(e)
	}
	put("Choosing a stale cache", "Readers may get a stale answer.")
	put("Fresh bread daily", "Ovens, flour and patience.")
	for i := range 12 {
		put(fmt.Sprintf("Stable cache number %d", i), "A stable cache stays where it is.")
		put(fmt.Sprintf("Ovens of kind %d", i), "Flour is weighed; a stove is lit.")
	}
	ix := open(t, feed)
	for query, want := range map[string]string{
		"stale cache":                             "",
		"stael cache":                             "stale cache",
		"stabel cache":                            "stable cache",
		"ovens flour staove":                      "ovens flour stove",
		"stovee bread patience answer readers":    "",
		"ovens flour weighed lit staove patience": "ovens flour weighed lit stove patience",
	} {
		got := ""
		if instead := ask(t, ix, Request{Query: Parse(query)}).Instead; instead != nil {
			got = instead.String()
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", query, diff)
		}
	}
}
