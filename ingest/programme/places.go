package programme

import (
	"strconv"
	"strings"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// source is where a value was read while the page is being read: in a piece, or
// at a link.
type source struct {
	piece int
	link  int            // its index and one, 0 for none
	hint  *htmltext.Hint // data for machines, nil for none
	sure  float64        // 0 where the piece's label tells
}

// spot is where a value of the edition was read: in a line, or in a hint.
type spot struct {
	line int
	hint *htmltext.Hint // nil where the line tells
}

// printed is a text with the line that prints it.
type printed struct {
	words string
	line  int
}

// placeOf is the place of words at a spot.
func (r *reader) placeOf(s spot, quote string, sure float64) archive.Place {
	if s.hint == nil {
		return r.placeOn(s.line, quote, sure)
	}
	h := *s.hint
	if strings.Contains(h.Content, quote) {
		h.Content = quote
	}
	return r.placeAt(&h, sure)
}

// at is the source of what stands in a piece, or of nothing for -1.
func at(piece int) source { return source{piece: piece} }

// sources tells for the values of one item where each was read, by the names of
// archive.Places.
type sources map[string]source

// inList names the k-th value of a list.
func inList(field string, k int) string {
	if k == 0 {
		return field
	}
	return field + "[" + strconv.Itoa(k) + "]"
}

// inCredit names what the k-th of the people has.
func inCredit(k int, field string) string { return "speakers[" + strconv.Itoa(k) + "]." + field }

// noteItems writes down for the items of the reading that was kept where each
// value was read.
func (r *reader) noteItems(items []archive.Item) {
	for k := range items {
		it := &items[k]
		it.Places = archive.Places{}
		for name, s := range r.from[k] {
			if value, ok := itemValue(it, name); ok {
				r.note(it.Places, name, value, s)
			}
		}
	}
}

// itemValue gives a value of an item by its name; ok is false for one that it does not have.
func itemValue(it *archive.Item, name string) (value string, ok bool) {
	field, rest, _ := strings.Cut(name, "[")
	index, part, _ := strings.Cut(rest, "]")
	list := func(values []string) (string, bool) {
		if k := atoi(index); k < len(values) {
			return values[k], true
		}
		return "", false
	}
	switch field {
	case "title":
		value = it.Title
	case "date":
		value = string(it.Date)
	case "start":
		value = string(it.Start)
	case "end":
		value = string(it.End)
	case "room":
		value = it.Room
	case "track":
		value = it.Track
	case "session":
		value = it.Session
	case "abstract":
		value = it.Abstract
	case "url":
		value = it.URL
	case "slides":
		return list(it.Slides)
	case "video":
		return list(it.Video)
	case "paper":
		return list(it.Paper)
	case "speakers":
		k := atoi(index)
		if k >= len(it.Speakers) {
			return "", false
		}
		switch c := &it.Speakers[k]; part {
		case ".affiliation":
			value = c.Affiliation
		case ".bio":
			value = c.Bio
		default:
			value = c.Name
		}
	}
	return value, value != ""
}

// note writes down the place of one value. Where its source is unknown it has none.
func (r *reader) note(places archive.Places, name, value string, s source) {
	switch {
	case s.hint != nil:
		places[name] = r.placeOf(spot{hint: s.hint}, value, s.sure)
	case s.link > 0:
		places[name] = r.placeOfLink(s.link-1, s.sure)
	case s.piece >= 0:
		p := &r.pieces[s.piece]
		sure := s.sure
		if sure == 0 {
			sure = r.sureOf(s.piece)
		}
		if strings.HasPrefix(name, "speakers") && !strings.Contains(name, ".bio") {
			sure = r.sureOfCredit(p, name, value)
		}
		line := p.index
		if part := firstWords(value); !strings.Contains(p.line.Text, part) {
			for i := p.index + 1; i <= p.upTo; i++ {
				if strings.Contains(r.doc.Lines[i].Text, part) {
					line = i
				}
			}
		}
		places[name] = r.placeOn(line, r.quoted(line, p, name, value), sure)
	}
}

// sureOfCredit tells how much a name, or an affiliation, looks like one, as 0.1
// to 0.99, and how much the list does that it stands in. Where a piece holds a
// title as well, the list's figure would be that of all its words.
func (r *reader) sureOfCredit(p *piece, name, value string) float64 {
	looks := r.vocab.nameScore(value)
	if strings.HasSuffix(name, ".affiliation") {
		looks = belongsScore(value)
	}
	if p.kind == lPeople {
		looks = max(looks, (looks+p.people.score)/2)
	}
	return max(0.1, min(0.99, 0.5+looks/2))
}

// quoted picks the words of a piece's line that a value was read from: the value
// itself where it stands there, else the time, the date or the whole piece.
func (r *reader) quoted(line int, p *piece, name, value string) string {
	text := r.doc.Lines[line].Text
	if first, _, _ := strings.Cut(value, "\n\n"); first != "" && strings.Contains(text, first) {
		return first
	}
	printed := p.text
	switch name {
	case "start", "end":
		if p.time != nil {
			printed = p.time.printed
		}
	case "date":
		if p.date != nil {
			printed = p.date.printed
		}
	}
	if printed != "" && strings.Contains(text, printed) {
		return printed
	}
	return text
}

// firstWords gives the beginning of a value, by which the line is known that it
// begins in.
func firstWords(value string) string {
	f := strings.Fields(value)
	return strings.Join(f[:min(len(f), 2)], " ")
}

// placeOn is the place of words in the i-th line of the page. Words that do not
// stand there as they are give way to the whole line.
func (r *reader) placeOn(i int, quote string, sure float64) archive.Place {
	if r.spots == nil {
		r.spots = htmltext.NewPlaces(r.doc)
	}
	path, line := r.spots.Line(i)
	if text := r.doc.Lines[i].Text; quote == "" || !strings.Contains(text, quote) {
		quote = text
	}
	return archive.Place{Path: path, Line: line, Quote: cut(quote, 200), Sure: sure}
}

// placeAt is the place of an element that no line shows, such as a <meta>.
func (r *reader) placeAt(h *htmltext.Hint, sure float64) archive.Place {
	if r.spots == nil {
		r.spots = htmltext.NewPlaces(r.doc)
	}
	return archive.Place{Path: r.spots.Node(h.Node), Quote: cut(htmltext.Collapse(h.Content), 200), Sure: sure}
}

// placeOfLink is the place of a link: its element, or its line in a text.
func (r *reader) placeOfLink(link int, sure float64) archive.Place {
	l := &r.doc.Links[link]
	if l.Node != nil {
		return r.placeAt(&htmltext.Hint{Content: l.Text, Node: l.Node}, sure)
	}
	for i := range r.doc.Lines {
		for _, run := range r.doc.Lines[i].Runs {
			if run.Link == link {
				return r.placeOn(i, l.Text, sure)
			}
		}
	}
	return archive.Place{Quote: cut(l.Text, 200), Sure: sure}
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
