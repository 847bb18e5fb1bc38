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
	URL, Host    string
	Bio          []string
	BioFrom      link
	ByYear       []talksOfYear
	Affiliations []noted
	With         []personRef
	Topics       []link
	From         *provenance
}

type talksOfYear struct {
	Name  string
	Talks []talkLine
}

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
	v := personView{
		Monogram: monogram(p.Name), Name: p.Name, Talks: p.Talks, Years: years(p.FirstYear, p.LastYear), Affiliation: p.Affiliation,
		URL: webAddress(p.URL), Host: hostOf(p.URL), Bio: paragraphs(p.Bio),
	}
	if p.Bio != "" && p.BioFrom != "" {
		if from, err := s.db.TalkByID(ctx, p.BioFrom); err == nil {
			v.BioFrom = link{Name: from.Title, URL: talkURL(from.ID)}
		}
	}
	if v.ByYear, err = s.byYear(ctx, l, id, talks); err != nil {
		return err
	}
	v.Affiliations, v.With = company(id, talks)
	if len(v.Affiliations) == 1 {
		v.Affiliations = nil // it stands beneath the name
	}
	v.Topics = topicLinks(commonTopics(talks, 16))
	if v.From, err = s.provenanceOf(ctx, l, store.ThingPerson, string(id), ""); err != nil {
		return err
	}
	said := v.Years
	if said != "" {
		said = ", " + said
	}
	return s.render(c, 200, "person", page{
		Title: p.Name, Section: "people", Path: personURL(id), Kind: "profile", View: v, Data: s.personData(c, p),
		Feeds:       []link{{l.text("feed.person", p.Name), personURL(id) + "/feed.atom"}},
		Description: l.text("person.description", l.text("count.talks", p.Talks), p.Name, said),
	})
}

// byYear groups talks by the year they were given, latest first.
func (s *Site) byYear(ctx context.Context, l *locale, id archive.PersonID, talks []archive.Talk) ([]talksOfYear, error) {
	lines, err := s.talkLines(ctx, l, talks)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(a, b talkLine) int { return strings.Compare(b.Side, a.Side) })
	var out []talksOfYear
	for i, line := range lines {
		name := line.Side
		if name == "" {
			name = l.text("person.undated")
		}
		if i == 0 || out[len(out)-1].Name != name {
			out = append(out, talksOfYear{Name: name})
		}
		line.Side = ""
		if len(line.People) == 1 && line.People[0].URL == personURL(id) {
			line.People = nil // whose page this is
		}
		g := &out[len(out)-1]
		g.Talks = append(g.Talks, line)
	}
	return out, nil
}

// company is what stood beside a person's name on their talks: affiliations
// with the years in which they were printed, and whom they gave talks with.
func company(id archive.PersonID, talks []archive.Talk) ([]noted, []personRef) {
	var order []string
	first, last := map[string]int{}, map[string]int{}
	var with []personRef
	seen := map[string]bool{}
	for _, t := range talks {
		year := t.Date.Year()
		for _, c := range t.Speakers {
			if c.Person != id {
				if c.Person != "" && !seen[string(c.Person)] {
					seen[string(c.Person)] = true
					with = append(with, personRef{Name: c.Name, URL: personURL(c.Person)})
				}
				continue
			}
			a := c.Affiliation
			if a == "" {
				continue
			}
			if !slices.Contains(order, a) {
				order = append(order, a)
			}
			if year != 0 {
				last[a] = max(last[a], year)
				if first[a] == 0 || year < first[a] {
					first[a] = year
				}
			}
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return last[b] - last[a] })
	var out []noted
	for _, a := range order {
		out = append(out, noted{Name: a, Note: years(first[a], last[a])})
	}
	return out, with
}

// commonTopics are the topics of talks, the most frequent first.
func commonTopics(talks []archive.Talk, n int) []string {
	count := map[string]int{}
	var order []string
	for _, t := range talks {
		for _, topic := range t.Topics {
			if count[topic]++; count[topic] == 1 {
				order = append(order, topic)
			}
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return count[b] - count[a] })
	return order[:min(n, len(order))]
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
