// Package aside does long work in a process of its own, of low priority, so that
// a server is not felt to do it: the kernel takes a core from that process the
// moment a request wants it, which Go's scheduler, without priorities, does ten
// milliseconds later, and its garbage is collected by itself, elsewhere. It leaves
// one core alone where there are several, since nothing is quicker than one free.
//
// The process is this same program, started again (see Main). Both talk through
// pipes: the worker writes how far it is, a JSON value a line, to its standard
// output; its standard input says nothing, but ends when whoever asked for the
// work was killed, and so does the worker then. It is killed, too, when nobody
// waits for it any more: what it was making is for who asked to throw away.
//
// What the work is, and what it reads and writes, is not known here.
package aside

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

// Work is what can be done aside. args are those that Do was given; progress may
// be called as often as there is some.
type Work func(args []string, progress func(done int)) error

// ErrStart is what Do's error Is where no process can be started at all, so that
// the work may as well be done here.
var ErrStart = errors.New("no process can be started")

// variable is the environment variable that makes this program a worker; its
// value names the work.
const variable = "ROSTRUM_ASIDE"

const oftenest = 100 * time.Millisecond // that a worker reports

// report is a line of a worker's.
type report struct {
	Done  int    `json:"done"`
	Error string `json:"error,omitempty"`
}

// Do has a work done aside and waits for its end. progress may be nil. The error is
// ctx's when that ended, Is ErrStart where nothing was begun, and else says what
// the work's error said, or how its process ended.
func Do(ctx context.Context, name string, args []string, progress func(done int)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	self, err := Self()
	if err != nil {
		return fmt.Errorf("%s: %w: %w", name, ErrStart, err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Args[0] = "rostrum-" + name
	cmd.Env = append(os.Environ(), variable+"="+name)
	said := &Opening{}
	cmd.Stderr = said
	if _, err := cmd.StdinPipe(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%s: %w: %w", name, ErrStart, err)
	}
	last, err := follow(out, progress)
	ended := cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case last.Error != "":
		return fmt.Errorf("%s: %s", name, last.Error)
	case ended != nil && said.String() != "":
		return fmt.Errorf("%s: %w: %s", name, ended, said)
	}
	if err = errors.Join(ended, err); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// follow passes on what a worker reports, and returns the last.
func follow(out io.Reader, progress func(done int)) (last report, err error) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			continue // a library's word, not ours
		}
		if progress != nil && last.Error == "" {
			progress(last.Done)
		}
	}
	err = lines.Err()
	_, _ = io.Copy(io.Discard, out) // what nobody reads holds the worker up
	return last, err
}

// Main must be called first in main, and in TestMain where tests use Do. It
// returns at once, unless this process was started by Do: then it does the work
// and never returns.
func Main(works map[string]Work) {
	name := os.Getenv(variable)
	if name == "" {
		return
	}
	// Ctrl-C reaches all processes of a terminal; this one goes by its parent.
	signal.Ignore(os.Interrupt, syscall.SIGTERM)
	lower()
	runtime.GOMAXPROCS(max(1, runtime.GOMAXPROCS(0)-1))
	out := json.NewEncoder(os.Stdout)
	err := work(works[name], out)
	if err == nil {
		os.Exit(0)
	}
	// Where it cannot be told nobody listens any more.
	_ = out.Encode(report{Error: err.Error()})
	os.Exit(1)
}

func work(do Work, out *json.Encoder) error {
	if do == nil {
		return errors.New("there is no such work")
	}
	go func() {
		// Nothing is ever written there: this returns when the other end is closed.
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
	var done, told int
	var when time.Time
	err := do(os.Args[1:], func(n int) {
		done = n
		if time.Since(when) < oftenest {
			return
		}
		when, told = time.Now(), n
		_ = out.Encode(report{Done: n}) // who does not listen is noticed at standard input
	})
	if err == nil && done != told {
		err = out.Encode(report{Done: done})
	}
	return err
}
