package web

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/internal/htmltext"
)

// Pictures of kept pages: beside a value that is corrected stands the page it
// was read from, with the spot marked. The page is a stranger's. It is parsed,
// written anew with a few elements and hardly an attribute, and answered under
// a policy of its own that lets it run nothing, load nothing and stand in
// nobody's frame but ours; the frame is a sandbox besides.

var markRE = regexp.MustCompile(`^mark(ed)?$`)

// maxPictured bounds a page that is shown, in bytes.
const maxPictured = 4 << 20

// snapshotStyle is all the style a picture of a page has: its own is a
// stranger's, and would load from elsewhere. Its hash stands in the policy.
const snapshotStyle = `:root{color-scheme:light dark}body{font:0.95rem/1.5 Georgia,serif;margin:1rem;overflow-wrap:anywhere}` +
	`table{border-collapse:collapse}td,th{border:1px solid #8888;padding:.2rem .5rem;vertical-align:top;text-align:left}` +
	`pre{white-space:pre-wrap;font:inherit}h1,h2,h3,h4,h5,h6{line-height:1.2;margin:1rem 0 .3rem}h1{font-size:1.4rem}h2{font-size:1.2rem}` +
	`mark,.marked{background:#ffe066;color:#1a1a10;scroll-margin:30vh}.marked{outline:3px solid #ffe066}` +
	`.none{font-style:italic}`

func snapshotPolicy() string {
	sum := sha256.Sum256([]byte(snapshotStyle))
	return "sandbox; default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}

// keptElements are what is left of a page: what gives it its shape.
func keptElements() []string {
	return []string{
		"a", "abbr", "address", "article", "aside", "b", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del",
		"details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins",
		"kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary",
		"sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "tt", "u", "ul", "var",
	}
}

// leftOut are elements that go with all they hold.
func leftOut() []string {
	return []string{
		"script", "style", "template", "iframe", "object", "embed", "noscript", "noframes", "noembed", "xmp", "plaintext", "svg", "math", "title", "select",
		"textarea", "button", "video", "audio", "canvas",
	}
}

func snapshotSanitizer() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(keptElements()...)
	p.AllowNoAttrs().OnElements("a", "span")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("lang", "dir").Matching(bluemonday.SpaceSeparatedTokens).Globally()
	p.AllowAttrs("id").Matching(markRE).Globally()
	p.AllowAttrs("class").Matching(markRE).Globally()
	p.AllowAttrs("open").Matching(bluemonday.Paragraph).OnElements("details")
	p.SkipElementsContent(leftOut()...)
	return p
}

// deskSnapshot answers with the kept page that a field was read from, the spot
// marked: /desk/snapshot/ID?field=title.
func (s *Site) deskSnapshot(c echo.Context, _ session) error {
	ctx, l := c.Request().Context(), localeOf(c)
	id, field := strings.Trim(c.Param("*"), "/"), c.QueryParam("field")
	origins, err := s.db.Provenance(ctx, thingOf(id), id)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(origins, func(o store.Origin) bool { return o.Field == field && o.Snapshot != 0 })
	if at < 0 {
		return archive.ErrNotFound
	}
	body, marked, err := s.pictured(c, origins[at])
	if err != nil {
		return err
	}
	var page strings.Builder
	fmt.Fprintf(&page, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>%s</title><style>%s</style></head><body>",
		l.tag, template.HTMLEscapeString(l.text("desk.snapshot")), snapshotStyle)
	if !marked {
		fmt.Fprintf(&page, "<p class=\"none\" id=\"mark\">%s</p>", template.HTMLEscapeString(l.text("desk.snapshot.unmarked")))
	}
	page.WriteString(body)
	page.WriteString("</body></html>\n")
	h := c.Response().Header()
	h.Set("Content-Security-Policy", snapshotPolicy())
	h.Set("X-Frame-Options", "SAMEORIGIN")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	return reply(c, http.StatusOK, "text/html; charset=utf-8", []byte(page.String()))
}

// pictured makes the body of a kept page, and says whether the spot was found.
func (s *Site) pictured(c echo.Context, o store.Origin) (string, bool, error) {
	snap, err := s.db.Snapshot(c.Request().Context(), o.Snapshot)
	if err != nil {
		return "", false, err
	}
	none := func(key string) (string, bool, error) {
		return `<p class="none">` + template.HTMLEscapeString(localeOf(c).text(key)) + "</p>", true, nil
	}
	if snap.Bytes > maxPictured {
		return none("desk.snapshot.large")
	}
	file, err := s.db.OpenBlob(snap.Blob)
	if errors.Is(err, archive.ErrNotFound) {
		return none("desk.snapshot.destroyed")
	}
	if err != nil {
		return "", false, err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, maxPictured))
	if err != nil {
		return "", false, err
	}
	var place archive.Place
	if o.Place != nil {
		place = *o.Place
	}
	return pictureOf(raw, snap.Media, place)
}

// pictureOf writes a page anew, safe to show, and marks a place in it.
func pictureOf(raw []byte, media string, place archive.Place) (body string, marked bool, err error) {
	doc := htmltext.Parse(raw, media)
	spot, found := doc.Find(place.Path, place.Line, place.Quote)
	found = found && place != archive.Place{}
	if doc.Root == nil {
		body, marked = textPicture(doc, spot, found)
		return body, marked, nil
	}
	bare(doc.Root)
	if found && spot.Node != nil {
		marked = markIn(doc, spot, place.Quote)
	}
	var page strings.Builder
	if err := html.Render(&page, bodyOf(doc.Root)); err != nil {
		return "", false, fmt.Errorf("write a kept page: %w", err)
	}
	body = snapshotSanitizer().Sanitize(page.String())
	return body, marked && strings.Contains(body, `id="mark"`), nil
}

// textPicture shows the lines of a text.
func textPicture(doc *htmltext.Doc, spot htmltext.Spot, found bool) (string, bool) {
	var b strings.Builder
	b.WriteString("<pre>")
	for i, line := range doc.Lines {
		text := template.HTMLEscapeString(line.Text)
		if found && i == spot.Line {
			from, to := spot.From, spot.To
			if from >= to {
				from, to = 0, len(line.Text)
			}
			text = template.HTMLEscapeString(line.Text[:from]) + `<mark id="mark">` + template.HTMLEscapeString(line.Text[from:to]) + "</mark>" + template.HTMLEscapeString(line.Text[to:])
		}
		if i > 0 {
			b.WriteString(strings.Repeat("\n", min(line.Gap, 2)))
		}
		b.WriteString(text)
		b.WriteByte('\n')
	}
	b.WriteString("</pre>")
	return b.String(), found
}

func bodyOf(root *html.Node) *html.Node {
	for n := range root.Descendants() {
		if n.DataAtom == atom.Body {
			return n
		}
	}
	return root
}

// bare takes the attributes off that the picture uses for itself, opens what
// is folded, and says the words of pictures.
func bare(root *html.Node) {
	var gone []*html.Node
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if slices.Contains(leftOut(), n.Data) {
			gone = append(gone, n)
			continue
		}
		if n.DataAtom == atom.Img {
			if alt := strings.TrimSpace(htmltext.Attr(n, "alt")); alt != "" && n.FirstChild == nil {
				n.Type, n.Data, n.DataAtom, n.Attr = html.TextNode, "["+alt+"]", 0, nil
				continue
			}
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "id" || a.Key == "class" || a.Key == "hidden" })
		if n.DataAtom == atom.Details {
			n.Attr = append(n.Attr, html.Attribute{Key: "open", Val: "open"})
		}
	}
	for _, n := range gone {
		if n.Parent != nil {
			n.Parent.RemoveChild(n)
		}
	}
}

// markIn marks the words of a quote within an element, or else all of it.
func markIn(doc *htmltext.Doc, spot htmltext.Spot, quote string) bool {
	quote = strings.TrimSuffix(htmltext.Collapse(quote), "…")
	before := 0 // as often as the quote stands in lines of the element before the one that is meant
	for i := range max(spot.Line, 0) {
		for n := doc.Lines[i].Node; n != nil; n = n.Parent {
			if n == spot.Node {
				before += strings.Count(doc.Lines[i].Text, quote)
				break
			}
		}
	}
	if quote != "" && (markWords(spot.Node, quote, before) || markWords(spot.Node, quote, 0)) {
		return true
	}
	if slices.Contains(keptElements(), spot.Node.Data) {
		spot.Node.Attr = append(spot.Node.Attr, html.Attribute{Key: "id", Val: "mark"}, html.Attribute{Key: "class", Val: "marked"})
		return true
	}
	return false
}

// spelled is the text beneath an element as a quote has it: runs of spaces are
// one, what has no width is gone. Each byte knows where it came from.
type spelled struct {
	text strings.Builder
	node []*html.Node
	from []int // offset of the byte's character in node.Data
	to   []int
}

func (s *spelled) add(n *html.Node) {
	for i, r := range n.Data {
		size := len(string(r))
		switch {
		case r == '\u00AD', r == '\u200B', r == '\u200C', r == '\u200D', r == '\uFEFF':
			continue
		case unicode.IsSpace(r):
			if t := s.text.String(); t == "" || t[len(t)-1] == ' ' {
				continue
			}
			r = ' '
		}
		before := s.text.Len()
		s.text.WriteRune(r)
		for range s.text.Len() - before {
			s.node, s.from, s.to = append(s.node, n), append(s.from, i), append(s.to, i+size)
		}
	}
}

// markWords wraps the quote where it stands for the skip+1st time.
func markWords(root *html.Node, quote string, skip int) bool {
	var s spelled
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			s.add(n)
		}
	}
	text, at := s.text.String(), 0
	for ; ; skip-- {
		next := strings.Index(text[at:], quote)
		if next < 0 {
			return false
		}
		at += next
		if skip == 0 {
			break
		}
		at += len(quote)
	}
	type stretch struct {
		node     *html.Node
		from, to int
	}
	var list []stretch
	for i := at; i < at+len(quote); i++ {
		if n := len(list) - 1; n >= 0 && list[n].node == s.node[i] {
			list[n].to = s.to[i]
			continue
		}
		list = append(list, stretch{s.node[i], s.from[i], s.to[i]})
	}
	for i, one := range list {
		wrap(one.node, one.from, one.to, i == 0)
	}
	return len(list) > 0
}

// wrap puts a mark around a stretch of a text node.
func wrap(n *html.Node, from, to int, first bool) {
	mark := &html.Node{Type: html.ElementNode, Data: "mark", DataAtom: atom.Mark}
	if first {
		mark.Attr = []html.Attribute{{Key: "id", Val: "mark"}}
	}
	mark.AppendChild(&html.Node{Type: html.TextNode, Data: n.Data[from:to]})
	after := &html.Node{Type: html.TextNode, Data: n.Data[to:]}
	n.Data = n.Data[:from]
	n.Parent.InsertBefore(mark, n.NextSibling)
	n.Parent.InsertBefore(after, mark.NextSibling)
}

// snapshotURL is the picture of the page that a field was read from, at its spot.
func snapshotURL(id, field string) string {
	return "/desk/snapshot" + escapePath(id) + "?field=" + url.QueryEscape(field) + "#mark"
}
