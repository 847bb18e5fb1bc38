package search

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"time"
)

// Whoever fills an index rests while somebody asks, and only then.
func TestPace(t *testing.T) {
	rests := func(p *pace) bool {
		w := p.worker()
		w.start()
		defer w.pause()
		w.since = w.since.Add(-2 * maxRest)
		began := time.Now()
		w.give()
		return time.Since(began) >= maxRest
	}
	p := newPace()
	idle := rests(p)
	leave, err := p.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	busy := rests(p)
	leave()
	if idle || !busy || p.asking.Load() != 0 {
		t.Errorf("rests: %v with nobody asking, %v with somebody", idle, busy)
	}
	(&worker{pace: p}).pause() // without a turn there is nothing to give back
}

// While people ask, one core is kept from those at work; when nobody does, none is.
func TestPaceKeepsACore(t *testing.T) {
	p := newPace()
	atWork := func() int {
		var all []*worker
		for range 2 * runtime.GOMAXPROCS(0) {
			w := p.worker()
			started := make(chan bool)
			go func() {
				w.start()
				close(started)
			}()
			select {
			case <-started:
				all = append(all, w)
			case <-time.After(100 * time.Millisecond):
				for _, w := range all {
					w.pause()
				}
				<-started
				w.pause()
				return len(all)
			}
		}
		return len(all)
	}
	idle := atWork()
	leave, err := p.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer leave()
	busy := atWork()
	cores := runtime.GOMAXPROCS(0)
	if idle != 2*cores || busy != max(1, cores-1) || len(p.workers) != 0 {
		t.Errorf("%d and %d at work on %d cores, %d still", idle, busy, cores, len(p.workers))
	}
}

// As many searches run as there are cores, the others in the order in which they
// came; one that takes long is passed by, and one that is given up leaves the line.
func TestSearchesWaitInLine(t *testing.T) {
	p := newPace()
	enter := func() func() {
		leave, err := p.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return leave
	}
	var running []func()
	for range cap(p.searches) {
		running = append(running, enter())
	}
	hurried, cancel := context.WithTimeout(t.Context(), long/4)
	defer cancel()
	if _, err := p.enter(hurried); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("beyond the cores: %v", err)
	}
	began := time.Now()
	leave := enter() // when the first is found to take long
	waited := time.Since(began)
	leave()
	for _, leave := range slices.Backward(running) {
		leave()
	}
	if waited < long/4 || p.asking.Load() != 0 || len(p.searches) != 0 {
		t.Errorf("waited %v; %d ask and %d run in the end", waited, p.asking.Load(), len(p.searches))
	}
}
