package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/search"
)

const (
	hitsLength   = 20    // hits on a page
	maxOffset    = 10000 // how deep results can be paged
	hitSnippets  = 2     // of an abstract
	hitThumbs    = 4     // slides shown for a hit
	snippetTexts = 2     // slides quoted for a hit
)

type resultsView struct {
	Asked      bool
	Query      string
	Total      int
	From       int
	Sorts      []sortLink
	Instead    *insteadView
	Hints      []string
	Selected   []link
	Named      []namedView
	Hits       []hitView
	Facets     []facetView
	Ways       []link // on from nothing found
	Pager      pager
	SearchFeed string
	Examples   []string // of questions, where none was asked
	Heading    string   // the question, shortened, where nothing was found
}

// namedView is what the question is the name of.
type namedView struct {
	What, Name, URL, Talks string
}

type sortLink struct {
	Name, URL string
	Current   bool
}

type insteadView struct{ Shown, Asked, AskedURL string }

type hitView struct {
	URL        string
	Title      []part
	Lang       string
	People     []hitPerson
	Edition    link
	When       string
	Kind       string
	Video      bool
	Matched    string
	Snippets   []snippet
	SlideTexts []slideSnippet
	Slides     []thumb
}

// hitPerson is a person with the name marked.
type hitPerson struct {
	personRef
	Marked []part
}

// part is a piece of text, marked where the query found it.
type part struct {
	Text   string
	Marked bool
}

type snippet struct {
	Label, Lang string
	Parts       []part
}

type slideSnippet struct {
	Number int
	URL    string
	Parts  []part
}

type facetView struct {
	Name    string
	Open    bool
	Values  []facetValue
	More    string // how many further values there are, "" none
	MoreURL string
}

type facetValue struct {
	Name, URL string
	Count     int
	Selected  bool
}

// question reads what is asked, cut to a bound; cut says that it was.
func question(c echo.Context) (q string, cut bool) {
	q = strings.TrimSpace(strings.ToValidUTF8(c.QueryParam("q"), ""))
	if len(q) <= maxQuestion {
		return q, false
	}
	q = q[:maxQuestion]
	for !utf8.ValidString(q) {
		q = q[:len(q)-1]
	}
	return q, true
}

func (s *Site) results(c echo.Context) error {
	ctx, l := c.Request().Context(), localeOf(c)
	asked, cut := question(c)
	v := resultsView{Query: asked, Asked: asked != "", Heading: "“" + shorten(asked, 100) + "”"}
	p := page{Title: l.text("results.title.empty"), Query: asked, Path: "/search", NoIndex: true}
	if asked == "" {
		return s.ask(c, p, v)
	}
	p.Title, p.Path = l.text("results.title", asked), searchURL(asked)
	p.Feeds = []link{{l.text("feed.search", asked), "/search.atom?q=" + url.QueryEscape(asked)}}

	sort := search.ParseSort(c.QueryParam("sort"))
	exact := c.QueryParam("exact") != ""
	number, err := pageNumber(c)
	if err != nil {
		return err
	}
	query := search.Parse(asked)
	whole := c.QueryParam("facet")
	res, err := s.index.Search(ctx, search.Request{
		Query: query, Limit: hitsLength, Offset: (number - 1) * hitsLength, Sort: sort, Facets: true, Whole: whole, Exact: exact,
	})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	keep := keepAsked(asked, sort, exact)
	if last := max(1, (min(res.Total, maxOffset)+hitsLength-1)/hitsLength); number > last { // of an archive that had more, or a guess
		keep.Set("page", strconv.Itoa(last))
		return c.Redirect(http.StatusFound, "/search?"+keep.Encode())
	}
	v.Total, v.From = res.Total, (number-1)*hitsLength+1
	if cut {
		v.Hints = append(v.Hints, l.text("results.cut", maxQuestion))
	}
	for _, h := range res.Hints {
		v.Hints = append(v.Hints, hintText(l, h))
	}
	shown := query
	if res.Instead != nil {
		shown = *res.Instead
		v.Instead = &insteadView{Shown: shown.String(), Asked: asked, AskedURL: searchURL(asked) + "&exact=1"}
	}
	address := resultsAddress(sort, exact)
	v.Sorts = sortLinks(l, shown, sort, exact)
	v.Facets = facetViews(l, shown, res.Facets, address, whole)
	v.Named = namedViews(l, res.Named)
	v.Selected = selected(l, shown, address)
	if v.Hits, err = s.hitViews(ctx, l, res, shown.String()); err != nil {
		return err
	}
	for _, w := range res.Ways {
		v.Ways = append(v.Ways, link{Name: l.text("results.none.way", w.Query, l.text("count.talks", w.Total)), URL: address(w.Query)})
	}
	if v.Pager, err = pageOf(c, "/search", keep, min(res.Total, maxOffset), hitsLength); err != nil {
		return err
	}
	if v.Pager.Page == v.Pager.Pages && res.Total > maxOffset {
		v.Hints = append(v.Hints, l.text("results.deep", maxOffset))
	}
	p.View = v
	// A plain question that finds something is a page like others; what filters,
	// orders and turns it over has no end, and would keep a crawler for ever.
	// robots.txt says the same in addresses.
	p.NoIndex = res.Total == 0 || res.Instead != nil || exact || sort != search.ByRelevance || number > 1 || len(v.Selected) > 0 || whole != ""
	p.Description = l.text("results.description", l.text("count.talks", res.Total), asked)
	return s.render(c, 200, "results", p)
}

// ask is the page of a question that was not asked.
func (s *Site) ask(c echo.Context, p page, v resultsView) error {
	newest, err := s.newest(c.Request().Context())
	if err != nil {
		return err
	}
	n, err := s.counts(c.Request().Context())
	if err != nil {
		return err
	}
	v.Examples = examples(newest, nil, n.Slides > 0)
	p.View, p.Bare = v, true
	return s.render(c, 200, "results", p)
}

// keepAsked is what stands in the address of each page of results.
func keepAsked(asked string, sort search.Sort, exact bool) url.Values {
	keep := url.Values{"q": {asked}}
	if sort != search.ByRelevance {
		keep.Set("sort", string(sort))
	}
	if exact {
		keep.Set("exact", "1")
	}
	return keep
}

// pageNumber is the page asked for, at most the one behind the last.
func pageNumber(c echo.Context) (int, error) {
	text := c.QueryParam("page")
	if text == "" {
		return 1, nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n == 0 {
		return 0, archive.ErrNotFound
	}
	return int(min(n, maxOffset/hitsLength+1)), nil //nolint:gosec // it is small now
}

func namedViews(l *locale, named []search.Named) []namedView {
	var out []namedView
	for _, n := range named {
		v := namedView{What: l.text("facet." + n.Field), Name: n.Name, Talks: l.text("count.talks", n.Talks)}
		switch n.Field {
		case "speaker":
			v.URL = personURL(archive.PersonID(n.ID))
		case "topic":
			v.URL = topicURL(archive.TopicID(n.ID))
		case "series":
			v.URL = seriesURL(archive.SeriesID(n.ID))
		case "edition":
			v.URL = editionURL(archive.EditionID(n.ID))
		}
		out = append(out, v)
	}
	return out
}

// hintText is a hint in the visitor's language.
func hintText(l *locale, h search.Hint) string {
	args := h.Args
	if (h.Kind == search.HintNobody || h.Kind == search.HintNoSuch) && len(args) > 0 {
		args = append([]any{strings.ToLower(l.text(fmt.Sprintf("facet.%v", args[0])))}, args[1:]...)
	}
	return h.Part + ": " + l.text("hint."+string(h.Kind), args...)
}

// resultsAddress makes the address of results for a query, in the present order.
func resultsAddress(sort search.Sort, exact bool) func(search.Query) string {
	return func(q search.Query) string {
		u := searchURL(q.String())
		if sort != search.ByRelevance {
			u += "&sort=" + string(sort)
		}
		if exact {
			u += "&exact=1"
		}
		return u
	}
}

func sortLinks(l *locale, q search.Query, current search.Sort, exact bool) []sortLink {
	var out []sortLink
	for _, one := range []search.Sort{search.ByRelevance, search.ByNewest, search.ByOldest} {
		out = append(out, sortLink{Name: l.text("results.sort." + string(one)), URL: resultsAddress(one, exact)(q), Current: one == current})
	}
	return out
}

// facetLength is how many values of a facet stand on the page before more are
// asked for.
const facetLength = 12

func facetViews(l *locale, q search.Query, facets []search.Facet, address func(search.Query) string, whole string) []facetView {
	var out []facetView
	for _, f := range facets {
		v := facetView{Name: l.text("facet." + f.Name), Open: f.Name == whole}
		hidden, length := f.More, facetLength
		if f.More == 0 && len(f.Values) <= facetLength+3 { // rather than "1 more"
			length = len(f.Values)
		}
		for i, one := range f.Values {
			to := q.With(f.Name, one.Value)
			if one.Selected {
				to = q.Without(f.Name, one.Value)
				v.Open = true
			}
			if i < length || one.Selected || f.Name == whole {
				v.Values = append(v.Values, facetValue{Name: facetLabel(l, f.Name, one), URL: address(to), Count: one.Count, Selected: one.Selected})
			} else {
				hidden++
			}
		}
		if hidden > 0 {
			v.More = l.text("facets.more", hidden)
			if f.Name != whole {
				v.MoreURL = address(q) + "&facet=" + f.Name + "#facets"
			}
		}
		if len(v.Values) > 1 || v.Open {
			v.Open = v.Open || len(out) < 3 && whole == ""
			out = append(out, v)
		}
	}
	return out
}

func facetLabel(l *locale, facet string, v search.FacetValue) string {
	switch facet {
	case "kind":
		return l.kind(archive.Kind(v.Value))
	case "lang":
		return l.language(v.Value)
	case "has":
		return l.text("facet.has." + v.Value)
	}
	if v.Label != "" {
		return v.Label
	}
	return v.Value
}

// selected are the filters of a query, each leading to the query without it.
func selected(l *locale, q search.Query, address func(search.Query) string) []link {
	var out []link
	for _, field := range search.FieldNames() {
		for _, value := range q.Values(field) {
			name := facetLabel(l, field, search.FacetValue{Value: value})
			if field == "has" && !l.texts["facet.has."+value] {
				name = value
			}
			out = append(out, link{Name: field + ": " + name, URL: address(q.Without(field, value))})
		}
	}
	return out
}

func (s *Site) hitViews(ctx context.Context, l *locale, res search.Results, query string) ([]hitView, error) {
	found, err := s.gather(ctx, res, hitThumbs)
	if err != nil {
		return nil, err
	}
	out := make([]hitView, 0, len(found))
	for _, f := range found {
		out = append(out, s.hitView(l, f, query))
	}
	return out, nil
}

func (s *Site) hitView(l *locale, f foundTalk, query string) hitView {
	t, e := f.talk, f.edition
	v := hitView{
		URL: talkURL(t.ID), Title: f.marks.whole(t.Title), Lang: languageOf(t, e), Matched: matchedIn(l, f),
		Edition: link{Name: editionTitle(e), URL: editionURL(e.ID)}, When: l.date(dayOf(t, e)), Kind: l.plainKind(t.Kind), Video: len(t.Video) > 0,
	}
	for _, p := range credits(t) {
		name, _ := f.marks.in(search.FieldSpeaker, p.Name)
		v.People = append(v.People, hitPerson{p, name})
	}
	for _, piece := range f.abstract() {
		v.Snippets = append(v.Snippets, snippet{Lang: v.Lang, Parts: piece})
	}
	if len(v.Snippets) == 0 && !slices.Contains(f.Fields, search.FieldTitle) {
		v.Snippets = elsewhere(l, f)
	}
	if (len(v.Snippets) == 0 || len(f.Fields) == 0) && !f.OnlySlides && t.Abstract != "" { // fields are of words, not of filters
		v.Snippets = append(v.Snippets, snippet{Lang: v.Lang, Parts: []part{{Text: shorten(t.Abstract, 200)}}})
	}
	quotes := snippetTexts
	if len(v.Snippets) > 0 && s.pictures != nil {
		quotes = 1
	}
	for _, one := range f.slides {
		if s.pictures != nil {
			v.Slides = append(v.Slides, makeThumb(f.marks, t.ID, one.deck, one.blob, one.Slide, query))
		}
		if len(v.SlideTexts) == quotes {
			continue
		}
		if quote := one.quote(); len(quote) > 0 {
			v.SlideTexts = append(v.SlideTexts, slideSnippet{Number: one.Number, URL: slideURL(t.ID, one.deck, one.Number, query), Parts: quote})
		}
	}
	return v
}

// matchedIn says where a talk matches, in words: "in title, slides 7, 12", and
// that it is the slides alone.
func matchedIn(l *locale, f foundTalk) string {
	if len(f.Fields) == 0 {
		return ""
	}
	var numbers []int
	for _, h := range f.Slides {
		numbers = append(numbers, h.Number)
		if h.Deck > 0 { // whose numbers begin again
			numbers = nil
			break
		}
	}
	slices.Sort(numbers)
	list := make([]string, len(numbers))
	for i, n := range numbers {
		list[i] = strconv.Itoa(n)
	}
	slides := l.text("field.slides") + " " + strings.Join(list, ", ")
	if len(numbers) == 1 {
		slides = l.text("field.slide") + " " + list[0]
	}
	slides = strings.TrimSpace(slides)
	if f.OnlySlides {
		return l.text("results.matched.only", slides)
	}
	var where []string
	for _, field := range f.Fields {
		if field == search.FieldSlides {
			where = append(where, slides)
		} else {
			where = append(where, l.text("field."+string(field)))
		}
	}
	return l.text("results.matched", strings.Join(where, ", "))
}

// elsewhere quotes the topics and affiliations where a talk matches that does
// so in neither title nor abstract, and those that were asked for by field.
func elsewhere(l *locale, f foundTalk) []snippet {
	var out []snippet
	quote := func(field search.Field, values []string) {
		if !slices.Contains(f.Fields, field) && !f.marks.asks(field) {
			return
		}
		var parts []part
		for _, v := range values {
			whole, marked := f.marks.in(field, v)
			if !marked {
				continue
			}
			if len(parts) > 0 {
				parts = append(parts, part{Text: ", "})
			}
			parts = append(parts, whole...)
		}
		if len(parts) > 0 {
			out = append(out, snippet{Label: l.text("facet." + string(field)), Parts: parts})
		}
	}
	quote(search.FieldTopic, f.talk.Topics)
	var affils []string
	for _, c := range f.talk.Speakers {
		if !slices.Contains(affils, c.Affiliation) {
			affils = append(affils, c.Affiliation)
		}
	}
	quote(search.FieldAffil, affils)
	return out
}
