package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"rostrum/archive"
	"rostrum/ingest/fetch"
)

// errTold ends a command with exit code 1 whose errors have been told already,
// one by one as they came.
var errTold = errors.New("told already")

// hintError adds the way out to an error.
type hintError struct {
	err  error
	hint string
}

func (e *hintError) Error() string { return e.err.Error() }
func (e *hintError) Unwrap() error { return e.err }

// hint wraps an error with the way out of it.
func hint(err error, way string) error { return &hintError{err, way} }

// misuseError is a mistake in how the command was called that only shows once
// it has begun: exit code 2.
type misuseError struct{ why string }

func (e *misuseError) Error() string { return e.why }

// tell prints an error, each of joined ones on a line of its own, and the way
// out of each. Parts of it come from strangers' pages: no control character
// reaches the terminal.
func (a *app) tell(err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			a.tell(one)
		}
		return
	}
	fmt.Fprintf(a.err, "rostrum: error: %s\n", printable(err.Error()))
	if way := wayOut(err); way != "" {
		fmt.Fprintf(a.err, "rostrum: hint: %s\n", printable(way))
	}
}

// wayOut returns the hint that an error carries, "" when none does.
func wayOut(err error) string {
	if e, ok := errors.AsType[*hintError](err); ok {
		return e.hint
	}
	if e, ok := errors.AsType[*archive.InvalidError](err); ok && e.Hint != "" {
		return e.Hint
	}
	if e, ok := errors.AsType[*fetch.Error](err); ok {
		return e.Hint
	}
	return ""
}

// printable makes text from outside safe for a terminal: control characters,
// with which a title could rewrite the screen, become spaces, and so do line
// ends, so that one message stays one line.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
}
