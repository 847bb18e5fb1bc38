package search

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// When the model is made anew. A small archive that has grown much is learned
// from before CatchUp returns, which takes a second at most; else it is done
// in the background once no change has come for a while.
const (
	learnAtOnce = 5000 // talks
	learnGrowth = 1.25 // of the talks it was made from
	learnQuiet  = 3 * time.Second
)

// Learn makes the model that feedback, related talks and nearness of meaning
// stand on, from the archive as the index now has it. It takes a second for
// some thousand talks; searches go on meanwhile with the model before. CatchUp
// and Rebuild see to it that it is called in time.
func (ix *Index) Learn(ctx context.Context) error {
	ix.learning.Lock()
	defer ix.learning.Unlock()
	v, err := ix.acquire()
	if err != nil {
		return err
	}
	defer v.release()
	if m := ix.modelFor(v); m != nil && m.revision == v.revision {
		return nil
	}
	m, err := v.learn(ctx, v.gen)
	if err != nil {
		return err
	}
	ix.learned.Store(m)
	return m.save()
}

// recall takes up what was learned from a generation before, if it is there
// and not ahead of the index: a crash may have lost what was written last, and
// then ordinals may be given anew.
func (ix *Index) recall(v *view) {
	m, err := loadModel(v.gen, nil)
	if err == nil && m.revision <= v.revision && len(m.from) <= len(v.columns.rows)+1 {
		ix.learned.Store(m)
		return
	}
	if !errors.Is(err, fs.ErrNotExist) {
		_ = os.Remove(filepath.Join(v.gen.path, modelFile)) // it is learned again, and replaced then
	}
}

// modelFor returns the model that fits a view; nil when there is none.
func (ix *Index) modelFor(v *view) *model {
	if m := ix.learned.Load(); m != nil && m.gen == v.gen {
		return m
	}
	return nil
}

// learnSoon is called when the view has changed.
func (ix *Index) learnSoon(ctx context.Context) error {
	v, err := ix.acquire()
	if err != nil {
		return err
	}
	m, talks := ix.modelFor(v), v.columns.talks
	v.release()
	if talks <= learnAtOnce && (m == nil || float64(talks) > learnGrowth*float64(m.talks)) {
		return ix.Learn(ctx)
	}
	select {
	case ix.wake <- struct{}{}:
	default: // the learner is awake already
	}
	return nil
}

// refresh takes a new view of the same truth, once scorch has merged segments:
// the view before holds the files of those that are gone. It gives way to a
// writer, who makes a new view anyway.
func (ix *Index) refresh() {
	if !ix.writing.TryLock() {
		return
	}
	defer ix.writing.Unlock()
	v, err := ix.acquire()
	if err != nil {
		return
	}
	if same, err := v.same(); err != nil || same {
		v.release()
		return
	}
	next, err := newView(ix.gen, v, nil, ix.pace.worker())
	if err == nil && next.gen == v.gen && next.revision == v.revision {
		// The same talks by the same ordinals: what was read stays true.
		next.lists = v.lists
	}
	v.release() // what holds its files keeps them from being swept away
	if err != nil {
		return // the view at hand still serves; what is broken shows when it is opened again
	}
	revision := next.revision
	ix.publish(next)
	if ix.gen.tidy(revision) != nil {
		return // a disk that cannot be written to shows in the next CatchUp
	}
}

// learner waits for changes and, when they have ceased for a while, learns. It
// ends with ctx.
func (ix *Index) learner(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ix.wake:
		}
		for quiet := false; !quiet; {
			select {
			case <-ctx.Done():
				return
			case <-ix.wake:
			case <-time.After(learnQuiet):
				quiet = true
			}
		}
		began := time.Now()
		ix.refresh()
		if err := ix.Learn(ctx); err != nil && !errors.Is(err, ErrClosed) && ctx.Err() == nil {
			continue // the index cannot be read: searches meet the error too, and report it
		}
		if v, err := ix.acquire(); err == nil {
			err = ix.makeReady(ctx, v, ix.modelFor(v))
			v.release()
			if err != nil {
				continue // as above
			}
		}
		// A large archive that changes all the time is not learned from all the time.
		select {
		case <-ctx.Done():
			return
		case <-time.After(9 * time.Since(began)):
		}
	}
}
