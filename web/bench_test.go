package web

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"rostrum/archive"
	"rostrum/archive/search"
)

// BenchmarkPages measures whole pages, as sent, over the pyvideo archive where
// it is at hand (21,715 talks). Report: time for one request, one after another.
//
//	go test ./web -run '^$' -bench Pages
func BenchmarkPages(b *testing.B) {
	handler := benchSite(b)
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

// BenchmarkFirstSitemap measures the first view of the sitemap over the same
// archive, when nothing is counted yet.
//
//	go test ./web -run '^$' -bench FirstSitemap -benchtime 1x
func BenchmarkFirstSitemap(b *testing.B) {
	handler := benchSite(b)
	began := cpuTime(b)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/sitemap.xml", nil))
	b.ReportMetric(float64((cpuTime(b)-began).Microseconds())/1000, "first-cpu-ms")
	if w.Code != http.StatusOK {
		b.Fatal(w.Code)
	}
}

// benchSite is a site over the talks of pyvideo.
func benchSite(b *testing.B) http.Handler {
	file, err := os.Open("../../shared/data/talks/pyvideo.jsonl.gz")
	if err != nil {
		b.Skip("no pyvideo archive here")
	}
	db := newStore(b)
	unzipped, err := gzip.NewReader(file)
	must(b, err)
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		p, err := archive.DecodeProgramme(lines.Bytes(), n)
		must(b, err)
		take(b, db, fmt.Sprintf("https://past.example/%d", n), p)
	}
	must(b, errors.Join(lines.Err(), file.Close()))
	ix, err := search.Open(b.Context(), b.TempDir(), db)
	must(b, err)
	b.Cleanup(func() { must(b, ix.Close()) })
	_, err = ix.CatchUp(b.Context())
	must(b, err)
	must(b, ix.Learn(b.Context()))
	site := New(Config{DB: db, Index: ix, Pictures: fakePictures{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return site.Handler()
}
