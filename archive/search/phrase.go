package search

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// phraseList finds a phrase: the forms of its words at following places of one
// field. An empty place stands for any word. It counts like a word that stands
// there as often.
func (v *view) phraseList(phrase [][]variant, in fieldMask, w *weights) (*matches, error) {
	b := v.builder()
	defer b.done()
	for f := range talkFields {
		if !in.has(f) {
			continue
		}
		err := v.phraseIn(f.indexed(), phrase, f == inSpeaker, func(ord uint32, times int) { b.talk(f, ord, float32(times), w) })
		if err != nil {
			return nil, err
		}
	}
	if in.has(inSlide) {
		err := v.phraseIn(slideWords, phrase, false, func(ord uint32, times int) { b.slide(ord, float32(times), w) })
		if err != nil {
			return nil, err
		}
	}
	return b.matches(w.k1), nil
}

// phraseIn calls found for each document whose field has the phrase.
func (v *view) phraseIn(field string, phrase [][]variant, names bool, found func(ord uint32, times int)) error {
	for _, seg := range v.segments {
		places, err := seg.places(field, phrase, names)
		if err != nil {
			return err
		}
		if places == nil {
			continue
		}
		if err := places.each(found); err != nil {
			return fmt.Errorf("read index: %w", err)
		}
	}
	return nil
}

// places reads the words of a phrase side by side in one segment.
type places struct {
	seg   *numbered
	field string
	words []*place
	docs  *roaring.Bitmap // that have all words
	last  int             // the highest offset of a word
}

// place is one word of the phrase: where it stands in it and its forms.
type place struct {
	offset int
	forms  []*form
	docs   *roaring.Bitmap // that have any form

	// Of the document at hand, where marks do not tell: where the phrase would
	// begin, and from where on that is not known.
	at      []int
	unknown int
}

// form is one form of a word.
type form struct {
	term    string
	list    *postings
	stream  *stream
	numbers [block]uint64
	more    []*stream // the overflows; nil where the segment has none
}

// block is how many documents are looked at together.
const block = 256

// places returns nil when no document of the segment has all words.
func (n *numbered) places(field string, phrase [][]variant, names bool) (*places, error) {
	p := &places{seg: n, field: field}
	for offset, forms := range phrase {
		if len(forms) == 0 {
			continue
		}
		w, err := n.place(field, forms, names)
		if err != nil || w == nil {
			return nil, err
		}
		w.offset, p.last = offset, offset
		p.words = append(p.words, w)
	}
	if n.together(p); p.docs.IsEmpty() {
		return nil, nil //nolint:nilnil // no document can have the phrase
	}
	for _, w := range p.words {
		for _, f := range w.forms {
			f.stream = f.list.stream(uint64(len(n.ords)))
		}
	}
	return p, nil
}

// place returns nil when the segment has no form of the word.
func (n *numbered) place(field string, forms []variant, names bool) (*place, error) {
	w := &place{}
	for _, v := range forms {
		term := v.stem
		if names {
			term = v.word
		}
		if term == "" {
			continue
		}
		list, err := n.list(field, term)
		if err != nil {
			return nil, err
		}
		if list == nil {
			continue
		}
		w.forms = append(w.forms, &form{term: term, list: list})
		if w.docs == nil {
			w.docs = list.docs
		} else {
			w.docs = roaring.Or(w.docs, list.docs)
		}
	}
	if w.docs == nil {
		return nil, nil //nolint:nilnil // no document can have the phrase
	}
	return w, nil
}

// together finds the living documents that have all words, the rarest first.
func (n *numbered) together(p *places) {
	order := slices.Clone(p.words)
	slices.SortStableFunc(order, func(a, b *place) int { return cmp.Compare(a.docs.GetCardinality(), b.docs.GetCardinality()) })
	p.docs = order[0].docs
	for _, w := range order[1:] {
		p.docs = roaring.And(p.docs, w.docs)
	}
	if deleted := n.Deleted(); deleted != nil {
		p.docs = roaring.AndNot(p.docs, deleted)
	}
}

// each calls found for each document that has the phrase, and how often.
func (p *places) each(found func(ord uint32, times int)) error {
	var docs [block]uint32
	for it := p.docs.ManyIterator(); ; {
		n := it.NextMany(docs[:])
		if n == 0 {
			return nil
		}
		for _, w := range p.words {
			for _, f := range w.forms {
				if err := f.stream.read(docs[:n], f.numbers[:]); err != nil {
					return err
				}
			}
		}
		for i, doc := range docs[:n] {
			times, ok := p.marked(i)
			if !ok {
				begins, err := p.begins(i, doc)
				if err != nil {
					return err
				}
				times = len(begins)
			}
			if times > 0 {
				found(p.seg.ords[doc]&^slideBit, times)
			}
		}
	}
}

// marked says how often the i-th document at hand has the phrase, by positions
// as bits; ok is false where that takes more: where a word stands late in a
// long text, or often.
func (p *places) marked(i int) (times int, ok bool) {
	begins := ^uint64(0)
	for _, w := range p.words {
		here := uint64(0)
		for _, f := range w.forms {
			at, ok := marks(f.numbers[i], p.last-w.offset)
			if !ok {
				return 0, false
			}
			here |= at
		}
		begins &= here
	}
	return bits.OnesCount64(begins), true
}

// marks returns the positions that a posting's number carries, moved by so
// many, as bits. It returns false where there are others, or one is too high.
func marks(packed uint64, pos int) (at uint64, ok bool) {
	rest := packed >> countBits
	if rest&highBits != 0 {
		return 0, false
	}
	left := count(packed)
	for ; rest != 0; rest >>= 8 {
		pos += int(rest & 0xff)
		at |= 1 << (pos & 63)
		left--
	}
	return at, left == 0 && pos < 64
}

// begins returns where in the i-th document at hand the phrase begins; valid
// until the next call.
func (p *places) begins(i int, doc uint32) ([]int, error) {
	for _, w := range p.words {
		if err := p.starts(w, i, doc); err != nil {
			return nil, err
		}
	}
	// A word with all its positions known, and few, decides.
	first := p.words[0]
	for _, w := range p.words[1:] {
		if cmp.Or(cmp.Compare(first.unknown, w.unknown), len(w.at)-len(first.at)) < 0 {
			first = w
		}
	}
	starts := first.at
	for _, other := range p.words {
		if other == first {
			continue
		}
		starts = slices.DeleteFunc(starts, func(s int) bool {
			_, in := slices.BinarySearch(other.at, s)
			return !in && s < other.unknown
		})
	}
	return starts, nil
}

// starts notes in w, sorted, where in a document the phrase would begin for
// the word to stand where it does. From unknown on it may begin anywhere as far
// as this word is concerned: a word said more often than positions are kept,
// such as "the" in a long text, is taken to stand wherever the others want it.
func (p *places) starts(w *place, i int, doc uint32) error {
	w.at, w.unknown = w.at[:0], math.MaxInt
	for _, f := range w.forms {
		number := f.numbers[i]
		if number == 0 {
			continue
		}
		before := len(w.at)
		w.at = unpack(w.at, number, 0)
		if times := count(number); times > len(w.at)-before || times == maxCount {
			all, whole, err := p.further(f, doc, times, slices.Clone(w.at[before:]))
			if err != nil {
				return err
			}
			w.at = append(w.at[:before], all...)
			if !whole {
				w.unknown = min(w.unknown, w.at[len(w.at)-1]-w.offset)
			}
		}
	}
	for i := range w.at {
		w.at[i] -= w.offset
	}
	if len(w.forms) > 1 {
		slices.Sort(w.at)
		w.at = slices.Compact(w.at)
	}
	return nil
}

// further adds the positions that overflowed, and says whether these are all.
// A word of which all occurrences were unpacked has no more.
func (p *places) further(f *form, doc uint32, times int, out []int) (all []int, whole bool, err error) {
	for n := 1; len(out) < times || times == maxCount; n++ {
		if n > maxOverflows {
			return out, false, nil
		}
		if n > len(f.more) {
			list, err := p.seg.list(overflow(p.field, n), f.term)
			if err != nil {
				return nil, false, err
			}
			var more *stream
			if list != nil {
				more = list.stream(uint64(len(p.seg.ords)))
			}
			f.more = append(f.more, more)
		}
		more := f.more[n-1]
		if more == nil {
			break
		}
		number, err := more.number(doc)
		if err != nil {
			return nil, false, err
		}
		if number == 0 {
			break
		}
		out = unpack(out, number, out[len(out)-1])
	}
	return out, true, nil
}
