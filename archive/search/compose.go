package search

import (
	"slices"
	"strconv"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

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
	row      *row
	doc      *document
	slides   []*document
}

// compose analyzes what one Change says. It is pure but for what the stemmer
// remembers, and runs on several talks side by side.
func compose(c archive.Change, s *stemmer) *composed {
	out := &composed{revision: c.Revision, talk: c.Talk}
	if c.Entry == nil {
		out.gone = true
		return out
	}
	e := c.Entry
	lang := talkLanguage(e)
	out.row = newRow(e, lang)
	b := builder{s: s, lang: lang, row: out.row, spelled: make(index.TokenFrequencies, 64)}
	out.doc = b.talk(e)
	out.slides = b.slides(e)
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
	s         *stemmer
	lang      string
	row       *row
	spelled   index.TokenFrequencies
	uncounted index.TokenFreq
}

func (b *builder) talk(e *archive.Entry) *document {
	d := &document{}
	b.text(d, inTitle, e.Title)
	b.people(d, e)
	affils := make([]string, 0, len(e.Speakers))
	for _, c := range e.Speakers {
		affils = append(affils, c.Affiliation)
	}
	b.text(d, inAffil, affils...)
	b.text(d, inTopic, e.Topics...)
	b.text(d, inAbstract, e.Abstract)
	around := []string{e.EditionTitle, e.SeriesName, e.Track, e.Session, e.Room, e.Country}
	if b.row.year > 0 {
		around = append(around, strconv.Itoa(b.row.year))
	}
	b.text(d, inAround, around...)
	d.fields = append(d.fields, &field{name: spelled, options: index.IndexField | index.SkipFreqNorm, terms: b.spelled})
	return d
}

// text analyzes the values of one field of the talk.
func (b *builder) text(d *document, f fieldID, values ...string) {
	w := newWords()
	pos := 0
	for _, v := range values {
		v = clip(v)
		if v == "" {
			continue
		}
		d.bytes += len(v)
		if pos > 0 {
			pos += apart
		}
		pos = b.s.analyze(v, b.lang, pos, func(t token) {
			for _, stem := range t.stems {
				w.add(stem, t.pos)
			}
			if !t.joined {
				w.length++
			}
			b.spelled[t.word] = &b.uncounted
		})
	}
	b.row.lengths[f] = short(w.length)
	w.into(d, f.indexed())
}

// people writes the names: as printed and as shown, each word unstemmed, with
// the initials of given names beside them so that "J. Armstrong" finds Joe.
func (b *builder) people(d *document, e *archive.Entry) {
	w := newWords()
	pos := 0
	for i, c := range e.Speakers {
		names := []string{c.Name}
		if i < len(e.People) && e.People[i] != "" && fold.Key(e.People[i]) != fold.Key(c.Name) {
			names = append(names, e.People[i])
		}
		for _, name := range names {
			if pos > 0 {
				pos += apart
			}
			pos = b.s.analyze(clip(name), "", pos, func(t token) {
				w.add(t.word, t.pos)
				w.add(firstLetter(t.word), t.pos)
				if !t.joined {
					w.length++
				}
				b.spelled[t.word] = &b.uncounted
			})
		}
	}
	b.row.lengths[inSpeaker] = short(w.length)
	w.into(d, inSpeaker.indexed())
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
func (b *builder) slides(e *archive.Entry) []*document {
	var docs []*document
	for deck, slides := range e.DeckSlides {
		for _, slide := range slides {
			if len(docs) >= maxSlides || deck > 255 {
				return docs
			}
			d := &document{}
			w := newWords()
			text := clip(slide.Text)
			d.bytes = len(text)
			b.s.analyze(text, b.lang, 0, func(t token) {
				for _, stem := range t.stems {
					w.add(stem, t.pos)
				}
				if !t.joined {
					w.length++
				}
			})
			b.row.has |= hasSlides
			if w.length == 0 {
				continue
			}
			w.into(d, slideWords)
			docs = append(docs, d)
			b.row.slides = append(b.row.slides, slideRow{uint8(deck), short(slide.Number), short(w.length)})
		}
	}
	return docs
}

// number gives the talk and its slides their names.
func (c *composed) number(ord, firstSlide uint32) {
	c.row.firstOrd = firstSlide
	c.doc.name = docName(talkDoc, ord)
	c.doc.fields = append(c.doc.fields, &field{name: stored, value: c.row.encode(), options: index.StoreField})
	for i, d := range c.slides {
		d.name = docName(slideDoc, firstSlide+uint32(i))
	}
}

// clip bounds a text from outside.
func clip(s string) string {
	if len(s) <= maxText {
		return s
	}
	return strings.ToValidUTF8(s[:maxText], "")
}
