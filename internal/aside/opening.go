package aside

import (
	"strings"
	"sync"
)

// Opening is a process's standard error, of which it keeps the beginning: a dying
// runtime says first what it dies of, and then prints as many stacks as it has.
type Opening struct {
	mu   sync.Mutex
	kept []byte
}

const openingBytes = 4 << 10

// Write takes everything, and keeps what there is room for.
func (o *Opening) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.kept = append(o.kept, b[:min(len(b), openingBytes-len(o.kept))]...)
	return len(b), nil
}

// String is the first line of what was kept.
func (o *Opening) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	line, _, _ := strings.Cut(strings.TrimSpace(string(o.kept)), "\n")
	return line
}

// SpeaksOf says whether what was kept has the text in it.
func (o *Opening) SpeaksOf(text string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Contains(string(o.kept), text)
}
