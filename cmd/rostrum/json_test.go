package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestJSONStyle: with --json every command that tells something prints objects,
// one a line, with names as "rostrum help json" says.
func TestJSONStyle(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "kiln.jsonl")
	const lines = `{"edition": {"title": "Kiln Meeting 2030", "start_date": "2030-09-01"}, "items": [{"kind": "talk", "title": "Glaze & <fire>", "topics": ["Clay"], "speakers": [{"name": "Marta Rydberg", "affiliation": "Clay School"}]}]}
{"edition": {"title": "Kiln Meeting 2029", "start_date": "2029-09-01"}, "items": [{"kind": "talk", "title": "Ash", "speakers": [{"name": "M. Rydberg", "affiliation": "Clay School"}]}]}
`
	if err := os.WriteFile(source, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	// In order: each works on what those before it left. The number is of lines at least.
	for _, c := range []struct {
		args  string
		lines int
	}{
		{"version", 1},
		{"add " + source, 1},
		{"add --dry-run " + source, 1},
		{"read " + source, 2},
		{"list series", 1},
		{"list editions", 2},
		{"list people", 2},
		{"list topics", 1},
		{"list sources", 1},
		{"show kiln-meeting/2030/glaze-fire", 1},
		{"show kiln-meeting/2030", 1},
		{"show kiln-meeting", 1},
		{"show people/marta-rydberg", 1},
		{"show topics/clay", 1},
		{"person proposals", 1},
		{"correct kiln-meeting/2030/glaze-fire title Glazes --by anna", 1},
		{"corrections", 1},
		{"person merge m-rydberg marta-rydberg --by anna", 1},
		{"history", 2},
		{"undo --by anna", 1},
		{"takedown kiln-meeting/2029/ash --by anna", 1},
		{"suggestions list", 0},
		{"search glaze", 1},
		{"reindex", 1},
		{"reread", 1},
		{"doctor", 1},
		{"backup " + filepath.Join(dir, "copy"), 1},
		{"man " + filepath.Join(dir, "pages"), 1},
		{"retract " + source + " --by anna", 1},
	} {
		var out, errs bytes.Buffer
		a := &app{in: strings.NewReader(""), out: &out, err: &errs, now: time.Now, getenv: func(string) string { return "" }, wide: func() int { return 80 }}
		if code := a.run(t.Context(), append(strings.Fields(c.args), "--json", "--data", filepath.Join(dir, "data"))); code != 0 {
			t.Fatalf("%s: exit code %d\n%s", c.args, code, errs.String())
		}
		n := 0
		for line := range strings.Lines(out.String()) {
			n++
			var object map[string]any
			if err := json.Unmarshal([]byte(line), &object); err != nil {
				t.Errorf("%s: %v in %s", c.args, err, line)
			}
			for _, key := range keys(object) {
				if !name.MatchString(key) {
					t.Errorf("%s: the name %q in %s", c.args, key, line)
				}
				if strings.HasSuffix(key, "_ns") || key == "took" {
					t.Errorf("%s: %q is a span of time and not in _ms: %s", c.args, key, line)
				}
			}
		}
		if n < c.lines {
			t.Errorf("%s: %d lines, want %d", c.args, n, c.lines)
		}
		if strings.HasPrefix(c.args, "show") && strings.Contains(out.String(), `\u003c`) {
			t.Errorf("%s: escaped as for a page: %s", c.args, out.String())
		}
	}
}

// keys are all names in a value, but for those below "diff", which are fields
// of talks by the talks' IDs.
func keys(v any) []string {
	var out []string
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			out = append(out, key)
			if key != "diff" {
				out = append(out, keys(value)...)
			}
		}
	case []any:
		for _, value := range v {
			out = append(out, keys(value)...)
		}
	}
	return out
}
