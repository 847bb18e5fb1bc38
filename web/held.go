package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"

	"rostrum/archive"
)

// held keeps what many pages read and few changes touch: counts, lists, decks.
// All of it is dropped when the archive's DataVersion moves, so a page is never
// older than the archive; asking for that version costs microseconds, the
// lists themselves tens of milliseconds.
type held struct {
	mu      sync.Mutex
	version int64
	values  map[string]any
	decks   []string // keys of decks in values, the latest asked last
	once    singleflight.Group
}

// heldDecks bounds the decks in memory: one of hundreds of slides takes megabytes.
const heldDecks = 32

// hold returns the value under key, making it when the archive has changed
// since. It is shared: whoever gets it must not change it. Several who wait for
// the same value get it from one making, which outlives the one who began it.
func hold[T any](ctx context.Context, s *Site, key string, produce func(context.Context) (T, error)) (T, error) {
	var none T
	version, err := s.db.DataVersion(ctx)
	if err != nil {
		return none, err
	}
	if v, ok := s.held.get(version, key); ok {
		return v.(T), nil
	}
	wait := s.held.once.DoChan(fmt.Sprint(version, " ", key), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pageTime)
		defer cancel()
		v, err := produce(ctx)
		if err == nil {
			s.held.put(version, key, v)
		}
		return v, err
	})
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case r := <-wait:
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(T), nil
	}
}

func (h *held) get(version int64, key string) (any, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if version != h.version {
		return nil, false
	}
	v, ok := h.values[key]
	if i := slices.Index(h.decks, key); i >= 0 {
		h.decks = append(slices.Delete(h.decks, i, i+1), key)
	}
	return v, ok
}

func (h *held) put(version int64, key string, v any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if version != h.version || h.values == nil {
		h.version, h.values, h.decks = version, map[string]any{}, nil
	}
	h.values[key] = v
	if _, ok := v.(archive.Deck); !ok {
		return
	}
	h.decks = append(h.decks, key)
	if len(h.decks) > heldDecks {
		delete(h.values, h.decks[0])
		h.decks = slices.Delete(h.decks, 0, 1)
	}
}

// counts is how much the archive holds.
func (s *Site) counts(ctx context.Context) (archive.Counts, error) {
	c, err := hold(ctx, s, "counts", s.db.Counts)
	if err != nil {
		return c, fmt.Errorf("count: %w", err)
	}
	return c, nil
}

// allEditions is a list of the caller's own, in the store's order.
func (s *Site) allEditions(ctx context.Context) ([]archive.EditionSummary, error) {
	all, err := hold(ctx, s, "editions", s.db.AllEditions)
	if err != nil {
		return nil, fmt.Errorf("read editions: %w", err)
	}
	return slices.Clone(all), nil
}

// editionsByID are all editions by their IDs, not to be changed.
func (s *Site) editionsByID(ctx context.Context) (map[archive.EditionID]archive.EditionSummary, error) {
	return hold(ctx, s, "editions by ID", func(ctx context.Context) (map[archive.EditionID]archive.EditionSummary, error) {
		all, err := s.allEditions(ctx)
		if err != nil {
			return nil, err
		}
		out := make(map[archive.EditionID]archive.EditionSummary, len(all))
		for _, e := range all {
			out[e.ID] = e
		}
		return out, nil
	})
}

// allSeries is a list of the caller's own.
func (s *Site) allSeries(ctx context.Context) ([]archive.SeriesSummary, error) {
	all, err := hold(ctx, s, "series", s.db.AllSeries)
	if err != nil {
		return nil, fmt.Errorf("read series: %w", err)
	}
	return slices.Clone(all), nil
}

// allTopics is a list of the caller's own, those of most talks first.
func (s *Site) allTopics(ctx context.Context) ([]archive.Topic, error) {
	all, err := hold(ctx, s, "topics", s.db.Topics)
	if err != nil {
		return nil, fmt.Errorf("read topics: %w", err)
	}
	return slices.Clone(all), nil
}

// newest are the talks given last, in a list of the caller's own. A talk
// without a day of its own stands at its edition's.
func (s *Site) newest(ctx context.Context) ([]archive.Talk, error) {
	all, err := hold(ctx, s, "newest", func(ctx context.Context) ([]archive.Talk, error) {
		talks, err := s.db.NewestTalks(ctx, newestLength)
		if err != nil {
			return nil, err
		}
		editions, err := s.editionsByID(ctx)
		slices.SortStableFunc(talks, func(a, b archive.Talk) int {
			return strings.Compare(string(dayOf(b, editions[b.Edition()])), string(dayOf(a, editions[a.Edition()])))
		})
		return talks, err
	})
	if err != nil {
		return nil, fmt.Errorf("read newest talks: %w", err)
	}
	return slices.Clone(all), nil
}

// newestLength is how many of the newest talks are held for the first page and the feed.
const newestLength = 60

// deck reads a deck of a talk, not to be changed. One that is not there (any
// more) is a deck without slides: its talk stands all the same.
func (s *Site) deck(ctx context.Context, t archive.TalkID, blob archive.BlobID) (archive.Deck, error) {
	d, err := hold(ctx, s, "deck "+string(blob), func(ctx context.Context) (archive.Deck, error) { return s.db.Deck(ctx, blob) })
	if errors.Is(err, archive.ErrNotFound) {
		return archive.Deck{Blob: blob, Problem: "not kept"}, nil
	}
	if err != nil {
		return d, fmt.Errorf("read deck of %s: %w", t, err)
	}
	return d, nil
}
