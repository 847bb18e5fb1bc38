package search

import (
	"context"
	"database/sql"
	"iter"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rostrum/archive"
)

// BenchmarkIndexing fills an index from nothing and an FTS5 table with the same
// texts, one after the other, until both have had two turns, and prints the
// better turn of each.
//
//	ROSTRUM_BENCH_TALKS=10000 go test -run '^$' -bench '^BenchmarkIndexing$' -benchtime 1x ./archive/search
func BenchmarkIndexing(b *testing.B) {
	m := newMill(b, benchTalks())
	docs := float64(m.n * (m.slides + 1))
	own, theirs := time.Hour, time.Hour
	for range 2 {
		theirs = min(theirs, indexFTS5(b, m))
		took, most := indexOurs(b, m)
		own = min(own, took)
		b.Logf("memory while indexing: %d MB at most", most>>20)
	}
	b.Logf("%d talks with %d slides each: ours %.0f documents/s, FTS5 %.0f: %.2f of it", m.n, m.slides,
		docs/own.Seconds(), docs/theirs.Seconds(), theirs.Seconds()/own.Seconds())
	b.ReportMetric(theirs.Seconds()/own.Seconds(), "x-FTS5")
}

// indexOurs returns how long filling took, until all is on disk, merged and
// found, and how much memory the process had at most.
func indexOurs(b *testing.B, m *mill) (time.Duration, uint64) {
	dir := b.TempDir()
	runtime.GC()
	most, stop := peak()
	began := time.Now()
	ix := openDir(b, filepath.Join(dir, "index"), m)
	catchUp(b, ix)
	if err := ix.gen.settle(); err != nil {
		b.Fatal(err)
	}
	took := time.Since(began)
	stop()
	b.Logf("ours: %.2f s, %.2f bytes on disk per byte of text", took.Seconds(),
		float64(folderBytes(b, filepath.Join(dir, "index")))/float64(textBytes(m)))
	if err := ix.Close(); err != nil {
		b.Fatal(err)
	}
	return took, most.Load()
}

// peak watches how much memory Go has from the system.
func peak() (most *atomic.Uint64, stop func()) {
	most = &atomic.Uint64{}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		for {
			metrics.Read(s)
			most.Store(max(most.Load(), s[0].Value.Uint64()-s[1].Value.Uint64()))
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return most, func() {
		close(done)
		<-ended
	}
}

// indexFTS5 writes what we index of a talk, column by column.
func indexFTS5(b *testing.B, m *mill) time.Duration {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "peer.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	ctx := context.Background()
	must := func(_ sql.Result, err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	must(db.ExecContext(ctx, "CREATE VIRTUAL TABLE talks USING fts5(title, people, affiliations, topics, abstract, around, tokenize='porter unicode61')"))
	must(db.ExecContext(ctx, "CREATE VIRTUAL TABLE slides USING fts5(text, tokenize='porter unicode61')"))
	began := time.Now()
	for i := 0; i < m.n; i += 1000 {
		func() {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				b.Fatal(err)
			}
			talk, err := tx.PrepareContext(ctx, "INSERT INTO talks(rowid, title, people, affiliations, topics, abstract, around) VALUES (?, ?, ?, ?, ?, ?, ?)")
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = talk.Close() }()
			slide, err := tx.PrepareContext(ctx, "INSERT INTO slides(rowid, text) VALUES (?, ?)")
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = slide.Close() }()
			for k := i; k < min(i+1000, m.n); k++ {
				e := m.entry(k)
				var affils []string
				for _, c := range e.Speakers {
					affils = append(affils, c.Affiliation)
				}
				must(talk.ExecContext(ctx, k, e.Title, names(e), strings.Join(affils, " "), strings.Join(e.Topics, " "), e.Abstract,
					e.EditionTitle+" "+e.SeriesName+" "+strconv.Itoa(e.EditionYear)))
				for _, deck := range e.DeckSlides {
					for n, s := range deck {
						must(slide.ExecContext(ctx, k*(m.slides+1)+n, s.Text))
					}
				}
			}
			if err := tx.Commit(); err != nil {
				b.Fatal(err)
			}
		}()
	}
	took := time.Since(began)
	b.Logf("FTS5: %.2f s", took.Seconds())
	return took
}

// BenchmarkFoundAfterAdd adds talks to an archive that is being searched, one
// at a time, and prints how long each takes until it is found, from when the
// index is told to look. A server looks every 0.3 s (see look in cmd/rostrum).
//
//	ROSTRUM_BENCH_TALKS=100000 go test -run '^$' -bench FoundAfterAdd -benchtime 1x -timeout 1h ./archive/search
func BenchmarkFoundAfterAdd(b *testing.B) {
	m := newMill(b, benchTalks())
	ix := openDir(b, filepath.Join(benchFolder(b, m), "index"), m)
	began := time.Now()
	catchUp(b, ix)
	b.Logf("CatchUp from what was there: %.2f s", time.Since(began).Seconds())
	learned(b, ix)
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	b.Logf("%d talks with %d slides each: %d MB of heap, %d MB from the system", m.n, m.slides, mem.HeapAlloc>>20, (mem.Sys-mem.HeapReleased)>>20)
	feed := &added{mill: m}
	ix.feed = feed
	var t times
	for range 20 {
		word := "zyzzyva" + strconv.Itoa(len(feed.entries))
		e := m.entry(len(feed.entries))
		e.ID, e.Title = archive.TalkID("added/2025/"+word), e.Title+" "+word
		feed.entries = append(feed.entries, e)
		began := time.Now()
		catchUp(b, ix)
		if got := find(b, ix, word); len(got) != 1 || got[0] != e.ID {
			b.Fatalf("%s: found %v", word, got)
		}
		t = append(t, time.Since(began))
	}
	b.Logf("found after p50 %.0f ms, at most %.0f ms", t.at(.5), t.at(1))
	b.ReportMetric(t.at(.5), "ms-found")
}

// added is a mill with talks of one's own behind its own.
type added struct {
	*mill
	entries []archive.Entry
}

func (a *added) Changes(ctx context.Context, after archive.Revision) iter.Seq2[archive.Change, error] {
	return func(yield func(archive.Change, error) bool) {
		for c, err := range a.mill.Changes(ctx, after) {
			if !yield(c, err) {
				return
			}
		}
		for i := range a.entries {
			r := archive.Revision(a.n + i + 1)
			if r > after && !yield(archive.Change{Revision: r, Talk: a.entries[i].ID, Entry: &a.entries[i]}, nil) {
				return
			}
		}
	}
}
