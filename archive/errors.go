package archive

import "errors"

// ErrNotFound is returned when a thing that was named is not in the archive.
var ErrNotFound = errors.New("not found")

// MovedError is returned when an ID was given up for another. It Is ErrNotFound,
// so that who does not care about redirects need not know of it.
type MovedError struct {
	To string // the ID that now stands for it, of the same kind as was asked
}

func (e *MovedError) Error() string { return "moved to " + e.To }

// Is makes a MovedError an ErrNotFound.
func (e *MovedError) Is(target error) bool { return target == ErrNotFound }

// InvalidError says that a value from outside does not hold. Its text is made
// for a visitor to see.
type InvalidError struct {
	Thing string // what is wrong: "items[3].start"
	Why   string // "25:10 is no time of day"
	Hint  string // the way out, "" when there is none
}

func (e *InvalidError) Error() string { return e.Thing + ": " + e.Why }
