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
}

func (p page) empty() bool { return strings.TrimSpace(p.text) == "" }

// Bounds of one page's text. The fullest honest slide seen had 12,000 characters; a
// page of a book has 4,000.
const (
	maxPageChars = 60_000
	maxPageWords = 12_000
)

// placement leads from a page's own space to parts of the page as shown, from the left
// and from the top: x' = [0]x + [1]y + [2], y' = [3]x + [4]y + [5].
type placement [6]float64

func (m placement) point(x, y float64) (float64, float64) {
	return m[0]*x + m[1]*y + m[2], m[3]*x + m[4]*y + m[5]
}

// box places a rectangle given by two corners. It is cut at the page's edges.
func (m placement) box(x0, y0, x1, y1 float64) archive.Box {
	ax, ay := m.point(x0, y0)
	bx, by := m.point(x1, y1)
	return archive.Box{
		Left: part(min(ax, bx)), Top: part(min(ay, by)), Right: part(max(ax, bx)), Bottom: part(max(ay, by)),
	}
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

// pageWriter puts characters together into text and words.
type pageWriter struct {
	text  strings.Builder
	words []archive.Word
	word  strings.Builder
	box   archive.Box
	kind  writing
	chars int
	blank int // line breaks just written
}

// room says whether more fits.
func (w *pageWriter) room() bool { return w.chars < maxPageChars }

// char adds a character and where it stands. Breaks between words and lines are
// characters too; control characters are dropped.
func (w *pageWriter) char(r rune, at archive.Box) {
	switch {
	case r == '\n':
		w.endWord()
		if w.blank < 2 {
			w.text.WriteByte('\n')
		}
		w.blank++
		return
	case r == ' ' || r == '\t' || unicode.IsSpace(r) && r != '\r':
		w.endWord()
		w.text.WriteByte(' ')
		return
	case unicode.IsControl(r) || r == unicode.ReplacementChar && w.chars > maxPageChars/2:
		return
	}
	w.blank = 0
	w.chars++
	w.text.WriteRune(r)
	kind := writingOf(r)
	if w.word.Len() > 0 && kind != w.kind && (kind.unspaced() || w.kind.unspaced()) {
		w.endWord()
	}
	w.kind = kind
	w.word.WriteRune(r)
	w.box = union(w.box, at)
}

func (w *pageWriter) endWord() {
	if w.word.Len() > 0 && !blank(w.box) && len(w.words) < maxPageWords {
		w.words = append(w.words, archive.Word{Text: w.word.String(), Box: w.box})
	}
	w.word.Reset()
	w.box = archive.Box{}
}

// finish gives the text, without spaces at the ends of lines, and the words.
func (w *pageWriter) finish() (string, []archive.Word) {
	w.endWord()
	lines := strings.Split(w.text.String(), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n"), w.words
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
// doubled spaces, at most so many runes.
func oneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > most {
		s = string(runes[:most])
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
