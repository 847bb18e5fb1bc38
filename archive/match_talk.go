package archive

import (
	"cmp"
	"slices"
	"strings"

	"rostrum/internal/fold"
)

// MatchTalks says for each item of a programme which of the known items of the
// same edition it is: an index into known, or -1 when it is a new one. No two
// items are the same known one.
//
// Talks get retitled, moved and passed on to other speakers, but rarely all at
// once: two of title, people and time must speak for it. Lines without people
// (breaks) are told by title and time, several alike in their order. Both
// lists are in the order of their programmes: what stands between the same
// neighbours needs less.
func MatchTalks(known, items []Item) []int {
	m := newTalkMatcher(known, items)
	m.pairs()
	// Best first; among equals those that stand closest, then the earlier.
	slices.SortFunc(m.found, func(a, b talkPair) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(distance(a), distance(b)), cmp.Compare(a.item, b.item), cmp.Compare(a.known, b.known))
	})
	result := slices.Repeat([]int{-1}, len(items))
	taken := make([]bool, len(known))
	for _, p := range m.found {
		if result[p.item] < 0 && !taken[p.known] {
			result[p.item], taken[p.known] = p.known, true
		}
	}
	m.gaps(result, taken)
	return result
}

// gaps matches what is left by its place: a short title that changed, between
// two neighbours that did not.
func (m *talkMatcher) gaps(result []int, taken []bool) {
	next := slices.Repeat([]int{len(taken)}, len(result)+1)
	for i, k := range slices.Backward(result) {
		if next[i] = next[i+1]; k >= 0 {
			next[i] = k
		}
	}
	last, budget := -1, maxPairs
	for i, k := range result {
		if k >= 0 {
			last = k
			continue
		}
		best, bestTitle := -1, 0.4
		for j := last + 1; j < next[i] && budget > 0; j++ {
			budget--
			if taken[j] {
				continue
			}
			a, b := m.known[j], m.items[i]
			people, cast := samePeople(a.people, b.people)
			if title := likeness(a, b); title >= bestTitle && (!cast || people > 0) && a.given == b.given {
				best, bestTitle = j, title
			}
		}
		if best >= 0 {
			result[i], taken[best] = best, true
			last = best
		}
	}
}

type talkPair struct {
	known, item int
	score       float64
}

func distance(p talkPair) int {
	d := p.known - p.item
	return max(d, -d)
}

// maxPairs bounds the work on a programme in which everything resembles
// everything, such as one with thousands of lines of one title.
const maxPairs = 400_000

type talkMatcher struct {
	known, items []talkTraits
	found        []talkPair
}

// talkTraits is what an item is told by, folded once.
type talkTraits struct {
	title  string
	words  []string
	people []string
	when   string // date and start; "" when one is unknown
	url    string
	vague  bool // a title that says nothing: "TBA", "Keynote"
	given  bool
}

func newTalkMatcher(known, items []Item) *talkMatcher {
	m := &talkMatcher{known: traits(known), items: traits(items)}
	dropSharedURLs(m.known)
	dropSharedURLs(m.items)
	return m
}

func traits(items []Item) []talkTraits {
	list := make([]talkTraits, len(items))
	for i, it := range items {
		t := talkTraits{words: fold.Words(it.Title), url: it.URL, given: it.Given()}
		t.title = strings.Join(t.words, " ")
		t.vague = vagueTitle(t.words)
		if it.Start != "" {
			t.when = string(it.Date) + " " + string(it.Start)
		}
		for _, c := range it.Speakers {
			if k := NameKey(c.Name); k != "" {
				t.people = append(t.people, k)
			}
		}
		list[i] = t
	}
	return list
}

// dropSharedURLs forgets addresses that several items name: those are not the
// talk's own pages.
func dropSharedURLs(list []talkTraits) {
	count := map[string]int{}
	for _, t := range list {
		count[t.url]++
	}
	for i := range list {
		if count[list[i].url] > 1 {
			list[i].url = ""
		}
	}
}

// vagueWords are those of titles that stand for a title to come or for a kind.
var vagueWords = map[string]bool{
	"tba": true, "tbd": true, "tbc": true, "to": true, "be": true, "announced": true, "confirmed": true, "title": true, "talk": true,
	"keynote": true, "speech": true, "invited": true, "presentation": true, "session": true, "the": true, "a": true, "untitled": true,
	"lightning": true, "talks": true, "opening": true, "closing": true, "welcome": true, "panel": true, "discussion": true, "workshop": true,
	"tutorial": true, "speaker": true, "guest": true, "lecture": true, "q": true, "and": true, "poster": true, "posters": true,
	"demo": true, "demos": true, "remarks": true, "1": true, "2": true, "3": true, "4": true, "5": true,
}

func vagueTitle(words []string) bool {
	for _, w := range words {
		if !vagueWords[w] {
			return false
		}
	}
	return true
}

// pairs weighs each item against the known ones that share a title, an
// address, a person or a time with it, or at least rare words of the title.
func (m *talkMatcher) pairs() {
	byTrait := map[string][]int{}
	for i, t := range m.known {
		for _, k := range t.blocks() {
			byTrait[k] = append(byTrait[k], i)
		}
	}
	budget := maxPairs
	for i, t := range m.items {
		seen := map[int]bool{}
		for _, k := range t.blocks() {
			for _, j := range byTrait[k] {
				if seen[j] || budget == 0 {
					continue
				}
				seen[j] = true
				budget--
				if s := sameTalk(m.known[j], t); s > 0 {
					m.found = append(m.found, talkPair{known: j, item: i, score: s})
				}
			}
		}
	}
}

// blocks are the keys under which two items find each other.
func (t talkTraits) blocks() []string {
	keys := []string{"t:" + t.title}
	if t.url != "" {
		keys = append(keys, "u:"+t.url)
	}
	for _, p := range t.people {
		keys = append(keys, "p:"+p)
	}
	if t.when != "" {
		keys = append(keys, "w:"+t.when)
	}
	for _, w := range t.words {
		if len(w) > 5 {
			keys = append(keys, "o:"+w)
		}
	}
	return keys
}

// sameTalk weighs two items: 0 is not the same, more is surer.
func sameTalk(a, b talkTraits) float64 {
	l := talkLikeness{title: likeness(a, b), page: a.url != "" && a.url == b.url, moved: a.when != "" && b.when != "" && a.when != b.when}
	l.people, l.cast = samePeople(a.people, b.people)
	score := 0.5*l.title + 0.3*l.people
	if l.slot = a.when != "" && a.when == b.when; l.slot {
		score += 0.15
	}
	if l.page {
		score += 0.3
	}
	if l.title == 1 && !a.vague {
		score += 0.15 // above one that is nearly so, in the better slot
	}
	if !l.cast {
		score += 0.1 // nobody to disagree
	}
	if !l.enough(a, b) {
		return 0
	}
	return score
}

// talkLikeness is in what two items are alike.
type talkLikeness struct {
	title, people float64 // from 0 to 1
	cast          bool    // people are known of both
	page          bool    // both have the same page of their own
	slot, moved   bool    // the time is the same; it is another
}

// enough says whether two items are alike in enough.
func (l talkLikeness) enough(a, b talkTraits) bool {
	switch {
	case l.page && (l.title >= 0.4 || l.people > 0):
		return true
	case l.title == 1 && a.vague:
		// "Keynote" on Monday is not "Keynote" on Tuesday.
		return l.people >= 0.5 || l.slot || !l.cast && (!l.moved || !a.given)
	case l.title == 1:
		// The same long title by others at another time is rare, and the
		// same short one ("Erlang in practice") is not.
		return !l.cast || l.people > 0 || l.slot || len(a.words) >= 4
	case a.vague || b.vague:
		return l.people >= 0.5 && (!l.moved || !a.vague || !b.vague)
	case !l.cast:
		return l.slot && l.title >= 0.5 || l.title >= 0.8 && !l.moved || l.title >= 0.9 && len(a.words) >= 4
	case l.people >= 0.5:
		return l.people == 1 && l.slot || l.title >= 0.4 || l.slot && l.title >= 0.2
	}
	return l.people == 0 && l.slot && l.title >= 0.7 || l.title >= 0.9 && len(a.words) >= 4
}

// samePeople returns how many of the smaller cast are in the other, from 0 to
// 1, and whether both are known.
func samePeople(a, b []string) (float64, bool) {
	if len(a) == 0 || len(b) == 0 {
		return 0, false
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	common := 0
	for _, p := range a {
		if slices.Contains(b, p) {
			common++
		}
	}
	return float64(common) / float64(len(a)), true
}

// likeness of two titles from 0 to 1: the words they share, by length, since
// long words say more; a subtitle that was added or dropped costs little.
func likeness(a, b talkTraits) float64 {
	if a.title == b.title {
		return 1
	}
	total, common := 0, 0
	rest := slices.Clone(b.words)
	for _, w := range b.words {
		total += len(w)
	}
	for _, w := range a.words {
		total += len(w)
		if i := slices.IndexFunc(rest, func(o string) bool { return nearlyWord(w, o) }); i >= 0 {
			common += len(w) + len(rest[i])
			rest = slices.Delete(rest, i, i+1)
		}
	}
	if total == 0 {
		return 0
	}
	share := float64(common) / float64(total)
	if strings.HasPrefix(a.title, b.title+" ") && len(b.words) > 2 || strings.HasPrefix(b.title, a.title+" ") && len(a.words) > 2 {
		share = max(share, 0.85)
	}
	return min(share, 0.99)
}

// nearlyWord forgives one letter in a long word.
func nearlyWord(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 5 || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:] || i+2 <= len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
	}
	return a[i:] == b[i+1:]
}
