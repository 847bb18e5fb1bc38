package search

import (
	"context"
	"testing"
	"unicode/utf8"
)

// FuzzSearch asks anything and marks anything: no panic, no endless run, and
// every fragment is well-formed.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{
		`erlang "let it fall" -sv kube*`, "(a b)|störning*", "supervisrs", "障害 データ*", "speaker:j* year:2017..", "-x", "title:(let|fall) slides:tree", `"the of"`, "the", "j. strongarm",
	} {
		f.Add(s, "Let it fall: the supervisor’s tree, real-time e-mail; 障害注入テスト c++ l'amour")
	}
	feed := &memory{}
	feed.put(sample()...)
	feed.fill(library())
	ix := learned(f, open(f, feed))
	f.Fuzz(func(t *testing.T, query, text string) {
		q := Parse(query)
		for _, sort := range []Sort{ByRelevance, ByOldest} {
			res, err := ix.Search(context.Background(), Request{Query: q, Facets: true, Sort: sort})
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Hits) > res.Total {
				t.Fatalf("%d hits of %d", len(res.Hits), res.Total)
			}
			checkFragments(t, res.Marker().Fragments(text, 3), utf8.ValidString(text))
			checkFragments(t, res.Marker().Fragments(query, 1), utf8.ValidString(query))
		}
		if _, err := ix.Suggest(context.Background(), query, 5); err != nil {
			t.Fatal(err)
		}
	})
}

func checkFragments(t *testing.T, list []Fragment, valid bool) {
	t.Helper()
	for _, f := range list {
		if valid && !utf8.ValidString(f.Text) {
			t.Fatalf("%q is cut within a letter", f.Text)
		}
		last := 0
		for _, k := range f.Marks {
			if k[0] < last || k[1] <= k[0] || k[1] > len(f.Text) {
				t.Fatalf("marks %v of %q", f.Marks, f.Text)
			}
			if valid && !utf8.ValidString(f.Text[k[0]:k[1]]) {
				t.Fatalf("a mark of %v cuts a letter of %q", f.Marks, f.Text)
			}
			last = k[1]
		}
	}
}
