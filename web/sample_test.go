package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rostrum/archive"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// sampleSite is a site over a real store and a real index with two series,
// four editions and all that pages have to show: decks read, kept and missing,
// breaks, sessions, several people of one talk, a video, words in Swedish, and
// text that would be markup if it were not escaped.
type sampleSite struct {
	*Site
	db  *store.DB
	log *bytes.Buffer
}

const nasty = `<script>alert("x")</script> & 'co'`

func newSample(t testing.TB) *sampleSite {
	t.Helper()
	db := newStore(t)
	takeSample(t, db)
	return newSiteOver(t, db)
}

func newStore(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func newSiteOver(t testing.TB, db *store.DB) *sampleSite {
	t.Helper()
	ix, err := search.Open(t.Context(), t.TempDir(), db)
	must(t, err)
	t.Cleanup(func() { must(t, ix.Close()) })
	_, err = ix.CatchUp(t.Context())
	must(t, err)
	log := &bytes.Buffer{}
	return &sampleSite{db: db, log: log, Site: New(Config{
		DB: db, Index: ix, Pictures: fakePictures{}, Log: slog.New(slog.NewTextHandler(log, nil)), Version: "1.2.3", BaseURL: "https://talks.example.org",
	})}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fakePictures draws plain pictures of the size asked for, and none of slide 3.
type fakePictures struct{}

func (fakePictures) Picture(_ context.Context, _ archive.BlobID, _ string, slide, width int) ([]byte, string, error) {
	if slide == 3 {
		return nil, "", errors.New("no ink")
	}
	m := image.NewPaletted(image.Rect(0, 0, width, width*9/16), color.Palette{color.White})
	var b bytes.Buffer
	err := png.Encode(&b, m)
	return b.Bytes(), "image/png", err
}

// sampleTime is when everything of the sample was fetched.
var sampleTime = time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)

func takeSample(t testing.TB, db *store.DB) {
	t.Helper()
	for i, p := range samplePrograms() {
		take(t, db, fmt.Sprintf("https://past.example/%d/programme.html", i), p)
	}
	pdf := "%PDF-1.4 a deck of the sample"
	takeDeck(t, db, "https://past.example/rivers.pdf", "application/pdf", pdf, archive.Deck{
		Title: "Microsoft PowerPoint - rivers", Outline: []archive.OutlineEntry{{Title: "Where water goes", Slide: 2}},
		Slides: []archive.Slide{
			sampleSlide(1, "Rivers that remember"),
			sampleSlide(2, "Where water goes\nErosion carves the valley\n"+nasty),
			sampleSlide(3, "Questions about erosion"),
		},
	})
	takeDeck(t, db, "https://past.example/broken.pdf", "application/pdf", "%PDF-1.4 broken", archive.Deck{Problem: "the file ends in the middle of a page"})
	must(t, db.TakeDeckFile(t.Context(), store.DeckFile{
		Address: "https://past.example/lost.pdf", State: archive.DeckMissing, Reason: "the address answers 404", At: sampleTime,
	}))
}

func sampleSlide(n int, text string) archive.Slide {
	s := archive.Slide{Number: n, Text: text, Search: text, Engine: "pdfium", Width: 960, Height: 540, Links: []string{"https://water.example/", "javascript:alert(1)"}}
	for i, w := range strings.Fields(text) {
		left := 0.1 + 0.08*float32(i)
		s.Words = append(s.Words, archive.Word{Text: w, Box: archive.Box{Left: left, Top: 0.2, Right: left + 0.07, Bottom: 0.25}})
	}
	return s
}

func take(t testing.TB, db *store.DB, address string, p archive.Programme) {
	t.Helper()
	blob, size, err := db.PutBlob(t.Context(), strings.NewReader(address+p.Edition.Title), 1<<20)
	must(t, err)
	snap, _, err := db.TakeSnapshot(t.Context(), store.Fetched{Address: address, Blob: blob, Bytes: size, Media: "text/html", At: sampleTime})
	must(t, err)
	_, err = db.TakeProgramme(t.Context(), store.Intake{Snapshot: snap.ID, Series: p.Edition.Series, Programme: p, At: sampleTime})
	must(t, err)
}

func takeDeck(t testing.TB, db *store.DB, address, media, content string, d archive.Deck) {
	t.Helper()
	blob, size, err := db.PutBlob(t.Context(), strings.NewReader(content), 1<<20)
	must(t, err)
	must(t, db.TakeDeckFile(t.Context(), store.DeckFile{
		Address: address, State: archive.DeckKept, Reason: "not read yet", Blob: blob, Bytes: size, Media: media, Name: "slides.pdf", At: sampleTime,
	}))
	d.Blob, d.Media, d.Reader = blob, media, 1
	must(t, db.TakeDeck(t.Context(), d))
}

func samplePrograms() []archive.Programme {
	hydro := func(year, place string, items ...archive.Item) archive.Programme {
		day := archive.Date(year + "-06-12")
		for i := range items {
			items[i].Date = day
		}
		return archive.Programme{Items: items, Edition: archive.EditionInfo{
			Title: "River Days " + year, Series: "River Days", StartDate: day, EndDate: day, City: place, Country: "Sweden", Venue: "The mill", Language: "en",
			Organizers: []string{"The river people"}, Topics: []string{"Water", "Erosion"}, RelatedEditions: []string{"https://past.example/older.html"},
		}}
	}
	vera := archive.Credit{Name: "Vera Ström", Affiliation: "Lake Institute", Bio: "Vera measures lakes.\n\nAnd rivers."}
	first := hydro("2021", "Umeå",
		archive.Item{Kind: archive.KindOpening, Title: "Welcome", Start: "09:00", End: "09:10"},
		archive.Item{
			Kind: archive.KindKeynote, Title: "Rivers that remember", Speakers: []archive.Credit{vera, {Name: "Otto van der Beek", Role: "moderator"}}, Start: "09:10", End: "10:00",
			Abstract: "How a valley keeps the shape of its floods.\n\nWith figures of erosion.", Topics: []string{"Erosion", "Floods"}, Room: "Hall", Session: "Morning", Language: "en",
			Slides: []string{"https://past.example/rivers.pdf"}, Video: []string{"https://video.example/v/1", "javascript:alert(2)"}, URL: "https://past.example/rivers.html",
		},
		archive.Item{Kind: archive.KindBreak, Title: "Coffee", Start: "10:00", End: "10:30", Session: "Morning"},
		archive.Item{Kind: archive.KindTalk, Title: nasty, Speakers: []archive.Credit{{Name: nasty}}, Abstract: nasty, Slides: []string{"https://past.example/lost.pdf", "javascript:alert(3)"}, Session: "Late", Room: "Attic"},
	)
	second := hydro("2022", "Luleå",
		archive.Item{Kind: archive.KindTalk, Title: "Isens väg", Speakers: []archive.Credit{vera}, Language: "sv", Abstract: "Om is och erosion.", Topics: []string{"Erosion"}, Slides: []string{"https://past.example/broken.pdf"}},
		archive.Item{Kind: archive.KindPanel, Title: "Who owns a flood?", Speakers: []archive.Credit{{Name: "Otto van der Beek"}, {Name: "Mina Okafor", Affiliation: "Delta Lab"}}},
	)
	// Two tracks side by side.
	third := hydro("2023", "Kiruna",
		archive.Item{Kind: archive.KindTalk, Title: "Snow as a clock", Speakers: []archive.Credit{{Name: "Mina Okafor", Affiliation: "Snow Lab"}}, Paper: []string{"https://paper.example/p.pdf"}, Start: "10:00", End: "11:00", Track: "Snow", Room: "Hall"},
		archive.Item{Kind: archive.KindTalk, Title: "Ice cores by hand", Speakers: []archive.Credit{vera}, Start: "10:00", End: "10:30", Track: "Ice", Room: "Attic"},
		archive.Item{Kind: archive.KindTalk, Title: "A lake beneath a glacier", Start: "10:30", End: "11:00", Track: "Ice", Room: "Attic"},
		archive.Item{Kind: archive.KindBreak, Title: "Tea", Start: "11:00", End: "11:20"},
	)
	other := archive.Programme{
		Edition: archive.EditionInfo{Title: "A gathering without a date", Series: "Undated"},
		Items:   []archive.Item{{Kind: archive.KindTalk, Title: "Untimed"}},
	}
	return []archive.Programme{first, second, third, other}
}

// answer is what the site answered.
type answer struct {
	StatusCode int
	Header     http.Header
}

// get asks the site and returns the answer with its whole body.
func (s *sampleSite) get(t testing.TB, address string, headers ...string) (answer, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return answer{StatusCode: w.Code, Header: w.Header()}, w.Body.String()
}
