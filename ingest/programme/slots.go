package programme

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rostrum/internal/htmltext"
)

// slot is a stretch of the page that one printed time speaks for.
type slot struct {
	anchor      int // the piece that the time stands in; -1 for a unit without a time
	first, last int // pieces
	raw         timeSpan
	when        settled
	lane        int
	container   bool // the times of the slots after it lie within its own
}

// findSlots finds the times that open or stand in programme entries and how far
// each reaches. A time speaks for the largest element that holds no other time
// (a row, a card, a list item); where such elements follow each other with
// loose text between, it speaks for that text too.
func (r *reader) findSlots() {
	anchors := r.anchors()
	if len(anchors) == 0 {
		return
	}
	units := r.units(anchors)
	lead := r.leading(anchors, units)
	starts := r.starts(anchors, units)
	r.underHeadings(anchors, starts)
	for k, a := range anchors {
		s := slot{anchor: a, first: starts[k], raw: *r.pieces[a].time}
		limit := len(r.pieces)
		if k+1 < len(anchors) {
			limit = starts[k+1]
		}
		s.last = r.reach(s.first, a, units[k], limit, k+1 == len(anchors), anchors)
		if c := r.pieces[a].line.Cell; c != nil && r.timesInRow(anchors, k) {
			s.lane = c.Col + 1
		}
		r.slots = append(r.slots, s)
	}
	if !lead {
		r.addTimeless(units)
	}
	r.markSlots()
}

// anchors lists the pieces whose time is that of an entry.
func (r *reader) anchors() []int {
	var out []int
	shapes := map[string]int{}
	for i := range r.pieces {
		if r.pieces[i].time != nil {
			shapes[r.pieces[i].shape]++
		}
	}
	for i := range r.pieces {
		p := &r.pieces[i]
		if p.time == nil || p.line.Zone == htmltext.Nav || p.line.Zone == htmltext.Footer || p.label == cWhen || p.line.Hidden {
			continue
		}
		if p.only && p.date != nil && p.date.month > 0 && (p.time.ranged || p.date.day2 > 0) && p.line.Cell == nil {
			// "Wednesday 6 December 2017, 9:00 – 17:00": the edition, not an entry.
			if shapes[p.shape] < 3 {
				continue
			}
		}
		out = append(out, i)
	}
	return r.dropStrays(r.joinEnds(out))
}

// joinEnds makes one stretch of a start and an end that stand in cells or boxes
// of their own, side by side.
func (r *reader) joinEnds(list []int) []int {
	var out []int
	for k := 0; k < len(list); k++ {
		a := &r.pieces[list[k]]
		out = append(out, list[k])
		if k+1 >= len(list) || list[k+1] != list[k]+1 || !a.only || a.time.ranged || a.time.open {
			continue
		}
		b := &r.pieces[list[k+1]]
		if !b.only || b.time.ranged || b.date != nil && a.date == nil || b.time.start.minutes() == a.time.start.minutes() {
			continue
		}
		if n := minutesOf(b.time.printed); n > 0 && n <= 4*60 && a.time.start.minutes() > n {
			span := *a.time // "13:00", "1h"
			span.length, span.endAt = n, list[k+1]
			a.time, b.time = &span, nil
			b.only = false
			k++
			continue
		}
		if ca, cb := a.line.Cell, b.line.Cell; ca != nil && (cb == nil || ca.Table != cb.Table || ca.Row != cb.Row) || ca == nil && (cb != nil || b.boundary >= 2 || b.line.Gap > 1) {
			continue
		}
		span := *a.time
		span.end, span.ranged = b.time.start, true
		span.endAt = list[k+1]
		a.time = &span
		b.time = nil
		k++
	}
	return out
}

// dropStrays leaves out times far from the others that look like none of them,
// such as opening hours in a page's head.
func (r *reader) dropStrays(list []int) []int {
	if len(list) < 4 {
		return list
	}
	count := map[string]int{}
	for _, a := range list {
		count[r.pieces[a].shape]++
	}
	for len(list) > 3 && count[r.pieces[list[0]].shape] == 1 && list[1]-list[0] > 12 {
		list = list[1:]
	}
	for len(list) > 3 {
		k := len(list) - 1
		if count[r.pieces[list[k]].shape] > 1 || list[k]-list[k-1] <= 14 {
			break
		}
		list = list[:k]
	}
	return list
}

// units gives for each anchor the element that its time speaks for, nil where
// that is only its line.
func (r *reader) units(anchors []int) []*html.Node {
	held := map[*html.Node]int{}
	for _, a := range anchors {
		for n := r.pieces[a].line.Node; n != nil; n = n.Parent {
			held[n]++
		}
	}
	keys := map[string]int{}
	for _, a := range anchors {
		for n := r.pieces[a].line.Node; n != nil && held[n] == 1; n = n.Parent {
			keys[nodeKey(n)]++
		}
	}
	out := make([]*html.Node, len(anchors))
	for k, a := range anchors {
		for n := r.pieces[a].line.Node; n != nil && held[n] == 1; n = n.Parent {
			if keys[nodeKey(n)]*3 >= len(anchors) && keys[nodeKey(n)] >= 2 || out[k] == nil {
				out[k] = n
			}
		}
	}
	return out
}

func nodeKey(n *html.Node) string {
	var key strings.Builder
	key.WriteString(n.Data)
	if n.Parent != nil {
		key.WriteString("<" + n.Parent.Data)
	}
	for _, a := range n.Attr {
		if a.Key == "class" {
			key.WriteString("." + firstWord(a.Val))
		}
	}
	return key.String()
}

func firstWord(s string) string {
	for i, r := range s {
		if r == ' ' && i > 0 {
			return s[:i]
		}
	}
	return s
}

// inside says whether a piece stands in an element.
func (r *reader) inside(i int, n *html.Node) bool {
	if n == nil {
		return false
	}
	for k := r.pieces[i].line.Node; k != nil; k = k.Parent {
		if k == n {
			return true
		}
	}
	return false
}

// leading says whether times mostly stand first in their units.
func (r *reader) leading(anchors []int, units []*html.Node) bool {
	first := 0
	for k, a := range anchors {
		if a == 0 || !r.inside(a-1, units[k]) {
			first++
		}
	}
	return first*2 >= len(anchors)
}

// starts gives the first piece of each anchor's unit.
func (r *reader) starts(anchors []int, units []*html.Node) []int {
	out := make([]int, len(anchors))
	for k, a := range anchors {
		low := 0
		if k > 0 {
			low = anchors[k-1] + 1
		}
		out[k] = a
		for out[k] > low && units[k] != nil && r.inside(out[k]-1, units[k]) {
			out[k]--
		}
	}
	return out
}

// underHeadings moves the beginning of each time's unit up to the heading over
// it, where all are labelled as times and stand below a heading of their own:
// "Title / Speaker: X / Time: 9:00".
func (r *reader) underHeadings(anchors, starts []int) {
	if len(anchors) < 2 {
		return
	}
	up, low := make([]int, len(anchors)), -1
	for k, a := range anchors {
		up[k] = starts[k]
		for up[k]--; up[k] > low && r.pieces[up[k]].line.Heading == 0; up[k]-- {
		}
		if up[k] <= low || r.pieces[a].label != cTime {
			return
		}
		h := &r.pieces[up[k]]
		if h.day || h.line.Heading != r.pieces[up[0]].line.Heading || sessionWords(h.words) >= 0.7 {
			return
		}
		low = a
	}
	copy(starts, up)
}

// reach gives the last piece that a slot speaks for.
func (r *reader) reach(first, anchor int, unit *html.Node, limit int, final bool, anchors []int) int {
	around := r.pieces[anchor].line.Node
	if unit != nil {
		around = unit.Parent
		// Rows go on in the table whatever groups them.
		for around != nil && (around.DataAtom == atom.Tbody || around.DataAtom == atom.Thead) {
			around = around.Parent
		}
	}
	last := anchor
	if r.doc.Root == nil {
		return r.reachText(anchor, limit, final, anchors)
	}
	for i := first; i < limit; i++ {
		if !r.inside(i, around) {
			break
		}
		if final && i > anchor && !r.inside(i, unit) && (r.strange(i, anchors) || r.namesOrganizers(i)) {
			break
		}
		last = i
	}
	return max(last, anchor)
}

// strange says whether a heading after the last time is unlike all headings
// among the times: there another part of the page begins.
func (r *reader) strange(i int, anchors []int) bool {
	p := &r.pieces[i]
	if p.line.Zone == htmltext.Footer || p.line.Zone == htmltext.Aside && r.pieces[anchors[0]].line.Zone != htmltext.Aside {
		return true
	}
	if p.line.Heading == 0 && !p.line.Rule {
		return false
	}
	for k := anchors[0]; k < anchors[len(anchors)-1]; k++ {
		q := &r.pieces[k]
		if p.line.Heading > 0 && q.line.Heading > 0 && q.line.Heading <= p.line.Heading {
			return false
		}
		if p.line.Heading == 0 && q.line.Rule {
			return false
		}
	}
	return true
}

// namesOrganizers says whether a piece tells who put the whole on.
func (r *reader) namesOrganizers(i int) bool {
	p := &r.pieces[i]
	return p.label == cOrganizers || len(p.text) < 160 && organizedBy(p.text) != ""
}

// reachText is reach for a page saved as text, where only bullets, blanks and
// headings tell what belongs together.
func (r *reader) reachText(anchor, limit int, final bool, anchors []int) int {
	count := r.countBullets(anchors)
	last := anchor
	for i := anchor + 1; i < limit; i++ {
		p := &r.pieces[i]
		if p.line.Heading > 0 && final || p.day {
			break
		}
		if final && p.line.Gap > 0 && !p.inner {
			if p.line.Bullet == "" && (count.bullets*2 > len(anchors) || count.blanks*4 < len(anchors)) {
				break
			}
			if len(p.text) < 60 && len(p.text) > 0 && (p.text[len(p.text)-1] == ':' || p.bare) && p.label != cAbstract && p.label != cBio {
				break
			}
		}
		last = i
	}
	return last
}

// bulletCount counts the entries of a text with a bullet and those that go on
// after a blank line.
type bulletCount struct {
	bullets, blanks int
}

func (r *reader) countBullets(anchors []int) bulletCount {
	if r.bullets != nil {
		return *r.bullets
	}
	c := bulletCount{}
	for k, a := range anchors {
		if r.pieces[a].line.Bullet != "" {
			c.bullets++
		}
		if k == 0 {
			continue
		}
		for i := anchors[k-1] + 1; i < a; i++ {
			if l := r.pieces[i].line; l.Gap > 0 && l.Bullet == "" && !r.pieces[i].day {
				c.blanks++
				break
			}
		}
	}
	r.bullets = &c
	return c
}

// timesInRow says whether another anchor stands in the same row of the table.
func (r *reader) timesInRow(anchors []int, k int) bool {
	c := r.pieces[anchors[k]].line.Cell
	for _, d := range []int{k - 1, k + 1} {
		if d < 0 || d >= len(anchors) {
			continue
		}
		if o := r.pieces[anchors[d]].line.Cell; o != nil && o.Table == c.Table && o.Row == c.Row && o.Col != c.Col {
			return true
		}
	}
	return false
}

// addTimeless makes slots of the units that look like the timed ones and have
// no time: cards among cards.
func (r *reader) addTimeless(units []*html.Node) {
	keys := map[string]int{}
	known := map[*html.Node]bool{}
	for _, n := range units {
		if n != nil {
			keys[nodeKey(n)]++
			known[n] = true
		}
	}
	taken := make([]bool, len(r.pieces))
	for _, s := range r.slots {
		for i := s.first; i <= s.last; i++ {
			taken[i] = true
		}
	}
	seen := map[*html.Node]bool{}
	for i := range r.pieces {
		for n := r.pieces[i].line.Node; n != nil; n = n.Parent {
			if known[n] || seen[n] || keys[nodeKey(n)] < 2 || keys[nodeKey(n)]*2 < len(units) {
				continue
			}
			seen[n] = true
			if last := r.lastInside(i, n); last > i && (n.DataAtom != atom.Tr || r.pieces[last].line.Cell != nil && r.pieces[i].line.Cell != nil && r.pieces[last].line.Cell.Col != r.pieces[i].line.Cell.Col) {
				r.cutSlots(i)
				r.slots = append(r.slots, slot{anchor: -1, first: i, last: last})
			}
			break
		}
	}
	sortSlots(r.slots)
}

func (r *reader) lastInside(i int, n *html.Node) int {
	for i+1 < len(r.pieces) && r.inside(i+1, n) {
		i++
	}
	return i
}

// cutSlots ends the slot that reaches over a piece before it.
func (r *reader) cutSlots(i int) {
	for k := range r.slots {
		if s := &r.slots[k]; s.first < i && s.last >= i {
			s.last = i - 1
		}
	}
}

func sortSlots(s []slot) {
	for i := 1; i < len(s); i++ {
		for j := i; j > 0 && s[j].first < s[j-1].first; j-- {
			s[j], s[j-1] = s[j-1], s[j]
		}
	}
}

// markSlots writes the slots onto the pieces.
func (r *reader) markSlots() {
	for i := range r.pieces {
		r.pieces[i].outside = true
	}
	for k, s := range r.slots {
		opened := false
		for i := s.first; i <= s.last; i++ {
			p := &r.pieces[i]
			p.slot, p.outside = k, false
			if !opened && !p.only && !p.day && (p.text != "" || len(p.links) > 0) && (!p.bare || p.label == "") {
				p.opens, opened = true, true
			}
		}
	}
}

// settleTimes tells what the printed times of the slots mean, day by day.
func (r *reader) settleTimes() {
	var times []printedTime
	var which []int
	day, at := 0, 0
	for k := range r.slots {
		s := &r.slots[k]
		if s.anchor < 0 {
			continue
		}
		for ; at <= s.anchor; at++ {
			if p := &r.pieces[at]; p.day || p.time != nil && p.date != nil && k > 0 && r.newDay(p) {
				day++
			}
		}
		times = append(times, printedTime{timeSpan: s.raw, lane: s.lane, day: day})
		which = append(which, k)
	}
	for i, w := range r.settleClocks(times) {
		if n := times[i].length; n > 0 && w.end < 0 {
			w.end = w.start + n
		}
		r.slots[which[i]].when = w
	}
	r.findContainers()
}

// sure is how sure the times of a slot are.
func (s *slot) sure() float64 {
	if s.when.mended {
		return 0.4
	}
	return 0.95
}

// endOf gives the piece that the end of a slot's time stands in.
func (r *reader) endOf(s *slot) int {
	if s.raw.endAt > 0 {
		return s.raw.endAt
	}
	return s.anchor
}

// newDay says whether a date beside a time differs from the one before it.
func (r *reader) newDay(p *piece) bool {
	d := *p.date
	key := [3]int{d.month, d.day, d.weekday}
	if key == r.lastDay {
		return false
	}
	r.lastDay = key
	return true
}

// findContainers marks slots whose stretch holds those of the slots after
// them: headings of sessions rather than entries.
func (r *reader) findContainers() {
	for k := range r.slots {
		s := &r.slots[k]
		if s.anchor < 0 || s.when.end < 0 || !s.raw.ranged || s.when.end <= s.when.start {
			continue
		}
		n := 0
		for j := k + 1; j < len(r.slots); j++ {
			o := &r.slots[j]
			if o.anchor < 0 || o.lane != s.lane || o.when.start < s.when.start || o.when.start >= s.when.end || o.when.end > s.when.end {
				break
			}
			if o.when.start == s.when.start && o.when.end == s.when.end {
				break
			}
			n++
		}
		if n >= 2 || n == 1 && r.slots[k+1].when.start == s.when.start && r.slots[k+1].when.end != s.when.end && r.slots[k+1].when.end >= 0 {
			s.container = true
		}
	}
}
