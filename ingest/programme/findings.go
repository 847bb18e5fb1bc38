package programme

import (
	"fmt"
	"strings"

	"rostrum/archive"
)

// findOdd tells what looks odd in what was read. Nothing is changed by it.
func (r *reader) findOdd(prog *archive.Programme) {
	add := func(code archive.FindingCode, item int, field, text string) {
		f := archive.Finding{Code: code, Text: text, Field: field}
		if item >= 0 {
			f.Item = &item
			if p, ok := prog.Items[item].Places[field]; ok {
				f.Place = &p
			} else if p, ok := prog.Items[item].Places["title"]; ok {
				f.Place = &p
			}
		}
		prog.Findings = append(prog.Findings, f)
	}
	if r.doc.Cut {
		add(archive.FindingCut, -1, "", "The page is longer than what is read of one; the rest is left out.")
	}
	if len(prog.Items) == 0 {
		add(archive.FindingNoItems, -1, "", "Nothing on the page looks like a programme.")
		return
	}
	timed := 0
	for i := range prog.Items {
		if prog.Items[i].Start != "" {
			timed++
		}
	}
	for i := range prog.Items {
		r.oddItem(prog, i, timed*2 > len(prog.Items), add)
	}
	prog.Findings = append(prog.Findings, r.oddEdition(prog)...)
	prog.Findings = append(prog.Findings, r.contradictions...)
}

type findingAdder func(code archive.FindingCode, item int, field, text string)

func (r *reader) oddItem(prog *archive.Programme, i int, timed bool, add findingAdder) {
	it := &prog.Items[i]
	switch {
	case it.Start != "" && it.End != "" && it.End <= it.Start && (it.Start <= "18:00" || it.End >= "06:00"):
		add(archive.FindingTimeOdd, i, "end", fmt.Sprintf("%q ends at %s, not after it starts at %s.", it.Title, it.End, it.Start))
	case it.Start == "" && timed && it.Kind.TalkLike():
		add(archive.FindingTimeMissing, i, "start", fmt.Sprintf("%q has no time of its own among items that have one.", it.Title))
	case i > 0 && it.Start != "" && prog.Items[i-1].Start == it.Start && prog.Items[i-1].End == it.End && it.Date == prog.Items[i-1].Date && it.Room == "" && it.Track == "" && it.Kind.TalkLike():
		add(archive.FindingTimeOdd, i, "start", fmt.Sprintf("%q and the item before it are printed with the same time, %s.", it.Title, it.Start))
	}
	if p, ok := it.Places["start"]; ok && p.Sure < 0.5 {
		add(archive.FindingTimeOdd, i, "start", fmt.Sprintf("The printed time of %q does not fit in the day and was read as %s.", it.Title, it.Start))
	}
	for _, c := range it.Speakers {
		if r.vocab.nameScore(c.Name) < -0.1 {
			add(archive.FindingNameOdd, i, "speakers", fmt.Sprintf("%q, named with %q, does not look like the name of a person.", c.Name, it.Title))
		}
	}
	if it.SlidesMarked {
		add(archive.FindingSlidesUnlinked, i, "slides", fmt.Sprintf("Slides are spoken of at %q, but there is no link to them.", it.Title))
	}
	if p, ok := it.Places["title"]; ok && p.Sure < 0.35 {
		add(archive.FindingDoubtful, i, "title", fmt.Sprintf("It is not certain that %q is an item of the programme.", it.Title))
	}
}

// oddEdition tells what is odd in the page's words on the edition, each with the line that says it.
func (r *reader) oddEdition(prog *archive.Programme) []archive.Finding {
	var out []archive.Finding
	add := func(code archive.FindingCode, at spot, field, text string) {
		place := r.placeOf(at, "", 0)
		out = append(out, archive.Finding{Code: code, Text: text, Field: field, Place: &place})
	}
	ends := map[string]bool{}
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if len(l.Text) > 300 || r.inSlots(i) {
			continue
		}
		if end := r.closing(l.Text, prog.Edition.StartDate); end != "" && !ends[end] {
			ends[end] = true
			if len(ends) == 2 {
				add(archive.FindingTwoEnds, spot{line: i}, "end_date", "Two different closing times are printed for the same day.")
			}
		}
		head, _, ok := cutColon(l.Text)
		if rest := strings.TrimSpace(strings.TrimPrefix(l.Text, head+":")); ok && lex().has(cPrevious, strings.Fields(fold(head))) && prog.Edition.Title != "" && fold(rest) == fold(prog.Edition.Title) {
			add(archive.FindingSelfLink, spot{line: i}, "related_editions", "What is called another edition bears this edition's own name.")
		}
	}
	for _, d := range r.dates {
		if d.date.weekday < 0 || d.date.month == 0 || d.score < 0.2 {
			continue
		}
		if first, _ := d.date.withYear(r.year); first != "" && int(first.Time().Weekday()) != d.date.weekday {
			add(archive.FindingDateOdd, d.spot, "start_date", fmt.Sprintf("The weekday printed with %s is not the one of that day.", first))
			break
		}
	}
	return out
}

// closing gives the time at which a line says that a day ends; "" when it is of
// another day, or of none.
func (r *reader) closing(text string, day archive.Date) string {
	d := findDates(text)
	if day == "" || len(d) != 1 || d[0].month == 0 || d[0].day2 != 0 {
		return ""
	}
	t := findTimes(text)
	if len(t) != 1 || !t[0].ranged {
		return ""
	}
	if first, _ := d[0].withYear(r.year); first != day {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", t[0].end.hour, t[0].end.minute)
}
