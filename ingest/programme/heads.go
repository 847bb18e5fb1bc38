package programme

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/internal/htmltext"
)

// splitKind is a way in which organizers put title and people on one line. A
// page keeps to one or two of them, which is how a doubtful line is decided.
type splitKind string

const (
	splitStyle  splitKind = "style"  // a change of bold, italic, link or class
	splitParen  splitKind = "paren"  // Title (People)
	splitBy     splitKind = "by"     // Title, by People
	splitColon  splitKind = "colon"  // People: Title
	splitDashPT splitKind = "dash-p" // People - Title
	splitDashTP splitKind = "dash-t" // Title - People
	splitQuote  splitKind = "quote"  // "Title" People, or People "Title"
	splitComma  splitKind = "comma"  // Title, Person
	splitSlash  splitKind = "slash"
	splitPeriod splitKind = "period" // People. Title
)

// headSplit is one way to read a line as a title and its people.
type headSplit struct {
	kind   splitKind
	title  string
	people peopleReading
	first  bool // the people stand first
	score  float64
}

// splits lists the ways to read a piece as title and people.
func (r *reader) splits(p *piece) []headSplit {
	if len(p.text) < 8 || len(p.text) > 700 {
		return nil
	}
	var out []headSplit
	add := func(kind splitKind, title, people string, first bool) {
		title, people = strings.TrimSpace(title), strings.TrimSpace(people)
		if first && strings.HasPrefix(title, "(") {
			// "Jane Doe (KTH): Title", cut behind the name.
			if end := strings.IndexByte(title, ')'); end > 0 && end < 100 && len(title) > end+4 {
				people, title = people+" "+title[:end+1], strings.TrimLeft(title[end+1:], " :,-–—")
			}
		}
		if utf8.RuneCountInString(title) < 2 || people == "" {
			return
		}
		pr := r.vocab.people(people)
		if len(pr.credits) == 0 || pr.score < -0.2 || pr.chair {
			return
		}
		h := headSplit{kind: kind, title: title, people: pr, first: first}
		h.score = 1.6*pr.score + titleScore(title) - 0.2
		if first && kind == splitStyle {
			h.score -= 0.9 * max(0, belongsScore(title)-0.1)
		}
		if r.vocab.people(title).score > pr.score+0.1 && kind != splitBy && kind != splitParen {
			h.score -= 1
		}
		out = append(out, h)
	}
	r.styleSplits(p, add)
	r.bracketSplits(p.text, add)
	r.markSplits(p.text, add)
	quoteSplits(p.text, add)
	return out
}

type splitAdder func(kind splitKind, title, people string, first bool)

// styleSplits cuts where the style of the text changes.
func (r *reader) styleSplits(p *piece, add splitAdder) {
	groups := styleGroups(p.runs)
	if len(groups) < 2 || len(groups) > 12 {
		return
	}
	for cut := 1; cut < len(groups) && cut < 4; cut++ {
		a, b := strings.Join(groups[:cut], ""), strings.Join(groups[cut:], "")
		a, b = strings.TrimSpace(a), strings.TrimSpace(b)
		if trimMarks(a) == "" || trimMarks(b) == "" {
			continue
		}
		title := strings.TrimRight(a, " ,:;-–—|/")
		add(splitStyle, title, strings.TrimLeft(b, " ,:;-–—|/"), false)
		add(splitStyle, strings.TrimLeft(b, " ,:;-–—|/"), strings.TrimRight(a, " ,:;-–—|/"), true)
	}
}

// styleGroups joins runs of one look; a link counts as a look only when it is
// not of the page's prose.
func styleGroups(runs []htmltext.Run) []string {
	var out []string
	var last string
	for _, r := range runs {
		key := r.Shape
		if r.Style&htmltext.Bold != 0 {
			key += "b"
		}
		if r.Style&htmltext.Italic != 0 {
			key += "i"
		}
		if r.Style&htmltext.Small != 0 {
			key += "s"
		}
		if r.Link >= 0 {
			key += "a"
		}
		if trimMarks(r.Text) == "" && len(out) > 0 {
			out[len(out)-1] += r.Text
			continue
		}
		if len(out) > 0 && key == last {
			out[len(out)-1] += r.Text
			continue
		}
		out = append(out, r.Text)
		last = key
	}
	return out
}

// bracketSplits reads "Title (People)" and "Title (People), rest".
func (r *reader) bracketSplits(text string, add splitAdder) {
	t := strings.TrimRight(text, " .,;")
	if strings.HasSuffix(t, ")") {
		depth := 0
		for i := len(t) - 1; i > 0; i-- {
			switch t[i] {
			case ')':
				depth++
			case '(':
				depth--
			}
			if depth == 0 {
				add(splitParen, strings.TrimRight(t[:i], " -–—:,"), t[i+1:len(t)-1], false)
				break
			}
		}
	}
	// Title [People]
	if strings.HasSuffix(t, "]") {
		if i := strings.LastIndexByte(t, '['); i > 0 {
			add(splitParen, strings.TrimRight(t[:i], " -–—:,"), t[i+1:len(t)-1], false)
		}
	}
}

var markRE = regexp.MustCompile(`\.\s|\s[-–—|/•·]+\s|\s//\s|\s?[|—]\s?|:\s|：|,\s|、|;\s`)

// markSplits cuts at a dash, a bar, a colon, a word like "by".
func (r *reader) markSplits(text string, add splitAdder) {
	cuts := markRE.FindAllStringIndex(text, 24)
	for k, m := range cuts {
		a, b := text[:m[0]], text[m[1]:]
		if open := strings.Count(a, "(") - strings.Count(a, ")"); open > 0 {
			continue
		}
		switch mark := strings.TrimSpace(text[m[0]:m[1]]); mark {
		case ":", "：":
			add(splitColon, b, a, true)
			if k == len(cuts)-1 || !strings.Contains(b, ":") {
				add(splitColon, a, b, false)
			}
		case ",", "、":
			if rest, c := cutLabel(b, cBy); c != "" {
				add(splitBy, a, rest, false)
			} else {
				add(splitComma, a, b, false)
			}
		case ".":
			if k < 3 {
				add(splitPeriod, a, b, false)
				add(splitPeriod, b, a, true)
			}
		case ";":
			add(splitComma, a, b, false)
		case "/", "//":
			add(splitSlash, a, b, false)
			add(splitSlash, b, a, true)
		default:
			rest, _ := cutLabel(b, cBy)
			add(splitDashTP, a, rest, false)
			add(splitDashPT, b, a, true)
		}
	}
	words := strings.Fields(text)
	at := 0
	for k, w := range words {
		i := strings.Index(text[at:], w) + at
		at = i + len(w)
		if k == 0 || k == len(words)-1 {
			continue
		}
		f := fold(w)
		if f != "by" && f != "led" && f != "speaker" && (!lex().is(cBy, f) || !strings.HasSuffix(words[k-1], ",") && len(f) <= 2) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(words[k+1])
		if unicode.IsUpper(next) || denseScript(next) || f == "led" {
			rest, _ := cutLabel(text[i:], cBy)
			add(splitBy, strings.TrimRight(text[:i], " ,(-–—"), strings.TrimRight(rest, ")"), false)
		}
	}
}

var quoteRE = regexp.MustCompile(`^[^“"„«「『]{0,80}?["“„«「『]([^"“”„»」』]{4,250})["”“»」』][,.:]?`)

// quoteSplits reads a quoted title with people before or after it.
func quoteSplits(text string, add splitAdder) {
	m := quoteRE.FindStringSubmatchIndex(text)
	if m == nil {
		// A half-open quote: “Title (People).
		return
	}
	title := text[m[2]:m[3]]
	before := strings.Trim(text[:m[2]], " \"“„«「『:-–—,")
	after := strings.Trim(text[m[1]:], " :-–—,.")
	if strings.HasPrefix(after, "(") {
		after = strings.Trim(after, "()")
	}
	if before == "" {
		add(splitQuote, title, after, false)
	} else {
		add(splitQuote, title, before, true)
	}
}

// titleScore says how much a text looks like a title, from -1 to 1.
func titleScore(s string) float64 {
	s = strings.Trim(s, " \"“”„«»'")
	n := utf8.RuneCountInString(s)
	if n < 2 {
		return -1
	}
	first, _ := utf8.DecodeRuneInString(s)
	score := 0.3
	if denseScript(first) {
		n *= 2
	}
	switch {
	case n < 5:
		score -= 0.3
	case n > 220:
		score -= 1.2
	case n > 160:
		score -= 0.5
	case n >= 18:
		score += 0.2
	}
	if unicode.IsLower(first) {
		score -= 0.25
	}
	score -= 0.9 * sentenceScore(s)
	words := strings.Fields(fold(s))
	if lex().count(cStop, words) > 0 && len(words) > 2 {
		score += 0.2
	}
	return max(-1, min(1, score))
}
