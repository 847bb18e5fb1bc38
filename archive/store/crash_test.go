package store_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// writerDir, when set in the environment, makes of the test binary a process
// that takes programmes into that folder until it is killed.
const writerDir = "ROSTRUM_TEST_WRITER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		fmt.Fprintln(os.Stderr, takeForEver(dir))
		os.Exit(3)
	}
	// The same curators act in every run, so that a change is judged by what it
	// changes. `make explore` asks for others by the same flag.
	if err := flag.Set("rapid.seed", "1"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
	os.Exit(m.Run())
}

// takeForEver takes edition after edition, each twice with a change between,
// with decks, and never ends by itself but in an error.
func takeForEver(dir string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, dir)
	if err != nil {
		return err
	}
	seed := rand.Uint64()
	for i := 0; ; i++ {
		p := crowd(int(seed%1000)*1000 + i)
		for round := range 2 {
			content := fmt.Sprint(seed, i, round)
			blob, n, err := db.PutBlob(ctx, strings.NewReader(content), 1<<20)
			if err != nil {
				return err
			}
			snap, _, err := db.TakeSnapshot(ctx, store.Fetched{Address: fmt.Sprint("https://crowd.example/", seed, "/", i), Blob: blob, Bytes: n, At: time.Now()})
			if err != nil {
				return err
			}
			if round == 1 {
				p.Items = p.Items[1:]
			}
			if _, err := db.TakeProgramme(ctx, store.Intake{Snapshot: snap.ID, Programme: p, At: time.Now()}); err != nil {
				return err
			}
			address := p.Items[0].Slides[0]
			if err := db.TakeDeckFile(ctx, store.DeckFile{Address: address, State: archive.DeckKept, Blob: blob, Bytes: n, At: time.Now()}); err != nil {
				return err
			}
			if err := db.TakeDeck(ctx, archivetest.Deck(blob)); err != nil {
				return err
			}
		}
	}
}

// crowd is the n-th of many editions, of a few dozen series.
func crowd(n int) archive.Programme {
	p := archive.Programme{Edition: archive.EditionInfo{
		Title: fmt.Sprintf("Crowd %c", 'A'+n%26), StartDate: archive.MakeDate(1900+n%100, 1+n/100%12, 1),
	}}
	for i := range 12 {
		p.Items = append(p.Items, archive.Item{
			Kind: archive.KindTalk, Title: fmt.Sprint("On number ", n, " and ", i), Slides: []string{fmt.Sprintf("https://crowd.example/%d/%d.pdf", n, i)},
			Speakers: []archive.Credit{{Name: fmt.Sprint("Person ", string(rune('A'+(n+i)%20)), "son")}, {Name: "Everywhere Present"}}, Topics: []string{"Numbers"},
		})
	}
	return p
}

// A process that is killed at any moment leaves a whole archive behind, in
// which every change so far has its Revision.
func TestKilledWriter(t *testing.T) {
	dir := t.TempDir()
	follower := map[archive.TalkID]archive.Talk{}
	var seen archive.Revision
	kills := 12
	if testing.Short() {
		kills = 3
	}
	// On a busy machine a writer may not come to its first edition so soon:
	// then a few more are killed, each later than the one before.
	for n := 0; n < kills || seen == 0 && n < kills+6; n++ {
		after := 50*time.Millisecond + time.Duration(rand.IntN(200))*time.Millisecond
		killWriter(t, dir, after<<max(n-kills+1, 0))
		db, err := store.Open(t.Context(), dir)
		must(t, err)
		if err := db.Check(t.Context()); err != nil {
			t.Errorf("after a kill: %v", err)
		}
		// A follower that kept what it held catches up from where it was.
		for c, err := range db.Changes(t.Context(), seen) {
			must(t, err)
			seen = c.Revision
			if c.Entry != nil {
				follower[c.Talk] = c.Entry.Talk
			}
		}
		must(t, db.Close())
	}
	db, err := store.Open(t.Context(), dir)
	must(t, err)
	fresh := map[archive.TalkID]archive.Talk{}
	for c, err := range db.Changes(t.Context(), 0) {
		must(t, err)
		if c.Entry != nil {
			fresh[c.Talk] = c.Entry.Talk
		}
	}
	must(t, db.Close())
	if len(fresh) == 0 {
		t.Error("nothing was taken between the kills")
	}
	if diff := cmp.Diff(fresh, follower); diff != "" {
		t.Errorf("the follower holds otherwise: -fresh +follower\n%s", diff)
	}
}

func killWriter(t *testing.T, dir string, after time.Duration) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), writerDir+"="+dir)
	var says strings.Builder
	cmd.Stderr = &says
	must(t, cmd.Start())
	time.Sleep(after)
	must(t, cmd.Process.Kill())
	if err := cmd.Wait(); err == nil || says.Len() > 0 {
		t.Errorf("the writer ended by itself: %v %s", err, says.String())
	}
}

// Two that write and four that read one folder: nobody is refused, readers see
// whole programmes only, and a follower ends up with all of it.
func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	var handles []*store.DB
	for range 2 {
		db, err := store.Open(t.Context(), dir)
		must(t, err)
		handles = append(handles, db)
	}
	version, err := handles[0].DataVersion(t.Context())
	must(t, err)
	var writers, followers sync.WaitGroup
	done := make(chan struct{})
	for w, db := range handles {
		writers.Go(func() {
			for i := range 15 {
				p := crowd(w*1000 + i)
				snap := archivetest.Snapshot(t, db, fmt.Sprint("https://crowd.example/", w, "/", i), p.Edition.Title)
				if _, err := db.TakeProgramme(t.Context(), store.Intake{Snapshot: snap.ID, Programme: p}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for r := range 4 {
		db := handles[r%2]
		followers.Go(func() {
			for open := true; open; {
				select {
				case <-done:
					open = false
				default:
				}
				list, err := db.AllEditions(t.Context())
				if err != nil {
					t.Error(err)
				}
				for _, e := range list {
					if e.Talks != 12 {
						t.Errorf("%s is seen with %d talks", e.ID, e.Talks)
					}
				}
			}
		})
	}
	writers.Wait()
	close(done)
	followers.Wait()
	for _, db := range handles {
		if n := len(changes(t, db, 0)); n != 2*15*12 {
			t.Errorf("%d changes", n)
		}
	}
	if v, err := handles[0].DataVersion(t.Context()); err != nil || v == version {
		t.Errorf("the data version stands still: %d %v", v, err)
	}
	must(t, handles[0].Check(t.Context()))
	for _, db := range handles {
		must(t, db.Close())
	}
}

// A cancelled context leaves nothing half done and a store that goes on.
func TestCancelled(t *testing.T) {
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	before := fingerprint(t, db)
	snap := archivetest.Snapshot(t, db, page, "two")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.TakeProgramme(ctx, store.Intake{Snapshot: snap.ID, Programme: crowd(1)}); err == nil {
		t.Error("taken in a cancelled context")
	}
	if diff := cmp.Diff(before, fingerprint(t, db)); diff != "" {
		t.Errorf("-before +after\n%s", diff)
	}
	take(t, db, page, "two", crowd(1))
}
