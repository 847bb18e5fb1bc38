package ingest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"sync/atomic"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/ingest/fetch"
	"rostrum/ingest/programme"
)

// maxSource bounds what a source may weigh, in bytes: pages are bounded
// tighter when they are read, Programme JSON is read line by line.
const maxSource = 2 << 30

// brought is a source's bytes, kept.
type brought struct {
	origin    origin
	snapshot  archive.Snapshot
	media     string
	unchanged bool
	reader    int // version of the programme reader, 0 for Programme JSON

	file *os.File
	size int64
	at   *atomic.Int64 // bytes of file that were read
	temp string        // to be removed

	answer fetch.Response // that it came with, when it was borrowed from the web
}

func (b *brought) close() {
	_ = b.file.Close()
	if b.temp != "" {
		_ = os.Remove(b.temp)
	}
}

func (b *brought) read() int64 { return b.at.Load() }

// total guesses how many programmes there are from how far the found ones
// reach into the file.
func (b *brought) total(found int) int {
	if read := b.read(); read > 0 && read < b.size {
		return int(int64(found) * b.size / read)
	}
	return found
}

// Read counts.
func (b *brought) Read(p []byte) (int, error) {
	n, err := b.file.Read(p)
	b.at.Add(int64(n))
	return n, err
}

// bring fetches a source and keeps it as a Snapshot, or takes the kept one
// when the source says that it has not changed.
func (r *run) bring(ctx context.Context, o origin) (*brought, error) {
	if r.db == nil && r.create != nil {
		return r.bringFirst(ctx, o)
	}
	if r.req.DryRun || r.db == nil {
		return r.borrow(ctx, o)
	}
	snap, unchanged, err := r.snapshot(ctx, o, maxSource, false)
	if err != nil {
		return nil, err
	}
	return r.kept(o, snap, unchanged)
}

// bringFirst brings a source before there is an archive, and makes the archive
// once it is here and may hold a programme.
func (r *run) bringFirst(ctx context.Context, o origin) (*brought, error) {
	got, err := r.borrow(ctx, o)
	if err != nil {
		return nil, err
	}
	defer got.close()
	if _, _, err := r.formed(got); err != nil {
		return nil, err
	}
	if _, err := got.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if r.db, r.slides, err = r.create(ctx); err != nil {
		return nil, err
	}
	blob, n, err := r.db.PutBlob(ctx, got.file, maxSource)
	if err != nil {
		return nil, err
	}
	snap, unchanged, err := r.takeSnapshot(ctx, store.Fetched{
		Address: o.address, FinalAddress: got.answer.Address, Blob: blob, Bytes: n, Media: got.media,
		ETag: got.answer.ETag, LastModified: got.answer.LastModified, Series: r.req.Series, At: r.now(),
	})
	if err != nil {
		return nil, err
	}
	return r.kept(o, snap, unchanged)
}

// kept opens what was kept of a source.
func (r *run) kept(o origin, snap archive.Snapshot, unchanged bool) (*brought, error) {
	f, err := r.db.OpenBlob(snap.Blob)
	if err != nil {
		return nil, err
	}
	if !o.local() {
		o.base = snap.Address
	}
	return &brought{origin: o, snapshot: snap, media: snap.Media, unchanged: unchanged, file: f, size: snap.Bytes, at: new(atomic.Int64)}, nil
}

// snapshot asks an origin and keeps what it gave.
func (r *run) snapshot(ctx context.Context, o origin, limit int64, followed bool) (snap archive.Snapshot, unchanged bool, err error) {
	if o.local() {
		return r.localSnapshot(ctx, o, limit)
	}
	known, err := r.db.Source(ctx, o.address)
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
		return snap, false, err
	}
	// What came to be known since is not put back.
	if page, ok := r.req.Held.page(o.address); ok && !known.Looked.After(page.at) {
		return r.heldSnapshot(ctx, o, page, limit)
	}
	ask := fetch.Request{Address: o.address, Limit: limit, Followed: followed}
	if known.Latest != 0 {
		if snap, err = r.db.Snapshot(ctx, known.Latest); err != nil {
			return snap, false, err
		}
		// Conditions only make sense while the bytes they speak of are there.
		if _, err := os.Stat(r.db.BlobPath(snap.Blob)); err == nil {
			ask.ETag, ask.LastModified = known.ETag, known.LastModified
		}
	}
	var got store.Fetched
	resp, err := r.fetch.Get(ctx, ask, func(_ fetch.Response, body io.Reader) error {
		var err error
		got.Blob, got.Bytes, err = r.db.PutBlob(ctx, body, limit)
		return err
	})
	if err != nil {
		return snap, false, err
	}
	if resp.NotModified {
		return snap, true, r.db.SourceSeen(ctx, o.address, r.now())
	}
	got.Address, got.FinalAddress, got.Media = o.address, resp.Address, resp.Media
	got.ETag, got.LastModified, got.Series, got.At = resp.ETag, resp.LastModified, r.req.Series, r.now()
	return r.takeSnapshot(ctx, got)
}

// heldSnapshot keeps what a dry run held.
func (r *run) heldSnapshot(ctx context.Context, o origin, page heldPage, limit int64) (archive.Snapshot, bool, error) {
	f, err := os.Open(page.file)
	if err != nil {
		return archive.Snapshot{}, false, err
	}
	defer f.Close()
	blob, n, err := r.db.PutBlob(ctx, f, limit)
	if err != nil {
		return archive.Snapshot{}, false, err
	}
	return r.takeSnapshot(ctx, store.Fetched{
		Address: o.address, FinalAddress: page.answer.Address, Blob: blob, Bytes: n, Media: page.answer.Media,
		ETag: page.answer.ETag, LastModified: page.answer.LastModified, Series: r.req.Series, At: page.at,
	})
}

func (r *run) takeSnapshot(ctx context.Context, got store.Fetched) (archive.Snapshot, bool, error) {
	snap, isNew, err := r.db.TakeSnapshot(ctx, got)
	return snap, !isNew, err
}

func (r *run) localSnapshot(ctx context.Context, o origin, limit int64) (archive.Snapshot, bool, error) {
	f, err := openLocal(o.path())
	if err != nil {
		return archive.Snapshot{}, false, err
	}
	defer f.Close()
	blob, n, err := r.db.PutBlob(ctx, f, limit)
	if err != nil {
		return archive.Snapshot{}, false, err
	}
	return r.takeSnapshot(ctx, store.Fetched{Address: o.address, Blob: blob, Bytes: n, Media: mediaByName(o.address), Series: r.req.Series, At: r.now()})
}

// borrow brings a source without keeping it, for a dry run and for reading.
func (r *run) borrow(ctx context.Context, o origin) (*brought, error) {
	got := &brought{origin: o, media: mediaByName(o.address), at: new(atomic.Int64)}
	if o.local() {
		f, err := openLocal(o.path())
		if err != nil {
			return nil, err
		}
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		got.file, got.size = f, info.Size()
		return got, nil
	}
	f, err := os.CreateTemp("", "rostrum-*")
	if err != nil {
		return nil, err
	}
	got.file, got.temp = f, f.Name()
	resp, err := r.fetch.Get(ctx, fetch.Request{Address: o.address, Limit: maxSource}, func(_ fetch.Response, body io.Reader) error {
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if err := f.Truncate(0); err != nil {
			return err
		}
		var err error
		got.size, err = io.Copy(f, body)
		return err
	})
	if err == nil {
		err = r.req.Held.keep(o.address, io.NewSectionReader(f, 0, got.size), resp, r.now())
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		got.close()
		return nil, err
	}
	got.media, got.origin.base, got.answer = resp.Media, resp.Address, resp
	return got, nil
}

// parts reads the programmes of what was brought.
func (r *run) parts(ctx context.Context, got *brought) iter.Seq[part] {
	return func(yield func(part) bool) {
		b, kind, err := r.formed(got)
		if err != nil {
			yield(part{err: err})
			return
		}
		switch kind {
		case formJSON:
			for p := range programmes(b) {
				p.programme = got.origin.settle(p.programme)
				if ctx.Err() != nil {
					p.err = ctx.Err()
				}
				if !yield(p) {
					return
				}
			}
		default:
			p, err := r.page(ctx, got, b)
			yield(part{programme: p, err: err})
		}
	}
}

// formed unpacks what was brought and says which form it has: JSON, page or
// text. Anything else is an error, for it can hold no programme.
func (r *run) formed(got *brought) (*bufio.Reader, form, error) {
	kind := formUnknown
	b, err := unpack(got)
	if err != nil {
		return nil, kind, &archive.InvalidError{Thing: got.origin.address, Why: err.Error()}
	}
	head, err := b.Peek(sniffed)
	if len(head) == 0 {
		return nil, kind, r.emptyError(got, err)
	}
	switch kind = formOf(head, got.media, got.name()); kind {
	case formJSON, formPage, formText:
		return b, kind, nil
	case formDeck:
		return nil, kind, &archive.InvalidError{Thing: got.origin.address, Why: "is a slide deck, not a programme", Hint: "add the page or the Programme JSON that links it"}
	default:
		return nil, kind, &archive.InvalidError{Thing: got.origin.address, Why: "is neither a page nor Programme JSON", Hint: "HTML, plain text, .json and .jsonl are read, also compressed as .gz"}
	}
}

func (r *run) emptyError(got *brought, err error) error {
	why := "is empty"
	if err != nil && !errors.Is(err, io.EOF) {
		why = "cannot be read: " + err.Error()
	}
	return &archive.InvalidError{Thing: got.origin.address, Why: why}
}

// name is the file's name as its address has it, without ".gz".
func (b *brought) name() string {
	name := path.Base(b.origin.address)
	if ext := path.Ext(name); ext == ".gz" {
		name = name[:len(name)-len(ext)]
	}
	return name
}

// page reads a page and the pages that its talks link.
func (r *run) page(ctx context.Context, got *brought, from *bufio.Reader) (archive.Programme, error) {
	page, err := pageOf(got, from)
	if err != nil {
		return archive.Programme{}, err
	}
	p, err := programme.Read(page)
	if err != nil {
		return archive.Programme{}, fmt.Errorf("read %s: %w", got.origin.address, err)
	}
	got.reader = programme.Version
	p, err = r.linked(ctx, got.origin, page, p)
	if err != nil {
		return archive.Programme{}, err
	}
	for n, l := range programme.LooseDecks(page, p) {
		if n == maxLoose {
			break
		}
		p.Findings = append(p.Findings, archive.Finding{Code: archive.FindingDoubtful, Text: "A link looks like slides and stands at no talk that was read", Field: "slides", URL: l})
	}
	p = archive.FitProgramme(got.origin.settle(p))
	if len(p.Items) == 0 {
		return p, noProgramme(got.origin, p)
	}
	if p.Edition.URL == "" && !got.origin.local() {
		p.Edition.URL = got.origin.base
	}
	return p, nil
}

// maxLoose bounds how many links without a talk are told of one by one.
const maxLoose = 50

// noProgramme says why a page gave no items.
func noProgramme(o origin, p archive.Programme) error {
	why := errNoProgramme
	for _, f := range p.Findings {
		if f.Code == archive.FindingNoItems && f.Text != "" {
			why = fmt.Errorf("%w: %s", errNoProgramme, f.Text)
		}
	}
	return &sourceError{archive.InvalidError{Thing: o.address, Why: why.Error(), Hint: "rostrum read --explain SOURCE shows what was seen; the programme may stand on another page"}}
}

// sourceError is an InvalidError that Is errNoProgramme.
type sourceError struct{ archive.InvalidError }

func (e *sourceError) Unwrap() error { return &e.InvalidError }

func (e *sourceError) Is(target error) bool { return target == errNoProgramme }
