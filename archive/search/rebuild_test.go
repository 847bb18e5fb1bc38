package search

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// BenchmarkRebuildWhileServing asks while nothing else is done, then while the
// index is made again in a process aside and takes the other's place, as a server
// has it, and prints both: of as many rebuilds together as -benchtime says.
// Clients ask with snippets and facets, as pages do: two that pause between
// questions, then eight that do not.
//
//	ROSTRUM_BENCH_TALKS=10000 go test -run '^$' -bench RebuildWhileServing -benchtime 5x -timeout 1h ./archive/search
func BenchmarkRebuildWhileServing(b *testing.B) {
	m := newMill(b, benchTalks())
	ix := openDir(b, filepath.Join(benchFolder(b, m), "index"), m)
	catchUp(b, ix)
	learned(b, ix)
	warm(b, ix, m)
	all := []clientele{{"2 clients, 20 ms between questions", 2, 20 * time.Millisecond}, {"8 clients without a pause", 8, 0}}
	usual, during := make([]times, len(all)), make([]times, len(all))
	for b.Loop() {
		for i, c := range all {
			usual[i] = append(usual[i], c.ask(b, ix, m, func() { time.Sleep(10 * time.Second) })...)
			during[i] = append(during[i], c.ask(b, ix, m, func() {
				if err := ix.RebuildBy(context.Background(), fillAside, nil); err != nil {
					b.Fatal(err)
				}
				time.Sleep(2 * time.Second)
			})...)
		}
	}
	for i, c := range all {
		bound := 3 * usual[i].at(.95)
		b.Logf("%s, %d times:\n\tusually     %s\n\trebuilding  %s; none failed", c.name, b.N, usual[i].told(bound), during[i].told(bound))
		b.ReportMetric(during[i].at(.95)/usual[i].at(.95), fmt.Sprintf("x-usual-p95-of-%d", c.count))
		b.ReportMetric(float64(during[i].above(bound)), fmt.Sprintf("slow-of-%d", c.count))
	}
}

// told describes questions.
func (t times) told(bound float64) string {
	return fmt.Sprintf("p50 %.1f p95 %.1f p99 %.1f at most %.1f ms, %d of %d slower than %.1f ms (3 times the usual p95)",
		t.at(.5), t.at(.95), t.at(.99), t.at(1), t.above(bound), len(t), bound)
}

// above counts those that took longer than so many milliseconds.
func (t times) above(bound float64) int {
	n := 0
	for _, one := range t {
		if one.Seconds()*1000 > bound {
			n++
		}
	}
	return n
}

type clientele struct {
	name  string
	count int
	pause time.Duration
}

// ask lets the clients ask until do is done. A question that fails ends the benchmark.
func (c clientele) ask(b *testing.B, ix *Index, m *mill, do func()) times {
	queries := m.queries("2-3 words", 31, 400)
	done := make(chan struct{})
	var mu sync.Mutex
	var all times
	var wg sync.WaitGroup
	for n := range c.count {
		wg.Go(func() {
			var own times
			for i := 0; ; i++ {
				select {
				case <-done:
					mu.Lock()
					all = append(all, own...)
					mu.Unlock()
					return
				default:
					time.Sleep(c.pause)
				}
				began := time.Now()
				one(b, ix, m, strings.Join(queries[(n*53+i)%len(queries)], " "), true)
				own = append(own, time.Since(began))
			}
		})
	}
	do()
	close(done)
	wg.Wait()
	return all
}
