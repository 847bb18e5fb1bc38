package search

import (
	"cmp"
	"slices"
	"strings"

	"rostrum/internal/fold"
)

// Named is something that a query is the name of: whoever asks for a person by
// name may want the person's page before any talk.
type Named struct {
	Field string // "speaker", "topic", "series" or "edition"
	ID    string // of the person, topic, series or edition
	Name  string
	Talks int
}

// Bounds of what is Named.
const (
	maxNamedWords = 8
	maxNamesakes  = 2 // of one field: more are no answer to a name
)

// named returns what a query of mere words is the name of, in whichever order
// the words stand. A person is found by one of the names too, as long as few
// are called so.
func (v *view) named(q Query) []Named {
	var raw []string
	for _, n := range q.Parts {
		w, ok := n.(Word)
		if !ok || len(raw) == maxNamedWords {
			return nil
		}
		raw = append(raw, w.Text)
	}
	if len(raw) == 0 {
		return nil
	}
	asked := len(fold.Words(strings.Join(raw, " ")))
	var out []Named
	for _, field := range []string{"speaker", "series", "edition", "topic"} {
		c := v.facets.column(field)
		all := c.index().having(raw, false)
		whole := slices.DeleteFunc(slices.Clone(all), func(i int) bool {
			return len(strings.Fields(c.values[i].key)) != asked && len(strings.Fields(c.values[i].named)) != asked
		})
		if len(whole) == 0 && field == "speaker" && len(all) <= maxNamesakes && len(raw[0]) > 3 {
			whole = all
		}
		slices.SortStableFunc(whole, func(a, b int) int { return cmp.Compare(c.counts[b], c.counts[a]) })
		for _, i := range whole[:min(len(whole), maxNamesakes)] {
			one := Named{field, c.values[i].id, c.values[i].label, int(c.counts[i])}
			if field == "topic" {
				one.ID = fold.Slug(c.values[i].value, topicSlug)
			}
			if one.ID != "" {
				out = append(out, one)
			}
		}
	}
	return out
}
