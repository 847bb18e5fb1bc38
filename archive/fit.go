package archive

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// FitProgramme brings what a reader made within the bounds of Programme JSON,
// so that whatever is read can be stored, printed and taken back: what is too
// long is cut, what does not hold or is blank is left out, and one Finding
// tells how often. A Programme that fits comes back as it is.
func FitProgramme(p Programme) Programme {
	f := &fitter{}
	f.edition(&p.Edition)
	p.Items = f.items(p.Items)
	p.Findings = f.allFindings(p.Findings)
	if f.cut > 0 {
		p.Findings = append(p.Findings, Finding{Code: FindingCut, Text: fmt.Sprintf("%d values were too long or too many and were cut", f.cut)})
	}
	if f.dropped > 0 {
		p.Findings = append(p.Findings, Finding{Code: FindingInvalid, Text: fmt.Sprintf("%d values did not hold and were left out", f.dropped)})
	}
	return p
}

// fitter counts what it had to change.
type fitter struct {
	cut, dropped int
	// now is where each item went, -1 for one that was left out; nil when all
	// stayed where they were.
	now []int
}

func (f *fitter) edition(e *EditionInfo) {
	for _, s := range []*string{&e.Title, &e.Series, &e.Venue, &e.City, &e.Country, &e.URL} {
		f.text(s, maxText)
	}
	f.date(&e.StartDate)
	f.date(&e.EndDate)
	if e.StartDate != "" && e.EndDate != "" && e.EndDate < e.StartDate {
		e.EndDate = ""
		f.dropped++
	}
	f.language(&e.Language)
	e.Organizers, e.Topics, e.RelatedEditions = f.texts(e.Organizers, maxPeople), f.texts(e.Topics, maxLinks), f.texts(e.RelatedEditions, maxLinks)
	f.places(e.Places)
}

func (f *fitter) items(items []Item) []Item {
	f.now = make([]int, len(items))
	kept := make([]Item, 0, len(items))
	for n, i := range items {
		f.now[n] = -1
		switch {
		case len(kept) >= maxItems:
			f.cut++
			continue
		case strings.TrimSpace(i.Title) == "" || !i.Kind.Valid():
			f.dropped++
			continue
		}
		f.item(&i)
		f.now[n] = len(kept)
		kept = append(kept, i)
	}
	return kept
}

func (f *fitter) item(i *Item) {
	for _, s := range []*string{&i.Title, &i.Room, &i.Track, &i.Session, &i.URL} {
		f.text(s, maxText)
	}
	f.text(&i.Abstract, maxLongText)
	f.date(&i.Date)
	f.clock(&i.Start)
	f.clock(&i.End)
	f.language(&i.Language)
	i.Topics, i.Slides, i.Video, i.Paper = f.texts(i.Topics, maxLinks), f.texts(i.Slides, maxLinks), f.texts(i.Video, maxLinks), f.texts(i.Paper, maxLinks)
	i.Speakers = f.credits(i.Speakers)
	f.places(i.Places)
}

func (f *fitter) credits(list []Credit) []Credit {
	var kept []Credit
	for n, c := range list {
		if n >= maxPeople {
			f.cut++
			break
		}
		if strings.TrimSpace(c.Name) == "" {
			f.dropped++
			continue
		}
		for _, s := range []*string{&c.Name, &c.Affiliation, &c.Role, &c.URL} {
			f.text(s, maxText)
		}
		f.text(&c.Bio, maxLongText)
		kept = append(kept, c)
	}
	return kept
}

func (f *fitter) allFindings(list []Finding) []Finding {
	// Two places are left for what this adds.
	if len(list) > maxFindings-2 {
		list = list[:maxFindings-2]
		f.cut++
	}
	var kept []Finding
	for _, one := range list {
		if one.Item != nil {
			at := -1
			if *one.Item >= 0 && *one.Item < len(f.now) {
				at = f.now[*one.Item]
			}
			if at < 0 {
				continue // it spoke of an item that was left out
			}
			one.Item = &at
		}
		if one.Code == "" || strings.TrimSpace(one.Text) == "" {
			continue
		}
		f.text(&one.Text, maxText)
		f.text(&one.Field, maxText)
		f.text(&one.URL, maxText)
		if one.Place != nil {
			place := f.place(*one.Place)
			one.Place = &place
		}
		kept = append(kept, one)
	}
	return kept
}

func (f *fitter) places(p Places) {
	for name, place := range p {
		p[name] = f.place(place)
	}
}

func (f *fitter) place(p Place) Place {
	f.text(&p.Path, maxLongText)
	f.text(&p.Quote, maxText)
	p.Line = max(p.Line, 0)
	if !(p.Sure >= 0) { // also what is no number
		p.Sure = 0
	}
	p.Sure = min(p.Sure, 1)
	return p
}

func (f *fitter) texts(list []string, most int) []string {
	var kept []string
	for _, s := range list {
		if strings.TrimSpace(s) == "" {
			f.dropped++
			continue
		}
		if len(kept) == most {
			f.cut++
			break
		}
		f.text(&s, maxText)
		kept = append(kept, s)
	}
	return kept
}

// text cuts at a character, with an ellipsis, and mends what is no UTF-8.
func (f *fitter) text(s *string, most int) {
	if !utf8.ValidString(*s) {
		*s = strings.ToValidUTF8(*s, "\uFFFD")
	}
	if len(*s) <= most || utf8.RuneCountInString(*s) <= most {
		return
	}
	n := 0
	for at := range *s {
		if n++; n == most {
			*s = strings.TrimSpace((*s)[:at]) + "…"
			break
		}
	}
	f.cut++
}

func (f *fitter) date(d *Date) {
	if *d != "" && !d.Valid() {
		*d = ""
		f.dropped++
	}
}

func (f *fitter) clock(c *Clock) {
	if *c != "" && !c.Valid() {
		*c = ""
		f.dropped++
	}
}

func (f *fitter) language(s *string) {
	if *s != "" && (len(*s) > maxText || !languageRE.MatchString(*s)) {
		*s = ""
		f.dropped++
	}
}
