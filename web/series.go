package web

import (
	"context"
	"fmt"
	"slices"
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
	EmbedURL  string
	Plot      *figure // talks of each edition
	Lines     []editionLine
	People    *figure // newcomers and who came back
	Regulars  []contentsLine
	Returned  int // how many people stood on talks of more than one edition
	Topics    *figure
}

// How much of a series' people and topics its page shows.
const (
	seriesRegulars = 12
	seriesTopics   = 14
)

type editionLine struct {
	Side         string
	Name, URL    string
	Place        string
	Talks, Decks int
	Back         string // how many came back, in words
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
	timeline, err := s.db.SeriesTimeline(ctx, id)
	if err != nil {
		return fmt.Errorf("read editions of %s: %w", id, err)
	}
	v := seriesView{
		Name: one.Name, Editions: one.Editions, Talks: one.Talks, Years: years(one.FirstDate.Year(), one.LastDate.Year()),
		Former: strings.Join(one.FormerNames, ", "), URL: webAddress(one.URL),
		SearchURL: searchURL("series:" + string(id)), FeedURL: seriesURL(id) + "/feed.atom", EmbedURL: "/embed?series=" + string(id),
	}
	var editions []archive.EditionSummary
	for i, e := range slices.Backward(timeline) {
		line := lineOfEdition(l, e.EditionSummary)
		if e.Returning > 0 {
			line.Back = l.text("series.back", e.Returning)
		}
		v.Lines, editions = append(v.Lines, line), append(editions, timeline[i].EditionSummary)
	}
	v.Plot, v.People = timelineFigures(l, timeline)
	if v.Regulars, v.Returned, err = s.regulars(ctx, l, id, timeline); err != nil {
		return err
	}
	if v.Topics, err = s.topicsFigure(ctx, l, one.Series, timeline); err != nil {
		return err
	}
	return s.render(c, 200, "series", page{
		Title: one.Name, Section: "series", Path: seriesURL(id), View: v, Data: s.seriesData(c, one, editions),
		Feeds:       []link{{l.text("feed.series", one.Name), v.FeedURL}},
		Description: l.text("series.description", l.text("count.editions", one.Editions), one.Name),
	})
}

// timelineFigures draw the talks of each edition, and how many people came for
// the first time and how many came back; nil for a single edition.
func timelineFigures(l *locale, timeline []archive.TimelineEdition) (talks, people *figure) {
	talks = &figure{Label: l.text("plot.byedition"), Head: []string{l.text("facet.edition"), l.text("series.plot"), l.text("statistics.decks")}}
	people = &figure{
		Label: l.text("plot.people"), Keys: []string{l.text("plot.back"), l.text("plot.new")},
		Head: []string{l.text("facet.edition"), l.text("nav.people"), l.text("plot.back"), l.text("plot.new")},
	}
	var labels []string
	var given, back, fresh []int
	for _, e := range timeline {
		labels = append(labels, editionLabel(e.ID))
		given, back, fresh = append(given, e.Talks), append(back, e.Returning), append(fresh, e.Newcomers)
		name := link{Name: editionTitle(e.EditionSummary), URL: editionURL(e.ID)}
		talks.Rows = append(talks.Rows, []link{name, {Name: l.number(e.Talks)}, {Name: l.number(e.Decks)}})
		people.Rows = append(people.Rows, []link{name, {Name: l.number(e.People)}, {Name: l.number(e.Returning)}, {Name: l.number(e.Newcomers)}})
	}
	if talks.SVG = bars(l, talks.Label, labels, given); talks.SVG == "" {
		return nil, nil
	}
	people.SVG = bars(l, people.Label, labels, back, fresh)
	return talks, people
}

// regulars are those who came back most, and how many came back at all.
func (s *Site) regulars(ctx context.Context, l *locale, id archive.SeriesID, timeline []archive.TimelineEdition) ([]contentsLine, int, error) {
	found, total, err := s.db.SeriesRegulars(ctx, id, seriesRegulars)
	if err != nil {
		return nil, 0, fmt.Errorf("read regulars of %s: %w", id, err)
	}
	year := map[archive.EditionID]int{}
	for _, e := range timeline {
		year[e.ID] = e.Year()
	}
	var out []contentsLine
	for _, r := range found {
		out = append(out, contentsLine{
			Name: r.Name, URL: personURL(r.ID), Aside: years(year[r.Editions[0]], year[r.Editions[len(r.Editions)-1]]),
			Note: l.text("count.editions", len(r.Editions)) + ", " + l.text("count.talks", r.Talks),
		})
	}
	return out, total, nil
}

// topicsFigure draws the topics of a series over its editions; nil for a
// single edition, and where there are none.
func (s *Site) topicsFigure(ctx context.Context, l *locale, of archive.Series, timeline []archive.TimelineEdition) (*figure, error) {
	topics, err := s.db.SeriesTopics(ctx, of.ID)
	if err != nil {
		return nil, fmt.Errorf("read topics of %s: %w", of.ID, err)
	}
	column := map[archive.EditionID]int{}
	labels := make([]string, len(timeline))
	for i, e := range timeline {
		column[e.ID], labels[i] = i, editionLabel(e.ID)
	}
	var rows []heatRow
	for _, t := range topics {
		if len(rows) == seriesTopics {
			break
		}
		if len(t.Editions) < 2 && len(timeline) > 2 || fold.Key(t.Name) == fold.Key(of.Name) {
			continue // a word of one year tells nothing of the years, nor does the series' own name
		}
		row := heatRow{Name: t.Name, URL: topicURL(t.ID), Counts: make([]int, len(timeline)), Marked: make([]bool, len(timeline))}
		for _, c := range t.Editions {
			row.Counts[column[c.Edition]], row.Marked[column[c.Edition]] = c.Talks, c.Announced
		}
		rows = append(rows, row)
	}
	return heatFigure(l, l.text("plot.topics"), l.text("facet.topic"), labels, rows), nil
}
