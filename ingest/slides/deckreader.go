package slides

import (
	"context"
	"fmt"

	"rostrum/archive"
)

// deckReader is the reader in a worker.
type deckReader struct {
	engine *pdfiumEngine
	open   *pdfiumDoc // for pictures: a strip of thumbnails asks for one page after the other
	path   string     // of open
	worn   bool
}

func newDeckReader(cacheDir string) (*deckReader, error) {
	engine, err := newPDFium(context.Background(), cacheDir)
	if err != nil {
		return nil, err
	}
	return &deckReader{engine: engine}, nil
}

func (d *deckReader) tired() bool { return d.worn }

func (d *deckReader) shut() {
	if d.open != nil {
		d.open.close()
		d.open, d.path = nil, ""
	}
}

func (d *deckReader) read(j job, alive func(progress)) (archive.Deck, error) {
	d.shut()
	var deck archive.Deck
	var err error
	switch j.Media {
	case MediaPDF:
		deck, err = d.readPDF(j, alive)
	default:
		err = &problem{Reason: "it is no slide deck but " + describe(j.Media)}
	}
	if err != nil {
		return archive.Deck{}, err
	}
	deck.Media = j.Media
	return deck, nil
}

func (d *deckReader) readPDF(j job, alive func(progress)) (archive.Deck, error) {
	doc, err := d.engine.open(j.Path)
	if err != nil {
		return archive.Deck{}, err
	}
	defer func() { doc.close() }()
	if doc.pages > maxSlides {
		return archive.Deck{}, &problem{Reason: fmt.Sprintf("it has %d pages, more than the %d that are read", doc.pages, maxSlides)}
	}
	var deck archive.Deck
	doc.describe(&deck)
	faults := 0
	for n := 1; n <= doc.pages; n++ {
		alive(progress{Slide: n, Engine: enginePDFium})
		got, err := doc.read(n)
		links := []string(nil)
		if err == nil {
			links = doc.links(n)
		} else {
			// The instance may be broken from here on: the next page gets a new one.
			faults++
			if faults > 8 {
				return archive.Deck{}, &problem{Reason: "most pages of the PDF are damaged"}
			}
			doc.close()
			if doc, err = d.engine.open(j.Path); err != nil {
				return archive.Deck{}, err
			}
		}

		deck.Slides = append(deck.Slides, archive.Slide{
			Number: n, Text: got.text, Words: got.words, Links: links, Engine: got.engine,
			Width: float32(got.width), Height: float32(got.height),
		})
	}
	if faults >= doc.pages {
		return archive.Deck{}, &problem{Reason: "no page of the PDF can be read"}
	}
	fillSearch(deck.Slides)
	return deck, nil
}

func (d *deckReader) picture(j job) (Picture, error) {
	if d.path != j.Path {
		d.shut()
		doc, err := d.engine.open(j.Path)
		if err != nil {
			return Picture{}, err
		}
		d.open, d.path = doc, j.Path
	}
	if j.Slide < 1 || j.Slide > d.open.pages {
		return Picture{}, &problem{Reason: fmt.Sprintf("the deck has %d slides", d.open.pages), Slide: true}
	}
	picture, err := drawSlide(d.open, j.Slide, j.Width)
	if err != nil {
		d.shut()
		return Picture{}, &problem{Reason: "the slide cannot be drawn", Slide: true}
	}
	return picture, nil
}
