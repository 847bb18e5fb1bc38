package programme

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rostrum/archive"
)

// pauseKinds are the kinds of items that nobody gives, each with its concept.
var pauseKinds = []struct {
	concept concept
	kind    archive.Kind
}{
	{cMeal, archive.KindMeal}, {cBreak, archive.KindBreak}, {cOther, archive.KindOther}, {cOpening, archive.KindOpening}, {cClosing, archive.KindClosing},
	{cSocial, archive.KindSocial},
}

// givenKinds are the special kinds of talks, the stronger before the weaker.
var givenKinds = []struct {
	concept concept
	kind    archive.Kind
}{
	{cKeynote, archive.KindKeynote}, {cInvited, archive.KindInvited}, {cPanel, archive.KindPanel}, {cTutorial, archive.KindTutorial}, {cWorkshop, archive.KindWorkshop},
	{cLightning, archive.KindLightning}, {cPoster, archive.KindPoster}, {cDemo, archive.KindDemo}, {cDiscussion, archive.KindDiscussion},
}

// pauseKind says which kind of pause a piece names, or "" when it names none: a
// line of few words most of which are of a pause.
func (r *reader) pauseKind(p *piece) archive.Kind {
	if p.inner || r.off("pauses") {
		return ""
	}
	return p.pause
}

func pauseOf(w []string) archive.Kind {
	if len(w) == 0 || len(w) > 12 {
		return ""
	}
	l := lex()
	whole := strings.Join(w, " ")
	for _, k := range pauseKinds {
		if l.is(k.concept, whole) {
			return k.kind
		}
	}
	best, most := archive.Kind(""), 0.0
	first, _ := utf8.DecodeRuneInString(w[0])
	for _, k := range pauseKinds {
		n := float64(l.count(k.concept, w))
		if n == 0 {
			continue
		}
		if l.begins(k.concept, w) > 0 {
			n += 0.6
		} else if l.ends(k.concept, w) > 0 {
			n += 0.4
		}
		if n > most {
			best, most = k.kind, n
		}
	}
	small := float64(l.count(cStop, w))
	need := 0.5 * (float64(len(w)) - 0.5*small)
	if denseScript(first) {
		need = 0
		if utf8.RuneCountInString(whole) > 14 {
			return ""
		}
	}
	if best != "" && (most >= need || len(w) <= 3 && most >= 1.4 || len(w) <= 6 && l.begins(kindConcept(best), w) > 0 && (best == archive.KindMeal || best == archive.KindBreak || best == archive.KindOther)) {
		return best
	}
	return ""
}

func kindConcept(k archive.Kind) concept {
	for _, p := range pauseKinds {
		if p.kind == k {
			return p.concept
		}
	}
	return ""
}

// kindOf tells an item's kind from its title, from what was cut off it
// ("Keynote:") and from its session.
func kindOf(title, prefix, session string, people int) archive.Kind {
	w := strings.Fields(fold(title))
	if people == 0 || len(w) <= 3 {
		if k := pauseOf(w); k != "" {
			if people > 0 && (k == archive.KindBreak || k == archive.KindMeal) {
				return archive.KindTalk
			}
			return k
		}
	}
	if k := givenByPrefix(strings.Fields(fold(prefix))); k != "" {
		return k
	}
	if k := givenByTitle(w, people); k != "" {
		return k
	}
	if k := pauseOf(w); k != "" && people <= 1 && k != archive.KindBreak && k != archive.KindMeal && len(w) <= 8 {
		return k
	}
	if k := frameKind(w, people); k != "" {
		return k
	}
	if k := givenBySession(strings.Fields(fold(session))); k != "" {
		return k
	}
	return archive.KindTalk
}

// givenByPrefix tells the special kind of talk that the words cut off a title
// name, or "".
func givenByPrefix(w []string) archive.Kind {
	if len(w) == 0 {
		return ""
	}
	for _, g := range givenKinds {
		if lex().has(g.concept, w) {
			return g.kind
		}
	}
	return ""
}

// givenByTitle tells the special kind of talk that a title is, begins or ends
// with, or "". The more words stand beside the kind's, the likelier they are
// what the talk is about.
func givenByTitle(w []string, people int) archive.Kind {
	l := lex()
	whole := strings.Join(w, " ")
	for _, g := range givenKinds {
		if l.is(g.concept, whole) {
			return g.kind
		}
		if n := l.begins(g.concept, w); n > 0 && (len(w) <= n+5 || g.concept == cKeynote || g.concept == cPanel && people != 1) {
			return g.kind
		}
		if n := l.ends(g.concept, w); n > 0 && len(w) <= n+5 && g.concept != cDemo && g.concept != cWorkshop {
			return g.kind
		}
	}
	return ""
}

// frameKind tells what frames the talks, the opening, the closing and the social
// programme, from titles too long for pauseOf or with people beside them, or "".
func frameKind(w []string, people int) archive.Kind {
	l := lex()
	if l.begins(cOpening, w) > 0 && (len(w) <= 8 && welcome(w[0]) || people == 0 && len(w) <= 6 && !doubtfulOpening(w)) {
		return archive.KindOpening
	}
	if people == 0 && len(w) <= 6 && (l.begins(cClosing, w) > 0 || l.ends(cClosing, w) > 0) || people <= 2 && len(w) <= 5 && l.begins(cClosing, w) > 1 {
		return archive.KindClosing
	}
	if people == 0 && len(w) <= 7 && (l.begins(cSocial, w) > 0 || l.ends(cSocial, w) > 0) {
		return archive.KindSocial
	}
	return ""
}

// givenBySession tells the special kind of talk that a session's name says all
// its items are, or "".
func givenBySession(w []string) archive.Kind {
	if len(w) == 0 || len(w) > 8 {
		return ""
	}
	l := lex()
	whole := strings.Join(w, " ")
	for _, g := range givenKinds {
		if g.concept == cDiscussion || g.concept == cPanel && len(w) > 2 {
			continue
		}
		if l.is(g.concept, whole) || l.begins(g.concept, w) > 0 || l.ends(g.concept, w) > 0 {
			return g.kind
		}
	}
	return ""
}

// welcome says whether a word greets: such an item opens whoever gives it.
func welcome(w string) bool {
	switch w {
	case "welcome", "valkommen", "valkomna", "willkommen", "begrussung", "bienvenida", "bienvenue", "benvenuto", "welkom", "velkommen", "velkomst", "tervetuloa", "powitanie", "приветствие", "opening", "aanvang", "eroffnung", "apertura", "abertura", "ouverture", "zahajeni", "otwarcie", "avaus", "открытие", "εναρξη", "ανοιγμα", "inauguracion", "salutation", "greetings":
		return true
	}
	return false
}

// doubtfulOpening tells "Introduction to Haskell" from an introduction.
func doubtfulOpening(w []string) bool {
	return len(w) > 2 && !welcome(w[0])
}

var (
	durationRE    = regexp.MustCompile(`(?i)^\W*(\d{1,3}|an?|half an|½)\s*(['’′]|m|min(s|\.|utes?|uter|uten|utos|uti|ut)?|h(rs?|ours?)?|hours?|минут|分|분|perc|dk|λεπτά)\W*$`)
	durationInRE  = regexp.MustCompile(`(?i)\s*[(\[]\s*(ca\.?\s*)?(\d{1,3}(\s*[-–+]\s*\d{1,3})?)\s*(['’′]|min(s|\.|utes?|uter|uten|utos|uti|ut)?\.?|h(rs?|ours?)?|hours?|минут|分|분|perc|dk)(\s*(talk|each))?\s*[)\]]`)
	titlePrefixRE = regexp.MustCompile(`^([\p{L}\p{N}#&'’. /-]{3,45}?)\s?[:：–—]\s*`)
	dashPrefixRE  = regexp.MustCompile(`^([\p{L}\p{N}#&'’. /]{3,35}?)\s+[-|]\s+`)
	bracketEndRE  = regexp.MustCompile(`\s*[(\[（]([^()\[\]（）]{2,60})[)\]）]\s*$`)
)

// isDuration says whether a text is nothing but how long something takes.
func isDuration(s string) bool {
	if len(s) < 24 && durationRE.MatchString(s) {
		return true
	}
	// "50' INTERMEDIATE", "30 min | beginners"
	m := durationHeadRE.FindString(s)
	return m != "" && len(strings.Fields(s[len(m):])) <= 2 && len(s) < 40
}

var durationHeadRE = regexp.MustCompile(`(?i)^\W*\d{1,3}\s*(['’′]|min(s|\.|utes?|uter|uten|utos|uti|ut)?\.?|分|분)[\s|,·/-]+`)

var lengthRE2 = regexp.MustCompile(`(?i)^\W*(?:(\d{1,2})\s*(?:h|hr|hrs|hours?|std)\.?)?\s*(?:(\d{1,3})\s*(?:'|’|′|m|min|mins|minutes?|minuten|minuter|minutos|minuti|minut|分|분)?\.?)?\W*$`)

// minutesOf gives the minutes of a text that is nothing but a length ("45 min",
// "1h", "1 h 30"), 0 for others.
func minutesOf(s string) int {
	if len(s) > 24 || !isDuration(s) && !strings.ContainsAny(s, "hH") {
		return 0
	}
	m := lengthRE2.FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	return 60*atoi(m[1]) + atoi(m[2])
}

// cleanTitle strips what is not the title: quotes, the kind before a colon,
// durations, notes in brackets. The stripped kind comes back as prefix.
func cleanTitle(s string) (title, prefix string) {
	s = durationInRE.ReplaceAllString(s, "")
	s = trimQuotes(s)
	for range 2 {
		cut := false
		for _, re := range []*regexp.Regexp{titlePrefixRE, dashPrefixRE} {
			m := re.FindStringSubmatch(s)
			if m == nil || len(m[0]) >= len(s) || strings.HasPrefix(s[len(m[0]):], "(") || !kindPrefix(m[1]) || !strings.ContainsAny(m[0], ":：") && looseKind(m[1]) {
				continue
			}
			prefix = strings.TrimSpace(prefix + " " + m[1])
			s = trimQuotes(s[len(m[0]):])
			cut = true
			break
		}
		if !cut {
			break
		}
	}
	if m := bracketEndRE.FindStringSubmatch(s); m != nil && len(m[0]) < len(s) {
		w := strings.Fields(fold(m[1]))
		if lex().is(cInvited, strings.Join(w, " ")) || lex().is(cKeynote, strings.Join(w, " ")) || lex().is(cAward, strings.Join(w, " ")) || isDuration(m[1]) || len(w) > 0 && (w[0] == "click" || w[0] == "see" || w[0] == "details" || w[0] == "siehe" || w[0] == "voir") {
			prefix = strings.TrimSpace(prefix + " " + m[1])
			s = trimQuotes(strings.TrimSuffix(s, m[0]))
		}
	}
	return trimLeavings(s), prefix
}

// trimLeavings takes off a title's end what stood between it and a link that was
// lifted off: from “Title”, Slides. are left ”, and a full stop.
func trimLeavings(s string) string {
	s = strings.TrimSpace(strings.Trim(s, " ,;|•"))
	for _, end := range []string{", .", ",.", " .", "; .", ": ."} {
		if rest, ok := strings.CutSuffix(s, end); ok && rest != "" {
			return trimQuotes(strings.Trim(rest, " ,;|•"))
		}
	}
	return s
}

// kindPrefix says whether words before a colon only name the kind ("Invited Talk 1").
func kindPrefix(s string) bool {
	w := strings.Fields(fold(s))
	for len(w) > 0 && (len(w[len(w)-1]) <= 2 || w[len(w)-1][0] >= '0' && w[len(w)-1][0] <= '9') {
		w = w[:len(w)-1]
	}
	if len(w) == 0 || len(w) > 4 {
		return false
	}
	f := strings.Join(w, " ")
	switch f {
	case "talk", "title", "titel", "titre", "titulo", "titolo", "vortrag", "charla", "exposé", "paper", "presentation", "topic", "thema", "tema", "sujet", "foredrag", "oplaeg", "lezing":
		return true
	}
	if len(w) == 2 && talkWord(w[1]) && (slices.Contains(talkSorts, w[0]) || lex().begins(cKeynote, w) > 0 || lex().begins(cInvited, w) > 0 || lex().begins(cLightning, w) > 0) {
		return true
	}
	for _, g := range givenKinds {
		if lex().is(g.concept, f) {
			return true
		}
	}
	return len(w) <= 3 && (lex().begins(cKeynote, w) > 0 || lex().begins(cInvited, w) > 0)
}

// looseKind says whether a kind before a dash is rather part of the title
// ("breakout session — package ecosystem").
func looseKind(s string) bool {
	w := strings.Fields(fold(s))
	return lex().has(cDiscussion, w) || lex().has(cWorkshop, w)
}

// talkSorts are the words that tell one sort of talk from another before "talk".
var talkSorts = []string{
	"contributed", "regular", "short", "long", "research", "technical", "industry", "industrial", "oral", "opening", "closing", "spotlight", "special",
	"guest", "student", "featured", "session", "full", "main", "kurzer", "langer", "kort", "submitted", "selected",
}

// talkWord says whether a word means a talk.
func talkWord(w string) bool {
	switch w {
	case "talk", "talks", "presentation", "lecture", "paper", "vortrag", "foredrag", "charla", "palestra", "przednaska", "esitelma", "lezing", "conference", "доклад":
		return true
	}
	return false
}

// trimQuotes takes quotation marks off a title, half-open ones too.
func trimQuotes(s string) string {
	s = strings.TrimSpace(s)
	const open, shut = "“„«「『\"‟", "”“»」』\""
	first, n := utf8.DecodeRuneInString(s)
	last, m := utf8.DecodeLastRuneInString(s)
	hasOpen, hasShut := strings.ContainsRune(open, first), strings.ContainsRune(shut, last)
	switch {
	case hasOpen && hasShut && len(s) > n+m && !strings.ContainsAny(s[n:len(s)-m], "“”„«»\""):
		s = s[n : len(s)-m]
	case hasShut && !strings.ContainsAny(s[:len(s)-m], "“„«\"「『"):
		s = s[:len(s)-m]
	case hasOpen && !strings.ContainsAny(s[n:], "”“»\"」』"):
		s = s[n:]
	}
	return strings.TrimSpace(s)
}
