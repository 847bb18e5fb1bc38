package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

type editionView struct {
	Series                link
	Title, Lang           string
	Dates, Place          string
	Organizers            string
	Talks, People, Slides int
	SearchURL, Calendar   string
	URL                   string
	Days                  []programmeDay
	Topics                []link
	Related               []link
	Nearby                []nearbyLine
	Back                  int // people who had been at an earlier edition
	Previous, Next        link
	From                  *provenance
}

// nearbyLine is an edition of another series, and why it stands here.
type nearbyLine struct {
	editionLine
	People     []personRef
	MorePeople int // that are not named
	Topics     []link
}

// editionNearby is how many editions of other series a page names.
const editionNearby = 5

type programmeDay struct {
	Anchor string // "day-2", where several are to be jumped between
	Name   string // "" when the programme names no day
	Table  *timetable
	Timed  bool            // some item of the list has a time
	Items  []programmeItem // the day as a list, when it has no table
	Gone   []programmeItem // beneath a table: what the source no longer has
}

type programmeItem struct {
	talkLine
	Heading string // a session or track that begins here
	Room    string
}

func (s *Site) edition(c echo.Context) error {
	ctx, l, id := c.Request().Context(), localeOf(c), editionParam(c)
	e, err := s.db.EditionByID(ctx, id)
	if err != nil {
		return moved(err, "/", "")
	}
	talks, err := s.db.EditionTalks(ctx, id)
	if err != nil {
		return fmt.Errorf("read programme of %s: %w", id, err)
	}
	v := editionView{
		Series: link{Name: e.SeriesName, URL: seriesURL(e.Series)}, Title: editionTitle(e), Lang: e.Language,
		Dates: l.dates(e.StartDate, e.EndDate), Place: place(e.Edition), Organizers: strings.Join(e.Organizers, ", "),
		Talks: e.Talks, People: e.People, Slides: e.Slides, SearchURL: searchURL("edition:" + quoted(string(id))), Calendar: editionURL(id) + "/programme.ics",
		URL: webAddress(e.URL), Days: s.programme(l, e, talks),
	}
	v.Topics = topicLinks(e.Topics)
	for _, a := range e.RelatedEditions {
		if a = webAddress(a); a != "" {
			v.Related = append(v.Related, link{Name: shorten(strings.TrimPrefix(strings.TrimPrefix(a, "https://"), "http://"), 70), URL: a})
		}
	}
	prev, next, err := s.db.Neighbours(ctx, id)
	if err != nil {
		return fmt.Errorf("read neighbours of %s: %w", id, err)
	}
	if prev != nil {
		v.Previous = link{Name: editionTitle(*prev), URL: editionURL(prev.ID)}
	}
	if next != nil {
		v.Next = link{Name: editionTitle(*next), URL: editionURL(next.ID)}
	}
	if err := s.fillNearby(ctx, l, &v, e); err != nil {
		return err
	}
	if v.From, err = s.provenanceOf(ctx, l, store.ThingEdition, string(id), ""); err != nil {
		return err
	}
	image, text := s.firstSlide(l, talks)
	return s.render(c, 200, "edition", page{
		Image: image, ImageText: text,
		Title: v.Title, Section: "series", Path: editionURL(id), Thing: string(id), View: v, Data: s.editionData(c, e, talks),
		Alternates:  []alternate{{"text/calendar", v.Calendar}},
		Description: shorten(l.text("edition.description", v.Title, joined(", ", v.Dates, v.Place, l.text("count.talks", e.Talks))), 200),
	})
}

// fillNearby adds who came back, and the editions of other series that share
// people or topics.
func (s *Site) fillNearby(ctx context.Context, l *locale, v *editionView, e archive.EditionSummary) error {
	timeline, err := s.db.SeriesTimeline(ctx, e.Series)
	if err != nil {
		return fmt.Errorf("read timeline of %s: %w", e.Series, err)
	}
	for _, one := range timeline {
		if one.ID == e.ID {
			v.Back = one.Returning
		}
	}
	nearby, err := s.db.NearbyEditions(ctx, e.ID, editionNearby)
	if err != nil {
		return fmt.Errorf("read what is near %s: %w", e.ID, err)
	}
	for _, n := range nearby {
		line := nearbyLine{editionLine: lineOfEdition(l, n.EditionSummary), MorePeople: n.PeopleInAll - len(n.People)}
		for _, p := range n.People {
			line.People = append(line.People, personRef{Name: p.Name, URL: personURL(p.ID)})
		}
		for _, t := range n.Topics {
			line.Topics = append(line.Topics, link{Name: t.Name, URL: topicURL(t.ID)})
		}
		v.Nearby = append(v.Nearby, line)
	}
	return nil
}

// programme is the programme as it was: in its order, breaks included, parted
// by day; tracks side by side where they ran so, else with a heading where
// another session or track begins.
func (s *Site) programme(l *locale, e archive.EditionSummary, talks []archive.Talk) []programmeDay {
	days := byDay(talks)
	rooms := map[string]bool{}
	for _, t := range talks {
		rooms[t.Room] = true
	}
	out := make([]programmeDay, 0, len(days))
	for i, all := range days {
		d := programmeDay{Anchor: "day-" + strconv.Itoa(i+1)}
		if date := all[0].Date; date.Valid() {
			d.Name = capital(l.weekday(date)) + " " + l.date(date)
		}
		s.fillDay(l, e, &d, all, len(rooms) > 1)
		out = append(out, d)
	}
	if len(out) == 1 && e.EndDate == e.StartDate {
		out[0].Name = "" // the day stands in the title
	}
	return out
}

// capital begins a heading: some languages write weekdays small.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// byDay parts a programme by day. Whoever lists talks by name has the days in
// any order: they come by date, each day's items as they were listed. What
// names no day belongs to the one before it.
func byDay(talks []archive.Talk) [][]archive.Talk {
	var days [][]archive.Talk
	at := map[archive.Date]int{}
	here := -1
	for _, t := range talks {
		if here < 0 || t.Date != "" {
			i, ok := at[t.Date]
			if !ok {
				i = len(days)
				at[t.Date], days = i, append(days, nil)
			}
			here = i
		}
		days[here] = append(days[here], t)
	}
	slices.SortStableFunc(days, func(a, b []archive.Talk) int { return strings.Compare(string(a[0].Date), string(b[0].Date)) })
	return days
}

// fillDay shows the items of a day, as a table where that says more. With one
// room for everything, no item names it.
func (s *Site) fillDay(l *locale, e archive.EditionSummary, d *programmeDay, talks []archive.Talk, rooms bool) {
	item := func(t archive.Talk, place string) programmeItem {
		it := programmeItem{talkLine: s.lineOf(l, t), Room: place}
		it.Side, it.Lang = span(t.Start, t.End), languageOf(t, e)
		if !t.Given() {
			it.URL, it.Kind = "", ""
		}
		return it
	}
	var stand []archive.Talk
	for _, t := range talks {
		if !t.Gone {
			stand = append(stand, t)
		}
	}
	if d.Table = makeTimetable(stand, item); d.Table != nil {
		for _, t := range talks {
			if t.Gone {
				d.Gone = append(d.Gone, item(t, joined(" · ", t.Track, t.Room, t.Session)))
			}
		}
		return
	}
	session := ""
	for _, t := range talks {
		it := item(t, "")
		if rooms {
			it.Room = t.Room
		}
		if heading := joined(" · ", t.Session, t.Track); heading != session {
			it.Heading, session = heading, heading
		}
		d.Items, d.Timed = append(d.Items, it), d.Timed || it.Side != ""
	}
}

// sortEditions puts the latest first and those without a date last.
func sortEditions(all []archive.EditionSummary) {
	slices.SortStableFunc(all, func(a, b archive.EditionSummary) int {
		return strings.Compare(string(b.StartDate), string(a.StartDate))
	})
}

type editionsView struct {
	Total int
	Years []group
}

// group is a heading with lines of contents beneath.
type group struct {
	Name  string
	Lines []contentsLine
}

// editions lists every edition by year, newest first, the undated last.
func (s *Site) editions(c echo.Context) error {
	l := localeOf(c)
	all, err := s.allEditions(c.Request().Context())
	if err != nil {
		return err
	}
	v := editionsView{Total: len(all)}
	sortEditions(all)
	for _, e := range all {
		name := years(e.Year(), e.Year())
		if len(v.Years) == 0 || v.Years[len(v.Years)-1].Name != name {
			v.Years = append(v.Years, group{Name: name})
		}
		g := &v.Years[len(v.Years)-1]
		g.Lines = append(g.Lines, contentsLine{Name: editionTitle(e), URL: editionURL(e.ID), Aside: joined(", ", e.City, e.Country), Note: l.text("count.talks", e.Talks)})
	}
	return s.render(c, 200, "editions", page{
		Title: l.text("editions.title"), Description: l.text("editions.description"), Section: "series", Path: "/editions", View: v,
	})
}
