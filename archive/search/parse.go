package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of a query. What goes beyond is left out, with a Hint.
const (
	MaxQuery = 4000 // bytes
	maxParts = 400  // words and other leaves
	maxDepth = 20   // parentheses in parentheses
)

// Parse reads the query language. It never fails: what cannot be meant is read
// as plain words, and a Hint says so.
//
//	words            each wished for, more are better
//	"a phrase"       must stand so; +word and a AND b are "word" and "a" "b"
//	-word            must not be there; also NOT word
//	a|b              either; also a OR b
//	(a b)|c          together
//	kube*            words that begin so
//	speaker:name     in this field; also speaker:"Full Name", topic:(a|b)
//	year:2017..2019  years from, to; either end may be left out
//	has:slides       also video, abstract, paper
func Parse(text string) Query {
	p := &parser{}
	if len(text) > MaxQuery {
		text = strings.ToValidUTF8(text[:MaxQuery], "")
		p.hint("…", HintTooLong)
	}
	p.in = clean(text)
	// A title in capitals has no signs of that kind in it.
	p.capitals = !strings.ContainsFunc(p.in, func(r rune) bool { return unicode.IsLetter(r) && !unicode.IsUpper(r) })
	parts := p.sequence(0)
	for !p.end() { // only a closing parenthesis that was never opened stops early
		p.hint(")", HintNeverOpened)
		p.at++
		parts = append(parts, p.sequence(0)...)
	}
	if len(parts) == 0 && strings.TrimSpace(text) != "" {
		p.hint(shortened(strings.TrimSpace(p.in)), HintNothing)
	}
	return Query{Parts: parts, Hints: p.hints}
}

// shortened is the part of a query that a Hint names.
func shortened(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// clean makes one form of the signs that keyboards and word processors write
// in many, and drops what nobody can see.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '“', '”', '„', '«', '»', '＂', '‟':
			return '"'
		case '（':
			return '('
		case '）':
			return ')'
		case '：':
			return ':'
		case '｜':
			return '|'
		case '＊':
			return '*'
		case '−', '－':
			return '-'
		case '＋':
			return '+'
		case utf8.RuneError:
			return ' '
		}
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u200b' || r == '\ufeff' {
			return ' '
		}
		return r
	}, text)
}

type parser struct {
	in    string
	at    int
	parts int
	full  bool
	plain int // how many fields' parentheses we are in: a colon parts no field there
	hints []Hint

	capitals bool // nothing is written small: AND, OR and NOT are words
}

func (p *parser) hint(part string, kind HintKind, args ...any) {
	if len(p.hints) < 5 {
		p.hints = append(p.hints, Hint{part, kind, args})
	}
}

func (p *parser) end() bool { return p.at >= len(p.in) }

func (p *parser) peek() byte {
	if p.end() {
		return 0
	}
	return p.in[p.at]
}

func (p *parser) space() {
	for !p.end() {
		r, n := utf8.DecodeRuneInString(p.in[p.at:])
		if !unicode.IsSpace(r) {
			return
		}
		p.at += n
	}
}

// sequence reads parts until the end or a closing parenthesis.
func (p *parser) sequence(depth int) []Node {
	var out []Node
	for {
		p.space()
		if p.end() || p.peek() == ')' {
			return out
		}
		begin := p.at
		sign := p.sign(len(out) > 0)
		n := p.alternatives(depth)
		if n == nil {
			continue
		}
		last := len(out) - 1
		switch sign {
		case "OR":
			if n = p.either(append([]Node{out[last]}, n), begin); n != nil {
				out[last] = n
			} else {
				out = out[:last]
			}
			continue
		case "AND":
			out[last], n = demanded(out[last]), demanded(n)
		case "NOT":
			n = not(n)
		}
		out = append(out, n)
	}
}

// sign reads AND, OR or NOT where it stands between parts, as people write it
// who know other searches; "" for anything else, which is left alone.
func (p *parser) sign(behind bool) string {
	for _, sign := range []string{"AND", "OR", "NOT"} {
		rest, ok := strings.CutPrefix(p.in[p.at:], sign)
		if !ok || p.capitals || !behind && sign != "NOT" {
			continue
		}
		r, _ := utf8.DecodeRuneInString(rest)
		if rest = strings.TrimSpace(rest); rest == "" || rest[0] == ')' || r != '(' && !unicode.IsSpace(r) {
			continue
		}
		p.at += len(sign)
		p.space()
		return sign
	}
	return ""
}

// small makes a plain word of one that would be a sign elsewhere.
func small(text string) string {
	switch text {
	case "AND", "OR", "NOT":
		return strings.ToLower(text)
	}
	return text
}

// demanded makes a word one that a talk has to have, which is what quoting it says.
func demanded(n Node) Node {
	if w, ok := n.(Word); ok {
		return Phrase(w)
	}
	return n
}

func not(n Node) Node {
	if n, ok := n.(Not); ok {
		return n.Of
	}
	return Not{n}
}

// alternatives reads a|b|c, or a single part. What follows a field's value
// without a space is a further value: year:2017|2019.
func (p *parser) alternatives(depth int) Node {
	var of []Node
	begin := p.at
	glued := false
	for {
		n := p.part(depth)
		if n != nil && (!glued || !p.furtherValue(of, n)) {
			of = append(of, n)
		}
		mark := p.at
		p.space()
		if p.peek() != '|' {
			p.at = mark
			break
		}
		before := p.at
		for p.peek() == '|' || p.peek() == ' ' {
			p.at++
		}
		glued = before == mark && p.at == before+1
		if p.end() || p.peek() == ')' {
			p.hint("|", HintNothingBehind)
			break
		}
	}
	return p.either(of, begin)
}

// furtherValue adds a value to the demand on a field that stands before it, if
// it is one and does.
func (p *parser) furtherValue(of []Node, n Node) bool {
	if len(of) == 0 {
		return false
	}
	in, ok := of[len(of)-1].(In)
	if !ok {
		return false
	}
	switch n.(type) {
	case Word, Phrase, Prefix:
		p.judge(in.Field, In{in.Field, []Node{n}})
		if !slices.Contains(in.Of, n) {
			in.Of = append(slices.Clone(in.Of), n)
			of[len(of)-1] = in
		}
		return true
	}
	return false
}

// judge tells of a value that its field cannot have.
func (p *parser) judge(written string, in In) {
	if bad, kind, can := badValue(in); bad != "" {
		p.hint(shortened(written+":"+bad), kind, can)
	}
}

// either makes one Node of alternatives. One that must not be cannot be an
// alternative. Demands on one field are one demand.
func (p *parser) either(of []Node, begin int) Node {
	switch len(of) {
	case 0:
		return nil
	case 1:
		return of[0]
	}
	var flat []Node
	for _, n := range of {
		switch n := n.(type) {
		case Not:
			p.hint(strings.TrimSpace(p.in[begin:p.at]), HintNoChoice)
		case Or:
			flat = append(flat, n.Of...)
		default:
			flat = append(flat, n)
		}
	}
	flat = distinct(flat)
	if len(flat) == 0 {
		return nil
	}
	if len(flat) == 1 {
		return flat[0]
	}
	if in, ok := sameField(flat); ok {
		return in
	}
	return Or{flat}
}

// distinct leaves out what stands there already: of alternatives, that says
// nothing more.
func distinct(of []Node) []Node {
	met := make(map[string]bool, len(of))
	return slices.DeleteFunc(of, func(n Node) bool {
		text := n.String()
		again := met[text]
		met[text] = true
		return again
	})
}

// sameField joins demands on one field.
func sameField(of []Node) (In, bool) {
	first, ok := of[0].(In)
	if !ok {
		return In{}, false
	}
	joined := In{Field: first.Field}
	for _, n := range of {
		in, ok := n.(In)
		if !ok || in.Field != first.Field {
			return In{}, false
		}
		joined.Of = append(joined.Of, in.Of...)
	}
	joined.Of = distinct(joined.Of)
	return joined, true
}

// part reads one thing: a negation, a group, a phrase, a field's demand or a word.
func (p *parser) part(depth int) Node {
	switch c := p.peek(); {
	case c == '-' && p.negates():
		p.at++
		return p.negation(depth)
	case c == '+' && p.demands():
		p.at++
		if n := p.part(depth); n != nil {
			return demanded(n)
		}
		return nil
	case c == '(':
		return p.group(depth)
	case c == '"':
		return p.phrase()
	case c == '|', c == '*', c == ':':
		p.at++
		return nil
	}
	return p.word(depth)
}

// negates tells "-word" from a dash that stands alone.
func (p *parser) negates() bool {
	if p.at+1 >= len(p.in) {
		p.at++
		return false
	}
	r, _ := utf8.DecodeRuneInString(p.in[p.at+1:])
	if unicode.IsSpace(r) || r == '-' || r == ')' || r == '|' {
		p.at++
		return false
	}
	return true
}

// demands tells "+word" from other uses of the sign.
func (p *parser) demands() bool {
	r, _ := utf8.DecodeRuneInString(p.in[p.at+1:])
	return unicode.IsLetter(r) || r == '"'
}

func (p *parser) negation(depth int) Node {
	if n := p.part(depth); n != nil {
		return not(n)
	}
	return nil
}

func (p *parser) group(depth int) Node {
	p.at++
	if depth >= maxDepth {
		p.hint("(", HintTooDeep)
		return nil
	}
	inner := p.sequence(depth + 1)
	if p.peek() == ')' {
		p.at++
	} else {
		p.hint("(", HintNeverClosed)
	}
	switch len(inner) {
	case 0:
		return nil
	case 1:
		return inner[0]
	}
	return And{inner}
}

func (p *parser) phrase() Node {
	p.at++
	text, rest, closed := strings.Cut(p.in[p.at:], `"`)
	if closed {
		p.at = len(p.in) - len(rest)
	} else {
		p.at = len(p.in)
		p.hint(`"`, HintOpenQuotation)
	}
	text = strings.Join(strings.Fields(text), " ")
	if !hasWord(text) || !p.room() {
		return nil
	}
	return Phrase{text}
}

// room counts a leaf and says whether there is still place for it.
func (p *parser) room() bool {
	p.parts++
	if p.parts <= maxParts {
		return true
	}
	if !p.full {
		p.full = true
		p.hint("…", HintTooManyWords)
	}
	return false
}

// word reads up to a space or sign: a word, a prefix, or a field and its values.
func (p *parser) word(depth int) Node {
	for p.peek() == '-' || p.peek() == ':' {
		p.at++
	}
	begin := p.at
	for !p.end() {
		r, n := utf8.DecodeRuneInString(p.in[p.at:])
		if unicode.IsSpace(r) || strings.ContainsRune(`()|"*`, r) {
			break
		}
		if r == ':' && p.at > begin && p.plain == 0 {
			if in, ok := p.field(p.in[begin:p.at], depth); ok {
				return in
			}
		}
		p.at += n
	}
	text := p.in[begin:p.at]
	if p.peek() == '*' {
		for p.peek() == '*' {
			p.at++
		}
		return p.prefix(text)
	}
	text = strings.Trim(text, ":")
	if !hasWord(text) || !p.room() {
		return nil
	}
	return Word{small(text)}
}

func (p *parser) prefix(text string) Node {
	text = strings.Trim(text, ":-")
	if !hasWord(text) || !p.room() {
		return nil
	}
	if utf8.RuneCountInString(text) < 2 && isASCII(text) {
		p.hint(text+"*", HintShortBeginning)
		return Word{small(text)}
	}
	return Prefix{text}
}

// aliases are what people write for a field's name.
func fieldName(text string) (string, bool) {
	name := strings.ToLower(text)
	switch name {
	case "speakers", "by", "person", "author", "who":
		name = "speaker"
	case "affiliation", "company", "org", "organization":
		name = "affil"
	case "topics", "tag", "tags":
		name = "topic"
	case "slide":
		name = "slides"
	case "language":
		name = "lang"
	case "type":
		name = "kind"
	case "event", "conference":
		name = "series"
	}
	return name, slices.Contains(FieldNames(), name)
}

// field reads the values behind a field's colon, at which the parser stands.
func (p *parser) field(text string, depth int) (Node, bool) {
	name, ok := fieldName(text)
	if !ok {
		if next := p.in[p.at+1:]; next != "" && !strings.HasPrefix(next, "//") && !strings.HasPrefix(next, " ") && isName(text) {
			p.hint(text+":", HintNoField, strings.Join(FieldNames(), ", "))
		}
		return nil, false
	}
	p.at++
	values := distinct(p.values(depth))
	if len(values) == 0 {
		p.hint(text+":", HintNoValue, example(name))
		return nil, true
	}
	in := In{name, values}
	p.judge(text, in)
	return in, true
}

// isName says whether the text before a colon could have been meant as a field.
func isName(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) {
			return false
		}
	}
	return true
}

// values reads one value, or several in parentheses.
func (p *parser) values(depth int) []Node {
	switch p.peek() {
	case '(':
		p.plain++
		n := p.group(depth)
		p.plain--
		if n == nil {
			return nil
		}
		return leaves(n)
	case '"':
		if n := p.phrase(); n != nil {
			return []Node{n}
		}
		return nil
	case ' ', 0, ')', '|':
		return nil
	}
	begin := p.at
	for !p.end() {
		r, n := utf8.DecodeRuneInString(p.in[p.at:])
		if unicode.IsSpace(r) || strings.ContainsRune(`()|"*`, r) {
			break
		}
		p.at += n
	}
	text := strings.TrimLeft(p.in[begin:p.at], "+-:")
	if p.peek() == '*' {
		for p.peek() == '*' {
			p.at++
		}
		if n := p.prefix(text); n != nil {
			return []Node{n}
		}
		return nil
	}
	text = strings.TrimRight(text, ":")
	if !hasWord(text) || !p.room() {
		return nil
	}
	return []Node{Word{small(text)}}
}

// leaves flattens what stands in a field's parentheses into its alternatives.
func leaves(n Node) []Node {
	var of []Node
	switch n := n.(type) {
	case And:
		of = n.Of
	case Or:
		of = n.Of
	case Not:
		return nil
	default:
		return []Node{n}
	}
	var out []Node
	for _, o := range of {
		out = append(out, leaves(o)...)
	}
	return out
}

func hasWord(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

func example(field string) string {
	switch field {
	case "year":
		return "year:2017..2019"
	case "has":
		return "has:slides"
	case "lang":
		return "lang:sv"
	case "kind":
		return "kind:keynote"
	case "speaker":
		return `speaker:"Joe Armstrong"`
	}
	return field + ":word"
}

// badValue names a value that its field cannot have, and says what it can have.
func badValue(in In) (bad string, kind HintKind, can string) {
	for _, v := range in.Of {
		text := valueText(v)
		switch in.Field {
		case "year":
			if _, _, ok := yearRange(text); !ok {
				return text, HintNoYear, "year:2017, year:2017..2019, year:2017.., year:..2019"
			}
		case "has":
			if hasOf(text) == 0 {
				return text, HintHas, "slides, video, abstract, paper"
			}
		}
	}
	return "", "", ""
}

func hasOf(text string) hasMask {
	switch strings.ToLower(text) {
	case "slides", "slide", "deck":
		return hasSlides
	case "video", "videos", "recording":
		return hasVideo
	case "abstract":
		return hasAbstract
	case "paper", "papers":
		return hasPaper
	}
	return 0
}

// yearRange reads 2017, 2017..2019, 2017.. and ..2019; an open end is 0 or 9999.
func yearRange(text string) (from, to int, ok bool) {
	first, last, ranged := strings.Cut(text, "..")
	if !ranged {
		first, last, ranged = strings.Cut(text, "-")
	}
	if !ranged {
		last = first
	}
	from, to = 0, 9999
	if first == "" && last == "" {
		return 0, 0, false
	}
	if first != "" {
		if from, ok = year(first); !ok {
			return 0, 0, false
		}
	}
	if last != "" {
		if to, ok = year(last); !ok {
			return 0, 0, false
		}
	}
	if from > to {
		from, to = to, from
	}
	return from, to, true
}

func year(s string) (int, bool) {
	if len(s) != 4 {
		return 0, false
	}
	y := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		y = y*10 + int(c-'0')
	}
	return y, true
}
