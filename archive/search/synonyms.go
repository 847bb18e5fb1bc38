package search

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"rostrum/internal/fold"
)

//go:embed synonyms.txt
var synonymsText string

// synonyms are words that mean the same: "k8s" and "kubernetes".
type synonyms struct {
	words map[string][]string // folded, to the others of its groups
}

// of returns what else a folded word is called; nil when nothing is known.
func (s *synonyms) of(word string) []string {
	if s == nil {
		return nil
	}
	if got := s.words[word]; got != nil {
		return got
	}
	return spellings(word)
}

// SynonymsFile is the name of an organizer's own synonyms, lines of words that
// mean the same, parted by commas. They come beside the built-in ones.
const SynonymsFile = "synonyms.txt"

// loadSynonyms reads the built-in synonyms and those of a file, which may be missing.
func loadSynonyms(file string) (*synonyms, error) {
	text := synonymsText
	b, err := os.ReadFile(file)
	switch {
	case err == nil:
		if _, err := parseSynonyms(string(b)); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err) // with the line of the file itself
		}
		text += "\n" + string(b)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read synonyms: %w", err)
	}
	return parseSynonyms(text)
}

// maxSynonymLines bounds an organizer's file.
const maxSynonymLines = 20_000

// parseSynonyms reads lines of words parted by commas that mean the same; what
// follows a # is a comment. Each entry is one word: a synonym of several words
// would need to be looked for as a phrase.
func parseSynonyms(text string) (*synonyms, error) {
	s := &synonyms{words: map[string][]string{}}
	for n, line := range strings.Split(text, "\n") {
		if n >= maxSynonymLines {
			return nil, fmt.Errorf("synonyms: more than %d lines", maxSynonymLines)
		}
		line, _, _ = strings.Cut(line, "#")
		var group []string
		for entry := range strings.SplitSeq(line, ",") {
			if strings.TrimSpace(entry) == "" {
				continue
			}
			words := fold.Words(entry)
			if len(words) != 1 {
				return nil, fmt.Errorf("synonyms: line %d: %q is not one word", n+1, strings.TrimSpace(entry))
			}
			group = append(group, words[0])
		}
		if len(group) == 1 {
			return nil, fmt.Errorf("synonyms: line %d: %q stands alone; write the words that mean the same, parted by commas", n+1, group[0])
		}
		for i, w := range group {
			for j, other := range group {
				if i != j && w != other {
					s.words[w] = append(s.words[w], other)
				}
			}
		}
	}
	return s, nil
}

// spellings returns the other spelling of a word that British and American
// English write differently, where a rule tells; nil else. A form that no talk
// has costs nothing, so the rules may be generous.
func spellings(word string) []string {
	if len(word) < 6 || !isASCII(word) {
		return nil
	}
	for _, rule := range [...][2]string{
		{"isation", "ization"}, {"ising", "izing"}, {"ised", "ized"}, {"ises", "izes"}, {"iser", "izer"}, {"ise", "ize"},
		{"ysing", "yzing"}, {"ysed", "yzed"}, {"yser", "yzer"}, {"yse", "yze"},
		{"iour", "ior"}, {"iours", "iors"}, {"olour", "olor"}, {"olours", "olors"}, {"avour", "avor"}, {"abour", "abor"},
		{"elling", "eling"}, {"elled", "eled"}, {"eller", "eler"}, {"centre", "center"}, {"metre", "meter"}, {"ogue", "og"}, {"ence", "ense"},
	} {
		for i := range 2 {
			if stem, ok := strings.CutSuffix(word, rule[i]); ok && len(stem) >= 2 {
				return []string{stem + rule[1-i]}
			}
		}
	}
	return nil
}
