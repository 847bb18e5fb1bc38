package slides

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"rostrum/archive"
)

// pageWriter puts the characters of a page together into text and words. Both engines
// write through it, so that what is dropped, mended and split is the same for both.
type pageWriter struct {
	text  []byte
	words []archive.Word
	chars int

	from int         // where in text the word begins that is being written
	box  archive.Box // of that word
	cut  int         // where in the word a joint is; 0
	mark bool        // the joint is with a raised mark
	kind writing     // of its last character
	last archive.Box // of the last character

	accent  rune // an accent of its own that waits for its letter; 0
	over    archive.Box
	gap     byte // a space or new line that came between them
	breaks  int  // new lines just written
	dropped int  // control characters

	composed int // accents that found their letter
	joints   []joint
	joining  bool // a hyphen at a line end was just taken away
}

// joint is where two parts were put together that may be words of their own: over a
// line end, without a hyphen that may have been the word's own; or a word and the small
// raised figure behind it.
type joint struct {
	word string // as put together
	at   int    // where the second part begins in it
	two  bool   // they are two for sure
}

// lineEndHyphen is what PDFium writes for a hyphen that it took away, with the new line
// after it, to mend a word.
const lineEndHyphen = 0x02

// room says whether more fits.
func (w *pageWriter) room() bool { return w.chars < maxPageChars }

// char adds a character and where it stands. Breaks between words and lines are
// characters too; control characters are dropped.
func (w *pageWriter) char(r rune, at archive.Box) {
	switch {
	case r == '\n':
		w.newLine()
	case r == ' ' || r == '\t' || unicode.IsSpace(r) && r != '\r':
		w.space()
	case r == lineEndHyphen:
		w.joining = true
	case unicode.IsControl(r):
		if r != '\r' {
			w.dropped++
		}
	default:
		w.letter(r, at)
	}
}

// letter adds a character that can be seen.
//
// TeX's old fonts have accents as characters of their own, drawn over the letter before
// or after it. They are put together, since nobody looks for "Gr¨oße".
func (w *pageWriter) letter(r rune, at archive.Box) {
	if w.accent != 0 {
		mark := accents[w.accent]
		if composed, ok := compose(r, mark); ok && stands(w.over, at) {
			w.accent, w.gap = 0, 0
			w.composed++
			w.put(composed, union(at, w.over))
			return
		}
		w.settle()
	}
	mark, isAccent := accents[r]
	if !isAccent {
		w.put(r, at)
		return
	}
	before, size := utf8.DecodeLastRune(w.text)
	if composed, ok := compose(before, mark); ok && w.from < len(w.text) && stands(at, w.last) {
		w.text = utf8.AppendRune(w.text[:len(w.text)-size], composed)
		w.composed++
		return
	}
	w.accent, w.over = r, at
}

// settle writes an accent that found no letter, and the gap after it.
func (w *pageWriter) settle() {
	accent, gap := w.accent, w.gap
	w.accent, w.gap = 0, 0
	if accent != 0 {
		w.put(accent, w.over)
	}
	switch gap {
	case ' ':
		w.space()
	case '\n':
		w.newLine()
	}
}

func (w *pageWriter) put(r rune, at archive.Box) {
	w.breaks = 0
	w.chars++
	kind := writingOf(r)
	if kind != w.kind && (kind.unspaced() || w.kind.unspaced()) {
		w.endWord()
	}
	w.kind = kind
	if w.cut == 0 && w.from < len(w.text) {
		w.mark = w.raised(r, at)
		if w.mark || w.joining {
			w.cut = len(w.text) - w.from
		}
	}
	w.joining = false
	w.text = utf8.AppendRune(w.text, r)
	w.box = union(w.box, at)
	w.last = at
}

func (w *pageWriter) newLine() {
	if w.accent != 0 {
		w.gap = '\n'
		return
	}
	w.endWord()
	w.text = bytes.TrimRight(w.text, " ")
	if w.breaks < 2 {
		w.text = append(w.text, '\n')
	}
	w.breaks++
	w.from = len(w.text)
}

func (w *pageWriter) space() {
	if w.accent != 0 {
		w.gap = max(w.gap, ' ')
		return
	}
	w.endWord()
	if n := len(w.text); n > 0 && w.text[n-1] != ' ' {
		w.text = append(w.text, ' ')
	}
	w.from = len(w.text)
}

func (w *pageWriter) endWord() {
	if w.from < len(w.text) && !blank(w.box) && len(w.words) < maxPageWords {
		w.words = append(w.words, archive.Word{Text: string(w.text[w.from:]), Box: w.box})
	}
	if w.cut > 0 && w.from+w.cut < len(w.text) && len(w.joints) < maxJoints {
		w.joints = append(w.joints, joint{word: string(w.text[w.from:]), at: w.cut, two: w.mark})
	}
	w.from, w.box, w.cut, w.mark = len(w.text), archive.Box{}, 0, false
}

// maxJoints is how many mended words of a page are remembered.
const maxJoints = 200

// raised says whether r is a small figure set above the line after a word, or a letter
// back on the line after such a figure: marks of footnotes and affiliations, which
// would make "Lovelace2" of a name. Exponents after a single letter stay with it.
func (w *pageWriter) raised(r rune, at archive.Box) bool {
	word := w.text[w.from:]
	if len(word) == 0 || blank(at) || blank(w.last) {
		return false
	}
	before, _ := utf8.DecodeLastRune(word)
	switch {
	case unicode.IsDigit(r) && unicode.IsLetter(before) && utf8.RuneCount(word) >= 3:
		return above(at, w.box) && !bytes.ContainsFunc(word, unicode.IsDigit)
	case unicode.IsUpper(r) && unicode.IsDigit(before) && len(word) <= 2:
		return above(w.box, at)
	}
	return false
}

// above says whether a small box stands in the upper half of a larger one or over it.
func above(small, large archive.Box) bool {
	height := large.Bottom - large.Top
	return small.Bottom-small.Top < 0.75*height && small.Bottom < large.Bottom-0.3*height
}

// finish gives the text, without spaces at the ends of lines, and the words.
func (w *pageWriter) finish() (string, []archive.Word) {
	w.gap = 0
	w.settle()
	w.endWord()
	text := strings.TrimRight(string(w.text), " \n")
	return strings.TrimLeft(text, "\n"), w.words
}

// accents are the characters that are an accent and nothing else, and the mark that
// combines with a letter.
var accents = map[rune]rune{
	'`': 0x300, '´': 0x301, '^': 0x302, 'ˆ': 0x302, '~': 0x303, '˜': 0x303, '¯': 0x304, 'ˉ': 0x304, '˘': 0x306,
	'˙': 0x307, '¨': 0x308, '˚': 0x30a, '°': 0x30a, '˝': 0x30b, 'ˇ': 0x30c, '¸': 0x327, '˛': 0x328,
}

// compose puts a letter and a mark together, where Unicode has a character for both.
func compose(letter, mark rune) (rune, bool) {
	switch letter {
	case 'ı':
		letter = 'i'
	case 'ȷ':
		letter = 'j'
	}
	if !unicode.IsLetter(letter) {
		return 0, false
	}
	both := norm.NFC.String(string(letter) + string(mark))
	r, size := utf8.DecodeRuneInString(both)
	return r, size == len(both)
}

// stands says whether an accent stands over (or under) a letter rather than beside it.
func stands(accent, letter archive.Box) bool {
	if blank(accent) || blank(letter) {
		return false
	}
	middle := (accent.Left + accent.Right) / 2
	height := letter.Bottom - letter.Top
	return middle > letter.Left && middle < letter.Right &&
		accent.Bottom > letter.Top-height && accent.Top < letter.Bottom+height
}
