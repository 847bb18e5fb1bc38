package search

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// depth is how many of the best talks get a second look. Those behind keep
// their order, so paging deep stays stable; and what a second look adds is
// never less than nothing, so none of them overtakes.
const depth = 200

// maxSharpened bounds the talks whose slides are looked at one by one.
const maxSharpened = 4000

// ranked is a talk found with its score.
type ranked struct {
	ord   uint32
	score float32
	named namedMask
}

// weigh scores the talks found. A talk's slides count as if each word's best
// slide were one and the same: sharpen puts that right where it matters.
func (r *run) weigh() {
	s, w := r.scratch, &r.view.weights
	r.scored = r.found
	if len(r.terms) > 0 && r.weighBest() {
		return
	}
	r.score, r.double, r.named = grown(s.score, len(r.found)), grown(s.double, len(r.found)), grown(s.named, len(r.found))
	if len(r.terms) == 0 {
		clear(r.score)
		clear(r.double)
		return
	}
	touched := 0
	for i := range r.terms {
		t := &r.terms[i]
		if r.few(t) {
			r.addFew(t, i)
			continue
		}
		r.addAll(t, i)
		touched += t.n
	}
	most := float32(0)
	for i, ord := range r.found {
		c := &s.cells[ord]
		most = max(most, c.have)
		r.score[i], r.double[i] = c.score(w, r.total)
		r.named[i] = c.named
	}
	r.best = min(most/r.total, 1)
	r.wipe(touched)
}

// score is what a cell comes to; the second value is how many words the talk's
// slides have.
func (c *cell) score(w *weights, total float32) (float32, uint8) {
	return (c.own + w.slide*c.slides) * (1 - w.covered*(1-c.have/total)), uint8(min(c.double, math.MaxUint8))
}

// few says whether looking the talks found up in a list is less work than
// walking over it.
func (r *run) few(t *term) bool { return len(r.found) < t.n/8 }

func grown[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n, n+n/4)
	}
	return list[:n]
}

// addAll adds the list of the query's n-th word to the cells of all its talks,
// found or not.
func (r *run) addAll(t *term, n int) {
	cells := r.scratch.cells
	for i, ord := range t.talks {
		c := &cells[ord]
		c.add(t.matches, i, t.idf)
		c.named |= namedIn(t.fields[i], n)
	}
	i := 0
	for at, w := range t.set {
		for ; w != 0; w &= w - 1 {
			c := &cells[at<<6+bits.TrailingZeros64(w)]
			c.add(t.matches, i, t.idf)
			c.named |= namedIn(t.fields[i], n)
			i++
		}
	}
	for k, m := range t.also {
		t.beyond(k, func(ord uint32, at int) { cells[ord].add(m, at, t.idf) })
	}
}

// addFew looks the talks found up in a list that is much longer.
func (r *run) addFew(t *term, n int) {
	for _, ord := range r.found {
		m, i := t.entry(ord)
		if m == nil {
			continue
		}
		c := &r.scratch.cells[ord]
		c.add(m, i, t.idf)
		if m == t.matches {
			c.named |= namedIn(m.fields[i], n)
		}
	}
}

// add adds an entry of a list.
func (c *cell) add(m *matches, i int, idf float32) {
	by := idf / oneStrength
	c.own += by * float32(m.own[i])
	c.have += idf
	if m.best != nil && m.best[i] > 0 {
		c.slides += by * float32(m.best[i])
		c.double++
	}
}

// wipe makes the cells zero again.
func (r *run) wipe(touched int) {
	cells := r.scratch.cells
	if touched > len(cells)/4 {
		clear(cells)
		return
	}
	for _, ord := range r.found {
		cells[ord] = cell{}
	}
	for i := range r.terms {
		t := &r.terms[i]
		if r.few(t) {
			continue
		}
		for _, m := range append(t.also, t.matches) {
			for _, ord := range m.ords() {
				cells[ord] = cell{}
			}
		}
	}
}

// slides returns what each slide of a talk has of the query; valid until the
// next call.
func (r *run) slides(ord uint32) []float32 {
	sums := r.noSlides(ord)
	for k := range r.terms {
		t := &r.terms[k]
		if m, i := t.entry(ord); m != nil {
			addSlides(sums, m, i, t.idf)
		}
	}
	return sums
}

// addSlides adds an entry's slides to a talk's.
func addSlides(sums []float32, m *matches, i int, idf float32) {
	by := idf / oneStrength
	for _, s := range m.slidesOf(i) {
		sums[s.at&^lastSlide] += by * float32(s.strength)
	}
}

// noSlides returns room for what each slide of a talk has, all 0.
func (r *run) noSlides(ord uint32) []float32 {
	sums := grown(r.scratch.sums, int(r.view.columns.slideCount[ord]))
	clear(sums)
	r.scratch.sums = sums
	return sums
}

// sharpen replaces the upper bound of found[i]'s score by the score.
func (r *run) sharpen(i int) {
	if r.double[i] < 2 {
		return
	}
	r.double[i] = 1
	ord, w := r.scored[i], &r.view.weights
	own, slide, have := float32(0), float32(0), float32(0)
	sums := r.noSlides(ord)
	for k := range r.terms {
		t := &r.terms[k]
		if m, at := t.entry(ord); m != nil {
			own += t.idf / oneStrength * float32(m.own[at])
			have += t.idf
			addSlides(sums, m, at, t.idf)
		}
	}
	for _, x := range sums {
		slide = max(slide, x)
	}
	r.score[i] = (own + w.slide*slide) * (1 - w.covered*(1-have/r.total))
}

// page returns the talks of the page asked for, in the order asked for.
func (r *run) page() []ranked {
	c := r.view.columns
	first, end := r.request.Offset, r.request.Offset+r.request.Limit
	if sort := r.request.Sort; sort == ByNewest || sort == ByOldest || len(r.terms) == 0 {
		if len(r.terms) > 1 {
			r.fullest()
		}
		return r.cut(c.firstByDate(r.found, end, sort != ByOldest), first)
	}
	top := r.rank()
	order := r.scratch.order[:0]
	for _, i := range top {
		order = append(order, ranked{r.scored[i], r.score[i], r.named[i]})
	}
	r.scratch.order = order
	order = r.lookAgain(order, end)
	if end > len(order) && len(r.scored) > len(order) {
		order = r.behind(order, top, end)
	}
	return order[min(first, len(order)):min(end, len(order))]
}

func (r *run) cut(ords []uint32, first int) []ranked {
	var out []ranked
	for _, ord := range ords[min(first, len(ords)):] {
		at, _ := slices.BinarySearch(r.found, ord)
		out = append(out, ranked{ord: ord, score: r.score[at]})
	}
	return out
}

// behind appends to the best those behind them, as far as they are asked for.
func (r *run) behind(order []ranked, top []int32, end int) []ranked {
	among := make(map[int32]bool, len(top))
	for _, i := range top {
		among[i] = true
	}
	var rest []ranked
	for _, i := range r.top(end) {
		if !among[i] {
			rest = append(rest, ranked{ord: r.scored[i], score: r.score[i]})
		}
	}
	r.sort(rest)
	return append(order, rest...)
}

// fullest leaves the talks that have as much of the query as any: sorted by
// date, one that has a single word of three would come before all others.
func (r *run) fullest() {
	kept := 0
	for i, ord := range r.found {
		if r.covered(ord) >= r.best*0.999 {
			r.found[kept], r.score[kept] = ord, r.score[i]
			kept++
		}
	}
	r.found, r.score, r.double = r.found[:kept], r.score[:kept], r.double[:kept]
	r.scored = r.found
}

// covered is the part of the query's rarity that a talk has, 0 to 1.
func (r *run) covered(ord uint32) float32 {
	if r.total == 0 {
		return 1
	}
	have := float32(0)
	for _, t := range r.terms {
		if m, _ := t.entry(ord); m != nil {
			have += t.idf
		}
	}
	return have / r.total
}

// sort orders the best first, and of equals, such as a talk given twice, the newest.
func (r *run) sort(list []ranked) {
	c := r.view.columns
	slices.SortFunc(list, func(a, b ranked) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return c.byDate(a.ord, b.ord, true)
	})
}

// rank returns the places in found of the best talks, in no order, their
// scores exact: no other could have a higher one.
func (r *run) rank() []int32 {
	top := r.top(depth)
	bound := float32(math.Inf(1)) // of what is not among them
	least := bound
	for _, i := range top {
		bound = min(bound, r.score[i])
		r.sharpen(int(i))
		least = min(least, r.score[i])
	}
	if least >= bound {
		return top
	}
	// Those whose upper bound is above what the last of these came down to.
	var others []int32
	for i, x := range r.score {
		if x > least && r.double[i] > 1 {
			others = append(others, int32(i))
		}
	}
	if len(others) > maxSharpened {
		slices.SortFunc(others, func(a, b int32) int { return cmp.Or(cmp.Compare(r.score[b], r.score[a]), int(a-b)) })
		others = others[:maxSharpened]
	}
	for _, i := range others {
		r.sharpen(int(i))
	}
	top = r.top(depth)
	for _, i := range top {
		r.sharpen(int(i)) // only where there were too many
	}
	return top
}

// top returns the places in scored of the n highest scores, and of those equal
// to the last, in no order; valid until the next call.
func (r *run) top(n int) []int32 {
	top := r.scratch.top[:0]
	if len(r.scored) <= n {
		for i := range r.scored {
			top = append(top, int32(i))
		}
		r.scratch.top = top
		return top
	}
	least := float32(math.Inf(-1))
	room := 2 * n
	for i, x := range r.score {
		if x < least {
			continue
		}
		top = append(top, int32(i))
		if len(top) < room {
			continue
		}
		top, least = r.leave(top, n)
		room = max(2*n, len(top)*3/2) // there may be many equals
	}
	top, _ = r.leave(top, n)
	r.scratch.top = top
	return top
}

// leave leaves of places those with the n highest scores.
func (r *run) leave(top []int32, n int) ([]int32, float32) {
	if len(top) <= n {
		return top, float32(math.Inf(-1))
	}
	scores := r.scratch.numbers[:0]
	for _, i := range top {
		scores = append(scores, r.score[i])
	}
	r.scratch.numbers = scores
	least := nth(scores, n)
	return slices.DeleteFunc(top, func(i int32) bool { return r.score[i] < least }), least
}

// nth returns the n-th largest of numbers, which it reorders: the numbers are
// counted in classes of even width first, and only those of one are partitioned.
func nth(list []float32, n int) float32 {
	least, most := list[0], list[0]
	for _, x := range list {
		least, most = min(least, x), max(most, x)
	}
	const classes = 256
	by := (classes - 1) / (most - least)
	if len(list) < classes/4 || !(by < math.MaxFloat32) { // all alike, or nearly
		return nthByParts(list, n)
	}
	var counts [classes]uint32
	for _, x := range list {
		counts[uint8((x-least)*by)]++
	}
	class := classes - 1
	for n > int(counts[class]) {
		n -= int(counts[class])
		class--
	}
	kept := 0
	for _, x := range list {
		if int(uint8((x-least)*by)) == class {
			list[kept] = x
			kept++
		}
	}
	return nthByParts(list[:kept], n)
}

// nthByParts is nth by partitioning.
func nthByParts(list []float32, n int) float32 {
	low, high := 0, len(list)-1
	for low < high {
		pivot := list[(low+high)/2]
		i, j := low, high
		for i <= j {
			for list[i] > pivot {
				i++
			}
			for list[j] < pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case n-1 <= j:
			high = j
		case n-1 >= i:
			low = i
		default:
			return list[n-1]
		}
	}
	return list[n-1]
}
