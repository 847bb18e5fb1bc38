package slides

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/unicode/norm"
)

// judge decides, page by page, whose reading is kept. PDFium's is, unless there is a
// reason to doubt it that the walker's gives less of: measured over 9,435 pages of 257
// decks the second engine is right on one page in eighty, and wrong more often if it is
// given more say. So the walker runs only on pages in doubt, and costs nothing else.
type judge struct {
	path   string
	alive  func(progress)
	walker *walker
	off    bool // the walker may not be used, or cannot open the file

	// PDFium loses the accents of TeX's old fonts, and nothing in its reading shows it. So
	// the first pages of what TeX made are read by both; where the walker finds accents, all are.
	sample   int
	accented bool
}

// sampledPages is how many pages of a deck made by TeX are read by both engines.
const sampledPages = 6

func newJudge(j job, producer string, alive func(progress)) *judge {
	judge := &judge{path: j.Path, alive: alive, off: !j.Walker}
	for _, name := range []string{"TeX", "dvi", "Ghostscript"} {
		if strings.Contains(producer, name) {
			judge.sample = sampledPages
		}
	}
	return judge
}

func (j *judge) close() {
	if j.walker != nil {
		j.walker.close()
	}
}

// decide gives the better reading of a page, from 1, that PDFium read as first.
func (j *judge) decide(number int, first page) page {
	doubt := examine(first)
	sampling := j.sample > 0 || j.accented
	if j.off || !doubt.any() && !sampling {
		return first
	}
	second, ok := j.second(number, first)
	switch {
	case !ok:
	case doubt.any() && doubt.eased(examine(second)):
		return second
	case sampling:
		j.sample--
		j.accented = j.accented || second.composed > 0
		if second.composed > first.composed && !examine(second).any() && sameButAccents(first.text, second.text) {
			return second
		}
	}
	return first
}

// second has the walker read a page.
func (j *judge) second(number int, first page) (page, bool) {
	j.alive(progress{Slide: number, Engine: engineWalker})
	if j.walker == nil {
		w, err := openWalker(j.path)
		if err != nil {
			j.off = true
			return page{}, false
		}
		j.walker = w
	}
	second, err := j.walker.read(number, first)
	return second, err == nil && !second.empty()
}

// sameButAccents says whether two readings have nearly the same words when accents
// do not count.
func sameButAccents(a, b string) bool {
	count := map[string]int{}
	all, same := 0, 0
	for word := range strings.FieldsSeq(bare(a)) {
		count[word]++
		all++
	}
	others := 0
	for word := range strings.FieldsSeq(bare(b)) {
		others++
		if count[word] > 0 {
			count[word]--
			same++
		}
	}
	return 10*same >= 9*max(all, others)
}

// bare is a text without accents and whatever else is no letter or digit.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		case unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, norm.NFD.String(text))
}

// verdict is what speaks against a reading.
type verdict struct {
	empty bool
	// odd is the share of characters that do not belong: control characters, private
	// use, rare ideographs, words of two scripts.
	odd float64
	// pieces is the share of letters that stand alone, glued that of letters in words
	// that are too long to be words.
	pieces, glued float64
}

// From where on a share is a reason for doubt.
const (
	muchOdd    = 0.02
	manyPieces = 0.4
	muchGlued  = 0.4
)

func (v verdict) any() bool {
	return v.empty || v.odd > muchOdd || v.pieces > manyPieces || v.glued > muchGlued
}

// eased says whether the other reading takes away a reason to doubt this one, and is
// itself beyond the others.
func (v verdict) eased(other verdict) bool {
	switch {
	case v.empty:
		return !other.empty && other.odd < 0.2
	case v.odd > muchOdd:
		return other.odd < v.odd/2 && other.pieces <= max(v.pieces, manyPieces)
	case v.pieces > manyPieces:
		return other.pieces < v.pieces/2 && other.odd <= muchOdd && other.glued <= muchGlued
	case v.glued > muchGlued:
		return other.glued < v.glued/2 && other.odd <= muchOdd && other.pieces <= manyPieces
	}
	return false
}

// fewLetters is under how many letters words say nothing about how words are read.
const fewLetters = 40

// longWord is from how many letters on a run of them is no word, in scripts that part
// words by spaces.
const longWord = 30

func examine(p page) verdict {
	v := verdict{empty: p.empty()}
	if v.empty {
		return v
	}
	var odd, all, letters, alone, glued int
	for word := range strings.FieldsFuncSeq(p.text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !oddRune(r) }) {
		scripts, n, spaced := 0, 0, 0
		last := -1
		for _, r := range word {
			n++
			if oddRune(r) {
				odd++
				continue
			}
			script := scriptOf(r)
			if script >= 0 {
				spaced++
			}
			if script > 0 && last > 0 && script != last {
				scripts++
			}
			if script > 0 {
				last = script
			}
		}
		if scripts > 0 {
			odd += n
		}
		letters += spaced
		if spaced == 1 && n == 1 {
			alone++
		}
		if spaced >= longWord {
			glued += spaced
		}
	}
	for _, r := range p.text {
		if !unicode.IsSpace(r) {
			all++
		}
	}
	odd += p.dropped
	all += p.dropped
	v.odd = float64(odd) / float64(all)
	if letters >= fewLetters {
		v.pieces, v.glued = float64(alone)/float64(letters), float64(glued)/float64(letters)
	}
	return v
}

// oddRune says whether a character has no place on an honest slide.
func oddRune(r rune) bool {
	switch {
	case r < 0x80:
		return r < ' ' && r != '\n' && r != '\t'
	case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.Is(unicode.Co, r), r&0xfffe == 0xfffe:
		return true
	case unicode.Is(unicode.Han, r):
		return rareHan(r)
	}
	return !unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r)
}

// scriptOf tells scripts apart that never meet inside a word: 0 for letters that any
// may have beside it (Greek stands in formulas), -1 for scripts without spaces between
// words, where nothing follows from a word's length.
func scriptOf(r rune) int {
	if r < 0x250 {
		return 1
	}
	for i, table := range wordScripts {
		if unicode.Is(table, r) {
			return i + 1
		}
	}
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
		return -1
	}
	return 0
}

var wordScripts = []*unicode.RangeTable{
	unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew, unicode.Armenian, unicode.Georgian, unicode.Devanagari,
}

// rareHan says whether an ideograph is in none of the sets that Chinese and Japanese
// were written with before Unicode: GB 2312, the common part of Big5, JIS X 0208. Text
// that was misread as Chinese is made of such.
func rareHan(r rune) bool {
	if r >= 0x20000 || r >= 0x3400 && r < 0x4e00 {
		return true
	}
	encodes := func(e encoding.Encoding) []byte {
		b, err := e.NewEncoder().Bytes([]byte(string(r)))
		if err != nil {
			return nil
		}
		return b
	}
	if b := encodes(traditionalchinese.Big5); len(b) == 2 && b[0] >= 0xa4 && b[0] <= 0xc6 {
		return false
	}
	return encodes(simplifiedchinese.HZGB2312) == nil && len(encodes(japanese.EUCJP)) != 2
}
