package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rostrum/archive/search"
	"rostrum/web"
)

// TestGrammarExamples: every example of the help is understood whole, and each
// field of the query language has one.
func TestGrammarExamples(t *testing.T) {
	groups, err := web.QueryLanguage()
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]bool{}
	for _, field := range search.FieldNames() {
		missing[field] = true
	}
	for _, g := range groups {
		for _, row := range g.Rows {
			if hints := search.Parse(row.Query).Hints; len(hints) > 0 {
				t.Errorf("%s: %v", row.Query, hints)
			}
			if field, _, ok := strings.Cut(row.Query, ":"); ok {
				delete(missing, field)
			}
			if row.Text == "" || strings.HasPrefix(row.Text, "help.") {
				t.Errorf("%s is explained by %q", row.Query, row.Text)
			}
		}
	}
	for field := range missing {
		t.Errorf("%s: has no example", field)
	}
}

// TestManPages: each page is roff that the formatter takes without a warning.
func TestManPages(t *testing.T) {
	formatter, err := exec.LookPath("groff")
	if err != nil {
		t.Skip("no groff")
	}
	dir := t.TempDir()
	a := &app{out: t.Output(), err: t.Output(), now: func() time.Time { return time.Date(2030, 3, 1, 0, 0, 0, 0, time.UTC) }, getenv: func(string) string { return "" }}
	if code := a.run(t.Context(), []string{"man", dir}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "man?", "*"))
	if err != nil || len(pages) < 40 {
		t.Fatalf("%d pages, %v", len(pages), err)
	}
	out, err := exec.CommandContext(t.Context(), formatter, append([]string{"-Kutf8", "-man", "-Tutf8", "-z", "-ww"}, pages...)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "warning") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestEveryCommandHelps: each command says what it does, in one sentence and
// in examples.
func TestEveryCommandHelps(t *testing.T) {
	root := newRoot(&app{getenv: func(string) string { return "" }})
	for _, cmd := range root.Commands() {
		for _, one := range append(cmd.Commands(), cmd) {
			if one.IsAdditionalHelpTopicCommand() {
				continue
			}
			if one.Short == "" || one.Example == "" {
				t.Errorf("%s: short %q, example %q", one.CommandPath(), one.Short, one.Example)
			}
		}
	}
}
