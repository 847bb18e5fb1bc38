package web

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/internal/fold"
)

type seriesListView struct {
	Total int
	Lines []contentsLine
}

func (s *Site) seriesList(c echo.Context) error {
	l := localeOf(c)
	all, err := s.allSeries(c.Request().Context())
	if err != nil {
		return err
	}
	v := seriesListView{Total: len(all)}
	slices.SortStableFunc(all, func(a, b archive.SeriesSummary) int { return strings.Compare(fold.Text(a.Name), fold.Text(b.Name)) })
	for _, one := range all {
		v.Lines = append(v.Lines, seriesLine(l, one))
	}
	return s.render(c, 200, "serieslist", page{
		Title: l.text("serieslist.title"), Description: l.text("serieslist.description"), Section: "series", Path: "/series", View: v,
	})
}

type seriesView struct {
	Name      string
	Editions  int
	Talks     int
	Years     string
	Former    string
	URL       string
	SearchURL string
	FeedURL   string
	Plot      template.HTML
	Lines     []editionLine
}

type editionLine struct {
	Side         string
	Name, URL    string
	Place        string
	Talks, Decks int
}

func lineOfEdition(l *locale, e archive.EditionSummary) editionLine {
	return editionLine{
		Side: l.dates(e.StartDate, e.EndDate), Name: editionTitle(e), URL: editionURL(e.ID), Place: place(e.Edition), Talks: e.Talks, Decks: e.Decks,
	}
}

func (s *Site) series(c echo.Context) error {
	ctx, l, id := c.Request().Context(), localeOf(c), archive.SeriesID(c.Param("series"))
	one, err := s.db.SeriesByID(ctx, id)
	if err != nil {
		return moved(err, "/", "")
	}
	editions, err := s.db.Editions(ctx, id)
	if err != nil {
		return fmt.Errorf("read editions of %s: %w", id, err)
	}
	slices.SortStableFunc(editions, func(a, b archive.EditionSummary) int {
		return strings.Compare(string(b.StartDate), string(a.StartDate))
	})
	v := seriesView{
		Name: one.Name, Editions: one.Editions, Talks: one.Talks, Years: years(one.FirstDate.Year(), one.LastDate.Year()),
		Former: strings.Join(one.FormerNames, ", "), URL: webAddress(one.URL),
		SearchURL: searchURL("series:" + string(id)), FeedURL: seriesURL(id) + "/feed.atom",
	}
	byYear := map[int]int{}
	for _, e := range editions {
		v.Lines = append(v.Lines, lineOfEdition(l, e))
		byYear[e.Year()] += e.Talks
	}
	v.Plot = yearPlot(l, byYear)
	return s.render(c, 200, "series", page{
		Title: one.Name, Section: "series", Path: seriesURL(id), View: v, Data: s.seriesData(c, one, editions),
		Feeds:       []link{{l.text("feed.series", one.Name), v.FeedURL}},
		Description: l.text("series.description", l.text("count.editions", one.Editions), one.Name),
	})
}

// yearPlot draws counts by year as bars, with a text that says the same. It
// is "" for fewer than two years; years without a talk keep their gap.
func yearPlot(l *locale, counts map[int]int) template.HTML {
	delete(counts, 0)
	if len(counts) < 2 {
		return ""
	}
	var known []int
	top := 1
	for y, n := range counts {
		known = append(known, y)
		top = max(top, n)
	}
	slices.Sort(known)
	first, last := known[0], known[len(known)-1]
	if last-first > 80 { // one wrong date must not draw a thousand bars
		return ""
	}
	const height, bar = 72, 36
	var b, said strings.Builder
	for i, y := range known {
		if i > 0 {
			said.WriteString(", ")
		}
		said.WriteString(strconv.Itoa(y) + ": " + l.number(counts[y]))
	}
	width := (last - first + 1) * bar
	b.WriteString(`<div class="scroll" tabindex="0" role="group" aria-label="` + template.HTMLEscapeString(l.text("series.plot")) + `">`)
	fmt.Fprintf(&b, `<svg class="plot" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height+38, width, height+38, template.HTMLEscapeString(l.text("plot.talks", said.String())))
	for y := first; y <= last; y++ {
		x, n := (y-first)*bar, counts[y]
		if n > 0 {
			h := max(2, n*height/top)
			fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d"/><text x="%d" y="%d">%s</text>`,
				x+8, 16+height-h, bar-16, h, x+bar/2, 11+height-h, template.HTMLEscapeString(l.number(n)))
		}
		if last-first < 24 || y%5 == 0 {
			fmt.Fprintf(&b, `<text x="%d" y="%d">%d</text>`, x+bar/2, height+32, y)
		}
	}
	b.WriteString("</svg></div>")
	return template.HTML(b.String()) //nolint:gosec // numbers and escaped words
}
