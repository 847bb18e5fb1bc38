package search

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestNoQueryTakesLong(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(2000))
	ix := learned(t, open(t, feed))
	for name, query := range map[string]string{
		"prefixes":     strings.Repeat("ma* ", 900),
		"unknown":      strings.Repeat("qmeasurng qletrs ", 200),
		"phrases":      strings.Repeat(`"number on maps" `, 200),
		"alternatives": strings.Repeat("(maps|clocks sensors)|", 150) + "x",
		"one word":     strings.Repeat("x", 4000),
		"long phrase":  `"` + strings.Repeat("measuring maps ", 250) + `"`,
		"negations":    strings.Repeat("-maps ", 500),
		"fields":       strings.Repeat("title:maps ", 300),
	} {
		began := time.Now()
		res := ask(t, ix, Request{Query: Parse(query), Facets: true})
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: %d found in %v", name, res.Total, took)
		}
	}
}

// Of very many alternatives the first are looked for, and the visitor is told.
func TestAlternativesHaveAnEnd(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(200))
	ix := open(t, feed)
	for query, told := range map[string]bool{
		"title:(" + strings.Repeat("qqq|", 90) + "clocks)":                                           false,
		"title:(" + numbers("x", maxGrouped-1) + "|clocks)":                                          false,
		"title:(" + numbers("x", maxGrouped) + "|clocks)":                                            true,
		numbers("x", maxGrouped) + "|clocks":                                                         true,
		`"` + strings.ReplaceAll(numbers("x", 30), "|", " ") + `"|(` + numbers("y", 20) + ")|clocks": true,
		strings.Repeat("clocks ", 100):                                                               false,
	} {
		res := ask(t, ix, Request{Query: Parse(query), Exact: true})
		hints := slices.DeleteFunc(res.Hints, func(h Hint) bool { return h.Kind != HintTooManyWords })
		if len(hints) > 0 != told || len(hints) > 1 || (res.Total > 0) == told {
			t.Errorf("%.40s: %d found, %v", query, res.Total, hints)
		}
	}
}

// numbers are so many words, as alternatives.
func numbers(word string, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = word + string(rune('a'+i/26)) + string(rune('a'+i%26))
	}
	return strings.Join(list, "|")
}

// A demand that is made twice is looked at once.
func TestDemandsMadeTwice(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(50))
	ix := open(t, feed)
	v, err := ix.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer v.release()
	p := ix.plan(v, Parse(strings.Repeat("year:2003 -year:2003 topic:maps -topic:maps ", 9)))
	if len(p.filters) != 4 {
		t.Errorf("%d filters", len(p.filters))
	}
}
