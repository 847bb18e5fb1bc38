package programme

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// Every value that a page gives knows its place, and what stands there, found
// again in the page parsed anew, has the value or yields it.
func TestPlacesHoldWhatWasRead(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("testdata", "*", "*", "page.*"))
	if err != nil || len(names) == 0 {
		t.Fatal("no pages", err)
	}
	shared, err := filepath.Glob(filepath.Join("..", "..", "..", "shared", "data", "pages", "*", "page.*"))
	if err != nil {
		t.Fatal(err)
	}
	values := 0
	for _, name := range append(names, shared...) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		page := Page{Bytes: b, URL: "https://example.org/2015/"}
		prog, err := Read(page)
		if err != nil {
			t.Fatal(err)
		}
		c := placeChecker{doc: htmltext.Parse(b, ""), r: newReader(page)}
		c.programme(prog)
		for _, problem := range c.problems {
			t.Errorf("%s: %s", filepath.Base(filepath.Dir(name)), problem)
		}
		values += c.values
	}
	t.Logf("%d values in %d pages", values, len(names)+len(shared))
}

type placeChecker struct {
	doc      *htmltext.Doc
	r        *reader
	values   int
	problems []string
}

func (c *placeChecker) programme(prog archive.Programme) {
	e := &prog.Edition
	for name, value := range map[string]string{
		"title": e.Title, "start_date": string(e.StartDate), "end_date": string(e.EndDate), "venue": e.Venue, "city": e.City, "country": e.Country,
	} {
		c.check("edition", e.Places, name, value)
	}
	c.list("edition", e.Places, "organizers", e.Organizers)
	c.list("edition", e.Places, "topics", e.Topics)
	c.list("edition", e.Places, "related_editions", e.RelatedEditions)
	for k := range prog.Items {
		it := &prog.Items[k]
		where := fmt.Sprintf("item %d", k)
		for name, value := range map[string]string{
			"title": it.Title, "start": string(it.Start), "end": string(it.End), "room": it.Room, "track": it.Track, "session": it.Session, "abstract": it.Abstract, "url": it.URL,
		} {
			c.check(where, it.Places, name, value)
		}
		c.check(where, it.Places, "date", string(it.Date))
		c.list(where, it.Places, "slides", it.Slides)
		c.list(where, it.Places, "video", it.Video)
		c.list(where, it.Places, "paper", it.Paper)
		for i, s := range it.Speakers {
			c.check(where, it.Places, inList("speakers", i), s.Name)
			c.check(where, it.Places, inCredit(i, "affiliation"), s.Affiliation)
			c.check(where, it.Places, inCredit(i, "bio"), s.Bio)
		}
	}
}

func (c *placeChecker) list(where string, places archive.Places, field string, values []string) {
	for i, v := range values {
		c.check(where, places, inList(field, i), v)
	}
}

func (c *placeChecker) check(where string, places archive.Places, name, value string) {
	if value == "" {
		return
	}
	c.values++
	place, ok := places.Of(name)
	if !ok {
		c.problems = append(c.problems, fmt.Sprintf("%s: %s %q has no place", where, name, value))
		return
	}
	if place.Sure <= 0 || place.Sure > 1 {
		c.problems = append(c.problems, fmt.Sprintf("%s: %s %q is %v sure", where, name, value, place.Sure))
	}
	spot, ok := c.doc.Find(place.Path, place.Line, place.Quote)
	if ok && spot.Node != nil && spot.To == 0 && said(spot.Node, place.Quote) {
		spot.Line = -1 // for machines: a line is only near it
	}
	if !ok || spot.Line >= 0 && place.Path != "" && spot.To == 0 && place.Quote != "" {
		c.problems = append(c.problems, fmt.Sprintf("%s: %s %q is not found at %+v", where, name, value, place))
		return
	}
	text := place.Quote
	if spot.Line >= 0 {
		text = c.doc.Lines[spot.Line].Text
	}
	if !c.yields(name, value, text, spot) {
		c.problems = append(c.problems, fmt.Sprintf("%s: %s %q is not what stands at its place: %q", where, name, value, text))
	}
}

// said says whether an element has a text in what it says to machines.
func said(n *html.Node, text string) bool {
	for _, key := range []string{"content", "datetime", "title"} {
		if v := htmltext.Attr(n, key); v != "" && strings.Contains(htmltext.Collapse(v), text) {
			return true
		}
	}
	return false
}

// yields says whether a value can be read from a text: word for word, or what a
// time, a date or a link comes to.
func (c *placeChecker) yields(name, value, text string, spot htmltext.Spot) bool {
	switch {
	case strings.HasPrefix(value, "http"):
		if spot.Node == nil {
			return text != ""
		}
		return c.r.resolve(htmltext.Attr(spot.Node, "href")) == value
	case name == "start" || name == "end":
		return timeIn(value, text)
	case strings.HasSuffix(name, "date"):
		return dateIn(value, text)
	}
	first, _, _ := strings.Cut(value, "\n\n")
	want, have := strings.Fields(fold(first)), " "+fold(text)+" "
	// What was joined of several lines begins at its place.
	if strings.HasPrefix(fold(first), strings.TrimSpace(have)) && len(have) > 4 {
		return true
	}
	for _, w := range want[:min(len(want), 3)] {
		if !strings.Contains(have, w) {
			return false
		}
	}
	return true
}

func timeIn(value, text string) bool {
	clock := archive.Clock(value)
	for _, t := range findTimes(text) {
		for _, raw := range []rawClock{t.start, t.end} {
			if raw.minute == clock.Minutes()%60 && raw.hour%12 == clock.Minutes()/60%12 {
				return true
			}
		}
	}
	return lengthToldRE.MatchString(text) || momentOf(text).clock == clock
}

// lengthToldRE is a length in minutes: with the start it makes an end.
var lengthToldRE = regexp.MustCompile(`(?i)\d{1,3}\s*(?:'|’|′|\)|\]|m\b|min)`)

func dateIn(value, text string) bool {
	day := archive.Date(value).Time()
	for _, d := range findDates(text) {
		switch {
		case d.month == 0 && int(day.Weekday()) == d.weekday, d.month == int(day.Month()) && d.day == day.Day(), d.month2 == int(day.Month()) && d.day2 == day.Day():
			return true
		case d.day2 > 0 && d.month <= int(day.Month()) && int(day.Month()) <= d.month2: // a day between
			return true
		}
	}
	return false
}
