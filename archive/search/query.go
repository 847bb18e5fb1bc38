package search

import (
	"slices"
	"strings"

	"rostrum/internal/fold"
)

// Query is what somebody asks, understood. It is a value that prints itself:
// Parse(q.String()) is q again. The zero Query asks for everything.
type Query struct {
	// Parts are what was asked, side by side. Words and groups of them are
	// wished for, and the more of them a talk has the better; what is quoted,
	// negated or aimed at a field must hold.
	Parts []Node
	// Hints say what was not understood and what was made of it.
	Hints []Hint
}

// Node is a part of a Query.
type Node interface {
	// String prints the part in the query language.
	String() string
	node()
}

// Word is one word to look for, in any of its forms.
type Word struct{ Text string }

// Phrase is words that stand side by side in this order.
type Phrase struct{ Text string }

// Prefix is the beginning of a word, without its star.
type Prefix struct{ Text string }

// Not is what must not be.
type Not struct{ Of Node }

// Or is alternatives; one is enough.
type Or struct{ Of []Node }

// And is parts in parentheses that belong together: inside an Or all of them
// must hold, else they are as good as without parentheses.
type And struct{ Of []Node }

// In is a part aimed at a field: "speaker", "year" and so on, see FieldNames.
// Values are alternatives, each a Word, Phrase or Prefix.
type In struct {
	Field string
	Of    []Node
}

func (Word) node()   {}
func (Phrase) node() {}
func (Prefix) node() {}
func (Not) node()    {}
func (Or) node()     {}
func (And) node()    {}
func (In) node()     {}

func (w Word) String() string   { return w.Text }
func (p Phrase) String() string { return `"` + p.Text + `"` }
func (p Prefix) String() string { return p.Text + "*" }
func (n Not) String() string    { return "-" + tight(n.Of) }
func (o Or) String() string     { return join(o.Of, o.sign()) }
func (a And) String() string    { return join(a.Of, " ") }

// sign is what parts alternatives: a word right behind a demand's bar would be
// a further value of it.
func (o Or) sign() string {
	if slices.ContainsFunc(o.Of, func(n Node) bool { _, in := n.(In); return in }) {
		return " | "
	}
	return "|"
}

func (i In) String() string {
	if len(i.Of) == 1 {
		return i.Field + ":" + i.Of[0].String()
	}
	return i.Field + ":(" + join(i.Of, "|") + ")"
}

// String prints the whole query.
func (q Query) String() string { return join(q.Parts, " ") }

// Empty says whether nothing is asked, so that everything is the answer.
func (q Query) Empty() bool { return len(q.Parts) == 0 }

func join(nodes []Node, by string) string {
	var b strings.Builder
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(by)
		}
		if by != " " {
			b.WriteString(tight(n))
		} else {
			b.WriteString(loose(n))
		}
	}
	return b.String()
}

// tight prints a part so that it holds together beside a sign.
func tight(n Node) string {
	switch n.(type) {
	case And, Or:
		return "(" + n.String() + ")"
	}
	return n.String()
}

// loose prints a part so that it holds together among others.
func loose(n Node) string {
	if _, ok := n.(And); ok {
		return "(" + n.String() + ")"
	}
	return n.String()
}

// FieldNames returns the names that can stand before a colon, in the order in
// which help shows them.
func FieldNames() []string {
	return []string{"title", "speaker", "affil", "topic", "abstract", "slides", "series", "edition", "year", "lang", "kind", "has"}
}

// Values returns what the query demands of a field, as written; none when it
// demands nothing. Negated demands do not count.
func (q Query) Values(field string) []string {
	var out []string
	for _, n := range q.Parts {
		if in, ok := n.(In); ok && in.Field == field {
			for _, v := range in.Of {
				out = append(out, valueText(v))
			}
		}
	}
	return out
}

func valueText(n Node) string {
	switch n := n.(type) {
	case Word:
		return n.Text
	case Phrase:
		return n.Text
	case Prefix:
		return n.Text
	}
	return ""
}

// With returns the query with a demand added, as choosing a value of a facet
// does: a further value of a field that a talk has only one of widens the
// demand that stands there already, but a year within a span narrows it.
func (q Query) With(field, value string) Query {
	v := valueNode(field, value)
	parts := make([]Node, 0, len(q.Parts)+1)
	added := false
	for _, n := range q.Parts {
		if in, ok := n.(In); ok && in.Field == field && !added && singleValued(field) {
			of := slices.DeleteFunc(slices.Clone(in.Of), func(o Node) bool { return field == "year" && within(value, valueText(o)) })
			n = In{field, append(of, v)}
			added = true
		}
		parts = append(parts, n)
	}
	if !added {
		parts = append(parts, In{field, []Node{v}})
	}
	return Query{Parts: parts}
}

// within says whether a year lies in a span of years.
func within(value, span string) bool {
	y, ok := year(value)
	from, to, spans := yearRange(span)
	return ok && spans && from <= y && y <= to
}

// Without returns the query without a demand that With added or, when there is
// no such, without those that stand for the value among others; it is returned
// unchanged when the demand is not in it.
func (q Query) Without(field, value string) Query {
	parts, gone := q.without(field, func(v Node) bool { return valueText(v) == value })
	if !gone {
		words := fold.Words(value)
		parts, _ = q.without(field, func(v Node) bool {
			_, prefix := v.(Prefix)
			return within(value, valueText(v)) || hasWords(words, fold.Words(valueText(v)), prefix)
		})
	}
	return Query{Parts: parts}
}

func (q Query) without(field string, drop func(Node) bool) (parts []Node, gone bool) {
	parts = make([]Node, 0, len(q.Parts))
	for _, n := range q.Parts {
		if in, ok := n.(In); ok && in.Field == field {
			left := slices.DeleteFunc(slices.Clone(in.Of), drop)
			gone = gone || len(left) < len(in.Of)
			if len(left) == 0 {
				continue
			}
			n = In{field, left}
		}
		parts = append(parts, n)
	}
	return parts, gone
}

// singleValued says whether a talk has at most one value of the field.
func singleValued(field string) bool {
	switch field {
	case "year", "series", "edition", "lang", "kind":
		return true
	}
	return false
}

// valueNode makes a part of the very value: a Word where the parser would read
// one and takes it by the letter, else a Phrase.
func valueNode(field, value string) Node {
	value = strings.ReplaceAll(value, `"`, " ")
	if value != "" && !byWords(field) && !strings.ContainsAny(value, " \t\n\"()|*:") && !strings.HasPrefix(value, "-") {
		return Word{value}
	}
	return Phrase{strings.Join(strings.Fields(value), " ")}
}
