package search

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/RadhiFadlillah/whatlanggo"

	"rostrum/archive"
)

// talkLanguage returns the language of a talk, "en": the one it was given, in
// its first two or three letters, else what its own words say when they say it
// clearly, else its edition's, else English, in which most programmes are
// written.
func talkLanguage(e *archive.Entry) string {
	if lang := primary(e.Language); lang != "" {
		return lang
	}
	text := e.Title + ". " + e.Abstract
	if lang, ok := detect(text); ok {
		return lang
	}
	if lang := primary(e.EditionLanguage); lang != "" {
		return lang
	}
	return "en"
}

// primary cuts a language tag to its first part, "pt" of "pt-BR"; "" when it
// is none.
func primary(tag string) string {
	lang, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(tag)), "_", "-"), "-")
	if len(lang) < 2 || len(lang) > 3 {
		return ""
	}
	for _, c := range []byte(lang) {
		if c < 'a' || c > 'z' {
			return ""
		}
	}
	return lang
}

// detect guesses a text's language and says whether the guess is to be relied
// on: a script of one language alone is proof; else the little words of the
// language and the frequencies of its letters must agree, or one of them be
// very clear.
func detect(text string) (string, bool) {
	if len(text) > 2000 {
		text = strings.ToValidUTF8(text[:2000], "")
	}
	if utf8.RuneCountInString(text) < 20 {
		return "", false
	}
	info := whatlanggo.DetectWithOptions(text, whatlanggo.Options{Whitelist: detectable()})
	lang := info.Lang.Iso6391()
	switch lang {
	case "ja", "ko", "zh", "el", "he", "th", "ru":
		return lang, true
	}
	byWords, lead := littleWords(text)
	switch {
	case lead >= 1 && byWords == lang, lead >= 3:
		return byWords, true
	case lang != "" && len(text) >= 80 && info.IsReliable():
		return lang, true
	}
	return "", false
}

// littleWords returns the language whose stop words a text has most of, and by
// how many it leads.
func littleWords(text string) (lang string, lead int) {
	counts := map[string]int{}
	scan(text, func(w rawWord) {
		_, folded := spell(text[w.start:w.end])
		for l, words := range stopWords() {
			if words[folded] {
				counts[l]++
			}
		}
	})
	// The Scandinavians share their little words, not their letters.
	if strings.ContainsAny(text, "äöÄÖ") {
		delete(counts, "da")
		delete(counts, "no")
	} else if strings.ContainsAny(text, "æøÆØ") {
		delete(counts, "sv")
	}
	best, second := 0, 0
	for _, l := range slices.Sorted(maps.Keys(counts)) {
		switch n := counts[l]; {
		case n > best:
			lang, best, second = l, n, best
		case n > second:
			second = n
		}
	}
	return lang, best - second
}

// detectable are the languages that a guess may fall on: those that are
// analyzed, for a wrong guess among the others would help nobody.
func detectable() map[whatlanggo.Lang]bool {
	return map[whatlanggo.Lang]bool{
		whatlanggo.Dan: true, whatlanggo.Deu: true, whatlanggo.Ell: true, whatlanggo.Eng: true, whatlanggo.Spa: true, whatlanggo.Fin: true,
		whatlanggo.Fra: true, whatlanggo.Hun: true, whatlanggo.Ita: true, whatlanggo.Jpn: true, whatlanggo.Kor: true, whatlanggo.Nld: true,
		whatlanggo.Nob: true, whatlanggo.Pol: true, whatlanggo.Por: true, whatlanggo.Ron: true, whatlanggo.Rus: true, whatlanggo.Swe: true,
		whatlanggo.Tur: true, whatlanggo.Cmn: true, whatlanggo.Heb: true, whatlanggo.Tha: true,
	}
}
