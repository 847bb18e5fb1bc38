package programme

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// vocabulary is what the page itself teaches about words: one that is also
// written small in it is hardly part of a name, one that stands in a name
// somewhere is more likely part of one elsewhere.
type vocabulary struct {
	// pairs says that the page writes "Name, Institution": then it does so
	// where the institution is unknown too.
	pairs bool
	lower map[string]bool
	names map[string]int
}

// plainVocabulary knows nothing of any page.
var plainVocabulary = vocabulary{lower: map[string]bool{}, names: map[string]int{}}

func (v *vocabulary) learn(text string) {
	for w := range strings.FieldsSeq(text) {
		w = strings.Trim(w, ".,;:!?()[]\"'“”«»")
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLower(r) {
			v.lower[w] = true
		}
	}
}

// bareName strips honours and degrees from both ends of a name.
func bareName(s string) string {
	s = strings.Trim(strings.TrimSpace(s), ",;:*†‡§¹²³ \"“”")
	for {
		f := strings.Fields(s)
		if len(f) < 2 {
			return s
		}
		if lex().is(cHonorifics, fold(f[0])) && fold(f[0]) != "don" || f[0] == "*" {
			s = strings.Join(f[1:], " ")
			continue
		}
		last := f[len(f)-1]
		if lex().is(cHonorifics, fold(last)) && (strings.HasSuffix(f[len(f)-2], ",") || len(last) > 2 || strings.Contains(last, ".") || strings.ToUpper(last) == last) && fold(last) != "sr" && fold(last) != "jr" {
			s = strings.TrimRight(strings.Join(f[:len(f)-1], " "), ", ")
			continue
		}
		return dropSuffix(s)
	}
}

// dropSuffix takes the honour off a Japanese, Chinese or Korean name.
func dropSuffix(s string) string {
	for _, suffix := range []string{"さん", "先生", "様", "氏", "教授", "博士", "님", "교수"} {
		if t := strings.TrimSuffix(s, suffix); t != s && utf8.RuneCountInString(strings.ReplaceAll(t, " ", "")) >= 2 {
			return strings.TrimSpace(t)
		}
	}
	return s
}

// nameScore says how much a text looks like one person's name, from -1 to 1.
func (v *vocabulary) nameScore(s string) float64 {
	s = bareName(s)
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 60 || strings.ContainsAny(s, "?!:;{}<>=\\|_#%") {
		return -1
	}
	if first, _ := utf8.DecodeRuneInString(s); denseScript(first) {
		return denseName(s)
	}
	tokens := strings.Fields(s)
	if len(tokens) > 7 || notAName(fold(s)) {
		return -1
	}
	score, caps, initials := 0.0, 0, 0
	for i, t := range tokens {
		w := strings.Trim(t, ".,'’\"“”()")
		if a, b, ok := strings.Cut(strings.ReplaceAll(w, "’", "'"), "'"); ok && i > 0 && lex().is(cParticles, fold(a)) && b != "" {
			w = b // "dell'Orto", "d'Alembert"
		}
		f := fold(w)
		r, _ := utf8.DecodeRuneInString(w)
		switch {
		case w == "":
			score -= 0.3
		case strings.ContainsAny(w, "0123456789@/&+"):
			score -= 0.8
		case unicode.IsUpper(r) && len([]rune(w)) <= 2 && (strings.Contains(t, ".") || len([]rune(w)) == 1):
			initials++
		case unicode.IsUpper(r) || unicode.IsTitle(r):
			caps++
			score += v.tokenScore(w, f, i)
		case lex().is(cParticles, f) && i > 0 && i < len(tokens)-1, i == 0 && lex().is(cParticles, f) && len(tokens) > 1:
			// "van", "de la": says nothing either way.
		case !unicode.IsLetter(r) || unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek):
			score -= 0.7
		default: // a writing without capitals
			caps++
		}
	}
	if caps == 0 {
		return -0.6
	}
	if orgWords(s) > 0 {
		score -= 0.7
	}
	if l := lex(); l.is(cCountry, fold(s)) || l.is(cCity, fold(s)) {
		score -= 0.9
	}
	score += nameLength(caps + initials)
	if initials > 0 {
		score += 0.25
	}
	return max(-1, min(1, score))
}

// nameLength weighs how many words and initials a would-be name has: most
// people have two or three.
func nameLength(n int) float64 {
	switch {
	case n == 1:
		return -0.1
	case n <= 3:
		return 0.5
	case n == 4:
		return 0.3
	case n > 5:
		return -0.5
	}
	return 0
}

// notAName says whether a whole text is a word of programmes ("Invited Talk").
func notAName(f string) bool {
	for _, c := range []concept{cKeynote, cInvited, cPanel, cTutorial, cWorkshop, cLightning, cPoster, cDemo, cDiscussion, cSession, cBreak, cMeal, cOpening, cClosing, cOther, cSocial, cProgramme, cColumn, cAbstract, cBio, cOrganizers, cKeywords, cVenue, cWhen, cPrevious} {
		if lex().is(c, f) && !lex().is(cFirstName, f) {
			return true
		}
	}
	return false
}

// tokenScore weighs one capitalized word of a would-be name.
func (v *vocabulary) tokenScore(w, f string, i int) float64 {
	l := lex()
	score := 0.0
	known := l.is(cFirstName, f)
	if known {
		score += 0.35
		if i > 0 {
			score -= 0.15
		}
	}
	if v.names[f] > 1 && !v.lower[strings.ToLower(w)] {
		score += 0.15
	}
	if l.is(cStop, f) && len(f) > 1 && !l.is(cParticles, f) && !known && (i == 0 || len(f) > 2) {
		score -= 0.8
		if len(f) == 2 {
			score += 0.4
		}
	}
	if !known && v.lower[strings.ToLower(w)] {
		score -= 0.35
	}
	for _, c := range []concept{cSession, cBreak, cMeal, cKeynote, cPanel, cTutorial, cWorkshop, cDiscussion, cOpening, cClosing, cProgramme, cRoom, cSlides, cVideo, cOther, cSocial, cTitleWords, cRoles, cSpeakers, cColumn, cInvited, cPoster, cAbstract, cPaper, cOrganizers} {
		if l.is(c, f) && !known {
			score -= 0.5
			break
		}
	}
	// "CHEN" is a surname in capitals, "HTTP" is not: a vowel tells little, the length some.
	if len([]rune(w)) >= 2 && w == strings.ToUpper(w) && i == 0 && w != strings.ToLower(w) {
		score -= 0.25
	}
	if strings.HasSuffix(f, "ing") && len(f) > 5 || strings.HasSuffix(f, "tion") || strings.HasSuffix(f, "tions") || strings.HasSuffix(f, "ity") && len(f) > 5 {
		score -= 0.3
	}
	return score
}

// denseName weighs a name in Han, Kana or Hangul.
func denseName(s string) float64 {
	runes := []rune(strings.NewReplacer(" ", "", "・", "", "　", "", "·", "").Replace(s))
	kana := 0
	for _, r := range runes {
		if unicode.In(r, unicode.Hiragana) {
			kana++
		}
		if !denseScript(r) && r != 'ー' {
			return -0.4
		}
	}
	f := fold(s)
	for _, c := range []concept{cBreak, cMeal, cOpening, cClosing, cOther, cSession, cPanel, cKeynote, cSocial, cDiscussion, cOrg, cRoom, cRoles} {
		if lex().has(c, strings.Fields(f)) {
			return -0.6
		}
	}
	blank := strings.ContainsAny(s, " ・　·")
	if len(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '　' })) > 2 {
		return -0.5
	}
	if len(runes) > 0 && unicode.Is(unicode.Hangul, runes[0]) {
		switch n := len(runes); {
		case n >= 2 && n <= 4 && !blank:
			return 0.6
		case n <= 8 && blank:
			return 0.1
		}
		return -0.5
	}
	switch n := len(runes); {
	case n >= 2 && n <= 5 && kana*2 <= n:
		return 0.6
	case n <= 5:
		return 0.3
	case n <= 12 && blank:
		return 0.5
	}
	return -0.6
}

// orgWords counts the words of institutions in a text. Short ones ("AG", "SE")
// count only where they are printed in capitals: Se and Pan are names too.
func orgWords(s string) int {
	n := 0
	for w := range strings.FieldsSeq(s) {
		w = strings.Trim(w, ",;:()")
		f := fold(w)
		if f == "" || len(f) <= 3 && w != strings.ToUpper(w) && f != "inc" && f != "ltd" && f != "lab" && f != "oyj" && f != "ooo" && f != "kft" {
			continue
		}
		if strings.Contains(f, " ") {
			f = strings.ReplaceAll(f, " ", "")
		}
		if lex().is(cOrg, f) || lex().is(cOrg, fold(w)) {
			n++
		} else if endsLikeOrg(f) {
			n++
		} else if r, _ := utf8.DecodeRuneInString(w); denseScript(r) && lex().has(cOrg, []string{f}) {
			n++
		}
	}
	return n
}

// endsLikeOrg says whether a folded word is a compound whose end is an
// institution's: "Naturkundemuseum", "Skogshögskolan".
func endsLikeOrg(f string) bool {
	if len(f) < 6 {
		return false
	}
	for end := range lex().words[cOrgEnd] {
		if len(f) >= len(end)+3 && strings.HasSuffix(f, end) {
			return true
		}
	}
	return false
}

// houseName says whether folded words name a house by their last: "analytical
// mill", "bury weavehouse". Some of these words are surnames too, so nobody
// whose first name is known is taken for a house.
func houseName(words []string) bool {
	l := lex()
	if len(words) < 2 || l.is(cFirstName, words[0]) {
		return false
	}
	last := words[len(words)-1]
	switch last {
	case "park", "church", "hall", "castle", "house", "lodge", "villa", "casa", "castillo":
		return false // Nam June Park, Alonzo Church
	}
	if l.is(cHouse, last) {
		return true
	}
	for end := range l.words[cHouse] {
		if len(end) >= 5 && len(last) >= len(end)+3 && !strings.Contains(end, " ") && strings.HasSuffix(last, end) {
			return true
		}
	}
	return false
}

// belongsScore says how much a text looks like where somebody belongs or what
// they are: an institution, a country, a role.
func belongsScore(s string) float64 {
	s = strings.Trim(s, " ,.;:-–—")
	n := utf8.RuneCountInString(s)
	if n < 2 || n > 160 || strings.ContainsAny(s, "?!") {
		return -1
	}
	f := fold(s)
	words := strings.Fields(f)
	l := lex()
	score := -0.1
	if l.is(cCountry, f) || l.is(cCity, f) {
		return 1
	}
	if k := orgWords(s); k > 0 {
		score += 0.5 + 0.5*float64(k)/float64(len(words))
	}
	if houseName(words) {
		score += 0.65
	}
	if l.has(cRoles, words) {
		score += 0.5
	}
	if l.ends(cCountry, words) > 0 || l.ends(cCity, words) > 0 {
		score += 0.4
	}
	r, _ := utf8.DecodeRuneInString(s)
	if len(words) <= 2 && unicode.IsUpper(r) && strings.ToUpper(s) == s && n <= 10 {
		score += 0.4 // KTH, SINTEF, G40
	}
	if strings.ContainsAny(s, "/@") && len(words) < 6 {
		score += 0.2
	}
	stop := l.count(cStop, words)
	if len(words) > 6 && stop*3 > len(words) {
		score -= 0.6
	}
	if len(words) > 14 {
		score -= 0.5
	}
	return max(-1, min(1, score))
}
