package slides

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// searchOf gives the search texts of a deck whose slides have these texts.
func searchOf(texts ...string) []string {
	slides := make([]archive.Slide, len(texts))
	for i, text := range texts {
		slides[i] = archive.Slide{Number: i + 1, Text: text}
	}
	fillSearch(slides, nil)
	var out []string
	for _, s := range slides {
		out = append(out, s.Search)
	}
	return out
}

func TestFillSearch(t *testing.T) {
	tests := []struct {
		name string
		give []string
		want []string
	}{
		{
			"running head, foot and number",
			[]string{"Gears\nAda", "Gears\nTeeth\nAda 2/5\n2", "Gears\nWheels\nAda 3/5\n3", "Gears\nAxles\nAda 4/5\n4", "Gears\nEnd\nAda 5/5\n5"},
			[]string{"Gears\nAda", "Teeth", "Wheels", "Axles", "End"},
		},
		{
			"numbers that are content",
			[]string{"Year\n1984", "Year 2\n7", "Third\n3", "Fourth\n99"},
			[]string{"Year\n1984", "Year 2\n7", "Third\n3", "Fourth\n99"},
		},
		{
			"page numbers from another beginning",
			[]string{"Title", "One\n1", "Two\n2", "Three\n3", "Four\n4\n17"},
			[]string{"Title", "One", "Two", "Three", "Four\n17"},
		},
		{
			"few slides have no running lines",
			[]string{"Same\nA", "Same\nB", "Same\nC"},
			[]string{"Same\nA", "Same\nB", "Same\nC"},
		},
		{
			"one slide built up in steps",
			[]string{"List\na\nb", "List\na\nb\nc", "List\na\nb\nc\nd", "List\na\nb\nc\nd\ne", "List\na\nb\nc\nd\ne\nf"},
			[]string{"List\na\nb", "List\na\nb\nc", "List\na\nb\nc\nd", "List\na\nb\nc\nd\ne", "List\na\nb\nc\nd\ne\nf"},
		},
		{"ligatures and wide letters", []string{"ﬁne ＡＢＣ"}, []string{"fine ABC"}},
		{"soft hyphens", []string{"under\u00adstand\nmis\u00ad\ntake"}, []string{"understand\nmistake"}},
		{"hyphen at a line end", []string{"an inter-\nesting thing\nand more"}, []string{"an interesting thing\nand more"}},
		{"hyphen of the word's own", []string{"real-time rocks\nso real-\ntime it is"}, []string{"real-time rocks\nso real-time it is"}},
		{"hyphen before a capital", []string{"Rolls-\nRoyce"}, []string{"Rolls-\nRoyce"}},
		{"dash", []string{"one –\ntwo -\nthree"}, []string{"one –\ntwo -\nthree"}},
		{"nothing", []string{"", " \n "}, []string{"", ""}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, searchOf(tt.give...)); diff != "" {
				t.Errorf("search texts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFillSearchJoints(t *testing.T) {
	slides := []archive.Slide{
		{Number: 1, Text: "An opensource tool\nby Lovelace2\nproperty", Notes: "remember the kit-\nchen"},
		{Number: 2, Text: "open minds\na source of joy"},
	}
	fillSearch(slides, [][]joint{{{word: "opensource", at: 4}, {word: "Lovelace2", at: 8, two: true}, {word: "property", at: 4}}})
	want := "An opensource tool\nby Lovelace2\nproperty\nremember the kitchen\nopen source\nLovelace 2"
	if diff := cmp.Diff(want, slides[0].Search); diff != "" {
		t.Errorf("search text (-want +got):\n%s", diff)
	}
}

func FuzzFillSearch(f *testing.F) {
	f.Add("a-\nb\fa\n2", "x")
	f.Add("\u00ad\n\u00ad-\n", strings.Repeat("1/", 9))
	f.Fuzz(func(t *testing.T, deck, notes string) {
		var slides []archive.Slide
		for i, text := range strings.Split(deck, "\f") {
			slides = append(slides, archive.Slide{Number: i + 1, Text: text, Notes: notes})
		}
		fillSearch(slides, nil)
		for _, s := range slides {
			if s.Search != strings.TrimSpace(s.Search) || strings.Contains(s.Search, "\n\n") {
				t.Errorf("blanks in %q", s.Search)
			}
			if len(s.Search) > 20*(len(s.Text)+len(s.Notes))+100 {
				t.Errorf("%d bytes of %d", len(s.Search), len(s.Text))
			}
		}
	})
}

func BenchmarkFillSearch(b *testing.B) {
	slides := make([]archive.Slide, 700)
	for i := range slides {
		slides[i] = archive.Slide{Number: i + 1, Text: fmt.Sprintf("A running head\nWhat slide %d says\n%s\n%d", i, strings.Repeat("words and words\n", 12), i+1)}
	}
	for b.Loop() {
		fillSearch(slides, nil)
	}
}
