package programme

import "rostrum/archive"

// coherence says how well a reading hangs together: many items that are whole
// (a title, people where others have them, a time where others have one), few
// that look like something else.
func (r *reader) coherence(items []archive.Item, timed bool) float64 {
	total := 0.0
	people, talks, clocked := 0, 0, 0
	for i := range items {
		if items[i].Kind.TalkLike() {
			talks++
			if len(items[i].Speakers) > 0 {
				people++
			}
			if items[i].Start != "" {
				clocked++
			}
		}
	}
	peopled, clockwork := people*2 > talks, clocked*2 > talks
	for i := range items {
		it := &items[i]
		w := 0.5 + 0.5*titleScore(it.Title)
		if len(it.Speakers) > 0 {
			s := 0.0
			for _, c := range it.Speakers {
				s += r.vocab.nameScore(c.Name)
			}
			w += s / float64(len(it.Speakers))
		} else if peopled && it.Kind.TalkLike() {
			w -= 0.8
		}
		if it.Start != "" {
			w += 0.7
		} else if clockwork && it.Kind.TalkLike() {
			w -= 0.7
		}
		if it.Abstract != "" && it.Kind.TalkLike() {
			w += 0.2
		}
		if len(it.Slides)+len(it.Video) > 0 {
			w += 0.3
		}
		if r.vocab.nameScore(it.Title) > 0.6 {
			w -= 0.8
		}
		total += w
	}
	if timed {
		total *= 1.3
	}
	return total
}
