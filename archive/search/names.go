package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"rostrum/internal/fold"
)

// nameIndex finds the values of a column by the words of their names. Most views
// are never asked, so that it is made when it is first needed.
type nameIndex struct {
	words   []string    // sorted
	letters []letterSet // of the words
	from    []uint32    // into values, by word, and their end
	values  []uint32    // that have the word, growing
	count   int         // of the column's values
	byID    map[string]uint32
}

// index returns the nameIndex of a column.
func (c *column) index() *nameIndex {
	c.once.Do(func() {
		by := map[string][]uint32{}
		ids := map[string]uint32{}
		for i, v := range c.values {
			if v.id != "" {
				ids[v.id] = uint32(i)
			}
			for _, key := range []string{v.key, v.named} {
				for w := range strings.FieldsSeq(key) {
					if has := by[w]; len(has) == 0 || has[len(has)-1] != uint32(i) {
						by[w] = append(has, uint32(i))
					}
				}
			}
		}
		n := &nameIndex{words: make([]string, 0, len(by)), from: make([]uint32, 1, len(by)+1), byID: ids, count: len(c.values)}
		for w := range by {
			n.words = append(n.words, w)
		}
		slices.Sort(n.words)
		n.letters = make([]letterSet, len(n.words))
		for i, w := range n.words {
			n.letters[i], _ = lettersOf([]byte(w))
			n.values = append(n.values, by[w]...)
			n.from = append(n.from, uint32(len(n.values)))
		}
		c.byName = n
		c.asked.Store(true)
	})
	return c.byName
}

func (n *nameIndex) of(word int) []uint32 { return n.values[n.from[word]:n.from[word+1]] }

// find returns the values that a part of a query names. A word names all that
// have it; in quotation marks it is the very name, if there is such a one, and
// of years, kinds and the like always.
func (c *column) find(n Node) []int {
	text := valueText(n)
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })
	if c.name == "lang" {
		words = []string{languageCode(fold.Key(text))}
	}
	key := fold.Key(strings.Join(words, " "))
	if key == "" {
		return nil
	}
	_, prefix := n.(Prefix)
	got := c.index().having(words, prefix)
	if _, loose := n.(Word); prefix || loose && byWords(c.name) {
		return got
	}
	exact := slices.DeleteFunc(slices.Clone(got), func(i int) bool { return c.values[i].key != key && c.values[i].named != key })
	if i, ok := c.index().byID[strings.ToLower(text)]; ok && !slices.Contains(exact, int(i)) {
		exact = append(exact, int(i))
	}
	if len(exact) > 0 {
		return exact
	}
	return got
}

// byWords says whether the values of a field are names, of which people know one
// word or another.
func byWords(field string) bool {
	return slices.Contains([]string{"speaker", "affil", "topic", "series"}, field)
}

// having returns the values that have all the words, as they are written or
// transcribed. A single letter stands for a name that begins so, as in
// "J. Armstrong", and the last word for any when prefix.
func (n *nameIndex) having(raw []string, prefix bool) []int {
	left, has := newBitset(n.count), newBitset(n.count)
	first := true
	met := map[string]bool{} // a word said twice asks for no more
	for i, r := range raw {
		r = strings.Trim(r, ",;.()")
		words := fold.Words(r)
		for k, w := range words {
			last := i == len(raw)-1 && k == len(words)-1
			if met[w] && (!prefix || !last) {
				continue
			}
			met[w] = true
			clear(has)
			n.beginning(has, w, len(w) > 1 && (!prefix || !last))
			for _, other := range transcribed(strings.ToLower(r), w) {
				n.beginning(has, other, !prefix || !last)
			}
			if first {
				copy(left, has)
			}
			for i, w := range has {
				left[i] &= w
			}
			first = false
		}
	}
	var out []int
	for _, v := range left.list(nil) {
		out = append(out, int(v))
	}
	return out
}

// beginning puts into a set the values with a word that begins so, or that is so
// when whole.
func (n *nameIndex) beginning(to bitset, word string, whole bool) {
	for at := sort.SearchStrings(n.words, word); at < len(n.words) && strings.HasPrefix(n.words[at], word); at++ {
		if whole && n.words[at] != word {
			break
		}
		for _, v := range n.of(at) {
			to.set(v)
		}
	}
}

// maxMended bounds the words of a name that is looked for with errors in it.
const maxMended = 6

// nearest returns the words that were likely meant by those of a name that no
// value has, one or two letters off; "" when nothing is near. Of several the
// nearest wins, and of equals the name of most talks.
func (c *column) nearest(text string) string {
	asked := fold.Words(text)
	if len(asked) == 0 || len(asked) > maxMended {
		return ""
	}
	n := c.index()
	type meant struct {
		words []string
		off   int
	}
	var left map[uint32]meant
	for _, w := range asked {
		next := map[uint32]meant{}
		n.near(w, func(at, off int) {
			for _, v := range n.of(at) {
				before, has := left[v]
				if left != nil && !has {
					continue
				}
				if got, ok := next[v]; !ok || before.off+off < got.off {
					next[v] = meant{append(slices.Clone(before.words), n.words[at]), before.off + off}
				}
			}
		})
		if left = next; len(left) == 0 {
			return ""
		}
	}
	best, found := uint32(0), meant{}
	for v, m := range left {
		order := cmp.Or(cmp.Compare(m.off, found.off), cmp.Compare(c.counts[best], c.counts[v]), strings.Compare(c.values[v].key, c.values[best].key))
		if found.words == nil || order < 0 {
			best, found = v, m
		}
	}
	if found.off == 0 {
		return ""
	}
	return c.values[best].written(found.words)
}

// written returns folded words of a value's name as the name has them.
func (v *facetValue) written(words []string) string {
	out := slices.Clone(words)
	for w := range strings.FieldsSeq(v.label) {
		if i := slices.Index(words, fold.Key(w)); i >= 0 {
			out[i] = strings.Trim(w, ",;()")
		}
	}
	return strings.Join(out, " ")
}

// near calls take for the words that one may have been meant for, itself among
// them, with how many errors make the one of the other: no more than a word of
// that length is likely to have.
func (n *nameIndex) near(typed string, take func(word, off int)) {
	letters, most := utf8.RuneCountInString(typed), 0
	switch {
	case letters > 64: // nobody's name, and more than a misspelled can be
	case letters >= 8:
		most = 2
	case letters >= 4:
		most = 1
	}
	if most == 0 {
		if at, ok := slices.BinarySearch(n.words, typed); ok {
			take(at, 0)
		}
		return
	}
	m := newMisspelled(typed)
	for at, set := range n.letters {
		if !set.within(m.letters, most) {
			continue
		}
		if off := m.distance([]byte(n.words[at])); off <= most {
			take(at, off)
		}
	}
}
