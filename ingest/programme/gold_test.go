package programme_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"rostrum/archive"
	"rostrum/ingest/programme/internal/score"
	"rostrum/internal/fold"
)

// TestGoldStandsOnItsPage keeps the answers honest: what they say was read has
// to be printed on the page, and its times have to be possible.
func TestGoldStandsOnItsPage(t *testing.T) {
	golds, err := filepath.Glob(filepath.Join("testdata", "*", "*", "gold.json"))
	if err != nil || len(golds) == 0 {
		t.Fatalf("no cases in testdata (%v)", err)
	}
	for _, path := range golds {
		t.Run(filepath.Base(filepath.Dir(path)), func(t *testing.T) {
			gold, err := score.ReadGold(path)
			if err != nil {
				t.Fatal(err)
			}
			raw, flat := pageText(t, filepath.Dir(path))
			printed := func(what string, values ...string) {
				for _, v := range values {
					if v != "" && !strings.Contains(flat, squash(v)) {
						t.Errorf("%s %q is not on the page", what, v)
					}
				}
			}
			linked := func(what string, hrefs ...string) {
				for _, h := range hrefs {
					if !strings.Contains(raw, h) {
						t.Errorf("%s link %q is not on the page", what, h)
					}
				}
			}
			e := gold.Edition
			printed("edition", e.Title, e.Venue, e.City, e.Country)
			printed("organizer", e.Organizers...)
			linked("edition", e.RelatedEditions...)
			if len(gold.Items) == 0 {
				t.Error("no items")
			}
			for _, item := range gold.Items {
				goldItem(t, item)
				printed("item", item.Title, item.Room, item.Track, item.AbstractFirst, item.AbstractLast, item.BioFirst, item.BioLast)
				for _, s := range item.Speakers {
					printed("affiliation", s.Affiliation)
					// "Elke and Gerd Wolfrum" are Elke Wolfrum and Gerd Wolfrum.
					printed("name", strings.Fields(s.Name)...)
				}
				linked("item", slices.Concat(item.Slides, item.Video, item.Paper)...)
			}
		})
	}
}

// goldItem checks the values of an answer that the page does not print as they stand.
func goldItem(t *testing.T, item score.Item) {
	t.Helper()
	for _, kind := range append([]string{item.Kind}, item.KindAlt...) {
		if !archive.Kind(kind).Valid() {
			t.Errorf("%q: kind %q is none", item.Title, kind)
		}
	}
	for _, c := range []string{item.Start, item.End, item.SlotStart, item.SlotEnd} {
		if c != "" && !archive.Clock(c).Valid() {
			t.Errorf("%q: time %q is none", item.Title, c)
		}
	}
	if item.End != "" && item.End <= item.Start {
		t.Errorf("%q: ends at %s, before it starts at %s", item.Title, item.End, item.Start)
	}
	if item.Date != "" && !archive.Date(item.Date).Valid() {
		t.Errorf("%q: date %q is none", item.Title, item.Date)
	}
}

// pageText returns the page of the case in dir twice: as it stands, entities
// undone, and only the letters and digits of its text and attributes.
func pageText(t *testing.T, dir string) (raw, flat string) {
	t.Helper()
	page := onePage(t, dir)
	text := decoded(t, filepath.Base(dir), page)
	raw = html.UnescapeString(text)
	if page.Media != "text/html" {
		return raw, squash(raw)
	}
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return raw, squash(b.String())
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			for {
				_, value, more := z.TagAttr()
				b.WriteByte(' ')
				b.Write(value)
				if !more {
					break
				}
			}
		}
	}
}

// squash returns only what of text is said aloud: letters and digits, folded.
func squash(text string) string {
	text = html.UnescapeString(text)
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, fold.Text(text))
}
