package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// calendar answers an edition's programme as iCalendar (RFC 5545). Its times
// are "floating", that is without a zone, because programmes print none and
// none is made up: half past nine at that place.
func (s *Site) calendar(c echo.Context) error {
	ctx, id := c.Request().Context(), editionParam(c)
	e, err := s.db.EditionByID(ctx, id)
	if err != nil {
		return moved(err, "/", "/programme.ics")
	}
	talks, err := s.db.EditionTalks(ctx, id)
	if err != nil {
		return fmt.Errorf("read programme of %s: %w", id, err)
	}
	origin := s.origin(c.Request())
	host := hostOf(origin)
	if host == "" {
		host = "rostrum"
	}
	var b icalendar
	b.line("BEGIN", "VCALENDAR")
	b.line("VERSION", "2.0")
	b.line("PRODID", "-//Rostrum//Rostrum//EN")
	b.text("X-WR-CALNAME", editionTitle(e))
	for _, t := range talks {
		if !dayOf(t, e).Valid() || t.Gone {
			continue
		}
		s.event(&b, origin, host, t, e)
	}
	b.line("END", "VCALENDAR")
	h := c.Response().Header()
	h.Set("Content-Disposition", disposition("attachment", fold.Slug(editionTitle(e), 60)+".ics"))
	return reply(c, http.StatusOK, "text/calendar; charset=utf-8", []byte(b.String()))
}

func (s *Site) event(b *icalendar, origin, host string, t archive.Talk, e archive.EditionSummary) {
	day := dayOf(t, e)
	b.line("BEGIN", "VEVENT")
	b.line("UID", "talk-"+strings.ReplaceAll(string(t.ID), "/", "-")+"@"+host)
	b.line("DTSTAMP", day.Time().Format("20060102T150405Z"))
	b.line("SEQUENCE", strconv.FormatInt(int64(t.Revision), 10))
	if start := t.Start.Minutes(); start >= 0 {
		end := t.End.Minutes()
		if end >= 0 && end <= start { // past midnight
			end += 24 * 60
		}
		b.line("DTSTART", day.Time().Add(time.Duration(start)*time.Minute).Format("20060102T150405"))
		if end > start {
			b.line("DTEND", day.Time().Add(time.Duration(end)*time.Minute).Format("20060102T150405"))
		}
	} else {
		b.line("DTSTART;VALUE=DATE", day.Time().Format("20060102"))
		b.line("DTEND;VALUE=DATE", day.Time().AddDate(0, 0, 1).Format("20060102"))
	}
	summary := t.Title
	if n := names(t); n != "" {
		summary += " — " + n
	}
	b.text("SUMMARY", summary)
	b.text("LOCATION", joined(", ", t.Room, e.Venue, e.City, e.Country))
	b.text("DESCRIPTION", shorten(t.Abstract, 1000))
	if t.Given() {
		b.line("URL", origin+talkURL(t.ID))
	}
	if len(t.Topics) > 0 {
		escaped := make([]string, len(t.Topics))
		for i, topic := range t.Topics {
			escaped[i] = icalText(topic)
		}
		b.line("CATEGORIES", strings.Join(escaped, ","))
	}
	b.line("END", "VEVENT")
}

// icalendar writes content lines: folded at 75 octets, ended by CRLF.
type icalendar struct{ strings.Builder }

func (b *icalendar) text(name, value string) {
	if value != "" {
		b.line(name, icalText(value))
	}
}

func (b *icalendar) line(name, value string) {
	line := name + ":" + strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(value, "\uFFFD"))
	const limit = 75
	for room := limit; len(line) > room; room = limit - 1 {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		b.WriteString(line[:cut] + "\r\n ")
		line = line[cut:]
	}
	b.WriteString(line + "\r\n")
}

func icalText(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}
