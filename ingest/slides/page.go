package slides

import (
	"net/url"
	"strings"
	"unicode"

	"rostrum/archive"
)

// page is a page as an engine read it.
type page struct {
	engine        string
	text          string
	words         []archive.Word
	width, height float64 // points, as shown
	to            placement
	dropped       int // characters that stand for nothing: control characters, glyphs of unknown meaning
	composed      int // accents that were put on their letters
	joints        []joint
}

func (p page) empty() bool { return strings.TrimSpace(p.text) == "" }

// Bounds of one page's text. The fullest honest slide seen had 12,000 characters; a
// page of a book has 4,000.
const (
	maxPageChars = 60_000
	maxPageWords = 12_000
)

// take takes what a writer wrote.
func (p *page) take(w *pageWriter) {
	p.text, p.words = w.finish()
	p.dropped, p.composed, p.joints = w.dropped, w.composed, w.joints
}

// placement leads from a page's own space to parts of the page as shown, from the left
// and from the top: x' = [0]x + [1]y + [2], y' = [3]x + [4]y + [5].
type placement [6]float64

func (m placement) point(x, y float64) (float64, float64) {
	return m[0]*x + m[1]*y + m[2], m[3]*x + m[4]*y + m[5]
}

// box places a rectangle given by two corners, cut at the page's edges. It says
// whether any of it is on the page: what a slide has off its page nobody saw. (Beamer
// keeps the text of a frame's later steps two thousand points away.)
func (m placement) box(x0, y0, x1, y1 float64) (box archive.Box, on bool) {
	ax, ay := m.point(x0, y0)
	bx, by := m.point(x1, y1)
	left, right, top, bottom := min(ax, bx), max(ax, bx), min(ay, by), max(ay, by)
	on = right >= 0 && left <= 1 && bottom >= 0 && top <= 1
	return archive.Box{Left: part(left), Top: part(top), Right: part(right), Bottom: part(bottom)}, on
}

// corners places the box of a glyph so wide that is drawn with the matrix m: it reaches
// from a fifth of the size below the line to four fifths above it.
func (m placement) corners(text matrix, rise, width, size float64) (box archive.Box, on bool) {
	ax, ay := text.at(0, rise-size/5)
	bx, by := text.at(width, rise+size*4/5)
	return m.box(ax, ay, bx, by)
}

// part cuts a share to 0..1. What is no number is 0.
func part(v float64) float32 {
	if !(v > 0) {
		return 0
	}
	return float32(min(v, 1))
}

func blank(b archive.Box) bool { return b.Right <= b.Left || b.Bottom <= b.Top }

func union(a, b archive.Box) archive.Box {
	switch {
	case blank(a):
		return b
	case blank(b):
		return a
	}
	return archive.Box{
		Left: min(a.Left, b.Left), Top: min(a.Top, b.Top), Right: max(a.Right, b.Right), Bottom: max(a.Bottom, b.Bottom),
	}
}

// writing is how a character is written, as far as it tells where words end.
type writing int

const (
	writingOther writing = iota
	writingHan
	writingKana // hiragana
	writingKatakana
)

// unspaced says that there are no spaces between words. A box over a whole line of
// Japanese would mark nothing, so there words end where the writing changes.
func (k writing) unspaced() bool { return k != writingOther }

func writingOf(r rune) writing {
	switch {
	case r < 0x3000:
		return writingOther
	case unicode.Is(unicode.Han, r):
		return writingHan
	case unicode.Is(unicode.Hiragana, r):
		return writingKana
	case unicode.Is(unicode.Katakana, r) || r == 'ー':
		return writingKatakana
	}
	return writingOther
}

// oneLine makes a string from a file fit to stand in a line: no control characters, no
// doubled spaces, at most maxTitle runes.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxTitle {
		s = string(runes[:maxTitle])
	}
	return s
}

// webAddress says whether a link from a deck may be shown as one.
func webAddress(s string) bool {
	if len(s) > 2000 {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
