package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rostrum/archive"
	"rostrum/archive/archivetest/mill"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// BenchmarkSearchPage measures whole pages of results, compressed as browsers
// ask for them: first one client, for the time of the processor that a page
// takes and the memory it leaves to the collector, then eight at once that never
// pause. Each asks two or three words of a
// title that nobody else asks. Talks are made (see mill), with ten slides each
// or ROSTRUM_BENCH_SLIDES, in a real store; filling one takes half an hour for
// 100000 talks with a million slides, and ROSTRUM_BENCH_FOLDER keeps it:
//
//	ROSTRUM_BENCH_FOLDER=/kept/here ROSTRUM_BENCH_TALKS=100000 go test -v -run '^$' -bench SearchPage -benchtime 1x -timeout 2h ./web
func BenchmarkSearchPage(b *testing.B) {
	m := mill.New(b, benchNumber("ROSTRUM_BENCH_TALKS", 5000), benchNumber("ROSTRUM_BENCH_SLIDES", 10))
	handler, _, _ := madeSite(b, m)
	settled(b)
	const each, warm = 200, 20
	rng := rand.New(rand.NewPCG(8, 1)) //nolint:gosec // the same questions each time
	for _, clients := range []int{1, 8} {
		asked := make([][]string, clients)
		for i := range asked {
			asked[i] = titleWords(m, rng, each+warm)
		}
		b.Run(fmt.Sprintf("clients-%d", clients), func(b *testing.B) {
			for b.Loop() {
				pagesAtOnce(b, handler, asked, warm) // to warm up
				runtime.GC()
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				began, cpu := time.Now(), cpuTime(b)
				took := pagesAtOnce(b, handler, asked, 0)
				all, worked := time.Since(began), cpuTime(b)-cpu
				runtime.ReadMemStats(&after)
				slices.Sort(took)
				for name, part := range map[string]float64{"p50-ms": .5, "p95-ms": .95, "p99-ms": .99, "max-ms": 1} {
					b.ReportMetric(float64(took[int(part*float64(len(took)-1))].Microseconds())/1000, name)
				}
				b.ReportMetric(float64(len(took))/all.Seconds(), "pages/s")
				b.ReportMetric(worked.Seconds()*1000/float64(len(took)), "cpu-ms/page")
				b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(len(took))/1024, "KB/page")
				b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(len(took)), "allocs/page")
			}
		})
	}
	var mem runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&mem)
	b.Logf("%d talks with %d slides each: %d MB of heap, %d MB taken from the system, %d MB resident", m.Talks, m.Slides, mem.HeapAlloc>>20, mem.Sys>>20, resident(b)>>20)
}

// settled waits for the end of what begins behind a start, after some seconds:
// learning, reading ahead.
func settled(b *testing.B) {
	for before := cpuTime(b); ; before = cpuTime(b) {
		if time.Sleep(5 * time.Second); cpuTime(b)-before < 50*time.Millisecond {
			return
		}
	}
}

func benchNumber(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return otherwise
}

// titleWords are questions of two or three words of some talk's title.
func titleWords(m *mill.Mill, rng *rand.Rand, n int) []string {
	var out []string
	for len(out) < n {
		words := strings.Fields(m.Entry(rng.IntN(m.Talks)).Title)
		if len(words) > 3 {
			at := rng.IntN(len(words) - 3)
			out = append(out, strings.Join(words[at:at+2+rng.IntN(2)], " "))
		}
	}
	return out
}

// pagesAtOnce lets each client ask its questions, the last of them only where
// last is not 0, and returns how long each page took.
func pagesAtOnce(b *testing.B, handler http.Handler, asked [][]string, last int) []time.Duration {
	var took []time.Duration
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, questions := range asked {
		if last > 0 {
			questions = questions[len(questions)-last:]
		}
		wg.Go(func() {
			for _, q := range questions {
				one := onePage(b, handler, q)
				mu.Lock()
				took = append(took, one)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return took
}

// onePage returns how long a page of results took.
func onePage(b *testing.B, handler http.Handler, question string) time.Duration {
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/search?q="+url.QueryEscape(question), nil)
	r.Header.Set("Accept-Encoding", "gzip")
	began := time.Now()
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	took := time.Since(began)
	if w.Code != http.StatusOK {
		b.Error(w.Code, question)
	}
	return took
}

func cpuTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// resident is how much memory of the process is in use, in bytes; 0 where that
// cannot be asked.
func resident(b *testing.B) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kilo, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	must(b, err)
	return kilo << 10
}

// madeSite is a site over a mill's talks, made once where a folder keeps it.
func madeSite(b *testing.B, m *mill.Mill) (http.Handler, *search.Index, *store.DB) {
	dir := b.TempDir()
	if kept := os.Getenv("ROSTRUM_BENCH_FOLDER"); kept != "" {
		dir = filepath.Join(kept, fmt.Sprintf("web-talks-%d-slides-%d", m.Talks, m.Slides))
	}
	began := time.Now()
	db, err := store.Open(b.Context(), dir)
	must(b, err)
	b.Cleanup(func() { must(b, db.Close()) })
	fillStore(b, db, m)
	ix, err := search.Open(b.Context(), filepath.Join(dir, "index"), db)
	must(b, err)
	b.Cleanup(func() { must(b, ix.Close()) })
	_, err = ix.CatchUp(b.Context())
	must(b, err)
	must(b, ix.Learn(b.Context()))
	b.Logf("filled or opened in %.1f s", time.Since(began).Seconds())
	site := New(Config{DB: db, Index: ix, Pictures: fakePictures{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return site.Handler(), ix, db
}

// fillStore takes a mill's talks into a store that lacks them, an edition at a
// time, each with its deck, of which only what was read is kept: a bench asks
// for no file. An edition that a run before has taken whole is passed over.
func fillStore(b *testing.B, db *store.DB, m *mill.Mill) {
	ctx := context.Background()
	editions := map[string]*archive.Programme{}
	var order []string
	for i := range m.Talks {
		title := m.Entry(i).EditionTitle
		p := editions[title]
		if p == nil {
			p = &archive.Programme{}
			editions[title], order = p, append(order, title)
		}
		p.Items = append(p.Items, archive.Item{Room: strconv.Itoa(i)})
	}
	counts, err := db.Counts(ctx)
	must(b, err)
	for _, title := range order[min(counts.Editions, len(order)):] {
		p := editions[title]
		for n, item := range p.Items {
			i, err := strconv.Atoi(item.Room)
			must(b, err)
			e := m.Entry(i)
			p.Edition = archive.EditionInfo{Title: e.EditionTitle, Series: e.SeriesName, StartDate: archive.MakeDate(e.EditionYear, 5, 1), Language: "en"}
			p.Items[n] = e.Item
			if m.Slides == 0 {
				continue
			}
			address := fmt.Sprintf("https://past.example/%d.pdf", i)
			p.Items[n].Slides = []string{address}
			sum := sha256.Sum256([]byte(address))
			d := archive.Deck{Blob: archive.BlobID(hex.EncodeToString(sum[:])), Media: "application/pdf", Reader: 1}
			for _, s := range e.DeckSlides[0] {
				d.Slides = append(d.Slides, sampleSlide(s.Number, s.Text))
			}
			must(b, db.TakeDeck(ctx, d))
			must(b, db.TakeDeckFile(ctx, store.DeckFile{
				Address: address, State: archive.DeckKept, Reason: "not read yet", Blob: d.Blob, Bytes: 1 << 20, Media: d.Media, Name: "slides.pdf", At: sampleTime,
			}))
		}
		take(b, db, "https://past.example/"+url.PathEscape(title), *p)
	}
}
