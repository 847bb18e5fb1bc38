package search

import (
	"strings"
	"sync"

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
	known  map[string]map[string][]string // by language and word
	met    int                            // words in known
	polish stempel.Trie
}

func newStemmer() *stemmer { return &stemmer{known: map[string]map[string][]string{}} }

// maxKnown bounds what one stemmer remembers.
const maxKnown = 200_000

// stemmers lends stemmers to goroutines.
type stemmers struct{ pool sync.Pool }

func (s *stemmers) get() *stemmer {
	if st, ok := s.pool.Get().(*stemmer); ok {
		return st
	}
	return newStemmer()
}

func (s *stemmers) put(st *stemmer) { s.pool.Put(st) }

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
