package archive

import (
	"regexp"
	"slices"
	"strings"

	"rostrum/internal/fold"
)

// honorifics are titles that stand before or behind a name and belong to no name.
var honorifics = map[string]bool{
	"dr": true, "prof": true, "professor": true, "doctor": true, "mr": true, "mrs": true, "ms": true, "miss": true, "sir": true,
	"dame": true, "ing": true, "dipl": true, "habil": true, "phd": true, "md": true, "msc": true, "bsc": true, "mba": true,
	"esq": true, "emeritus": true, "herr": true, "frau": true, "assoc": true, "asst": true, "docent": true,
}

// suffixes tell namesakes apart within a family; they stay part of the name.
var suffixes = map[string]bool{"jr": true, "sr": true, "junior": true, "senior": true, "ii": true, "iii": true, "iv": true}

// pronouns are what people put behind their names on badges.
var pronouns = regexp.MustCompile(`(?i)\s[(\[]?(?:he|she|they|xe|ze|any)\s?/\s?[a-z]+(?:\s?/\s?[a-z]+)?[)\]]?\s*$`)

// NameWords returns the words of a name for comparing: folded, in Latin
// letters where they can be, without "Dr." and its like, in the order printed.
// "Armstrong, Joe" gives its given name first. nil when nothing is left.
func NameWords(name string) []string {
	family, given, comma := strings.Cut(name, ",")
	if comma && !strings.Contains(given, ",") && len(nameWords(given)) > 0 && !suffixes[fold.Key(given)] {
		return nameWords(given + " " + family)
	}
	return nameWords(name)
}

func nameWords(name string) []string {
	if strings.Contains(name, "/") {
		name = pronouns.ReplaceAllString(name, " ")
	}
	// "Ph.D." and "M.Sc." are one word each; "J.R.R." is three.
	for _, t := range []string{"Ph.D.", "Ph.D", "Ph. D.", "M.Sc.", "B.Sc.", "M.D."} {
		if strings.HasSuffix(name, " "+t) || strings.HasSuffix(name, ","+t) || strings.HasPrefix(name, t+" ") {
			name = strings.ReplaceAll(name, t, " ")
		}
	}
	all := strings.Fields(fold.Latin(name))
	words := slices.DeleteFunc(slices.Clone(all), func(w string) bool { return honorifics[w] })
	if len(words) < 2 && len(all) > 1 {
		// "Ms Marvel" is called so, and somebody's name may be Ing.
		return all
	}
	return words
}

// NameKey is what two names have in common that differ only in case, accents,
// punctuation, titles and the order of their parts: "Dr. Armstrong Joe" and
// "Joe Armstrong" have one. "" when the name has no letter.
func NameKey(name string) string {
	words := slices.Clone(NameWords(name))
	slices.Sort(words)
	return strings.Join(words, " ")
}

// NameSort is the key by which names are listed: the last word first, as most
// lists of people do, then the others. Particles go with the family name no
// more than they do in a Dutch telephone book: "Guido van Rossum" stands at R.
func NameSort(name string) string {
	words := NameWords(name)
	if len(words) < 2 {
		return strings.Join(words, " ")
	}
	last := len(words) - 1
	for last > 1 && suffixes[words[last]] {
		last--
	}
	return strings.Join(append([]string{words[last]}, slices.Concat(words[:last], words[last+1:])...), " ")
}

// PlainName drops the titles before and behind a printed name, and pronouns, keeping its
// spelling: what a Person is called when first met. A name that would be
// left with less than two words stays as it is.
func PlainName(name string) string {
	fields := strings.Fields(pronouns.ReplaceAllString(name, ""))
	for len(fields) > 2 && honorifics[fold.Key(fields[0])] {
		fields = fields[1:]
	}
	for len(fields) > 2 && honorifics[strings.ReplaceAll(fold.Key(fields[len(fields)-1]), " ", "")] {
		fields = fields[:len(fields)-1]
	}
	return strings.TrimRight(strings.Join(fields, " "), ",;")
}

// HasWords says whether s holds a letter or digit at all, so that something
// can be called by it.
func HasWords(s string) bool { return fold.Key(s) != "" }
