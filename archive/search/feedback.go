package search

import (
	"math/bits"
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
	hints   *hintSet
	query   []float32 // nil when no word of the query has a vector
	hint    float32   // what the hints count
	nearest float32   // what nearness counts; 0 without query
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
	hints := m.feedback(best, r.scratch).set(r.scratch)
	about := &meaning{model: m, hints: hints, query: m.query(r), hint: w.feedback * float32(len(r.terms))}
	if about.query != nil {
		about.nearest = w.vectors * best[0].score
	}
	return about
}

// words is what those of some hints that are among a talk's words add to its score.
func (m *meaning) words(ord, some uint32) float32 {
	return m.hint * m.hints.of(some, m.model.of(ord), m.model)
}

// near is what a talk's nearness to the query adds to its score.
func (m *meaning) near(ord uint32) float32 {
	v := m.model.vectors
	if m.query == nil {
		return 0
	}
	at := int(ord) * v.dims
	if at+v.dims > len(v.talks) {
		return 0 // newer than the model
	}
	return m.nearest * max(0, dot(m.query, v.talks[at:at+v.dims]))
}

// again is a talk that gets a second look.
type again struct {
	ranked
	factor float32 // for what title and people say
	most   float32 // that its score can come to
	hints  uint32  // that it may have
}

// lookAgain reorders the best talks by what their titles say and what they are
// about. Those that cannot come among the first end of them are left out, as
// soon as that is known.
func (r *run) lookAgain(top []ranked, end int) []ranked {
	r.addNear(top)
	asked, about := r.asked(), r.meaning(top)
	list := againHeap(grown(r.scratch.again, len(top)))
	r.scratch.again = list
	for i, one := range top {
		factor := float32(1)
		if len(asked.words) > 0 {
			factor = r.titled(one, &asked)
		}
		list[i] = again{ranked: one, factor: factor, most: one.score * factor}
		if about != nil {
			some := about.hints.among(about.model.digest(one.ord))
			list[i].most = 1.001 * (one.score + about.hint*about.hints.most(some) + about.nearest) * factor
			list[i].hints = some
		}
	}
	out, best := top[:0], leading{room: end, scores: make([]float32, 0, end+1)}
	for list.init(); len(list) > 0; list.pop() {
		one := list[0]
		if best.beyond(one.most) {
			break
		}
		if about != nil {
			words := about.words(one.ord, one.hints)
			if best.beyond(1.001 * (one.score + words + about.nearest) * one.factor) {
				continue
			}
			one.score += words + about.near(one.ord)
		}
		one.score *= one.factor
		out = append(out, one.ranked)
		best.add(one.score)
	}
	r.sort(out)
	return out
}

// againHeap has the talk that can come first in front.
type againHeap []again

func (h againHeap) init() {
	for i := len(h)/2 - 1; i >= 0; i-- {
		h.down(i)
	}
}

func (h *againHeap) pop() {
	list := *h
	last := len(list) - 1
	list[0] = list[last]
	*h = list[:last]
	h.down(0)
}

func (h againHeap) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(h) {
			return
		}
		if child+1 < len(h) && h[child+1].most > h[child].most {
			child++
		}
		if h[i].most >= h[child].most {
			return
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
}

// leading keeps the highest of the scores it is given.
type leading struct {
	room   int
	scores []float32 // the highest first
}

// beyond says whether a score is too low to be among them.
func (l *leading) beyond(score float32) bool {
	return len(l.scores) == l.room && score < l.scores[l.room-1]
}

func (l *leading) add(score float32) {
	if at, _ := slices.BinarySearchFunc(l.scores, score, func(a, b float32) int { return compareFloat(b, a) }); at < l.room {
		l.scores = slices.Insert(l.scores, at, score)
		l.scores = l.scores[:min(len(l.scores), l.room)]
	}
}

// leaders returns the n best, in order.
func (r *run) leaders(top []ranked, n int) []ranked {
	s := r.scratch
	scores, best := s.numbers[:0], s.leaders[:0]
	for _, one := range top {
		scores = append(scores, one.score)
	}
	s.numbers = scores
	least := nth(scores, min(n, len(scores)))
	for _, one := range top {
		if one.score >= least {
			best = append(best, one)
		}
	}
	s.leaders = best
	r.sort(best)
	return best[:min(len(best), n)]
}

// hint is a word that the best talks have in common; hints are sorted by term
// and their weights sum up to 1.
type hint struct {
	term   uint32
	weight float32
	most   float32 // that it gives to any talk
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
			if w&0xff == 0 {
				continue
			}
			if sums[t] == 0 {
				terms = append(terms, t)
			}
			sums[t] += by * float32(w&0xff) * m.idf[t]
		}
	}
	s.terms = terms
	weights := s.numbers[:0]
	for _, t := range terms {
		weights = append(weights, sums[t])
	}
	s.numbers = weights
	if len(weights) == 0 {
		return nil
	}
	list, least := s.hintList[:0], nth(weights, min(feedbackWords, len(weights)))
	for _, t := range terms {
		if sums[t] >= least {
			list = append(list, hint{term: t, weight: sums[t]})
		}
		sums[t] = 0
	}
	s.hintList = list
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
		list[i].most = list[i].weight * m.idf[list[i].term]
	}
	slices.SortFunc(list, func(a, b hint) int { return int(a.term) - int(b.term) })
	return list
}

// hintSet is hints made ready for looking talks up: most talks have few of them.
type hintSet struct {
	list   hintList
	digest digest
	at     [digestBits]uint32 // which of the list stand at a bit of the digest
}

// set prepares hints; valid until the next call with the scratch.
func (h hintList) set(s *scratch) *hintSet {
	set := &s.hints
	*set = hintSet{list: h}
	for i, one := range h {
		bit := digestBit(one.term)
		set.digest.add(bit)
		set.at[bit] |= 1 << i
	}
	return set
}

// among returns which of the hints a talk may have.
func (h *hintSet) among(d *digest) (some uint32) {
	for i, word := range d {
		for word &= h.digest[i]; word != 0; word &= word - 1 {
			some |= h.at[i<<6+bits.TrailingZeros64(word)]
		}
	}
	return some
}

// most is the most that some of the hints weigh in any talk.
func (h *hintSet) most(some uint32) (sum float32) {
	for ; some != 0; some &= some - 1 {
		sum += h.list[bits.TrailingZeros32(some)].most
	}
	return sum
}

// of weighs those among some of the hints that a talk's words have.
func (h *hintSet) of(some uint32, words []aboutWord, m *model) (sum float32) {
	for ; some != 0; some &= some - 1 {
		one := &h.list[bits.TrailingZeros32(some)]
		if w, ok := seek(words, one.term); ok {
			sum += one.weight * w.weight() * m.idf[one.term]
		}
	}
	return sum
}

// seek looks a term up in a talk's words, in steps that are the same for all.
func seek(words []aboutWord, term uint32) (aboutWord, bool) {
	if len(words) == 0 {
		return 0, false
	}
	from := 0
	for n := len(words); n > 1; {
		half := n / 2
		if words[from+half].term() <= term {
			from += half
		}
		n -= half
	}
	return words[from], words[from].term() == term
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
