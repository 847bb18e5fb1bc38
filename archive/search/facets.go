package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"rostrum/internal/fold"
	"rostrum/internal/stock"
)

// facetColumns hold the values of talks' properties as numbers, so that
// counting them over thousands of talks is adding ones.
type facetColumns struct {
	columns []*column

	// Talks of one edition are mostly alike in all but people and topics: each
	// such combination is counted once, by its number in alike, and handed on
	// to the columns that common marks. alike is nil where too few are alike.
	alike  []uint32 // by talk
	first  []uint32 // by combination: a talk that has it
	common []bool   // by column
}

// column is one property: its values, and for each talk the numbers of those
// it has, at list[from[ord]:from[ord+1]].
type column struct {
	name   string
	values []facetValue
	from   []uint32
	list   []uint32
	counts []uint32 // of talks, by value
	one    []uint32 // by talk: 1 + the number of its only value, 0 for none; nil where some talk has several

	once   sync.Once
	byName *nameIndex
	asked  atomic.Bool // byName is made
}

type facetValue struct {
	id    string // readable ID, where the value has one
	key   string // folded words, by which queries name it
	named string // those of the label, where they are others
	value string // as With takes it
	label string
}

func (c *column) of(ord uint32) []uint32 { return c.list[c.from[ord]:c.from[ord+1]] }

func (f *facetColumns) column(name string) *column {
	for _, c := range f.columns {
		if c.name == name {
			return c
		}
	}
	return &column{name: name}
}

// facetNames are the facets in the order in which they are shown.
func facetNames() []string {
	return []string{"year", "series", "edition", "speaker", "affil", "topic", "kind", "lang", "has"}
}

func newFacetColumns(c *columns, w *worker) *facetColumns {
	out := &facetColumns{}
	for _, name := range facetNames() {
		b := columnBuilder{column: &column{name: name, from: make([]uint32, 1, len(c.rows)+1)}, known: map[string]uint32{}}
		for ord, r := range c.rows {
			w.often(ord)
			if r != nil {
				b.row(r)
			}
			b.column.from = append(b.column.from, uint32(len(b.column.list)))
		}
		b.column.counts = make([]uint32, len(b.column.values))
		for _, v := range b.column.list {
			b.column.counts[v]++
		}
		b.column.single()
		out.columns = append(out.columns, b.column)
	}
	out.combine(c)
	return out
}

// ahead makes what those who type asked of the view before, so that none of
// them waits for it.
func (f *facetColumns) ahead(before *facetColumns) {
	for _, c := range before.columns {
		if c.asked.Load() {
			f.column(c.name).index()
		}
	}
}

// combine finds the combinations of what editions have in common.
func (f *facetColumns) combine(c *columns) {
	names := [...]string{"year", "series", "edition", "kind", "lang", "has"}
	type combination [len(names)]uint32
	var of [len(names)]*column
	common := make([]bool, len(f.columns))
	for i, col := range f.columns {
		if at := slices.Index(names[:], col.name); at >= 0 && (col.one != nil || len(col.values) < 32) {
			of[at], common[i] = col, true
		}
	}
	known := map[combination]uint32{}
	alike := make([]uint32, len(c.rows))
	var first []uint32
	for ord := range alike {
		var key combination
		for i, col := range of {
			switch {
			case col == nil:
			case col.one != nil:
				key[i] = col.one[ord]
			default:
				for _, v := range col.of(uint32(ord)) {
					key[i] |= 1 << v
				}
			}
		}
		n, ok := known[key]
		if !ok {
			n = uint32(len(first))
			if len(first) > len(alike)/8 {
				return
			}
			known[key], first = n, append(first, uint32(ord))
		}
		alike[ord] = n
	}
	f.alike, f.first, f.common = alike, first, common
}

// single fills one, where no talk has several values.
func (c *column) single() {
	one := make([]uint32, len(c.from)-1)
	for ord := range one {
		switch values := c.of(uint32(ord)); len(values) {
		case 0:
		case 1:
			one[ord] = values[0] + 1
		default:
			return
		}
	}
	c.one = one
}

type columnBuilder struct {
	column *column
	known  map[string]uint32
	keys   map[string]string
}

// add gives the talk at hand a value, told from others by its identity.
func (b *columnBuilder) add(identity, id, value, label string) {
	n, ok := b.known[identity]
	if !ok {
		n = uint32(len(b.column.values))
		b.known[identity] = n
		v := facetValue{id: id, key: fold.Key(value), value: value, label: label}
		if label != value {
			v.named = fold.Key(label)
		}
		b.column.values = append(b.column.values, v)
	} else if v := &b.column.values[n]; v.label != label && nicer(label, v.label) {
		v.value, v.label = value, label
	}
	begin := b.column.from[len(b.column.from)-1]
	if !slices.Contains(b.column.list[begin:], n) {
		b.column.list = append(b.column.list, n)
	}
}

// nicer chooses between two spellings of one value, whichever came first:
// "Python" before "python" before "PYTHON".
func nicer(a, b string) bool {
	shoutsA, shoutsB := a == strings.ToUpper(a), b == strings.ToUpper(b)
	if shoutsA != shoutsB {
		return shoutsB
	}
	return a < b
}

// named adds a value whose spellings are one.
func (b *columnBuilder) named(name string) {
	if b.keys == nil {
		b.keys = map[string]string{}
	}
	key, ok := b.keys[name]
	if !ok {
		key = fold.Key(name)
		b.keys[name] = key
	}
	if key != "" {
		b.add(key, "", name, name)
	}
}

func (b *columnBuilder) row(r *row) {
	switch b.column.name {
	case "year":
		if r.year > 0 {
			y := strconv.Itoa(r.year)
			b.add(y, "", y, y)
		}
	case "series":
		id := string(r.id.Edition().Series())
		b.add(id, id, orElse(r.series, id), orElse(r.series, id))
	case "edition":
		id := string(r.id.Edition())
		b.add(id, id, id, orElse(r.edition, id))
	case "speaker":
		for _, p := range r.people {
			if p.id != "" {
				b.add("#"+string(p.id), string(p.id), p.name, p.name)
			} else {
				b.named(p.name)
			}
		}
	case "affil":
		for _, a := range r.affils {
			b.named(a)
		}
	case "topic":
		for _, t := range r.topics {
			b.named(t)
		}
	case "kind":
		if r.kind != "" {
			b.add(string(r.kind), "", string(r.kind), string(r.kind))
		}
	case "lang":
		if r.lang != "" {
			b.add(r.lang, "", r.lang, orElse(languageNames()[r.lang], r.lang))
		}
	case "has":
		for _, name := range []string{"slides", "video", "abstract", "paper"} {
			if r.has&hasOf(name) != 0 {
				b.add(name, "", name, name)
			}
		}
	}
}

func orElse(s, other string) string {
	if s != "" {
		return s
	}
	return other
}

// How many values of a facet are returned, and of the one that is asked for by
// name; selected ones come beside.
const (
	maxFacetValues = 15
	maxWholeValues = 300
)

// counter counts facets over the talks of one search.
type counter struct {
	view   *view
	counts [][]uint32 // by column and 1 + value; at 0 are those that have none
	alike  []uint32   // by combination
}

// counterPool lends counters, since a large archive has many values, to the
// searches of a view, and of those that follow it. What is lent is all zero.
type counterPool struct{ stock stock.Stock[*counter] }

func (p *counterPool) get(v *view) *counter {
	n, ok := p.stock.Take()
	if !ok {
		n = &counter{counts: make([][]uint32, len(v.facets.columns))}
	}
	n.view = v
	n.alike = grown(n.alike, len(v.facets.first))
	for i, c := range v.facets.columns {
		n.counts[i] = grown(n.counts[i], len(c.values)+1)
	}
	return n
}

func (p *counterPool) put(n *counter) {
	for _, counts := range n.counts {
		clear(counts)
	}
	n.view = nil // which must not be held until the next search
	p.stock.Return(n)
}

// all counts talks in every facet. Of nearly all talks those that are missing
// are counted, and taken off.
func (n *counter) all(ords []uint32) {
	c := n.view.columns
	if len(ords) <= c.talks/2 {
		n.add(ords, 1)
		return
	}
	missing := slices.Clone(c.live)
	for _, ord := range ords {
		missing[ord>>6] &^= 1 << (ord & 63)
	}
	for i, col := range n.view.facets.columns {
		for v, count := range col.counts {
			n.counts[i][v+1] += count
		}
	}
	n.add(missing.list(nil), ^uint32(0)) // minus one
}

// add adds a number to the counts of all values of some talks.
func (n *counter) add(ords []uint32, by uint32) {
	n.addAlike(ords, by)
	for i, c := range n.view.facets.columns {
		counts := n.counts[i]
		if len(c.list) == 0 || n.view.facets.alike != nil && n.view.facets.common[i] {
			continue
		}
		if c.one != nil {
			for _, ord := range ords {
				counts[c.one[ord]] += by
			}
			continue
		}
		from, list := c.from, c.list
		for _, ord := range ords {
			for _, v := range list[from[ord]:from[ord+1]] {
				counts[v+1] += by
			}
		}
	}
}

// addAlike is add for the columns that combinations stand for.
func (n *counter) addAlike(ords []uint32, by uint32) {
	f := n.view.facets
	if f.alike == nil {
		return
	}
	for _, ord := range ords {
		n.alike[f.alike[ord]] += by
	}
	for number, count := range n.alike {
		if count == 0 {
			continue
		}
		n.alike[number] = 0
		for i, c := range f.columns {
			if !f.common[i] {
				continue
			}
			for _, v := range c.of(f.first[number]) {
				n.counts[i][v+1] += count
			}
		}
	}
}

// only counts a talk in one facet: it fails that facet's filter alone, so the
// visitor would get it by choosing its value too.
func (n *counter) only(name string, ord uint32) {
	for i, c := range n.view.facets.columns {
		if c.name == name {
			for _, v := range c.of(ord) {
				n.counts[i][v+1]++
			}
		}
	}
}

// facets returns what was counted, of the facet called whole as much as may be;
// facets without values are left out.
func (n *counter) facets(q Query, whole string) []Facet {
	var out []Facet
	for i, c := range n.view.facets.columns {
		most := maxFacetValues
		if c.name == whole {
			most = maxWholeValues
		}
		f := c.facet(n.counts[i][1:], q, most)
		if len(f.Values) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func (c *column) facet(counts []uint32, q Query, most int) Facet {
	selected := map[int]bool{}
	for _, n := range q.Parts {
		in, ok := n.(In)
		if !ok || in.Field != c.name {
			continue
		}
		for _, v := range in.Of {
			for _, i := range c.chosen(v) {
				selected[i] = len(selected) < maxFacetValues || selected[i]
			}
		}
	}
	top := make([]int, 0, most+1)
	having := 0
	for i, n := range counts {
		if n == 0 {
			continue
		}
		having++
		if len(top) == most && c.before(top[len(top)-1], i, counts) {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, i, func(a, b int) int {
			if c.before(a, b, counts) {
				return -1
			}
			return 1
		})
		top = slices.Insert(top, at, i)
		top = top[:min(len(top), most)]
	}
	f := Facet{Name: c.name, More: having - len(top)}
	for i, yes := range selected {
		if yes && !slices.Contains(top, i) {
			top = append(top, i)
		}
	}
	slices.SortFunc(top, func(a, b int) int {
		if c.before(a, b, counts) {
			return -1
		}
		return 1
	})
	for _, i := range top {
		v := c.values[i]
		f.Values = append(f.Values, FacetValue{Value: v.value, Label: v.label, Count: int(counts[i]), Selected: selected[i]})
	}
	return f
}

// chosen returns the values that a demand stands for: those it names, and the
// years that lie within it.
func (c *column) chosen(n Node) []int {
	if c.name != "year" {
		return c.find(n)
	}
	from, to, ok := yearRange(valueText(n))
	var out []int
	for i, v := range c.values {
		if y, err := strconv.Atoi(v.value); ok && err == nil && from <= y && y <= to {
			out = append(out, i)
		}
	}
	return out
}

// before orders values: years newest first, all else by count, then by name.
func (c *column) before(a, b int, counts []uint32) bool {
	if a == b {
		return false
	}
	if c.name == "year" {
		return c.values[a].value > c.values[b].value
	}
	if counts[a] != counts[b] {
		return counts[a] > counts[b]
	}
	return cmp.Or(strings.Compare(c.values[a].label, c.values[b].label), strings.Compare(c.values[a].value, c.values[b].value), a-b) < 0
}
