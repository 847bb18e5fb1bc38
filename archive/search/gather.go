package search

import (
	"slices"
	"strings"
)

// gathering is a batch of talks turned inside out: for each field, which term
// stands in which document at which position. It is filled while texts are
// analyzed, with nothing but numbers appended to lists, then sorted by term and
// written down (see draft). One goroutine has it at a time, for many batches.
type gathering struct {
	stem  *stemmer
	terms []string
	ids   map[string]uint32 // of terms
	words []gatheredWord    // by the number the stemmer gave the word
	round uint32            // tells the words of this batch from those before
	lists [inSlide + 1][]occurrence
	plain []occurrence // each word as it was spelled, once a talk
	told  []occurrence // each stem of what a talk's edition announced
	last  []uint32     // by term: one more than the last document in plain that has it
	docs  uint32

	worker *worker // who fills it; gives way now and then
	steps  int

	sorter  sorter
	writer  segmentWriter
	further [maxOverflows][]furtherPositions // of the field being written
}

// gatheredWord holds the terms of a word.
type gatheredWord struct {
	round   uint32
	spelled uint32
	stems   [2]uint32
	count   uint8 // of stems
}

// occurrence is a term in a document, numbered within the batch.
type occurrence struct{ term, doc, pos uint32 }

func newGathering() *gathering {
	return &gathering{ids: map[string]uint32{}, stem: newStemmer()}
}

// reset empties it for the next batch.
func (g *gathering) reset() {
	g.stem.trim(maxKnown)
	g.round++
	g.docs = 0
	clear(g.terms) // so that the strings can go
	g.terms = g.terms[:0]
	clear(g.ids)
	for f := range g.lists {
		g.lists[f] = g.lists[f][:0]
	}
	g.plain, g.told = g.plain[:0], g.told[:0]
	g.last = g.last[:0]
}

// term numbers a term.
func (g *gathering) term(s string) uint32 {
	id, ok := g.ids[s]
	if !ok {
		id = uint32(len(g.terms))
		g.ids[s] = id
		g.terms = append(g.terms, s)
		g.last = append(g.last, 0)
	}
	return id
}

func (g *gathering) word(k *known) *gatheredWord {
	for int(k.number) >= len(g.words) {
		g.words = append(g.words, make([]gatheredWord, int(k.number)+1-len(g.words)+1024)...)
	}
	w := &g.words[k.number]
	if w.round != g.round {
		*w = gatheredWord{round: g.round, spelled: g.term(k.word)}
		for _, s := range k.stems[:min(len(k.stems), len(w.stems))] {
			w.stems[w.count] = g.term(s)
			w.count++
		}
	}
	return w
}

// stems puts a word's stems into a field of a document.
func (g *gathering) stems(f fieldID, doc uint32, t *token) {
	g.steps++
	g.worker.often(g.steps)
	w := g.word(t.known)
	for _, term := range w.stems[:w.count] {
		g.lists[f] = append(g.lists[f], occurrence{term, doc, uint32(t.pos)})
	}
}

// raw puts a word that is no stem into a field of a document.
func (g *gathering) raw(f fieldID, doc uint32, word string, pos int) {
	g.lists[f] = append(g.lists[f], occurrence{g.term(word), doc, uint32(pos)})
}

// spelled notes how a word of a talk was spelled.
func (g *gathering) spelled(doc uint32, t *token) {
	term := g.word(t.known).spelled
	if g.last[term] != doc+1 {
		g.last[term] = doc + 1
		g.plain = append(g.plain, occurrence{term: term, doc: doc})
	}
}

// announced notes a word that a talk's edition announced.
func (g *gathering) announced(doc uint32, t *token) {
	w := g.word(t.known)
	for _, term := range w.stems[:w.count] {
		g.told = append(g.told, occurrence{term: term, doc: doc})
	}
}

// draft writes down all that was gathered.
func (g *gathering) draft() (*draft, error) {
	w := &g.writer
	if err := w.begin(g.docs); err != nil {
		return nil, err
	}
	order := g.sorter.order(g.terms)
	g.worker.give()
	for f := range g.lists {
		if err := g.field(fieldID(f), order); err != nil {
			return nil, err
		}
	}
	if err := g.uncounted(spelled, g.plain, order); err != nil {
		return nil, err
	}
	if err := g.uncounted(announced, g.told, order); err != nil {
		return nil, err
	}
	return w.draft(), nil
}

// uncounted writes a field that tells only which documents have a term.
func (g *gathering) uncounted(name string, list []occurrence, order []uint32) error {
	w := &g.writer
	g.sorter.sort(list, len(g.terms))
	for i, term := range order {
		g.worker.often(i)
		spots := g.sorter.of(term)
		if len(spots) == 0 {
			continue
		}
		w.reset()
		for i, s := range spots {
			if i == 0 || s.doc != spots[i-1].doc {
				w.posting(s.doc, 0)
			}
		}
		if err := w.term(g.terms[term], false); err != nil {
			return err
		}
	}
	return w.field(name)
}

// field writes a field's terms in order, and its overflows.
func (g *gathering) field(f fieldID, order []uint32) error {
	w := &g.writer
	for n := range g.further {
		g.further[n] = g.further[n][:0]
	}
	g.sorter.sort(g.lists[f], len(g.terms))
	g.worker.give()
	for i, term := range order {
		g.worker.often(i)
		spots := g.sorter.of(term)
		if len(spots) == 0 {
			continue
		}
		w.reset()
		for len(spots) > 0 {
			spots = w.document(term, spots, &g.further)
		}
		if err := w.term(g.terms[term], true); err != nil {
			return err
		}
	}
	if err := w.field(f.indexed()); err != nil {
		return err
	}
	for n, list := range g.further {
		if len(list) == 0 {
			continue
		}
		if err := g.overflow(list); err != nil {
			return err
		}
		if err := w.field(overflow(f.indexed(), n+1)); err != nil {
			return err
		}
	}
	return nil
}

// furtherPositions is a posting of an overflow.
type furtherPositions struct {
	term, doc uint32
	number    uint64
}

// overflow writes the postings of one overflow, which come in the order of terms.
func (g *gathering) overflow(list []furtherPositions) error {
	w := &g.writer
	for i := 0; i < len(list); {
		term := list[i].term
		w.reset()
		for ; i < len(list) && list[i].term == term; i++ {
			w.posting(list[i].doc, list[i].number)
		}
		if err := w.term(g.terms[term], true); err != nil {
			return err
		}
	}
	return nil
}

// spot is where a term stands.
type spot struct{ doc, pos uint32 }

// sorter sorts occurrences by term, in the order in which they were met.
type sorter struct {
	ends   []uint32 // by term: where its places end
	places []spot
	sorted []uint32
}

// order returns the numbers of the terms in the order of their bytes.
func (s *sorter) order(terms []string) []uint32 {
	s.sorted = s.sorted[:0]
	for id := range terms {
		s.sorted = append(s.sorted, uint32(id))
	}
	slices.SortFunc(s.sorted, func(a, b uint32) int { return strings.Compare(terms[a], terms[b]) })
	return s.sorted
}

func (s *sorter) sort(list []occurrence, terms int) {
	s.ends = append(s.ends[:0], make([]uint32, terms+1)...)
	s.places = slices.Grow(s.places[:0], len(list))[:len(list)]
	for i := range list {
		s.ends[list[i].term+1]++
	}
	for t := range terms {
		s.ends[t+1] += s.ends[t]
	}
	// Each number is now where the term's places begin; putting them there
	// moves it to where they end.
	for i := range list {
		o := &list[i]
		s.places[s.ends[o.term]] = spot{o.doc, o.pos}
		s.ends[o.term]++
	}
}

// of returns the places of a term.
func (s *sorter) of(term uint32) []spot {
	begin := uint32(0)
	if term > 0 {
		begin = s.ends[term-1]
	}
	return s.places[begin:s.ends[term]]
}
