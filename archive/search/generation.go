package search

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"

	"rostrum/archive"
)

// version is that of the mapping: of what is stored and how texts are
// analyzed. It goes up whenever either changes; an index of another version
// is left and a new one is made.
const version = 4

// generation is one index on disk. Rebuilding makes the next beside it.
type generation struct {
	path    string
	scorch  index.Index
	queue   *index.AnalysisQueue
	pace    *pace
	flights chan struct{}  // bounds the batches that are not on disk yet
	views   sync.WaitGroup // of it, as long as anybody has them

	mu      sync.Mutex
	failure error // of writing to disk, which scorch does behind our back
}

// Keys of scorch's own little store, changed together with the documents.
var (
	keyVersion  = []byte("rostrum-version")
	keyRevision = []byte("rostrum-revision")
)

// errStale says that an index is of another version, or unfinished.
var errStale = errors.New("the index is of another version")

const maxFlights = 3

// openGeneration opens an index folder, or makes it when fresh is true.
func openGeneration(path string, fresh bool, p *pace) (g *generation, err error) {
	// A damaged file can make scorch panic rather than fail; it must not take
	// the archive with it.
	defer func() {
		if p := recover(); p != nil {
			g, err = nil, fmt.Errorf("open index %s: %v", path, p)
		}
	}()
	if fresh {
		if err := os.MkdirAll(path, 0o755); err != nil {
			return nil, fmt.Errorf("make index folder: %w", err)
		}
	} else if _, err := os.Stat(filepath.Join(path, "store", "root.bolt")); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	g = &generation{path: path, pace: p, queue: index.NewAnalysisQueue(1), flights: make(chan struct{}, maxFlights)}
	config := map[string]any{
		"path": filepath.Join(path, "store"), "unsafe_batch": true, "bolt_timeout": "2s",
		"numSnapshotsToKeep": 1, "forceSegmentType": segmentType, "forceSegmentVersion": int(zap.Version),
		"segmentConfig": map[string]any{paceKey: p},
	}
	registerSegments()
	g.scorch, err = scorch.NewScorch(scorch.Name, config, g.queue)
	if err == nil {
		err = g.scorch.Open()
	}
	if err != nil {
		g.queue.Close()
		return nil, fmt.Errorf("open index %s: %w", path, err)
	}
	if fresh {
		err = g.begin()
	} else {
		err = g.check()
	}
	if err != nil {
		return nil, errors.Join(err, g.close())
	}
	return g, nil
}

// begin writes the version into a new index.
func (g *generation) begin() error {
	b := index.NewBatch()
	b.SetInternal(keyVersion, []byte(strconv.Itoa(version)))
	b.SetInternal(keyRevision, make([]byte, 8))
	return g.write(b)
}

func (g *generation) check() error {
	reader, err := g.scorch.Reader()
	if err != nil {
		return fmt.Errorf("open index %s: %w", g.path, err)
	}
	got, err := reader.GetInternal(keyVersion)
	if err == nil && string(got) != strconv.Itoa(version) {
		err = errStale
	}
	return errors.Join(err, reader.Close())
}

// write applies a batch. Scorch makes it visible at once and durable soon; a
// crash in between loses the batch and the Revision it carried alike, so that
// following resumes where the disk stands. No more than maxFlights batches
// wait for the disk.
func (g *generation) write(b *index.Batch) error {
	g.flights <- struct{}{}
	b.SetPersistedCallback(func(err error) {
		if err != nil {
			g.mu.Lock()
			g.failure = err
			g.mu.Unlock()
		}
		<-g.flights
	})
	if err := g.scorch.Batch(b); err != nil {
		return fmt.Errorf("write index: %w", err)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failure != nil {
		return fmt.Errorf("write index: %w", g.failure)
	}
	return nil
}

// settle waits until all that was written is on disk.
func (g *generation) settle() error {
	for range maxFlights {
		g.flights <- struct{}{}
	}
	for range maxFlights {
		<-g.flights
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.failure
}

// compact merges all segments into one, as is worth it after many documents.
func (g *generation) compact(ctx context.Context) error {
	if err := g.settle(); err != nil {
		return err
	}
	s, ok := g.scorch.(*scorch.Scorch)
	if !ok {
		return nil
	}
	if err := s.ForceMerge(ctx, &mergeplan.SingleSegmentMergePlanOptions); err != nil {
		return fmt.Errorf("merge index: %w", err)
	}
	return nil
}

// tidy makes scorch remove the files of segments that nobody reads any more,
// which it does only behind a write and in its own time, and waits a moment for
// it. Files that a search still reads stay until the next time.
func (g *generation) tidy(reached archive.Revision) error {
	for try := range tidyTries {
		b := index.NewBatch()
		putRevision(b, reached)
		if err := g.write(b); err != nil {
			return err
		}
		if err := g.settle(); err != nil {
			return err
		}
		time.Sleep(time.Duration(try+1) * 5 * time.Millisecond)
		if stale, err := g.stale(); err != nil || stale == 0 {
			return err
		}
	}
	return nil
}

// tidyTries times tidy's growing pauses are a quarter of a second.
const tidyTries = 10

// stale counts the files of segments that the index no longer has.
func (g *generation) stale() (int, error) {
	r, err := g.scorch.Reader()
	if err != nil {
		return 0, fmt.Errorf("read index: %w", err)
	}
	defer func() { _ = r.Close() }()
	snapshot, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return 0, nil
	}
	living := map[string]bool{}
	for _, s := range snapshot.Segments() {
		if p, ok := s.Segment().(segment.PersistedSegment); ok {
			living[filepath.Base(p.Path())] = true
		}
	}
	files, err := filepath.Glob(filepath.Join(g.path, "store", "*.zap"))
	if err != nil {
		return 0, fmt.Errorf("read index: %w", err)
	}
	stale := 0
	for _, f := range files {
		if !living[filepath.Base(f)] {
			stale++
		}
	}
	return stale, nil
}

func (g *generation) close() error {
	err := g.scorch.Close()
	g.queue.Close()
	return err
}

func putRevision(b *index.Batch, r archive.Revision) {
	b.SetInternal(keyRevision, binary.BigEndian.AppendUint64(nil, uint64(r)))
}

func revisionOf(reader index.IndexReader) (archive.Revision, error) {
	v, err := reader.GetInternal(keyRevision)
	if err != nil || len(v) != 8 {
		return 0, err
	}
	return archive.Revision(binary.BigEndian.Uint64(v)), nil
}

// The folder holds generations, "gen-1", and a file that names the living one.
// It is replaced by renaming, so it names a whole index at any moment.
const currentFile = "current"

func readCurrent(dir string) (string, error) {
	b, err := os.ReadFile(filepath.Join(dir, currentFile))
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(b))
	if !strings.HasPrefix(name, "gen-") || strings.ContainsAny(name, `/\.`) {
		return "", fmt.Errorf("%s names no generation", currentFile)
	}
	return name, nil
}

func writeCurrent(dir, name string) error {
	tmp := filepath.Join(dir, currentFile+".new")
	if err := os.WriteFile(tmp, []byte(name+"\n"), 0o600); err != nil {
		return fmt.Errorf("switch index: %w", err)
	}
	if err := os.Rename(tmp, filepath.Join(dir, currentFile)); err != nil {
		return fmt.Errorf("switch index: %w", err)
	}
	return nil
}

// nextName returns the name after all generations that lie in the folder.
func nextName(dir string) string {
	last := 0
	names, err := filepath.Glob(filepath.Join(dir, "gen-*"))
	if err == nil {
		for _, n := range names {
			if i, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(n), "gen-")); err == nil {
				last = max(last, i)
			}
		}
	}
	return "gen-" + strconv.Itoa(last+1)
}

// discard closes a generation whose place another took, and removes its files
// once no search under way reads them any more.
func (g *generation) discard() error {
	if err := g.close(); err != nil {
		return err
	}
	unread := make(chan struct{})
	go func() {
		g.views.Wait()
		close(unread)
	}()
	select {
	case <-unread:
		return removeGently(g.path, g.pace.worker())
	case <-time.After(2 * maxTime): // no search takes so long
		return nil // scorch keeps open what is read, and the files may be swept away
	}
}

// removeGently removes the files of a generation that nobody reads any more. A
// large file's blocks are given back a piece at a time: as one they keep a core in
// the kernel for half a millisecond a megabyte, and whatever waits for it waiting.
// What cannot be cut into pieces is removed as it is.
func removeGently(folder string, w *worker) error {
	const piece = 1 << 20
	w.start()
	defer w.pause()
	_ = filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		for size := info.Size() - piece; size > 0; size -= piece {
			if err := os.Truncate(path, size); err != nil {
				return err
			}
			w.give()
		}
		return nil
	})
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("clean index folder: %w", err)
	}
	return nil
}

// sweep removes all generations but the one named.
func sweep(dir, keep string) error {
	names, err := filepath.Glob(filepath.Join(dir, "gen-*"))
	if err != nil {
		return fmt.Errorf("clean index folder: %w", err)
	}
	for _, n := range names {
		if filepath.Base(n) != keep {
			err = errors.Join(err, os.RemoveAll(n))
		}
	}
	return err
}
