package search

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// Whoever asks by name is shown whose name it is.
func TestWhatAQueryNames(t *testing.T) {
	feed := &memory{}
	list := sample()
	for i := range list {
		list[i].Speakers[0].Person = archive.PersonID([]string{"joe-strongarm", "bjorn-akesson", "jorg-muller", "asa-lindqvist", "joao", "ivan", "taro", "eleni"}[i])
	}
	feed.put(list...)
	ix := open(t, feed)
	joe := Named{"speaker", "joe-strongarm", "Joe Strongarm", 1}
	for query, want := range map[string][]Named{
		"joe strongarm": {joe}, "Strongarm, Joe": {joe}, "strongarm": {joe}, "joe": nil, "strongram": {joe}, "bjoern Akesson": {{"speaker", "bjorn-akesson", "Björn Åkesson", 1}},
		"crash days": {{"series", "crash", "Crash Days", 8}, {"edition", "crash/2019", "Crash Days", 4}, {"edition", "crash/2018", "Crash Days", 2}},
		"chaos":      {{"topic", "chaos", "chaos", 2}}, "joe strongarm fall": nil, `"joe strongarm"`: nil, "": nil, "speaker:strongarm": nil,
	} {
		if diff := cmp.Diff(want, ask(t, ix, Request{Query: Parse(query)}).Named); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

// All values of a facet come for who asks for them.
func TestFacetWhole(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(100))
	ix := open(t, feed)
	count := func(whole string) (values, more int) {
		for _, f := range ask(t, ix, Request{Facets: true, Whole: whole}).Facets {
			if f.Name == "speaker" {
				return len(f.Values), f.More
			}
		}
		return 0, 0
	}
	if values, more := count(""); values != 15 || more != 35 {
		t.Errorf("%d speakers and %d more", values, more)
	}
	if values, more := count("speaker"); values != 50 || more != 0 {
		t.Errorf("asked for whole: %d speakers and %d more", values, more)
	}
}

// In order of date less is found than by relevance, and that is told.
func TestByDateTellsWhatIsLeftOut(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	res := ask(t, ix, Request{Query: Parse("machines cluster erlang"), Sort: ByNewest})
	want := []Hint{{"machines cluster erlang", HintByDate, []any{1}}}
	if diff := cmp.Diff(want, res.Hints); diff != "" || res.Total != 1 {
		t.Errorf("%d found, hints (-want +got):\n%s", res.Total, diff)
	}
	if hints := ask(t, ix, Request{Query: Parse("machines cluster erlang")}).Hints; len(hints) > 0 {
		t.Errorf("by relevance: %v", hints)
	}
}

// Names are compared with a mistyped one as if by fold.Distance.
func TestNamesNearAMistypedOne(t *testing.T) {
	names := []string{"ann", "anne", "johannes", "johansen", "johansson", "jonsson", "margareta", "margarethe", "maria", "марина", strings.Repeat("long", 30)}
	n := &nameIndex{words: names}
	slices.Sort(n.words)
	for _, w := range n.words {
		set, _ := lettersOf([]byte(w))
		n.letters = append(n.letters, set)
	}
	for _, typed := range []string{"ann", "ane", "johanes", "johansson", "jonhansson", "margaretha", "мaрина", "marai", strings.Repeat("long", 29)} {
		most := 0
		switch letters := len([]rune(typed)); {
		case letters > 64:
		case letters >= 8:
			most = 2
		case letters >= 4:
			most = 1
		}
		got := map[string]int{}
		n.near(typed, func(word, off int) { got[n.words[word]] = off })
		for _, w := range n.words {
			off, near := got[w]
			if want := fold.Distance(typed, w); near != (want <= most) || near && off != want {
				t.Errorf("%s and %s: %d errors, %t, want %d", typed, w, off, near, want)
			}
		}
	}
}
