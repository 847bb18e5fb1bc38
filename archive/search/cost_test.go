package search

import (
	"fmt"
	"hash/crc32"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// BenchmarkCost measures what a query of two or three words costs in processor
// time, the collector's included: on a machine that others use as well that is
// steadier than the time it takes. The sum over all pages tells whether two
// builds find the same.
//
//	ROSTRUM_BENCH_FOLDER=/kept/here ROSTRUM_BENCH_TALKS=100000 go test -v -run '^$' -bench '^BenchmarkCost$' -benchtime 1x ./archive/search
func BenchmarkCost(b *testing.B) {
	m := newMill(b, benchTalks())
	ix := openDir(b, filepath.Join(benchFolder(b, m), "index"), m)
	catchUp(b, ix)
	learned(b, ix)
	warm(b, ix, m)
	queries := m.queries("2-3 words", clientSeed, 800)
	for _, kind := range []string{"first", "again", "facets", "full"} {
		b.Run(kind, func(b *testing.B) {
			rounds := 5
			if kind == "first" {
				rounds = 1
			}
			pages := crc32.NewIEEE()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := processorTime(b)
			for range rounds {
				for _, words := range queries {
					text := strings.Join(words, " ")
					if kind == "full" {
						one(b, ix, m, text, true)
						continue
					}
					res := ask(b, ix, Request{Query: Parse(text), Limit: 10, Facets: kind == "facets"})
					fmt.Fprintln(pages, res.Total, res.Hits)
				}
			}
			n := float64(rounds * len(queries))
			took := processorTime(b) - began
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(took.Microseconds())/n, "cpu-µs/query")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/n, "allocs/query")
			b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/n, "B/query")
			b.ReportMetric(float64(after.NumGC-before.NumGC), "collections")
			b.Logf("pages: %08x", pages.Sum32())
		})
	}
}

// processorTime is what the process has used of it.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
