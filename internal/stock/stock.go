// Package stock lends what is dear to make, to one goroutine at a time, and keeps
// what comes back: buffers, compressors, memories of words.
//
// A sync.Pool forgets after two collections of garbage what nobody had meanwhile.
// A site that is asked now and then lives from one to the next, and a rebuild
// makes several in a moment: each first visitor after would wait for what was
// there before. What a Stock keeps is little, and lasts as long as it does.
package stock

import (
	"bytes"
	"sync"
)

// room is how many a Stock keeps. More are at work at once only for a moment, or
// on a machine of many cores, whose others may be made anew.
const room = 8

// Stock lends values of one kind. The zero Stock has none.
type Stock[T any] struct {
	mu   sync.Mutex
	kept []T
}

// Take returns the value that came back last, which is the likeliest to lie in a
// cache still; false when there is none.
func (s *Stock[T]) Take() (one T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.kept) - 1
	if last < 0 {
		return one, false
	}
	one, s.kept[last] = s.kept[last], one
	s.kept = s.kept[:last]
	return one, true
}

// Return gives back what Take lent, or what was made in its place.
func (s *Stock[T]) Return(one T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) < room {
		s.kept = append(s.kept, one)
	}
}

// Buffers lend buffers, empty, and keep none that has grown large.
type Buffers struct{ stock Stock[*bytes.Buffer] }

// large is more than nearly all of what is made in a buffer.
const large = 1 << 20

// Take returns an empty buffer, new or used.
func (b *Buffers) Take() *bytes.Buffer {
	if one, ok := b.stock.Take(); ok {
		return one
	}
	return new(bytes.Buffer)
}

// Return gives a buffer back, and with it what it has.
func (b *Buffers) Return(one *bytes.Buffer) {
	if one.Cap() > large {
		return
	}
	one.Reset()
	b.stock.Return(one)
}
