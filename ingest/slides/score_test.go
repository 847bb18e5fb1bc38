package slides

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// sharedData is a folder of real files to measure against, which lies beside the
// project where there is one.
func sharedData(t testing.TB, name string) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no data to measure against in %s", dir)
	}
	return dir
}

var scoreWord = regexp.MustCompile(`[\pL\pN\pM_]+`)

// scoreWords cuts a text into words to count; where words have no breaks, each
// character counts.
func scoreWords(text string) []string {
	var out []string
	for _, word := range scoreWord.FindAllString(cases.Fold().String(norm.NFKC.String(text)), -1) {
		if strings.ContainsFunc(word, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }) {
			out = append(out, strings.Split(word, "")...)
			continue
		}
		out = append(out, word)
	}
	return out
}

// score is how well texts, one for each page, agree with what they should be: the F1
// of words, and of neighbouring pairs of words.
func score(want, got []string) (words, pairs float64) {
	var hitWords, hitPairs, wantWords, wantPairs, gotWords, gotPairs int
	for i, page := range want {
		w := scoreWords(page)
		var g []string
		if i < len(got) {
			g = scoreWords(got[i])
		}
		hitWords, wantWords, gotWords = hitWords+common(w, g), wantWords+len(w), gotWords+len(g)
		w, g = neighbours(w), neighbours(g)
		hitPairs, wantPairs, gotPairs = hitPairs+common(w, g), wantPairs+len(w), gotPairs+len(g)
	}
	f1 := func(hit, want, got int) float64 {
		if want+got == 0 {
			return 1
		}
		return 2 * float64(hit) / float64(want+got)
	}
	return f1(hitWords, wantWords, gotWords), f1(hitPairs, wantPairs, gotPairs)
}

func common(a, b []string) int {
	count := map[string]int{}
	for _, w := range a {
		count[w]++
	}
	hit := 0
	for _, w := range b {
		if count[w] > 0 {
			count[w]--
			hit++
		}
	}
	return hit
}

func neighbours(words []string) []string {
	var out []string
	for i := 1; i < len(words); i++ {
		out = append(out, words[i-1]+" "+words[i])
	}
	return out
}

// sharedDecks are the decks that there is a reference text for.
func sharedDecks(t testing.TB) (paths []string, pages map[string][]string) {
	t.Helper()
	dir := os.Getenv("ROSTRUM_TEST_DECKS") // another folder of NAME.pdf and NAME.ref.txt
	if dir == "" {
		dir = sharedData(t, "decks")
	}
	refs, err := filepath.Glob(filepath.Join(dir, "*.ref.txt"))
	if err != nil {
		t.Fatal(err)
	}
	pages = map[string][]string{}
	for _, ref := range refs {
		b, err := os.ReadFile(ref)
		if err != nil {
			t.Fatal(err)
		}
		path := strings.TrimSuffix(ref, ".ref.txt") + ".pdf"
		texts := strings.Split(string(b), "\f")
		if strings.TrimSpace(texts[len(texts)-1]) == "" {
			texts = texts[:len(texts)-1]
		}
		paths, pages[path] = append(paths, path), texts
	}
	return paths, pages
}

// TestSharedDecks holds the reading of real decks to its figures.
func TestSharedDecks(t *testing.T) {
	paths, want := sharedDecks(t)
	pool := newPool(t, nil)
	var words, pairs []float64
	for _, path := range paths {
		deck, err := pool.Read(t.Context(), path, "")
		if err != nil || deck.Problem != "" {
			t.Fatalf("%s: %s, %v", filepath.Base(path), deck.Problem, err)
		}
		var got []string
		for _, s := range deck.Slides {
			got = append(got, s.Text)
		}
		w, p := score(want[path], got)
		t.Logf("%-24s words %.3f pairs %.3f", filepath.Base(path), w, p)
		words, pairs = append(words, w), append(pairs, p)
	}
	if mean(words) < 0.985 || slices.Min(words) < 0.95 || mean(pairs) < 0.92 {
		t.Errorf("words %.3f (worst %.3f), pairs %.3f", mean(words), slices.Min(words), mean(pairs))
	}
}

// TestSharedDecksEngines tells how each engine does alone, what the judge makes of both,
// and what the best choice of each page would. The second engine must be worth asking.
func TestSharedDecksEngines(t *testing.T) {
	if testing.Short() {
		t.Skip("reads each page twice")
	}
	paths, want := sharedDecks(t)
	cache := newPool(t, nil)
	if err := cache.warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	engine, err := newPDFium(t.Context(), cache.cfg.CacheDir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := engine.close(); err != nil {
			t.Error(err)
		}
	}()
	var scores [4][]float64
	for _, path := range paths {
		doc, err := engine.open(path)
		if err != nil {
			t.Fatal(err)
		}
		w, err := openWalker(path)
		if err != nil {
			t.Logf("%-24s walker: %v", filepath.Base(path), err)
		}
		j := newJudge(job{Path: path, Walker: true}, doc.meta("Producer")+doc.meta("Creator"), func(progress) {})
		var first, second, judged, best []string
		chosen := 0
		for n := range want[path] {
			a, err := doc.read(n + 1)
			if err != nil {
				t.Logf("%s: %v", filepath.Base(path), err)
			}
			var b page
			if w != nil {
				b, _ = w.read(n+1, a)
			}
			c := j.decide(n+1, a)
			if c.engine == engineWalker {
				chosen++
			}
			x, _ := score(want[path][n:n+1], []string{a.text})
			y, _ := score(want[path][n:n+1], []string{b.text})
			d := a
			if y > x {
				d = b
			}
			if z, _ := score(want[path][n:n+1], []string{c.text}); z < max(x, y)-0.1 {
				t.Logf("  page %d: pdfium %.2f %+v, walker %.2f %+v", n+1, x, examine(a), y, examine(b))
			}
			first, second, judged, best = append(first, a.text), append(second, b.text), append(judged, c.text), append(best, d.text)
		}
		var row [4]float64
		for i, got := range [][]string{first, second, judged, best} {
			row[i], _ = score(want[path], got)
			scores[i] = append(scores[i], row[i])
		}
		t.Logf("%-24s pdfium %.3f walker %.3f judged %.3f best %.3f, %d pages by the walker", filepath.Base(path), row[0], row[1], row[2], row[3], chosen)
		doc.close()
		j.close()
		if w != nil {
			w.close()
		}
	}
	t.Logf("mean: pdfium %.4f walker %.4f judged %.4f best %.4f", mean(scores[0]), mean(scores[1]), mean(scores[2]), mean(scores[3]))
	if mean(scores[1]) < 0.9 || mean(scores[2]) < mean(scores[0]) {
		t.Error("the second engine is not worth asking")
	}
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
