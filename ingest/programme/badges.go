package programme

import (
	"strings"

	"rostrum/internal/htmltext"
)

// badges are small notes in a look of their own beside a title: its kind, its
// room, its length.
type badges struct {
	kind, room string
}

// peel takes badges off both ends of a line. A badge has a class of its own and
// says nothing but a kind, a room, a length, or what stands on the page again
// and again.
func (r *reader) peel(runs []htmltext.Run) ([]htmltext.Run, badges) {
	var b badges
	for len(runs) > 1 {
		run := runs[0]
		if run.Shape == "" || run.Shape == runs[1].Shape || !r.takeBadge(run.Text, run.Shape, &b) {
			break
		}
		runs = trimRuns(runs[1:])
	}
	for k := len(runs) - 1; k > 0; k = len(runs) - 1 {
		run := runs[k]
		if run.Shape == "" || run.Shape == runs[k-1].Shape || !r.takeBadge(run.Text, run.Shape, &b) {
			break
		}
		runs = trimRuns(runs[:k])
	}
	return runs, b
}

// takeBadge says whether a text is a badge and notes what it tells.
func (r *reader) takeBadge(text, shape string, b *badges) bool {
	named := false
	for _, w := range []string{"type", "kind", "label", "badge", "tag", "category", "format"} {
		named = named || strings.Contains(shape, w)
	}
	text = strings.Trim(text, " ,;|·•()[]")
	w := strings.Fields(fold(text))
	if len(w) == 0 || len(w) > 4 || len(text) > 40 || r.off("badge") {
		return false
	}
	f := strings.Join(w, " ")
	if named && len(w) <= 2 {
		b.kind = strings.TrimSpace(b.kind + " " + text)
		return true
	}
	for _, g := range givenKinds {
		if lex().is(g.concept, f) {
			b.kind = strings.TrimSpace(b.kind + " " + text)
			return true
		}
	}
	switch {
	case lex().begins(cRoom, w) > 0 || lex().ends(cRoom, w) > 0:
		b.room = text
		return true
	case isDuration(text):
		return true
	}
	for _, k := range pauseKinds {
		if lex().is(k.concept, f) && (r.repeats[f] >= 2 || named) {
			b.kind = strings.TrimSpace(b.kind + " " + text)
			return true
		}
	}
	return r.repeats[f] >= 3 && r.vocab.nameScore(text) < 0.4
}
