package search

import (
	"encoding/binary"
	"errors"
	"math"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// row is what the index keeps of a talk beside its words: enough for filters,
// facets, sorting, suggestions and the lengths that ranking divides by. It is
// stored with the talk's document and held in memory as long as the view.
type row struct {
	id       archive.TalkID
	title    string
	date     archive.Date // of the talk, else of its edition; "" unknown
	year     int          // 0 unknown
	kind     archive.Kind
	lang     string
	series   string // the series' name; its ID is in id
	edition  string // the edition's title
	has      hasMask
	people   []person
	affils   []string
	topics   []string
	lengths  [talkFields]uint16
	slides   []slideRow
	firstOrd uint32 // ordinal of the first of slides; the others follow

	// Not stored but made on reading: the folded words of the title, and those of
	// the people's names behind them, each as its wordKey.
	words  []uint32
	titled uint16 // how many of them are the title's
}

type person struct {
	id   archive.PersonID // "" when not resolved
	name string           // as shown
}

type slideRow struct {
	deck   uint8  // index in Talk.Decks
	number uint16 // from 1
	length uint16 // in words
}

type hasMask uint8

const (
	hasSlides hasMask = 1 << iota
	hasVideo
	hasAbstract
	hasPaper
)

var errRow = errors.New("a row of the index is cut short")

func (r *row) encode() []byte {
	w := writer{b: make([]byte, 0, 256)}
	w.str(string(r.id))
	w.str(r.title)
	w.str(string(r.date))
	w.num(r.year)
	w.str(string(r.kind))
	w.str(r.lang)
	w.str(r.series)
	w.str(r.edition)
	w.num(int(r.has))
	w.num(len(r.people))
	for _, p := range r.people {
		w.str(string(p.id))
		w.str(p.name)
	}
	w.strs(r.affils)
	w.strs(r.topics)
	for _, n := range r.lengths {
		w.num(int(n))
	}
	w.num(int(r.firstOrd))
	w.num(len(r.slides))
	for _, s := range r.slides {
		w.num(int(s.deck))
		w.num(int(s.number))
		w.num(int(s.length))
	}
	return w.b
}

func decodeRow(b []byte) (*row, error) {
	d := reader{b: b}
	r := &row{
		id:    archive.TalkID(d.str()),
		title: d.str(),
		date:  archive.Date(d.str()),
		year:  d.num(),
		kind:  archive.Kind(d.str()),
		lang:  d.str(), series: d.str(), edition: d.str(),
		has: hasMask(d.num()),
	}
	for range d.length() {
		r.people = append(r.people, person{archive.PersonID(d.str()), d.str()})
	}
	r.affils = d.strs()
	r.topics = d.strs()
	for i := range r.lengths {
		r.lengths[i] = short(d.num())
	}
	r.firstOrd = uint32(d.num())
	n := d.length()
	r.slides = make([]slideRow, 0, n)
	for range n {
		r.slides = append(r.slides, slideRow{uint8(d.num()), short(d.num()), short(d.num())})
	}
	if d.bad {
		return nil, errRow
	}
	r.keys()
	return r, nil
}

// keys makes the keys of the words of title and names.
func (r *row) keys() {
	title := fold.Words(r.title)
	r.titled = short(len(title))
	r.words = make([]uint32, 0, len(title)+3*len(r.people))
	for _, word := range title[:r.titled] {
		r.words = append(r.words, wordKey(word))
	}
	for _, p := range r.people {
		for _, word := range fold.Words(p.name) {
			r.words = append(r.words, wordKey(word))
		}
	}
}

// wordKey is a number that stands for a word (FNV-1a). That two words share one
// is as rare as it is harmless: the postings tell already that a talk has the
// word, and only how it is spelled is asked of this.
func wordKey(word string) uint32 {
	h := uint32(2166136261)
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return h
}

func short(n int) uint16 { return uint16(min(max(n, 0), math.MaxUint16)) }

// writer and reader put numbers and strings one behind the other.
type writer struct{ b []byte }

func (w *writer) num(n int) { w.b = binary.AppendUvarint(w.b, uint64(max(n, 0))) }

func (w *writer) str(s string) {
	w.num(len(s))
	w.b = append(w.b, s...)
}

func (w *writer) strs(list []string) {
	w.num(len(list))
	for _, s := range list {
		w.str(s)
	}
}

type reader struct {
	b   []byte
	bad bool
}

func (r *reader) num() int {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || v > math.MaxInt32 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return int(v)
}

// length is a num that counts things of at least one byte each.
func (r *reader) length() int {
	n := r.num()
	if n > len(r.b) {
		r.bad = true
		return 0
	}
	return n
}

func (r *reader) str() string {
	n := r.length()
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func (r *reader) strs() []string {
	n := r.length()
	if n == 0 {
		return nil
	}
	list := make([]string, 0, n)
	for range n {
		list = append(list, r.str())
	}
	return list
}
