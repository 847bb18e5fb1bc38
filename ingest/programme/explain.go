package programme

import (
	"fmt"
	"io"
	"strings"

	"rostrum/archive"
)

// Explanation shows a page beside what was read of it.
type Explanation struct {
	Programme archive.Programme
	// Lines are the parts of the page in order, each with what it was taken for.
	Lines []ExplainedLine
	// Reading says which way of understanding the page won: "by times" or "by units".
	Reading string
	// Coherence is how well that reading hangs together; only to compare with others.
	Coherence float64
}

// ExplainedLine is a part of the page and what it was taken for.
type ExplainedLine struct {
	Text  string
	Label string // "title", "people", "abstract", …; "" for what is no part of the programme
	Time  string // the time printed with it, as read; "" when none
	Place archive.Place
}

// labelNames are what explanations call the labels.
var labelNames = [...]string{"", "day", "session", "title", "title", "people", "people", "people", "title and people", "abstract", "bio", "affiliation", "links", "note"}

// Explain reads a page as Read does and tells of every part what it was taken for.
func Explain(p Page) Explanation {
	r := newReader(p)
	e := Explanation{Programme: r.read(), Reading: "by units", Coherence: r.best}
	if len(r.slots) > 0 {
		e.Reading = "by times"
	}
	for i := range r.pieces {
		q := &r.pieces[i]
		if q.text == "" && q.time == nil {
			continue
		}
		l := ExplainedLine{Text: q.text, Label: labelNames[q.kind], Place: r.placeOn(q.index, q.text, r.sureOf(i))}
		if q.slot >= 0 && r.slots[q.slot].anchor == i {
			when := r.slots[q.slot].when
			l.Time = string(archive.MakeClock(when.start))
			if when.end >= 0 {
				l.Time += "-" + string(archive.MakeClock(when.end))
			}
		}
		e.Lines = append(e.Lines, l)
	}
	return e
}

// WriteTo prints the explanation for a person: label, time and text of each part.
func (e Explanation) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "read %s, %d items, coherence %.1f\n", e.Reading, len(e.Programme.Items), e.Coherence)
	for _, l := range e.Lines {
		fmt.Fprintf(&b, "%-16s %-11s %s\n", l.Label, l.Time, cut(l.Text, 120))
	}
	n, err := io.WriteString(w, b.String())
	return int64(n), err
}
