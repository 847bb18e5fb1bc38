package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Latin is Key with Greek and Cyrillic written in Latin letters as in a
// passport ("Щербаков" is "shcherbakov"), Korean and Japanese kana by their
// sound. Letters of other scripts stay as they are.
func Latin(s string) string {
	return strings.Join(latinWords(s), " ")
}

// Slug makes of a title or name one readable path segment: the words of
// Latin(s) joined by hyphens, at most limit bytes, cut between words where that
// leaves at least half of it. It holds no character but lower-case letters,
// digits and single hyphens inside. Scripts that Latin leaves stay as they are,
// so a slug may hold more than ASCII. "" when s has no word: the caller needs
// a name of its own then.
func Slug(s string, limit int) string {
	var b strings.Builder
	for _, w := range latinWords(s) {
		w = strings.TrimSuffix(signs.Replace(w), "-")
		sep := 0
		if b.Len() > 0 {
			sep = 1
		}
		if b.Len()+sep+len(w) <= limit {
			b.WriteString("-"[:sep] + w)
			continue
		}
		if b.Len() < limit/2 {
			b.WriteString("-"[:sep] + clip(w, limit-b.Len()-sep))
		}
		break
	}
	return strings.Trim(b.String(), "-")
}

// signs spells the signs that Words leaves in a word.
var signs = strings.NewReplacer("++", "-plus-plus", "#", "-sharp", "+", "-plus")

// clip cuts w to at most limit bytes, never inside a letter and its marks.
func clip(w string, limit int) string {
	if limit <= 0 {
		return ""
	}
	if len(w) <= limit {
		return w
	}
	for limit > 0 && !utf8.RuneStart(w[limit]) {
		limit--
	}
	for limit > 0 {
		r, _ := utf8.DecodeRuneInString(w[limit:])
		if !unicode.Is(unicode.M, r) {
			break
		}
		_, n := utf8.DecodeLastRuneInString(w[:limit])
		limit -= n
	}
	return w[:limit]
}

func latinWords(s string) []string {
	if plain, ok := ascii(s); ok {
		return split(plain)
	}
	// Accents carry sound in Cyrillic (й, ї), so it is spelled before they fold.
	s = norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))
	s = norm.NFC.String(strings.Map(lower, s))
	return split(Text(spell(s)))
}

func spell(s string) string {
	rs := []rune(s)
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range rs {
		switch {
		case r >= 0xAC00 && r <= 0xD7A3:
			b.WriteString(hangul(r))
		case unicode.In(r, unicode.Greek):
			b.WriteString(greek(rs, i))
		case unicode.In(r, unicode.Cyrillic):
			if to, ok := cyrillic[r]; ok {
				b.WriteString(to)
			} else {
				b.WriteRune(r)
			}
		case r >= 0x3041 && r <= 0x30FC:
			b.WriteString(kana(rs, i))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// greek spells one letter as ELOT 743 does, looking at its neighbours.
func greek(rs []rune, i int) string {
	r := bare(rs[i])
	prev, next := rune(0), rune(0)
	if i > 0 {
		prev = rs[i-1]
	}
	if i+1 < len(rs) {
		next = rs[i+1]
	}
	switch {
	case r == 'υ' && plainUpsilon(rs[i]) && bare(prev) == 'ο':
		return "u"
	case r == 'υ' && plainUpsilon(rs[i]) && (bare(prev) == 'α' || bare(prev) == 'ε'):
		if strings.ContainsRune("θκξπσςτφχψ", bare(next)) || next == 0 {
			return "f"
		}
		return "v"
	case r == 'γ' && strings.ContainsRune("γξχ", bare(next)) && next != 0:
		return "n"
	}
	if to, ok := greekLetters[r]; ok {
		return to
	}
	return string(rs[i])
}

// plainUpsilon is not parted from the vowel before it by a diaeresis.
func plainUpsilon(r rune) bool { return r != 'ϋ' && r != 'ΰ' }

// bare returns the first rune of r's decomposition: the letter without accents.
func bare(r rune) rune {
	if r == 0 {
		return 0
	}
	d, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	if d == 'ς' {
		return 'σ'
	}
	return d
}

// hangul spells a syllable letter by letter as the Revised Romanization does,
// without the sound changes between syllables.
func hangul(r rune) string {
	n := int(r - 0xAC00)
	return hangulLead[n/588] + hangulVowel[n%588/28] + hangulTail[n%28]
}

// kana spells one sign of hiragana or katakana as Hepburn does.
func kana(rs []rune, i int) string {
	r := hiragana(rs[i])
	if strings.ContainsRune("ゃゅょ", r) {
		if i > 0 && kanaLetters[hiragana(rs[i-1])] != "" {
			return "" // spelled with the sign before it
		}
		return kanaLetters[r]
	}
	sound := kanaLetters[r]
	if i+1 < len(rs) && len(sound) > 1 && sound[len(sound)-1] == 'i' {
		if small := kanaLetters[hiragana(rs[i+1])]; strings.ContainsRune("ゃゅょ", hiragana(rs[i+1])) && small != "" {
			stem := sound[:len(sound)-1]
			if stem == "sh" || stem == "ch" || stem == "j" {
				return stem + small[1:]
			}
			return stem + small
		}
	}
	switch {
	case r == 'っ':
		if i+1 < len(rs) {
			if next := kanaLetters[hiragana(rs[i+1])]; next != "" && !strings.ContainsAny(next[:1], "aiueon") {
				return next[:1]
			}
		}
		return ""
	case r == 'ー':
		return ""
	case sound != "":
		return sound
	}
	return string(rs[i])
}

// hiragana returns the hiragana of a katakana sign, and others as they are.
func hiragana(r rune) rune {
	if r >= 0x30A1 && r <= 0x30F6 {
		return r - 0x60
	}
	return r
}
