package web

import (
	"context"
	"log/slog"
	"sync"

	"rostrum/archive"
	"rostrum/archive/store"
)

// proposals keeps the pairs of people who may be one. To weigh everybody takes
// a second in a large archive, and each merge changes it: so an organizer who
// goes through them is shown what was found before that, without what was
// decided since, and everybody is weighed anew in the background.
type proposals struct {
	db   *store.DB
	log  *slog.Logger
	load func(context.Context) ([]archive.Proposal, error)

	mu      sync.Mutex
	list    []archive.Proposal
	version int64 // of the archive that list was made of
	made    bool
	err     error         // why the last time gave none
	running chan struct{} // closed when the present weighing ends; nil: there is none
	cancel  context.CancelFunc
	working sync.WaitGroup
}

func newProposals(db *store.DB, log *slog.Logger) *proposals {
	return &proposals{db: db, log: log, load: db.Proposals}
}

// get returns the proposals that stand. Only who asks first of all waits.
func (p *proposals) get(ctx context.Context) ([]archive.Proposal, error) {
	version, err := p.db.DataVersion(ctx)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	if p.made && p.version == version {
		defer p.mu.Unlock()
		return p.list, nil
	}
	ended := p.weigh(version)
	list, made := p.list, p.made
	p.mu.Unlock()
	if made {
		return p.db.StillProposed(ctx, list)
	}
	select {
	case <-ended:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.list, p.err
}

// ahead begins to weigh, so that who comes to the proposals later finds them.
func (p *proposals) ahead(ctx context.Context) {
	version, err := p.db.DataVersion(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && !p.made {
		p.weigh(version)
	}
}

// weigh begins to weigh everybody in the background, with mu held, unless that
// is under way; it returns what is closed when it ends.
func (p *proposals) weigh(version int64) <-chan struct{} {
	if p.running != nil {
		return p.running
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	p.running, p.cancel = ended, cancel
	p.working.Go(func() {
		defer cancel()
		list, err := p.load(ctx)
		if err != nil && ctx.Err() == nil {
			p.log.Error("proposals", slog.Any("err", err))
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.err = err; err == nil {
			p.list, p.version, p.made = list, version, true
		}
		p.running = nil
		close(ended)
	})
	return ended
}

// close ends what is under way and waits for it.
func (p *proposals) close() {
	p.mu.Lock()
	if p.running != nil {
		p.cancel()
	}
	p.mu.Unlock()
	p.working.Wait()
}
