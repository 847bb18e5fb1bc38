package fold

import "testing"

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"armstrong", "armstrong", 0}, {"amstrong", "armstrong", 1}, {"armstrnog", "armstrong", 1},
		{"armstrung", "armstrong", 1}, {"crash", "trash", 1}, {"chaos", "order", 5}, {"щука", "рука", 1},
	} {
		if got, back := Distance(c.a, c.b), Distance(c.b, c.a); got != c.want || back != c.want {
			t.Errorf("Distance(%q, %q) = %d, backwards %d, want %d", c.a, c.b, got, back, c.want)
		}
	}
}
