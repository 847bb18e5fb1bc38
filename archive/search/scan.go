package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/internal/fold"
)

// script is what decides how a word is analyzed.
type script uint8

const (
	latin    script = iota // and digits
	cyrillic               // Russian stems
	greek
	dense // written without spaces between words: cut into pairs of letters
	other
)

// rawWord is a word as it stands in a text: its bytes and its script.
type rawWord struct {
	start, end int
	script     script
}

// scan finds the words of a text. A word is a run of letters, digits and
// marks of one kind of script; an apostrophe between letters and a point
// between digits stay inside, and so do the signs of "c++" and "c#". A run of
// a dense script is one rawWord.
func scan(text string, emit func(rawWord)) {
	word := rawWord{start: -1}
	flush := func(end int) {
		if word.start >= 0 {
			word.end = end
			emit(word)
			word.start = -1
		}
	}
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		switch {
		case isWordByte(text[i]):
			// Nearly all of nearly every text: the same as below, without asking rune by rune.
			if word.start >= 0 && word.script == dense {
				flush(i)
			}
			if word.start < 0 {
				word = rawWord{start: i, script: latin}
			}
			i = wordBytesEnd(text, i)
			continue
		case r >= utf8.RuneSelf:
			r, size = utf8.DecodeRuneInString(text[i:])
		case word.start < 0 || r != '\'' && r != '.' && r != '#' && r != '+':
			flush(i)
			i++
			continue
		}
		kind, ok := scriptOf(r)
		switch {
		case ok && kind == other && unicode.Is(unicode.M, r):
			// A mark belongs to the letter before it.
		case ok:
			if word.start >= 0 && (kind == dense) != (word.script == dense) {
				flush(i)
			}
			if word.start < 0 {
				word = rawWord{start: i, script: kind}
			} else if word.script == latin && kind != latin {
				word.script = kind
			}
		case word.start >= 0 && inside(text, i, size, r):
		case word.start >= 0 && named(text, word, i):
			i = nameEnd(text, i)
			flush(i)
			continue
		default:
			flush(i)
		}
		i += size
	}
	flush(len(text))
}

// isWordByte says whether a byte is an ASCII letter or digit.
func isWordByte(c byte) bool { return (c|0x20)-'a' < 26 || c-'0' < 10 }

func wordBytesEnd(text string, at int) int {
	for at < len(text) && isWordByte(text[at]) {
		at++
	}
	return at
}

// scriptOf says which script a rune belongs to and whether it is part of words.
func scriptOf(r rune) (script, bool) {
	if r < utf8.RuneSelf {
		return latin, 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	switch {
	case r < 0x0250:
		return latin, unicode.IsLetter(r) || unicode.IsNumber(r)
	case r >= 0x3040 && r <= 0x30ff && r != '・' && r != '゠', // kana and the long mark
		r >= 0x3400 && r <= 0x9fff, r >= 0xac00 && r <= 0xd7af, r == '々',
		r >= 0x20000 && r <= 0x3ffff, r >= 0xff66 && r <= 0xff9f,
		r >= 0x0e00 && r <= 0x0eff, r >= 0x1000 && r <= 0x109f, r >= 0x1780 && r <= 0x17ff,
		r >= 0x1100 && r <= 0x11ff, r >= 0x3130 && r <= 0x318f, r >= 0xf900 && r <= 0xfaff:
		return dense, unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r)
	case unicode.Is(unicode.M, r):
		return other, true
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic, true
	case unicode.Is(unicode.Greek, r):
		return greek, unicode.IsLetter(r)
	case unicode.Is(unicode.Latin, r):
		return latin, true
	}
	return other, unicode.IsLetter(r) || unicode.IsNumber(r)
}

// inside says whether the sign at i, which is no letter, still belongs to the
// word around it: don't, 3.7, and the invisible soft hyphen.
func inside(text string, i, size int, r rune) bool {
	if r == '\u00ad' || r == '\u200d' || r == '\u200c' {
		return true
	}
	next, _ := utf8.DecodeRuneInString(text[i+size:])
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	switch r {
	case '\'', '’', 'ʼ':
		return unicode.IsLetter(next) && unicode.IsLetter(before)
	case '.':
		return isDigit(before) && isDigit(next)
	}
	return false
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// named says whether the sign at i makes a name of the letters before it: c#, c++, g++.
func named(text string, w rawWord, i int) bool {
	if i-w.start > 2 && text[i] == '#' || i-w.start > 8 {
		return false
	}
	rest := text[i:]
	plain := strings.HasPrefix(rest, "#") || strings.HasPrefix(rest, "++")
	if !plain || text[i-1] >= utf8.RuneSelf || isDigit(rune(text[i-1])) {
		return false
	}
	after := strings.TrimLeft(rest, "+#")
	next, _ := utf8.DecodeRuneInString(after)
	_, letter := scriptOf(next)
	return after == "" || !letter
}

// nameEnd is where the signs at i end that named allows.
func nameEnd(text string, i int) int {
	if strings.HasPrefix(text[i:], "++") {
		return i + 2
	}
	return i + 1
}

// wordScript returns the script of a word.
func wordScript(word string) script {
	sc := latin
	scan(word, func(w rawWord) { sc = w.script })
	return sc
}

// spell returns a raw word lower-cased with its accents (for stemming) and
// folded (for comparing), both without what an apostrophe added: the
// possessive 's and the article of l'amour. Folded is "" when nothing is left.
func spell(raw string) (lower, folded string) {
	plain := true
	for i := range len(raw) {
		c := raw[i]
		if c >= utf8.RuneSelf || c == '\'' || 'A' <= c && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return raw, raw
	}
	lower = strings.ToLower(raw)
	if strings.ContainsAny(lower, "'’ʼ") {
		lower = unapostrophe(strings.NewReplacer("’", "'", "ʼ", "'").Replace(lower))
	}
	if isASCII(lower) {
		return lower, lower
	}
	return lower, fold.Text(lower)
}

func unapostrophe(w string) string {
	w = strings.TrimSuffix(w, "'s")
	if head, tail, ok := strings.Cut(w, "'"); ok && utf8.RuneCountInString(tail) > 1 {
		switch head {
		case "l", "d", "c", "j", "m", "n", "s", "t", "qu", "un", "all", "dell", "nell", "sull", "dall", "quell", "quest", "jusqu", "lorsqu", "puisqu":
			w = tail
		}
	}
	return strings.ReplaceAll(w, "'", "")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
