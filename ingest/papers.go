package ingest

import (
	"context"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/ingest/fetch"
)

// maxPapers bounds how many links to papers of a source are looked at.
const maxPapers = 300

// papers looks whether the papers that talks link are still there: a paper is
// linked and not kept, so whoever keeps the archive wants to know of a dead
// link. Only when the source is new or has changed: links are not asked over
// and over.
func (r *run) papers(ctx context.Context, report *SourceReport) error {
	carriers := map[string][]carrier{}
	var links []string
	for _, e := range report.Editions {
		talks, err := r.db.EditionTalks(ctx, e.ID)
		if err != nil {
			return err
		}
		for _, t := range talks {
			for _, link := range t.Paper {
				if carriers[link] == nil && len(links) < maxPapers {
					links = append(links, link)
				}
				carriers[link] = append(carriers[link], carrier{e.ID, t.ID})
			}
		}
	}
	pace := pace{r.now(), r.now}
	var mu sync.Mutex
	done := 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(fetchers)
	for _, link := range links {
		group.Go(func() error {
			failed := r.probe(ctx, link)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			mu.Lock()
			done++
			r.tell(Event{Step: StepLinks, Source: report.Source, Address: link, Text: why(failed), Done: done, Total: len(links), Left: pace.left(done, len(links))})
			mu.Unlock()
			if failed == nil {
				return nil
			}
			return r.findPaper(ctx, link, failed, carriers[link])
		})
	}
	return group.Wait()
}

// probe asks for a link and leaves its bytes.
func (r *run) probe(ctx context.Context, link string) error {
	_, err := r.fetch.Get(ctx, fetch.Request{Address: link, Limit: maxSource, Followed: true}, func(fetch.Response, io.Reader) error { return nil })
	return err
}

func (r *run) findPaper(ctx context.Context, link string, failed error, talks []carrier) error {
	for _, c := range talks {
		f := store.FoundFinding{Talk: c.talk, Finding: archive.Finding{
			Code: archive.FindingLinkFailed, Text: "The paper could not be had: " + why(failed), Field: "paper", URL: link,
		}}
		if err := r.db.AddFindings(ctx, c.edition, []store.FoundFinding{f}); err != nil {
			return err
		}
	}
	return nil
}
