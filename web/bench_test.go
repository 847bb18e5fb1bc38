package web

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/archive"
	"rostrum/archive/search"
)

// BenchmarkPages measures whole pages, as sent, over the pyvideo archive where
// it is at hand (21,715 talks). Report: time for one request, one after another.
//
//	go test ./web -run '^$' -bench Pages
func BenchmarkPages(b *testing.B) {
	handler, _ := benchSite(b, 0)
	for _, address := range []string{
		"/", "/search?q=python+data+analysis", "/search?q=asyncio", "/search?q=year:2017+kind:keynote", "/api/v1/search?q=python+data+analysis", "/api/v1/suggest?q=pyth",
		"/pycon-us", "/people?letter=s", "/topics", "/editions", "/statistics", "/feed.atom",
	} {
		b.Run(address, func(b *testing.B) {
			for b.Loop() {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, address, nil))
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}

// benchSite is a site over the talks of pyvideo, or of as many as are wanted,
// gatherings being held again under other names; with the titles of some.
func benchSite(b *testing.B, talks int) (http.Handler, []string) {
	const big = "../../shared/data/talks/pyvideo.jsonl.gz"
	db := newStore(b)
	var titles []string
	for round, n, added := 0, 0, 0; round == 0 || added < talks; round++ {
		file, err := os.Open(big)
		if err != nil {
			b.Skip("no pyvideo archive here")
		}
		unzipped, err := gzip.NewReader(file)
		must(b, err)
		lines := bufio.NewScanner(unzipped)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() && (talks == 0 || added < talks) {
			n++
			p, err := archive.DecodeProgramme(lines.Bytes(), n)
			must(b, err)
			if round > 0 {
				p.Edition.Title += fmt.Sprint(" again ", round)
			}
			take(b, db, fmt.Sprintf("https://past.example/%d", n), p)
			added += len(p.Items)
			for _, item := range p.Items {
				titles = append(titles, item.Title)
			}
		}
		must(b, errors.Join(lines.Err(), file.Close()))
	}
	ix, err := search.Open(b.Context(), b.TempDir(), db)
	must(b, err)
	b.Cleanup(func() { must(b, ix.Close()) })
	_, err = ix.CatchUp(b.Context())
	must(b, err)
	must(b, ix.Learn(b.Context()))
	site := New(Config{DB: db, Index: ix, Pictures: fakePictures{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return site.Handler(), titles
}

// BenchmarkSearchPage measures the whole results page with eight clients at
// once, each asking two or three words of a title that nobody else asks:
//
//	ROSTRUM_BENCH_TALKS=100000 go test ./web -run '^$' -bench SearchPage -benchtime 1x -timeout 2h
func BenchmarkSearchPage(b *testing.B) {
	talks, _ := strconv.Atoi(os.Getenv("ROSTRUM_BENCH_TALKS")) // 0 is all of pyvideo
	handler, titles := benchSite(b, talks)
	const clients, each, warm = 8, 100, 20
	rng := rand.New(rand.NewPCG(8, 1)) //nolint:gosec // the same questions each time
	var took []time.Duration
	var mu sync.Mutex
	for b.Loop() {
		var wg sync.WaitGroup
		for range clients {
			var questions []string
			for len(questions) < each+warm {
				words := strings.Fields(titles[rng.IntN(len(titles))])
				if len(words) > 3 {
					at := rng.IntN(len(words) - 3)
					questions = append(questions, strings.Join(words[at:at+2+rng.IntN(2)], " "))
				}
			}
			wg.Go(func() {
				for i, q := range questions {
					began := time.Now()
					w := httptest.NewRecorder()
					handler.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/search?q="+url.QueryEscape(q), nil))
					if w.Code != http.StatusOK {
						b.Error(w.Code, q)
					}
					if i >= warm {
						mu.Lock()
						took = append(took, time.Since(began))
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
}
