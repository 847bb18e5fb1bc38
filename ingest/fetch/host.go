package fetch

import (
	"context"
	"sync"
	"time"
)

// gates keeps one gate for each host that was asked, for as long as the Client
// lives. They are small; an archive's links lead to some thousand hosts.
type gates struct {
	mu    sync.Mutex
	hosts map[string]*gate
	width int
	gap   time.Duration
}

// gate lets few requests at a time through to one host, and a gap between them.
type gate struct {
	slots chan struct{}

	mu   sync.Mutex
	next time.Time // no request starts before
	gap  time.Duration
	down error     // why the host could not be reached
	till time.Time // how long that is believed
}

func (g *gates) of(host string) *gate {
	g.mu.Lock()
	defer g.mu.Unlock()
	one := g.hosts[host]
	if one == nil {
		one = &gate{slots: make(chan struct{}, g.width), gap: g.gap}
		g.hosts[host] = one
	}
	return one
}

// enter waits for its turn. The caller must leave, unless an error came back.
func (g *gate) enter(ctx context.Context, now func() time.Time, sleep func(context.Context, time.Duration) error) error {
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	g.mu.Lock()
	at := now()
	if g.down != nil && at.Before(g.till) {
		err := g.down
		g.mu.Unlock()
		g.leave()
		return err
	}
	if g.next.After(at) {
		at = g.next
	}
	g.next = at.Add(g.gap)
	g.mu.Unlock()
	if wait := at.Sub(now()); wait > 0 {
		if err := sleep(ctx, wait); err != nil {
			g.leave()
			return err
		}
	}
	return nil
}

func (g *gate) leave() { <-g.slots }

// hold lets nobody start before then: the host asked for it.
func (g *gate) hold(then time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if then.After(g.next) {
		g.next = then
	}
}

// slow widens the gap: robots.txt asked for it.
func (g *gate) slow(gap time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.gap = max(g.gap, gap)
}

// fail remembers that the host could not be reached.
func (g *gate) fail(err error, till time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.down, g.till = err, till
}
