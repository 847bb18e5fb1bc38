package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/store"
)

func open(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func at(day int) time.Time { return time.Date(2026, 1, day, 12, 0, 0, 0, time.UTC) }

// snapshot keeps some bytes as what address gave.
func snapshot(t testing.TB, db *store.DB, address, content string, when time.Time) archive.SnapshotID {
	t.Helper()
	blob, n, err := db.PutBlob(t.Context(), strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	snap, _, err := db.TakeSnapshot(t.Context(), store.Fetched{Address: address, Blob: blob, Bytes: n, Media: "text/html", At: when})
	if err != nil {
		t.Fatal(err)
	}
	return snap.ID
}

func take(t testing.TB, db *store.DB, snap archive.SnapshotID, p archive.Programme) store.Taken {
	t.Helper()
	taken, err := db.TakeProgramme(t.Context(), store.Intake{Snapshot: snap, Programme: p, At: at(2)})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

func changes(t testing.TB, db *store.DB, after archive.Revision) []archive.TalkID {
	t.Helper()
	var list []archive.TalkID
	for c, err := range db.Changes(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Entry != nil {
			list = append(list, c.Talk)
		} else {
			list = append(list, "-"+c.Talk)
		}
	}
	return list
}

// chaosDay is a small programme with what programmes have: a break, two people
// on a talk, a deck.
func chaosDay() archive.Programme {
	return archive.Programme{
		Edition: archive.EditionInfo{Title: "Chaos Day 2017", StartDate: "2017-12-06", EndDate: "2017-12-06", City: "Stockholm", Language: "en"},
		Items: []archive.Item{
			{Kind: archive.KindKeynote, Title: "Let it crash", Speakers: []archive.Credit{{Name: "Dr. Joe Armstrong", Affiliation: "Ericsson"}}, Date: "2017-12-06", Start: "09:00", End: "10:00", Topics: []string{"Erlang", "Fault tolerance"}, Slides: []string{"https://chaos.example/crash.pdf"}},
			{Kind: archive.KindBreak, Title: "Coffee", Date: "2017-12-06", Start: "10:00", End: "10:30"},
			{Kind: archive.KindTalk, Title: "Breaking things on purpose", Speakers: []archive.Credit{{Name: "Ada Lind"}, {Name: "Bo Ek", Affiliation: "KTH"}}, Date: "2017-12-06", Start: "10:30", End: "11:00", Abstract: "We broke it."},
			{Kind: archive.KindBreak, Title: "Coffee", Date: "2017-12-06", Start: "15:00", End: "15:30"},
		},
	}
}

func TestTakeProgramme(t *testing.T) {
	db := open(t)
	snap := snapshot(t, db, "https://chaos.example/2017", "one", at(1))
	got := take(t, db, snap, chaosDay())
	want := store.Taken{
		Edition: "chaos-day/2017", New: true, Revision: 4,
		Added: []archive.TalkID{"chaos-day/2017/let-it-crash", "chaos-day/2017/coffee", "chaos-day/2017/breaking-things-on-purpose", "chaos-day/2017/coffee-2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("first: -want +got\n%s", diff)
	}
	again := take(t, db, snap, chaosDay())
	want = store.Taken{Edition: "chaos-day/2017", Revision: 4, Unchanged: want.Added}
	if diff := cmp.Diff(want, again); diff != "" {
		t.Errorf("again: -want +got\n%s", diff)
	}
	talk, err := db.TalkByID(t.Context(), "chaos-day/2017/let-it-crash")
	if err != nil {
		t.Fatal(err)
	}
	item := chaosDay().Items[0]
	item.Speakers[0].Person = "joe-armstrong"
	wantTalk := archive.Talk{
		ID: "chaos-day/2017/let-it-crash", Item: item, Snapshot: snap, Revision: 1,
		Decks: []archive.TalkDeck{{Address: "https://chaos.example/crash.pdf", State: archive.DeckPending}},
	}
	if diff := cmp.Diff(wantTalk, talk); diff != "" {
		t.Errorf("talk: -want +got\n%s", diff)
	}
	if err := db.Check(context.Background()); err != nil {
		t.Error(err)
	}
}
