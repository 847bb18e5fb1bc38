package htmltext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Thing is a gathering that the page's elements are marked to be, for machines:
// by microdata or RDFa (schema.org's Event), or by the microformats vevent and
// h-event. The names of its properties are those of schema.org, whichever way
// they were marked; what a place or a person within it has stands behind a dot,
// "location.addressLocality".
type Thing struct {
	Node  *html.Node
	Parts []*Thing // gatherings within it
	props map[string][]string
	nodes map[string]*html.Node // of each property's first value
}

// First gives the first value of a property, or "".
func (t *Thing) First(name string) string {
	if v := t.props[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// All gives the values of a property, each once; nil when there are none.
func (t *Thing) All(name string) []string { return t.props[name] }

// Hint is the element that says the first value of a property, with that as it
// stands there; nil when there is none.
func (t *Thing) Hint(name string) *Hint {
	if t.nodes[name] == nil {
		return nil
	}
	return &Hint{Name: name, Content: t.First(name), Node: t.nodes[name]}
}

// maxThingText bounds a property's value.
const maxThingText = 300

// Gatherings lists the gatherings marked in the page's elements, those within
// others as their parts, at most limit in all. Nil when nothing is marked.
func (d *Doc) Gatherings(limit int) []*Thing {
	if d.Root == nil {
		return nil
	}
	g := gatherings{left: limit}
	g.walk(d.Root, nil, "")
	return g.out
}

type gatherings struct {
	out  []*Thing
	left int
}

// walk reads what is marked in n. in is the gathering around it, path the
// property of it that n stands in ("location").
func (g *gatherings) walk(n *html.Node, in *Thing, path string) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type != html.ElementNode {
			continue
		}
		if t := g.begin(k, in); t != nil {
			g.walk(k, t, "")
			continue
		}
		within := path
		if in != nil {
			for _, prop := range propsOf(k, in) {
				name := prop
				if path != "" && !strings.HasPrefix(prop, "location.") {
					name = path + "." + prop
				}
				scope := isThing(k)
				if !scope {
					in.add(name, value(k), k)
				} else {
					within = name
				}
			}
		}
		g.walk(k, in, within)
	}
	if in != nil && path != "" {
		in.lift(path)
	}
}

// begin makes a gathering of an element that is marked as one; nil for others.
func (g *gatherings) begin(n *html.Node, in *Thing) *Thing {
	if !marksGathering(n) || g.left <= 0 {
		return nil
	}
	g.left--
	t := &Thing{Node: n, props: map[string][]string{}, nodes: map[string]*html.Node{}}
	if in != nil {
		in.Parts = append(in.Parts, t)
	} else {
		g.out = append(g.out, t)
	}
	return t
}

func marksGathering(n *html.Node) bool {
	for _, key := range []string{"itemtype", "typeof"} {
		for kind := range strings.FieldsSeq(attr(n, key)) {
			if strings.HasSuffix(kind, "Event") {
				return true
			}
		}
	}
	for c := range strings.FieldsSeq(attr(n, "class")) {
		if c == "vevent" || c == "h-event" {
			return true
		}
	}
	return false
}

// isThing says whether an element is a thing with properties of its own.
func isThing(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "itemscope" || a.Key == "typeof" {
			return true
		}
	}
	return false
}

// formats are the properties of microformats, by the classes that mark them.
var formats = map[string]string{
	"summary": "name", "p-name": "name", "dtstart": "startDate", "dt-start": "startDate", "dtend": "endDate", "dt-end": "endDate",
	"location": "location", "p-location": "location", "locality": "location.addressLocality", "p-locality": "location.addressLocality",
	"country-name": "location.addressCountry", "p-country-name": "location.addressCountry", "p-speaker": "performer", "organizer": "organizer", "p-organizer": "organizer",
}

// propsOf lists the properties that an element of a gathering is marked as.
func propsOf(n *html.Node, in *Thing) []string {
	var out []string
	for _, key := range []string{"itemprop", "property"} {
		for p := range strings.FieldsSeq(attr(n, key)) {
			if i := strings.LastIndexAny(p, ":/#"); i >= 0 {
				p = p[i+1:]
			}
			out = append(out, p)
		}
	}
	if c := attr(in.Node, "class"); strings.Contains(c, "vevent") || strings.Contains(c, "h-event") {
		for class := range strings.FieldsSeq(attr(n, "class")) {
			if p := formats[class]; p != "" && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

func (t *Thing) add(name, v string, n *html.Node) {
	// The parts of an address are those of the place.
	name = strings.Replace(name, ".address.", ".", 1)
	if v == "" || len(t.props) > 60 || len(t.props[name]) > 60 || slices.Contains(t.props[name], v) {
		return
	}
	if t.nodes[name] == nil {
		t.nodes[name] = n
	}
	t.props[name] = append(t.props[name], v)
}

// lift lets a person or organization stand for its name.
func (t *Thing) lift(path string) {
	if path == "performer" || path == "organizer" {
		for _, v := range t.props[path+".name"] {
			t.add(path, v, t.nodes[path+".name"])
		}
	}
}

// value is what a marked element says to machines, else to people.
func value(n *html.Node) string {
	for _, key := range []string{"content", "datetime"} {
		if v := attr(n, key); v != "" {
			return clip(Collapse(v))
		}
	}
	if n.DataAtom == atom.Abbr {
		if v := attr(n, "title"); v != "" {
			return clip(Collapse(v))
		}
	}
	// hCalendar's value-title: <span class="dtstart"><span class="value-title" title="…">.
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if k.Type == html.ElementNode && (strings.Contains(attr(k, "class"), "value-title") || k.DataAtom == atom.Abbr || k.DataAtom == atom.Time) {
			if v := attr(k, "title") + attr(k, "datetime"); v != "" {
				return clip(Collapse(v))
			}
		}
	}
	var b strings.Builder
	collect(n, &b)
	return clip(Collapse(b.String()))
}

func collect(n *html.Node, b *strings.Builder) {
	for k := n.FirstChild; k != nil && b.Len() < 4*maxThingText; k = k.NextSibling {
		switch {
		case k.Type == html.TextNode:
			b.WriteString(k.Data)
		case k.DataAtom == atom.Script || k.DataAtom == atom.Style:
		case k.Type == html.ElementNode:
			collect(k, b)
			if !inline(k.DataAtom) {
				b.WriteByte(' ')
			}
		}
	}
}

func clip(s string) string {
	if len(s) <= maxThingText {
		return s
	}
	return strings.ToValidUTF8(s[:maxThingText], "")
}

// markedRole says in a word of class names what an element is marked to be for
// machines: "title" for the name of a gathering, "name" for that of a person; ""
// when it is not marked, or as nothing that a line is told by.
func markedRole(n *html.Node) string {
	prop := attr(n, "itemprop") + attr(n, "property")
	if i := strings.LastIndexAny(prop, ":/# "); i >= 0 {
		prop = prop[i+1:]
	}
	if prop == "" && !strings.Contains(attr(n, "class"), "summary") {
		return ""
	}
	switch prop {
	case "":
		for k := n.Parent; k != nil && slices.Contains(strings.Fields(attr(n, "class")), "summary"); k = k.Parent {
			if strings.Contains(attr(k, "class"), "vevent") {
				return "title"
			}
		}
	case "name", "headline":
		for k := n; k != nil; k = k.Parent {
			kind := attr(k, "itemtype") + attr(k, "typeof")
			switch {
			case k == n && (prop != "name" || kind == ""):
			case strings.HasSuffix(kind, "Person"), strings.HasSuffix(kind, "Organization"):
				return "name"
			case marksGathering(k):
				return "title"
			case kind != "":
				return ""
			}
		}
	case "performer", "actor", "author", "attendee":
		return "performer"
	case "description", "abstract":
		return "description"
	case "jobTitle", "affiliation", "worksFor", "memberOf":
		return "affiliation"
	}
	return ""
}
