package search

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// What is looked up in keys, masks and digests is what reading the words tells.

func TestTitlesAreComparedAsTheyAreSpelled(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	words := []string{"walking", "walks", "walk", "café", "cafe", "state", "machines", "machine", "c++", "the", "of", "a"}
	say := func(n int) string {
		var s []string
		for range n {
			s = append(s, words[rng.IntN(len(words))])
		}
		return strings.Join(s, []string{" ", "-", ": "}[rng.IntN(3)])
	}
	var entries []archive.Entry
	for i := range 400 {
		e := archive.Entry{SeriesName: "Some", EditionYear: 2000, EditionLanguage: "en"}
		e.ID = archive.TalkID(fmt.Sprintf("some/2000/t%d", i))
		e.Title, e.Abstract, e.Language = say(rng.IntN(6)), say(4), "en"
		e.Speakers = []archive.Credit{{Name: say(2)}, {Name: "Walk Café"}}
		entries = append(entries, e)
	}
	feed := &memory{}
	feed.fill(entries)
	ix := open(t, feed)
	v, err := ix.acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer v.release()
	grew := 0
	for _, query := range []string{
		"walking machines", "walks café", "c++ state machine", "the state of machines", "walk a walk", "a walk", "title:walking abstract:state machine",
		"walking walks walk café cafe state machines machine c++ the", // more words than a mask has
	} {
		r, err := v.begin(t.Context(), Request{Limit: maxLimit}, ix.plan(v, Parse(query)), ix)
		if err != nil {
			t.Fatal(err)
		}
		asked := r.asked()
		for i, ord := range r.scored {
			one := ranked{ord, r.score[i], r.named[i]}
			got, want := r.titled(one, &asked), plainTitled(r, ord)
			if got != want {
				t.Errorf("%s: %s grows by %v, want %v", query, v.columns.rows[ord].title, got, want)
			}
			if got > 1 {
				grew++
			}
		}
		r.end()
	}
	if grew == 0 {
		t.Error("nothing grew")
	}
}

// plainTitled is titled by comparing texts.
func plainTitled(r *run, ord uint32) float32 {
	w, row := &r.view.weights, r.view.columns.rows[ord]
	rare := func(word string) float32 {
		n := 0
		for _, other := range r.view.columns.rows {
			if slices.Contains(fold.Words(other.title), word) {
				n++
			}
		}
		return idf(n, r.view.columns.talks)
	}
	title, phrase := " "+fold.Key(row.title)+" ", " "
	var names []string
	for _, p := range row.people {
		names = append(names, fold.Words(p.name)...)
	}
	have, named, total, share, lacks, n := float32(0), float32(0), float32(0), float32(0), float32(0), 0
	known := map[string]bool{}
	for _, word := range r.plan.spelled {
		phrase = strings.Join([]string{phrase, word.word, " "}, "")
		worth, in := float32(1), fieldMask(1<<inTitle|1<<inSpeaker)
		if at := slices.Index(r.plan.wished, word.slot); at >= 0 {
			worth, in = max(r.terms[at].idf, 1), 0
			if k, ok := r.terms[at].index(ord); ok {
				in = r.terms[at].fields[k]
			}
		}
		if known[word.word] {
			continue
		}
		known[word.word] = true
		total += worth
		if in.has(inTitle) && strings.Contains(title, " "+word.word+" ") {
			have += worth
			share += rare(word.word)
			n++
		} else if in.has(inSpeaker) && slices.Contains(names, word.word) {
			named += worth
		} else if at := slices.Index(r.plan.wished, word.slot); at >= 0 && len(r.plan.spelled) < nearFrom {
			all := r.terms[at].ords()
			for _, also := range r.terms[at].also {
				all = append(slices.Clone(all), also.ords()...)
			}
			if len(all) > 0 && !slices.Contains(all, ord) {
				lacks += worth
			}
		}
	}
	if have+named == 0 {
		return 1
	}
	part := (have + named) / total
	most := part * part * part
	bonus := w.titled * most
	if have > 0 {
		all := float32(0)
		for i, word := range fold.Words(row.title) {
			if !slices.Contains(fold.Words(row.title)[:i], word) {
				all += rare(word)
			}
		}
		bonus += w.whole * most * share / all
	}
	if n > 1 && strings.Contains(title, phrase) {
		bonus += w.ordered
	}
	return 1 + bonus*(1-lacks/total)
}

func TestHintsAreFoundByDigest(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(5, 6))
	m := &model{from: []uint32{0}}
	for range 3000 {
		m.idf = append(m.idf, 1+8*rng.Float32())
	}
	for range 200 {
		from := len(m.words)
		for term := range m.idf {
			if rng.IntN(40) == 0 {
				m.words = append(m.words, aboutWord(term<<8|1+rng.IntN(255)))
			}
		}
		if rng.IntN(20) == 0 {
			m.words = m.words[:from] // a talk without words
		}
		m.from = append(m.from, uint32(len(m.words)))
	}
	m.makeDigests(nil)
	s := &scratch{}
	for range 50 {
		var list hintList
		for _, term := range rng.Perm(len(m.idf))[:1+rng.IntN(feedbackWords)] {
			list = append(list, hint{term: uint32(term), weight: rng.Float32() / feedbackWords})
		}
		slices.SortFunc(list, func(a, b hint) int { return cmp.Compare(a.term, b.term) })
		for i, one := range list {
			list[i].most = one.weight * m.idf[one.term]
		}
		set := list.set(s)
		for ord := range uint32(len(m.from) + 3) { // some newer than the model
			want := float32(0)
			for _, w := range m.of(ord) {
				if i := slices.IndexFunc(list, func(h hint) bool { return h.term == w.term() }); i >= 0 {
					want += list[i].weight * w.weight() * m.idf[w.term()]
				}
			}
			some := set.among(m.digest(ord))
			if got := set.of(some, m.of(ord), m); got != want || set.most(some) < want {
				t.Fatalf("talk %d: %v of at most %v, want %v", ord, got, set.most(some), want)
			}
		}
	}
}

func TestNthLargest(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(8, 9))
	for range 300 {
		list := make([]float32, 1+rng.IntN(500))
		kinds := rng.IntN(40) // many are equal
		for i := range list {
			list[i] = rng.Float32() * 30
			if kinds < 20 {
				list[i] = float32(rng.IntN(kinds + 1))
			}
		}
		sorted := slices.Sorted(slices.Values(list))
		n := 1 + rng.IntN(len(list))
		if got, want := nth(slices.Clone(list), n), sorted[len(sorted)-n]; got != want {
			t.Fatalf("%d-th of %v: %v, want %v", n, list, got, want)
		}
	}
}

func TestDepthIsReached(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(1, 9))
	var l depthLeast
	for range 20 {
		l.begin(17)
		var all []float32
		for range 3000 {
			score := 17 * rng.Float32() * rng.Float32()
			all = append(all, score)
			l.add(score)
			if len(all) < depth {
				continue
			}
			if want := nth(slices.Clone(all), depth); l.bound > want*rounding || l.bound < want-0.02 {
				t.Fatalf("%d scores: bound %v, want %v", len(all), l.bound, want)
			}
		}
	}
}

// The first by date are those of all in order.
func TestFirstByDate(t *testing.T) {
	c := &columns{}
	var all []uint32
	for i := range 500 {
		r := &row{id: archive.TalkID(numbers("t", i%60+1))}
		if i%7 != 0 {
			r.date = archive.MakeDate(1990+i*37%31, 1+i%12, 1)
		}
		c.rows, all = append(c.rows, r), append(all, uint32(i))
	}
	for _, newest := range []bool{true, false} {
		want := slices.Clone(all)
		slices.SortFunc(want, func(a, b uint32) int { return c.byDate(a, b, newest) })
		for _, n := range []int{1, 2, 20, 249, 250, 251, 500, 900} {
			got := c.firstByDate(all, n, newest)
			same := len(got) == min(n, len(all))
			for i := range got {
				same = same && c.byDate(got[i], want[i], newest) == 0
			}
			if !same {
				t.Errorf("the first %d are others", n)
			}
		}
	}
}
