package programme

import (
	"cmp"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// datedLine is a date on the page with how likely it is that of the edition.
type datedLine struct {
	date  dateSpan
	line  int // -1 for the head's
	score float64
}

// readEdition reads what does not depend on the items: title, the years spoken
// of, language.
func (r *reader) readEdition() {
	r.hearWitnesses()
	r.edition.Title = r.readTitle()
	r.edition.Language = r.readLanguage()
	r.dates = r.editionDates()
	r.year = r.guessYear()
}

var titleSplitRE = regexp.MustCompile(`\s+[-–—|»«·•:]+\s+|\s*\|\s*|:\s+`)

// titleCandidate is a text that may name the edition.
type titleCandidate struct {
	text  string
	score float64
}

// readTitle weighs the page's title, its headings and what its metadata say.
func (r *reader) readTitle() string {
	var list []titleCandidate
	add := func(text string, score float64) {
		text = strings.Trim(htmltext.Collapse(text), " -–—|·:")
		if len(findTimes(text)) > 0 || strings.ContainsAny(text, "←»→") || r.notTitle[fold(text)] {
			return
		}
		if n := utf8.RuneCountInString(text); n >= 2 && n <= 200 {
			list = append(list, titleCandidate{text, score})
		}
	}
	for i, t := range r.doc.Titles {
		add(r.dropProgrammeParts(t), 1.2-float64(i)*0.5)
	}
	for _, m := range r.doc.Metas {
		switch m.Name {
		case "og:title", "twitter:title", "dc.title", "title":
			add(r.dropProgrammeParts(m.Content), 0.6)
		case "og:site_name", "application-name":
			add(m.Content, 0.4)
		}
	}
	if r.witness.Name != "" {
		add(r.witness.Name, 1)
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
			add(r.dropProgrammeParts(text), 0.75-0.08*float64(l.Heading)-0.04*float64(heads))
		case l.Number > 0 && i < 3:
			add(r.dropProgrammeParts(text), 1-0.3*float64(i))
		case i < 12 && (l.Zone == htmltext.Header || bigText(l)):
			add(r.dropProgrammeParts(text), 0.3)
		}
	}
	best := r.bestTitle(list)
	return r.longTitle(best)
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
		if dup || len(kept) > 0 && dateOnlyPart(p) {
			continue
		}
		if out.Len() > 0 {
			out.WriteString(seps[i-1])
		}
		kept = append(kept, p)
		out.WriteString(p)
	}
	s := out.String()
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
	case "home", "index", "welcome", "untitled", "untitled document", "untitled page", "main", "home page", "startsida", "accueil", "inicio", "start", "homepage", "startseite":
		return true
	}
	n := l.count(cProgramme, w) + l.count(cSpeakers, w)
	return n > 0 && len(w) <= 4 && n+l.count(cStop, w)+l.count(cAnd, w) >= len(w)
}

// dateOnlyPart says whether a part of a title is but a date or a place.
func dateOnlyPart(p string) bool {
	d := findDates(p)
	return len(d) > 0 && d[0].month > 0 && len(d[0].textOf(p))*2 > len(p) || len(d) > 0 && d[0].from == 0 && d[0].month > 0
}

func (d dateSpan) textOf(s string) string { return s[d.from:min(d.to, len(s))] }

// bestTitle weighs the candidates against each other and the page.
func (r *reader) bestTitle(list []titleCandidate) string {
	best, top := "", 0.25
	for _, c := range list {
		w := strings.Fields(fold(c.text))
		if len(w) == 0 {
			continue
		}
		if s := r.titleWeight(c, w, list); s > top {
			best, top = c.text, s
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

// longTitle joins a short name with the line below that spells it out.
func (r *reader) longTitle(title string) string {
	w := strings.Fields(title)
	if len(w) == 0 || len(w) > 3 {
		return title
	}
	for i := range r.doc.Lines {
		if i > 40 {
			break
		}
		l := &r.doc.Lines[i]
		if fold(l.Text) != fold(title) || i+1 >= len(r.doc.Lines) || l.Zone == htmltext.Nav {
			continue
		}
		var long strings.Builder
		long.WriteString(l.Text)
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
				long.WriteString(": " + n.Text)
			} else {
				long.WriteString(" " + n.Text)
			}
		}
		if long.String() != l.Text {
			return long.String()
		}
	}
	return title
}

// editionDates lists the dates that may be those of the edition, best first.
func (r *reader) editionDates() []datedLine {
	var out []datedLine
	for _, t := range r.doc.Titles {
		out = appendDated(out, t, -1, 2)
	}
	for _, m := range r.doc.Metas {
		if (strings.HasSuffix(m.Name, "description") || strings.HasSuffix(m.Name, "title")) && len(m.Content) < 300 {
			out = appendDated(out, m.Content, -1, 1.2)
		}
	}
	for _, alt := range r.doc.Images {
		out = appendDated(out, alt.Content, -1, 0.8)
	}
	for i := range r.doc.Lines {
		if l := &r.doc.Lines[i]; len(l.Text) <= 500 {
			out = appendDated(out, l.Text, i, r.dateLineScore(i))
		}
	}
	if r.witness.StartDate != "" {
		out = appendDated(out, r.witness.StartDate, -1, 1.5)
	}
	slices.SortStableFunc(out, func(a, b datedLine) int { return cmp.Compare(b.score, a.score) })
	return out
}

// appendDated appends the dates of a text, a weekday alone being none. score is
// how likely a date that stands there is that of the edition; a whole one and a
// stretch of days are likelier, one in a sentence about deadlines is not.
func appendDated(out []datedLine, text string, line int, score float64) []datedLine {
	for _, d := range findDates(text) {
		if d.month == 0 {
			continue
		}
		s := score
		if len(text) >= 120 && notOfEdition(strings.Fields(fold(sentenceAround(text, d.from)))) {
			s -= 1.5
		}
		if d.year > 0 {
			s += 0.5
		}
		if d.day2 > 0 {
			s += 0.2
		}
		out = append(out, datedLine{d, line, s})
	}
	return out
}

// dateLineScore says how likely a date in line i of the page is the edition's:
// by where it stands and by what the line speaks of.
func (r *reader) dateLineScore(i int) float64 {
	l := &r.doc.Lines[i]
	s := 0.7 - 0.01*float64(min(i, 80))
	head, _, _ := cutColon(l.Text)
	switch {
	case len(l.Text) < 120 && notOfEdition(strings.Fields(fold(l.Text))):
		s -= 1.5
	case lex().is(cWhen, fold(head)) || i > 0 && lex().is(cWhen, fold(strings.Trim(r.doc.Lines[i-1].Text, ":"))):
		s++
	case l.Heading > 0 && i < 60:
		s += 0.5
	case l.Zone == htmltext.Header:
		s += 0.4
	case l.Zone == htmltext.Aside || l.Zone == htmltext.Footer:
		s -= 0.8
	}
	if strings.HasPrefix(l.Text, "[") || strings.HasSuffix(l.Text, "]") {
		s--
	}
	return s - 0.4*sentenceScore(l.Text)
}

// sentenceAround gives the sentence of a text that holds a byte.
func sentenceAround(text string, at int) string {
	from := strings.LastIndex(text[:min(at, len(text))], ". ") + 1
	to := strings.Index(text[at:], ". ")
	if to < 0 {
		return text[from:]
	}
	return text[from : at+to]
}

// notOfEdition says whether a line speaks of deadlines, news or another year.
func notOfEdition(w []string) bool {
	for _, x := range w {
		switch x {
		case "deadline", "deadlines", "submission", "submissions", "notification", "registration", "register", "due", "camera", "extended", "updated", "posted", "published", "copyright", "news", "announced", "online", "available", "uploaded", "early", "frist", "anmeldung", "inscription", "inscripción", "plazo", "save", "last", "modified", "created", "generated", "written", "version", "stand", "uppdaterad", "actualizado", "aktualisiert", "next", "previous", "call":
			return true
		}
	}
	return false
}

// guessYear tells the year that dates without one are of: the one printed with
// the best dates, in the title, in the address; a weekday beside a date decides
// between them. It is 0 where the page speaks of no year.
func (r *reader) guessYear() int {
	best, most := 0, -1.0
	for k, y := range r.yearsSpokenOf() {
		if agree := 0.5/float64(k+1) + r.weekdaysAgree(y); k == 0 || agree > most {
			best, most = y, max(most, agree)
		}
	}
	return best
}

// yearsSpokenOf lists the years that the page may be of, each once, the
// likeliest places first.
func (r *reader) yearsSpokenOf() []int {
	var years []int
	add := func(list []int) {
		for _, y := range list {
			if y >= 1980 && y <= 2100 {
				years = appendInt(years, y)
			}
		}
	}
	add(yearsIn(r.edition.Title))
	if r.base != nil {
		add(yearsIn(r.base.Path))
		add(yearsIn(r.base.Host))
	}
	for _, d := range r.dates {
		if d.date.year > 0 && d.score > 0.2 {
			add([]int{d.date.year})
		}
	}
	for _, t := range r.doc.Titles {
		add(yearsIn(t))
	}
	for i := range r.doc.Lines {
		if l := &r.doc.Lines[i]; l.Heading > 0 || l.Zone == htmltext.Footer || i < 30 {
			add(yearsIn(l.Text))
		}
	}
	return years
}

// weekdaysAgree says how well the weekdays printed with dates fit a year: one
// for each that does, half of one less for each that does not.
func (r *reader) weekdaysAgree(year int) float64 {
	agree := 0.0
	for _, d := range r.dates {
		if d.date.weekday < 0 || d.date.month == 0 || d.date.year > 0 && d.date.year != year {
			continue
		}
		if day := archive.MakeDate(year, d.date.month, d.date.day); day.Time().Weekday() == time.Weekday(d.date.weekday) {
			agree++
		} else {
			agree -= 0.5
		}
	}
	return agree
}

// dateOf tells the day of an item: the date printed with it, the head of its
// column, or the last day's heading before it.
func (r *reader) dateOf(d *draft) archive.Date {
	if d.title >= 0 {
		if c := r.pieces[d.title].line.Cell; c != nil {
			if head := r.columns[columnKey{c.Table, c.Col}]; head.date != "" && c.Cols == 1 {
				return head.date
			}
		}
	}
	from := -1
	if len(d.pieces) > 0 {
		from = d.pieces[0]
	}
	if d.slot >= 0 {
		if a := r.slots[d.slot].anchor; a >= 0 {
			from = max(from, a)
		}
	}
	for i := r.dateBefore(from + 1); i >= 0; i = r.dateBefore(i) {
		p := &r.pieces[i]
		if p.line.Cell != nil && i != from && p.kind != lDay && r.columnHeadDate(p) {
			continue
		}
		if day := r.dayOf(*p.date); day != "" {
			return day
		}
		if p.day {
			return ""
		}
	}
	if f, l := r.span(); f != "" && f == l {
		return f
	}
	return ""
}

// dateBefore gives the last piece before i that sets the day, or -1.
func (r *reader) dateBefore(i int) int {
	if len(r.dayPieces) != len(r.pieces)+1 {
		r.dayPieces = make([]int, len(r.pieces)+1)
		last := -1
		for k := range r.pieces {
			r.dayPieces[k] = last
			if p := &r.pieces[k]; p.date != nil && (p.day || p.time != nil) {
				last = k
			}
		}
		r.dayPieces[len(r.pieces)] = last
	}
	if i < 0 || i > len(r.pieces) {
		return -1
	}
	return r.dayPieces[i]
}

func (r *reader) columnHeadDate(p *piece) bool {
	return r.columns[columnKey{p.line.Cell.Table, p.line.Cell.Col}].date != ""
}

// dayOf makes a date whole with the edition's year, or with its days where only
// a weekday is printed.
func (r *reader) dayOf(d dateSpan) archive.Date {
	if d.month == 0 {
		return r.weekdayDate(d.weekday)
	}
	first, _ := d.withYear(r.year)
	return first
}

// span gives the edition's days as far as they are known without its items.
func (r *reader) span() (first, last archive.Date) {
	for _, d := range r.dates {
		if d.score < 0.2 {
			break
		}
		if f, l := d.date.withYear(r.year); f != "" && (r.year == 0 || f.Year() == r.year) {
			return f, l
		}
	}
	return "", ""
}

// weekdayDate finds the day of the edition that falls on a weekday, or "".
func (r *reader) weekdayDate(weekday int) archive.Date {
	first, last := r.span()
	if first == "" || last.Time().Sub(first.Time()) > 8*24*time.Hour {
		return ""
	}
	for d := first.Time(); !d.After(last.Time()); d = d.AddDate(0, 0, 1) {
		if int(d.Weekday()) == weekday {
			return archive.MakeDate(d.Year(), int(d.Month()), d.Day())
		}
	}
	return ""
}

// finishEdition reads what the items help to tell: the days, the place, people
// and other editions.
func (r *reader) finishEdition(prog *archive.Programme) {
	e := &prog.Edition
	r.notTitle = map[string]bool{}
	for i := range prog.Items {
		r.notTitle[fold(prog.Items[i].Title)] = true
		r.notTitle[fold(prog.Items[i].Session)] = true
	}
	for i := range r.pieces {
		if p := &r.pieces[i]; !p.outside && p.slot >= 0 {
			r.notTitle[fold(p.text)] = true
		}
	}
	r.edition.Title = r.readTitle()
	*e = r.edition
	var first, last archive.Date
	for i := range prog.Items {
		d := prog.Items[i].Date
		if d == "" {
			continue
		}
		if first == "" || d < first {
			first = d
		}
		if d > last {
			last = d
		}
	}
	f, l := r.span()
	switch {
	case first == "":
		first, last = f, l
	case f != "" && f <= first && l >= last && l.Time().Sub(f.Time()) < 12*24*time.Hour:
		first, last = f, l
	}
	e.StartDate, e.EndDate = first, last
	if first != "" && last.Time().Sub(first.Time()) > 60*24*time.Hour {
		e.EndDate = ""
	}
	r.readPlace(e)
	e.Organizers = r.readOrganizers()
	e.Topics = r.readTopics()
	e.RelatedEditions = r.related(first)
	e.Places = archive.Places{}
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if e.Title != "" && strings.Contains(fold(l.Text), fold(e.Title)) {
			e.Places["title"] = archive.Place{Path: r.paths.Of(l.Node), Line: l.Number, Quote: cut(l.Text, 200), Sure: 0.8}
			break
		}
	}
	for _, d := range r.dates {
		if d.line >= 0 && e.StartDate != "" {
			if f, _ := d.date.withYear(r.year); f == e.StartDate {
				l := &r.doc.Lines[d.line]
				e.Places["start_date"] = archive.Place{Path: r.paths.Of(l.Node), Line: l.Number, Quote: cut(l.Text, 200), Sure: math.Min(0.95, 0.5+d.score/4)}
				break
			}
		}
	}
}

// pageYear gives the year in an address, 0 when there is none.
func pageYear(u *url.URL) int {
	if u == nil {
		return 0
	}
	if y := yearsIn(u.Path); len(y) > 0 {
		return y[len(y)-1]
	}
	if y := yearsIn(u.Host); len(y) > 0 {
		return y[0]
	}
	return 0
}
