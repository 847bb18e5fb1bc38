package search

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// filled is a text of parts, as long as may be.
func filled(most int, begin, between, end string, part func(i int) string) string {
	text := begin
	for i := 0; ; i++ {
		more := part(i)
		if i > 0 {
			more = between + more
		}
		if len(text)+len(more)+len(end) > most {
			return text + end
		}
		text += more
	}
}

// hostile are queries of at most so many bytes that want much of the index, by
// what they are made of. The words are the archive's own, the commonest first.
func hostile(words []string, most int) map[string]string {
	letters := strings.Split("abcdefghijklmnopqrstuvwxyz", "")
	var pairs, long, short, mistyped []string
	for _, a := range letters {
		for _, b := range letters {
			pairs = append(pairs, a+b)
		}
	}
	slices.SortStableFunc(pairs, func(a, b string) int { return beginning(words, b) - beginning(words, a) })
	for _, w := range words {
		if len(w) <= 4 {
			short = append(short, w)
		}
		if len(w) >= 8 {
			long = append(long, w)
			mistyped = append(mistyped, w[:3]+"q"+w[4:])
		}
	}
	out := map[string]string{
		"parentheses":      strings.Repeat("(", most/3) + "a" + strings.Repeat(")", most/3),
		"digits in a row":  strings.Repeat("1234567890", most/10),
		"letters in a row": strings.Repeat("abcdefghij", most/10),
		"dense":            strings.Repeat("日本語中文字", most/18),
		"accents":          strings.Repeat("ä̈ö̈ü̈", most/12),
	}
	for sign, name := range map[string]string{" ": "years", " | ": "either year"} {
		out[name] = filled(most, "", sign, "", func(i int) string { return fmt.Sprintf("year:%d..", 1950+i%80) })
	}
	for name, list := range map[string][]string{
		"letters": letters, "pairs": pairs, "commonest": words, "long": long, "short": short, "the same": words[:1],
		"a": {"a"}, "digits": strings.Split("0123456789", ""), "mistyped": mistyped,
	} {
		for shape, query := range shapes(list, most) {
			out[shape+" of "+name] = query
		}
	}
	return out
}

// shapes are queries of some words in all the ways of writing them, by the way:
// a, b, c and d stand for the words.
func shapes(list []string, most int) map[string]string {
	out := map[string]string{}
	for _, sign := range []string{" ", "-", "_", "|", ".", "/", "'", "*|", " -", "* ", "* -"} {
		out["a"+sign+"b"] = filled(most, "", sign, "", func(i int) string { return list[i%len(list)] })
	}
	out[`"a b c d"`] = filled(most, `"`, " ", `"`, func(i int) string { return list[i%len(list)] })
	for _, shape := range []string{"a-b-c-d ", `"a b" `, `"a b"|`, "(a b)|", "(a|b) ", "(a -b)|", "(a) "} {
		one := strings.Trim(shape, " |")
		out[shape] = filled(most, "", shape[len(one):], "", func(i int) string {
			var with []string
			for k, letter := range []string{"a", "b", "c", "d"} {
				with = append(with, letter, list[(4*i+k)%len(list)])
			}
			return strings.NewReplacer(with...).Replace(one)
		})
	}
	for _, field := range []string{"title", "speaker", "affil", "topic", "abstract", "slides", "series"} {
		for shape, parts := range map[string][4]string{
			"f:a ": {"", " ", "", field + ":%s"}, "f:(a|b)": {field + ":(", "|", ")", "%s"}, "f:a | ": {"", " | ", "", field + ":%s"}, "-f:a ": {"", " ", "", "-" + field + ":%s"},
			"f:a* ": {"", " ", "", field + ":%s*"}, "f:(a*|b*)": {field + ":(", "|", ")", "%s*"},
		} {
			out[strings.Replace(shape, "f", field, 1)] = filled(most, parts[0], parts[1], parts[2], func(i int) string { return fmt.Sprintf(parts[3], list[i%len(list)]) })
		}
	}
	return out
}

// beginning counts how many words begin so.
func beginning(words []string, with string) (n int) {
	for _, w := range words {
		if strings.HasPrefix(w, with) {
			n++
		}
	}
	return n
}

// copy is a cache with the same lists.
func (c *listCache) copy() *listCache {
	out := newListCache(c.room)
	for e := c.order.Back(); e != nil; e = e.Prev() {
		if one, ok := e.Value.(*cached); ok {
			out.put(one.key, one.slot, one.list)
		}
	}
	return out
}

// remember lets the view at hand know these lists.
func (ix *Index) remember(b *testing.B, lists *listCache) *view {
	b.Helper()
	v, err := ix.acquire()
	if err != nil {
		b.Fatal(err)
	}
	defer v.release()
	v.lists = lists
	return v
}

// commonWords are those of titles and abstracts, the commonest first.
func commonWords(entries []archive.Entry) []string {
	counts := map[string]int{}
	for i := range entries {
		for _, w := range unique(fold.Words(entries[i].Title + " " + entries[i].Abstract)) {
			counts[w]++
		}
	}
	return slices.SortedFunc(maps.Keys(counts), func(x, y string) int { return cmp.Or(counts[y]-counts[x], cmp.Compare(x, y)) })[:3000]
}

// BenchmarkHostileQueries asks pyvideo's talks (21,715) queries of 500 bytes, as
// much as a page takes, that want much of the index, and marks what is found as
// a page does. The time is the processor's: for who asks a thing that was asked
// before, and for the first, when only the common words' lists are known.
//
//	ROSTRUM_BENCH_FOLDER=/kept/here go test -v -run '^$' -bench HostileQueries -benchtime 1x ./archive/search
//
// With HOSTILE="a b of letters" it asks that alone, to be profiled.
func BenchmarkHostileQueries(b *testing.B) {
	entries := loadProgrammes(b, shared(b, "talks", "pyvideo.jsonl.gz"))
	feed := &memory{}
	feed.fill(entries)
	dir := b.TempDir()
	if kept := os.Getenv("ROSTRUM_BENCH_FOLDER"); kept != "" {
		dir = filepath.Join(kept, "pyvideo")
	}
	ix := openDir(b, dir, feed)
	catchUp(b, ix)
	learned(b, ix)
	byID := map[archive.TalkID]*archive.Entry{}
	for i := range entries {
		byID[entries[i].ID] = &entries[i]
	}
	queries := hostile(commonWords(entries), 500)
	ahead := newListCache(1 << 30)
	if err := ix.readAhead(b.Context(), ix.remember(b, ahead), ix.pace.worker()); err != nil {
		b.Fatal(err)
	}
	type cost struct {
		name         string
		first, again time.Duration
	}
	var costs []cost
	page := func(query string) time.Duration {
		began := processorTime(b)
		res := ask(b, ix, Request{Query: Parse(query), Facets: true})
		m := res.Marker()
		for _, h := range res.Hits {
			m.Marks(byID[h.Talk].Title)
			m.Fragments(byID[h.Talk].Abstract, 2)
		}
		return processorTime(b) - began
	}
	names := slices.Sorted(maps.Keys(queries))
	if only := os.Getenv("HOSTILE"); only != "" {
		names = slices.DeleteFunc(names, func(n string) bool { return n != only })
	}
	for b.Loop() {
		costs = costs[:0]
		for _, name := range names {
			c := cost{name: name}
			c.first, c.again = time.Hour, time.Hour // the least of some: others use the processor's caches as well
			for range 3 {
				ix.remember(b, ahead.copy())
				c.first = min(c.first, page(queries[name]))
				c.again = min(c.again, page(queries[name]))
			}
			costs = append(costs, c)
		}
	}
	for name, of := range map[string]func(c cost) time.Duration{"again": func(c cost) time.Duration { return c.again }, "first": func(c cost) time.Duration { return c.first }} {
		slices.SortFunc(costs, func(x, y cost) int { return cmp.Compare(of(y), of(x)) })
		for _, c := range costs[:min(len(costs), 10)] {
			b.Logf("%s: %.1f ms for %s", name, of(c).Seconds()*1000, c.name)
		}
		b.ReportMetric(of(costs[0]).Seconds()*1000, "worst-"+name+"-cpu-ms")
	}
}
