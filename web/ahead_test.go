package web

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// notingPictures notes what is drawn small.
type notingPictures struct {
	fakePictures
	drawn map[string]bool
}

func (p notingPictures) Picture(ctx context.Context, deck archive.BlobID, media string, slide, width int) ([]byte, string, error) {
	if width == smallWidth && media == "application/pdf" {
		p.drawn[fmt.Sprintf("%d of %s", slide, version(deck))] = true
	}
	return p.fakePictures.Picture(ctx, deck, media, slide, width)
}

var smallRE = regexp.MustCompile(`<img src="[^"]*/(\d+)/small\?v=([0-9a-f]+)"`)

// The pictures drawn ahead are those of the first page: no other, and all.
func TestDrawAhead(t *testing.T) {
	s := newSample(t)
	noted := notingPictures{drawn: map[string]bool{}}
	s.Site = New(Config{DB: s.db, Index: s.index, Pictures: noted})
	must(t, s.drawHome(t.Context()))
	shown := map[string]bool{}
	_, body := s.get(t, "/")
	for _, m := range smallRE.FindAllStringSubmatch(body, -1) {
		shown[m[1]+" of "+m[2]] = true
	}
	if len(shown) < 2 {
		t.Fatalf("the first page shows %v", shown)
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(shown)), slices.Sorted(maps.Keys(noted.drawn))); diff != "" {
		t.Errorf("-shown +drawn ahead\n%s", diff)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	s.DrawAhead(ended) // comes back
}
