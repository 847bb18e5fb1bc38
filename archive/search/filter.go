package search

import (
	"slices"
	"strings"
	"sync"

	"rostrum/internal/fold"
)

// filter is a demand on a property of talks, answered from the columns.
type filter struct {
	field   string
	negated bool
	keep    func(ord uint32) bool
	names   []askedName // to mark
}

// holds says whether a talk passes.
func (f *filter) holds(ord uint32) bool { return f.keep(ord) != f.negated }

// filter plans a demand on a property; ok is false for parts that are looked
// for in texts.
func (p *planner) filter(n Node) (filter, bool) {
	in, ok := n.(In)
	if !ok {
		return filter{}, false
	}
	c := p.view.columns
	f := filter{field: in.Field}
	switch in.Field {
	case "year":
		f.keep = p.years(in)
	case "has":
		mask := hasMask(0)
		for _, v := range in.Of {
			mask |= hasOf(valueText(v))
		}
		if mask == 0 {
			f.keep = func(uint32) bool { return true } // not understood, which a Hint says
			break
		}
		f.keep = func(ord uint32) bool { return c.rows[ord].has&mask != 0 }
	case "speaker", "affil", "topic", "series", "edition", "kind", "lang":
		f.keep, f.names = p.valued(in), askedNames(in)
	default:
		return filter{}, false
	}
	return f, true
}

func (p *planner) years(in In) func(uint32) bool {
	type span struct{ from, to uint16 }
	var spans []span
	for _, v := range in.Of {
		if from, to, ok := yearRange(valueText(v)); ok {
			spans = append(spans, span{short(from), short(to)})
		}
	}
	years := p.view.columns.years
	if len(spans) == 0 {
		return func(uint32) bool { return true }
	}
	return func(ord uint32) bool {
		y := years[ord]
		for _, s := range spans {
			if y != 0 && y >= s.from && y <= s.to {
				return true
			}
		}
		return false
	}
}

// valued answers a demand on a property with names. What nobody is called is
// told, with what there is where that is little.
func (p *planner) valued(in In) func(uint32) bool {
	col := p.view.facets.column(in.Field)
	wanted := make([]bool, len(col.values))
	found := false
	for _, v := range in.Of {
		values := col.find(v)
		if len(values) == 0 && len(p.plan.hints) < maxHints {
			p.plan.hints = append(p.plan.hints, col.nobody(In{in.Field, []Node{v}}))
		}
		for _, i := range values {
			wanted[i], found = true, true
		}
	}
	if !found {
		return func(uint32) bool { return false }
	}
	return func(ord uint32) bool {
		for _, i := range col.of(ord) {
			if wanted[i] {
				return true
			}
		}
		return false
	}
}

// maxHints bounds the hints of one search.
const maxHints = 8

// nobody is the Hint that no value of a column is called so.
func (c *column) nobody(in In) Hint {
	part := shortened(in.String())
	if len(c.values) == 0 || c.name != "kind" && c.name != "lang" {
		return Hint{part, HintNobody, []any{c.name}}
	}
	order := make([]int, len(c.values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		if c.before(a, b, c.counts) {
			return -1
		}
		return 1
	})
	var there []string
	for _, i := range order[:min(len(order), maxFacetValues)] {
		there = append(there, c.values[i].value)
	}
	return Hint{part, HintNoSuch, []any{c.name, strings.Join(there, ", ")}}
}

// hasWords says whether a name has all the words; a single letter stands for a
// name that begins so, as in "J. Armstrong", and the last for any when prefix.
func hasWords(name, words []string, prefix bool) bool {
	for i, w := range words {
		begins := len(w) == 1 || prefix && i == len(words)-1
		if !slices.ContainsFunc(name, func(n string) bool { return n == w || begins && strings.HasPrefix(n, w) }) {
			return false
		}
	}
	return true
}

// languageNames are the languages by name, so that lang:swedish is understood.
var languageNames = sync.OnceValue(func() map[string]string {
	return map[string]string{
		"en": "English", "sv": "Swedish", "de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese", "it": "Italian", "nl": "Dutch",
		"ru": "Russian", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "el": "Greek", "pl": "Polish", "cs": "Czech", "sk": "Slovak",
		"da": "Danish", "no": "Norwegian", "nb": "Norwegian Bokmål", "nn": "Norwegian Nynorsk", "fi": "Finnish", "hu": "Hungarian",
		"ro": "Romanian", "tr": "Turkish", "uk": "Ukrainian", "bg": "Bulgarian", "he": "Hebrew", "ar": "Arabic", "hi": "Hindi", "th": "Thai",
		"id": "Indonesian", "vi": "Vietnamese", "ca": "Catalan", "et": "Estonian", "lv": "Latvian", "lt": "Lithuanian", "hr": "Croatian",
		"sr": "Serbian", "sl": "Slovenian", "fa": "Persian",
	}
})

func languageCode(key string) string {
	for code, name := range languageNames() {
		if fold.Key(name) == key {
			return code
		}
	}
	code, _, _ := strings.Cut(key, " ")
	return code
}
