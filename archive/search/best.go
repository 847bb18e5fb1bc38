package search

import (
	"math/bits"
	"slices"
)

// maxBestTerms is up to how many terms looking for the best alone is tried:
// each talk is looked up in the lists of all of them.
const maxBestTerms = 8

// weighBest scores only talks that can be among the best, where a page of those
// is all that is asked for. It goes through the talks 64 at a time, passing by
// those whose lists can together not lift any of them above enough of the talks
// it has seen. It returns false, and has done nothing, where that cannot be
// known or is not worth while.
func (r *run) weighBest() bool {
	if !r.bestIsEnough() {
		return false
	}
	s := r.scratch
	found := s.touched
	if len(r.plan.filters) > 0 {
		clear(found)
		for _, ord := range r.found {
			found.set(ord)
		}
	}
	b := &s.best
	b.begin(r)
	r.scored, r.score, r.double, r.named = s.scored[:0], s.score[:0], s.double[:0], s.named[:0]
	for at, some := range found {
		most := b.move(at, some)
		if b.have < r.total {
			b.cover(0, some, 0)
		}
		if most < b.least.bound {
			continue
		}
		for few := b.telling(some); few != 0; few &= few - 1 {
			r.weighOne(b, uint32(at<<6+bits.TrailingZeros64(few)))
		}
	}
	r.keepBest(b.least.bound)
	r.best = min(b.have/r.total, 1)
	return true
}

// keepBest leaves out the talks scored before it was known how low they are.
func (r *run) keepBest(bound float32) {
	kept := 0
	for i, score := range r.score {
		r.scored[kept], r.score[kept], r.double[kept], r.named[kept] = r.scored[i], score, r.double[i], r.named[i]
		if score*rounding >= bound {
			kept++
		}
	}
	r.scored, r.score, r.double, r.named = r.scored[:kept], r.score[:kept], r.double[:kept], r.named[:kept]
}

// weighOne scores a talk of those at hand, unless it is told by its weights alone
// that it is not among the best, as most are.
func (r *run) weighOne(b *bestWalk, ord uint32) {
	w := &r.view.weights
	if b.most(ord, w) < b.least.bound {
		return
	}
	var c cell
	slide := float32(0)
	for k := range b.lists { // in the query's order: sums of floats depend on it
		l := &b.lists[k]
		if l.word>>(ord&63)&1 == 0 {
			continue
		}
		c.add(l.matches, l.entry, l.idf)
		c.named |= namedIn(l.fields[l.entry], k)
		if l.best != nil {
			slide = max(slide, l.by*float32(l.best[l.entry]))
		}
	}
	score, double := c.score(w, r.total)
	r.scored, r.score = append(r.scored, ord), append(r.score, score)
	r.double, r.named = append(r.double, double), append(r.named, c.named)
	// The best slide has no less than the best for one word.
	b.least.add((c.own + w.slide*slide) * (1 - w.covered*(1-c.have/r.total)))
}

// most is the most that a talk of those at hand can come to. It leaves the
// talk's entries with the lists.
func (b *bestWalk) most(ord uint32, w *weights) float32 {
	sum, have, at := float32(0), float32(0), ord&63
	for k := range b.lists {
		l := &b.lists[k]
		if l.word>>at&1 == 0 {
			continue
		}
		l.entry = l.first + bits.OnesCount64(l.word&(1<<at-1))
		sum += l.by * l.weight(l.entry, w.slide)
		have += l.idf
	}
	return sum * (1 - w.covered*(1-have/b.total)) * rounding
}

// rounding is what sums of floats may be too small by, and more.
const rounding = 1.001

// bestWalk goes through the lists of a query, 64 talks at a time.
type bestWalk struct {
	lists   []bestList
	order   []int8 // of the lists, the one that can give most first
	weights *weights
	total   float32
	have    float32 // the most of the query that any talk has
	least   depthLeast
}

// bestList is a list with its entries at hand.
type bestList struct {
	*matches
	idf   float32
	by    float32 // what a strength counts
	at    int     // in a short list, the next entry
	word  uint64  // the talks at hand that it has
	first int     // the entry of the first of them
	entry int     // of the talk looked at
	most  float32 // no less than what it gives to any of them
}

func (b *bestWalk) begin(r *run) {
	b.lists, b.order, b.weights, b.total, b.have = b.lists[:0], b.order[:0], &r.view.weights, r.total, 0
	most := float32(0)
	for i := range r.terms {
		t := &r.terms[i]
		b.lists = append(b.lists, bestList{matches: t.matches, idf: t.idf, by: t.idf / oneStrength, most: t.idf / oneStrength * t.most})
		b.order = append(b.order, int8(i))
		most += t.idf / oneStrength * t.most
	}
	slices.SortStableFunc(b.order, func(i, j int8) int { return compareFloat(b.lists[j].most, b.lists[i].most) })
	b.least.begin(most)
}

// move takes the entries of the next 64 talks, of which some were found, and
// returns the most that any of those can have.
func (b *bestWalk) move(at int, some uint64) float32 {
	most := float32(0)
	for k := range b.lists {
		l := &b.lists[k]
		if l.set != nil {
			l.word, l.first, l.most = l.set[at], int(l.ranks[at]), l.by*l.mostAt[at].value()
		} else {
			l.moveShort(at, b.weights.slide)
		}
		if l.word&some != 0 {
			most += l.most
		}
	}
	return most * rounding
}

func (l *bestList) moveShort(at int, slide float32) {
	l.word, l.first, l.most = 0, l.at, 0
	for ; l.at < len(l.talks) && int(l.talks[l.at]>>6) == at; l.at++ {
		l.word |= 1 << (l.talks[l.at] & 63)
		l.most = max(l.most, l.weight(l.at, slide))
	}
	l.most *= l.by
}

// cover notes how much of the query the talks at hand have that are in the
// lists from the k-th on; have is what they have in those before.
func (b *bestWalk) cover(k int, some uint64, have float32) {
	if k == len(b.lists) {
		b.have = max(b.have, have)
		return
	}
	rest := have
	for i := k; i < len(b.lists); i++ {
		rest += b.lists[i].idf
	}
	if rest <= b.have {
		return
	}
	if with := some & b.lists[k].word; with != 0 {
		b.cover(k+1, with, have+b.lists[k].idf)
	}
	b.cover(k+1, some, have)
}

// telling leaves out of the talks at hand those that are only in lists that can
// together not lift them high enough.
func (b *bestWalk) telling(some uint64) uint64 {
	n, rest, idf := len(b.order), float32(0), float32(0)
	for ; n > 0; n-- {
		l := &b.lists[b.order[n-1]]
		rest, idf = rest+l.most, idf+l.idf
		if rest*(1-b.weights.covered*(1-idf/b.total))*rounding >= b.least.bound {
			break
		}
	}
	in := uint64(0)
	for _, k := range b.order[:n] {
		in |= b.lists[k].word
	}
	return in & some
}

// depthLeast tells what the best so far have at least, in classes of scores.
type depthLeast struct {
	bound  float32 // depth scores are no lower
	by     float32
	class  int // of bound
	above  int // scores in higher classes
	counts [classes]uint16
}

const classes = 1024

// begin takes the most that a score can be.
func (l *depthLeast) begin(most float32) {
	*l = depthLeast{by: (classes - 1) / (most * rounding)}
}

func (l *depthLeast) add(score float32) {
	class := min(int(score*l.by), classes-1)
	if class <= l.class {
		return
	}
	l.counts[class]++
	for l.above++; l.above >= depth; l.above -= int(l.counts[l.class]) {
		l.class++
		l.bound = float32(l.class) / l.by
	}
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
