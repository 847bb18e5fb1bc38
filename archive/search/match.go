package search

import (
	"cmp"
	"slices"
	"strings"
)

// match returns where a slot matches, from memory where it is known.
func (v *view) match(s *slot) (*matches, error) {
	key := v.key(s)
	if m := v.lists.get(key); m != nil {
		return m, nil
	}
	m, err := v.makeMatches(s)
	if err != nil {
		return nil, err
	}
	v.lists.put(key, s, m)
	return m, nil
}

func (v *view) makeMatches(s *slot) (*matches, error) {
	w := &v.weights
	switch s.kind {
	case wordSlot:
		return v.wordList(s.variants, s.in, w)
	case prefixSlot:
		variants, err := v.expand(s)
		if err != nil {
			return nil, err
		}
		return v.wordList(variants, s.in, w)
	case phraseSlot:
		return v.phraseList(s.phrase, s.in, w)
	case announcedSlot:
		return v.announcedList(s, w)
	case propertySlot:
		return v.having(s), nil
	}
	of := make([]*matches, len(s.of))
	for i, o := range s.of {
		m, err := v.match(o)
		if err != nil {
			return nil, err
		}
		of[i] = m
	}
	if s.kind == orSlot {
		return v.either(of, nil), nil
	}
	together := newBitset(len(v.columns.rows))
	together.add(of[0])
	for _, m := range of[1:] {
		together.keep(m)
	}
	for _, o := range s.without {
		m, err := v.match(o)
		if err != nil {
			return nil, err
		}
		together.drop(m)
	}
	return v.either(of, together), nil
}

// having lists the talks that have a property.
func (v *view) having(s *slot) *matches {
	b := v.builder()
	defer b.done()
	for _, ord := range v.columns.live.list(nil) {
		if s.keep(ord) {
			b.scratch.touched.set(ord)
			b.scratch.fields[ord], b.scratch.own[ord] = s.in, 1
		}
	}
	return b.matches(0)
}

// maxExpansions bounds the words that a prefix stands for: the commonest win.
const maxExpansions = 100

// expand returns the words that begin with a prefix, the prefix's own stem
// among them: "running*" finds what "run" was stemmed to.
func (v *view) expand(s *slot) ([]variant, error) {
	counts := map[string]uint64{}
	for f := range talkFields {
		if s.in.has(f) {
			if err := v.beginning(f.indexed(), s.prefix, counts); err != nil {
				return nil, err
			}
		}
	}
	if s.in.has(inSlide) {
		if err := v.beginning(slideWords, s.prefix, counts); err != nil {
			return nil, err
		}
	}
	terms := make([]string, 0, len(counts))
	for t := range counts {
		terms = append(terms, t)
	}
	slices.SortFunc(terms, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), len(a)-len(b), strings.Compare(a, b))
	})
	if len(terms) > maxExpansions {
		terms = terms[:maxExpansions]
	}
	slices.Sort(terms)
	variants := slices.Clone(s.variants)
	for _, t := range terms {
		variants = append(variants, variant{stem: t, word: t, weight: 1})
	}
	return variants, nil
}

// beginning counts the terms of a field that begin with a prefix.
func (v *view) beginning(field, prefix string, counts map[string]uint64) error {
	for _, s := range v.segments {
		left := 20_000 // of a short prefix in a large archive some words stay unseen
		err := s.eachTerm(field, prefix, func(term []byte, docs uint64) bool {
			counts[string(term)] += docs
			left--
			return left > 0
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// either joins matches: a talk has the strongest of its weights. Where within
// is given only its talks stay, and their weights are averaged over all of them.
func (v *view) either(of []*matches, within bitset) *matches {
	c, b := v.columns, v.builder()
	defer b.done()
	s := b.scratch
	total := float32(0)
	for _, m := range of {
		total += m.idf
	}
	for _, m := range of {
		part := m.idf / total
		for i, ord := range m.ords() {
			if within != nil && !within.has(ord) {
				continue
			}
			s.touched.set(ord)
			s.fields[ord] |= m.fields[i]
			own := float32(m.own[i]) / oneStrength
			if within != nil {
				s.own[ord] += part * own
			} else {
				s.own[ord] = max(s.own[ord], own)
			}
			m.eachSlide(i, func(at int, x strength) {
				slide := c.slideFrom[ord] + uint32(at)
				if within != nil {
					x = s.slide[slide] + max(1, strength(part*float32(x)))
				}
				b.slideStrength(slide, ord, x)
			})
		}
	}
	return b.matches(0)
}
