package archive_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

func TestFitLeavesWhatFits(t *testing.T) {
	if d := cmp.Diff(whole(), archive.FitProgramme(whole())); d != "" {
		t.Error(d)
	}
}

// TestFit makes a Programme that breaks every bound, and holds what is left of
// it against the decoder.
func TestFit(t *testing.T) {
	long := strings.Repeat("å", 300_000)
	zero, two := 0, 2
	p := archive.Programme{
		Edition: archive.EditionInfo{
			Title: long, StartDate: "2031-05-02", EndDate: "2031-05-01", Language: "not a language", Organizers: []string{" ", long, "A\xffB"},
			Places: archive.Places{"title": {Path: long, Quote: long, Line: -3, Sure: math.NaN()}},
		},
		Items: []archive.Item{
			{Kind: archive.KindTalk, Title: " "},
			{Kind: "lecture", Title: "A"},
			{
				Kind: archive.KindTalk, Title: long, Abstract: long, Date: "2031-02-30", Start: "25:00", End: "9", Language: "??",
				Speakers: []archive.Credit{{Name: ""}, {Name: long, Bio: long}}, Slides: []string{"", long},
			},
		},
		Findings: []archive.Finding{{Code: "x", Text: long, Item: &two}, {Code: "y", Text: "of an item that is gone", Item: &zero}, {Code: "", Text: "z"}},
	}
	got := archive.FitProgramme(p)
	text, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	again, err := archive.DecodeProgramme(text, 1)
	if err != nil {
		t.Fatal(problems(err))
	}
	if len(again.Items) != 1 || len(again.Findings) != 3 {
		t.Fatalf("%d items, %d findings are left", len(again.Items), len(again.Findings))
	}
	short := strings.Repeat("å", 1999) + "…"
	item := archive.Item{
		Kind: archive.KindTalk, Title: short, Abstract: strings.Repeat("å", 199_999) + "…",
		Speakers: []archive.Credit{{Name: short, Bio: strings.Repeat("å", 199_999) + "…"}}, Slides: []string{short},
	}
	if d := cmp.Diff(item, again.Items[0]); d != "" {
		t.Errorf("%.2000s", d)
	}
	told := []archive.Finding{
		{Code: "x", Text: short, Item: &zero},
		{Code: archive.FindingCut, Text: "10 values were too long or too many and were cut"},
		{Code: archive.FindingInvalid, Text: "11 values did not hold and were left out"},
	}
	if d := cmp.Diff(told, again.Findings); d != "" {
		t.Errorf("%.2000s", d)
	}
}
