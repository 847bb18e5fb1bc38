package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rostrum/archive/store"
)

func newHistory(a *app) *cobra.Command {
	limit := 50
	cmd := &cobra.Command{
		Use:   "history [TALK|EDITION|PERSON]",
		Short: "Show who decided what, when and why",
		Long: `History lists what people decided, latest first: of everything, or of one thing. The
number in front is what rostrum undo takes.`,
		Example: examples(`
rostrum history
rostrum history chaos-day/2017/let-it-crash`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 1 || limit > 100_000 {
				return &misuseError{"--limit is from 1 to 100000"}
			}
			return a.history(cmd.Context(), args, limit)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "at most so many")
	return cmd
}

func (a *app) history(ctx context.Context, args []string, limit int) (err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var acts []store.Act
	if len(args) == 0 {
		acts, err = db.Acts(ctx, 0, limit)
	} else {
		var t thing
		if t, err = thingOf(args[0]); err != nil {
			return err
		}
		acts, err = db.History(ctx, t.kind, t.id)
		acts = acts[:min(limit, len(acts))]
	}
	if err != nil {
		return err
	}
	if a.json {
		for _, act := range acts {
			a.printJSON(actJSON(act))
		}
		return nil
	}
	if len(acts) == 0 {
		fmt.Fprintln(a.out, "nothing was decided")
	}
	v := a.newSheet()
	for _, act := range acts {
		set, by := plain, cut(act.By, 30)
		if !act.Undone.IsZero() {
			set = dim
		}
		lead := fmt.Sprintf("%4d  %s  %s  ", act.ID, act.At.Format("2006-01-02 15:04"), by)
		what := words{text: v.fit(cut(describe(act), 300), v.width-columns(lead)), set: set}
		fmt.Fprintf(v.out, "%s%s\n", v.show(words{text: lead, set: dim}), v.show(what))
		if act.Why != "" {
			v.line(6, words{text: "because " + cut(act.Why, 200)})
		}
		if !act.Undone.IsZero() {
			fmt.Fprintf(v.out, "      undone  %s  %s\n", act.Undone.Format("2006-01-02 15:04"), cut(act.UndoneBy, 30))
		}
	}
	return nil
}

// actJSON is how an Act is printed for programs.
func actJSON(act store.Act) any {
	type line struct {
		ID       store.ActID     `json:"id"`
		Verb     store.Verb      `json:"verb"`
		Thing    store.Thing     `json:"thing"`
		Name     string          `json:"name"`
		Detail   json.RawMessage `json:"detail"`
		By       string          `json:"by"`
		Why      string          `json:"why,omitempty"`
		At       time.Time       `json:"at"`
		Undone   time.Time       `json:"undone,omitzero"`
		UndoneBy string          `json:"undone_by,omitempty"`
	}
	return line{act.ID, act.Verb, act.Thing, act.Name, act.Detail, act.By, act.Why, act.At, act.Undone, act.UndoneBy}
}
