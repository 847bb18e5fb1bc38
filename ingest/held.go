package ingest

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"rostrum/ingest/fetch"
)

// Held is what a dry run fetched, for the Add that follows it: what somebody
// looked at is what they take, though the web says something else by then, and
// nobody is asked twice for it. What could not be had is not held; Add asks for
// it again. A nil *Held holds nothing.
type Held struct {
	folder string

	mu    sync.Mutex
	pages map[string]heldPage // by the address that was asked for
}

// heldPage is what an address gave.
type heldPage struct {
	file   string
	answer fetch.Response
	at     time.Time
}

// NewHeld makes a Held that keeps what it holds in a temporary folder, until it
// is closed.
func NewHeld() (*Held, error) {
	folder, err := os.MkdirTemp("", "rostrum-held-*")
	if err != nil {
		return nil, err
	}
	return &Held{folder: folder, pages: map[string]heldPage{}}, nil
}

// Close forgets all that is held.
func (h *Held) Close() error {
	if h == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pages = nil
	return os.RemoveAll(h.folder)
}

// keep holds what an address gave.
func (h *Held) keep(address string, content io.Reader, answer fetch.Response, at time.Time) error {
	if h == nil {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.pages == nil {
		return os.ErrClosed
	}
	page := heldPage{filepath.Join(h.folder, strconv.Itoa(len(h.pages))), answer, at}
	f, err := os.Create(page.file)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	h.pages[address] = page
	return nil
}

// page returns what an address gave; false when that is not held.
func (h *Held) page(address string) (heldPage, bool) {
	if h == nil {
		return heldPage{}, false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	page, ok := h.pages[address]
	return page, ok
}
