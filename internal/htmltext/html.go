package htmltext

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FromHTML reads a page of UTF-8. A page that the HTML5 parser gives up on
// (nested too deep) is read once more without its tags.
func FromHTML(page []byte) *Doc {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return FromText(stripTags(page))
	}
	w := &walker{doc: &Doc{Root: root}, classWords: map[*html.Node][]string{}, shapes: map[*html.Node]string{}}
	w.walk(root, context{link: -1})
	w.flush()
	return w.doc
}

// stripTags keeps a page's text, a line for every tag that ends one.
func stripTags(page []byte) string {
	var out strings.Builder
	z := html.NewTokenizer(bytes.NewReader(page))
	skip := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if skip == 0 {
				out.Write(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if a == atom.Script || a == atom.Style {
				skip = 1
			} else if !inline(a) {
				out.WriteByte('\n')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if a == atom.Script || a == atom.Style {
				skip = 0
			} else if !inline(a) {
				out.WriteByte('\n')
			}
		default:
		}
	}
}

// inline says whether an element leaves its text in the line around it.
func inline(a atom.Atom) bool {
	switch a {
	case atom.A, atom.Abbr, atom.Acronym, atom.B, atom.Big, atom.Cite, atom.Code, atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font, atom.I,
		atom.Ins, atom.Kbd, atom.Label, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strike, atom.Strong, atom.Sub,
		atom.Sup, atom.Time, atom.Tt, atom.U, atom.Var, atom.Wbr, atom.Img, atom.Nobr, atom.Bdi, atom.Bdo, atom.Ruby, atom.Rt, atom.Button, 0:
		return true
	}
	return false
}

// context is what an element hands to those inside it.
type context struct {
	block  *html.Node
	style  Style
	link   int
	shape  string
	zone   Zone
	hidden bool
	head   int
	indent int
	cell   *Cell
	table  *Table
	pre    bool
	sup    bool
}

type walker struct {
	doc *Doc
	// the line being filled
	runs    []Run
	size    int
	at      context
	gap     int
	rule    bool
	bullet  string
	started bool
	// what is known of elements
	classWords map[*html.Node][]string
	shapes     map[*html.Node]string
}

func (w *walker) walk(n *html.Node, c context) {
	if w.doc.Cut {
		return
	}
	switch n.Type {
	case html.TextNode:
		w.text(n.Data, c)
	case html.ElementNode:
		w.element(n, c)
	case html.DocumentNode:
		w.children(n, c)
	default:
	}
}

func (w *walker) children(n *html.Node, c context) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		w.walk(k, c)
	}
}

func (w *walker) element(n *html.Node, c context) {
	switch n.DataAtom {
	case atom.Script:
		if strings.Contains(attr(n, "type"), "ld+json") && n.FirstChild != nil {
			w.doc.JSONLD = append(w.doc.JSONLD, Hint{Content: n.FirstChild.Data, Node: n})
		}
		return
	case atom.Noframes:
		w.noFrames(n, c)
		return
	case atom.Style, atom.Noscript, atom.Template, atom.Svg, atom.Iframe, atom.Object, atom.Select, atom.Textarea, atom.Audio, atom.Video, atom.Canvas, atom.Rp:
		return
	case atom.Head:
		w.head(n)
		return
	case atom.Html:
		w.doc.Lang = attr(n, "lang")
	case atom.Base:
		w.doc.Base = attr(n, "href")
	case atom.Title:
		w.title(n)
		return
	case atom.Br:
		w.lineBreak()
		return
	case atom.Hr:
		w.flush()
		w.gap, w.rule = max(w.gap, 2), true
		return
	case atom.Img:
		w.image(n, c)
		return
	}
	if screenReaderOnly(n) {
		return
	}
	c.hidden = c.hidden || hidden(n)
	if inline(n.DataAtom) {
		w.inlineElement(n, c)
		return
	}
	w.blockElement(n, c)
}

// noFrames reads what a page of frames shows to those who have none, which the
// parser leaves as raw text.
func (w *walker) noFrames(n *html.Node, c context) {
	if n.FirstChild == nil || n.FirstChild.Type != html.TextNode {
		w.children(n, c)
		return
	}
	raw := n.FirstChild
	root, err := html.Parse(strings.NewReader(raw.Data))
	if err != nil {
		return
	}
	// The page stays one tree, so that paths lead to what was parsed later too.
	n.RemoveChild(raw)
	for _, part := range []atom.Atom{atom.Frameset, atom.Body} {
		if body := childOf(childOf(root, atom.Html), part); body != nil {
			for k := body.FirstChild; k != nil; k = body.FirstChild {
				body.RemoveChild(k)
				n.AppendChild(k)
			}
		}
	}
	w.children(n, c)
}

// childOf gives the first child of n that is such an element, or nil.
func childOf(n *html.Node, a atom.Atom) *html.Node {
	if n == nil {
		return nil
	}
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.DataAtom == a {
			return k
		}
	}
	return nil
}

func (w *walker) head(n *html.Node) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch k.DataAtom {
		case atom.Title:
			w.title(k)
		case atom.Base:
			w.doc.Base = attr(k, "href")
		case atom.Meta:
			name := attr(k, "name")
			if name == "" {
				name = attr(k, "property")
			}
			if name != "" {
				w.doc.Metas = append(w.doc.Metas, Hint{Name: strings.ToLower(name), Content: attr(k, "content"), Node: k})
			}
		case atom.Script:
			if strings.Contains(attr(k, "type"), "ld+json") && k.FirstChild != nil {
				w.doc.JSONLD = append(w.doc.JSONLD, Hint{Content: k.FirstChild.Data, Node: k})
			}
		}
	}
}

func (w *walker) title(n *html.Node) {
	w.doc.Titles = append(w.doc.Titles, nodeText(n))
	w.doc.TitleNodes = append(w.doc.TitleNodes, n)
}

func (w *walker) image(n *html.Node, c context) {
	alt := collapse(attr(n, "alt"))
	if alt != "" {
		w.doc.Images = append(w.doc.Images, Hint{Name: "alt", Content: alt, Node: n})
	}
	if c.link >= 0 {
		w.hint(c.link, alt+" "+attr(n, "title")+" "+attr(n, "src"))
	}
}

// Picture stands in a line's text for a link that has no words: an icon, a
// picture, an empty anchor.
const Picture = "\uFFFC"

func (w *walker) hint(link int, words string) {
	l := &w.doc.Links[link]
	l.Hints = strings.TrimSpace(l.Hints + " " + words)
}

func (w *walker) inlineElement(n *html.Node, c context) {
	class := attr(n, "class")
	switch n.DataAtom {
	case atom.B, atom.Strong, atom.Big:
		c.style |= Bold
	case atom.I, atom.Em, atom.Cite, atom.Dfn:
		c.style |= Italic
	case atom.S, atom.Strike, atom.Del:
		c.style |= Strike
	case atom.U, atom.Ins:
		c.style |= Underline
	case atom.Small:
		c.style |= Small
	case atom.Sup:
		c.sup = true
	case atom.A:
		if href := strings.TrimSpace(attr(n, "href")); href != "" {
			w.doc.Links = append(w.doc.Links, Link{Href: href, Hints: strings.TrimSpace(attr(n, "title") + " " + attr(n, "aria-label") + " " + class), Zone: c.zone, Node: n})
			c.link = len(w.doc.Links) - 1
		}
	}
	if role := markedRole(n); role != "" && n.DataAtom != atom.A {
		c.shape = n.Data + "." + role
	} else if class != "" && n.DataAtom != atom.A {
		if c.link >= 0 {
			w.hint(c.link, class)
		}
		c.shape = n.Data + "." + firstClass(class)
	} else if n.DataAtom == atom.Span && c.shape == "" {
		c.shape = "span"
	}
	if style := attr(n, "style"); style != "" {
		c.style |= styleOf(style)
	}
	w.children(n, c)
	if n.DataAtom == atom.A && c.link >= 0 && w.doc.Links[c.link].Text == "" {
		w.piece(Picture, c)
	}
}

func (w *walker) blockElement(n *html.Node, c context) {
	w.flush()
	w.gap = max(w.gap, 1)
	c.block, c.shape = n, ""
	c.zone = zoneOf(n, c.zone)
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		c.head = int(n.Data[1] - '0')
	case atom.Strike:
		c.style |= Strike
	case atom.Ul, atom.Ol:
		c.indent++
	case atom.Li:
		w.bullet = "li"
	case atom.Pre:
		c.pre = true
	case atom.Table:
		c.table, c.cell = w.table(n, c.table), nil
	case atom.Td, atom.Th:
		if c.table != nil {
			c.cell = cellOf(n, c.table)
		}
		if n.DataAtom == atom.Th {
			c.style |= Bold
		}
	}
	if style := attr(n, "style"); style != "" {
		c.style |= styleOf(style)
	}
	w.children(n, c)
	w.flush()
	w.gap = max(w.gap, 1)
	if n.DataAtom == atom.Li {
		w.bullet = ""
	}
}

func (w *walker) text(s string, c context) {
	if c.pre {
		for i, part := range strings.Split(s, "\n") {
			if i > 0 {
				w.lineBreak()
			}
			w.columns(part, c)
		}
		return
	}
	w.piece(s, c)
}

// columns adds preformatted text, in which wide blanks part columns.
func (w *walker) columns(s string, c context) {
	cols := splitWide(s)
	for k, col := range cols {
		in := c
		if k > 0 || w.started && strings.HasPrefix(s, "   ") {
			col = " " + col
			in.shape = "col" + strconv.Itoa(max(1, k))
		} else if strings.HasPrefix(s, " ") {
			col = " " + col
		}
		if k == len(cols)-1 && strings.HasSuffix(s, " ") {
			col += " "
		}
		w.piece(col, in)
	}
}

// piece adds text to the line being filled.
func (w *walker) piece(s string, c context) {
	s = clean(s)
	if s == "" {
		return
	}
	if c.sup && len(s) <= 8 {
		s = superscript(s)
	}
	if !w.started && strings.TrimSpace(s) == "" {
		return
	}
	if k := len(w.runs) - 1; k >= 0 && w.apart(&w.runs[k], s, c) {
		// Parts with classes of their own and no blank between them are set
		// apart by the style sheet.
		w.flush()
	}
	if !w.started {
		w.started, w.at = true, c
	}
	if w.size+len(s) > MaxLineText {
		if w.size >= MaxLineText {
			return
		}
		s = strings.ToValidUTF8(s[:min(len(s), MaxLineText-w.size)], "")
	}
	w.size += len(s)
	if c.link >= 0 {
		l := &w.doc.Links[c.link]
		if len(l.Text) < 400 && s != Picture {
			l.Text = collapse(l.Text + s)
		}
	}
	if k := len(w.runs) - 1; k >= 0 && w.runs[k].Style == c.style && w.runs[k].Link == c.link && w.runs[k].Shape == c.shape {
		w.runs[k].Text += s
		return
	}
	w.runs = append(w.runs, Run{Text: s, Style: c.style, Link: c.link, Shape: c.shape})
}

// superscript raises digits, so that a foot mark is not taken for part of a word.
func superscript(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0']
		}
		return r
	}, s)
}

// apart says whether a text that touches the run before it is set apart from
// it by its look: both have a class, or a small letter meets a capital.
func (w *walker) apart(last *Run, s string, c context) bool {
	if c.shape != last.Shape && c.shape != "" && last.Shape != "" {
		return abut(last.Text, s)
	}
	if c.shape == last.Shape && (c.style^last.Style)&(Bold|Italic) == 0 {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(last.Text)
	after, _ := utf8.DecodeRuneInString(s)
	return (unicode.IsLower(before) || unicode.IsDigit(before) || before == ')') && unicode.IsUpper(after) && len(strings.TrimSpace(last.Text)) > 3
}

// abut says whether letters or digits of two texts would touch.
func abut(a, b string) bool {
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	return (unicode.IsLetter(last) || unicode.IsDigit(last) || last == ')') && (unicode.IsLetter(first) || unicode.IsDigit(first))
}

func (w *walker) lineBreak() {
	if !w.started {
		w.gap++
		return
	}
	w.flush()
}

// flush ends the line being filled.
func (w *walker) flush() {
	runs := tidy(w.runs)
	started := w.started
	w.runs, w.started, w.size = nil, false, 0
	if len(runs) == 0 {
		if started {
			w.gap++
		}
		return
	}
	var text strings.Builder
	for _, r := range runs {
		text.WriteString(r.Text)
	}
	c := w.at
	l := Line{
		Text: strings.TrimSpace(strings.ReplaceAll(text.String(), Picture, "")), Runs: runs, Node: c.block, Heading: c.head, Gap: w.gap, Rule: w.rule, Bullet: w.bullet, Indent: c.indent, Zone: c.zone,
		Hidden: c.hidden, Cell: c.cell,
	}
	l.Classes = w.classes(c.block)
	l.Shape = w.shapeOf(c.block, c.cell) + "|" + runsShape(runs)
	if w.gap == 0 {
		l.Shape += "+"
	}
	if len(w.doc.Lines) >= MaxLines {
		w.doc.Cut = true
		return
	}
	w.doc.Lines = append(w.doc.Lines, l)
	w.gap, w.rule, w.bullet = 0, false, ""
}

// tidy collapses blanks over the runs and drops empty ones.
func tidy(runs []Run) []Run {
	out := runs[:0:0]
	blank := true
	for _, r := range runs {
		t := collapseKeep(r.Text, blank)
		if t == "" {
			continue
		}
		blank = strings.HasSuffix(t, " ")
		r.Text = t
		out = append(out, r)
	}
	for len(out) > 0 {
		k := len(out) - 1
		out[k].Text = strings.TrimRight(out[k].Text, " ")
		if out[k].Text != "" {
			break
		}
		out = out[:k]
	}
	return slices.Clip(out)
}
