package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// spaced is an archive where some write as two words what others write as one.
func spaced(t *testing.T) *Index {
	t.Helper()
	feed := &memory{}
	for id, text := range map[string]string{
		"one":    "Realtime scheduling of opensource players",
		"two":    "Hard real time, explained",
		"hyphen": "A real-time garbage collector",
		"apart":  "The time is real",
		"free":   "Open source and its licences. Not able to pay",
		"word":   "A notable mistake",
		"page":   "Layouts of a page",
		"lay":    "To lay out a garden, and lay outs",
	} {
		e := archive.Entry{SeriesName: "Crash Days", EditionYear: 2020, EditionLanguage: "en"}
		e.ID, e.Title, e.Language = archive.TalkID("crash/2020/"+id), text, "en"
		feed.put(e)
	}
	for i := range 40 { // of "keynote" many, of "key note" one, of "key vote" a few
		e := archive.Entry{SeriesName: "Crash Days", EditionYear: 2021, EditionLanguage: "en"}
		e.ID, e.Title, e.Language = archive.TalkID(fmt.Sprintf("crash/2021/t%d", i)), "The keynote of the day", "en"
		switch i {
		case 0:
			e.Title = "The key note among the notes of a chord"
		case 1:
			e.Title = "The keynote of a parliament"
		case 2, 3, 4:
			e.Title = "A key vote on the day"
		}
		feed.put(e)
	}
	return open(t, feed)
}

// Who writes as one word what the archive writes as two finds it, as long as
// the two stand side by side and mean that word.
func TestWordsWrittenAsTwoAreFound(t *testing.T) {
	ix := spaced(t)
	for query, want := range map[string]string{
		"realtime":                      "hyphen one two",
		"Realtime":                      "hyphen one two",
		"real time":                     "apart hyphen one two",
		"opensource":                    "free one",
		"title:realtime":                "hyphen one two",
		"abstract:realtime":             "",
		"realtime|notable":              "hyphen one two word",
		"(realtime explained)|licences": "free two",
		"explained -realtime":           "",
		"notable":                       "word",
		"layouts":                       "page",
		"timereal":                      "",
		"garbagetime":                   "",
	} {
		var got []string
		for _, h := range ask(t, ix, Request{Query: Parse(query), Exact: true}).Hits {
			got = append(got, strings.TrimPrefix(string(h.Talk), "crash/2020/"))
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

// Two words that stand for one are marked, are no typing error, and come behind
// the word itself.
func TestTwoWordsCountAsTheOneAsked(t *testing.T) {
	ix := spaced(t)
	res := ask(t, ix, Request{Query: Parse("realtime scheduling")})
	if len(res.Hits) != 3 || res.Hits[0].Talk != "crash/2020/one" {
		t.Errorf("found %v", res.Hits)
	}
	if got := res.Marker().Marks("Hard real time, and at that time a realtime one"); !slices.EqualFunc(got, [][2]int{{5, 14}, {35, 43}}, func(a, b [2]int) bool { return a == b }) {
		t.Errorf("marked %v", got)
	}
	if res := ask(t, ix, Request{Query: Parse("keyvote parliament")}); res.Instead != nil {
		t.Errorf("taken for an error: %s", res.Instead)
	}
}

// A word that many talks have is what was asked for: nothing is read for it,
// nor for more words of a query than a few.
func TestFewWordsAreSplit(t *testing.T) {
	ix := spaced(t)
	v, err := ix.acquire()
	must(t, err)
	defer v.release()
	for query, want := range map[string]int{"keynote": 0, "keynotes": 0, "realtime": 1, "real time": 0, strings.Repeat("opensource ", 20): phrasesRead} {
		two := 0
		for _, s := range ix.plan(v, Parse(query)).wished {
			for _, o := range s.also {
				if o.kind == phraseSlot {
					two++
				}
			}
		}
		if two != want {
			t.Errorf("%s: %d phrases are looked for, want %d", query, two, want)
		}
	}
	if got := ask(t, ix, Request{Query: Parse("keynote")}).Total; got != 36 {
		t.Errorf("keynote finds %d talks, want 36", got)
	}
}
