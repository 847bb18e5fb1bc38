package search

import (
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/internal/fold"
)

// The words near another are those of so small a distance, whatever letters
// and however many segments and deleted talks there are.
func TestWordsNearAnother(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	letters := []rune("abcdeaеоäøж")
	word := func() string {
		out := make([]rune, 1+rng.IntN(8))
		for i := range out {
			out[i] = letters[rng.IntN(len(letters))]
		}
		return string(out)
	}
	feed := &memory{}
	list := manyEntries(300)
	for i := range list {
		words := make([]string, 30)
		for k := range words {
			words[k] = word()
		}
		list[i].Abstract = strings.Join(words, " ")
	}
	feed.put(list[:200]...)
	ix := open(t, feed)
	feed.put(list[200:]...)
	for _, e := range list[:50] {
		feed.remove(e.ID)
	}
	catchUp(t, ix)
	fresh, err := ix.acquire()
	must(t, err)
	defer fresh.release()
	for _, v := range []*view{fresh, onDisk(t, ix, false), onDisk(t, ix, true)} {
		counts := map[string]uint64{}
		must(t, v.beginning(spelled, "", counts))
		for range 100 {
			sought := fold.Text(word())
			m := newMisspelled(sought)
			for most := range 3 {
				want, got := map[string]uint64{}, map[string]uint64{}
				for other, n := range counts {
					if fold.Distance(sought, other) <= most {
						want[other] = n
					}
				}
				for _, s := range v.segments {
					words, err := s.words()
					must(t, err)
					words.near(m, most, func(i uint32, word []byte, distance int) {
						got[string(word)] += uint64(words.counts[i])
						if d := fold.Distance(sought, string(word)); d != distance {
							t.Errorf("%s and %s are %d apart, want %d", sought, word, distance, d)
						}
					})
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%d near %s (-want +got):\n%s", most, sought, diff)
				}
			}
			near, err := v.near(sought)
			must(t, err)
			for _, c := range near {
				n := 0
				must(t, v.talksWith(spelled, c.word, func(uint32) bool { n++; return true }))
				if n != c.df {
					t.Errorf("%s is said to stand in %d talks, want %d", c.word, c.df, n)
				}
			}
		}
	}
}

// The terms of a field that begin alike are those that zap lists, with as many
// documents.
func TestTermsThatBeginAlike(t *testing.T) {
	feed := &memory{}
	feed.fill(wordy())
	ix := open(t, feed)
	v := onDisk(t, ix, true)
	for _, field := range []string{spelled, inTitle.indexed(), inAbstract.indexed(), slideWords} {
		for _, prefix := range []string{"", "t", "ma", "tal", "障", "nothing begins so"} {
			want, got := map[string]uint64{}, map[string]uint64{}
			dict, err := v.reader.FieldDictPrefix(field, []byte(prefix))
			must(t, err)
			for {
				e, err := dict.Next()
				must(t, err)
				if e == nil {
					break
				}
				want[e.Term] = e.Count
			}
			must(t, dict.Close())
			must(t, v.beginning(field, prefix, got))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s %q (-zap +ours):\n%s", field, prefix, diff)
			}
			if prefix == "tal" && field == inTitle.indexed() && !maps.Equal(got, map[string]uint64{"talk": 1500}) {
				t.Errorf("of %q: %v", prefix, got)
			}
		}
	}
}
