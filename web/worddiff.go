package web

import (
	"slices"
	"strings"
)

// worded is a piece of two texts laid over each other: what is only in the
// first, only in the second, or in both.
type worded struct {
	Text string
	Gone bool
	New  bool
}

// maxWordDiff bounds the table that words are compared in; longer texts are
// shown as replaced in the middle.
const maxWordDiff = 1 << 20

// wordDiff lays two texts over each other, word by word.
func wordDiff(old, now string) []worded {
	a, b := words(old), words(now)
	before := 0
	for before < len(a) && before < len(b) && a[before] == b[before] {
		before++
	}
	after := 0
	for after < len(a)-before && after < len(b)-before && a[len(a)-1-after] == b[len(b)-1-after] {
		after++
	}
	out := pieces(nil, a[:before], false, false)
	out = middle(out, a[before:len(a)-after], b[before:len(b)-after])
	return calm(pieces(out, a[len(a)-after:], false, false))
}

// calm makes one change of several that only spaces part.
func calm(list []worded) []worded {
	var out []worded
	gone, fresh := "", ""
	flush := func() {
		if gone != "" {
			out = append(out, worded{Text: gone, Gone: true})
		}
		if fresh != "" {
			out = append(out, worded{Text: fresh, New: true})
		}
		gone, fresh = "", ""
	}
	for i, w := range list {
		between := strings.TrimSpace(w.Text) == "" && i > 0 && i+1 < len(list) && gone != "" && fresh != ""
		switch {
		case w.Gone:
			gone += w.Text
		case w.New:
			fresh += w.Text
		case between:
			gone, fresh = gone+w.Text, fresh+w.Text
		default:
			flush()
			out = append(out, w)
		}
	}
	flush()
	return out
}

// words cuts a text into words and the spaces between them.
func words(text string) []string {
	var out []string
	start, space := 0, false
	for i, r := range text {
		isSpace := r == ' ' || r == '\n' || r == '\t' || r == '\r'
		if i > start && space != isSpace {
			out = append(out, text[start:i])
			start = i
		}
		space = isSpace
	}
	if start < len(text) {
		out = append(out, text[start:])
	}
	return out
}

// middle finds the longest run of words, in order, that two texts share.
func middle(out []worded, a, b []string) []worded {
	if len(a)*len(b) > maxWordDiff || len(a) == 0 || len(b) == 0 {
		return pieces(pieces(out, a, true, false), b, false, true)
	}
	wide := len(b) + 1
	longest := make([]int32, (len(a)+1)*wide)
	for i, x := range slices.Backward(a) {
		for j, y := range slices.Backward(b) {
			if x == y {
				longest[i*wide+j] = longest[(i+1)*wide+j+1] + 1
			} else {
				longest[i*wide+j] = max(longest[(i+1)*wide+j], longest[i*wide+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			out = pieces(out, a[i:i+1], false, false)
			i, j = i+1, j+1
		case longest[(i+1)*wide+j] >= longest[i*wide+j+1]:
			out = pieces(out, a[i:i+1], true, false)
			i++
		default:
			out = pieces(out, b[j:j+1], false, true)
			j++
		}
	}
	return pieces(pieces(out, a[i:], true, false), b[j:], false, true)
}

// pieces adds words, to the last piece when it is of the same sort.
func pieces(out []worded, list []string, gone, fresh bool) []worded {
	if len(list) == 0 {
		return out
	}
	text := strings.Join(list, "")
	if n := len(out) - 1; n >= 0 && out[n].Gone == gone && out[n].New == fresh {
		out[n].Text += text
		return out
	}
	return append(out, worded{text, gone, fresh})
}
