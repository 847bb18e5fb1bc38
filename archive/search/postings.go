package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"

	"github.com/RoaringBitmap/roaring/v2"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// Postings are read from the segments' own bytes: zap's iterators bring one
// posting at a time, through three interfaces, and cannot pass over those that
// nobody asks for without reading them.

// postings are where a term stands in a field of one segment.
type postings struct {
	docs *roaring.Bitmap // of the segment, the deleted among them
	// Of each document, one behind the other, two numbers: what scorch takes for
	// the frequency, doubled, and, where that is not 0, what it takes for a norm.
	body []byte
	// Where the body's parts end that have chunk documents each, whether the term
	// stands in these or not. One part that has no end listed is the whole.
	ends  []uint64
	chunk uint64
}

var errPostings = errors.New("the postings of a segment are damaged")

// segmentBytes are a segment's bytes and the dictionaries that lie in them; nil
// while the segment is in memory only.
type segmentBytes struct {
	data         []byte
	docs         uint64
	dictionaries map[string]*vellum.FST // of the fields that have any term
}

// bytesOf returns nil for a segment whose bytes cannot be had or are not in
// the order that is known here. before is the segment in the view before, which
// may be nil.
func bytesOf(s segment.Segment, before *numbered) *segmentBytes {
	on, ok := s.(*zap.Segment)
	if !ok || on.Version() != zap.Version || on.ChunkMode() != segmentChunkMode || len(on.Data()) == 0 {
		return nil
	}
	if before != nil && before.bytes != nil && &before.bytes.data[0] == &on.Data()[0] {
		return before.bytes
	}
	b := &segmentBytes{data: on.Data(), docs: on.NumDocs(), dictionaries: map[string]*vellum.FST{}}
	for _, field := range fieldNames() {
		at, err := on.DictAddr(field)
		if err != nil {
			continue // it has no terms
		}
		d := decoder{b.data, at, false}
		fst, err := vellum.Load(d.bytes(d.num()))
		if d.bad || err != nil {
			return nil
		}
		b.dictionaries[field] = fst
	}
	return b
}

// decoder reads numbers, one behind the other.
type decoder struct {
	data []byte
	at   uint64
	bad  bool // met the end of the bytes
}

func (d *decoder) num() uint64 {
	if d.at < uint64(len(d.data)) {
		if v, n := binary.Uvarint(d.data[d.at:]); n > 0 {
			d.at += uint64(n)
			return v
		}
	}
	d.bad = true
	return 0
}

func (d *decoder) bytes(n uint64) []byte {
	if d.bad || d.at > uint64(len(d.data)) || n > uint64(len(d.data))-d.at {
		d.bad = true
		return nil
	}
	d.at += n
	return d.data[d.at-n : d.at]
}

// list returns the postings of a term; nil when there are none.
func (n *numbered) list(field, term string) (*postings, error) {
	if n.bytes == nil {
		return n.listInMemory(field, term)
	}
	dict := n.bytes.dictionaries[field]
	if dict == nil {
		return nil, nil //nolint:nilnil // no such field is no error: the list is empty
	}
	at, ok, err := dict.Get([]byte(term))
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	if !ok {
		return nil, nil //nolint:nilnil // the same
	}
	p, err := n.bytes.at(at)
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	return p, nil
}

// at reads the postings that a dictionary points to.
func (b *segmentBytes) at(address uint64) (*postings, error) {
	if address&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		doc, _ := zap.FSTValDecode1Hit(address)
		return &postings{docs: roaring.BitmapOf(uint32(doc)), body: []byte{1 << 1, 0}, chunk: b.docs}, nil
	}
	d := decoder{b.data, address, false}
	numbers := d.num()
	d.num() // positions of zap's own, which there are none of
	p := &postings{docs: roaring.New()}
	if packed := d.bytes(d.num()); d.bad {
		return nil, errPostings
	} else if _, err := p.docs.FromBuffer(packed); err != nil {
		return nil, err
	}
	d.at = numbers
	p.ends = make([]uint64, d.length())
	for i := range p.ends {
		p.ends[i] = d.num()
	}
	if len(p.ends) > 0 {
		p.body = d.bytes(p.ends[len(p.ends)-1])
	}
	p.chunk = b.docs / (p.docs.GetCardinality()/1024 + 1)
	if d.bad || p.chunk == 0 {
		return nil, errPostings
	}
	return p, nil
}

// length is a num that counts things of at least one byte each.
func (d *decoder) length() uint64 {
	n := d.num()
	if n > uint64(len(d.data)) {
		d.bad = true
		return 0
	}
	return n
}

// listInMemory writes what zap's iterator brings as it would stand on disk.
// Segments in memory are small, and soon on disk.
func (n *numbered) listInMemory(field, term string) (*postings, error) {
	dict, err := n.Segment().Dictionary(field)
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	if dict == nil {
		return nil, nil //nolint:nilnil // no such field is no error: the list is empty
	}
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	if list == nil || list.Count() == 0 {
		return nil, nil //nolint:nilnil // the same
	}
	p := &postings{docs: roaring.New(), chunk: n.Segment().Count()}
	for it := list.Iterator(true, false, false, nil); ; {
		at, err := it.Next()
		if err != nil {
			return nil, fmt.Errorf("read index: %w", err)
		}
		if at == nil {
			return p, nil
		}
		p.docs.Add(uint32(at.Number()))
		p.body = binary.AppendUvarint(p.body, at.Frequency()<<1)
		if at.Frequency() != 0 {
			p.body = append(p.body, 0)
		}
	}
}

// each calls take for each document, the deleted among them, with the number
// in scorch's frequency.
func (p *postings) each(take func(doc uint32, packed uint64)) error {
	body, at := p.body, 0
	var some [256]uint32
	for it := p.docs.ManyIterator(); ; {
		n := it.NextMany(some[:])
		if n == 0 {
			return nil
		}
		for _, doc := range some[:n] {
			number, size := uvarint(body, at)
			if size == 0 {
				return errPostings
			}
			at += size
			if number > 1 {
				at = skip(body, at, 1)
			}
			take(doc, number>>1)
		}
	}
}

// uvarint reads the number at a place of b; size is 0 where there is none.
func uvarint(b []byte, at int) (v uint64, size int) {
	for shift := 0; at+size < len(b) && shift < 64; shift += 7 {
		c := b[at+size]
		size++
		v |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return v, size
		}
	}
	return 0, 0
}

// skip passes over n numbers and returns where the next begins: of all bytes
// of a number the last alone has no highest bit.
func skip(b []byte, at, n int) int {
	for ; n > 0 && at+8 <= len(b); at += 8 {
		ends := ^binary.LittleEndian.Uint64(b[at:]) & highBits
		if there := bits.OnesCount64(ends); there < n {
			n -= there
			continue
		}
		for ; n > 1; n-- {
			ends &= ends - 1
		}
		return at + bits.TrailingZeros64(ends)/8 + 1
	}
	for ; n > 0 && at < len(b); at++ {
		if b[at] < 0x80 {
			n--
		}
	}
	return at
}

// stream reads the numbers of a term for documents that are asked for in
// growing order.
type stream struct {
	*postings
	at   int    // in body: the posting of the first document not before next
	next uint32 // document

	// The documents: of many as a set, with where the part at hand ends, else one
	// by one, with the place of the first that is not before next.
	set  []uint64
	end  uint32
	list []uint32
	rank int
}

func (p *postings) stream(docs uint64) *stream {
	s := &stream{postings: p}
	if p.docs.GetCardinality()*64 < docs {
		s.list = p.docs.ToArray()
		return s
	}
	s.set = make([]uint64, docs/64+1)
	p.docs.WriteDenseTo(s.set)
	return s
}

// read puts the number of each document into out, 0 where there is none.
func (s *stream) read(docs []uint32, out []uint64) error {
	for i, doc := range docs {
		if s.set != nil && s.set[doc>>6]>>(doc&63)&1 == 0 {
			out[i] = 0
			continue
		}
		var err error
		if out[i], err = s.number(doc); err != nil {
			return err
		}
	}
	return nil
}

// number returns 0 where the term is not in a document, which must come after
// those asked for before.
func (s *stream) number(doc uint32) (uint64, error) {
	between, there := s.seek(doc)
	if !there {
		return 0, nil
	}
	at := s.at
	if between > 0 {
		at = skip(s.body, at, 2*between)
	}
	s.next = doc + 1
	s.rank++
	if at+8 <= len(s.body) {
		// Both numbers mostly lie within eight bytes.
		both := binary.LittleEndian.Uint64(s.body[at:])
		ends := ^both & highBits
		if rest := ends & (ends - 1); rest != 0 {
			s.at = at + bits.TrailingZeros64(rest)/8 + 1
			return sevens(both&(ends^(ends-1))) >> 1, nil
		}
	}
	number, size := uvarint(s.body, at)
	if size == 0 {
		return 0, errPostings
	}
	s.at = skip(s.body, at+size, 1)
	return number >> 1, nil
}

// highBits are those of eight bytes.
const highBits = 0x8080808080808080

// sevens puts the lower seven bits of eight bytes side by side.
func sevens(x uint64) uint64 {
	x = x&0x007f007f007f007f | x&0x7f007f007f007f00>>1
	x = x&0x00003fff00003fff | x&0x3fff00003fff0000>>2
	return x&0x0fffffff | x&0x0fffffff00000000>>4
}

// seek says whether a document is there, and how many postings lie between at
// and its own.
func (s *stream) seek(doc uint32) (skipped int, there bool) {
	if s.set == nil {
		from := s.rank
		for s.rank < len(s.list) && s.list[s.rank] < doc {
			s.rank++
		}
		there = s.rank < len(s.list) && s.list[s.rank] == doc
		if !there {
			s.at = skip(s.body, s.at, 2*(s.rank-from))
			return 0, false
		}
		return s.rank - from, true
	}
	bit := uint64(1) << (doc & 63)
	if s.set[doc>>6]&bit == 0 {
		return 0, false
	}
	if len(s.ends) > 0 && doc >= s.end {
		s.jump(doc)
	}
	first, last := s.next>>6, doc>>6
	from := ^uint64(0) << (s.next & 63)
	if first == last {
		return bits.OnesCount64(s.set[last] & from & (bit - 1)), true
	}
	skipped = bits.OnesCount64(s.set[first]&from) + bits.OnesCount64(s.set[last]&(bit-1))
	for _, w := range s.set[first+1 : last] {
		skipped += bits.OnesCount64(w)
	}
	return skipped, true
}

// jump goes to the part of the body that has a document.
func (s *stream) jump(doc uint32) {
	part := uint64(doc) / s.chunk
	s.next, s.end = uint32(part*s.chunk), uint32((part+1)*s.chunk)
	s.at = 0
	if part > 0 && part <= uint64(len(s.ends)) {
		s.at = int(min(s.ends[part-1], uint64(len(s.body))))
	}
}
