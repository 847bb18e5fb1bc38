package programme

import (
	"slices"
	"strings"

	"rostrum/archive"
)

// complete turns drafts into items: times, dates, kinds, links, texts.
// It gives the items and, for each, where its values were read.
func (r *reader) complete(drafts []draft) ([]archive.Item, []sources) {
	inSlot := map[int]int{}
	r.sideBySide(drafts)
	for i := range drafts {
		if drafts[i].slot >= 0 {
			inSlot[drafts[i].slot]++
		}
	}
	usual := r.usualLength(inSlot)
	legend := r.readLegend()
	var out []archive.Item
	var from []sources
	for i := range drafts {
		d := &drafts[i]
		if !r.worthKeeping(d) {
			continue
		}
		r.resolveMarks(d, legend)
		it := &d.item
		if d.slot >= 0 {
			r.timeItem(it, d, inSlot[d.slot], usual)
		}
		day, dayAt := r.dateOf(d)
		it.Date, d.from["date"] = day, at(dayAt)
		if m := bracketEndRE.FindStringSubmatch(it.Title); m != nil && len(m[0]) < len(it.Title) && pauseOf(strings.Fields(fold(strings.TrimSuffix(it.Title, m[0])))) != "" {
			it.Title = strings.TrimSuffix(it.Title, m[0])
		}
		it.Kind = kindOf(it.Title, d.prefix, it.Session, len(it.Speakers))
		switch it.Kind {
		case archive.KindBreak, archive.KindMeal, archive.KindOpening, archive.KindClosing:
			it.Session = "" // it stands between sessions, whatever came before it
		default:
		}
		d.texts = slices.DeleteFunc(d.texts, func(t passage) bool { return len(t.words) < 12 })
		r.livesAmongTexts(d)
		it.Abstract = trimQuotes(joinTexts(d.texts))
		if len(d.texts) > 0 {
			d.from["abstract"] = at(d.texts[0].piece)
		}
		r.placeBios(d)
		r.placeLinks(d)
		r.placeRoom(d)
		if (it.Kind == archive.KindMeal || it.Kind == archive.KindBreak) && d.roomOf == "session" {
			it.Room = ""
		}
		out, from = append(out, *it), append(from, d.from)
	}
	return out, from
}

// passage is running text and the piece that it stands in.
type passage struct {
	words string
	piece int
}

// eachOnce drops the texts that stand in a list already.
func eachOnce(list []passage) []passage {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(list), func(t passage) bool {
		again := seen[t.words]
		seen[t.words] = true
		return again
	})
}

// joinTexts makes paragraphs of texts, each once.
func joinTexts(list []passage) string {
	var out []string
	for _, t := range list {
		out = appendNew(out, t.words)
	}
	return strings.Join(out, "\n\n")
}

// worthKeeping drops drafts that are not items after all.
func (r *reader) worthKeeping(d *draft) bool {
	if d.item.Title == "" {
		if len(d.item.Speakers) == 0 || d.slot < 0 {
			return false
		}
		d.item.Title = d.prefix
		return d.item.Title != ""
	}
	return true
}

// timeItem gives an item the time of its slot, when it is alone in it. n is how
// many items the slot holds, usual how long slots of one item are here.
func (r *reader) timeItem(it *archive.Item, d *draft, n, usual int) {
	s := &r.slots[d.slot]
	if s.anchor < 0 || r.timesOf(r.pieces[s.anchor].line.Text, s) {
		return
	}
	shared := n > 1 && !d.beside && !r.parallel(d) && !lex().has(cParallel, strings.Fields(fold(d.sessionText)))
	// A range no longer than those of single items belongs to the item in its own
	// line, and what follows is printed without a time; a longer one is a session's.
	if shared && (!r.ownsTime(d, s) || s.when.end >= 0 && (s.when.end-s.when.start > usual || r.pieces[s.anchor].line != r.pieces[d.title].line)) {
		return
	}
	it.Start = archive.MakeClock(s.when.start)
	d.from["start"] = source{piece: s.anchor, sure: s.sure()}
	if end, row := r.spannedEnd(d, s); end >= 0 {
		it.End = archive.MakeClock(end % (24 * 60))
		d.from["end"] = source{piece: row, sure: s.sure()}
		return
	}
	switch {
	case s.when.end >= 0:
		it.End = archive.MakeClock(s.when.end % (24 * 60))
		d.from["end"] = source{piece: r.endOf(s), sure: s.sure()}
	case d.length > 0:
		it.End = archive.MakeClock((s.when.start + d.length) % (24 * 60))
	}
}

// sideBySide finds the slots whose items are each in a room or track of their
// own: they run at the same time, which is then the time of each.
func (r *reader) sideBySide(drafts []draft) {
	for i := 0; i < len(drafts); {
		j := i + 1
		for j < len(drafts) && drafts[j].slot == drafts[i].slot {
			j++
		}
		seen := map[string]bool{}
		for k := i; k < j; k++ {
			if where := drafts[k].item.Room + "|" + drafts[k].item.Track; where != "|" {
				seen[where] = true
			}
		}
		if drafts[i].slot >= 0 && j-i > 1 && len(seen) == j-i {
			for k := i; k < j; k++ {
				drafts[k].beside = true
			}
		}
		i = j
	}
}

// spannedEnd gives the end of an item whose cell reaches down over several
// rows: that of the last of them, and the piece it stands in; -1 when it does not.
func (r *reader) spannedEnd(d *draft, s *slot) (end, piece int) {
	if d.title < 0 {
		return -1, -1
	}
	c, a := r.pieces[d.title].line.Cell, r.pieces[s.anchor].line.Cell
	if c == nil || a == nil || c.Rows < 2 || c.Table != a.Table || c.Col == a.Col || a.Rows >= c.Rows {
		return -1, -1
	}
	for k := range r.slots {
		o := &r.slots[k]
		if o.anchor < 0 {
			continue
		}
		if oc := r.pieces[o.anchor].line.Cell; oc != nil && oc.Table == c.Table && oc.Row == c.Row+c.Rows-1 && o.when.end >= 0 {
			return o.when.end, o.anchor
		}
	}
	return -1, -1
}

// timesOf says whether a line prints several stretches of time: opening hours,
// of which none is the item's.
func (r *reader) timesOf(text string, s *slot) bool {
	n := 0
	for _, t := range findTimes(text) {
		if t.ranged {
			n++
		}
	}
	return n > 1 && s.lane == 0 && len(findDates(text)) > 0
}

// ownsTime says whether an item stands in the row or block that the time of its
// slot is printed in, the other items of the slot in those below.
func (r *reader) ownsTime(d *draft, s *slot) bool {
	if d.title < 0 {
		return false
	}
	a, t := r.pieces[s.anchor].line, r.pieces[d.title].line
	if a == t {
		return true
	}
	if a.Cell == nil || t.Cell == nil || a.Cell.Table != t.Cell.Table || a.Cell.Row != t.Cell.Row {
		return false
	}
	for i := s.first; i <= s.last; i++ {
		p := &r.pieces[i]
		if i != d.title && p.kind.begins() && p.line.Cell != nil && p.line.Cell.Table == a.Cell.Table && p.line.Cell.Row == a.Cell.Row {
			return false // all of a session in one row
		}
	}
	return true
}

// usualLength is the middle length, in minutes, of the slots that hold a single
// item (their numbers by slot in inSlot); 0 when fewer than two of them print an end.
func (r *reader) usualLength(inSlot map[int]int) int {
	var single []int
	for k, n := range inSlot {
		if w := r.slots[k].when; n == 1 && w.end > w.start {
			single = append(single, w.end-w.start)
		}
	}
	if len(single) < 2 {
		return 0
	}
	slices.Sort(single)
	return single[len(single)/2]
}

// parallel says whether the items of a slot run side by side, in columns of the
// same row, so that the slot's time is that of each.
func (r *reader) parallel(d *draft) bool {
	if d.title < 0 {
		return false
	}
	c := r.pieces[d.title].line.Cell
	a := r.pieces[r.slots[d.slot].anchor].line.Cell
	if c == nil || a == nil || c.Table != a.Table || c.Col == a.Col {
		return false
	}
	// Alone in its cell?
	s := &r.slots[d.slot]
	for i := s.first; i <= s.last; i++ {
		p := &r.pieces[i]
		if i != d.title && p.kind.begins() && p.line.Cell != nil && p.line.Cell.Node == c.Node {
			return false
		}
		if i != d.title && p.kind.begins() && p.line.Cell != nil && p.line.Cell.Table == c.Table && p.line.Cell.Col == c.Col {
			return false
		}
	}
	return true
}

// placeBios gives biographies to the people they are about: by name where one
// begins with it, else in order.
func (r *reader) placeBios(d *draft) {
	it := &d.item
	if len(d.bios) == 0 || len(it.Speakers) == 0 {
		return
	}
	who := 0
	for _, b := range d.bios {
		f := fold(b.words)
		for k := range it.Speakers {
			name := fold(it.Speakers[k].Name)
			if name != "" && strings.HasPrefix(f, name) || strings.Contains(f[:min(len(f), 80)], name) && name != "" {
				who = k
			}
		}
		c := &it.Speakers[who]
		if c.Bio != "" {
			c.Bio += "\n\n"
		}
		c.Bio += trimQuotes(b.words)
		if _, ok := d.from[inCredit(who, "bio")]; !ok && d.from != nil {
			d.from[inCredit(who, "bio")] = at(b.piece)
		}
	}
}

// placeRoom reads the head of the item's column as room or track.
func (r *reader) placeRoom(d *draft) {
	if d.title < 0 {
		return
	}
	c := r.pieces[d.title].line.Cell
	if c == nil {
		return
	}
	head, ok := r.columns[columnKey{c.Table, c.Col}]
	if !ok || head.date != "" || c.Cols > 1 {
		return
	}
	if head.room != "" && d.item.Room == "" {
		d.item.Room, d.from["room"] = head.room, at(head.named)
	}
	if head.track != "" && d.item.Track == "" {
		d.item.Track, d.from["track"] = head.track, at(head.named)
	}
}
