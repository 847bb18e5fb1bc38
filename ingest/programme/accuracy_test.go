package programme_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/archive"
	"rostrum/ingest/programme"
	"rostrum/ingest/programme/internal/score"
	"rostrum/internal/golden"
)

// tolerance is how far a figure may move before it counts as a change: the
// files keep three decimals.
const tolerance = 0.001

// TestAccuracy reads whole pages and compares what was understood with what a
// person wrote down (gold.json). The figures are kept in golden files, so that
// a change of the reader shows what it won and what it lost, page by page:
//
//	go test ./ingest/programme -run Accuracy -v           the tables, and what moved
//	go test ./ingest/programme -run Accuracy -update      keep the figures as they now are
//
// testdata/pages are pages of our own writing in the styles of real organizers.
// testdata/firstsight and testdata/blind are pages that the reader was not made
// for: the figures of the first reading ever are kept beside the present ones. The evaluation
// set beside the repository is read where it is there. With -short the figures
// are told but not insisted on.
func TestAccuracy(t *testing.T) {
	t.Run("own", func(t *testing.T) {
		f := read(t, filepath.Join("testdata", "pages"))
		compare(t, f, filepath.Join("testdata", "accuracy.txt"))
	})
	for _, set := range []string{"firstsight", "blind"} {
		t.Run(set, func(t *testing.T) { firstSight(t, set) })
	}
	t.Run("shared", func(t *testing.T) {
		dir := filepath.Join("..", "..", "..", "shared", "data", "pages")
		if _, err := os.Stat(dir); err != nil {
			t.Skip("the evaluation set is not here")
		}
		compare(t, read(t, dir), filepath.Join("testdata", "accuracy-shared.txt"))
	})
}

// firstSight reads a set of pages that the reader was not made for, and tells
// what moved since it first saw them.
func firstSight(t *testing.T, set string) {
	f := read(t, filepath.Join("testdata", set))
	compare(t, f, filepath.Join("testdata", set+"-after.txt"))
	first := filepath.Join("testdata", set+"-first.txt")
	switch was := golden.Read(t, first); {
	case was == nil && golden.Updating():
		golden.Write(t, first, []byte(f.String()))
	case was == nil:
		t.Errorf("%s is missing; run the test with -update to write it", first)
	default:
		t.Logf("since first sight:\n%s", changes(t, f, was))
	}
}

// read reads the pages of all cases in dir and returns the figures.
func read(t *testing.T, dir string) score.Figures {
	t.Helper()
	golds, err := filepath.Glob(filepath.Join(dir, "*", "gold.json"))
	if err != nil || len(golds) == 0 {
		t.Fatalf("no cases in %s (%v)", dir, err)
	}
	var results []score.Result
	for _, path := range golds {
		gold, err := score.ReadGold(path)
		if err != nil {
			t.Fatal(err)
		}
		page := onePage(t, filepath.Dir(path))
		page.URL = gold.BaseURL
		name := filepath.Base(filepath.Dir(path))
		got, err := programme.Read(page)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		tally := make(score.Tally)
		tally.Case(gold, got)
		results = append(results, score.Result{Name: name, Tally: tally})
		if testing.Verbose() {
			tell(t, name, gold, got.Items)
		}
	}
	return score.NewReport(results).Figures()
}

// onePage returns the page of the case in dir, with no media type beyond what
// the file's name tells, as when a saved page is read.
func onePage(t *testing.T, dir string) programme.Page {
	t.Helper()
	for name, media := range map[string]string{"page.html": "text/html", "page.txt": "text/plain"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			return programme.Page{Bytes: data, Media: media}
		}
	}
	t.Fatalf("no page.html or page.txt in %s", dir)
	return programme.Page{}
}

// compare prints the table and fails t where a figure moved since it was kept.
func compare(t *testing.T, f score.Figures, path string) {
	t.Helper()
	t.Logf("\n%s", f)
	was := golden.Read(t, path)
	if was != nil {
		if moved := changes(t, f, was); moved != "" {
			t.Logf("moved since %s:\n%s", path, moved)
			if !golden.Updating() && !testing.Short() {
				t.Errorf("the figures moved; if the change is worth it, run the test with -update")
			}
		}
	} else if !golden.Updating() {
		t.Errorf("%s is missing; run the test with -update to write it", path)
	}
	if golden.Updating() {
		golden.Write(t, path, []byte(f.String()))
	}
}

// changes returns the rows of f that moved since the figures in was, a line each.
func changes(t *testing.T, f score.Figures, was []byte) string {
	t.Helper()
	old, err := score.ParseFigures(was)
	if err != nil {
		t.Fatalf("golden figures: %v", err)
	}
	var b strings.Builder
	for _, c := range f.Diff(old, tolerance) {
		b.WriteString(c.String() + "\n")
	}
	return b.String()
}

// tell logs what was missed and what was made up on one page.
func tell(t *testing.T, name string, gold score.Gold, got []archive.Item) {
	t.Helper()
	hitGold, hitRead := map[int]bool{}, map[int]bool{}
	for _, p := range score.Align(gold.Items, got) {
		hitGold[p.Gold], hitRead[p.Read] = true, true
	}
	for i, g := range gold.Items {
		if !hitGold[i] {
			t.Logf("%s: missed   %s", name, g.Title)
		}
	}
	for j, r := range got {
		if !hitRead[j] {
			t.Logf("%s: made up  %.100s", name, r.Title)
		}
	}
}
