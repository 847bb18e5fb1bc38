package archive

import (
	"regexp"
	"slices"
	"strings"
)

// likeness of two names: how sure they could be one human's, from 0 to 1, and
// in which way they are alike.
type nameLikeness struct {
	score  float64
	reason string
}

// likeNames compares two printed names by the ways in which one human's name
// comes to be printed differently. 0 when they are not alike.
func likeNames(wa, wb []string) nameLikeness {
	if len(wa) == 0 || len(wb) == 0 || suffixOf(wa) != suffixOf(wb) && suffixOf(wa) != "" && suffixOf(wb) != "" {
		return nameLikeness{}
	}
	ka, kb := sortedWords(wa), sortedWords(wb)
	switch {
	case slices.Equal(wa, wb):
		return equalNames(wa)
	case slices.Equal(ka, kb) && commonName(wa):
		return nameLikeness{0.4, "the same two names in the other order, each common as either"}
	case slices.Equal(ka, kb) && len(wa) > 2 && wa[0] == wb[0]:
		return nameLikeness{0.5, "the same family names in another order"}
	case slices.Equal(ka, kb):
		return nameLikeness{0.88, "the same name in another order"}
	case strings.Join(wa, "") == strings.Join(wb, ""):
		return nameLikeness{0.85, "the same letters, parted otherwise"}
	case slices.Equal(spelled(wa, umlauts), spelled(wb, umlauts)):
		return nameLikeness{0.85, "the same name with ä, ö, ü or å spelled out"}
	case slices.Equal(spelled(wa, skeleton), spelled(wb, skeleton)), slices.Equal(spelled(wa, shortVowels), spelled(wb, shortVowels)):
		return nameLikeness{0.75, "the same name, transliterated otherwise"}
	}
	// Each way, since which word is taken for the family name depends on it.
	one, other := alignNames(wa, wb), alignNames(wb, wa)
	if other.score > one.score {
		return other
	}
	return one
}

func equalNames(words []string) nameLikeness {
	switch {
	case len(words) == 1:
		return nameLikeness{0.45, "the same single name"}
	case commonName(words):
		return nameLikeness{0.6, "the same name, which is a common one"}
	}
	return nameLikeness{0.9, "the same name"}
}

func sortedWords(words []string) []string {
	s := slices.Clone(words)
	slices.Sort(s)
	return s
}

func suffixOf(words []string) string {
	for _, w := range words {
		if suffixes[w] {
			return strings.NewReplacer("junior", "jr", "senior", "sr").Replace(w)
		}
	}
	return ""
}

func spelled(words []string, with func(string) string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = with(w)
	}
	return list
}

// umlauts undoes the spelling out of letters with dots and rings, which
// folding makes plain.
func umlauts(w string) string { return umlautSpelling.Replace(w) }

var umlautSpelling = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u", "aa", "a")

// skeleton is what is left of a word when the ways to transliterate it are
// evened out: Yuriy, Yuri and Iurii have one, so have Alexey and Aleksei.
func skeleton(w string) string {
	s := w
	for _, d := range greekDigraphs {
		if rest, ok := strings.CutPrefix(s, d[0]); ok {
			s = d[1] + rest
		}
	}
	if strings.Contains(s, "yo") { // hardly ever, and looking so is cheap
		s = innerYo.ReplaceAllString(s, "${1}e")
	}
	s = skeletonSpelling.Replace(s)
	s = halfVowels.Replace(s)
	var b strings.Builder
	last := rune(0)
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return strings.TrimSuffix(b.String(), "i")
}

// greekDigraphs are how Greek writes b, d and g at the beginning of a word.
var greekDigraphs = [][2]string{{"mp", "b"}, {"nt", "d"}, {"gk", "g"}}

// innerYo is ё after a consonant, which is written as e as often: Fyodor, Fedor.
var innerYo = regexp.MustCompile(`([bcdfghklmnprstvwxz])yo`)

// shortVowels is what is left of a Japanese word when the ways to write long
// vowels are evened out: Kouji, Kohji and Kōji are one, so are Shimpei and Shinpei.
func shortVowels(w string) string { return longVowels.Replace(w) }

var longVowels = strings.NewReplacer("ou", "o", "oh", "o", "oo", "o", "uu", "u", "mp", "np", "mb", "nb", "mm", "nm")

var halfVowels = strings.NewReplacer("y", "i", "j", "i")

var skeletonSpelling = strings.NewReplacer(
	"shch", "sc", "sch", "sc", "tch", "c", "tsch", "c", "ch", "c", "sh", "s", "zh", "z", "kh", "h", "ts", "c", "tz", "c", "ks", "x",
	"ph", "f", "th", "t", "ck", "k", "ou", "u", "oo", "u", "ee", "i", "iu", "u", "yu", "u", "ju", "u", "ia", "a", "ya", "a", "ja", "a", "ye", "e", "ie", "e",
	"je", "e", "yo", "o", "jo", "o", "io", "o", "w", "v", "ff", "v", "dzh", "j", "dj", "j", "gh", "g", "ai", "ei", "ay", "ei", "ey", "ei",
)

// alignNames goes through two names word by word: the family name must be
// there, given names may be cut to initials, left out or familiar forms.
func alignNames(a, b []string) nameLikeness {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(b) == 1 {
		if len(b[0]) > 2 && slices.Contains(a, b[0]) {
			return nameLikeness{0.3, "one is a part of the other"}
		}
		return nameLikeness{}
	}
	lastA, lastB := a[len(a)-1], b[len(b)-1]
	switch {
	case likeWord(lastA, lastB) > 0:
		return alignGiven(a[:len(a)-1], b[:len(b)-1], likeWord(lastA, lastB))
	case len(lastB) == 1 && likeWord(lastA, b[0]) == 1:
		// "Danglot B." with the family name first.
		return alignGiven(a[:len(a)-1], b[1:], 1)
	case len(lastA) == 1 && likeWord(lastB, a[0]) == 1:
		return alignGiven(b[:len(b)-1], a[1:], 1)
	case len(a) > len(b) && a[0] == b[0] && subset(b, a):
		return nameLikeness{0.6, "one leaves a family name out"}
	case len(b) > 2 && len(a) == len(b) && len(lastB) == 1 && lastA[0] == lastB[0] && slices.Equal(a[:len(a)-1], b[:len(b)-1]):
		return nameLikeness{0.6, "an initial for a family name"}
	case len(b) > 2 && len(a) == len(b) && len(lastA) == 1 && lastA[0] == lastB[0] && slices.Equal(a[:len(a)-1], b[:len(b)-1]):
		return nameLikeness{0.6, "an initial for a family name"}
	case len(a) > 3 && a[0] == b[0] && lastB == a[len(a)-2] && alignGiven(a[:len(a)-2], b[:len(b)-1], 1).score > 0:
		return nameLikeness{0.5, "one leaves a family name out and cuts a name short"}
	}
	return nameLikeness{}
}

// alignGiven weighs given names, where the family names are alike as told.
func alignGiven(a, b []string, family float64) nameLikeness {
	if len(a) < len(b) {
		a, b = b, a
	}
	worst, kind := alignWord(a[0], b[0])
	if worst == 0 {
		return nameLikeness{}
	}
	// Middle names: each of the shorter must be in the longer, in order.
	at := 1
	for _, w := range b[1:] {
		found := false
		for ; at < len(a) && !found; at++ {
			score, how := alignWord(a[at], w)
			if found = score > 0; found && score < worst {
				worst, kind = score, how
			}
		}
		if !found {
			return nameLikeness{}
		}
	}
	if len(a) != len(b) && worst > 0.75 {
		worst, kind = 0.75, "one leaves a middle name out"
	}
	if family < 1 {
		worst, kind = min(worst, 0.9)*family, "one letter differs"
		if kind != "" && worst < 0.4 {
			return nameLikeness{}
		}
	}
	return nameLikeness{worst, kind}
}

// alignWord weighs one given name against another.
func alignWord(a, b string) (float64, string) {
	switch {
	case a == b:
		return 0.9, "the same name"
	case len(a) == 1 || len(b) == 1:
		if a[0] == b[0] {
			return 0.55, "an initial for a given name"
		}
		return 0, ""
	case familiar(a, b):
		return 0.7, "a familiar form of a given name"
	case skeleton(a) == skeleton(b) || umlauts(a) == umlauts(b) || len(a) > 3 && shortVowels(a) == shortVowels(b):
		return 0.72, "a given name spelled otherwise"
	case len(a) > 3 && len(b) > 3 && nearlyWord(a, b):
		return 0.6, "one letter of a given name differs"
	}
	return 0, ""
}

// likeWord weighs two family names: 1 the same or spelled otherwise, less when
// a letter differs.
func likeWord(a, b string) float64 {
	switch {
	case a == b:
		return 1
	case umlauts(a) == umlauts(b), len(a) > 3 && (skeleton(a) == skeleton(b) || shortVowels(a) == shortVowels(b)):
		return 0.9
	case nearlyWord(a, b) && len(a) > 5:
		return 0.65
	}
	return 0
}

func subset(few, many []string) bool {
	for _, w := range few {
		if !slices.Contains(many, w) {
			return false
		}
	}
	return true
}

// familiar says whether two given names are forms of one.
func familiar(a, b string) bool {
	for _, group := range familiarForms {
		if slices.Contains(group, a) && slices.Contains(group, b) {
			return true
		}
	}
	return false
}

// familiarForms are given names that go by each other. A form may stand in
// several groups: Alex is either.
var familiarForms = [][]string{
	{"joseph", "joe", "josef", "jo", "jose"}, {"robert", "bob", "rob", "bobby", "robbie"}, {"william", "bill", "will", "billy", "willem", "wim"},
	{"richard", "rick", "dick", "rich", "ricky"}, {"james", "jim", "jimmy", "jamie"}, {"john", "jack", "jon", "johnny"},
	{"jonathan", "jon", "jonny", "jonathon"}, {"michael", "mike", "mick", "mikael", "michel", "misha", "mikhail"}, {"thomas", "tom", "tommy"},
	{"daniel", "dan", "danny"}, {"david", "dave", "davey"}, {"christopher", "chris", "kris", "christoph", "christophe"},
	{"christine", "chris", "christina", "tina"}, {"nicholas", "nick", "nicolas", "nico", "nikolaus"}, {"alexander", "alex", "sasha", "sascha", "aleksandr", "xander"},
	{"alexandra", "alex", "sasha", "sandra"}, {"benjamin", "ben", "benny"}, {"samuel", "sam"}, {"samantha", "sam"}, {"matthew", "matt", "mathew"},
	{"matthias", "matt", "mattias", "mathias"}, {"andrew", "andy", "drew", "andrei", "andrey"}, {"andreas", "andy", "andi"}, {"anthony", "tony", "antony"},
	{"antonio", "tony", "toni"}, {"steven", "steve", "stephen", "stefan", "stephan"}, {"gregory", "greg"}, {"jeffrey", "jeff", "geoff", "geoffrey"},
	{"kenneth", "ken", "kenny"}, {"edward", "ed", "eddie", "ted", "ned"}, {"frederick", "fred", "freddy", "fredrik"}, {"peter", "pete", "petr", "pieter", "piet"},
	{"philip", "phil", "phillip", "philippe"}, {"patrick", "pat", "paddy"}, {"patricia", "pat", "trish", "patty"}, {"timothy", "tim"},
	{"elizabeth", "liz", "beth", "betty", "eliza", "lisa", "libby", "elisabeth"}, {"katherine", "kate", "katie", "kathy", "cathy", "catherine", "kat", "kathryn"},
	{"margaret", "maggie", "meg", "peggy", "greta"}, {"susan", "sue", "susanne", "suzy"}, {"deborah", "deb", "debbie"}, {"jennifer", "jen", "jenny"},
	{"rebecca", "becky", "becca"}, {"victoria", "vicky", "tori", "vika"}, {"victor", "vic", "viktor"}, {"ronald", "ron"}, {"donald", "don"},
	{"raymond", "ray"}, {"lawrence", "larry", "laurence", "lars"}, {"gerald", "gerry", "jerry"}, {"charles", "charlie", "chuck", "karl", "carl"},
	{"francis", "frank", "fran"}, {"zachary", "zach", "zack"}, {"nathaniel", "nathan", "nate", "nat"}, {"leonard", "leo", "len", "lenny"},
	{"douglas", "doug"}, {"maximilian", "max"}, {"maxim", "max", "maksim"}, {"dmitry", "dima", "dmitri", "dmitriy"}, {"vladimir", "vlad", "volodymyr"},
	{"sergey", "sergei", "serge", "serhiy"}, {"ekaterina", "katya", "kate", "katerina"}, {"anastasia", "nastya"}, {"evgeny", "eugene", "evgenii", "zhenya"},
	{"maria", "ma"}, {"giorgos", "yiorgos", "yorgos", "georgios", "george"}, {"giannis", "yannis", "yiannis", "ioannis"},
	{"johannes", "hans", "johan", "jan"}, {"francisco", "paco", "pancho"}, {"ignacio", "nacho"}, {"guillaume", "will"}, {"pamela", "pam"},
	{"abigail", "abby"}, {"isabella", "bella", "isabel"}, {"theodore", "ted", "theo"}, {"walter", "walt"}, {"arthur", "art"}, {"albert", "al", "bert"},
	{"alan", "al", "allan", "allen"}, {"martin", "marty"}, {"stanley", "stan"}, {"russell", "russ"}, {"mitchell", "mitch"}, {"josh", "joshua"},
	{"gabriel", "gabe"}, {"jacob", "jake", "jakob"}, {"joel", "joe"}, {"oliver", "ollie"}, {"harold", "harry", "hal"}, {"henry", "harry", "hank", "henrik"},
}
