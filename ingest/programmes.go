package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"rostrum/archive"
)

// Bounds of what is read into memory, in bytes. The largest real line known,
// an edition of 600 talks, has 300 kB.
const (
	maxProgramme = 64 << 20 // one Programme JSON
	maxPage      = 32 << 20 // one page
	maxUnpacked  = 16 << 30 // all of a compressed file
)

// part is one programme of a source: the n-th, from 0.
type part struct {
	n         int
	line      int // in the file, from 1
	programme archive.Programme
	err       error // why this one could not be read; the next may
}

// unpack opens what may be compressed. What comes out is bounded: a small file
// can unpack to a terabyte.
func unpack(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(head, []byte("\x1f\x8b")) {
		return b, nil
	}
	z, err := gzip.NewReader(b)
	if err != nil {
		return nil, fmt.Errorf("not a whole gzip file: %w", err)
	}
	return bufio.NewReaderSize(io.LimitReader(z, maxUnpacked), 64<<10), nil
}

// programmes reads Programme JSON one programme at a time, so that a file of a
// thousand editions never lies in memory. Whether it holds one programme or
// one a line shows its first line: if that is a whole value by itself, each
// line is. A bad line is told and passed over.
func programmes(r *bufio.Reader) iter.Seq[part] {
	return func(yield func(part) bool) {
		l := &lines{r: r}
		first, err := l.next()
		if err != nil {
			yield(part{line: 1, err: atLine(1, err)})
			return
		}
		if !json.Valid(bytes.TrimPrefix(first.text, []byte("\xef\xbb\xbf"))) {
			yield(wholeFile(first, r))
			return
		}
		for n, line := 0, first; ; n++ {
			p, err := archive.DecodeProgramme(line.text, line.n)
			if !yield(part{n: n, line: line.n, programme: p, err: err}) {
				return
			}
			if line, err = l.next(); errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(part{n: n + 1, line: l.n, err: atLine(l.n, err)})
				return
			}
		}
	}
}

func wholeFile(first line, r io.Reader) part {
	rest, err := io.ReadAll(io.LimitReader(r, maxProgramme+1))
	if err == nil && len(first.text)+len(rest) > maxProgramme {
		err = errLong
	}
	if err != nil {
		return part{line: first.n, err: atLine(first.n, err)}
	}
	p, err := archive.DecodeProgramme(append(first.text, rest...), first.n)
	return part{line: first.n, programme: p, err: err}
}

var errLong = fmt.Errorf("one programme is longer than %d MB", maxProgramme>>20)

// atLine puts what went wrong with reading into words.
func atLine(n int, err error) error {
	why := err.Error()
	switch {
	case errors.Is(err, io.EOF):
		return &archive.InvalidError{Thing: "programme", Why: "the file is empty"}
	case errors.Is(err, io.ErrUnexpectedEOF):
		why = "the compressed file ends in the middle"
	}
	return &archive.InvalidError{Thing: fmt.Sprintf("line %d", n), Why: why}
}

// line is one line that is not blank, with its line end.
type line struct {
	n    int
	text []byte
}

// lines reads lines up to maxProgramme long.
type lines struct {
	r *bufio.Reader
	n int
}

// next returns io.EOF when there are no more.
func (l *lines) next() (line, error) {
	for {
		var text []byte
		for {
			chunk, err := l.r.ReadSlice('\n')
			if len(text)+len(chunk) > maxProgramme {
				l.n++
				return line{}, errLong
			}
			text = append(text, chunk...)
			if errors.Is(err, bufio.ErrBufferFull) {
				continue
			}
			if err != nil && (!errors.Is(err, io.EOF) || len(text) == 0) {
				if !errors.Is(err, io.EOF) {
					l.n++
				}
				return line{}, err
			}
			break
		}
		l.n++
		if len(bytes.TrimSpace(text)) > 0 {
			return line{n: l.n, text: text}, nil
		}
	}
}
