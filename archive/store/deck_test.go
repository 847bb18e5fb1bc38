package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

func TestChangesHoldWhatSearchNeeds(t *testing.T) {
	db := archivetest.Sample(t)
	var got *archive.Entry
	var last archive.Revision
	for c, err := range db.Changes(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Revision <= last {
			t.Errorf("revision %d after %d", c.Revision, last)
		}
		last = c.Revision
		if c.Talk == crash {
			got = c.Entry
		}
	}
	if got == nil {
		t.Fatal("no change for the talk")
	}
	k := talk(t, db, crash)
	want := &archive.Entry{
		Talk: k, SeriesName: "Chaos Day", EditionTitle: "Chaos Day 2017", EditionYear: 2017, Country: "Sweden", EditionLanguage: "en",
		People: []string{"Joe Armsby"},
		DeckSlides: [][]archive.SlideWords{{
			{Number: 1, Text: "Let it crash\nJoe Armsby"}, {Number: 2, Text: "Supervision trees\nA supervisor restarts what it watches over"}, {Number: 3, Text: "Questions?"},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	wantDeck := archive.TalkDeck{
		Address: archivetest.CrashDeck, State: archive.DeckRead, Blob: k.Decks[0].Blob, Bytes: 19, Name: "crash.pdf", Media: "application/pdf", Slides: 3,
	}
	if diff := cmp.Diff([]archive.TalkDeck{wantDeck}, k.Decks); diff != "" {
		t.Errorf("decks: -want +got\n%s", diff)
	}
	if r, err := db.Revision(t.Context()); err != nil || r != last {
		t.Errorf("revision %d (%v), the last change was %d", r, err, last)
	}
}

// What an edition announces is part of what is searched of its talks: when it
// changes, all of them have changed.
func TestAnnouncedTopicsMoveTalks(t *testing.T) {
	db := archivetest.Empty(t)
	p := chaosDay()
	p.Edition.Topics = []string{"Faults"}
	before := take(t, db, page, "one", p)
	all := changes(t, db, 0)
	p.Edition.Topics = []string{"Faults", "Formal verification"}
	second := take(t, db, page, "two", p)
	n := 0
	for c, err := range db.Changes(t.Context(), before.Revision) {
		must(t, err)
		n++
		if c.Entry == nil {
			continue
		}
		if diff := cmp.Diff(p.Edition.Topics, c.Entry.EditionTopics); diff != "" {
			t.Errorf("%s: -want +got\n%s", c.Talk, diff)
		}
	}
	if n != len(all) {
		t.Errorf("%d talks moved, want all %d", n, len(all))
	}
	take(t, db, page, "three", p)
	if got := changes(t, db, second.Revision); len(got) > 0 {
		t.Errorf("the same again moved %v", got)
	}
}

// A deck comes step by step, and each step that shows moves its talk alone.
func TestDeckMovesItsTalks(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	taken := take(t, db, page, "one", chaosDay())
	address := chaosDay().Items[0].Slides[0]
	files, err := db.DeckFiles(ctx, taken.Edition)
	if diff := cmp.Diff([]store.DeckFile{{Address: address, State: archive.DeckPending}}, files); diff != "" || err != nil {
		t.Fatalf("pending (%v): -want +got\n%s", err, diff)
	}
	moved := func(what string, want int) {
		t.Helper()
		r, err := db.Revision(ctx)
		if err != nil || int(r-taken.Revision) != want {
			t.Errorf("%s moved the truth by %d (%v), want %d", what, r-taken.Revision, err, want)
		}
		taken.Revision = r
	}
	missing := store.DeckFile{Address: address, State: archive.DeckMissing, Reason: "the server answered 404", At: archivetest.Time(1)}
	must(t, db.TakeDeckFile(ctx, missing))
	moved("a missing deck", 1)
	must(t, db.AddFindings(ctx, taken.Edition, []store.FoundFinding{{Talk: crash, Finding: archive.Finding{Code: archive.FindingDeckMissing, Text: "Gone.", URL: address}}}))
	missing.At = archivetest.Time(2)
	must(t, db.TakeDeckFile(ctx, missing))
	moved("asking again", 0)

	blob, n, err := db.PutBlob(ctx, strings.NewReader("deck"), 100)
	must(t, err)
	kept := store.DeckFile{Address: address, State: archive.DeckKept, Blob: blob, Bytes: n, Media: "application/pdf", Name: "crash.pdf", ETag: `"1"`, At: archivetest.Time(3)}
	must(t, db.TakeDeckFile(ctx, kept))
	moved("a kept deck", 1)
	if list, err := db.Findings(ctx, taken.Edition); err != nil || len(list) != 0 {
		t.Errorf("the deck is here and still found missing: %v %v", list, err)
	}
	if ids, err := db.DecksToRead(ctx, 1); err != nil || len(ids) != 1 || ids[0] != blob {
		t.Errorf("to read: %v %v", ids, err)
	}
	deck := archivetest.Deck(blob)
	must(t, db.TakeDeck(ctx, deck))
	moved("a read deck", 1)
	if ids, err := db.DecksToRead(ctx, 1); err != nil || len(ids) != 0 {
		t.Errorf("to read again: %v %v", ids, err)
	}
	got, err := db.Deck(ctx, blob)
	if diff := cmp.Diff(deck, got, cmpopts.EquateApprox(0, 1./60000)); diff != "" || err != nil {
		t.Errorf("deck (%v): -want +got\n%s", err, diff)
	}
	// The link is dead later: what is kept stays.
	must(t, db.TakeDeckFile(ctx, missing))
	moved("a link that died", 0)
	files, err = db.DeckFiles(ctx, taken.Edition)
	kept.State, kept.At = archive.DeckRead, missing.At
	if diff := cmp.Diff([]store.DeckFile{kept}, files); diff != "" || err != nil {
		t.Errorf("files (%v): -want +got\n%s", err, diff)
	}
	// A newer reader gives up on it.
	must(t, db.TakeDeck(ctx, archive.Deck{Blob: blob, Reader: 2, Problem: "it took too long", Retryable: true}))
	moved("a deck given up", 1)
	if d := talk(t, db, crash).Decks[0]; d.State != archive.DeckKept || d.Reason != "it took too long" {
		t.Errorf("deck: %+v", d)
	}
	if err := db.TakeDeck(ctx, archive.Deck{Blob: blob, Slides: []archive.Slide{{Number: 2}}}); err == nil {
		t.Error("a deck that begins at slide 2 was taken")
	}
	must(t, db.Check(ctx))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestFindings(t *testing.T) {
	db := archivetest.Sample(t)
	want := []store.FoundFinding{
		{Talk: "chaos-day/2017/goodbye", Finding: archive.Finding{Code: archive.FindingTimeMissing, Text: "No end is given.", Field: "end"}},
		{Talk: purpose, Finding: archive.Finding{Code: archive.FindingDeckMissing, Text: "The server answered 404.", URL: archivetest.MissingDeck}},
	}
	got, err := db.Findings(t.Context(), "chaos-day/2017")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Fatalf("(%v): -want +got\n%s", err, diff)
	}
	must(t, db.AddFindings(t.Context(), "chaos-day/2017", want[1:]))
	// The page is mended; what was met on the way stays.
	p := archivetest.Programmes()[1]
	p.Findings, p.Items[7].End = nil, "17:05"
	take(t, db, p.Edition.URL, "mended", p)
	got, err = db.Findings(t.Context(), "chaos-day/2017")
	if diff := cmp.Diff(want[1:], got); diff != "" || err != nil {
		t.Errorf("mended (%v): -want +got\n%s", err, diff)
	}
	if err := db.AddFindings(t.Context(), "nothing/here", nil); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("findings of no edition: %v", err)
	}
}

func TestBlobs(t *testing.T) {
	db := archivetest.Empty(t)
	content := bytes.Repeat([]byte("talk "), 1000)
	id, n, err := db.PutBlob(t.Context(), bytes.NewReader(content), int64(len(content)))
	if err != nil || n != int64(len(content)) {
		t.Fatal(n, err)
	}
	if again, _, err := db.PutBlob(t.Context(), bytes.NewReader(content), 1<<20); err != nil || again != id {
		t.Errorf("again: %s, %v", again, err)
	}
	f, err := db.OpenBlob(id)
	must(t, err)
	got, err := io.ReadAll(f)
	must(t, errors.Join(err, f.Close()))
	if !bytes.Equal(content, got) {
		t.Error("other bytes came back")
	}
	var invalid *archive.InvalidError
	if _, _, err := db.PutBlob(t.Context(), bytes.NewReader(content), 10); !errors.As(err, &invalid) {
		t.Errorf("too many bytes: %v", err)
	}
	if _, _, err := db.PutBlob(t.Context(), io.MultiReader(strings.NewReader("half"), brokenReader{}), 10); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a stream that broke: %v", err)
	}
	for _, bad := range []archive.BlobID{"", "../../etc/passwd", archive.BlobID(strings.Repeat("0", 64))} {
		if _, err := db.OpenBlob(bad); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("blob %q: %v", bad, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(db.Dir(), "blobs", "new-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, "blobs"), 0o755))
	for name, age := range map[string]time.Duration{"new-old": 48 * time.Hour, "new-young": time.Minute} {
		path := filepath.Join(dir, "blobs", name)
		must(t, os.WriteFile(path, []byte("half"), 0o600))
		must(t, os.Chtimes(path, time.Time{}, time.Now().Add(-age)))
	}
	db, err := store.Open(t.Context(), dir)
	must(t, err)
	must(t, db.Close())
	left, err := filepath.Glob(filepath.Join(dir, "blobs", "new-*"))
	if diff := cmp.Diff([]string{filepath.Join(dir, "blobs", "new-young")}, left); diff != "" || err != nil {
		t.Errorf("(%v) -want +left\n%s", err, diff)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestCheckFindsWhatIsWrong(t *testing.T) {
	db := archivetest.Sample(t)
	must(t, db.Check(t.Context()))
	snap := archivetest.Snapshot(t, db, "https://chaos.example/2016/", "Chaos Day 2016")
	path := db.BlobPath(snap.Blob)
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, []byte("short"), 0o600))
	if err := db.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "5 bytes instead of 14") {
		t.Errorf("a cut blob: %v", err)
	}
	// Taking the bytes again mends it.
	archivetest.Snapshot(t, db, "https://chaos.example/2016/", "Chaos Day 2016")
	must(t, db.Check(t.Context()))
	must(t, os.Remove(path))
	if err := db.Check(t.Context()); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a lost blob: %v", err)
	}
}

func FuzzWords(f *testing.F) {
	// Whatever is in the database, reading it back ends and does not panic.
	f.Add("Supervision", float32(0.1), float32(0.2), float32(0.3), float32(2))
	f.Fuzz(func(t *testing.T, text string, left, top, right, bottom float32) {
		words := []archive.Word{{Text: text, Box: archive.Box{Left: left, Top: top, Right: right, Bottom: bottom}}, {Text: "next"}}
		got, err := store.RepackWords(words)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || got[0].Text != text || got[1].Text != "next" {
			t.Errorf("%q came back as %v", text, got)
		}
		for _, side := range []float32{got[0].Box.Left, got[0].Box.Top, got[0].Box.Right, got[0].Box.Bottom} {
			if side < 0 || side > 1 {
				t.Errorf("side %v", side)
			}
		}
	})
}

func FuzzUnpackWords(f *testing.F) {
	f.Add([]byte{1, 1, 3, 'a', 'b', 'c', 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if words, err := store.UnpackRawWords(raw); err == nil && len(words) > len(raw) {
			t.Errorf("%d words of %d bytes", len(words), len(raw))
		}
	})
}

// Slides of several decks come at once, as a deck read whole would show them.
func TestSlidesAt(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	blob := talk(t, db, crash).Decks[0].Blob
	deck, err := db.Deck(ctx, blob)
	must(t, err)
	at := func(n int) store.SlideAt { return store.SlideAt{Blob: blob, Number: n} }
	asked := []store.SlideAt{at(3), at(2), at(0), at(4), {Blob: "no such", Number: 1}}
	expect := func(what string, want map[store.SlideAt]archive.Slide) {
		t.Helper()
		got, err := db.SlidesAt(ctx, asked)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%s (%v): -want +got\n%s", what, err, diff)
		}
	}
	expect("as kept", map[store.SlideAt]archive.Slide{at(2): deck.Slides[1], at(3): deck.Slides[2]})
	asked = append(asked, at(1))
	for field, value := range map[string]string{"name": `"Jo Arm"`, "veiled": `true`} {
		_, err := db.Correct(ctx, store.Correction{Thing: store.ThingPerson, ID: shownAs(t, db, "joe-armsby"), Field: field, Value: json.RawMessage(value)}, me)
		must(t, err)
	}
	first := deck.Slides[0]
	first.Text, first.Search = "Let it crash\nJo Arm", strings.ReplaceAll(first.Search, "Joe Armsby", "Jo Arm")
	expect("veiled", map[store.SlideAt]archive.Slide{at(1): first, at(2): deck.Slides[1], at(3): deck.Slides[2]})
	_, err = db.DestroyDeck(ctx, archivetest.CrashDeck, me)
	must(t, err)
	expect("taken down", nil)
}
