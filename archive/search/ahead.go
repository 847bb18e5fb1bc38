package search

import (
	"context"
	"fmt"
	"runtime"
	"slices"
)

// Reading ahead: a new view knows no postings yet, and those of a common word
// take long to read. So the commonest words' are read before anybody asks.
const aheadLeast = 50 // talks with a word that is worth while

// readAhead reads the postings of a view's commonest words, until its cache is
// nearly full.
func (ix *Index) readAhead(ctx context.Context, v *view, w *worker) error {
	w.start()
	defer w.pause()
	words, err := v.commonest()
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

// warmUp does what the first searches of a view would have to: it searches, on
// all cores at once, with a model that is not in use yet, and reads the words
// that mistyped ones are compared with.
func (ix *Index) warmUp(ctx context.Context, v *view, m *model) error {
	words, err := v.commonest()
	if err != nil {
		return err
	}
	q := Query{}
	for _, word := range words[:min(len(words), 3)] {
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
	for _, s := range v.segments {
		if _, err := s.words(); err != nil {
			return err
		}
	}
	return nil
}

// commonest returns the words of the archive that say something, those of most
// talks first.
func (v *view) commonest() ([]string, error) {
	dict, err := v.reader.FieldDict(spelled)
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	defer dict.Close() //nolint:errcheck // nothing was written
	type counted struct {
		word  string
		talks uint64
	}
	var all []counted
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, fmt.Errorf("read index: %w", err)
		}
		if e == nil {
			break
		}
		if e.Count >= aheadLeast && !isStopWord(e.Term, v.columns.languages) {
			all = append(all, counted{e.Term, e.Count})
		}
	}
	slices.SortFunc(all, func(a, b counted) int { return int(int64(b.talks) - int64(a.talks)) })
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = one.word
	}
	return words, nil
}
