package store

import (
	"encoding/binary"
	"errors"
	"math"

	"rostrum/archive"
	"rostrum/internal/stock"
)

// Words and their boxes make most of what a read deck weighs. They are kept in
// gzip, as a version byte, the number of words, and for each its length, its
// bytes and the box's four sides in 65535ths of the slide: a hundredth of
// a point on a slide of any size, in a seventh of what JSON takes.
const wordsVersion = 1

// maxWords bounds a slide's words in bytes before packing.
const maxWords = 16 << 20

// wordBytes is what a word takes at least, which bounds how many there can be.
const wordBytes = 9

var errWords = errors.New("the stored words are damaged")

func packWords(words []archive.Word) ([]byte, error) {
	if len(words) == 0 {
		return []byte{}, nil
	}
	b := binary.AppendUvarint([]byte{wordsVersion}, uint64(len(words)))
	for _, w := range words {
		b = binary.AppendUvarint(b, uint64(len(w.Text)))
		b = append(b, w.Text...)
		for _, side := range []float32{w.Box.Left, w.Box.Top, w.Box.Right, w.Box.Bottom} {
			b = binary.LittleEndian.AppendUint16(b, side16(side))
		}
	}
	if len(b) > maxWords {
		return nil, &archive.InvalidError{Thing: "words", Why: "more than one slide can hold"}
	}
	return pack(b)
}

func side16(side float32) uint16 {
	// Not a number compares false with everything and becomes 0.
	if !(side > 0) {
		return 0
	}
	return uint16(math.Round(float64(min(side, 1)) * math.MaxUint16))
}

func unpackWords(packed []byte) ([]archive.Word, error) {
	if len(packed) == 0 {
		return nil, nil
	}
	room := unpackedWords.Take()
	defer unpackedWords.Return(room)
	raw, err := unpackInto(room, packed, maxWords)
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 || raw[0] != wordsVersion {
		return nil, errWords
	}
	rest := raw[1:]
	count, size := binary.Uvarint(rest)
	if size <= 0 || count > uint64(len(raw)/wordBytes) {
		return nil, errWords
	}
	rest = rest[size:]
	all := string(rest) // every word is a piece of it
	words := make([]archive.Word, count)
	for i := range words {
		n, size := binary.Uvarint(rest)
		if size <= 0 || n > uint64(len(rest)-size) || uint64(len(rest)-size)-n < 8 {
			return nil, errWords
		}
		begin := len(all) - len(rest) + size
		sides := rest[size+int(n):]
		side := func(i int) float32 { return float32(binary.LittleEndian.Uint16(sides[2*i:])) / math.MaxUint16 }
		words[i] = archive.Word{Text: all[begin : begin+int(n)], Box: archive.Box{Left: side(0), Top: side(1), Right: side(2), Bottom: side(3)}}
		rest = sides[8:]
	}
	return words, nil
}

// unpackedWords are buffers that the words of one slide are unpacked in.
var unpackedWords stock.Buffers //nolint:gochecknoglobals // a stock holds nothing that outlives its use
