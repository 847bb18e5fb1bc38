package programme

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/ingest/programme/internal/score"
)

// rules are what can be switched off, to see what each is worth.
var rules = []struct{ name, what string }{
	{"sequence", "labels settled along the page: what follows what"},
	{"slots", "times open items and speak for what follows"},
	{"units", "pages without times are read by what they repeat"},
	{"orders", "title first and people first are both tried"},
	{"template", "pieces of one shape pull each other"},
	{"clocks", "clocks run forward within a day"},
	{"days", "headings set the day of what follows"},
	{"pauses", "words for breaks, meals and openings, of many languages"},
	{"labels", "“Speaker:”, “Abstract” before a text decide what it is"},
	{"names", "who is named in one place is known in another"},
	{"columns", "heads of tables tell room, day and what a column holds"},
	{"sections", "abstracts and lives elsewhere on the page join their talks"},
	{"hidden", "hidden repeats of what is in sight are left out"},
	{"frame", "menus, sidebars and footers are no programme"},
	{"classes", "what the page's makers called its parts"},
	{"badge", "small repeated notes beside a title"},
	{"slothead", "a heading that shares its time with the items below"},
	{"container", "a time that spans those after it is a session's"},
	{"metaline", "a line that only tells when and where"},
	{"marks", "raised numbers that stand for institutions"},
	{"language", "whose words for days and breaks they are"},
	{"witness", "what the page says for machines alone"},
}

// worth is what a set of pages shows of one rule.
type worth struct {
	changes int     // pages that are read otherwise without it
	without float64 // the overall figure without it
}

// TestRules prints for each rule how many pages are read otherwise without it,
// and the overall figure without it: a rule that fires on one page alone may be
// a rule for that page, one whose loss costs nothing is none. The command is
//
//	go test ./ingest/programme -run Rules -v
func TestRules(t *testing.T) {
	if testing.Short() {
		t.Skip("reads every page once for each rule")
	}
	own := casesIn(t, filepath.Join("testdata", "*"))
	shared := casesIn(t, filepath.Join("..", "..", "..", "shared", "data", "pages"))
	all, with := readCases(own, "")
	allShared, withShared := readCases(shared, "")
	var table strings.Builder
	fmt.Fprintf(&table, "%-10s %9s %8s %9s %8s\n%-10s %3d pages %8.3f %3d pages %8.3f\n", "without", "own", "", "shared", "", "nothing", len(own), score.NewReport(all).Total.Overall(), len(shared), score.NewReport(allShared).Total.Overall())
	for _, rule := range rules {
		o, s := worthOf(own, with, rule.name), worthOf(shared, withShared, rule.name)
		fmt.Fprintf(&table, "%-10s %3d pages %8.3f %3d pages %8.3f   %s\n", rule.name, o.changes, o.without, s.changes, s.without, rule.what)
		if o.changes == 0 || o.changes+s.changes < 2 && len(shared) > 0 {
			t.Errorf("rule %s changes %d of %d pages of our own", rule.name, o.changes, len(own))
		}
	}
	t.Logf("\n%s", &table)
}

// worthOf reads pages without a rule; with is what they were read as.
func worthOf(cases []ablationCase, with []string, rule string) worth {
	results, without := readCases(cases, rule)
	w := worth{without: score.NewReport(results).Total.Overall()}
	for i := range with {
		if with[i] != without[i] {
			w.changes++
		}
	}
	return w
}

type ablationCase struct {
	name string
	page Page
	gold score.Gold
}

// casesIn reads the cases of the folders that match a pattern; none when there are none.
func casesIn(t testing.TB, pattern string) []ablationCase {
	t.Helper()
	golds, err := filepath.Glob(filepath.Join(pattern, "*", "gold.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []ablationCase
	for _, path := range golds {
		gold, err := score.ReadGold(path)
		if err != nil {
			t.Fatal(err)
		}
		names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "page.*"))
		if err != nil || len(names) != 1 {
			t.Fatal(path, names, err)
		}
		b, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, ablationCase{filepath.Base(filepath.Dir(path)), Page{Bytes: b, URL: gold.BaseURL}, gold})
	}
	return out
}

// readCases reads all pages without a rule ("" for none): the figures, and each
// Programme as JSON without its places.
func readCases(cases []ablationCase, rule string) ([]score.Result, []string) {
	var results []score.Result
	var texts []string
	for _, c := range cases {
		r := newReader(c.page)
		r.disabled = map[string]bool{rule: true}
		prog := r.read()
		tally := make(score.Tally)
		tally.Case(c.gold, prog)
		results = append(results, score.Result{Name: c.name, Tally: tally})
		prog.Edition.Places, prog.Findings = nil, nil
		for i := range prog.Items {
			prog.Items[i].Places = nil
		}
		text, err := json.Marshal(prog)
		if err != nil {
			panic(err)
		}
		texts = append(texts, string(text))
	}
	return results, texts
}
