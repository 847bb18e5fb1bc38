package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rostrum/archive/search"
	"rostrum/internal/millis"
)

func newReindex(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "reindex",
		Short: "Build the search index anew",
		Long: `Reindex throws the search index away and builds it from the archive, which holds
all that is needed. It is never necessary after a crash: the index catches up by itself.
A server that runs does it beside the index it shows from, and shows from the new one
once that is whole.`,
		Example: examples(`
rostrum reindex
rostrum reindex --data /srv/talks`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			talks, took, err := a.reindex(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				a.printJSON(struct {
					Talks int         `json:"talks"`
					Took  millis.Span `json:"took_ms"`
				}{talks, millis.Span{Duration: took}})
				return nil
			}
			fmt.Fprintf(a.out, "indexed %d talks in %s\n", talks, took.Round(10*time.Millisecond))
			return nil
		},
	}
}

// reindex builds the index anew, or has the server do it that has it open.
func (a *app) reindex(ctx context.Context) (talks int, took time.Duration, err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	lock, who, err := lockIndex(ctx, a.data)
	if errors.Is(err, errHeld) && who.Address != "" {
		return a.askReindex(ctx, who)
	}
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, lock.close()) }()
	index, err := search.Open(ctx, a.indexDir(), db)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, index.Close()) }()
	counts, err := db.Counts(ctx)
	if err != nil {
		return 0, 0, err
	}
	bar := a.newBar("index")
	began := a.now()
	err = index.Rebuild(ctx, func(done int) {
		talks = done
		bar.show(done, max(done, counts.Talks), "talks")
	})
	bar.clear()
	return talks, a.now().Sub(began), err
}
