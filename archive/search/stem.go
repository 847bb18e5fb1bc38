package search

import (
	"strings"

	"github.com/blevesearch/bleve/v2/analysis/lang/pl/stempel"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/turkish"

	"rostrum/internal/fold"
	"rostrum/internal/stock"
)

// snowball has the languages whose stems Snowball makes.
var snowball = map[string]func(*snowballstem.Env) bool{
	"da": danish.Stem, "de": german.Stem, "en": english.Stem, "es": spanish.Stem, "fi": finnish.Stem, "fr": french.Stem,
	"hu": hungarian.Stem, "it": italian.Stem, "nb": norwegian.Stem, "nl": dutch.Stem, "nn": norwegian.Stem, "no": norwegian.Stem,
	"pt": portuguese.Stem, "ro": romanian.Stem, "ru": russian.Stem, "sv": swedish.Stem, "tr": turkish.Stem,
}

// stemmer makes stems. It remembers the words it met, since a text's words are
// few and a stem is dear; it is for one goroutine at a time.
type stemmer struct {
	known  map[string]map[string][]string // stems by language and word, lower-cased
	met    int                            // words in known
	words  map[string]map[string]*known   // by language and word, as it stands in a text
	looked uint32                         // words in words
	polish stempel.Trie
}

func newStemmer() *stemmer {
	return &stemmer{known: map[string]map[string][]string{}, words: map[string]map[string]*known{}}
}

// The words that a stemmer remembers at most, some 300 bytes each, give or take
// those of one piece of work: a batch of talks, whose words come again in the next,
// or a search, of whose stemmers several are kept for as long as a server runs.
const (
	maxKnown  = 200_000
	lentKnown = 50_000
)

// known is what is known of a word as it stands in a text.
type known struct {
	lower  string
	word   string // folded, as spelled; "" when nothing is left
	stems  []string
	number uint32 // among the words that the stemmer remembers
}

// look returns what is known of a raw word of a script; lang is the language
// that its rules are taken from, as language tells.
func (s *stemmer) look(raw string, sc script, lang string) *known {
	if k, ok := s.words[lang][raw]; ok {
		return k
	}
	words := s.words[lang]
	if words == nil {
		words = map[string]*known{}
		s.words[lang] = words
	}
	raw = strings.Clone(raw) // what is remembered must not hold the text it was met in
	k := &known{number: s.looked}
	k.lower, k.word = spell(raw)
	if k.word != "" {
		k.stems = s.stems(k.lower, k.word, sc, lang)
	}
	s.looked++
	words[raw] = k
	return k
}

// dialects are, by script, the words of the language whose rules are for a text.
type dialects [other + 1]struct {
	lang  string
	words map[string]*known
}

func (d *dialects) look(s *stemmer, raw string, sc script, lang string) *known {
	at := &d[sc]
	if at.words == nil {
		at.lang = language(lang, sc)
		at.words = s.words[at.lang]
	}
	if k, ok := at.words[raw]; ok {
		return k
	}
	return s.look(raw, sc, at.lang)
}

// stemmers lends stemmers to goroutines. What they remember is worth some
// milliseconds of the next search.
type stemmers struct{ stock stock.Stock[*stemmer] }

func (s *stemmers) get() *stemmer {
	if st, ok := s.stock.Take(); ok {
		return st
	}
	return newStemmer()
}

func (s *stemmers) put(st *stemmer) {
	st.trim(lentKnown)
	s.stock.Return(st)
}

// trim forgets, once so many words are remembered.
func (s *stemmer) trim(most int) {
	if int(s.looked) >= most {
		clear(s.words)
		s.looked = 0
	}
	if s.met >= most {
		clear(s.known)
		s.met = 0
	}
}

// language picks the language whose rules are for a word: the text's own,
// unless the script says that it is a word of another.
func language(lang string, s script) string {
	switch s {
	case cyrillic:
		return "ru"
	case greek:
		return "el"
	case dense, other:
		return ""
	}
	if _, ok := snowball[lang]; (ok && lang != "ru") || lang == "pl" {
		return lang
	}
	switch lang {
	case "ru", "uk", "bg", "el", "ja", "zh", "ko", "he", "ar", "hi", "th", "":
		return "en" // a Latin word in such a text is most often an English one
	}
	return ""
}

// stems returns the folded stems of a word, at least one. Two come back when
// leaving the accents out before stemming makes a difference: then whoever
// types without accents finds it too.
func (s *stemmer) stems(lower, folded string, sc script, lang string) []string {
	lang = language(lang, sc)
	if lang == "" || len(folded) < 3 || strings.ContainsAny(folded, "0123456789+#") {
		return []string{folded}
	}
	known := s.known[lang]
	if got, ok := known[lower]; ok {
		return got
	}
	if known == nil || s.met >= maxKnown {
		if s.met >= maxKnown {
			clear(s.known)
			s.met = 0
		}
		known = map[string][]string{}
		s.known[lang] = known
	}
	s.met++
	got := []string{s.stem(lower, lang)}
	if lower != folded {
		got[0] = fold.Text(got[0])
		if plain := fold.Text(s.stem(folded, lang)); plain != got[0] {
			got = append(got, plain)
		}
	}
	if got[0] == "" {
		got[0] = folded
	}
	known[strings.Clone(lower)] = got
	return got
}

func (s *stemmer) stem(word, lang string) string {
	switch lang {
	case "el":
		return greekStem(fold.Text(word))
	case "pl":
		return s.polishStem(word)
	case "pt":
		// Snowball leaves the plural of -ão apart from it.
		for _, plural := range [...][2]string{{"ões", "ão"}, {"ães", "ão"}, {"oes", "ao"}, {"aes", "ao"}} {
			if rest, ok := strings.CutSuffix(word, plural[0]); ok && len(rest) > 2 {
				word = rest + plural[1]
				break
			}
		}
	case "de":
		word = strings.ReplaceAll(word, "ß", "ss")
	}
	f, ok := snowball[lang]
	if !ok {
		return word
	}
	env := snowballstem.NewEnv(word)
	f(env)
	return env.Current()
}

func (s *stemmer) polishStem(word string) string {
	if s.polish == nil {
		trie, err := stempel.LoadTrie()
		if err != nil {
			return word // the table is compiled in: only a broken build comes here
		}
		s.polish = trie
	}
	runes := []rune(word)
	out := string(stempel.Diff(runes, s.polish.GetLastOnPath(runes)))
	if len([]rune(out)) < 3 {
		return word
	}
	return out
}
