package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"rostrum/archive"
	"rostrum/ingest"
)

// diff writes what a dry run found: what would come, what would be gone, and
// field by field what would be shown otherwise. On a terminal within its width,
// through a pipe everything whole.
func (w *addWatch) diff(e ingest.EditionReport) {
	s, d := w.a.newSheet(), e.Diff
	left := maxListed
	more := 0
	talk := func(mark string, set style, text string) bool {
		if left--; left < 0 {
			more++
			return false
		}
		s.line(2, words{text: mark + " " + text, set: set})
		return true
	}
	if d.Edition != nil {
		for _, f := range archive.EditionFields() {
			if v := told(string(archive.EditionField(*d.Edition, f))); v != "" && f != "title" {
				s.line(4, words{text: f + ": " + v})
			}
		}
	}
	for _, id := range d.Added {
		talk("+", plain, inShort(d.Says[id]))
	}
	for _, id := range d.Gone {
		talk("-", dim, fmt.Sprintf("%s (%s): no longer in the source; it stays, marked as gone", inShort(d.Says[id]), id))
	}
	last, shownLast := archive.TalkID("-"), false
	for _, c := range d.Changes {
		if c.Field == "gone" && c.Old == "" || slices.Contains(d.Gone, c.Talk) {
			continue
		}
		if c.Talk != last {
			name := "the edition itself"
			if c.Talk != "" {
				name = fmt.Sprintf("%s (%s)", d.Says[c.Talk].Title, c.Talk)
			}
			last, shownLast = c.Talk, talk("~", bold, name)
		}
		if !shownLast {
			continue
		}
		before, after := apart(told(c.Old), told(c.New))
		if whole := fmt.Sprintf("%s: %s -> %s", c.Field, before, after); s.whole || columns(whole) <= s.width-6 {
			s.line(6, words{text: whole})
			continue
		}
		s.line(6, words{text: c.Field + ": " + before})
		s.line(6, words{text: strings.Repeat(" ", len(c.Field)-1) + "-> " + after})
	}
	if more > 0 {
		s.line(2, words{text: fmt.Sprintf("… and %s more; --json gives all", plural(more, "talk"))})
	}
}

// inShort is a talk in one line: title, people, when, and how many decks.
func inShort(it archive.Item) string {
	parts := []string{it.Title}
	var names []string
	for _, c := range it.Speakers {
		names = append(names, c.Name)
	}
	if len(names) > 0 {
		parts = append(parts, strings.Join(names, ", "))
	}
	when := strings.TrimSpace(string(it.Date) + " " + string(it.Start))
	if it.End != "" {
		when += "–" + string(it.End)
	}
	if when != "" {
		parts = append(parts, when)
	}
	if n := len(it.Slides); n > 0 {
		parts = append(parts, plural(n, "deck"))
	}
	return strings.Join(parts, " · ")
}

// told writes a field's value for people: people by name and house, a list with
// commas. "" is nothing.
func told(v string) string {
	var credits []archive.Credit
	if json.Unmarshal([]byte(v), &credits) == nil && len(credits) > 0 && credits[0].Name != "" {
		var list []string
		for _, c := range credits {
			name := []string{c.Name}
			for _, more := range []string{c.Affiliation, c.Role} {
				if more != "" {
					name = append(name, "("+more+")")
				}
			}
			list = append(list, strings.Join(name, " "))
		}
		return strings.Join(list, ", ")
	}
	var list []string
	if json.Unmarshal([]byte(v), &list) == nil {
		return strings.Join(list, ", ")
	}
	var text string
	if json.Unmarshal([]byte(v), &text) == nil {
		return text
	}
	return v
}

// Words of a long value that are left standing around what differs, and how
// long one has to be to be shortened, in characters.
const (
	kept    = 24
	longish = 80
)

// apart shortens two long values to where they differ, with an ellipsis for
// what both begin and end with.
func apart(a, b string) (before, after string) {
	x, y := []rune(a), []rune(b)
	from, to := 0, 0
	if len(x) > longish || len(y) > longish {
		for from < len(x) && from < len(y) && x[from] == y[from] {
			from++
		}
		for to < len(x)-from && to < len(y)-from && x[len(x)-1-to] == y[len(y)-1-to] {
			to++
		}
	}
	part := func(r []rune) string {
		if len(r) == 0 {
			return "(nothing)"
		}
		first, end := from, len(r)-to
		for first = max(0, first-kept); first > 0 && !unicode.IsSpace(r[first-1]); {
			first--
		}
		for end = min(len(r), end+kept); end < len(r) && !unicode.IsSpace(r[end]); {
			end++
		}
		text := strings.TrimSpace(string(r[first:end]))
		if first > 0 {
			text = "… " + text
		}
		if end < len(r) {
			text += " …"
		}
		return text
	}
	return part(x), part(y)
}

// shown writes a value of a field in a few words.
func shown(v string) string {
	if v == "" {
		return "(nothing)"
	}
	return cut(v, 70)
}
