package web

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

// The sitemap is an index of parts, one for each series and one for the rest,
// so that no part needs the whole archive read. The parts are told from each
// other by a query, since a sitemap speaks only for addresses below its folder.

const sitemapSpace = "http://www.sitemaps.org/schemas/sitemap/0.9"

type sitemapIndex struct {
	XMLName xml.Name `xml:"sitemapindex"`
	Space   string   `xml:"xmlns,attr"`
	Parts   []mapped `xml:"sitemap"`
}

type sitemapURLs struct {
	XMLName xml.Name `xml:"urlset"`
	Space   string   `xml:"xmlns,attr"`
	URLs    []mapped `xml:"url"`
}

// mapped is an address in a sitemap.
type mapped struct {
	Loc string `xml:"loc"`
	// LastMod is when what the page tells was read otherwise or corrected last,
	// RFC 3339; "" where that is not known, which is better than a guess.
	LastMod string `xml:"lastmod,omitempty"`
}

// lastMod writes a time for a sitemap.
func lastMod(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func sendXML(c echo.Context, media string, v any) error {
	b, err := xml.Marshal(v)
	if err != nil {
		return fmt.Errorf("write XML: %w", err)
	}
	return reply(c, http.StatusOK, media, append([]byte(xml.Header), b...))
}

func (s *Site) sitemap(c echo.Context) error {
	switch id := c.QueryParam("series"); {
	case id != "":
		return s.sitemapSeries(c, archive.SeriesID(id))
	case c.QueryParam("part") == "lists":
		return s.sitemapLists(c)
	case c.QueryParam("people") != "":
		return s.sitemapOfPeople(c)
	}
	origin := s.origin(c.Request())
	all, err := s.allSeries(c.Request().Context())
	if err != nil {
		return err
	}
	out := sitemapIndex{Space: sitemapSpace, Parts: []mapped{{Loc: origin + "/sitemap.xml?part=lists"}}}
	n, err := s.counts(c.Request().Context())
	if err != nil {
		return err
	}
	for from := 0; from < n.People; from += sitemapPeople {
		out.Parts = append(out.Parts, mapped{Loc: origin + "/sitemap.xml?people=" + strconv.Itoa(from/sitemapPeople+1)})
	}
	for _, one := range all {
		out.Parts = append(out.Parts, mapped{Loc: origin + "/sitemap.xml?series=" + url.QueryEscape(string(one.ID))})
	}
	return sendXML(c, "application/xml; charset=utf-8", out)
}

// sitemapLists names the pages that are no talk and no person.
func (s *Site) sitemapLists(c echo.Context) error {
	origin := s.origin(c.Request())
	out := sitemapURLs{Space: sitemapSpace}
	for _, p := range []string{"/", "/series", "/editions", "/people", "/topics", "/statistics", "/about", "/help", "/embed"} {
		out.URLs = append(out.URLs, mapped{Loc: origin + p})
	}
	topics, err := s.allTopics(c.Request().Context())
	if err != nil {
		return err
	}
	for _, t := range topics[:min(len(topics), sitemapMost-len(out.URLs))] {
		out.URLs = append(out.URLs, mapped{Loc: origin + topicURL(t.ID)})
	}
	return sendXML(c, "application/xml; charset=utf-8", out)
}

const (
	sitemapMost   = 50000 // addresses that a part of a sitemap may have
	sitemapPeople = 1000  // people in a part: reading more of them takes too long
)

// sitemapOfPeople names a part of the people, from 1.
func (s *Site) sitemapOfPeople(c echo.Context) error {
	part, err := number(c, "people", 1, 1, 1<<20)
	if err != nil {
		return err
	}
	people, _, err := s.db.People(c.Request().Context(), store.PeopleQuery{Limit: sitemapPeople, Offset: (part - 1) * sitemapPeople})
	if err != nil {
		return fmt.Errorf("read people: %w", err)
	}
	if len(people) == 0 {
		return archive.ErrNotFound
	}
	out, origin := sitemapURLs{Space: sitemapSpace}, s.origin(c.Request())
	for _, p := range people {
		out.URLs = append(out.URLs, mapped{Loc: origin + personURL(p.ID)})
	}
	return sendXML(c, "application/xml; charset=utf-8", out)
}

func (s *Site) sitemapSeries(c echo.Context, id archive.SeriesID) error {
	ctx, origin := c.Request().Context(), s.origin(c.Request())
	editions, err := s.db.Editions(ctx, id)
	if err != nil {
		return moved(err, "/sitemap.xml?series=", "")
	}
	if len(editions) == 0 {
		return archive.ErrNotFound
	}
	out := sitemapURLs{Space: sitemapSpace, URLs: []mapped{{Loc: origin + seriesURL(id)}}}
	for _, e := range editions {
		talks, err := s.db.EditionTalks(ctx, e.ID)
		if err != nil {
			return fmt.Errorf("read programme of %s: %w", e.ID, err)
		}
		changed, err := s.db.LastChanges(ctx, e.ID)
		if err != nil {
			return fmt.Errorf("read changes of %s: %w", e.ID, err)
		}
		out.URLs = append(out.URLs, mapped{Loc: origin + editionURL(e.ID), LastMod: lastMod(changed.Edition)})
		for _, t := range talks {
			if t.Given() && len(out.URLs) < sitemapMost {
				out.URLs = append(out.URLs, mapped{Loc: origin + talkURL(t.ID), LastMod: lastMod(changed.Talks[t.ID])})
			}
		}
	}
	return sendXML(c, "application/xml; charset=utf-8", out)
}

type openSearch struct {
	XMLName     xml.Name        `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName   string          `xml:"ShortName"`
	Description string          `xml:"Description"`
	Encoding    string          `xml:"InputEncoding"`
	Image       openSearchImage `xml:"Image"`
	URLs        []openSearchURL `xml:"Url"`
}

type openSearchImage struct {
	Type string `xml:"type,attr"`
	URL  string `xml:",chardata"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Rel      string `xml:"rel,attr,omitempty"`
	Template string `xml:"template,attr"`
}

// openSearch lets a browser take this site as a search engine.
func (s *Site) openSearch(c echo.Context) error {
	origin := s.origin(c.Request())
	icon, err := s.assets.url("icon.svg")
	if err != nil {
		return err
	}
	return sendXML(c, "application/opensearchdescription+xml", openSearch{
		ShortName: "Rostrum", Description: localeOf(c).text("search.label"), Encoding: "UTF-8",
		Image: openSearchImage{Type: "image/svg+xml", URL: origin + icon},
		URLs: []openSearchURL{
			{Type: "text/html", Template: origin + "/search?q={searchTerms}"},
			{Type: "application/atom+xml", Template: origin + "/search.atom?q={searchTerms}"},
			{Type: "application/x-suggestions+json", Rel: "suggestions", Template: origin + "/api/v1/suggest?q={searchTerms}&format=opensearch"},
		},
	})
}
