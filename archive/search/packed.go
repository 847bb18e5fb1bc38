package search

import "strconv"

// A posting's frequency is a number that scorch only carries. In it stand the
// term's count in the field and its first positions: six bits of count, then
// positions as bytes of seven bits each, the first as it is and the others as
// differences. Seven such bytes fit (62 bits are ours: scorch takes one for
// itself). Positions that do not fit stand as further postings of the same
// term in the fields' overflows, "abstract+1", "abstract+2" and so on, again
// seven bytes each; few terms of few texts need them.
//
// Scorch's own term vectors would cost six bytes a word and more.
const (
	countBits    = 6
	maxCount     = 1<<countBits - 1
	packedBytes  = 7
	maxOverflows = 15
)

// pack makes the numbers of a posting: the first for the field itself and one
// for each overflow. Positions grow; those beyond the last overflow, of a word
// that a field says some hundred times, are dropped: phrases take the word to
// stand there (see places.starts).
func pack(positions []int) []uint64 {
	count := uint64(min(len(positions), maxCount))
	var out []uint64
	word, used, last := count, 0, 0
	for _, p := range positions {
		delta := uint64(max(p-last, 0))
		n := groups(delta)
		if used+n > packedBytes {
			out = append(out, word)
			if len(out) > maxOverflows {
				return out
			}
			word, used = count, 0
		}
		for n > 0 {
			n--
			b := delta & 0x7f
			delta >>= 7
			if n > 0 {
				b |= 0x80
			}
			word |= b << (countBits + 8*used)
			used++
		}
		last = p
	}
	return append(out, word)
}

// packOne is pack of a single position, which most postings have.
func packOne(pos int) uint64 {
	if pos < 0x80 {
		return 1 | uint64(pos)<<countBits
	}
	return pack([]int{pos})[0]
}

func groups(v uint64) int {
	n := 1
	for v >= 0x80 {
		v >>= 7
		n++
	}
	return n
}

// count is how often the term stands in the field, at most maxCount.
func count(packed uint64) int { return int(packed & maxCount) }

// unpack appends the positions that a posting's number carries, the first
// counted from last, which is 0 or the last position of the number before.
// Differences of 0 end the list: a position is never repeated.
func unpack(to []int, packed uint64, last int) []int {
	rest := packed >> countBits
	for rest != 0 {
		delta, shift := 0, 0
		for {
			b := rest & 0xff
			rest >>= 8
			delta |= int(b&0x7f) << shift
			shift += 7
			if b&0x80 == 0 {
				break
			}
		}
		if delta == 0 {
			break
		}
		last += delta
		to = append(to, last)
	}
	return to
}

// overflow names the field that carries the n-th further positions of a field.
func overflow(field string, n int) string {
	if n == 0 {
		return field
	}
	return field + "+" + strconv.Itoa(n)
}
