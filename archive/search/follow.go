package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	index "github.com/blevesearch/bleve_index_api"

	"rostrum/archive"
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
	f := newFollower(ix.gen, v, &ix.composers)
	f.publish = ix.publish
	defer f.done()
	if err = f.follow(ctx, ix.feed, v.revision, nil); err == nil && (f.view != v || ix.modelFor(v) == nil) {
		err = ix.learnSoon(ctx)
	}
	return f.view.revision, err
}

// Filler makes an index of all that the archive tells in a folder that is not
// there yet, as Fill does, and leaves it whole on disk. progress, when not nil, is
// called with the number of talks done so far.
type Filler func(ctx context.Context, folder string, progress func(done int)) error

// Fill is a Filler's work for who has no Index, such as a process that was started
// for it. It learns, too, and goes as fast as it can.
func Fill(ctx context.Context, folder string, feed Feed, progress func(done int)) error {
	return fillFolder(ctx, folder, newPace(), feed, &composers{}, progress, func(g *generation, v *view) error {
		m, err := v.learn(ctx, g)
		if err != nil {
			return err
		}
		return m.save()
	})
}

// fillHere is the Filler that gives way, within this process, to who searches.
func (ix *Index) fillHere(ctx context.Context, folder string, progress func(done int)) error {
	return fillFolder(ctx, folder, ix.pace, ix.feed, &ix.composers, progress, func(*generation, *view) error { return nil })
}

// fillFolder makes a generation and closes it again; behind does what is to be
// done before that.
func fillFolder(ctx context.Context, folder string, p *pace, feed Feed, pool *composers, progress func(int), behind func(*generation, *view) error) error {
	g, err := openGeneration(folder, true, p)
	if err != nil {
		return err
	}
	v, err := newView(g, nil, nil, nil)
	if err == nil {
		v, err = g.fill(ctx, v, feed, pool, progress)
	}
	if err == nil {
		err = behind(g, v)
		v.release()
	}
	return errors.Join(err, g.close())
}

// Rebuild makes the index again from Revision 0, beside the living one, and
// puts it in its place when it is whole. Searches and CatchUp go on meanwhile;
// while somebody searches, Rebuild goes slower. progress is as of a Filler.
func (ix *Index) Rebuild(ctx context.Context, progress func(done int)) error {
	return ix.RebuildBy(ctx, ix.fillHere, progress)
}

// RebuildBy is Rebuild with the work done by a Filler: in a process of its own it
// is not felt by who searches. An error leaves the living index as it was.
func (ix *Index) RebuildBy(ctx context.Context, fill Filler, progress func(done int)) error {
	ix.rebuilding.Lock()
	defer ix.rebuilding.Unlock()
	if ix.isClosed() {
		return ErrClosed
	}
	name := nextName(ix.dir)
	folder := filepath.Join(ix.dir, name)
	if err := fill(ctx, folder, progress); err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	g, err := openGeneration(folder, false, ix.pace)
	if err != nil {
		return errors.Join(err, os.RemoveAll(folder))
	}
	old, err := ix.replace(ctx, g)
	if err != nil {
		return errors.Join(err, g.close(), os.RemoveAll(folder))
	}
	return errors.Join(ix.learnSoon(ctx), old.discard(), sweep(ix.dir, name))
}

// replace puts a generation in the place of the living one, which it returns.
// After an error that one goes on living.
func (ix *Index) replace(ctx context.Context, g *generation) (old *generation, err error) {
	defer func() {
		if p := recover(); p != nil { // as in openGeneration
			err = fmt.Errorf("read index %s: %v", g.path, p)
		}
	}()
	v, err := newView(g, nil, nil, ix.pace.worker())
	if err != nil {
		return nil, err
	}
	m, err := ix.prepare(ctx, g, v)
	if err != nil {
		v.release()
		return nil, err
	}
	ix.writing.Lock()
	defer ix.writing.Unlock()
	// What the living index has learned meanwhile.
	if v, err = g.fill(ctx, v, ix.feed, &ix.composers, nil); err != nil {
		return nil, err
	}
	if err := writeCurrent(ix.dir, filepath.Base(g.path)); err != nil {
		v.release()
		return nil, err
	}
	old, ix.gen = ix.gen, g
	if m != nil {
		ix.learned.Store(m)
	}
	ix.publish(v)
	return old, nil
}

// prepare does for a new generation, before it takes the place of one that is
// searched, what would else be missing or slow for a while after: it learns, where
// its Filler has not, and reads ahead. It returns nil where nothing was learned of
// the living one.
func (ix *Index) prepare(ctx context.Context, g *generation, v *view) (*model, error) {
	if ix.learned.Load() == nil {
		return nil, nil // an index that nobody searches, as of a command
	}
	ix.learning.Lock()
	defer ix.learning.Unlock()
	m, err := loadModel(g, ix.pace.worker())
	if err != nil || m.revision != v.revision {
		if m, err = v.learn(ctx, g); err == nil {
			err = m.save()
		}
	}
	if err == nil {
		err = ix.readLikeLiving(ctx, v)
	}
	if err == nil {
		err = ix.makeReady(ctx, v, m)
	}
	return m, err
}

// fill brings a generation that nobody searches to where the truth is. It lets go
// of the view it is handed and returns the next.
func (g *generation) fill(ctx context.Context, v *view, feed Feed, pool *composers, progress func(done int)) (*view, error) {
	f := newFollower(g, v, pool)
	f.publish = (*view).release // nobody but the follower holds it yet
	f.quiet = true
	defer f.done()
	err := f.follow(ctx, feed, v.revision, progress)
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
	pool    *composers
	worker  *worker

	written   int // documents
	reached   archive.Revision
	ords      map[archive.TalkID]uint32 // given since the view, beside its own
	rows      map[uint32]*row           // written since the view; nil for removed
	nextTalk  uint32
	nextSlide uint32
	published time.Time
}

func newFollower(g *generation, v *view, pool *composers) *follower {
	f := &follower{gen: g, view: v, pool: pool, worker: g.pace.worker(), reached: v.revision, published: time.Now()}
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

// follow writes all changes after a Revision. Bundles of them are analyzed side
// by side and written in the order of the feed.
func (f *follower) follow(ctx context.Context, feed Feed, after archive.Revision, progress func(int)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	talks := 0
	for b := range f.pool.compose(ctx, f.gen.pace, feed.Changes(ctx, after)) {
		if len(b.talks) > 0 {
			if err := f.add(b); err != nil {
				return err
			}
		}
		talks += len(b.talks)
		if progress != nil {
			progress(talks)
		}
		if b.err != nil {
			return errors.Join(fmt.Errorf("follow the archive: %w", b.err), f.finish())
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

// add puts a bundle of talks into one batch: their documents under the
// ordinals they have had, or new ones.
func (f *follower) add(b *bundle) error {
	batch := index.NewBatch()
	f.worker.start()
	defer f.worker.pause()
	var docs []storedDoc
	for _, c := range b.talks {
		docs = f.number(docs, batch, c)
		f.reached = c.revision
	}
	if len(docs) > 0 {
		segment, err := b.draft.finish(docs)
		if err != nil {
			return fmt.Errorf("write index: %w", err)
		}
		batch.Update(&carrier{docs[0].name, segment})
	}
	f.written += len(docs)
	f.worker.pause() // scorch may have to merge before it takes more
	return f.write(batch)
}

// number gives the talk and its slides their names, and takes back those that
// it had before.
func (f *follower) number(docs []storedDoc, batch *index.Batch, c *composed) []storedDoc {
	ord, before := f.find(c.talk)
	if before != nil {
		batch.Delete(docName(talkDoc, ord))
		for i := range before.slides {
			batch.Delete(docName(slideDoc, before.firstOrd+uint32(i)))
		}
	}
	if c.gone {
		if before != nil {
			f.rows[ord] = nil
		}
		return docs
	}
	if before == nil {
		ord = f.nextTalk
		f.nextTalk++
		f.ords[c.talk] = ord
	}
	if before != nil && len(c.row.slides) <= len(before.slides) {
		c.row.firstOrd = before.firstOrd
	} else {
		c.row.firstOrd = f.nextSlide
		f.nextSlide += uint32(len(c.row.slides))
	}
	f.rows[ord] = c.row
	docs = append(docs, storedDoc{docName(talkDoc, ord), c.row.encode()})
	for i := range c.row.slides {
		docs = append(docs, storedDoc{docName(slideDoc, c.row.firstOrd+uint32(i)), nil})
	}
	return docs
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

func (f *follower) write(batch *index.Batch) error {
	putRevision(batch, f.reached)
	if err := f.gen.write(batch); err != nil {
		return err
	}
	if !f.quiet && time.Since(f.published) > publishEvery {
		return f.show()
	}
	return nil
}

// show makes what was written visible.
func (f *follower) show() error {
	v, err := newView(f.gen, f.view, f.rows, f.worker)
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

// finish shows what is not shown yet.
func (f *follower) finish() error {
	if f.view.revision == f.reached && len(f.rows) == 0 {
		return nil
	}
	return f.show()
}

// inUse says whether opening failed because another process holds the lock.
func inUse(err error) bool {
	return err != nil && strings.Contains(err.Error(), "timeout")
}

// readLikeLiving reads what the living view was asked for.
func (ix *Index) readLikeLiving(ctx context.Context, v *view) error {
	living, err := ix.acquire()
	if err != nil {
		return err
	}
	defer living.release()
	v.facets.ahead(living.facets)
	return v.readAgain(ctx, living, ix.pace.worker())
}
