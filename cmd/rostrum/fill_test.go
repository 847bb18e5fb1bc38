package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/archive/archivetest"
	"rostrum/archive/search"
	"rostrum/internal/aside"
)

// A server has its index made by another process, by itself where none can be
// started, and goes on with the one it has where that fails.
func TestRebuildIndexAside(t *testing.T) {
	db := archivetest.Sample(t)
	folder := filepath.Join(t.TempDir(), "index")
	ix, err := search.Open(t.Context(), folder, db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &house{db: db, index: ix}
	damaged := func(ctx context.Context, name string, args []string, progress func(int)) error {
		if err := aside.Do(ctx, name, args, progress); err != nil {
			return err
		}
		files, err := filepath.Glob(filepath.Join(args[1], "store", "*.zap"))
		if len(files) == 0 || err != nil {
			return fmt.Errorf("the other process left %v, %w", files, err)
		}
		for _, f := range files {
			if err := os.Truncate(f, 100); err != nil {
				return err
			}
		}
		return nil
	}
	found := 0
	for _, c := range []struct {
		name              string
		do                doer
		mayFail, mustFail bool
		logged            bool
	}{
		{"another process", aside.Do, false, false, false},
		{"none can be started", func(context.Context, string, []string, func(int)) error {
			return fmt.Errorf("index: %w", aside.ErrStart)
		}, false, false, true},
		{"it fails", func(context.Context, string, []string, func(int)) error { return errors.New("the disk is full") }, true, true, false},
		// An error, or what scorch can read of it is filled up.
		{"it leaves what cannot be read", damaged, true, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			done := 0
			err := h.rebuildIndex(t.Context(), c.do, slog.New(slog.NewTextHandler(&log, nil)), func(n int) { done = n })
			if err != nil && !c.mayFail || err == nil && c.mustFail || strings.Contains(log.String(), "within the server") != c.logged {
				t.Errorf("%v; logged %q", err, &log)
			}
			if !c.mayFail && done == 0 {
				t.Error("it told of no talk")
			}
			q := search.Parse("crash")
			got, err := ix.Search(t.Context(), search.Request{Query: q, Limit: 10})
			if found = max(found, got.Total); err != nil || got.Total == 0 || got.Total != found {
				t.Errorf("found %d of %d: %v", got.Total, found, err)
			}
			if left, err := filepath.Glob(filepath.Join(folder, "gen-*")); len(left) != 1 || err != nil {
				t.Errorf("generations left: %v %v", left, err)
			}
		})
	}
}
