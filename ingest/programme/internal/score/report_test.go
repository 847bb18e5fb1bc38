package score

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func report() Report {
	return NewReport([]Result{
		{"calm", Tally{"item": {Hit: 3, Missed: 1}, "start": {Hit: 1, Extra: 1}}},
		{"wild", Tally{"item": {Hit: 1, Missed: 3, Extra: 4}}},
	})
}

func TestFiguresAreReadBack(t *testing.T) {
	f := report().Figures()
	const want = `field item   0.500  0.500  0.500
field start  0.500  1.000  0.667
case calm    0.794  0.857
case wild    0.222  0.222
mean case    0.508
worst case   0.222
overall      0.556
`
	if diff := cmp.Diff(want, f.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	back, err := ParseFigures([]byte("# a heading\n\n" + f.String()))
	if err != nil {
		t.Fatal(err)
	}
	if changes := f.Diff(back, 0.0006); changes != nil {
		t.Errorf("read back with changes: %v", changes)
	}
}

func TestDiffTellsWhatMoved(t *testing.T) {
	old, err := ParseFigures([]byte("field item 0.5 0.5 0.5\nfield start 0.5 0.5 0.5\ncase calm 0.794 0.857\ncase gone 1 1\ncase wild 0.2221 0.2223\nmean case 0.508\nworst case 0.222\noverall 0.556\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range report().Figures().Diff(old, 0.001) {
		got = append(got, c.String())
	}
	want := []string{
		"+0.167  field start: 0.500 0.500 0.500 → 0.500 1.000 0.667",
		"        case gone: 1.000 1.000 → none",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestParseFiguresRefusesLinesWithoutFigures(t *testing.T) {
	for _, bad := range []string{"overall", "0.5 0.5", "case x high"} {
		if _, err := ParseFigures([]byte(bad)); err == nil {
			t.Errorf("ParseFigures(%q) gave no error", bad)
		}
	}
}
