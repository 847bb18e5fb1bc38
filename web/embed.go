package web

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

// "Previous editions" for the site of the next one: a block to frame, JSON to
// make one's own of, and plain links to paste. /embed tells how.

const (
	embedLength = 12  // editions in a block, where its address says no number
	embedMost   = 200 // editions that may be asked for
	embedPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)

// embedBlock is what /embed/SERIES shows in a frame.
type embedBlock struct {
	Name, URL string
	Scheme    string // "light" or "dark", "" as the visitor's browser has it
	Lines     []editionLine
	More      int // editions that are not shown
}

// embedded is /embed/SERIES.json.
type embedded struct {
	Series   embeddedSeries    `json:"series"`
	Editions []embeddedEdition `json:"editions"` // latest first
}

type embeddedSeries struct {
	ID          archive.SeriesID `json:"id"`
	Name        string           `json:"name"`
	FormerNames []string         `json:"former_names,omitempty"`
	URL         string           `json:"url"`
	Editions    int              `json:"editions"` // in all
}

type embeddedEdition struct {
	ID        archive.EditionID `json:"id"`
	Title     string            `json:"title"`
	URL       string            `json:"url"`
	StartDate archive.Date      `json:"start_date,omitempty"`
	EndDate   archive.Date      `json:"end_date,omitempty"`
	Venue     string            `json:"venue,omitempty"`
	City      string            `json:"city,omitempty"`
	Country   string            `json:"country,omitempty"`
	Talks     int               `json:"talks"`
	People    int               `json:"people"`
	Decks     int               `json:"decks"`
	Slides    int               `json:"slides"`
}

// embed answers a series' previous editions to other sites: as JSON when the
// address ends so, else as a page to be framed.
func (s *Site) embed(c echo.Context) error {
	ctx := c.Request().Context()
	id, asJSON := strings.CutSuffix(c.Param("series"), ".json")
	one, err := s.db.SeriesByID(ctx, archive.SeriesID(id))
	if err != nil {
		after := ""
		if asJSON {
			after = ".json"
		}
		return moved(err, "/embed/", after)
	}
	limit, err := number(c, "limit", embedLength, 1, embedMost)
	if err != nil {
		return err
	}
	if asJSON && c.QueryParam("limit") == "" {
		limit = embedMost
	}
	editions, err := s.db.Editions(ctx, one.ID)
	if err != nil {
		return fmt.Errorf("read editions of %s: %w", id, err)
	}
	shown := editions[:min(limit, len(editions))]
	if asJSON {
		return s.embedJSON(c, one, shown)
	}
	l := localeOf(c)
	if named := s.locales.named(c.QueryParam("lang")); named != nil { // the framing site's language, not the reader's
		l = named
		c.Set(keyLocale, l)
	}
	origin := s.origin(c.Request())
	v := embedBlock{Name: one.Name, URL: origin + seriesURL(one.ID), More: len(editions) - len(shown)}
	if scheme := c.QueryParam("scheme"); scheme == "light" || scheme == "dark" {
		v.Scheme = scheme
	}
	for _, e := range shown {
		line := lineOfEdition(l, e)
		line.URL, line.Place = origin+line.URL, joined(", ", e.City, e.Country)
		v.Lines = append(v.Lines, line)
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", embedPolicy)
	h.Del("X-Frame-Options")
	return s.render(c, http.StatusOK, "embedblock", page{Title: l.text("embed.block", one.Name), NoIndex: true, Path: seriesURL(one.ID), View: v})
}

func (s *Site) embedJSON(c echo.Context, one archive.SeriesSummary, editions []archive.EditionSummary) error {
	origin := s.origin(c.Request())
	out := embedded{
		Series:   embeddedSeries{ID: one.ID, Name: one.Name, FormerNames: one.FormerNames, URL: origin + seriesURL(one.ID), Editions: one.Editions},
		Editions: []embeddedEdition{},
	}
	for _, e := range editions {
		out.Editions = append(out.Editions, embeddedEdition{
			ID: e.ID, Title: editionTitle(e), URL: origin + editionURL(e.ID), StartDate: e.StartDate, EndDate: e.EndDate,
			Venue: e.Venue, City: e.City, Country: e.Country, Talks: e.Talks, People: e.People, Decks: e.Decks, Slides: e.Slides,
		})
	}
	return sendJSON(c, out)
}

// embedView is the page that tells how to embed.
type embedView struct {
	Name     string
	Frame    string // code to copy
	Script   string
	Links    string
	BlockURL string
	JSONURL  string
	Others   []link // series to embed instead
}

// embedHelp shows how to embed the series ?series= names, else the one with
// most editions.
func (s *Site) embedHelp(c echo.Context) error {
	ctx, l := c.Request().Context(), localeOf(c)
	all, err := s.allSeries(ctx)
	if err != nil {
		return err
	}
	var v embedView
	chosen := archive.SeriesID(c.QueryParam("series"))
	path := "/embed"
	if chosen == "" && len(all) > 0 {
		chosen = slices.MaxFunc(all, func(a, b archive.SeriesSummary) int { return a.Editions - b.Editions }).ID
	}
	for _, one := range all {
		if one.ID == chosen {
			if err := s.fillEmbed(c, &v, one); err != nil {
				return err
			}
		}
		v.Others = append(v.Others, link{Name: one.Name, URL: "/embed?series=" + string(one.ID)})
	}
	if v.Name == "" && chosen != "" {
		_, err := s.db.SeriesByID(ctx, chosen)
		if err == nil {
			err = archive.ErrNotFound
		}
		return moved(err, "/embed?series=", "")
	}
	return s.render(c, http.StatusOK, "embed", page{
		Title: l.text("embed.title"), Description: l.text("embed.description"), Section: "help", Path: path, NoIndex: c.QueryParam("series") != "", View: v,
	})
}

// fillEmbed writes the code to copy for a series.
func (s *Site) fillEmbed(c echo.Context, v *embedView, one archive.SeriesSummary) error {
	l, origin := localeOf(c), s.origin(c.Request())
	v.Name, v.BlockURL, v.JSONURL = one.Name, "/embed"+seriesURL(one.ID), "/embed"+seriesURL(one.ID)+".json"
	editions, err := s.db.Editions(c.Request().Context(), one.ID)
	if err != nil {
		return fmt.Errorf("read editions of %s: %w", one.ID, err)
	}
	title := template.HTMLEscapeString(l.text("embed.block", one.Name))
	height := 90 + 34*min(len(editions), embedLength)
	v.Frame = `<iframe src="` + origin + v.BlockURL + `" title="` + title + `" width="100%" height="` + strconv.Itoa(height) + `" loading="lazy" style="border: 0"></iframe>`
	v.Script = `<ul id="editions"></ul>
<script type="module">
  const answer = await fetch('` + origin + v.JSONURL + `');
  const { editions } = await answer.json();
  document.getElementById('editions').append(...editions.map((e) => {
    const item = document.createElement('li'), a = document.createElement('a');
    a.href = e.url;
    a.textContent = e.title;
    item.append(a, ', ' + [e.city, e.start_date, e.talks + ' talks'].filter(Boolean).join(', '));
    return item;
  }));
</script>`
	var b strings.Builder
	b.WriteString("<ul>\n")
	for _, e := range editions[:min(len(editions), embedLength)] {
		b.WriteString(`  <li><a href="` + origin + editionURL(e.ID) + `">` + template.HTMLEscapeString(editionTitle(e)) + "</a></li>\n")
	}
	b.WriteString("</ul>")
	v.Links = b.String()
	return nil
}
