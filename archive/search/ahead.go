package search

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"strings"

	"rostrum/internal/fold"
)

// Reading ahead: a new view knows no postings yet, and those of a common word
// take long to read. So the commonest words' are read before anybody asks.
const aheadLeast = 50 // talks with a word that is worth while

// readAhead reads the postings of a view's commonest words, until its cache is
// nearly full. All words, which mistyped ones are compared with, are read for it.
func (ix *Index) readAhead(ctx context.Context, v *view, w *worker) error {
	w.start()
	defer w.pause()
	words, err := v.commonest(w)
	if err != nil {
		return err
	}
	st := ix.stemmers.get()
	defer ix.stemmers.put(st)
	p := &planner{view: v, stem: st, synonyms: ix.synonyms, plan: &plan{}}
	for _, word := range words {
		if err := ctx.Err(); err != nil {
			return err
		}
		if v.lists.full() {
			return nil
		}
		w.give()
		for _, s := range p.words(word, anyField) {
			if _, err := v.match(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// readAgain reads in a view what was asked of the one before, the latest first.
func (v *view) readAgain(ctx context.Context, before *view, w *worker) error {
	w.start()
	defer w.pause()
	for _, s := range before.lists.slots() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if v.lists.full() {
			return nil
		}
		w.give()
		if s.ofOneView() {
			continue
		}
		if _, err := v.match(s); err != nil {
			return err
		}
	}
	return nil
}

// makeReady does what the first who search a view would wait for; m is the model
// that they will search with, nil for none.
func (ix *Index) makeReady(ctx context.Context, v *view, m *model) error {
	if err := ix.readAhead(ctx, v, ix.pace.worker()); err != nil {
		return err
	}
	return ix.warmUp(ctx, v, m)
}

// warmUp searches, on all cores at once, for the title of some talk, and looks for
// what has such a name.
func (ix *Index) warmUp(ctx context.Context, v *view, m *model) error {
	first := slices.IndexFunc(v.columns.rows, func(r *row) bool { return r != nil })
	if first < 0 {
		return nil
	}
	q := Query{}
	for _, word := range fold.Words(v.columns.rows[first].title) {
		q.Parts = append(q.Parts, Word{word})
	}
	runs := make([]*run, 0, runtime.GOMAXPROCS(0))
	defer func() {
		for _, r := range runs {
			r.end()
		}
	}()
	for range cap(runs) {
		r, err := v.begin(ctx, Request{Query: q, Limit: defaultLimit, Facets: true}, ix.plan(v, q), ix)
		if err != nil {
			return err
		}
		runs = append(runs, r)
		r.model = m
		r.results()
	}
	v.named(q)
	return nil
}

// commonest returns the words of the archive that say something, those of most
// talks first. Talks that are gone since a segment was written count in it.
func (v *view) commonest(w *worker) ([]string, error) {
	talks := map[string]int{}
	for _, s := range v.segments {
		known, err := s.words()
		if err != nil {
			return nil, err
		}
		for i, n := range known.counts {
			w.often(i)
			talks[string(known.word(uint32(i)))] += int(n)
		}
	}
	var words []string
	for word, n := range talks {
		if n >= aheadLeast && !isStopWord(word, v.columns.languages) {
			words = append(words, word)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(talks[b]-talks[a], strings.Compare(a, b)) })
	return words, nil
}
