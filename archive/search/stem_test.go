package search

import "testing"

// What somebody asks for again and again in new words must not stay in memory.
func TestLentStemmersForgetWhatIsTooMuch(t *testing.T) {
	t.Parallel()
	for words, kept := range map[int]bool{lentKnown / 2: true, lentKnown: false} {
		var pool stemmers
		st := pool.get()
		for i := range words {
			st.look("word"+letters(i), latin, "en")
		}
		pool.put(st)
		again := pool.get()
		if again != st {
			t.Fatal("another stemmer comes back")
		}
		if got := again.looked > 0 && again.met > 0; got != kept {
			t.Errorf("of %d words it remembers %d, and the stems of %d; want any: %v", words, again.looked, again.met, kept)
		}
		if got := len(again.words["en"]) > 0 || len(again.known["en"]) > 0; got != kept {
			t.Errorf("of %d words it holds %d and %d", words, len(again.words["en"]), len(again.known["en"]))
		}
		if k := again.look("running", latin, "en"); len(k.stems) != 1 || k.stems[0] != "run" {
			t.Errorf("running is %v", k.stems)
		}
	}
}

// letters writes a number in letters.
func letters(n int) string {
	var word []byte
	for ; n > 0; n /= 26 {
		word = append(word, byte('a'+n%26))
	}
	return string(word)
}
