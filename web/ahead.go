package web

import (
	"context"
	"log/slog"
	"time"

	"rostrum/archive"
)

const (
	aheadLook = 20 * time.Second       // how often it is looked whether the archive has moved
	aheadRest = 100 * time.Millisecond // between two pictures: who visits comes first
	aheadTime = 30 * time.Second       // for one picture
)

// DrawAhead has the small pictures of the first page drawn before anybody comes
// to see grey boxes there, and again when the archive has moved, until ctx ends.
// It is one picture at a time, a dozen at most, and none that is kept is drawn
// again; all others are drawn when they are asked for.
func (s *Site) DrawAhead(ctx context.Context) {
	if s.pictures == nil {
		return
	}
	last := int64(-1)
	for {
		if version, err := s.db.DataVersion(ctx); err == nil && version != last {
			last = version
			if err := s.drawHome(ctx); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "draw ahead", slog.Any("err", err))
			}
		}
		if !rest(ctx, aheadLook) {
			return
		}
	}
}

// drawHome draws the pictures that the first page shows. One that cannot be
// drawn is stood in for there, and no reason to leave the others.
func (s *Site) drawHome(ctx context.Context) error {
	newest, err := s.newest(ctx)
	if err != nil {
		return err
	}
	picked, err := s.slidesFrom(ctx, newest)
	if err != nil {
		return err
	}
	for _, t := range oneEach(newest, homeNewest) {
		if i := shownDeck(t); i >= 0 {
			picked = append(picked, pickedSlide{t.ID, i, t.Decks[i], archive.Slide{Number: 1}})
		}
	}
	for _, p := range picked {
		s.drawSmall(ctx, p)
		if !rest(ctx, aheadRest) {
			return ctx.Err()
		}
	}
	return nil
}

func (s *Site) drawSmall(ctx context.Context, p pickedSlide) {
	ctx, cancel := context.WithTimeout(ctx, aheadTime)
	defer cancel()
	if _, _, err := s.pictures.Picture(ctx, p.deck.Blob, p.deck.Media, p.slide.Number, smallWidth); err != nil && ctx.Err() == nil {
		s.log.InfoContext(ctx, "draw ahead", slog.String("talk", string(p.talk)), slog.Any("err", err))
	}
}

// rest waits; false when ctx ended.
func rest(ctx context.Context, how time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(how):
		return true
	}
}
