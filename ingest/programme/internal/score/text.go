package score

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// plain returns text's words in a form that forgives case, accents and
// punctuation, one blank between them; "" when it has no word.
func plain(text string) string {
	text = cases.Fold().String(norm.NFKD.String(text))
	var b strings.Builder
	gap := false
	for _, r := range text {
		switch {
		case norm.NFKD.PropertiesString(string(r)).CCC() != 0: // a combining accent
		case unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_':
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// alike returns how alike two texts are, from 0 to 1, by characters or by
// words, whichever is kinder; 0 when either has no words.
func alike(a, b string) float64 {
	a, b = plain(a), plain(b)
	switch {
	case a == "" || b == "":
		return 0
	case a == b:
		return 1
	}
	return max(ratio([]rune(a), []rune(b)), ratio(strings.Fields(a), strings.Fields(b)))
}

// best returns how alike value is to the nearest of the right answers.
func best(answer string, more []string, value string) float64 {
	top := alike(answer, value)
	for _, a := range more {
		top = max(top, alike(a, value))
	}
	return top
}

// person returns the plain form of a name without academic and courtesy titles.
func person(name string) string {
	var b strings.Builder
	before := rune(0) // the character before the rest
	for rest := name; rest != ""; {
		if !wordRune(before) {
			if n := titleLen(rest); n > 0 {
				before, _ = utf8.DecodeLastRuneInString(rest[:n])
				rest = rest[n:]
				b.WriteByte(' ')
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(rest)
		b.WriteRune(r)
		before, rest = r, rest[n:]
	}
	return plain(b.String())
}

// titleLen returns the length in bytes of the title, with the dot after it,
// that text begins with; 0 when it begins with none.
func titleLen(text string) int {
	for _, title := range []string{"prof", "dr", "phd", "ph.d", "mrs", "mr", "ms"} {
		if len(text) < len(title) || !strings.EqualFold(text[:len(title)], title) {
			continue
		}
		rest := text[len(title):]
		if r, _ := utf8.DecodeRuneInString(rest); rest != "" && wordRune(r) {
			continue
		}
		if strings.HasPrefix(rest, ".") {
			return len(title) + 1
		}
		return len(title)
	}
	return 0
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_'
}

// unspaced says whether text is in a script that parts no words by blanks.
func unspaced(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return r >= 0x3040 && r <= 0x30ff || r >= 0x3400 && r <= 0x9fff
	})
}

// edgeWords returns text's words, or its characters when chars is set.
func edgeWords(text string, chars bool) []string {
	words := strings.Fields(plain(text))
	if !chars {
		return words
	}
	return slices.Collect(func(yield func(string) bool) {
		for _, w := range words {
			for _, r := range w {
				if !yield(string(r)) {
					return
				}
			}
		}
	})
}
