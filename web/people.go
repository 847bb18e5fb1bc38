package web

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

// peopleLength is how many people a page of the register shows.
const peopleLength = 300

// alphabet is that of the keys by which people are listed, whatever script their names are of.
const alphabet = "abcdefghijklmnopqrstuvwxyz"

type peopleView struct {
	Total   int
	Asked   string
	Letters []letterLink
	People  []contentsLine
	Pager   pager
}

type letterLink struct {
	Name, URL string
	Current   bool
}

// people is the register of everyone in order of their last names: a letter of
// it, or the names that begin as asked.
func (s *Site) people(c echo.Context) error {
	ctx, l := c.Request().Context(), localeOf(c)
	counts, err := s.counts(ctx)
	if err != nil {
		return err
	}
	v := peopleView{Total: counts.People, Asked: strings.TrimSpace(c.QueryParam("name"))}
	chosen := c.QueryParam("letter")
	if len(v.Asked) > 100 || len(chosen) > 1 || strings.Trim(chosen, alphabet) != "" {
		return archive.ErrNotFound
	}
	if v.Asked == "" && chosen == "" && counts.People > peopleLength {
		chosen = "a"
	}
	for _, r := range alphabet {
		if counts.People <= peopleLength { // all stand on one page
			break
		}
		v.Letters = append(v.Letters, letterLink{Name: strings.ToUpper(string(r)), URL: "/people?letter=" + string(r), Current: string(r) == chosen && v.Asked == ""})
	}
	prefixes, keep := []string{chosen}, url.Values{}
	if v.Asked != "" {
		prefixes = lastFirst(v.Asked)
		keep.Set("name", v.Asked)
	} else if chosen != "" {
		keep.Set("letter", chosen)
	}
	number, err := number(c, "page", 1, 1, 100000)
	if err != nil {
		return err
	}
	var people []archive.PersonSummary
	total := 0
	for _, prefix := range prefixes {
		people, total, err = s.db.People(ctx, store.PeopleQuery{Prefix: prefix, Limit: peopleLength, Offset: (number - 1) * peopleLength})
		if err != nil {
			return fmt.Errorf("read people: %w", err)
		}
		if total > 0 {
			break
		}
	}
	if v.Pager, err = pageOf(c, "/people", keep, total, peopleLength); err != nil {
		return err
	}
	for _, p := range people {
		v.People = append(v.People, contentsLine{Name: p.Name, URL: personURL(p.ID), Aside: shorten(p.Affiliation, 40), Note: l.number(p.Talks)})
	}
	return s.render(c, 200, "people", page{
		Title: l.text("people.title"), Description: l.text("people.description"), Section: "people", Path: v.Pager.Here, NoIndex: v.Asked != "", View: v,
	})
}

// lastFirst are the ways a name may have been typed to be found in a register
// ordered by last names: as it is, and with its last word first.
func lastFirst(name string) []string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return []string{name}
	}
	last := words[len(words)-1] + " " + strings.Join(words[:len(words)-1], " ")
	return []string{last, strings.Join(words, " ")}
}
