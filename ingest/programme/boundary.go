package programme

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// setBoundaries tells how strongly each piece is set apart from the one before:
// 0 a line break, 1 a new block, 2 a new unit (a list item, a row, one of
// several like elements, blank lines between), 3 a heading that is one as well.
func (r *reader) setBoundaries() {
	for i := range r.pieces {
		p := &r.pieces[i]
		if p.inner {
			continue
		}
		l := p.line
		switch {
		case l.Number > 0 && l.Bullet != "":
			p.boundary = 2
		case l.Number > 0 && l.Gap > 0:
			p.boundary = 2
		case l.Gap >= 2 || l.Rule:
			p.boundary = 2
		case l.Gap == 1:
			p.boundary = 1
		}
		if l.Node != nil && l.Gap > 0 && r.beginsUnit(i) {
			p.boundary = max(p.boundary, 2)
		}
		if l.Heading > 0 {
			p.boundary = min(3, p.boundary+1)
		}
	}
}

// beginsUnit says whether a piece is the first of an element that has like
// elements beside it.
func (r *reader) beginsUnit(i int) bool {
	for n := r.pieces[i].line.Node; n != nil; n = n.Parent {
		if i > 0 && r.inside(i-1, n) {
			return false
		}
		switch n.DataAtom {
		case atom.Li, atom.Tr, atom.Dt, atom.Article, atom.Section, atom.Details:
			return true
		case atom.P, atom.Td, atom.Th, atom.Dd, atom.Br, atom.Body, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			continue
		}
		if r.likeBeside(n) >= 2 {
			return true
		}
	}
	return false
}

// likeBeside counts the siblings that look like n, up to two.
func (r *reader) likeBeside(n *html.Node) int {
	if c, ok := r.likes[n]; ok {
		return c
	}
	key := nodeKey(n)
	count := 0
	for _, next := range []func(*html.Node) *html.Node{func(k *html.Node) *html.Node { return k.PrevSibling }, func(k *html.Node) *html.Node { return k.NextSibling }} {
		seen := 0
		for s := next(n); s != nil && count < 2 && seen < 40; s = next(s) {
			seen++
			if s.Type == html.ElementNode && s.DataAtom == n.DataAtom && nodeKey(s) == key && s.FirstChild != nil {
				count++
			}
		}
	}
	r.likes[n] = count
	return count
}
