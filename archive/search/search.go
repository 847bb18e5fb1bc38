package search

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"
)

// Bounds of a Request.
const (
	defaultLimit = 20
	maxLimit     = 1000
	maxTime      = 10 * time.Second
)

// fewAnswers is how many talks are few for a question of many words.
const fewAnswers = 100

// Search answers a Request. It fails only when ctx ends, the index is closed,
// or its files cannot be read.
func (ix *Index) Search(ctx context.Context, r Request) (Results, error) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	v, leave, err := ix.enter(ctx)
	if err != nil {
		return Results{}, err
	}
	defer leave()
	r.Limit = min(r.Limit, maxLimit)
	if r.Limit <= 0 {
		r.Limit = defaultLimit
	}
	r.Offset = max(r.Offset, 0)
	res, err := ix.searchOrCorrect(ctx, v, r)
	if err != nil {
		return Results{}, err
	}
	if r.Offset == 0 {
		shown := r.Query
		if res.Instead != nil {
			shown = *res.Instead
		}
		res.Named = v.named(shown)
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
		if better, err = asked.correct(ctx); err != nil {
			return Results{}, err
		}
	}
	if better == nil {
		res, err := ix.wayOn(ctx, v, r, asked.results())
		if err == nil && !r.Exact && res.Instead == nil && 0 < res.Total && res.Total <= hardlyAny {
			res.Ways, err = ix.perhaps(ctx, v, asked)
		}
		return res, err
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

// wayOn adds to a result without hits what else could be asked. Of a name
// nobody has the nearest is asked for instead.
func (ix *Index) wayOn(ctx context.Context, v *view, r Request, res Results) (Results, error) {
	if res.Total > 0 {
		return res, nil
	}
	if better := v.mended(r.Query); better != nil && !r.Exact {
		instead := r
		instead.Query = *better
		got, err := ix.searchOrCorrect(ctx, v, instead)
		if err != nil {
			return Results{}, err
		}
		if got.Total > 0 {
			if got.Instead == nil {
				got.Instead = better
			}
			return got, nil
		}
	}
	var err error
	res.Ways, err = ix.ways(ctx, v, r.Query)
	return res, err
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
		return nil, err
	}
	run.weigh()
	clear(run.scratch.touched)
	return run, nil
}

func (r *run) end() {
	if r.counter != nil {
		r.view.counters.put(r.counter)
	}
	if len(r.scored) > 0 && &r.scored[0] != &r.found[0] {
		r.scratch.scored = r.scored
	}
	r.scratch.found, r.scratch.score, r.scratch.double, r.scratch.named = r.found, r.score, r.double, r.named
	r.view.scratch.put(r.scratch)
}

// results orders what was found and returns the page asked for.
func (r *run) results() Results {
	res := Results{Hints: slices.Clone(r.plan.hints), marker: r.view.marker(r.plan, r.pool)}
	all := len(r.found)
	page := r.page()
	res.Total = len(r.found)
	if res.Total < all {
		res.Hints = append(res.Hints, Hint{shortened(r.request.Query.String()), HintByDate, []any{all - res.Total}})
	}
	if r.counter != nil {
		r.counter.all(r.found)
		res.Facets = r.counter.facets(r.request.Query, r.request.Whole)
	}
	if len(page) > 0 {
		res.Hits = make([]Hit, 0, len(page))
	}
	for _, one := range page {
		res.Hits = append(res.Hits, r.hit(one))
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

	terms   []term   // of plan.wished
	total   float32  // the rarity of all that was wished for
	best    float32  // the most of the query that any talk has, 0 to 1
	counter *counter // nil when no facets were asked for

	// The talks that match, ordinals growing, with their scores and, for each, how
	// many words its slides have: of two or more the score is an upper bound.
	found  []uint32
	score  []float32
	double []uint8
	named  []namedMask // where the first words stand
	// scored are the talks that have the scores: those found, or the part of them
	// that can come first.
	scored []uint32
}

// collect finds the talks that any telling part of the query matches, that
// have what is needed and nothing that is refused, and pass all filters.
func (r *run) collect(ctx context.Context) error {
	for _, s := range r.plan.wished {
		if err := ctx.Err(); err != nil {
			return err
		}
		t, err := r.view.term(s)
		if err != nil {
			return err
		}
		r.terms = append(r.terms, t)
		r.total += t.idf
	}
	set := r.scratch.touched
	if len(r.terms) == 0 {
		copy(set, r.view.columns.live)
	} else {
		r.telling(set)
	}
	err := r.needs(set)
	r.found = set.list(r.scratch.found[:0])
	if err == nil {
		r.filter()
	}
	return err
}

// telling puts the talks of the telling words into a set: of "erlang talk"
// those that have only "talk" are no answer, and need not be looked at. The
// commonest words make no match by themselves; but a question of many words is
// no list of demands, and where few talks answer it one that has only its common
// words is better than none.
func (r *run) telling(set bitset) {
	order := slices.Clone(r.terms)
	slices.SortStableFunc(order, func(a, b term) int { return compareFloat(b.idf, a.idf) })
	rest := r.total
	for _, t := range order {
		if rest <= r.total*r.view.weights.telling && (len(order) < nearFrom || set.count() >= fewAnswers) {
			return
		}
		set.add(t.matches)
		for _, m := range t.also {
			set.add(m)
		}
		rest -= t.idf
	}
}

// needs leaves the talks that have what is needed and nothing that is refused.
func (r *run) needs(set bitset) error {
	for _, slot := range r.plan.needed {
		m, err := r.view.match(slot)
		if err != nil {
			return err
		}
		set.keep(m)
	}
	for _, slot := range r.plan.refused {
		m, err := r.view.match(slot)
		if err != nil {
			return err
		}
		set.drop(m)
	}
	return nil
}

// filter leaves the talks that pass all filters. One that fails a single
// filter is counted in that filter's facet.
func (r *run) filter() {
	if r.request.Facets {
		r.counter = r.view.counters.get(r.view)
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
func (r *run) hit(one ranked) Hit {
	c := r.view.columns
	row := c.rows[one.ord]
	h := Hit{Talk: row.id, Score: round(one.score)}
	sums := [talkFields + 1]float32{}
	for _, t := range r.terms {
		m, at := t.entry(one.ord)
		if m == nil {
			continue
		}
		for f := range talkFields {
			if m.fields[at].has(f) {
				sums[f] += t.idf
			}
		}
	}
	for i, x := range r.slides(one.ord) {
		if x > 0 {
			sums[inSlide] = max(sums[inSlide], x)
			h.Slides = append(h.Slides, SlideHit{Deck: int(row.slides[i].deck), Number: int(row.slides[i].number), Score: round(x)})
		}
	}
	slices.SortStableFunc(h.Slides, func(a, b SlideHit) int { return cmp.Compare(b.Score, a.Score) })
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
