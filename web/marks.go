package web

import (
	"fmt"
	"strings"

	"rostrum/archive"
	"rostrum/archive/search"
)

// marks finds a query's words in texts and on slides. A nil *marks finds none.
type marks struct{ marker *search.Marker }

// marker returns the marks of a query, nil for an empty one.
func (s *Site) marker(query string) (*marks, error) {
	q := search.Parse(query)
	if q.Empty() {
		return nil, nil
	}
	m, err := s.index.Marker(q)
	if err != nil {
		return nil, fmt.Errorf("mark %q: %w", query, err)
	}
	return &marks{marker: m}, nil
}

// fragments are at most n pieces of a text around the words found; none when
// there is no such word.
func (m *marks) fragments(text string, n int) [][]part {
	if m == nil || text == "" {
		return nil
	}
	var out [][]part
	for _, f := range m.marker.Fragments(text, n) {
		if len(f.Marks) > 0 {
			out = append(out, parts(f.Text, f.Marks))
		}
	}
	return out
}

// whole is all of a text, with the words found marked.
func (m *marks) whole(text string) []part {
	if text == "" {
		return nil
	}
	if m == nil {
		return []part{{Text: text}}
	}
	return parts(text, m.marker.Marks(text))
}

// in is all of a value of a field, with the words found and those that were
// asked for behind the field marked; marked is false when there are none.
func (m *marks) in(field search.Field, value string) (whole []part, marked bool) {
	if m == nil || value == "" {
		return m.whole(value), false
	}
	marks := m.marker.MarksIn(field, value)
	return parts(value, marks), len(marks) > 0
}

// on says whether a text has a word of the query.
func (m *marks) on(text string) bool {
	return m != nil && text != "" && len(m.marker.Marks(text)) > 0
}

// asks says whether something was asked for behind a field.
func (m *marks) asks(field search.Field) bool { return m != nil && m.marker.Asks(field) }

// parts cuts a text at its marks, which are in order and do not overlap.
func parts(text string, marks [][2]int) []part {
	var out []part
	at := 0
	for _, m := range marks {
		if m[0] < at || m[1] <= m[0] || m[1] > len(text) {
			continue
		}
		if m[0] > at {
			out = append(out, part{Text: text[at:m[0]]})
		}
		out = append(out, part{Text: text[m[0]:m[1]], Marked: true})
		at = m[1]
	}
	if at < len(text) {
		out = append(out, part{Text: text[at:]})
	}
	return out
}

// boxes are where the query's words stand on a slide. The words are judged in
// the slide's own running text, since a phrase is more than its words; a word
// that a line end parted is two boxes.
func (m *marks) boxes(one archive.Slide) []box {
	if m == nil || len(one.Words) == 0 {
		return nil
	}
	var b strings.Builder
	b.Grow(textBytes(one.Words))
	starts := make([]int, len(one.Words))
	for i, w := range one.Words {
		if i > 0 {
			b.WriteByte(' ')
		}
		starts[i] = b.Len()
		b.WriteString(w.Text)
	}
	text := b.String()
	var out []box
	i := 0
	for _, mark := range m.marker.Marks(text) {
		for i < len(starts) && starts[i]+len(one.Words[i].Text) <= mark[0] {
			i++
		}
		for j := i; j < len(starts) && starts[j] < mark[1]; j++ {
			out = append(out, makeBox(one.Words[j].Box))
		}
	}
	return joinBoxes(out)
}

// textBytes is how long words are with a byte between each two.
func textBytes(words []archive.Word) int {
	n := len(words)
	for i := range words {
		n += len(words[i].Text)
	}
	return n
}

// makeBox is a box in thousandths of the picture, a little wider than the word.
func makeBox(b archive.Box) box {
	const margin = 0.004
	at := func(v float32) int { return int(min(max(v, 0), 1)*1000 + 0.5) }
	x, y := at(b.Left-margin), at(b.Top-margin)
	return box{X: x, Y: y, W: at(b.Right+margin) - x, H: at(b.Bottom+margin) - y}
}

// joinBoxes makes one box of neighbours on a line, so that a phrase is marked
// as one thing.
func joinBoxes(boxes []box) []box {
	var out []box
	for _, b := range boxes {
		if b.W <= 0 || b.H <= 0 {
			continue
		}
		if n := len(out) - 1; n >= 0 {
			a := &out[n]
			sameLine := abs(a.Y-b.Y) <= a.H/3 && abs(a.H-b.H) <= a.H/2
			if gap := b.X - (a.X + a.W); sameLine && gap >= -a.W && gap < a.H {
				bottom := max(a.Y+a.H, b.Y+b.H)
				a.Y = min(a.Y, b.Y)
				a.W, a.H = max(a.W, b.X+b.W-a.X), bottom-a.Y
				continue
			}
		}
		out = append(out, b)
	}
	return out
}

func abs(n int) int { return max(n, -n) }
