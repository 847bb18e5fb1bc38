package programme

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rostrum/internal/htmltext"
)

var titleSplitRE = regexp.MustCompile(`\s+[-–—|»«·•:]+\s+|\s*\|\s*|:\s+`)

// titleCandidate is a text that may name the edition.
type titleCandidate struct {
	text  string
	score float64
	spot
}

// readTitle weighs the page's title, its headings and what its metadata say, and
// takes the best for the edition's title.
func (r *reader) readTitle() {
	var list []titleCandidate
	add := func(text string, score float64, where spot) {
		text = strings.Trim(htmltext.Collapse(text), " -–—|·:")
		if len(findTimes(text)) > 0 || strings.ContainsAny(text, "←»→") || r.notTitle[fold(text)] {
			return
		}
		if n := utf8.RuneCountInString(text); n >= 2 && n <= 200 {
			list = append(list, titleCandidate{text, score, where})
		}
	}
	for i, t := range r.doc.Titles {
		add(r.dropProgrammeParts(t), 1.2-float64(i)*0.5, r.titleSpot(i))
	}
	for i := range r.doc.Metas {
		switch m := &r.doc.Metas[i]; m.Name {
		case "og:title", "twitter:title", "dc.title", "title":
			add(r.dropProgrammeParts(m.Content), 0.6, spot{hint: m})
		case "og:site_name", "application-name":
			add(m.Content, 0.4, spot{hint: m})
		}
	}
	if r.witness.Name != "" {
		add(r.witness.Name, 1, spot{hint: r.witness.Hint})
	}
	heads := 0
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if i > 60 || heads > 8 {
			break
		}
		if l.Zone == htmltext.Nav || l.Zone == htmltext.Footer || len(l.Text) > 200 {
			continue
		}
		text := l.Text
		switch {
		case l.Heading > 0:
			heads++
			add(r.dropProgrammeParts(text), 0.75-0.08*float64(l.Heading)-0.04*float64(heads), spot{line: i})
		case l.Number > 0 && i < 3:
			add(r.dropProgrammeParts(text), 1-0.3*float64(i), spot{line: i})
		case i < 12 && (l.Zone == htmltext.Header || bigText(l)):
			add(r.dropProgrammeParts(text), 0.3, spot{line: i})
		}
	}
	best := r.bestTitle(list)
	r.edition.Title, r.titleAt = best.text, best.spot
	if long, line := r.longTitle(best.text); line >= 0 {
		r.edition.Title, r.titleAt = long, spot{line: line}
	}
}

// titleSpot is where the i-th <title> of the page stands.
func (r *reader) titleSpot(i int) spot {
	return spot{hint: &htmltext.Hint{Name: "title", Content: r.doc.Titles[i], Node: r.doc.TitleNodes[i]}}
}

func bigText(l *htmltext.Line) bool {
	n := 0
	for _, run := range l.Runs {
		if run.Style&htmltext.Bold != 0 {
			n += len(run.Text)
		}
	}
	return n*2 > len(l.Text)
}

// dropProgrammeParts takes "Schedule" and the like off a page's title, and what
// is said twice.
func (r *reader) dropProgrammeParts(t string) string {
	t = htmltext.Collapse(t)
	cuts := titleSplitRE.FindAllStringIndex(t, -1)
	var parts []string
	var seps []string
	at := 0
	for _, c := range cuts {
		parts = append(parts, t[at:c[0]])
		seps = append(seps, t[c[0]:c[1]])
		at = c[1]
	}
	parts = append(parts, t[at:])
	var out strings.Builder
	var kept []string
	for i, p := range parts {
		p = strings.TrimSpace(p)
		w := strings.Fields(fold(p))
		if len(w) == 0 || programmeWords(w) {
			continue
		}
		dup := false
		for _, k := range kept {
			dup = dup || strings.HasPrefix(fold(p), fold(k)) && len(w) <= 8
		}
		if dup || len(kept) > 0 && (dateOnlyPart(p) || placeAndYear(w)) {
			continue
		}
		if out.Len() > 0 {
			out.WriteString(seps[i-1])
		}
		kept = append(kept, p)
		out.WriteString(p)
	}
	s := out.String()
	if m := bracketEndRE.FindStringSubmatch(s); m != nil && len(m[0]) < len(s) && onlyDate(m[1]) && len(yearsIn(m[1])) > 0 {
		s = strings.TrimSuffix(s, m[0])
	}
	w := strings.Fields(s)
	if n := lex().ends(cProgramme, strings.Fields(fold(s))); n > 0 && len(w) > n {
		s = strings.Join(w[:len(w)-n], " ")
	}
	return s
}

// programmeWords says whether words name nothing but a part of a site.
func programmeWords(w []string) bool {
	f := strings.Join(w, " ")
	l := lex()
	if l.is(cProgramme, f) || l.is(cSpeakers, f) || l.is(cAbstract, f) || l.is(cColumn, f) {
		return true
	}
	switch f {
	case "home", "index", "welcome", "untitled", "untitled document", "untitled page", "main", "home page", "startsida", "accueil", "inicio", "start", "homepage", "startseite", "wiki":
		return true
	}
	n := l.count(cProgramme, w) + l.count(cSpeakers, w)
	return n > 0 && len(w) <= 4 && n+l.count(cStop, w)+l.count(cAnd, w) >= len(w)
}

// placeAndYear says whether words are but towns, countries and a year.
func placeAndYear(w []string) bool {
	places := 0
	for i := 0; i < len(w); {
		n := max(lex().begins(cCity, w[i:]), lex().begins(cCountry, w[i:]))
		switch {
		case n > 0:
			places++
			i += n
		case len(yearsIn(w[i])) > 0 || lex().is(cStop, w[i]):
			i++
		default:
			return false
		}
	}
	return places > 0
}

// dateOnlyPart says whether a part of a title is but a date or a place.
func dateOnlyPart(p string) bool {
	d := findDates(p)
	return len(d) > 0 && d[0].month > 0 && len(d[0].textOf(p))*2 > len(p) || len(d) > 0 && d[0].from == 0 && d[0].month > 0
}

func (d dateSpan) textOf(s string) string { return s[d.from:min(d.to, len(s))] }

// bestTitle weighs the candidates against each other and the page.
func (r *reader) bestTitle(list []titleCandidate) titleCandidate {
	best, top := titleCandidate{}, 0.25
	for _, c := range list {
		w := strings.Fields(fold(c.text))
		if len(w) == 0 {
			continue
		}
		if s := r.titleWeight(c, w, list); s > top {
			best, top = c, s
		}
	}
	return best
}

// titleWeight weighs a candidate with the folded words w by how it reads, by the
// others that say the same, and by the page's address.
func (r *reader) titleWeight(c titleCandidate, w []string, list []titleCandidate) float64 {
	s := c.score
	l := lex()
	if len(yearsIn(c.text)) > 0 {
		s += 0.6
	}
	if l.has(cTitleWords, w) {
		s += 0.5
	}
	if programmeWords(w) || dateOnlyPart(c.text) || pauseOf(w) != "" {
		s -= 3
	}
	s -= 1.2 * sentenceScore(c.text)
	if l.count(cStop, w)*2 > len(w) {
		s -= 0.8
	}
	for _, verb := range []string{"will be", "is over", "thank", "register", "welcome to", "wird", "held"} {
		if strings.Contains(strings.ToLower(c.text), verb) {
			s -= 0.8
		}
	}
	if containsTitle(w, r.doc.Titles) {
		s += 0.6
	}
	for _, o := range list {
		if o.text != c.text && strings.Contains(fold(o.text), strings.Join(w, " ")) {
			s += 0.25
		}
		if fold(o.text) == strings.Join(w, " ") {
			s += 0.2
		}
	}
	if r.base != nil && len(w[0]) > 2 && strings.Contains(fold(strings.ReplaceAll(r.base.Host, "-", "")), strings.ReplaceAll(w[0], " ", "")) {
		s += 0.5
	}
	return s
}

// containsTitle says whether words spell out what the page's title shortens.
func containsTitle(w []string, titles []string) bool {
	for _, t := range titles {
		short := strings.Fields(fold(t))
		var own []string
		for _, x := range short {
			if !programmeWords([]string{x}) {
				own = append(own, x)
			}
		}
		if len(own) < 2 || len(own) >= len(w) || len(w) > 14 {
			continue
		}
		n := 0
		for _, x := range own {
			if slices.Contains(w, x) {
				n++
			}
		}
		if n == len(own) {
			return true
		}
	}
	return false
}

// longTitle joins a short name with the line below that spells it out, and gives
// the line it found the two at, -1 where there is no such.
func (r *reader) longTitle(title string) (long string, line int) {
	w := strings.Fields(title)
	if len(w) == 0 || len(w) > 3 {
		return title, -1
	}
	for i := range r.doc.Lines {
		if i > 40 {
			break
		}
		l := &r.doc.Lines[i]
		if fold(l.Text) != fold(title) || i+1 >= len(r.doc.Lines) || l.Zone == htmltext.Nav {
			continue
		}
		var both strings.Builder
		both.WriteString(l.Text)
		for k := i + 1; k < len(r.doc.Lines) && k < i+3; k++ {
			n := &r.doc.Lines[k]
			words := strings.Fields(fold(n.Text))
			if len(words) < 3 || len(words) > 16 || len(findDates(n.Text)) > 0 || n.Heading != 0 != (l.Heading != 0) || sentenceScore(n.Text) > 0.4 {
				break
			}
			if k == i+1 && !lex().has(cTitleWords, words) || k > i+1 && n.Heading == 0 {
				break
			}
			if k == i+1 {
				both.WriteString(": " + n.Text)
			} else {
				both.WriteString(" " + n.Text)
			}
		}
		if both.String() != l.Text {
			return both.String(), i
		}
	}
	return title, -1
}
