package web

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"rostrum/archive"
)

// personRef is a person as named on a talk.
type personRef struct {
	Name, URL         string
	Affiliation, Role string
}

// talkLine is a talk in a list.
type talkLine struct {
	Side    string // what hangs in the margin
	URL     string
	Title   string
	Lang    string // of the title, "" unknown
	People  []personRef
	Edition link
	Kind    string // "" for a plain talk
	Slides  int
	// SlidesURL is the page of its first slide.
	SlidesURL string
	Video     bool
	Gone      bool
	Why       string // why it stands here, "" when that is plain
	Thumb     *thumb // its first slide; nil when there is no picture of one
}

// contentsLine is a line of a table of contents.
type contentsLine struct {
	Name, URL string
	Aside     string
	Note      string
}

// credits are the people of a talk, as printed there.
func credits(t archive.Talk) []personRef {
	out := make([]personRef, 0, len(t.Speakers))
	for _, c := range t.Speakers {
		p := personRef{Name: c.Name, Affiliation: c.Affiliation, Role: c.Role}
		if c.Person != "" {
			p.URL = personURL(c.Person)
		}
		out = append(out, p)
	}
	return out
}

// names are the people of a talk in one string.
func names(t archive.Talk) string {
	out := make([]string, len(t.Speakers))
	for i, c := range t.Speakers {
		out[i] = c.Name
	}
	return strings.Join(out, ", ")
}

// slidesOf counts the slides that can be turned on a talk.
func slidesOf(t archive.Talk) int {
	n := 0
	for _, d := range t.Decks {
		n += d.Slides
	}
	return n
}

// plainKind is the word for a kind worth saying: most talks are plain talks.
func (l *locale) plainKind(k archive.Kind) string {
	if k == archive.KindTalk || k == archive.KindOther || k == "" {
		return ""
	}
	return l.kind(k)
}

// editionOf returns a talk's edition for a line of a list; one that is gone is named by
// its ID, so that a list is not lost over one line.
func (s *Site) editionOf(ctx context.Context, t archive.Talk) (archive.EditionSummary, error) {
	all, err := s.editionsByID(ctx)
	if err != nil {
		return archive.EditionSummary{}, err
	}
	return editionIn(all, t), nil
}

func editionIn(all map[archive.EditionID]archive.EditionSummary, t archive.Talk) archive.EditionSummary {
	id := t.Edition()
	if e, ok := all[id]; ok {
		return e
	}
	return archive.EditionSummary{Edition: archive.Edition{ID: id, Series: id.Series(), Title: string(id)}}
}

// editionTitle is what an edition is called.
func editionTitle(e archive.EditionSummary) string { return e.Called() }

// talkLines makes a list of talks, each with its edition.
func (s *Site) talkLines(ctx context.Context, l *locale, talks []archive.Talk) ([]talkLine, error) {
	editions, err := s.editionsByID(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]talkLine, 0, len(talks))
	for _, t := range talks {
		e := editionIn(editions, t)
		line := s.lineOf(l, t)
		line.Edition = link{Name: editionTitle(e), URL: editionURL(e.ID)}
		line.Side = years(dayOf(t, e).Year(), dayOf(t, e).Year())
		line.Lang = languageOf(t, e)
		out = append(out, line)
	}
	return out, nil
}

func (s *Site) lineOf(l *locale, t archive.Talk) talkLine {
	line := talkLine{
		URL: talkURL(t.ID), Title: t.Title, Lang: t.Language, People: credits(t), Kind: l.plainKind(t.Kind),
		Slides: slidesOf(t), Video: len(t.Video) > 0, Gone: t.Gone,
	}
	if i := shownDeck(t); i >= 0 {
		line.SlidesURL = slideURL(t.ID, i, 1, "")
		if s.pictures != nil {
			// Its shape is not asked for: a list shows all in frames of one shape.
			image := pictureURL(t.ID, i, t.Decks[i].Blob, 1, sizeSmall)
			line.Thumb = &thumb{URL: line.SlidesURL, Number: 1, Image: image, Width: smallWidth, Height: smallWidth * 9 / 16}
		}
	}
	return line
}

// shownDeck is which of a talk's decks stands for it, the first that was read;
// -1 when none was.
func shownDeck(t archive.Talk) int {
	return slices.IndexFunc(t.Decks, func(d archive.TalkDeck) bool { return d.State == archive.DeckRead && d.Slides > 0 })
}

// dayOf is the day of a talk: its own, else the edition's only one or first.
func dayOf(t archive.Talk, e archive.EditionSummary) archive.Date {
	if t.Date.Valid() {
		return t.Date
	}
	return e.StartDate
}

// languageOf is the language of a talk's words, "" when nobody said.
func languageOf(t archive.Talk, e archive.EditionSummary) string {
	if t.Language != "" {
		return t.Language
	}
	return e.Language
}

// place is where an edition was, as far as it is known.
func place(e archive.Edition) string {
	return joined(", ", e.Venue, e.City, e.Country)
}

// joined is the parts that are not empty, each once.
func joined(sep string, parts ...string) string {
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return strings.Join(out, sep)
}

// span is a time of day, "09:15–09:45", or its start alone; "" unknown.
func span(start, end archive.Clock) string {
	switch {
	case start == "":
		return ""
	case end == "":
		return string(start)
	}
	return string(start) + "–" + string(end)
}

// paragraphs parts a text at its blank lines.
func paragraphs(text string) []string {
	var out []string
	for p := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// shorten cuts a text to about n characters at a word's end, with an ellipsis
// where something was cut; its white space becomes single spaces.
func shorten(text string, n int) string {
	var b strings.Builder
	runes := 0
	for w := range strings.FieldsSeq(text) {
		if b.Len() > 0 {
			b.WriteByte(' ')
			runes++
		}
		b.WriteString(w)
		if runes += utf8.RuneCountInString(w); runes > n {
			break // the rest is not looked at
		}
	}
	cut := b.String()
	if runes <= n {
		return cut
	}
	for at := range cut {
		if n--; n < 0 {
			cut = cut[:at]
			break
		}
	}
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,.;:–-") + "…"
}
