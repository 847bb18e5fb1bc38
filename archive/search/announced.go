package search

import "slices"

// What an edition announced, as in its call for papers, is a hope that its talks
// may have fulfilled or not. Taken as words of all of them it would bury those
// that speak of it, and make rare words common: with the twenty commonest topics
// of each edition announced, known talks came first up to 0.6 percent less
// often. So it is looked for only where no talk has a word by itself: then the
// talks of the editions that wanted to hear of it are better than none.
func (p *planner) announced(s *slot) []*slot {
	if s.kind != wordSlot || s.common {
		return nil
	}
	if !slices.ContainsFunc(s.variants, func(form variant) bool { return form.stem != "" && p.view.contains(announced, form.stem) }) {
		return nil
	}
	// What cannot be read is told by who reads the word itself.
	if m, err := p.view.match(s); err != nil || m.n > 0 {
		return nil
	}
	return []*slot{{kind: announcedSlot, text: s.text, in: 1 << inAround, variants: s.variants}}
}

// announcedList lists the talks whose editions announced a word, all alike.
func (v *view) announcedList(slot *slot, w *weights) (*matches, error) {
	b := v.builder()
	defer b.done()
	s := b.scratch
	for _, form := range slot.variants {
		if form.stem == "" {
			continue
		}
		err := v.talksWith(announced, form.stem, func(ord uint32) bool {
			s.touched.set(ord)
			s.fields[ord], s.own[ord] = slot.in, w.field[inAround]
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	return b.matches(w.k1), nil
}
