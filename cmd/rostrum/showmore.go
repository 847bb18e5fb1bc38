package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"rostrum/archive"
)

// personJSON is a person for programs.
type personJSON struct {
	Thing        string           `json:"thing"`
	ID           archive.PersonID `json:"id"`
	Path         string           `json:"path"`
	Name         string           `json:"name"`
	Printed      []string         `json:"printed,omitempty"` // other names, as printed
	Affiliations []string         `json:"affiliations,omitempty"`
	URL          string           `json:"url,omitempty"`
	Bio          string           `json:"bio,omitempty"`
	BioFrom      archive.TalkID   `json:"bio_from,omitempty"`
	Talks        []talkRef        `json:"talks"`
	With         []personCount    `json:"with,omitempty"` // who gave talks together with them
}

type personCount struct {
	ID    archive.PersonID `json:"id"`
	Name  string           `json:"name"`
	Talks int              `json:"talks"`
}

// person shows a human: all talks, the affiliations as printed, who they gave
// talks with.
func (v *shower) person(ctx context.Context, id archive.PersonID) error {
	p, err := follow(id, func(id archive.PersonID) (archive.PersonSummary, error) { return v.db.PersonByID(ctx, id) })
	if err != nil {
		return err
	}
	talks, err := v.db.PersonTalks(ctx, p.ID)
	if err != nil {
		return err
	}
	out := personJSON{Thing: "person", ID: p.ID, Path: "/people/" + string(p.ID), Name: p.Name, URL: p.URL, Bio: p.Bio, BioFrom: p.BioFrom, Talks: []talkRef{}}
	if out.Talks, err = v.refs(ctx, talks); err != nil {
		return err
	}
	with := map[archive.PersonID]*personCount{}
	for _, t := range out.Talks { // the latest affiliation comes first
		for _, c := range t.Speakers {
			switch {
			case c.ID == p.ID:
				out.Printed = without(out.Printed, c.Name, p.Name)
				out.Affiliations = without(out.Affiliations, c.Affiliation, "")
			case c.ID != "":
				if with[c.ID] == nil {
					with[c.ID] = &personCount{c.ID, c.Name, 0}
				}
				with[c.ID].Talks++
			}
		}
	}
	for _, one := range with {
		out.With = append(out.With, *one)
	}
	slices.SortFunc(out.With, func(a, b personCount) int { return cmp.Or(b.Talks-a.Talks, strings.Compare(a.Name, b.Name)) })
	if v.a.json {
		v.a.printJSON(out)
		return nil
	}
	v.printPerson(out)
	return nil
}

// without adds one to a list unless it is there, or is not wanted.
func without(list []string, one, unwanted string) []string {
	if one == unwanted || one == "" || slices.Contains(list, one) {
		return list
	}
	return append(list, one)
}

func (v *shower) printPerson(p personJSON) {
	v.title(p.Name, p.Path)
	v.prose(0, strings.Join(p.Affiliations, ", "), plain)
	v.facts(
		fact{"also", strings.Join(p.Printed, ", "), ""},
		fact{"home", p.URL, p.URL},
		fact{"page", v.page(p.Path), v.page(p.Path)},
	)
	if p.Bio != "" {
		fmt.Fprintln(v.out)
		v.prose(0, p.Bio, plain)
	}
	v.talkTable(plural(len(p.Talks), "talk"), p.Talks)
	if len(p.With) > 0 {
		v.heading("With")
		var rows [][]words
		for _, w := range p.With[:min(len(p.With), 12)] {
			rows = append(rows, []words{{text: w.Name, to: v.page("/people/" + string(w.ID))}, {text: plural(w.Talks, "talk"), set: dim}, {whole: true, text: "people/" + string(w.ID), set: dim}})
		}
		v.table(2, rows)
	}
	if len(p.Talks) > 0 {
		v.next([]string{string(p.Talks[0].ID), string(p.Talks[0].ID.Edition())})
	}
}

// editionJSON is an edition for programs.
type editionJSON struct {
	Thing      string            `json:"thing"`
	ID         archive.EditionID `json:"id"`
	Path       string            `json:"path"`
	Title      string            `json:"title"`
	Series     seriesRef         `json:"series"`
	StartDate  archive.Date      `json:"start_date,omitempty"`
	EndDate    archive.Date      `json:"end_date,omitempty"`
	Venue      string            `json:"venue,omitempty"`
	City       string            `json:"city,omitempty"`
	Country    string            `json:"country,omitempty"`
	Language   string            `json:"language,omitempty"`
	URL        string            `json:"url,omitempty"`
	Organizers []string          `json:"organizers,omitempty"`
	Topics     []string          `json:"topics,omitempty"`
	People     int               `json:"people"`
	Decks      int               `json:"decks"`
	Slides     int               `json:"slides"`
	Previous   archive.EditionID `json:"previous,omitempty"`
	Next       archive.EditionID `json:"next,omitempty"`
	Items      []itemRef         `json:"items"` // the programme in its order, breaks included
}

// itemRef is a line of a programme: a break has no page, thus no ID.
type itemRef struct {
	talkRef
	Room    string `json:"room,omitempty"`
	Session string `json:"session,omitempty"`
}

type seriesRef struct {
	ID   archive.SeriesID `json:"id"`
	Name string           `json:"name"`
}

func (v *shower) edition(ctx context.Context, id archive.EditionID) error {
	e, err := follow(id, func(id archive.EditionID) (archive.EditionSummary, error) { return v.db.EditionByID(ctx, id) })
	if err != nil {
		return err
	}
	talks, err := v.db.EditionTalks(ctx, e.ID)
	if err != nil {
		return err
	}
	before, after, err := v.db.Neighbours(ctx, e.ID)
	if err != nil {
		return err
	}
	out := editionJSON{
		Thing: "edition", ID: e.ID, Path: "/" + string(e.ID), Title: e.Called(), Series: seriesRef{e.Series, e.SeriesName},
		StartDate: e.StartDate, EndDate: e.EndDate, Venue: e.Venue, City: e.City, Country: e.Country, Language: e.Language, URL: e.URL,
		Organizers: e.Organizers, Topics: e.Topics, People: e.People, Decks: e.Decks, Slides: e.Slides, Items: []itemRef{},
	}
	if before != nil {
		out.Previous = before.ID
	}
	if after != nil {
		out.Next = after.ID
	}
	for _, t := range talks {
		one := itemRef{talkRefOf(t, ""), joined(" · ", t.Room, t.Track), t.Session}
		if !t.Given() {
			one.ID = ""
		}
		out.Items = append(out.Items, one)
	}
	if v.a.json {
		v.a.printJSON(out)
		return nil
	}
	v.printEdition(out)
	return nil
}

func (v *shower) printEdition(e editionJSON) {
	v.title(e.Title, e.Path)
	when := day(e.StartDate)
	if e.EndDate.Valid() && e.EndDate != e.StartDate {
		when += " to " + day(e.EndDate)
	}
	given := 0
	for _, it := range e.Items {
		if it.ID != "" {
			given++
		}
	}
	holds := fmt.Sprintf("%s, %d people", plural(given, "talk"), e.People)
	if e.Decks > 0 {
		holds += fmt.Sprintf(", %s with %s", plural(e.Decks, "deck"), plural(e.Slides, "slide"))
	}
	v.facts(
		fact{"when", when, ""},
		fact{"where", joined(", ", e.Venue, e.City, e.Country), ""},
		fact{"series", e.Series.Name, v.page("/" + string(e.Series.ID))},
		fact{"by", strings.Join(e.Organizers, ", "), ""},
		fact{"topics", strings.Join(e.Topics, ", "), ""},
		fact{"holds", holds, ""},
		fact{"page", v.page(e.Path), v.page(e.Path)},
		fact{"source", e.URL, e.URL},
	)
	v.printProgramme(e.Items)
	var next []string
	for _, id := range []archive.EditionID{e.Previous, e.Next} {
		if id != "" {
			next = append(next, string(id))
		}
	}
	v.next(append(next, string(e.Series.ID)))
}

// printProgramme writes the programme in its order, a heading for each day and
// each session.
func (v *shower) printProgramme(items []itemRef) {
	var rows [][]words
	last, session := archive.Date("none"), ""
	flush := func() {
		v.table(2, rows)
		rows = nil
	}
	for i, it := range items {
		if (it.Date != "" && it.Date != last) || i == 0 {
			flush()
			last, session = it.Date, ""
			v.heading(cmp.Or(day(it.Date), "Programme"))
		}
		if it.Session != session && it.Session != "" {
			rows = append(rows, []words{{text: it.Session, set: italic}})
		}
		session = it.Session
		var names []string
		for _, p := range it.Speakers {
			names = append(names, p.Name)
		}
		title := words{text: it.Title, set: dim}
		if it.ID != "" {
			title = words{text: it.Title, to: v.page("/" + string(it.ID))}
		}
		slides := ""
		if it.Slides > 0 {
			slides = plural(it.Slides, "slide")
		}
		rows = append(rows, []words{{whole: true, text: span(it.Start, it.End), set: dim}, title, {text: strings.Join(names, ", ")}, {text: slides, set: dim}})
	}
	flush()
}

// seriesJSON is a series for programs.
type seriesJSON struct {
	Thing       string           `json:"thing"`
	ID          archive.SeriesID `json:"id"`
	Path        string           `json:"path"`
	Name        string           `json:"name"`
	FormerNames []string         `json:"former_names,omitempty"`
	URL         string           `json:"url,omitempty"`
	Talks       int              `json:"talks"`
	Editions    []editionLine    `json:"editions"`
}

type editionLine struct {
	editionRef
	City    string `json:"city,omitempty"`
	Country string `json:"country,omitempty"`
	Talks   int    `json:"talks"`
	People  int    `json:"people"`
	Slides  int    `json:"slides"`
}

func lineOf(e archive.EditionSummary) editionLine {
	return editionLine{editionRef{e.ID, e.Called(), e.StartDate}, e.City, e.Country, e.Talks, e.People, e.Slides}
}

func (v *shower) series(ctx context.Context, id archive.SeriesID) error {
	s, err := follow(id, func(id archive.SeriesID) (archive.SeriesSummary, error) { return v.db.SeriesByID(ctx, id) })
	if err != nil {
		return err
	}
	editions, err := v.db.Editions(ctx, s.ID)
	if err != nil {
		return err
	}
	out := seriesJSON{Thing: "series", ID: s.ID, Path: "/" + string(s.ID), Name: s.Name, FormerNames: s.FormerNames, URL: s.URL, Talks: s.Talks, Editions: []editionLine{}}
	for _, e := range editions {
		out.Editions = append(out.Editions, lineOf(e))
	}
	if v.a.json {
		v.a.printJSON(out)
		return nil
	}
	v.title(out.Name, out.Path)
	v.facts(
		fact{"formerly", strings.Join(out.FormerNames, ", "), ""},
		fact{"holds", fmt.Sprintf("%s, %s", plural(len(out.Editions), "edition"), plural(out.Talks, "talk")), ""},
		fact{"home", out.URL, out.URL},
		fact{"page", v.page(out.Path), v.page(out.Path)},
	)
	v.heading("Editions")
	v.editionTable(out.Editions)
	if len(out.Editions) > 0 {
		v.next([]string{string(out.Editions[0].ID)})
	}
	return nil
}

func (v *shower) editionTable(list []editionLine) {
	var rows [][]words
	for _, e := range list {
		rows = append(rows, v.editionRow(e))
	}
	v.table(2, rows)
}

func (v *shower) editionRow(e editionLine) []words {
	return []words{
		{whole: true, text: string(e.ID), to: v.page("/" + string(e.ID))}, {text: e.Title}, {whole: true, text: string(e.Date), set: dim}, {text: joined(", ", e.City, e.Country)},
		number(e.Talks, "talk"),
	}
}

// topicJSON is a topic for programs.
type topicJSON struct {
	Thing    string          `json:"thing"`
	ID       archive.TopicID `json:"id"`
	Path     string          `json:"path"`
	Name     string          `json:"name"`
	Talks    []talkRef       `json:"talks"`
	Editions []editionLine   `json:"editions,omitempty"` // that announced it
}

func (v *shower) topic(ctx context.Context, id archive.TopicID) error {
	t, err := follow(id, func(id archive.TopicID) (archive.Topic, error) { return v.db.TopicByID(ctx, id) })
	if err != nil {
		return err
	}
	talks, err := v.db.TopicTalks(ctx, t.ID)
	if err != nil {
		return err
	}
	editions, err := v.db.TopicEditions(ctx, t.ID)
	if err != nil {
		return err
	}
	out := topicJSON{Thing: "topic", ID: t.ID, Path: "/topics/" + string(t.ID), Name: t.Name, Talks: []talkRef{}}
	if out.Talks, err = v.refs(ctx, talks); err != nil {
		return err
	}
	for _, e := range editions {
		out.Editions = append(out.Editions, lineOf(e))
	}
	if v.a.json {
		v.a.printJSON(out)
		return nil
	}
	v.title(out.Name, out.Path)
	v.facts(fact{"page", v.page(out.Path), v.page(out.Path)})
	if len(out.Editions) > 0 {
		v.heading("Announced by")
		v.editionTable(out.Editions)
	}
	v.talkTable(plural(len(out.Talks), "talk"), out.Talks)
	if len(out.Talks) > 0 {
		v.next([]string{string(out.Talks[0].ID)})
	} else if len(out.Editions) > 0 {
		v.next([]string{string(out.Editions[0].ID)})
	}
	return nil
}
