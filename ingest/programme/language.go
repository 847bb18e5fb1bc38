package programme

import (
	"strings"
	"unicode/utf8"

	"github.com/RadhiFadlillah/whatlanggo"
)

// readLanguage tells the language of the page itself rather than of its talks:
// a German page may hold English abstracts. The words for breaks, days and
// headings are the organizers' own, so they count most; then the text as a
// whole; what the page declares is heard last, for it is often the template's.
func (r *reader) readLanguage() string {
	votes := map[string]float64{}
	var text strings.Builder
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if text.Len() < 20_000 {
			text.WriteString(l.Text)
			text.WriteString(". ")
		}
		if utf8.RuneCountInString(l.Text) < 60 && !r.off("language") {
			for _, lang := range lexLanguages(l.Text) {
				votes[lang]++
			}
		}
	}
	most := 0.0
	for _, v := range votes {
		most = max(most, v)
	}
	for lang, v := range votes {
		votes[lang] = 1.3 * v / max(4, most)
	}
	if text.Len() > 60 {
		info := whatlanggo.Detect(text.String())
		if code := info.Lang.Iso6391(); code != "" {
			votes[code] += 0.5 + 0.5*info.Confidence
		}
	}
	if d := strings.ToLower(r.doc.Lang); len(d) >= 2 {
		votes[d[:2]] += 0.25
	}
	best, top := "", 0.0
	for lang, v := range votes {
		if v > top || v == top && lang < best {
			best, top = lang, v
		}
	}
	if top < 0.4 {
		return ""
	}
	if best == "nb" || best == "nn" {
		best = "no"
	}
	return best
}

// lexLanguages tells whose word a short line is, when it is that of one or two
// languages only.
func lexLanguages(s string) []string {
	words := strings.Fields(fold(s))
	if len(words) == 0 || len(words) > 6 {
		return nil
	}
	known := lex().tongues
	if l := known[strings.Join(words, " ")]; len(l) > 0 && len(l) <= 3 {
		return l
	}
	for _, w := range words {
		if l := known[w]; len(l) > 0 && len(l) <= 2 && len(w) > 3 {
			return l
		}
	}
	return nil
}
