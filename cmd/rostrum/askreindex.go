package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"rostrum/internal/aside"
)

// A server alone may have the index open, so "rostrum reindex" asks it. It does
// so in the data folder rather than over HTTP: who may write there may have the
// index made anew, and nobody else. The command writes the file index.ask, the
// server takes it away, builds beside the living index, and tells in index.told
// how far it is.

// askFile and toldFile are their names in the data folder.
const (
	askFile  = "index.ask"
	toldFile = "index.told"
)

type reindexAsk struct {
	ID string `json:"id"`
}

type reindexTold struct {
	ID    string  `json:"id"` // of what was asked
	Done  int     `json:"done"`
	Talks int     `json:"talks"`
	Ended bool    `json:"ended"`
	Error string  `json:"error,omitempty"`
	Took  float64 `json:"took_ms"`
}

// readSmall reads a file of ours; it returns false when there is none, or one
// that is not written to its end yet.
func readSmall(path string, v any) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 64<<10))
	return err == nil && json.Unmarshal(text, v) == nil
}

// tell puts a file in the place of what it said before, at once.
func tell(path string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// rebuildWhenAsked is the server's side. It ends with ctx.
func (h *house) rebuildWhenAsked(ctx context.Context, data string, log *slog.Logger) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		var ask reindexAsk
		if !readSmall(filepath.Join(data, askFile), &ask) {
			continue
		}
		if err := os.Remove(filepath.Join(data, askFile)); err != nil {
			log.ErrorContext(ctx, "rebuild index", "err", err)
			continue
		}
		h.rebuild(ctx, filepath.Join(data, toldFile), ask.ID, log)
	}
}

func (h *house) rebuild(ctx context.Context, path, id string, log *slog.Logger) {
	began := time.Now()
	told := reindexTold{ID: id}
	// What cannot be told is no reason not to do it; the log has it.
	write := func() {
		told.Took = float64(time.Since(began).Microseconds()) / 1000
		if err := tell(path, told); err != nil {
			log.ErrorContext(ctx, "rebuild index", "err", err)
		}
	}
	counts, err := h.db.Counts(ctx)
	if err == nil {
		told.Talks = counts.Talks
		write()
		last := time.Now()
		err = h.rebuildIndex(ctx, aside.Do, log, func(done int) {
			told.Done = done
			if time.Since(last) > livePause {
				write()
				last = time.Now()
			}
		})
	}
	told.Ended = true
	if err != nil {
		told.Error = err.Error()
		log.ErrorContext(ctx, "rebuild index", "err", err)
	} else {
		log.InfoContext(ctx, "rebuild index", "talks", told.Done, "took", time.Since(began))
	}
	write()
}

// deaf is how long a server may take to hear what it is asked.
const deaf = 30 * time.Second

// askReindex has the server of the data folder build the index anew, and shows
// how far it is.
func (a *app) askReindex(ctx context.Context, who holder) (talks int, took time.Duration, err error) {
	path := filepath.Join(a.data, askFile)
	id, err := putAsk(path)
	if err != nil {
		return 0, 0, err
	}
	bar := a.newBar("index")
	defer bar.clear()
	asked := a.now()
	for n := 0; ; n++ {
		var told reindexTold
		heard := readSmall(filepath.Join(a.data, toldFile), &told) && told.ID == id
		switch {
		case heard && told.Error != "":
			return 0, 0, fmt.Errorf("the server at %s could not build the index: %s", who.Address, told.Error)
		case heard && told.Ended:
			return told.Done, time.Duration(told.Took * float64(time.Millisecond)), nil
		case heard && told.Done > 0 && told.Done >= told.Talks:
			bar.draw(fmt.Sprintf("index: learning from %d talks", told.Done), false)
		case heard:
			bar.show(told.Done, max(told.Done, told.Talks), "talks")
		}
		if n%10 == 9 {
			if err := a.stillServed(who); err != nil {
				return 0, 0, errors.Join(err, takeBack(path, id))
			}
			// A server that builds for somebody else comes to it when that is done.
			if !heard && (told.ID == "" || told.Ended) && a.now().Sub(asked) > deaf {
				err := hint(fmt.Errorf("the server at %s does not answer", who.Address), fmt.Sprintf("stop process %d, and try again", who.PID))
				return 0, 0, errors.Join(err, takeBack(path, id))
			}
		}
		select {
		case <-ctx.Done():
			return 0, 0, errors.Join(ctx.Err(), takeBack(path, id))
		case <-time.After(livePause):
		}
	}
}

// putAsk writes the file and returns its ID: that of another who asks for the
// same just now, if there is one.
func putAsk(path string) (string, error) {
	ask := reindexAsk{ID: rand.Text()}
	text, err := json.Marshal(ask)
	if err != nil {
		return "", err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if readSmall(path, &ask) {
			return ask.ID, nil
		}
		// Left half-written by a command that was killed, or gone in the moment.
		f, err = os.Create(path)
	}
	if err != nil {
		return "", fmt.Errorf("ask the server: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("ask the server: %w", err)
	}
	return ask.ID, nil
}

// takeBack takes away what was asked and not heard yet.
func takeBack(path, id string) error {
	var ask reindexAsk
	if !readSmall(path, &ask) || ask.ID != id {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// stillServed returns an error when no process has the index any more.
func (a *app) stillServed(who holder) error {
	f, err := os.OpenFile(filepath.Join(a.data, "index.lock"), os.O_RDWR, 0o640)
	if err != nil {
		return err
	}
	defer f.Close() // which lets the lock go, too
	free, err := tryLock(f)
	if err != nil || !free {
		return err
	}
	return hint(fmt.Errorf("the server at %s ended before the index was built", who.Address), "rostrum reindex builds it without a server")
}
