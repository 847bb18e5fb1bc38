package web

import (
	"html/template"
	"strconv"
)

// Pieces of pages that stand on one page a hundred times are put together here:
// a template takes longer over them than the search they show.

// piece is markup under way. What is not the program's own goes through text.
type piece []byte

func (p piece) own(markup string) piece { return append(p, markup...) }
func (p piece) text(s string) piece     { return append(p, template.HTMLEscapeString(s)...) }
func (p piece) number(n int) piece      { return strconv.AppendInt(p, int64(n), 10) }

func (p piece) done() template.HTML { return template.HTML(p) } //nolint:gosec // see text

// facetValues are the lines of a facet.
func (l *locale) facetValues(values []facetValue) template.HTML {
	p := make(piece, 0, 160*len(values))
	for _, v := range values {
		p = p.own(`<li><a href="`).text(v.URL).own(`" rel="nofollow"`)
		if v.Selected {
			p = p.own(` aria-current="true"`)
		}
		p = p.own(`><span>`).text(v.Name).own(`</span><span class="num">`).text(l.number(v.Count)).own(`</span></a></li>`)
	}
	return p.done()
}

// thumb is a small picture of a slide that leads to it.
func (l *locale) thumb(t thumb) template.HTML {
	p := make(piece, 0, 512).own(`<a class="thumb" href="`).text(t.URL).own(`"`)
	if t.Current {
		p = p.own(` aria-current="true"`)
	}
	p = p.own(`><img src="`).text(t.Image).own(`" width="`).number(t.Width).own(`" height="`).number(t.Height)
	p = p.own(`" alt="`).text(l.text("slide.number", t.Number)).own(`" loading="lazy" decoding="async">`)
	if len(t.Boxes) > 0 {
		p = p.own(`<svg class="boxes" viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">`).boxes(t.Boxes).own(`</svg>`)
	}
	return p.own(`<span class="nr num" aria-hidden="true">`).number(t.Number).own(`</span></a>`).done()
}

// boxRects are the rectangles of boxes in a picture that is 1000 wide and high.
func boxRects(boxes []box) template.HTML { return piece(nil).boxes(boxes).done() }

func (p piece) boxes(boxes []box) piece {
	for _, b := range boxes {
		p = p.own(`<rect x="`).number(b.X).own(`" y="`).number(b.Y).own(`" width="`).number(b.W).own(`" height="`).number(b.H)
		p = p.own(`" rx="3" vector-effect="non-scaling-stroke"/>`)
	}
	return p
}
