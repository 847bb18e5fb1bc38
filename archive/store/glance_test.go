package store

import (
	"context"
	"errors"
	"testing"

	"rostrum/archive"
)

// A glance sees one state of the archive however often it asks, the next one
// what was written meanwhile; each connection parses a statement once.
func TestGlanceSeesOneState(t *testing.T) {
	ctx := t.Context()
	db := emptyDB(t)
	for want := range archive.Revision(2 * glancers) { // each of them twice
		err := db.glance(ctx, func(g *tx) error {
			before, err := g.now()
			if err != nil {
				return err
			}
			if err := db.update(ctx, func(u *tx) error { _, err := u.tick(); return err }); err != nil {
				return err
			}
			after, err := g.now()
			if before != want || after != want {
				t.Errorf("sees %d, and %d after a change, not %d", before, after, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for range glancers {
		g := <-db.glancers
		defer func() { db.glancers <- g }()
		if len(g.prepared) != 1 {
			t.Errorf("of one statement asked four times, %d are kept", len(g.prepared))
		}
	}
}

// A glance cannot write, and one that fails gives back what it used.
func TestGlanceFails(t *testing.T) {
	ctx := t.Context()
	db := emptyDB(t)
	broken := errors.New("broken")
	for range 2 * glancers {
		err := db.glance(ctx, func(g *tx) error {
			var r archive.Revision
			if g.get([]any{&r}, `UPDATE clock SET revision = 99 RETURNING revision`) == nil {
				t.Error("a glance writes")
			}
			if g.get([]any{&r}, `SELECT nothing FROM nowhere`) == nil {
				t.Error("what is no statement is answered")
			}
			return broken
		})
		if !errors.Is(err, broken) || len(db.glancers) != glancers {
			t.Fatalf("%v, and %d of %d are free", err, len(db.glancers), glancers)
		}
	}
	if r, err := db.Revision(ctx); r != 0 || err != nil {
		t.Errorf("revision %d, %v", r, err)
	}
}

// Who finds no connection free waits, and gives up when nobody waits for the answer.
func TestGlanceWaitsItsTurn(t *testing.T) {
	db := emptyDB(t)
	var held []*glancer
	for range glancers {
		held = append(held, <-db.glancers)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	asked := func(*tx) error { t.Error("asked without a connection"); return nil }
	if err := db.glance(gone, asked); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	answer := make(chan error)
	var r archive.Revision
	go func() {
		answer <- db.glance(t.Context(), func(g *tx) (err error) { r, err = g.now(); return err })
	}()
	for _, g := range held {
		db.glancers <- g
	}
	if err := <-answer; r != 0 || err != nil {
		t.Errorf("after its turn: revision %d, %v", r, err)
	}
}

func emptyDB(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
