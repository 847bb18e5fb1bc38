package search

import (
	"fmt"
	"slices"
)

// match returns where a slot matches, from memory where it is known.
func (v *view) match(s *slot) (*matches, error) {
	key := s.key()
	if m := v.lists.get(key); m != nil {
		return m, nil
	}
	m, err := v.makeMatches(s)
	if err != nil {
		return nil, err
	}
	v.lists.put(key, m)
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
	together := slices.Clone(of[0].all)
	for _, m := range of[1:] {
		for i := range together {
			together[i] &= m.all[i]
		}
	}
	return v.either(of, together), nil
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
		if counts[a] != counts[b] {
			return int(int64(counts[b]) - int64(counts[a]))
		}
		return len(a) - len(b)
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
	dict, err := v.reader.FieldDictPrefix(field, []byte(prefix))
	if err != nil {
		return fmt.Errorf("read index: %w", err)
	}
	defer dict.Close() //nolint:errcheck // nothing was written
	for range 20_000 { // of a short prefix in a large archive some words stay unseen
		e, err := dict.Next()
		if err != nil {
			return fmt.Errorf("read index: %w", err)
		}
		if e == nil {
			break
		}
		counts[e.Term] += e.Count
	}
	return nil
}

// either joins matches: a talk has the strongest of its weights. Where within
// is given only its talks stay, and their weights are averaged over all of them.
func (v *view) either(of []*matches, within bitset) *matches {
	c := v.columns
	s := v.scratch.get(c)
	defer v.scratch.put(s)
	total := float32(0)
	for _, m := range of {
		total += m.idf
	}
	for _, m := range of {
		for i, ord := range m.talks {
			if within != nil && !within.has(ord) {
				continue
			}
			if s.mask[ord] == 0 {
				s.touched = append(s.touched, ord)
			}
			s.mask[ord] |= uint64(m.fields[i])
			if within != nil {
				s.score[ord] += m.weight[i] * m.idf / total
			} else {
				s.score[ord] = max(s.score[ord], m.weight[i])
			}
		}
		for i, slide := range m.slides {
			if within != nil && !within.has(c.slides[slide].talk) {
				continue
			}
			if s.slide[slide] == 0 {
				s.slideTouched = append(s.slideTouched, slide)
			}
			if within != nil {
				s.slide[slide] += m.slideWeight[i] * m.idf / total
			} else {
				s.slide[slide] = max(s.slide[slide], m.slideWeight[i])
			}
		}
	}
	slices.Sort(s.touched)
	slices.Sort(s.slideTouched)
	out := &matches{}
	for _, ord := range s.touched {
		out.talks = append(out.talks, ord)
		out.weight = append(out.weight, s.score[ord])
		out.fields = append(out.fields, fieldMask(s.mask[ord]))
	}
	for _, slide := range s.slideTouched {
		out.slides = append(out.slides, slide)
		out.slideWeight = append(out.slideWeight, s.slide[slide])
	}
	return out.finish(c)
}
