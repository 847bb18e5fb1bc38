package web

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/search"
)

// Atom feeds (RFC 4287) of talks: the newest, those of a series, person or
// topic, and those that a search finds.

const feedLength = 50

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomPerson  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published,omitempty"`
	Authors    []atomPerson   `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// feedOf answers a feed. path is the page that the feed is of, self the feed's own address.
func (s *Site) feedOf(c echo.Context, title, path, self string, talks []archive.Talk) error {
	ctx, origin := c.Request().Context(), s.origin(c.Request())
	feed := atomFeed{
		ID: origin + self, Title: title, Author: atomPerson{Name: "Rostrum", URI: origin + "/"},
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: origin + self}, {Rel: "alternate", Type: "text/html", Href: origin + path}},
	}
	latest := time.Unix(0, 0).UTC()
	for _, t := range talks[:min(len(talks), feedLength)] {
		e, err := s.editionOf(ctx, t)
		if err != nil {
			return err
		}
		entry, updated, err := s.feedEntry(ctx, origin, t, e)
		if err != nil {
			return err
		}
		if updated.After(latest) {
			latest = updated
		}
		feed.Entries = append(feed.Entries, entry)
	}
	feed.Updated = latest.Format(time.RFC3339)
	b, err := xml.Marshal(feed)
	if err != nil {
		return fmt.Errorf("write feed %s: %w", self, err)
	}
	return reply(c, http.StatusOK, "application/atom+xml; charset=utf-8", append([]byte(xml.Header), b...))
}

func (s *Site) feedEntry(ctx context.Context, origin string, t archive.Talk, e archive.EditionSummary) (atomEntry, time.Time, error) {
	day := dayOf(t, e).Time()
	updated := day
	if t.Snapshot != 0 { // a reader of feeds wants to know when it came here
		snap, err := s.db.Snapshot(ctx, t.Snapshot)
		if err != nil {
			return atomEntry{}, updated, fmt.Errorf("read snapshot of %s: %w", t.ID, err)
		}
		updated = snap.Fetched.UTC()
	}
	if updated.IsZero() {
		updated = time.Unix(0, 0).UTC()
	}
	entry := atomEntry{
		ID: origin + talkURL(t.ID), Title: t.Title, Updated: updated.Format(time.RFC3339), Summary: shorten(t.Abstract, 600),
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: origin + talkURL(t.ID)}},
	}
	if entry.Summary == "" {
		entry.Summary = joined(" – ", names(t), editionTitle(e))
	}
	if !day.IsZero() {
		entry.Published = day.Format(time.RFC3339)
	}
	for _, p := range t.Speakers {
		one := atomPerson{Name: p.Name}
		if p.Person != "" {
			one.URI = origin + personURL(p.Person)
		}
		entry.Authors = append(entry.Authors, one)
	}
	for _, topic := range t.Topics {
		entry.Categories = append(entry.Categories, atomCategory{Term: topic})
	}
	for i, d := range t.Decks {
		if d.Blob != "" {
			entry.Links = append(entry.Links, atomLink{Rel: "enclosure", Type: d.Media, Href: origin + deckURL(t.ID, i, d.Media)})
		}
	}
	return entry, updated, nil
}

func (s *Site) newestFeed(c echo.Context) error {
	talks, err := s.newest(c.Request().Context())
	if err != nil {
		return err
	}
	return s.feedOf(c, localeOf(c).text("feed.newest"), "/", "/feed.atom", talks)
}

func (s *Site) seriesFeed(c echo.Context) error {
	ctx, id := c.Request().Context(), archive.SeriesID(c.Param("series"))
	one, err := s.db.SeriesByID(ctx, id)
	if err != nil {
		return moved(err, "/", "/feed.atom")
	}
	editions, err := s.db.Editions(ctx, id)
	if err != nil {
		return fmt.Errorf("read editions of %s: %w", id, err)
	}
	sortEditions(editions)
	var talks []archive.Talk
	for _, e := range editions {
		if len(talks) >= feedLength {
			break
		}
		all, err := s.db.EditionTalks(ctx, e.ID)
		if err != nil {
			return fmt.Errorf("read programme of %s: %w", e.ID, err)
		}
		for _, t := range all {
			if t.Given() {
				talks = append(talks, t)
			}
		}
	}
	return s.feedOf(c, localeOf(c).text("feed.series", one.Name), seriesURL(id), seriesURL(id)+"/feed.atom", talks)
}

func (s *Site) personFeed(c echo.Context) error {
	ctx, id := c.Request().Context(), archive.PersonID(c.Param("person"))
	p, err := s.db.PersonByID(ctx, id)
	if err != nil {
		return moved(err, "/people/", "/feed.atom")
	}
	talks, err := s.db.PersonTalks(ctx, id)
	if err != nil {
		return fmt.Errorf("read talks of %s: %w", id, err)
	}
	return s.feedOf(c, localeOf(c).text("feed.person", p.Name), personURL(id), personURL(id)+"/feed.atom", talks)
}

func (s *Site) topicFeed(c echo.Context) error {
	ctx, id := c.Request().Context(), archive.TopicID(c.Param("topic"))
	t, err := s.db.TopicByID(ctx, id)
	if err != nil {
		return moved(err, "/topics/", "/feed.atom")
	}
	talks, err := s.db.TopicTalks(ctx, id)
	if err != nil {
		return fmt.Errorf("read talks on %s: %w", id, err)
	}
	return s.feedOf(c, localeOf(c).text("feed.topic", t.Name), topicURL(id), topicURL(id)+"/feed.atom", talks)
}

// searchFeed follows a question: what it finds, newest first.
func (s *Site) searchFeed(c echo.Context) error {
	ctx := c.Request().Context()
	asked, _ := question(c)
	if asked == "" {
		return archive.ErrNotFound
	}
	res, err := s.index.Search(ctx, search.Request{Query: search.Parse(asked), Limit: feedLength, Sort: search.ByNewest})
	if err != nil {
		return fmt.Errorf("search: %w", err)
	}
	ids := make([]archive.TalkID, len(res.Hits))
	for i, h := range res.Hits {
		ids[i] = h.Talk
	}
	talks, err := s.db.TalksByID(ctx, ids)
	if err != nil {
		return fmt.Errorf("read talks found: %w", err)
	}
	return s.feedOf(c, localeOf(c).text("feed.search", asked), searchURL(asked), "/search.atom?q="+url.QueryEscape(asked), talks)
}
