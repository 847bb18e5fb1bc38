package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newRetract(a *app) *cobra.Command {
	var f whoFlags
	cmd := &cobra.Command{
		Use:   "retract SOURCE",
		Short: "Take back the latest reading of a source",
		Long: `Retract takes back all that the latest snapshot of a source gave, as if it had never been
added; what was read before it counts again. The bytes are kept, and rostrum undo brings
the reading back.`,
		Example: examples(`rostrum retract https://example.org/2017/programme.html`),
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
				return a.retract(cmd.Context(), db, args[0], who)
			})
		},
	}
	f.add(a, cmd)
	return cmd
}

func (a *app) retract(ctx context.Context, db *store.DB, address string, who store.Who) error {
	src, err := db.Source(ctx, address)
	if errors.Is(err, archive.ErrNotFound) {
		src, err = db.Source(ctx, "file:"+address)
	}
	if errors.Is(err, archive.ErrNotFound) || err == nil && src.Latest == 0 {
		return hint(fmt.Errorf("nothing was read from %s", address), "name it as rostrum add was given it")
	}
	if err != nil {
		return err
	}
	id, err := db.Retract(ctx, src.Latest, who)
	if errors.Is(err, archive.ErrNotFound) {
		return hint(fmt.Errorf("the latest reading of %s was taken back before", address), "rostrum history lists what was decided")
	}
	return a.tellAct(ctx, db, id, err)
}
