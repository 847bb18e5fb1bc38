package search

import (
	"context"
	"fmt"
	"math"
	"slices"

	"rostrum/archive"
)

// model is what was learned from the archive's own text: which words each talk
// is about, for feedback and related talks, and which words belong together
// (vectors.go). It is made in the background, a little behind the view, and
// serves every view of its generation: ordinals of talks stay.
type model struct {
	gen      *generation
	revision archive.Revision
	talks    int // when it was made

	terms []string // stems, sorted
	ids   map[string]uint32
	idf   []float32

	// The words of talk ord are words[from[ord]:from[ord+1]], sorted by term.
	from  []uint32
	words []aboutWord
	// The same in short, made anew at each start.
	digests []digest

	vectors *vectors // nil for a small archive
}

// aboutWord is a word of a talk: the term's number above, below it the BM25F
// weight of the word in the talk, in 255ths of the most it can be.
type aboutWord uint32

func (w aboutWord) term() uint32    { return uint32(w >> 8) }
func (w aboutWord) weight() float32 { return float32(w&0xff) / 255 }
func (m *model) of(ord uint32) []aboutWord {
	if int(ord)+1 >= len(m.from) {
		return nil // newer than the model
	}
	return m.words[m.from[ord]:m.from[ord+1]]
}

// digest tells of most terms that they are not among a talk's words, in one look.
type digest [digestBits / 64]uint64

const digestBits = 512

// digestBit spreads the terms: neighbours are inflections of each other.
func digestBit(term uint32) uint32 { return term * 2654435769 >> 23 }

func (d *digest) add(bit uint32) { d[bit>>6] |= 1 << (bit & 63) }

// digest returns the digest of a talk; of one newer than the model it is empty.
func (m *model) digest(ord uint32) *digest {
	if int(ord) >= len(m.digests) {
		return &digest{}
	}
	return &m.digests[ord]
}

func (m *model) makeDigests(w *worker) {
	m.digests = make([]digest, max(len(m.from)-1, 0))
	for ord := range m.digests {
		w.often(ord)
		d := &m.digests[ord]
		for _, w := range m.of(uint32(ord)) {
			d.add(digestBit(w.term()))
		}
	}
}

// maxTerms is how many terms a number of 24 bits can name.
const maxTerms = 1<<24 - 1

// learnedFields are the parts of a talk that say what it is about.
func learnedFields() []fieldID { return []fieldID{inTitle, inTopic, inAbstract} }

// learn makes the model of a view.
func (v *view) learn(ctx context.Context, g *generation) (*model, error) {
	m := &model{gen: g, revision: v.revision, talks: v.columns.talks, ids: map[string]uint32{}}
	terms, err := v.learnable()
	if err != nil {
		return nil, err
	}
	byTalk := make([][]aboutWord, len(v.columns.rows))
	b := v.builder()
	defer b.done()
	s := b.scratch
	w := g.pace.worker()
	w.start()
	defer w.pause()
	var having []uint32
	for i, term := range terms {
		w.give()
		if i%1000 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
		if err := v.weigh(b, term); err != nil {
			return nil, err
		}
		having = s.touched.list(having[:0])
		clear(s.touched)
		df := len(having)
		if df >= 2 && df <= max(20, v.columns.talks/3) && len(m.terms) < maxTerms {
			id := uint32(len(m.terms))
			m.terms = append(m.terms, term)
			m.idf = append(m.idf, idf(df, v.columns.talks))
			m.ids[term] = id
			for _, ord := range having {
				w := saturate(s.own[ord], v.weights.k1) / (v.weights.k1 + 1)
				byTalk[ord] = append(byTalk[ord], aboutWord(id<<8|uint32(w*255+0.5)))
			}
		}
		for _, ord := range having {
			s.own[ord], s.fields[ord] = 0, 0
		}
	}
	b.clean = true
	m.from = make([]uint32, 1, len(byTalk)+1)
	for _, words := range byTalk {
		m.words = append(m.words, words...)
		m.from = append(m.from, uint32(len(m.words)))
	}
	m.makeDigests(w)
	if m.vectors, err = m.learnVectors(ctx, v.columns, w); err != nil {
		return nil, err
	}
	return m, nil
}

// learnable returns the stems of the fields learned from, sorted.
func (v *view) learnable() ([]string, error) {
	known := map[string]struct{}{}
	for _, f := range learnedFields() {
		dict, err := v.reader.FieldDict(f.indexed())
		if err != nil {
			return nil, fmt.Errorf("read index: %w", err)
		}
		for {
			e, err := dict.Next()
			if err != nil || e == nil {
				if err != nil {
					return nil, fmt.Errorf("read index: %w", err)
				}
				break
			}
			known[e.Term] = struct{}{}
		}
		if err := dict.Close(); err != nil {
			return nil, fmt.Errorf("read index: %w", err)
		}
	}
	terms := make([]string, 0, len(known))
	for t := range known {
		if !isStopWord(t, v.columns.languages) {
			terms = append(terms, t)
		}
	}
	slices.Sort(terms)
	return terms, nil
}

// weigh gathers the talks that have a term and its unsaturated weights.
func (v *view) weigh(b *builderOfMatches, term string) error {
	for _, f := range learnedFields() {
		err := v.postings(f.indexed(), term, func(ord uint32, packed uint64) { b.talk(f, ord, float32(count(packed)), &v.weights) })
		if err != nil {
			return err
		}
	}
	return nil
}

// vectors place talks in a space of few dimensions where those that speak of
// the same things in other words are near each other: latent semantic
// analysis of the archive's own text.
type vectors struct {
	dims  int
	terms []float32 // dims for each term
	talks []float32 // dims for each talk, of length 1; all 0 for one without words
}

// Sizes of the vectors. Below minLearn talks there is too little to learn from;
// the space is learned from at most maxLearn of them, the others are placed in it.
const (
	minLearn   = 300
	maxLearn   = 20_000
	dimensions = 128
	rounds     = 5
)

// learnVectors finds the space by subspace iteration: the terms' vectors are
// sent through the talks and back, and made square again, a few times. It
// begins at numbers made from the terms alone, so the same archive gives the
// same space.
func (m *model) learnVectors(ctx context.Context, c *columns, w *worker) (*vectors, error) {
	ords := make([]uint32, 0, c.talks)
	for ord, r := range c.rows {
		if r != nil && m.from[ord] < m.from[ord+1] {
			ords = append(ords, uint32(ord))
		}
	}
	if len(ords) < minLearn || len(m.terms) < 2*dimensions {
		return nil, nil //nolint:nilnil // a small archive has none
	}
	slices.SortFunc(ords, func(a, b uint32) int {
		if c.rows[a].id < c.rows[b].id {
			return -1
		}
		return 1
	})
	sample := ords
	if step := (len(ords) + maxLearn - 1) / maxLearn; step > 1 {
		sample = nil
		for i := 0; i < len(ords); i += step {
			sample = append(sample, ords[i])
		}
	}
	v := &vectors{dims: dimensions, terms: startVectors(m.terms)}
	next := make([]float32, len(v.terms))
	row := make([]float32, dimensions)
	for range rounds {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		squareUp(v.terms, dimensions, w)
		clear(next)
		for _, ord := range sample {
			w.give()
			norm := m.place(ord, v.terms, row)
			for _, w := range m.of(ord) {
				addScaled(next[int(w.term())*dimensions:][:dimensions], row, w.weight()*m.idf[w.term()]*norm)
			}
		}
		v.terms, next = next, v.terms
	}
	squareUp(v.terms, dimensions, w)
	v.talks = make([]float32, len(c.rows)*dimensions)
	for i, ord := range ords {
		w.often(i)
		to := v.talks[int(ord)*dimensions:][:dimensions]
		m.place(ord, v.terms, to)
		normalize(to)
	}
	// As they will be after the next start: it must not move a talk.
	v.terms, v.talks = roundRows(v.terms, dimensions, w).rows(dimensions, w), roundRows(v.talks, dimensions, w).rows(dimensions, w)
	return v, nil
}

// place puts into row the talk's words, weighed to length 1, as sent through
// the terms' vectors, and returns what they were divided by, inverted.
func (m *model) place(ord uint32, terms, row []float32) float32 {
	clear(row)
	sum := float32(0)
	for _, w := range m.of(ord) {
		x := w.weight() * m.idf[w.term()]
		sum += x * x
	}
	if sum == 0 {
		return 0
	}
	norm := 1 / float32(math.Sqrt(float64(sum)))
	for _, w := range m.of(ord) {
		addScaled(row, terms[int(w.term())*len(row):][:len(row)], w.weight()*m.idf[w.term()]*norm)
	}
	return norm
}

func addScaled(to, from []float32, by float32) {
	for i := range to {
		to[i] += by * from[i]
	}
}

// startVectors makes numbers that look random from the terms.
func startVectors(terms []string) []float32 {
	out := make([]float32, len(terms)*dimensions)
	for i, t := range terms {
		h := uint64(14695981039346656037)
		for _, b := range []byte(t) {
			h = (h ^ uint64(b)) * 1099511628211
		}
		for d := range dimensions {
			h ^= h >> 12
			h ^= h << 25
			h ^= h >> 27
			out[i*dimensions+d] = float32(int32((h*2685821657736338717)>>33)-1<<30) / (1 << 30)
		}
	}
	return out
}

// squareUp makes the dims columns of a matrix stand at right angles and of
// length 1 (modified Gram-Schmidt), through their matrix of products, so that
// the large matrix is walked row by row.
func squareUp(a []float32, dims int, w *worker) {
	products := make([]float64, dims*dims)
	for at := 0; at < len(a); at += dims {
		w.give()
		row := a[at : at+dims]
		for i := range dims {
			x := float64(row[i])
			if x == 0 {
				continue
			}
			line := products[i*dims : (i+1)*dims]
			for j := i; j < dims; j++ {
				line[j] += x * float64(row[j])
			}
		}
	}
	upper := cholesky(products, dims)
	// a times the inverse of the triangle, row by row.
	for at := 0; at < len(a); at += dims {
		w.give()
		row := a[at : at+dims]
		for j := range dims {
			x := float64(row[j])
			for i := range j {
				x -= float64(row[i]) * upper[i*dims+j]
			}
			if d := upper[j*dims+j]; d > 0 {
				row[j] = float32(x / d)
			} else {
				row[j] = 0
			}
		}
	}
}

// cholesky returns the upper triangle whose square is the symmetric matrix of
// which the upper half is given. A direction that depends on those before it
// gets 0.
func cholesky(a []float64, n int) []float64 {
	u := make([]float64, n*n)
	for j := range n {
		for i := range j + 1 {
			x := a[i*n+j]
			for k := range i {
				x -= u[k*n+i] * u[k*n+j]
			}
			switch {
			case i < j && u[i*n+i] > 0:
				u[i*n+j] = x / u[i*n+i]
			case i == j && x > 1e-9*a[i*n+i]:
				u[i*n+j] = math.Sqrt(x)
			}
		}
	}
	return u
}

func normalize(v []float32) {
	sum := float32(0)
	for _, x := range v {
		sum += x * x
	}
	if sum == 0 {
		return
	}
	by := 1 / float32(math.Sqrt(float64(sum)))
	for i := range v {
		v[i] *= by
	}
}

// dot goes four steps at a time: the sums don't wait for each other.
func dot(a, b []float32) float32 {
	var s0, s1, s2, s3 float32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}
