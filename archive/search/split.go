package search

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// Bounds of splitting a word.
const (
	leastHalf   = 3       // letters of each half
	splitWord   = 30      // letters of a word that is split
	maxSplits   = 2       // of one word that are looked for: those of the best known halves
	phrasesRead = 8       // for the splits of a query
	wellKnown   = 1. / 25 // of the talks: a word in more of them is no other spelling of two
	wellKnownBy = 8       // talks at least
	hardlyAsTwo = 100     // as many talks that have it as one word to one that has two: an accident
)

// split finds how else a word is written: as two. Who asks for "realtime" means
// the talks that say "real time" too. Both halves must be words of the archive
// that say something ("notable" is not "not able"), and some talk must have
// them side by side in one of the fields. Of a word that many talks have in some
// form nothing is split: those are what was asked for, and looking into two lists
// costs most there.
func (p *planner) split(raw string, word *slot) []*slot {
	lower, _ := spell(raw)
	n := utf8.RuneCountInString(lower)
	if word.common || n < 2*leastHalf || n > splitWord || wordScript(lower) == dense {
		return nil
	}
	// What is read for this is what the word is looked for in afterwards; what
	// cannot be read is found by none, and who reads the word itself tells.
	m, err := p.view.match(word)
	if err != nil || float32(m.n) > max(wellKnownBy, wellKnown*float32(p.view.columns.talks)) {
		return nil
	}
	least := max(1, m.n/hardlyAsTwo)
	var out []*slot
	for _, h := range p.halves(lower) {
		if p.phrases++; p.phrases > phrasesRead {
			break
		}
		s := &slot{kind: phraseSlot, text: h.a + " " + h.b, in: word.in, phrase: [][]variant{p.forms(h.a, 1), p.forms(h.b, 1)}}
		if two, err := p.view.match(s); err == nil && two.n >= least {
			out = append(out, s)
		}
	}
	return out
}

// halves are two words that together make one.
type halves struct {
	a, b  string
	talks int // that may have both, at most
}

// halves returns the best known pairs of words that a word may fall into.
func (p *planner) halves(word string) []halves {
	var all []halves
	letters := 0
	for at := range word {
		if letters++; letters <= leastHalf || utf8.RuneCountInString(word[at:]) < leastHalf {
			continue
		}
		// Most words fall into none: that is to be known soon.
		h := halves{a: word[:at], b: word[at:]}
		if !p.isSpelled(h.b) || !p.isSpelled(h.a) {
			continue
		}
		if h.talks = min(p.telling(h.a), p.telling(h.b)); h.talks > 0 {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b halves) int { return cmp.Compare(b.talks, a.talks) })
	return all[:min(len(all), maxSplits)]
}

// isSpelled says whether some talk has a word as it is spelled.
func (p *planner) isSpelled(word string) bool {
	_, folded := spell(word)
	return folded != "" && p.view.contains(spelled, folded)
}

// telling returns how many talks have a word as it is spelled; 0 for one that
// says little, or is a form of such a one: "perils" are not "per il".
func (p *planner) telling(word string) int {
	_, folded := spell(word)
	if folded == "" || p.isCommon(folded) {
		return 0
	}
	n := p.view.talksSpelling(folded)
	if n == 0 || slices.ContainsFunc(p.forms(word, 1), func(form variant) bool { return p.isCommon(form.stem) }) {
		return 0
	}
	return n
}

// talksSpelling returns how many talks have a word as it is spelled, those gone
// since a segment was written among them. It reads no postings; what cannot be
// read counts for nothing, as in contains.
func (v *view) talksSpelling(word string) int {
	n := 0
	for _, s := range v.segments {
		_ = s.eachTerm(spelled, word, func(term []byte, docs uint64) bool {
			if string(term) == word {
				n += int(docs)
			}
			return false
		})
	}
	return n
}
