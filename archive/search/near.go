package search

import (
	"cmp"
	"slices"
	"sync"
)

// Nearness looks where the words of a query stand in the titles and abstracts
// of the best talks: those that say them side by side more likely speak of what
// was asked than those that say them pages apart. It is for questions of many
// words, of which a text has some by chance; of few words, having them all
// tells more than where they stand.
const (
	nearFrom  = 5  // words in a query, from which on it is looked
	nearWords = 16 // of a query, the rarest: the most that are looked for
	nearTalks = 50 // that are looked at
	nearReach = 8  // how far apart words may stand, in words
)

// stand is a word of the query at a position of a text.
type stand struct {
	pos  int32
	term int32
}

// near is the look at one query.
type near struct {
	run   *run
	terms []int     // of run.terms
	usual float32   // their rarity on average
	talks []*ranked // to look at, in the order in which they are stored
}

// addNear adds to the scores of the best talks what the nearness of the words
// in them is worth. Where the index cannot be read it adds nothing: the lists of
// the same words were read before, and who reads them next tells.
func (r *run) addNear(top []ranked) {
	n := r.near(top)
	if n == nil {
		return
	}
	stands, sums := make([][]stand, len(n.talks)), make([]float32, len(n.talks))
	for _, f := range []fieldID{inTitle, inAbstract} {
		if n.find(f, stands) != nil {
			return
		}
		for i := range stands {
			sums[i] += n.worth(stands[i])
			stands[i] = stands[i][:0]
		}
	}
	for i, one := range n.talks {
		one.score += sums[i]
	}
}

// near is nil where there is nothing to look at.
func (r *run) near(top []ranked) *near {
	if r.view.weights.near == 0 || len(r.terms) < nearFrom || len(top) < 2 {
		return nil
	}
	n := &near{run: r}
	for i, s := range r.plan.wished {
		if s.kind == wordSlot {
			n.terms = append(n.terms, i)
			n.usual += r.terms[i].idf / float32(len(r.terms))
		}
	}
	if len(n.terms) < nearFrom {
		return nil
	}
	if len(n.terms) > nearWords {
		slices.SortStableFunc(n.terms, func(a, b int) int { return compareFloat(r.terms[b].idf, r.terms[a].idf) })
		n.terms = n.terms[:nearWords]
	}
	n.leaders(top)
	return n
}

// leaders picks the talks.
func (n *near) leaders(top []ranked) {
	for i := range top {
		n.talks = append(n.talks, &top[i])
	}
	rows, homes := n.run.view.columns.rows, n.run.view.talkHomes()
	if len(n.talks) > nearTalks {
		slices.SortFunc(n.talks, func(a, b *ranked) int {
			return cmp.Or(compareFloat(b.score, a.score), cmp.Compare(rows[a.ord].id, rows[b.ord].id))
		})
		n.talks = n.talks[:nearTalks]
	}
	slices.SortFunc(n.talks, func(a, b *ranked) int {
		x, y := homes[a.ord], homes[b.ord]
		return cmp.Or(int(x.segment)-int(y.segment), int(x.doc)-int(y.doc))
	})
}

// find notes where the words stand in a field of the talks.
func (n *near) find(f fieldID, stands [][]stand) error {
	homes := n.run.view.talkHomes()
	for from := 0; from < len(n.talks); {
		segment := homes[n.talks[from].ord].segment
		end := from + 1
		for end < len(n.talks) && homes[n.talks[end].ord].segment == segment {
			end++
		}
		for k, i := range n.terms {
			for _, form := range n.run.plan.wished[i].variants {
				if form.stem == "" {
					continue
				}
				if err := n.read(n.run.view.segments[segment], f, form.stem, int32(k), n.talks[from:end], stands[from:end]); err != nil {
					return err
				}
			}
		}
		from = end
	}
	return nil
}

// read notes where a stem stands in some talks of one segment: the first few
// places, which tell enough.
func (n *near) read(seg *numbered, f fieldID, stem string, term int32, talks []*ranked, stands [][]stand) error {
	homes := n.run.view.talkHomes()
	var at *stream
	var room [packedBytes]int
	for i, one := range talks {
		if m, k := n.run.terms[n.terms[term]].entry(one.ord); m == nil || !m.fields[k].has(f) {
			continue
		}
		if at == nil {
			list, err := seg.list(f.indexed(), stem)
			if err != nil || list == nil {
				return err
			}
			at = list.stream(uint64(len(seg.ords)))
		}
		number, err := at.number(homes[one.ord].doc)
		if err != nil {
			return err
		}
		for _, pos := range unpack(room[:0], number, 0) {
			stands[i] = append(stands[i], stand{int32(pos), term})
		}
	}
	return nil
}

// worth is what the words' nearness adds: of each word its rarity, the more of
// it the nearer others stand, and the rarer those are.
func (n *near) worth(list []stand) float32 {
	if len(list) < 2 {
		return 0
	}
	slices.SortFunc(list, func(a, b stand) int { return cmp.Or(int(a.pos-b.pos), int(a.term-b.term)) })
	var beside [nearWords]float32
	idf := func(term int32) float32 { return n.run.terms[n.terms[term]].idf }
	for i, b := range list {
		for j := i - 1; j >= 0; j-- {
			a := list[j]
			d := float32(b.pos - a.pos)
			if d >= nearReach {
				break
			}
			if d == 0 || a.term == b.term {
				continue
			}
			beside[a.term] += idf(b.term) / (n.usual * d * d)
			beside[b.term] += idf(a.term) / (n.usual * d * d)
		}
	}
	sum := float32(0)
	for term, x := range beside[:len(n.terms)] {
		if x > 0 {
			sum += idf(int32(term)) * x / (x + 1)
		}
	}
	return n.run.view.weights.near * sum
}

// home is where the document of a talk lies.
type home struct{ segment, doc uint32 }

// homes are found when first asked for.
type homes struct {
	once sync.Once
	of   []home // by ordinal
}

// talkHomes returns the homes of a view's talks, by ordinal.
func (v *view) talkHomes() []home {
	v.homes.once.Do(func() {
		v.homes.of = make([]home, len(v.columns.rows))
		for i, s := range v.segments {
			deleted := s.Deleted()
			for doc, ord := range s.ords {
				if ord&slideBit == 0 && int(ord) < len(v.homes.of) && (deleted == nil || !deleted.Contains(uint32(doc))) {
					v.homes.of[ord] = home{uint32(i), uint32(doc)}
				}
			}
		}
	})
	return v.homes.of
}
