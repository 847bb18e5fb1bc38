package programme

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// relatedLink is a link to another edition, made absolute, and its index.
type relatedLink struct {
	href string
	link int
}

// related lists links to other editions: a year other than this one's in a link
// that names nothing else, or words such as "previous editions".
func (r *reader) related(start archive.Date) []relatedLink {
	own := start.Year()
	if own == 0 {
		own = r.year
	}
	if own == 0 {
		own = pageYear(r.base)
	}
	var out []relatedLink
	seen := map[string]bool{}
	for _, i := range r.editionLinks(own) {
		if href := r.resolve(r.doc.Links[i].Href); href != "" && !seen[href] && !r.isSelf(href) {
			seen[href] = true
			out = append(out, relatedLink{href, i})
		}
	}
	if len(out) > 60 {
		out = out[:60]
	}
	return out
}

// editionLinks gives the indices of links to other editions.
func (r *reader) editionLinks(own int) []int {
	var out []int
	stems := map[string]int{}
	inItem := r.itemLinks()
	for i := range r.doc.Links {
		l := &r.doc.Links[i]
		words := strings.Fields(fold(l.Text))
		if inItem[i] || len(words) == 0 || len(words) > 9 || r.fileLink(i) || strings.HasPrefix(l.Href, "#") || socialHost(l.Href) {
			continue
		}
		if formerGatherings(words) {
			out = append(out, i)
			continue
		}
		if lex().is(cPrevious, strings.Join(words, " ")) && strings.Join(words, " ") != "archives" || len(words) <= 5 && len(words) > 1 && lex().has(cPrevious, words) && !lex().is(cPrevious, words[0]) {
			out = append(out, i)
			continue
		}
		if y := r.otherYear(l, own); y != 0 && !r.periodical(l) && (r.namesEdition(words) || r.twin(l.Href)) {
			out = append(out, i)
			stems[stem(l.Href)]++
		}
	}
	if len(out) == 0 {
		return nil
	}
	have := map[int]bool{}
	for _, i := range out {
		have[i] = true
	}
	// Links made like four or more of them are editions too ("workshop-CSE17.html").
	for i := range r.doc.Links {
		l := &r.doc.Links[i]
		if s := stem(l.Href); !have[i] && stems[s] >= 4 && s != "" && hasDigit(l.Href) && r.otherYear(l, own) == 0 && !strings.Contains(l.Href, itoa(own)) && len(l.Text) < 60 {
			out = append(out, i)
		}
	}
	return out
}

// formerGatherings says whether words speak of gatherings that were before, as
// "Frühere Tagungen" and "convegni precedenti" do.
func formerGatherings(words []string) bool {
	return len(words) > 1 && len(words) <= 5 && lex().has(cEarlier, words) && (lex().has(cGatherings, words) || lex().has(cTitleWords, words))
}

// periodical says whether a link leads among writings kept by year or month
// rather than to an edition: below a blog or the news, to a folder of a month,
// or with the number of what lies there ("2017 (14)").
func (r *reader) periodical(l *htmltext.Link) bool {
	u, err := url.Parse(r.resolve(l.Href))
	if err != nil {
		return false
	}
	parts := strings.FieldsFunc(strings.ToLower(u.Path), func(c rune) bool { return c == '/' })
	for i, part := range parts {
		switch part {
		case "blog", "blogs", "news", "nyheter", "nyhet", "aktuelles", "neuigkeiten", "actualites", "noticias", "notizie", "nieuws", "posts", "post", "category", "tag", "tags", "press", "presse", "feed", "uploads":
			return true
		}
		if i > 0 && len(part) == 2 && allDigits(part) && atoi(part) >= 1 && atoi(part) <= 12 && len(parts[i-1]) == 4 && len(yearsIn(parts[i-1])) == 1 {
			return true
		}
	}
	return countedRE.MatchString(l.Text)
}

// countedRE finds a number in brackets behind a year.
var countedRE = regexp.MustCompile(`\b\d{4}\s*[(\[]\d{1,4}[)\]]\s*$`)

func itoa(n int) string {
	if n == 0 {
		return "#"
	}
	var b [8]byte
	i := len(b)
	for n > 0 {
		i--
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return string(b[i:])
}

// twin says whether a link leads to this page's own address with another year.
func (r *reader) twin(href string) bool {
	u, err := url.Parse(r.resolve(href))
	if err != nil || r.base == nil || u.Host != r.base.Host {
		return false
	}
	return yearless(u.Path) == yearless(r.base.Path) && u.Path != r.base.Path && len(yearsIn(u.Path)) > 0
}

// yearless replaces the years in an address.
func yearless(path string) string {
	for _, y := range yearsIn(path) {
		path = strings.ReplaceAll(path, itoa(y), "#")
	}
	return strings.TrimSuffix(strings.TrimSuffix(path, "index.html"), "/")
}

// stem is what the links of a series share: the address up to the first digit
// or dash of its last part.
func stem(href string) string {
	href = strings.TrimRight(href, "/")
	k := strings.LastIndexByte(href, '/')
	last := href[k+1:]
	for i, r := range last {
		if r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.' {
			last = last[:i]
			break
		}
	}
	if len(last) < 4 {
		return ""
	}
	return href[:k+1] + last
}

// itemLinks marks the links that stand in programme entries.
func (r *reader) itemLinks() map[int]bool {
	out := map[int]bool{}
	for i := range r.pieces {
		p := &r.pieces[i]
		if !p.kind.within() || p.outside {
			continue
		}
		for _, run := range p.runs {
			if run.Link >= 0 {
				out[run.Link] = true
			}
		}
	}
	return out
}

// otherYear gives the year that a link names, when it is not this edition's.
func (r *reader) otherYear(l *htmltext.Link, own int) int {
	years := yearsIn(l.Text)
	if m := shortYearRE.FindStringSubmatch(l.Text); m != nil && len(years) == 0 {
		y := 1900 + atoi(m[1])
		if y < 1980 {
			y += 100
		}
		years = []int{y}
	}
	if len(years) == 0 {
		u, err := url.Parse(l.Href)
		if err != nil {
			return 0
		}
		years = yearsIn(u.Path)
		if len(years) == 0 {
			years = yearsIn(u.Host)
		}
		if len(years) > 0 && r.base != nil && strings.Contains(r.base.Path, itoa(years[0])) && !strings.Contains(l.Href, "..") {
			return 0
		}
	}
	if slices.Contains(years, own) {
		return 0
	}
	if len(years) == 0 || years[0] < 1985 || years[0] > 2040 {
		return 0
	}
	return years[0]
}

// namesEdition says whether the words of a link name an edition: a year alone,
// the series' name, "workshop 2012".
func (r *reader) namesEdition(words []string) bool {
	title := strings.Fields(fold(r.edition.Title))
	left := 0
	for _, w := range words {
		switch {
		case len(w) >= 2 && allDigits(w), lex().is(cTitleWords, w), lex().is(cPrevious, w), lex().is(cStop, w), lex().months[w] > 0:
			continue
		}
		known := false
		for _, t := range title {
			known = known || t == w
		}
		if r.base != nil && len(w) > 2 && strings.Contains(r.base.Host, w) {
			known = true
		}
		if !known {
			left++
		}
	}
	return left == 0 || left <= 2 && len(words) > 2 && len(words)-left >= 2
}

var shortYearRE = regexp.MustCompile(`['’](\d\d)\b`)

func socialHost(href string) bool {
	for _, h := range []string{"twitter.com", "facebook.com", "flickr.com", "linkedin.com", "instagram.com", "youtube.com", "youtu.be", "eventbrite", "github.com", "github.io/blog", "springer", "acm.org", "mailto:", "plus.google", "meetup.com", "lanyrd", "easychair", "doi.org", "web.archive.org", "x.com/"} {
		if strings.Contains(href, h) {
			return true
		}
	}
	return false
}

// isSelf says whether a link leads back to the page itself.
func (r *reader) isSelf(href string) bool {
	u, err := url.Parse(href)
	if err != nil || r.base == nil {
		return false
	}
	return strings.EqualFold(u.Host, r.base.Host) && strings.TrimSuffix(u.Path, "/") == strings.TrimSuffix(r.base.Path, "/") && u.RawQuery == r.base.RawQuery
}
