package ingest

import (
	"time"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/internal/millis"
)

// Step says what an Event tells.
type Step string

// The steps.
const (
	StepFetch Step = "fetch" // a source is asked
	StepRead  Step = "read"  // a programme was read and stored
	StepLinks Step = "links" // a linked page was read
	StepDeck  Step = "deck"  // a deck was fetched and read, or was not to be had
	StepDone  Step = "done"  // a source is through
)

// Event is a step of the work, for whoever watches. Events of one Add come one
// at a time.
type Event struct {
	Step    Step              `json:"step"`
	Source  string            `json:"source"`
	Edition archive.EditionID `json:"edition,omitempty"`
	Title   string            `json:"title,omitempty"`
	Address string            `json:"address,omitempty"` // of the deck or page
	Text    string            `json:"text,omitempty"`    // what became of it
	// Done of Total are through; Total is 0 while nobody knows how many.
	Done  int `json:"done,omitempty"`
	Total int `json:"total,omitempty"`
	// Left is the time that the rest will take at the pace so far, 0 unknown.
	Left millis.Span `json:"left_ms,omitzero"`
}

// Report is what an Add did.
type Report struct {
	Sources []SourceReport `json:"sources"`
	Took    millis.Span    `json:"took_ms"`
}

// Failed says whether any source or part of one could not be taken.
func (r Report) Failed() bool {
	for _, s := range r.Sources {
		if s.Err != nil || len(s.Bad) > 0 {
			return true
		}
	}
	return false
}

// SourceReport is what became of one source.
type SourceReport struct {
	Source string `json:"source"`
	// Err stopped the source; what it had stored before stays stored.
	Err error `json:"-"`
	// Bad are parts of it that could not be read; the others were taken.
	Bad []error `json:"-"`
	// Unchanged says that the source gave the same bytes as the last time.
	Unchanged bool            `json:"unchanged,omitempty"`
	Editions  []EditionReport `json:"editions"`
	Decks     DeckReport      `json:"decks"`
	// Stored is how long it took until all programmes stood, before the decks.
	Stored millis.Span `json:"stored_ms"`
	Took   millis.Span `json:"took_ms"`
}

// EditionReport is what one programme did to the archive.
type EditionReport struct {
	ID        archive.EditionID `json:"id"`
	Title     string            `json:"title"`
	New       bool              `json:"new,omitempty"`
	Items     int               `json:"items"`
	Talks     int               `json:"talks"` // that somebody gives
	Added     int               `json:"added"`
	Changed   int               `json:"changed"`
	Gone      int               `json:"gone"`
	Unchanged int               `json:"unchanged"`
	// Diff is what would change, or did, talk by talk; only with DryRun.
	Diff *Diff `json:"diff,omitempty"`
	// Read are the items as read, for who shows what would come; only with DryRun.
	Read     []archive.Item    `json:"-"`
	Findings []archive.Finding `json:"findings,omitempty"`
	// Known are the findings that the archive held before, when the programme is
	// one that it had taken already; nil when it was read anew.
	Known []store.FoundFinding `json:"-"`
}

// Diff is a change of an edition in full.
type Diff struct {
	Added   []archive.TalkID `json:"added,omitempty"`
	Gone    []archive.TalkID `json:"gone,omitempty"`
	Changes []Change         `json:"changes,omitempty"`
	// Says is what each of these talks says then; of one that is gone, what it said.
	Says map[archive.TalkID]archive.Item `json:"says,omitempty"`
	// Edition is what a new edition says of itself; nil for one that is known.
	Edition *archive.EditionInfo `json:"edition,omitempty"`
}

// Change is a field that gets another value.
type Change struct {
	Talk  archive.TalkID `json:"talk,omitempty"` // "" is the edition itself
	Field string         `json:"field"`
	Old   string         `json:"old"`
	New   string         `json:"new"`
}

// DeckReport counts the decks of a source by what became of them.
type DeckReport struct {
	Total     int `json:"total"`
	Read      int `json:"read"`      // newly kept and read
	Kept      int `json:"kept"`      // newly kept, cannot be read
	Missing   int `json:"missing"`   // not to be had
	Unchanged int `json:"unchanged"` // kept already
}

// pace tells from what is done how long the rest takes.
type pace struct {
	began time.Time
	now   func() time.Time
}

func (p pace) left(done, total int) millis.Span {
	if done <= 0 || total <= done {
		return millis.Span{}
	}
	left := (p.now().Sub(p.began) / time.Duration(done) * time.Duration(total-done)).Round(time.Second)
	return millis.Span{Duration: left}
}
