package search

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Whoever fills an index rests while somebody asks, and only then.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock is the bubble's: it moves when all wait
		p := newPace()
		rest := func() time.Duration {
			w := p.worker()
			w.start()
			defer w.pause()
			w.since = w.since.Add(-2 * maxRest)
			began := time.Now()
			w.give()
			return time.Since(began)
		}
		idle := rest()
		leave, err := p.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		busy := rest()
		leave()
		if idle != 0 || busy != maxRest || p.asking.Load() != 0 {
			t.Errorf("rests for %v with nobody asking, %v with somebody", idle, busy)
		}
		(&worker{pace: p}).pause() // without a turn there is nothing to give back
	})
}

// While people ask, one core is kept from those at work; when nobody does, none is.
func TestPaceKeepsACore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPace()
		cores := runtime.GOMAXPROCS(0)
		atWork := func() int {
			var count atomic.Int32
			end := make(chan bool)
			for range 2 * cores {
				go func() {
					w := p.worker()
					w.start()
					count.Add(1)
					<-end
					w.pause()
				}()
			}
			synctest.Wait() // until each is at work or waits for its turn
			defer synctest.Wait()
			defer close(end)
			return int(count.Load())
		}
		idle := atWork()
		leave, err := p.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
		busy := atWork()
		if idle != 2*cores || busy != max(1, cores-1) || len(p.workers) != 0 {
			t.Errorf("%d and %d at work on %d cores, %d still", idle, busy, cores, len(p.workers))
		}
	})
}

// As many searches run as there are cores, the others in the order in which they
// came; one that takes long is passed by, and one that is given up leaves the line.
func TestSearchesWaitInLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock is the bubble's: it moves when all wait
		p := newPace()
		enter := func() func() {
			leave, err := p.enter(t.Context())
			if err != nil {
				t.Error(err)
				return func() {}
			}
			return leave
		}
		fill := func() (all []func()) {
			for range cap(p.searches) {
				all = append(all, enter())
			}
			return all
		}
		began, slow := time.Now(), fill()
		hurried, cancel := context.WithTimeout(t.Context(), long/4)
		defer cancel()
		if _, err := p.enter(hurried); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("beyond the cores: %v", err)
		}
		enter()()
		if waited := time.Since(began); waited != long {
			t.Errorf("those that take long are passed by after %v, not %v", waited, long)
		}
		running := fill()
		for _, leave := range slow { // their places are others' by now
			leave()
		}
		turns := make(chan string, 2)
		for _, name := range []string{"first", "second"} {
			go func() {
				leave := enter()
				turns <- fmt.Sprint(name, " after ", time.Since(began))
				time.Sleep(long / 4)
				leave()
			}()
			synctest.Wait() // until it is in line
		}
		running[0]() // makes room for the first, who makes room for the second
		got := []string{<-turns, <-turns}
		if want := []string{"first after 20ms", "second after 25ms"}; !slices.Equal(want, got) {
			t.Errorf("turns: %v, not %v", got, want)
		}
		for _, leave := range running[1:] {
			leave()
		}
		time.Sleep(long) // the second leaves
		if p.asking.Load() != 0 || len(p.searches) != 0 {
			t.Errorf("%d ask and %d run in the end", p.asking.Load(), len(p.searches))
		}
	})
}
