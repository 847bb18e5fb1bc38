package search

import (
	"slices"
)

// Feedback looks at the best talks of a query and takes their most telling
// words as a hint of what was meant (RM3): talks that share them move up. It
// only reorders talks that match the query: what cannot be shown to match is
// not shown.
const (
	feedbackTalks = 10
	feedbackWords = 20
)

// meaning is what the model knows of a query: words that the best talks share,
// and a place among the vectors.
type meaning struct {
	model   *model
	hints   hintList
	sieve   *sieve
	query   []float32 // nil when no word of the query has a vector
	hint    float32   // what the hints count
	nearest float32   // what nearness counts
}

// meaning is nil where there is no model, or nothing for it to tell.
func (r *run) meaning(top []ranked) *meaning {
	m := r.model
	if m == nil || len(r.terms) < 2 || len(top) < 2 {
		return nil
	}
	best := r.leaders(top, feedbackTalks)
	if len(best) < 2 {
		return nil
	}
	w := &r.view.weights
	hints := m.feedback(best, r.scratch)
	return &meaning{
		model: m, hints: hints, sieve: hints.sieve(), query: m.query(r),
		hint: w.feedback * float32(len(r.terms)), nearest: w.vectors * best[0].score,
	}
}

// of is what the meaning of a talk adds to its score.
func (m *meaning) of(ord uint32) float32 {
	add := float32(0)
	if m.hint > 0 {
		add += m.hint * m.hints.of(m.model.of(ord), m.model, m.sieve)
	}
	if v := m.model.vectors; m.query != nil && v != nil {
		if at := int(ord) * v.dims; at+v.dims <= len(v.talks) {
			add += m.nearest * max(0, dot(m.query, v.talks[at:at+v.dims]))
		}
	}
	return add
}

// most is no less than what any talk gets, with something for rounding.
func (m *meaning) most() float32 {
	sum := float32(0)
	for _, h := range m.hints {
		sum += h.weight * m.model.idf[h.term]
	}
	return 1.001 * (m.hint*sum + m.nearest)
}

// again is a talk that gets a second look.
type again struct {
	ranked
	factor float32 // for what title and people say
	most   float32 // that its score can come to
}

// lookAgain reorders the best talks by what their titles say and what they are
// about. Those that cannot come among the first end of them are left out, and
// need not be looked at.
func (r *run) lookAgain(top []ranked, end int) []ranked {
	titles, about := r.titles(), r.meaning(top)
	add := float32(0)
	if about != nil {
		add = about.most()
	}
	list := make([]again, len(top))
	for i, one := range top {
		factor := float32(1)
		if titles != nil {
			factor = titles(one.ord)
		}
		list[i] = again{one, factor, (one.score + add) * factor}
	}
	slices.SortFunc(list, func(a, b again) int { return compareFloat(b.most, a.most) })
	out := top[:0]
	var first []float32 // the scores of the first end so far, the highest first
	for _, one := range list {
		if len(first) == end && one.most < first[end-1] {
			break
		}
		if about != nil {
			one.score += about.of(one.ord)
		}
		one.score *= one.factor
		out = append(out, one.ranked)
		at, _ := slices.BinarySearchFunc(first, one.score, func(a, b float32) int { return compareFloat(b, a) })
		if at < end {
			first = slices.Insert(first, at, one.score)
			first = first[:min(len(first), end)]
		}
	}
	r.sort(out)
	return out
}

// leaders returns the n best, in order.
func (r *run) leaders(top []ranked, n int) []ranked {
	scores := make([]float32, len(top))
	for i, one := range top {
		scores[i] = one.score
	}
	least := nth(scores, min(n, len(scores)))
	best := slices.DeleteFunc(slices.Clone(top), func(one ranked) bool { return one.score < least })
	r.sort(best)
	return best[:min(len(best), n)]
}

// hint is a word that the best talks have in common; hints are sorted by term
// and their weights sum up to 1.
type hint struct {
	term   uint32
	weight float32
}

type hintList []hint

// feedback picks the words of the best talks.
func (m *model) feedback(best []ranked, s *scratch) hintList {
	sums, terms := grown(s.sumsOfTerms, len(m.terms)), s.terms[:0]
	s.sumsOfTerms = sums
	for _, one := range best {
		words := m.of(one.ord)
		total := 0
		for _, w := range words {
			total += int(w & 0xff)
		}
		by := one.score / float32(max(total, 1))
		for _, w := range words {
			t := w.term()
			if sums[t] == 0 {
				terms = append(terms, t)
			}
			sums[t] += by * float32(w&0xff) * m.idf[t]
		}
	}
	s.terms = terms
	list, weights := make(hintList, 0, len(terms)), make([]float32, 0, len(terms))
	for _, t := range terms {
		if sums[t] > 0 {
			list = append(list, hint{t, sums[t]})
			weights = append(weights, sums[t])
			sums[t] = 0
		}
	}
	if len(list) == 0 {
		return nil
	}
	least := nth(weights, min(feedbackWords, len(weights)))
	list = slices.DeleteFunc(list, func(h hint) bool { return h.weight < least })
	slices.SortFunc(list, func(a, b hint) int {
		if d := compareFloat(b.weight, a.weight); d != 0 {
			return d
		}
		return int(a.term) - int(b.term)
	})
	list = list[:min(len(list), feedbackWords)]
	total := float32(0)
	for _, h := range list {
		total += h.weight
	}
	for i := range list {
		list[i].weight /= total
	}
	slices.SortFunc(list, func(a, b hint) int { return int(a.term) - int(b.term) })
	return list
}

// sieve lets through the hints' terms and few others: of a talk's hundred words
// nearly all are told to be no hint by one look.
type sieve [16]uint64

func (h hintList) sieve() *sieve {
	s := &sieve{}
	for _, one := range h {
		s[one.term>>6&15] |= 1 << (one.term & 63)
	}
	return s
}

// of weighs the hints in a talk's words.
func (h hintList) of(words []aboutWord, m *model, s *sieve) float32 {
	sum := float32(0)
	for _, w := range words {
		t := w.term()
		if s[t>>6&15]&(1<<(t&63)) == 0 {
			continue
		}
		if i, ok := slices.BinarySearchFunc(h, t, func(one hint, t uint32) int { return int(one.term) - int(t) }); ok {
			sum += h[i].weight * w.weight() * m.idf[t]
		}
	}
	return sum
}

// query places the query among the vectors; nil when it has no word that they know.
func (m *model) query(r *run) []float32 {
	if m.vectors == nil {
		return nil
	}
	row := make([]float32, m.vectors.dims)
	known := false
	for _, s := range r.plan.wished {
		for _, v := range s.variants {
			if id, ok := m.ids[v.stem]; ok {
				addScaled(row, m.vectors.terms[int(id)*len(row):][:len(row)], v.weight*m.idf[id])
				known = true
				break
			}
		}
	}
	if !known {
		return nil
	}
	normalize(row)
	return row
}
