package search

import (
	"math/bits"
	"slices"
)

// maxBestTerms is up to how many terms looking for the best alone is tried:
// each talk is looked up in the lists of all of them.
const maxBestTerms = 8

// weighBest scores only talks that can be among the best, where a page of those
// is all that is asked for: it walks the lists from the one that can give most,
// and stops when all the lists that are left could together not lift a talk
// above enough of those it has seen. It returns false, and has done nothing,
// where that cannot be known or is not worth while.
func (r *run) weighBest() bool {
	if !r.bestIsEnough() {
		return false
	}
	s, w := r.scratch, &r.view.weights
	found := s.touched
	if len(r.plan.filters) > 0 {
		clear(found)
		for _, ord := range r.found {
			found.set(ord)
		}
	}
	order := make([]*term, len(r.terms))
	rest, restIDF := float32(0), float32(0)
	for i := range r.terms {
		order[i] = &r.terms[i]
		rest += order[i].most(w)
		restIDF += order[i].idf
	}
	slices.SortStableFunc(order, func(a, b *term) int { return compareFloat(b.most(w), a.most(w)) })
	taken, fresh := s.taken, s.fresh
	clear(taken)
	r.scored, r.score, r.double, r.named = s.scored[:0], s.score[:0], s.double[:0], s.named[:0]
	sure, most := s.sure[:0], float32(0) // what talks have for certain; slides may give more
	for _, t := range order {
		clear(fresh)
		fresh.add(t.matches)
		for at := range fresh {
			fresh[at] &= found[at] &^ taken[at]
			taken[at] |= fresh[at]
		}
		for k := range r.terms { // in the query's order: sums of floats depend on it
			r.addWithin(&r.terms[k], k, fresh)
		}
		for at, word := range fresh {
			for ; word != 0; word &= word - 1 {
				ord := at<<6 + bits.TrailingZeros64(word)
				c := &s.cells[ord]
				score, double := c.score(w, r.total)
				r.scored, r.score, r.double = append(r.scored, uint32(ord)), append(r.score, score), append(r.double, double)
				r.named = append(r.named, c.named)
				sure = append(sure, c.own*(1-w.covered*(1-c.have/r.total)))
				most = max(most, c.have)
				*c = cell{}
			}
		}
		rest, restIDF = rest-t.most(w), restIDF-t.idf
		if len(sure) < depth || most < restIDF {
			continue
		}
		if above(sure, 1.001*rest*(1-w.covered*(1-restIDF/r.total))) >= depth {
			break
		}
	}
	s.sure = sure
	r.best = min(most/r.total, 1)
	return true
}

// above counts the numbers above another.
func above(list []float32, least float32) (n int) {
	for _, x := range list {
		if x > least {
			n++
		}
	}
	return n
}

// bestIsEnough says whether a page of the best is asked for, of many talks.
func (r *run) bestIsEnough() bool {
	q := &r.request
	if q.Limit == 0 || q.Offset+q.Limit > depth || q.Sort == ByNewest || q.Sort == ByOldest {
		return false
	}
	if len(r.terms) < 2 || len(r.terms) > maxBestTerms || len(r.found) < 4*depth {
		return false
	}
	return !slices.ContainsFunc(r.terms, func(t term) bool { return len(t.also) > 0 })
}

// most is the most that a list gives to any talk.
func (t *term) most(w *weights) float32 {
	return t.idf / oneStrength * (float32(t.mostOwn) + w.slide*float32(t.mostBest))
}

// addWithin adds the list of the query's n-th word to the cells of some talks.
func (r *run) addWithin(t *term, n int, some bitset) {
	cells, m := r.scratch.cells, t.matches
	for i, ord := range m.talks {
		if some.has(ord) {
			c := &cells[ord]
			c.add(m, i, t.idf)
			c.named |= namedIn(m.fields[i], n)
		}
	}
	for at, all := range m.set {
		for w := all & some[at]; w != 0; w &= w - 1 {
			i := int(m.ranks[at]) + bits.OnesCount64(all&(w&-w-1))
			c := &cells[at<<6+bits.TrailingZeros64(w)]
			c.add(m, i, t.idf)
			c.named |= namedIn(m.fields[i], n)
		}
	}
}
