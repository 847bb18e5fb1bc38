// Package htmltext turns the bytes of a web page or of a text into what a
// person sees of it: lines one below the other, each with its runs of style and
// links, its heading level, the cell it stands in and how it is set apart from
// the line before.
//
// It knows of markup and of nothing else: no talk, no clock, no language. HTML
// and plain text give the same value, so that who reads lines need not ask
// where they came from.
//
// A line ends where a browser would end it: at a block's edge, at a <br>, at a
// table cell's edge. Blank lines, rules and empty blocks are not lines; they
// are counted in the Gap of the line that follows. Comments, scripts and styles
// are gone. What a page hides stays, marked Hidden, because abstracts are often
// folded away and a reader wants them.
//
// A spot on a page can be noted and found again: NewPlaces says where a line
// stands, as a path of elements and a count, and Doc.Find leads back from that to
// the element, the line and the words in it. Both only need the same bytes, so
// whoever keeps those may mark in them years later what was read where.
//
// Everything is bounded: bytes by the caller, nesting by the parser (a page
// nested deeper than it allows is read again with its tags dropped), lines and
// length of a line here.
package htmltext

import "golang.org/x/net/html"

// Bounds on what one page may give.
const (
	MaxLines    = 20_000
	MaxLineText = 40_000
)

// Style says how a run of text is set.
type Style uint8

// The styles, as bits.
const (
	Bold Style = 1 << iota
	Italic
	Strike
	Underline
	Small
)

// Run is a stretch of a line in one style and with one link.
type Run struct {
	Text  string
	Style Style
	// Link is the index into Doc.Links, or -1.
	Link int
	// Shape names the innermost inline element that has a class, "span.speaker"; "" for none.
	Shape string
}

// Link is an <a href> of the page.
type Link struct {
	Href string // as printed, entities resolved; not made absolute
	Text string // the words it stands on, "" for a picture
	// Hints are words that a person sees or a screen reader speaks: title,
	// aria-label, alt of pictures, and the classes of icons inside.
	Hints string
	// Menu says that it stands in the page's navigation, header or footer.
	Zone Zone
	Node *html.Node
}

// Zone is the part of the page that a line stands in.
type Zone uint8

// The zones.
const (
	Main Zone = iota
	Nav
	Header
	Footer
	Aside
)

// Cell is where a line stands in a table.
type Cell struct {
	Table *Table
	Row   int // from 0
	Col   int // from 0, spans counted
	// Cols and Rows are how many columns and rows it spans, at least 1.
	Cols, Rows int
	Head       bool // <th>
	Node       *html.Node
}

// Table is a <table> that holds lines.
type Table struct {
	Node *html.Node
	Rows int
	Cols int
	// Depth counts the tables around it.
	Depth int
	// While reading: the row last seen, the column that comes next, and for
	// each column how many rows are still covered from above.
	last  *html.Node
	next  int
	reach []int
}

// Line is one visual line.
type Line struct {
	Text string // runs joined, blanks collapsed
	Runs []Run
	// Node is the innermost block element around it; nil in a text.
	Node *html.Node
	// Number is the line of a text from 1; 0 in HTML.
	Number int
	// Heading is 1 to 6 for <h1> to <h6> and their like in texts, else 0.
	Heading int
	// Gap counts what sets it apart from the line before: 0 a mere line
	// break, 1 a new block, 2 and more blank lines or a rule.
	Gap int
	// Rule says that a horizontal rule stands before it.
	Rule bool
	// Bullet is the mark of a list item at its beginning, "li" for HTML.
	Bullet string
	// Indent is the nesting of lists in HTML, leading blanks in a text.
	Indent int
	Zone   Zone
	Hidden bool
	Cell   *Cell
	// Shape is what the line looks like in the page's making: the last
	// block elements with their classes and the style of most of its text.
	// Lines that a person sees as alike have the same Shape.
	Shape string
	// Classes are the words of the classes and ids around it, innermost first.
	Classes []string
}

// Hint is a text that the page gives to machines, or to those who see no
// pictures: a <meta> of the head, an alternative text, a body of JSON-LD.
type Hint struct {
	Name, Content string
	Node          *html.Node
}

// Doc is a page as lines.
type Doc struct {
	Lines  []Line
	Links  []Link
	Images []Hint   // alternative texts of pictures, in order
	Titles []string // <title> elements
	// TitleNodes are the elements of Titles.
	TitleNodes []*html.Node
	Metas      []Hint
	JSONLD     []Hint     // bodies of <script type="application/ld+json">
	Lang       string     // lang of <html>
	Base       string     // <base href>
	Root       *html.Node // nil in a text, and for a page nested too deep to be parsed
	// Cut says that a bound was reached and the rest left out.
	Cut bool
}
