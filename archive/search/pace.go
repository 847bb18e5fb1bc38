package search

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// pace lets those who ask go first. Go knows no priorities among goroutines, and
// takes the core from one that never pauses after ten milliseconds only: a
// search of a millisecond would wait that long for its turn, beside work in the
// background as beside other searches. So
//
//   - while people ask, whoever fills, merges, learns or reads ahead does so on
//     all cores but one, in small pieces, and rests between two of them while a
//     search is under way. With nobody asking nothing is lost;
//   - as many searches run at once as there are cores, the others wait in line.
//     They end sooner so, one after the other, than all at once in slices. One
//     that takes long is passed by.
type pace struct {
	asking atomic.Int32 // searches that run or wait
	asked  atomic.Int64 // when the last one came, in nanoseconds since begun
	begun  time.Time

	searches chan struct{} // full when no more may run
	workers  chan struct{} // full when no more may work, while people ask
}

const (
	piece   = time.Millisecond     // how long work goes on before it is looked whether somebody asks
	maxRest = 5 * time.Millisecond // of one rest
	lull    = time.Second          // without a question: then nobody asks, for now
	long    = 20 * time.Millisecond
)

func newPace() *pace {
	cores := runtime.GOMAXPROCS(0)
	p := &pace{begun: time.Now(), searches: make(chan struct{}, cores), workers: make(chan struct{}, max(1, cores-1))}
	p.asked.Store(-int64(lull))
	return p
}

// enter waits for a search's turn. What it returns ends it; an error is that of
// ctx, which ended first.
func (p *pace) enter(ctx context.Context) (leave func(), err error) {
	p.asking.Add(1)
	p.asked.Store(int64(time.Since(p.begun)))
	select {
	case p.searches <- struct{}{}:
	case <-ctx.Done():
		p.asking.Add(-1)
		return nil, ctx.Err()
	}
	// A long one keeps its core but not the others waiting.
	pass := sync.OnceFunc(func() { <-p.searches })
	timer := time.AfterFunc(long, pass)
	return func() {
		timer.Stop()
		pass()
		p.asking.Add(-1)
	}, nil
}

// busy says whether people ask these days.
func (p *pace) busy() bool {
	return p.asking.Load() > 0 || time.Since(p.begun)-time.Duration(p.asked.Load()) < lull
}

// worker is somebody at work; it is for one goroutine. A nil worker never rests.
type worker struct {
	pace  *pace
	since time.Time // of the last rest
	turn  bool      // it has one of pace.workers
}

func (p *pace) worker() *worker { return &worker{pace: p} }

// start is called where work begins or goes on after a pause.
func (w *worker) start() {
	if w == nil {
		return
	}
	if !w.turn && w.pace.busy() {
		w.pace.workers <- struct{}{}
		w.turn = true
	}
	w.since = time.Now()
}

// give is called often, between small pieces of work. While somebody asks it
// rests for as long as was worked, so that work takes twice as long at most, or
// a little more, once it is its turn.
func (w *worker) give() {
	if w == nil {
		return
	}
	worked := time.Since(w.since)
	if worked < piece {
		return
	}
	w.pause()
	if w.pace.asking.Load() > 0 {
		time.Sleep(min(worked, maxRest))
	}
	w.start()
}

// often is give for the steps of a loop that take about a microsecond each.
func (w *worker) often(step int) {
	if step%64 == 0 {
		w.give()
	}
}

// pause is called where work ends, and before it waits for something that others
// do: they may need the turn for it.
func (w *worker) pause() {
	if w != nil && w.turn {
		w.turn = false
		<-w.pace.workers
	}
}

// pacedMerge gives way while zap merges segments, which it reports on.
type pacedMerge struct {
	segment.StatsReporter
	worker *worker
	since  uint64 // bytes
}

// mergePiece is how many bytes are worth a look at the clock.
const mergePiece = 4 << 10

func (m *pacedMerge) ReportBytesWritten(n uint64) {
	if m.StatsReporter != nil {
		m.StatsReporter.ReportBytesWritten(n)
	}
	if m.since += n; m.since >= mergePiece {
		m.since = 0
		m.worker.give()
	}
}
