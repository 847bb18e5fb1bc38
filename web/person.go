package web

import (
	"context"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

type personView struct {
	Monogram     template.HTML
	Name         string
	Talks        int
	Years        string
	Affiliation  string
	Links        []link
	Bio          []wording
	BioFrom      link
	Plot         *figure // talks by series and year
	ByYear       []talkLine
	Affiliations []noted
	With         []noted
	Topics       []noted
	SearchURL    string
	FeedURL      string
	From         *provenance
}

// How much of a person's company, topics and links their page shows.
const (
	personWith   = 30
	personTopics = 24
	personLinks  = 6
)

func (s *Site) person(c echo.Context) error {
	ctx, l, id := c.Request().Context(), localeOf(c), archive.PersonID(c.Param("person"))
	p, err := s.db.PersonByID(ctx, id)
	if err != nil {
		return moved(err, "/people/", "")
	}
	talks, err := s.db.PersonTalks(ctx, id)
	if err != nil {
		return fmt.Errorf("read talks of %s: %w", id, err)
	}
	story, err := s.db.PersonStory(ctx, id)
	if err != nil {
		return fmt.Errorf("read story of %s: %w", id, err)
	}
	v := personView{
		Monogram: monogram(p.Name), Name: p.Name, Talks: p.Talks, Years: years(p.FirstYear, p.LastYear), Affiliation: p.Affiliation,
		Bio: prose(p.Bio), SearchURL: searchURL("speaker:" + quoted(p.Name)), FeedURL: personURL(id) + "/feed.atom",
	}
	v.tell(l, story)
	if p.Bio != "" && p.BioFrom != "" {
		if from, err := s.db.TalkByID(ctx, p.BioFrom); err == nil {
			v.BioFrom = link{Name: from.Title, URL: talkURL(from.ID)}
		}
	}
	if v.ByYear, err = s.byYear(ctx, l, id, talks); err != nil {
		return err
	}
	if v.Plot, err = s.personFigure(ctx, l, talks); err != nil {
		return err
	}
	if v.From, err = s.provenanceOf(ctx, l, store.ThingPerson, string(id), ""); err != nil {
		return err
	}
	said := v.Years
	if said != "" {
		said = ", " + said
	}
	image, text := s.firstSlide(l, talks)
	return s.render(c, 200, "person", page{
		Image: image, ImageText: text,
		Title: p.Name, Section: "people", Path: personURL(id), Thing: string(p.ID), Kind: "profile", View: v, Data: s.personData(c, p, story.Links),
		Feeds:       []link{{l.text("feed.person", p.Name), v.FeedURL}},
		Description: l.text("person.description", l.text("count.talks", p.Talks), p.Name, said),
	})
}

// tell fills in what somebody's talks tell of them: what was printed beside
// their name and when, with whom they spoke, of what.
func (v *personView) tell(l *locale, story archive.PersonStory) {
	for _, a := range story.Links {
		if u := webAddress(a.URL); u != "" && len(v.Links) < personLinks {
			v.Links = append(v.Links, link{Name: hostOf(u), URL: u})
		}
	}
	for _, a := range story.Affiliations {
		v.Affiliations = append(v.Affiliations, noted{Name: a.Name, Note: years(a.FirstYear, a.LastYear)})
	}
	if len(v.Affiliations) == 1 && v.Affiliations[0].Name == v.Affiliation {
		v.Affiliations = nil // it stands beneath the name
	}
	for _, w := range story.With[:min(len(story.With), personWith)] {
		one := noted{Name: w.Name, URL: personURL(w.ID)}
		if w.Talks > 1 {
			one.Note = l.text("count.talks", w.Talks)
		}
		v.With = append(v.With, one)
	}
	for _, t := range story.Topics[:min(len(story.Topics), personTopics)] {
		one := noted{Name: t.Name, URL: topicURL(t.ID)}
		if t.Talks > 1 {
			one.Note = l.number(t.Talks)
		}
		v.Topics = append(v.Topics, one)
	}
}

// personFigure draws somebody's talks by series and year; nil for few of them,
// which the list beneath shows as well.
func (s *Site) personFigure(ctx context.Context, l *locale, talks []archive.Talk) (*figure, error) {
	const few = 4
	if len(talks) < few {
		return nil, nil
	}
	known := map[int]int{}
	var order []archive.SeriesID
	names := map[archive.SeriesID]string{}
	counts := map[archive.SeriesID]map[int]int{}
	for _, t := range talks {
		e, err := s.editionOf(ctx, t)
		if err != nil {
			return nil, err
		}
		id, year := e.Series, dayOf(t, e).Year()
		if counts[id] == nil {
			counts[id], names[id] = map[int]int{}, e.SeriesName
			order = append(order, id)
		}
		counts[id][year]++
		known[year]++
	}
	return seriesHeat(l, l.text("plot.person"), order, names, counts, allYears(known)), nil
}

// byYear lists talks, latest first, each year hanging beside its first.
func (s *Site) byYear(ctx context.Context, l *locale, id archive.PersonID, talks []archive.Talk) ([]talkLine, error) {
	lines, err := s.talkLines(ctx, l, talks)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(a, b talkLine) int { return strings.Compare(b.Side, a.Side) })
	last := "none"
	for i := range lines {
		line := &lines[i]
		if len(line.People) == 1 && line.People[0].URL == personURL(id) {
			line.People = nil // whose page this is
		}
		if line.Side == last {
			line.Side = ""
			continue
		}
		if last = line.Side; last == "" {
			line.Side = l.text("person.undated")
		}
	}
	return lines, nil
}

// monogram stands where a portrait would: the initials in a circle.
func monogram(name string) template.HTML {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	initials := string([]rune(words[0])[:1])
	if len(words) > 1 {
		initials += string([]rune(words[len(words)-1])[:1])
	}
	return template.HTML(`<svg class="monogram" viewBox="0 0 100 100" aria-hidden="true"><circle cx="50" cy="50" r="48.5"/><text x="50" y="62">` + //nolint:gosec // escaped
		template.HTMLEscapeString(strings.ToUpper(initials)) + `</text></svg>`)
}
