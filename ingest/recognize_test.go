package ingest_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"

	"rostrum/ingest"
	"rostrum/ingest/fetch"
	"rostrum/ingest/slides"
	"rostrum/ingest/slides/slidestest"
)

// picturedDesk is a desk with a tesseract, and a programme in Swedish whose one deck has
// one slide without text. A script stands in for tesseract: the one word it sees is the
// name of the model it was called with.
func picturedDesk(t *testing.T) (d *desk, source string) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("needs a shell")
	}
	dir := t.TempDir()
	write(t, dir, "p.json", `{"edition": {"title": "Bild Dagen 2030", "start_date": "2030-01-01", "language": "sv"}, "items": [{"kind": "talk", "title": "Bilder", "slides": ["bild.pdf"]}]}`)
	write(t, dir, "tesseract", "#!/bin/sh\nif [ \"$1\" = --list-langs ]; then echo 'List of languages:'; echo eng; echo swe; exit; fi\nprintf '5\\t1\\t1\\t1\\t1\\t1\\t10\\t10\\t100\\t20\\t95\\t%s\\n' \"$4\"\n")
	pdf := fpdf.New("L", "pt", "A5", "")
	pdf.AddPage()
	pdf.Rect(50, 50, 100, 100, "F")
	if err := pdf.OutputFileAndClose(filepath.Join(dir, "bild.pdf")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "tesseract"), 0o755); err != nil {
		t.Fatal(err)
	}
	pool, err := slides.NewPool(slides.Config{CacheDir: slidestest.Cache(), Programs: func(name string) (string, error) {
		if name == "tesseract" {
			return filepath.Join(dir, name), nil
		}
		return "", exec.ErrNotFound
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	client := fetch.New(fetch.Config{Gap: -1, Backoff: time.Millisecond})
	t.Cleanup(client.Close)
	d = newDesk(t)
	d.in = ingest.New(ingest.Config{DB: d.db, Fetch: client, Slides: pool})
	return d, filepath.Join(dir, "p.json")
}

// seenIn returns the text and the engine of each slide of picturedDesk's deck.
func seenIn(t *testing.T, d *desk) [][2]string {
	t.Helper()
	talk, err := d.db.TalkByID(t.Context(), "bild-dagen/2030/bilder")
	if err != nil || len(talk.Decks) != 1 {
		t.Fatalf("%+v, %v", talk, err)
	}
	deck, err := d.db.Deck(t.Context(), talk.Decks[0].Blob)
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]string
	for _, s := range deck.Slides {
		got = append(got, [2]string{s.Text, s.Engine})
	}
	return got
}

// TestRecognize: a slide without text is recognized after all else, in the language of
// its edition, once.
func TestRecognize(t *testing.T) {
	d, source := picturedDesk(t)
	d.add(source)
	if diff := cmp.Diff([][2]string{{"swe", "tesseract"}}, seenIn(t, d)); diff != "" {
		t.Errorf("slides, text and engine (-want +got):\n%s", diff)
	}
	var again []string
	if _, err := d.in.Add(t.Context(), ingest.AddRequest{Source: source}, func(e ingest.Event) { again = append(again, e.Text) }); err != nil {
		t.Fatal(err)
	}
	for _, text := range again {
		if text == "text recognized in pictures" {
			t.Error("recognized once more")
		}
	}
}

// An add that ends when its deck was read, and nothing recognized, is gone on with by the
// same add, or by reading again what no older reader read either.
func TestRecognizeGoesOn(t *testing.T) {
	for name, next := range map[string]func(*desk, string) error{
		"add": func(d *desk, source string) error { d.add(source); return nil },
		"reread": func(d *desk, _ string) error {
			report, err := d.in.Reread(t.Context(), ingest.RereadRequest{}, nil)
			if diff := cmp.Diff(ingest.RereadReport{Recognized: 1}, report); diff != "" {
				t.Errorf("reread (-want +got):\n%s", diff)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, source := picturedDesk(t)
			ctx, cancel := context.WithCancel(t.Context())
			_, err := d.in.Add(ctx, ingest.AddRequest{Source: source}, func(e ingest.Event) {
				if e.Step == ingest.StepDeck {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("interrupted: %v", err)
			}
			if diff := cmp.Diff([][2]string{{"", "pdfium"}}, seenIn(t, d)); diff != "" {
				t.Errorf("interrupted (-want +got):\n%s", diff)
			}
			if err := next(d, source); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([][2]string{{"swe", "tesseract"}}, seenIn(t, d)); diff != "" {
				t.Errorf("gone on (-want +got):\n%s", diff)
			}
			report, err := d.in.Reread(t.Context(), ingest.RereadRequest{}, nil)
			if diff := cmp.Diff(ingest.RereadReport{}, report); diff != "" || err != nil {
				t.Errorf("once more: %v (-want +got):\n%s", err, diff)
			}
		})
	}
}
