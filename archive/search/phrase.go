package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"
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
		if err := places.intersect(func(doc uint64, times int) { found(seg.ords[doc]&^slideBit, times) }); err != nil {
			return err
		}
	}
	return nil
}

// places reads the words of a phrase side by side in one segment, the rarest first.
type places struct {
	seg   *numbered
	field string
	words []*place
}

// place is one word of the phrase: where it stands in it and its forms.
type place struct {
	offset int
	forms  []*cursor
	count  uint64

	// Of the document at hand: where the phrase would begin, and from where on
	// that is not known.
	at      []int
	unknown int
}

// cursor walks over the documents of one form of a word.
type cursor struct {
	term string
	it   segment.PostingsIterator
	at   segment.Posting // nil at the end
	more []*cursor       // the overflows; nil where the segment has none
}

// places returns nil when a word of the phrase is not in the segment at all.
func (n *numbered) places(field string, phrase [][]variant, names bool) (*places, error) {
	p := &places{seg: n, field: field}
	for offset, forms := range phrase {
		if len(forms) == 0 {
			continue
		}
		w := &place{offset: offset}
		for _, form := range forms {
			term := form.stem
			if names {
				term = form.word
			}
			if term == "" {
				continue
			}
			c, size, err := n.cursor(field, term)
			if err != nil {
				return nil, err
			}
			if c != nil {
				w.forms = append(w.forms, c)
				w.count += size
			}
		}
		if len(w.forms) == 0 {
			return nil, nil //nolint:nilnil // no document can have the phrase
		}
		p.words = append(p.words, w)
	}
	slices.SortStableFunc(p.words, func(a, b *place) int {
		switch {
		case a.count < b.count:
			return -1
		case a.count > b.count:
			return 1
		}
		return 0
	})
	return p, nil
}

func (n *numbered) cursor(field, term string) (*cursor, uint64, error) {
	dict, err := n.Segment().Dictionary(field)
	if err != nil || dict == nil {
		return nil, 0, err
	}
	list, err := dict.PostingsList([]byte(term), n.Deleted(), nil)
	if err != nil || list == nil || list.Count() == 0 {
		return nil, 0, err
	}
	c := &cursor{term: term, it: list.Iterator(true, false, false, nil)}
	c.at, err = c.it.Next()
	return c, list.Count(), err
}

// seek moves to a document or, when it is not there, behind it, and says
// whether it is there.
func (c *cursor) seek(doc uint64) (bool, error) {
	if c.at == nil || c.at.Number() >= doc {
		return c.at != nil && c.at.Number() == doc, nil
	}
	var err error
	c.at, err = c.it.Advance(doc)
	return err == nil && c.at != nil && c.at.Number() == doc, err
}

// intersect walks over the documents of the rarest word and looks for the
// others in each.
func (p *places) intersect(found func(doc uint64, times int)) error {
	first := p.words[0]
	for {
		doc, ok := first.next()
		if !ok {
			return nil
		}
		starts, err := p.begins(doc)
		if err != nil {
			return err
		}
		if len(starts) > 0 {
			found(doc, len(starts))
		}
		if err := first.skip(doc); err != nil {
			return err
		}
	}
}

// begins returns where in a document the phrase begins; valid until the next call.
func (p *places) begins(doc uint64) ([]int, error) {
	// Most documents lack one of the words: that is known before any position is
	// looked at.
	for _, w := range p.words {
		there, err := w.stands(doc)
		if err != nil || !there {
			return nil, err
		}
	}
	for _, w := range p.words {
		if err := p.starts(w, doc); err != nil {
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

// stands moves all forms to a document and says whether any is there.
func (w *place) stands(doc uint64) (any bool, err error) {
	for _, c := range w.forms {
		there, err := c.seek(doc)
		if err != nil {
			return false, fmt.Errorf("read index: %w", err)
		}
		any = any || there
	}
	return any, nil
}

// next returns the first document that any form stands at.
func (w *place) next() (doc uint64, ok bool) {
	for _, c := range w.forms {
		if c.at != nil && (!ok || c.at.Number() < doc) {
			doc, ok = c.at.Number(), true
		}
	}
	return doc, ok
}

func (w *place) skip(doc uint64) error {
	for _, c := range w.forms {
		if c.at != nil && c.at.Number() == doc {
			var err error
			if c.at, err = c.it.Next(); err != nil {
				return fmt.Errorf("read index: %w", err)
			}
		}
	}
	return nil
}

// starts notes in w, sorted, where in a document the phrase would begin for
// the word to stand where it does. From unknown on it may begin anywhere as far
// as this word is concerned: a word said more often than positions are kept,
// such as "the" in a long text, is taken to stand wherever the others want it.
func (p *places) starts(w *place, doc uint64) error {
	w.at, w.unknown = w.at[:0], math.MaxInt
	for _, c := range w.forms {
		if c.at == nil || c.at.Number() != doc {
			continue
		}
		before := len(w.at)
		w.at = unpack(w.at, c.at.Frequency(), 0)
		if times := count(c.at.Frequency()); times > len(w.at)-before || times == maxCount {
			all, whole, err := p.further(c, doc, times, slices.Clone(w.at[before:]))
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
func (p *places) further(c *cursor, doc uint64, times int, out []int) (all []int, whole bool, err error) {
	for n := 1; len(out) < times || times == maxCount; n++ {
		if n > maxOverflows {
			return out, false, nil
		}
		if n > len(c.more) {
			more, _, err := p.seg.cursor(overflow(p.field, n), c.term)
			if err != nil {
				return nil, false, err
			}
			c.more = append(c.more, more)
		}
		more := c.more[n-1]
		if more == nil {
			break
		}
		there, err := more.seek(doc)
		if err != nil {
			return nil, false, fmt.Errorf("read index: %w", err)
		}
		if !there {
			break
		}
		out = unpack(out, more.at.Frequency(), out[len(out)-1])
	}
	return out, true, nil
}
