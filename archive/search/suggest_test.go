package search

import (
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// titled makes a talk of each title, told by its own person.
func titled(titles ...string) []archive.Entry {
	out := manyEntries(len(titles))
	for i, title := range titles {
		out[i].Title, out[i].Topics, out[i].Abstract = title, nil, ""
		out[i].Decks, out[i].DeckSlides = nil, nil
	}
	return out
}

func queries(t *testing.T, ix *Index, typed string) []string {
	t.Helper()
	got, err := ix.Suggest(t.Context(), typed, 8)
	must(t, err)
	var out []string
	for _, s := range got {
		if s.Kind == SuggestQuery {
			out = append(out, s.Text)
		}
	}
	return out
}

// What is being typed is finished as the titles of the archive go on.
func TestSuggestQueries(t *testing.T) {
	feed := &memory{}
	list := titled("Chaos engineering for beginners", "Chaos Engineering at the desk", "Engines of chaos", "Engineering the chaos of others", "Order and engineers",
		"Störningar varje vecka", "Om störningar på natten", "Störningar i maj", "C++ tomorrow", "C++ today", "Writing the manual", "Writing the tests")
	list[2].Topics, list[3].Topics = []string{"Chaos Theory"}, []string{"Chaos Theory"}
	feed.put(list...)
	ix := open(t, feed)
	for typed, want := range map[string][]string{
		"chaos eng":     {"chaos engineering"},
		"Chaos Eng":     {"chaos engineering"},
		"eng":           {"engineering"}, // "engines" and "engineers" have one talk each, which is suggested itself
		"chaos":         {"chaos engineering"},
		"chaos th":      nil, // the topic has that name, and titles say "the" only
		"storn":         {"störningar"},
		"speaker stor":  {"speaker störningar"}, // of the people who told them
		"vecka storn":   nil,                    // one talk
		"writing":       nil,                    // on they go with "the"
		"c+":            nil,
		"nothing so en": nil,
	} {
		if diff := cmp.Diff(want, queries(t, ix, typed)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed, diff)
		}
	}
	got, err := ix.Suggest(t.Context(), "chaos", 8)
	must(t, err)
	var kinds []SuggestionKind
	for _, s := range got {
		kinds = append(kinds, s.Kind)
	}
	if diff := cmp.Diff([]SuggestionKind{SuggestTopic, SuggestQuery, SuggestTalk, SuggestTalk, SuggestTalk, SuggestTalk}, kinds); diff != "" {
		t.Errorf("the name comes first, then queries, then talks (-want +got):\n%s", diff)
	}
}

// A query that is suggested finds what it was made of, however far it was typed.
func TestSuggestedQueriesFind(t *testing.T) {
	feed := &memory{}
	feed.put(append(append(manyEntries(200), sample()...), library()...)...)
	ix := open(t, feed)
	made := 0
	for _, e := range append(manyEntries(40), library()...) {
		for end := range e.Title {
			for _, q := range queries(t, ix, e.Title[:end]) {
				made++
				if res := ask(t, ix, Request{Query: Parse(q), Exact: true}); res.Total == 0 {
					t.Fatalf("%q is suggested for %q and finds nothing", q, e.Title[:end])
				}
			}
		}
	}
	if made < 100 {
		t.Errorf("%d queries were suggested", made)
	}
}

// BenchmarkSuggest types titles, names and topics letter by letter, as they
// stand in the archive at size, and asks for suggestions at each:
//
//	ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench Suggest -benchtime 1x -timeout 1h ./archive/search
func BenchmarkSuggest(b *testing.B) {
	m := newMill(b, benchTalks())
	ix := openDir(b, filepath.Join(benchFolder(b, m), "index"), m)
	catchUp(b, ix)
	learned(b, ix)
	ask := func(typed string) time.Duration {
		began := time.Now()
		if _, err := ix.Suggest(b.Context(), typed, 8); err != nil {
			b.Fatal(err)
		}
		return time.Since(began)
	}
	ask("first")
	for _, kind := range []string{"title", "name", "topic"} {
		b.Run(kind, func(b *testing.B) {
			rng := rand.New(rand.NewPCG(timedSeed, uint64(len(kind))))
			var t times
			for b.Loop() {
				for range 100 {
					e := m.entry(rng.IntN(m.n))
					text := map[string]string{"title": e.Title, "name": e.Speakers[0].Name, "topic": strings.Join(e.Topics[:1], "")}[kind]
					for end := range text {
						if utf8.RuneCountInString(text[:end]) >= 2 && end < 40 {
							t = append(t, ask(text[:end]))
						}
					}
				}
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(len(t)), "letters")
			b.ReportMetric(t.at(.5), "p50-ms")
			b.ReportMetric(t.at(.95), "p95-ms")
			b.ReportMetric(t.at(1), "max-ms")
		})
	}
}
