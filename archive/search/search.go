package search

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Bounds of a Request.
const (
	defaultLimit = 20
	maxLimit     = 1000
	maxTime      = 10 * time.Second
)

// Search answers a Request. It fails only when ctx ends, the index is closed,
// or its files cannot be read.
func (ix *Index) Search(ctx context.Context, r Request) (Results, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	v, err := ix.acquire()
	if err != nil {
		return Results{}, err
	}
	defer v.release()
	r.Limit = min(r.Limit, maxLimit)
	if r.Limit <= 0 {
		r.Limit = defaultLimit
	}
	r.Offset = max(r.Offset, 0)
	res, err := ix.searchOrCorrect(ctx, v, r)
	if err != nil {
		return Results{}, err
	}
	res.Revision = v.revision
	res.Took = time.Since(began)
	return res, nil
}

// searchOrCorrect searches for the query as it was written and, when no talk
// has all of it, for what may have been meant.
func (ix *Index) searchOrCorrect(ctx context.Context, v *view, r Request) (Results, error) {
	p := ix.plan(v, r.Query)
	asked, err := v.begin(ctx, r, p, ix)
	if err != nil {
		return Results{}, err
	}
	defer asked.end()
	var better *Query
	if !r.Exact && asked.poor() {
		if better, err = asked.correct(ctx, ix); err != nil {
			return Results{}, err
		}
	}
	if better == nil {
		return ix.wayOn(ctx, v, r, asked.results())
	}
	instead := r
	instead.Query = *better
	corrected, err := v.begin(ctx, instead, ix.plan(v, *better), ix)
	if err != nil {
		return Results{}, err
	}
	defer corrected.end()
	if corrected.best <= asked.best {
		return ix.wayOn(ctx, v, r, asked.results())
	}
	res := corrected.results()
	res.Instead = better
	return res, nil
}

// wayOn adds to a result, when it has no hits, which demands on properties stand in the
// way: how much each of them leaves out.
func (ix *Index) wayOn(ctx context.Context, v *view, r Request, res Results) (Results, error) {
	if res.Total > 0 {
		return res, nil
	}
	for _, n := range r.Query.Parts {
		in, ok := n.(In)
		if !ok || len(res.Hints) > 4 {
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(r.Query.Parts), func(o Node) bool { return o.String() == n.String() })
		without, err := ix.search(ctx, v, Request{Limit: 1}, ix.plan(v, Query{Parts: rest}))
		if err != nil {
			return Results{}, err
		}
		if without.Total > 0 && len(rest) > 0 {
			res.Hints = append(res.Hints, Hint{in.String(), "without this " + plural(without.Total, "talk is", "talks are") + " found"})
		}
	}
	return res, nil
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// search runs a plan on a view, uncorrected.
func (ix *Index) search(ctx context.Context, v *view, r Request, p *plan) (Results, error) {
	run, err := v.begin(ctx, r, p, ix)
	if err != nil {
		return Results{}, err
	}
	defer run.end()
	return run.results(), nil
}

// begin finds the talks that match; the caller ends the run.
func (v *view) begin(ctx context.Context, r Request, p *plan, ix *Index) (*run, error) {
	run := &run{view: v, request: r, plan: p, pool: &ix.stemmers, model: ix.modelFor(v), scratch: v.scratch.get(v.columns)}
	if err := run.collect(ctx); err != nil {
		run.end()
		return nil, err
	}
	run.filter()
	run.tabulate()
	for _, ord := range run.found {
		run.best = max(run.best, run.covered(ord))
	}
	return run, nil
}

func (r *run) end() { r.view.scratch.put(r.scratch) }

// results orders what was found and returns the page asked for.
func (r *run) results() Results {
	order := r.order()
	res := Results{Total: len(order), Hints: r.plan.hints, marker: r.view.marker(r.plan, r.pool)}
	if r.counter != nil {
		r.counter.all(r.found)
		res.Facets = r.counter.facets(r.request.Query)
	}
	for i := r.request.Offset; i < min(len(order), r.request.Offset+r.request.Limit); i++ {
		res.Hits = append(res.Hits, r.hit(order[i]))
	}
	return res
}

// run is one search under way.
type run struct {
	view    *view
	request Request
	plan    *plan
	scratch *scratch
	pool    *stemmers
	model   *model // nil when nothing was learned yet

	lists   []*matches // of plan.wished
	total   float32    // the rarity of all that was wished for
	parts   []float32  // of total, by mask; nil for a long query
	found   []uint32   // talks that match
	best    float32    // the most of the query that any of them has, 0 to 1
	counter *counter   // nil when no facets were asked for
}

// collect scores every talk that any telling part of the query matches.
func (r *run) collect(ctx context.Context) error {
	for _, s := range r.plan.wished {
		if err := ctx.Err(); err != nil {
			return err
		}
		m, err := r.view.match(s)
		if err != nil {
			return err
		}
		r.lists = append(r.lists, m)
		r.total += m.idf
	}
	if len(r.lists) == 0 {
		return r.everything()
	}
	// Of "erlang talk" those talks that have only "talk" are no answer, and need
	// not be looked at: the commonest words make no match by themselves.
	order := make([]int, len(r.lists))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return compareFloat(r.lists[b].idf, r.lists[a].idf)
	})
	rest := r.total
	for _, i := range order {
		telling := rest > r.total*r.view.weights.telling
		rest -= r.lists[i].idf
		r.addTalks(i, telling)
		r.addSlides(i, telling)
	}
	r.bestSlides()
	return r.needs()
}

func (r *run) addTalks(i int, telling bool) {
	m, s := r.lists[i], r.scratch
	bit := uint64(1) << i
	for n, ord := range m.talks {
		if s.mask[ord] == 0 {
			if !telling {
				continue
			}
			s.touched = append(s.touched, ord)
		}
		s.mask[ord] |= bit
		s.score[ord] += m.idf * m.weight[n]
	}
}

// addSlides adds to the slides' scores, and marks the talks whose slides match.
func (r *run) addSlides(i int, telling bool) {
	m, s, c := r.lists[i], r.scratch, r.view.columns
	bit := uint64(1) << i
	for n, slide := range m.slides {
		talk := c.slides[slide].talk
		if s.mask[talk] == 0 {
			if !telling {
				continue
			}
			s.touched = append(s.touched, talk)
		}
		s.mask[talk] |= bit
		if s.slide[slide] == 0 {
			s.slideTouched = append(s.slideTouched, slide)
		}
		s.slide[slide] += m.idf * m.slideWeight[n]
	}
}

// bestSlides adds each talk's best slide to its score.
func (r *run) bestSlides() {
	s, c := r.scratch, r.view.columns
	w := r.view.weights.slide
	for _, slide := range s.slideTouched {
		talk := c.slides[slide].talk
		s.tf[talk] = max(s.tf[talk], s.slide[slide])
	}
	for _, slide := range s.slideTouched {
		talk := c.slides[slide].talk
		s.score[talk] += w * s.tf[talk]
		s.tf[talk] = 0
	}
}

// everything matches when nothing is wished for.
func (r *run) everything() error {
	s := r.scratch
	for ord, row := range r.view.columns.rows {
		if row != nil {
			s.touched = append(s.touched, uint32(ord))
			s.mask[ord] = 1
		}
	}
	return r.needs()
}

// needs leaves the talks that have what is needed and nothing that is refused.
func (r *run) needs() error {
	s := r.scratch
	r.found = slices.Clone(s.touched)
	check := func(slots []*slot, want bool) error {
		for _, slot := range slots {
			m, err := r.view.match(slot)
			if err != nil {
				return err
			}
			r.found = slices.DeleteFunc(r.found, func(ord uint32) bool { return m.all.has(ord) != want })
		}
		return nil
	}
	if err := check(r.plan.needed, true); err != nil {
		return err
	}
	return check(r.plan.refused, false)
}

// filter leaves the talks that pass all filters. One that fails a single
// filter is counted in that filter's facet.
func (r *run) filter() {
	if r.request.Facets {
		r.counter = newCounter(r.view)
	}
	if len(r.plan.filters) == 0 {
		return
	}
	r.found = slices.DeleteFunc(r.found, func(ord uint32) bool {
		failed := -1
		for i := range r.plan.filters {
			if r.plan.filters[i].holds(ord) {
				continue
			}
			if failed >= 0 {
				return true
			}
			failed = i
		}
		if failed < 0 {
			return false
		}
		if f := &r.plan.filters[failed]; r.counter != nil && !f.negated && singleValued(f.field) {
			r.counter.only(f.field, ord)
		}
		return true
	})
}

// order returns the talks found in the order asked for, as far as the page
// asked for needs it: those behind it are in no order.
func (r *run) order() []uint32 {
	c := r.view.columns
	order := r.found
	end := r.request.Offset + r.request.Limit
	if sort := r.request.Sort; sort == ByNewest || sort == ByOldest || len(r.lists) == 0 {
		if len(r.lists) > 1 {
			order = r.fullest(order)
		}
		slices.SortFunc(order, func(a, b uint32) int { return c.byDate(a, b, sort != ByOldest) })
		return order
	}
	r.rank(order)
	top := r.top(order, end)
	slices.SortFunc(top, r.byScore)
	if len(top) == len(order) {
		return top
	}
	// The total is counted over all.
	return append(top, make([]uint32, len(order)-len(top))...)
}

// byScore orders the best first, and equals by their IDs.
func (r *run) byScore(a, b uint32) int {
	switch x, y := r.scratch.score[a], r.scratch.score[b]; {
	case x > y:
		return -1
	case x < y:
		return 1
	}
	rows := r.view.columns.rows
	return strings.Compare(string(rows[a].id), string(rows[b].id))
}

// fullest leaves the talks that have as much of the query as any: sorted by
// date, one that has a single word of three would come before all others.
func (r *run) fullest(order []uint32) []uint32 {
	return slices.DeleteFunc(order, func(ord uint32) bool { return r.covered(ord) < r.best*0.999 })
}

// covered is the part of the query's rarity that a talk has, 0 to 1.
func (r *run) covered(ord uint32) float32 {
	mask := r.scratch.mask[ord]
	if r.parts != nil {
		return r.parts[mask]
	}
	return r.part(mask)
}

// part is the part of the query's rarity that some of its lists have.
func (r *run) part(mask uint64) float32 {
	if r.total == 0 {
		return 1
	}
	sum := float32(0)
	for i, m := range r.lists {
		if mask&(1<<i) != 0 {
			sum += m.idf
		}
	}
	return sum / r.total
}

// tabulate computes the parts of a short query beforehand: thousands of talks
// ask for a handful of them.
func (r *run) tabulate() {
	if len(r.lists) > 8 {
		return
	}
	r.parts = make([]float32, 1<<max(len(r.lists), 1))
	for mask := range r.parts {
		r.parts[mask] = r.part(uint64(mask))
	}
}

func compareFloat(a, b float32) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// hit says where a talk matches.
func (r *run) hit(ord uint32) Hit {
	c, s := r.view.columns, r.scratch
	row := c.rows[ord]
	h := Hit{Talk: row.id, Score: round(s.score[ord])}
	sums := [talkFields + 1]float32{}
	for _, m := range r.lists {
		at, ok := slices.BinarySearch(m.talks, ord)
		if !ok {
			continue
		}
		for f := range talkFields {
			if m.fields[at].has(f) {
				sums[f] += m.idf
			}
		}
	}
	for i := range row.slides {
		if slide := row.firstOrd + uint32(i); s.slide[slide] > 0 {
			sums[inSlide] = max(sums[inSlide], s.slide[slide])
			h.Slides = append(h.Slides, SlideHit{Deck: int(row.slides[i].deck), Number: int(row.slides[i].number), Score: round(s.slide[slide])})
		}
	}
	slices.SortStableFunc(h.Slides, func(a, b SlideHit) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	h.Slides = h.Slides[:min(len(h.Slides), maxHitSlides)]
	for f := range fieldID(len(sums)) {
		if sums[f] > 0 {
			h.Fields = append(h.Fields, f.field())
		}
	}
	h.OnlySlides = len(h.Fields) == 1 && h.Fields[0] == FieldSlides
	return h
}

func round(f float32) float64 { return math.Round(float64(f)*1e4) / 1e4 }
