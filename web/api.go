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
}

type apiFacetValue struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"`
	Count int    `json:"count"`
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
		query := search.Parse(asked)
		res, err := s.index.Search(ctx, search.Request{
			Query: query, Limit: limit, Offset: offset, Sort: search.ParseSort(c.QueryParam("sort")),
			Facets: c.QueryParam("facets") == "1", Exact: c.QueryParam("exact") == "1",
		})
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		out.Query, out.Total = query.String(), res.Total
		for _, h := range res.Hints {
			out.Hints = append(out.Hints, h.String())
		}
		if res.Instead != nil {
			out.Instead = res.Instead.String()
		}
		for _, f := range res.Facets {
			one := apiFacet{Name: f.Name}
			for _, v := range f.Values {
				one.Values = append(one.Values, apiFacetValue{Value: v.Value, Label: v.Label, Count: v.Count})
			}
			out.Facets = append(out.Facets, one)
		}
		if out.Hits, err = s.apiHits(ctx, s.origin(c.Request()), res, query.String()); err != nil {
			return err
		}
	}
	out.TookMS = float64(time.Since(start).Microseconds()) / 1000
	return sendJSON(c, out)
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
	ids := make([]archive.TalkID, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.Talk
	}
	talks, err := s.db.TalksByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read talks found: %w", err)
	}
	byID := make(map[archive.TalkID]archive.Talk, len(talks))
	for _, t := range talks {
		byID[t.ID] = t
	}
	m := &marks{marker: res.Marker()}
	out := make([]apiHit, 0, len(res.Hits))
	for _, h := range res.Hits {
		t, ok := byID[h.Talk]
		if !ok {
			continue
		}
		e, err := s.editionOf(ctx, t)
		if err != nil {
			return nil, err
		}
		hit := apiHit{
			ID: t.ID, Title: t.Title, URL: origin + talkURL(t.ID), SourceURL: webAddress(t.URL), Kind: t.Kind, Date: dayOf(t, e), Score: h.Score,
			Speakers: []apiPerson{}, Edition: apiEdition{ID: e.ID, Title: editionTitle(e)}, Slides: []apiSlide{}, Fragments: []string{},
		}
		if hit.SourceURL == "" {
			hit.SourceURL = webAddress(e.URL)
		}
		for _, p := range t.Speakers {
			hit.Speakers = append(hit.Speakers, apiPerson{ID: p.Person, Name: p.Name})
		}
		for _, f := range h.Fields {
			hit.Matched = append(hit.Matched, string(f))
		}
		for _, f := range m.fragments(t.Abstract, hitSnippets) {
			hit.Fragments = append(hit.Fragments, markup(f))
		}
		if hit.Slides, err = s.apiSlides(ctx, origin, m, t, h.Slides, query); err != nil {
			return nil, err
		}
		out = append(out, hit)
	}
	return out, nil
}

func (s *Site) apiSlides(ctx context.Context, origin string, m *marks, t archive.Talk, found []search.SlideHit, query string) ([]apiSlide, error) {
	out := []apiSlide{}
	decks := map[int]archive.Deck{}
	for _, sh := range found {
		if sh.Deck >= len(t.Decks) {
			continue
		}
		deck, ok := decks[sh.Deck]
		if !ok {
			var err error
			if deck, err = s.deck(ctx, t.ID, t.Decks[sh.Deck].Blob); err != nil {
				return nil, err
			}
			decks[sh.Deck] = deck
		}
		if sh.Number < 1 || sh.Number > len(deck.Slides) {
			continue
		}
		one := apiSlide{Number: sh.Number, URL: origin + slideURL(t.ID, sh.Deck, sh.Number, query)}
		if fs := m.fragments(snippetText(deck.Slides[sh.Number-1]), 1); len(fs) > 0 {
			one.Fragment = markup(fs[0])
		}
		out = append(out, one)
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
