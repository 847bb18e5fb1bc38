package programme

import (
	"net/url"
	"slices"
	"strings"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// FrontPages gives the addresses, likeliest first, of the page that may speak
// for the whole edition of a programme page, when the programme does not say
// itself when it was: a page of programme items often leaves that to the page
// above it. These are the front page of a site or folder above that the page
// links, and the folder above that has the edition's year for its name, linked
// or not. At most two; nil when none is missed or none is there to be asked.
func FrontPages(p Page, prog archive.Programme) []string {
	r := newReader(p)
	if prog.Edition.StartDate != "" || r.base == nil {
		return nil
	}
	year := editionYear(r.base, prog.Edition)
	if year == 0 {
		return nil
	}
	r.survey()
	folder := r.base.Path[:strings.LastIndexByte(r.base.Path, '/')+1]
	best, deepest := "", 0
	for i := range r.doc.Links {
		href := withoutFragment(r.resolve(r.doc.Links[i].Href))
		u, err := url.Parse(href)
		if err != nil || href == "" || !r.sameSite(href) || r.isSelf(href) || u.RawQuery != "" {
			continue
		}
		at, ok := frontFolder(u.Path)
		if ok && strings.HasPrefix(folder, at) && len(at) > deepest {
			best, deepest = href, len(at)
		}
	}
	var out []string
	if best != "" {
		out = append(out, best)
	}
	if at := strings.LastIndex(folder, "/"+itoa(year)+"/"); at >= 0 {
		u := *r.base
		u.Path, u.RawPath, u.RawQuery, u.Fragment = folder[:at+6], "", "", ""
		if !r.isSelf(u.String()) {
			out = appendNew(out, u.String())
		}
	}
	return out
}

// frontFolder gives the folder that an address is the front page of: that of
// /2031/, /2031/index.html and, where that is how the site writes it, /2031.
func frontFolder(path string) (folder string, ok bool) {
	cut := strings.LastIndexByte(path, '/') + 1
	last := strings.ToLower(path[cut:])
	name, _, _ := strings.Cut(last, ".")
	switch {
	case last == "", name == "index", name == "default", name == "home", name == "main":
		return path[:max(cut, 1)], path != ""
	case !strings.Contains(last, "."):
		return path + "/", true
	}
	return "", false
}

// editionYear is the year that a programme or its address names, 0 when none does.
func editionYear(base *url.URL, e archive.EditionInfo) int {
	if y := e.StartDate.Year(); y != 0 {
		return y
	}
	if y := yearsIn(e.Title); len(y) == 1 {
		return y[0]
	}
	return pageYear(base)
}

// JoinFront adds to a programme what its edition's front page says of when and
// where it was. What the programme says already stays, and a page of another
// year, as a front page may be by now, adds nothing.
func JoinFront(prog archive.Programme, page, front Page) archive.Programme {
	base, err := url.Parse(page.URL)
	if err != nil || prog.Edition.StartDate != "" {
		return prog
	}
	r := newReader(front)
	r.survey()
	r.readEdition()
	first, last, ok := r.frontDate(editionYear(base, prog.Edition))
	if !ok {
		return prog
	}
	told := r.read().Edition
	e := &prog.Edition
	e.StartDate, e.EndDate = first, last
	if e.City == "" && e.Country == "" && e.Venue == "" {
		e.City, e.Country = told.City, told.Country
	}
	if e.StartDate != e.EndDate {
		return prog
	}
	prog.Items = slices.Clone(prog.Items)
	for i := range prog.Items {
		if prog.Items[i].Date == "" {
			prog.Items[i].Date = e.StartDate
		}
	}
	return prog
}

// frontDate gives the whole date in the given year that a front page most likely
// names as its edition's. Front pages are full of dates; one only counts where
// the page's head or title stands, or in a sentence that names the edition or a
// town beside it. Where two are as likely the shorter stretch counts, as that of
// a workshop among days of what it is held with; two apart are none.
func (r *reader) frontDate(year int) (first, last archive.Date, ok bool) {
	top := 0.6
	for _, d := range r.dates {
		if d.score < top {
			break
		}
		if d.date.year != year || d.date.day == 0 || !r.speaksOfEdition(d) {
			continue
		}
		from, to := d.date.withYear(year)
		switch {
		case !ok:
			first, last, ok, top = from, to, true, d.score-0.01
		case from >= first && to <= last:
			first, last = from, to
		case first < from || last > to:
			return "", "", false
		}
	}
	return first, last, ok
}

// speaksOfEdition says whether a date stands in words about the edition.
func (r *reader) speaksOfEdition(d datedLine) bool {
	if d.line < 0 {
		return true
	}
	l := &r.doc.Lines[d.line]
	if l.Heading > 0 || l.Zone == htmltext.Header {
		return true
	}
	words := strings.Fields(fold(sentenceAround(l.Text, d.date.from)))
	if lex().has(cCity, words) || lex().has(cCountry, words) {
		return true
	}
	named, distinct := true, 0
	for w := range strings.FieldsSeq(fold(r.edition.Title)) {
		if allDigits(w) || lex().is(cTitleWords, w) || lex().is(cStop, w) {
			continue
		}
		distinct++
		named = named && slices.Contains(words, w)
	}
	return named && distinct > 0
}
