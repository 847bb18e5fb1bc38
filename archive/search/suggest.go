package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
// queries, then talks. None come back for less than two letters.
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
		out = append(out, v.completed(name, typed, max(1, n/4))...)
	}
	st := ix.stemmers.get()
	p := v.typedPlan(st, words)
	ix.stemmers.put(st)
	if len(p.needed) == 0 {
		return out[:min(len(out), n)], nil // words that say nothing stand in all talks
	}
	run, err := v.begin(ctx, Request{Limit: n}, p, ix)
	if err != nil {
		return nil, err
	}
	defer run.end()
	more := v.completions(run.found, typed, words)
	more = slices.DeleteFunc(more, func(q Suggestion) bool {
		return slices.ContainsFunc(out, func(o Suggestion) bool { return fold.Key(o.Text) == fold.Key(q.Text) })
	})
	out = append(out, more[:min(len(more), max(1, n/4))]...)
	talks := run.suggestTalks()
	out = append(out, talks[:min(len(talks), max(1, n-len(out)))]...)
	return out[:min(len(out), n)], nil
}

// completed suggests values of a property that have all the words, the last being
// perhaps unfinished; those of most talks first.
func (v *view) completed(name, typed string, n int) []Suggestion {
	col := v.facets.column(name)
	before := func(a, b int) int {
		if col.before(a, b, col.counts) {
			return -1
		}
		return 1
	}
	var best []int
	for _, i := range col.index().having(strings.Fields(typed), true) {
		if len(best) == n && before(best[n-1], i) < 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, i, before)
		best = slices.Insert(best, at, i)
		best = best[:min(len(best), n)]
	}
	var out []Suggestion
	for _, i := range best {
		val := col.values[i]
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

// typedPlan asks for talks with all the words in title or names.
func (v *view) typedPlan(st *stemmer, words []string) *plan {
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
	return p.plan
}

// suggestTalks suggests the best talks found.
func (r *run) suggestTalks() []Suggestion {
	var out []Suggestion
	for _, one := range r.page() {
		row := r.view.columns.rows[one.ord]
		names := make([]string, 0, len(row.people)+1)
		for _, who := range row.people {
			names = append(names, who.name)
		}
		if len(names) > 3 {
			names = append(names[:3], "…")
		}
		more := strings.Join(names, ", ")
		if row.edition != "" {
			more = strings.TrimPrefix(more+" · "+row.edition, " · ")
		}
		out = append(out, Suggestion{Kind: SuggestTalk, Text: row.title, ID: string(row.id), More: more})
	}
	return out
}

// Bounds of completing queries.
const (
	maxSampled    = 400 // titles that are read for words
	leastTalks    = 2   // of those with a completion: else its only talk is the better suggestion
	maxCompletion = 40  // bytes of a word: longer ones nobody meant to type
)

// completion is an end of the query that is being typed.
type completion struct {
	words  []string // in place of the last that was typed
	talks  int      // of the sample that have it
	behind int      // of these, where it follows what was typed before
	seen   uint32   // a talk that has it
}

// completions suggests queries: what was typed with its last word finished, and
// perhaps one more, as the titles of the talks found go on. What most of them
// have comes first, before all what stands in one with the words before.
func (v *view) completions(found []uint32, typed string, words []string) []Suggestion {
	known := map[string]*completion{}
	step := max(1, (len(found)+maxSampled-1)/maxSampled)
	for at := 0; at < len(found); at += step {
		v.complete(found[at], words, known)
	}
	var all []*completion
	for _, c := range known {
		if c.talks >= leastTalks {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b *completion) int {
		return cmp.Or(cmp.Compare(b.talks+b.behind, a.talks+a.behind), len(a.words)-len(b.words), slices.Compare(a.words, b.words))
	})
	begin := ""
	if raw := strings.FieldsFunc(typed, func(r rune) bool { return !wordLetter(r) }); len(words) > 1 {
		if begin = strings.Join(words[:len(words)-1], " ") + " "; len(raw) == len(words) {
			begin = strings.ToLower(strings.Join(raw[:len(raw)-1], " ")) + " "
		}
	}
	var out []Suggestion
	for _, c := range all[:min(len(all), maxQueries)] {
		out = append(out, Suggestion{Kind: SuggestQuery, Text: begin + v.columns.rows[c.seen].written(c.words)})
	}
	return out
}

// maxQueries bounds the completions that are returned.
const maxQueries = 8

// complete adds the completions that the title of a talk has.
func (v *view) complete(ord uint32, typed []string, known map[string]*completion) {
	last := typed[len(typed)-1]
	title := wordsOfTitle(v.columns.rows[ord].title)
	var here map[string]bool
	for i, w := range title {
		if !strings.HasPrefix(w, last) || !v.telling(w) {
			continue
		}
		if here == nil {
			here = map[string]bool{}
		}
		follows := len(typed) == 1 || i > 0 && title[i-1] == typed[len(typed)-2]
		if w != last {
			add(known, here, title[i:i+1], ord, follows)
		}
		if i+1 < len(title) && v.telling(title[i+1]) && !slices.Contains(typed, title[i+1]) {
			add(known, here, title[i:i+2], ord, follows)
		}
	}
}

// wordsOfTitle is fold.Words, which for most titles need not look at each rune.
func wordsOfTitle(title string) []string {
	if !isASCII(title) || strings.ContainsAny(title, "'+#") {
		return fold.Words(title)
	}
	return strings.FieldsFunc(strings.ToLower(title), func(r rune) bool { return !wordLetter(r) })
}

// telling says whether a word says enough to be suggested.
func (v *view) telling(word string) bool {
	return len(word) > 1 && len(word) <= maxCompletion && !isStopWord(word, v.columns.languages)
}

// add counts a completion once for a talk.
func add(known map[string]*completion, here map[string]bool, words []string, ord uint32, follows bool) {
	key := strings.Join(words, " ")
	if here[key] {
		return
	}
	here[key] = true
	c := known[key]
	if c == nil {
		c = &completion{words: words, seen: ord}
		known[key] = c
	}
	c.talks++
	if follows {
		c.behind++
	}
}

// written returns words of the title, which come folded, with their accents.
func (r *row) written(words []string) string {
	out := slices.Clone(words)
	if !isASCII(r.title) {
		for _, raw := range strings.FieldsFunc(r.title, func(r rune) bool { return !wordLetter(r) }) {
			if at := slices.Index(words, fold.Key(raw)); at >= 0 {
				out[at] = strings.ToLower(raw)
			}
		}
	}
	return strings.Join(out, " ")
}

func wordLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r)
}
