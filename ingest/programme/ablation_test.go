package programme

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// rules are what can be switched off, to see what each is worth.
var rules = []string{"template", "slothead", "container", "badge", "sections", "metaline", "names"}

// TestRules tells for each rule on how many pages it changes anything: a rule
// that fires on one page alone may be a rule for that page.
func TestRules(t *testing.T) {
	if testing.Short() {
		t.Skip("reads every page once for each rule")
	}
	total := map[string]int{}
	for _, dir := range []string{filepath.Join("testdata", "pages"), filepath.Join("..", "..", "..", "shared", "data", "pages")} {
		names, err := filepath.Glob(filepath.Join(dir, "*", "page.*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(names) == 0 {
			continue
		}
		for _, rule := range rules {
			fires := 0
			for _, name := range names {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				with, without := newReader(Page{Bytes: b, URL: "https://example.org/2015/"}), newReader(Page{Bytes: b, URL: "https://example.org/2015/"})
				without.disabled = map[string]bool{rule: true}
				if fmt.Sprint(with.read().Items) != fmt.Sprint(without.read().Items) {
					fires++
				}
			}
			t.Logf("%-10s changes %2d of %d pages in %s", rule, fires, len(names), dir)
			total[rule] += fires
		}
	}
	for _, rule := range rules {
		if total[rule] == 0 {
			t.Errorf("rule %s changes no page", rule)
		}
	}
}
