package search

import (
	"slices"
	"strings"
)

// depth is how many of the best talks get a second look. Those behind keep
// their order, so paging deep stays stable.
const depth = 400

// rank finishes the scores: more of the query found is better, and the best
// talks are looked at again.
func (r *run) rank(order []uint32) {
	s, w := r.scratch, &r.view.weights
	if len(r.lists) > 1 {
		for _, ord := range order {
			s.score[ord] *= 1 - w.covered*(1-r.covered(ord))
		}
	}
	top := r.top(order, depth)
	r.lookAtMeaning(top)
	r.lookAtTitles(top)
}

// top returns the n talks of highest score, in no order.
func (r *run) top(order []uint32, n int) []uint32 {
	if len(order) <= n {
		return slices.Clone(order)
	}
	s := r.scratch
	scores := make([]float32, len(order))
	for i, ord := range order {
		scores[i] = s.score[ord]
	}
	least := nth(scores, n)
	top := make([]uint32, 0, n+16)
	for _, ord := range order {
		if s.score[ord] >= least {
			top = append(top, ord)
		}
	}
	return top
}

// nth returns the n-th largest of numbers, which it reorders.
func nth(list []float32, n int) float32 {
	low, high := 0, len(list)-1
	for low < high {
		pivot := list[(low+high)/2]
		i, j := low, high
		for i <= j {
			for list[i] > pivot {
				i++
			}
			for list[j] < pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case n-1 <= j:
			high = j
		case n-1 >= i:
			low = i
		default:
			return list[n-1]
		}
	}
	return list[n-1]
}

// lookAtTitles rewards talks whose title and people say what was asked, as it
// was spelled: who knows a talk remembers those.
func (r *run) lookAtTitles(top []uint32) {
	words := r.plan.spelled
	if len(words) == 0 {
		return
	}
	s, w := r.scratch, &r.view.weights
	worth := make([]float32, len(words))
	keys := make([]string, len(words))
	total := float32(0)
	for i, word := range words {
		keys[i] = " " + word.word + " "
		if slices.ContainsFunc(words[:i], func(o spelledWord) bool { return o.word == word.word }) {
			continue
		}
		worth[i] = 1 // of a common word
		if at := slices.Index(r.plan.wished, word.slot); at >= 0 {
			worth[i] = max(r.lists[at].idf, 1)
		}
		total += worth[i]
	}
	phrase := strings.Join(keys, "")
	phrase = strings.ReplaceAll(phrase, "  ", " ")
	for _, ord := range top {
		row := r.view.columns.rows[ord]
		have, named, n := float32(0), float32(0), 0
		for i := range words {
			switch {
			case worth[i] == 0:
			case strings.Contains(row.titleKey, keys[i]):
				have += worth[i]
				n++
			case strings.Contains(row.nameKey, keys[i]):
				named += worth[i]
			}
		}
		if have+named == 0 {
			continue
		}
		part := (have + named) / total
		bonus := w.titled * part * part
		if have > 0 {
			bonus += w.whole * part * part * float32(n) / float32(strings.Count(row.titleKey, " ")-1)
		}
		if len(words) > 1 && strings.Contains(row.titleKey, phrase) {
			bonus += w.ordered
		}
		s.score[ord] *= 1 + bonus
	}
}
