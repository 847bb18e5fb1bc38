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
	texts  []passage
	bios   []passage
	links  []int
	// sessionText is the session's name as printed.
	sessionText string
	length      int    // minutes, where printed
	beside      bool   // it runs beside the others of its slot, in a room of its own
	late        bool   // people were named below the abstract
	roomOf      string // "session" where the room is the session's
	peopleAt    []int  // pieces that names came from
	from        sources
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
	// slotLength is the length printed between the time and the item of the slot
	// lengthOf, in piece lengthAt.
	slotLength, lengthOf, lengthAt int
	// The pieces that room, track, session and slotRoom were read from.
	roomAt, trackAt, sessionAt, slotRoomAt int
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
	g.cur = &draft{slot: p.slot, title: -1, from: sources{}}
	g.cur.item.Session = g.session
	g.cur.from["session"] = at(g.sessionAt)
	if g.slotRoom != "" && g.slotOf == p.slot {
		g.cur.item.Room, g.slotRoom = g.slotRoom, ""
		g.cur.from["room"] = at(g.slotRoomAt)
	} else if g.room != "" {
		g.cur.item.Room, g.cur.roomOf = g.room, "session"
		g.cur.from["room"] = at(g.roomAt)
	}
	if g.slotLength > 0 && g.lengthOf == p.slot {
		g.cur.length, g.slotLength = g.slotLength, 0
		g.cur.from["end"] = at(g.lengthAt)
	}
	g.cur.sessionText = g.sessionText
	g.cur.item.Track = g.track
	g.cur.from["track"] = at(g.trackAt)
}

// take reads one piece by its label, and leaves the item at hand as it is then.
func (g *gatherer) take(i int) {
	p := &g.r.pieces[i]
	if p.slot != g.slot && p.slot >= 0 {
		g.close()
		g.endSession(p.slot)
		if g.sessionSlot >= 0 && p.opens && g.r.pauseKind(p) != "" {
			g.session, g.sessionText, g.sessionSlot = "", "", -1 // a pause at a time of its own ends what had one, too
		}
		g.slot = p.slot
	}
	if roomHeading(p) {
		g.close()
		g.room, g.session, g.sessionText = p.text, "", ""
		g.roomAt = i
		return
	}
	if p.outside && !p.inner && p.kind == lOut {
		if p.line.Heading > 0 {
			g.close()
		}
		return
	}
	g.takeRoom(i, p)
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
func (g *gatherer) takeRoom(i int, p *piece) {
	if p.room == "" || p.slot < 0 {
		return
	}
	if g.cur == nil || g.cur.slot != p.slot || p.kind.begins() {
		g.slotRoom, g.slotOf, g.slotRoomAt = p.room, p.slot, i
	} else if g.cur.item.Room == "" {
		g.cur.item.Room = p.room
		g.cur.from["room"] = at(i)
	}
}

// takeSession reads a session's heading: the items after it are of the session
// or the track it names. At a time of its own with nothing below, it is an item.
func (g *gatherer) takeSession(i int, p *piece) {
	g.close()
	g.room = ""
	if len(p.words) > 0 && (trackWord(p.words[:1]) || len(p.words) > 1 && trackWord(p.words[1:2]) && len(p.words) < 4) {
		g.track, g.trackAt = p.text, i
		g.session, g.sessionText = "", ""
		return
	}
	name, room := sessionRoom(p.text)
	if room != "" {
		g.room, g.roomAt = room, i
	}
	g.session, g.sessionText, g.sessionSlot, g.sessionAt = cleanSession(name), p.text, -1, i
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

// sessionRoom takes off a session's name the room that it ends with in brackets.
func sessionRoom(s string) (name, room string) {
	m := bracketEndRE.FindStringSubmatch(s)
	if m == nil || len(m[0]) >= len(s) {
		return s, ""
	}
	if w := strings.Fields(fold(m[1])); len(w) > 5 || lex().begins(cRoom, w) == 0 && lex().ends(cRoom, w) == 0 {
		return s, ""
	}
	return strings.TrimSuffix(s, m[0]), m[1]
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
			g.room, g.roomAt = p.text, i
		} else if n := minutesOf(p.text); n > 0 && n <= 8*60 && p.time == nil && p.slot >= 0 && p.kind == lMeta {
			g.slotLength, g.lengthOf, g.lengthAt = n, p.slot, i
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
			g.cur.bios = append(g.cur.bios, passage{p.text, i})
			return
		}
		g.cur.texts = append(g.cur.texts, passage{strings.TrimLeft(p.text, " ,.;:–—-"), i})
	case lBio:
		g.cur.bios = append(g.cur.bios, passage{strings.TrimLeft(p.text, " ,.;:–—-"), i})
	case lAff:
		for k := range g.cur.item.Speakers {
			if c := &g.cur.item.Speakers[k]; c.Affiliation == "" {
				c.Affiliation = strings.Trim(p.text, " ()")
				g.cur.from[inCredit(k, "affiliation")] = at(i)
			}
		}
	case lMeta:
		g.takeMeta(i, p)
	default:
	}
}

// takeMeta reads the notes of an item: its room, its track, its length.
func (g *gatherer) takeMeta(i int, p *piece) {
	it := &g.cur.item
	switch {
	case p.bare || p.text == "":
	case kindPrefix(p.text):
		g.cur.prefix = strings.TrimSpace(g.cur.prefix + " " + p.text)
	case p.label == cRoom || classed(p, "room", "location", "venue", "place", "stage", "hall") && p.label == "" && !isDuration(p.text):
		if it.Room == "" && len(p.text) < 80 {
			it.Room = p.text
			g.cur.from["room"] = at(i)
		}
	case p.label == "" && classed(p, "track", "stream") && !isDuration(p.text):
		if it.Track == "" && len(p.text) < 80 {
			it.Track = p.text
			g.cur.from["track"] = at(i)
		}
	case isDuration(p.text):
		if n := minutesOf(p.text); n > 0 {
			g.cur.length = n
			g.cur.from["end"] = at(i)
		}
	}
}

// lengthInRE is a length in brackets beside a title: "(45 min)", "[20’]".
var lengthInRE = regexp.MustCompile(`(?i)[(\[（]\s*(\d{1,3})\s*(?:'|’|′|m|min|mins|minutes?|minuten|minuter|minutos|minuti|minut|分)\.?\s*[)\]）]`)

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
	g.cur.from["title"] = at(i)
	title, prefix := cleanTitle(text)
	if m := lengthInRE.FindStringSubmatch(g.r.pieces[i].text); m != nil && g.cur.length == 0 {
		g.cur.length = atoi(m[1])
		g.cur.from["end"] = at(i)
	}
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
					g.cur.from[inCredit(k, "affiliation")] = at(i)
				}
			}
		}
		if dup {
			continue
		}
		c.URL = g.r.personLink(p, c.Name)
		g.cur.from[inList("speakers", len(g.cur.item.Speakers))] = at(i)
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

// cleanSession strips a session's number and time from its name, who leads it,
// and how many talks it has ("Paper Session 2 (3 full + 1 short) -- Chair: X").
func cleanSession(s string) string {
	s = strings.Trim(s, " .,:;-–—|")
	for i, c := range s {
		if i > 0 && strings.ContainsRune("-–—,;(|[", c) {
			if w := strings.Fields(fold(s[i:])); lex().begins(cChair, w) > 0 || len(w) > 1 && lex().is(cSession, w[0]) && lex().begins(cChair, w[1:]) > 0 {
				s = strings.TrimRight(s[:i], " .,:;-–—|([")
				break
			}
		}
	}
	if at := strings.LastIndex(s, " ("); at > 0 && strings.HasSuffix(s, ")") && s[at+2] >= '0' && s[at+2] <= '9' {
		s = s[:at]
	}
	if m := titlePrefixRE.FindStringSubmatch(s); m != nil && len(m[0]) < len(s) {
		w := strings.Fields(fold(m[1]))
		if len(w) <= 4 && lex().has(cSession, w) {
			return strings.TrimSpace(s[len(m[0]):])
		}
	}
	return s
}
