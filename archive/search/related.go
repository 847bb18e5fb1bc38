package search

import (
	"context"
	"slices"
	"strings"

	"rostrum/archive"
)

// Related is a talk that is like another.
type Related struct {
	Talk  archive.TalkID
	Score float64  // 0 to 1
	Words []string // that both share, the most telling first, as they are mostly spelled
}

// Bounds of Related: the words of a talk that are looked for, those named as
// the reason, and how like two talks must be to be named.
const (
	relatedWords  = 15
	relatedReason = 4
	relatedLeast  = 0.05
)

// Related returns up to n talks that are about the same things as a talk, the
// most alike first. It is empty for a talk that has too few words and as long
// as nothing was learned yet; archive.ErrNotFound is returned for a talk that
// the index does not have.
func (ix *Index) Related(ctx context.Context, talk archive.TalkID, n int) ([]Related, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v, leave, err := ix.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	ord, ok := v.columns.byID[talk]
	if !ok {
		return nil, archive.ErrNotFound
	}
	m := ix.modelFor(v)
	if m == nil {
		return nil, nil
	}
	about := m.telling(ord, relatedWords)
	near, err := v.sharing(m, about)
	if err != nil {
		return nil, err
	}
	var out []Related
	for _, other := range near {
		if other == ord || v.columns.rows[other] == nil {
			continue
		}
		r := Related{Talk: v.columns.rows[other].id, Score: round(m.alike(ord, other))}
		if r.Score >= relatedLeast {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Related) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return strings.Compare(string(a.Talk), string(b.Talk))
	})
	out = out[:min(len(out), max(n, 0))]
	st := ix.stemmers.get()
	defer ix.stemmers.put(st)
	for i := range out {
		for _, term := range m.shared(ord, v.columns.byID[out[i].Talk], relatedReason) {
			word, err := v.spelling(st, m.terms[term])
			if err != nil {
				return nil, err
			}
			out[i].Words = append(out[i].Words, word)
		}
	}
	return out, nil
}

// telling returns a talk's n most telling words, as numbers of terms.
func (m *model) telling(ord uint32, n int) []uint32 {
	words := slices.Clone(m.of(ord))
	m.sortByWorth(words)
	var out []uint32
	for _, w := range words[:min(len(words), n)] {
		out = append(out, w.term())
	}
	return out
}

func (m *model) sortByWorth(words []aboutWord) {
	worth := func(w aboutWord) float32 { return w.weight() * m.idf[w.term()] }
	slices.SortFunc(words, func(a, b aboutWord) int {
		if d := compareFloat(worth(b), worth(a)); d != 0 {
			return d
		}
		return int(a.term()) - int(b.term())
	})
}

// sharing returns the talks that have the most of some words; at most 200.
func (v *view) sharing(m *model, terms []uint32) ([]uint32, error) {
	r := &run{view: v, scratch: v.scratch.get(v.columns)}
	for _, t := range terms {
		slot := &slot{kind: wordSlot, in: 1<<inTitle | 1<<inTopic | 1<<inAbstract, variants: []variant{{stem: m.terms[t], weight: 1}}}
		list, err := v.term(slot)
		if err != nil {
			return nil, err
		}
		r.terms = append(r.terms, list)
		r.total += list.idf
		r.scratch.touched.add(list.matches)
	}
	r.found = r.scratch.touched.list(r.scratch.found[:0])
	clear(r.scratch.touched)
	r.weigh()
	defer r.end()
	top := r.top(200)
	out := make([]uint32, len(top))
	for i, at := range top {
		out[i] = r.found[at]
	}
	return out, nil
}

// alike is how much two talks are about the same, 0 to 1: by their words and,
// where there are vectors, by their meaning.
func (m *model) alike(a, b uint32) float32 {
	words := func(x, y []aboutWord) (sum float32) {
		for i, j := 0, 0; i < len(x) && j < len(y); {
			switch tx, ty := x[i].term(), y[j].term(); {
			case tx == ty:
				sum += x[i].weight() * y[j].weight() * m.idf[tx] * m.idf[tx]
				i++
				j++
			case tx < ty:
				i++
			default:
				j++
			}
		}
		return sum
	}
	x, y := m.of(a), m.of(b)
	own := words(x, x) * words(y, y)
	if own == 0 {
		return 0
	}
	both := words(x, y)
	likeness := both * both / own // the square of the cosine needs no root
	if v := m.vectors; v != nil {
		d := max(0, dot(v.talks[int(a)*v.dims:][:v.dims], v.talks[int(b)*v.dims:][:v.dims]))
		likeness = (likeness + d*d) / 2
	}
	return likeness
}

// shared returns the terms that say most of what two talks have in common.
func (m *model) shared(a, b uint32, n int) []uint32 {
	x, y := m.of(a), m.of(b)
	var both []aboutWord
	for _, w := range x {
		at, ok := slices.BinarySearchFunc(y, w.term(), func(o aboutWord, t uint32) int { return int(o.term()) - int(t) })
		if ok {
			both = append(both, w&^0xff|min(w&0xff, y[at]&0xff))
		}
	}
	m.sortByWorth(both)
	var out []uint32
	for _, w := range both[:min(len(both), n)] {
		out = append(out, w.term())
	}
	return out
}

// spelling returns the word that a stem is mostly written as; the stem itself
// when no word of the archive begins so.
func (v *view) spelling(st *stemmer, stem string) (string, error) {
	if known, ok := v.spellings.Load(stem); ok {
		if word, ok := known.(string); ok {
			return word, nil
		}
	}
	word, err := v.spell(st, stem)
	if err == nil {
		v.spellings.Store(stem, word)
	}
	return word, err
}

func (v *view) spell(st *stemmer, stem string) (string, error) {
	counts := map[string]uint64{}
	begin := stem
	if len(begin) > 3 && isASCII(begin) {
		begin = begin[:len(begin)-1] // "studi" is what "study" was cut to
	}
	if err := v.beginning(spelled, begin, counts); err != nil {
		return "", err
	}
	best := ""
	for word, n := range counts {
		if n < counts[best] || n == counts[best] && word > best {
			continue
		}
		sc := wordScript(word)
		for _, lang := range v.columns.languages {
			if slices.Contains(st.stems(word, word, sc, lang), stem) {
				best = word
				break
			}
		}
	}
	if best == "" {
		return stem, nil
	}
	return best, nil
}
