// Package fold makes words comparable and IDs readable: it folds case, accents
// and Unicode forms, cuts text into words, and makes slugs.
//
// It knows no talk and no person: what two equal keys mean is decided by who
// asks. Everything in it is a pure function of its input, and what it returns
// must stay the same for ever, since minted IDs and stored keys were made by
// it: a change of the tables below needs a migration of the store's keys.
//
// Three steps build on each other. Text makes one form of the many in which
// the same words are written, and keeps everything else. Words and Key keep the
// words alone. Latin and Slug write other alphabets in Latin letters, where a
// reader of that language would recognize them (Greek, Cyrillic); scripts
// for which that needs a dictionary (Chinese characters are read one way in
// Beijing and another in Tokyo) are kept as they are, which a browser's
// address bar shows well and which nobody has to be ashamed of.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Text folds case, accents of Latin, Greek and Cyrillic letters, compatibility
// forms (ﬁ, Ａ, ①), the letters that no decomposition reaches (ø, ł, ß, æ) and
// runs of white space, so that two ways to write the same text become one.
// Marks that make other letters (Japanese voicing, Indic vowels) stay.
// Invalid UTF-8 becomes U+FFFD. Text(Text(s)) == Text(s).
func Text(s string) string {
	if plain, ok := ascii(s); ok {
		return plain
	}
	// Lower case may bring forth marks (İ), and a decomposition may bring
	// forth capitals (㎅), so forms are folded on both sides of it.
	s = norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = norm.NFKD.String(strings.Map(lower, s))
	var b strings.Builder
	b.Grow(len(s))
	space, base := false, rune(0)
	for _, r := range s {
		if white(r) {
			space = b.Len() > 0
			continue
		}
		if unicode.Is(unicode.Mn, r) && drops(base, r) || invisible(r) {
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if to, ok := letters[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
		if !unicode.Is(unicode.M, r) {
			base = r
		}
	}
	return norm.NFC.String(b.String())
}

// ascii is Text for plain ASCII, most of what there is, without the tables.
func ascii(s string) (string, bool) {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return "", false
		}
	}
	b := make([]byte, 0, len(s))
	space := false
	for i := range len(s) {
		c := s[i]
		switch {
		case white(rune(c)):
			space = len(b) > 0
			continue
		case invisible(rune(c)):
			continue
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		if space {
			b = append(b, ' ')
			space = false
		}
		b = append(b, c)
	}
	return string(b), true
}

func lower(r rune) rune {
	if r == 'ς' { // the end form of σ, the only letter with two small ones
		return 'σ'
	}
	// Cherokee folds towards capitals in Unicode; small letters serve as well here.
	return unicode.ToLower(r)
}

// drops says whether mark m on a base letter is an accent that people leave
// out or mistype, as opposed to one that makes another letter.
func drops(base, m rune) bool {
	switch {
	case unicode.In(base, unicode.Latin, unicode.Greek, unicode.Cyrillic), base == 0:
		return true
	case unicode.In(base, unicode.Arabic, unicode.Hebrew):
		return true // short vowels, written for learners
	}
	// A Latin accent on anything else (a digit, a sign) says nothing.
	return m >= 0x0300 && m <= 0x036F
}

func white(r rune) bool {
	return unicode.IsSpace(r)
}

// invisible is what nobody sees or types: controls, joiners, direction marks,
// soft hyphens, byte order marks.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf)
}

// Words cuts Text(s) into its words: runs of letters and digits. Apostrophes
// inside a word are left out ("don't" is "dont"), every other sign parts words;
// but signs that make a name stay with it: "c++", "c#", "f#".
func Words(s string) []string {
	return split(Text(s))
}

// Key is Words joined by single spaces: equal for two texts that differ only
// in case, accents, punctuation and spacing. "" when s has no word.
func Key(s string) string {
	return strings.Join(Words(s), " ")
}

func split(s string) []string {
	var words []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
			b.Reset()
		}
	}
	rs := []rune(s)
	for i, r := range rs {
		switch {
		case wordRune(r):
			b.WriteRune(r)
		case apostrophe(r) && b.Len() > 0 && i+1 < len(rs) && wordRune(rs[i+1]):
		case r == '#' && b.Len() == 1, r == '+' && plusses(rs, i, b.String()):
			b.WriteRune(r)
		default:
			end()
		}
	}
	end()
	return words
}

// plusses tells the signs of "c++" and "notepad++" from a sum: two of them
// right behind a letter, and no word right behind them.
func plusses(rs []rune, i int, word string) bool {
	if word == "" {
		return false
	}
	if strings.HasSuffix(word, "+") {
		return !strings.HasSuffix(word, "++")
	}
	return i+1 < len(rs) && rs[i+1] == '+' && (i+2 >= len(rs) || !wordRune(rs[i+2]))
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r)
}

func apostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', 'ʻ', '′', '`', '´':
		return true
	}
	return false
}
