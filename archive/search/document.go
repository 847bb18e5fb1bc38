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

// carrier brings a whole segment, written already, through scorch's door for
// single documents. It has the name of the segment's first document; those
// that the others take the place of are deleted by name in the same batch.
type carrier struct {
	name    string
	segment *finished
}

func (c *carrier) ID() string                                 { return c.name }
func (c *carrier) Size() int                                  { return len(c.segment.bytes) }
func (c *carrier) VisitFields(index.FieldVisitor)             {}
func (c *carrier) VisitComposite(index.CompositeFieldVisitor) {}
func (c *carrier) HasComposite() bool                         { return false }
func (c *carrier) NumPlainTextBytes() uint64                  { return 0 }
func (c *carrier) StoredFieldsBytes() uint64                  { return 0 }
func (c *carrier) Indexed() bool                              { return true }
func (c *carrier) AddIDField()                                {}
