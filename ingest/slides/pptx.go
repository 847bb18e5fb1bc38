package slides

import (
	"encoding/xml"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"rostrum/archive"
)

const enginePPTX = "pptx"

// readPPTX reads a PowerPoint file (ECMA-376, PresentationML) slide by slide, in the
// order of the presentation. Hidden slides are left out, as they are when it is shown
// or printed, so that the numbers agree with those of its pictures.
func readPPTX(j job, alive func(progress)) (archive.Deck, error) {
	z, err := openZipped(j.Path)
	if err != nil {
		return archive.Deck{}, err
	}
	defer z.close()
	p := &pptx{zipped: z}
	if err := p.open(); err != nil {
		return archive.Deck{}, &problem{Reason: "the PowerPoint file is damaged"}
	}
	var deck archive.Deck
	deck.Title, deck.Author = z.core("docProps/core.xml", "creator")
	for _, name := range p.slides {
		alive(progress{Slide: len(deck.Slides) + 1, Engine: enginePPTX})
		slide, hidden, err := p.slide(name)
		if err != nil {
			return archive.Deck{}, &problem{Reason: "the PowerPoint file is damaged, or too large to be read"}
		}
		if hidden {
			continue
		}
		slide.Number = len(deck.Slides) + 1
		slide.Width, slide.Height = p.width, p.height
		deck.Slides = append(deck.Slides, slide)
	}
	if len(deck.Slides) == 0 {
		return archive.Deck{}, &problem{Reason: "the PowerPoint file has no slides"}
	}
	fillSearch(deck.Slides, nil)
	return deck, nil
}

type pptx struct {
	*zipped
	slides        []string // member names, in order
	width, height float32  // points
}

// emu is how many of the format's units make a point.
const emu = 12700

// relation is an entry of a part's relationships: what it points to, and as what.
type relation struct{ kind, target string }

// relations reads the relationships of a member. One that has none has none.
func (p *pptx) relations(of string) map[string]relation {
	dir, base := path.Split(of)
	found := map[string]relation{}
	// A missing or broken file of relationships leaves them unknown.
	_ = p.walk(dir+"_rels/"+base+".rels", func(token xml.Token, _ []xml.Name) {
		e, ok := token.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" || len(found) > maxMembers {
			return
		}
		target := attr(e, "Target")
		if attr(e, "TargetMode") != "External" {
			if rooted, ok := strings.CutPrefix(target, "/"); ok {
				target = rooted
			} else {
				target = path.Join(dir, target)
			}
		}
		found[attr(e, "Id")] = relation{kind: path.Base(attr(e, "Type")), target: target}
	})
	return found
}

func (p *pptx) open() error {
	main := "ppt/presentation.xml"
	for _, r := range p.relations("") {
		if r.kind == "officeDocument" {
			main = r.target
		}
	}
	relations := p.relations(main)
	return p.walk(main, func(token xml.Token, _ []xml.Name) {
		e, ok := token.(xml.StartElement)
		if !ok {
			return
		}
		switch e.Name.Local {
		case "sldId":
			if r, ok := relations[attrIn(e, "relationships", "id")]; ok && len(p.slides) < maxSlides {
				p.slides = append(p.slides, r.target)
			}
		case "sldSz":
			p.width, p.height = points(attr(e, "cx")), points(attr(e, "cy"))
		}
	})
}

func points(units string) float32 {
	n, err := strconv.ParseInt(units, 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return float32(n) / emu
}

func (p *pptx) slide(name string) (slide archive.Slide, hidden bool, err error) {
	relations := p.relations(name)
	w := &pptxWriter{relations: relations}
	if err := p.walk(name, w.visit); err != nil {
		return archive.Slide{}, false, fmt.Errorf("slide: %w", err)
	}
	for _, data := range w.diagrams {
		// A drawing made of text, kept in a file of its own. Without it the rest still counts.
		_ = p.walk(data, w.visit)
	}
	slide = archive.Slide{Text: w.text.String(), Links: w.links, Engine: enginePPTX}
	for _, r := range relations {
		if r.kind == "notesSlide" {
			notes := &pptxWriter{only: "body"}
			_ = p.walk(r.target, notes.visit) // notes that cannot be read are no notes
			slide.Notes = notes.text.String()
		}
	}
	return slide, w.hidden, nil
}

// pptxWriter gathers the text of a slide.
type pptxWriter struct {
	text      lines
	relations map[string]relation
	links     []string
	diagrams  []string // members
	hidden    bool

	only string // take shapes that stand for a placeholder of this type alone
	here string // type of the placeholder that the current shape stands for
	skip int    // depth of an element whose content is left out; 0
}

func (w *pptxWriter) visit(token xml.Token, path []xml.Name) {
	switch t := token.(type) {
	case xml.StartElement:
		if w.skip == 0 {
			w.start(t, path)
		}
	case xml.EndElement:
		if w.skip >= len(path) {
			w.skip = 0
		}
		switch t.Name.Local {
		case "p", "tr", "txBody":
			if w.wanted() && !within(path[:max(0, len(path)-1)], "tc") {
				w.text.end()
			}
		case "tc":
			w.text.write(" ")
		case "sp":
			w.here = ""
		}
	case xml.CharData:
		// Text stands in a:t; in the others there are only blanks, or a field's value.
		if w.skip == 0 && w.wanted() && len(path) > 0 && path[len(path)-1].Local == "t" {
			w.text.write(string(t))
		}
	}
}

func (w *pptxWriter) wanted() bool { return w.only == "" || w.here == w.only }

func (w *pptxWriter) start(e xml.StartElement, path []xml.Name) {
	switch e.Name.Local {
	case "sld":
		w.hidden = attr(e, "show") == "0" || attr(e, "show") == "false"
	case "Fallback":
		// The same once more, for programs that do not know the choice before it.
		w.skip = len(path)
	case "ph":
		w.here = attr(e, "type")
	case "br":
		if w.wanted() {
			w.text.end()
		}
	case "hlinkClick":
		r := w.relations[attrIn(e, "relationships", "id")]
		if webAddress(r.target) && len(w.links) < maxLinks && !slices.Contains(w.links, r.target) {
			w.links = append(w.links, r.target)
		}
	case "relIds":
		if r, ok := w.relations[attrIn(e, "relationships", "dm")]; ok && len(w.diagrams) < 20 {
			w.diagrams = append(w.diagrams, r.target)
		}
	}
}
