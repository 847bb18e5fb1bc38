package search

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rostrum/archive"
)

// shared is where collections too large or not ours to keep lie, beside the
// project; tests that need one are skipped where it is missing.
func shared(t testing.TB, elem ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("measured in a longer run")
	}
	path := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("%s is not there", path)
	}
	return path
}

// collection is a set of documents with queries and known answers.
type collection struct {
	name    string
	entries []archive.Entry
	queries []judged
}

type judged struct {
	text   string
	grades map[archive.TalkID]int
}

// loadCollection reads docs.jsonl, queries.jsonl and qrels.tsv of a folder.
func loadCollection(t testing.TB, folder string) collection {
	t.Helper()
	c := collection{name: filepath.Base(folder)}
	id := func(s string) archive.TalkID { return archive.TalkID("c/" + c.name + "/" + s) }
	type line struct{ ID, Title, Text string }
	each(t, filepath.Join(folder, "docs.jsonl"), func(l line) {
		e := archive.Entry{SeriesName: "Collection " + c.name, EditionTitle: "Collection " + c.name, EditionYear: 2000, EditionLanguage: "en"}
		e.ID, e.Kind, e.Title, e.Abstract = id(l.ID), archive.KindTalk, strings.TrimSpace(l.Title), strings.TrimSpace(l.Text)
		if e.Title == "" {
			words := strings.Fields(l.Text)
			e.Title = cmp.Or(strings.Join(words[:min(8, len(words))], " "), "untitled")
		}
		c.entries = append(c.entries, e)
	})
	grades := map[string]map[archive.TalkID]int{}
	b, err := os.ReadFile(filepath.Join(folder, "qrels.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(b)) {
		var query, doc string
		var grade int
		if _, err := fmt.Sscan(l, &query, &doc, &grade); err != nil {
			t.Fatal(err)
		}
		if grades[query] == nil {
			grades[query] = map[archive.TalkID]int{}
		}
		grades[query][id(doc)] = grade
	}
	word := regexp.MustCompile(`[\pL\pN_]+`)
	each(t, filepath.Join(folder, "queries.jsonl"), func(l line) {
		if want := grades[l.ID]; want != nil {
			c.queries = append(c.queries, judged{strings.Join(word.FindAllString(strings.ToLower(l.Text), -1), " "), want})
		}
	})
	return c
}

func each[T any](t testing.TB, file string, do func(T)) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		b, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(b)) > 0 {
			var v T
			if err := json.Unmarshal(b, &v); err != nil {
				t.Fatal(err)
			}
			do(v)
		}
		if err != nil {
			return
		}
	}
}

// scores are the usual three of a ranking.
type scores struct{ ndcg10, recall100, mrr float64 }

func (s scores) String() string {
	return fmt.Sprintf("nDCG@10 %.4f  R@100 %.4f  MRR %.4f", s.ndcg10, s.recall100, s.mrr)
}

// judge asks all queries of a collection.
func judge(t testing.TB, ix *Index, queries []judged) scores {
	t.Helper()
	return judgeRanking(queries, func(query string) []archive.TalkID {
		var out []archive.TalkID
		for _, h := range ask(t, ix, Request{Query: Parse(query), Limit: 100}).Hits {
			out = append(out, h.Talk)
		}
		return out
	})
}

func judgeRanking(queries []judged, rank ranker) scores {
	var sum scores
	for _, q := range queries {
		ideal := make([]int, 0, len(q.grades))
		for _, g := range q.grades {
			ideal = append(ideal, g)
		}
		slices.SortFunc(ideal, func(a, b int) int { return b - a })
		var gain, best, first float64
		found := 0
		for i, id := range rank(q.text) {
			g, relevant := q.grades[id]
			if i < 10 {
				gain += float64(g) / math.Log2(float64(i)+2)
			}
			if relevant {
				found++
				if first == 0 {
					first = 1 / float64(i+1)
				}
			}
		}
		for i, g := range ideal[:min(10, len(ideal))] {
			best += float64(g) / math.Log2(float64(i)+2)
		}
		if best > 0 {
			sum.ndcg10 += gain / best
		}
		sum.recall100 += float64(found) / float64(len(q.grades))
		sum.mrr += first
	}
	n := float64(len(queries))
	return scores{sum.ndcg10 / n, sum.recall100 / n, sum.mrr / n}
}

func TestTopicSearchOfKnownCollections(t *testing.T) {
	for name, least := range map[string]float64{"cranfield": 0.39, "cacm": 0.50} {
		t.Run(name, func(t *testing.T) {
			c := loadCollection(t, shared(t, "ir", name))
			feed := &memory{}
			feed.fill(c.entries)
			got := judge(t, learned(t, open(t, feed)), c.queries)
			t.Logf("%s: %s", name, got)
			if got.ndcg10 < least {
				t.Errorf("nDCG@10 %.4f, want at least %.2f", got.ndcg10, least)
			}
		})
	}
}
