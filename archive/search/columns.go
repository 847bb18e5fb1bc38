package search

import (
	"math/bits"
	"slices"
	"strings"

	"rostrum/archive"
)

// columns are the rows of a view turned on their side: one array per question.
type columns struct {
	rows  []*row // by ordinal; nil where no talk is (any more)
	byID  map[archive.TalkID]uint32
	talks int // rows that are not nil
	live  bitset

	slides     []slideAt // by slide ordinal
	slideFrom  []uint32  // by talk: the first of its slides
	slideCount []uint16  // and how many it has
	lengths    [talkFields][]float32
	words      uint64 // of all fields and slides

	said   []uint32  // the words of all talks' titles and names
	saidAt []saidAt  // by talk, where among them
	titles rarities  // of the words of titles
	titled []float32 // by talk: the rarity of its title's words together

	languages []string // that talks are in, the most spoken first
	years     []uint16
}

// slideAt says which slide an ordinal names; talk is noTalk for one that is gone.
type slideAt struct {
	talk   uint32
	length float32 // in words, as a part of the average
}

const noTalk = ^uint32(0)

// saidAt is where a talk's words of title and names begin, and how many there are.
type saidAt struct {
	from          uint32
	titled, named uint16
}

// newColumns takes a while for a large archive, in which w gives way.
func newColumns(rows []*row, w *worker) *columns {
	c := &columns{rows: rows, byID: make(map[archive.TalkID]uint32, len(rows)), years: make([]uint16, len(rows)), live: newBitset(len(rows))}
	spoken := map[string]int{}
	nSlides := uint32(0)
	for ord, r := range rows {
		w.often(ord)
		if r == nil {
			continue
		}
		c.byID[r.id] = uint32(ord)
		c.talks++
		c.live.set(uint32(ord))
		spoken[r.lang]++
		c.years[ord] = short(r.year)
		if n := uint32(len(r.slides)); n > 0 {
			nSlides = max(nSlides, r.firstOrd+n)
		}
	}
	c.languages = make([]string, 0, len(spoken))
	for l := range spoken {
		c.languages = append(c.languages, l)
	}
	slices.SortFunc(c.languages, func(a, b string) int {
		if spoken[a] != spoken[b] {
			return spoken[b] - spoken[a]
		}
		return strings.Compare(a, b)
	})
	c.measure(w)
	c.placeSlides(nSlides, w)
	c.placeWords(w)
	return c
}

// measure turns the fields' lengths into parts of the average over the talks
// that have the field at all.
func (c *columns) measure(w *worker) {
	for f := range talkFields {
		total, having := uint64(0), 0
		for ord, r := range c.rows {
			w.often(ord)
			if r != nil && r.lengths[f] > 0 {
				total += uint64(r.lengths[f])
				having++
			}
		}
		c.words += total
		column := make([]float32, len(c.rows))
		if having > 0 {
			average := float64(total) / float64(having)
			for ord, r := range c.rows {
				w.often(ord)
				if r != nil {
					column[ord] = float32(float64(r.lengths[f]) / average)
				}
			}
		}
		c.lengths[f] = column
	}
}

func (c *columns) placeSlides(n uint32, w *worker) {
	c.slides = make([]slideAt, n)
	for i := range c.slides {
		c.slides[i].talk = noTalk
	}
	total, having := uint64(0), 0
	c.slideFrom, c.slideCount = make([]uint32, len(c.rows)), make([]uint16, len(c.rows))
	for ord, r := range c.rows {
		w.often(ord)
		if r == nil || len(r.slides) == 0 {
			continue
		}
		c.slideFrom[ord], c.slideCount[ord] = r.firstOrd, short(len(r.slides))
		for i, s := range r.slides {
			c.slides[r.firstOrd+uint32(i)] = slideAt{uint32(ord), float32(s.length)}
			total += uint64(s.length)
			having++
		}
	}
	c.words += total
	if having == 0 {
		return
	}
	average := float32(float64(total) / float64(having))
	for i := range c.slides {
		c.slides[i].length /= average
	}
}

func (c *columns) placeWords(w *worker) {
	n := 0
	for _, r := range c.rows {
		if r != nil {
			n += len(r.words)
		}
	}
	c.said, c.saidAt = make([]uint32, 0, n), make([]saidAt, len(c.rows))
	for ord, r := range c.rows {
		w.often(ord)
		if r != nil {
			c.saidAt[ord] = saidAt{uint32(len(c.said)), r.titled, short(len(r.words) - int(r.titled))}
			c.said = append(c.said, r.words...)
		}
	}
	c.weighTitles(n, w)
}

// weighTitles finds out how rare the words of titles are among titles, of which
// all together have said so many at most.
func (c *columns) weighTitles(said int, w *worker) {
	counts := make([]uint32, 1<<min(bits.Len(uint(2*said)), rarityBits))
	c.titles = make(rarities, len(counts))
	c.eachTitle(w, func(_ int, key uint32) { counts[c.titles.at(key)]++ })
	for i, n := range counts {
		if n > 0 {
			c.titles[i] = idf(int(n), c.talks)
		}
	}
	c.titled = make([]float32, len(c.rows))
	c.eachTitle(w, func(ord int, key uint32) { c.titled[ord] += c.titles.of(key) })
}

// eachTitle calls take for each word of each title, once a title.
func (c *columns) eachTitle(w *worker, take func(ord int, key uint32)) {
	for ord := range c.rows {
		w.often(ord)
		title := c.title(uint32(ord))
		for i, key := range title {
			if !slices.Contains(title[:i], key) {
				take(ord, key)
			}
		}
	}
}

// rarities has the rarity of words in the places that their keys lead to. That
// two words share a place is rare and harmless, as it is with keys.
type rarities []float32

const rarityBits = 18

func (r rarities) at(key uint32) uint32  { return key & uint32(len(r)-1) }
func (r rarities) of(key uint32) float32 { return r[r.at(key)] }

// title returns the words of a talk's title, as keys.
func (c *columns) title(ord uint32) []uint32 {
	at := c.saidAt[ord]
	return c.said[at.from:][:at.titled]
}

// names returns the words of the names of a talk's people, as keys.
func (c *columns) names(ord uint32) []uint32 {
	at := c.saidAt[ord]
	return c.said[at.from+uint32(at.titled):][:at.named]
}

// firstByDate returns the first n of some talks, ordered by date. Most are not
// among them, which one look at the last of those so far tells.
func (c *columns) firstByDate(ords []uint32, n int, newest bool) []uint32 {
	by := func(a, b uint32) int { return c.byDate(a, b, newest) }
	first, full := make([]uint32, 0, min(2*n, len(ords))), false
	for _, ord := range ords {
		if full && by(first[n-1], ord) < 0 {
			continue
		}
		if first = append(first, ord); len(first) == 2*n {
			slices.SortFunc(first, by)
			first, full = first[:n], true
		}
	}
	slices.SortFunc(first, by)
	return first[:min(n, len(first))]
}

// byDate orders talks by date, newest first where newest is true; undated
// ones come last either way. Ties fall to the ID.
func (c *columns) byDate(a, b uint32, newest bool) int {
	ra, rb := c.rows[a], c.rows[b]
	if ra.date != rb.date {
		switch {
		case ra.date == "":
			return 1
		case rb.date == "":
			return -1
		case newest:
			return strings.Compare(string(rb.date), string(ra.date))
		}
		return strings.Compare(string(ra.date), string(rb.date))
	}
	return strings.Compare(string(ra.id), string(rb.id))
}
