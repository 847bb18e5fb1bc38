package web

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"rostrum/archive/archivetest/mill"
	"rostrum/archive/search"
	"rostrum/archive/store"
	"rostrum/internal/aside"
)

// BenchmarkRebuildBehindPages asks for whole pages of results while nothing else
// is done, then while the index is made again in a process aside, as a server has
// it, and takes the other's place: of as many rebuilds together as -benchtime
// says. First two visitors ask who pause between pages, then eight that never do.
// It prints how many pages took longer than three times what 95 of 100 usually
// take at most. Sizes and folder are those of BenchmarkSearchPage.
//
//	ROSTRUM_BENCH_FOLDER=/kept/here ROSTRUM_BENCH_TALKS=20000 ROSTRUM_BENCH_SLIDES=0 go test -v -run '^$' -bench RebuildBehindPages -benchtime 5x -timeout 2h ./web
func BenchmarkRebuildBehindPages(b *testing.B) {
	m := mill.New(b, benchNumber("ROSTRUM_BENCH_TALKS", 5000), benchNumber("ROSTRUM_BENCH_SLIDES", 10))
	handler, ix, db := madeSite(b, m)
	fill := func(ctx context.Context, folder string, progress func(done int)) error {
		return aside.Do(ctx, "index", []string{db.Dir(), folder}, progress)
	}
	settled(b)
	questions := titleWords(m, rand.New(rand.NewPCG(9, 1)), 500) //nolint:gosec // the same questions each time
	all := []visitors{{"2 visitors, 50 ms between pages", 2, 50 * time.Millisecond}, {"8 visitors without a pause", 8, 0}}
	usual, rebuilding := make([][]time.Duration, len(all)), make([][]time.Duration, len(all))
	for b.Loop() {
		for i, v := range all {
			v.during(b, handler, questions, func() { time.Sleep(5 * time.Second) }) // to warm up
			usual[i] = append(usual[i], v.during(b, handler, questions, func() { time.Sleep(10 * time.Second) })...)
			rebuilding[i] = append(rebuilding[i], v.during(b, handler, questions, func() {
				must(b, ix.RebuildBy(context.Background(), fill, nil))
				time.Sleep(2 * time.Second)
			})...)
		}
	}
	for i, v := range all {
		slices.Sort(usual[i])
		slices.Sort(rebuilding[i])
		bound := 3 * share(usual[i], .95)
		told := func(took []time.Duration) string {
			return fmt.Sprintf("p50 %v p95 %v at most %v, %d of %d slower than %v (3 times the usual p95)",
				share(took, .5), share(took, .95), share(took, 1), slower(took, bound), len(took), bound)
		}
		b.Logf("%s, %d times:\n\tusually     %s\n\trebuilding  %s", v.name, b.N, told(usual[i]), told(rebuilding[i]))
		b.ReportMetric(float64(slower(rebuilding[i], bound)), fmt.Sprintf("slow-of-%d", v.count))
	}
}

// TestMain makes the index of a store where it was started to do so aside.
func TestMain(m *testing.M) {
	aside.Main(map[string]aside.Work{"index": func(args []string, progress func(int)) error {
		db, err := store.Open(context.Background(), args[0])
		if err != nil {
			return err
		}
		return errors.Join(search.Fill(context.Background(), args[1], db, progress), db.Close())
	}})
	os.Exit(m.Run())
}

type visitors struct {
	name  string
	count int
	pause time.Duration
}

// during returns how long pages took that were asked for until do was done.
func (v visitors) during(b *testing.B, handler http.Handler, questions []string, do func()) []time.Duration {
	done := make(chan struct{})
	took := make([][]time.Duration, v.count)
	var wg sync.WaitGroup
	for n := range v.count {
		wg.Go(func() {
			for i := n * 61; ; i++ {
				select {
				case <-done:
					return
				default:
					time.Sleep(v.pause)
				}
				took[n] = append(took[n], onePage(b, handler, questions[i%len(questions)]))
			}
		})
	}
	do()
	close(done)
	wg.Wait()
	return slices.Concat(took...)
}

func share(sorted []time.Duration, p float64) time.Duration {
	return sorted[int(p*float64(len(sorted)-1))].Round(10 * time.Microsecond)
}

func slower(sorted []time.Duration, bound time.Duration) int {
	at, _ := slices.BinarySearch(sorted, bound)
	return len(sorted) - at
}
