package htmltext

import (
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
		out = append(out, words(attr(k, "class"))...)
		if depth == 0 {
			out = append(out, words(attr(k, "itemprop"))...)
		}
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

// cellOf places a cell: the row among the table's rows, the column with the
// spans of the cells before it. Cells that reach down from rows above are
// found by looking back over at most 40 rows.
func cellOf(n *html.Node, t *Table) *Cell {
	c := &Cell{Table: t, Cols: span(n, "colspan"), Rows: span(n, "rowspan"), Head: n.DataAtom == atom.Th, Node: n}
	row := n.Parent
	if row == nil {
		return c
	}
	for k := n.PrevSibling; k != nil; k = k.PrevSibling {
		if k.DataAtom == atom.Td || k.DataAtom == atom.Th {
			c.Col += span(k, "colspan")
		}
	}
	back := 0
	for r := row.PrevSibling; r != nil; r = r.PrevSibling {
		if r.DataAtom != atom.Tr {
			continue
		}
		back++
		if back > 40 {
			break
		}
		col := 0
		for k := r.FirstChild; k != nil; k = k.NextSibling {
			if k.DataAtom != atom.Td && k.DataAtom != atom.Th {
				continue
			}
			if col <= c.Col && span(k, "rowspan") > back {
				c.Col += span(k, "colspan")
			}
			col += span(k, "colspan")
		}
	}
	if t.Rows == 0 || row != t.lastRow() {
		t.Rows++
		t.last = row
	}
	c.Row = t.Rows - 1
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

// Path leads from the page's root to n as a CSS selector of child steps, or "" for nil.
func Path(n *html.Node) string {
	var parts []string
	for k := n; k != nil && k.Type == html.ElementNode && k.DataAtom != atom.Html; k = k.Parent {
		nth, same := 1, false
		for s := k.PrevSibling; s != nil; s = s.PrevSibling {
			if s.Type == html.ElementNode && s.Data == k.Data {
				nth++
			}
		}
		for s := k.NextSibling; s != nil && nth == 1 && !same; s = s.NextSibling {
			same = s.Type == html.ElementNode && s.Data == k.Data
		}
		p := k.Data
		if nth > 1 || same {
			p += ":nth-of-type(" + strconv.Itoa(nth) + ")"
		}
		parts = append(parts, p)
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, " > ")
}
