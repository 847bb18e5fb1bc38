package slides

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
)

func walkPage(t *testing.T, pdf []byte) (page, error) {
	t.Helper()
	w, err := openWalker(writeFile(t, pdf))
	if err != nil {
		return page{}, err
	}
	defer w.close()
	return w.read(1, page{})
}

func TestWalker(t *testing.T) {
	wide := "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 500/W[3[280]]>>]/ToUnicode 7 0 R>>"
	table := stream("", "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"+
		"2 beginbfchar\n<0001> <0416>\n<0002> <00660069>\nendbfchar\n2 beginbfrange\n<0010> <0012> <0430>\n<0020> <0021> [<4E2D> <6587>]\nendbfrange\nendcmap\nend")
	tests := []struct {
		name, content, more string
		objects             []string
		want                string
	}{
		{"gaps are spaces", "BT /F 20 Tf 50 100 Td [(Two)-300(wor)20(ds)]TJ ET", "", nil, "Two words"},
		{"strings that touch", "BT /F 20 Tf 50 100 Td (Under) Tj (standing) Tj ET", "", nil, "Understanding"},
		{"a step to the right", "BT /F 20 Tf 50 100 Td (left) Tj 100 0 Td (right) Tj ET", "", nil, "left right"},
		{"lines", "BT /F 20 Tf 24 TL 50 150 Td (one) Tj T* (two) Tj (three) ' 0 -24 TD (four) Tj ET", "", nil, "one\ntwo\nthree\nfour"},
		{"spacing set apart", "BT /F 20 Tf 2 Tw 1 Tc 50 150 Td (a b) Tj ET", "", nil, "a b"},
		{"scaled by the matrix", "q 2 0 0 2 0 0 cm BT /F 10 Tf 1 0 0 1 20 40 Tm (far) Tj 40 0 Td (off) Tj ET Q", "", nil, "far off"},
		{"off the page", "BT /F 20 Tf 50 100 Td (seen) Tj 0 2000 Td (not seen) Tj ET", "", nil, "seen"},
		{"off the page by a matrix that is put back", "q 1 0 0 1 3000 0 cm BT /F 20 Tf 50 100 Td (not seen) Tj ET Q BT /F 20 Tf 50 100 Td (seen) Tj ET", "", nil, "seen"},
		{"accents", "BT /F 20 Tf 50 100 Td (Ren) Tj 1 0 0 1 80 101 Tm (\\264) Tj 1 0 0 1 80 100 Tm (e) Tj ET", "", nil, "René"},
		{"accents that stand alone", "BT /F 20 Tf 50 100 Td (x ^ y) Tj ET", "", nil, "x ^ y"},
		{
			"forms", "BT /F 20 Tf 50 150 Td (before) Tj ET /X Do BT /F 20 Tf 50 50 Td (after) Tj ET", "/XObject<</X 6 0 R>>",
			[]string{stream("/Type/XObject/Subtype/Form/BBox[0 0 400 200]/Matrix[1 0 0 1 10 0]", "BT /F 20 Tf 40 100 Td (inside) Tj ET")}, "before\ninside\nafter",
		},
		{
			"a form that draws itself", "/X Do", "/XObject<</X 6 0 R>>",
			[]string{stream("/Type/XObject/Subtype/Form/BBox[0 0 400 200]/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>", "BT /F 20 Tf 40 100 Td (x) Tj ET /X Do")}, "x",
		},
		{
			"two bytes a letter, by the table", "BT /G 20 Tf 50 100 Td <000100020010001100120020 0021> Tj ET", "/Font<</F 5 0 R/G 6 0 R>>",
			[]string{wide, table}, "Жfiабв中文",
		},
		{
			"glyphs by name", "BT /G 20 Tf 50 100 Td (ABCDE) Tj ET", "/Font<</G 6 0 R>>",
			[]string{"<</Type/Font/Subtype/Type1/BaseFont/X/Encoding<</Differences[65/eacute/uni0416/f_i/a.alt]>>/FirstChar 65/LastChar 69/Widths[500 500 500 500 500]>>"}, "éЖfiaE",
		},
		{"a font that is not there", "BT /None 20 Tf 50 100 Td (x) Tj /F 20 Tf (y) Tj ET", "", nil, "y"},
		{"operands that are missing", "Tj TJ Td Tm Tf cm Do ' \" BT /F 20 Tf 50 100 Td (still) Tj ET Q", "", nil, "still"},
		{"no content", "", "", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := walkPage(t, onePage(tt.content, tt.more, tt.objects...))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got.text); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWalkerWords(t *testing.T) {
	got, err := walkPage(t, onePage("BT /F 20 Tf 40 100 Td [(ab)-1000(cd)]TJ ET", ""))
	if err != nil {
		t.Fatal(err)
	}
	want := []archive.Word{
		{Text: "ab", Box: archive.Box{Left: .1, Top: .42, Right: .15, Bottom: .52}},
		{Text: "cd", Box: archive.Box{Left: .2, Top: .42, Right: .25, Bottom: .52}},
	}
	if diff := cmp.Diff(want, got.words, cmpopts.EquateApprox(0, 0.001)); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
}

// TestWalkerEnds: content that is made to keep a reader busy.
func TestWalkerEnds(t *testing.T) {
	for name, content := range map[string]string{
		"operators": strings.Repeat("q ", maxOperators+10),
		"letters":   "BT /F 20 Tf 40 100 Td " + strings.Repeat("(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj 0 0 Td ", 20_000) + "ET",
		"nesting":   strings.Repeat("[", 10_000),
	} {
		began := time.Now()
		got, err := walkPage(t, onePage(content, ""))
		if len(got.text) > 2*maxPageChars || time.Since(began) > 20*time.Second {
			t.Errorf("%s: %d bytes of text in %v, %v", name, len(got.text), time.Since(began), err)
		}
	}
}

// closed ends what a text leaves open. The parser does not end at all on a string that
// never does; that is what workers are killed for, and no news.
func closed(text string) string {
	return text + "\n>>" + strings.Repeat(")", strings.Count(text, "(")+1) + strings.Repeat("]", strings.Count(text, "[")) + strings.Repeat(">>", strings.Count(text, "<")) + "\n"
}

// FuzzWalker walks pages of any content, fonts and tables: no panic, an end, bounds kept.
func FuzzWalker(f *testing.F) {
	f.Add("BT /F 20 Tf 50 100 Td [(Two)-300(wor)20(ds)]TJ ET", "1 beginbfchar <01> <0041> endbfchar")
	f.Add("/X Do q 1 0 0 1 0 0 cm BT /G 1 Tf <0001> Tj ET Q", "1 beginbfrange <0000> <FFFF> <0000> endbfrange")
	f.Add("BI /W 1 /H 1 ID xx EI", "/CIDInit /ProcSet findresource begin end def")
	f.Fuzz(func(t *testing.T, content, table string) {
		content = closed(content)
		pdf := onePage(content, "/Font<</F 5 0 R/G 6 0 R>>/XObject<</X 8 0 R>>",
			"<</Type/Font/Subtype/Type0/Encoding/Identity-H/DescendantFonts[<</DW 500>>]/ToUnicode 7 0 R>>",
			stream("", closed(table)), stream("/Type/XObject/Subtype/Form", content))
		got, err := walkPage(t, pdf)
		if err == nil && len(got.words) > maxPageWords {
			t.Errorf("%d words", len(got.words))
		}
		for _, w := range got.words {
			if b := w.Box; b.Left < 0 || b.Top < 0 || b.Right > 1 || b.Bottom > 1 || !(b.Left <= b.Right && b.Top <= b.Bottom) {
				t.Errorf("%q in %+v", w.Text, b)
			}
		}
	})
}
