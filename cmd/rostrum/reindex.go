package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rostrum/archive/search"
)

func newReindex(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "reindex",
		Short: "Build the search index anew",
		Long: `Reindex throws the search index away and builds it from the archive, which holds
all that is needed. It is never necessary after a crash: the index catches up by itself.`,
		Example: examples(`
rostrum reindex
rostrum reindex --data /srv/talks`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			ctx := cmd.Context()
			db, err := a.openExisting(ctx)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.Close()) }()
			lock, who, err := lockIndex(ctx, a.data)
			if errors.Is(err, errHeld) && who.Address != "" {
				return hint(fmt.Errorf("%s is being served at %s", a.data, who.Address), fmt.Sprintf("stop process %d first", who.PID))
			}
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, lock.close()) }()
			index, err := search.Open(ctx, a.indexDir(), db)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, index.Close()) }()
			counts, err := db.Counts(ctx)
			if err != nil {
				return err
			}
			bar := a.newBar("index")
			began, last := a.now(), 0
			err = index.Rebuild(ctx, func(done int) {
				last = done
				bar.show(done, max(done, counts.Talks), "talks")
			})
			bar.clear()
			if err != nil {
				return err
			}
			took := a.now().Sub(began)
			if a.json {
				fmt.Fprintf(a.out, "{\"talks\":%d,\"took_ms\":%d}\n", last, took.Milliseconds())
				return nil
			}
			fmt.Fprintf(a.out, "indexed %d talks in %s\n", last, took.Round(10*time.Millisecond))
			return nil
		},
	}
}
