package search

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"rostrum/archive"
)

// TestSlideIsFound asks for every page of a set of decks by its four rarest words.
func TestSlideIsFound(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "decks"), "*.ref.txt"))
	if err != nil {
		t.Fatal(err)
	}
	long := regexp.MustCompile(`[^\P{L}]{4,}`)
	fold := cases.Fold()
	feed := &memory{}
	pages := map[archive.TalkID][][]string{}
	seen := map[string]int{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".ref.txt")
		if strings.Contains(name, "merged") {
			continue
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		e := archive.Entry{SeriesName: "Decks", EditionTitle: "Decks 2020", EditionYear: 2020}
		e.ID, e.Kind, e.Title = archive.TalkID("decks/2020/"+name), archive.KindTalk, "Deck "+name
		var slides []archive.SlideWords
		for i, page := range strings.Split(string(b), "\f") {
			slides = append(slides, archive.SlideWords{Number: i + 1, Text: norm.NFKC.String(page)})
			words := unique(long.FindAllString(fold.String(norm.NFKC.String(page)), -1))
			for _, w := range words {
				seen[w]++
			}
			pages[e.ID] = append(pages[e.ID], words)
		}
		e.DeckSlides = [][]archive.SlideWords{slides}
		feed.put(e)
	}
	ix := open(t, feed)
	asked, talk, slide := 0, 0, 0
	for id, all := range pages {
		for number, words := range all {
			if len(words) < 8 {
				continue
			}
			words = slices.SortedFunc(slices.Values(words), func(a, b string) int {
				return cmp.Or(seen[a]-seen[b], len([]rune(b))-len([]rune(a)), strings.Compare(a, b))
			})[:4]
			asked++
			res := ask(t, ix, Request{Query: Parse(strings.Join(words, " ")), Limit: 10})
			if len(res.Hits) == 0 || res.Hits[0].Talk != id {
				t.Logf("%v: want %s", words, id)
				continue
			}
			talk++
			if s := res.Hits[0].Slides; len(s) > 0 && (s[0].Number == number+1 || has(all[s[0].Number-1], words)) {
				slide++
			} else {
				t.Logf("%v: want %s %d, got %v", words, id, number+1, s)
			}
		}
	}
	rightTalk, rightSlide := float64(talk)/float64(asked), float64(slide)/float64(asked)
	t.Logf("%d pages asked: right talk first %.3f, right slide first %.3f", asked, rightTalk, rightSlide)
	if rightTalk < 0.97 || rightSlide < 0.92 {
		t.Error("want at least 0.97 and 0.92")
	}
}

func has(all, some []string) bool {
	return !slices.ContainsFunc(some, func(w string) bool { return !slices.Contains(all, w) })
}
