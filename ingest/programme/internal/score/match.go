package score

// blocks finds what two sequences share, as Ratcliff and Obershelp do: the
// longest common run, then the same left and right of it. The longest run that
// begins earliest in a wins, then the one that begins earliest in b, so that
// the result is that of Python's difflib.SequenceMatcher without its junk
// heuristic, to which the figures of other tools refer.
type matcher[T comparable] struct {
	a     []T
	where map[T][]int // the places of each element in b, ascending
	nb    int
}

func newMatcher[T comparable](a, b []T) *matcher[T] {
	m := &matcher[T]{a: a, where: make(map[T][]int, len(b)), nb: len(b)}
	for j, e := range b {
		m.where[e] = append(m.where[e], j)
	}
	return m
}

// longest returns the start in a, the start in b and the length of the longest
// common run within a[alo:ahi] and b[blo:bhi]; length 0 when there is none.
func (m *matcher[T]) longest(alo, ahi, blo, bhi int) (besti, bestj, size int) {
	besti, bestj = alo, blo
	lengths := map[int]int{} // of the run that ends at b[j] and at the element of a before this one
	for i := alo; i < ahi; i++ {
		next := make(map[int]int, len(lengths))
		for _, j := range m.where[m.a[i]] {
			if j < blo {
				continue
			}
			if j >= bhi {
				break
			}
			k := lengths[j-1] + 1
			next[j] = k
			if k > size {
				besti, bestj, size = i-k+1, j-k+1, k
			}
		}
		lengths = next
	}
	return besti, bestj, size
}

// matches returns how many elements the common runs hold together.
func (m *matcher[T]) matches() int {
	type span struct{ alo, ahi, blo, bhi int }
	open := []span{{0, len(m.a), 0, m.nb}}
	sum := 0
	for len(open) > 0 {
		s := open[len(open)-1]
		open = open[:len(open)-1]
		i, j, n := m.longest(s.alo, s.ahi, s.blo, s.bhi)
		if n == 0 {
			continue
		}
		sum += n
		if s.alo < i && s.blo < j {
			open = append(open, span{s.alo, i, s.blo, j})
		}
		if i+n < s.ahi && j+n < s.bhi {
			open = append(open, span{i + n, s.ahi, j + n, s.bhi})
		}
	}
	return sum
}

// ratio returns how alike a and b are, from 0 to 1; two empty ones are alike.
func ratio[T comparable](a, b []T) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	return 2 * float64(newMatcher(a, b).matches()) / float64(len(a)+len(b))
}

// longestRun returns the length of the longest run that a and b share.
func longestRun[T comparable](a, b []T) int {
	_, _, n := newMatcher(a, b).longest(0, len(a), 0, len(b))
	return n
}
