package ingest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/unicode/norm"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/ingest/fetch"
	"rostrum/ingest/slides"
)

// maxDeck bounds a slide file, in bytes. The largest real ones, full of
// photographs, have some 200 MB.
const maxDeck = 512 << 20

// fetchers is how many decks are on their way at a time; each host's own gate
// is narrower.
const fetchers = 8

// deckRun is the decks of one source under way.
type deckRun struct {
	*run
	origin  origin
	talks   map[string][]carrier    // by address of the deck
	pending map[archive.BlobID]bool // kept, and not read by this version of the reader

	mu     sync.Mutex
	report *SourceReport
	done   int
	pace   pace
}

// carrier is a talk that links a deck.
type carrier struct {
	edition archive.EditionID
	talk    archive.TalkID
}

// decks fetches and reads what is missing of the decks of a source's editions.
// A deck that is not to be had, or not to be read, is a Finding on its talk.
func (r *run) decks(ctx context.Context, o origin, report *SourceReport) error {
	d := &deckRun{run: r, origin: o, report: report, pace: pace{r.now(), r.now}, talks: map[string][]carrier{}, pending: map[archive.BlobID]bool{}}
	files, err := d.list(ctx)
	if err != nil || len(files) == 0 {
		return err
	}
	unread, err := r.db.DecksToRead(ctx, slides.Version)
	if err != nil {
		return err
	}
	for _, blob := range unread {
		d.pending[blob] = true
	}
	report.Decks.Total = len(files)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(fetchers)
	for _, f := range files {
		group.Go(func() error { return d.deck(ctx, f) })
	}
	return group.Wait()
}

// list returns the deck files of the source's editions, each address once.
func (d *deckRun) list(ctx context.Context) ([]store.DeckFile, error) {
	var files []store.DeckFile
	seen := map[string]bool{}
	for _, e := range d.report.Editions {
		of, err := d.db.DeckFiles(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		if len(of) == 0 {
			continue
		}
		talks, err := d.db.EditionTalks(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		for _, t := range talks {
			for _, deck := range t.Decks {
				d.talks[deck.Address] = append(d.talks[deck.Address], carrier{e.ID, t.ID})
			}
		}
		for _, f := range of {
			if !seen[f.Address] && d.mine(f.Address) {
				seen[f.Address] = true
				files = append(files, f)
			}
		}
	}
	return files, nil
}

// mine says whether an address may be followed from this source: another
// source of the same edition may have named files of its own folder.
func (d *deckRun) mine(address string) bool {
	if strings.HasPrefix(address, filePrefix) {
		_, ok := d.origin.within(address)
		return ok
	}
	return true
}

// outcome is what became of a deck.
type outcome struct {
	count func(*DeckReport) *int
	code  archive.FindingCode // of the Finding that tells of it, "" when all is well
	text  string
}

func same(r *DeckReport) *int    { return &r.Unchanged }
func read(r *DeckReport) *int    { return &r.Read }
func kept(r *DeckReport) *int    { return &r.Kept }
func missing(r *DeckReport) *int { return &r.Missing }

// deck brings one deck up to date. The error is only for what stops the run.
func (d *deckRun) deck(ctx context.Context, f store.DeckFile) error {
	became, err := d.bringDeck(ctx, f)
	if err != nil {
		return err
	}
	if became.code != "" {
		if err := d.find(ctx, f.Address, became); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	count := &d.report.Decks
	*became.count(count)++
	d.done++
	d.tell(Event{Step: StepDeck, Source: d.origin.address, Address: f.Address, Text: became.text, Done: d.done, Total: count.Total, Left: d.pace.left(d.done, count.Total)})
	return nil
}

// find tells each talk that links a deck what is wrong with it.
func (d *deckRun) find(ctx context.Context, address string, o outcome) error {
	for _, c := range d.talks[address] {
		f := store.FoundFinding{Talk: c.talk, Finding: archive.Finding{Code: o.code, Text: sentence(o.text), Field: "slides", URL: address}}
		if err := d.db.AddFindings(ctx, c.edition, []store.FoundFinding{f}); err != nil {
			return err
		}
	}
	return nil
}

// bringDeck fetches a deck unless it is here, and reads it unless it is read.
func (d *deckRun) bringDeck(ctx context.Context, f store.DeckFile) (outcome, error) {
	have := f.Blob != ""
	if have && f.ETag == "" && f.LastModified == "" && !strings.HasPrefix(f.Address, filePrefix) {
		// The server gave nothing to ask by: asking again would be loading
		// all of it again.
		return d.readDeck(ctx, f, false)
	}
	fresh, err := d.fetchDeck(ctx, f)
	if err != nil && ctx.Err() != nil {
		return outcome{}, ctx.Err()
	}
	switch {
	case err != nil && have:
		// What is kept stays, also when it is gone where it came from: that
		// is what an archive is for.
		return d.readDeck(ctx, f, false)
	case err != nil:
		return d.missing(ctx, f, err)
	case fresh.Blob == f.Blob:
		return d.readDeck(ctx, f, false)
	}
	if err := d.db.TakeDeckFile(ctx, fresh); err != nil {
		return outcome{}, err
	}
	return d.readDeck(ctx, fresh, true)
}

// missing notes why a deck could not be had.
func (d *deckRun) missing(ctx context.Context, f store.DeckFile, err error) (outcome, error) {
	became := outcome{missing, deckCode(err), why(err)}
	gone := store.DeckFile{Address: f.Address, State: archive.DeckMissing, Reason: sentence(became.text), At: d.now()}
	if f.State == gone.State && f.Reason == gone.Reason {
		return became, nil
	}
	return became, d.db.TakeDeckFile(ctx, gone)
}

// deckCode sorts the reasons for which there is no deck.
func deckCode(err error) archive.FindingCode {
	if errors.Is(err, errNotADeck) {
		return archive.FindingNotADeck
	}
	if e, ok := errors.AsType[*fetch.Error](err); ok && (e.Cause == fetch.Refused || e.Cause == fetch.TooLarge) {
		return archive.FindingDeckRefused
	}
	return archive.FindingDeckMissing
}

// fetchDeck asks for a deck. A DeckFile with the same Blob says that it has
// not changed.
func (d *deckRun) fetchDeck(ctx context.Context, f store.DeckFile) (store.DeckFile, error) {
	if strings.HasPrefix(f.Address, filePrefix) {
		return d.localDeck(ctx, f)
	}
	ask := fetch.Request{Address: f.Address, Limit: maxDeck, Followed: true}
	if f.Blob != "" {
		ask.ETag, ask.LastModified = f.ETag, f.LastModified
	}
	got := store.DeckFile{Address: f.Address, State: archive.DeckKept}
	keep := func(resp fetch.Response, body io.Reader) error { return d.keepDeck(ctx, &got, resp.Media, body) }
	resp, err := d.fetch.Get(ctx, ask, keep)
	if other, ok := otherForm(f.Address); ok && isStatus(err, http.StatusNotFound) {
		ask.Address = other
		if again, otherErr := d.fetch.Get(ctx, ask, keep); otherErr == nil {
			resp, err = again, nil
		}
	}
	if err != nil || resp.NotModified {
		return f, err
	}
	got.ETag, got.LastModified, got.At = resp.ETag, resp.LastModified, d.now()
	return got, d.name(&got, resp.Address)
}

// otherForm writes an address with its accents put together, or taken apart: a
// page made on a Mac names files one way, the server it was copied to the other.
func otherForm(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	was := u.Path
	if u.Path = norm.NFC.String(was); u.Path == was {
		u.Path = norm.NFD.String(was)
	}
	u.RawPath = ""
	return u.String(), u.Path != was
}

func isStatus(err error, status int) bool {
	e, ok := errors.AsType[*fetch.Error](err)
	return ok && e.Status == status
}

func (d *deckRun) localDeck(ctx context.Context, f store.DeckFile) (store.DeckFile, error) {
	file, err := d.origin.open(f.Address)
	if errors.Is(err, fs.ErrNotExist) {
		return f, &archive.InvalidError{Thing: f.Address, Why: "there is no such file in the page's folder"}
	}
	if err != nil {
		return f, &fetch.Error{Address: f.Address, Cause: fetch.Refused, Why: "the file is not in the page's folder, or is no file", Err: err}
	}
	defer file.Close()
	got := store.DeckFile{Address: f.Address, State: archive.DeckKept, At: d.now()}
	if err := d.keepDeck(ctx, &got, "", file); err != nil {
		return f, err
	}
	return got, d.name(&got, f.Address)
}

// errNotADeck is what bytes that are plainly something else get.
var errNotADeck = errors.New("not a deck")

type notADeckError struct{ archive.InvalidError }

func (e *notADeckError) Unwrap() error        { return &e.InvalidError }
func (e *notADeckError) Is(target error) bool { return target == errNotADeck }

// keepDeck keeps bytes as a blob, unless they begin like a web page, a picture
// or a film: a link called slides leads to those as well.
func (d *deckRun) keepDeck(ctx context.Context, f *store.DeckFile, media string, from io.Reader) error {
	b := bufio.NewReaderSize(from, 4096)
	head, err := b.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	is := slides.Sniff(head, nil)
	for _, other := range []struct{ begins, called string }{{"text/html", "a web page"}, {"text/", "a text"}, {"image/", "a picture"}, {"video/", "a film"}, {"audio/", "a recording"}} {
		if strings.HasPrefix(is, other.begins) && !isDeck(is) {
			return &notADeckError{archive.InvalidError{Thing: f.Address, Why: "the link leads to " + other.called + ", not to slides"}}
		}
	}
	if len(head) == 0 {
		return &archive.InvalidError{Thing: f.Address, Why: "the file is empty"}
	}
	f.Media = media
	f.Blob, f.Bytes, err = d.db.PutBlob(ctx, b, maxDeck)
	return err
}

// name finds the media type of kept bytes and makes a file's name of the
// address they came from.
func (d *deckRun) name(f *store.DeckFile, from string) error {
	media, err := slides.SniffFile(d.db.BlobPath(f.Blob))
	if err != nil {
		return err
	}
	f.Media = media
	name := strings.TrimPrefix(from, filePrefix)
	if u, err := url.Parse(from); err == nil && u.Scheme != "file" {
		name = u.Path
	}
	f.Name = fileName(name, media)
	return nil
}

// readDeck has a kept deck read, unless this version of the reader has done so.
func (d *deckRun) readDeck(ctx context.Context, f store.DeckFile, fresh bool) (outcome, error) {
	became := outcome{count: same}
	if fresh {
		became.count = read
	}
	if d.slides == nil {
		return became, nil
	}
	d.queue(f.Blob)
	if !d.unread(f.Blob) && (!fresh || d.known(ctx, f.Blob)) {
		if f.State == archive.DeckKept && !fresh {
			became.code, became.text = problemCode(f.Media), f.Reason
		}
		return became, nil
	}
	deck, err := d.readBlob(ctx, f.Blob, f.Media)
	switch {
	case err != nil:
		return outcome{}, err
	case deck.Problem != "":
		return outcome{kept, problemCode(f.Media), deck.Problem}, nil
	case looksLikePaper(deck):
		return outcome{read, archive.FindingNotADeck, "the file looks like a paper rather than slides: upright pages full of text"}, nil
	}
	return outcome{count: read}, nil
}

// readBlob has the deck of some kept bytes read and keeps what came out.
func (in *Ingester) readBlob(ctx context.Context, blob archive.BlobID, media string) (archive.Deck, error) {
	deck, err := in.slides.Read(ctx, in.db.BlobPath(blob), media)
	if err != nil {
		return archive.Deck{}, err
	}
	deck.Blob = blob
	return deck, in.db.TakeDeck(ctx, deck)
}

// paperWords is how many words a page of a paper has at least; slides with
// more are rare, pages of a paper with fewer are its first and last.
const paperWords = 250

// looksLikePaper says whether most pages are upright and full of text.
func looksLikePaper(d archive.Deck) bool {
	full := 0
	for _, s := range d.Slides {
		if s.Height > 1.2*s.Width && len(strings.Fields(s.Text)) >= paperWords {
			full++
		}
	}
	return full >= 2 && full*2 > len(d.Slides)
}

// problemCode sorts the reasons for which a kept deck is not read, by its format.
func problemCode(media string) archive.FindingCode {
	if media == slides.MediaPDF || media == slides.MediaPPTX || media == slides.MediaODP {
		return archive.FindingDeckBroken
	}
	return archive.FindingDeckUnsupported
}

func (d *deckRun) unread(blob archive.BlobID) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	was := d.pending[blob]
	delete(d.pending, blob)
	return was
}

// known says whether bytes that came under a new address are read already:
// two talks link one file, or a file moved.
func (d *deckRun) known(ctx context.Context, blob archive.BlobID) bool {
	deck, err := d.db.Deck(ctx, blob)
	return err == nil && deck.Reader >= slides.Version && deck.Problem == ""
}

// sentence begins with a capital letter.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	if s[0] >= 'a' && s[0] <= 'z' {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	return s
}
