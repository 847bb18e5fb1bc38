package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/search"
)

// Bounds of the programming interface.
const (
	apiLimit    = 10  // hits when none is asked for
	apiMaxLimit = 100 // hits at most
	apiSlides   = 8   // slides of a hit
)

type apiError struct {
	Error   string `json:"error"`
	Hint    string `json:"hint,omitempty"`
	Request string `json:"request,omitempty"`
}

type apiResults struct {
	Query   string     `json:"query"` // as it was understood
	Total   int        `json:"total"`
	TookMS  float64    `json:"took_ms"`
	Hits    []apiHit   `json:"hits"`
	Facets  []apiFacet `json:"facets,omitempty"`
	Hints   []string   `json:"hints,omitempty"`
	Instead string     `json:"instead,omitempty"` // the query that was answered instead, typos mended
	Ways    []apiWay   `json:"ways,omitempty"`    // where nothing was found
	Named   []apiNamed `json:"named,omitempty"`   // what the query is the name of
}

// apiNamed is a person, topic, series or edition.
type apiNamed struct {
	Field string `json:"field"` // "speaker", "topic", "series", "edition"
	ID    string `json:"id"`
	Name  string `json:"name"`
	Talks int    `json:"talks"`
	URL   string `json:"url"`
}

// apiWay is a query that finds something where the one asked does not.
type apiWay struct {
	Query string `json:"query"`
	Total int    `json:"total"`
}

type apiHit struct {
	ID        archive.TalkID `json:"id"`
	Title     string         `json:"title"`
	URL       string         `json:"url"`
	SourceURL string         `json:"source_url,omitempty"`
	Kind      archive.Kind   `json:"kind"`
	Date      archive.Date   `json:"date,omitempty"`
	Score     float64        `json:"score"`
	Speakers  []apiPerson    `json:"speakers"`
	Edition   apiEdition     `json:"edition"`
	Matched   []string       `json:"matched,omitempty"`
	Slides    []apiSlide     `json:"slides"`
	Fragments []string       `json:"fragments"`
}

type apiPerson struct {
	ID   archive.PersonID `json:"id,omitempty"`
	Name string           `json:"name"`
}

type apiEdition struct {
	ID    archive.EditionID `json:"id"`
	Title string            `json:"title"`
}

type apiSlide struct {
	Number   int    `json:"number"`
	Fragment string `json:"fragment"`
	URL      string `json:"url"`
}

type apiFacet struct {
	Name   string          `json:"name"`
	Values []apiFacetValue `json:"values"`
	More   int             `json:"more,omitempty"` // further values
}

type apiFacetValue struct {
	Value    string `json:"value"`
	Label    string `json:"label,omitempty"`
	Count    int    `json:"count"`
	Selected bool   `json:"selected,omitempty"` // the query demands it
	Query    string `json:"query"`              // with the value chosen or, when it is, without it
}

// number reads a whole number of the query string within bounds; def when it is absent.
func number(c echo.Context, name string, def, least, most int) (int, error) {
	text := c.QueryParam(name)
	if text == "" {
		return def, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, &archive.InvalidError{Thing: name, Why: fmt.Sprintf("must be a number from %d to %d", least, most)}
	}
	return n, nil
}

// apiSearch is the search for programs; its fragments are plain text with the
// found words between "<mark>" and "</mark>", all else escaped as in HTML.
func (s *Site) apiSearch(c echo.Context) error {
	ctx := c.Request().Context()
	limit, err := number(c, "limit", apiLimit, 1, apiMaxLimit)
	if err != nil {
		return err
	}
	offset, err := number(c, "offset", 0, 0, maxOffset)
	if err != nil {
		return err
	}
	start := time.Now()
	asked, _ := question(c)
	out := apiResults{Hits: []apiHit{}}
	if asked != "" {
		query, whole := search.Parse(asked), c.QueryParam("facet")
		res, err := s.index.Search(ctx, search.Request{
			Query: query, Limit: limit, Offset: offset, Sort: search.ParseSort(c.QueryParam("sort")),
			Facets: c.QueryParam("facets") == "1" || whole != "", Whole: whole, Exact: c.QueryParam("exact") == "1",
		})
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		origin := s.origin(c.Request())
		out = apiResultsOf(localeOf(c), origin, query, res)
		if res.Instead != nil {
			query = *res.Instead
		}
		if out.Hits, err = s.apiHits(ctx, origin, res, query.String()); err != nil {
			return err
		}
	}
	out.TookMS = float64(time.Since(start).Microseconds()) / 1000
	return sendJSON(c, out)
}

// apiResultsOf is what there is to say of results but their hits.
func apiResultsOf(l *locale, origin string, query search.Query, res search.Results) apiResults {
	out := apiResults{Query: query.String(), Total: res.Total}
	shown := query
	if res.Instead != nil {
		shown = *res.Instead
		out.Instead = shown.String()
	}
	for _, h := range res.Hints {
		out.Hints = append(out.Hints, h.String())
	}
	for _, w := range res.Ways {
		out.Ways = append(out.Ways, apiWay{w.Query.String(), w.Total})
	}
	for i, v := range namedViews(l, res.Named) {
		n := res.Named[i]
		out.Named = append(out.Named, apiNamed{Field: n.Field, ID: n.ID, Name: n.Name, Talks: n.Talks, URL: origin + v.URL})
	}
	for _, f := range res.Facets {
		one := apiFacet{Name: f.Name, More: f.More}
		for _, v := range f.Values {
			to := shown.With(f.Name, v.Value)
			if v.Selected {
				to = shown.Without(f.Name, v.Value)
			}
			one.Values = append(one.Values, apiFacetValue{Value: v.Value, Label: v.Label, Count: v.Count, Selected: v.Selected, Query: to.String()})
		}
		out.Facets = append(out.Facets, one)
	}
	return out
}

// sendJSON answers a program. Another site's page may read it too: everything
// here is public.
func sendJSON(c echo.Context, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	c.Response().Header().Set("Access-Control-Allow-Origin", "*")
	return reply(c, http.StatusOK, "application/json; charset=utf-8", b)
}

func (s *Site) apiHits(ctx context.Context, origin string, res search.Results, query string) ([]apiHit, error) {
	found, err := s.gather(ctx, res, apiSlides)
	if err != nil {
		return nil, err
	}
	out := make([]apiHit, 0, len(found))
	for _, f := range found {
		t, e := f.talk, f.edition
		hit := apiHit{
			ID: t.ID, Title: t.Title, URL: origin + talkURL(t.ID), SourceURL: webAddress(t.URL), Kind: t.Kind, Date: dayOf(t, e), Score: f.Score,
			Speakers: []apiPerson{}, Edition: apiEdition{ID: e.ID, Title: editionTitle(e)}, Slides: []apiSlide{}, Fragments: []string{},
		}
		if hit.SourceURL == "" {
			hit.SourceURL = webAddress(e.URL)
		}
		for _, p := range t.Speakers {
			hit.Speakers = append(hit.Speakers, apiPerson{ID: p.Person, Name: p.Name})
		}
		for _, field := range f.Fields {
			hit.Matched = append(hit.Matched, string(field))
		}
		for _, piece := range f.abstract() {
			hit.Fragments = append(hit.Fragments, markup(piece))
		}
		for _, one := range f.slides {
			hit.Slides = append(hit.Slides, apiSlide{Number: one.Number, URL: origin + slideURL(t.ID, one.deck, one.Number, query), Fragment: markup(one.quote())})
		}
		out = append(out, hit)
	}
	return out, nil
}

// markup is a marked text as HTML.
func markup(parts []part) string {
	var b strings.Builder
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	for _, p := range parts {
		if p.Marked {
			b.WriteString("<mark>" + escape.Replace(p.Text) + "</mark>")
		} else {
			b.WriteString(escape.Replace(p.Text))
		}
	}
	return b.String()
}

type apiSuggestions struct {
	Suggestions []apiSuggestion `json:"suggestions"`
}

type apiSuggestion struct {
	Text string `json:"text"`
	More string `json:"more,omitempty"` // what tells it from others of its name
	Kind string `json:"kind"`           // in the words of the visitor's language
	URL  string `json:"url"`
}

// suggestLength is how many suggestions are made while typing.
const suggestLength = 8

// apiSuggest completes what is being typed.
func (s *Site) apiSuggest(c echo.Context) error {
	l := localeOf(c)
	asked, _ := question(c)
	out := apiSuggestions{Suggestions: []apiSuggestion{}}
	if asked != "" {
		found, err := s.suggestions(c.Request().Context(), l, asked)
		if err != nil {
			return fmt.Errorf("suggest: %w", err)
		}
		out.Suggestions = append(out.Suggestions, found...)
	}
	c.Response().Header().Add("Vary", "Accept-Language, Cookie")
	if c.QueryParam("format") == "opensearch" {
		return sendJSON(c, openSearchSuggestions(asked, out.Suggestions))
	}
	return sendJSON(c, out)
}

// openSearchSuggestions are suggestions in the form that browsers' address
// bars read: what was typed, then the completions.
func openSearchSuggestions(asked string, found []apiSuggestion) []any {
	texts := make([]string, len(found))
	for i, f := range found {
		texts[i] = f.Text
	}
	return []any{asked, texts}
}
