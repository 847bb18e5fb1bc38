package search

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"rostrum/internal/fold"
)

// plan is a Query made ready for one view.
type plan struct {
	wished  []*slot // each adds to the score where it matches
	needed  []*slot // must match; they stand in wished as well
	refused []*slot
	filters []filter
	spelled []spelledWord // the words as asked, in order, for titles
	hints   []Hint
}

// spelledWord is a word as it was asked, folded, with its slot.
type spelledWord struct {
	word string
	slot *slot
}

// slot is one thing to match: a word in its forms, a phrase, or a combination.
type slot struct {
	kind     slotKind
	text     string // as asked, for people
	in       fieldMask
	variants []variant             // of a word
	phrase   [][]variant           // of a phrase: the forms at each place
	of       []*slot               // of a combination
	prefix   string                // of a prefix, folded
	common   bool                  // a word that says little, like "the"
	also     []*slot               // what stands for it, see term: a talk with one of them has it
	part     int                   // the part of the query that is this word alone, from 1; 0 for all else
	without  []*slot               // of a combination: what must not match
	keep     func(ord uint32) bool // of a property
	names    []askedName           // of a property, to mark
}

type slotKind uint8

const (
	wordSlot slotKind = iota
	prefixSlot
	phraseSlot
	orSlot
	andSlot
	propertySlot // in one field or, for what has none, around the talk
	announcedSlot
)

// ofOneView says whether a slot means nothing in another view than the one it
// was planned for.
func (s *slot) ofOneView() bool {
	return s.keep != nil || slices.ContainsFunc(s.of, (*slot).ofOneView) || slices.ContainsFunc(s.without, (*slot).ofOneView)
}

// key tells slots with the same matches in a view from others.
func (v *view) key(s *slot) string {
	var b strings.Builder
	v.writeKey(&b, s)
	return b.String()
}

func (v *view) writeKey(b *strings.Builder, s *slot) {
	b.WriteByte('0' + byte(s.kind))
	b.WriteByte(byte(s.in) + 1)
	v.writeVariants(b, s.variants, s.in)
	b.WriteString(s.prefix)
	for _, p := range s.phrase {
		b.WriteByte(1)
		v.writeVariants(b, p, s.in)
	}
	for _, o := range s.of {
		b.WriteByte(2)
		v.writeKey(b, o)
		b.WriteByte(3)
	}
	for _, o := range s.without {
		b.WriteByte(6)
		v.writeKey(b, o)
		b.WriteByte(3)
	}
	if s.kind == propertySlot {
		b.WriteString(s.text)
	}
}

// writeVariants leaves out the spelling of a word that is nobody's name: then
// "test" and "testing" have the same matches.
func (v *view) writeVariants(b *strings.Builder, list []variant, in fieldMask) {
	for _, form := range list {
		b.WriteString(form.stem)
		b.WriteByte(4)
		if in.has(inSpeaker) && form.word != "" && v.contains(inSpeaker.indexed(), form.word) {
			b.WriteString(form.word)
		}
		b.WriteByte(5)
		if form.weight != 1 {
			b.WriteString(strconv.FormatFloat(float64(form.weight), 'g', 4, 32))
		}
	}
}

// maxSlots bounds the parts that are scored; a talk's matches are bits of a word.
const maxSlots = 64

// maxPrefixes bounds the beginnings of words in a query: each stands for many words.
const maxPrefixes = 8

// maxGrouped bounds the words of a query that stand in phrases, among
// alternatives or in one field: the lists of plain words are known, mostly, while
// those of such are made for the query.
const maxGrouped = 40

// planner turns a Query into a plan.
type planner struct {
	view     *view
	stem     *stemmer
	synonyms *synonyms
	plan     *plan
	prefixes int
	phrases  int             // looked for because a word may be two
	grouped  int             // words in groups, phrases and fields
	filtered map[string]bool // demands on properties, as written, that are planned
	joined   map[int][]*slot // of a part of the query: as one word with the part beside it
}

func (ix *Index) plan(v *view, q Query) *plan {
	st := ix.stemmers.get()
	defer ix.stemmers.put(st)
	p := &planner{view: v, stem: st, synonyms: ix.synonyms, plan: &plan{hints: slices.Clone(q.Hints)}, filtered: map[string]bool{}}
	p.compounds(q)
	for i, n := range q.Parts {
		before := len(p.plan.wished)
		p.top(n)
		if n, word := n.(Word); word && len(p.plan.wished) == before+1 {
			s := p.plan.wished[before]
			s.part = i + 1
			s.also = append(p.joined[i], p.split(n.Text, s)...)
			if len(s.also) == 0 {
				s.also = p.announced(s)
			}
		}
	}
	p.dropCommon()
	if len(p.plan.wished) > maxSlots {
		p.plan.wished = p.rarest(p.plan.wished)
	}
	return p.plan
}

// compounds finds neighbouring words that the archive also writes as one: of
// "data base" both words are looked for as "database" too.
func (p *planner) compounds(q Query) {
	p.joined = map[int][]*slot{}
	for i := 1; i < len(q.Parts) && i < maxSlots; i++ {
		a, first := q.Parts[i-1].(Word)
		b, second := q.Parts[i].(Word)
		if !first || !second || len(a.Text) < 2 || len(b.Text) < 3 || len(a.Text)+len(b.Text) > maxWord {
			continue
		}
		_, one := spell(a.Text + b.Text)
		if p.isCommon(strings.ToLower(a.Text)) || p.isCommon(strings.ToLower(b.Text)) || !p.view.contains(spelled, one) {
			continue
		}
		for _, at := range []int{i - 1, i} {
			p.joined[at] = append(p.joined[at], &slot{kind: wordSlot, text: one, in: anyField, variants: p.forms(one, 0.9)})
		}
	}
}

// top plans a part that stands by itself.
func (p *planner) top(n Node) {
	switch n := n.(type) {
	case Not:
		if p.filterBy(n.Of, true) {
			return
		}
		if s := p.slot(n.Of, anyField); s != nil {
			p.plan.refused = append(p.plan.refused, s)
		}
	case And:
		for _, o := range n.Of {
			p.top(o)
		}
	case In:
		if p.filterBy(n, false) {
			return
		}
		p.need(p.slot(n, anyField))
	case Phrase:
		p.need(p.slot(n, anyField))
	case Or:
		s := p.slot(n, anyField)
		switch {
		case s == nil:
		case !demands(n):
			p.plan.wished = append(p.plan.wished, s)
		case s.property():
			p.plan.needed = append(p.plan.needed, s)
		default:
			p.need(s)
		}
	case Word:
		p.plan.wished = append(p.plan.wished, p.words(n.Text, anyField)...)
	default:
		if s := p.slot(n, anyField); s != nil {
			p.plan.wished = append(p.plan.wished, s)
		}
	}
}

// filterBy plans a demand on a property, unless it was made before; it returns
// false for parts that are looked for in texts.
func (p *planner) filterBy(n Node, negated bool) bool {
	key := Not{n}.String()
	if !negated {
		key = n.String()
	}
	if p.filtered[key] {
		return true
	}
	f, ok := p.filter(n)
	if !ok {
		return false
	}
	f.negated = negated
	p.plan.filters = append(p.plan.filters, f)
	p.filtered[key] = true
	return true
}

// demands says whether every way to satisfy a part holds something that must
// be: "a b"|title:c does, a|title:c is content with a word.
func demands(n Node) bool {
	switch n := n.(type) {
	case Phrase, In:
		return true
	case And:
		return slices.ContainsFunc(n.Of, demands)
	case Or:
		return !slices.ContainsFunc(n.Of, func(o Node) bool { return !demands(o) })
	}
	return false
}

// property says whether a slot looks at properties alone: nothing of it makes
// one talk a better answer than another.
func (s *slot) property() bool {
	if s.kind == orSlot || s.kind == andSlot {
		return !slices.ContainsFunc(s.of, func(o *slot) bool { return !o.property() })
	}
	return s.kind == propertySlot
}

func (p *planner) need(s *slot) {
	if s != nil {
		p.plan.needed = append(p.plan.needed, s)
		p.plan.wished = append(p.plan.wished, s)
	}
}

// slot plans any part as one slot; nil when nothing of it can be looked for.
func (p *planner) slot(n Node, in fieldMask) *slot {
	switch n := n.(type) {
	case Word:
		if !p.room(n, 1) {
			return nil
		}
		return p.word(n.Text, in)
	case Prefix:
		if !p.room(n, 1) {
			return nil
		}
		if p.prefixes++; p.prefixes > maxPrefixes {
			p.plan.hints = append(p.plan.hints, Hint{n.String(), HintManyBeginnings, []any{maxPrefixes}})
			return all(p.words(n.Text, in), n.Text, in)
		}
		_, folded := spell(strings.ToLower(n.Text))
		s := &slot{kind: prefixSlot, text: n.Text, in: in, prefix: folded}
		s.variants = p.variants(n.Text)
		return s
	case Phrase:
		if !p.room(n, min(len(strings.Fields(n.Text)), maxPhrase)) {
			return nil
		}
		return p.phrase(n.Text, in)
	case Or:
		return p.combine(orSlot, n.Of, n.String(), in)
	case And:
		return p.combine(andSlot, n.Of, n.String(), in)
	case In:
		switch n.Field {
		case "title":
			return p.combine(orSlot, n.Of, n.String(), 1<<inTitle)
		case "abstract":
			return p.combine(orSlot, n.Of, n.String(), 1<<inAbstract)
		case "slides":
			return p.combine(orSlot, n.Of, n.String(), 1<<inSlide)
		}
		if f, ok := p.filter(n); ok {
			return &slot{kind: propertySlot, text: n.String(), in: propertyField(n.Field), keep: f.keep, names: f.names}
		}
	}
	return nil
}

// word plans a word that does not stand by itself.
func (p *planner) word(text string, in fieldMask) *slot {
	words := p.words(text, in)
	if len(words) == 1 {
		if two := p.split(text, words[0]); len(two) > 0 {
			return &slot{kind: orSlot, text: text, in: in, of: append(words, two...)}
		}
	}
	return all(words, text, in)
}

// room counts words and says whether there is still place for them; what finds
// none is left out, which is told once.
func (p *planner) room(n Node, words int) bool {
	before := p.grouped
	p.grouped += words
	if p.grouped <= maxGrouped || before == 0 {
		return true
	}
	if before <= maxGrouped {
		p.plan.hints = append(p.plan.hints, Hint{shortened(n.String()) + " …", HintTooManyWords, nil})
	}
	return false
}

func propertyField(field string) fieldMask {
	switch field {
	case "speaker":
		return 1 << inSpeaker
	case "affil":
		return 1 << inAffil
	case "topic":
		return 1 << inTopic
	}
	return 1 << inAround
}

// all makes one slot of the words that one written word fell into.
func all(words []*slot, text string, in fieldMask) *slot {
	switch len(words) {
	case 0:
		return nil
	case 1:
		return words[0]
	}
	return &slot{kind: andSlot, text: text, in: in, of: words}
}

func (p *planner) combine(kind slotKind, of []Node, text string, in fieldMask) *slot {
	s := &slot{kind: kind, text: text, in: in}
	for _, n := range of {
		if not, ok := n.(Not); ok {
			if o := p.slot(not.Of, in); o != nil && kind == andSlot {
				s.without = append(s.without, o)
			}
			continue
		}
		if o := p.slot(n, in); o != nil {
			s.of = append(s.of, o)
		}
	}
	switch {
	case len(s.of) == 0:
		return nil
	case len(s.of) == 1 && len(s.without) == 0:
		return s.of[0]
	}
	return s
}

// words plans what one written word consists of: mostly itself, but "ci/cd"
// is two and a run of Japanese many.
func (p *planner) words(text string, in fieldMask) []*slot {
	var out []*slot
	joined := ""
	p.stem.analyze(text, "", 0, func(t token) {
		if t.joined {
			joined = t.word
			return
		}
		s := &slot{kind: wordSlot, text: t.word, in: in, variants: p.variants(text[t.start:t.end])}
		s.common = p.isCommon(t.word)
		p.plan.spelled = append(p.plan.spelled, spelledWord{t.word, s})
		out = append(out, s)
	})
	if joined != "" {
		for _, s := range out {
			s.variants = p.add(s.variants, p.forms(joined, 1))
		}
	}
	return out
}

// variants returns the forms to look for a word in: its stems in the
// languages that the archive's talks are in, and those of its synonyms.
func (p *planner) variants(raw string) []variant {
	list := p.forms(raw, 1)
	_, folded := spell(raw)
	for _, syn := range p.synonyms.of(folded) {
		list = p.add(list, p.forms(syn, 0.8))
	}
	return list
}

// forms returns a word's stems, each in one variant, and its spelling with the
// first of them.
func (p *planner) forms(raw string, weight float32) []variant {
	lower, folded := spell(raw)
	if folded == "" {
		return nil
	}
	sc := wordScript(lower)
	list := []variant{{stem: folded, word: folded, weight: weight}}
	if sc == dense {
		return list
	}
	list = list[:0]
	for _, lang := range p.languages() {
		for _, stem := range p.stem.stems(lower, folded, sc, lang) {
			if !slices.ContainsFunc(list, func(v variant) bool { return v.stem == stem }) {
				list = append(list, variant{stem: stem, weight: weight})
			}
		}
	}
	list[0].word = folded
	for _, name := range transcribed(lower, folded) {
		list = append(list, variant{word: name, weight: weight})
	}
	return list
}

// transcribed returns how else a name may stand: with its accents dropped
// where they were typed written out, and written out where they were typed:
// "joerg" is Jörg, "aasa" Åsa, and "müller" may be Mueller.
func transcribed(lower, folded string) []string {
	var out []string
	for _, pair := range [...][2]string{{"oe", "o"}, {"ae", "a"}, {"ue", "u"}, {"aa", "a"}} {
		if strings.Contains(folded, pair[0]) {
			out = append(out, strings.ReplaceAll(folded, pair[0], pair[1]))
		}
	}
	if !isASCII(lower) {
		long := fold.Text(strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "aa", "ø", "oe").Replace(norm.NFC.String(lower)))
		if long != folded && !strings.Contains(long, " ") {
			out = append(out, long)
		}
	}
	return out
}

// languages are those of the archive, so that a query finds across them; the
// unknown one keeps every list from being empty.
func (p *planner) languages() []string {
	if langs := p.view.columns.languages; len(langs) > 0 {
		return langs
	}
	return []string{"en"}
}

func (p *planner) add(list, more []variant) []variant {
	for _, m := range more {
		if !slices.ContainsFunc(list, func(v variant) bool { return v.stem == m.stem && (v.word == m.word || m.word == "") }) {
			list = append(list, m)
		}
	}
	return list
}

func (p *planner) phrase(text string, in fieldMask) *slot {
	s := &slot{kind: phraseSlot, text: text, in: in}
	pos := 0
	p.stem.analyze(text, "", 0, func(t token) {
		if t.joined {
			return
		}
		for pos++; pos < t.pos; pos++ {
			s.phrase = append(s.phrase, nil)
		}
		s.phrase = append(s.phrase, p.forms(text[t.start:t.end], 1))
	})
	switch len(s.phrase) {
	case 0:
		return nil
	case 1:
		return &slot{kind: wordSlot, text: text, in: in, variants: s.phrase[0]}
	}
	if len(s.phrase) > maxPhrase {
		s.phrase = s.phrase[:maxPhrase]
		p.plan.hints = append(p.plan.hints, Hint{`"` + text + `"`, HintLongPhrase, []any{maxPhrase}})
	}
	return s
}

// maxPhrase bounds the words of a phrase.
const maxPhrase = 30

func (p *planner) isCommon(word string) bool {
	return isStopWord(word, p.view.columns.languages)
}

// dropCommon leaves out the words that say little, unless there are no others.
func (p *planner) dropCommon() {
	telling := slices.DeleteFunc(slices.Clone(p.plan.wished), func(s *slot) bool { return s.common })
	if len(telling) > 0 {
		p.plan.wished = telling
	}
}

// rarest keeps the slots that fewest talks match: they decide.
func (p *planner) rarest(slots []*slot) []*slot {
	df := make(map[*slot]int, len(slots))
	for _, s := range slots {
		if m, err := p.view.match(s); err == nil {
			df[s] = m.n
		}
	}
	slots = slices.Clone(slots)
	slices.SortStableFunc(slots, func(a, b *slot) int { return df[a] - df[b] })
	return slots[:maxSlots]
}
