package programme

import (
	"strings"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

type columnKey struct {
	table *htmltext.Table
	col   int
}

// column is what the head of a table's column says.
type column struct {
	room, track string
	date        archive.Date
	role        concept
	named       int // the piece of the room or track
	dated       int // the piece of the date
}

// readColumns reads the heads of tables: rooms and tracks of parallel columns,
// days of a week's table, and what the columns of a list are ("Speaker").
func (r *reader) readColumns() {
	r.columns = map[columnKey]column{}
	if r.off("columns") {
		return
	}
	first := map[*htmltext.Table]int{}
	for i := range r.pieces {
		p := &r.pieces[i]
		c := p.line.Cell
		if c == nil || p.text == "" {
			continue
		}
		if _, ok := first[c.Table]; !ok {
			first[c.Table] = c.Row
		}
		if c.Row > first[c.Table]+1 || p.time != nil && p.date == nil || c.Cols > 1 || len(p.text) > 80 {
			continue
		}
		if !r.headRow(i) {
			continue
		}
		r.takeHead(i, columnKey{c.Table, c.Col})
	}
}

// headRow says whether the row of a piece is one of heads: no time in it, and
// all of its cells short.
func (r *reader) headRow(i int) bool {
	c := r.pieces[i].line.Cell
	cells := map[int]bool{}
	for d := -1; d <= 1; d += 2 {
		for k := i; k >= 0 && k < len(r.pieces); k += d {
			o := r.pieces[k].line.Cell
			if o == nil || o.Table != c.Table || o.Row != c.Row {
				break
			}
			if len(r.pieces[k].text) > 80 || r.pieces[k].time != nil && r.pieces[k].date == nil {
				return false
			}
			cells[o.Col] = true
		}
	}
	return len(cells) >= 2
}

func (r *reader) takeHead(i int, key columnKey) {
	p := &r.pieces[i]
	f := strings.Join(p.words, " ")
	head := r.columns[key]
	l := lex()
	switch {
	case l.is(cTime, f) || l.is(cWhen, f):
		head.role = cTime
	case l.is(cSpeakers, f):
		head.role = cSpeakers
	case l.is(cColumn, f) || l.is(cProgramme, f):
		head.role = cColumn
	case l.is(cAbstract, f), l.is(cBio, f), l.is(cSlides, f), l.is(cVideo, f), l.is(cPaper, f), l.is(cRoom, f):
		for _, c := range []concept{cAbstract, cBio, cSlides, cVideo, cPaper, cRoom} {
			if l.is(c, f) {
				head.role = c
			}
		}
	case p.date != nil && p.date.month > 0:
		first, _ := p.date.withYear(r.year)
		head.date, head.dated = first, i
	case p.date != nil:
		head.date, head.dated = r.weekdayDate(p.date.weekday), i
	case head.room == "" && head.track == "":
		name := p.text
		if bold := boldPart(p); bold != "" {
			name = bold
		}
		w := strings.Fields(fold(name))
		switch {
		case trackWord(w):
			head.track, head.named = name, i
		case len(w) <= 6 && !l.has(cColumn, w):
			head.room, head.named = name, i
		}
	}
	r.columns[key] = head
	if head.role != "" {
		p.outside = true
		p.columnHead = true
	}
}

// trackWord says whether the head of a column names a track rather than a room.
func trackWord(w []string) bool {
	for _, x := range w {
		switch x {
		case "track", "tracks", "stream", "strand", "spur", "spor", "trilha", "sciezka", "поток", "strang", "parcours", "filiere", "トラック", "트랙", "polku", "theme", "thema", "tema":
			return true
		}
	}
	return false
}

// boldPart gives the bold words that begin a piece, when others follow.
func boldPart(p *piece) string {
	if len(p.runs) < 2 || p.runs[0].Style&htmltext.Bold == 0 || p.runs[1].Style&htmltext.Bold != 0 {
		return ""
	}
	return strings.TrimSpace(p.runs[0].Text)
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// linkKindIn is linkKindOf for a link in a programme: what the head of its
// column says counts for more than "link" or "pdf".
func (r *reader) linkKindIn(i int) linkKind {
	k := r.linkKindOf(i)
	role, ok := r.linkRoles[i]
	if !ok || wordKind(r.doc.Links[i].Text) != linkOther {
		return k
	}
	switch role {
	case cSlides:
		return linkSlides
	case cVideo:
		return linkVideo
	case cPaper:
		return linkPaper
	}
	return k
}

// learnLinkRoles notes which links stand in a column headed "Slides" or the like.
func (r *reader) learnLinkRoles() {
	r.linkRoles = map[int]concept{}
	for i := range r.pieces {
		p := &r.pieces[i]
		c := p.line.Cell
		if c == nil || p.columnHead {
			continue
		}
		head, ok := r.columns[columnKey{c.Table, c.Col}]
		if !ok {
			continue
		}
		for _, l := range p.links {
			r.linkRoles[l] = head.role
		}
		for _, run := range p.runs {
			if run.Link >= 0 {
				r.linkRoles[run.Link] = head.role
			}
		}
	}
}

// scoreColumn lets the head of a column say what its cells are.
func (r *reader) scoreColumn(p *piece) {
	c := p.line.Cell
	if c == nil || p.columnHead || c.Cols > 1 {
		return
	}
	head, ok := r.columns[columnKey{c.Table, c.Col}]
	if !ok {
		return
	}
	s := &p.score
	switch head.role {
	case cSpeakers:
		if s[lPeople] > -2 {
			s[lPeople] += 2
		}
		s[lTitle] -= 1.5
		s[lHead] -= 1
		s[lText] -= 0.5
	case cColumn:
		if p.line.Gap > 0 && !p.inner {
			s[lTitle] += 0.6
			s[lHead] += 0.6
		}
	case cAbstract:
		s[lText] += 2
	case cBio:
		s[lBio] += 2.5
	case cRoom:
		s[lMeta] += 3
		p.label = cRoom
	case cSlides, cVideo, cPaper:
		s[lLinks] += 3
	}
}
