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
	positions map[string][]int
	length    int
}

func newWords() *words { return &words{positions: map[string][]int{}} }

func (w *words) add(stem string, pos int) {
	list := w.positions[stem]
	if n := len(list); n > 0 && list[n-1] >= pos {
		return
	}
	w.positions[stem] = append(list, pos)
}

// into turns what was gathered into the field and its overflows.
func (w *words) into(d *document, name string) {
	if len(w.positions) == 0 {
		return
	}
	slab := make([]index.TokenFreq, len(w.positions))
	var levels []*field
	i := 0
	for stem, positions := range w.positions {
		for n, number := range pack(positions) {
			if n == len(levels) {
				levels = append(levels, &field{name: overflow(name, n), options: index.IndexField, terms: index.TokenFrequencies{}})
			}
			freq := &index.TokenFreq{}
			if n == 0 {
				freq = &slab[i]
				i++
			}
			freq.SetFrequency(int(number))
			levels[n].terms[stem] = freq
		}
	}
	for _, f := range levels {
		d.fields = append(d.fields, f)
	}
}
