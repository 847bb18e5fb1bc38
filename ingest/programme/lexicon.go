package programme

import (
	"embed"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// concept names a file of the lexicon: the words that people in many languages
// use for one thing.
type concept string

// The concepts that the code asks for by name.
const (
	cBreak      concept = "break"
	cMeal       concept = "meal"
	cSocial     concept = "social"
	cOpening    concept = "opening"
	cClosing    concept = "closing"
	cOther      concept = "other"
	cKeynote    concept = "keynote"
	cInvited    concept = "invited"
	cPanel      concept = "panel"
	cTutorial   concept = "tutorial"
	cWorkshop   concept = "workshop"
	cLightning  concept = "lightning"
	cPoster     concept = "poster"
	cDemo       concept = "demo"
	cDiscussion concept = "discussion"
	cSession    concept = "session"
	cAbstract   concept = "abstract"
	cBio        concept = "bio"
	cSpeakers   concept = "speakers"
	cBy         concept = "by"
	cChair      concept = "chair"
	cModerator  concept = "moderator"
	cSlides     concept = "slides"
	cVideo      concept = "video"
	cPaper      concept = "paper"
	cRoom       concept = "room"
	cVenue      concept = "venue"
	cWhen       concept = "when"
	cTime       concept = "time"
	cColumn     concept = "column"
	cOrganizers concept = "organizers"
	cTopics     concept = "topics"
	cKeywords   concept = "keywords"
	cPrevious   concept = "previous"
	cHistory    concept = "history"
	cEarlier    concept = "earlier"
	cGatherings concept = "gatherings"
	cProgramme  concept = "programme"
	cOrdinals   concept = "ordinals"
	cParticles  concept = "particles"
	cHonorifics concept = "honorifics"
	cOrg        concept = "org"
	cRoles      concept = "roles"
	cBioWords   concept = "biowords"
	cAward      concept = "award"
	cOfTalk     concept = "oftalk"
	cGroup      concept = "group"
	cTitleWords concept = "titlewords"
	cParallel   concept = "parallel"
	cStop       concept = "stop"
	cControl    concept = "control"
	cNotDay     concept = "notday"
	cOrgEnd     concept = "orgend"
	cHouse      concept = "house"
	cAt         concept = "at"
	cZone       concept = "zone"
	cAnd        concept = "and"
	cCountry    concept = "country"
	cCity       concept = "city"
	cFirstName  concept = "firstname"
)

// lexicon holds the words of every concept, folded.
type lexicon struct {
	words map[concept]map[string]bool
	// most is the number of words in a concept's longest phrase.
	most map[concept]int
	// dense has the phrases of writings without blanks, which are found
	// inside a text rather than between its blanks.
	dense map[concept][]string
	// tongues tells in which languages a word for breaks, days and the like is at home.
	tongues  map[string][]string
	months   map[string]int // 1 to 12
	weekdays map[string]int // 0 is Sunday
}

// lex gives the lexicon, read from the embedded files when first asked for.
var lex = sync.OnceValue(readLexicon)

func readLexicon() *lexicon {
	l := &lexicon{
		words: map[concept]map[string]bool{}, most: map[concept]int{}, dense: map[concept][]string{}, tongues: map[string][]string{}, months: map[string]int{}, weekdays: map[string]int{},
	}
	entries, err := lexiconFiles.ReadDir("lexicon")
	if err != nil {
		panic("programme: the embedded lexicon is unreadable: " + err.Error())
	}
	for _, e := range entries {
		data, err := lexiconFiles.ReadFile(path.Join("lexicon", e.Name()))
		if err != nil {
			panic("programme: the embedded lexicon is unreadable: " + err.Error())
		}
		name := concept(strings.TrimSuffix(e.Name(), ".txt"))
		for line := range strings.Lines(string(data)) {
			line = strings.TrimSpace(line)
			lang, list, ok := strings.Cut(line, ":")
			if !ok || strings.HasPrefix(line, "#") {
				continue
			}
			words := strings.Split(list, ",")
			l.take(name, words)
			l.takeTongue(name, lang, words)
		}
	}
	return l
}

func (l *lexicon) take(name concept, list []string) {
	for i, w := range list {
		w = fold(w)
		if w == "" {
			continue
		}
		switch name {
		case "months":
			l.months[w] = i + 1
			continue
		case "weekdays":
			l.weekdays[w] = (i + 1) % 7
			continue
		}
		if l.words[name] == nil {
			l.words[name] = map[string]bool{}
		}
		l.words[name][w] = true
		l.most[name] = max(l.most[name], len(strings.Fields(w)))
		if first, _ := utf8.DecodeRuneInString(w); denseScript(first) {
			l.dense[name] = append(l.dense[name], w)
		}
	}
}

// denseScript says whether a writing sets no blanks between words.
func denseScript(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) || unicode.Is(unicode.Hangul, r)
}

// fold makes words comparable: lower case, no accents, every stretch of other
// signs one blank. "Pause-café!" and "pause cafe" fold to the same.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := true
	emit := func(r rune) {
		b.WriteRune(r)
		blank = false
	}
	if isPlain(s) {
		for i := range len(s) {
			c := s[i]
			switch {
			case c >= 'A' && c <= 'Z':
				emit(rune(c) + 'a' - 'A')
			case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '&':
				emit(rune(c))
			case !blank:
				b.WriteByte(' ')
				blank = true
			}
		}
		return strings.TrimRight(b.String(), " ")
	}
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			if unicode.In(r, unicode.Hiragana, unicode.Katakana) || r == '\u3099' || r == '\u309a' {
				b.WriteRune(r)
			}
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '&':
			switch r {
			case 'ß', 'ẞ':
				b.WriteString("ss")
				blank = false
				continue
			case 'ø', 'Ø':
				r = 'o'
			case 'ł', 'Ł':
				r = 'l'
			case 'ı':
				r = 'i'
			case 'ς':
				r = 'σ'
			case 'æ', 'Æ':
				b.WriteString("ae")
				blank = false
				continue
			}
			emit(unicode.ToLower(r))
		case !blank:
			b.WriteByte(' ')
			blank = true
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// is says whether the whole of a folded text is a phrase of the concept.
func (l *lexicon) is(c concept, folded string) bool { return l.words[c][folded] }

// begins gives how many words of the text a phrase of the concept takes at its
// beginning, or 0.
func (l *lexicon) begins(c concept, words []string) int {
	for n := min(l.most[c], len(words)); n > 0; n-- {
		if l.words[c][strings.Join(words[:n], " ")] {
			return n
		}
	}
	return 0
}

// ends gives how many words a phrase of the concept takes at the end, or 0.
func (l *lexicon) ends(c concept, words []string) int {
	for n := min(l.most[c], len(words)); n > 0; n-- {
		if l.words[c][strings.Join(words[len(words)-n:], " ")] {
			return n
		}
	}
	return 0
}

// count gives how many words of the text belong to phrases of the concept.
func (l *lexicon) count(c concept, words []string) int {
	total := 0
	for i := 0; i < len(words); {
		if n := l.begins(c, words[i:]); n > 0 {
			total += n
			i += n
			continue
		}
		i++
	}
	if total == 0 && len(l.dense[c]) > 0 {
		for _, w := range words {
			if first, _ := utf8.DecodeRuneInString(w); !denseScript(first) {
				continue
			}
			for _, d := range l.dense[c] {
				if strings.Contains(w, d) {
					total++
					break
				}
			}
		}
	}
	return total
}

// has says whether a phrase of the concept stands anywhere in the text.
func (l *lexicon) has(c concept, words []string) bool { return l.count(c, words) > 0 }

// takeTongue remembers whose words the programme's own words are.
func (l *lexicon) takeTongue(name concept, lang string, list []string) {
	switch name {
	case cBreak, cMeal, cOpening, cClosing, cOther, "weekdays", "months", cProgramme, cVenue, cSpeakers, cTime, cSocial, cDiscussion:
	default:
		return
	}
	for _, w := range list {
		w = fold(w)
		if len(w) < 3 && isPlain(w) || slices.Contains(l.tongues[w], lang) {
			continue
		}
		l.tongues[w] = append(l.tongues[w], lang)
	}
}
