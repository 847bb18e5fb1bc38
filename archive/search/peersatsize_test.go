package search

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2"
)

// BenchmarkPeers asks the same of ours, FTS5 as modernc compiles it, bleve as it
// comes, Xapian and PostgreSQL, over the same texts in one run, and prints one
// table. The last two are asked by internal/tools/peers.py, which says what is
// missing; without python they are left out.
//
//	ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench '^BenchmarkPeers$' -benchtime 1x -timeout 4h ./archive/search
//
// Ours searches talks and slides at once; the others have a table of each, and
// are measured on both. Filling them takes an hour at that size, of which bleve,
// left out by ROSTRUM_BENCH_BLEVE=0, is half; with ROSTRUM_BENCH_FOLDER they are
// filled once.
func BenchmarkPeers(b *testing.B) {
	m := newMill(b, benchTalks())
	dir := benchFolder(b, m)
	queries := map[string][][]string{}
	for _, kind := range kinds() {
		queries[kind] = m.queries(kind, timedSeed, 40)
	}
	queries["facets"] = m.queries("2-3 words", fullSeed, 40)
	queries["clients"] = m.queries("2-3 words", clientSeed, 800)
	t := &figures{times: map[string]times{}, rates: map[string]float64{}}
	t.ours(b, dir, m, queries)
	t.fts5(b, dir, m, queries)
	if os.Getenv("ROSTRUM_BENCH_BLEVE") != "0" {
		t.bleve(b, dir, m, queries)
	}
	t.python(b, m, queries)
	t.print()
}

// figures gathers times by column and kind, and rates by column.
type figures struct {
	columns []string
	times   map[string]times
	rates   map[string]float64
}

func (t *figures) put(column, kind string, took times) {
	if !slices.Contains(t.columns, column) {
		t.columns = append(t.columns, column)
	}
	if kind != "" {
		t.times[column+"|"+kind] = took
	}
}

func (t *figures) run(column, kind string, queries [][]string, ask func(words []string)) {
	ask(queries[0])
	var took times
	for _, words := range queries {
		began := time.Now()
		ask(words)
		took = append(took, time.Since(began))
	}
	t.put(column, kind, took)
}

// crowd counts the requests a second of eight clients.
func (t *figures) crowd(column string, queries [][]string, ask func(words []string)) {
	began := time.Now()
	var wg sync.WaitGroup
	for c := range 8 {
		wg.Go(func() {
			for i := c; i < len(queries); i += 8 {
				ask(queries[i])
			}
		})
	}
	wg.Wait()
	t.rates[column] = float64(len(queries)) / time.Since(began).Seconds()
}

func (t *figures) ours(b *testing.B, dir string, m *mill, queries map[string][][]string) {
	ix := openDir(b, filepath.Join(dir, "index"), m)
	catchUp(b, ix)
	learned(b, ix)
	warm(b, ix, m)
	for kind, list := range queries {
		switch kind {
		case "clients":
			t.crowd("ours", list, func(words []string) { one(b, ix, m, strings.Join(words, " "), false) })
		case "facets":
			t.run("ours", kind, list, func(words []string) {
				ask(b, ix, Request{Query: Parse(strings.Join(words, " ")), Limit: 10, Facets: true})
			})
		default:
			t.run("ours", kind, list, func(words []string) { one(b, ix, m, written(kind, words), false) })
		}
	}
}

// tables are those that a peer has anything in.
func tables(m *mill) []string {
	if m.slides == 0 {
		return []string{"talks"}
	}
	return []string{"talks", "slides"}
}

func (t *figures) fts5(b *testing.B, dir string, m *mill, queries map[string][][]string) {
	peer := newFTS5(b, dir, m)
	for _, table := range tables(m) {
		column := "FTS5 " + table
		for _, kind := range kinds() {
			if kind != "typo" { // of which it knows nothing
				t.put(column, kind, peer.run(b, kind, queries[kind], table))
			}
		}
		t.crowd(column, queries["clients"][:200], func(words []string) { peer.run(b, "2-3 words", [][]string{words}, table) })
	}
}

// bleve is asked with its own mapping and its own scoring.
func (t *figures) bleve(b *testing.B, dir string, m *mill, queries map[string][][]string) {
	for _, table := range tables(m) {
		path := filepath.Join(dir, "bleve-"+table)
		ix, err := bleve.Open(path)
		if err != nil {
			ix = fillBleve(b, path, table, m)
		}
		search := func(kind string, words []string) {
			req := bleve.NewSearchRequest(bleve.NewMatchQuery(strings.Join(words, " ")))
			switch kind {
			case "phrase":
				req.Query = bleve.NewMatchPhraseQuery(strings.Join(words, " "))
			case "prefix":
				req.Query = bleve.NewPrefixQuery(words[0])
			case "typo":
				q := bleve.NewMatchQuery(strings.Join(words, " "))
				q.SetFuzziness(1)
				req.Query = q
			case "facets":
				for _, f := range []string{"year", "series", "people", "topics"} {
					req.AddFacet(f, bleve.NewFacetRequest(f, 20))
				}
			}
			if _, err := ix.Search(req); err != nil {
				b.Fatal(err)
			}
		}
		column := "bleve " + table
		for _, kind := range append(kinds(), "facets") {
			if kind != "facets" || table == "talks" {
				t.run(column, kind, queries[kind], func(words []string) { search(kind, words) })
			}
		}
		t.crowd(column, queries["clients"], func(words []string) { search("2-3 words", words) })
		if err := ix.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func fillBleve(b *testing.B, path, table string, m *mill) bleve.Index {
	ix, err := bleve.New(path, bleve.NewIndexMapping())
	if err != nil {
		b.Fatal(err)
	}
	batch := ix.NewBatch()
	flush := func() {
		if err := ix.Batch(batch); err != nil {
			b.Fatal(err)
		}
		batch = ix.NewBatch()
	}
	for i := range m.n {
		e := m.entry(i)
		if table == "talks" {
			doc := map[string]string{"title": e.Title, "abstract": e.Abstract, "year": strconv.Itoa(e.EditionYear), "series": e.SeriesName, "people": names(e), "topics": strings.Join(e.Topics, " ")}
			if err := batch.Index(string(e.ID), doc); err != nil {
				b.Fatal(err)
			}
		} else {
			for n, s := range e.DeckSlides[0] {
				if err := batch.Index(fmt.Sprintf("%s/%d", e.ID, n), map[string]string{"text": s.Text}); err != nil {
					b.Fatal(err)
				}
			}
		}
		if batch.Size() >= 1000 {
			flush()
		}
	}
	flush()
	return ix
}

// python has Xapian and PostgreSQL asked.
func (t *figures) python(b *testing.B, m *mill, queries map[string][][]string) {
	const interpreter = "/usr/bin/python3" // Debian's packages are for Debian's own
	if _, err := os.Stat(interpreter); err != nil {
		b.Logf("SKIPPED Xapian and PostgreSQL: %v", err)
		return
	}
	folder := peersFolder(b, m)
	export(b, folder, m, queries)
	cmd := exec.CommandContext(b.Context(), interpreter, filepath.Join("..", "..", "internal", "tools", "peers.py"), folder)
	var told bytes.Buffer
	cmd.Stdout, cmd.Stderr = &told, os.Stderr
	if err := cmd.Run(); err != nil {
		b.Fatalf("peers.py: %v", err)
	}
	for l := range strings.Lines(told.String()) {
		var line struct {
			Peer, Table, Kind, Figure string
			Times                     []float64
			Value                     float64
		}
		if err := json.Unmarshal([]byte(l), &line); err != nil {
			b.Fatal(err)
		}
		column := line.Peer + " " + line.Table
		switch {
		case line.Kind != "":
			var took times
			for _, ms := range line.Times {
				took = append(took, time.Duration(ms*float64(time.Millisecond)))
			}
			t.put(column, line.Kind, took)
		case line.Figure == "requests/s":
			t.rates[column] = line.Value
		default:
			fmt.Printf("%s: %.0f %s\n", line.Peer, line.Value, line.Figure)
		}
	}
}

// peersFolder is beside the indices that are kept, else a new one; not in a
// test's own folder, which is closed to the user that PostgreSQL runs as.
func peersFolder(b *testing.B, m *mill) string {
	folder := filepath.Join(benchFolder(b, m), "peers")
	var err error
	if os.Getenv("ROSTRUM_BENCH_FOLDER") != "" {
		err = os.MkdirAll(folder, 0o755) //nolint:gosec // another user's server has its folder in it
	} else if folder, err = os.MkdirTemp("", "rostrum-peers"); err == nil {
		b.Cleanup(func() { _ = os.RemoveAll(folder) })
		err = os.Chmod(folder, 0o755) //nolint:gosec // the same
	}
	if err != nil {
		b.Fatal(err)
	}
	return folder
}

// export writes the texts and queries as peers.py reads them.
func export(b *testing.B, folder string, m *mill, queries map[string][][]string) {
	plain := strings.NewReplacer("\t", " ", "\n", " ", "\r", " ", "\\", " ", "\x00", " ")
	create := func(name string) (*bufio.Writer, func()) {
		f, err := os.Create(filepath.Join(folder, name))
		if err != nil {
			b.Fatal(err)
		}
		w := bufio.NewWriterSize(f, 1<<20)
		return w, func() {
			if err := w.Flush(); err != nil {
				b.Fatal(err)
			}
			if err := f.Close(); err != nil {
				b.Fatal(err)
			}
		}
	}
	talks, closeTalks := create("talks.tsv")
	slides, closeSlides := create("slides.tsv")
	for i := range m.n {
		e := m.entry(i)
		row := []string{strconv.Itoa(i), e.Title, names(e), strings.Join(e.Topics, " "), e.Abstract, strconv.Itoa(e.EditionYear), e.SeriesName}
		for i := range row {
			row[i] = plain.Replace(row[i])
		}
		fmt.Fprintln(talks, strings.Join(row, "\t"))
		for n, s := range e.DeckSlides[0] {
			fmt.Fprintf(slides, "%d\t%s\n", i*m.slides+n, plain.Replace(s.Text))
		}
	}
	closeTalks()
	closeSlides()
	text, err := json.Marshal(queries)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "queries.json"), text, 0o600); err != nil {
		b.Fatal(err)
	}
}

// print writes the table: milliseconds p50/p95, and how many times as long as ours.
func (t *figures) print() {
	rows := append(kinds(), "facets")
	var s strings.Builder
	fmt.Fprintf(&s, "\n%-20s", "p50/p95 ms (× ours)")
	for _, kind := range rows {
		fmt.Fprintf(&s, " %-24s", kind)
	}
	fmt.Fprintf(&s, " %s\n", "8 clients, requests/s")
	for _, column := range t.columns {
		fmt.Fprintf(&s, "%-20s", column)
		for _, kind := range rows {
			took, own := t.times[column+"|"+kind], t.times["ours|"+kind]
			cell := "–"
			if len(took) > 0 {
				cell = fmt.Sprintf("%.2f/%.2f (%.1f/%.1f)", took.at(.5), took.at(.95), took.at(.5)/own.at(.5), took.at(.95)/own.at(.95))
			}
			fmt.Fprintf(&s, " %-24s", cell)
		}
		fmt.Fprintf(&s, " %.0f (ours %.2f of it)\n", t.rates[column], t.rates["ours"]/t.rates[column])
	}
	fmt.Println(s.String())
}
