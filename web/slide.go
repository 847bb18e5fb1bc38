package web

import (
	"math"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

// Widths of slide pictures in pixels: as a thumbnail, and to read.
const (
	smallWidth = 320
	largeWidth = 1280
)

// around is how many slides before and after the one shown are offered beneath it.
const around = 5

// thumb is a slide as a small picture that leads to its page.
type thumb struct {
	URL           string
	Image, Large  string
	Width, Height int
	Number        int
	Boxes         []box
	Current       bool // it is the slide whose page this is
}

// box is a mark over a picture, in thousandths of its width and height.
type box struct{ X, Y, W, H int }

type slideView struct {
	Edition, Talk  link
	People         []personRef
	Lang           string
	Number, Count  int
	Image          string
	Width, Height  int
	Boxes          []box
	Text           []part
	OCR            bool
	Notes          string
	Links          []link
	Previous, Next string
	File, FileText string
	Found          []link // further slides of this deck that match the query
	Outline        []contentsLine
	Query          string
	Strip          []thumb
}

func (s *Site) slide(c echo.Context) error {
	ctx, l, id := c.Request().Context(), localeOf(c), talkParam(c)
	query, _ := question(c)
	t, e, err := s.readTalk(ctx, id)
	if err != nil {
		return moved(err, "/", "/"+c.Param("deck")+"/"+c.Param("slide"))
	}
	at, d, n, err := slideParam(c, t)
	if err != nil {
		return err
	}
	deck, err := s.deck(ctx, t.ID, d.Blob)
	if err != nil {
		return err
	}
	if n > len(deck.Slides) {
		return archive.ErrNotFound
	}
	m, err := s.marker(query)
	if err != nil {
		return err
	}
	one := deck.Slides[n-1]
	v := slideView{
		Edition: link{Name: editionTitle(e), URL: editionURL(e.ID)}, Talk: link{Name: t.Title, URL: talkURL(id)}, People: credits(t),
		Lang: languageOf(t, e), Number: n, Count: len(deck.Slides), OCR: one.OCR(), Notes: one.Notes, Query: query,
		Text: m.whole(one.Text),
	}
	v.Width, v.Height = pictureSize(one, largeWidth)
	if s.pictures != nil && deck.Problem == "" {
		v.Image, v.Boxes = pictureURL(id, at, d.Blob, n, sizeLarge), m.boxes(one)
	}
	if n > 1 {
		v.Previous = slideURL(id, at, n-1, query)
	}
	if n < len(deck.Slides) {
		v.Next = slideURL(id, at, n+1, query)
	}
	v.File = deckURL(id, at, d.Media)
	v.FileText = l.text("slide.file", formatName(d.Media), l.bytes(d.Bytes))
	if d.Media == mediaPDF {
		v.File += "#page=" + strconv.Itoa(n)
		v.FileText = l.text("slide.pdf", l.bytes(d.Bytes))
	}
	for _, a := range one.Links {
		if a = webAddress(a); a != "" {
			v.Links = append(v.Links, link{Name: shorten(a, 60), URL: a})
		}
	}
	v.Found = foundSlides(m, id, at, deck, n, query)
	v.Outline = outline(id, at, deck)
	from, to := max(0, n-1-around), min(len(deck.Slides), n+around)
	near := deck
	near.Slides = deck.Slides[from:to]
	v.Strip = s.thumbs(m, id, at, near, query)
	for i := range v.Strip {
		v.Strip[i].Current = v.Strip[i].Number == n
	}

	p := page{
		Title: l.text("slide.title", n, t.Title), Path: slideURL(id, at, n, ""), Query: query, View: v,
		Description: shorten(joined(" – ", names(t), editionTitle(e), one.Text), 200),
	}
	if v.Image != "" {
		p.Image, p.ImageText = v.Image, l.text("slide.of", n, v.Count)
	}
	return s.render(c, 200, "slide", p)
}

// slideParam reads which deck and slide an address means. A deck that was not
// read has no slides to turn.
func slideParam(c echo.Context, t archive.Talk) (at int, d archive.TalkDeck, n int, err error) {
	at, ok := deckNumber(c.Param("deck"))
	if !ok || at >= len(t.Decks) {
		return 0, d, 0, archive.ErrNotFound
	}
	n, err = strconv.Atoi(c.Param("slide"))
	if err != nil || n < 1 || strconv.Itoa(n) != c.Param("slide") {
		return 0, d, 0, archive.ErrNotFound
	}
	d = t.Decks[at]
	if d.State != archive.DeckRead || n > d.Slides {
		return 0, d, 0, archive.ErrNotFound
	}
	return at, d, n, nil
}

// pictureSize is the width and height that a picture of the slide will have,
// so that the page keeps its place while it loads.
func pictureSize(one archive.Slide, width int) (w, h int) {
	ratio := 9.0 / 16
	if one.Width > 0 && one.Height > 0 {
		ratio = float64(one.Height) / float64(one.Width)
	}
	return width, max(1, min(4*width, int(math.Round(float64(width)*ratio))))
}

// thumbs are small pictures of a deck's slides, marked with the query's words.
// There are none where pictures cannot be made.
func (s *Site) thumbs(m *marks, id archive.TalkID, at int, deck archive.Deck, query string) []thumb {
	if s.pictures == nil || deck.Problem != "" {
		return nil
	}
	out := make([]thumb, 0, len(deck.Slides))
	for _, one := range deck.Slides {
		out = append(out, makeThumb(m, id, at, deck.Blob, one, query))
	}
	return out
}

func makeThumb(m *marks, id archive.TalkID, at int, blob archive.BlobID, one archive.Slide, query string) thumb {
	t := thumb{
		URL: slideURL(id, at, one.Number, query), Number: one.Number, Boxes: m.boxes(one),
		Image: pictureURL(id, at, blob, one.Number, sizeSmall), Large: pictureURL(id, at, blob, one.Number, sizeLarge),
	}
	t.Width, t.Height = pictureSize(one, smallWidth)
	return t
}

// foundSlides lead to the other slides of a deck that have words of the query.
func foundSlides(m *marks, id archive.TalkID, at int, deck archive.Deck, here int, query string) []link {
	if m == nil {
		return nil
	}
	var out []link
	for _, one := range deck.Slides {
		if one.Number != here && m.on(one.Text) && len(out) < 30 {
			out = append(out, link{Name: strconv.Itoa(one.Number), URL: slideURL(id, at, one.Number, query)})
		}
	}
	return out
}

// outline is the deck's own table of contents. Entries that only number their
// slide ("Slide 7"), as some programs write them for every one, say nothing.
func outline(id archive.TalkID, at int, deck archive.Deck) []contentsLine {
	var out []contentsLine
	for _, o := range deck.Outline {
		words := strings.Fields(o.Title)
		numbered := len(words) > 0 && len(words) <= 2 && words[len(words)-1] == strconv.Itoa(o.Slide)
		if o.Level > 1 || len(words) == 0 || numbered || len(out) == 40 {
			continue
		}
		line := contentsLine{Name: shorten(o.Title, 80)}
		if o.Slide > 0 && o.Slide <= len(deck.Slides) {
			line.URL, line.Note = slideURL(id, at, o.Slide, ""), strconv.Itoa(o.Slide)
		}
		out = append(out, line)
	}
	return out
}

type sheetView struct {
	Edition, Talk link
	People        []personRef
	Lang          string
	Count         int
	Thumbs        []thumb
	Texts         []slideText // instead, where no pictures can be made
	Pager         pager
}

type slideText struct {
	Number int
	URL    string
	Text   string
}

// sheetLength is how many slides a contact sheet shows at once.
const sheetLength = 96

// sheet shows a whole deck at a glance.
func (s *Site) sheet(c echo.Context, t archive.Talk, e archive.EditionSummary, at int) error {
	ctx, l := c.Request().Context(), localeOf(c)
	if at >= len(t.Decks) || t.Decks[at].State != archive.DeckRead {
		return archive.ErrNotFound
	}
	deck, err := s.deck(ctx, t.ID, t.Decks[at].Blob)
	if err != nil {
		return err
	}
	path := talkURL(t.ID) + "/" + deckName(at)
	pg, err := pageOf(c, path, nil, len(deck.Slides), sheetLength)
	if err != nil {
		return err
	}
	v := sheetView{
		Edition: link{Name: editionTitle(e), URL: editionURL(e.ID)}, Talk: link{Name: t.Title, URL: talkURL(t.ID)}, People: credits(t),
		Lang: languageOf(t, e), Count: len(deck.Slides), Pager: pg,
	}
	deck.Slides = deck.Slides[pg.from:pg.to]
	if v.Thumbs = s.thumbs(nil, t.ID, at, deck, ""); v.Thumbs == nil {
		for _, one := range deck.Slides {
			v.Texts = append(v.Texts, slideText{Number: one.Number, URL: slideURL(t.ID, at, one.Number, ""), Text: shorten(one.Text, 300)})
		}
	}
	return s.render(c, 200, "sheet", page{
		Title: l.text("sheet.title", t.Title), Path: path, View: v,
		Description: shorten(joined(" – ", names(t), editionTitle(e), l.text("count.slides", v.Count)), 200),
	})
}
