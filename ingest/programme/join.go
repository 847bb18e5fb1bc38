package programme

import (
	"net/url"
	"slices"
	"strings"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// maxLinked bounds the pages that one programme may ask for.
const maxLinked = 400

// LinkedPages gives the addresses of the talks' own pages on the same site, each
// once and without fragment, in the order of the talks. Programmes whose talks
// all carry an abstract already ask for none of those. Nil when there are none.
func LinkedPages(p Page, prog archive.Programme) []string {
	r := newReader(Page{URL: p.URL})
	self := withoutFragment(p.URL)
	var out []string
	add := func(address string) {
		address = withoutFragment(address)
		if address == "" || address == self || !r.sameSite(address) || len(out) >= maxLinked || notAPage(address) {
			return
		}
		out = appendNew(out, address)
	}
	for i := range prog.Items {
		it := &prog.Items[i]
		if it.URL != "" && it.Given() && (it.Abstract == "" || len(it.Slides) == 0 && len(it.Video) == 0) {
			add(it.URL)
		}
	}
	for i := range prog.Items {
		for _, c := range prog.Items[i].Speakers {
			if c.URL != "" && c.Bio == "" {
				add(c.URL)
			}
		}
	}
	return out
}

func withoutFragment(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.Fragment = ""
	return u.String()
}

// notAPage says whether an address names a file rather than a web page.
func notAPage(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	last := strings.ToLower(u.Path[strings.LastIndexByte(u.Path, '/')+1:])
	k := strings.LastIndexByte(last, '.')
	if k < 0 {
		return false
	}
	switch last[k:] {
	case ".html", ".htm", ".php", ".asp", ".aspx", ".jsp", ".xhtml", ".cgi", ".shtml", ".md", ".txt":
		return false
	}
	return true
}

// Join adds to a programme what the talks' own pages tell: abstracts, the lives
// of the speakers, slides, films and papers. pages is by the addresses that
// LinkedPages gave. What the programme says already stays. Nothing is taken from
// a page that does not name its talk, as when it is of something else by now;
// that is told as a Finding.
func Join(prog archive.Programme, pages map[string]Page) archive.Programme {
	prog.Items = slices.Clone(prog.Items)
	readers := map[string]*reader{}
	users := map[string]int{}
	for i := range prog.Items {
		users[withoutFragment(prog.Items[i].URL)]++
	}
	get := func(address string) *reader {
		address = withoutFragment(address)
		if r, ok := readers[address]; ok {
			return r
		}
		var r *reader
		if p, ok := pages[address]; ok {
			r = newReader(p)
			r.survey()
			r.cutPieces()
			r.setBoundaries()
			r.columns = map[columnKey]column{}
			r.readPeople()
			r.scorePieces()
		}
		readers[address] = r
		return r
	}
	for i := range prog.Items {
		it := &prog.Items[i]
		it.Speakers = slices.Clone(it.Speakers)
		if r := get(it.URL); r != nil && it.URL != "" && !r.joinTalk(it, fragmentOf(it.URL), users[withoutFragment(it.URL)] == 1) {
			prog.Findings = append(slices.Clip(prog.Findings), archive.Finding{
				Code: archive.FindingDoubtful, Text: "The page that the talk links does not name the talk; nothing was taken from it", Item: &i, Field: "url", URL: it.URL,
			})
		}
		for k := range it.Speakers {
			c := &it.Speakers[k]
			if c.URL == "" || c.Bio != "" {
				continue
			}
			if r := get(c.URL); r != nil {
				r.joinPerson(c)
			}
		}
	}
	return prog
}

func fragmentOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Fragment
}

// spotOf finds the piece at which a talk or person is told of: the heading with
// its title or name, else what the link's fragment names; -1 when there is none.
func (r *reader) spotOf(words, fragment string) int {
	want := fold(words)
	best, top := -1, 0.72
	for i := range r.pieces {
		p := &r.pieces[i]
		if p.line.Zone != htmltext.Main && p.line.Zone != htmltext.Header || len(p.text) > 3*len(words)+80 {
			continue
		}
		s := alike(strings.Join(p.words, " "), want)
		if p.head != nil {
			s = max(s, alike(fold(p.head.title), want))
		}
		if p.line.Heading > 0 || bold(p) {
			s += 0.05
		}
		if s > top {
			best, top = i, s
		}
	}
	if best >= 0 || fragment == "" {
		return best
	}
	for i := range r.pieces {
		for n := r.pieces[i].line.Node; n != nil; n = n.Parent {
			if htmltext.Attr(n, "id") == fragment || htmltext.Attr(n, "name") == fragment {
				return i
			}
		}
	}
	return -1
}

// joinTalk reads what stands below a talk's title on its page. alone says that
// the page is of this talk only. False when the page does not name the talk.
func (r *reader) joinTalk(it *archive.Item, fragment string, alone bool) bool {
	at := r.spotOf(it.Title, fragment)
	if at < 0 {
		return false
	}
	var texts, bios []passage
	inBio := false
	for i := at; i < len(r.pieces); i++ {
		p := &r.pieces[i]
		if i > at && (p.line.Zone == htmltext.Footer || p.line.Zone == htmltext.Nav || !alone && r.otherTalk(i, at)) {
			break
		}
		r.joinLinks(it, p, nil)
		if p.bare || len(p.text) < 40 {
			if p.label == cBio || p.label == cSpeakers {
				inBio = true
			} else if p.label == cAbstract {
				inBio = false
			} else if p.line.Heading > 0 && i > at && len(texts) > 0 && p.label == "" && r.vocab.nameScore(p.text) < 0.4 {
				break
			}
			continue
		}
		if i == at || sentenceScore(p.text) < 0.45 {
			continue
		}
		if p.label == cBio || p.label != cAbstract && (inBio || len(texts) > 0 && r.bioScore(p) > 0.5) {
			bios = append(bios, passage{p.text, i})
		} else {
			texts = append(texts, passage{p.text, i})
		}
	}
	if it.Abstract == "" {
		it.Abstract = joinTexts(texts)
	}
	if len(bios) > 0 && len(it.Speakers) > 0 && it.Speakers[0].Bio == "" {
		d := draft{item: *it, bios: eachOnce(bios)}
		r.placeBios(&d)
		it.Speakers = d.item.Speakers
	}
	return true
}

// otherTalk says whether a piece begins another talk: a heading like the one
// that this talk was found at.
func (r *reader) otherTalk(i, at int) bool {
	p, q := &r.pieces[i], &r.pieces[at]
	if p.line.Heading > 0 && p.line.Heading <= q.line.Heading {
		return true
	}
	return q.line.Heading == 0 && p.shape == q.shape && !p.inner && p.boundary >= q.boundary && len(p.text) < 200
}

// joinPerson reads a speaker's life below their name.
func (r *reader) joinPerson(c *archive.Credit) {
	at := r.spotOf(c.Name, fragmentOf(c.URL))
	if at < 0 {
		return
	}
	var bios []string
	for i := at + 1; i < len(r.pieces) && i < at+12; i++ {
		p := &r.pieces[i]
		if p.line.Zone == htmltext.Footer || r.otherTalk(i, at) || p.label == cAbstract {
			break
		}
		if sentenceScore(p.text) > 0.45 && len(p.text) > 50 && (r.bioScore(p) > -0.2 || len(bios) > 0) {
			bios = append(bios, p.text)
		}
	}
	c.Bio = strings.Join(bios, "\n\n")
}

// alike compares two folded texts by the words they share, from 0 to 1.
func alike(a, b string) float64 {
	if a == "" || b == "" {
		return 0
	}
	if a == b {
		return 1
	}
	wa, wb := strings.Fields(a), strings.Fields(b)
	if len(wa) == 1 && len(wb) == 1 {
		return 0
	}
	count := map[string]int{}
	for _, w := range wa {
		count[w]++
	}
	same := 0
	for _, w := range wb {
		if count[w] > 0 {
			count[w]--
			same++
		}
	}
	return 2 * float64(same) / float64(len(wa)+len(wb))
}
