package htmltext

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Spot is where a place lies in a page.
type Spot struct {
	// Node is the element, within Doc.Root; nil in a text.
	Node *html.Node
	// Line is the index into Doc.Lines of the line that shows it, -1 where no
	// line does: it stands in the head of the page, or in a picture.
	Line int
	// From and To are the bytes of that line's Text that the quote covers; both
	// are 0 where the line does not have it word for word.
	From, To int
}

// Find leads back to a spot in the page. It takes what a reader noted of it:
//
//   - path, a CSS selector of child steps as Paths makes it ("body > ul >
//     li:nth-of-type(3)"), "" in a text;
//   - line, in a text the number of the line from 1; in HTML the how-manieth of
//     the element's own lines it is, from 1, or 0 where it has but one;
//   - quote, the words that were read, perhaps cut and ended by "…".
//
// The path decides, then the line, then the quote. Where the path leads nowhere,
// as in a page that has changed, the first line that has the quote is it. ok is
// false when neither is there: the page is then not the one that was read.
func (d *Doc) Find(path string, line int, quote string) (spot Spot, ok bool) {
	quote = strings.TrimSuffix(Collapse(quote), "…")
	if path == "" || d.Root == nil {
		return d.findLine(line, quote)
	}
	n := resolve(d.Root, path)
	if n == nil {
		return d.findLine(0, quote)
	}
	spot = Spot{Node: n, Line: -1}
	if k := d.linkOf(n); k >= 0 {
		spot.Line, spot.From, spot.To = d.shows(k)
		if spot.Line >= 0 {
			return spot, true
		}
	}
	own := 0
	for i := range d.Lines {
		l := &d.Lines[i]
		if !within(l.Node, n) {
			continue
		}
		if l.Node == n {
			own++
		}
		from := strings.Index(l.Text, quote)
		switch {
		case line > 0 && (l.Node != n || own != line):
		case from >= 0:
			return Spot{Node: n, Line: i, From: from, To: from + len(quote)}, true
		case line > 0 || spot.Line < 0:
			spot.Line = i
		}
	}
	if spot.Line < 0 && !inHead(n) {
		spot.Line = d.lineAround(n, quote)
		if spot.Line >= 0 && quote != "" {
			if from := strings.Index(d.Lines[spot.Line].Text, quote); from >= 0 {
				spot.From, spot.To = from, from+len(quote)
			}
		}
	}
	return spot, true
}

// findLine finds a line by its number in a text, or by words that it has.
func (d *Doc) findLine(number int, quote string) (Spot, bool) {
	if number > 0 {
		at := -1
		for i := range d.Lines {
			if d.Lines[i].Number == 0 || d.Lines[i].Number > number {
				break
			}
			at = i // lines broken by hand are joined: the last that begins before
		}
		if at >= 0 {
			spot := Spot{Line: at}
			if from := strings.Index(d.Lines[at].Text, quote); from >= 0 {
				spot.From, spot.To = from, from+len(quote)
			}
			return spot, true
		}
	}
	if quote == "" {
		return Spot{}, false
	}
	for i := range d.Lines {
		if from := strings.Index(d.Lines[i].Text, quote); from >= 0 {
			return Spot{Node: d.Lines[i].Node, Line: i, From: from, To: from + len(quote)}, true
		}
	}
	return Spot{}, false
}

// linkOf gives the link that an element is, or -1.
func (d *Doc) linkOf(n *html.Node) int {
	if n.DataAtom != atom.A {
		return -1
	}
	for k := range d.Links {
		if d.Links[k].Node == n {
			return k
		}
	}
	return -1
}

// shows gives the line that a link stands in and the bytes of its words; line
// is -1 where none does.
func (d *Doc) shows(link int) (line, from, to int) {
	for i := range d.Lines {
		at := 0
		for _, run := range d.Lines[i].Runs {
			words := strings.ReplaceAll(run.Text, Picture, "")
			if run.Link == link {
				end := min(at+len(words), len(d.Lines[i].Text))
				return i, min(at, end), end
			}
			at += len(words)
		}
	}
	return -1, 0, 0
}

// lineAround gives the line of the block that an inline element stands in: the
// first that has the quote, else the first; -1 when it has none.
func (d *Doc) lineAround(n *html.Node, quote string) int {
	for p := n.Parent; p != nil; p = p.Parent {
		first := -1
		for i := range d.Lines {
			switch {
			case d.Lines[i].Node != p:
			case strings.Contains(d.Lines[i].Text, quote):
				return i
			case first < 0:
				first = i
			}
		}
		if first >= 0 {
			return first
		}
		if !inline(p.DataAtom) {
			break
		}
	}
	return -1
}

func within(n, around *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == around {
			return true
		}
	}
	return false
}

func inHead(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n.DataAtom == atom.Head {
			return true
		}
	}
	return false
}

// resolve follows a path from the root of a page; nil where it leads nowhere.
func resolve(root *html.Node, path string) *html.Node {
	at := root
	for k := root.FirstChild; k != nil; k = k.NextSibling {
		if k.DataAtom == atom.Html {
			at = k
		}
	}
	for step := range strings.SplitSeq(path, " > ") {
		name, rest, counted := strings.Cut(step, ":nth-of-type(")
		want := 1
		if counted {
			n, err := strconv.Atoi(strings.TrimSuffix(rest, ")"))
			if err != nil || n < 1 {
				return nil
			}
			want = n
		}
		var next *html.Node
		for k := at.FirstChild; k != nil && want > 0; k = k.NextSibling {
			if k.Type == html.ElementNode && k.Data == name {
				want--
				next = k
			}
		}
		if want > 0 || next == nil {
			return nil
		}
		at = next
	}
	return at
}

// Places notes where lines of one page stand, in the form that Find takes. Not
// for use by several goroutines at once.
type Places struct {
	doc   *Doc
	paths Paths
	nth   []int              // for each line which of its element's own lines it is, from 1
	own   map[*html.Node]int // how many lines of its own an element has
}

// NewPlaces is for the lines of d.
func NewPlaces(d *Doc) *Places {
	p := &Places{doc: d, nth: make([]int, len(d.Lines)), own: map[*html.Node]int{}}
	for i := range d.Lines {
		p.own[d.Lines[i].Node]++
		p.nth[i] = p.own[d.Lines[i].Node]
	}
	return p
}

// Line gives path and line of the i-th of the page's lines.
func (p *Places) Line(i int) (path string, line int) {
	l := &p.doc.Lines[i]
	switch {
	case l.Node == nil:
		return "", l.Number
	case p.own[l.Node] > 1:
		line = p.nth[i]
	}
	return p.paths.Of(l.Node), line
}

// Node gives the path of an element.
func (p *Places) Node(n *html.Node) string { return p.paths.Of(n) }
