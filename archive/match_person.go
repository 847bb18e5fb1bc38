package archive

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/internal/fold"
)

// Printed is one place where a person's name was printed, as the matching
// weighs it against a new Credit.
type Printed struct {
	Name        string
	Affiliation string
	URL         string
	SameTalk    bool // on the talk of the new Credit
	SameEdition bool
	SameSeries  bool
}

// ChoosePerson says which of several people, each with the places where their
// names were printed, a Credit means; all have its NameKey. -1 is none of them:
// the reasons are not strong enough, or speak against it. Two different people
// merged are worse than one person on two pages, which a proposal mends.
func ChoosePerson(c Credit, people [][]Printed) int {
	best, bestScore := -1, 0
	for i, places := range people {
		if s := samePerson(c, places); s > bestScore {
			best, bestScore = i, s
		}
	}
	return best
}

// samePerson weighs one person: 0 is not, or not surely, the same.
func samePerson(c Credit, places []Printed) int {
	words := NameWords(c.Name)
	name := strings.Join(words, " ")
	common := commonName(words)
	straight, agrees, differs, near := false, false, false, false
	for _, p := range places {
		swapped := strings.Join(NameWords(p.Name), " ") != name
		other := differentAffiliation(c.Affiliation, p.Affiliation)
		switch {
		case differentIdentity(c.URL, p.URL),
			p.SameTalk && other,
			p.SameEdition && swapped,
			p.SameEdition && common && other:
			return 0
		}
		straight = straight || !swapped
		agrees = agrees || sameAffiliation(c.Affiliation, p.Affiliation) || sameIdentity(c.URL, p.URL)
		differs = differs || other
		near = near || p.SameSeries || p.SameEdition
	}
	switch {
	case agrees:
		return 4
	case common && differs:
		return 0
	case !straight && common:
		// "Li Chen" and "Chen Li" are two people as often as one.
		return 0
	case len(words) < 2 && !near && !wholeName(c.Name):
		// Half the conferences have an "Anna".
		return 0
	case near:
		return 3
	case straight:
		return 2
	}
	return 1
}

// wholeName says whether a name of one word tells a human apart nevertheless:
// names written without spaces (한가람, 山田太郎), and long ones (a handle).
func wholeName(name string) bool {
	letters := 0
	for _, r := range name {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
			letters += 3
		case unicode.IsLetter(r):
			letters++
		}
	}
	return letters > 7
}

// PersonLike says whether a printed name can be a human's: not a placeholder,
// a role or an address. Credits that fail stay unresolved.
func PersonLike(name string) bool {
	words := fold.Words(name)
	if len(words) == 0 || len(words) > 7 || strings.ContainsAny(name, "@<>{}") || strings.Contains(name, "://") {
		return false
	}
	digits := false
	for _, w := range words {
		digits = digits || strings.ContainsAny(w, "0123456789")
	}
	if digits && len(words) > 3 {
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool { return !nobody[w] })
}

// nobody are the words of credits that name no human.
var nobody = map[string]bool{
	"tba": true, "tbd": true, "tbc": true, "to": true, "be": true, "announced": true, "confirmed": true, "various": true, "several": true,
	"multiple": true, "speakers": true, "speaker": true, "presenters": true, "presenter": true, "authors": true, "author": true, "all": true,
	"everyone": true, "everybody": true, "panel": true, "panelists": true, "panellists": true, "audience": true, "attendees": true,
	"participants": true, "organizers": true, "organisers": true, "organizer": true, "organizing": true, "organising": true,
	"committee": true, "team": true, "staff": true, "unknown": true, "anonymous": true, "none": true, "na": true, "n": true, "and": true,
	"others": true, "other": true, "et": true, "al": true, "the": true, "you": true, "us": true, "chairs": true, "chair": true,
	"community": true, "volunteers": true, "moderator": true, "host": true, "hosts": true, "guest": true, "guests": true, "of": true,
}

// commonName tells names that many people bear in both orders: two syllables
// that are each a family name to millions.
func commonName(words []string) bool {
	if len(words) != 2 {
		return false
	}
	return frequentSyllables[words[0]] && frequentSyllables[words[1]]
}

// frequentSyllables are family names of China, Korea and Vietnam (in Latin
// letters) that are frequent given names too.
var frequentSyllables = map[string]bool{
	"li": true, "wang": true, "zhang": true, "liu": true, "chen": true, "yang": true, "huang": true, "zhao": true, "wu": true, "zhou": true,
	"xu": true, "sun": true, "ma": true, "zhu": true, "hu": true, "guo": true, "he": true, "lin": true, "gao": true, "luo": true,
	"zheng": true, "liang": true, "xie": true, "song": true, "tang": true, "han": true, "feng": true, "deng": true, "cao": true,
	"peng": true, "zeng": true, "xiao": true, "tian": true, "dong": true, "pan": true, "yuan": true, "cai": true, "jiang": true, "yu": true,
	"du": true, "ye": true, "cheng": true, "wei": true, "su": true, "lu": true, "ding": true, "ren": true, "lei": true, "fang": true,
	"shi": true, "yao": true, "xin": true, "jie": true, "ying": true, "jing": true, "ming": true, "jun": true, "ping": true,
	"hong": true, "hui": true, "bo": true, "bin": true, "qi": true, "yi": true, "rui": true, "tao": true, "lee": true, "kim": true, "park": true,
	"min": true, "jin": true, "lim": true, "cho": true, "choi": true, "ho": true, "long": true, "xia": true, "yan": true, "fan": true,
	"nguyen": true, "tran": true, "le": true, "pham": true, "anh": true, "minh": true, "chan": true, "wong": true, "qian": true, "qin": true,
	"ning": true, "kang": true, "gong": true, "yin": true, "chang": true, "zhong": true, "zhen": true, "hao": true, "kai": true,
	"lan": true, "mei": true, "shu": true, "weng": true, "hua": true, "jia": true, "xing": true, "dan": true, "na": true, "bai": true,
}

func sameAffiliation(a, b string) bool {
	return affiliationLikeness(a, b) >= 0.5
}

// differentAffiliation needs both to be known and to share no telling word.
func differentAffiliation(a, b string) bool {
	return HasWords(a) && HasWords(b) && affiliationLikeness(a, b) == 0
}

// affiliationLikeness is the share of the shorter one's telling words that the
// other has, its initials counted as the name they stand for.
func affiliationLikeness(a, b string) float64 {
	wa, wb := affiliationWords(a), affiliationWords(b)
	if len(wa) == 0 || len(wb) == 0 {
		return 0
	}
	if initials(a) == fold.Key(b) || initials(b) == fold.Key(a) {
		return 1
	}
	if len(wa) > len(wb) {
		wa, wb = wb, wa
	}
	common := 0
	for _, w := range wa {
		if slices.Contains(wb, w) {
			common++
		}
	}
	return float64(common) / float64(len(wa))
}

// affiliationWords leaves out what half of all affiliations say.
func affiliationWords(s string) []string {
	return slices.DeleteFunc(fold.Words(s), func(w string) bool { return commonplace[w] || strings.HasPrefix(w, "universit") })
}

var commonplace = map[string]bool{
	"university": true, "universitat": true, "universita": true, "universidad": true, "of": true, "the": true, "and": true,
	"for": true, "institute": true, "institut": true, "technology": true, "technical": true, "research": true, "inc": true, "ltd": true,
	"llc": true, "gmbh": true, "ab": true, "department": true, "dept": true, "school": true, "college": true, "lab": true, "labs": true,
	"laboratory": true, "center": true, "centre": true, "at": true, "in": true, "de": true, "la": true, "di": true, "company": true,
	"corporation": true, "corp": true, "science": true, "sciences": true, "computer": true, "engineering": true, "national": true,
	"software": true, "ceo": true, "cto": true, "engineer": true, "developer": true, "professor": true, "founder": true, "co": true,
}

func initials(s string) string {
	var b strings.Builder
	for _, w := range fold.Words(s) {
		switch w {
		case "of", "the", "and", "for", "de", "la", "in", "at":
		default:
			_, size := utf8.DecodeRuneInString(w)
			b.WriteString(w[:size])
		}
	}
	if b.Len() < 2 {
		return "\x00" // a single letter stands for nothing
	}
	return b.String()
}

// identity returns who an address says somebody is, at the few places where
// an address is a person; "" elsewhere.
func identity(url string) string {
	_, rest, ok := strings.Cut(strings.ToLower(strings.TrimSpace(url)), "://")
	if !ok {
		return ""
	}
	rest = strings.TrimPrefix(rest, "www.")
	for _, host := range []string{"orcid.org/", "github.com/", "twitter.com/", "x.com/", "linkedin.com/in/"} {
		if name, ok := strings.CutPrefix(rest, host); ok {
			name, _, _ = strings.Cut(strings.Trim(name, "/"), "/")
			name, _, _ = strings.Cut(name, "?")
			if name != "" {
				return host + name
			}
		}
	}
	return ""
}

// sameIdentity: the same ORCID or account, or the same home page to the letter.
func sameIdentity(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if ia := identity(a); ia != "" {
		return ia == identity(b)
	}
	return strings.TrimRight(a, "/") == strings.TrimRight(b, "/")
}

// differentIdentity: two ORCIDs. People do have two accounts elsewhere.
func differentIdentity(a, b string) bool {
	ia, ib := identity(a), identity(b)
	return strings.HasPrefix(ia, "orcid.org/") && strings.HasPrefix(ib, "orcid.org/") && ia != ib
}
