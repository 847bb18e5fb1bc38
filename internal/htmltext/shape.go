package htmltext

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Attr returns the value of n's attribute, or "".
func Attr(n *html.Node, key string) string { return attr(n, key) }

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func firstClass(class string) string {
	f := strings.Fields(class)
	if len(f) == 0 {
		return ""
	}
	return noDigits(f[0])
}

// noDigits makes "day-1" and "day-2" the same shape.
func noDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// screenReaderOnly says whether an element is made for no eye.
func screenReaderOnly(n *html.Node) bool {
	for f := range strings.FieldsSeq(attr(n, "class")) {
		switch f {
		case "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text":
			return true
		}
	}
	return false
}

// hidden says whether an element is out of sight at first. What unfolds at a
// click (class "collapse") counts as seen.
func hidden(n *html.Node) bool {
	for _, a := range n.Attr {
		switch a.Key {
		case "hidden":
			return true
		case "style":
			s := strings.ReplaceAll(strings.ToLower(a.Val), " ", "")
			if strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden") {
				return true
			}
		case "class":
			for f := range strings.FieldsSeq(a.Val) {
				if f == "hidden" || f == "d-none" || f == "hide" || f == "is-hidden" {
					return true
				}
			}
		}
	}
	return false
}

func styleOf(css string) Style {
	s := strings.ReplaceAll(strings.ToLower(css), " ", "")
	var out Style
	if strings.Contains(s, "font-weight:bold") || strings.Contains(s, "font-weight:700") || strings.Contains(s, "font-weight:600") {
		out |= Bold
	}
	if strings.Contains(s, "font-style:italic") {
		out |= Italic
	}
	if strings.Contains(s, "line-through") {
		out |= Strike
	}
	return out
}

// zoneOf tells a page's frame from its content, by element, role and the words
// of class and id.
func zoneOf(n *html.Node, around Zone) Zone {
	switch n.DataAtom {
	case atom.Nav:
		return Nav
	case atom.Footer:
		return Footer
	case atom.Aside:
		return Aside
	case atom.Header:
		if around == Main {
			return Header
		}
	case atom.Body, atom.Html, atom.Main, atom.Article, atom.Table, atom.Tr, atom.Td, atom.Tbody:
		if n.DataAtom != atom.Td && n.DataAtom != atom.Table {
			return around
		}
	}
	switch attr(n, "role") {
	case "navigation", "menubar", "menu":
		return Nav
	case "contentinfo":
		return Footer
	case "complementary":
		return Aside
	}
	for _, w := range append(words(attr(n, "class")), words(attr(n, "id"))...) {
		switch w {
		case "nav", "navbar", "navigation", "menu", "mymenu", "leftnav", "topnav", "sidenav", "mainmenu", "breadcrumb", "breadcrumbs":
			return Nav
		case "footer", "colophon":
			return Footer
		case "sidebar", "aside":
			return Aside
		}
	}
	return around
}

// words splits a class or id: "talk-title speakerName" gives talk, title, speaker, name.
func words(s string) []string {
	var out []string
	start := 0
	flush := func(end int) {
		if end > start {
			out = append(out, strings.ToLower(s[start:end]))
		}
	}
	lower := false
	for i, r := range s {
		switch {
		case !unicode.IsLetter(r):
			flush(i)
			start = i + len(string(r))
			lower = false
		case unicode.IsUpper(r) && lower:
			flush(i)
			start = i
			lower = false
		default:
			lower = unicode.IsLower(r)
		}
	}
	flush(len(s))
	return out
}

// classes gives the words of classes and ids of n and the two elements around it.
func (w *walker) classes(n *html.Node) []string {
	if n == nil {
		return nil
	}
	if c, ok := w.classWords[n]; ok {
		return c
	}
	var out []string
	for k, depth := n, 0; k != nil && k.Type == html.ElementNode && depth < 2; k, depth = k.Parent, depth+1 {
		if role := markedRole(k); role != "" {
			out = append(out, role)
			continue
		}
		out = append(out, words(attr(k, "class"))...)
	}
	w.classWords[n] = out
	return out
}

// shapeOf is the block part of a Shape: up to three elements from the inside.
func (w *walker) shapeOf(n *html.Node, cell *Cell) string {
	if n == nil {
		return ""
	}
	if s, ok := w.shapes[n]; ok {
		return s
	}
	var parts []string
	for k := n; k != nil && k.Type == html.ElementNode && len(parts) < 3; k = k.Parent {
		if k.DataAtom == atom.Body || k.DataAtom == atom.Tbody {
			continue
		}
		p := k.Data
		if c := firstClass(attr(k, "class")); c != "" {
			p += "." + c
		}
		if (k.DataAtom == atom.Td || k.DataAtom == atom.Th) && cell != nil && cell.Node == k {
			p += strconv.Itoa(cell.Col)
			if cell.Cols > 1 {
				p += "w"
			}
		}
		parts = append(parts, p)
		if k.DataAtom == atom.Table {
			break
		}
	}
	s := strings.Join(parts, "<")
	w.shapes[n] = s
	return s
}

// runsShape is the style of most of a line's text.
func runsShape(runs []Run) string {
	var bold, italic, linked, total int
	shape := ""
	most := 0
	for _, r := range runs {
		n := len(r.Text)
		total += n
		if r.Style&Bold != 0 {
			bold += n
		}
		if r.Style&Italic != 0 {
			italic += n
		}
		if r.Link >= 0 {
			linked += n
		}
		if n > most {
			most, shape = n, r.Shape
		}
	}
	out := shape
	if bold*2 > total {
		out += "b"
	}
	if italic*2 > total {
		out += "i"
	}
	if linked*2 > total {
		out += "a"
	}
	return out
}

// table measures a table and remembers where each of its cells stands.
func (w *walker) table(n *html.Node, around *Table) *Table {
	t := &Table{Node: n}
	if around != nil {
		t.Depth = around.Depth + 1
	}
	return t
}

// maxColumns bounds how wide a table is taken to be.
const maxColumns = 2000

// cellOf places a cell, cells coming in the order of the page: the row among
// the table's rows, the column after the cells before it and those that reach
// down from rows above.
func cellOf(n *html.Node, t *Table) *Cell {
	c := &Cell{Table: t, Cols: span(n, "colspan"), Rows: span(n, "rowspan"), Head: n.DataAtom == atom.Th, Node: n}
	if t.Rows == 0 || n.Parent != t.last {
		t.Rows++
		t.last, t.next = n.Parent, 0
		for i := range t.reach {
			t.reach[i] = max(0, t.reach[i]-1)
		}
	}
	for t.next < len(t.reach) && t.reach[t.next] > 0 {
		t.next++
	}
	c.Row, c.Col = t.Rows-1, t.next
	for i := c.Col; i < min(c.Col+c.Cols, maxColumns); i++ {
		for len(t.reach) <= i {
			t.reach = append(t.reach, 0)
		}
		t.reach[i] = c.Rows
	}
	t.next = min(c.Col+c.Cols, maxColumns)
	t.Cols = max(t.Cols, c.Col+c.Cols)
	return c
}

func span(n *html.Node, key string) int {
	v, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(attr(n, key), "%")))
	if err != nil || v < 1 {
		return 1
	}
	return min(v, 50)
}

// Paths makes paths to elements and remembers what it counted for them. The
// zero value is ready. Not for use by several goroutines at once.
type Paths struct {
	steps map[*html.Node]string
}

// Of leads from the page's root to n as a CSS selector of child steps, or "" for nil.
func (p *Paths) Of(n *html.Node) string {
	var parts []string
	for k := n; k != nil && k.Type == html.ElementNode && k.DataAtom != atom.Html; k = k.Parent {
		parts = append(parts, p.step(k))
	}
	slices.Reverse(parts)
	return strings.Join(parts, " > ")
}

// step gives an element's own part of a path. All children of its parent are
// counted at once.
func (p *Paths) step(n *html.Node) string {
	if s, ok := p.steps[n]; ok {
		return s
	}
	if p.steps == nil {
		p.steps = map[*html.Node]string{}
	}
	first := n
	for first.PrevSibling != nil {
		first = first.PrevSibling
	}
	total, seen := map[string]int{}, map[string]int{}
	for k := first; k != nil; k = k.NextSibling {
		if k.Type == html.ElementNode {
			total[k.Data]++
		}
	}
	for k := first; k != nil; k = k.NextSibling {
		if k.Type != html.ElementNode {
			continue
		}
		seen[k.Data]++
		s := k.Data
		if total[k.Data] > 1 {
			s += ":nth-of-type(" + strconv.Itoa(seen[k.Data]) + ")"
		}
		p.steps[k] = s
	}
	return p.steps[n]
}
