package programme

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/internal/htmltext"
)

// findClock looks for the time that a piece begins with, ends with or is, and
// takes it off the text. A time in the middle of a sentence tells nothing about
// the piece and stays.
func (r *reader) findClock(p *piece) {
	if len(p.text) > 600 && p.label != cTime && p.label != cWhen {
		if sp := findTimes(p.text[:60]); len(sp) == 0 || sp[0].from > 25 {
			return
		}
	}
	spans := findTimes(p.text)
	if len(spans) == 0 || p.label == cAbstract || p.label == cBio {
		return
	}
	first, last := spans[0], spans[len(spans)-1]
	if p.label == cTime || p.label == cWhen || p.label == cRoom {
		p.time = &first
		p.only = p.only || p.label == cTime
		return
	}
	if r.metaLine(p) {
		if !first.ranged {
			first.length = p.length
		}
		p.time, p.only = &first, true
		return
	}
	before, after := p.text[:first.from], p.text[first.to:]
	switch {
	case first.loose && strings.TrimSpace(trimMarks(after)) != "" && !r.dotted && trimMarks(before) == "":
	case leadsIn(before):
		p.beginsAt(first)
	case last.ranged && len(p.text) < 200 && inBrackets(p.text, last):
		r.cutBrackets(p, last)
	default:
		r.endsAt(p, last)
	}
}

// beginsAt takes off a piece the time it begins with, the date before it and a
// length behind it. A date alone behind it is taken as well.
func (p *piece) beginsAt(t timeSpan) {
	before, after := p.text[:t.from], p.text[t.to:]
	p.time = &t
	if d := findDates(before); len(d) > 0 {
		p.date = &d[0]
	}
	if m := lengthRE.FindStringSubmatch(after); m != nil && !t.ranged {
		t.length = atoi(m[1])
		after = after[len(m[0]):]
	}
	rest := strings.TrimLeft(after, " .,:;-–—|)]】》>•*~")
	if rest == "" || onlyDate(rest) {
		if d := findDates(rest); len(d) > 0 {
			p.date = &d[0]
		}
		p.only = true
		return
	}
	p.cutTo(len(p.text) - len(rest))
}

// endsAt takes off a piece the time it ends with and a date before that, where
// the two are set off from a title.
func (r *reader) endsAt(p *piece, t timeSpan) {
	before, after := p.text[:t.from], strings.TrimSpace(p.text[t.to:])
	if trimMarks(after) != "" || utf8.RuneCountInString(before) >= 200 || r.sentence(before) || !t.ranged && (t.loose || !setOff(before)) {
		return
	}
	p.time = &t
	rest := strings.TrimRight(before, " .,:;-–—|([【@")
	if d := findDates(rest); len(d) > 0 && d[len(d)-1].to >= len(rest)-2 {
		p.date = &d[len(d)-1]
		rest = strings.TrimRight(rest[:d[len(d)-1].from], " .,:;-–—|([【")
	}
	if strings.TrimSpace(rest) == "" {
		p.only = true
		return
	}
	p.cutFrom(len(rest))
}

// inBrackets says whether a time stands in brackets with nothing beside it.
func inBrackets(text string, t timeSpan) bool {
	return strings.HasSuffix(strings.TrimRight(text[:t.from], " "), "(") && strings.HasPrefix(strings.TrimLeft(text[t.to:], " "), ")")
}

// cutBrackets takes "(9:00-10:30)" out of the middle of a text.
func (r *reader) cutBrackets(p *piece, t timeSpan) {
	p.time = &t
	from := strings.LastIndexByte(p.text[:t.from], '(')
	to := t.to + strings.IndexByte(p.text[t.to:], ')') + 1
	head, _ := cutRuns(p.runs, from)
	_, tail := cutRuns(p.runs, to)
	if len(tail) > 0 {
		tail[0].Text = " " + strings.TrimLeft(tail[0].Text, " ")
	}
	p.runs = append(append([]htmltext.Run{}, head...), tail...)
	p.text = runsText(p.runs)
	p.only = strings.TrimSpace(trimMarks(p.text)) == ""
}

// lengthRE is a length in minutes behind a time: "09:15 (15)", "10:00 [45 min]".
var lengthRE = regexp.MustCompile(`^\s*[(\[](\d{1,3})\s*(?:'|’|′|m|min|mins|minutes|minuter|minuten|minutos|minuti)?\.?[)\]]`)

var metaSplitRE = regexp.MustCompile(`\s*[,;|·•/]\s*|\s+[-–—]\s+|\s*[()]\s*`)

// metaLine says whether a line only tells when and where ("Samstag, 11:00 Uhr,
// Raum C33 · 45 Minuten"): each of its parts is a time, a date, a room, a
// length or a word or two. It takes down the room and the date.
func (r *reader) metaLine(p *piece) bool {
	if len(p.text) > 140 || r.off("metaline") {
		return false
	}
	room, clear, vague := "", 0, 0
	var date *dateSpan
	rest := p.text
	spans := findTimes(rest)
	for _, span := range slices.Backward(spans) {
		rest = rest[:span.from] + "|" + rest[span.to:]
		clear++
	}
	for _, part := range metaSplitRE.Split(rest, -1) {
		part = strings.TrimSpace(part)
		if part == "" || lex().is(cTime, fold(part)) {
			continue
		}
		w := strings.Fields(fold(part))
		d := findDates(part)
		switch {
		case isDuration(part), onlyDate(part):
			clear++
			if n := minutesOf(part); n > 0 {
				p.length = n
			}
			if len(d) > 0 && date == nil {
				date = &d[0]
			}
		case len(w) <= 5 && (lex().begins(cRoom, w) > 0 || lex().ends(cRoom, w) > 0):
			clear++
			room = part
		case len(w) == 1 && len(part) < 16 && pauseOf(w) == "":
			vague++
		default:
			return false
		}
	}
	if clear < 2 || vague > 1 || vague > 0 && clear < 3 {
		return false
	}
	if room != "" {
		if _, rest, ok := cutColon(room); ok {
			room = strings.TrimSpace(rest)
		}
		p.room = room
	}
	if date != nil {
		p.date = date
	}
	return true
}

// setOff says whether a mark parts a title from the time after it.
func setOff(before string) bool {
	t := strings.TrimRight(before, " ")
	return t != "" && strings.ContainsAny(t[len(t)-1:], "([,-|@") || strings.HasSuffix(t, "–") || strings.HasSuffix(t, "—")
}

func trimMarks(s string) string { return strings.Trim(s, " .,:;-–—|()[]【】*~") }

// leadsIn says whether nothing but marks, a word for "at" or a date stands
// before a time.
func leadsIn(before string) bool {
	t := trimMarks(before)
	if t == "" {
		return true
	}
	if utf8.RuneCountInString(t) > 45 {
		return false
	}
	if onlyDate(t) {
		return true
	}
	f := fold(t)
	if lex().is(cTime, f) {
		return true
	}
	switch f {
	case "de", "von", "ab", "a las", "desde", "das", "dalle", "dalle ore", "ore", "alle", "um", "van", "od", "o", "с", "в", "από", "gegen", "ca", "a partir de", "des", "las", "orario", "kell":
		return true
	}
	return false
}

// onlyDate says whether a text is a date or a weekday and nothing more to speak of.
func onlyDate(s string) bool {
	d := findDates(s)
	if len(d) == 0 {
		return false
	}
	rest := s
	for _, date := range slices.Backward(d) {
		rest = rest[:date.from] + " " + rest[date.to:]
	}
	words := strings.Fields(fold(rest))
	n := 0
	for _, w := range words {
		if !smallDateWord(w) && !lex().is(cOrdinals, w) && !lex().is(cTime, w) && w != "&" {
			if _, ok := lex().weekdays[w]; ok {
				continue
			}
			if w[0] >= '0' && w[0] <= '9' && len(w) < 3 {
				continue
			}
			n++
		}
	}
	return n == 0
}

// findDay says whether a piece is the heading of a day.
func (r *reader) findDay(p *piece) {
	if len(p.text) > 160 || p.label == cAbstract || p.label == cBio || r.off("days") {
		return
	}
	if p.date == nil {
		dates := findDates(p.text)
		if len(dates) == 0 {
			return
		}
		p.date = &dates[0]
	}
	if p.time != nil {
		return
	}
	d := *p.date
	if d.to > len(p.text) {
		return
	}
	rest := strings.TrimSpace(p.text[:d.from] + " " + p.text[d.to:])
	words := strings.Fields(fold(rest))
	left := 0
	for _, w := range words {
		if smallDateWord(w) || lex().is(cOrdinals, w) || lex().is(cProgramme, w) || lex().is(cSession, w) || lex().is(cTitleWords, w) || w[0] >= '0' && w[0] <= '9' {
			continue
		}
		if _, ok := lex().weekdays[w]; ok {
			continue
		}
		left++
	}
	if d.month == 0 {
		// A weekday alone is a heading only by itself.
		p.day = left == 0 && len(words) <= 3
		p.only = p.only || p.day && len(words) == 0
		return
	}
	if d.day2 > 0 {
		return
	}
	p.day = left <= 3 || p.line.Heading > 0 && left <= 6 || d.from == 0 && left <= 5 && strings.ContainsAny(p.text[d.to:], ":-–—|(,")
	p.only = p.only || p.day && left == 0
}

// sentence says whether a text is running text rather than a name of something.
func (r *reader) sentence(s string) bool { return sentenceScore(s) > 0.5 }

// sentenceScore says how much a text is prose, from 0 to 1.
func sentenceScore(s string) float64 {
	n := utf8.RuneCountInString(s)
	if n < 25 {
		return 0
	}
	score := 0.0
	dense := false
	stops, marks := 0, 0
	prev := rune(0)
	for _, r := range s {
		if denseScript(r) {
			dense = true
		}
		if r == '.' || r == '!' || r == '?' || r == '。' || r == '…' {
			marks++
		}
		if r == ' ' && (prev == '.' || prev == '!' || prev == '?') || prev == '。' {
			score += 0.25
		}
		prev = r
	}
	if dense {
		n *= 2
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, " \"”»’)"))
	if last == '.' || last == '。' || last == '…' {
		score += 0.35
	}
	words := strings.Fields(s)
	lower := 0
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		if unicode.IsLower(r) {
			lower++
		}
	}
	for w := range strings.FieldsSeq(fold(s)) {
		if lex().is(cStop, w) {
			stops++
		}
	}
	if len(words) > 6 {
		share := float64(stops) / float64(len(words))
		score += min(0.3, share)
		if float64(lower)/float64(len(words)) > 0.7 {
			score += 0.15
		}
	}
	switch {
	case n > 350:
		score += 0.7
	case n > 200:
		score += 0.45
	case n > 130:
		score += 0.2
	case n < 60:
		score -= 0.2
	}
	return max(0, min(1, score))
}
