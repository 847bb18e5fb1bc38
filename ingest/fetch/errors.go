package fetch

import "fmt"

// Cause says why an address gave nothing.
type Cause int

// The causes.
const (
	// Refused: we may not or will not ask (scheme, private address, robots.txt).
	Refused Cause = iota + 1
	// Missing: the server answered that there is nothing (any 4xx but 429).
	Missing
	// Unreachable: no answer, or it broke off, also when asked again.
	Unreachable
	// Busy: the server answered 429 or 5xx, also when asked again.
	Busy
	// TooLarge: more bytes than the caller takes.
	TooLarge
)

// Error tells why an address gave nothing. Its text is one plain sentence
// without the address, fit for an organizer.
type Error struct {
	Address string
	Cause   Cause
	Status  int // HTTP status, 0 when there was no answer
	Why     string
	Hint    string // the way out, "" when there is none
	Err     error  // what lies beneath, may be nil
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Address, e.Why) }

func (e *Error) Unwrap() error { return e.Err }

// Temporary says whether asking again later may well help.
func (e *Error) Temporary() bool { return e.Cause == Unreachable || e.Cause == Busy }
