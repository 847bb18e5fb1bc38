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

// lookAtMeaning reorders the best by the model, where there is one.
func (r *run) lookAtMeaning(top []ranked) {
	m := r.model
	if m == nil || len(r.terms) < 2 || len(top) < 2 {
		return
	}
	best := r.leaders(top, feedbackTalks)
	if len(best) < 2 {
		return
	}
	w := &r.view.weights
	hints := m.feedback(best)
	query, sieve := m.query(r), hints.sieve()
	highest := best[0].score
	for i, one := range top {
		add := float32(0)
		if w.feedback > 0 {
			add += w.feedback * float32(len(r.terms)) * hints.of(m.of(one.ord), m, sieve)
		}
		if w.vectors > 0 && query != nil && m.vectors != nil {
			at := int(one.ord) * m.vectors.dims
			if at+m.vectors.dims <= len(m.vectors.talks) {
				add += w.vectors * highest * max(0, dot(query, m.vectors.talks[at:at+m.vectors.dims]))
			}
		}
		top[i].score += add
	}
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
func (m *model) feedback(best []ranked) hintList {
	sums := map[uint32]float32{}
	for _, one := range best {
		words := m.of(one.ord)
		total := float32(0)
		for _, w := range words {
			total += w.weight()
		}
		for _, w := range words {
			sums[w.term()] += one.score * w.weight() / total * m.idf[w.term()]
		}
	}
	list, weights := make(hintList, 0, len(sums)), make([]float32, 0, len(sums))
	for term, weight := range sums {
		list = append(list, hint{term, weight})
		weights = append(weights, weight)
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
