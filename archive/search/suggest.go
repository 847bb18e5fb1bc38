package search

import (
	"context"
	"slices"
	"strings"

	"rostrum/internal/fold"
)

// Suggestion is something that the visitor may be about to type.
type Suggestion struct {
	Kind SuggestionKind
	Text string // to show; for SuggestQuery also to put into the box
	ID   string // of the talk, person, edition or topic; "" for a query
	More string // what tells it from others of its name: people and edition of a talk
}

// SuggestionKind says what is suggested.
type SuggestionKind string

// The kinds.
const (
	SuggestTalk    SuggestionKind = "talk"
	SuggestPerson  SuggestionKind = "person"
	SuggestEdition SuggestionKind = "edition"
	SuggestTopic   SuggestionKind = "topic"
	SuggestQuery   SuggestionKind = "query"
)

// topicSlug is how many bytes of a topic make its ID, as the store has it.
const topicSlug = 60

// maxTyped bounds, in bytes, what is looked at of the text typed.
const maxTyped = 200

// Suggest returns up to n suggestions for what has been typed so far, its last
// word perhaps unfinished: people, topics and editions of that name, then
// talks. None come back for less than two letters.
func (ix *Index) Suggest(ctx context.Context, typed string, n int) ([]Suggestion, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v, leave, err := ix.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	if len(typed) > maxTyped {
		typed = strings.ToValidUTF8(typed[:maxTyped], "")
	}
	words := fold.Words(typed)
	if len(words) == 0 || len(strings.Join(words, "")) < 2 || n <= 0 {
		return nil, nil
	}
	var out []Suggestion
	for _, name := range []string{"speaker", "topic", "edition"} {
		out = append(out, v.completed(name, words, max(1, n/4))...)
	}
	talks, err := ix.suggestTalks(ctx, v, words, max(1, n-len(out)))
	if err != nil {
		return nil, err
	}
	out = append(out, talks...)
	return out[:min(len(out), n)], nil
}

// completed suggests values of a property that have all the words, the last being
// perhaps unfinished; those of most talks first.
func (v *view) completed(name string, words []string, n int) []Suggestion {
	col := v.facets.column(name)
	type found struct{ value, count int }
	var all []found
	for i, val := range col.values {
		if hasWords(strings.Fields(val.key), words, true) {
			all = append(all, found{value: i, count: int(col.counts[i])})
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		if a.count != b.count {
			return b.count - a.count
		}
		return strings.Compare(col.values[a.value].label, col.values[b.value].label)
	})
	var out []Suggestion
	for _, f := range all[:min(len(all), n)] {
		val := col.values[f.value]
		s := Suggestion{Text: val.label, ID: val.id}
		switch name {
		case "speaker":
			s.Kind = SuggestPerson
			if val.id == "" {
				s.Kind, s.Text = SuggestQuery, In{"speaker", []Node{valueNode("speaker", val.value)}}.String()
			}
		case "topic":
			s.Kind, s.ID = SuggestTopic, fold.Slug(val.value, topicSlug)
		case "edition":
			s.Kind = SuggestEdition
		}
		out = append(out, s)
	}
	return out
}

// suggestTalks suggests talks with all the words in title or names.
func (ix *Index) suggestTalks(ctx context.Context, v *view, words []string, n int) ([]Suggestion, error) {
	st := ix.stemmers.get()
	defer ix.stemmers.put(st)
	p := &planner{view: v, stem: st, plan: &plan{}}
	const in = fieldMask(1<<inTitle | 1<<inSpeaker)
	for i, w := range words {
		if i < len(words)-1 || len(w) < 2 {
			for _, s := range p.words(w, in) {
				if !s.common {
					p.need(s)
				}
			}
			continue
		}
		p.need(p.slot(Prefix{w}, in))
	}
	res, err := ix.search(ctx, v, Request{Limit: n}, p.plan)
	if err != nil {
		return nil, err
	}
	var out []Suggestion
	for _, h := range res.Hits {
		r := v.columns.rows[v.columns.byID[h.Talk]]
		names := make([]string, 0, len(r.people)+1)
		for _, who := range r.people {
			names = append(names, who.name)
		}
		if len(names) > 3 {
			names = append(names[:3], "…")
		}
		more := strings.Join(names, ", ")
		if r.edition != "" {
			more = strings.TrimPrefix(more+" · "+r.edition, " · ")
		}
		out = append(out, Suggestion{Kind: SuggestTalk, Text: r.title, ID: string(h.Talk), More: more})
	}
	return out, nil
}
