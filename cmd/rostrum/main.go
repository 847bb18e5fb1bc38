// Command rostrum keeps an archive of talks: it reads the programme pages of
// past editions, their slides and people, and makes them searchable.
//
// One file a command. A command takes flags in and gives an exit code out: it
// wires the parts and decides nothing that ingest, archive or web could decide.
//
// Exit codes: 0 done, 1 something did not work, 2 the command was misused.
// What went wrong is said on standard error as "rostrum: error: …" and, where
// there is a way out, "rostrum: hint: …"; results go to standard output, so
// that they can be piped.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"

	"rostrum/ingest/slides"
	"rostrum/internal/aside"
)

func main() {
	slides.WorkerMain()
	aside.Main(works())
	os.Exit(run())
}

// run is main with an exit code, so that what is deferred runs.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first Ctrl-C asks everything to end; from then on the default holds
	// again, so that the second one kills.
	context.AfterFunc(ctx, stop)
	a := &app{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, now: time.Now, getenv: os.Getenv,
		live: term.IsTerminal(int(os.Stderr.Fd())), tty: term.IsTerminal(int(os.Stdout.Fd())),
		wide: func() int {
			if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
				return w
			}
			return 80
		},
	}
	return a.run(ctx, os.Args[1:])
}

// app is what all commands share: the streams, the clock and the global flags.
type app struct {
	in       io.Reader
	out, err io.Writer
	now      func() time.Time
	getenv   func(string) string
	live     bool       // standard error is a terminal: a line may be rewritten
	tty      bool       // standard output is a terminal: a person reads it
	wide     func() int // columns of the terminal

	data    string // the data folder
	json    bool
	verbose bool
	baseURL string // where visitors reach the site, "" as they ask

	started bool // a command's own work has begun: what fails now is no misuse
}

// logger writes what happens to standard error, for people; with --json as
// JSON. Without --verbose it is silent below warnings.
func (a *app) logger() *slog.Logger {
	level := slog.LevelWarn
	if a.verbose {
		level = slog.LevelInfo
	}
	opts := &slog.HandlerOptions{Level: level}
	if a.json {
		return slog.New(slog.NewJSONHandler(a.err, opts))
	}
	return slog.New(slog.NewTextHandler(a.err, opts))
}

// run executes one command line and returns its exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := newRoot(a)
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	cmd, err := root.ExecuteContextC(ctx)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errTold):
		return 1
	case !a.started:
		a.tell(err)
		fmt.Fprintf(a.err, "rostrum: hint: %s\n", wayOutOf(cmd))
		return 2
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		a.tell(errors.New("interrupted"))
		return 1
	}
	a.tell(err)
	if _, misused := errors.AsType[*misuseError](err); misused {
		return 2
	}
	return 1
}
