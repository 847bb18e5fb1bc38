package slides

import (
	"errors"
	"fmt"
	"math"
	"os"

	"github.com/ledongthuc/pdf"
)

// walker is the second engine: a walk of our own through the operators of a page, over
// ledongthuc's parser. It is slower than PDFium, dies of hostile files, and reads
// a few pages right that PDFium reads wrong, since it trusts a font's table of Unicode
// before anything else.
//
// Its parser panics on what it does not like and may not end at all. Panics are caught
// here; the rest is the worker's death, after which the pool asks again without it.
type walker struct {
	file   *os.File
	reader *pdf.Reader
	fonts  map[string]*walkerFont // by the text of their dictionary
}

func openWalker(path string) (w *walker, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	err = shielded(func() error {
		r, err := pdf.NewReader(f, info.Size())
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		w = &walker{file: f, reader: r, fonts: map[string]*walkerFont{}}
		return nil
	})
	return w, err
}

func (w *walker) close() { w.file.Close() }

// errEnough ends a walk at a bound; what was read until then counts.
var errEnough = errors.New("enough")

// shielded turns a panic of the parser into an error.
func shielded(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok {
				err = e
				return
			}
			err = fmt.Errorf("%v", r)
		}
	}()
	return do()
}

// Bounds of a walk.
const (
	maxOperators = 500_000
	maxFormDepth = 8
	maxForms     = 1_000
	maxState     = 64
)

// read reads a page, from 1. shown is the page as PDFium had it, whose size and
// placement are taken where it has them.
func (w *walker) read(number int, shown page) (page, error) {
	got := page{engine: engineWalker, width: shown.width, height: shown.height, to: shown.to}
	walk := &walk{fonts: w.fonts, drawn: map[spot]bool{}}
	err := shielded(func() error {
		p := w.reader.Page(number)
		if p.V.IsNull() {
			return errors.New("no such page")
		}
		if got.to == (placement{}) {
			got.to, got.width, got.height = placementOf(p)
		}
		walk.to = got.to
		walk.content(p.V.Key("Contents"), p.Resources(), 0)
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) && walk.out.chars == 0 {
		return got, fmt.Errorf("walk page %d: %w", number, err)
	}
	got.take(&walk.out)
	return got, nil
}

// placementOf finds how the page is shown from its own boxes.
func placementOf(p pdf.Page) (placement, float64, float64) {
	box := [4]float64{0, 0, 612, 792}
	turn := 0
	for _, key := range []string{"MediaBox", "CropBox"} {
		if v := inherited(p.V, key); v.Len() == 4 {
			for i := range box {
				box[i] = v.Index(i).Float64()
			}
		}
	}
	if v := inherited(p.V, "Rotate"); v.Kind() == pdf.Integer {
		turn = int((v.Int64()%360 + 360) % 360)
	}
	x, y := min(box[0], box[2]), min(box[1], box[3])
	w, h := math.Abs(box[2]-box[0]), math.Abs(box[3]-box[1])
	if !(w > 0 && h > 0) {
		x, y, w, h = 0, 0, 612, 792
	}
	switch turn {
	case 90:
		return placement{0, 1 / h, -y / h, 1 / w, 0, -x / w}, h, w
	case 180:
		return placement{-1 / w, 0, 1 + x/w, 0, 1 / h, -y / h}, w, h
	case 270:
		return placement{0, -1 / h, 1 + y/h, -1 / w, 0, 1 + x/w}, h, w
	}
	return placement{1 / w, 0, -x / w, 0, -1 / h, 1 + y/h}, w, h
}

func inherited(v pdf.Value, key string) pdf.Value {
	for range 32 {
		if v.IsNull() {
			break
		}
		if found := v.Key(key); !found.IsNull() {
			return found
		}
		v = v.Key("Parent")
	}
	return pdf.Value{}
}

// walk is the walk through one page.
type walk struct {
	to        placement
	out       pageWriter
	fonts     map[string]*walkerFont
	operators int
	forms     int

	now   state
	saved []state
	// Where the next glyph would stand if it followed the last one directly, in the
	// page's space, and how large the last one was.
	end     [2]float64
	size    float64
	started bool

	drawn map[spot]bool
}

// spot is a glyph and where it stands, to a point.
type spot struct {
	text string
	x, y float64
}

// state is the part of the graphics state that text needs.
type state struct {
	ctm                              matrix
	font                             *walkerFont
	size, spacing, wordSpacing, rise float64
	stretch, leading                 float64
	text, line                       matrix // only within a text object
}

// matrix is [a b c d e f] as PDF writes it.
type matrix [6]float64

// mul is what PDF calls m × n: first m, then n.
func (m matrix) mul(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) at(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

var identity = [...]float64{1, 0, 0, 1, 0, 0} // a matrix

// content interprets a page's or a form's content.
func (w *walk) content(stream, resources pdf.Value, depth int) {
	if depth == 0 {
		w.now = state{ctm: identity, stretch: 1, text: identity, line: identity}
	}
	if stream.Kind() != pdf.Stream && stream.Kind() != pdf.Array {
		return
	}
	pdf.Interpret(stream, func(stack *pdf.Stack, op string) {
		w.operators++
		if w.operators > maxOperators || !w.out.room() {
			panic(errEnough)
		}
		args := operands(stack)
		if op == "Do" && len(args) == 1 {
			w.form(resources, args[0].Name(), depth)
			return
		}
		if op == "Tf" && len(args) == 2 {
			w.now.font = w.font(resources.Key("Font").Key(args[0].Name()))
			w.now.size = args[1].Float64()
			return
		}
		w.operator(op, args)
	})
}

// operands takes what lies on the stack, which is then empty, as it is after every
// operator of a page.
func operands(stack *pdf.Stack) []pdf.Value {
	args := make([]pdf.Value, stack.Len())
	for i := len(args) - 1; i >= 0; i-- {
		args[i] = stack.Pop()
	}
	return args
}

// form follows a form XObject, which many makers put whole slides into.
func (w *walk) form(resources pdf.Value, name string, depth int) {
	object := resources.Key("XObject").Key(name)
	if object.Key("Subtype").Name() != "Form" || depth >= maxFormDepth || w.forms >= maxForms {
		return
	}
	w.forms++
	before, saved := w.now, w.saved
	w.saved = nil
	if m, ok := matrixOf(object.Key("Matrix")); ok {
		w.now.ctm = m.mul(w.now.ctm)
	}
	own := object.Key("Resources")
	if own.IsNull() {
		own = resources
	}
	w.content(object, own, depth+1)
	w.now, w.saved = before, saved
}

func matrixOf(v pdf.Value) (matrix, bool) {
	var m matrix
	if v.Len() != len(m) {
		return m, false
	}
	for i := range m {
		m[i] = v.Index(i).Float64()
	}
	return m, true
}

func numbers(args []pdf.Value) [6]float64 {
	var n [6]float64
	for i := 0; i < len(args) && i < len(n); i++ {
		n[i] = args[i].Float64()
	}
	return n
}

// operator does what an operator says, as far as it matters for text.
func (w *walk) operator(op string, args []pdf.Value) {
	if len(args) < operandsOf[op] {
		return
	}
	n := numbers(args)
	s := &w.now
	switch op {
	case "q":
		if len(w.saved) < maxState {
			w.saved = append(w.saved, w.now)
		}
	case "Q":
		if last := len(w.saved) - 1; last >= 0 {
			w.now, w.saved = w.saved[last], w.saved[:last]
		}
	case "cm":
		s.ctm = matrix(n).mul(s.ctm)
	case "BT":
		s.text, s.line = identity, identity
	case "Tc":
		s.spacing = n[0]
	case "Tw":
		s.wordSpacing = n[0]
	case "Tz":
		s.stretch = n[0] / 100
	case "TL":
		s.leading = n[0]
	case "Ts":
		s.rise = n[0]
	case "Td":
		w.move(n[0], n[1])
	case "TD":
		s.leading = -n[1]
		w.move(n[0], n[1])
	case "T*":
		w.move(0, -s.leading)
	case "Tm":
		s.text, s.line = matrix(n), matrix(n)
	default:
		w.show(op, args, n)
	}
}

// operandsOf is how many operands an operator cannot do without.
var operandsOf = map[string]int{"cm": 6, "Tm": 6, "Td": 2, "TD": 2, "Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Ts": 1, "Tj": 1, "TJ": 1, "'": 1, "\"": 3}

// show does the operators that show text.
func (w *walk) show(op string, args []pdf.Value, n [6]float64) {
	if operandsOf[op] == 0 {
		return
	}
	last := args[len(args)-1]
	switch op {
	case "Tj":
		w.string(last.RawString())
	case "'":
		w.move(0, -w.now.leading)
		w.string(last.RawString())
	case "\"":
		w.now.wordSpacing, w.now.spacing = n[0], n[1]
		w.move(0, -w.now.leading)
		w.string(last.RawString())
	case "TJ":
		for i := range last.Len() {
			part := last.Index(i)
			if part.Kind() == pdf.String {
				w.string(part.RawString())
				continue
			}
			w.advance(-part.Float64() / 1000 * w.now.size * w.now.stretch)
		}
	}
}

func (w *walk) move(x, y float64) {
	w.now.line = matrix{1, 0, 0, 1, x, y}.mul(w.now.line)
	w.now.text = w.now.line
}

func (w *walk) advance(x float64) {
	w.now.text = matrix{1, 0, 0, 1, x, 0}.mul(w.now.text)
}

// How far from where the last glyph ended the next one must stand, in parts of the
// size, to be another word, and another line.
const (
	wordGap = 0.15
	lineGap = 0.5
	// backGap is how far back it may go and still be the same line: kerning, accents.
	backGap = 0.6
)

// string shows a string of codes.
func (w *walk) string(raw string) {
	s := &w.now
	if s.font == nil || s.size == 0 {
		return
	}
	for _, g := range s.font.glyphs(raw) {
		w.glyph(g)
		step := g.width*s.size + s.spacing
		if g.space {
			step += s.wordSpacing
		}
		w.advance(step * s.stretch)
	}
}

// glyph writes a glyph down, with the space or the new line that its place tells of.
func (w *walk) glyph(g glyph) {
	s := &w.now
	m := s.text.mul(s.ctm)
	x, y := m.at(0, s.rise)
	// The direction of writing, and the size, as they come out on the page.
	dx, dy := m[0], m[1]
	scale := math.Hypot(dx, dy)
	size := math.Hypot(m[2], m[3]) * math.Abs(s.size)
	if !(scale > 0 && size > 0) || math.IsInf(size, 0) {
		return
	}
	dx, dy = dx/scale, dy/scale
	box, on := w.to.corners(m, s.rise, g.width*s.size, s.size)
	// A shadow, or a letter made bold by drawing it twice.
	spot := spot{g.text, math.Round(x), math.Round(y)}
	if on && g.text != "" && !w.drawn[spot] {
		w.drawn[spot] = true
		w.gap(x, y, dx, dy, size, g)
		for _, r := range g.text {
			w.out.char(r, box)
		}
	}
	w.started = w.started || on
	w.size = size
	w.end[0], w.end[1] = m.at(g.width*s.size*s.stretch, s.rise)
}

// gap writes the space or new line between the last glyph and one at x, y.
func (w *walk) gap(x, y, dx, dy, size float64, g glyph) {
	if !w.started {
		return
	}
	ex, ey := x-w.end[0], y-w.end[1]
	along, across := ex*dx+ey*dy, ey*dx-ex*dy
	larger := max(size, w.size)
	switch {
	case math.Abs(across) > lineGap*larger || along < -backGap*larger:
		w.out.newLine()
	case along > wordGap*min(size, w.size) && g.measured:
		w.out.space()
	}
}
