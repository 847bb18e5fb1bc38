package search

import (
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

// detect guesses a text's language and says whether the guess is to be relied on.
func detect(text string) (string, bool) {
	if len(text) > 2000 {
		text = strings.ToValidUTF8(text[:2000], "")
	}
	if utf8.RuneCountInString(text) < 30 {
		return "", false
	}
	info := whatlanggo.Detect(text)
	lang := info.Lang.Iso6391()
	if lang == "" {
		return "", false
	}
	// A script of one language alone is proof; else short texts mislead.
	single := lang == "ja" || lang == "ko" || lang == "zh" || lang == "el" || lang == "he" || lang == "th"
	return lang, single || len(text) >= 80 && info.IsReliable()
}
