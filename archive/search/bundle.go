package search

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"rostrum/archive"
)

// Bounds of one bundle: bytes of text, and talks. Each bundle becomes a segment.
// Larger ones cost memory, smaller ones cost merging.
const (
	bundleBytes = 6 << 20
	bundleTalks = 20_000
)

// bundle is some talks that are analyzed, and written, at once.
type bundle struct {
	changes []archive.Change
	talks   []*composed
	draft   *draft
	err     error // of the feed, behind these talks, or of the analysis
	ready   chan struct{}
}

// composers lends gatherings, which are large, to goroutines.
type composers struct{ pool sync.Pool }

func (p *composers) get() *gathering {
	if g, ok := p.pool.Get().(*gathering); ok {
		return g
	}
	return newGathering()
}

// compose bundles changes, analyzes bundles side by side and yields them in order.
func (p *composers) compose(ctx context.Context, pace *pace, changes iter.Seq2[archive.Change, error]) iter.Seq[*bundle] {
	return func(yield func(*bundle) bool) {
		workers := runtime.GOMAXPROCS(0) // see pace, which lets fewer work while people ask
		todo := make(chan *bundle)
		line := make(chan *bundle, workers-1) // in the order of the feed
		ctx, cancel := context.WithCancel(ctx)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()
		for range workers {
			wg.Go(func() {
				g := p.get()
				defer p.pool.Put(g)
				w := pace.worker()
				for b := range todo {
					b.compose(g, w)
				}
			})
		}
		wg.Go(func() {
			defer close(line)
			defer close(todo)
			for b := range bundles(pace.worker(), changes) {
				select {
				case line <- b:
				case <-ctx.Done():
					return
				}
				select {
				case todo <- b:
				case <-ctx.Done():
					b.err = ctx.Err()
					close(b.ready)
					return
				}
			}
		})
		for b := range line {
			<-b.ready
			if !yield(b) {
				return
			}
		}
	}
}

// compose analyzes the bundle's talks; their texts are let go.
func (b *bundle) compose(g *gathering, w *worker) {
	defer close(b.ready)
	w.start()
	defer w.pause()
	g.reset()
	g.worker = w
	for _, c := range b.changes {
		b.talks = append(b.talks, g.compose(c))
	}
	b.changes = nil
	draft, err := g.draft()
	if err != nil {
		b.talks, b.err = nil, err
	}
	b.draft = draft
}

// bundles parts changes into bundles. No talk stands twice in one.
func bundles(w *worker, changes iter.Seq2[archive.Change, error]) iter.Seq[*bundle] {
	return func(yield func(*bundle) bool) {
		b, bytes, in := &bundle{ready: make(chan struct{})}, 0, map[archive.TalkID]bool{}
		next := func() bool {
			w.pause()
			defer w.start()
			going := yield(b)
			b, bytes = &bundle{ready: make(chan struct{})}, 0
			clear(in)
			return going
		}
		w.start()
		defer w.pause()
		for c, err := range changes {
			w.give()
			if err != nil {
				b.err = err
				next()
				return
			}
			if in[c.Talk] && !next() {
				return
			}
			in[c.Talk] = true
			b.changes = append(b.changes, c)
			bytes += textSize(c.Entry)
			if (bytes >= bundleBytes || len(b.changes) >= bundleTalks) && !next() {
				return
			}
		}
		if len(b.changes) > 0 {
			next()
		}
	}
}

// textSize is about how much text an entry has.
func textSize(e *archive.Entry) int {
	if e == nil {
		return 0
	}
	n := len(e.Title) + len(e.Abstract) + 100
	for _, deck := range e.DeckSlides {
		for _, s := range deck {
			n += min(len(s.Text), maxText)
		}
	}
	return n
}
