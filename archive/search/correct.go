package search

import (
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"rostrum/internal/fold"
)

// poor says whether so little was found that a typing error is likely: no talk
// has all that was asked.
func (r *run) poor() bool {
	return len(r.terms) > 0 && r.best < 0.999
}

// correct returns the query with its mistyped words put right, or nil when it
// has none that could be. A word is suspected when no talk has it, or hardly
// any; in its place comes the word nearest to it that goes best with the rest.
func (r *run) correct(ctx context.Context) (*Query, error) {
	parts := slices.Clone(r.request.Query.Parts)
	changed, tried := false, 0
	for i, s := range r.plan.wished {
		if s.part == 0 || s.kind != wordSlot || r.terms[i].n > hardlyAny || !correctable(s.text) {
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
	own, cells := &r.terms[i], r.scratch.cells
	others := r.total - own.idf
	if others > 0 {
		for k := range r.terms {
			if k != i {
				r.addAll(&r.terms[k])
			}
		}
		defer clear(cells)
	}
	best := candidate{}
	for _, c := range near {
		if c.df <= own.n*5 {
			continue
		}
		if others > 0 {
			most := float32(0)
			err := r.view.postings(spelled, c.word, func(ord uint32, _ uint64) { most = max(most, cells[ord].have) })
			if err != nil {
				return "", err
			}
			c.together = most / others
		}
		if best.word == "" || c.likelier(best) {
			best = c
		}
	}
	return best.word, nil
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
	for df := c.df; df > 1; df /= 4 {
		w += 0.15
	}
	return w
}

// maxNear bounds the candidates whose talks are looked at: the nearest and commonest.
const maxNear = 30

// near returns spelled words of the archive that a word may have been meant
// for: one error away, or two in a longer word.
func (v *view) near(word string) ([]candidate, error) {
	most := 1
	if utf8.RuneCountInString(word) >= 5 {
		most = 2 // two letters that changed places count as two to the automaton
	}
	dict, err := v.reader.FieldDictFuzzy(spelled, word, most, "")
	if err != nil {
		return nil, fmt.Errorf("read index: %w", err)
	}
	defer dict.Close() //nolint:errcheck // nothing was written
	var out []candidate
	for {
		e, err := dict.Next()
		if err != nil {
			return nil, fmt.Errorf("read index: %w", err)
		}
		if e == nil {
			break
		}
		if e.Term != word {
			out = append(out, candidate{word: e.Term, distance: fold.Distance(word, e.Term)})
		}
	}
	short := utf8.RuneCountInString(word) < 8
	out = slices.DeleteFunc(out, func(c candidate) bool {
		return c.distance > 2 || short && c.distance > 1 && most == 2 && !sameLetters(word, c.word)
	})
	for i := range out { // the automaton does not count
		if out[i].df, err = v.count(spelled, out[i].word); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b candidate) int {
		if a.likelier(b) {
			return -1
		}
		return 1
	})
	return out[:min(len(out), maxNear)], nil
}

// sameLetters says whether two words begin alike: of short words two errors
// away only those are likely.
func sameLetters(a, b string) bool {
	ra, _ := utf8.DecodeRuneInString(a)
	rb, _ := utf8.DecodeRuneInString(b)
	return ra == rb
}
