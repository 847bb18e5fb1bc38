package web

import (
	"context"
	"fmt"

	"rostrum/archive"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// foundTalk is all that a hit shows, gathered once for whoever shows it: a page
// or the answer to a program. Texts are marked when they are asked for, since
// no one shows all of them.
type foundTalk struct {
	search.Hit
	talk    archive.Talk
	edition archive.EditionSummary
	marks   *marks
	slides  []foundSlide // the best first
}

// foundSlide is a slide where a talk matched.
type foundSlide struct {
	archive.Slide
	deck  int // its place in Talk.Decks
	blob  archive.BlobID
	marks *marks
}

// gather reads what hits show, with at most slides of each one's slides: the
// talks at once, the slides of all at once, without the rest of their decks. A
// talk or slide that is gone since the index looked is left out.
func (s *Site) gather(ctx context.Context, res search.Results, slides int) ([]foundTalk, error) {
	if len(res.Hits) == 0 {
		return nil, nil
	}
	ids := make([]archive.TalkID, len(res.Hits))
	hits := make(map[archive.TalkID]search.Hit, len(res.Hits))
	for i, h := range res.Hits {
		ids[i], hits[h.Talk] = h.Talk, h
	}
	talks, err := s.db.TalksByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read talks found: %w", err)
	}
	editions, err := s.editionsByID(ctx)
	if err != nil {
		return nil, err
	}
	var wanted []store.SlideAt
	for _, t := range talks {
		for _, h := range bestSlides(hits[t.ID], t, slides) {
			wanted = append(wanted, store.SlideAt{Blob: t.Decks[h.Deck].Blob, Number: h.Number})
		}
	}
	bySlide, err := s.db.SlidesAt(ctx, wanted)
	if err != nil {
		return nil, fmt.Errorf("read slides found: %w", err)
	}
	m := &marks{marker: res.Marker()}
	out := make([]foundTalk, 0, len(talks))
	for _, t := range talks {
		f := foundTalk{Hit: hits[t.ID], talk: t, edition: editionIn(editions, t), marks: m}
		best := bestSlides(f.Hit, t, slides)
		f.slides = make([]foundSlide, 0, len(best))
		for _, h := range best {
			blob := t.Decks[h.Deck].Blob
			if one, ok := bySlide[store.SlideAt{Blob: blob, Number: h.Number}]; ok {
				f.slides = append(f.slides, foundSlide{Slide: one, deck: h.Deck, blob: blob, marks: m})
			}
		}
		out = append(out, f)
	}
	return out, nil
}

// bestSlides are the best of a hit's slides that may be read still.
func bestSlides(h search.Hit, t archive.Talk, limit int) []search.SlideHit {
	out := make([]search.SlideHit, 0, min(limit, len(h.Slides)))
	for _, one := range h.Slides {
		if len(out) < limit && one.Deck < len(t.Decks) && t.Decks[one.Deck].Blob != "" {
			out = append(out, one)
		}
	}
	return out
}

// abstract are the pieces of the abstract around the words found, none when
// they are not in it.
func (f foundTalk) abstract() [][]part { return f.marks.fragments(f.talk.Abstract, hitSnippets) }

// quote is the piece of the slide's text around the words found, none when
// they are not in it.
func (f foundSlide) quote() []part {
	if pieces := f.marks.fragments(snippetText(f.Slide), 1); len(pieces) > 0 {
		return pieces[0]
	}
	return nil
}

// snippetText is a slide's text to quote from: without running heads and page
// numbers, where the reader has told them apart.
func snippetText(one archive.Slide) string {
	if one.Search != "" {
		return one.Search
	}
	return one.Text
}
