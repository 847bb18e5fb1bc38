package search

import (
	"encoding/binary"

	index "github.com/blevesearch/bleve_index_api"
)

// Documents are named by a letter for their kind and an ordinal.
const (
	talkDoc  = 't'
	slideDoc = 's'
)

func docName(kind byte, ord uint32) string {
	var b [5]byte
	b[0] = kind
	binary.BigEndian.PutUint32(b[1:], ord)
	return string(b[:])
}

// parseDocName returns kind 0 for a name that is none of ours.
func parseDocName(name []byte) (kind byte, ord uint32) {
	if len(name) != 5 {
		return 0, 0
	}
	return name[0], binary.BigEndian.Uint32(name[1:])
}

// document is a talk or a slide as scorch takes it: fields that are analyzed
// already, so that scorch has nothing to do but to write them down.
type document struct {
	name   string
	fields []index.Field
	bytes  int
}

func (d *document) ID() string { return d.name }

// Size is a guess that only scorch's statistics use.
func (d *document) Size() int { return 4 * d.bytes }

func (d *document) VisitFields(visit index.FieldVisitor) {
	for _, f := range d.fields {
		visit(f)
	}
}

func (d *document) VisitComposite(index.CompositeFieldVisitor) {}
func (d *document) HasComposite() bool                         { return false }
func (d *document) NumPlainTextBytes() uint64                  { return uint64(d.bytes) }
func (d *document) StoredFieldsBytes() uint64                  { return 0 }
func (d *document) Indexed() bool                              { return true }

// AddIDField is called by scorch before it writes the document.
func (d *document) AddIDField() {
	name := []byte(d.name)
	freq := &index.TokenFreq{Term: name}
	d.fields = append(d.fields, &field{
		name: "_id", value: name, options: index.IndexField | index.StoreField,
		terms: index.TokenFrequencies{d.name: freq},
	})
}

// field is a field with its postings made.
type field struct {
	name    string
	value   []byte
	options index.FieldIndexingOptions
	terms   index.TokenFrequencies
}

func (f *field) Name() string                                     { return f.name }
func (f *field) Value() []byte                                    { return f.value }
func (f *field) ArrayPositions() []uint64                         { return nil }
func (f *field) EncodedFieldType() byte                           { return 't' }
func (f *field) Analyze()                                         {}
func (f *field) Options() index.FieldIndexingOptions              { return f.options }
func (f *field) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *field) NumPlainTextBytes() uint64                        { return uint64(len(f.value)) }

// AnalyzedLength is 0, a byte's worth: true lengths stand in the rows.
func (f *field) AnalyzedLength() int { return 0 }

// words gathers the postings of one field while its text is analyzed.
type words struct {
	at     map[string]int32 // index into found
	found  []foundWord
	length int
}

// foundWord is a stem and its positions; most have but one.
type foundWord struct {
	stem  string
	first int
	last  int
	more  []int
}

func newWords() *words { return &words{at: make(map[string]int32, 32)} }

func (w *words) add(stem string, pos int) {
	i, ok := w.at[stem]
	if !ok {
		w.at[stem] = int32(len(w.found))
		w.found = append(w.found, foundWord{stem: stem, first: pos, last: pos})
		return
	}
	if f := &w.found[i]; f.last < pos {
		f.more = append(f.more, pos)
		f.last = pos
	}
}

// into turns what was gathered into the field and its overflows.
func (w *words) into(d *document, name string) {
	if len(w.found) == 0 {
		return
	}
	slab := make([]index.TokenFreq, len(w.found))
	main := make(index.TokenFrequencies, len(w.found))
	d.fields = append(d.fields, &field{name: name, options: index.IndexField, terms: main})
	var further []index.TokenFrequencies
	var positions []int
	for i, f := range w.found {
		main[f.stem] = &slab[i]
		if len(f.more) == 0 {
			slab[i].SetFrequency(int(packOne(f.first)))
			continue
		}
		positions = append(append(positions[:0], f.first), f.more...)
		for n, number := range pack(positions) {
			freq := &slab[i]
			if n > 0 {
				freq = &index.TokenFreq{}
				if n > len(further) {
					further = append(further, index.TokenFrequencies{})
				}
				further[n-1][f.stem] = freq
			}
			freq.SetFrequency(int(number))
		}
	}
	for n, terms := range further {
		d.fields = append(d.fields, &field{name: overflow(name, n+1), options: index.IndexField, terms: terms})
	}
}
