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
// has it, and prints both.
// Clients ask with snippets and facets, as pages do: two that pause between
// questions, then eight that do not.
//
//	ROSTRUM_BENCH_TALKS=10000 go test -run '^$' -bench RebuildWhileServing -benchtime 1x -timeout 1h ./archive/search
func BenchmarkRebuildWhileServing(b *testing.B) {
	m := newMill(b, benchTalks())
	ix := openDir(b, filepath.Join(benchFolder(b, m), "index"), m)
	catchUp(b, ix)
	learned(b, ix)
	warm(b, ix, m)
	for _, c := range []clientele{{"2 clients, 20 ms between questions", 2, 20 * time.Millisecond}, {"8 clients without a pause", 8, 0}} {
		usual := c.ask(b, ix, m, func() { time.Sleep(10 * time.Second) })
		began := time.Now()
		during := c.ask(b, ix, m, func() {
			if err := ix.RebuildBy(context.Background(), fillAside, nil); err != nil {
				b.Fatal(err)
			}
			time.Sleep(2 * time.Second)
		})
		took := time.Since(began).Seconds() - 2
		bound := 3 * usual.at(.95)
		b.Logf("%s: usually %s\n\trebuilding for %.0f s: %s; none failed", c.name, usual.told(10, bound), took, during.told(took+2, bound))
		b.ReportMetric(during.at(.95)/usual.at(.95), "x-usual-p95")
		b.ReportMetric(float64(during.above(bound)), "slow")
	}
}

// told describes questions asked within some seconds.
func (t times) told(seconds, bound float64) string {
	return fmt.Sprintf("p50 %.1f p95 %.1f p99 %.1f at most %.1f ms, %.0f a second, %d of %d slower than %.1f ms (3 times the usual p95)",
		t.at(.5), t.at(.95), t.at(.99), t.at(1), float64(len(t))/seconds, t.above(bound), len(t), bound)
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
