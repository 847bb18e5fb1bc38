package slides

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

func TestJudge(t *testing.T) {
	latin := "The quick brown fox jumps over the lazy dog and runs away from the farm"
	tests := []struct {
		name          string
		first, second page
		doubt, eased  bool
	}{
		{"nothing to doubt", page{text: latin}, page{text: "x"}, false, false},
		{"empty", page{}, page{text: latin}, true, true},
		{"both empty", page{}, page{text: " \n"}, true, false},
		{"empty, and garbage instead", page{}, page{text: strings.Repeat("\ue000\ue001", 20)}, true, false},
		{"private use", page{text: "Slide \ue001\ue002\ue003 text"}, page{text: "Slide one text"}, true, true},
		{"private use in both", page{text: "Slide \ue001\ue002 text"}, page{text: "Slide \ue001\ue002 test"}, true, false},
		{"dropped control characters", page{text: "Slide text", dropped: 3}, page{text: "Slide text"}, true, true},
		{"Cyrillic with a Latin letter for one of its own", page{text: "истори\u0101 развити\u0101 систем"}, page{text: "история развития систем"}, true, true},
		{"Latin read as rare ideographs", page{text: "㐀㐁㑇㒓 㔾㕣"}, page{text: latin}, true, true},
		{"Chinese and Japanese", page{text: "中文信息处理 日本語の文字 Python入門"}, page{text: "x"}, false, false},
		{"Greek in formulas", page{text: "λx.x and Δt and μm, αβ-reduction"}, page{text: "x"}, false, false},
		{"in pieces", page{text: strings.Join(strings.Split(strings.ReplaceAll(latin, " ", ""), ""), " ")}, page{text: latin}, true, true},
		{"in pieces both", page{text: strings.Join(strings.Split(latin, ""), " ")}, page{text: strings.Join(strings.Split(latin, ""), " ")}, true, false},
		{"few letters alone", page{text: "a b c d"}, page{text: "abcd"}, false, false},
		{"glued", page{text: strings.ReplaceAll(latin, " ", "")}, page{text: latin}, true, true},
		{"Thai has no spaces", page{text: strings.Repeat("ภาษาไทยไม่มีช่องว่าง", 4)}, page{text: "x"}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doubt := examine(tt.first)
			if doubt.any() != tt.doubt {
				t.Fatalf("doubt %v: %+v", doubt.any(), doubt)
			}
			if tt.doubt && doubt.eased(examine(tt.second)) != tt.eased {
				t.Errorf("eased %v: %+v, then %+v", !tt.eased, doubt, examine(tt.second))
			}
		})
	}
}

// TestReadTeX: accents that PDFium loses, in a deck that says that TeX made it.
func TestReadTeX(t *testing.T) {
	pdf := onePage("BT /F 20 Tf 50 100 Td [(Ren)]TJ 30 0.4 Td [(\\264)]TJ 0 -0.4 Td [(e)-300(Magritte)-300(and)-300(others)]TJ ET", "", "<</Producer(pdfTeX-1.40)>>")
	pdf = []byte(strings.Replace(string(pdf), "/Root 1 0 R", "/Root 1 0 R/Info 6 0 R", 1))
	got, err := newPool(t, nil).Read(t.Context(), writeFile(t, pdf), "")
	if err != nil || len(got.Slides) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if want := "René Magritte and others"; got.Slides[0].Text != want {
		t.Errorf("%q, want %q (%s)", got.Slides[0].Text, want, got.Slides[0].Engine)
	}
}

// TestWalkerHangs: a string without an end, on which the second engine's parser never
// ends. PDFium sees an empty page, so the second engine is asked, and the worker killed.
func TestWalkerHangs(t *testing.T) {
	pool := newPool(t, func(c *Config) { c.Step = time.Second })
	got, err := pool.Read(t.Context(), writeFile(t, onePage("<", "")), "")
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Deck{
		Reader: Version, Media: MediaPDF,
		Slides: []archive.Slide{{Number: 1, Engine: "pdfium", Width: 400, Height: 200}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deck (-want +got):\n%s", diff)
	}
}
