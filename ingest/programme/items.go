package programme

import (
	"regexp"
	"slices"
	"strings"

	"rostrum/archive"
)

// draft is an item while its pieces are gathered.
type draft struct {
	item   archive.Item
	pieces []int
	slot   int
	title  int // the piece of the title, -1 while there is none
	prefix string
	texts  []string
	bios   []string
	links  []int
	// sessionText is the session's name as printed.
	sessionText string
	length      int    // minutes, where printed
	beside      bool   // it runs beside the others of its slot, in a room of its own
	late        bool   // people were named below the abstract
	roomOf      string // "session" where the room is the session's
	peopleAt    []int  // pieces that names came from
}

// gather makes items of the labelled pieces.
func (r *reader) gather() []draft {
	g := gatherer{r: r, slot: -1, sessionSlot: -1}
	for i := range r.pieces {
		g.take(i)
	}
	g.close()
	return g.out
}

type gatherer struct {
	r       *reader
	out     []draft
	cur     *draft
	slot    int
	session string
	room    string
	track   string
	// slotRoom is the room printed with the time of the slot slotOf.
	slotRoom string
	slotOf   int
	// sessionText is the session's name as printed, session the name alone.
	sessionText string
	// sessionSlot is the slot that the session opened and that holds its items,
	// -1 where they stand at times of their own.
	sessionSlot int
}

// endSession lets a session go whose items stood at its own time, once a time
// after its end is come to.
func (g *gatherer) endSession(next int) {
	if g.sessionSlot < 0 || g.session == "" {
		return
	}
	at, then := g.r.slots[g.sessionSlot].when, g.r.slots[next].when
	if at.end >= 0 && (then.start >= at.end || then.start < at.start) {
		g.session, g.sessionText, g.sessionSlot = "", "", -1
	}
}

func (g *gatherer) close() {
	if g.cur != nil {
		g.out = append(g.out, *g.cur)
		g.cur = nil
	}
}

func (g *gatherer) begin(i int) {
	g.close()
	p := &g.r.pieces[i]
	g.cur = &draft{slot: p.slot, title: -1}
	g.cur.item.Session = g.session
	if g.slotRoom != "" && g.slotOf == p.slot {
		g.cur.item.Room, g.slotRoom = g.slotRoom, ""
	} else if g.room != "" {
		g.cur.item.Room, g.cur.roomOf = g.room, "session"
	}
	g.cur.sessionText = g.sessionText
	g.cur.item.Track = g.track
	// What stood in the slot before its first item is the item's too: a link, a room.
}

// take reads one piece by its label, and leaves the item at hand as it is then.
func (g *gatherer) take(i int) {
	p := &g.r.pieces[i]
	if p.slot != g.slot && p.slot >= 0 {
		g.close()
		g.endSession(p.slot)
		g.slot = p.slot
	}
	if roomHeading(p) {
		g.close()
		g.room, g.session, g.sessionText = p.text, "", ""
		return
	}
	if p.outside && !p.inner && p.kind == lOut {
		if p.line.Heading > 0 {
			g.close()
		}
		return
	}
	g.takeRoom(p)
	switch p.kind {
	case lOut:
		if len(p.links) > 0 && g.cur != nil && !p.outside {
			g.cur.links = append(g.cur.links, p.links...)
		}
		return
	case lDay:
		g.close()
		g.session, g.sessionText, g.room = "", "", ""
	case lSession:
		g.takeSession(i, p)
	case lTitle:
		g.begin(i)
		g.setTitle(i, p.text)
	case lTitle2:
		if g.cur == nil || g.cur.title >= 0 {
			g.begin(i)
		}
		g.setTitle(i, p.text)
	case lPeople1:
		g.begin(i)
		g.addPeople(i, p.people)
	case lHead:
		g.begin(i)
		g.setTitle(i, p.head.title)
		g.addPeople(i, p.head.people)
	default:
		g.more(i, p)
	}
	if g.cur != nil && p.kind.within() {
		g.keep(i, p)
	}
}

// roomHeading says whether a piece is a heading that names the room of what
// follows it.
func roomHeading(p *piece) bool {
	return p.line.Heading > 0 && p.time == nil && len(p.words) > 1 && len(p.words) <= 5 && !p.day && !p.kind.within() &&
		(lex().begins(cRoom, p.words) > 0 || lex().ends(cRoom, p.words) > 0)
}

// takeRoom gives the room printed with a piece to the slot's item, or keeps it
// for the one that begins next.
func (g *gatherer) takeRoom(p *piece) {
	if p.room == "" || p.slot < 0 {
		return
	}
	if g.cur == nil || g.cur.slot != p.slot || p.kind.begins() {
		g.slotRoom, g.slotOf = p.room, p.slot
	} else if g.cur.item.Room == "" {
		g.cur.item.Room = p.room
	}
}

// takeSession reads a session's heading: the items after it are of the session
// or the track it names. At a time of its own with nothing below, it is an item.
func (g *gatherer) takeSession(i int, p *piece) {
	g.close()
	g.room = ""
	if len(p.words) > 0 && (trackWord(p.words[:1]) || len(p.words) > 1 && trackWord(p.words[1:2]) && len(p.words) < 4) {
		g.track = p.text
		g.session, g.sessionText = "", ""
		return
	}
	g.session, g.sessionText, g.sessionSlot = cleanSession(p.text), p.text, -1
	if p.opens && p.slot >= 0 && !g.r.emptySlot(p.slot, i) {
		g.sessionSlot = p.slot
	}
	if r := g.r; p.slot >= 0 && p.opens && !r.slots[p.slot].container && r.emptySlot(p.slot, i) {
		g.begin(i)
		g.setTitle(i, p.text)
		g.cur.item.Session = ""
		g.cur.pieces = append(g.cur.pieces, i)
		g.cur.links = append(g.cur.links, p.links...)
	}
}

// keep notes with the item at hand a piece within it: what was cut off the
// piece, its links, and where it stands.
func (g *gatherer) keep(i int, p *piece) {
	if p.prefix != "" && g.cur.title != i {
		g.cur.prefix = strings.TrimSpace(g.cur.prefix + " " + p.prefix)
	}
	if p.kind == lMeta || p.kind == lLinks {
		for _, run := range p.runs {
			if run.Link >= 0 && g.r.fileLink(run.Link) {
				g.cur.links = append(g.cur.links, run.Link)
			}
		}
	}
	g.cur.pieces = append(g.cur.pieces, i)
	g.cur.links = append(g.cur.links, p.links...)
	if p.marked {
		g.cur.item.SlidesMarked = true
	}
}

// more adds to the item what follows its head.
func (g *gatherer) more(i int, p *piece) {
	if g.cur == nil {
		if p.kind == lMeta && p.label == cRoom {
			g.room = p.text
		}
		return
	}
	switch p.kind {
	case lPeople, lPeople3:
		g.addPeople(i, p.people)
		g.cur.late = g.cur.late || len(g.cur.texts) > 0
	case lText:
		if g.cur.late && p.label != cAbstract {
			// Text below the name that follows the abstract is about the person.
			g.cur.bios = append(g.cur.bios, p.text)
			return
		}
		g.cur.texts = append(g.cur.texts, strings.TrimLeft(p.text, " ,.;:–—-"))
	case lBio:
		g.cur.bios = append(g.cur.bios, strings.TrimLeft(p.text, " ,.;:–—-"))
	case lAff:
		for k := range g.cur.item.Speakers {
			if c := &g.cur.item.Speakers[k]; c.Affiliation == "" {
				c.Affiliation = strings.Trim(p.text, " ()")
			}
		}
	case lMeta:
		g.takeMeta(p)
	default:
	}
}

// takeMeta reads the notes of an item: its room, its track, its length.
func (g *gatherer) takeMeta(p *piece) {
	it := &g.cur.item
	switch {
	case p.bare || p.text == "":
	case kindPrefix(p.text):
		g.cur.prefix = strings.TrimSpace(g.cur.prefix + " " + p.text)
	case p.label == cRoom || classed(p, "room", "location", "venue", "place", "stage", "hall") && p.label == "" && !isDuration(p.text):
		if it.Room == "" && len(p.text) < 80 {
			it.Room = p.text
		}
	case p.label == "" && classed(p, "track", "stream") && !isDuration(p.text):
		if it.Track == "" && len(p.text) < 80 {
			it.Track = p.text
		}
	case isDuration(p.text):
		if m := minutesRE.FindStringSubmatch(p.text); m != nil {
			g.cur.length = atoi(m[1])
		}
	}
}

var minutesRE = regexp.MustCompile(`(?i)^\W*(\d{1,3})\s*(?:'|’|′|m\b|min)`)

// classed says whether a piece stands in an element whose class or id has one
// of the words.
func classed(p *piece, words ...string) bool {
	for i, c := range p.line.Classes {
		if i < 4 && slices.Contains(words, c) {
			return true
		}
	}
	for _, run := range p.runs {
		for _, c := range strings.FieldsFunc(strings.ToLower(run.Shape), func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
			if slices.Contains(words, c) && len(run.Text)*2 > len(p.text) {
				return true
			}
		}
	}
	return false
}

func (g *gatherer) setTitle(i int, text string) {
	g.cur.title = i
	title, prefix := cleanTitle(text)
	g.cur.item.Title = title
	g.cur.prefix = strings.TrimSpace(g.cur.prefix + " " + prefix + " " + g.r.pieces[i].prefix)
	for _, run := range g.r.pieces[i].runs {
		if run.Link >= 0 {
			g.cur.links = append(g.cur.links, run.Link)
		}
	}
}

func (g *gatherer) addPeople(i int, people peopleReading) {
	if people.chair {
		return
	}
	p := &g.r.pieces[i]
	for _, c := range people.credits {
		dup := false
		for k := range g.cur.item.Speakers {
			have := &g.cur.item.Speakers[k]
			if fold(have.Name) == fold(c.Name) {
				dup = true
				if have.Affiliation == "" {
					have.Affiliation = c.Affiliation
				}
			}
		}
		if dup {
			continue
		}
		c.URL = g.r.personLink(p, c.Name)
		g.cur.item.Speakers = append(g.cur.item.Speakers, c)
	}
	g.cur.peopleAt = append(g.cur.peopleAt, i)
}

// personLink gives the page that a name is linked to, or "".
func (r *reader) personLink(p *piece, name string) string {
	for _, run := range p.runs {
		if run.Link >= 0 && strings.Contains(fold(r.doc.Links[run.Link].Text), fold(name)) && !r.fileLink(run.Link) {
			return r.resolve(r.doc.Links[run.Link].Href)
		}
	}
	return ""
}

// emptySlot says whether no item begins in a slot: then the name at its time is
// the item.
func (r *reader) emptySlot(k, head int) bool {
	s := &r.slots[k]
	for i := s.first; i <= s.last; i++ {
		if i != head && r.pieces[i].kind.begins() {
			return false
		}
	}
	return true
}

// cleanSession strips a session's number and time from its name.
func cleanSession(s string) string {
	s = strings.Trim(s, " .,:;-–—|")
	if m := titlePrefixRE.FindStringSubmatch(s); m != nil && len(m[0]) < len(s) {
		w := strings.Fields(fold(m[1]))
		if len(w) <= 4 && lex().has(cSession, w) {
			return strings.TrimSpace(s[len(m[0]):])
		}
	}
	return s
}

// complete turns drafts into items: times, dates, kinds, links, texts.
func (r *reader) complete(drafts []draft) []archive.Item {
	inSlot := map[int]int{}
	r.sideBySide(drafts)
	for i := range drafts {
		if drafts[i].slot >= 0 {
			inSlot[drafts[i].slot]++
		}
	}
	legend := r.readLegend()
	var out []archive.Item
	for i := range drafts {
		d := &drafts[i]
		if !r.worthKeeping(d) {
			continue
		}
		r.resolveMarks(d, legend)
		it := &d.item
		if d.slot >= 0 {
			r.timeItem(it, d, inSlot[d.slot])
		}
		it.Date = r.dateOf(d)
		if m := bracketEndRE.FindStringSubmatch(it.Title); m != nil && len(m[0]) < len(it.Title) && pauseOf(strings.Fields(fold(strings.TrimSuffix(it.Title, m[0])))) != "" {
			it.Title = strings.TrimSuffix(it.Title, m[0])
		}
		it.Kind = kindOf(it.Title, d.prefix, it.Session, len(it.Speakers))
		d.texts = slices.DeleteFunc(d.texts, func(s string) bool { return len(s) < 12 && len(d.texts) > 0 })
		r.livesAmongTexts(d)
		it.Abstract = trimQuotes(strings.Join(dedupe(d.texts), "\n\n"))
		r.placeBios(d)
		r.placeLinks(d)
		r.placeRoom(d)
		if (it.Kind == archive.KindMeal || it.Kind == archive.KindBreak) && d.roomOf == "session" {
			it.Room = ""
		}
		r.notePlaces(d)
		out = append(out, *it)
	}
	return out
}

func dedupe(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
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

// timeItem gives an item the time of its slot, when it is alone in it.
func (r *reader) timeItem(it *archive.Item, d *draft, n int) {
	s := &r.slots[d.slot]
	if s.anchor < 0 || r.timesOf(r.pieces[s.anchor].line.Text, s) {
		return
	}
	shared := n > 1 && !d.beside && !r.parallel(d) && !lex().has(cParallel, strings.Fields(fold(d.sessionText)))
	if shared && (s.when.end >= 0 || !r.ownsTime(d, s)) {
		return
	}
	it.Start = archive.MakeClock(s.when.start)
	if end := r.spannedEnd(d, s); end >= 0 {
		it.End = archive.MakeClock(end % (24 * 60))
		return
	}
	switch {
	case s.when.end >= 0:
		it.End = archive.MakeClock(s.when.end % (24 * 60))
	case d.length > 0 && (n == 1 || d.beside):
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
// rows: that of the last of them; -1 when it does not.
func (r *reader) spannedEnd(d *draft, s *slot) int {
	if d.title < 0 {
		return -1
	}
	c, a := r.pieces[d.title].line.Cell, r.pieces[s.anchor].line.Cell
	if c == nil || a == nil || c.Rows < 2 || c.Table != a.Table || c.Col == a.Col || a.Rows >= c.Rows {
		return -1
	}
	for k := range r.slots {
		o := &r.slots[k]
		if o.anchor < 0 {
			continue
		}
		if oc := r.pieces[o.anchor].line.Cell; oc != nil && oc.Table == c.Table && oc.Row == c.Row+c.Rows-1 && o.when.end >= 0 {
			return o.when.end
		}
	}
	return -1
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
	return a.Cell != nil && t.Cell != nil && a.Cell.Table == t.Cell.Table && a.Cell.Row == t.Cell.Row
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
	at := 0
	for _, b := range d.bios {
		f := fold(b)
		for k := range it.Speakers {
			name := fold(it.Speakers[k].Name)
			if name != "" && strings.HasPrefix(f, name) || strings.Contains(f[:min(len(f), 80)], name) && name != "" {
				at = k
			}
		}
		c := &it.Speakers[at]
		if c.Bio != "" {
			c.Bio += "\n\n"
		}
		c.Bio += trimQuotes(b)
	}
}

// placeLinks sorts an item's links into slides, films, papers and its own page.
func (r *reader) placeLinks(d *draft) {
	it := &d.item
	var pdfs []string
	titled := map[int]bool{}
	if d.title >= 0 {
		for _, run := range r.pieces[d.title].runs {
			if run.Link >= 0 {
				titled[run.Link] = true
			}
		}
	}
	for _, i := range d.links {
		href := r.resolve(r.doc.Links[i].Href)
		if href == "" {
			continue
		}
		switch r.linkKindIn(i) {
		case linkSlides:
			it.Slides = appendNew(it.Slides, href)
		case linkVideo:
			it.Video = appendNew(it.Video, href)
		case linkPaper:
			it.Paper = appendNew(it.Paper, href)
		case linkPDF:
			pdfs = appendNew(pdfs, href)
		default:
			if titled[i] && it.URL == "" && r.sameSite(href) {
				it.URL = href
			}
		}
	}
	if len(pdfs) > 0 {
		if r.pdfIsPaper || len(it.Slides) > 0 {
			it.Paper = append(it.Paper, pdfs...)
		} else {
			it.Slides = append(it.Slides, pdfs...)
		}
	}
	if len(it.Slides) > 0 {
		it.SlidesMarked = false
	}
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// judgePDFs decides for the page what a PDF is that says nothing of itself: a
// paper where slides are linked by name elsewhere or where most talks have
// several authors, else slides.
func (r *reader) judgePDFs(drafts []draft) {
	slides, talks, authors, unnamed := 0, 0, 0, 0
	for i := range drafts {
		d := &drafts[i]
		if len(d.item.Speakers) > 0 {
			talks++
			authors += len(d.item.Speakers)
		}
		for _, l := range d.links {
			switch r.linkKindOf(l) {
			case linkSlides:
				slides++
			case linkPDF:
				if isMark(r.doc.Links[l].Text) {
					unnamed++
				}
			default:
			}
		}
	}
	r.pdfIsPaper = slides*4 > talks || unnamed*2 > talks && authors*10 > talks*18
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
		d.item.Room = head.room
	}
	if head.track != "" && d.item.Track == "" {
		d.item.Track = head.track
	}
}

// notePlaces tells for each value where it was read.
func (r *reader) notePlaces(d *draft) {
	it := &d.item
	it.Places = archive.Places{}
	note := func(field string, i int, quote string, sure float64) {
		if i >= 0 {
			it.Places[field] = r.place(i, quote, sure)
		}
	}
	if d.title >= 0 {
		note("title", d.title, it.Title, r.sureOf(d.title))
	}
	if len(d.peopleAt) > 0 {
		i := d.peopleAt[0]
		note("speakers", i, r.pieces[i].text, max(0.1, min(0.99, 0.5+r.pieces[i].people.score/2)))
	}
	if it.Start != "" {
		s := &r.slots[d.slot]
		sure := 0.95
		if s.when.mended {
			sure = 0.4
		}
		note("start", s.anchor, r.pieces[s.anchor].line.Text, sure)
		if it.End != "" {
			note("end", s.anchor, r.pieces[s.anchor].line.Text, sure)
		}
	}
	for _, i := range d.pieces {
		switch r.pieces[i].kind {
		case lText:
			if _, ok := it.Places["abstract"]; !ok {
				note("abstract", i, r.pieces[i].text, r.sureOf(i))
			}
		default:
		}
	}
}

func (r *reader) place(i int, quote string, sure float64) archive.Place {
	l := r.pieces[i].line
	p := archive.Place{Line: l.Number, Quote: cut(quote, 200), Sure: sure}
	if l.Node != nil {
		p.Path = r.paths.Of(l.Node)
	}
	return p
}

// sureOf tells how much better the chosen label is than the next, as 0 to 1.
func (r *reader) sureOf(i int) float64 {
	p := &r.pieces[i]
	second := -10.0
	for c := range labels {
		if c != p.kind && (c != lTitle2 || p.kind != lTitle) && (c != lTitle || p.kind != lTitle2) {
			second = max(second, p.score[c])
		}
	}
	gap := p.score[p.kind] - second
	return max(0.2, min(0.98, 0.7+gap/8))
}

// cut shortens a text to at most n characters.
func cut(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}
