package search

import (
	"slices"
	"strconv"
	"strings"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// apart is the gap of positions between two values of one field, so that no
// phrase reaches from one person's name into the next.
const apart = 100

// maxSlides bounds the slides of one talk, and maxText the bytes of one text.
const (
	maxSlides = 5000
	maxText   = 1 << 20
)

// composed is a talk made ready for the index; ordinals are still to be given.
type composed struct {
	revision archive.Revision
	talk     archive.TalkID
	gone     bool
	row      *row // has as many slides as documents follow the talk's own
}

// compose analyzes what one Change says into a gathering. Documents are the
// talk's, then one for each slide that has words.
func (g *gathering) compose(c archive.Change) *composed {
	out := &composed{revision: c.Revision, talk: c.Talk}
	if c.Entry == nil {
		out.gone = true
		return out
	}
	lang := talkLanguage(c.Entry)
	out.row = newRow(c.Entry, lang)
	b := builder{gathering: g, lang: lang, row: out.row, doc: g.docs}
	g.docs++
	b.talk(c.Entry)
	b.slides(c.Entry)
	return out
}

func newRow(e *archive.Entry, lang string) *row {
	r := &row{
		id: e.ID, title: e.Title, date: e.Date, year: e.EditionYear, kind: e.Kind, lang: lang,
		series: e.SeriesName, edition: e.EditionTitle,
	}
	if y := e.Date.Year(); y > 0 {
		r.year = y
	}
	if r.date == "" && r.year > 0 {
		r.date = archive.MakeDate(r.year, 1, 1)
	}
	for i, credit := range e.Speakers {
		name := credit.Name
		if i < len(e.People) && e.People[i] != "" {
			name = e.People[i]
		}
		if name != "" {
			r.people = append(r.people, person{credit.Person, name})
		}
		if a := strings.TrimSpace(credit.Affiliation); a != "" && !slices.Contains(r.affils, a) {
			r.affils = append(r.affils, a)
		}
	}
	for _, t := range e.Topics {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(r.topics, t) {
			r.topics = append(r.topics, t)
		}
	}
	if len(e.Video) > 0 {
		r.has |= hasVideo
	}
	if len(e.Paper) > 0 {
		r.has |= hasPaper
	}
	if strings.TrimSpace(e.Abstract) != "" {
		r.has |= hasAbstract
	}
	r.keys()
	return r
}

// builder analyzes the texts of one talk.
type builder struct {
	*gathering
	lang string
	row  *row
	doc  uint32
}

func (b *builder) talk(e *archive.Entry) {
	b.text(inTitle, e.Title)
	b.people(e)
	affils := make([]string, 0, len(e.Speakers))
	for _, c := range e.Speakers {
		affils = append(affils, c.Affiliation)
	}
	b.text(inAffil, affils...)
	b.text(inTopic, e.Topics...)
	b.text(inAbstract, e.Abstract)
	around := []string{e.EditionTitle, e.SeriesName, e.Track, e.Session, e.Room, e.Country}
	if b.row.year > 0 {
		around = append(around, strconv.Itoa(b.row.year))
	}
	b.text(inAround, around...)
	for _, topic := range e.EditionTopics {
		b.stem.analyze(clip(topic), b.lang, 0, func(t token) { b.announced(b.doc, &t) })
	}
}

// text analyzes the values of one field of the talk.
func (b *builder) text(f fieldID, values ...string) {
	pos, length := 0, 0
	for _, v := range values {
		v = clip(v)
		if v == "" {
			continue
		}
		if pos > 0 {
			pos += apart
		}
		pos = b.stem.analyze(v, b.lang, pos, func(t token) {
			b.stems(f, b.doc, &t)
			if !t.joined {
				length++
			}
			b.spelled(b.doc, &t)
		})
	}
	b.row.lengths[f] = short(length)
}

// people writes the names: as printed and as shown, each word unstemmed, with
// the initials of given names beside them so that "J. Armstrong" finds Joe.
func (b *builder) people(e *archive.Entry) {
	pos, length := 0, 0
	for i, c := range e.Speakers {
		names := []string{c.Name}
		if i < len(e.People) && e.People[i] != "" && fold.Key(e.People[i]) != fold.Key(c.Name) {
			names = append(names, e.People[i])
		}
		for _, name := range names {
			if pos > 0 {
				pos += apart
			}
			pos = b.stem.analyze(clip(name), "", pos, func(t token) {
				b.raw(inSpeaker, b.doc, t.word, t.pos)
				b.raw(inSpeaker, b.doc, firstLetter(t.word), t.pos)
				if !t.joined {
					length++
				}
				b.spelled(b.doc, &t)
			})
		}
	}
	b.row.lengths[inSpeaker] = short(length)
}

func firstLetter(word string) string {
	for i := range word {
		if i > 0 {
			return word[:i]
		}
	}
	return word
}

// slides makes a document of each slide that has words and counts it in the row.
func (b *builder) slides(e *archive.Entry) {
	for deck, slides := range e.DeckSlides {
		for _, slide := range slides {
			if len(b.row.slides) >= maxSlides || deck > 255 {
				return
			}
			b.row.has |= hasSlides
			length := 0
			b.stem.analyze(clip(slide.Text), b.lang, 0, func(t token) {
				b.stems(inSlide, b.docs, &t)
				if !t.joined {
					length++
				}
			})
			if length == 0 {
				continue
			}
			b.docs++
			b.row.slides = append(b.row.slides, slideRow{uint8(deck), short(slide.Number), short(length)})
		}
	}
}

// clip bounds a text from outside.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "")
}
