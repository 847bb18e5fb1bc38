package search

import (
	"math/bits"
	"slices"

	"rostrum/internal/stock"
)

// strength is how strongly something matches somewhere, before its rarity is
// multiplied in: BM25F's saturated weight, in 16384ths, at most 4. Half of a
// float, it lets twice as many postings lie in memory.
type strength uint16

const oneStrength = 1 << 14

func strengthOf(w float32) strength {
	return strength(min(max(w*oneStrength+0.5, 1), 1<<16-1))
}

// matches is where a slot matches: an entry for each talk, ordinals growing.
// It never changes once made.
type matches struct {
	n      int         // entries
	own    []strength  // in the talk's own fields; 0 where only slides match
	fields []fieldMask // where, inSlide for its slides

	// best is the strongest of the talk's slides, 0 for none; slides are all of
	// them, in order, those of every entryStep-th entry at from. All nil when no
	// slide matches.
	best   []strength
	slides []slideMatch
	from   []uint32

	idf  float32
	most float32 // that any entry weighs

	// The talks: of a short list one by one, of a long one as a set, with how
	// many come before each 64 and what each of these weighs at most.
	talks  []uint32
	set    bitset
	ranks  []uint32
	mostAt []roundedUp
}

// weight is the most that an entry can come to, before its rarity is multiplied
// in: as if its best slide were the best for all words.
func (m *matches) weight(i int, slide float32) float32 {
	if m.best == nil {
		return float32(m.own[i])
	}
	return float32(m.own[i]) + slide*float32(m.best[i])
}

// roundedUp is a weight in steps of 4, no less than it was; a strength and three
// times a strength fit.
type roundedUp uint16

func roundUp(x float32) roundedUp  { return roundedUp(x/4) + 1 }
func (r roundedUp) value() float32 { return 4 * float32(r) }

// entryStep is how many entries share a mark where their slides begin.
const entryStep = 8

// slideMatch is a slide that matches, by its place among the talk's.
type slideMatch struct {
	at       uint16 // and lastSlide, when it is the last of its talk
	strength strength
}

// lastSlide is more than maxSlides.
const lastSlide = 1 << 15

func (m *matches) bytes() int {
	return 3*m.n + 2*len(m.best) + 4*len(m.slides) + 4*len(m.from) + 4*len(m.talks) + 14*len(m.set) + 300
}

// ords returns the talks.
func (m *matches) ords() []uint32 {
	if m.set != nil {
		return m.set.list(make([]uint32, 0, m.n))
	}
	return m.talks
}

// index returns the entry of a talk; ok is false when it has none.
func (m *matches) index(ord uint32) (at int, ok bool) {
	if m.set == nil {
		return slices.BinarySearch(m.talks, ord)
	}
	word, bit := m.set[ord>>6], uint64(1)<<(ord&63)
	if word&bit == 0 {
		return 0, false
	}
	return int(m.ranks[ord>>6]) + bits.OnesCount64(word&(bit-1)), true
}

func (m *matches) has(ord uint32) bool {
	_, ok := m.index(ord)
	return ok
}

// eachSlide calls take for each slide of an entry that matches.
func (m *matches) eachSlide(i int, take func(at int, x strength)) {
	for _, s := range m.slidesOf(i) {
		take(int(s.at&^lastSlide), s.strength)
	}
}

// slidesOf returns the slides of an entry that match.
func (m *matches) slidesOf(i int) []slideMatch {
	if m.best == nil || m.best[i] == 0 {
		return nil
	}
	rest := m.slides[m.from[i/entryStep]:]
	for _, best := range m.best[i/entryStep*entryStep : i] { // those of the entries before
		if best == 0 {
			continue
		}
		n := 0
		for rest[n].at&lastSlide == 0 {
			n++
		}
		rest = rest[n+1:]
	}
	n := 0
	for rest[n].at&lastSlide == 0 {
		n++
	}
	return rest[:n+1]
}

// finish computes what follows from the talks.
func (m *matches) finish(v *view) *matches {
	c, slide := v.columns, v.weights.slide
	m.n = len(m.talks)
	m.idf = idf(m.n, c.talks)
	for i := range m.own {
		m.most = max(m.most, m.weight(i, slide))
	}
	if m.n*16 < len(c.rows) {
		return m
	}
	m.set = newBitset(len(c.rows))
	m.mostAt = make([]roundedUp, len(m.set))
	for i, ord := range m.talks {
		m.set.set(ord)
		m.mostAt[ord>>6] = max(m.mostAt[ord>>6], roundUp(m.weight(i, slide)))
	}
	m.talks = nil
	m.ranks = make([]uint32, len(m.set))
	n := 0
	for i, word := range m.set {
		m.ranks[i] = uint32(n)
		n += bits.OnesCount64(word)
	}
	return m
}

// bitset is a set of talk ordinals.
type bitset []uint64

func newBitset(n int) bitset         { return make(bitset, (n+63)/64) }
func (b bitset) set(ord uint32)      { b[ord>>6] |= 1 << (ord & 63) }
func (b bitset) has(ord uint32) bool { return b[ord>>6]&(1<<(ord&63)) != 0 }
func (b bitset) count() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// list appends the ordinals of a set, growing.
func (b bitset) list(to []uint32) []uint32 {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			to = append(to, uint32(i<<6+bits.TrailingZeros64(w)))
		}
	}
	return to
}

// add puts all talks of a list into the set.
func (b bitset) add(m *matches) {
	if m.set == nil {
		for _, ord := range m.talks {
			b.set(ord)
		}
		return
	}
	for i, w := range m.set {
		b[i] |= w
	}
}

// keep leaves the talks that stand in one of the lists.
func (b bitset) keep(m *matches) {
	if m.set != nil {
		for i, w := range m.set {
			b[i] &= w
		}
		return
	}
	kept := make([]uint32, 0, len(m.talks))
	for _, ord := range m.talks {
		if b.has(ord) {
			kept = append(kept, ord)
		}
	}
	clear(b)
	for _, ord := range kept {
		b.set(ord)
	}
}

// drop takes out all talks of a list.
func (b bitset) drop(m *matches) {
	for i, w := range m.set {
		b[i] &^= w
	}
	for _, ord := range m.talks {
		b[ord>>6] &^= 1 << (ord & 63)
	}
}

// builderOfMatches gathers matches in a scratch, in any order.
type builderOfMatches struct {
	view    *view
	scratch *scratch
	slides  int  // gathered
	clean   bool // the scratch is as it was
}

func (v *view) builder() *builderOfMatches {
	return &builderOfMatches{view: v, scratch: v.scratch.get(v.columns)}
}

// done gives the scratch back, unless a failure left something in it.
func (b *builderOfMatches) done() {
	if b.clean {
		b.view.scratch.put(b.scratch)
	}
}

// talk adds to a talk that something stands in a field as often.
func (b *builderOfMatches) talk(f fieldID, ord uint32, times float32, w *weights) {
	s := b.scratch
	s.touched.set(ord)
	s.fields[ord] |= 1 << f
	s.own[ord] += w.field[f] * times / (1 - w.b[f] + w.b[f]*b.view.columns.lengths[f][ord])
}

// slide notes that something stands on a slide as often, if that is more than
// was noted before.
func (b *builderOfMatches) slide(ord uint32, times float32, w *weights) {
	c := b.view.columns
	if int(ord) >= len(c.slides) {
		return
	}
	if at := c.slides[ord]; at.talk != noTalk {
		b.slideStrength(ord, at.talk, strengthOf(saturate(times/(1-w.slideB+w.slideB*at.length), w.slideK1)))
	}
}

func (b *builderOfMatches) slideStrength(ord, talk uint32, x strength) {
	s := b.scratch
	if s.slide[ord] == 0 {
		b.slides++
		s.touched.set(talk)
		s.fields[talk] |= 1 << inSlide
	}
	s.slide[ord] = max(s.slide[ord], x)
}

// matches makes the list of what was gathered and leaves the scratch clean. k1
// says how the talks' weights are saturated; 0 leaves them.
func (b *builderOfMatches) matches(k1 float32) *matches {
	s := b.scratch
	n := s.touched.count()
	m := &matches{talks: s.touched.list(make([]uint32, 0, n)), own: make([]strength, n), fields: make([]fieldMask, n)}
	clear(s.touched)
	if b.slides > 0 {
		m.best, m.from, m.slides = make([]strength, n), make([]uint32, 0, n/entryStep+1), make([]slideMatch, 0, b.slides)
	}
	for i, ord := range m.talks {
		m.fields[i] = s.fields[ord]
		if x := s.own[ord]; x > 0 {
			if k1 > 0 {
				x = saturate(x, k1)
			}
			m.own[i] = strengthOf(x)
		}
		s.fields[ord], s.own[ord] = 0, 0
		if b.slides > 0 {
			b.slidesOf(m, i, ord)
		}
	}
	b.slides, b.clean = 0, true
	return m.finish(b.view)
}

// slidesOf moves the slides of a talk into its entry.
func (b *builderOfMatches) slidesOf(m *matches, i int, ord uint32) {
	if i%entryStep == 0 {
		m.from = append(m.from, uint32(len(m.slides)))
	}
	if !m.fields[i].has(inSlide) {
		return
	}
	s, c := b.scratch, b.view.columns
	slides := s.slide[c.slideFrom[ord]:][:c.slideCount[ord]]
	for at, x := range slides {
		if x != 0 {
			slides[at] = 0
			m.slides = append(m.slides, slideMatch{uint16(at), x})
			m.best[i] = max(m.best[i], x)
		}
	}
	m.slides[len(m.slides)-1].at |= lastSlide
}

// scratch is the working space of one search: arrays over talks and slides,
// all zero while nobody has it.
type scratch struct {
	own     []float32
	tf      []float32
	fields  []fieldMask
	touched bitset // talks of which anything of the above is not 0
	slide   []strength
	field   []uint32

	cells  []cell // of talks, for scores
	found  []uint32
	score  []float32
	double []uint8
	named  []namedMask
	sums   []float32 // of one talk's slides

	scored []uint32
	best   bestWalk

	sumsOfTerms []float32 // of the model; all zero, its spare room too
	terms       []uint32
	hints       hintSet
	hintList    hintList

	// Of choosing the best.
	top     []int32
	numbers []float32
	order   []ranked
	leaders []ranked
	again   againHeap
}

// cell is what is added up for a talk over the lists of a query.
type cell struct {
	own    float32 // of its own fields
	slides float32 // of the best slide for each list: no less than its best slide has in all
	have   float32 // the rarity of the lists that it is in
	double uint16  // how many lists its slides are in
	named  namedMask
}

// namedMask says of the first words of a query, by two bits each, whether they
// stand in a talk's title and in its people's names.
type namedMask uint16

// maxNamed is of how many words a namedMask tells.
const maxNamed = 8

// namedIn is what an entry of the k-th list tells.
func namedIn(fields fieldMask, k int) namedMask {
	if k >= maxNamed {
		return 0
	}
	return namedMask(fields&(1<<inTitle|1<<inSpeaker)) << (2 * k)
}

// of returns title and names of the k-th word, as fields.
func (m namedMask) of(k int) fieldMask {
	return fieldMask(m>>(2*k)) & (1<<inTitle | 1<<inSpeaker)
}

// scratchPool lends scratches to the searches of a view, and of those that follow it.
type scratchPool struct{ stock stock.Stock[*scratch] }

func (p *scratchPool) get(c *columns) *scratch {
	s, ok := p.stock.Take()
	if !ok {
		s = &scratch{}
	}
	n := len(c.rows)
	s.own, s.tf, s.fields, s.cells = grown(s.own, n), grown(s.tf, n), grown(s.fields, n), grown(s.cells, n)
	s.touched = grown(s.touched, len(c.live))
	s.slide = grown(s.slide, len(c.slides))
	return s
}

func (p *scratchPool) put(s *scratch) { p.stock.Return(s) }
