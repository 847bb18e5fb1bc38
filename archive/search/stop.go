package search

import (
	"sync"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/da"
	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/el"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/lang/fi"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/it"
	"github.com/blevesearch/bleve/v2/analysis/lang/nl"
	"github.com/blevesearch/bleve/v2/analysis/lang/no"
	"github.com/blevesearch/bleve/v2/analysis/lang/pl"
	"github.com/blevesearch/bleve/v2/analysis/lang/pt"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/bleve/v2/analysis/lang/sv"

	"rostrum/internal/fold"
)

// stopWords are, by language, the words that say little; the archive keeps
// them, since phrases need them, and queries leave them out beside others.
var stopWords = sync.OnceValue(func() map[string]map[string]bool {
	lists := map[string][]byte{
		"da": da.DanishStopWords, "de": de.GermanStopWords, "el": el.GreekStopWords, "en": en.EnglishStopWords, "es": es.SpanishStopWords,
		"fi": fi.FinnishStopWords, "fr": fr.FrenchStopWords, "it": it.ItalianStopWords, "nl": nl.DutchStopWords, "no": no.NorwegianStopWords,
		"pl": pl.PolishStopWords, "pt": pt.PortugueseStopWords, "ru": ru.RussianStopWords, "sv": sv.SwedishStopWords,
	}
	out := make(map[string]map[string]bool, len(lists))
	for lang, list := range lists {
		words := analysis.NewTokenMap()
		if words.LoadBytes(list) != nil {
			continue // bleve's own lists are well-formed
		}
		set := make(map[string]bool, len(words))
		for w := range words {
			_, folded := spell(w)
			set[folded] = true
			set[fold.Text(w)] = true
		}
		out[lang] = set
	}
	return out
})

// isStopWord says whether a folded word says little in the first of the
// languages given, the archive's main ones. A word of a lesser language is
// left alone: "die" is an English word too.
func isStopWord(word string, languages []string) bool {
	for i, lang := range languages {
		if i >= 2 {
			break
		}
		if stopWords()[lang][word] {
			return true
		}
	}
	return len(languages) == 0 && stopWords()["en"][word]
}
