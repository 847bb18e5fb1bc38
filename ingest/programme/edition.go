package programme

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// datedLine is a date on the page with how likely it is that of the edition.
type datedLine struct {
	date dateSpan
	spot
	score float64
}

// readEdition reads what does not depend on the items: title, the years spoken
// of, language.
func (r *reader) readEdition() {
	r.hearWitnesses()
	r.readTitle()
	r.edition.Language = r.readLanguage()
	r.dates = r.editionDates()
	r.year = r.guessYear()
}

// editionDates lists the dates that may be those of the edition, best first.
func (r *reader) editionDates() []datedLine {
	var out []datedLine
	for i, t := range r.doc.Titles {
		out = appendDated(out, t, r.titleSpot(i), 2)
	}
	for i := range r.doc.Metas {
		m := &r.doc.Metas[i]
		if (strings.HasSuffix(m.Name, "description") || strings.HasSuffix(m.Name, "title")) && len(m.Content) < 300 {
			out = appendDated(out, m.Content, spot{hint: m}, 1.2)
		}
	}
	for i := range r.doc.Images {
		out = appendDated(out, r.doc.Images[i].Content, spot{hint: &r.doc.Images[i]}, 0.8)
	}
	for i := range r.doc.Lines {
		if l := &r.doc.Lines[i]; len(l.Text) <= 500 {
			out = appendDated(out, l.Text, spot{line: i}, r.dateLineScore(i))
		}
	}
	out = r.hearDates(out)
	slices.SortStableFunc(out, func(a, b datedLine) int { return cmp.Compare(b.score, a.score) })
	return out
}

// appendDated appends the dates of a text, a weekday alone being none. score is
// how likely a date that stands there is that of the edition; a whole one and a
// stretch of days are likelier, one in a sentence about deadlines is not.
func appendDated(out []datedLine, text string, where spot, score float64) []datedLine {
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
		out = append(out, datedLine{d, where, s})
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
func notOfEdition(w []string) bool { return lex().has(cNotDay, w) }

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
// column, or the last day's heading before it; and the piece that says so, -1 when
// it is the edition's only day.
func (r *reader) dateOf(d *draft) (day archive.Date, piece int) {
	if d.title >= 0 {
		if c := r.pieces[d.title].line.Cell; c != nil {
			if head := r.columns[columnKey{c.Table, c.Col}]; head.date != "" && c.Cols == 1 {
				return head.date, head.dated
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
			return day, i
		}
		if p.day {
			return "", -1
		}
	}
	if f, l := r.span(); f != "" && f == l {
		return f, -1
	}
	return "", -1
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
	r.readTitle()
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
	e.Places = archive.Places{}
	r.notePlacesOfDates(prog)
	r.readPlace(e)
	organizers := r.hearOrganizers(r.readOrganizers())
	for k, o := range organizers {
		e.Organizers = append(e.Organizers, o.words)
		e.Places[inList("organizers", k)] = r.placeOn(o.line, o.words, 0.8)
	}
	topics := r.readTopics()
	for k, t := range topics {
		e.Topics = append(e.Topics, t.words)
		e.Places[inList("topics", k)] = r.placeOn(t.line, t.words, 0.8)
	}
	for k, l := range r.related(first) {
		e.RelatedEditions = append(e.RelatedEditions, l.href)
		e.Places[inList("related_editions", k)] = r.placeOfLink(l.link, 0.8)
	}
	if e.Title != "" {
		e.Places["title"] = r.placeOf(r.titleAt, e.Title, 0.8)
	}
}

// notePlacesOfDates tells where the edition's days are printed: in a line about
// the edition, else where its first and last item have theirs.
func (r *reader) notePlacesOfDates(prog *archive.Programme) {
	e := &prog.Edition
	for _, day := range []struct {
		field string
		date  archive.Date
	}{{"start_date", e.StartDate}, {"end_date", e.EndDate}} {
		if day.date == "" {
			continue
		}
		for _, d := range r.dates {
			first, last := d.date.withYear(r.year)
			if day.field == "start_date" && first == day.date || day.field == "end_date" && (last == day.date || first == day.date) {
				e.Places[day.field] = r.placeOf(d.spot, d.date.printed, min(0.95, 0.5+d.score/4))
				break
			}
		}
		if p, ok := e.Places[day.field]; ok {
			// An item that is dated by the edition's only day has it from there.
			for i := range prog.Items {
				if it := &prog.Items[i]; it.Date == day.date && it.Places["date"].Quote == "" {
					it.Places["date"] = p
				}
			}
			continue
		}
		for i := range prog.Items {
			if p, ok := prog.Items[i].Places["date"]; ok && prog.Items[i].Date == day.date {
				e.Places[day.field] = p
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
