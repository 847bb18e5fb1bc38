package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// onDisk takes a view of an index whose segments are all on disk, merged when
// compact is true.
func onDisk(t *testing.T, ix *Index, compact bool) *view {
	t.Helper()
	must(t, ix.gen.settle())
	if compact {
		must(t, ix.gen.compact(context.Background()))
	}
	ix.refresh()
	v, err := ix.acquire()
	must(t, err)
	t.Cleanup(v.release)
	return v
}

// What is read from the bytes of a segment is what zap reads from it, in
// memory, on disk and merged.
func TestPostingsAreWhatZapReads(t *testing.T) {
	feed := &memory{}
	feed.fill(wordy())
	ix := open(t, feed)
	for i := range 40 {
		feed.remove(archive.TalkID(fmt.Sprintf("many/2021/t%d", 3*i)))
	}
	late := sample()[1]
	late.Abstract = "Words that no other says: obstreperous. " + late.Abstract
	feed.put(late)
	catchUp(t, ix)
	fresh, err := ix.acquire()
	must(t, err)
	defer fresh.release()
	for name, v := range map[string]*view{"fresh": fresh, "on disk": onDisk(t, ix, false), "merged": onDisk(t, ix, true)} {
		for _, seg := range v.segments {
			if name != "fresh" && seg.bytes == nil {
				t.Errorf("%s: the bytes of a segment of %d documents are not read", name, len(seg.ords))
			}
			for _, field := range fieldNames() {
				if field == "_id" || field == stored {
					continue
				}
				sameTerms(t, seg, field)
			}
		}
	}
}

func sameTerms(t *testing.T, seg *numbered, field string) {
	t.Helper()
	dict, err := seg.Segment().Dictionary(field)
	must(t, err)
	for terms := dict.AutomatonIterator(nil, nil, nil); ; {
		e, err := terms.Next()
		must(t, err)
		if e == nil {
			return
		}
		zaps, err := dict.PostingsList([]byte(e.Term), nil, nil)
		must(t, err)
		want := map[uint32]uint64{}
		for it := zaps.Iterator(true, false, false, nil); ; {
			p, err := it.Next()
			must(t, err)
			if p == nil {
				break
			}
			want[uint32(p.Number())] = p.Frequency()
		}
		list, err := seg.list(field, e.Term)
		must(t, err)
		got := map[uint32]uint64{}
		must(t, list.each(func(doc uint32, packed uint64) { got[doc] = packed }))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s %q (-zap +ours):\n%s", field, e.Term, diff)
		}
		if field == spelled {
			continue // which has no numbers to stream
		}
		for _, step := range []int{1, 2, 61} {
			clear(got)
			var docs []uint32
			for doc := 0; doc < len(seg.ords); doc += step {
				docs = append(docs, uint32(doc))
			}
			numbers := make([]uint64, len(docs))
			must(t, list.stream(uint64(len(seg.ords))).read(docs, numbers))
			for i, doc := range docs {
				if numbers[i] != want[doc] {
					t.Fatalf("%s %q: document %d of every %d streams %d, want %d", field, e.Term, doc, step, numbers[i], want[doc])
				}
			}
		}
	}
}

// A phrase is found where the texts have it, wherever in however long a text
// its words stand.
func TestPhrasesAreWhereTextsHaveThem(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	say := func(n int) string {
		words := make([]string, n)
		for i := range words {
			words[i] = fmt.Sprintf("q%dx", min(rng.IntN(14), rng.IntN(14)))
		}
		return strings.Join(words, " ")
	}
	feed := &memory{}
	texts := map[archive.TalkID][]string{}
	for i := range 400 {
		e := manyEntries(1)[0]
		e.ID = archive.TalkID(fmt.Sprintf("many/2021/t%d", i))
		e.Abstract = say(5 + rng.IntN(10) + i%3*rng.IntN(150))
		e.DeckSlides = [][]archive.SlideWords{nil}
		texts[e.ID] = []string{e.Abstract}
		for n := range rng.IntN(4) {
			slide := archive.SlideWords{Number: n + 1, Text: say(2 + rng.IntN(90))}
			e.DeckSlides[0] = append(e.DeckSlides[0], slide)
			texts[e.ID] = append(texts[e.ID], slide.Text)
		}
		feed.put(e)
	}
	feed.remove("many/2021/t7")
	delete(texts, "many/2021/t7")
	ix := open(t, feed)
	for _, compact := range []bool{false, true} {
		onDisk(t, ix, compact)
		for range 60 {
			phrase := say(2 + rng.IntN(3))
			var want []archive.TalkID
			for id, list := range texts {
				if slices.ContainsFunc(list, func(text string) bool { return strings.Contains(" "+text+" ", " "+phrase+" ") }) {
					want = append(want, id)
				}
			}
			var got []archive.TalkID
			for _, h := range ask(t, ix, Request{Query: Parse(`"` + phrase + `"`), Limit: 1000, Exact: true}).Hits {
				got = append(got, h.Talk)
			}
			slices.Sort(want)
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%q (-want +got):\n%s", phrase, diff)
			}
		}
	}
}
