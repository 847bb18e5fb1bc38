package htmltext

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// clean drops what no eye sees: zero-width characters, soft hyphens, controls;
// every blank becomes a space. Accents that stand alone join their letter.
func clean(s string) string {
	plain := true
	for i := range len(s) {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00ad', r >= '\u200b' && r <= '\u200f', r == '\ufeff', r == '\u2060', r >= '\u202a' && r <= '\u202e', r == utf8.RuneError:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

// Collapse makes every stretch of blanks one space and trims.
func Collapse(s string) string { return collapse(clean(s)) }

func collapse(s string) string { return strings.Join(strings.Fields(s), " ") }

// collapseKeep collapses blanks but keeps one at either end; not at the
// beginning when blank says that one stands there already.
func collapseKeep(s string, blank bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\t' {
			if !blank {
				b.WriteByte(' ')
				blank = true
			}
			continue
		}
		blank = false
		b.WriteRune(r)
	}
	return b.String()
}

func nodeText(n *html.Node) string {
	var b strings.Builder
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type == html.TextNode {
			b.WriteString(k.Data)
		}
	}
	return Collapse(b.String())
}

// bullets are the marks that begin a list item in a text. A dash or an asterisk
// counts only when a blank follows.
const bullets = "•‣▪▫◦●○■□➢➤►▸·*-–+"

// FromText reads a plain text of UTF-8: bullets and indentation make lists,
// lines of "=" or "-" and leading "#" make headings, blank lines make gaps, and
// hard-wrapped paragraphs are joined again. Markdown's bold is understood, and
// so are its links.
func FromText(text string) *Doc {
	d := &Doc{}
	raw := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	width := wrapWidth(raw)
	gap := 1
	for i, s := range raw {
		if len(d.Lines) >= MaxLines {
			d.Cut = true
			break
		}
		if len(s) > MaxLineText {
			s, d.Cut = strings.ToValidUTF8(s[:MaxLineText], ""), true
		}
		t := Collapse(s)
		if t == "" {
			gap++
			continue
		}
		if underline(t) {
			if k := len(d.Lines) - 1; k >= 0 && gap == 0 && len(d.Lines[k].Text) < 120 {
				d.Lines[k].Heading = 2
				d.Lines[k].Shape = textShape(&d.Lines[k])
			} else {
				gap = 2
			}
			continue
		}
		l := textLine(d, s, t, i+1)
		l.Gap = gap
		if k := len(d.Lines) - 1; k >= 0 && gap == 0 && l.Bullet == "" && continues(&d.Lines[k], &l, raw[i-1], width) {
			d.Lines[k].Text += " " + l.Text
			for j := range l.Runs {
				if j == 0 {
					l.Runs[j].Text = " " + l.Runs[j].Text
				}
				d.Lines[k].Runs = append(d.Lines[k].Runs, l.Runs[j])
			}
			continue
		}
		if l.Gap == 0 && (l.Bullet != "" || l.Heading > 0) {
			l.Gap = 1
		}
		d.Lines = append(d.Lines, l)
		gap = 0
	}
	return d
}

func textLine(d *Doc, raw, t string, number int) Line {
	l := Line{Number: number}
	for _, r := range raw {
		if r == '\t' {
			l.Indent += 4
		} else if unicode.IsSpace(r) {
			l.Indent++
		} else {
			break
		}
	}
	if r, size := utf8.DecodeRuneInString(t); strings.ContainsRune(bullets, r) && len(t) > size {
		rest := t[size:]
		if strings.HasPrefix(rest, " ") || !strings.ContainsRune("·*-–+", r) {
			l.Bullet, t = string(r), strings.TrimSpace(rest)
		}
	} else if r == '#' {
		if trimmed := strings.TrimLeft(t, "#"); strings.HasPrefix(trimmed, " ") {
			l.Heading, t = min(6, len(t)-len(trimmed)), strings.TrimSpace(strings.TrimRight(trimmed, "# "))
		}
	}
	l.Runs = columnRuns(raw, t)
	if l.Runs == nil {
		l.Runs = markdownRuns(d, t)
	}
	var b strings.Builder
	for _, r := range l.Runs {
		b.WriteString(r.Text)
	}
	l.Text = b.String()
	l.Shape = textShape(&l)
	return l
}

// columnRuns parts a line of a text at wide blanks, with which people set
// columns; nil where there are none.
func columnRuns(raw, t string) []Run {
	at := strings.Index(raw, firstWord(t))
	if at < 0 {
		return nil
	}
	parts := splitWide(raw[at:])
	if len(parts) < 2 {
		return nil
	}
	var out []Run
	for i, p := range parts {
		shape := ""
		if i > 0 {
			p, shape = " "+p, "col"+strconv.Itoa(i)
		}
		out = append(out, Run{Text: p, Link: -1, Shape: shape})
	}
	return out
}

func firstWord(s string) string {
	if i := strings.IndexByte(s, ' '); i > 0 {
		return s[:i]
	}
	return s
}

// splitWide parts a text at three blanks or more, or at a tab.
func splitWide(s string) []string {
	var out []string
	for part := range strings.SplitSeq(strings.ReplaceAll(s, "\t", "   "), "   ") {
		if part = Collapse(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func textShape(l *Line) string {
	s := "text" + l.Bullet
	if l.Indent > 0 {
		s += ">"
	}
	if l.Heading > 0 {
		s += "#"
	}
	return s + "|" + runsShape(l.Runs)
}

// markdownRuns splits a text line at **bold** and [words](link).
func markdownRuns(d *Doc, t string) []Run {
	var out []Run
	add := func(s string, st Style, link int) {
		if s != "" {
			out = append(out, Run{Text: s, Style: st, Link: link})
		}
	}
	for {
		b := strings.Index(t, "**")
		k := strings.Index(t, "](")
		if b >= 0 && (k < 0 || b < k) {
			end := strings.Index(t[b+2:], "**")
			if end > 0 {
				add(t[:b], 0, -1)
				add(t[b+2:b+2+end], Bold, -1)
				t = t[b+4+end:]
				continue
			}
		}
		if k >= 0 {
			open, end := strings.LastIndexByte(t[:k], '['), strings.IndexByte(t[k:], ')')
			if open >= 0 && end > 2 && !strings.ContainsAny(t[k+2:k+end], " ") {
				add(t[:open], 0, -1)
				d.Links = append(d.Links, Link{Href: t[k+2 : k+end], Text: t[open+1 : k]})
				add(t[open+1:k], 0, len(d.Links)-1)
				t = t[k+end+1:]
				continue
			}
		}
		add(t, 0, -1)
		return out
	}
}

func underline(t string) bool {
	if len(t) < 3 {
		return false
	}
	for i := range len(t) {
		if t[i] != t[0] || !strings.ContainsRune("=-_~*", rune(t[i])) {
			return false
		}
	}
	return true
}

// wrapWidth finds the column at which a text was broken by hand, or 0: many
// lines end within a few columns of it and next to none goes beyond.
func wrapWidth(raw []string) int {
	var counts [121]int
	long, all := 0, 0
	for _, s := range raw {
		n := utf8.RuneCountInString(strings.TrimRight(s, " "))
		if n == 0 {
			continue
		}
		all++
		if n > 120 {
			long++
			continue
		}
		counts[n]++
	}
	if all < 6 || long*10 > all {
		return 0
	}
	top := 0
	for n := 120; n >= 50; n-- {
		if counts[n] > 0 {
			top = n
			break
		}
	}
	near := 0
	for n := max(0, top-14); n <= top; n++ {
		near += counts[n]
	}
	if top < 50 || near < 4 || near*5 < all {
		return 0
	}
	return top
}

// continues says whether a line goes on with the one before, broken by hand.
func continues(prev, cur *Line, raw string, width int) bool {
	if width == 0 || prev.Heading > 0 || cur.Heading > 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(cur.Text)
	n := utf8.RuneCountInString(strings.TrimRight(raw, " "))
	word := cur.Text
	if i := strings.IndexByte(word, ' '); i > 0 {
		word = word[:i]
	}
	if unicode.IsDigit(first) && strings.ContainsAny(word, ":.") {
		return false
	}
	// The next word would not have fitted on the line before.
	return n+1+utf8.RuneCountInString(word) > width-2 && (cur.Indent >= prev.Indent || unicode.IsLower(first))
}
