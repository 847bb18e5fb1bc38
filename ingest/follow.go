package ingest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"rostrum/archive"
	"rostrum/ingest/fetch"
	"rostrum/ingest/programme"
)

// Bounds of looking for the editions of a series.
const (
	maxFronts     = 120 // pages that stand for an edition
	maxLinks      = 400 // pages that are asked for links to editions, lists of them too
	maxCandidates = 4   // pages of one edition that are tried for its programme
)

// FoundEdition is an edition that links lead to.
type FoundEdition struct {
	Year  int    `json:"year,omitempty"` // 0 unknown
	Title string `json:"title"`
	Front string `json:"front"` // the page that the links name
	// Date is its first day, "" when neither its programme nor its front says.
	Date archive.Date `json:"date,omitempty"`
	// Label are the words of the link that led to it, and From the page that had
	// it; both are "" for the page that was begun with.
	Label string `json:"label,omitempty"`
	From  string `json:"from,omitempty"`
	// Programme is the page that holds its programme, "" when none was found;
	// then Why says what was.
	Programme string `json:"programme,omitempty"`
	Talks     int    `json:"talks"`
	Why       string `json:"why,omitempty"`
}

// Follow finds the editions of a series from the page of any one of them: by
// the page's own links and menus, then by those of the editions found, and
// looks for each one's programme page. It keeps nothing; what it finds can be
// added one by one. Newest first.
//
// It stays with the site it began on and the sites that this site names as
// editions; those are looked at, but their links only lead back.
func (in *Ingester) Follow(ctx context.Context, address string, progress func(Event)) ([]FoundEdition, error) {
	u, err := fetch.Clean(address)
	if err != nil {
		return nil, err
	}
	f := &following{
		run: &run{Ingester: in, progress: progress}, home: site(u.Hostname()), start: u.String(),
		pages: map[string]programme.Page{}, failed: map[string]error{}, known: map[string]bool{},
	}
	if _, err := f.page(ctx, u.String(), false); err != nil {
		return nil, err
	}
	if err := f.spread(ctx, u.String()); err != nil {
		return nil, err
	}
	return f.editions(ctx)
}

// following is a search for editions under way.
type following struct {
	*run
	home, start string
	pages       map[string]programme.Page // by address asked for
	failed      map[string]error
	known       map[string]bool // places that are fronts or lists, by what SamePlace says
	fronts      []front
}

// front is a page that stands for an edition.
type front struct {
	address string
	label   string
	from    string // the page that links it
	year    int
	list    bool // it stands for a list of editions
}

// site returns the registrable domain of a host, the host itself for one that
// has none.
func site(host string) string {
	if net.ParseIP(host) != nil {
		return host
	}
	if s, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(host)); err == nil {
		return s
	}
	return strings.ToLower(host)
}

// page asks for a page once.
func (f *following) page(ctx context.Context, address string, followed bool) (programme.Page, error) {
	if p, ok := f.pages[address]; ok {
		return p, nil
	}
	if err := f.failed[address]; err != nil {
		return programme.Page{}, err
	}
	f.tell(Event{Step: StepFetch, Source: f.start, Address: address})
	p, err := f.askPage(ctx, address, followed)
	if err != nil {
		f.failed[address] = err
		return p, err
	}
	f.pages[address] = p
	return p, nil
}

// spread gathers fronts, breadth first.
func (f *following) spread(ctx context.Context, start string) error {
	queue := []front{{address: start}}
	f.known[programme.SamePlace(start)] = true
	for len(queue) > 0 && len(f.fronts) < maxFronts {
		one := queue[0]
		queue = queue[1:]
		p, err := f.page(ctx, one.address, one.address != start)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !one.list {
			f.fronts = append(f.fronts, one)
		}
		if err != nil {
			continue
		}
		for _, l := range programme.Editions(p) {
			u, err := fetch.Clean(l.URL)
			if err != nil || f.known[programme.SamePlace(u.String())] || !f.near(p.URL, u) || len(f.known) > maxLinks {
				continue
			}
			f.known[programme.SamePlace(u.String())] = true
			queue = append(queue, front{u.String(), l.Label, one.address, l.Year, l.List})
		}
	}
	return nil
}

// near says whether a link to an edition is followed: from the home site
// anywhere, from elsewhere only home.
func (f *following) near(from string, to *url.URL) bool {
	u, err := url.Parse(from)
	return err == nil && (site(u.Hostname()) == f.home || site(to.Hostname()) == f.home)
}

// editions finds each front's programme. Several fronts may stand for one
// edition (its page as of now and as of its year): one programme page counts
// once, and of two pages of one year with the same title the fuller one.
func (f *following) editions(ctx context.Context) ([]FoundEdition, error) {
	var found []FoundEdition
	for n, one := range f.fronts {
		f.tell(Event{Step: StepLinks, Source: f.start, Address: one.address, Done: n + 1, Total: len(f.fronts)})
		e, err := f.edition(ctx, one)
		if err != nil {
			return found, err
		}
		if e.Why == whyElsewhere && e.Year == 0 {
			continue // as "/" leads to the newest edition, which has its own front
		}
		same := slices.IndexFunc(found, func(have FoundEdition) bool {
			return have.Front == e.Front || (e.Programme != "" && have.Programme == e.Programme) || (e.Year != 0 && have.Year == e.Year && (e.Talks == 0 || have.Talks == 0 || have.Title == e.Title))
		})
		switch {
		case same < 0:
			found = append(found, e)
		case e.Talks > found[same].Talks:
			found[same] = e
		}
	}
	slices.SortStableFunc(found, func(a, b FoundEdition) int { return cmp.Compare(b.Year, a.Year) })
	return found, nil
}

// whyElsewhere says that an edition's address leads to another's by now.
const whyElsewhere = "its address leads to another page by now"

// edition looks for one edition's programme: on the front itself and on the
// pages that it names as such. The page with the most talks is it.
func (f *following) edition(ctx context.Context, one front) (FoundEdition, error) {
	e := FoundEdition{Year: one.year, Title: one.label, Front: one.address, Label: one.label, From: one.from}
	p, err := f.page(ctx, one.address, one.address != f.start)
	if ctx.Err() != nil {
		return e, ctx.Err()
	}
	if err != nil {
		e.Why = why(err)
		if p, one.address, err = f.sibling(ctx, one); err != nil {
			return e, ctx.Err()
		}
		e.Front, e.Why = one.address, ""
	}
	if at := programme.SamePlace(p.URL); f.known[at] && at != programme.SamePlace(one.address) {
		e.Why = whyElsewhere
		return e, nil
	}
	e.read(p, p, one.address)
	tried := 0
	for _, address := range programme.ProgrammePages(p) {
		if address == one.address || address == p.URL {
			continue
		}
		if tried++; tried > maxCandidates {
			break
		}
		page, address, err := f.candidate(ctx, address)
		if ctx.Err() != nil {
			return e, ctx.Err()
		}
		if err != nil {
			e.Why = why(err)
			continue
		}
		e.read(page, p, address)
	}
	if e.Programme == "" && e.Why == "" {
		e.Why = "no programme was found on it or the pages it names"
	}
	return e, nil
}

// candidate asks for a page that may hold a programme. Sites that are kept as
// files, as old editions are, have the page that their links call "program" as
// program.html; what is not there by the one name is asked for by the other.
func (f *following) candidate(ctx context.Context, address string) (programme.Page, string, error) {
	page, err := f.page(ctx, address, true)
	u, bad := url.Parse(address)
	if err == nil || bad != nil || !noSuchPage(err) || u.RawQuery != "" || path.Ext(u.Path) != "" || strings.HasSuffix(u.Path, "/") {
		return page, address, err
	}
	u.Path, u.RawPath = u.Path+".html", ""
	if kept, still := f.page(ctx, u.String(), true); still == nil {
		return kept, u.String(), nil
	}
	return page, address, err
}

// noSuchPage says whether a server answered that there is no such page.
func noSuchPage(err error) bool {
	e, ok := errors.AsType[*fetch.Error](err)
	return ok && (e.Status == http.StatusNotFound || e.Status == http.StatusGone)
}

// errNoSibling says that a year has no page beside the one begun with.
var errNoSibling = errors.New("no page beside this one")

// sibling looks for an edition that a dead link names by its year where the
// page begun with would have it: series/2017/ beside series/2016/. Links to
// past editions rot, as their hosts do; sites that keep all years on one host
// name them alike.
func (f *following) sibling(ctx context.Context, one front) (programme.Page, string, error) {
	u, err := url.Parse(f.start)
	if err != nil || one.year == 0 {
		return programme.Page{}, one.address, errNoSibling
	}
	at := yearRE.FindAllStringIndex(u.Path, -1)
	if len(at) == 0 {
		return programme.Page{}, one.address, errNoSibling
	}
	last := at[len(at)-1]
	u.Path, u.RawPath = u.Path[:last[0]]+strconv.Itoa(one.year)+u.Path[last[1]:], ""
	address := u.String()
	if f.known[programme.SamePlace(address)] {
		return programme.Page{}, one.address, errNoSibling
	}
	f.known[programme.SamePlace(address)] = true
	p, err := f.page(ctx, address, true)
	return p, address, err
}

// yearRE finds a year in an address.
var yearRE = regexp.MustCompile(`\b(19[89]|20[0-4])\d\b`)

// yearIn returns the only year that stands in a text, the first of the texts
// that has just one; 0 when none does.
func yearIn(texts ...string) int {
	for _, t := range texts {
		if all := yearRE.FindAllString(t, 2); len(all) == 1 {
			y, _ := strconv.Atoi(all[0])
			return y
		}
	}
	return 0
}

// read takes a page as the edition's programme if it holds more talks than
// what is known so far, and more than a list of invited speakers would.
func (e *FoundEdition) read(page, front programme.Page, address string) {
	p, err := programme.Read(page)
	if err != nil {
		return
	}
	if address != front.URL {
		p = programme.JoinFront(p, page, front)
	}
	talks := 0
	for _, i := range p.Items {
		if i.Given() {
			talks++
		}
	}
	year := p.Edition.StartDate.Year()
	if e.Year == 0 {
		e.Year = year
	}
	if year != 0 && year != e.Year { // as the address may hold this year's by now
		if e.Programme == "" && talks >= 2 {
			e.Why = fmt.Sprintf("its page holds the edition of %d", year)
		}
		return
	}
	if p.Edition.Title != "" && (e.Title == "" || talks > e.Talks) {
		e.Title = p.Edition.Title
	}
	if e.Year == 0 {
		e.Year = yearIn(e.Title, address)
	}
	if talks > e.Talks && talks >= 2 {
		e.Talks, e.Programme, e.Why, e.Date = talks, address, "", p.Edition.StartDate
	}
}

// askPage fetches a page and keeps it in memory only, and in what the request holds.
func (r *run) askPage(ctx context.Context, address string, followed bool) (programme.Page, error) {
	page := programme.Page{}
	resp, err := r.fetch.Get(ctx, fetch.Request{Address: address, Limit: maxLinkedPage, Followed: followed}, func(resp fetch.Response, body io.Reader) error {
		var err error
		page.Bytes, err = io.ReadAll(body)
		if err == nil && formOf(page.Bytes[:min(len(page.Bytes), sniffed)], resp.Media, resp.Address) != formPage {
			err = &archive.InvalidError{Thing: address, Why: "is no web page"}
		}
		return err
	})
	page.Media, page.URL = resp.Media, resp.Address
	if err == nil {
		err = r.req.Held.keep(address, bytes.NewReader(page.Bytes), resp, r.now())
	}
	return page, err
}

// Wanted returns those of the found editions that have a programme to be added.
func Wanted(found []FoundEdition) []FoundEdition {
	var wanted []FoundEdition
	for _, e := range found {
		if e.Programme != "" {
			wanted = append(wanted, e)
		}
	}
	return wanted
}
