package search

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
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
}

// weigh scores the talks found. A talk's slides count as if each word's best
// slide were one and the same: sharpen puts that right where it matters.
func (r *run) weigh() {
	s, w := r.scratch, &r.view.weights
	r.score, r.double = grown(s.score, len(r.found)), grown(s.double, len(r.found))
	if len(r.lists) == 0 {
		clear(r.score)
		clear(r.double)
		return
	}
	touched := 0
	for _, m := range r.lists {
		if r.few(m) {
			r.addFew(m)
			continue
		}
		r.addAll(m)
		touched += m.n
	}
	most := float32(0)
	for i, ord := range r.found {
		c := &s.cells[ord]
		most = max(most, c.have)
		r.score[i] = (c.own + w.slide*c.slides) * (1 - w.covered*(1-c.have/r.total))
		r.double[i] = uint8(min(c.double, math.MaxUint8))
	}
	r.best = min(most/r.total, 1)
	r.wipe(touched)
}

// few says whether looking the talks found up in a list is less work than
// walking over it.
func (r *run) few(m *matches) bool { return len(r.found) < m.n/8 }

func grown[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n, n+n/4)
	}
	return list[:n]
}

// addAll adds a list to the cells of all its talks, found or not.
func (r *run) addAll(m *matches) {
	cells, by := r.scratch.cells, m.idf/oneStrength
	add := func(c *cell, i int) {
		c.own += by * float32(m.own[i])
		c.have += m.idf
		if m.best != nil && m.best[i] > 0 {
			c.slides += by * float32(m.best[i])
			c.double++
		}
	}
	for i, ord := range m.talks {
		add(&cells[ord], i)
	}
	i := 0
	for at, w := range m.set {
		for ; w != 0; w &= w - 1 {
			add(&cells[at<<6+bits.TrailingZeros64(w)], i)
			i++
		}
	}
}

// addFew looks the talks found up in a list that is much longer.
func (r *run) addFew(m *matches) {
	cells, by := r.scratch.cells, m.idf/oneStrength
	for _, ord := range r.found {
		i, ok := m.index(ord)
		if !ok {
			continue
		}
		c := &cells[ord]
		c.own += by * float32(m.own[i])
		c.have += m.idf
		if m.best != nil && m.best[i] > 0 {
			c.slides += by * float32(m.best[i])
			c.double++
		}
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
	for _, m := range r.lists {
		if r.few(m) {
			continue
		}
		for _, ord := range m.ords() {
			cells[ord] = cell{}
		}
	}
}

// slides returns what each slide of a talk has of the query; valid until the
// next call.
func (r *run) slides(ord uint32) []float32 {
	sums := grown(r.scratch.sums, int(r.view.columns.slideCount[ord]))
	clear(sums)
	r.scratch.sums = sums
	for _, m := range r.lists {
		if m.slides == nil {
			continue
		}
		if i, ok := m.index(ord); ok {
			by := m.idf / oneStrength
			m.eachSlide(i, func(at int, x strength) { sums[at] += by * float32(x) })
		}
	}
	return sums
}

// sharpen replaces the upper bound of found[i]'s score by the score.
func (r *run) sharpen(i int) {
	if r.double[i] < 2 {
		return
	}
	r.double[i] = 1
	ord, w := r.found[i], &r.view.weights
	own, slide, have := float32(0), float32(0), float32(0)
	for _, m := range r.lists {
		if at, ok := m.index(ord); ok {
			own += m.idf / oneStrength * float32(m.own[at])
			have += m.idf
		}
	}
	for _, x := range r.slides(ord) {
		slide = max(slide, x)
	}
	r.score[i] = (own + w.slide*slide) * (1 - w.covered*(1-have/r.total))
}

// page returns the talks of the page asked for, in the order asked for.
func (r *run) page() []ranked {
	c := r.view.columns
	first, end := r.request.Offset, r.request.Offset+r.request.Limit
	if sort := r.request.Sort; sort == ByNewest || sort == ByOldest || len(r.lists) == 0 {
		if len(r.lists) > 1 {
			r.fullest()
		}
		return r.cut(c.firstByDate(r.found, end, sort != ByOldest), first)
	}
	top := r.rank()
	order := make([]ranked, 0, max(len(top), min(end, len(r.found))))
	for _, i := range top {
		order = append(order, ranked{r.found[i], r.score[i]})
	}
	r.lookAtMeaning(order)
	r.lookAtTitles(order)
	r.sort(order)
	if end > len(order) && len(r.found) > len(order) {
		order = r.behind(order, top, end)
	}
	return order[min(first, len(order)):min(end, len(order))]
}

func (r *run) cut(ords []uint32, first int) []ranked {
	var out []ranked
	for _, ord := range ords[min(first, len(ords)):] {
		at, _ := slices.BinarySearch(r.found, ord)
		out = append(out, ranked{ord, r.score[at]})
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
			rest = append(rest, ranked{r.found[i], r.score[i]})
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
}

// covered is the part of the query's rarity that a talk has, 0 to 1.
func (r *run) covered(ord uint32) float32 {
	if r.total == 0 {
		return 1
	}
	have := float32(0)
	for _, m := range r.lists {
		if m.has(ord) {
			have += m.idf
		}
	}
	return have / r.total
}

// sort orders the best first, and equals by their IDs.
func (r *run) sort(list []ranked) {
	rows := r.view.columns.rows
	slices.SortFunc(list, func(a, b ranked) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return strings.Compare(string(rows[a.ord].id), string(rows[b.ord].id))
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

// top returns the places in found of the n highest scores, and of those equal
// to the last, in no order.
func (r *run) top(n int) []int32 {
	if len(r.found) <= n {
		all := make([]int32, len(r.found))
		for i := range all {
			all[i] = int32(i)
		}
		return all
	}
	least := float32(math.Inf(-1))
	room := 2 * n
	top := make([]int32, 0, room)
	scores := make([]float32, 0, room)
	for i, x := range r.score {
		if x < least {
			continue
		}
		top = append(top, int32(i))
		if len(top) < room {
			continue
		}
		top, least = r.leave(top, scores[:0], n)
		room = max(2*n, len(top)*3/2) // there may be many equals
	}
	top, _ = r.leave(top, scores[:0], n)
	return top
}

// leave leaves of places those with the n highest scores.
func (r *run) leave(top []int32, scores []float32, n int) ([]int32, float32) {
	if len(top) <= n {
		return top, float32(math.Inf(-1))
	}
	for _, i := range top {
		scores = append(scores, r.score[i])
	}
	least := nth(scores, n)
	return slices.DeleteFunc(top, func(i int32) bool { return r.score[i] < least }), least
}

// nth returns the n-th largest of numbers, which it reorders.
func nth(list []float32, n int) float32 {
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

// lookAtTitles rewards talks whose title and people say what was asked, as it
// was spelled: who knows a talk remembers those.
func (r *run) lookAtTitles(top []ranked) {
	words := r.plan.spelled
	if len(words) == 0 {
		return
	}
	w := &r.view.weights
	worth := make([]float32, len(words))
	keys := make([]string, len(words))
	total := float32(0)
	for i, word := range words {
		keys[i] = " " + word.word + " "
		if slices.ContainsFunc(words[:i], func(o spelledWord) bool { return o.word == word.word }) {
			continue
		}
		worth[i] = 1 // of a common word
		if at := slices.Index(r.plan.wished, word.slot); at >= 0 {
			worth[i] = max(r.lists[at].idf, 1)
		}
		total += worth[i]
	}
	phrase := strings.Join(keys, "")
	phrase = strings.ReplaceAll(phrase, "  ", " ")
	for k := range top {
		row := r.view.columns.rows[top[k].ord]
		have, named, n := float32(0), float32(0), 0
		for i := range words {
			switch {
			case worth[i] == 0:
			case strings.Contains(row.titleKey, keys[i]):
				have += worth[i]
				n++
			case strings.Contains(row.nameKey, keys[i]):
				named += worth[i]
			}
		}
		if have+named == 0 {
			continue
		}
		part := (have + named) / total
		bonus := w.titled * part * part
		if have > 0 {
			bonus += w.whole * part * part * float32(n) / float32(strings.Count(row.titleKey, " ")-1)
		}
		if len(words) > 1 && strings.Contains(row.titleKey, phrase) {
			bonus += w.ordered
		}
		top[k].score *= 1 + bonus
	}
}
