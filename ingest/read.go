package ingest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"rostrum/archive"
	"rostrum/ingest/programme"
)

// ReadRequest names a source to be read and not kept.
type ReadRequest struct {
	// Source is an http(s) address or a file: a page, Programme JSON, or a deck.
	Source string
	// BaseURL is the web address that a local page was saved from, "" for none.
	BaseURL string
	// Explain asks for the page's items beside what was read of them.
	Explain bool
}

// Reading is one thing that was read: one of its fields is set.
type Reading struct {
	Programme   *archive.Programme
	Deck        *archive.Deck
	Explanation string
	// Several says that more of the kind may come, as from a .jsonl file.
	Several bool
}

// Read reads a source as Add does and keeps nothing. It yields each programme
// of the source, or the deck that it is; an error is told and the next comes.
func (in *Ingester) Read(ctx context.Context, req ReadRequest, progress func(Event)) iter.Seq2[Reading, error] {
	return func(yield func(Reading, error) bool) {
		r := &run{Ingester: in, progress: progress, req: AddRequest{Source: req.Source, BaseURL: req.BaseURL, DryRun: true}}
		if isFolder(req.Source) {
			yield(Reading{}, &archive.InvalidError{Thing: req.Source, Why: "is a folder", Hint: "read one of its files; add takes folders"})
			return
		}
		origins, err := in.sources(r.req)
		if err != nil {
			yield(Reading{}, err)
			return
		}
		got, err := r.borrow(ctx, origins[0])
		if err != nil {
			yield(Reading{}, err)
			return
		}
		defer got.close()
		if deck, ok, err := r.deckOf(ctx, got); ok || err != nil {
			yield(Reading{Deck: &deck}, err)
			return
		}
		if req.Explain {
			text, err := explain(got)
			yield(Reading{Explanation: text}, err)
			return
		}
		for p := range r.parts(ctx, got) {
			// A page without a programme is still read as what it is.
			if errors.Is(p.err, errNoProgramme) {
				p.err = nil
			}
			programme := got.origin.relative(p.programme)
			if programme.Items == nil {
				programme.Items = []archive.Item{}
			}
			if !yield(Reading{Programme: &programme, Several: got.several()}, p.err) {
				return
			}
		}
	}
}

// several says whether a file holds one programme a line, going by its name:
// it only decides how the output is laid out.
func (b *brought) several() bool { return hasSuffix(b.name(), ".jsonl", ".ndjson") }

// deckOf reads what was brought as a deck; false when it is none.
func (r *run) deckOf(ctx context.Context, got *brought) (archive.Deck, bool, error) {
	head := make([]byte, sniffed)
	n, err := got.file.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return archive.Deck{}, false, &archive.InvalidError{Thing: got.origin.address, Why: err.Error()}
	}
	if formOf(head[:n], got.media, got.name()) != formDeck {
		return archive.Deck{}, false, nil
	}
	deck, err := r.slides.Read(ctx, got.file.Name(), got.media)
	if err == nil && deck.Problem != "" {
		err = &archive.InvalidError{Thing: r.req.Source, Why: "the deck cannot be read: " + deck.Problem}
	}
	return deck, true, err
}

// explain shows a page's items beside what is read of them.
func explain(got *brought) (string, error) {
	from, err := unpack(got)
	if err != nil {
		return "", &archive.InvalidError{Thing: got.origin.address, Why: err.Error()}
	}
	head, err := from.Peek(sniffed)
	if err != nil && len(head) == 0 {
		return "", &archive.InvalidError{Thing: got.origin.address, Why: "is empty"}
	}
	if f := formOf(head, got.media, got.name()); f != formPage && f != formText {
		return "", &archive.InvalidError{Thing: got.origin.address, Why: "is no page", Hint: "--explain is for HTML and plain text"}
	}
	page, err := pageOf(got, from)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	_, err = programme.Explain(page).WriteTo(&text)
	return text.String(), err
}

// pageOf makes what was brought a page for the reader.
func pageOf(got *brought, from *bufio.Reader) (programme.Page, error) {
	raw, err := drain(from, maxPage)
	if err != nil {
		return programme.Page{}, &archive.InvalidError{Thing: got.origin.address, Why: err.Error()}
	}
	media := got.media
	if media == "" || media == "application/gzip" || media == "application/x-gzip" {
		media = mediaByName(got.name())
	}
	return programme.Page{Bytes: raw, Media: media, URL: got.origin.base}, nil
}
