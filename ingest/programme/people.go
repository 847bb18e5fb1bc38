package programme

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/archive"
)

// peopleReading is what came of reading a text as a list of people.
type peopleReading struct {
	credits []archive.Credit
	// score says how much the text is such a list, from -1 to 1: the parts
	// that are explained as names and affiliations against those that are not.
	score float64
	// labelled says that a word for "speaker" or "by" stands before it.
	labelled bool
	chair    bool // the label says session chair
}

var (
	parenRE      = regexp.MustCompile(`\s*[(\[（［]([^()\[\]（）［］]*)[)\]）］]`)
	nickRE       = regexp.MustCompile(`\s+(?:aka\.?|a\.k\.a\.?|alias)\s+["“”']?[^,;()]+`)
	titleRE      = regexp.MustCompile(`(?i)\b(prof|dr)\.?\s*(-?ing|phil|rer\.?\s*nat)?\.\s*`)
	footRE       = regexp.MustCompile(`[*†‡§¶]+|\b(\p{L}{2,})\d\b`)
	supRE        = regexp.MustCompile(`\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]+(\s?,\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)*`)
	innerLabelRE = regexp.MustCompile(`[.,;(]?\s+(\p{L}+)\s?:\s+`)
	emailRE      = regexp.MustCompile(`\S+@\S+\.\S+|https?://\S+|www\.\S+`)
	handleRE     = regexp.MustCompile(`(^|\s)@[\w.]+`)
)

// people reads a text as a list of people with where they belong.
func (v *vocabulary) people(text string) peopleReading { return v.peopleIn(text, false) }

// peopleIn is people for a text that stands behind a label such as "Speakers:",
// where groups count as people too.
func (v *vocabulary) peopleIn(text string, labelled bool) peopleReading {
	r := peopleReading{labelled: labelled}
	text = strings.TrimSpace(dropAddresses(dropMarks(text)))
	text, label := cutLabel(text, cSpeakers, cBy, cModerator, cChair)
	switch label {
	case cChair:
		r.chair, r.labelled = true, true
	case cModerator, cSpeakers, cBy:
		r.labelled = true
	}
	if m := innerLabel(text); m != nil && label == "" {
		word := fold(text[m[2]:m[3]])
		if lex().is(cModerator, word) || lex().is(cChair, word) {
			r = v.peopleIn(text[:m[0]], labelled)
			if lex().is(cModerator, word) {
				more := v.peopleIn(text[m[1]:], false)
				for i := range more.credits {
					more.credits[i].Role = "moderator"
				}
				r.credits = append(r.credits, more.credits...)
			}
			return r
		}
	}
	if at, to := moderatorIn(text); at > 0 && label == "" {
		r = v.peopleIn(text[:at], labelled)
		more := v.peopleIn(text[to:], true)
		if len(more.credits) > 0 && len(more.credits) < 4 {
			for i := range more.credits {
				more.credits[i].Role = "moderator"
			}
			r.credits = append(r.credits, more.credits...)
			return r
		}
	}
	text = strings.Trim(dropNick(text), " .,;:-–—")
	if text == "" || len(text) > 1500 || !labelled && proseLike(text) {
		r.score = -1
		return r
	}
	parts := splitPeople(text)
	v.assign(&r, parts)
	if label == cModerator {
		for i := range r.credits {
			r.credits[i].Role = "moderator"
		}
	}
	if r.labelled && len(r.credits) > 0 {
		r.score = min(1, r.score+0.4)
	}
	return r
}

// The expressions below are asked only of texts that have a sign of what they
// find: most have none, and a page has thousands.

func dropMarks(text string) string {
	if !strings.ContainsAny(text, "⁰¹²³⁴⁵⁶⁷⁸⁹") {
		return text
	}
	return supRE.ReplaceAllString(text, "")
}

func dropAddresses(text string) string {
	if strings.Contains(text, "@") {
		return handleRE.ReplaceAllString(emailRE.ReplaceAllString(text, ""), "")
	}
	if strings.Contains(text, "://") || strings.Contains(text, "www.") {
		return emailRE.ReplaceAllString(text, "")
	}
	return text
}

func dropNick(text string) string {
	if !strings.Contains(text, " a") {
		return text
	}
	return nickRE.ReplaceAllString(text, "")
}

func innerLabel(text string) []int {
	if !strings.Contains(text, ":") {
		return nil
	}
	return innerLabelRE.FindStringSubmatchIndex(text)
}

// proseLike says quickly whether a text is running text: most of many words are small.
func proseLike(text string) bool {
	words, small := 0, 0
	for w := range strings.FieldsSeq(text) {
		words++
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) {
			small++
		}
	}
	return words > 9 && small*5 > words*3
}

// moderatorIn finds a word for the moderator inside a list of people ("…;
// moderated by X", "… o.l.v. X"): where it begins and where the name after it
// does; 0 when there is none.
func moderatorIn(text string) (at, to int) {
	f := strings.Fields(text)
	pos := 0
	for k, w := range f {
		i := strings.Index(text[pos:], w) + pos
		pos = i + len(w)
		if k == 0 || k == len(f)-1 {
			continue
		}
		for n := min(3, len(f)-1-k); n > 0; n-- {
			word := fold(strings.Join(f[k:k+n], " "))
			if !lex().is(cModerator, word) && (n != 1 || !lex().is(cModerator, strings.Trim(word, " "))) {
				continue
			}
			next, _ := utf8.DecodeRuneInString(strings.TrimLeft(f[k+n], "("))
			if !unicode.IsUpper(next) && !denseScript(next) {
				continue
			}
			end := i
			for j := range n {
				end = strings.Index(text[end:], f[k+j]) + end + len(f[k+j])
			}
			return i, end
		}
	}
	return 0, 0
}

// cutLabel takes a label ("Speaker:", "Med", "by") off the beginning of a text
// and says which of the concepts it was of; "" when there is none. A label that
// is a mere word, like "by", needs a name after it, which the caller sees to.
func cutLabel(text string, concepts ...concept) (string, concept) {
	head, rest, ok := cutColon(text)
	if ok {
		f := fold(head)
		for _, c := range concepts {
			if lex().is(c, f) {
				return strings.TrimSpace(rest), c
			}
			if w := strings.Fields(f); len(w) <= 4 && len(w) > 1 && (lex().ends(c, w) > 0 && c != cBy || lex().begins(c, w) > 0 && c == cChair) {
				return strings.TrimSpace(rest), c
			}
		}
	}
	words := strings.Fields(text)
	for _, c := range concepts {
		if c == cSpeakers {
			continue
		}
		for n := min(3, len(words)-1); n > 0; n-- {
			head := strings.Join(words[:n], " ")
			if !lex().is(c, fold(head)) {
				continue
			}
			next, _ := utf8.DecodeRuneInString(words[n])
			if unicode.IsUpper(next) || denseScript(next) || c == cChair {
				return strings.TrimSpace(text[strings.Index(text, words[n-1])+len(words[n-1]):]), c
			}
		}
	}
	return text, ""
}

// cutColon splits a text at its first colon when what is before is short.
func cutColon(text string) (head, rest string, ok bool) {
	for i, r := range text {
		if i > 60 {
			return "", text, false
		}
		if r == ':' || r == '：' {
			head, rest = text[:i], text[i+utf8.RuneLen(r):]
			return head, rest, strings.TrimSpace(head) != ""
		}
	}
	return "", text, false
}

// part is a stretch of a list of people between two separators.
type part struct {
	text   string
	parens []string // what stands in brackets after it
	sep    string   // what ends it: "," ";" "and" "-" "\n" or "" at the end
}

// splitPeople parts a list at its separators outside brackets.
func splitPeople(text string) []part {
	var out []part
	var b strings.Builder
	depth := 0
	flush := func(sep string) {
		s := strings.TrimSpace(b.String())
		b.Reset()
		if s != "" {
			out = append(out, newPart(s, sep))
		} else if n := len(out) - 1; n >= 0 && (sep == ";" || sep == "\n" || out[n].sep == ",") {
			out[n].sep = sep
		}
	}
	for _, w := range splitKeep(text) {
		depth = max(0, depth+brackets(w))
		if depth == 0 {
			if sep := sepOf(w); sep != "" {
				flush(sep)
				continue
			}
			if isAnd(w) && !strings.HasSuffix(b.String(), "-") { // not "Fiskeri- og Søfartsmuseet"
				if strings.TrimSpace(b.String()) != "" {
					flush("and")
				}
				continue
			}
		}
		if b.Len() > 0 && !strings.ContainsAny(w[:1], ",;") {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	flush("")
	return out
}

// newPart takes what stands in brackets out of a stretch of a list.
func newPart(text, sep string) part {
	p := part{text: text, sep: sep}
	if !strings.ContainsAny(text, "([（［") {
		return p
	}
	for _, m := range parenRE.FindAllStringSubmatch(text, -1) {
		p.parens = append(p.parens, strings.TrimSpace(m[1]))
	}
	p.text = strings.TrimSpace(parenRE.ReplaceAllString(text, " "))
	return p
}

// brackets is 1 for a word that opens a bracket, -1 for one that closes it, else 0.
func brackets(w string) int {
	opens, closes := strings.ContainsAny(w, "([（［"), strings.ContainsAny(w, ")]）］")
	switch {
	case opens && !closes:
		return 1
	case closes && !opens:
		return -1
	}
	return 0
}

// isAnd says whether a word or sign parts two people as "and" does.
func isAnd(w string) bool {
	return lex().is(cAnd, strings.ToLower(w)) || w == "&" || w == "/" || w == "+"
}

// sepOf gives the sort of separator that a word is: "," ";" "-" or a line's end;
// "" for none.
func sepOf(w string) string {
	switch w {
	case ",", "，", "、":
		return ","
	case ";", "；":
		return ";"
	case "\n":
		return w
	case "|", "—", "–", "-", "•", "·":
		return "-"
	}
	return ""
}

// splitKeep splits at blanks and makes separators words of their own.
func splitKeep(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if len(out) > 0 {
			out = append(out, "\n")
		}
		for f := range strings.FieldsSeq(line) {
			for {
				i := strings.IndexAny(f, ",;，、；")
				if i < 0 {
					break
				}
				_, n := utf8.DecodeRuneInString(f[i:])
				if i > 0 {
					out = append(out, f[:i])
				}
				out = append(out, f[i:i+n])
				f = f[i+n:]
			}
			if f != "" {
				out = append(out, f)
			}
		}
	}
	return out
}

// assign makes credits of the parts: names, and affiliations that go to all
// names since the last one.
func (v *vocabulary) assign(r *peopleReading, parts []part) {
	good, bad := 0.0, 0.0
	bare := v.nothingButNames(parts)
	wasAff := false
	group := 0 // index of the first credit without an affiliation of its own
	for i := 0; i < len(parts); i++ {
		p := parts[i]
		// "Alma, M." is one person written surname first.
		if p.sep == "," && i+1 < len(parts) && initialsOnly(parts[i+1].text) && !strings.Contains(p.text, " ") {
			p.text += ", " + parts[i+1].text
			p.parens, p.sep = parts[i+1].parens, parts[i+1].sep
			i++
			r.credits = append(r.credits, archive.Credit{Name: p.text})
			good++
			continue
		}
		name, belongs := v.nameScore(p.text), -1.0
		if !bare {
			belongs = v.belonging(parts, i, name, wasAff)
		}
		wasAff = len(r.credits) > 0 && isHonour(p.text)
		if wasAff {
			continue
		}
		if v.takenAsAffiliation(r, parts, i, name, belongs) {
			wasAff = true
			if p.text != "" {
				extendAffiliation(r, &group, p)
				good += 0.7 * min(1, max(0.2, 0.5+belongs))
			}
			if p.sep == ";" || p.sep == "\n" || p.sep == "and" {
				group = len(r.credits)
			}
			continue
		}
		if name <= 0 {
			bad += float64(min(6, 1+len(strings.Fields(p.text)))) / 2
		} else {
			good += name
		}
		v.addName(r, p, &group)
		if p.sep == ";" || p.sep == "\n" {
			group = len(r.credits)
		}
	}
	v.weighCredits(r, good, bad)
}

// nothingButNames says whether the parts are a list of names alone: no part of
// it is where anybody belongs.
func (v *vocabulary) nothingButNames(parts []part) bool {
	if len(parts) < 3 {
		return false
	}
	for _, p := range parts {
		if v.nameScore(p.text) <= 0.2 || orgWords(p.text) != 0 || len(strings.Fields(p.text)) <= 1 {
			return false
		}
	}
	return true
}

// belonging says how much part i reads like where somebody belongs, by its words
// and by its place: the second of a pair, or behind an affiliation (wasAff). name
// is how much it reads like a name.
func (v *vocabulary) belonging(parts []part, i int, name float64, wasAff bool) float64 {
	p := parts[i]
	belongs := belongsScore(p.text)
	firstWord := fold(strings.Split(p.text+" ", " ")[0])
	if lex().is(cFirstName, firstWord) {
		return belongs
	}
	if v.pairs && i == 1 && len(parts) == 2 && parts[0].sep == "," && len(parts[0].parens) == 0 && name < 0.75 {
		belongs = max(belongs, name+0.1)
	}
	if wasAff && i > 0 && parts[i-1].sep == "," && belongs > -0.4 && (p.sep == "" || p.sep == ";" || p.sep == "\n") {
		belongs = max(belongs, name+0.1)
	}
	return belongs
}

// takenAsAffiliation says whether part i goes to the people before it rather
// than being one of them. Behind a label ("Speaker:") what comes first is a
// person, however little it looks like a name.
func (v *vocabulary) takenAsAffiliation(r *peopleReading, parts []part, i int, name, belongs float64) bool {
	n := len(r.credits)
	if n == 0 {
		return false
	}
	if last := r.credits[n-1]; r.labelled && v.nameScore(last.Name) < 0.3 && last.Affiliation == "" {
		return false
	}
	return belongs > name || name < 0 && belongs > -0.5 || i > 0 && parts[i-1].sep == "-" && name < 0.8 && belongs > -0.6
}

// weighCredits says how well the whole reads as people: how much the credits
// look like names, less the share of parts that look like nothing of the kind.
func (v *vocabulary) weighCredits(r *peopleReading, good, bad float64) {
	total := good + bad
	if total == 0 || len(r.credits) == 0 {
		r.score = -1
		return
	}
	best := 0.0
	for _, c := range r.credits {
		best += max(-0.5, v.nameScore(c.Name))
	}
	if r.labelled {
		bad = 0
	}
	r.score = max(-1, min(1, best/float64(len(r.credits))-bad/total+0.15*float64(min(3, len(r.credits)-1))))
}

// addName appends a credit, its brackets taken as where the person belongs.
func (v *vocabulary) addName(r *peopleReading, p part, group *int) {
	text, role := p.text, ""
	if head, rest, ok := cutColon(text); ok && lex().is(cModerator, fold(head)) {
		text, role = rest, "moderator"
	}
	c := archive.Credit{Name: cleanName(text), Role: role}
	if c.Name == "" {
		return
	}
	own := false
	for _, in := range p.parens {
		f := fold(in)
		switch {
		case f == "" || lex().is(cAward, f) || isDuration(in):
		case lex().is(cModerator, f) || lex().is(cChair, f):
			c.Role = "moderator"
		case lex().is(cSpeakers, f):
		default:
			if c.Affiliation != "" {
				c.Affiliation += ", "
			}
			c.Affiliation += in
			own = true
		}
	}
	r.credits = append(r.credits, c)
	if own {
		k := len(r.credits) - 1
		// Only one bracket at the end of a list: it is for all of them.
		if p.sep == "" && k > *group {
			lone := true
			for _, before := range r.credits[:k] {
				lone = lone && before.Affiliation == ""
			}
			if lone {
				for j := *group; j < k; j++ {
					r.credits[j].Affiliation = c.Affiliation
				}
			}
		}
		*group = len(r.credits)
	}
}

// extendAffiliation gives a text to the names that wait for one, or adds it to
// what the last name already has ("…, Innovation Lead, CompuGroup").
func extendAffiliation(r *peopleReading, group *int, p part) {
	var text strings.Builder
	text.WriteString(p.text)
	for _, in := range p.parens {
		text.WriteString(" (" + in + ")")
	}
	k := len(r.credits) - 1
	if *group > k {
		if have := r.credits[k].Affiliation; have != "" {
			old := have
			for j := k; j >= 0 && r.credits[j].Affiliation == old; j-- {
				r.credits[j].Affiliation = old + ", " + text.String()
			}
			return
		}
		*group = k
	}
	for j := *group; j <= k; j++ {
		if r.credits[j].Affiliation == "" {
			r.credits[j].Affiliation = text.String()
		}
	}
	*group = k + 1
}

func initialsOnly(s string) bool {
	f := strings.Fields(s)
	if len(f) == 0 || len(f) > 3 {
		return false
	}
	for _, w := range f {
		if !strings.HasSuffix(w, ".") || utf8.RuneCountInString(w) > 5 {
			return false
		}
	}
	return true
}

func isHonour(s string) bool {
	f := strings.Fields(s)
	for _, w := range f {
		if !lex().is(cHonorifics, fold(w)) {
			return false
		}
	}
	return len(f) > 0
}

// cleanName makes a printed name one: no honours, no foot marks.
func cleanName(s string) string {
	s = footRE.ReplaceAllString(s, "$1")
	s = bareName(titleRE.ReplaceAllString(strings.TrimSpace(s), ""))
	return strings.Trim(strings.TrimSpace(s), ",;:-–—•\"“”„«»| ")
}
