package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"rostrum/archive/search"
	"rostrum/archive/store"
	"rostrum/internal/aside"
)

// A server makes its index anew in a process aside: a visitor must not feel it.

// workIndex is the name of that work; its arguments are the data folder and the
// folder that the index is made in.
const workIndex = "index"

func works() map[string]aside.Work {
	return map[string]aside.Work{workIndex: fillIndex}
}

func fillIndex(args []string, progress func(done int)) (err error) {
	if len(args) != 2 {
		return fmt.Errorf("%d arguments in place of 2", len(args))
	}
	ctx := context.Background() // its process is ended, not its context
	db, err := store.Open(ctx, args[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return search.Fill(ctx, args[1], db, progress)
}

// doer is aside.Do.
type doer func(ctx context.Context, name string, args []string, progress func(done int)) error

// rebuildIndex makes the index anew, aside where that can be done.
func (h *house) rebuildIndex(ctx context.Context, do doer, log *slog.Logger, progress func(done int)) error {
	err := h.index.RebuildBy(ctx, func(ctx context.Context, folder string, progress func(done int)) error {
		return do(ctx, workIndex, []string{h.db.Dir(), folder}, progress)
	}, progress)
	if !errors.Is(err, aside.ErrStart) {
		return err
	}
	log.WarnContext(ctx, "the index is made within the server, and searches may be slower meanwhile", "err", err)
	return h.index.Rebuild(ctx, progress)
}
