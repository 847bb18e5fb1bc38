package programme

import "math"

// label is what a piece is within the programme.
type label int

// The labels. Title, People1 and Head begin an item.
const (
	lOut     label = iota // no part of the programme
	lDay                  // heading of a day
	lSession              // heading of a session, or a slot that holds several items
	lTitle                // title, begins an item
	lTitle2               // title after the people it belongs to
	lPeople               // people after the title
	lPeople3              // people after a text: a life follows
	lPeople1              // people, begin an item: the title follows
	lHead                 // title and people in one
	lText                 // abstract
	lBio
	lAff // where the people belong, on a line of its own
	lLinks
	lMeta // room, level, keywords, chair, award
	labels
)

func (l label) begins() bool { return l == lTitle || l == lPeople1 || l == lHead }

func (l label) within() bool { return l >= lTitle }

const never = -1e6

// follows weighs one label after another, before what sets them apart is looked at.
func follows(prev, cur label) float64 {
	switch cur {
	case lOut:
		if prev.within() {
			return -0.8
		}
		return 0.2
	case lDay, lSession:
		return 0
	case lTitle, lHead:
		if prev == lPeople1 {
			return -2.5
		}
		if prev == lTitle && cur == lTitle {
			return -1.2
		}
		return -0.9
	case lPeople1:
		if prev == lPeople1 || prev == lTitle {
			return -1.8
		}
		return -1
	case lTitle2:
		switch prev {
		case lPeople1:
			return 1.2
		case lAff, lLinks, lMeta:
			return -0.3
		}
		return never
	case lPeople:
		switch prev {
		case lTitle:
			return 0.8
		case lHead, lPeople, lAff, lMeta, lLinks, lTitle2:
			return -0.3
		}
		return never
	case lPeople3:
		switch prev {
		case lText, lMeta, lLinks, lBio, lPeople3:
			return -0.5
		}
		return never
	case lText:
		switch prev {
		case lPeople3:
			return -1.2
		case lPeople, lTitle2, lHead, lText, lAff, lMeta, lLinks:
			return 0
		case lTitle:
			return -0.4
		case lBio:
			return -0.8
		case lPeople1:
			return -0.8
		case lSession, lDay:
			return -2.5
		}
		return -4
	case lBio:
		switch prev {
		case lPeople3:
			return 0.6
		case lText, lBio, lPeople, lAff, lHead, lMeta, lLinks, lPeople1:
			return -0.1
		case lTitle, lTitle2:
			return -1
		}
		return never
	case lAff:
		switch prev {
		case lPeople, lPeople1, lPeople3, lAff:
			return 0
		case lHead, lTitle2:
			return -1
		}
		return never
	case lLinks:
		if prev.within() {
			return 0
		}
		return -2
	case lMeta:
		if prev.within() || prev == lSession {
			return 0
		}
		return -1.5
	default:
		return 0
	}
}

// apart weighs a label by what sets its piece apart from the one before.
func apart(p *piece, cur label) float64 {
	if p.opens {
		switch {
		case cur.begins():
			return 2.2
		case cur == lSession:
			return 1.2
		case cur == lDay:
			return 0
		case cur == lOut:
			return -1.5
		case cur == lMeta, cur == lLinks:
			return -1.5
		}
		return -4
	}
	if p.inner {
		if cur.begins() || cur == lSession || cur == lDay {
			return -2
		}
		return 0.3
	}
	b := float64(p.boundary)
	switch {
	case cur.begins():
		return -1 + 0.75*b
	case cur == lSession || cur == lDay:
		return -0.6 + 0.3*b
	case cur == lOut:
		return 0
	}
	return 0.2 - 0.2*b
}

// settle finds the likeliest labels of all pieces together: each by its own
// score, by what comes before it and by what sets it apart (Viterbi's
// algorithm). peopleFirst tells which order the page is taken to keep. The
// sum of all weights comes back as a measure of how well the reading fits.
func settle(pieces []piece, peopleFirst float64) float64 {
	n := len(pieces)
	if n == 0 {
		return 0
	}
	back := make([][labels]int8, n)
	var cur, prev [labels]float64
	var table [labels][labels]float64
	for a := range labels {
		for b := range labels {
			table[a][b] = follows(a, b)
		}
	}
	for i := range n {
		p := &pieces[i]
		for c := range labels {
			best, from := math.Inf(-1), label(0)
			if i == 0 {
				best = table[lOut][c]
			} else {
				for a := range labels {
					w := prev[a] + table[a][c]
					if c == lBio && a == lText {
						w += p.afterText
					} else if c == lText && a == lText && p.afterText > 0 {
						w -= 0.2
					}
					if w > best {
						best, from = w, a
					}
				}
			}
			back[i][c] = int8(from)
			w := best + p.score[c] + apart(p, c)
			if c == lPeople1 {
				w += peopleFirst
			}
			if c == lTitle {
				w -= peopleFirst / 2
			}
			if p.outside && c != lOut && c != lDay && c != lSession {
				w -= 50
			}
			cur[c] = w
		}
		prev = cur
	}
	best := label(0)
	for c := range labels {
		if cur[c] > cur[best] {
			best = c
		}
	}
	total := cur[best]
	for i := n - 1; i >= 0; i-- {
		pieces[i].kind = best
		best = label(back[i][best])
	}
	return total
}
