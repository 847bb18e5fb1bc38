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
		f.keep = p.valued(in)
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

// valued answers a demand on a property with names: those values hold that
// are named exactly, by name or ID; when none is, those that have the words.
func (p *planner) valued(in In) func(uint32) bool {
	col := p.view.facets.column(in.Field)
	wanted := make([]bool, len(col.values))
	found := false
	for _, v := range in.Of {
		for _, i := range col.find(v) {
			wanted[i], found = true, true
		}
	}
	if !found {
		p.plan.hints = append(p.plan.hints, Hint{in.String(), HintNobody, []any{in.Field}})
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

// find returns the values that a part of a query names.
func (c *column) find(n Node) []int {
	text := valueText(n)
	key := fold.Key(text)
	if key == "" {
		return nil
	}
	if _, prefix := n.(Prefix); !prefix {
		if c.name == "lang" {
			key = languageCode(key)
		}
		var exact []int
		for i, v := range c.values {
			if v.key == key || v.named == key || v.id != "" && v.id == strings.ToLower(text) {
				exact = append(exact, i)
			}
		}
		if len(exact) > 0 {
			return exact
		}
	}
	_, prefix := n.(Prefix)
	var out []int
	words := strings.Fields(key)
	for i, v := range c.values {
		if hasWords(strings.Fields(v.key), words, prefix) || v.named != "" && hasWords(strings.Fields(v.named), words, prefix) {
			out = append(out, i)
		}
	}
	return out
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
