package main

import (
	"strings"
	"testing"
)

// TestApart shows of two long values where they differ.
func TestApart(t *testing.T) {
	long := strings.Repeat("Water finds its way. ", 8)
	for _, test := range []struct{ a, b, before, after string }{
		{"09:00", "09:30", "09:00", "09:30"},
		{"", "Malmö", "(nothing)", "Malmö"},
		{"Malmö", "", "Malmö", "(nothing)"},
		{long + "The old pump leaks. " + long, long + "The new pump leaks. " + long, "… Water finds its way. The old pump leaks. Water finds …", "… Water finds its way. The new pump leaks. Water finds …"},
		{long, long + "Amen.", "… way. Water finds its way.", "… way. Water finds its way. Amen."},
		{"", long, "(nothing)", strings.TrimSpace(long)},
	} {
		if before, after := apart(test.a, test.b); before != test.before || after != test.after {
			t.Errorf("%q\n%q\nare told as %q, %q", test.a, test.b, before, after)
		}
	}
}

// TestTold writes values as people read them.
func TestTold(t *testing.T) {
	for v, want := range map[string]string{
		`[{"name":"Nils Brunn","affiliation":"Wells Ltd"},{"name":"Åsa Ek","role":"moderator"}]`: "Nils Brunn (Wells Ltd), Åsa Ek (moderator)",
		`["a.pdf","b.pdf"]`: "a.pdf, b.pdf", `[]`: "", `"09:00"`: "09:00", "plain words": "plain words", "": "",
	} {
		if got := told(v); got != want {
			t.Errorf("%s is told as %q, want %q", v, got, want)
		}
	}
}
