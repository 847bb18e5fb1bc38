// Package layers holds the rules of who may import whom, as a table, and the
// test that keeps them.
//
// The house reads as a sentence: ingest fills the archive, web shows it, cmd
// runs them. Arrows go down only and bars are walls:
//
//	cmd  ->  ingest | web  ->  archive/store | archive/search  ->  archive  ->  internal
//
// Each heavy dependency lives in one room, so that its successor is one room's
// change. Whoever changes a rule changes the table in the same commit. Tests
// may reach across a wall: a story needs both sides.
package layers

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Module is the path that all packages of the project begin with.
const Module = "rostrum"

// A Rule says what the packages of one folder may import of the project.
type Rule struct {
	// Dir is a folder from the root; with "/..." its descendants too.
	Dir string
	// May lists folders, in the same form.
	May []string
	// Never lists packages that would break what the folder promises: of the
	// standard library, of third parties (by prefix), or of the project although
	// May has their folder.
	Never []string
}

// Rules returns the table. A folder follows the first rule that fits it.
func Rules() []Rule {
	aside := Module + "/internal/aside"
	pure := []string{"net", "net/http", "database/sql", "os/exec", aside}
	return []Rule{
		{Dir: "internal/tools"},
		{Dir: "internal/...", May: []string{"internal/..."}},
		{Dir: "archive", May: []string{"internal/..."}, Never: append([]string{"os", "time/tzdata", "golang.org/x", "github.com", "modernc.org"}, pure...)},
		{Dir: "archive/store/...", May: []string{"archive", "internal/..."}, Never: []string{"os/exec", aside}},
		{Dir: "archive/ledger", May: []string{"archive", "archive/store", "internal/..."}, Never: pure},
		{Dir: "archive/search/...", May: []string{"archive", "archive/search/...", "internal/..."}, Never: pure},
		{Dir: "archive/archivetest/mill", May: []string{"archive"}, Never: pure},
		{Dir: "archive/archivetest", May: []string{"archive", "archive/store", "archive/search", "internal/..."}},
		{Dir: "ingest/fetch", May: []string{"archive", "internal/..."}},
		{Dir: "ingest/programme/...", May: []string{"archive", "ingest/programme/...", "internal/..."}, Never: pure},
		{Dir: "ingest/schedule/...", May: []string{"archive", "ingest/schedule/...", "internal/..."}, Never: pure},
		{Dir: "ingest/slides/...", May: []string{"archive", "ingest/slides/...", "internal/..."}, Never: []string{"net/http", "database/sql"}},
		{Dir: "ingest/...", May: []string{"archive", "archive/store", "ingest/...", "internal/..."}},
		{Dir: "web/...", May: []string{"archive", "archive/store", "archive/search", "web/...", "internal/..."}, Never: []string{"os/exec", aside}},
		{Dir: "cmd/...", May: []string{"..."}},
	}
}

// Rooms returns, for each dependency with a room of its own, the one folder
// (with its descendants) that may import it.
func Rooms() map[string]string {
	return map[string]string{
		"github.com/labstack/echo":    "web",
		"modernc.org/sqlite":          "archive/store",
		"github.com/blevesearch":      "archive/search",
		"github.com/ledongthuc/pdf":   "ingest/slides",
		"github.com/klippa-app":       "ingest/slides",
		"github.com/tetratelabs":      "ingest/slides",
		"github.com/temoto/robotstxt": "ingest/fetch",
		"github.com/spf13/cobra":      "cmd",
		"gopkg.in/yaml.v3":            "archive/ledger",
		"golang.org/x/crypto":         "internal/passwd",
	}
}

// Check reads the imports of every package below root, tests excepted, and
// returns one sentence for each that breaks a rule; none when all hold.
func Check(root string) ([]string, error) {
	var broken []string
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && file != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if why := wrong(path.Dir(filepath.ToSlash(rel)), imported); why != "" {
				broken = append(broken, filepath.ToSlash(rel)+" "+why)
			}
		}
		return nil
	})
	return broken, err
}

// wrong says why a package of folder dir may not import the package named, or "".
func wrong(dir, imported string) string {
	at := slices.IndexFunc(Rules(), func(r Rule) bool { return within(dir, r.Dir) })
	if at < 0 {
		return "stands in a folder that no rule knows: add one to internal/layers"
	}
	rule := Rules()[at]
	for _, never := range rule.Never {
		if imported == never || strings.Contains(never, ".") && strings.HasPrefix(imported, never) {
			return fmt.Sprintf("imports %s, which %s must not know", imported, rule.Dir)
		}
	}
	if own, ok := strings.CutPrefix(imported, Module+"/"); ok {
		if own == dir || slices.ContainsFunc(rule.May, func(may string) bool { return within(own, may) }) {
			return ""
		}
		return fmt.Sprintf("imports %s: %s may import only %s", own, rule.Dir, strings.Join(rule.May, ", "))
	}
	for dependency, room := range Rooms() {
		if strings.HasPrefix(imported, dependency) && !within(dir, room+"/...") {
			return fmt.Sprintf("imports %s, whose one room is %s", imported, room)
		}
	}
	return ""
}

// within says whether dir is what the pattern names: a folder, or with "/..."
// that folder and all below it.
func within(dir, pattern string) bool {
	base, all := strings.CutSuffix(pattern, "...")
	base = strings.TrimSuffix(base, "/")
	return dir == base || all && (base == "" || strings.HasPrefix(dir, base+"/"))
}
