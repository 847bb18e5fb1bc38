package search

import (
	"context"
	"math"
	"slices"
	"unicode/utf8"
)

// poor says whether so little was found that a typing error is likely: no talk
// has all that was asked.
func (r *run) poor() bool {
	return len(r.terms) > 0 && r.best < 0.999
}

// correct returns the query with its mistyped words put right, or nil when it
// has none that could be. A word is suspected when no talk has it, or hardly
// any, or none as it was spelled: "tutoral" is no form of "tutor". In its place
// comes the word nearest to it that goes best with the rest.
func (r *run) correct(ctx context.Context) (*Query, error) {
	parts := slices.Clone(r.request.Query.Parts)
	changed, tried := false, 0
	for i, s := range r.plan.wished {
		if s.part == 0 || s.kind != wordSlot || !correctable(s.text) || r.terms[i].n > hardlyAny && r.written(i) {
			continue
		}
		if tried++; tried > maxCorrected {
			break
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		word, err := r.nearest(i)
		if err != nil {
			return nil, err
		}
		if word != "" {
			parts[s.part-1] = Word{word}
			changed = true
		}
	}
	if !changed {
		return nil, nil //nolint:nilnil // nothing to correct is no error
	}
	return &Query{Parts: parts, Hints: r.request.Query.Hints}, nil
}

// written says whether some talk has wished[i] as it was asked, as one word with
// its neighbour or as two, or its edition announced it.
func (r *run) written(i int) bool {
	return len(r.terms[i].also) > 0 || r.view.contains(spelled, r.plan.wished[i].text)
}

// hardlyAny is how many talks may have a word that is still taken for an error.
const hardlyAny = 2

// maxCorrected bounds the words of a query that are looked at for errors.
const maxCorrected = 4

func correctable(word string) bool {
	n := utf8.RuneCountInString(word)
	return n >= 4 && n <= 40 && !slices.ContainsFunc([]byte(word), func(c byte) bool { return '0' <= c && c <= '9' })
}

// candidate is a word that may have been meant.
type candidate struct {
	word     string
	distance int
	together float32 // the most that a talk with it has of the query, 0 to 1
	df       int
}

// nearest returns the word that was most likely meant by wished[i], "" if none.
func (r *run) nearest(i int) (string, error) {
	near, err := r.view.near(r.plan.wished[i].text)
	if err != nil {
		return "", err
	}
	own := &r.terms[i]
	others := r.total - own.idf
	best, least := candidate{}, float32(-1) // of the rest, that talks with the word itself have
	for _, c := range near {
		if c.df <= own.n*5 {
			continue
		}
		if others > 0 {
			most, err := r.together(c.word, i)
			if err != nil {
				return "", err
			}
			if least < 0 {
				least = r.withWord(i)
			}
			if own.n > 0 && most <= least || len(r.terms) > fewWords && most < others/2 {
				continue
			}
			c.together = most / others
		}
		if best.word == "" || c.likelier(best) {
			best = c
		}
	}
	return best.word, nil
}

// fewWords is how many words a query may have for a word of it to be put right
// because it is odd: in a long question some words always are, and stand for
// what no talk says. There a talk must say half of the rest with the better word.
const fewWords = 4

// withWord returns the most rarity that a talk with wished[i] has of the rest.
func (r *run) withWord(i int) float32 {
	most := float32(0)
	for _, ord := range r.terms[i].ords() {
		have := float32(0)
		for k := range r.terms {
			if m, _ := r.terms[k].entry(ord); m != nil && k != i {
				have += r.terms[k].idf
			}
		}
		most = max(most, have)
	}
	return most
}

// together returns the most rarity that a talk with a word has of the query
// without wished[but].
func (r *run) together(word string, but int) (float32, error) {
	others := slices.Delete(slices.Clone(r.terms), but, but+1)
	all, most := float32(0), float32(0)
	for k := range others {
		all += others[k].idf
	}
	err := r.view.talksWith(spelled, word, func(ord uint32) bool {
		have := float32(0)
		for k := range others {
			if m, _ := others[k].entry(ord); m != nil {
				have += others[k].idf
			}
		}
		most = max(most, have)
		return most < all // no talk can have more
	})
	return most, err
}

// talksWith calls take for the talks that have a term in a field of the index
// without counts, until it returns false.
func (v *view) talksWith(field, term string, take func(ord uint32) bool) error {
	var docs [64]uint32
	for _, s := range v.segments {
		p, err := s.list(field, term)
		if err != nil {
			return err
		}
		if p == nil {
			continue
		}
		deleted := s.Deleted()
		it := p.docs.ManyIterator()
		for n := it.NextMany(docs[:]); n > 0; n = it.NextMany(docs[:]) {
			for _, doc := range docs[:n] {
				if (deleted == nil || !deleted.Contains(doc)) && !take(s.ords[doc]) {
					return nil
				}
			}
		}
	}
	return nil
}

// likelier weighs two candidates: going with the rest of the query, being
// near, being common.
func (c candidate) likelier(o candidate) bool {
	a, b := c.weight(), o.weight()
	if a != b {
		return a > b
	}
	return c.word < o.word
}

func (c candidate) weight() float64 {
	w := 3*float64(c.together) - 1.2*float64(c.distance)
	if c.df > 0 {
		w += 0.15 * (1 + math.Log(float64(c.df))/math.Log(4))
	}
	return w
}

// maxNear bounds the candidates whose talks are looked at: the nearest and commonest.
const maxNear = 30

// near returns spelled words of the archive that a word may have been meant
// for: one error away, or two in a longer word.
func (v *view) near(word string) ([]candidate, error) {
	most, letters := 1, utf8.RuneCountInString(word)
	if letters >= 5 {
		most = 2
	}
	var out []candidate
	known := map[string]int{} // places in out; -1 for none
	m := newMisspelled(word)
	for _, s := range v.segments {
		words, err := s.words()
		if err != nil {
			return nil, err
		}
		words.near(m, most, func(i uint32, other []byte, distance int) {
			at, ok := known[string(other)]
			if !ok {
				c := candidate{word: string(other), distance: distance}
				if at = len(out); c.likely(word, letters) {
					out = append(out, c)
				} else {
					at = -1
				}
				known[c.word] = at
			}
			if at >= 0 {
				out[at].df += int(words.counts[i])
			}
		})
	}
	if err := v.uncountDeleted(out); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b candidate) int {
		if a.likelier(b) {
			return -1
		}
		return 1
	})
	return out[:min(len(out), maxNear)], nil
}

// likely says whether a word of so many letters may be the candidate mistyped.
func (c candidate) likely(word string, letters int) bool {
	return c.word != word && (c.distance < 2 || letters >= 8 || sameLetters(word, c.word))
}

// uncountDeleted takes the talks off the candidates' counts that are gone.
func (v *view) uncountDeleted(list []candidate) error {
	for _, s := range v.segments {
		deleted := s.Deleted()
		if deleted == nil {
			continue
		}
		for i := range list {
			p, err := s.list(spelled, list[i].word)
			if err != nil {
				return err
			}
			if p != nil {
				list[i].df -= int(p.docs.AndCardinality(deleted))
			}
		}
	}
	return nil
}

// sameLetters says whether two words begin alike: of short words two errors
// away only those are likely.
func sameLetters(a, b string) bool {
	ra, _ := utf8.DecodeRuneInString(a)
	rb, _ := utf8.DecodeRuneInString(b)
	return ra == rb
}
