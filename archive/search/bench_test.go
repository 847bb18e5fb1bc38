package search

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the peer

	"rostrum/archive"
	making "rostrum/archive/archivetest/mill"
	"rostrum/internal/aside"
	"rostrum/internal/fold"
)

// The benchmarks of this file measure search at size, beside SQLite's FTS5 in
// the same run, since the same machine is never twice equally fast:
//
//	ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench AtSize -benchtime 1x -timeout 2h ./archive/search
//
// Each talk has ten slides, so 100000 talks have a million; with
// ROSTRUM_BENCH_SLIDES=0 they have none. The text is made of pyvideo's where it
// lies beside the project, else of generated words. A folder named in
// ROSTRUM_BENCH_FOLDER keeps the indices from one run to the next.
//
// The queries measured are drawn at random and differ from each other and from
// those that warmed the index up before.

func benchTalks() int { return benchNumber("ROSTRUM_BENCH_TALKS", 5000) }

func benchNumber(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// benchFolder is where the indices of a mill lie.
func benchFolder(b *testing.B, m *mill) string {
	if dir := os.Getenv("ROSTRUM_BENCH_FOLDER"); dir != "" {
		dir = filepath.Join(dir, fmt.Sprintf("talks-%d-slides-%d", m.n, m.slides))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		return dir
	}
	return b.TempDir()
}

// mill is a feed of made talks.
type mill struct {
	*making.Mill
	n      int // talks it tells of
	slides int // of each talk

	abstracts []byte // of all talks, once told, so that making them is not measured
	ends      []int
}

func newMill(b *testing.B, n int) *mill {
	slides := benchNumber("ROSTRUM_BENCH_SLIDES", 10)
	return &mill{Mill: making.New(b, n, slides), n: n, slides: slides}
}

// TestMain makes an index of a mill's talks where it was started to do so aside.
func TestMain(m *testing.M) {
	aside.Main(map[string]aside.Work{"mill": func(args []string, progress func(int)) error {
		of, err := making.Make(benchTalks(), benchNumber("ROSTRUM_BENCH_SLIDES", 10))
		if err != nil {
			return err
		}
		return Fill(context.Background(), args[0], &mill{Mill: of, n: of.Talks, slides: of.Slides}, progress)
	}})
	os.Exit(m.Run())
}

// fillAside is the Filler of who measures what a rebuild does to others.
func fillAside(ctx context.Context, folder string, progress func(done int)) error {
	return aside.Do(ctx, "mill", []string{folder}, progress)
}

func (m *mill) entry(i int) archive.Entry { return m.Entry(i) }

// tell makes the abstracts that snippets are cut from.
func (m *mill) tell() {
	for i := range m.n {
		m.abstracts = append(m.abstracts, m.entry(i).Abstract...)
		m.ends = append(m.ends, len(m.abstracts))
	}
}

func (m *mill) abstract(i int) string {
	if i >= len(m.ends) { // one talk more, of a run before
		return m.entry(i).Abstract
	}
	if i == 0 {
		return string(m.abstracts[:m.ends[0]])
	}
	return string(m.abstracts[m.ends[i-1]:m.ends[i]])
}

func (m *mill) Changes(_ context.Context, after archive.Revision) iter.Seq2[archive.Change, error] {
	return func(yield func(archive.Change, error) bool) {
		for i := int(after); i < m.n; i++ {
			e := m.entry(i)
			if !yield(archive.Change{Revision: archive.Revision(i + 1), Talk: e.ID, Entry: &e}, nil) {
				return
			}
		}
	}
}

// queries makes n different queries of a kind, answered by some talk at least;
// another seed makes others.
func (m *mill) queries(kind string, seed uint64, n int) [][]string {
	rng := rand.New(rand.NewPCG(seed, uint64(len(kind))))
	var out [][]string
	known := map[string]bool{}
	for len(out) < n {
		if last := len(out) - 1; last >= 0 {
			if key := strings.Join(out[last], " "); known[key] {
				out = out[:last]
			} else {
				known[key] = true
			}
		}
		e := m.entry(rng.IntN(m.n))
		words := slices.DeleteFunc(fold.Words(e.Abstract), func(w string) bool { return len(w) < 4 || !isASCII(w) || isStopWord(w, nil) })
		if len(words) < 10 {
			continue
		}
		at := rng.IntN(len(words) - 3)
		switch kind {
		case "1 word":
			out = append(out, words[at:at+1])
		case "2-3 words":
			out = append(out, words[at:at+2+rng.IntN(2)])
		case "phrase":
			all := fold.Words(e.Abstract)
			at = rng.IntN(len(all) - 2)
			if isASCII(all[at] + all[at+1]) {
				out = append(out, all[at:at+2])
			}
		case "prefix":
			out = append(out, []string{words[at][:4]})
		case "typo":
			out = append(out, []string{mistype(rng, words[at]), words[at+1]})
		}
	}
	return out
}

func kinds() []string { return []string{"1 word", "2-3 words", "phrase", "prefix", "typo"} }

// times are sorted durations of single queries.
type times []time.Duration

func (t times) at(part float64) float64 {
	slices.Sort(t)
	return float64(t[int(part*float64(len(t)-1))].Microseconds()) / 1000
}

// Seeds of queries: those that warm up and those that are measured.
const (
	warmSeed  = 17
	timedSeed = 5
	fullSeed  = 6 // of those measured with snippets and facets

	clientSeed = 30
)

// warm asks other queries than those that will be measured.
func warm(b *testing.B, ix *Index, m *mill) {
	m.tell()
	began := time.Now()
	v, err := ix.acquire()
	if err != nil {
		b.Fatal(err)
	}
	defer v.release()
	if err := ix.readAhead(b.Context(), v, nil); err != nil {
		b.Fatal(err)
	}
	b.Logf("read ahead in %.1f s: %d words, %d of %d MB", time.Since(began).Seconds(), len(v.lists.byKey), v.lists.bytes>>20, v.lists.room>>20)
	for _, kind := range kinds() {
		ours(b, ix, m, kind, m.queries(kind, warmSeed, 100), true)
	}
}

// BenchmarkOurs measures our own side alone, one kind of query after another.
func BenchmarkOurs(b *testing.B) {
	m := newMill(b, benchTalks())
	ix := openDir(b, filepath.Join(benchFolder(b, m), "index"), m)
	catchUp(b, ix)
	learned(b, ix)
	warm(b, ix, m)
	for _, kind := range kinds() {
		for _, name := range []string{"bare", "full"} {
			full, seed := name == "full", uint64(timedSeed)
			if full {
				seed = fullSeed
			}
			queries := m.queries(kind, seed, 300)
			b.Run(strings.ReplaceAll(kind, " ", "-")+"/"+name, func(b *testing.B) {
				var t times
				for b.Loop() {
					t = append(t, ours(b, ix, m, kind, queries, full)...)
				}
				b.ReportMetric(t.at(.5), "p50-ms")
				b.ReportMetric(t.at(.95), "p95-ms")
				b.ReportMetric(t.mean(), "mean-ms")
			})
		}
	}
	for _, full := range []bool{false, true} {
		b.Run(fmt.Sprintf("8-clients/full=%v", full), func(b *testing.B) {
			b.ReportMetric(clients(b, ix, m, full), "requests/s")
		})
	}
	b.Run("heap", func(b *testing.B) {
		var mem runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&mem)
		b.ReportMetric(float64(mem.HeapAlloc>>20), "MB")
	})
}

func (t times) mean() float64 {
	sum := time.Duration(0)
	for _, one := range t {
		sum += one
	}
	return float64(sum.Microseconds()) / 1000 / float64(len(t))
}

func BenchmarkAtSize(b *testing.B) {
	m := newMill(b, benchTalks())
	dir := benchFolder(b, m)
	began := time.Now()
	ix := openDir(b, filepath.Join(dir, "index"), m)
	catchUp(b, ix)
	if err := ix.gen.settle(); err != nil {
		b.Fatal(err)
	}
	indexing := time.Since(began)
	began = time.Now()
	learned(b, ix)
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	text := textBytes(m)
	b.Logf("%d talks, %d slides, %d MB of text: indexed in %.1f s (%.0f documents/s, making the text included), learned in %.1f s, %d MB of heap",
		m.n, m.n*m.slides, text>>20, indexing.Seconds(), float64(m.n*(m.slides+1))/indexing.Seconds(), time.Since(began).Seconds(), mem.HeapAlloc>>20)
	time.Sleep(2 * time.Second) // merging goes on for a while
	b.Logf("index: %.2f bytes per byte of text", float64(folderBytes(b, filepath.Join(dir, "index")))/float64(text))
	peer := newFTS5(b, dir, m)
	warm(b, ix, m)
	for _, kind := range kinds() {
		queries := m.queries(kind, timedSeed, 60)
		bare := ours(b, ix, m, kind, queries, false)
		full := ours(b, ix, m, kind, m.queries(kind, fullSeed, 60), true)
		theirs, slides := peer.run(b, kind, queries, "talks"), peer.run(b, kind, queries, "slides")
		b.Logf("%-10s p50/p95 ms: ours %.2f/%.2f, with snippets and all facets %.2f/%.2f; FTS5 talks %.2f/%.2f, slides %.2f/%.2f", kind,
			bare.at(.5), bare.at(.95), full.at(.5), full.at(.95), theirs.at(.5), theirs.at(.95), slides.at(.5), slides.at(.95))
		b.ReportMetric(slides.at(.5)/bare.at(.5), "x-FTS5-"+strings.ReplaceAll(kind, " ", "-"))
	}
	b.Logf("8 clients, 2-3 words: %.0f requests/s bare, %.0f with snippets and all facets", clients(b, ix, m, false), clients(b, ix, m, true))
	m.n = int(ix.Revision()) + 1 // one talk more
	began = time.Now()
	catchUp(b, ix)
	b.Logf("one talk added: found after %.0f ms", float64(time.Since(began).Microseconds())/1000)
}

func textBytes(m *mill) int {
	total, sample := 0, min(m.n, 500)
	for i := range sample {
		e := m.entry(i)
		total += len(e.Title) + len(e.Abstract) + len(e.EditionTitle) + len(strings.Join(e.Topics, " ")) + len(names(e))
		for _, s := range e.DeckSlides[0] {
			total += len(s.Text)
		}
	}
	return total / sample * m.n
}

func folderBytes(b *testing.B, dir string) int64 {
	total := int64(0)
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	return total
}

func written(kind string, words []string) string {
	switch kind {
	case "phrase":
		return `"` + strings.Join(words, " ") + `"`
	case "prefix":
		return words[0] + "*"
	}
	return strings.Join(words, " ")
}

func ours(b *testing.B, ix *Index, m *mill, kind string, queries [][]string, full bool) times {
	var t times
	for _, words := range queries {
		began := time.Now()
		one(b, ix, m, written(kind, words), full)
		t = append(t, time.Since(began))
	}
	return t
}

// one asks as a page does: ten hits, and when full their snippets and all facets.
func one(b *testing.B, ix *Index, m *mill, query string, full bool) {
	res := ask(b, ix, Request{Query: Parse(query), Limit: 10, Facets: full})
	if !full {
		return
	}
	marker := res.Marker()
	for _, h := range res.Hits {
		i, err := strconv.Atoi(string(h.Talk[strings.LastIndex(string(h.Talk), "/t")+2:]))
		if err != nil {
			b.Fatal(err)
		}
		marker.Fragments(m.abstract(i), 2)
	}
}

func clients(b *testing.B, ix *Index, m *mill, full bool) float64 {
	const each = 100
	seed := uint64(clientSeed)
	if full {
		seed++
	}
	queries := m.queries("2-3 words", seed, 8*each)
	began := time.Now()
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for i := range each {
				one(b, ix, m, strings.Join(queries[c*each+i], " "), full)
			}
		})
	}
	wg.Wait()
	return 8 * each / time.Since(began).Seconds()
}

// fts5 is the peer: SQLite's own search, as modernc compiles it to Go.
type fts5 struct{ db *sql.DB }

func newFTS5(b *testing.B, dir string, m *mill) *fts5 {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "peer.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	ctx := context.Background()
	exec := func(q string, args ...any) {
		if _, err := db.ExecContext(ctx, q, args...); err != nil {
			b.Fatal(err)
		}
	}
	if ids, err := (&fts5{db}).ids("SELECT count(*) FROM talks_docsize WHERE id >= ?", "0"); err == nil && ids[0] == m.n {
		return &fts5{db} // kept from a run before
	}
	exec("CREATE VIRTUAL TABLE talks USING fts5(title, abstract, tokenize='porter unicode61')")
	exec("CREATE VIRTUAL TABLE slides USING fts5(text, tokenize='porter unicode61')")
	began := time.Now()
	for i := 0; i < m.n; i += 1000 {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			b.Fatal(err)
		}
		talk, err := tx.PrepareContext(ctx, "INSERT INTO talks(rowid, title, abstract) VALUES (?, ?, ?)")
		if err != nil {
			b.Fatal(err)
		}
		slide, err := tx.PrepareContext(ctx, "INSERT INTO slides(rowid, text) VALUES (?, ?)")
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = talk.Close() }()
		defer func() { _ = slide.Close() }()
		for k := i; k < min(i+1000, m.n); k++ {
			e := m.entry(k)
			if _, err := talk.ExecContext(ctx, k, e.Title, e.Abstract); err != nil {
				b.Fatal(err)
			}
			for n, s := range e.DeckSlides[0] {
				if _, err := slide.ExecContext(ctx, k*m.slides+n, s.Text); err != nil {
					b.Fatal(err)
				}
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(began)
	b.Logf("FTS5 indexed in %.1f s (%.0f documents/s)", took.Seconds(), float64(m.n*(m.slides+1))/took.Seconds())
	return &fts5{db}
}

func (f *fts5) run(b *testing.B, kind string, queries [][]string, table string) times {
	var t times
	for _, words := range queries {
		var match string
		switch kind {
		case "phrase":
			match = `"` + strings.Join(words, " ") + `"`
		case "prefix":
			match = `"` + words[0] + `"*`
		default:
			match = `"` + strings.Join(words, `" OR "`) + `"`
		}
		rank := "bm25(talks, 2, 1)"
		if table == "slides" {
			rank = "bm25(slides)"
		}
		began := time.Now()
		if _, err := f.ids("SELECT rowid FROM "+table+" WHERE "+table+" MATCH ? ORDER BY "+rank+" LIMIT 10", match); err != nil {
			b.Fatal(err)
		}
		t = append(t, time.Since(began))
	}
	return t
}

// ids returns the numbers that a statement finds.
func (f *fts5) ids(statement, match string) ([]int, error) {
	rows, err := f.db.QueryContext(context.Background(), statement, match)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var id int
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
