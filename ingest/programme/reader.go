package programme

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// Version changes whenever the same page may be read differently than before.
const Version = 3

// Page is a Snapshot's bytes with what is known of them.
type Page struct {
	Bytes []byte
	Media string // Content-Type as answered; "" when unknown
	URL   string // the address that links on the page are relative to; "" when unknown
}

// reader holds one page while it is read.
type reader struct {
	doc       *htmltext.Doc
	base      *url.URL
	pieces    []piece
	slots     []slot
	vocab     *vocabulary
	visible   map[string]bool // texts in sight, to know hidden repeats by
	likes     map[*html.Node]int
	columns   map[columnKey]column
	slotLines map[int]bool     // lines that belong to programme entries
	spots     *htmltext.Places // made when first asked for
	from      []sources        // for each item where its values were read
	dayPieces []int            // for each piece the last before it that sets the day
	bullets   *bulletCount
	linkRoles map[int]concept // what the heads of columns say of the links below
	lastDay   [3]int

	callNames         map[string]bool // the first words of lines that look like names
	repeats           map[string]int  // how often a short text stands on the page, folded
	dotted            bool            // times are printed with a dot, "10.15"
	pdfIsPaper        bool
	year              int // the year of the edition, 0 when unknown
	edition           archive.EditionInfo
	dates             []datedLine
	witness           testimony   // of the edition
	itemWitnesses     []testimony // of items
	contradictions    []archive.Finding
	pairOrg, pairName int              // texts "Name, Institution" and "Name, Name"
	titles            []string         // of the items, folded
	titleWords        map[string][]int // and the items that have a word in theirs
	notTitle          map[string]bool  // texts that are of items and so not of the edition
	titleAt           spot             // where the edition's title was read
	best              float64          // the coherence of the reading that was kept
	disabled          map[string]bool
}

// off says whether a rule is switched off, which only the measurement of what
// each rule is worth does.
func (r *reader) off(rule string) bool { return r.disabled[rule] }

// Read reads a programme page, HTML or plain text. The same bytes give the same
// Programme. A page without anything like a programme gives one without items
// and the Finding "no-items"; the only error is *archive.InvalidError, for a
// page without any text.
func Read(p Page) (archive.Programme, error) {
	r := newReader(p)
	if len(r.doc.Lines) == 0 {
		return archive.Programme{}, &archive.InvalidError{Thing: "page", Why: "there is no text in it", Hint: "give the address of a page that shows a programme without script"}
	}
	return r.read(), nil
}

func newReader(p Page) *reader {
	r := &reader{doc: htmltext.Parse(p.Bytes, p.Media), likes: map[*html.Node]int{}}
	r.vocab = &vocabulary{lower: map[string]bool{}, names: map[string]int{}}
	if u, err := url.Parse(p.URL); err == nil && p.URL != "" {
		r.base = u
		if b, err := u.Parse(r.doc.Base); err == nil && r.doc.Base != "" {
			r.base = b
		}
	}
	return r
}

func (r *reader) read() archive.Programme {
	r.survey()
	r.readEdition()
	r.cutPieces()
	items := r.readItems()
	prog := archive.Programme{Edition: r.edition, Items: items}
	r.finishEdition(&prog)
	r.findOdd(&prog)
	return prog
}

// survey looks over the page once: its words, its texts in sight, how it writes times.
func (r *reader) survey() {
	r.visible, r.repeats, r.callNames = map[string]bool{}, map[string]int{}, map[string]bool{}
	dots := 0
	for i := range r.doc.Lines {
		l := &r.doc.Lines[i]
		if !l.Hidden {
			r.visible[l.Text] = true
		}
		r.vocab.learn(l.Text)
		if len(l.Text) <= 40 {
			r.repeats[fold(l.Text)]++
		}
		if f := strings.Fields(l.Text); len(l.Text) < 80 && len(f) >= 2 && plainVocabulary.people(l.Text).score > 0.3 {
			r.callNames[fold(f[0])] = true
		}
		if len(l.Runs) > 1 {
			for _, run := range l.Runs {
				if run.Shape != "" && len(run.Text) <= 40 {
					r.repeats[fold(run.Text)]++
				}
			}
		}
		if len(l.Text) < 300 {
			if t := findTimes(l.Text); len(t) > 0 && t[0].from < 3 && t[0].start.dotted {
				dots++
			}
		}
	}
	r.dotted = dots >= 3
}

// readItems tries the readings that make sense and keeps the most coherent.
func (r *reader) readItems() []archive.Item {
	r.readPeople()
	base := clonePieces(r.pieces)
	var best *reading
	for _, timed := range r.ways() {
		var order *reading
		for _, peopleFirst := range r.orders() {
			r.pieces = clonePieces(base)
			r.slots, r.columns, r.lastDay, r.dayPieces, r.bullets = nil, nil, [3]int{}, nil, nil
			got := r.try(timed, peopleFirst)
			if got != nil && (order == nil || got.coherence+0.3*got.fit > order.coherence+0.3*order.fit) {
				order = got
			}
		}
		if order != nil && (best == nil || order.coherence > best.coherence) {
			best = order
		}
	}
	if best == nil {
		r.pieces = base
		return nil
	}
	r.pieces, r.slots, r.columns, r.from, r.best = best.pieces, best.slots, best.columns, best.from, best.coherence
	r.slotLines = map[int]bool{}
	for i := range r.pieces {
		if r.pieces[i].slot >= 0 {
			r.slotLines[r.pieces[i].index] = true
		}
	}
	r.hearItems(best.items)
	r.joinSections(best.items)
	doubtTalks(best.items)
	r.noteItems(best.items)
	return best.items
}

// ways are the ways to tell what an item is: by the times, by the units that
// the page repeats.
func (r *reader) ways() []bool {
	switch {
	case r.off("units"):
		return []bool{true}
	case r.off("slots"):
		return []bool{false}
	}
	return []bool{true, false}
}

// manyPieces is the size from which a page is read in one order only: so long a
// page settles its template by itself.
const manyPieces = 6000

// orders are the leanings to tell title and people apart by: none, people
// first, title first.
func (r *reader) orders() []float64 {
	if len(r.pieces) > manyPieces || r.off("orders") {
		return []float64{0}
	}
	return []float64{0, 1.2, -1.2}
}

func clonePieces(p []piece) []piece { return append([]piece(nil), p...) }

// reading is one way to understand the whole page.
type reading struct {
	items     []archive.Item
	from      []sources
	pieces    []piece
	slots     []slot
	columns   map[columnKey]column
	coherence float64
	fit       float64 // of the labels to the pieces; only to compare orders by
}

// try reads the page as one of times or one of units alone, in one of the orders.
func (r *reader) try(timed bool, peopleFirst float64) *reading {
	if timed {
		r.findSlots()
		if len(r.slots) < 2 {
			return nil
		}
	}
	r.setBoundaries()
	r.readColumns()
	r.learnLinkRoles()
	if timed {
		r.settleTimes()
	}
	r.scorePieces()
	fit := r.settle(peopleFirst)
	if r.findSlotHeads() {
		fit = r.settle(peopleFirst)
	}
	for i := range r.pieces {
		switch r.pieces[i].kind {
		case lPeople1:
			fit -= peopleFirst
		case lTitle:
			fit += peopleFirst / 2
		default:
		}
	}
	r.itemsNamedSession()
	drafts := r.gather()
	if !timed {
		drafts = r.likeEachOther(drafts)
	}
	r.judgePDFs(drafts)
	items, from := r.complete(drafts)
	if len(items) == 0 {
		return nil
	}
	return &reading{items: items, from: from, pieces: r.pieces, slots: r.slots, columns: r.columns, coherence: r.coherence(items, timed), fit: fit}
}

// likeEachOther keeps, of a page without times, the items that the page repeats:
// those whose title has the shape that most titles with people have.
func (r *reader) likeEachOther(drafts []draft) []draft {
	shapes := map[string]int{}
	for _, d := range drafts {
		if d.title >= 0 && len(d.item.Speakers) > 0 {
			shapes[r.pieces[d.title].shape]++
		}
	}
	top, most := "", 0
	for s, n := range shapes {
		if n > most || n == most && s < top {
			top, most = s, n
		}
	}
	if most < 2 {
		return nil
	}
	var out []draft
	for _, d := range drafts {
		if d.title < 0 {
			continue
		}
		n := shapes[r.pieces[d.title].shape]
		if n*3 >= most && n >= 2 || r.pieces[d.title].shape == top {
			out = append(out, d)
		}
	}
	return out
}

// sameSite says whether a link stays on the page's site.
func (r *reader) sameSite(href string) bool {
	if r.base == nil {
		return false
	}
	u, err := url.Parse(href)
	return err == nil && strings.EqualFold(strings.TrimPrefix(u.Host, "www."), strings.TrimPrefix(r.base.Host, "www.")) && u.Scheme == r.base.Scheme
}
