package programme

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// piece is the smallest stretch of a page that has one meaning: a line, or a
// part of one where a line says several things ("Title (Person) “Abstract”").
type piece struct {
	line  *htmltext.Line
	index int // of the line
	upTo  int // of the last line that was joined to it, index itself mostly
	text  string
	runs  []htmltext.Run
	shape string // like the line's, told apart for parts of it
	// inner says that it is a later part of the same line.
	inner bool
	// label is the concept that a label before the text names ("Abstract:"),
	// and the text is without it.
	label concept
	// afterText weighs a change from abstract to biography here: the look of
	// the text changes with it.
	afterText float64
	// afterPeople says that the same line begins with the people.
	afterPeople bool
	bare        bool // the label is all there is: it speaks for what follows

	links  []int // marks such as [slides] that were taken off the text
	marked bool  // "(slides)" stood there without a link

	length int     // minutes, where the piece tells when and where
	expect concept // what a bare label right before it announces
	room   string  // the room, where the piece tells when and where
	prefix string  // the kind that stood before the text ("Keynote:")

	time *timeSpan // the time that stands in it
	date *dateSpan // the date that stands in it
	day  bool      // it is a day's heading
	only bool      // nothing but a time or a date stands in it

	slot       int  // the timed slot it is in, or -1
	opens      bool // it is the first of its slot
	columnHead bool // it is the head of a table's column
	outside    bool // it is in no part of the page that holds the programme
	boundary   int  // how strongly it is set apart from what is before: 0 to 3

	words  []string     // folded
	pause  archive.Kind // the kind of pause that it names, or ""
	people peopleReading
	splits []headSplit
	head   *headSplit
	score  [labels]float64
	kind   label
}

func (p *piece) linked() (link int, share float64) {
	link = -1
	n, all := 0, 0
	for _, r := range p.runs {
		all += len(r.Text)
		if r.Link >= 0 {
			n += len(r.Text)
			if link < 0 {
				link = r.Link
			}
		}
	}
	if all == 0 {
		return link, 0
	}
	return link, float64(n) / float64(all)
}

// pieces cuts the page's lines into pieces and finds labels, times and dates in them.
func (r *reader) cutPieces() {
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if preprocessor(l.Text) || l.Hidden && (len(l.Text) < 60 || r.seen(l.Text)) && !r.off("hidden") {
			continue
		}
		r.takeLine(l, i)
	}
	r.mergeBroken()
	for i := range r.pieces {
		r.finish(&r.pieces[i])
		if i > 0 && r.pieces[i-1].bare && r.pieces[i].label == "" {
			r.pieces[i].expect = r.pieces[i-1].label
		}
	}
}

// seen says whether a text stands on the page in sight.
func (r *reader) seen(text string) bool {
	return r.visible[text]
}

// preprocessor says whether a line is of the program that makes the page
// ("#include", "{% if %}"), printed by mistake.
func preprocessor(s string) bool {
	for _, mark := range []string{"#include", "#if", "#endif", "#else", "#define", "{%", "<?", "<%"} {
		if strings.HasPrefix(s, mark) {
			return true
		}
	}
	return false
}

func (r *reader) takeLine(l *htmltext.Line, i int) {
	strike := 0
	for _, run := range l.Runs {
		if run.Style&htmltext.Strike != 0 {
			strike += len(run.Text)
		}
	}
	if strike*2 > len(l.Text) || len(l.Text) < 40 && lex().is(cControl, fold(l.Text)) {
		return
	}
	rest, lifted := r.liftLinks(l.Runs)
	first := len(r.pieces)
	shape := l.Shape
	inner := false
	rest, notes := r.peel(rest)
	for {
		cut := splitPoint(rest, l)
		if cut <= 0 {
			break
		}
		head, tail := cutRuns(rest, cut)
		if len(head) == 0 || len(tail) == 0 {
			break
		}
		var more badges
		if head, more = r.peel(head); more.room != "" && notes.room == "" {
			notes.room = more.room
		}
		r.add(l, i, head, shape+"<", inner)
		rest, shape, inner = tail, l.Shape+">", true
	}
	r.add(l, i, rest, shape, inner)
	if len(r.pieces) > first {
		r.pieces[first].prefix, r.pieces[first].room = notes.kind, notes.room
	}
	if len(lifted) > 0 {
		if len(r.pieces) == first {
			r.pieces = append(r.pieces, piece{line: l, index: i, upTo: i, shape: shape + "links", slot: -1})
		}
		r.pieces[first].links = lifted
	}
}

func (r *reader) add(l *htmltext.Line, i int, runs []htmltext.Run, shape string, inner bool) {
	p := piece{line: l, index: i, upTo: i, runs: runs, shape: shape, inner: inner, slot: -1}
	p.text = runsText(runs)
	if left, slides := textMarks(p.text); left != p.text {
		p.marked = slides
		p.runs = make([]htmltext.Run, len(runs))
		for k, run := range runs {
			run.Text, _ = textMarks(run.Text)
			if k > 0 && strings.HasPrefix(runs[k].Text, " ") && !strings.HasPrefix(run.Text, " ") {
				run.Text = " " + run.Text
			}
			p.runs[k] = run
		}
		p.runs = trimRuns(p.runs)
		p.text = runsText(p.runs)
	}
	if p.text != "" || p.marked {
		r.pieces = append(r.pieces, p)
	}
}

func runsText(runs []htmltext.Run) string {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	return strings.TrimSpace(b.String())
}

// cutRuns parts runs at a byte of their joined text.
func cutRuns(runs []htmltext.Run, at int) (head, tail []htmltext.Run) {
	for _, r := range runs {
		switch {
		case at >= len(r.Text):
			head = append(head, r)
			at -= len(r.Text)
		case at <= 0:
			tail = append(tail, r)
		default:
			a, b := r, r
			a.Text, b.Text = r.Text[:at], r.Text[at:]
			head, tail = append(head, a), append(tail, b)
			at = 0
		}
	}
	return trimRuns(head), trimRuns(tail)
}

func trimRuns(runs []htmltext.Run) []htmltext.Run {
	for len(runs) > 0 && strings.TrimSpace(runs[0].Text) == "" {
		runs = runs[1:]
	}
	if len(runs) > 0 {
		first := runs[0]
		first.Text = strings.TrimLeft(first.Text, " ")
		runs = append([]htmltext.Run{first}, runs[1:]...)
	}
	for len(runs) > 0 && strings.TrimSpace(runs[len(runs)-1].Text) == "" {
		runs = runs[:len(runs)-1]
	}
	return runs
}

var labelInLineRE = regexp.MustCompile(`(?:^|[\s.!?”")])(\p{L}[\p{L} ]{1,24})\s?[:：]\s`)

// splitPoint finds where a line goes from one thing to another, or 0: at a set-off
// head before running text, at a label inside, after "Title (people)" before a
// long text.
func splitPoint(runs []htmltext.Run, l *htmltext.Line) int {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	text := b.String()
	at := 0
	for k, run := range runs {
		if k > 0 && strings.TrimSpace(text[:at]) != "" && setOffLabel(run.Text) && strings.TrimSpace(text[at+len(run.Text):]) != "" {
			return at
		}
		if k > 0 && at > 8 {
			if head, rest, ok := cutColon(strings.TrimSpace(text[at:])); ok && strings.TrimSpace(rest) != "" {
				if f := fold(head); lex().is(cSpeakers, f) && len(f) > 3 || lex().is(cModerator, f) || lex().is(cBio, f) || lex().is(cAbstract, f) {
					return at
				}
			}
		}
		at += len(run.Text)
	}
	if at := densePoint(text); at > 0 {
		return at
	}
	if len(text) < 90 {
		return 0
	}
	if at := labelPoint(text); at > 0 {
		return at
	}
	if at := stylePoint(runs, len(text)); at > 0 {
		return at
	}
	if at := bracketPoint(text); at > 0 && len(text)-at > 70 && l.Heading == 0 {
		return at
	}
	return 0
}

// setOffLabel says whether an element of a line holds a label and nothing else,
// as where labels and values are elements of their own: "Room:", "Speaker:".
func setOffLabel(s string) bool {
	s = strings.TrimSpace(s)
	head, rest, ok := cutColon(s)
	if !ok || rest != "" {
		return false
	}
	f := fold(head)
	return slices.ContainsFunc(labelled, func(c concept) bool { return lex().is(c, f) }) || lex().is(cColumn, f)
}

// densePoint finds a label inside a line of a writing without blanks
// ("……报告人：许静").
func densePoint(text string) int {
	for i, r := range text {
		if r != '：' && r != ':' || i == 0 {
			continue
		}
		before := []rune(text[:i])
		for n := min(6, len(before)-1); n >= 2; n-- {
			word := string(before[len(before)-n:])
			if first := []rune(word)[0]; !denseScript(first) {
				continue
			}
			f := fold(word)
			for _, c := range []concept{cSpeakers, cModerator, cChair, cAbstract, cBio} {
				if lex().is(c, f) {
					return i - len(word)
				}
			}
		}
	}
	return 0
}

// labelPoint finds "Abstract:" or "Bio:" inside a line.
func labelPoint(text string) int {
	for _, m := range labelInLineRE.FindAllStringSubmatchIndex(text, 12) {
		if m[2] < 3 {
			continue
		}
		f := fold(text[m[2]:m[3]])
		if lex().is(cBio, f) || lex().is(cAbstract, f) {
			return m[2]
		}
	}
	return 0
}

// stylePoint finds the end of a short head in a style of its own (bold, italic,
// a class) that long plain text follows.
func stylePoint(runs []htmltext.Run, all int) int {
	if len(runs) < 2 {
		return 0
	}
	key := func(r htmltext.Run) (htmltext.Style, string) {
		return r.Style & (htmltext.Bold | htmltext.Italic), r.Shape
	}
	style, shape := key(runs[0])
	if style == 0 && shape == "" {
		return 0
	}
	n := 0
	var head strings.Builder
	for _, r := range runs {
		s, sh := key(r)
		if s != style || sh != shape {
			break
		}
		n += len(r.Text)
		head.WriteString(r.Text)
	}
	rest, text := all-n, head.String()
	if head := strings.TrimRight(text, " :："); kindPrefix(head) || strings.HasSuffix(strings.TrimSpace(text), ":") && lex().is(cKeywords, fold(head)) {
		return 0
	}
	if n < 4 || n > 160 || rest < 80 || rest < n {
		return 0
	}
	// Part of a sentence in bold is no head: the text after it must begin anew.
	tail := ""
	k := 0
	for _, r := range runs {
		if k >= n {
			tail += r.Text
		}
		k += len(r.Text)
		if len(tail) > 20 {
			break
		}
	}
	tail = strings.TrimLeft(tail, " .:,;–—-")
	first, _ := utf8.DecodeRuneInString(tail)
	if _, by := cutLabel(text, cBy); by == "" && !unicode.IsUpper(first) && !denseScript(first) && !unicode.IsDigit(first) && !strings.ContainsRune("“\"«(‘'", first) {
		return 0
	}
	return n
}

var endBracketRE = regexp.MustCompile(`\)[,.:;]?\s*["“”„«–—-]?\s*`)

// bracketPoint finds the end of "Title (people)" or of "“Title”" before a text.
func bracketPoint(text string) int {
	open := strings.IndexAny(text, "(")
	if open < 8 || open > 220 {
		return 0
	}
	m := endBracketRE.FindStringIndex(text[open:])
	if m == nil || m[0] > 200 {
		return 0
	}
	inside := text[open+1 : open+m[0]]
	if plainVocabulary.people(inside).score < 0.3 {
		return 0
	}
	return open + m[0] + 1
}

// mergeBroken joins what a line break tears apart: a title that goes on below,
// a list of names that ends with a comma.
func (r *reader) mergeBroken() {
	out := r.pieces[:0]
	for _, p := range r.pieces {
		if k := len(out) - 1; k >= 0 && out[k].text != "" && p.text != "" && goesOn(&out[k], &p) {
			q := &out[k]
			q.text += " " + p.text
			q.upTo = p.upTo
			q.links = append(q.links, p.links...)
			q.runs = append(append(append([]htmltext.Run{}, q.runs...), htmltext.Run{Text: " ", Link: -1}), p.runs...)
			continue
		}
		out = append(out, p)
	}
	r.pieces = out
}

func goesOn(a, b *piece) bool {
	if b.inner || a.line == b.line || b.line.Gap != 0 || a.line.Node != b.line.Node || b.line.Bullet != "" || len(a.text) > 400 {
		return false
	}
	// In a text, what goes on stands further in, below where its line began to
	// speak behind the time; where lines are only broken, htmltext has joined them.
	inText := a.line.Number > 0
	if inText && (b.line.Indent <= a.line.Indent || a.line.Bullet != "" || b.line.Heading > 0) {
		return false
	}
	if t := findTimes(b.text); len(t) > 0 && leadsIn(b.text[:t[0].from]) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(b.text)
	words := strings.Fields(fold(a.text))
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	switch {
	case strings.HasSuffix(a.text, ",") && len(a.text) < 200:
		return true
	case lex().is(cStop, last) && len(words) > 2 && !strings.HasSuffix(a.text, "."):
		return true
	case lex().is(cAnd, last) && len(last) > 1 && len(words) > 2:
		return true
	case bold(a) && bold(b) && a.shapeEnd() == b.shapeEnd() && len(a.text)+len(b.text) < 200 && a.label == "" && plainVocabulary.people(b.text).score < 0.2 && plainVocabulary.people(a.text).score < 0.2 && a.line.Cell != nil:
		return true
	case strings.HasSuffix(a.text, ":") && len(a.text) > 15 && b.shapeEnd() == a.shapeEnd() && bold(a) && bold(b):
		return true
	case unicode.IsLower(first) && !strings.Contains(b.text, "://") && !strings.HasSuffix(a.text, ".") && !strings.HasSuffix(a.text, ":") && (inText || b.shapeEnd() == a.shapeEnd()) && len(words) > 2 && lexLabel(b.text) == "":
		return true
	}
	return false
}

func (p *piece) shapeEnd() string {
	s := strings.TrimRight(p.shape, "+<>")
	if i := strings.LastIndexByte(s, '|'); i >= 0 {
		return s[i:]
	}
	return s
}

// lexLabel says which label a text begins with, if it does with one of people.
func lexLabel(s string) concept {
	_, c := cutLabel(s, cBy, cModerator)
	return c
}

// finish finds the label, the time and the date of a piece.
func (r *reader) finish(p *piece) {
	if p.text == "" {
		return
	}
	r.findLabel(p)
	r.findPrefix(p)
	r.findClock(p)
	r.findPrefix(p)
	r.findDay(p)
	p.words = strings.Fields(fold(p.text))
	p.pause = pauseOf(p.words)
}

// labelled are the concepts that a label may name.
var labelled = []concept{cAbstract, cBio, cChair, cModerator, cSpeakers, cSlides, cVideo, cPaper, cRoom, cVenue, cTime, cWhen, cKeywords, cOrganizers, cTopics}

// findLabel takes a label off the text: "Bio: …" or a line that is only "Bio".
func (r *reader) findLabel(p *piece) {
	if r.off("labels") {
		return
	}
	if head, rest, ok := cutColon(p.text); ok {
		f := fold(head)
		for _, c := range labelled {
			if !lex().is(c, f) {
				continue
			}
			p.label = c
			rest = strings.TrimSpace(rest)
			if rest == "" {
				p.bare = true
				return
			}
			p.cutTo(len(p.text) - len(rest))
			return
		}
	}
	if r.aboutSomebody(p) {
		p.label, p.bare = cBio, true
		return
	}
	// "Abstract. In this talk …", "Abstract — …"
	if len(p.runs) > 1 || len(p.text) < 40 {
		head := strings.Trim(strings.TrimSpace(p.runs[0].Text), ".:–—- ")
		f := fold(head)
		for _, c := range []concept{cAbstract, cBio, cSpeakers, cKeywords, cSlides, cVideo, cChair} {
			if !lex().is(c, f) {
				continue
			}
			if len(p.runs) == 1 && head == strings.Trim(p.text, ".:–—- ") {
				p.label, p.bare = c, true
				return
			}
			if len(p.runs) > 1 && p.runs[0].Style != p.runs[1].Style && p.runs[0].Link < 0 && c != cSlides && c != cVideo {
				p.label = c
				rest := strings.TrimLeft(p.text[len(p.runs[0].Text):], " .:–—-")
				p.cutTo(len(p.text) - len(rest))
				return
			}
		}
	}
}

// aboutSomebody says whether a short line announces a life: "About Jane".
func (r *reader) aboutSomebody(p *piece) bool {
	f := strings.Fields(p.text)
	if len(f) < 2 || len(f) > 7 || p.line.Heading == 0 && !bold(p) {
		return false
	}
	for n := min(3, len(f)-1); n > 0; n-- {
		switch fold(strings.Join(f[:n], " ")) {
		case "about", "om", "uber", "sobre", "a propos de", "over", "su", "acerca de", "o", "о", "who is", "wer ist", "tietoa", "sobre el", "sobre la":
			rest := strings.Join(f[n:], " ")
			if r.vocab.people(rest).score > 0.2 {
				return true
			}
			for _, w := range f[n:] {
				if w = fold(strings.Trim(w, "?:.")); lex().is(cFirstName, w) || r.callNames[w] {
					return true
				}
			}
		}
	}
	return false
}

// findPrefix takes the kind off the beginning of a text ("Keynote: …").
func (r *reader) findPrefix(p *piece) {
	for range 2 {
		head, rest, ok := cutColon(p.text)
		rest = strings.TrimSpace(rest)
		if w := strings.Fields(fold(head)); ok && p.room == "" && len(rest) >= 4 && len(p.text) < 200 && roomName(w) {
			p.room = strings.TrimSpace(head)
			p.cutTo(len(p.text) - len(rest))
			continue
		}
		if !ok || len(rest) < 4 || strings.HasPrefix(rest, "(") || !kindPrefix(head) {
			return
		}
		p.prefix = strings.TrimSpace(p.prefix + " " + head)
		p.cutTo(len(p.text) - len(rest))
	}
}

// roomName says whether words are a room's name and not only the word for one:
// "Room 3", "Aula Magna".
func roomName(w []string) bool {
	n := lex().begins(cRoom, w)
	return len(w) >= 2 && len(w) <= 3 && n > 0 && (n < len(w) || n > 1)
}

// cutTo drops the text before a byte.
func (p *piece) cutTo(at int) {
	if at <= 0 || at > len(p.text) {
		return
	}
	_, tail := cutRuns(p.runs, at)
	p.runs, p.text = tail, strings.TrimSpace(p.text[at:])
	if p.text == "" {
		p.bare = p.label != ""
	}
}

// cutFrom drops the text from a byte on.
func (p *piece) cutFrom(at int) {
	if at < 0 || at >= len(p.text) {
		return
	}
	head, _ := cutRuns(p.runs, at)
	p.runs, p.text = head, strings.TrimSpace(p.text[:at])
}
