package slides

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"os/exec"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
)

func TestReadTSV(t *testing.T) {
	table := "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n" +
		"4\t1\t1\t1\t1\t0\t100\t50\t300\t40\t-1\t\n" +
		"5\t1\t1\t1\t1\t1\t100\t50\t100\t40\t96.5\tSlow\n" +
		"5\t1\t1\t1\t1\t2\t250\t50\t150\t40\t91\ttrains\n" +
		"5\t1\t1\t1\t2\t1\t100\t100\t100\t40\t12\t~~|\n" +
		"5\t1\t1\t1\t3\t1\t100\t150\t100\t40\t88\tarrive\n" +
		"5\tnot\ta\trow\n" +
		"5\t1\t1\t1\t3\t2\tx\t150\t100\t40\t88\tbroken\n"
	text, words := readTSV(table, 1000, 500)
	if diff := cmp.Diff("Slow trains\narrive", text); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	want := []archive.Word{
		{Text: "Slow", Box: archive.Box{Left: .1, Top: .1, Right: .2, Bottom: .18}},
		{Text: "trains", Box: archive.Box{Left: .25, Top: .1, Right: .4, Bottom: .18}},
		{Text: "arrive", Box: archive.Box{Left: .1, Top: .3, Right: .2, Bottom: .38}},
	}
	if diff := cmp.Diff(want, words, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

// pictureDeck is a deck whose second slide is a picture of text.
func pictureDeck(t *testing.T, pool *Pool) string {
	t.Helper()
	source := writePDF(t, 1, func(pdf *fpdf.Fpdf, _ int) { line(pdf, 96, 270, 60, "Handmade lanterns") })
	drawn, err := pool.Picture(t.Context(), source, "", 1, ReadingWidth)
	if err != nil {
		t.Fatal(err)
	}
	shown, _, err := image.Decode(bytes.NewReader(drawn.Bytes))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, shown, nil); err != nil {
		t.Fatal(err)
	}
	return writePDF(t, 2, func(pdf *fpdf.Fpdf, n int) {
		if n == 1 {
			line(pdf, 96, 270, 40, "Lanterns")
			return
		}
		pdf.RegisterImageOptionsReader("slide", fpdf.ImageOptions{ImageType: "JPEG"}, bytes.NewReader(b.Bytes()))
		pdf.ImageOptions("slide", 0, 0, 960, 540, false, fpdf.ImageOptions{}, 0, "")
	})
}

func TestRecognize(t *testing.T) {
	if _, err := exec.LookPath(programOCR); err != nil {
		t.Skip("needs tesseract")
	}
	pool := newPool(t, nil)
	path := pictureDeck(t, pool)
	before, err := pool.Read(t.Context(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	if n := Unrecognized(before); n != 1 {
		t.Errorf("%d slides to recognize, want 1", n)
	}
	after, changed, err := pool.Recognize(t.Context(), path, before, "en-GB")
	if err != nil || !changed {
		t.Fatalf("changed %v, %v", changed, err)
	}
	want := []archive.Slide{
		{Number: 1, Text: "Lanterns", Search: "Lanterns", Engine: "pdfium", Width: 960, Height: 540},
		{Number: 2, Text: "Handmade lanterns", Search: "Handmade lanterns", Engine: "tesseract", Width: 960, Height: 540},
	}
	if diff := cmp.Diff(want, after.Slides, cmpopts.IgnoreFields(archive.Slide{}, "Words")); diff != "" {
		t.Errorf("slides (-want +got):\n%s", diff)
	}
	if !after.Slides[1].OCR() || len(after.Slides[1].Words) != 2 || before.Slides[1].Engine != "pdfium" {
		t.Errorf("words %v, engine before %q", after.Slides[1].Words, before.Slides[1].Engine)
	}
	if _, changed, err = pool.Recognize(t.Context(), path, after, ""); changed || err != nil {
		t.Errorf("once more: changed %v, %v", changed, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := pool.Recognize(ctx, path, before, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that ended: %v", err)
	}
}

func TestRecognizeMissing(t *testing.T) {
	pool := newPool(t, func(c *Config) {
		c.Programs = func(string) (string, error) { return "", exec.ErrNotFound }
	})
	deck := archive.Deck{Slides: []archive.Slide{{Number: 1}}}
	got, changed, err := pool.Recognize(t.Context(), "nowhere", deck, "")
	if err != nil || changed {
		t.Errorf("changed %v, %v", changed, err)
	}
	if diff := cmp.Diff(deck, got); diff != "" {
		t.Errorf("deck (-want +got):\n%s", diff)
	}
}

// What was recognized before counts against a deck's bound: coming back to a
// scanned book does not recognize ever more of it.
func TestUnrecognizedIsBounded(t *testing.T) {
	var deck archive.Deck
	for n := range maxOCR + 5 {
		engine := engineOCR
		if n >= maxOCR-2 {
			engine = "pdfium"
		}
		deck.Slides = append(deck.Slides, archive.Slide{Number: n + 1, Engine: engine})
	}
	if n := Unrecognized(deck); n != 2 {
		t.Errorf("%d slides to recognize, want 2", n)
	}
}
