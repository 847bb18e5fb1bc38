package main

import (
	"fmt"
	"time"
)

// bar shows on standard error how far some work is. On a terminal it is one
// line that is written over; elsewhere it is a line now and then, so that a
// log tells the same and stays short.
type bar struct {
	a     *app
	verb  string
	began time.Time
	drawn time.Time
	line  string // drawn last
	shown bool
}

func (a *app) newBar(verb string) *bar { return &bar{a: a, verb: verb, began: a.now()} }

// pauses between two drawings, on a terminal and elsewhere.
const (
	livePause  = 100 * time.Millisecond
	plainPause = 10 * time.Second
)

// show draws done of total things, if it is time to.
func (b *bar) show(done, total int, things string) {
	now := b.a.now()
	var left time.Duration
	if done > 0 && total > done {
		left = now.Sub(b.began) / time.Duration(done) * time.Duration(total-done)
	}
	b.draw(fmt.Sprintf("%s: %d of %d %s%s", b.verb, done, total, things, timeLeft(left)), done == total)
}

// draw draws a line if it is time to, or must and it is not drawn yet.
func (b *bar) draw(line string, must bool) {
	now := b.a.now()
	must = must && line != b.line
	pause := plainPause
	if b.a.live {
		pause = livePause
	}
	if b.a.json || (!must && now.Sub(b.drawn) < pause) {
		return
	}
	if !b.a.live && now.Sub(b.began) < plainPause {
		return // over before anybody would look
	}
	b.drawn, b.line = now, line
	if b.a.live {
		b.shown = true
		fmt.Fprintf(b.a.err, "\r\x1b[K%s", cut(line, b.a.wide()-1))
		return
	}
	fmt.Fprintln(b.a.err, cut(line, 200))
}

// clear takes the line away, before something else is printed.
func (b *bar) clear() {
	if b.shown {
		fmt.Fprint(b.a.err, "\r\x1b[K")
		b.shown = false
	}
}

// timeLeft says how long the rest takes, "" when unknown.
func timeLeft(d time.Duration) string {
	switch {
	case d <= 0:
		return ""
	case d < time.Minute:
		return fmt.Sprintf(", %d s left", int(d.Seconds())+1)
	case d < time.Hour:
		return fmt.Sprintf(", %d min left", int(d.Minutes())+1)
	}
	return fmt.Sprintf(", %.1f h left", d.Hours())
}
