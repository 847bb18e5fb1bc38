package score

import (
	"cmp"
	"slices"
	"strings"

	"rostrum/archive"
)

// Pair is an answer and the item that was read for it, by their indices.
type Pair struct{ Gold, Read int }

// Case counts into t how well got answers gold.
func (t Tally) Case(gold Gold, got archive.Programme) {
	base := cmp.Or(gold.BaseURL, "https://example.org/")
	pairs := Align(gold.Items, got.Items)
	hit := float64(len(pairs))
	t.add("item", hit, float64(len(gold.Items))-hit, float64(len(got.Items))-hit)

	wanted, had := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		wanted[p.Gold], had[p.Read] = true, true
		t.kinds(gold.Items[p.Gold], got.Items[p.Read])
		t.item(gold.Items[p.Gold], got.Items[p.Read], base)
	}
	for i, g := range gold.Items {
		if !wanted[i] {
			t.item(g, archive.Item{}, base)
		}
	}
	for j, r := range got.Items {
		if !had[j] {
			t.item(Item{}, r, base)
		}
	}
	t.edition(gold.Edition, got.Edition, base)
}

// Align pairs answers with items read: the likest titles first, the clock
// breaking ties; titles less than 0.8 alike are no pair.
func Align(gold []Item, got []archive.Item) []Pair {
	type candidate struct {
		Pair
		score float64
		apart int
	}
	var all []candidate
	for i, g := range gold {
		for j, r := range got {
			score := best(g.Title, g.TitleAlt, r.Title)
			if score < 0.8 {
				continue
			}
			if g.Start != "" && g.Start == string(r.Start) {
				score += 0.3
			}
			if g.Date != "" && g.Date == string(r.Date) {
				score += 0.1
			}
			all = append(all, candidate{Pair{i, j}, score, max(i-j, j-i)})
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.apart, b.apart), cmp.Compare(a.Gold, b.Gold), cmp.Compare(a.Read, b.Read))
	})
	var out []Pair
	goldTaken, readTaken := map[int]bool{}, map[int]bool{}
	for _, c := range all {
		if !goldTaken[c.Gold] && !readTaken[c.Read] {
			goldTaken[c.Gold], readTaken[c.Read] = true, true
			out = append(out, c.Pair)
		}
	}
	return out
}

// kinds counts the kind of an item that was found.
func (t Tally) kinds(g Item, r archive.Item) {
	kinds := append([]string{g.Kind}, g.KindAlt...)
	talkLike := func(kind string) bool { return archive.Kind(kind).TalkLike() }
	same := 0.0
	if slices.ContainsFunc(kinds, func(k string) bool { return talkLike(k) == r.Kind.TalkLike() }) {
		same = 1
	}
	t.add("talk_or_not", same, 1-same, 1-same)

	hit := 0.0
	for _, group := range [][]string{{"talk", "invited", "keynote"}, {"break", "meal"}, {"other", "opening", "closing"}, {"workshop", "tutorial"}} {
		if slices.Contains(group, string(r.Kind)) && slices.ContainsFunc(kinds, func(k string) bool { return slices.Contains(group, k) }) {
			hit = 0.5
		}
	}
	if slices.Contains(kinds, string(r.Kind)) {
		hit = 1
	}
	t.add("kind", hit, 1-hit, 1-hit)
}

// item counts all but title and kind. Either side may be the zero value: an
// answer that was missed, or an item that was made up.
func (t Tally) item(g Item, r archive.Item, base string) {
	t.people(g, r)
	t.clock("date", g.Date, string(r.Date), "")
	t.clock("start", g.Start, string(r.Start), g.SlotStart)
	t.clock("end", g.End, string(r.End), g.SlotEnd)
	for _, f := range []struct{ name, want, got string }{{"room", g.Room, r.Room}, {"track", g.Track, r.Track}} {
		if f.want != "" || f.got != "" {
			t.one(f.name, f.want, f.got, alike(f.want, f.got) >= 0.8)
		}
	}
	if g.AbstractFirst != "" || archive.Kind(g.Kind).TalkLike() {
		t.edges("abstract", g.AbstractFirst, g.AbstractLast, r.Abstract)
	}
	if g.Kind != "" || g.Title != "" {
		var bios []string
		for _, s := range r.Speakers {
			if s.Bio != "" {
				bios = append(bios, s.Bio)
			}
		}
		t.edges("bio", g.BioFirst, g.BioLast, strings.Join(bios, " "))
	}
	for _, f := range []struct {
		name      string
		want, got []string
	}{{"slides", g.Slides, r.Slides}, {"video", g.Video, r.Video}, {"paper", g.Paper, r.Paper}} {
		t.many(f.name, links(f.want, base), links(f.got, base))
	}
}

func (t Tally) people(g Item, r archive.Item) {
	want, got := map[string]string{}, map[string]string{} // name: affiliation
	for _, s := range g.Speakers {
		want[person(s.Name)] = s.Affiliation
	}
	for _, s := range r.Speakers {
		got[person(s.Name)] = s.Affiliation
	}
	hit := 0.0
	for name, a := range want {
		b, ok := got[name]
		if !ok {
			continue
		}
		hit++
		if a != "" || b != "" {
			t.one("affiliation", a, b, alike(a, b) >= 0.75)
		}
	}
	t.add("speakers", hit, float64(len(want))-hit, float64(len(got))-hit)
}

// clock counts a date or time; slot is a further value that costs nothing.
func (t Tally) clock(field, want, got, slot string) {
	if want != "" || (got != "" && got != slot) {
		t.one(field, want, got, want == got)
	}
}

// edges counts a long text: half for where it begins, half for where it ends.
func (t Tally) edges(field, first, last, got string) {
	chars := unspaced(first + last)
	words := edgeWords(got, chars)
	if first == "" && last == "" {
		t.add(field, 0, 0, min(1, float64(len(words))))
		return
	}
	hit := 0.0
	want := edgeWords(first, chars)
	if n := len(want); n == 0 || longestRun(want, words[:min(n+2, len(words))]) >= max(1, n-1) {
		hit += 0.5
	}
	want = edgeWords(last, chars)
	if n := len(want); n == 0 || longestRun(want, words[max(0, len(words)-n-2):]) >= max(1, n-1) {
		hit += 0.5
	}
	extra := 0.0
	if len(words) > 0 {
		extra = 1 - hit
	}
	t.add(field, hit, 1-hit, extra)
}

func (t Tally) edition(g Edition, r archive.EditionInfo, base string) {
	if g.Title != "" || r.Title != "" {
		t.one("edition.title", g.Title, r.Title, best(g.Title, g.TitleAlt, r.Title) >= 0.75)
	}
	t.clock("edition.dates", g.StartDate, string(r.StartDate), "")
	t.clock("edition.dates", g.EndDate, string(r.EndDate), "")
	for _, f := range []struct{ want, got string }{{g.Venue, r.Venue}, {g.City, r.City}, {g.Country, r.Country}} {
		if f.want != "" { // a place that a page implies but does not print costs nothing
			t.one("edition.place", f.want, f.got, alike(f.want, f.got) >= 0.7)
		}
	}
	if g.Language != "" {
		t.one("edition.language", g.Language, r.Language, cut2(g.Language) == cut2(r.Language))
	}
	t.many("edition.organizers", each(g.Organizers, person), each(r.Organizers, person))
	t.many("edition.topics", each(g.Topics, plain), each(r.Topics, plain))
	t.many("edition.related", links(g.RelatedEditions, base), links(r.RelatedEditions, base))
}

func links(hrefs []string, base string) []string {
	return each(hrefs, func(h string) string { return link(h, base) })
}

func each(values []string, f func(string) string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = f(v)
	}
	return out
}

func cut2(s string) string { return s[:min(2, len(s))] }
