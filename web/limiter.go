package web

import (
	"sync"
	"time"
)

// limiter counts deeds by the address they come from, and those of all
// addresses together, each within a span of time that begins with the first.
type limiter struct {
	now    func() time.Time
	span   time.Duration
	each   int // from one address
	all    int // from all together
	mu     sync.Mutex
	counts map[string]*tally // "" is all
}

type tally struct {
	count int
	until time.Time
}

func newLimiter(now func() time.Time, span time.Duration, each, all int) *limiter {
	return &limiter{now: now, span: span, each: each, all: all, counts: map[string]*tally{}}
}

// take counts one more and says how long to wait instead, 0 when it may be.
func (l *limiter) take(from string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for k, most := range map[string]int{from: l.each, "": l.all} {
		if t := l.counts[k]; t != nil && t.count >= most && now.Before(t.until) {
			return t.until.Sub(now)
		}
	}
	if len(l.counts) > maxAddresses {
		for k, t := range l.counts {
			if k != "" && !now.Before(t.until) || len(l.counts) > 2*maxAddresses {
				delete(l.counts, k)
			}
		}
	}
	for _, k := range []string{from, ""} {
		t := l.counts[k]
		if t == nil || !now.Before(t.until) {
			t = &tally{until: now.Add(l.span)}
			l.counts[k] = t
		}
		t.count++
	}
	return 0
}

// back takes one off the count again: it was none of what is counted.
func (l *limiter) back(from string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, k := range []string{from, ""} {
		if t := l.counts[k]; t != nil && t.count > 0 {
			t.count--
		}
	}
}
