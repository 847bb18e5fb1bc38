package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"unicode/utf8"

	"github.com/blevesearch/vellum"
	zap "github.com/blevesearch/zapx/v17"
)

// vocabulary is the words of one segment as they were spelled, laid out so
// that all can be compared with one in less time than an automaton would be
// made in.
type vocabulary struct {
	text   []byte   // the words in order, one behind the other
	ends   []uint32 // of each in text
	counts []uint32 // of documents that have it, the deleted among them

	// The words by how many letters they have, those of n letters from from[n]
	// on: their numbers and the letters that they are made of.
	from    [maxWord + 2]uint32
	numbers []uint32
	letters []letterSet
}

// letterSet has a bit for each letter of a word; some letters share one.
type letterSet uint32

func lettersOf(word []byte) (set letterSet, n int) {
	for len(word) > 0 {
		r, size := rune(word[0]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(word)
		}
		set |= 1 << (uint32(r) % 32)
		word = word[size:]
		n++
	}
	return set, n
}

// within says whether so many errors could make one word of the other: each
// adds a letter at most, and takes one away at most.
func (s letterSet) within(o letterSet, most int) bool {
	return bits.OnesCount32(uint32(s&^o)) <= most && bits.OnesCount32(uint32(o&^s)) <= most
}

// readVocabulary reads the spelled words of a segment.
func (n *numbered) readVocabulary() (*vocabulary, error) {
	v := &vocabulary{}
	var sizes [maxWord + 2]uint32
	var sets []letterSet
	var lengths []uint8
	err := n.eachTerm(spelled, "", func(term []byte, docs uint64) bool {
		v.text = append(v.text, term...)
		v.ends = append(v.ends, uint32(len(v.text)))
		v.counts = append(v.counts, uint32(docs))
		set, letters := lettersOf(term)
		letters = min(letters, maxWord)
		sets, lengths = append(sets, set), append(lengths, uint8(letters))
		if len(sets)%256 == 0 {
			runtime.Gosched() // whoever asks goes first
		}
		sizes[letters+1]++
		return true
	})
	if err != nil {
		return nil, err
	}
	for i := 1; i < len(sizes); i++ {
		sizes[i] += sizes[i-1]
	}
	v.from = sizes
	v.numbers, v.letters = make([]uint32, len(sets)), make([]letterSet, len(sets))
	for i, set := range sets {
		at := &sizes[lengths[i]]
		v.numbers[*at], v.letters[*at] = uint32(i), set
		*at++
	}
	v.text, v.ends, v.counts = slices.Clip(v.text), slices.Clip(v.ends), slices.Clip(v.counts)
	return v, nil
}

func (v *vocabulary) word(i uint32) []byte {
	begin := uint32(0)
	if i > 0 {
		begin = v.ends[i-1]
	}
	return v.text[begin:v.ends[i]]
}

// near calls take for the words that are not more than so many errors away.
func (v *vocabulary) near(m *misspelled, most int, take func(i uint32, word []byte, distance int)) {
	first, last := max(m.n-most, 1), min(m.n+most, maxWord)
	if first > last {
		return
	}
	begin := v.from[first]
	for at, set := range v.letters[begin:v.from[last+1]] {
		if !set.within(m.letters, most) {
			continue
		}
		i := v.numbers[begin+uint32(at)]
		word := v.word(i)
		if distance := m.distance(word); distance <= most {
			take(i, word, distance)
		}
	}
}

// misspelled is a word of at most 64 letters that others are compared with.
type misspelled struct {
	letters letterSet
	n       int
	ascii   [utf8.RuneSelf]uint64 // where in it each letter stands, as bits
	other   map[rune]uint64
}

func newMisspelled(word string) *misspelled {
	m := &misspelled{}
	m.letters, m.n = lettersOf([]byte(word))
	i := 0
	for _, r := range word {
		if r < utf8.RuneSelf {
			m.ascii[r] |= 1 << i
		} else {
			if m.other == nil {
				m.other = map[rune]uint64{}
			}
			m.other[r] |= 1 << i
		}
		i++
	}
	return m
}

// distance is fold.Distance, by Hyyrö's bit vectors: a column of the table of
// distances is the differences between its neighbours, as bits.
func (m *misspelled) distance(word []byte) int {
	up, down, score := ^uint64(0), uint64(0), m.n
	last := uint64(1) << (m.n - 1)
	var diagonal, before uint64 // where the distance does not grow; same of the letter before
	for len(word) > 0 {
		var same uint64
		if c := word[0]; c < utf8.RuneSelf {
			same, word = m.ascii[c], word[1:]
		} else {
			r, size := utf8.DecodeRune(word)
			same, word = m.other[r], word[size:]
		}
		swapped := (^diagonal & same) << 1 & before
		diagonal = ((same&up + up) ^ up) | same | down | swapped
		right := down | ^(diagonal | up)
		left := up & diagonal
		if right&last != 0 {
			score++
		}
		if left&last != 0 {
			score--
		}
		right = right<<1 | 1
		up, down = left<<1|^(diagonal|right), right&diagonal
		before = same
	}
	return score
}

// eachTerm calls take for the terms of a field that begin with a prefix, in
// order, with how many documents have each, the deleted among them, until it
// returns false. The term is valid until take returns.
func (n *numbered) eachTerm(field, prefix string, take func(term []byte, docs uint64) bool) error {
	if n.bytes == nil {
		return n.eachTermInMemory(field, prefix, take)
	}
	dict := n.bytes.dictionaries[field]
	if dict == nil {
		return nil
	}
	it, err := dict.Iterator([]byte(prefix), behind(prefix))
	for ; err == nil; err = it.Next() {
		term, address := it.Current()
		docs, ok := n.bytes.size(address)
		if !ok {
			return fmt.Errorf("read index: %w", errPostings)
		}
		if !take(term, docs) {
			return nil
		}
	}
	if !errors.Is(err, vellum.ErrIteratorDone) {
		return fmt.Errorf("read index: %w", err)
	}
	return nil
}

func (n *numbered) eachTermInMemory(field, prefix string, take func(term []byte, docs uint64) bool) error {
	dict, err := n.Segment().Dictionary(field)
	if err != nil {
		return fmt.Errorf("read index: %w", err)
	}
	if dict == nil {
		return nil
	}
	for it := dict.AutomatonIterator(nil, []byte(prefix), behind(prefix)); ; {
		e, err := it.Next()
		if err != nil {
			return fmt.Errorf("read index: %w", err)
		}
		if e == nil || !take([]byte(e.Term), e.Count) {
			return nil
		}
	}
}

// behind returns the first string behind all that begin with a prefix; nil
// when there is none.
func behind(prefix string) []byte {
	end := []byte(prefix)
	for len(end) > 0 {
		if end[len(end)-1]++; end[len(end)-1] != 0 {
			return end
		}
		end = end[:len(end)-1]
	}
	return nil
}

// Beginnings of a roaring bitmap, as its specification has them.
const (
	roaringPlain = 12346
	roaringRuns  = 12347
)

// size reads how many documents the postings have that a dictionary points
// to: the sizes of a bitmap's parts stand before them.
func (b *segmentBytes) size(address uint64) (docs uint64, ok bool) {
	if address&zap.FSTValEncodingMask == zap.FSTValEncoding1Hit {
		return 1, true
	}
	d := decoder{b.data, address, false}
	d.num()
	d.num()
	packed := d.bytes(d.num())
	if len(packed) < 8 {
		return 0, false
	}
	var parts, at int
	switch cookie := binary.LittleEndian.Uint32(packed); {
	case cookie == roaringPlain:
		parts, at = int(binary.LittleEndian.Uint32(packed[4:])), 8
	case cookie&0xffff == roaringRuns:
		parts = int(cookie>>16) + 1
		at = 4 + (parts+7)/8
	default:
		return 0, false
	}
	if parts > 1<<16 || len(packed) < at+4*parts {
		return 0, false
	}
	for i := range parts {
		docs += uint64(binary.LittleEndian.Uint16(packed[at+4*i+2:])) + 1
	}
	return docs, true
}
