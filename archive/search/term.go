package search

import "slices"

// term is where one part of a query matches: its own list, and for talks that
// are not in it those of words that stand for it and its neighbour ("database"
// of "data base") or of the two that it may be written as ("real time" of
// "realtime"). Merging the former, which are short, into a list of the common
// words that they are made of would mean to read those anew for each query; and
// a talk that writes "real-time" has all three words, and should not count twice.
// For a word that no talk has stand those whose edition announced it.
type term struct {
	*matches
	also []*matches
	n    int // talks in any of them
	idf  float32
}

func (v *view) term(s *slot) (term, error) {
	m, err := v.match(s)
	if err != nil {
		return term{}, err
	}
	t := term{matches: m, n: m.n, idf: m.idf}
	for _, o := range s.also {
		more, err := v.match(o)
		if err != nil {
			return term{}, err
		}
		if more.n == 0 {
			continue // whoever has several lists is looked at longer
		}
		t.also = append(t.also, more)
		if more.n <= m.n {
			t.n += t.beyond(len(t.also)-1, func(uint32, int) {})
		} else {
			t.n = max(t.n, more.n) // a word that hardly stands alone
		}
		t.idf = idf(t.n, v.columns.talks)
	}
	return t, nil
}

// beyond calls take for the entries of also[k] whose talks are in no list
// before it, and returns how many those are.
func (t *term) beyond(k int, take func(ord uint32, at int)) (n int) {
	for at, ord := range t.also[k].ords() {
		if t.has(ord) || slices.ContainsFunc(t.also[:k], func(m *matches) bool { return m.has(ord) }) {
			continue
		}
		take(ord, at)
		n++
	}
	return n
}

// entry returns the list that has a talk, and its entry there; nil when none has.
func (t *term) entry(ord uint32) (*matches, int) {
	if at, ok := t.index(ord); ok {
		return t.matches, at
	}
	for _, m := range t.also {
		if at, ok := m.index(ord); ok {
			return m, at
		}
	}
	return nil, 0
}
