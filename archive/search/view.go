package search

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"rostrum/archive"
)

// view is the archive at one Revision, as searches see it. It never changes.
type view struct {
	gen      *generation
	reader   *scorch.IndexSnapshot
	segments []*numbered
	columns  *columns
	revision archive.Revision
	lists    *listCache
	facets   *facetColumns
	scratch  *scratchPool
	counters *counterPool
	weights  weights

	// spellings remembers words for stems: finding one reads all words that
	// begin alike, and related talks share the same few.
	spellings sync.Map
	homes     homes

	refs atomic.Int64
}

// numbered is a segment with the ordinals of its documents. Segments never
// change either, so the ordinals are read once and handed on from view to view.
type numbered struct {
	*scorch.SegmentSnapshot
	// ords has for each document of the segment its ordinal; slides have the
	// highest bit set. Documents of neither kind are nowhere.
	ords  []uint32
	bytes *segmentBytes               // nil while it is not on disk
	words func() (*vocabulary, error) // read when asked for the first time
}

const (
	slideBit = 1 << 31
	nowhere  = ^uint32(0)
)

// newView reads what has changed since the view before, which may be nil.
// Rows that are known already are handed in by who wrote them. It takes a
// while for a large archive, in which w gives way.
func newView(g *generation, before *view, known map[uint32]*row, w *worker) (*view, error) {
	r, err := g.scorch.Reader()
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	reader, ok := r.(*scorch.IndexSnapshot)
	if !ok {
		return nil, errors.Join(fmt.Errorf("read index: unexpected reader %T", r), r.Close())
	}
	w.start()
	defer w.pause()
	v := &view{gen: g, reader: reader, scratch: &scratchPool{}, counters: &counterPool{}, weights: defaultWeights()}
	v.refs.Store(1)
	g.views.Add(1)
	if err := v.fill(before, known, w); err != nil {
		g.views.Done()
		return nil, errors.Join(err, reader.Close())
	}
	return v, nil
}

func (v *view) fill(before *view, known map[uint32]*row, w *worker) error {
	var err error
	if v.revision, err = revisionOf(v.reader); err != nil {
		return fmt.Errorf("read index: %w", err)
	}
	old := map[uint64]*numbered{}
	var rows []*row
	if before != nil {
		for _, s := range before.segments {
			old[s.Id()] = s
		}
		rows = append(rows, before.columns.rows...)
	}
	live := make([]bool, len(rows), len(rows)+1024) // by ordinal
	for _, s := range v.reader.Segments() {
		n := &numbered{SegmentSnapshot: s}
		if o := old[s.Id()]; o != nil && len(o.ords) == int(s.FullSize()) {
			n.ords = o.ords
		} else if n.ords, err = readOrdinals(s, w); err != nil {
			return fmt.Errorf("read index: %w", err)
		}
		n.take(old[s.Id()])
		v.segments = append(v.segments, n)
		if rows, live, err = n.rowsInto(rows, live, known, w); err != nil {
			return fmt.Errorf("read index: %w", err)
		}
	}
	for ord := range rows {
		if !live[ord] {
			rows[ord] = nil
		}
	}
	v.columns = newColumns(rows, w)
	v.facets = newFacetColumns(v.columns, w)
	if before != nil {
		v.facets.ahead(before.facets)
		v.scratch, v.counters = before.scratch, before.counters
	}
	v.lists = newListCache(cacheRoom(v.columns))
	return nil
}

func readOrdinals(s *scorch.SegmentSnapshot, w *worker) ([]uint32, error) {
	ords := make([]uint32, s.FullSize())
	for i := range ords {
		w.often(i)
		name, err := s.DocID(uint64(i))
		if err != nil {
			return nil, err
		}
		switch kind, ord := parseDocName(name); kind {
		case talkDoc:
			ords[i] = ord
		case slideDoc:
			ords[i] = ord | slideBit
		default:
			ords[i] = nowhere
		}
	}
	return ords, nil
}

// take takes what is known of the segment already; before may be nil.
func (n *numbered) take(before *numbered) {
	n.bytes = bytesOf(n.Segment(), before)
	if before != nil && n.bytes != nil && n.bytes == before.bytes {
		n.words = before.words
		return
	}
	n.words = sync.OnceValues(n.readVocabulary)
}

// rowsInto puts the rows of the segment's living talks at their ordinals:
// those that the writer knows, else those of the view before, else as stored.
func (n *numbered) rowsInto(rows []*row, live []bool, known map[uint32]*row, w *worker) ([]*row, []bool, error) {
	deleted := n.Deleted()
	for i, ord := range n.ords {
		w.often(i)
		if ord&slideBit != 0 || deleted != nil && deleted.Contains(uint32(i)) {
			continue
		}
		for int(ord) >= len(rows) {
			rows, live = append(rows, nil), append(live, false)
		}
		live[ord] = true
		if r := known[ord]; r != nil {
			rows[ord] = r
			continue
		}
		if rows[ord] != nil {
			continue
		}
		var decodeErr error
		err := n.VisitDocument(uint64(i), func(name string, _ byte, value []byte, _ []uint64) bool {
			if name != stored {
				return true
			}
			rows[ord], decodeErr = decodeRow(value)
			return false
		})
		if err := errors.Join(err, decodeErr); err != nil {
			return nil, nil, err
		}
	}
	return rows, live, nil
}

// same says whether the view has the segments that its index has now, in memory or
// on disk as they are, and no file is left of others.
func (v *view) same() (bool, error) {
	r, err := v.gen.scorch.Reader()
	if err != nil {
		return false, fmt.Errorf("read index: %w", err)
	}
	defer func() { _ = r.Close() }()
	now, ok := r.(*scorch.IndexSnapshot)
	if !ok || !slices.EqualFunc(v.segments, now.Segments(), func(a *numbered, b *scorch.SegmentSnapshot) bool { return a.Segment() == b.Segment() }) {
		return false, nil
	}
	stale, err := v.gen.stale()
	return stale == 0, err
}

func (v *view) release() {
	if v.refs.Add(-1) == 0 {
		// Closing a snapshot fails only when it is closed already.
		_ = v.reader.Close()
		v.gen.views.Done()
	}
}

// postings calls take for each posting of a term in a field of the index that
// belongs to a living document: its ordinal (without slideBit) and the number
// in scorch's frequency.
func (v *view) postings(field, term string, take func(ord uint32, packed uint64)) error {
	for _, s := range v.segments {
		p, err := s.list(field, term)
		if err != nil {
			return err
		}
		if p == nil {
			continue
		}
		deleted := s.Deleted()
		err = p.each(func(doc uint32, packed uint64) {
			if deleted == nil || !deleted.Contains(doc) {
				take(s.ords[doc]&^slideBit, packed)
			}
		})
		if err != nil {
			return fmt.Errorf("read index: %w", err)
		}
	}
	return nil
}

// contains says whether some talk has a term in a field of the index. What
// cannot be read is not there: who reads the term's postings meets the error
// and tells.
func (v *view) contains(field, term string) bool {
	for _, s := range v.segments {
		if s.bytes != nil {
			if dict := s.bytes.dictionaries[field]; dict != nil {
				if there, err := dict.Contains([]byte(term)); err == nil && there {
					return true
				}
			}
			continue
		}
		dict, err := s.Segment().Dictionary(field)
		if err != nil || dict == nil {
			continue
		}
		if there, err := dict.Contains([]byte(term)); err == nil && there {
			return true
		}
	}
	return false
}
