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

// listAll prints each of some things as JSON, or all of them as a table, unless
// reading them ended with an error.
func listAll[T any](v *shower, all []T, err error, object func(T) any, row func(T) []words) error {
	if err != nil {
		return err
	}
	if v.a.json {
		for _, one := range all {
			v.a.printJSON(object(one))
		}
		return nil
	}
	rows := make([][]words, len(all))
	for i, one := range all {
		rows[i] = row(one)
	}
	v.table(0, rows)
	return nil
}

func (v *shower) listSeries(ctx context.Context) error {
	all, err := v.db.AllSeries(ctx)
	return listAll(v, all, err, func(s archive.SeriesSummary) any {
		return struct {
			Thing    string           `json:"thing"`
			ID       archive.SeriesID `json:"id"`
			Name     string           `json:"name"`
			Editions int              `json:"editions"`
			Talks    int              `json:"talks"`
			First    archive.Date     `json:"first_date,omitempty"`
			Last     archive.Date     `json:"last_date,omitempty"`
		}{"series", s.ID, s.Name, s.Editions, s.Talks, s.FirstDate, s.LastDate}
	}, func(s archive.SeriesSummary) []words {
		return []words{{whole: true, text: string(s.ID), to: v.page("/" + string(s.ID))}, {text: s.Name}, {text: years(s.FirstDate.Year(), s.LastDate.Year()), set: dim}, number(s.Editions, "edition"), number(s.Talks, "talk")}
	})
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
	return listAll(v, all, err, func(e archive.EditionSummary) any {
		return struct {
			Thing string `json:"thing"`
			editionLine
		}{"edition", lineOf(e)}
	}, func(e archive.EditionSummary) []words { return v.editionRow(lineOf(e)) })
}

// peopleAtOnce is how many people are read in one go.
const peopleAtOnce = 1000

func (v *shower) listPeople(ctx context.Context, prefix string) error {
	var all []archive.PersonSummary
	for {
		some, total, err := v.db.People(ctx, store.PeopleQuery{Prefix: prefix, Limit: peopleAtOnce, Offset: len(all)})
		if err != nil {
			return err
		}
		if all = append(all, some...); len(some) == 0 || len(all) >= total {
			break
		}
	}
	return listAll(v, all, nil, func(p archive.PersonSummary) any {
		return struct {
			Thing       string           `json:"thing"`
			ID          archive.PersonID `json:"id"`
			Name        string           `json:"name"`
			Affiliation string           `json:"affiliation,omitempty"`
			Talks       int              `json:"talks"`
			First       int              `json:"first_year,omitempty"`
			Last        int              `json:"last_year,omitempty"`
		}{"person", p.ID, p.Name, p.Affiliation, p.Talks, p.FirstYear, p.LastYear}
	}, func(p archive.PersonSummary) []words {
		return []words{{whole: true, text: "people/" + string(p.ID), to: v.page("/people/" + string(p.ID))}, {text: p.Name}, {text: p.Affiliation}, {text: years(p.FirstYear, p.LastYear), set: dim}, number(p.Talks, "talk")}
	})
}

func (v *shower) listTopics(ctx context.Context) error {
	all, err := v.db.Topics(ctx)
	return listAll(v, all, err, func(t archive.Topic) any {
		return struct {
			Thing    string          `json:"thing"`
			ID       archive.TopicID `json:"id"`
			Name     string          `json:"name"`
			Talks    int             `json:"talks"`
			Editions int             `json:"editions"`
		}{"topic", t.ID, t.Name, t.Talks, t.Editions}
	}, func(t archive.Topic) []words {
		return []words{{whole: true, text: "topics/" + string(t.ID), to: v.page("/topics/" + string(t.ID))}, {text: t.Name}, number(t.Talks, "talk"), number(t.Editions, "edition")}
	})
}

func (v *shower) listSources(ctx context.Context) error {
	all, err := v.db.Sources(ctx)
	return listAll(v, all, err, func(s archive.Source) any {
		return struct {
			Thing   string           `json:"thing"`
			Address string           `json:"address"`
			Series  archive.SeriesID `json:"series,omitempty"`
			Looked  time.Time        `json:"looked"`
		}{"source", s.Address, s.Series, s.Looked}
	}, func(s archive.Source) []words {
		return []words{{text: s.Address, to: s.Address}, {whole: true, text: s.Looked.Format("2006-01-02 15:04"), set: dim}}
	})
}
