package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/archive"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// QueryGroup is a part of the query language, shown by examples.
type QueryGroup struct {
	Name string
	Rows []QueryExample
}

// QueryExample is a query and, after "talks", what it finds.
type QueryExample struct {
	Query, Text string
	Found       bool // it finds something in the archive at hand
}

// queryKinds are the examples of the query language, by the names of what they
// show: what is written where no archive tells better.
func queryKinds() map[string]string {
	return map[string]string{
		"words": "chaos engineering", "phrase": `"let it crash"`, "must": "+erlang testing", "not": "testing -unit", "or": "erlang|elixir",
		"group": "testing (mutation|property)", "prefix": "kube*",
		"speaker": "speaker:armstrong", "affil": "affil:kth", "title": "title:chaos", "abstract": "abstract:production", "slides": `slides:"failure injection"`,
		"topic": "topic:testing", "series": "series:chaos-day", "edition": "edition:chaos-day/2017", "year": "year:2017..2019", "lang": "lang:sv",
		"kind": "kind:keynote", "has": "has:slides",
	}
}

// queryLanguage explains the query language in a visitor's language, by examples.
func queryLanguage(l *locale, example map[string]string, found map[string]bool) []QueryGroup {
	group := func(name string, kinds ...string) QueryGroup {
		g := QueryGroup{Name: l.text("help.group." + name)}
		for _, kind := range kinds {
			key := kind
			if kind == "title" {
				key = "title.field"
			}
			g.Rows = append(g.Rows, QueryExample{Query: example[kind], Text: l.text("help." + key), Found: found[kind]})
		}
		return g
	}
	return []QueryGroup{
		group("words", "words", "phrase", "must", "not", "or", "group", "prefix"),
		group("fields", "speaker", "affil", "title", "abstract", "slides"),
		group("filters", "topic", "series", "edition", "year", "lang", "kind", "has"),
	}
}

// QueryLanguage explains the query language in English, in the words of the
// help page, for where there is no page.
func QueryLanguage() ([]QueryGroup, error) {
	all, err := loadLocales(files)
	if err != nil {
		return nil, fmt.Errorf("explain the query language: %w", err)
	}
	return queryLanguage(all.named("en"), queryKinds(), nil), nil
}

// queryExamples are the examples of the query language in this archive's own
// words, and which of them find something.
type queryExamples struct {
	example map[string]string
	found   map[string]bool
}

// queriesHere returns the archive's queryExamples, held until it changes.
func (s *Site) queriesHere(ctx context.Context) (queryExamples, error) {
	return hold(ctx, s, "query examples", s.makeExamples)
}

func (s *Site) makeExamples(ctx context.Context) (queryExamples, error) {
	out := queryExamples{queryKinds(), map[string]bool{}}
	own, err := s.ownExamples(ctx)
	if err != nil {
		return out, err
	}
	for kind, usual := range out.example {
		for _, q := range append([]string{usual}, own[kind]...) {
			res, err := s.index.Search(ctx, search.Request{Query: search.Parse(q), Limit: 1, Exact: true})
			if err != nil {
				return out, fmt.Errorf("try an example: %w", err)
			}
			if res.Total > 0 {
				out.example[kind], out.found[kind] = q, true
				break
			}
		}
	}
	return out, nil
}

// ownExamples makes queries of what the archive has, several of each kind: not
// every one need find something.
func (s *Site) ownExamples(ctx context.Context) (map[string][]string, error) {
	own := map[string][]string{}
	add := func(kind string, q string) { own[kind] = append(own[kind], q) }
	talks, err := s.newest(ctx)
	if err != nil {
		return nil, err
	}
	var telling []string
	for _, t := range talks {
		for _, pair := range neighbours(t.Title) {
			add("phrase", `"`+pair[0]+" "+pair[1]+`"`)
			add("words", pair[0]+" "+pair[1])
			add("must", "+"+pair[0]+" "+pair[1])
		}
		for _, w := range tellingWords(t.Title) {
			add("title", "title:"+w)
			if !slices.Contains(telling, w) {
				telling = append(telling, w)
			}
		}
		for _, w := range tellingWords(t.Abstract) {
			add("abstract", "abstract:"+w)
		}
	}
	for i, w := range telling {
		if n := utf8.RuneCountInString(w); n > 6 {
			add("prefix", string([]rune(w)[:5])+"*")
		}
		if i > 1 {
			add("not", w+" -"+telling[i-1])
			add("or", telling[i-1]+"|"+w)
			add("group", telling[i-2]+" ("+telling[i-1]+"|"+w+")")
		}
	}
	return own, s.facetExamples(ctx, add)
}

// facetExamples makes examples of the properties that most talks have, and of a slide.
func (s *Site) facetExamples(ctx context.Context, add func(kind, q string)) error {
	res, err := s.index.Search(ctx, search.Request{Query: search.Parse("has:slides"), Facets: true, Limit: 3})
	if err != nil {
		return fmt.Errorf("look for examples: %w", err)
	}
	found, err := s.gather(ctx, res, 1)
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := s.slideExamples(ctx, f.talk, add); err != nil {
			return err
		}
	}
	res, err = s.index.Search(ctx, search.Request{Facets: true, Limit: 1})
	if err != nil {
		return fmt.Errorf("look for examples: %w", err)
	}
	for _, f := range res.Facets {
		for _, v := range f.Values {
			q := search.Query{}.With(f.Name, v.Value).String()
			switch words := strings.Fields(v.Value); {
			case f.Name == "speaker" && len(words) == 2:
				q = search.Query{Parts: []search.Node{search.In{Field: f.Name, Of: []search.Node{search.Word{Text: strings.ToLower(words[1])}}}}}.String()
			case f.Name == "year":
				q = "year:.." + v.Value
			case f.Name == "kind" && v.Value == string(archive.KindTalk):
				continue
			}
			add(f.Name, q)
		}
	}
	return nil
}

// slideExamples makes examples of the words of a talk's slides.
func (s *Site) slideExamples(ctx context.Context, t archive.Talk, add func(kind, q string)) error {
	for _, d := range t.Decks {
		if d.Blob == "" {
			continue
		}
		var at []store.SlideAt
		for n := 2; n <= min(d.Slides, 6); n++ {
			at = append(at, store.SlideAt{Blob: d.Blob, Number: n})
		}
		slides, err := s.db.SlidesAt(ctx, at)
		if err != nil {
			return fmt.Errorf("look for examples: %w", err)
		}
		for _, one := range at {
			for line := range strings.SplitSeq(slides[one].Text, "\n") {
				for _, pair := range neighbours(line) {
					add("slides", `slides:"`+pair[0]+" "+pair[1]+`"`)
				}
			}
		}
	}
	return nil
}

// tellingLetters is from how many letters on a word is taken to say something.
const tellingLetters = 6

// tellingWords are the long words of a text, small, at most a few.
func tellingWords(text string) []string {
	var out []string
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if n := utf8.RuneCountInString(w); n >= tellingLetters && n < 20 && len(out) < 4 {
			out = append(out, strings.ToLower(w))
		}
	}
	return out
}

// neighbours are words that stand side by side in a text, both long enough to
// say something; at most a few.
func neighbours(text string) [][2]string {
	var out [][2]string
	words := strings.Fields(text)
	plain := func(w string) bool {
		return utf8.RuneCountInString(w) >= tellingLetters-1 && !strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
	}
	for i := 1; i < len(words) && len(out) < 2; i++ {
		if plain(words[i-1]) && plain(words[i]) {
			out = append(out, [2]string{strings.ToLower(words[i-1]), strings.ToLower(words[i])})
		}
	}
	return out
}
