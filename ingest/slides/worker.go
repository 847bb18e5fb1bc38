package slides

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"rostrum/archive"
)

// workerVariable is the environment variable that makes this binary a worker. Its
// value is a role as JSON. It is the only variable a worker has.
const workerVariable = "ROSTRUM_SLIDES_WORKER"

// role is what a process started by this package is for.
type role struct {
	Do       string // doRead, doWarm or doRun
	CacheDir string // of the compiled engine
	Parent   int    // process ID: a worker whose parent is another was orphaned while it started
	Memory   int64  // bytes of data it may have
	// For doRun: what to become, and its bounds.
	Program string
	Args    []string
	Env     []string
	Seconds int   // of CPU
	File    int64 // largest file it may write
}

const (
	doRead = "read" // serve jobs until the pipe ends
	doWarm = "warm" // compile the engine into CacheDir and end
	doRun  = "run"  // set limits, then become another program
)

// The descriptors a worker finds its pipes at.
const (
	workerIn  = 3
	workerOut = 4
)

// WorkerMain must be the first thing that main does, and TestMain in tests that read
// decks. It returns at once unless this process was started by a Pool to be a worker;
// then it never returns.
func WorkerMain() {
	value := os.Getenv(workerVariable)
	if value == "" {
		return
	}
	var r role
	if err := json.Unmarshal([]byte(value), &r); err != nil {
		fmt.Fprintln(os.Stderr, "slides worker:", err)
		os.Exit(2)
	}
	if err := r.main(); err != nil {
		fmt.Fprintln(os.Stderr, "slides worker:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (r role) main() error {
	if err := dieWith(r.Parent); err != nil {
		return err
	}
	switch r.Do {
	case doRun:
		return become(r)
	case doWarm:
		return warm(r.CacheDir)
	case doRead:
		return serve(r, func() (reader, error) { return newDeckReader(r.CacheDir) })
	}
	return fmt.Errorf("no such role: %q", r.Do)
}

// reader does a worker's jobs. Tests put worse ones in its place.
type reader interface {
	// read gives the deck, calling alive before each step that may take long. An error
	// that is a *problem is the answer; any other ends the worker.
	read(j job, alive func(progress)) (archive.Deck, error)
	// picture gives a picture of one slide.
	picture(j job) (Picture, error)
	// tired says that the worker should end after this job: it has grown, or its engine broke.
	tired() bool
}

// serve does jobs until the pipe ends.
func serve(r role, start func() (reader, error)) error {
	if !underRace {
		if err := limitMemory(r.Memory); err != nil {
			return fmt.Errorf("limit memory: %w", err)
		}
	}
	if err := closeDoors(); err != nil {
		return fmt.Errorf("close doors: %w", err)
	}
	// The collector must work harder before the kernel says no; the engine's memory, which
	// it does not see, needs as much again.
	debug.SetMemoryLimit(r.Memory / 10 * 4)
	in, out := os.NewFile(workerIn, "in"), os.NewFile(workerOut, "out")
	w := newWire(in, out)
	engine, err := start()
	if err != nil {
		return err
	}
	if err := w.sendNow(frameReady, Version); err != nil {
		return err
	}
	// What the runtime has once taken counts against the limit for good, even when given
	// back: a worker that has grown makes room for a new one.
	tired := func() bool { return engine.tired() || taken() > uint64(r.Memory)/2 }
	for {
		kind, payload, err := w.receive()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var j job
		if err := decode(payload, &j); err != nil || kind != frameJob {
			return errFrame
		}
		if err := w.serveJob(engine, j, tired); err != nil {
			return err
		}
		if tired() {
			return nil
		}
	}
}

func (w *wire) serveJob(engine reader, j job, tired func() bool) error {
	alive := func(p progress) {
		// A pipe that is gone ends the worker at its next frame; nothing to do here.
		_ = w.sendNow(frameProgress, p)
	}
	var err error
	if j.Picture {
		err = w.servePicture(engine, j)
	} else {
		err = w.serveDeck(engine, j, alive)
	}
	if p, ok := errors.AsType[*problem](err); ok {
		err = w.send(frameProblem, p)
	}
	if err != nil {
		return err
	}
	return w.sendNow(frameDone, done{Tired: tired()})
}

func (w *wire) serveDeck(engine reader, j job, alive func(progress)) error {
	deck, err := engine.read(j, alive)
	if err != nil {
		return err
	}
	for i := range deck.Slides {
		if err := w.send(frameSlide, &deck.Slides[i]); err != nil {
			return err
		}
	}
	deck.Slides = nil
	return w.send(frameDeck, deck)
}

func (w *wire) servePicture(engine reader, j job) error {
	picture, err := engine.picture(j)
	if err != nil {
		return err
	}
	if err := w.sendBytes(frameImage, picture.Bytes); err != nil {
		return err
	}
	picture.Bytes = nil
	return w.send(framePicture, picture)
}

func (w *wire) sendNow(kind frameKind, value any) error {
	if err := w.send(kind, value); err != nil {
		return err
	}
	return w.flush()
}

// taken is how many bytes the runtime has taken from the system and not for code.
func taken() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys
}

// warm compiles the engine once, so that workers, which may not write, find it ready.
func warm(cacheDir string) error {
	engine, err := newPDFium(context.Background(), cacheDir)
	if err != nil {
		return err
	}
	return engine.close()
}
