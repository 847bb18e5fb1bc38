package ingest

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"rostrum/archive"
	"rostrum/ingest/programme"
	"rostrum/ingest/slides"
)

// RereadRequest says what is to be read again.
type RereadRequest struct {
	// All also reads what this version has read.
	All bool
}

// RereadReport is what reading again did.
type RereadReport struct {
	Programmes int     `json:"programmes"`
	Changed    int     `json:"changed"` // editions that came out otherwise
	Decks      int     `json:"decks"`
	Unreadable int     `json:"unreadable"` // decks
	Recognized int     `json:"recognized"` // decks whose pictures of text were read
	Bad        []error `json:"-"`
}

// Reread reads kept bytes again, without asking anybody: decks that no reader
// of this version has read, the newest Snapshot of each source, and pictures of
// text in decks that nobody has looked at. What comes out is stored as Add
// stores it, so what is the same stays as it is, and who was interrupted begins
// again with what is left.
func (in *Ingester) Reread(ctx context.Context, req RereadRequest, progress func(Event)) (RereadReport, error) {
	r := &run{Ingester: in, progress: progress}
	var report RereadReport
	if err := r.rereadProgrammes(ctx, req, &report); err != nil {
		return report, err
	}
	if err := r.rereadDecks(ctx, req, &report); err != nil {
		return report, err
	}
	var err error
	report.Recognized, err = r.recognizeAll(ctx)
	return report, err
}

// rereadProgrammes reads the newest Snapshot again of each source that an
// older reader read. A source counts as read once its Programme is taken, so
// an end in between leaves it to be read the next time.
func (r *run) rereadProgrammes(ctx context.Context, req RereadRequest, report *RereadReport) error {
	version := programme.Version
	if req.All {
		version = math.MaxInt
	}
	sources, err := r.db.SourcesToRead(ctx, version)
	if err != nil {
		return err
	}
	pace := pace{r.now(), r.now}
	for n, s := range sources {
		if err := r.rereadSource(ctx, s, report); err != nil {
			return err
		}
		r.tell(Event{Step: StepRead, Source: s.Address, Title: s.Address, Done: n + 1, Total: len(sources), Left: pace.left(n+1, len(sources))})
	}
	return nil
}

func (r *run) rereadSource(ctx context.Context, s archive.Source, report *RereadReport) error {
	snap, err := r.db.Snapshot(ctx, s.Latest)
	if err != nil {
		return err
	}
	f, err := r.db.OpenBlob(snap.Blob)
	if errors.Is(err, archive.ErrNotFound) {
		report.Bad = append(report.Bad, &archive.InvalidError{Thing: s.Address, Why: "its kept bytes are lost", Hint: "add it again"})
		return nil
	}
	if err != nil {
		return err
	}
	got := &brought{origin: originOf(s.Address, snap.Address), snapshot: snap, media: snap.Media, file: f, size: snap.Bytes, at: new(atomic.Int64)}
	defer got.close()
	kept := &run{Ingester: r.Ingester, offline: true}
	for p := range kept.parts(ctx, got) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if p.err != nil {
			report.Bad = append(report.Bad, p.err)
			continue
		}
		e, err := kept.takePart(ctx, got, p)
		if err != nil && ctx.Err() != nil {
			return err
		}
		if err != nil {
			report.Bad = append(report.Bad, atPart(p, err))
			continue
		}
		report.Programmes++
		if e.New || e.Added+e.Changed+e.Gone > 0 {
			report.Changed++
		}
	}
	return nil
}

// originOf makes the origin of a kept source again. The folder that a local
// one may name files in is its own: whether it was added as part of a larger
// one is not kept.
func originOf(address, final string) origin {
	if name, ok := strings.CutPrefix(address, filePrefix); ok {
		folder, file := splitLocal(name)
		return fileOrigin(folder, file, "")
	}
	return webOrigin(address, final)
}

func (r *run) rereadDecks(ctx context.Context, req RereadRequest, report *RereadReport) error {
	version := slides.Version
	if req.All {
		version = math.MaxInt
	}
	blobs, err := r.db.DecksToRead(ctx, version)
	if err != nil || r.slides == nil {
		return err
	}
	pace := pace{r.now(), r.now}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(fetchers)
	for _, blob := range blobs {
		group.Go(func() error {
			deck, err := r.readBlob(ctx, blob, "")
			if err != nil {
				return err
			}
			r.mu.Lock()
			report.Decks++
			done := report.Decks
			if deck.Problem != "" {
				report.Unreadable++
			}
			r.mu.Unlock()
			r.tell(Event{Step: StepDeck, Address: string(blob), Text: deck.Problem, Done: done, Total: len(blobs), Left: pace.left(done, len(blobs))})
			return nil
		})
	}
	return group.Wait()
}

// keptPage returns a linked page as it is kept, without asking anybody.
func (r *run) keptPage(ctx context.Context, address string) (programme.Page, error) {
	s, err := r.db.Source(ctx, address)
	if err != nil {
		return programme.Page{}, err
	}
	snap, err := r.db.Snapshot(ctx, s.Latest)
	if err != nil {
		return programme.Page{}, err
	}
	return r.blobPage(snap)
}
