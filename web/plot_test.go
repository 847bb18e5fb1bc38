package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// Somebody's talks over series and years: drawn, and in numbers beneath.
func TestPersonFigure(t *testing.T) {
	s := newSample(t)
	talk := func(id archive.TalkID, d archive.Date) archive.Talk {
		return archive.Talk{ID: id, Item: archive.Item{Date: d}}
	}
	talks := []archive.Talk{
		talk("river-days/2023/a", "2023-06-12"), talk("river-days/2021/b", ""), talk("river-days/2021/c", "2021-06-12"), talk("undated/a-gathering-without-a-date/d", "2022-01-01"),
	}
	l := s.locales.all[0]
	got, err := s.personFigure(t.Context(), l, talks)
	must(t, err)
	want := [][]link{
		{{Name: "River Days", URL: "/river-days"}, {Name: "2"}, {Name: "–"}, {Name: "1"}},
		{{Name: "Undated", URL: "/undated"}, {Name: "–"}, {Name: "1"}, {Name: "–"}},
	}
	if d := cmp.Diff(want, got.Rows); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"Series", "2021", "2022", "2023"}, got.Head); d != "" {
		t.Error(d)
	}
	if n := strings.Count(string(got.SVG), "<rect"); n != 3 {
		t.Errorf("%d fields are drawn", n)
	}
	if few, err := s.personFigure(t.Context(), l, talks[:3]); few != nil || err != nil {
		t.Errorf("three talks are drawn: %v %v", few, err)
	}
}

// A plot is of two things at least, and a wrong date does not draw a thousand.
func TestPlotBounds(t *testing.T) {
	l := newSample(t).locales.all[0]
	many := make([]int, mostBars+1)
	if got := bars(l, "x", make([]string, len(many)), many); got != "" {
		t.Error("too many bars are drawn")
	}
	if got := bars(l, "x", []string{"2020"}, []int{1}); got != "" {
		t.Error("a single bar is drawn")
	}
	got := []any{allYears(map[int]int{0: 3, 2020: 1, 2023: 1}), allYears(map[int]int{2020: 1}), allYears(map[int]int{1066: 1, 2020: 1})}
	if d := cmp.Diff([]any{[]int{2020, 2021, 2022, 2023}, []int(nil), []int(nil)}, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{1, 2, 2, 3, 4, 4}, []int{shade(1, 100), shade(7, 100), shade(25, 100), shade(26, 100), shade(57, 100), shade(100, 100)}); d != "" {
		t.Error(d)
	}
	if svg := string(bars(l, `"><script>`, []string{"<b>", "c"}, []int{1, 2})); strings.Contains(svg, "<script>") || strings.Contains(svg, "<b>") {
		t.Errorf("unescaped: %s", svg)
	}
}
