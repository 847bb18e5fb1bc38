package search

import (
	"sync/atomic"
	"time"

	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// pace lets those who ask go first: while a search is under way, whoever fills
// or merges an index rests a moment between two pieces of work, so that a
// search has a core at once. Go knows no priorities among goroutines, and a
// search of a millisecond would wait ten for its turn beside work that never
// pauses. With nobody asking nothing is lost.
type pace struct{ asking atomic.Int32 }

// piece is how long work goes on before it is looked whether somebody asks, and
// maxRest how long one rest is at most.
const (
	piece   = time.Millisecond
	maxRest = 5 * time.Millisecond
)

func (p *pace) enter() { p.asking.Add(1) }
func (p *pace) leave() { p.asking.Add(-1) }

// worker is somebody at work; it is for one goroutine.
type worker struct {
	pace  *pace
	since time.Time // of the last rest
}

func (p *pace) worker() *worker { return &worker{p, time.Now()} }

// give is called often, between small pieces of work. It rests for as long as
// was worked, so that work takes twice as long at most, or a little more.
func (w *worker) give() {
	worked := time.Since(w.since)
	if worked < piece {
		return
	}
	if w.pace.asking.Load() > 0 {
		time.Sleep(min(worked, maxRest))
	}
	w.since = time.Now()
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
