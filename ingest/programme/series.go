package programme

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"rostrum/internal/htmltext"
)

// EditionLink is a link from a page to another edition of its series.
type EditionLink struct {
	URL   string // absolute
	Label string // the words of the link
	Year  int    // 0 when neither words nor address tell
	// List says that it leads to a list of editions rather than to one.
	List bool
}

// SamePlace is what two addresses have in common that a site most likely answers
// alike: with and without www., index.html, a last slash, a fragment.
func SamePlace(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	at := u.Path
	if cut := strings.LastIndexByte(at, '/') + 1; strings.HasPrefix(strings.ToLower(at[cut:]), "index.") {
		at = at[:cut]
	}
	key := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimRight(at, "/")
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	return key
}

// maxOptions bounds how many entries of lists to choose from are looked at.
const maxOptions = 400

// options gives the entries of lists to choose from whose values are addresses,
// as menus of years often are.
func (r *reader) options() []htmltext.Link {
	var out []htmltext.Link
	if r.doc.Root == nil {
		return nil
	}
	for n := range r.doc.Root.Descendants() {
		value := htmltext.Attr(n, "value")
		if n.Data != "option" || !strings.ContainsAny(value, "/.") || n.FirstChild == nil || n.FirstChild.Type != html.TextNode {
			continue
		}
		if out = append(out, htmltext.Link{Href: value, Text: n.FirstChild.Data}); len(out) == maxOptions {
			break
		}
	}
	return out
}

// Editions gives the other editions that a page links to: from menus of years
// and lists of previous editions, newest first. Nil when there are none.
func Editions(p Page) []EditionLink {
	r := newReader(p)
	r.survey()
	r.readEdition()
	own := r.ownYear()
	var out []EditionLink
	known := map[string]bool{}
	add := func(l *htmltext.Link) {
		href := withoutFragment(r.resolve(l.Href))
		if href == "" || r.isSelf(href) || known[SamePlace(href)] {
			return
		}
		known[SamePlace(href)] = true
		y, words := r.otherYear(l, own), strings.Fields(fold(l.Text))
		out = append(out, EditionLink{URL: href, Label: htmltext.Collapse(l.Text), Year: y, List: y == 0 && (lex().has(cPrevious, words) || formerGatherings(words))})
	}
	for _, i := range r.editionLinks(own) {
		add(&r.doc.Links[i])
	}
	for _, l := range r.options() {
		if words := strings.Fields(fold(l.Text)); r.otherYear(&l, own) != 0 && !r.periodical(&l) && (r.namesEdition(words) || r.twin(l.Href)) {
			add(&l)
		}
	}
	out = r.editionLists(out)
	slices.SortStableFunc(out, func(a, b EditionLink) int { return b.Year - a.Year })
	return out
}

// ownYear is the year of the page's own edition where the page says so itself:
// in its address, its title, or where its date stands. 0 for a page of all years.
func (r *reader) ownYear() int {
	if y := pageYear(r.base); y != 0 {
		return y
	}
	if y := yearsIn(r.edition.Title); len(y) == 1 {
		return y[0]
	}
	if len(r.dates) > 0 && r.dates[0].score > 0.6 {
		return r.dates[0].date.year
	}
	return 0
}

// editionLists adds the links of the same site whose whole text is a word like
// "Series" or "Archive": often the only way from an edition to the others.
func (r *reader) editionLists(out []EditionLink) []EditionLink {
	for i := range r.doc.Links {
		l := &r.doc.Links[i]
		if !lex().is(cHistory, strings.Join(strings.Fields(fold(l.Text)), " ")) {
			continue
		}
		href := withoutFragment(r.resolve(l.Href))
		if href == "" || !r.sameSite(href) || notAPage(href) || r.isSelf(href) || slices.ContainsFunc(out, func(e EditionLink) bool { return SamePlace(e.URL) == SamePlace(href) }) {
			continue
		}
		out = append(out, EditionLink{URL: href, Label: htmltext.Collapse(l.Text), List: true})
	}
	return out
}

// ProgrammePages gives the addresses at which the programme of a page's edition
// is likely found, the likeliest first; the page itself is among them when it
// holds programme entries. Same site only. Nil when nothing points to one.
//
//nolint:revive // the pages of a programme, not pages of this package
func ProgrammePages(p Page) []string {
	r := newReader(p)
	prog := r.read()
	type candidate struct {
		url   string
		score float64
	}
	var list []candidate
	own := pageYear(r.base)
	for i := range r.doc.Links {
		l := &r.doc.Links[i]
		href := r.resolve(l.Href)
		if href == "" || !r.sameSite(href) {
			continue
		}
		u, err := url.Parse(href)
		if err != nil || notAPage(href) || own != 0 && pageYear(u) != 0 && pageYear(u) != own {
			continue
		}
		if s := programmeLink(l, u); s > 0 {
			u.Fragment = ""
			list = append(list, candidate{u.String(), s})
		}
	}
	talks := 0
	for i := range prog.Items {
		if prog.Items[i].Given() {
			talks++
		}
	}
	if talks >= 3 {
		list = append(list, candidate{withoutFragment(p.URL), 0.9 + 0.1*float64(min(talks, 12))})
	}
	slices.SortStableFunc(list, func(a, b candidate) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	var out []string
	for _, c := range list {
		if c.url != "" {
			out = appendNew(out, c.url)
		}
	}
	return out[:min(len(out), 12)]
}

// programmeLink weighs a link by its words and its address.
func programmeLink(l *htmltext.Link, u *url.URL) float64 {
	w := strings.Fields(fold(l.Text))
	score := 0.0
	f := strings.Join(w, " ")
	switch {
	case len(w) == 0 || len(w) > 6:
	case lex().is(cProgramme, f):
		score = 1.5
	case lex().has(cProgramme, w):
		score = 1
	case lex().is(cSpeakers, f), lex().is(cAbstract, f):
		score = 0.5
	}
	for _, bad := range []string{"committee", "committees", "chair", "chairs", "kommittee", "comite", "comité", "social", "call", "sponsor", "sponsorship", "book", "pdf"} {
		if slices.Contains(w, bad) {
			score -= 1.2
		}
	}
	for _, part := range strings.FieldsFunc(strings.ToLower(u.Path), func(r rune) bool { return r < 'a' || r > 'z' }) {
		switch part {
		case "program", "programme", "schedule", "agenda", "programm", "programa", "programma", "timetable", "programmet", "ohjelma", "schema", "fahrplan", "zeitplan", "horaire":
			score += 0.8
		case "talks", "sessions", "presentations":
			score += 0.4
		case "committee", "pc", "cfp", "org":
			score -= 0.6
		}
	}
	return score
}
