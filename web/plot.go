package web

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rostrum/archive"
)

// figure is a plot with the same in words: a table beneath it, for those who
// cannot see it and those who want the numbers.
type figure struct {
	Label string // what it shows
	SVG   template.HTML
	Keys  []string // what its layers are, in order; empty for one
	Head  []string
	Rows  [][]link // the first of a row is its heading
}

// Sizes of plots in CSS pixels. Positions are attributes of SVG, since the
// policy forbids styles that stand in a page.
const (
	barStep    = 36 // from bar to bar, where there is room
	barLeast   = 22
	plotWidth  = 860
	barHeight  = 72
	heatCell   = 26
	heatLabel  = 150 // room for the names of rows
	heatLevels = 4   // shades
	mostBars   = 120 // more are no longer a picture: one wrong date must not draw a thousand
)

// bars draws counts as bars, layers of one bar above each other, labels beneath.
func bars(l *locale, label string, labels []string, layers ...[]int) template.HTML {
	if len(labels) < 2 || len(labels) > mostBars {
		return ""
	}
	total := make([]int, len(labels))
	top := 1
	for i := range labels {
		for _, layer := range layers {
			total[i] += layer[i]
		}
		top = max(top, total[i])
	}
	step := min(barStep, max(barLeast, plotWidth/len(labels)))
	gap := step * 2 / 9
	var b strings.Builder
	openSVG(&b, label, len(labels)*step, barHeight+38)
	for i, name := range labels {
		x, y := i*step, 16+barHeight
		for n, layer := range layers {
			if layer[i] > 0 {
				h := max(2, layer[i]*barHeight/top)
				y -= h
				fmt.Fprintf(&b, `<rect class="l%d" x="%d" y="%d" width="%d" height="%d"/>`, n, x+gap, y, step-2*gap, h)
			}
		}
		if total[i] > 0 {
			svgText(&b, x+step/2, y-5, l.number(total[i]))
		}
		if step == barStep || i%5 == 0 {
			svgText(&b, x+step/2, barHeight+32, shorten(name, 6))
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // numbers and escaped words
}

// heatRow is a row of a heat map: a name and a count for each column.
type heatRow struct {
	Name, URL string
	Counts    []int
	Marked    []bool // columns that have it without a count, nil none
}

// heat draws counts as shades, a row for each thing, a column for each label.
func heat(label string, labels []string, rows []heatRow) template.HTML {
	if len(rows) == 0 || len(labels) < 2 || len(labels) > mostBars {
		return ""
	}
	top := 1
	for _, r := range rows {
		top = max(top, slices.Max(r.Counts))
	}
	step := heatCell
	if len(labels) <= 20 {
		step = barStep
	}
	var b strings.Builder
	openSVG(&b, label, heatLabel+len(labels)*step, len(rows)*heatCell+24)
	for i, r := range rows {
		y := i * heatCell
		fmt.Fprintf(&b, `<text class="name" x="0" y="%d">%s</text>`, y+18, template.HTMLEscapeString(shorten(r.Name, 22)))
		for j, n := range r.Counts {
			x := heatLabel + j*step
			switch {
			case n > 0:
				level := shade(n, top)
				fmt.Fprintf(&b, `<rect class="h%d" x="%d" y="%d" width="%d" height="%d"/>`, level, x+1, y+2, step-2, heatCell-3)
				fmt.Fprintf(&b, `<text class="on%d" x="%d" y="%d">%d</text>`, level, x+step/2, y+18, n)
			case r.Marked != nil && r.Marked[j]:
				fmt.Fprintf(&b, `<rect class="said" x="%d" y="%d" width="%d" height="%d"/>`, x+2, y+3, step-4, heatCell-5)
			}
		}
	}
	for j, name := range labels {
		if step == barStep || j%5 == 0 {
			svgText(&b, heatLabel+j*step+step/2, len(rows)*heatCell+17, shorten(name, 6))
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) //nolint:gosec // numbers and escaped words
}

// shade is a level from 1 to 4, by the root of the share of the largest count,
// so that one of them all does not make the others look alike.
func shade(n, top int) int {
	level := 1
	for level < heatLevels && 16*n > level*level*top {
		level++
	}
	return level
}

func openSVG(b *strings.Builder, label string, width, height int) {
	fmt.Fprintf(b, `<svg class="plot" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height, width, height, template.HTMLEscapeString(label))
}

func svgText(b *strings.Builder, x, y int, text string) {
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`, x, y, template.HTMLEscapeString(text))
}

// allYears are the years that a plot covers: all from the first to the last, so that
// gaps are seen. nil for fewer than two, and for more than a lifetime's.
func allYears(known map[int]int) []int {
	delete(known, 0)
	if len(known) < 2 {
		return nil
	}
	first, last := slices.Min(slices.Collect(maps.Keys(known))), slices.Max(slices.Collect(maps.Keys(known)))
	if last-first > 80 {
		return nil
	}
	out := make([]int, 0, last-first+1)
	for y := first; y <= last; y++ {
		out = append(out, y)
	}
	return out
}

// yearFigure draws counts of talks by year; nil for fewer than two years.
func yearFigure(l *locale, counts map[int]int) *figure {
	out := &figure{Label: l.text("plot.byyear"), Head: []string{l.text("facet.year"), l.text("series.plot")}}
	var labels []string
	var layer []int
	for _, y := range allYears(counts) {
		labels, layer = append(labels, strconv.Itoa(y)), append(layer, counts[y])
		if counts[y] > 0 {
			out.Rows = append(out.Rows, []link{{Name: strconv.Itoa(y), URL: searchURL("year:" + strconv.Itoa(y))}, {Name: l.number(counts[y])}})
		}
	}
	if out.SVG = bars(l, out.Label, labels, layer); out.SVG == "" {
		return nil
	}
	return out
}

// editionLabel is what an edition is called beneath a plot: the last part of
// its ID, which is mostly its year.
func editionLabel(id archive.EditionID) string {
	_, name, _ := strings.Cut(string(id), "/")
	return name
}

// heatFigure draws rows over columns, with a table beneath of the rows that
// are drawn; nil when there is nothing to draw.
func heatFigure(l *locale, label, corner string, labels []string, rows []heatRow) *figure {
	out := &figure{Label: label, SVG: heat(label, labels, rows), Head: append([]string{corner}, labels...)}
	if out.SVG == "" {
		return nil
	}
	for _, r := range rows {
		line := []link{{Name: r.Name, URL: r.URL}}
		for j, n := range r.Counts {
			switch {
			case n > 0:
				line = append(line, link{Name: l.number(n)})
			case r.Marked != nil && r.Marked[j]:
				line = append(line, link{Name: l.text("plot.announced")})
			default:
				line = append(line, link{Name: "–"})
			}
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}
