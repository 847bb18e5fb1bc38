package search

import (
	"math"
	"math/bits"
	"slices"
	"sync"
)

// weights of BM25F: how much a word counts in each field, how strongly a
// field's length is divided out (b), how soon further occurrences stop to
// count (k1), and what the best slide adds to the talk.
type weights struct {
	k1      float32
	field   [talkFields]float32
	b       [talkFields]float32
	slideK1 float32
	slideB  float32
	slide   float32
	covered float32 // the part of the score that depends on how much of the query a talk has
	telling float32 // the part of the query's rarity that makes no match by itself
	titled  float32 // what a title with all the words, as spelled, adds to the score, as a part of it
	whole   float32 // what is added, as a part, when these words are all of the title
	ordered float32 // what is added, as a part, when they stand there as asked

	feedback float32 // what the words of the best talks add, for each word of the query
	vectors  float32 // what nearness of meaning adds, as a part of the highest score
}

// defaultWeights were chosen on collections of both kinds of search, known
// items and topics (see quality_test.go); neighbouring values do about as well.
func defaultWeights() weights {
	return weights{
		k1:      1.6,
		field:   [talkFields]float32{inTitle: 4, inSpeaker: 5, inAffil: 0.7, inTopic: 1.2, inAbstract: 1, inAround: 0.6},
		b:       [talkFields]float32{inTitle: 0.8, inSpeaker: 0.4, inAffil: 0.4, inTopic: 0.4, inAbstract: 0.55, inAround: 0.2},
		slideK1: 1.2, slideB: 0.6, slide: 0.7,
		covered: 0.17, telling: 0.15, titled: 1.2, whole: 0.3, ordered: 0.2, feedback: 0.2, vectors: 0.15,
	}
}

// matches is where a slot matches: talks, with the BM25F weight of the slot there
// (before its rarity is multiplied in) and the fields; and slides, likewise.
// Ordinals grow. It never changes once made.
type matches struct {
	talks  []uint32
	weight []float32
	fields []fieldMask

	slides      []uint32
	slideWeight []float32

	all bitset // the talks, by their own fields or by a slide
	df  int    // how many those are
	idf float32
}

func (l *matches) bytes() int {
	return 9*len(l.talks) + 8*len(l.slides) + 8*len(l.all) + 200
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

// finish computes what follows from the postings.
func (l *matches) finish(c *columns) *matches {
	l.all = newBitset(len(c.rows))
	for _, ord := range l.talks {
		l.all.set(ord)
	}
	for _, s := range l.slides {
		l.all.set(c.slides[s].talk)
	}
	l.df = l.all.count()
	l.idf = idf(l.df, c.talks)
	return l
}

// idf is the rarity of what df of n talks have.
func idf(df, n int) float32 {
	return float32(math.Log(1 + (float64(n)-float64(df)+0.5)/(float64(df)+0.5)))
}

// variant is one form that a word is looked for in.
type variant struct {
	stem   string  // in prose
	word   string  // in names, which are not stemmed; "" for none
	weight float32 // 1 as asked, less for what was only made of it
}

// wordList merges the postings of a word's variants over the fields asked for.
// Of several variants in one field of one talk the strongest counts.
func (v *view) wordList(variants []variant, in fieldMask, w *weights) (*matches, error) {
	c := v.columns
	s := v.scratch.get(c)
	defer v.scratch.put(s)
	for f := range talkFields {
		if !in.has(f) {
			continue
		}
		best := s.field[:0]
		for _, form := range variants {
			term := form.stem
			if f == inSpeaker {
				term = form.word
			}
			if term == "" {
				continue
			}
			err := v.postings(f.indexed(), term, func(ord uint32, packed uint64) {
				tf := form.weight * float32(count(packed))
				switch old := s.tf[ord]; {
				case old == 0:
					best = append(best, ord)
					s.tf[ord] = tf
				case tf > old:
					s.tf[ord] = tf
				}
			})
			if err != nil {
				return nil, err
			}
		}
		b, weight, lengths := w.b[f], w.field[f], c.lengths[f]
		for _, ord := range best {
			if s.mask[ord] == 0 {
				s.touched = append(s.touched, ord)
			}
			s.mask[ord] |= 1 << f
			s.score[ord] += weight * s.tf[ord] / (1 - b + b*lengths[ord])
			s.tf[ord] = 0
		}
		s.field = best
	}
	slices.Sort(s.touched)
	l := &matches{talks: slices.Clone(s.touched), weight: make([]float32, len(s.touched)), fields: make([]fieldMask, len(s.touched))}
	for i, ord := range l.talks {
		l.weight[i] = saturate(s.score[ord], w.k1)
		l.fields[i] = fieldMask(s.mask[ord])
	}
	if in.has(inSlide) {
		if err := v.slideList(l, variants, w); err != nil {
			return nil, err
		}
	}
	return l.finish(c), nil
}

func saturate(tf, k1 float32) float32 { return tf * (k1 + 1) / (tf + k1) }

// slideList adds the slides' side to a word's list.
func (v *view) slideList(l *matches, variants []variant, w *weights) error {
	c := v.columns
	forms := 0
	for _, form := range variants {
		if form.stem == "" {
			continue
		}
		before := len(l.slides)
		err := v.postings(slideWords, form.stem, func(ord uint32, packed uint64) {
			if int(ord) >= len(c.slides) || c.slides[ord].talk == noTalk {
				return
			}
			tf := form.weight * float32(count(packed))
			l.slides = append(l.slides, ord)
			l.slideWeight = append(l.slideWeight, saturate(tf/(1-w.slideB+w.slideB*c.slideLen[ord]), w.slideK1))
		})
		if err != nil {
			return err
		}
		if len(l.slides) > before {
			forms++
		}
	}
	if forms > 1 || !slices.IsSorted(l.slides) {
		l.sortSlides()
	}
	return nil
}

// sortSlides orders the slides and keeps the best of equals.
func (l *matches) sortSlides() {
	type posting struct {
		ord    uint32
		weight float32
	}
	all := make([]posting, len(l.slides))
	for i, ord := range l.slides {
		all[i] = posting{ord, l.slideWeight[i]}
	}
	slices.SortFunc(all, func(a, b posting) int {
		if a.ord != b.ord {
			return int(int64(a.ord) - int64(b.ord))
		}
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	l.slides, l.slideWeight = l.slides[:0], l.slideWeight[:0]
	for i, p := range all {
		if i > 0 && p.ord == all[i-1].ord {
			continue
		}
		l.slides = append(l.slides, p.ord)
		l.slideWeight = append(l.slideWeight, p.weight)
	}
}

// scratch is the working space of one search: an array over talks and one over
// slides, all zero while nobody has it.
type scratch struct {
	score   []float32
	mask    []uint64
	tf      []float32
	touched []uint32 // talks whose mask is not 0
	field   []uint32

	slide        []float32
	slideTouched []uint32
}

type scratchPool struct{ pool sync.Pool }

func (p *scratchPool) get(c *columns) *scratch {
	if s, ok := p.pool.Get().(*scratch); ok {
		return s
	}
	n := len(c.rows)
	return &scratch{score: make([]float32, n), mask: make([]uint64, n), tf: make([]float32, n), slide: make([]float32, len(c.slides))}
}

// put clears what was touched and gives the space back.
func (p *scratchPool) put(s *scratch) {
	for _, ord := range s.touched {
		s.score[ord], s.mask[ord] = 0, 0
	}
	for _, ord := range s.slideTouched {
		s.slide[ord] = 0
	}
	s.touched, s.slideTouched, s.field = s.touched[:0], s.slideTouched[:0], s.field[:0]
	p.pool.Put(s)
}
