package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"rostrum/archive"
)

// Index answers queries over the archive. It is for many goroutines at once;
// only one process at a time may have a folder open.
type Index struct {
	dir  string
	feed Feed

	rebuilding sync.Mutex // held by Rebuild, before writing
	writing    sync.Mutex // held by whoever changes the living generation or its view
	gen        *generation
	pace       *pace

	mu     sync.Mutex // guards what searches take
	view   *view
	closed bool

	learning sync.Mutex // held while the model is made
	learned  atomic.Pointer[model]
	wake     chan struct{} // tells the learner that the view has changed
	stop     context.CancelFunc
	learners sync.WaitGroup

	stemmers  stemmers
	composers composers
	synonyms  *synonyms
}

// ErrClosed is returned by a closed Index.
var ErrClosed = errors.New("the index is closed")

// Open opens the index in a folder, which is made when missing. One that is
// broken or of another version is left aside and an empty one takes its place,
// which CatchUp fills: nothing is lost, since all of it can be made again.
// Synonyms beside the built-in ones are read from SynonymsFile in the folder
// that dir lies in, where there is one.
func Open(ctx context.Context, dir string, feed Feed) (*Index, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	ix := &Index{dir: dir, feed: feed, pace: newPace(), wake: make(chan struct{}, 1)}
	var err error
	if ix.synonyms, err = loadSynonyms(filepath.Join(filepath.Dir(dir), SynonymsFile)); err != nil {
		return nil, err
	}
	if err := ix.openOrBegin(); err != nil {
		return nil, err
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	ix.stop = stop
	ix.learners.Go(func() { ix.learner(background) })
	return ix, nil
}

func (ix *Index) openOrBegin() error {
	name, err := readCurrent(ix.dir)
	if err == nil {
		var g *generation
		if g, err = openGeneration(filepath.Join(ix.dir, name), false, ix.pace); err == nil {
			if err = ix.take(g); err == nil {
				ix.recall(ix.view)
				ix.wake <- struct{}{} // nothing is read ahead yet
				return sweep(ix.dir, name)
			}
			err = errors.Join(err, g.close())
		}
		if inUse(err) {
			return fmt.Errorf("open index %s: another process has it open: %w", ix.dir, err)
		}
	}
	name = nextName(ix.dir)
	g, err := openGeneration(filepath.Join(ix.dir, name), true, ix.pace)
	if err != nil {
		return err
	}
	if err := ix.take(g); err != nil {
		return errors.Join(err, g.close())
	}
	if err := writeCurrent(ix.dir, name); err != nil {
		return err
	}
	return sweep(ix.dir, name)
}

// take makes a generation the living one.
func (ix *Index) take(g *generation) (err error) {
	defer func() {
		if p := recover(); p != nil { // as in openGeneration
			err = fmt.Errorf("read index %s: %v", g.path, p)
		}
	}()
	v, err := newView(g, nil, nil, nil)
	if err != nil {
		return err
	}
	ix.gen = g
	ix.publish(v)
	return nil
}

func (ix *Index) publish(v *view) {
	ix.mu.Lock()
	before := ix.view
	ix.view = v
	ix.mu.Unlock()
	if before != nil {
		before.release()
	}
}

// acquire returns the living view; the caller releases it.
func (ix *Index) acquire() (*view, error) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.closed || ix.view == nil {
		return nil, ErrClosed
	}
	ix.view.refs.Add(1)
	return ix.view, nil
}

// enter is acquire for those who ask, who wait for their turn. The caller calls
// leave when done.
func (ix *Index) enter(ctx context.Context) (v *view, leave func(), err error) {
	end, err := ix.pace.enter(ctx)
	if err != nil {
		return nil, nil, err
	}
	if v, err = ix.acquire(); err != nil {
		end()
		return nil, nil, err
	}
	return v, func() {
		v.release()
		end()
	}, nil
}

func (ix *Index) isClosed() bool {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	return ix.closed
}

// Revision returns how far the index has followed the truth.
func (ix *Index) Revision() archive.Revision {
	v, err := ix.acquire()
	if err != nil {
		return 0
	}
	defer v.release()
	return v.revision
}

// Close ends the index. Searches under way end well; later ones get ErrClosed.
func (ix *Index) Close() error {
	ix.stop()
	ix.learners.Wait()
	ix.rebuilding.Lock()
	defer ix.rebuilding.Unlock()
	ix.writing.Lock()
	defer ix.writing.Unlock()
	ix.mu.Lock()
	if ix.closed {
		ix.mu.Unlock()
		return nil
	}
	ix.closed = true
	v := ix.view
	ix.view = nil
	ix.mu.Unlock()
	v.release()
	return errors.Join(ix.gen.settle(), ix.gen.close())
}
