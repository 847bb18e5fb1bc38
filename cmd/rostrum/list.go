package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

// listed are the sorts of things that list knows, in the order of its help.
var listed = []string{"series", "editions", "people", "topics", "sources"}

func newList(a *app) *cobra.Command {
	prefix := ""
	cmd := &cobra.Command{
		Use:   "list " + strings.Join(listed, "|"),
		Short: "List what the archive holds",
		Long: `List prints a line for each series, edition, person, topic or source, the ID first, as
"rostrum show" takes it. Nothing is cut in a pipe.`,
		Example: examples(`
rostrum list series
rostrum list editions
rostrum list people --prefix lind             whose last name begins so
rostrum list --json sources | jq -r .address`),
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: listed,
		RunE: func(cmd *cobra.Command, args []string) error {
			if prefix != "" && args[0] != "people" {
				return &misuseError{"--prefix is for people"}
			}
			return a.list(cmd.Context(), args[0], prefix)
		},
	}
	cmd.Flags().StringVar(&prefix, "prefix", "", "of people only those whose last name begins with `LETTERS`")
	return cmd
}

func (a *app) list(ctx context.Context, what, prefix string) (err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	v := &shower{sheet: a.newSheet(), a: a, db: db}
	if who, held := a.holding(); held {
		v.site = who.Address
	}
	switch what {
	case "series":
		return v.listSeries(ctx)
	case "editions":
		return v.listEditions(ctx)
	case "people":
		return v.listPeople(ctx, prefix)
	case "topics":
		return v.listTopics(ctx)
	}
	return v.listSources(ctx)
}

func (v *shower) listSeries(ctx context.Context) error {
	all, err := v.db.AllSeries(ctx)
	if err != nil {
		return err
	}
	var rows [][]words
	for _, s := range all {
		if v.a.json {
			v.a.printJSON(struct {
				Thing    string           `json:"thing"`
				ID       archive.SeriesID `json:"id"`
				Name     string           `json:"name"`
				Editions int              `json:"editions"`
				Talks    int              `json:"talks"`
				First    archive.Date     `json:"first_date,omitempty"`
				Last     archive.Date     `json:"last_date,omitempty"`
			}{"series", s.ID, s.Name, s.Editions, s.Talks, s.FirstDate, s.LastDate})
			continue
		}
		rows = append(rows, []words{{whole: true, text: string(s.ID), to: v.page("/" + string(s.ID))}, {text: s.Name}, {text: years(s.FirstDate.Year(), s.LastDate.Year()), set: dim}, number(s.Editions, "edition"), number(s.Talks, "talk")})
	}
	v.table(0, rows)
	return nil
}

// number is a count as a cell.
func number(n int, thing string) words { return words{text: plural(n, thing), set: dim, end: true} }

// years writes a span of years; 0 is one that nobody knows.
func years(first, last int) string {
	switch {
	case last == 0:
		return ""
	case first == 0 || first == last:
		return strconv.Itoa(last)
	}
	return fmt.Sprintf("%d–%d", first, last)
}

func (v *shower) listEditions(ctx context.Context) error {
	all, err := v.db.AllEditions(ctx)
	if err != nil {
		return err
	}
	var rows [][]words
	for _, e := range all {
		one := lineOf(e)
		if v.a.json {
			v.a.printJSON(struct {
				Thing string `json:"thing"`
				editionLine
			}{"edition", one})
			continue
		}
		rows = append(rows, v.editionRow(one))
	}
	v.table(0, rows)
	return nil
}

// peopleAtOnce is how many people are read in one go.
const peopleAtOnce = 1000

func (v *shower) listPeople(ctx context.Context, prefix string) error {
	var rows [][]words
	for at := 0; ; at += peopleAtOnce {
		some, total, err := v.db.People(ctx, store.PeopleQuery{Prefix: prefix, Limit: peopleAtOnce, Offset: at})
		if err != nil {
			return err
		}
		for _, p := range some {
			if v.a.json {
				v.a.printJSON(struct {
					Thing       string           `json:"thing"`
					ID          archive.PersonID `json:"id"`
					Name        string           `json:"name"`
					Affiliation string           `json:"affiliation,omitempty"`
					Talks       int              `json:"talks"`
					First       int              `json:"first_year,omitempty"`
					Last        int              `json:"last_year,omitempty"`
				}{"person", p.ID, p.Name, p.Affiliation, p.Talks, p.FirstYear, p.LastYear})
				continue
			}
			rows = append(rows, []words{{whole: true, text: "people/" + string(p.ID), to: v.page("/people/" + string(p.ID))}, {text: p.Name}, {text: p.Affiliation}, {text: years(p.FirstYear, p.LastYear), set: dim}, number(p.Talks, "talk")})
		}
		if len(some) == 0 || at+len(some) >= total {
			break
		}
	}
	v.table(0, rows)
	return nil
}

func (v *shower) listTopics(ctx context.Context) error {
	all, err := v.db.Topics(ctx)
	if err != nil {
		return err
	}
	var rows [][]words
	for _, t := range all {
		if v.a.json {
			v.a.printJSON(struct {
				Thing    string          `json:"thing"`
				ID       archive.TopicID `json:"id"`
				Name     string          `json:"name"`
				Talks    int             `json:"talks"`
				Editions int             `json:"editions"`
			}{"topic", t.ID, t.Name, t.Talks, t.Editions})
			continue
		}
		rows = append(rows, []words{{whole: true, text: "topics/" + string(t.ID), to: v.page("/topics/" + string(t.ID))}, {text: t.Name}, number(t.Talks, "talk"), number(t.Editions, "edition")})
	}
	v.table(0, rows)
	return nil
}

func (v *shower) listSources(ctx context.Context) error {
	all, err := v.db.Sources(ctx)
	if err != nil {
		return err
	}
	var rows [][]words
	for _, s := range all {
		if v.a.json {
			v.a.printJSON(struct {
				Thing   string           `json:"thing"`
				Address string           `json:"address"`
				Series  archive.SeriesID `json:"series,omitempty"`
				Looked  time.Time        `json:"looked"`
			}{"source", s.Address, s.Series, s.Looked})
			continue
		}
		rows = append(rows, []words{{text: s.Address, to: s.Address}, {whole: true, text: s.Looked.Format("2006-01-02 15:04"), set: dim}})
	}
	v.table(0, rows)
	return nil
}
