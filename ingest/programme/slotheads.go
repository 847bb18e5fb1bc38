package programme

import "strings"

// findSlotHeads looks at the slots that came out with several items. Where the
// line at the time is unlike the items below it and has neither people nor text
// of its own, it is the heading of them all ("11:00 Session 2"). It says whether
// any were found, for then the labels are to be settled anew.
func (r *reader) findSlotHeads() bool {
	if r.off("slothead") {
		return false
	}
	found := false
	for k := range r.slots {
		s := &r.slots[k]
		head, shapes, alone := -1, map[string]int{}, true
		for i := s.first; i <= s.last; i++ {
			p := &r.pieces[i]
			if p.day {
				break
			}
			switch {
			case p.kind.begins() && head < 0 && p.opens:
				head = i
			case p.kind.begins() || p.kind == lTitle2:
				shapes[p.shape]++
			case p.kind.within() && len(shapes) == 0 && p.kind != lMeta && p.kind != lLinks && p.kind != lPeople:
				alone = false
			}
		}
		if head < 0 || len(shapes) == 0 || !alone {
			continue
		}
		h := &r.pieces[head]
		if h.kind == lPeople1 || shapes[h.shape] > 0 || h.line.Cell != nil && r.trackCell(head, s) {
			continue
		}
		n := 0
		for _, c := range shapes {
			n += c
		}
		if h.kind == lHead && n < 2 || r.pauseKind(h) != "" && n < 2 || n < 2 && sessionWords(h.words) < 0.7 {
			continue
		}
		h.score[lSession] += 4
		h.score[lTitle] -= 3
		h.score[lHead] -= 3
		found = true
	}
	return found
}

// itemsNamedSession finds items that only sound like headings ("Email session"):
// they look like the items of the same slot.
func (r *reader) itemsNamedSession() {
	for k := range r.slots {
		s := &r.slots[k]
		shapes := map[string]bool{}
		for i := s.first; i <= s.last; i++ {
			if r.pieces[i].kind.begins() {
				shapes[r.pieces[i].shape] = true
			}
		}
		for i := s.first; i < s.last; i++ {
			p, next := &r.pieces[i], &r.pieces[i+1]
			if p.kind == lSession && !p.opens && !p.inner && shapes[p.shape] && (next.kind.begins() || next.kind == lSession) && next.shape == p.shape {
				p.kind = lTitle
			}
		}
	}
	r.loneSession()
}

// loneSession finds an item that only sounds like a heading in a list in which
// nothing is one: it goes on what a line without a time, a name or a pause began,
// and no other line of its look heads anything.
func (r *reader) loneSession() {
	heads := map[string]int{}
	for i := range r.pieces {
		if r.pieces[i].kind == lSession {
			heads[r.pieces[i].shape]++
		}
	}
	for i := 1; i < len(r.pieces); i++ {
		p, prev := &r.pieces[i], &r.pieces[i-1]
		if p.kind != lSession || p.opens || p.inner || heads[p.shape] != 1 || prev.kind != lTitle || prev.opens || prev.shape != p.shape || r.pauseKind(prev) != "" {
			continue
		}
		if l := lex(); len(p.words) > 1 && !l.is(cSession, strings.Join(p.words, " ")) && l.begins(cSession, p.words) == 0 && l.ends(cSession, p.words) == 1 {
			p.kind = lTitle
		}
	}
}

// trackCell says whether the head of a slot stands in a cell beside others that
// hold items of their own: then it is the item of its column.
func (r *reader) trackCell(head int, s *slot) bool {
	c := r.pieces[head].line.Cell
	for i := head + 1; i <= s.last; i++ {
		if o := r.pieces[i].line.Cell; o != nil && o.Table == c.Table && o.Row == c.Row && o.Col != c.Col && r.pieces[i].kind.begins() {
			return true
		}
	}
	return false
}
