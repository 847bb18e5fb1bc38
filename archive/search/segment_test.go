package search

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// mapped is a field as zap's own builder takes it: a map of its terms.
type mapped struct {
	document.Field
	name    string
	options index.FieldIndexingOptions
	terms   index.TokenFrequencies
}

func (f *mapped) Name() string                                     { return f.name }
func (f *mapped) Options() index.FieldIndexingOptions              { return f.options }
func (f *mapped) AnalyzedTokenFrequencies() index.TokenFrequencies { return f.terms }
func (f *mapped) AnalyzedLength() int                              { return 0 }

// plainDocuments makes of what was gathered the documents that zap's builder
// takes, without our own writer.
func plainDocuments(g *gathering, named []storedDoc) []index.Document {
	fields := make([]map[string]map[string][]int, len(named)) // document, field, term, positions
	put := func(doc uint32, field, term string, pos int) {
		if fields[doc] == nil {
			fields[doc] = map[string]map[string][]int{}
		}
		if fields[doc][field] == nil {
			fields[doc][field] = map[string][]int{}
		}
		p := fields[doc][field][term]
		if len(p) == 0 || p[len(p)-1] < pos {
			fields[doc][field][term] = append(p, pos)
		}
	}
	for f := range g.lists {
		for _, o := range g.lists[f] {
			put(o.doc, fieldID(f).indexed(), g.terms[o.term], int(o.pos))
		}
	}
	for _, o := range g.plain {
		put(o.doc, spelled, g.terms[o.term], 0)
	}
	var docs []index.Document
	for i, s := range named {
		d := document.NewDocument(s.name)
		d.AddIDField()
		d.VisitFields(func(f index.Field) { f.Analyze() })
		if s.row != nil {
			d.AddField(document.NewTextFieldWithIndexingOptions(stored, nil, s.row, index.StoreField))
		}
		for name, terms := range fields[i] {
			made := map[string]index.TokenFrequencies{}
			for term, positions := range terms {
				numbers := pack(positions)
				if name == spelled {
					numbers = []uint64{0}
				}
				for n, number := range numbers {
					f := &index.TokenFreq{Term: []byte(term)}
					f.SetFrequency(int(number))
					if made[overflow(name, n)] == nil {
						made[overflow(name, n)] = index.TokenFrequencies{}
					}
					made[overflow(name, n)][term] = f
				}
			}
			for name, terms := range made {
				text := document.NewTextFieldWithIndexingOptions(name, nil, nil, fieldOptions(name))
				d.AddField(&mapped{Field: text, name: name, options: fieldOptions(name), terms: terms})
			}
		}
		docs = append(docs, d)
	}
	return docs
}

// told lists all that a segment says: terms, postings, names, stored values.
func told(t *testing.T, s segment.Segment) []string {
	t.Helper()
	var out []string
	for _, field := range fieldNames() {
		dict, err := s.Dictionary(field)
		if err != nil {
			t.Fatal(err)
		}
		terms := dict.AutomatonIterator(nil, nil, nil)
		for {
			e, err := terms.Next()
			if err != nil {
				t.Fatal(err)
			}
			if e == nil {
				break
			}
			list, err := dict.PostingsList([]byte(e.Term), nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for it := list.Iterator(true, true, true, nil); ; {
				p, err := it.Next()
				if err != nil {
					t.Fatal(err)
				}
				if p == nil {
					break
				}
				number := p.Frequency()
				if field == "_id" {
					number = 0 // of which nobody asks
				}
				fmt.Fprintf(&b, " %d:%d", p.Number(), number)
			}
			out = append(out, fmt.Sprintf("%s %q%s", field, e.Term, b.String()))
		}
	}
	for i := range s.Count() {
		err := s.VisitStoredFields(i, func(name string, typ byte, value []byte, _ []uint64) bool {
			out = append(out, fmt.Sprintf("%d %s %c %x", i, name, typ, value))
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// writtenBoth gathers entries and makes a segment of them by our writer and by zap's.
func writtenBoth(t *testing.T, entries []archive.Entry, firstOrd uint32) (ours, zaps segment.Segment) {
	t.Helper()
	g := newGathering()
	g.reset()
	var docs []storedDoc
	ord := firstOrd
	for i, e := range entries {
		c := g.compose(archive.Change{Revision: archive.Revision(i + 1), Talk: e.ID, Entry: &e})
		docs = append(docs, storedDoc{docName(talkDoc, ord), c.row.encode()})
		ord++
		for range c.row.slides {
			docs = append(docs, storedDoc{docName(slideDoc, ord), nil})
			ord++
		}
	}
	draft, err := g.draft()
	if err != nil {
		t.Fatal(err)
	}
	done, err := draft.finish(docs)
	if err != nil {
		t.Fatal(err)
	}
	ours, _, err = (&segmentPlugin{}).New([]index.Document{&carrier{docs[0].name, done}})
	if err != nil {
		t.Fatal(err)
	}
	zaps, _, err = (&zap.ZapPlugin{}).New(plainDocuments(g, docs))
	if err != nil {
		t.Fatal(err)
	}
	return ours, zaps
}

// wordy are entries that reach into overflows and past a chunk of postings.
func wordy() []archive.Entry {
	list := append(sample(), library()...)
	e := sample()[0]
	e.ID, e.Abstract = "long/2020/wordy", strings.Repeat("the cat and the dog of the house, ", 150)
	list = append(list, e)
	for i := range 1500 {
		e := sample()[2]
		e.ID = archive.TalkID(fmt.Sprintf("many/2021/t%d", i))
		e.Title = fmt.Sprintf("Talk %d of many", i)
		list = append(list, e)
	}
	return list
}

func TestSegmentIsWhatZapWrites(t *testing.T) {
	ours, zaps := writtenBoth(t, wordy(), 7)
	if diff := cmp.Diff(told(t, zaps), told(t, ours)); diff != "" {
		t.Errorf("-zap +ours\n%s", diff)
	}
}

// Segments are merged by zap: what comes out must be the same as of its own.
func TestSegmentsMerge(t *testing.T) {
	one, oneZap := writtenBoth(t, wordy()[:20], 0)
	two, twoZap := writtenBoth(t, wordy()[20:], 5000)
	merge := func(p interface {
		Merge(segments []segment.Segment, drops []*roaring.Bitmap, path string, closed chan struct{}, s segment.StatsReporter) ([][]uint64, uint64, error)
		Open(path string) (segment.Segment, error)
	}, segments ...segment.Segment) []string {
		t.Helper()
		path := t.TempDir() + "/merged.zap"
		drops := make([]*roaring.Bitmap, len(segments))
		drops[1] = roaring.BitmapOf(3, 4, 700)
		if _, _, err := p.Merge(segments, drops, path, nil, nil); err != nil {
			t.Fatal(err)
		}
		merged, err := p.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = merged.Close() }()
		return told(t, merged)
	}
	if diff := cmp.Diff(merge(&zap.ZapPlugin{}, oneZap, twoZap), merge(&segmentPlugin{}, one, two)); diff != "" {
		t.Errorf("-zap +ours\n%s", diff)
	}
}

// twice is a Feed that tells of a talk twice, as it was and as it is.
type twice struct{ before, now archive.Entry }

func (f twice) Changes(_ context.Context, after archive.Revision) iter.Seq2[archive.Change, error] {
	return func(yield func(archive.Change, error) bool) {
		for i, e := range []*archive.Entry{&f.before, &f.now} {
			if r := archive.Revision(i + 1); r > after && !yield(archive.Change{Revision: r, Talk: e.ID, Entry: e}, nil) {
				return
			}
		}
	}
}

func TestTalkTwiceInTheFeed(t *testing.T) {
	feed := twice{sample()[0], sample()[0]}
	feed.now.Title = "Let it rise"
	ix := open(t, feed)
	res := ask(t, ix, Request{Query: Parse("strongarm"), Limit: 10})
	if res.Total != 1 {
		t.Errorf("%d talks found, want 1", res.Total)
	}
	if got := find(t, ix, "title:fall"); len(got) != 0 {
		t.Errorf("the talk is found by a title it has no longer: %v", got)
	}
}
