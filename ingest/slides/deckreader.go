package slides

import (
	"context"
	"errors"
	"fmt"

	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"

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
	case MediaPPTX:
		deck, err = readPPTX(j, alive)
	case MediaODP:
		deck, err = readODP(j, alive)
	default:
		err = &problem{Reason: "it is no slide deck but " + describe(j.Media)}
	}
	if err != nil {
		return archive.Deck{}, err
	}
	deck.Media = j.Media
	return deck, nil
}

// maxTraps is after how many broken instances a deck is given up.
const maxTraps = 5

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
	judge := newJudge(j, doc.meta("Producer")+" "+doc.meta("Creator"), alive)
	defer judge.close()
	missing, traps := 0, 0
	var joints [][]joint
	for n := 1; n <= doc.pages; n++ {
		alive(progress{Slide: n, Engine: enginePDFium})
		slide := archive.Slide{Number: n}
		got, err := doc.read(n)
		switch {
		case err == nil:
			slide.Links = doc.links(n)
		case errors.Is(err, pdfiumerrors.ErrPage):
			missing++
		default:
			// PDFium's code broke off in the middle; its memory is not to be trusted.
			if traps++; traps > maxTraps {
				return archive.Deck{}, &problem{Reason: "the PDF is damaged on many pages"}
			}
			fresh, err := d.engine.open(j.Path)
			if err != nil {
				return archive.Deck{}, err
			}
			doc.close()
			doc = fresh
		}
		got = judge.decide(n, got)
		joints = append(joints, got.joints)
		slide.Text, slide.Words, slide.Engine = got.text, got.words, got.engine
		slide.Width, slide.Height = float32(got.width), float32(got.height)
		deck.Slides = append(deck.Slides, slide)
	}
	if missing+traps >= doc.pages {
		return archive.Deck{}, &problem{Reason: "no page of the PDF can be read"}
	}
	fillSearch(deck.Slides, joints)
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
		return Picture{}, &problem{Reason: fmt.Sprintf("the deck has %d slides", d.open.pages)}
	}
	picture, err := drawSlide(d.open, j.Slide, j.Width)
	if err != nil {
		// It may be for want of memory that slides before it have taken: a new worker may try.
		d.shut()
		d.worn = true
		return Picture{}, &problem{Reason: "the slide cannot be drawn", Retryable: true}
	}
	return picture, nil
}
