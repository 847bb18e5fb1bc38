package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newUndo(a *app) *cobra.Command {
	var who whoFlags
	cmd := &cobra.Command{
		Use:   "undo [ID]",
		Short: "Take back what somebody decided",
		Long: `Undo takes back one decision, whatever was decided since; without an ID, the latest that
stands. The history keeps both. To have it again, decide it again.`,
		Example: examples(`
rostrum undo                                 the latest decision
rostrum undo 12                              the one that rostrum history calls 12`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.deciding(cmd.Context(), who, func(db *store.DB, who store.Who) error {
				return a.undo(cmd.Context(), db, args, who)
			})
		},
	}
	who.add(a, cmd)
	return cmd
}

func (a *app) undo(ctx context.Context, db *store.DB, args []string, who store.Who) error {
	var act store.Act
	var err error
	if len(args) == 0 {
		if act, err = db.LastAct(ctx); errors.Is(err, archive.ErrNotFound) {
			return errors.New("there is nothing to undo")
		}
	} else {
		n, parsed := strconv.ParseInt(strings.TrimPrefix(args[0], "#"), 10, 64)
		if parsed != nil || n <= 0 {
			return &misuseError{fmt.Sprintf("%q is no number of a decision: rostrum history lists them", args[0])}
		}
		if act, err = db.ActByID(ctx, store.ActID(n)); errors.Is(err, archive.ErrNotFound) {
			return hint(fmt.Errorf("there is no decision %d", n), "rostrum history lists them")
		}
	}
	if err != nil {
		return err
	}
	if err := db.Undo(ctx, act.ID, who); err != nil {
		return err
	}
	if a.json {
		a.printJSON(struct {
			Undone store.ActID `json:"undone"`
		}{act.ID})
		return nil
	}
	fmt.Fprintf(a.out, "undone: %s\n", cut(describe(act), 2000))
	return nil
}
