package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

// The pages that are mostly words of our own: about, help, statistics; and
// what machines ask for.

type aboutView struct{ Version string }

func (s *Site) about(c echo.Context) error {
	l := localeOf(c)
	return s.render(c, 200, "about", page{
		Title: l.text("about.title"), Description: l.text("about.description"), Path: "/about", View: aboutView{Version: s.version},
	})
}

type helpView struct{ Groups []QueryGroup }

// help shows the query language by examples that are searches themselves, of
// what this archive has.
func (s *Site) help(c echo.Context) error {
	l := localeOf(c)
	here, err := s.queriesHere(c.Request().Context())
	if err != nil {
		return err
	}
	return s.render(c, 200, "help", page{
		Title: l.text("help.title"), Description: l.text("help.description"), Section: "help", Path: "/help",
		View: helpView{queryLanguage(l, here.example, here.found)},
	})
}

type statisticsView struct {
	Facts    []noted
	Plot     *figure
	Timeline *figure // of all series
}

func (s *Site) statistics(c echo.Context) error {
	ctx, l := c.Request().Context(), localeOf(c)
	n, err := s.counts(ctx)
	if err != nil {
		return err
	}
	editions, err := s.allEditions(ctx)
	if err != nil {
		return err
	}
	byYear := map[int]int{}
	for _, e := range editions {
		byYear[e.Year()] += e.Talks
	}
	v := statisticsView{Plot: yearFigure(l, byYear), Timeline: seriesFigure(l, editions), Facts: []noted{
		{Name: l.text("nav.series"), URL: "/series", Note: l.number(n.Series)},
		{Name: l.text("series.editions"), URL: "/editions", Note: l.number(n.Editions)},
		{Name: l.text("series.plot"), URL: "/search?q=", Note: l.number(n.Talks)},
		{Name: l.text("nav.people"), URL: "/people", Note: l.number(n.People)},
		{Name: l.text("nav.topics"), URL: "/topics", Note: l.number(n.Topics)},
		{Name: l.text("statistics.decks"), URL: searchURL("has:slides"), Note: l.number(n.Decks)},
		{Name: l.text("talk.slides.title"), Note: l.number(n.Slides)},
	}}
	v.Facts[2].URL = ""
	return s.render(c, 200, "statistics", page{
		Title: l.text("statistics.title"), Description: l.text("statistics.description"), Path: "/statistics", View: v,
	})
}

// statisticsSeries is how many series are drawn over the years, those of most talks.
const statisticsSeries = 24

// seriesFigure draws the talks of series over the years.
func seriesFigure(l *locale, editions []archive.EditionSummary) *figure {
	known, talks := map[int]int{}, map[archive.SeriesID]int{}
	counts, names := map[archive.SeriesID]map[int]int{}, map[archive.SeriesID]string{}
	for _, e := range editions {
		if counts[e.Series] == nil {
			counts[e.Series] = map[int]int{}
		}
		counts[e.Series][e.Year()] += e.Talks
		known[e.Year()]++
		talks[e.Series] += e.Talks
		names[e.Series] = e.SeriesName
	}
	ids := slices.SortedFunc(maps.Keys(counts), func(a, b archive.SeriesID) int {
		return cmp.Or(talks[b]-talks[a], strings.Compare(string(a), string(b)))
	})
	return seriesHeat(l, l.text("plot.series"), ids[:min(len(ids), statisticsSeries)], names, counts, allYears(known))
}

// seriesHeat draws counts of talks by series and year.
func seriesHeat(l *locale, label string, ids []archive.SeriesID, names map[archive.SeriesID]string, counts map[archive.SeriesID]map[int]int, all []int) *figure {
	var labels []string
	for _, y := range all {
		labels = append(labels, strconv.Itoa(y))
	}
	var rows []heatRow
	for _, id := range ids {
		row := heatRow{Name: names[id], URL: seriesURL(id)}
		for _, y := range all {
			row.Counts = append(row.Counts, counts[id][y])
		}
		rows = append(rows, row)
	}
	return heatFigure(l, label, l.text("facet.series"), labels, rows)
}

type healthAnswer struct {
	Status   string `json:"status"`
	Revision int64  `json:"revision"` // of the archive
	Indexed  int64  `json:"indexed"`  // how far the index has followed
	Version  string `json:"version"`
}

// health answers whether the store can be read. An index that lags is told,
// not an illness: it catches up.
func (s *Site) health(c echo.Context) error {
	r, err := s.db.Revision(c.Request().Context())
	if err != nil {
		return fmt.Errorf("read revision: %w", err)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, healthAnswer{Status: "ok", Revision: int64(r), Indexed: int64(s.index.Revision()), Version: s.version})
}

// robots keeps crawlers out of what has no end or costs much: questions that
// filter, order or turn pages (each leads to more of them), and the programming
// interface. A plain question may be asked; all talks are reached through lists
// and the sitemap anyway.
func (s *Site) robots(c echo.Context) error {
	return c.String(http.StatusOK, `User-agent: *
Disallow: /search?*%3A
Disallow: /search?*:
Disallow: /search?*&
Disallow: /search.atom
Disallow: /api/
Disallow: /desk
Disallow: /suggest

Sitemap: `+s.origin(c.Request())+"/sitemap.xml\n")
}
