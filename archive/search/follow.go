package search

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"rostrum/archive"
)

// Bounds of one batch: documents and bytes of text. Larger ones only cost memory.
const (
	batchDocs  = 4000
	batchBytes = 6 << 20
)

// publishEvery is how long a long catching up keeps searches waiting for what
// it has written so far.
const publishEvery = 3 * time.Second

// CatchUp brings the index to where the truth is and returns the Revision
// reached. Searches go on meanwhile. When it fails or ctx ends, what was
// reached is kept and the next call goes on from there.
func (ix *Index) CatchUp(ctx context.Context) (archive.Revision, error) {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	v, err := ix.acquire()
	if err != nil {
		return 0, err
	}
	f := newFollower(ix.gen, v, &ix.stemmers)
	f.publish = ix.publish
	defer f.done()
	if err = f.follow(ctx, ix.feed, v.revision, nil); err == nil && f.view != v {
		err = ix.learnSoon(ctx)
	}
	return f.view.revision, err
}

// Rebuild makes the index again from Revision 0, beside the living one, and
// puts it in its place when it is whole. progress, when not nil, is called
// with the number of talks done so far.
func (ix *Index) Rebuild(ctx context.Context, progress func(done int)) error {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	if ix.isClosed() {
		return ErrClosed
	}
	name := nextName(ix.dir)
	g, err := openGeneration(filepath.Join(ix.dir, name), true)
	if err != nil {
		return err
	}
	v, err := ix.rebuild(ctx, g, progress)
	if err != nil {
		return errors.Join(err, g.close(), sweep(ix.dir, filepath.Base(ix.gen.path)))
	}
	if err := writeCurrent(ix.dir, name); err != nil {
		v.release()
		return errors.Join(err, g.close())
	}
	old := ix.gen
	ix.gen = g
	ix.publish(v)
	if err := ix.learnSoon(ctx); err != nil {
		return errors.Join(err, old.close())
	}
	// The old files may still be read by searches under way: scorch keeps them
	// open until the last of its snapshots is closed.
	return errors.Join(old.close(), sweep(ix.dir, name))
}

func (ix *Index) rebuild(ctx context.Context, g *generation, progress func(done int)) (*view, error) {
	v, err := newView(g, nil, nil)
	if err != nil {
		return nil, err
	}
	f := newFollower(g, v, &ix.stemmers)
	f.publish = (*view).release // nobody but the follower holds it yet
	f.quiet = true
	defer f.done()
	err = f.follow(ctx, ix.feed, 0, progress)
	if err == nil {
		err = g.settle()
	}
	if err != nil {
		return nil, err
	}
	f.view.refs.Add(1)
	return f.view, nil
}

// follower writes Changes into a generation.
type follower struct {
	gen     *generation
	view    *view // the last published; held
	publish func(*view)
	quiet   bool // publish only at the end
	pool    *stemmers

	batch     *index.Batch
	bytes     int
	written   int // documents
	reached   archive.Revision
	ords      map[archive.TalkID]uint32 // given since the view, beside its own
	rows      map[uint32]*row           // written since the view; nil for removed
	nextTalk  uint32
	nextSlide uint32
	published time.Time
}

func newFollower(g *generation, v *view, pool *stemmers) *follower {
	f := &follower{gen: g, view: v, pool: pool, batch: index.NewBatch(), reached: v.revision, published: time.Now()}
	f.reset()
	f.nextTalk = uint32(len(v.columns.rows))
	f.nextSlide = uint32(len(v.columns.slides))
	return f
}

func (f *follower) reset() {
	f.ords = map[archive.TalkID]uint32{}
	f.rows = map[uint32]*row{}
}

func (f *follower) done() { f.view.release() }

// follow writes all changes after a Revision. Analysis runs on all cores;
// batches are written in the order of the feed.
func (f *follower) follow(ctx context.Context, feed Feed, after archive.Revision, progress func(int)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	talks := 0
	for work := range f.composeAll(ctx, feed.Changes(ctx, after)) {
		if work.err != nil {
			return errors.Join(fmt.Errorf("follow the archive: %w", work.err), f.finish())
		}
		if err := f.add(work.done); err != nil {
			return err
		}
		talks++
		if progress != nil {
			progress(talks)
		}
	}
	if err := ctx.Err(); err != nil {
		return errors.Join(err, f.finish())
	}
	if err := f.finish(); err != nil || f.written < bulk {
		return err
	}
	if err := f.gen.compact(ctx); err != nil {
		return err
	}
	if err := f.show(); err != nil {
		return err
	}
	return f.gen.tidy(f.reached)
}

// bulk is how many documents, written at once, make it worth while to merge
// all segments into one.
const bulk = 20_000

type composing struct {
	change archive.Change
	done   *composed
	err    error
	ready  chan struct{}
}

// composeAll analyzes changes side by side and yields them in order.
func (f *follower) composeAll(ctx context.Context, changes iter.Seq2[archive.Change, error]) iter.Seq[*composing] {
	return func(yield func(*composing) bool) {
		workers := runtime.GOMAXPROCS(0)
		todo := make(chan *composing)
		line := make(chan *composing, 64)
		ctx, cancel := context.WithCancel(ctx)
		var wg sync.WaitGroup
		defer wg.Wait()
		defer cancel()
		for range workers {
			wg.Go(func() {
				s := f.pool.get()
				defer f.pool.put(s)
				for c := range todo {
					c.done = compose(c.change, s)
					close(c.ready)
				}
			})
		}
		wg.Go(func() {
			defer close(line)
			defer close(todo)
			for change, err := range changes {
				c := &composing{change: change, err: err, ready: make(chan struct{})}
				select {
				case line <- c:
				case <-ctx.Done():
					return
				}
				if err != nil {
					close(c.ready)
					return
				}
				select {
				case todo <- c:
				case <-ctx.Done():
					close(c.ready)
					return
				}
			}
		})
		for c := range line {
			<-c.ready
			if c.done == nil && c.err == nil || !yield(c) {
				return
			}
		}
	}
}

// add puts one talk into the batch: its documents under the ordinals it has
// had, or new ones.
func (f *follower) add(c *composed) error {
	ord, before := f.find(c.talk)
	if before != nil {
		for i := range before.slides {
			f.batch.Delete(docName(slideDoc, before.firstOrd+uint32(i)))
		}
	}
	switch {
	case c.gone && before == nil:
	case c.gone:
		f.batch.Delete(docName(talkDoc, ord))
		f.rows[ord] = nil
	default:
		if before == nil {
			ord = f.nextTalk
			f.nextTalk++
			f.ords[c.talk] = ord
		}
		first := f.nextSlide
		if before != nil && len(c.slides) <= len(before.slides) {
			first = before.firstOrd
		} else {
			f.nextSlide += uint32(len(c.slides))
		}
		c.number(ord, first)
		f.batch.Update(c.doc)
		f.bytes += c.doc.bytes
		for _, d := range c.slides {
			f.batch.Update(d)
			f.bytes += d.bytes
		}
		f.rows[ord] = c.row
	}
	f.reached = c.revision
	if len(f.batch.IndexOps) >= batchDocs || f.bytes >= batchBytes {
		return f.flush()
	}
	return nil
}

// find returns the ordinal and the present row of a talk; nil when it has none.
func (f *follower) find(id archive.TalkID) (uint32, *row) {
	ord, ok := f.ords[id]
	if !ok {
		if ord, ok = f.view.columns.byID[id]; !ok {
			return 0, nil
		}
	}
	if r, ok := f.rows[ord]; ok {
		return ord, r
	}
	return ord, f.view.columns.rows[ord]
}

func (f *follower) flush() error {
	f.written += len(f.batch.IndexOps)
	putRevision(f.batch, f.reached)
	if err := f.gen.write(f.batch); err != nil {
		return err
	}
	f.batch, f.bytes = index.NewBatch(), 0
	if !f.quiet && time.Since(f.published) > publishEvery {
		return f.show()
	}
	return nil
}

// show makes what was written visible.
func (f *follower) show() error {
	v, err := newView(f.gen, f.view, f.rows)
	if err != nil {
		return err
	}
	v.refs.Add(1)
	f.publish(v)
	f.view.release()
	f.view = v
	f.reset()
	f.published = time.Now()
	return nil
}

// finish writes what is left and shows it.
func (f *follower) finish() error {
	if len(f.batch.IndexOps) > 0 || f.reached != f.view.revision {
		if err := f.flush(); err != nil {
			return err
		}
	}
	if f.view.revision == f.reached && len(f.rows) == 0 {
		return nil
	}
	return f.show()
}

// inUse says whether opening failed because another process holds the lock.
func inUse(err error) bool {
	return err != nil && strings.Contains(err.Error(), "timeout")
}
