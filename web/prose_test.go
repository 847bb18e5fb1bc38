package web

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProse(t *testing.T) {
	got := prose("See https://a.example/x?y=1. And (http://b.example/c), not ftp://d.example or javascript:alert(1).\n\n" +
		"A line that was broken by a program to fit a screen\nof eighty letters (or fewer)\n- and a list\n- stays one.")
	want := []wording{
		{{Name: "See "}, {Name: "https://a.example/x?y=1", URL: "https://a.example/x?y=1"}, {Name: ". And ("}, {Name: "http://b.example/c", URL: "http://b.example/c"}, {Name: "), not ftp://d.example or javascript:alert(1)."}},
		{{Name: "A line that was broken by a program to fit a screen of eighty letters (or fewer)\n- and a list\n- stays one."}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// Whatever stands in a text, all of it is shown, once, and links lead to the web.
func FuzzProse(f *testing.F) {
	for _, s := range []string{"https://", "http://a/…", "http://[::1", "x https://a.b/c) https://a.b", "\n\n\n", "a\r\n\r\nb", "https://é.example/\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var all strings.Builder
		for _, p := range prose(s) {
			for _, w := range p {
				all.WriteString(w.Name)
				if w.URL != "" && webAddress(w.URL) == "" {
					t.Errorf("%q is a link", w.URL)
				}
			}
		}
		if a, b := strings.Join(strings.Fields(s), ""), strings.Join(strings.Fields(all.String()), ""); a != b {
			t.Errorf("%q became %q", a, b)
		}
	})
}

// A slide that cannot be drawn shows its words instead, escaped.
func TestStandIn(t *testing.T) {
	s := newSample(t)
	_, body := s.get(t, "/river-days/2021/rivers-that-remember/slides/3/small")
	want := `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180" viewBox="0 0 320 180"><rect width="100%" height="100%" fill="#f6f7f4"/>` +
		`<text x="16" y="30" font-family="Georgia, serif" font-size="15" fill="#465358">Questions about erosion</text></svg>`
	if d := cmp.Diff(want, body); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"one two", "three", "four", "fiveandsi…"}, wrapped("one two three\nfour fiveandsixandseven", 9)); d != "" {
		t.Error(d)
	}
}
