package web

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/web/cite"
)

// What pages tell machines in schema.org's words (JSON-LD) and in Highwire's
// meta elements. Values become JSON by an encoder, never by hand.

const schemaContext = "https://schema.org"

type thing struct {
	Context     string   `json:"@context,omitempty"`
	Type        string   `json:"@type"`
	ID          string   `json:"@id,omitempty"`
	Name        string   `json:"name,omitempty"`
	URL         string   `json:"url,omitempty"`
	Description string   `json:"description,omitempty"`
	StartDate   string   `json:"startDate,omitempty"`
	EndDate     string   `json:"endDate,omitempty"`
	Language    string   `json:"inLanguage,omitempty"`
	Keywords    []string `json:"keywords,omitempty"`
	SameAs      []string `json:"sameAs,omitempty"`
	Affiliation *thing   `json:"affiliation,omitempty"`
	Location    *thing   `json:"location,omitempty"`
	Address     *address `json:"address,omitempty"`
	Organizer   []thing  `json:"organizer,omitempty"`
	Performer   []thing  `json:"performer,omitempty"`
	SuperEvent  *thing   `json:"superEvent,omitempty"`
	SubEvent    []thing  `json:"subEvent,omitempty"`
	Featured    []thing  `json:"workFeatured,omitempty"`
	RecordedIn  []thing  `json:"recordedIn,omitempty"`
	Action      *action  `json:"potentialAction,omitempty"`
	Free        *bool    `json:"isAccessibleForFree,omitempty"`
	Alternate   []string `json:"alternateName,omitempty"`

	// Of a slide deck: schema.org gives the file an object of its own.
	Format    string  `json:"encodingFormat,omitempty"`
	Encoding  *thing  `json:"encoding,omitempty"`
	Content   string  `json:"contentUrl,omitempty"`
	Bytes     string  `json:"contentSize,omitempty"`
	Size      string  `json:"size,omitempty"`
	Thumbnail string  `json:"thumbnailUrl,omitempty"`
	Author    []thing `json:"author,omitempty"`
}

type address struct {
	Type     string `json:"@type"`
	Locality string `json:"addressLocality,omitempty"`
	Country  string `json:"addressCountry,omitempty"`
}

type action struct {
	Type   string `json:"@type"`
	Target string `json:"target"`
	Input  string `json:"query-input"`
}

func (s *Site) siteData(c echo.Context) any {
	origin := s.origin(c.Request())
	return thing{
		Context: schemaContext, Type: "WebSite", Name: "Rostrum", URL: origin + "/",
		Action: &action{Type: "SearchAction", Target: origin + "/search?q={search_term_string}", Input: "required name=search_term_string"},
	}
}

func location(e archive.Edition) *thing {
	if e.Venue == "" && e.City == "" && e.Country == "" {
		return nil
	}
	t := &thing{Type: "Place", Name: joined(", ", e.Venue, e.City)}
	if t.Name == "" {
		t.Name = e.Country
	}
	if e.City != "" || e.Country != "" {
		t.Address = &address{Type: "PostalAddress", Locality: e.City, Country: e.Country}
	}
	return t
}

func performers(origin string, t archive.Talk) []thing {
	var out []thing
	for _, c := range t.Speakers {
		p := thing{Type: "Person", Name: c.Name}
		if c.Person != "" {
			p.ID = origin + personURL(c.Person)
			p.URL = p.ID
		}
		if c.Affiliation != "" {
			p.Affiliation = &thing{Type: "Organization", Name: c.Affiliation}
		}
		out = append(out, p)
	}
	return out
}

// moment is a date with its time of day, as far as known, without a zone:
// programmes print none.
func moment(d archive.Date, at archive.Clock) string {
	if d == "" || at == "" {
		return string(d)
	}
	return string(d) + "T" + string(at)
}

func (s *Site) talkData(c echo.Context, t archive.Talk, e archive.EditionSummary, w cite.Work) any {
	origin := s.origin(c.Request())
	day := dayOf(t, e)
	out := thing{
		Context: schemaContext, Type: "Event", ID: w.URL, Name: t.Title, URL: w.URL, Description: shorten(t.Abstract, 1000), Language: w.Language, Keywords: t.Topics,
		StartDate: moment(day, t.Start), EndDate: moment(day, t.End), Location: location(e.Edition), Performer: performers(origin, t),
		SuperEvent: &thing{Type: "Event", ID: origin + editionURL(e.ID), Name: editionTitle(e), URL: origin + editionURL(e.ID), StartDate: string(e.StartDate), EndDate: string(e.EndDate), Location: location(e.Edition)},
	}
	for i, d := range t.Decks {
		if d.Blob == "" {
			continue
		}
		deck := thing{
			Type: "PresentationDigitalDocument", Name: t.Title, Format: d.Media, Author: performers(origin, t),
			Encoding: &thing{Type: "MediaObject", Format: d.Media, Content: origin + deckURL(t.ID, i, d.Media), Bytes: strconv.FormatInt(d.Bytes, 10) + " B"},
		}
		if d.State == archive.DeckRead && d.Slides > 0 {
			deck.URL, deck.Size = origin+slideURL(t.ID, i, 1, ""), localeOf(c).text("slides.count", d.Slides)
			if s.pictures != nil {
				deck.Thumbnail = origin + pictureURL(t.ID, i, d.Blob, 1, sizeLarge)
			}
		}
		out.Featured = append(out.Featured, deck)
	}
	for _, v := range places(t.Video) {
		out.RecordedIn = append(out.RecordedIn, thing{Type: "VideoObject", Name: t.Title, URL: v.URL, Description: shorten(t.Abstract, 200)})
	}
	return out
}

func (s *Site) editionData(c echo.Context, e archive.EditionSummary, talks []archive.Talk) any {
	origin := s.origin(c.Request())
	out := thing{
		Context: schemaContext, Type: "Event", ID: origin + editionURL(e.ID), Name: editionTitle(e), URL: origin + editionURL(e.ID),
		StartDate: string(e.StartDate), EndDate: string(e.EndDate), Language: e.Language, Keywords: e.Topics, Location: location(e.Edition),
		SuperEvent: &thing{Type: "EventSeries", ID: origin + seriesURL(e.Series), Name: e.SeriesName, URL: origin + seriesURL(e.Series)},
	}
	for _, o := range e.Organizers {
		out.Organizer = append(out.Organizer, thing{Type: "Organization", Name: o})
	}
	for _, t := range talks {
		if t.Given() && len(out.SubEvent) < 100 { // a page must stay small
			u := origin + talkURL(t.ID)
			out.SubEvent = append(out.SubEvent, thing{Type: "Event", ID: u, Name: t.Title, URL: u, StartDate: moment(dayOf(t, e), t.Start)})
		}
	}
	return out
}

func (s *Site) seriesData(c echo.Context, one archive.SeriesSummary, editions []archive.EditionSummary) any {
	origin := s.origin(c.Request())
	out := thing{
		Context: schemaContext, Type: "EventSeries", ID: origin + seriesURL(one.ID), Name: one.Name, Alternate: one.FormerNames, URL: origin + seriesURL(one.ID),
		StartDate: string(one.FirstDate), EndDate: string(one.LastDate),
	}
	if u := webAddress(one.URL); u != "" {
		out.SameAs = []string{u}
	}
	for _, e := range editions {
		u := origin + editionURL(e.ID)
		out.SubEvent = append(out.SubEvent, thing{Type: "Event", ID: u, Name: editionTitle(e), URL: u, StartDate: string(e.StartDate), EndDate: string(e.EndDate), Location: location(e.Edition)})
	}
	return out
}

func (s *Site) personData(c echo.Context, p archive.PersonSummary, links []archive.Link) any {
	u := s.origin(c.Request()) + personURL(p.ID)
	out := thing{Context: schemaContext, Type: "Person", ID: u, Name: p.Name, URL: u, Description: shorten(p.Bio, 500)}
	for _, one := range links {
		if u := webAddress(one.URL); u != "" && len(out.SameAs) < personLinks {
			out.SameAs = append(out.SameAs, u)
		}
	}
	if p.Affiliation != "" {
		out.Affiliation = &thing{Type: "Organization", Name: p.Affiliation}
	}
	return out
}

// highwirePDF is the size above which indexers of citation_* leave a PDF be.
const highwirePDF = 5 << 20

// highwire are the citation_* elements that reference managers and scholarly
// search engines read.
func highwire(w cite.Work) []tag {
	out := []tag{{"citation_title", w.Title}}
	for _, a := range w.Authors {
		out = append(out, tag{"citation_author", a.Name})
		if a.Affiliation != "" {
			out = append(out, tag{"citation_author_institution", a.Affiliation})
		}
	}
	add := func(name, content string) {
		if content != "" {
			out = append(out, tag{name, content})
		}
	}
	add("citation_publication_date", strings.ReplaceAll(string(w.Date), "-", "/"))
	add("citation_conference_title", w.Event)
	add("citation_abstract_html_url", w.URL)
	if w.PDFBytes < highwirePDF {
		add("citation_pdf_url", w.PDF)
	}
	add("citation_language", w.Language)
	add("citation_keywords", strings.Join(w.Keywords, "; "))
	return out
}
