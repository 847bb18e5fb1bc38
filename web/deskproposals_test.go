package web

import (
	"context"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// pairs are the IDs of proposals.
func pairs(t *testing.T, p *proposals) [][2]archive.PersonID {
	t.Helper()
	list, err := p.get(t.Context())
	must(t, err)
	ids := [][2]archive.PersonID{}
	for _, one := range list {
		ids = append(ids, [2]archive.PersonID{one.A, one.B})
	}
	return ids
}

// While everybody is weighed anew, what was found before is shown without what
// was decided since; when that has ended, what was found then.
func TestProposalsWaitForNobody(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	item := func(title string, names ...string) archive.Item {
		i := archive.Item{Kind: archive.KindTalk, Title: title}
		for _, name := range names {
			i.Speakers = append(i.Speakers, archive.Credit{Name: name})
		}
		return i
	}
	archivetest.Take(t, db, "https://kiln.example/1", archive.Programme{
		Edition: archive.EditionInfo{Title: "Kiln Days 2024", StartDate: "2024-05-01"}, Items: []archive.Item{item("Ash", "Vera Ek", "Bo Ås", "Ida Ros")},
	})
	p := newProposals(db, slog.New(slog.DiscardHandler))
	t.Cleanup(p.close)
	one, two := archive.Proposal{A: "vera-ek", B: "bo-as", Score: 0.9}, archive.Proposal{A: "vera-ek", B: "ida-ros", Score: 0.8}
	hold, found := make(chan struct{}, 9), [][]archive.Proposal{{one, two}, {two}}
	p.load = func(ctx context.Context) ([]archive.Proposal, error) {
		select {
		case <-hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		list := found[0]
		found = found[1:]
		return list, nil
	}
	hold <- struct{}{}
	both := [][2]archive.PersonID{{"vera-ek", "bo-as"}, {"vera-ek", "ida-ros"}}
	if diff := cmp.Diff(both, pairs(t, p)); diff != "" {
		t.Errorf("at first: %s", diff)
	}
	who := store.Who{By: "anna", At: archivetest.Time(1)}
	apart, err := db.KeepApart(ctx, "ida-ros", "vera-ek", who)
	must(t, err)
	if diff := cmp.Diff(both[:1], pairs(t, p)); diff != "" {
		t.Errorf("kept apart while nobody was weighed anew: %s", diff)
	}
	must(t, db.Undo(ctx, apart, who))
	_, err = db.MergePeople(ctx, "bo-as", "vera-ek", who)
	must(t, err)
	if diff := cmp.Diff(both[1:], pairs(t, p)); diff != "" {
		t.Errorf("merged while nobody was weighed anew: %s", diff)
	}
	_, err = db.TakeDown(ctx, store.ThingPerson, "ida-ros", who)
	must(t, err)
	if diff := cmp.Diff([][2]archive.PersonID{}, pairs(t, p)); diff != "" {
		t.Errorf("taken down while nobody was weighed anew: %s", diff)
	}
	p.mu.Lock()
	ended := p.running
	p.mu.Unlock()
	hold <- struct{}{}
	<-ended
	p.mu.Lock()
	defer p.mu.Unlock()
	if diff := cmp.Diff([]archive.Proposal{two}, p.list); diff != "" {
		t.Errorf("weighed anew: %s", diff)
	}
}
