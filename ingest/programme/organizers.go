package programme

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readOrganizers reads who is named as organizer: in the list under such a
// heading, behind such a label or "organized by", by "(organizer)" after a name.
func (r *reader) readOrganizers() []printed {
	var out []printed
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if len(l.Text) > 600 || r.inSlots(i) || l.Hidden {
			continue
		}
		head, rest, ok := cutColon(l.Text)
		f := fold(head)
		switch {
		case ok && strings.TrimSpace(rest) != "" && lex().is(cOrganizers, f):
			out = r.addOrganizers(out, clause(rest), i)
		case lex().is(cOrganizers, fold(l.Text)) && r.headingLike(i):
			out = r.listedOrganizers(out, i)
		default:
			if text := organizedBy(l.Text); text != "" {
				out = r.addOrganizers(out, clause(text), i)
				continue
			}
			out = r.bracketedOrganizers(out, i)
		}
	}
	return out
}

// listedOrganizers reads the lines under a heading.
func (r *reader) listedOrganizers(out []printed, i int) []printed {
	zone := r.doc.Lines[i].Zone
	for k := i + 1; k < len(r.doc.Lines) && k < i+25; k++ {
		n := &r.doc.Lines[k]
		if n.Heading > 0 || n.Rule || len(n.Text) > 200 || n.Zone != zone || r.inSlots(k) {
			break
		}
		got := r.vocab.people(n.Text)
		if got.score < 0.4 && (orgWords(n.Text) == 0 || len(strings.Fields(n.Text)) > 7 || sentenceScore(n.Text) > 0.3) {
			if belongsScore(n.Text) < 0.2 {
				break
			}
			continue
		}
		out = r.addOrganizers(out, n.Text, k)
	}
	return out
}

// bracketedOrganizers reads "Jane Doe (organizer)".
func (r *reader) bracketedOrganizers(out []printed, i int) []printed {
	l := &r.doc.Lines[i]
	for _, m := range parenRE.FindAllStringSubmatchIndex(l.Text, 4) {
		if !lex().is(cOrganizers, fold(l.Text[m[2]:m[3]])) {
			continue
		}
		before := l.Text[:m[0]]
		if c := strings.LastIndexAny(before, ",:;."); c >= 0 {
			before = before[c+1:]
		}
		if f := strings.Fields(before); len(f) > 3 {
			before = strings.Join(f[len(f)-2:], " ")
		}
		out = r.addOrganizers(out, before, i)
	}
	return out
}

// organizedBy gives what stands behind "organized by" and the like in a text.
func organizedBy(text string) string {
	words := strings.Fields(text)
	for k := 0; k < len(words)-1 && k < 60; k++ {
		for n := min(3, len(words)-k-1); n >= 2; n-- {
			f := fold(strings.Join(words[k:k+n], " "))
			if !lex().is(cOrganizers, f) || !strings.Contains(f, " ") {
				continue
			}
			next, _ := utf8.DecodeRuneInString(words[k+n])
			if unicode.IsUpper(next) || denseScript(next) || words[k+n] == "the" {
				return strings.TrimPrefix(strings.Join(words[k+n:], " "), "the ")
			}
		}
	}
	return ""
}

// addOrganizers adds the people and institutions that a text names.
func (r *reader) addOrganizers(out []printed, text string, line int) []printed {
	if len(text) > 300 || sentenceScore(text) > 0.6 {
		return out
	}
	for _, c := range r.vocab.peopleIn(text, true).credits {
		first, _ := utf8.DecodeRuneInString(c.Name)
		if len(out) >= 30 || len(strings.Fields(c.Name)) > 8 || unicode.IsLower(first) || utf8.RuneCountInString(c.Name) < 3 {
			continue
		}
		if strings.Count(c.Name, ".") == 1 {
			c.Name = strings.TrimRight(c.Name, ".")
		}
		name := strings.TrimPrefix(c.Name, "Contact ")
		if !slices.ContainsFunc(out, func(o printed) bool { return o.words == name }) {
			out = append(out, printed{name, line})
		}
	}
	return out
}
