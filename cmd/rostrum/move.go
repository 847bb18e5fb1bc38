package main

import (
	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newMove(a *app) *cobra.Command {
	var f whoFlags
	cmd := &cobra.Command{
		Use:   "move EDITION SERIES",
		Short: "Say that an edition is one of another series",
		Long: `Move gives an edition and its talks addresses in another series, which is named or made.
The old addresses lead to the new ones for ever, and rostrum undo moves it back.`,
		Example: examples(`
rostrum move chaos-day-at-the-mill/2015 "Chaos Day"
rostrum move chaos-day-at-the-mill/2015 chaos-day`),
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := thingOf(args[0])
			if err != nil {
				return err
			}
			if t.kind != store.ThingEdition {
				return &misuseError{args[0] + " is no edition"}
			}
			return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
				_, id, err := db.MoveEdition(cmd.Context(), archive.EditionID(t.id), args[1], who)
				return a.tellAct(cmd.Context(), db, id, err)
			})
		},
	}
	f.add(a, cmd)
	return cmd
}
