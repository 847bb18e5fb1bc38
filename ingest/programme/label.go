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
	case lTitle, lHead, lPeople1:
		return beginsAfter(prev, cur)
	case lTitle2, lPeople, lPeople3, lAff:
		return headGoesOn(prev, cur)
	case lText:
		return textAfter(prev)
	case lBio:
		return bioAfter(prev)
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

// beginsAfter weighs the beginning of an item: less likely where the item
// before would have nothing but its first line.
func beginsAfter(prev, cur label) float64 {
	switch {
	case cur == lPeople1 && (prev == lPeople1 || prev == lTitle):
		return -1.8
	case cur == lPeople1:
		return -1
	case prev == lPeople1:
		return -2.5
	case prev == lTitle && cur == lTitle:
		return -1.2
	}
	return -0.9
}

// headGoesOn weighs what cannot begin an item: the title below the people, the
// people below the title or a text, and where they belong.
func headGoesOn(prev, cur label) float64 {
	switch cur {
	case lTitle2:
		switch prev {
		case lPeople1:
			return 1.2
		case lAff, lLinks, lMeta:
			return -0.3
		}
	case lPeople:
		switch prev {
		case lTitle:
			return 0.8
		case lHead, lPeople, lAff, lMeta, lLinks, lTitle2:
			return -0.3
		}
	case lPeople3:
		switch prev {
		case lText, lMeta, lLinks, lBio, lPeople3:
			return -0.5
		}
	case lAff:
		switch prev {
		case lPeople, lPeople1, lPeople3, lAff:
			return 0
		case lHead, lTitle2:
			return -1
		}
	}
	return never
}

// textAfter weighs an abstract by what stands before it.
func textAfter(prev label) float64 {
	switch prev {
	case lPeople3:
		return -1.2
	case lPeople, lTitle2, lHead, lText, lAff, lMeta, lLinks:
		return 0
	case lTitle:
		return -0.4
	case lBio, lPeople1:
		return -0.8
	case lSession, lDay:
		return -2.5
	}
	return -4
}

// bioAfter weighs a life by what stands before it.
func bioAfter(prev label) float64 {
	switch prev {
	case lPeople3:
		return 0.6
	case lText, lBio, lPeople, lAff, lHead, lMeta, lLinks, lPeople1:
		return -0.1
	case lTitle, lTitle2:
		return -1
	}
	return never
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
func (r *reader) settle(peopleFirst float64) float64 {
	pieces := r.pieces
	n := len(pieces)
	if n == 0 {
		return 0
	}
	back := make([][labels]int8, n)
	var cur, prev weights
	table := transitions()
	if r.off("sequence") {
		table = [labels]weights{}
	}
	for i := range n {
		p := &pieces[i]
		for c := range labels {
			best, from := table[lOut][c], label(0)
			if i > 0 {
				best, from = likeliestBefore(p, c, &prev, &table)
			}
			back[i][c] = int8(from)
			cur[c] = biased(best+p.score[c]+apart(p, c), p, c, peopleFirst)
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

// weights are how likely each label is.
type weights [labels]float64

// transitions is follows as a table, first the label before.
func transitions() [labels]weights {
	var table [labels]weights
	for a := range labels {
		for b := range labels {
			table[a][b] = follows(a, b)
		}
	}
	return table
}

// likeliestBefore finds the label of the piece before p that lets p best have
// the label c, and the weight of the way there. before are the weights of the
// piece before.
func likeliestBefore(p *piece, c label, before *weights, table *[labels]weights) (weight float64, from label) {
	weight = math.Inf(-1)
	for a := range labels {
		w := before[a] + table[a][c]
		switch {
		case c == lBio && a == lText:
			w += p.afterText
		case c == lText && a == lText && p.afterText > 0:
			w -= 0.2
		}
		if w > weight {
			weight, from = w, a
		}
	}
	return weight, from
}

// biased moves the weight w of a label by what the page as a whole is taken to
// be: people before titles or after them, nothing of an item outside the timetable.
func biased(w float64, p *piece, c label, peopleFirst float64) float64 {
	switch c {
	case lPeople1:
		w += peopleFirst
	case lTitle:
		w -= peopleFirst / 2
	}
	if p.outside && c != lOut && c != lDay && c != lSession {
		w -= 50
	}
	return w
}
