package slides

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
)

// writePDF makes a PDF of 16:9 pages in t's folder; draw is called for each page.
func writePDF(t testing.TB, pages int, draw func(pdf *fpdf.Fpdf, page int)) string {
	t.Helper()
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: 960, Ht: 540}})
	pdf.SetTitle("A deck of our own", true)
	pdf.SetAuthor("Ada Example", true)
	pdf.SetAutoPageBreak(false, 0)
	for n := range pages {
		pdf.AddPage()
		draw(pdf, n+1)
	}
	path := filepath.Join(t.TempDir(), "deck.pdf")
	if err := pdf.OutputFileAndClose(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func line(pdf *fpdf.Fpdf, x, y, size float64, text string) {
	pdf.SetFont("Helvetica", "", size)
	pdf.Text(x, y, text)
}

func TestReadPDF(t *testing.T) {
	path := writePDF(t, 5, func(pdf *fpdf.Fpdf, n int) {
		line(pdf, 48, 40, 12, "Queues, by Ada Example")
		switch n {
		case 1:
			pdf.Bookmark("Start", 0, -1)
			line(pdf, 96, 270, 40, "Waiting in line")
		case 2:
			pdf.Bookmark("Why", 1, -1)
			line(pdf, 96, 270, 40, "A queue that is under-")
			line(pdf, 96, 320, 40, "stood is half empty")
			pdf.LinkString(96, 400, 200, 40, "https://example.org/queues")
		case 3:
			line(pdf, 96, 270, 40, "Little's law")
		case 4:
			line(pdf, 96, 270, 40, "Arrivals and departures")
		case 5:
			line(pdf, 96, 270, 40, "Questions")
		}
		line(pdf, 900, 520, 12, string(rune('0'+n)))
	})
	pool := newPool(t, nil)
	got, err := pool.Read(t.Context(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	head := "Queues, by Ada Example"
	slide := func(n int, text, search string, links ...string) archive.Slide {
		return archive.Slide{
			Number: n, Text: head + "\n" + text + "\n" + string(rune('0'+n)), Search: search, Links: links,
			Engine: "pdfium", Width: 960, Height: 540,
		}
	}
	want := archive.Deck{
		Reader: Version, Media: MediaPDF, Title: "A deck of our own", Author: "Ada Example",
		Outline: []archive.OutlineEntry{{Title: "Start", Slide: 1}, {Title: "Why", Level: 1, Slide: 2}},
		Slides: []archive.Slide{
			slide(1, "Waiting in line", head+"\nWaiting in line"),
			slide(2, "A queue that is understood is half empty", "A queue that is understood is half empty", "https://example.org/queues"),
			slide(3, "Little's law", "Little's law"),
			slide(4, "Arrivals and departures", "Arrivals and departures"),
			slide(5, "Questions", "Questions"),
		},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(archive.Slide{}, "Words")); diff != "" {
		t.Errorf("deck (-want +got):\n%s", diff)
	}
	wantWords := []archive.Word{
		{Text: "Waiting", Box: archive.Box{Left: .10, Top: .445, Right: .245, Bottom: .515}},
		{Text: "in", Box: archive.Box{Left: .26, Top: .445, Right: .29, Bottom: .50}},
		{Text: "line", Box: archive.Box{Left: .30, Top: .445, Right: .365, Bottom: .50}},
	}
	if diff := cmp.Diff(wantWords, got.Slides[0].Words[4:7], cmpopts.EquateApprox(0, 0.012)); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

func TestReadBrokenPDF(t *testing.T) {
	whole, err := os.ReadFile(writePDF(t, 3, func(pdf *fpdf.Fpdf, _ int) { line(pdf, 96, 270, 40, "Text") }))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		bytes []byte
		want  string
	}{
		{"only a header", []byte("%PDF-1.7\n"), "the PDF is damaged or cut off"},
		{"no pages", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"), "the PDF is damaged or cut off"},
		{"zeros", append([]byte("%PDF-1.7\n"), make([]byte, 4096)...), "the PDF is damaged or cut off"},
		{"cut in the first page", whole[:len(whole)/8], "the PDF is damaged or cut off"},
	}
	pool := newPool(t, nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(path, tt.bytes, 0o644); err != nil {
				t.Fatal(err)
			}
			got, err := pool.Read(t.Context(), path, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(archive.Deck{Reader: Version, Media: MediaPDF, Problem: tt.want}, got); diff != "" {
				t.Errorf("deck (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPageCountThatLies: a file that says it has two thousand million pages.
func TestPageCountThatLies(t *testing.T) {
	path := writePDF(t, 2, func(pdf *fpdf.Fpdf, _ int) { line(pdf, 96, 270, 40, "Text") })
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b = bytes.Replace(b, []byte("/Count 2"), []byte("/Count 2000000000"), 1)
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	pool := newPool(t, nil)
	got, err := pool.Read(t.Context(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Slides) > 2 || got.Problem == "" && len(got.Slides) != 2 {
		t.Errorf("%d slides, problem %q", len(got.Slides), got.Problem)
	}
}

func TestPictures(t *testing.T) {
	deck := writePDF(t, 2, func(pdf *fpdf.Fpdf, n int) {
		pdf.SetFillColor(255, 0, 0)
		pdf.Rect(0, 0, 480, 540, "F")
		line(pdf, 500, 270, 40, strings.Repeat("x", n))
	})
	blob := archive.BlobID(strings.Repeat("0f", 32))
	dir := t.TempDir()
	pictures := NewPictures(newPool(t, nil), dir)
	first, err := pictures.Slide(t.Context(), blob, deck, MediaPDF, 1, 320)
	if err != nil {
		t.Fatal(err)
	}
	if first.Width != 320 || first.Height != 180 || first.Media != "image/webp" || len(first.Bytes) == 0 {
		t.Errorf("thumbnail: %d × %d, %s, %d bytes", first.Width, first.Height, first.Media, len(first.Bytes))
	}
	files := func() []string {
		found, err := filepath.Glob(filepath.Join(dir, "*", "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	kept := files()
	if len(kept) != 1 {
		t.Fatalf("files kept: %q", kept)
	}
	for name, spoil := range map[string]func() error{
		"kept":    func() error { return nil },
		"lost":    func() error { return os.Remove(kept[0]) },
		"emptied": func() error { return os.WriteFile(kept[0], nil, 0o644) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		again, err := pictures.Slide(t.Context(), blob, deck, MediaPDF, 1, 300)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first, again); diff != "" {
			t.Errorf("%s: another picture (-want +got):\n%s", name, diff)
		}
		if diff := cmp.Diff(kept, files()); diff != "" {
			t.Errorf("%s: files (-want +got):\n%s", name, diff)
		}
	}
	if _, err := pictures.Slide(t.Context(), blob, deck, MediaPDF, 3, 320); err == nil || !strings.Contains(err.Error(), "the deck has 2 slides") {
		t.Errorf("a slide that is not there: %v", err)
	}
}
