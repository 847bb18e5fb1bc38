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
	all := p.halves(lower)
	if len(all) == 0 || p.isWellKnown(word) {
		return nil
	}
	var out []*slot
	for _, h := range all {
		if p.phrases++; p.phrases > phrasesRead {
			break
		}
		s := &slot{kind: phraseSlot, text: h.a + " " + h.b, in: word.in, phrase: [][]variant{p.forms(h.a, 1), p.forms(h.b, 1)}}
		// What cannot be read is found by none: who reads the word itself tells.
		if m, err := p.view.match(s); err == nil && m.n > 0 {
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
		h := halves{a: word[:at], b: word[at:]}
		if h.talks = p.telling(h.a); h.talks == 0 {
			continue
		}
		if h.talks = min(h.talks, p.telling(h.b)); h.talks > 0 {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b halves) int { return cmp.Compare(b.talks, a.talks) })
	return all[:min(len(all), maxSplits)]
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

// isWellKnown says whether many talks have a word. What it reads for that is
// what the word is looked for in afterwards.
func (p *planner) isWellKnown(word *slot) bool {
	m, err := p.view.match(word)
	return err != nil || float32(m.n) > max(wellKnownBy, wellKnown*float32(p.view.columns.talks))
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
