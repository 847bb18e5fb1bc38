package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/ingest/fetch"
	"rostrum/ingest/slides"
	"rostrum/internal/millis"
)

// Config makes an Ingester.
type Config struct {
	DB     *store.DB     // nil for an Ingester that only reads, or has Make
	Fetch  *fetch.Client // must be given
	Slides *slides.Pool  // nil: decks are kept and not read
	// Make, with a nil DB, makes the archive and what reads its decks once the
	// first source has been brought: an Add of nothing leaves nothing behind.
	// Who made them closes them.
	Make func(context.Context) (*store.DB, *slides.Pool, error)
	Log  *slog.Logger // nil: silent
	Now  func() time.Time
}

// Ingester brings sources into an archive. It may be used by one caller at a
// time; within a call it works side by side where that helps.
type Ingester struct {
	db     *store.DB
	fetch  *fetch.Client
	slides *slides.Pool
	create func(context.Context) (*store.DB, *slides.Pool, error) // Config.Make
	log    *slog.Logger
	now    func() time.Time
}

// New makes an Ingester.
func New(cfg Config) *Ingester {
	in := &Ingester{db: cfg.DB, fetch: cfg.Fetch, slides: cfg.Slides, create: cfg.Make, log: cfg.Log, now: cfg.Now}
	if in.log == nil {
		in.log = slog.New(slog.DiscardHandler)
	}
	if in.now == nil {
		in.now = time.Now
	}
	return in
}

// since says how long something took that began then.
func (in *Ingester) since(began time.Time) millis.Span {
	return millis.Span{Duration: in.now().Sub(began)}
}

// AddRequest names a source and how it is to be taken.
type AddRequest struct {
	// Source is an http(s) address, a file, or a folder, each file of which
	// that may hold a programme is a source.
	Source string
	// Series is the name of the series that its editions are of; "" lets the
	// programme's own title tell.
	Series string
	// BaseURL is the web address that a local page was saved from, so that its
	// links lead to where they led; "" for none.
	BaseURL string
	// NoDecks leaves the decks where they are: a later Add fetches them.
	NoDecks bool
	// DryRun tells what would change and keeps nothing.
	DryRun bool
	// Held is filled by a dry run with what it fetched, and used up by the Add
	// of the same source after it; nil: each fetches for itself.
	Held *Held
}

// Add takes a source into the archive. A part that cannot be taken is in the
// Report and the rest goes on; the error is for what stops everything: the
// context's end, a broken archive. What the Report says is stored stays stored,
// also when an error comes with it.
func (in *Ingester) Add(ctx context.Context, req AddRequest, progress func(Event)) (Report, error) {
	run := &run{Ingester: in, req: req, progress: progress}
	began := in.now()
	var report Report
	sources, err := in.sources(req)
	if err != nil {
		report.Sources = []SourceReport{{Source: req.Source, Err: err}}
	}
	for _, one := range sources {
		began := in.now()
		s, err := run.source(ctx, one)
		s.Took = in.since(began)
		if len(sources) == 1 || !errors.Is(s.Err, errNoProgramme) {
			report.Sources = append(report.Sources, s)
		}
		if err != nil {
			report.Took = in.since(began)
			return report, err
		}
	}
	if err := run.recognizeQueued(ctx); err != nil {
		report.Took = in.since(began)
		return report, err
	}
	if len(sources) > 1 && len(report.Sources) == 0 {
		report.Sources = []SourceReport{{Source: req.Source, Err: &archive.InvalidError{
			Thing: req.Source, Why: "none of its files holds a programme", Hint: "rostrum read --explain FILE shows what is seen in one of them",
		}}}
	}
	report.Took = in.since(began)
	return report, nil
}

// IsAddress says whether a source as typed is a web address rather than a file.
func IsAddress(source string) bool {
	scheme, _, ok := strings.Cut(source, "://")
	return ok && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// sources returns the origins that a source as typed stands for.
func (in *Ingester) sources(req AddRequest) ([]origin, error) {
	if IsAddress(req.Source) {
		u, err := fetch.Clean(req.Source)
		if err != nil {
			return nil, err
		}
		return []origin{webOrigin(u.String(), u.String())}, nil
	}
	if strings.Contains(req.Source, "://") {
		return nil, &archive.InvalidError{Thing: req.Source, Why: "neither a web address nor a file", Hint: "only http:// and https:// addresses are fetched"}
	}
	base := req.BaseURL
	if base != "" {
		u, err := fetch.Clean(base)
		if err != nil {
			return nil, err
		}
		base = u.String()
	}
	if !isFolder(req.Source) {
		folder, name := splitLocal(req.Source)
		return []origin{fileOrigin(folder, filepath.ToSlash(name), base)}, nil
	}
	if base != "" {
		return nil, &archive.InvalidError{Thing: req.Source, Why: "a folder cannot have one base address for all its files", Hint: "add its files one by one"}
	}
	files, err := folderFiles(req.Source)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, &archive.InvalidError{Thing: req.Source, Why: "holds no file that may be a programme", Hint: "pages end in .html or .txt, Programme JSON in .json or .jsonl"}
	}
	var list []origin
	for _, f := range files {
		list = append(list, fileOrigin(req.Source, f, ""))
	}
	return list, nil
}

// isFolder is false for what is not there too: opening it will tell.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// errNoProgramme is what a source without items is: no failure of a folder
// that holds other files too, but of a source that somebody named.
var errNoProgramme = errors.New("no programme was found in it")

// run is one Add under way.
type run struct {
	*Ingester
	req AddRequest
	// offline reads what is kept and asks nobody.
	offline bool

	mu       sync.Mutex
	progress func(Event)
	pictured []archive.BlobID // decks to look at for pictures of text at the end
}

func (r *run) tell(e Event) {
	if r.progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress(e)
}

// source takes one source. The error stops the run; what only concerns this
// source is in the report.
func (r *run) source(ctx context.Context, o origin) (SourceReport, error) {
	report := SourceReport{Source: o.address}
	err := r.take(ctx, o, &report)
	if stops(ctx, err) {
		return report, err
	}
	report.Err = err
	r.log.InfoContext(ctx, "source", "source", o.address, "editions", len(report.Editions), "decks", report.Decks.Total, "err", err)
	r.tell(Event{Step: StepDone, Source: o.address})
	return report, nil
}

// stops says whether an error ends the whole run rather than one source: the
// caller went away. Everything else may be this source's own fault.
func stops(ctx context.Context, err error) bool { return err != nil && ctx.Err() != nil }

// take fetches, reads and stores a source, then its decks.
func (r *run) take(ctx context.Context, o origin, report *SourceReport) error {
	began := r.now()
	r.tell(Event{Step: StepFetch, Source: o.address})
	got, err := r.bring(ctx, o)
	if err != nil {
		return err
	}
	defer got.close()
	report.Unchanged = got.unchanged
	found := 0
	pace := pace{r.now(), r.now}
	for p := range r.parts(ctx, got) {
		if p.err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			report.Bad = append(report.Bad, p.err)
			continue
		}
		found++
		e, err := r.takePart(ctx, got, p)
		if err != nil && ctx.Err() != nil {
			return err
		}
		if err != nil {
			report.Bad = append(report.Bad, atPart(p, err))
			continue
		}
		report.Editions = append(report.Editions, e)
		r.tell(Event{Step: StepRead, Source: o.address, Edition: e.ID, Title: e.Title, Done: found, Total: got.total(found), Left: pace.left(int(got.read()>>10), int(got.size>>10))})
	}
	if found == 0 && len(report.Bad) == 1 {
		err := report.Bad[0]
		report.Bad = nil
		return err
	}
	report.Stored = r.since(began)
	if r.req.DryRun || r.req.NoDecks {
		return nil
	}
	if err := r.decks(ctx, got.origin, report); err != nil {
		return err
	}
	if got.unchanged {
		return nil
	}
	return r.papers(ctx, report)
}

// atPart names the line of a part that the store would not take.
func atPart(p part, err error) error {
	if p.line == 0 {
		return err
	}
	return fmt.Errorf("line %d: %w", p.line, err)
}

// takePart hands one programme to the store.
func (r *run) takePart(ctx context.Context, got *brought, p part) (EditionReport, error) {
	if e := p.programme.Edition; e.Title == "" && e.Series == "" && r.req.Series == "" && !r.offline {
		return EditionReport{}, &archive.InvalidError{Thing: "edition", Why: "nothing says what it is called", Hint: "--series NAME says which series it is of; Programme JSON has edition.title"}
	}
	intake := store.Intake{
		Snapshot: got.snapshot.ID, Address: got.origin.address, Part: p.n, Reader: got.reader, Series: r.req.Series,
		Programme: p.programme, At: r.now(), DryRun: r.req.DryRun,
	}
	taken, err := r.db.TakeProgramme(ctx, intake)
	if err != nil {
		return EditionReport{}, err
	}
	e := EditionReport{
		ID: taken.Edition, Title: p.programme.Edition.Title, New: taken.New, Items: len(p.programme.Items), Findings: p.programme.Findings,
		Added: len(taken.Added), Changed: len(taken.Changed), Gone: len(taken.Gone), Unchanged: len(taken.Unchanged),
	}
	for _, i := range p.programme.Items {
		if i.Given() {
			e.Talks++
		}
	}
	if taken.Same {
		if e.Known, err = r.db.Findings(ctx, taken.Edition); err != nil {
			return EditionReport{}, err
		}
	}
	if r.req.DryRun {
		e.Read = p.programme.Items
		e.Diff = &Diff{Added: taken.Added, Gone: taken.Gone, Says: map[archive.TalkID]archive.Item{}}
		for _, id := range slices.Concat(taken.Added, taken.Changed, taken.Gone) {
			e.Diff.Says[id] = taken.Says[id]
		}
		if taken.New {
			e.Diff.Edition = &p.programme.Edition
		}
		for _, c := range taken.Changes {
			e.Diff.Changes = append(e.Diff.Changes, Change{Talk: c.Talk, Field: c.Field, Old: c.Old, New: c.New})
		}
	}
	return e, nil
}

// drain reads to the end of r, at most limit bytes, and says when there are more.
func drain(r io.Reader, limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("is larger than %d MB", limit>>20)
	}
	return b, err
}
