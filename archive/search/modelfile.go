package search

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"

	"rostrum/archive"
)

// What was learned lies beside the index it was learned from, so that a start
// need not learn it again: a file of numbers in the order of model's parts,
// with a checksum behind. Like the index it may be thrown away at any time; one
// that is cut short, of another version or ahead of its index is.
//
// Vectors are rounded, to a byte a number: they were half of an index of abstracts
// alone, and rounding them moves none of the figures that the ranking is held to.

const (
	modelFile  = "learned"
	modelMagic = "rostrum learned 2\n"
)

var errModelFile = errors.New("what was learned cannot be read")

// save writes the model into its generation's folder, whole or not at all.
func (m *model) save() error {
	path := filepath.Join(m.gen.path, modelFile)
	f, err := os.Create(path + ".new")
	if err != nil {
		return fmt.Errorf("keep what was learned: %w", err)
	}
	sum := crc32.NewIEEE()
	b := bufio.NewWriterSize(io.MultiWriter(f, sum), 1<<20)
	err = m.write(b)
	if err == nil {
		err = b.Flush()
	}
	if err == nil {
		err = binary.Write(f, binary.LittleEndian, sum.Sum32())
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("keep what was learned: %w", err), os.Remove(path+".new"))
	}
	return nil
}

func (m *model) write(to io.Writer) error {
	v := m.vectors
	if v == nil {
		v = &vectors{}
	}
	w := m.gen.pace.worker()
	w.start()
	terms, talks := roundRows(v.terms, v.dims, w), roundRows(v.talks, v.dims, w)
	w.pause()
	parts := []any{
		uint64(m.revision), uint64(m.talks), uint64(v.dims), m.idf, m.from, m.words,
		terms.largest, terms.parts, talks.largest, talks.parts, []byte(strings.Join(m.terms, "\x00")),
	}
	if _, err := io.WriteString(to, modelMagic); err != nil {
		return err
	}
	for _, p := range parts {
		if _, number := p.(uint64); !number {
			if err := binary.Write(to, binary.LittleEndian, uint64(binary.Size(p))); err != nil {
				return err
			}
		}
		if err := binary.Write(to, binary.LittleEndian, p); err != nil {
			return err
		}
	}
	return nil
}

// loadModel reads what was learned from a generation. It fails when nothing
// was, or the file is not whole. w gives way now and then.
func loadModel(g *generation, w *worker) (*model, error) {
	f, err := os.Open(filepath.Join(g.path, modelFile))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	sum := crc32.NewIEEE()
	left := info.Size() - 4
	w.start()
	defer w.pause()
	r := modelReader{worker: w, from: io.TeeReader(bufio.NewReaderSize(io.LimitReader(f, left), 1<<20), sum), left: left}
	magic := make([]byte, len(modelMagic))
	if _, err := io.ReadFull(r.from, magic); err != nil || string(magic) != modelMagic {
		return nil, errModelFile
	}
	var revision, talks, dims uint64
	r.value(&revision)
	r.value(&talks)
	r.value(&dims)
	if r.err == nil && dims != 0 && dims != dimensions {
		return nil, errModelFile
	}
	m := &model{gen: g}
	v := &vectors{dims: int(dims)}
	m.idf, m.from, m.words = part(&r, math.Float32frombits), part(&r, numeral), part(&r, toAboutWord)
	v.terms, v.talks = r.rows(v.dims), r.rows(v.dims)
	terms := string(r.bytes())
	if r.err != nil {
		return nil, r.err
	}
	want := make([]byte, 4)
	if _, err := f.ReadAt(want, left); err != nil || binary.LittleEndian.Uint32(want) != sum.Sum32() {
		return nil, errModelFile
	}
	m.revision, m.talks = archive.Revision(revision), int(talks)
	if terms != "" {
		m.terms = strings.Split(terms, "\x00")
	}
	if v.dims > 0 {
		m.vectors = v
	}
	m.ids = make(map[string]uint32, len(m.terms))
	for i, t := range m.terms {
		w.often(i)
		m.ids[t] = uint32(i)
	}
	if len(m.idf) != len(m.terms) || len(m.from) == 0 || len(v.terms) != len(m.terms)*v.dims {
		return nil, errModelFile
	}
	m.makeDigests(w)
	return m, nil
}

type modelReader struct {
	from   io.Reader
	left   int64 // no part is longer
	err    error
	worker *worker
}

func (r *modelReader) value(to any) {
	if r.err == nil {
		r.err = binary.Read(r.from, binary.LittleEndian, to)
	}
}

// size is the bytes of the next part; 0 after an error.
func (r *modelReader) size() int {
	var size uint64
	r.value(&size)
	if r.err == nil && size > uint64(r.left) {
		r.err = errModelFile
	}
	if r.err != nil {
		return 0
	}
	return int(size)
}

func (r *modelReader) bytes() []byte {
	list := make([]byte, r.size())
	for rest := list; len(rest) > 0 && r.err == nil; {
		r.worker.give()
		piece := rest[:min(len(rest), 128<<10)]
		_, r.err = io.ReadFull(r.from, piece)
		rest = rest[len(piece):]
	}
	return list
}

// rows reads what roundRows made.
func (r *modelReader) rows(dims int) []float32 {
	p := rounded{largest: part(r, math.Float32frombits), parts: r.bytes()}
	if r.err == nil && len(p.parts) != len(p.largest)*dims {
		r.err = errModelFile
	}
	if r.err != nil {
		return nil
	}
	return p.rows(dims, r.worker)
}

// part reads numbers of four bytes.
func part[T any](r *modelReader, number func(uint32) T) []T {
	list := make([]T, r.size()/4)
	var some [32 << 10]byte
	for at := 0; at < len(list) && r.err == nil; {
		r.worker.give()
		piece := some[:min(len(some), 4*(len(list)-at))]
		_, r.err = io.ReadFull(r.from, piece)
		for ; len(piece) > 0; piece = piece[4:] {
			list[at] = number(binary.LittleEndian.Uint32(piece))
			at++
		}
	}
	return list
}

func numeral(n uint32) uint32        { return n }
func toAboutWord(n uint32) aboutWord { return aboutWord(n) }

// rounded are rows of numbers, each told in 127ths of the largest of its row.
type rounded struct {
	largest []float32 // by row, without its sign
	parts   []byte    // of two's complement
}

// roundRows makes them of rows of dims numbers each, and gives way now and then.
func roundRows(rows []float32, dims int, w *worker) rounded {
	p := rounded{parts: make([]byte, 0, len(rows))}
	for ; len(rows) > 0; rows = rows[dims:] {
		w.often(len(p.largest))
		largest := float32(0)
		for _, x := range rows[:dims] {
			largest = max(largest, x, -x)
		}
		p.largest = append(p.largest, largest)
		for _, x := range rows[:dims] {
			part := float64(0)
			if largest > 0 {
				part = math.Round(127 * float64(x) / float64(largest))
			}
			p.parts = append(p.parts, byte(int8(part)))
		}
	}
	return p
}

// rows returns the rows; rounded again they are the same.
func (p rounded) rows(dims int, w *worker) []float32 {
	rows := make([]float32, len(p.parts))
	for i, largest := range p.largest {
		w.often(i)
		step := float64(largest) / 127
		for k := i * dims; k < (i+1)*dims; k++ {
			rows[k] = float32(step * float64(int8(p.parts[k])))
		}
	}
	return rows
}
