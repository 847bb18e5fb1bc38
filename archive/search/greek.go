package search

import (
	"strings"
	"unicode/utf8"
)

// greekEndings are the endings of Greek nouns, adjectives and verbs, folded
// (no accents, σ for ς), longest first within each round. Two rounds are
// taken: what makes a word of another (-ικος, -οποιηση), then what bends it.
var greekEndings = [...][]string{
	{
		"ουμενουσ", "ουμενων", "ομενουσ", "ουμενοσ", "ουμενη", "ουμενα", "ομαστε", "ομουνα", "ομενων", "ομενοσ", "ησουμε", "ουνται", "ονταν",
		"ομενη", "ομενα", "ιζουμε", "ηθηκαν", "ηθηκε", "ουσαν", "ονται", "ουσεσ", "ματων", "ματοσ", "ουμε", "ησαν", "ησει", "ησουν", "ιζει", "ιζουν",
		"εων", "εωσ", "ιων", "ουν", "ετε", "εται", "ησω", "ησε", "ματα", "εισ", "ουσ", "ιου", "ιασ", "ιοσ", "ιεσ",
		"ησ", "οσ", "ασ", "εσ", "ων", "ου", "οι", "ει", "ισ", "υσ", "ια", "ιο", "ην", "ον", "αν", "μα",
		"α", "η", "ο", "ι", "ε", "ω", "υ",
	},
	{"οποιησ", "οτητ", "ικοτητ", "ιστικ", "τικ", "ικ", "ισμ", "ησ", "ωσ", "ασ"},
}

// greekStem cuts a folded Greek word to what its forms have in common. It is
// light on purpose: at least three letters stay, and no vowel is guessed back.
func greekStem(w string) string {
	for _, round := range greekEndings {
		for _, end := range round {
			if rest, ok := strings.CutSuffix(w, end); ok && utf8.RuneCountInString(rest) >= 3 {
				w = rest
				break
			}
		}
	}
	return w
}
