package main

import (
	"context"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newEdition(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "edition",
		Short: "Say that two editions are one",
		Long: `Two sources may tell of one edition under two names. Merged, it is shown once: talks that
both have are one, what either says of them is gathered, corrections of both stand, and the
addresses of the one given up lead to the other for ever. Reading either source again keeps
them one.`,
		Example: examples(`
rostrum edition merge faultfest/2017 chaos-day/2017`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(mergeCommand(a, &cobra.Command{
		Use:     "merge EDITION INTO",
		Short:   "Say that two editions are one",
		Example: examples(`rostrum edition merge faultfest/2017 chaos-day/2017`),
	}, func(ctx context.Context, db *store.DB, from, into string, who store.Who) (store.ActID, error) {
		for _, id := range []string{from, into} {
			if t, err := thingOf(id); err != nil || t.kind != store.ThingEdition {
				return 0, &misuseError{id + " is no edition: its ID has two parts, as in chaos-day/2017"}
			}
		}
		return db.MergeEditions(ctx, archive.EditionID(from), archive.EditionID(into), who)
	}))
	return cmd
}

func newSeries(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "series",
		Short: "Say that two series are one",
		Long: `A gathering that changed its name is one series. Merged, the editions of both stand under
one name, the other is a former name of it, and its addresses lead there for ever. What is
read later under the former name goes there too.`,
		Example: examples(`
rostrum series merge faultfest chaos-day`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(mergeCommand(a, &cobra.Command{
		Use:     "merge SERIES INTO",
		Short:   "Say that two series are one",
		Example: examples(`rostrum series merge faultfest chaos-day`),
	}, func(ctx context.Context, db *store.DB, from, into string, who store.Who) (store.ActID, error) {
		for _, id := range []string{from, into} {
			if t, err := thingOf(id); err != nil || t.kind != store.ThingPerson {
				return 0, &misuseError{id + " is no series: its ID has one part, as in chaos-day"}
			}
		}
		return db.MergeSeries(ctx, archive.SeriesID(from), archive.SeriesID(into), who)
	}))
	return cmd
}

// mergeCommand is a command that gives one thing up for another.
func mergeCommand(a *app, cmd *cobra.Command, do func(ctx context.Context, db *store.DB, from, into string, who store.Who) (store.ActID, error)) *cobra.Command {
	var f whoFlags
	cmd.Args = cobra.ExactArgs(2)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		from, err := thingOf(args[0])
		if err != nil {
			return err
		}
		into, err := thingOf(args[1])
		if err != nil {
			return err
		}
		return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
			id, err := do(cmd.Context(), db, from.id, into.id, who)
			return a.tellAct(cmd.Context(), db, id, err)
		})
	}
	f.add(a, cmd)
	return cmd
}
