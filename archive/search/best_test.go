package search

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// A page of the best leaves out what cannot come first: its talks, in number
// and order, are those of a page so long that nothing is left out.
func TestOnlyTheBestAreWeighed(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	zipf := rand.NewZipf(rng, 1.3, 6, 400)
	say := func(n int) string {
		var words []string
		for range n {
			words = append(words, "wo"+strconv.FormatUint(zipf.Uint64(), 10)+"rd")
		}
		return strings.Join(words, " ")
	}
	var entries []archive.Entry
	for i := range 3000 {
		e := archive.Entry{SeriesName: "Some", EditionYear: 2000 + i%3, EditionLanguage: "en"}
		e.ID = archive.TalkID(fmt.Sprintf("some/2000/t%d", i))
		e.Title, e.Abstract, e.Language = say(4), say(30), "en"
		if i%2 == 0 {
			e.DeckSlides = [][]archive.SlideWords{{{Number: 1, Text: say(6)}, {Number: 2, Text: say(6)}}}
			e.Decks = []archive.TalkDeck{{State: archive.DeckRead, Slides: 2}}
		}
		entries = append(entries, e)
	}
	feed := &memory{}
	feed.fill(entries)
	ix := learned(t, open(t, feed))
	sameFacets(t, ix)
	pruned := 0
	for n := range 200 {
		query := say(2 + n%6)
		if n%5 == 0 {
			query += " year:2001"
		}
		all := ask(t, ix, Request{Query: Parse(query), Limit: maxLimit, Exact: true, Facets: true})
		some := ask(t, ix, Request{Query: Parse(query), Limit: 20, Exact: true, Facets: true})
		next := ask(t, ix, Request{Query: Parse(query), Limit: 20, Offset: 20, Exact: true})
		if diff := cmp.Diff(all.Hits[:min(40, len(all.Hits))], append(some.Hits, next.Hits...)); diff != "" {
			t.Fatalf("%s: %s", query, diff)
		}
		if diff := cmp.Diff(all.Facets, some.Facets); diff != "" || all.Total != some.Total {
			t.Fatalf("%s: %d and %d found; %s", query, all.Total, some.Total, diff)
		}
		pruned += leftOut(t, ix, query)
	}
	if pruned == 0 {
		t.Error("nothing was left out")
	}
}

// leftOut returns how many of the talks found were not scored. How much of the
// query any talk has is known all the same.
func leftOut(t *testing.T, ix *Index, query string) int {
	t.Helper()
	v, err := ix.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer v.release()
	r, err := v.begin(t.Context(), Request{Limit: 20}, ix.plan(v, Parse(query)), ix)
	if err != nil {
		t.Fatal(err)
	}
	defer r.end()
	all, err := v.begin(t.Context(), Request{Limit: maxLimit}, ix.plan(v, Parse(query)), ix)
	if err != nil {
		t.Fatal(err)
	}
	defer all.end()
	if r.best != all.best {
		t.Errorf("%s: a talk has %v of it, want %v", query, r.best, all.best)
	}
	return len(r.found) - len(r.scored)
}

// sameFacets compares what is counted by combinations with what is counted one by one.
func sameFacets(t *testing.T, ix *Index) {
	t.Helper()
	v, err := ix.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer v.release()
	if v.facets.alike == nil || len(v.facets.first) == len(v.columns.rows) {
		t.Fatal("no talks are alike")
	}
	plain := *v.facets
	plain.alike = nil
	for _, n := range []int{100, 2900} { // few are counted, of many the others
		ords := v.columns.live.list(nil)[:n]
		got, want := v.counters.get(v), (&counterPool{}).get(&view{facets: &plain})
		got.all(ords)
		want.add(ords, 1)
		if diff := cmp.Diff(want.counts, got.counts); diff != "" {
			t.Errorf("%d talks: %s", n, diff)
		}
		v.counters.put(got)
	}
}

// A view taken anew of the same truth knows the postings that were read.
func TestRefreshKeepsWhatWasRead(t *testing.T) {
	t.Parallel()
	feed := &memory{}
	e := archive.Entry{SeriesName: "Some", EditionYear: 2000, EditionLanguage: "en"}
	e.ID, e.Title, e.Language = "some/2000/t1", "Walking backwards", "en"
	feed.fill([]archive.Entry{e})
	ix := open(t, feed)
	ask(t, ix, Request{Query: Parse("walking"), Limit: 1})
	before := ix.view
	inMemory := before.segments[0].bytes == nil // and soon on disk
	for began := time.Now(); ix.view.segments[0].bytes == nil && time.Since(began) < 10*time.Second; time.Sleep(time.Millisecond) {
		ix.refresh()
	}
	if inMemory && ix.view == before || ix.view.lists != before.lists || len(before.lists.byKey) == 0 {
		t.Errorf("a new view: %v, with %d lists of the %d read", ix.view != before, len(ix.view.lists.byKey), len(before.lists.byKey))
	}
	must(t, ix.gen.tidy(before.revision))
	before = ix.view
	if ix.refresh(); ix.view != before {
		t.Error("a new view where nothing has changed")
	}
	if res := ask(t, ix, Request{Query: Parse("walking"), Limit: 1}); res.Total != 1 {
		t.Errorf("%d found, want 1", res.Total)
	}
}

// A rebuilt index has read what the one before was asked for; what was found by
// a property's values is of one view alone.
func TestRebuildReadsWhatWasAsked(t *testing.T) {
	t.Parallel()
	feed := &memory{}
	feed.fill(manyEntries(400))
	ix := open(t, feed)
	must(t, ix.Learn(t.Context())) // of an index that nobody searches nothing is read ahead
	query := func(q string) { ask(t, ix, Request{Query: Parse(q), Limit: 1}) }
	query("measuring queues")
	query(`"measuring queues"|year:2017`)
	query("queu*")
	asked := map[string]bool{}
	for _, s := range ix.view.lists.slots() {
		if !s.ofOneView() {
			asked[ix.view.key(s)] = true
		}
	}
	if len(asked) < 4 {
		t.Fatalf("only %d lists were read", len(asked))
	}
	must(t, ix.Rebuild(t.Context(), nil))
	for key := range asked {
		if ix.view.lists.byKey[key] == nil {
			t.Errorf("%q is to be read again", key)
		}
	}
}

// What is left out unread has no word of the query, and most words are.
func TestWordsLeftOutHaveNoHead(t *testing.T) {
	t.Parallel()
	var h heads
	for _, w := range []string{"program", "amour"} {
		h.add(w)
	}
	for _, c := range []struct {
		raw  string
		want bool
	}{
		{"Programming", false}, {"PROGRAM", false}, {"l'amour", false}, {"qu'amour", false}, {"talk", true}, {"Talk", true},
		{"nieprogram", false}, {"najprogram", false}, {"été", false}, {"élan", false}, {"c", false}, {"42", true},
	} {
		if got := h.excludes(c.raw); got != c.want {
			t.Errorf("%s: %v, want %v", c.raw, got, c.want)
		}
		if _, folded := spell(c.raw); h.excludes(c.raw) && h.has(folded) {
			t.Errorf("%s is left out, though its head is asked for", c.raw)
		}
	}
}
