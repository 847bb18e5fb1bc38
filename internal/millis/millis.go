// Package millis writes spans of time for programs in one way: as milliseconds,
// a number with a fraction, under a name that ends in _ms. Go's own way,
// nanoseconds, loses its last digits in programs whose numbers are floats.
package millis

import (
	"strconv"
	"time"
)

// Span is a time.Duration that JSON has in milliseconds, to the microsecond.
type Span struct{ time.Duration }

// MarshalJSON writes 1.5 s as 1500 and 250 µs as 0.25.
func (s Span) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(s.Microseconds())/1000, 'f', -1, 64), nil
}
