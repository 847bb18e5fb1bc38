package search

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/golang/snappy"
)

// Segments are written by us, in zap's own format, and read and merged by zap:
// zap takes documents as maps of terms, one for each field of each, and spends
// more on making and reading those than on all the rest. What it would have
// written is what stands here, which TestSegmentIsWhatZapWrites holds on to.
const (
	segmentType      = "rostrum"
	segmentChunkMode = 1026 // zap's DefaultChunkMode
	notUninverted    = ^uint64(0)
)

// segmentPlugin is zap, but that new segments come ready-made.
type segmentPlugin struct{ zap.ZapPlugin }

// registerSegments makes scorch know the plugin.
var registerSegments = sync.OnceFunc(func() { scorch.RegisterSegmentPlugin(&segmentPlugin{}, false) })

// Type is written into the index, so that it is never read as another's.
func (*segmentPlugin) Type() string { return segmentType }

// New is NewUsing.
func (p *segmentPlugin) New(docs []index.Document) (segment.Segment, uint64, error) {
	return p.NewUsing(docs, nil)
}

// NewUsing takes the segment out of its carrier.
func (*segmentPlugin) NewUsing(docs []index.Document, config map[string]any) (segment.Segment, uint64, error) {
	if len(docs) != 1 {
		return nil, 0, fmt.Errorf("a batch with %d carriers", len(docs))
	}
	c, ok := docs[0].(*carrier)
	if !ok {
		return nil, 0, fmt.Errorf("a batch with a %T", docs[0])
	}
	stats, ok := config[segment.StatsKey].(*segment.Stats)
	if !ok || stats == nil {
		stats = &segment.Stats{}
	}
	s := c.segment
	base, err := zap.InitSegmentBase(s.bytes, crc32.ChecksumIEEE(s.bytes), segmentChunkMode, s.docs, s.stored, s.sections, config, stats)
	if err != nil {
		return nil, 0, err
	}
	return base, uint64(len(s.bytes)), nil
}

// paceKey is where a segment's configuration has the pace of its index.
const paceKey = "rostrum-pace"

// MergeUsing gives way to searches while zap merges.
func (p *segmentPlugin) MergeUsing(segments []segment.Segment, drops []*roaring.Bitmap, path string, closed chan struct{},
	s segment.StatsReporter, config map[string]any) ([][]uint64, uint64, error) {
	if pace, ok := config[paceKey].(*pace); ok {
		w := pace.worker()
		w.start()
		defer w.pause()
		s = &pacedMerge{StatsReporter: s, worker: w}
	}
	return p.ZapPlugin.MergeUsing(segments, drops, path, closed, s, config)
}

// finished is a segment as zap has it in memory.
type finished struct {
	bytes    []byte
	docs     uint64
	stored   uint64 // address of the table of stored documents
	sections uint64 // address of the table of fields
}

// draft is a segment that lacks what depends on ordinals: the names of its
// documents and what is stored with them.
type draft struct {
	bytes  []byte
	docs   uint64
	fields map[string]uint64 // addresses
}

// fieldNames are those of all fields in the order in which zap has them. All
// stand in each segment, used or not: segments of the same fields are merged
// by copying.
var fieldNames = sync.OnceValue(func() []string {
	names := []string{spelled, announced, stored}
	for f := range inSlide + 1 {
		for n := range maxOverflows + 1 {
			names = append(names, overflow(f.indexed(), n))
		}
	}
	slices.Sort(names)
	return append([]string{"_id"}, names...)
})

func fieldOptions(name string) index.FieldIndexingOptions {
	switch name {
	case "_id":
		return index.IndexField | index.StoreField
	case stored:
		return index.StoreField
	case spelled, announced:
		return index.IndexField | index.SkipFreqNorm
	}
	return index.IndexField
}

// storedDoc is a document's name and, of a talk, its row.
type storedDoc struct {
	name string
	row  []byte
}

// finish adds the documents, in the order in which they were gathered.
func (d *draft) finish(docs []storedDoc) (*finished, error) {
	if uint64(len(docs)) != d.docs {
		return nil, fmt.Errorf("a segment of %d documents has %d names", d.docs, len(docs))
	}
	out := &finished{docs: d.docs}
	b := d.bytes
	rowField := uint64(slices.Index(fieldNames(), stored))
	addresses := make([]uint64, 0, len(docs))
	var meta, packed []byte
	for _, doc := range docs {
		addresses = append(addresses, uint64(len(b)))
		meta = binary.AppendUvarint(meta[:0], uint64(len(doc.name)))
		if doc.row != nil {
			// field, type, offset, length, array positions
			for _, v := range [...]uint64{rowField, 't', 0, uint64(len(doc.row)), 0} {
				meta = binary.AppendUvarint(meta, v)
			}
		}
		packed = snappy.Encode(packed[:cap(packed)], doc.row)
		b = binary.AppendUvarint(b, uint64(len(meta)))
		b = binary.AppendUvarint(b, uint64(len(doc.name)+len(packed)))
		b = append(append(append(b, meta...), doc.name...), packed...)
	}
	out.stored = uint64(len(b))
	for _, a := range addresses {
		b = binary.BigEndian.AppendUint64(b, a)
	}
	b = append(b, 0) // no document lies within another
	b, address, err := appendNames(b, docs)
	if err != nil {
		return nil, err
	}
	d.fields["_id"] = address
	out.bytes, out.sections = appendFields(b, d.fields)
	return out, nil
}

// appendNames writes the dictionary of names. Each names one document, which
// zap has room for in the dictionary itself.
func appendNames(b []byte, docs []storedDoc) ([]byte, uint64, error) {
	order := make([]uint32, len(docs))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(i, k uint32) int { return bytes.Compare([]byte(docs[i].name), []byte(docs[k].name)) })
	var fst bytes.Buffer
	builder, err := vellum.New(&fst, dictionaryOptions())
	if err != nil {
		return nil, 0, err
	}
	for _, i := range order {
		if err := builder.Insert([]byte(docs[i].name), zap.FSTValEncode1Hit(uint64(i), 1)); err != nil {
			return nil, 0, err
		}
	}
	if err := builder.Close(); err != nil {
		return nil, 0, err
	}
	b, address := appendDictionary(b, fst.Bytes())
	return b, address, nil
}

func dictionaryOptions() *vellum.BuilderOpts {
	return &vellum.BuilderOpts{Encoder: 1, RegistryTableSize: 0, RegistryMRUSize: 1} // as zap has them
}

// appendDictionary writes a field's terms and returns the field's address.
func appendDictionary(b, fst []byte) ([]byte, uint64) {
	at := uint64(len(b))
	b = binary.AppendUvarint(b, uint64(len(fst)))
	b = append(b, fst...)
	address := uint64(len(b))
	b = binary.AppendUvarint(b, notUninverted)
	b = binary.AppendUvarint(b, notUninverted)
	b = binary.AppendUvarint(b, at)
	return b, address
}

// appendFields writes the table of fields and returns its address.
func appendFields(b []byte, fields map[string]uint64) ([]byte, uint64) {
	var addresses []uint64
	for _, name := range fieldNames() {
		addresses = append(addresses, uint64(len(b)))
		b = binary.AppendUvarint(b, uint64(len(name)))
		b = append(b, name...)
		b = binary.AppendUvarint(b, uint64(fieldOptions(name)))
		address, used := fields[name]
		if !used {
			b = append(b, 0)
			continue
		}
		b = append(b, 1)
		b = binary.BigEndian.AppendUint16(b, zap.SectionInvertedTextIndex)
		b = binary.BigEndian.AppendUint64(b, address)
	}
	at := uint64(len(b))
	b = binary.AppendUvarint(b, uint64(len(addresses)))
	for _, a := range addresses {
		b = binary.BigEndian.AppendUint64(b, a)
	}
	return b, at
}

// segmentWriter writes postings and dictionaries. Documents of a posting come
// in growing order, terms of a field too.
type segmentWriter struct {
	out     []byte
	total   uint64 // documents of the segment
	fields  map[string]uint64
	fst     bytes.Buffer
	builder *vellum.Builder
	key     []byte

	docs    []uint32 // of the term
	numbers []uint64
	ends    []uint64
	body    []byte
	places  []int
	bitmap  *roaring.Bitmap
	packed  bytes.Buffer
}

func (w *segmentWriter) begin(docs uint32) error {
	// Address 0 means nothing, so nothing may stand there.
	w.out, w.total, w.fields = make([]byte, 1, 1<<16), uint64(docs), map[string]uint64{}
	w.fst.Reset()
	if w.builder != nil {
		return w.builder.Reset(&w.fst)
	}
	w.bitmap = roaring.New()
	var err error
	w.builder, err = vellum.New(&w.fst, dictionaryOptions())
	return err
}

// reset begins a term.
func (w *segmentWriter) reset() { w.docs, w.numbers = w.docs[:0], w.numbers[:0] }

func (w *segmentWriter) posting(doc uint32, number uint64) {
	w.docs = append(w.docs, doc)
	w.numbers = append(w.numbers, number)
}

// document writes what the first document of a term has, and returns the rest.
func (w *segmentWriter) document(term uint32, spots []spot, further *[maxOverflows][]furtherPositions) []spot {
	doc := spots[0].doc
	if len(spots) == 1 || spots[1].doc != doc {
		w.posting(doc, packOne(int(spots[0].pos)))
		return spots[1:]
	}
	w.places = w.places[:0]
	last := -1
	for len(spots) > 0 && spots[0].doc == doc {
		if pos := int(spots[0].pos); pos > last { // a word that two stems or spellings share counts once
			w.places = append(w.places, pos)
			last = pos
		}
		spots = spots[1:]
	}
	if len(w.places) == 1 {
		w.posting(doc, packOne(w.places[0]))
		return spots
	}
	for n, number := range pack(w.places) {
		if n == 0 {
			w.posting(doc, number)
			continue
		}
		further[n-1] = append(further[n-1], furtherPositions{term, doc, number})
	}
	return spots
}

// term writes the postings gathered since reset: their numbers in chunks, which
// let a reader skip, then where the chunks are, then the documents.
func (w *segmentWriter) term(name string, counted bool) error {
	chunk := w.total / (uint64(len(w.docs))/1024 + 1)
	if chunk == 0 {
		return errors.New("more postings than documents")
	}
	w.ends, w.body = w.ends[:0], w.body[:0]
	for i, doc := range w.docs {
		for uint64(len(w.ends)) < uint64(doc)/chunk {
			w.ends = append(w.ends, uint64(len(w.body)))
		}
		w.body = binary.AppendUvarint(w.body, w.numbers[i]<<1) // the last bit is for positions of zap's own
		if counted {
			w.body = append(w.body, 0) // the norm
		}
	}
	for uint64(len(w.ends)) < (w.total-1)/chunk+1 {
		w.ends = append(w.ends, uint64(len(w.body)))
	}
	numbers := uint64(len(w.out))
	w.out = binary.AppendUvarint(w.out, uint64(len(w.ends)))
	for _, end := range w.ends {
		w.out = binary.AppendUvarint(w.out, end)
	}
	w.out = append(w.out, w.body...)
	at := uint64(len(w.out))
	w.out = binary.AppendUvarint(w.out, numbers)
	w.out = append(w.out, 0) // no positions of zap's own
	w.bitmap.Clear()
	w.bitmap.AddMany(w.docs)
	w.packed.Reset()
	if _, err := w.bitmap.WriteTo(&w.packed); err != nil {
		return err
	}
	w.out = binary.AppendUvarint(w.out, uint64(w.packed.Len()))
	w.out = append(w.out, w.packed.Bytes()...)
	w.key = append(w.key[:0], name...)
	return w.builder.Insert(w.key, at)
}

// field ends a field: what terms were written since the field before are its.
func (w *segmentWriter) field(name string) error {
	if err := w.builder.Close(); err != nil {
		return err
	}
	w.out, w.fields[name] = appendDictionary(w.out, w.fst.Bytes())
	w.fst.Reset()
	return w.builder.Reset(&w.fst)
}

// draft hands over what was written.
func (w *segmentWriter) draft() *draft {
	d := &draft{bytes: w.out, docs: w.total, fields: w.fields}
	w.out, w.fields = nil, nil
	return d
}
