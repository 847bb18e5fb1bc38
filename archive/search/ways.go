package search

import (
	"context"
	"slices"
	"strings"
)

// Way is a query that finds something where the one asked finds nothing: the
// way on from there.
type Way struct {
	Query Query
	Total int
}

// Bounds of the ways on.
const (
	maxWays  = 6
	maxTries = 12 // searches made for them
)

// ways looks for the ways on from a query that finds nothing.
func (ix *Index) ways(ctx context.Context, v *view, q Query) ([]Way, error) {
	var out []Way
	seen := map[string]bool{q.String(): true, "": true}
	tries := 0
	for _, o := range looser(q) {
		text := o.String()
		if seen[text] {
			continue
		}
		seen[text] = true
		if tries++; tries > maxTries || len(out) == maxWays {
			break
		}
		res, err := ix.search(ctx, v, Request{Limit: 1}, ix.plan(v, o))
		if err != nil {
			return nil, err
		}
		if res.Total > 0 {
			out = append(out, Way{o, res.Total})
		}
	}
	return out, nil
}

// perhaps returns the way to what may have been meant where hardly anything is
// found: somebody else may have made the same error. It is not gone by itself,
// since a rare word is more often meant than mistyped.
func (ix *Index) perhaps(ctx context.Context, v *view, asked *run) ([]Way, error) {
	better, err := asked.correct(ctx)
	if err != nil || better == nil {
		return nil, err
	}
	res, err := ix.search(ctx, v, Request{Limit: 1}, ix.plan(v, *better))
	if err != nil || res.Total == 0 {
		return nil, err
	}
	return []Way{{*better, res.Total}}, nil
}

// looser returns what asks for less than a query, those first that leave most
// of it: without one of its demands, a phrase as mere words, words of one field
// anywhere, and each word alone.
func looser(q Query) []Query {
	var out []Query
	instead := func(i int, n ...Node) {
		parts := slices.Clone(q.Parts[:i])
		parts = append(append(parts, n...), q.Parts[i+1:]...)
		if slices.ContainsFunc(parts, func(n Node) bool { _, not := n.(Not); return !not }) { // all but something is no answer
			out = append(out, Query{Parts: parts})
		}
	}
	words := func(text string) []Node {
		var list []Node
		for w := range strings.FieldsSeq(text) {
			list = append(list, Parse(w).Parts...)
		}
		return list
	}
	for i, n := range q.Parts {
		if _, word := n.(Word); !word {
			instead(i)
		}
	}
	for i, n := range q.Parts {
		switch n := n.(type) {
		case Phrase:
			instead(i, words(n.Text)...)
		case In:
			if !slices.Contains([]string{"year", "has", "kind", "lang", "edition"}, n.Field) {
				instead(i, words(valueText(n.Of[0]))...)
			}
		}
	}
	for _, n := range q.Parts {
		if w, ok := n.(Word); ok {
			out = append(out, Query{Parts: []Node{w}})
		}
	}
	return out
}

// mended returns the query with the names that nobody has put right, as far as
// there are names near them; nil when there is nothing to mend.
func (v *view) mended(q Query) *Query {
	parts, changed := slices.Clone(q.Parts), false
	for i, n := range parts {
		in, ok := n.(In)
		if !ok || !byWords(in.Field) {
			continue
		}
		col := v.facets.column(in.Field)
		if slices.ContainsFunc(in.Of, func(o Node) bool { return len(col.find(o)) > 0 }) {
			continue
		}
		for _, o := range in.Of[:min(len(in.Of), maxMended)] {
			if name := col.nearest(valueText(o)); name != "" {
				parts[i], changed = In{in.Field, []Node{valueMeant(name)}}, true
				break
			}
		}
	}
	if !changed {
		return nil
	}
	return &Query{Parts: parts, Hints: q.Hints}
}

// valueMeant is the part that asks for all names with the words.
func valueMeant(name string) Node {
	if p := Parse(name).Parts; len(p) == 1 {
		if w, ok := p[0].(Word); ok {
			return w
		}
	}
	return Phrase{name}
}
