package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rostrum/archive/store"
	"rostrum/ingest"
)

func newReread(a *app) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "reread",
		Short: "Read what is kept again, with this version's readers",
		Long: `Reread reads kept pages and decks again where an older version of Rostrum read them, or
gave them up, or an interrupted command left them unread; slides that are pictures of text
too. Nothing is fetched. Interrupted, it goes on where it stopped. Corrections stand,
whatever is read: those with which the readings have come to disagree are named at the end.`,
		Example: examples(`
rostrum reread
rostrum reread --all                         also what this version has read`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.reread(cmd.Context(), all) },
	}
	cmd.Flags().BoolVar(&all, "all", false, "read everything again")
	return cmd
}

func (a *app) reread(ctx context.Context, all bool) (err error) {
	if err := a.mustHold(); err != nil {
		return err
	}
	to := &target{app: a}
	defer func() { err = errors.Join(err, to.close()) }()
	db, pool, err := to.open(ctx)
	if err != nil {
		return err
	}
	client := newFetch(false)
	defer client.Close()
	in := ingest.New(ingest.Config{DB: db, Fetch: client, Slides: pool, Log: a.logger(), Now: a.now})
	before, err := db.Disagreements(ctx)
	if err != nil {
		return err
	}
	w := &addWatch{a: a, bar: a.newBar("reread")}
	report, err := in.Reread(ctx, ingest.RereadRequest{All: all}, w.event)
	w.bar.clear()
	if err != nil && ctx.Err() != nil {
		if all {
			return hint(errors.New("interrupted"), "rostrum reread goes on with what has not been read; with --all it begins anew")
		}
		return hint(errors.New("interrupted"), "the same command goes on where it stopped")
	}
	if err != nil {
		return err
	}
	for _, bad := range report.Bad {
		a.tell(bad)
	}
	differ, err := a.newDisagreements(ctx, db, before)
	if err != nil {
		return err
	}
	if a.json {
		told := make([]correctedJSON, len(differ))
		for i, c := range differ {
			told[i] = jsonOf(c)
		}
		a.printJSON(struct {
			ingest.RereadReport
			Disagreements []correctedJSON `json:"disagreements"`
		}{report, told})
	} else {
		fmt.Fprintf(a.out, "%s and %s read again: %d editions changed, %d decks cannot be read\n",
			plural(report.Programmes, "programme"), plural(report.Decks, "deck"), report.Changed, report.Unreadable)
		if report.Recognized > 0 {
			fmt.Fprintf(a.out, "%s with pictures of text recognized\n", plural(report.Recognized, "deck"))
		}
		v := a.newSheet()
		for _, c := range differ {
			tellCorrected(v, c)
		}
		if len(differ) > 0 {
			fmt.Fprintf(a.out, "%s stand against what is read now\n", plural(len(differ), "correction"))
		}
	}
	if len(report.Bad) > 0 {
		return errTold
	}
	return nil
}

// newDisagreements returns the corrections with which the sources disagree and
// did not before, or disagree otherwise.
func (a *app) newDisagreements(ctx context.Context, db *store.DB, before []store.Corrected) ([]store.Corrected, error) {
	said := map[store.ActID]string{}
	for _, c := range before {
		said[c.Act] = string(c.Read)
	}
	now, err := db.Disagreements(ctx)
	if err != nil {
		return nil, err
	}
	list := []store.Corrected{}
	for _, c := range now {
		if read, ok := said[c.Act]; !ok || read != string(c.Read) {
			list = append(list, c)
		}
	}
	return list, nil
}
