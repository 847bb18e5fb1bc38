package search

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Marker finds a query's words in texts and cuts fragments around them. It is
// for one goroutine at a time, knows nothing but the query, and may outlive
// the search and the index. The zero Marker marks nothing. What was asked for
// behind speaker, affil or topic is known to MarksIn alone.
type Marker struct {
	stems    map[string]bool
	words    map[string]bool
	prefixes []string
	names    []askedName
	phrases  [][]int          // the words at each place, by number; anyWord where any may stand
	inPhrase map[string][]int // by form: the words of phrases that have it
	heads    heads
	langs    []string
	pool     *stemmers
	stem     *stemmer // while marking
	met      map[string]bool
	fitting  map[string][]int // words of texts that were met: which words of phrases they are
}

// anyWord stands in a phrase where any word may.
const anyWord = -1

// heads are the beginnings of the words asked for. Stemming cuts words behind,
// so that of a text only the few words that begin alike need be looked at.
type heads struct {
	any  bool
	seen [16]uint64
}

func headOf(word string) uint { return (uint(word[0])*31 + uint(word[1])) % 1024 }

func (h *heads) add(word string) {
	if len(word) < 2 {
		h.any = h.any || word != ""
		return
	}
	n := headOf(word)
	h.seen[n/64] |= 1 << (n % 64)
}

func (h *heads) has(word string) bool {
	if h.any || len(word) < 2 {
		return h.any
	}
	n := headOf(word)
	if h.seen[n/64]&(1<<(n%64)) != 0 {
		return true
	}
	// Polish cuts before, too.
	rest := strings.TrimPrefix(strings.TrimPrefix(word, "naj"), "nie")
	return len(rest) > 2 && len(rest) < len(word) && h.has(rest)
}

// excludes says of a word as it stands in a text that has would say no, without
// folding it; of words that are not plainly ASCII it says nothing, nor of those
// that Polish may cut before.
func (h *heads) excludes(raw string) bool {
	if h.any || len(raw) < 2 {
		return false
	}
	for i := range len(raw) {
		if raw[i] >= utf8.RuneSelf || raw[i] == '\'' {
			return false
		}
	}
	a, b := lowerASCII(raw[0]), lowerASCII(raw[1])
	if a == 'n' && (b == 'a' || b == 'i') {
		return false
	}
	n := (uint(a)*31 + uint(b)) % 1024
	return h.seen[n/64]&(1<<(n%64)) == 0
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Fragment is a piece of a text with the places to mark.
type Fragment struct {
	Text  string
	Marks [][2]int // begin and end in bytes of Text; they grow and never overlap
}

// marker makes the Marker of a plan.
func (v *view) marker(p *plan, pool *stemmers) *Marker {
	m := &Marker{pool: pool, stems: map[string]bool{}, words: map[string]bool{}, met: map[string]bool{}, langs: v.columns.languages,
		inPhrase: map[string][]int{}, fitting: map[string][]int{}}
	for _, s := range p.wished {
		m.learn(s)
	}
	for _, s := range p.needed {
		if s.property() { // others are wished for as well
			m.learn(s)
		}
	}
	for _, f := range p.filters {
		if !f.negated {
			m.names = append(m.names, f.names...)
		}
	}
	return m
}

func (m *Marker) learn(s *slot) {
	for _, v := range s.variants {
		m.stems[v.stem] = true
		m.heads.add(v.stem)
		if v.word != "" {
			m.words[v.word] = true
			m.heads.add(v.word)
		}
	}
	if s.kind == prefixSlot {
		m.prefixes = append(m.prefixes, s.prefix)
		m.heads.add(s.prefix)
	}
	if len(s.phrase) > 0 {
		m.learnPhrase(s.phrase)
	}
	m.names = append(m.names, s.names...)
	for _, o := range s.of {
		m.learn(o)
	}
	for _, o := range s.also {
		m.learn(o)
	}
}

// learnPhrase numbers the words of a phrase by their first forms.
func (m *Marker) learnPhrase(phrase [][]variant) {
	places := make([]int, len(phrase))
	for i, forms := range phrase {
		if places[i] = anyWord; len(forms) > 0 {
			places[i] = m.phraseWord(forms)
		}
	}
	if !slices.ContainsFunc(m.phrases, func(p []int) bool { return slices.Equal(p, places) }) {
		m.phrases = append(m.phrases, places)
	}
}

// phraseWord returns the number of a phrase's word, the same for the same forms.
func (m *Marker) phraseWord(forms []variant) int {
	var all strings.Builder
	for _, f := range forms {
		fmt.Fprintf(&all, "\x00%s\x00%s", f.stem, f.word) // what is in no form
	}
	key := all.String()
	if known := m.inPhrase[key]; len(known) > 0 {
		return known[0]
	}
	n := len(m.inPhrase)
	m.inPhrase[key] = []int{n}
	for _, f := range forms {
		for _, form := range []string{f.stem, f.word} {
			if !slices.Contains(m.inPhrase[form], n) {
				m.inPhrase[form] = append(m.inPhrase[form], n)
			}
			m.heads.add(form)
		}
	}
	return n
}

// Empty says whether there is nothing to mark.
func (m *Marker) Empty() bool {
	return len(m.stems) == 0 && len(m.prefixes) == 0 && len(m.phrases) == 0
}

// Marks returns where the query's words stand in a text: begin and end in
// bytes, growing, not overlapping; nil when they don't.
func (m *Marker) Marks(text string) [][2]int {
	if m.Empty() || text == "" {
		return nil
	}
	var marks [][2]int
	var line []token
	m.stem = m.pool.get()
	defer func() {
		m.pool.put(m.stem)
		m.stem = nil
	}()
	var skip func(raw string) bool
	if len(m.phrases) == 0 { // whose words are counted
		skip = func(raw string) bool {
			if m.heads.excludes(raw) {
				return true
			}
			wanted, met := m.met[raw]
			return met && !wanted
		}
	}
	m.stem.analyzeBut(skip, text, "", 0, func(t token) {
		if m.wants(text[t.start:t.end], t.word) {
			marks = append(marks, [2]int{t.start, t.end})
		}
		if len(m.phrases) > 0 && !t.joined {
			line = append(line, t)
		}
	})
	if len(m.phrases) > 0 {
		marks = append(marks, m.phraseMarks(text, line)...)
	}
	return merge(text, marks)
}

// Terms returns which of a text's words the query asks for, as they stand in
// the text, each once: for marking them in a picture of it.
func (m *Marker) Terms(text string) []string {
	var out []string
	for _, k := range m.Marks(text) {
		for w := range strings.FieldsSeq(text[k[0]:k[1]]) {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

// wants says whether a word of a text is one of the query's, in any language
// of the archive: the text's own is not known here.
func (m *Marker) wants(raw, folded string) bool {
	if !m.heads.has(folded) {
		return false
	}
	if got, ok := m.met[raw]; ok {
		return got
	}
	got := m.words[folded] || m.stems[folded]
	for _, p := range m.prefixes {
		got = got || strings.HasPrefix(folded, p)
	}
	if !got {
		got = slices.ContainsFunc(m.forms(raw), func(s string) bool { return m.stems[s] })
	}
	if len(m.met) < maxKnown {
		m.met[strings.Clone(raw)] = got
	}
	return got
}

// forms are a raw word's stems in the archive's languages.
func (m *Marker) forms(raw string) []string {
	lower, folded := spell(raw)
	sc := wordScript(lower)
	if sc == dense {
		return []string{folded}
	}
	var out []string
	for _, lang := range m.langs {
		out = append(out, m.stem.look(raw, sc, language(lang, sc)).stems...)
	}
	return out
}

// phraseMarks marks the phrases in a text of these words.
func (m *Marker) phraseMarks(text string, line []token) [][2]int {
	fitting := make([][]int, len(line))
	for i, t := range line {
		fitting[i] = m.fits(text[t.start:t.end], t.word)
	}
	var marks [][2]int
	for _, phrase := range m.phrases {
		for i := range len(line) - len(phrase) + 1 {
			fits := true
			for k, n := range phrase {
				if fits = n == anyWord || slices.Contains(fitting[i+k], n); !fits {
					break
				}
			}
			if fits {
				marks = append(marks, [2]int{line[i].start, line[i+len(phrase)-1].end})
			}
		}
	}
	return marks
}

// fits returns which words of phrases a word of a text is.
func (m *Marker) fits(raw, folded string) []int {
	got, met := m.fitting[raw]
	if met {
		return got
	}
	got = slices.Clone(m.inPhrase[folded])
	if m.heads.has(folded) {
		for _, form := range m.forms(raw) {
			got = append(got, m.inPhrase[form]...)
		}
	}
	slices.Sort(got)
	got = slices.Compact(got)
	if len(m.fitting) < maxKnown {
		m.fitting[strings.Clone(raw)] = got
	}
	return got
}

// merge sorts marks and joins those that overlap or have nothing between them
// but one space or hyphen.
func merge(text string, marks [][2]int) [][2]int {
	slices.SortFunc(marks, func(a, b [2]int) int {
		if a[0] != b[0] {
			return a[0] - b[0]
		}
		return b[1] - a[1]
	})
	var out [][2]int
	for _, k := range marks {
		if n := len(out); n > 0 {
			last := &out[n-1]
			gap := ""
			if k[0] > last[1] {
				gap = text[last[1]:k[0]]
			}
			if gap == "" || gap == " " || gap == "-" {
				last[1] = max(last[1], k[1])
				continue
			}
		}
		out = append(out, k)
	}
	return out
}

// fragmentBytes is about how long a Fragment is.
const fragmentBytes = 220

// Fragments returns up to max pieces of a text around the query's words, those
// with the most of them, in the order of the text. A text without any gives
// its beginning, unmarked, as its only Fragment; an empty one none.
func (m *Marker) Fragments(text string, limit int) []Fragment {
	text = strings.TrimSpace(text)
	if text == "" || limit <= 0 {
		return nil
	}
	marks := m.Marks(text)
	if len(marks) == 0 {
		end := wordEnd(text, min(fragmentBytes, len(text)), 0)
		return []Fragment{shape(text, 0, end, nil)}
	}
	var out []Fragment
	for _, w := range m.windows(text, marks, limit) {
		out = append(out, shape(text, w.begin, w.end, w.marks))
	}
	return out
}

type window struct {
	begin, end int
	marks      [][2]int
	worth      int
}

// windows picks the pieces: each begins a little before a mark, and is worth
// the different words that it has marked.
func (m *Marker) windows(text string, marks [][2]int, limit int) []window {
	var all []window
	for i := range marks {
		w := window{begin: marks[i][0], end: marks[i][1]}
		seen := map[string]bool{}
		for _, k := range marks[i:] {
			if k[1]-w.begin > fragmentBytes*3/4 && k != marks[i] {
				break
			}
			w.end = k[1]
			w.marks = append(w.marks, k)
			key := strings.ToLower(text[k[0]:k[1]])
			if !seen[key] {
				seen[key] = true
				w.worth += 10
			}
			w.worth++
		}
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b window) int { return b.worth - a.worth })
	var picked []window
	for _, w := range all {
		room := max(fragmentBytes-(w.end-w.begin), 40)
		w.begin = wordBegin(text, max(0, w.begin-room/3), w.begin)
		w.end = wordEnd(text, min(len(text), w.end+room*2/3), w.end)
		if slices.ContainsFunc(picked, func(p window) bool { return w.begin < p.end && p.begin < w.end }) {
			continue
		}
		w.marks = nil
		for _, k := range marks {
			if k[0] >= w.begin && k[1] <= w.end {
				w.marks = append(w.marks, k)
			}
		}
		picked = append(picked, w)
		if len(picked) == limit {
			break
		}
	}
	slices.SortFunc(picked, func(a, b window) int { return a.begin - b.begin })
	return picked
}

// wordBegin and wordEnd move a cut to where no word is cut; the first never
// behind inner, the second never before it.
func wordBegin(text string, at, inner int) int {
	if at == 0 {
		return 0
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	for i, r := range text[at:inner] {
		if unicode.IsSpace(r) {
			return at + i + utf8.RuneLen(r)
		}
		if i > 30 {
			break
		}
	}
	return at
}

func wordEnd(text string, at, inner int) int {
	if at >= len(text) {
		return len(text)
	}
	for !utf8.RuneStart(text[at]) {
		at--
	}
	at = max(at, inner)
	if i := strings.LastIndexFunc(text[inner:at], unicode.IsSpace); i >= 0 && at-inner-i < 30 {
		return inner + i
	}
	return at
}

// shape cuts the piece out, makes one space of white space, and puts an
// ellipsis where text was left out.
func shape(text string, begin, end int, marks [][2]int) Fragment {
	var b strings.Builder
	var f Fragment
	b.Grow(end - begin + len("… "))
	if begin > 0 {
		b.WriteString("… ")
	}
	space, next := true, 0
	for i := begin; i < end; {
		if next < len(marks) && i == marks[next][0] {
			f.Marks = append(f.Marks, [2]int{b.Len(), b.Len()})
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			if !space {
				b.WriteByte(' ')
			}
			space = true
		} else {
			b.WriteString(text[i : i+size])
			space = false
		}
		i += size
		if next < len(marks) && i >= marks[next][1] {
			f.Marks[len(f.Marks)-1][1] = b.Len()
			next++
		}
	}
	f.Text = b.String()
	if end < len(text) {
		f.Text = strings.TrimRight(f.Text, " ") + " …"
	}
	return f
}
