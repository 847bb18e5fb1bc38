package ingest

import (
	"context"
	"errors"

	"rostrum/archive"
	"rostrum/ingest/slides"
)

// pictured is a deck with slides that are pictures of text.
type pictured struct {
	blob     archive.BlobID
	language string // BCP 47, "" when unknown
}

// queue remembers a deck for when all else is done: recognizing text costs three
// hundred times what reading it does.
func (r *run) queue(deck archive.Deck, language string) {
	if slides.Unrecognized(deck) == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pictured = append(r.pictured, pictured{deck.Blob, language})
}

// recognize has the queued decks' pictures of text recognized, where tesseract is
// installed. A run that is ended before leaves them without; `rostrum reread --all`
// comes back to them.
func (r *run) recognize(ctx context.Context) error {
	pace := pace{r.now(), r.now}
	for i, p := range r.pictured {
		deck, err := r.db.Deck(ctx, p.blob)
		if err != nil {
			return err
		}
		deck, changed, err := r.slides.Recognize(ctx, r.db.BlobPath(p.blob), deck, p.language)
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		if err := r.db.TakeDeck(ctx, deck); err != nil {
			return err
		}
		r.tell(Event{Step: StepDeck, Address: string(p.blob), Text: "text recognized in pictures", Done: i + 1, Total: len(r.pictured), Left: pace.left(i+1, len(r.pictured))})
	}
	return nil
}

// language finds in what language a deck is, by the first talk that links it: the
// talk's own, else the edition's, "" when neither says.
func (d *deckRun) language(ctx context.Context, address string) (string, error) {
	for _, c := range d.talks[address] {
		t, err := d.db.TalkByID(ctx, c.talk)
		if err == nil && t.Language != "" {
			return t.Language, nil
		}
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return "", err
		}
		e, err := d.db.EditionByID(ctx, c.edition)
		if err == nil && e.Language != "" {
			return e.Language, nil
		}
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return "", err
		}
	}
	return "", nil
}
