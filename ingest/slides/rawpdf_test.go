package slides

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// rawPDF puts a PDF together from objects, numbered from 1, the first being the
// catalog, so that a test can say what no PDF library would.
func rawPDF(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, a := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, xref)
	return b.Bytes()
}

func stream(dict, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(content), content)
}

// helvetica is a font with widths, in which space is 0.28 and letters are half as wide
// as the font is large.
func helvetica() string {
	widths := bytes.Repeat([]byte("500 "), 95)
	copy(widths, "280 ")
	return "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding/FirstChar 32/LastChar 126/Widths[" + string(widths) + "]>>"
}

// onePage is a PDF of one page of 400 by 200 points. Its fonts are /F (helvetica) and
// what more names.
func onePage(content, more string, objects ...string) []byte {
	return rawPDF(append([]string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>" + more + ">>>>",
		stream("", content),
		helvetica(),
	}, objects...)...)
}

func writeFile(t testing.TB, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "deck.pdf")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
