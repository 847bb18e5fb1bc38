package programme

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

var addressSplitRE = regexp.MustCompile(`\s*[,;，、\n]\s*|\s+[-–—|•·]\s+`)

// readPlace looks for where the edition takes place: behind a label ("Where:"),
// else in the lines about its title and date that read like an address.
func (r *reader) readPlace(e *archive.EditionInfo) {
	defer r.hearPlace(e)
	best, top := placeReading{}, 0.9
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if l.Text == "" || l.Zone == htmltext.Footer || len(l.Text) > 400 || r.inSlots(i) {
			continue
		}
		text := l.Text
		var score float64
		head, rest, ok := cutColon(text)
		label := ok && (lex().is(cVenue, fold(head)) || lex().is(cRoom, fold(head)))
		switch {
		case label && strings.TrimSpace(rest) != "":
			text, score = rest, 2
		case i > 0 && lex().is(cVenue, fold(strings.Trim(r.doc.Lines[i-1].Text, " :"))) && len(text) < 200:
			score = 1.6
		case i < 40 && r.nearTop(i):
			score = 0.4 - 0.01*float64(i)
		case i < 80 && heldRE.MatchString(text):
			text, score = clause(heldRE.FindStringSubmatch(text)[1]), 0.5
		default:
			continue
		}
		p := r.readAddress(r.withFollowing(i, text, label), label, r.dated(i))
		p.score += score
		if l.Zone == htmltext.Nav {
			p.score -= 2
		}
		p.line = i
		if p.score > top && (p.city != "" || p.country != "" || p.venue != "" && score >= 1.6) {
			best, top = p, p.score
		}
	}
	r.completePlace(&best)
	if best.score == 0 {
		return
	}
	r.takePlace(e, &best)
}

// takePlace fills in what of the place is not known yet.
func (r *reader) takePlace(e *archive.EditionInfo, best *placeReading) {
	sure := min(0.95, 0.4+best.score/5)
	for _, field := range []struct {
		name, read string
		value      *string
	}{{"venue", best.venue, &e.Venue}, {"city", best.city, &e.City}, {"country", best.country, &e.Country}} {
		if *field.value != "" || field.read == "" {
			continue
		}
		*field.value = field.read
		if line := r.lineWith(field.read, best.line); line >= 0 {
			e.Places[field.name] = r.placeOn(line, field.read, sure)
		}
	}
}

// lineWith finds the line that prints a text, or the beginning of one that was
// joined of several parts: the one nearest to a line, -1 when there is none.
func (r *reader) lineWith(text string, near int) int {
	first, _, _ := strings.Cut(text, ",")
	for _, want := range []string{text, first} {
		best := -1
		for i := range r.doc.Lines {
			if (best < 0 || abs(i-near) < abs(best-near)) && strings.Contains(r.doc.Lines[i].Text, want) {
				best = i
			}
		}
		if best >= 0 {
			return best
		}
	}
	return -1
}

func abs(n int) int { return max(n, -n) }

var heldRE = regexp.MustCompile(`(?i)(?:held|take place|takes place|located|hosted|statt|se celebrará|aura lieu|located)\s+(?:at|in|im|in der|en|à|on)\s+(?:the\s+)?(.{4,160})`)

// completePlace looks in the lines about a place, or about the edition's date,
// for what it lacks: the town in a line of its own, the house in another.
func (r *reader) completePlace(p *placeReading) {
	if p.score > 0 {
		r.placeAround(p, p.line)
	}
	dated := 0
	for _, d := range r.dates {
		if d.hint == nil && d.score > 0.2 && d.line <= 60 && dated < 3 {
			r.placeAround(p, d.line)
			if dated++; p.city != "" {
				break
			}
		}
	}
}

func (r *reader) placeAround(p *placeReading, at int) {
	for k := max(0, at-3); k <= at+3 && k < len(r.doc.Lines); k++ {
		l := &r.doc.Lines[k]
		f := fold(strings.TrimSuffix(l.Text, "."))
		switch {
		case k == at || r.inSlots(k) || len(l.Text) > 160 || l.Zone == htmltext.Nav:
		case p.city == "" && p.venue == "" && (k == at-1 || k == at+1) && len(l.Text) < 90 && l.Heading == r.doc.Lines[at].Heading && r.placeBeside(p, l.Text):
		case p.city == "" && lex().is(cCity, f):
			p.city, p.score = strings.Trim(l.Text, " .,"), max(p.score, 1)
		case p.country == "" && p.city != "" && lex().is(cCountry, f):
			p.country = strings.Trim(l.Text, " .,")
		case p.venue == "":
			w := strings.Fields(f)
			if n := lex().count(cRoom, w); n == 0 && orgWords(l.Text) == 0 || len(w) > 14 || lex().has(cOrganizers, w) || lex().has(cTitleWords, w) || programmeWords(w) || pauseOf(w) != "" {
				continue
			}
			q := r.readAddress(clause(l.Text), false, false)
			if q.venue != "" && len(findTimes(l.Text)) == 0 && sentenceScore(l.Text) < 0.4 {
				p.venue, p.score = q.venue, max(p.score, 1)
				if p.city == "" {
					p.city = q.city
				}
			}
		}
	}
}

// placeBeside reads house and town in the line beside the edition's date, where
// it is nothing but the two.
func (r *reader) placeBeside(p *placeReading, text string) bool {
	q, ok := r.datedPlace(text)
	if !ok || q.city == "" || q.venue == "" || sentenceScore(text) > 0.3 {
		return false
	}
	p.city, p.venue, p.score = q.city, q.venue, max(p.score, 1)
	if p.country == "" {
		p.country = q.country
	}
	return true
}

// clause gives a text up to the end of its first sentence or to its date.
func clause(s string) string {
	if i := strings.Index(s, ". "); i > 3 {
		s = s[:i]
	}
	if d := findDates(s); len(d) > 0 && d[0].from > 3 {
		s = strings.TrimRight(s[:d[0].from], " ,(")
		for _, on := range []string{" on", " from", " den", " am", " le", " el", " il"} {
			s = strings.TrimSuffix(s, on)
		}
	}
	return s
}

// dated says whether a line prints the day that the edition begins.
func (r *reader) dated(i int) bool {
	for _, d := range r.dates {
		if d.hint == nil && d.line == i && d.score > 0.2 && len(r.doc.Lines[i].Text) < 400 {
			return true
		}
	}
	return false
}

// inSlots says whether a line belongs to programme entries.
func (r *reader) inSlots(line int) bool {
	return r.slotLines[line]
}

// nearTop says whether a line stands about the page's title or its date.
func (r *reader) nearTop(i int) bool {
	for k := max(0, i-5); k <= i+2 && k < len(r.doc.Lines); k++ {
		l := &r.doc.Lines[k]
		if l.Heading > 0 && l.Heading < 4 || l.Zone == htmltext.Header || k < 8 && l.Zone == htmltext.Main {
			return true
		}
		if d := findDates(l.Text); len(d) > 0 && d[0].month > 0 && len(l.Text) < 150 {
			return true
		}
	}
	return false
}

// withFollowing joins the lines of an address that is broken over several.
func (r *reader) withFollowing(i int, text string, label bool) string {
	for k := i + 1; k < len(r.doc.Lines) && k < i+5; k++ {
		l := &r.doc.Lines[k]
		prev := &r.doc.Lines[k-1]
		if l.Gap > 0 || l.Node != prev.Node || len(l.Text) > 90 || len(text) > 200 || sentenceScore(l.Text) > 0.3 {
			break
		}
		if head, _, ok := cutColon(l.Text); ok && len(strings.Fields(head)) <= 3 {
			break
		}
		if !strings.HasSuffix(prev.Text, ",") && !label && belongsScore(l.Text) < 0.3 {
			break
		}
		text += "\n" + l.Text
	}
	return text
}

type placeReading struct {
	venue, city, country string
	score                float64
	line                 int
}

var postcodeRE = regexp.MustCompile(`^(?:[A-Z]{1,2}-)?\d{4,6}\s+|\s+\d{5}(?:-\d{4})?$|\s+[A-Z]{2}\s*\d{5}$`)

// readAddress finds venue, town and country among the parts of an address. label
// says that a label announced it, dated that it is on the edition's date line.
func (r *reader) readAddress(text string, label, dated bool) placeReading {
	parts := r.addressParts(text)
	var p placeReading
	if dated && !label {
		if p, ok := r.datedPlace(text); ok {
			return p
		}
	}
	cityAt := p.readTown(parts)
	p.readVenue(parts, cityAt, label)
	return p
}

// addressParts splits an address at its commas and the like, without its times,
// its dates and the edition's title.
func (r *reader) addressParts(text string) []string {
	text = strings.TrimRight(strings.TrimSpace(text), ".")
	for _, span := range slices.Backward(findTimes(text)) {
		text = text[:span.from] + ", " + text[span.to:]
	}
	for _, d := range findDates(text) {
		if d.month > 0 && d.to <= len(text) {
			text = text[:d.from] + strings.Repeat(" ", d.to-d.from) + text[d.to:]
		}
	}
	if i := strings.Index(text, ". "); i > 8 {
		text = text[:i]
	}
	var parts []string
	title := fold(r.edition.Title)
	for _, s := range addressSplitRE.Split(text, -1) {
		if len(yearsIn(s)) > 0 || title != "" && (fold(s) == title || strings.Contains(title, fold(s)) && fold(s) != "" && len(fold(s)) > 8) {
			continue
		}
		s = inAtRE.ReplaceAllString(strings.TrimSpace(s), "")
		s = strings.Trim(htmltext.Collapse(s), " .,;:-–—|()·•/~<>")
		if s != "" && len(s) < 120 {
			parts = append(parts, s)
		}
	}
	return parts
}

// readTown finds country and town among the parts of an address, from its end,
// and gives which part is the town, or -1.
func (p *placeReading) readTown(parts []string) int {
	l := lex()
	cityAt := -1
	for i, part := range slices.Backward(parts) {
		s := postcodeRE.ReplaceAllString(part, "")
		f := fold(s)
		switch {
		case p.country == "" && l.is(cCountry, f) && utf8.RuneCountInString(s) > 2 && (i > 0 || len(parts) == 1):
			p.country = s
			p.score += 0.7
		case p.city == "" && l.is(cCity, f) && i < 8:
			p.city, cityAt = s, i
			p.score += 0.8
		case p.city == "" && p.country != "" && i+1 < len(parts) && l.is(cCountry, fold(parts[i+1])) && len(strings.Fields(s)) <= 3 && s != part && l.count(cOrg, strings.Fields(f)) == 0:
			p.city, cityAt = s, i
			p.score += 0.4
		}
	}
	if p.city == "" && p.country != "" {
		for i := len(parts) - 1; i > 0; i-- {
			if fold(parts[i]) == fold(p.country) && len(strings.Fields(parts[i-1])) <= 3 && belongsScore(parts[i-1]) < 0.4 && !hasDigit(parts[i-1]) {
				p.city, cityAt = parts[i-1], i-1
			}
		}
	}
	if p.city == "" {
		p.cityInside(parts)
	}
	return cityAt
}

// readVenue takes for the venue what stands before the town (part cityAt, or -1)
// and reads like a house or an institution; behind a label, whatever is a name.
func (p *placeReading) readVenue(parts []string, cityAt int, label bool) {
	l := lex()
	var venue []string
	for i, s := range parts {
		if i == cityAt || fold(s) == fold(p.country) || cityAt >= 0 && i > cityAt {
			continue
		}
		w := strings.Fields(fold(s))
		house := l.count(cOrg, w)+l.count(cRoom, w) > 0
		if len(venue) == 0 && !house && belongsScore(s) < 0.3 && i > 0 {
			continue
		}
		if sentenceScore(s) < 0.3 && !programmeWords(w) && len(w) > 0 && (label || house || !l.has(cTitleWords, w)) && pauseOf(w) == "" && !strings.ContainsAny(s, "：:€$") {
			venue = append(venue, s)
		}
	}
	p.venue = strings.Join(venue[:min(len(venue), 4)], ", ")
	w := strings.Fields(fold(p.venue))
	if l.count(cOrg, w)+l.count(cRoom, w) > 0 {
		p.score += 0.4
	}
}

var inAtRE = regexp.MustCompile(`^(?:(?i:held |hosted |located )?(?i:in|at|im|i|à|en|em|na|på|on|online and in|online und in|w|v|v|ve)\s+(?:the\s+)?|the\s+)`)

// cityInside looks for a known town within a part ("Plaza Hotel Denver", "i Kista").
func (p *placeReading) cityInside(parts []string) {
	for _, s := range parts {
		words := strings.Fields(s)
		if len(words) > 8 {
			continue
		}
		for n := 3; n >= 1; n-- {
			for k := 0; k+n <= len(words); k++ {
				c := strings.Join(words[k:k+n], " ")
				first, _ := utf8.DecodeRuneInString(c)
				if lex().is(cCity, fold(c)) && first != ' ' && strings.ToLower(c) != c {
					p.city = strings.Trim(c, " ().,;")
					p.score += 0.4
					return
				}
			}
		}
	}
}

// headingLike says whether a line looks set off as a heading: by its element, in
// bold, or as the first of a list.
func (r *reader) headingLike(i int) bool {
	l := &r.doc.Lines[i]
	return l.Heading > 0 || bigText(l) || l.Bullet != "" || strings.HasSuffix(l.Text, ":") || l.Gap > 0 && len(l.Text) < 40
}

// readTopics reads the list under a heading "Topics".
func (r *reader) readTopics() []printed {
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if l.Zone == htmltext.Nav || r.inSlots(i) || !lex().is(cTopics, fold(l.Text)) || !r.headingLike(i) {
			continue
		}
		var out []printed
		for k := i + 1; k < len(r.doc.Lines) && len(out) < 60; k++ {
			n := &r.doc.Lines[k]
			if n.Bullet == "" || n.Heading > 0 || utf8.RuneCountInString(n.Text) > 140 {
				break
			}
			out = append(out, printed{strings.Trim(n.Text, " ,;.*"), k})
		}
		if len(out) >= 2 {
			return out
		}
	}
	return nil
}
