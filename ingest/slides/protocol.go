package slides

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"rostrum/archive"
)

// The two processes speak in frames: the length of the payload as four bytes, big end
// first, one byte telling what it is, the payload as JSON (or, for a picture, its
// bytes). JSON, because a reader must be able to trust the decoder with whatever a
// worker gone wrong may send, and because it was a tenth of the work in the
// measurements.

// frameKind tells what a frame holds.
type frameKind byte

const (
	frameJob      frameKind = 'J' // to the worker: job
	frameReady    frameKind = 'R' // from it, once: it has started and loaded its engine
	frameProgress frameKind = 'P' // progress: it lives, and what it is about to do
	frameSlide    frameKind = 'S' // archive.Slide, in order
	frameDeck     frameKind = 'D' // archive.Deck without its slides
	frameImage    frameKind = 'I' // the bytes of a picture
	framePicture  frameKind = 'Q' // Picture without its bytes
	frameProblem  frameKind = 'E' // problem: the answer is that there is none
	frameDone     frameKind = 'Z' // done: the answer is whole
)

// Bounds of what is taken from the other side. A slide's frame holds its text twice
// and its words with boxes: maxPageChars of them.
const (
	maxFrame  = 16 << 20
	maxSlides = 5000
	// maxDeckBytes is how much a deck's slides may take together, as JSON.
	maxDeckBytes = 256 << 20
)

// job is what a worker is asked to do.
type job struct {
	Picture bool // one picture of a slide, else the whole deck's text
	Path    string
	Media   string // as found in the bytes
	// Walker allows the second engine. It is left out after a worker died of it.
	Walker bool
	Slide  int // of the picture, from 1
	Width  int // of the picture in pixels
}

// progress is a sign of life.
type progress struct {
	Slide  int
	Engine string // who is about to read it
}

// done ends an answer.
type done struct {
	// Tired says that the worker ends now: another must do the next job.
	Tired bool
}

// problem is why there is no answer.
type problem struct {
	Reason string // one plain sentence
	// Retryable says that a bound was met rather than a fault found.
	Retryable bool
}

func (p *problem) Error() string { return p.Reason }

var errFrame = errors.New("the worker's answer cannot be understood")

// wire reads and writes frames.
type wire struct {
	in  *bufio.Reader
	out *bufio.Writer
}

func newWire(in io.Reader, out io.Writer) *wire {
	return &wire{in: bufio.NewReaderSize(in, 64<<10), out: bufio.NewWriterSize(out, 64<<10)}
}

// send writes one frame; it may lie in the buffer until flush.
func (w *wire) send(kind frameKind, value any) error {
	payload, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode frame: %w", err)
	}
	return w.sendBytes(kind, payload)
}

func (w *wire) sendBytes(kind frameKind, payload []byte) error {
	if len(payload) > maxFrame {
		return fmt.Errorf("frame of %d bytes is over the limit", len(payload))
	}
	var head [5]byte
	binary.BigEndian.PutUint32(head[:4], uint32(len(payload)))
	head[4] = byte(kind)
	if _, err := w.out.Write(head[:]); err != nil {
		return err
	}
	_, err := w.out.Write(payload)
	return err
}

func (w *wire) flush() error { return w.out.Flush() }

// receive reads one frame. It reads no more of it than is there, so that a false
// length costs nothing but the waiting.
func (w *wire) receive() (frameKind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(w.in, head[:]); err != nil {
		return 0, nil, err
	}
	size := binary.BigEndian.Uint32(head[:4])
	if size > maxFrame {
		return 0, nil, errFrame
	}
	payload, err := readUpTo(w.in, int(size))
	return frameKind(head[4]), payload, err
}

// readUpTo reads size bytes and allocates for them as they come.
func readUpTo(in io.Reader, size int) ([]byte, error) {
	const step = 256 << 10
	payload := make([]byte, 0, min(size, step))
	for len(payload) < size {
		from := len(payload)
		payload = append(payload, make([]byte, min(size-from, step))...)
		if _, err := io.ReadFull(in, payload[from:]); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
	}
	return payload, nil
}

// answer is what the frames of one job come to.
type answer struct {
	deck    archive.Deck
	picture Picture
	problem *problem
	tired   bool // the worker that gave it has ended
}

// collector puts an answer together and holds it to its bounds.
type collector struct {
	answer
	bytes int
	last  progress // the last sign of life
}

// take adds a frame. It says whether the answer is whole.
func (c *collector) take(kind frameKind, payload []byte) (bool, error) {
	switch kind {
	case frameProgress:
		return false, decode(payload, &c.last)
	case frameSlide:
		return false, c.takeSlide(payload)
	case frameDeck:
		slides := c.deck.Slides
		if err := decode(payload, &c.deck); err != nil {
			return false, err
		}
		c.deck.Slides = slides
		return false, nil
	case frameImage:
		c.picture.Bytes = payload
		return false, nil
	case framePicture:
		image := c.picture.Bytes
		if err := decode(payload, &c.picture); err != nil {
			return false, err
		}
		c.picture.Bytes = image
		return false, nil
	case frameProblem:
		c.problem = new(problem)
		return false, decode(payload, c.problem)
	case frameDone:
		var d done
		err := decode(payload, &d)
		c.tired = d.Tired
		return true, err
	}
	return false, errFrame
}

func (c *collector) takeSlide(payload []byte) error {
	c.bytes += len(payload)
	if len(c.deck.Slides) >= maxSlides || c.bytes > maxDeckBytes {
		return errFrame
	}
	var slide archive.Slide
	if err := decode(payload, &slide); err != nil {
		return err
	}
	if slide.Number != len(c.deck.Slides)+1 {
		return errFrame
	}
	c.deck.Slides = append(c.deck.Slides, slide)
	return nil
}

func decode(payload []byte, value any) error {
	if err := json.Unmarshal(payload, value); err != nil {
		return fmt.Errorf("%w: %w", errFrame, err)
	}
	return nil
}
