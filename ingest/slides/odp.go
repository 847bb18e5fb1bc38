package slides

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"

	"rostrum/archive"
)

const engineODP = "odp"

// readODP reads an OpenDocument presentation (OASIS OpenDocument 1.3) slide by slide.
// Hidden slides are left out, as they are when it is shown or printed.
func readODP(j job, alive func(progress)) (archive.Deck, error) {
	z, err := openZipped(j.Path)
	if err != nil {
		return archive.Deck{}, err
	}
	defer z.close()
	var deck archive.Deck
	deck.Title, deck.Author = z.core("meta.xml", "creator")
	o := &odp{alive: alive, hidden: map[string]bool{}}
	o.width, o.height = odpSize(z)
	if err := z.walk("content.xml", o.visit); err != nil {
		return archive.Deck{}, &problem{Reason: "the OpenDocument file is damaged, or too large to be read"}
	}
	if len(o.slides) == 0 {
		return archive.Deck{}, &problem{Reason: "the OpenDocument file has no slides"}
	}
	deck.Slides = o.slides
	fillSearch(deck.Slides, nil)
	return deck, nil
}

// odpSize finds the size of the slides in points: that of the first page layout but
// those for notes and handouts, whose names say so.
func odpSize(z *zipped) (width, height float32) {
	layout := ""
	// A file without styles has slides without a size.
	_ = z.walk("styles.xml", func(token xml.Token, _ []xml.Name) {
		e, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case e.Name.Local == "page-layout":
			layout = attr(e, "name")
		case e.Name.Local == "page-layout-properties":
			w, h := odpLength(attr(e, "page-width")), odpLength(attr(e, "page-height"))
			// Slides lie on their side; sheets of notes and handouts stand.
			if layout != "" && width == 0 && w >= h {
				width, height = w, h
			}
		}
	})
	return width, height
}

// odpLength reads "28cm" as points.
func odpLength(s string) float32 {
	for unit, factor := range map[string]float64{"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72, "pt": 1} {
		if n, ok := strings.CutSuffix(s, unit); ok {
			v, err := strconv.ParseFloat(n, 32)
			if err != nil || v < 0 || v > 1e5 {
				return 0
			}
			return float32(v * factor)
		}
	}
	return 0
}

// odp gathers the slides of content.xml.
type odp struct {
	alive         func(progress)
	width, height float32
	slides        []archive.Slide

	style  string          // that is being defined
	hidden map[string]bool // styles of slides that are not shown
	show   bool            // the current slide is shown
	inPage bool
	notes  int // depth of the notes element; 0
	text   lines
	said   lines // notes
	links  []string
}

func (o *odp) visit(token xml.Token, path []xml.Name) {
	switch t := token.(type) {
	case xml.StartElement:
		o.start(t, path)
	case xml.EndElement:
		o.end(t, path)
	case xml.CharData:
		if o.inPage && (within(path, "p") || within(path, "h")) && !within(path, "annotation") {
			o.out().write(string(t))
		}
	}
}

func (o *odp) out() *lines {
	if o.notes > 0 {
		return &o.said
	}
	return &o.text
}

func (o *odp) start(e xml.StartElement, path []xml.Name) {
	switch e.Name.Local {
	case "style":
		o.style = attr(e, "name")
	case "drawing-page-properties":
		if attr(e, "visibility") == "hidden" && len(o.hidden) < maxSlides {
			o.hidden[o.style] = true
		}
	case "page":
		o.inPage, o.show, o.notes = true, !o.hidden[attrIn(e, "drawing:1.0", "style-name")], 0
		o.text, o.said, o.links = lines{}, lines{}, nil
	case "notes":
		o.notes = len(path)
	case "s":
		n, err := strconv.Atoi(attr(e, "c"))
		if err != nil {
			n = 1
		}
		o.out().write(strings.Repeat(" ", max(1, min(n, 100))))
	case "tab":
		o.out().write(" ")
	case "line-break":
		o.out().end()
	case "a":
		link := attr(e, "href")
		if webAddress(link) && len(o.links) < maxLinks && !slices.Contains(o.links, link) {
			o.links = append(o.links, link)
		}
	}
}

func (o *odp) end(e xml.EndElement, path []xml.Name) {
	switch e.Name.Local {
	case "p", "h", "table-row":
		if within(path[:max(0, len(path)-1)], "table-cell") {
			o.out().write(" ")
		} else {
			o.out().end()
		}
	case "notes":
		o.notes = 0
	case "page":
		if o.inPage && o.show && len(o.slides) < maxSlides {
			number := len(o.slides) + 1
			o.alive(progress{Slide: number, Engine: engineODP})
			o.slides = append(o.slides, archive.Slide{
				Number: number, Text: o.text.String(), Notes: o.said.String(), Links: o.links,
				Engine: engineODP, Width: o.width, Height: o.height,
			})
		}
		o.inPage = false
	}
}
