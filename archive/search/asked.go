package search

import (
	"slices"
	"strings"

	"rostrum/internal/fold"
)

// askedName is a name that was asked for behind a field, as in speaker:müller:
// its words, each in the ways in which it may be written. A talk is found by it
// without looking into texts, so that it is marked where the field's own values
// are shown, and nowhere else.
type askedName struct {
	field  Field
	words  [][]string
	prefix bool // the last word goes on
}

// askedNames returns what was asked for behind a field; none where that has no names.
func askedNames(in In) []askedName {
	if !byWords(in.Field) {
		return nil
	}
	var out []askedName
	for _, v := range in.Of {
		a := askedName{field: Field(in.Field)}
		_, a.prefix = v.(Prefix)
		for raw := range strings.FieldsSeq(valueText(v)) {
			raw = strings.Trim(raw, ",;.()")
			for _, w := range fold.Words(raw) {
				a.words = append(a.words, append([]string{w}, transcribed(strings.ToLower(raw), w)...))
			}
		}
		if len(a.words) > 0 {
			out = append(out, a)
		}
	}
	return out
}

// marks returns where a value has the words, when it has all of them: of the
// people of a talk only Joe Strongarm is "joe strongarm", not Joe Weak.
func (a *askedName) marks(value string) [][2]int {
	var marks [][2]int
	met := make([]bool, len(a.words))
	scan(value, func(w rawWord) {
		word, asked := fold.Key(value[w.start:w.end]), false
		for i := range a.words {
			if a.is(i, word) {
				met[i], asked = true, true
			}
		}
		if asked {
			marks = append(marks, [2]int{w.start, w.end})
		}
	})
	if slices.Contains(met, false) {
		return nil
	}
	return marks
}

// is says whether a word of a value is the i-th one asked for, as nameIndex.having does.
func (a *askedName) is(i int, word string) bool {
	goesOn := a.prefix && i == len(a.words)-1
	for k, way := range a.words[i] {
		if word == way || (goesOn || k == 0 && len(way) == 1) && strings.HasPrefix(word, way) {
			return true
		}
	}
	return false
}

// MarksIn is Marks for a value of a field, such as the name of a person, where
// names that were asked for behind the field are marked too.
func (m *Marker) MarksIn(f Field, value string) [][2]int {
	marks := slices.Clone(m.Marks(value))
	for i := range m.names {
		if m.names[i].field == f {
			marks = append(marks, m.names[i].marks(value)...)
		}
	}
	return merge(value, marks)
}

// Asks says whether names were asked for behind a field.
func (m *Marker) Asks(f Field) bool {
	return slices.ContainsFunc(m.names, func(a askedName) bool { return a.field == f })
}
