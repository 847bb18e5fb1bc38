package web

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"rostrum/archive"
)

// What is held must never be older than the archive.
func TestHeldFollowsTheArchive(t *testing.T) {
	s := newSample(t)
	before := map[string]string{}
	lists := []string{"/", "/editions", "/series", "/topics", "/statistics", "/feed.atom", "/river-days", "/sitemap.xml"}
	for _, address := range lists {
		_, before[address] = s.get(t, address)
	}
	take(t, s.db, "https://past.example/late.html", archive.Programme{
		Edition: archive.EditionInfo{Title: "River Days 2024", Series: "River Days", StartDate: "2024-06-12", EndDate: "2024-06-12"},
		Items:   []archive.Item{{Kind: archive.KindTalk, Title: "A late talk", Topics: []string{"Latecomers"}, Speakers: []archive.Credit{{Name: "Nova Berg"}}}},
	})
	take(t, s.db, "https://past.example/other.html", archive.Programme{
		Edition: archive.EditionInfo{Title: "Mill Talks 2024", Series: "Mill Talks", StartDate: "2024-07-01", EndDate: "2024-07-01"},
		Items:   []archive.Item{{Kind: archive.KindTalk, Title: "Millstones"}},
	})
	for _, address := range lists {
		if _, body := s.get(t, address); body == before[address] {
			t.Errorf("%s did not change with the archive", address)
		}
	}
	if _, body := s.get(t, "/"); !strings.Contains(body, "A late talk") {
		t.Error("the first page does not have the new talk")
	}
}

func TestHeldAtOnce(t *testing.T) {
	s := newSample(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for _, address := range []string{"/", "/river-days/2021/rivers-that-remember/slides/2", "/search?q=erosion", "/statistics"} {
				if res, _ := s.get(t, address); res.StatusCode != http.StatusOK {
					t.Errorf("%s answers %d", address, res.StatusCode)
				}
			}
		})
	}
	wait.Wait()
}

func TestHeldDecksAreFew(t *testing.T) {
	h := &held{}
	for i := range 3 * heldDecks {
		h.put(1, "deck "+string(rune('a'+i)), archive.Deck{})
		h.get(1, "deck a")
	}
	if len(h.values) != heldDecks || len(h.decks) != heldDecks {
		t.Errorf("%d decks are held, %d of them known", len(h.values), len(h.decks))
	}
	if _, ok := h.get(1, "deck a"); !ok {
		t.Error("the deck asked for most was dropped")
	}
	if _, ok := h.get(2, "deck a"); ok {
		t.Error("a deck of an older archive is given out")
	}
}
