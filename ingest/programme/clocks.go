package programme

import "math"

// printedTime is a time expression in its place among the others of its day.
type printedTime struct {
	timeSpan
	// lane parts what runs side by side: clocks run forward within a lane.
	lane int
	// day changes where a new day begins.
	day int
}

// settled is a time of day in minutes, -1 where none is printed.
type settled struct {
	start, end int
	// mended says that the printed time was taken for a slip of the pen.
	mended bool
}

// settleClocks tells morning from afternoon and finds slips, as a person does
// who reads down a day: clocks run forward, most things happen between eight
// and six, what is printed counts for more than what is likely.
//
// For each time every sensible meaning is a candidate, and the cheapest way
// through the day is taken (dynamic programming over at most four candidates).
func (r *reader) settleClocks(times []printedTime) []settled {
	out := make([]settled, len(times))
	if r.off("clocks") {
		for i, t := range times {
			out[i] = asPrinted(t)
		}
		return out
	}
	half := usesTwelve(times)
	for from := 0; from < len(times); {
		to := from + 1
		for to < len(times) && times[to].day == times[from].day {
			to++
		}
		settleDay(times[from:to], out[from:to], half)
		from = to
	}
	return out
}

// asPrinted takes a time for what it says by itself.
func asPrinted(t printedTime) settled {
	s := settled{start: meanings(t.start, false)[0].minute, end: -1}
	if t.ranged {
		s.end = meanings(t.end, false)[0].minute
	}
	return s
}

// usesTwelve says whether the page may be of a 12-hour clock: it prints no hour
// above twelve and nothing else of a 24-hour clock.
func usesTwelve(times []printedTime) bool {
	halves := 0
	for _, t := range times {
		for _, c := range []rawClock{t.start, t.end} {
			if c.half != 0 {
				halves++
			}
			if c.hour > 12 {
				return halves > 0 || wrapsAround(times)
			}
		}
	}
	if halves > 0 {
		return true
	}
	leading := 0
	for _, t := range times {
		if t.start.h24 && t.start.hour != 0 {
			leading++
		}
	}
	return leading == 0 || wrapsAround(times)
}

// wrapsAround says whether clocks run backwards within a day, as those of a
// 12-hour clock do after noon ("09:00 … 12:00 … 01:30").
func wrapsAround(times []printedTime) bool {
	for i := 1; i < len(times); i++ {
		if times[i].day == times[i-1].day && times[i].start.hour < 7 && times[i-1].start.hour >= 9 {
			return true
		}
	}
	return false
}

type choice struct {
	start, end int
	cost       float64
	back       int
	mended     bool
}

func settleDay(times []printedTime, out []settled, half bool) {
	if len(times) == 0 {
		return
	}
	layers := make([][]choice, len(times))
	last := map[int]int{} // the latest time of each lane
	for i, t := range times {
		layers[i] = choices(t, half)
		before := -1
		if k, ok := last[t.lane]; ok {
			before = k
		} else if i > 0 {
			before = i - 1
		}
		for c := range layers[i] {
			ch := &layers[i][c]
			ch.back = -1
			if i == 0 {
				ch.cost += firstCost(ch.start)
				continue
			}
			best, from := math.Inf(1), -1
			for k, p := range layers[i-1] {
				cost := p.cost
				if before == i-1 {
					cost += stepCost(p, ch, t.lane == times[i-1].lane)
				}
				if cost < best {
					best, from = cost, k
				}
			}
			ch.cost += best
			ch.back = from
		}
		last[t.lane] = i
	}
	pick := 0
	for c := range layers[len(layers)-1] {
		if layers[len(layers)-1][c].cost < layers[len(layers)-1][pick].cost {
			pick = c
		}
	}
	for i := len(times) - 1; i >= 0; i-- {
		ch := layers[i][pick]
		out[i] = settled{start: ch.start, end: ch.end, mended: ch.mended}
		pick = max(ch.back, 0)
	}
}

// choices lists what a printed time may mean, each with what it costs.
func choices(t printedTime, half bool) []choice {
	var out []choice
	for _, s := range meanings(t.start, half) {
		if !t.ranged {
			out = append(out, choice{start: s.minute, end: -1, cost: s.cost, mended: s.cost >= 3})
			continue
		}
		for _, e := range meanings(t.end, half) {
			c := choice{start: s.minute, end: e.minute, cost: s.cost + e.cost, mended: s.cost >= 3 || e.cost >= 3 || t.start.slip || t.end.slip}
			length := e.minute - s.minute
			switch {
			case length < 0 && e.minute < 6*60 && s.minute > 18*60:
				c.cost += 1 // past midnight
			case length < 0:
				c.cost += 6
			case length == 0:
				c.cost += 2
			case length > 10*60:
				c.cost += 3
			case length > 5*60:
				c.cost++
			}
			out = append(out, c)
		}
	}
	return out
}

type meaning struct {
	minute int
	cost   float64
}

func meanings(c rawClock, half bool) []meaning {
	m := c.minutes()
	switch c.half {
	case 'a':
		if c.hour == 12 {
			m -= 12 * 60
		}
		return []meaning{{m, 0}, {m + 12*60, 3}}
	case 'p':
		if c.hour != 12 {
			m += 12 * 60
		}
		return []meaning{{m % (24 * 60), 0}, {(m + 12*60) % (24 * 60), 3.5}}
	}
	if !half || c.hour > 12 || c.hour == 0 {
		return []meaning{{m, 0}}
	}
	if c.hour == 12 {
		return []meaning{{m, 0}, {m - 12*60, 2}}
	}
	return []meaning{{m, 0}, {m + 12*60, 0.1}}
}

func firstCost(start int) float64 {
	switch {
	case start < 6*60:
		return 3
	case start < 7*60+30:
		return 0.8
	case start > 20*60:
		return 1.5
	case start > 13*60+30:
		return 0.6
	}
	return 0
}

// stepCost is what it costs that a time comes after another.
func stepCost(p choice, c *choice, sameLane bool) float64 {
	cost := 0.0
	step := c.start - p.start
	switch {
	case step < 0 && p.start > 18*60 && c.start < 5*60:
		cost += 1.2 // after midnight
	case step < 0 && sameLane:
		cost += 4
	case step < 0:
		cost += 2
	case step > 6*60:
		cost += 2.5
	case step > 4*60:
		cost++
	}
	if p.end >= 0 && c.start >= 0 {
		if gap := c.start - p.end; gap > 3*60 {
			cost += 1.5
		} else if gap < 0 && step >= 0 && sameLane {
			cost += 0.3
		} else if gap == 0 {
			cost -= 0.3
		}
	}
	if c.start > 22*60 {
		cost += 0.7
	}
	if c.start < 6*60 {
		cost++
	}
	return cost
}
