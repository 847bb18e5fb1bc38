package ingest

import (
	"context"
	"errors"

	"rostrum/archive"
	"rostrum/archive/store"
)

// queue remembers a deck for when all else is done: recognizing text costs three
// hundred times what reading it does.
func (r *run) queue(blob archive.BlobID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pictured = append(r.pictured, blob)
}

// recognize has the pictures of text in decks recognized, where tesseract is
// installed, and says of how many decks. Which are left to do is asked of the
// archive, never remembered: so a run that was ended is gone on with by the
// next that comes to these decks.
func (r *run) recognize(ctx context.Context, left []store.PicturedDeck) (int, error) {
	pace := pace{r.now(), r.now}
	count := 0
	for i, p := range left {
		deck, err := r.db.Deck(ctx, p.Blob)
		if errors.Is(err, archive.ErrNotFound) {
			continue // taken down meanwhile
		}
		if err != nil {
			return count, err
		}
		seen, changed, err := r.slides.Recognize(ctx, r.db.BlobPath(p.Blob), deck, p.Language)
		if err != nil {
			return count, err
		}
		if !changed {
			continue
		}
		// Only what was recognized is taken: the others came with the veils that
		// lie over them, and stay stored as they were read.
		var recognized []archive.Slide
		for i, s := range seen.Slides {
			if s.OCR() && !deck.Slides[i].OCR() {
				recognized = append(recognized, s)
			}
		}
		if err := r.db.TakeRecognized(ctx, p.Blob, recognized); err != nil {
			return count, err
		}
		count++
		r.tell(Event{Step: StepDeck, Address: string(p.Blob), Text: "text recognized in pictures", Done: i + 1, Total: len(left), Left: pace.left(i+1, len(left))})
	}
	return count, nil
}

// recognizeQueued does so in what this run came by.
func (r *run) recognizeQueued(ctx context.Context) error {
	if len(r.pictured) == 0 || !r.slides.Recognizes() {
		return nil
	}
	left, err := r.db.PicturedAmong(ctx, r.pictured)
	if err != nil {
		return err
	}
	_, err = r.recognize(ctx, left)
	return err
}

// recognizeAll does so in all that is kept.
func (r *run) recognizeAll(ctx context.Context) (int, error) {
	if r.slides == nil || !r.slides.Recognizes() {
		return 0, nil
	}
	left, err := r.db.Pictured(ctx)
	if err != nil {
		return 0, err
	}
	return r.recognize(ctx, left)
}
