package search

import "math"

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
	whole   float32 // what is added, as a part, when these words are all that is rare in the title
	ordered float32 // what is added, as a part, when they stand there as asked

	feedback float32 // what the words of the best talks add, for each word of the query
	vectors  float32 // what nearness of meaning adds, as a part of the highest score
	near     float32 // what words side by side add, as a part of their rarity
}

// defaultWeights were chosen on collections of both kinds of search, known
// items and topics (see quality_test.go); neighbouring values do about as well.
func defaultWeights() weights {
	return weights{
		k1:      1.6,
		field:   [talkFields]float32{inTitle: 4, inSpeaker: 5, inAffil: 0.7, inTopic: 1.2, inAbstract: 1, inAround: 0.6},
		b:       [talkFields]float32{inTitle: 0.8, inSpeaker: 0.4, inAffil: 0.4, inTopic: 0.4, inAbstract: 0.55, inAround: 0.2},
		slideK1: 1.2, slideB: 0.6, slide: 0.7,
		covered: 0.17, telling: 0.15, titled: 1.2, whole: 1, ordered: 0.2, feedback: 0.2, vectors: 0.15, near: 0.4,
	}
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
	b := v.builder()
	defer b.done()
	for f := range talkFields {
		if !in.has(f) {
			continue
		}
		if err := v.wordInField(b, f, variants, w); err != nil {
			return nil, err
		}
	}
	if in.has(inSlide) {
		for _, form := range variants {
			if form.stem == "" {
				continue
			}
			err := v.postings(slideWords, form.stem, func(ord uint32, packed uint64) {
				b.slide(ord, form.weight*float32(count(packed)), w)
			})
			if err != nil {
				return nil, err
			}
		}
	}
	return b.matches(w.k1), nil
}

func (v *view) wordInField(b *builderOfMatches, f fieldID, variants []variant, w *weights) error {
	s := b.scratch
	best := s.field[:0]
	for _, form := range variants {
		term := form.stem
		if f == inSpeaker {
			term = form.word
		}
		if term == "" {
			continue
		}
		if len(variants) == 1 {
			return v.postings(f.indexed(), term, func(ord uint32, packed uint64) { b.talk(f, ord, form.weight*float32(count(packed)), w) })
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
			return err
		}
	}
	for _, ord := range best {
		b.talk(f, ord, s.tf[ord], w)
		s.tf[ord] = 0
	}
	s.field = best
	return nil
}

func saturate(tf, k1 float32) float32 { return tf * (k1 + 1) / (tf + k1) }
