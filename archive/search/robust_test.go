package search

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
)

// manyEntries makes n talks of our own words, with slides.
func manyEntries(n int) []archive.Entry {
	subjects := []string{"queues", "compilers", "gardens", "bridges", "clocks", "sensors", "ledgers", "maps", "engines", "letters"}
	deeds := []string{"measuring", "repairing", "naming", "testing", "breaking", "watching", "drawing"}
	out := make([]archive.Entry, n)
	for i := range out {
		s, d := subjects[i%len(subjects)], deeds[i%len(deeds)]
		e := archive.Entry{SeriesName: "Many", EditionTitle: "Many", EditionYear: 2000 + i%20, EditionLanguage: "en"}
		e.ID = archive.TalkID("many/" + strconv.Itoa(2000+i%20) + "/talk-" + strconv.Itoa(i))
		e.Kind = archive.KindTalk
		e.Title = d + " " + s + " number " + strconv.Itoa(i)
		e.Abstract = "A report on " + d + " " + s + " with " + subjects[(i/3)%len(subjects)] + " and " + deeds[(i/5)%len(deeds)] + " twice."
		e.Speakers = []archive.Credit{{Name: "Speaker " + strconv.Itoa(i%50), Person: archive.PersonID("speaker-" + strconv.Itoa(i%50))}}
		e.Topics = []string{s}
		e.DeckSlides = [][]archive.SlideWords{{{Number: 1, Text: e.Title}, {Number: 2, Text: "slide two about " + s + " only " + strconv.Itoa(i*7)}}}
		e.Decks = []archive.TalkDeck{{State: archive.DeckRead, Slides: 2}}
		out[i] = e
	}
	return out
}

// public compares what callers see.
var public = cmpopts.IgnoreUnexported(Results{})

// answers are what two indexes of one truth must agree on.
func answers(t testing.TB, ix *Index) []Results {
	t.Helper()
	if err := ix.Learn(context.Background()); err != nil {
		t.Fatal(err)
	}
	var out []Results
	for _, q := range []string{
		"", "queues", "measuring clocks", "number 17", `"slide two"`, "gardn", "topic:maps -breaking", "eng*", "speaker:\"Speaker 7\" letters", "sensors|ledgers year:2003..2005",
		"a report on repairing bridges twice with compilers", "changed",
	} {
		res := ask(t, ix, Request{Query: Parse(q), Limit: 500, Facets: true})
		res.Took, res.Revision, res.marker = 0, 0, nil
		out = append(out, res)
	}
	return out
}

func TestIndexEqualsARebuild(t *testing.T) {
	feed := &memory{}
	entries := manyEntries(700)
	feed.fill(entries[:400])
	ix := open(t, feed)
	// A life of changes: more slides, fewer slides, talks removed and back again.
	for i := range 60 {
		e := entries[i*5]
		e.Title += " changed"
		switch i % 3 {
		case 0:
			e.DeckSlides = [][]archive.SlideWords{{{Number: 1, Text: "only one now"}}}
		case 1:
			e.DeckSlides = append(e.DeckSlides, []archive.SlideWords{{Number: 1, Text: "another deck of changed words"}})
		}
		feed.put(e)
		if i%7 == 0 {
			feed.remove(entries[i*5+1].ID)
		}
		if i%14 == 0 {
			catchUp(t, ix)
			feed.put(entries[i*5+1])
		}
		if i%10 == 0 {
			catchUp(t, ix)
		}
	}
	feed.fill(entries[400:])
	catchUp(t, ix)
	grown := answers(t, ix)
	if diff := cmp.Diff(answers(t, open(t, feed)), grown, public); diff != "" {
		t.Errorf("an index that followed differs from a new one (-new +followed):\n%.3000s", diff)
	}
	if err := ix.Rebuild(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(grown, answers(t, ix), public); diff != "" {
		t.Errorf("rebuilding changed the answers:\n%.3000s", diff)
	}
}

// cut is a Feed that fails after some changes, as a process that is stopped does.
type cut struct {
	Feed
	after int
}

var errCut = errors.New("cut off")

func (c *cut) Changes(ctx context.Context, after archive.Revision) iter.Seq2[archive.Change, error] {
	return func(yield func(archive.Change, error) bool) {
		n := 0
		for change, err := range c.Feed.Changes(ctx, after) {
			if n++; n > c.after {
				yield(archive.Change{}, errCut)
				return
			}
			if !yield(change, err) {
				return
			}
		}
	}
}

func TestFollowingGoesOnWhereItStopped(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(300))
	dir := t.TempDir()
	var reached archive.Revision
	for stop := 40; reached < 300; stop += 40 {
		ix, err := Open(t.Context(), dir, &cut{feed, stop})
		if err != nil {
			t.Fatal(err)
		}
		if ix.Revision() != reached {
			t.Fatalf("opened at revision %d, want %d", ix.Revision(), reached)
		}
		got, err := ix.CatchUp(t.Context())
		if err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		if got <= reached {
			t.Fatalf("no way on from revision %d", got)
		}
		reached = got
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
	ix := openDir(t, dir, feed)
	if diff := cmp.Diff(answers(t, open(t, feed)), answers(t, ix), public); diff != "" {
		t.Errorf("(-new +followed in pieces):\n%.3000s", diff)
	}
}

func TestBrokenIndexIsMadeAnew(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(50))
	for name, harm := range map[string]func(t *testing.T, dir string){
		"no current file":      func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "current"))) },
		"current names nobody": func(t *testing.T, dir string) { write(t, filepath.Join(dir, "current"), "gen-77\n") },
		"current is nonsense":  func(t *testing.T, dir string) { write(t, filepath.Join(dir, "current"), "../../etc\n") },
		"root is nonsense": func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "gen-1", "store", "root.bolt"), "nonsense")
		},
		"root is missing": func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "gen-1", "store", "root.bolt"))) },
		"segments are cut short": func(t *testing.T, dir string) {
			files, err := filepath.Glob(filepath.Join(dir, "gen-1", "store", "*.zap"))
			must(t, err)
			for _, f := range files {
				must(t, os.Truncate(f, 100))
			}
		},
		"segments are missing": func(t *testing.T, dir string) {
			files, err := filepath.Glob(filepath.Join(dir, "gen-1", "store", "*.zap"))
			must(t, err)
			for _, f := range files {
				must(t, os.Remove(f))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			ix, err := Open(t.Context(), dir, feed)
			must(t, err)
			catchUp(t, ix)
			want := answers(t, ix)
			must(t, ix.Close())
			harm(t, dir)
			ix = openDir(t, dir, feed)
			catchUp(t, ix)
			if diff := cmp.Diff(want, answers(t, ix), public); diff != "" {
				t.Errorf("(-before +after):\n%.2000s", diff)
			}
		})
	}
}

func TestOnlyOneProcessHasTheIndex(t *testing.T) {
	dir := t.TempDir()
	openDir(t, dir, &memory{})
	if ix, err := Open(t.Context(), dir, &memory{}); err == nil {
		t.Error("a second opening succeeded", ix.Close())
	}
}

func TestSearchesGoOnDuringARebuild(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(400))
	ix := open(t, feed)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				res, err := ix.Search(context.Background(), Request{Query: Parse("measuring queues"), Facets: true})
				if err != nil || res.Total == 0 || len(res.Hits) == 0 {
					t.Errorf("during a rebuild: %d found, %v", res.Total, err)
					return
				}
			}
		})
	}
	for range 3 {
		done := 0
		if err := ix.Rebuild(t.Context(), func(n int) { done = n }); err != nil {
			t.Error(err)
		}
		if done != 400 {
			t.Errorf("progress ended at %d", done)
		}
	}
	close(stop)
	wg.Wait()
}

// What Fill made elsewhere takes the living index's place with all that was
// learned, and with what has changed since.
func TestRebuildByAnother(t *testing.T) {
	feed := &memory{}
	entries := manyEntries(400)
	feed.fill(entries[:390])
	ix := learned(t, open(t, feed))
	done := 0
	var model *model
	err := ix.RebuildBy(t.Context(), func(ctx context.Context, folder string, progress func(int)) error {
		must(t, Fill(ctx, folder, feed, progress))
		g, err := openGeneration(folder, false, newPace())
		must(t, err)
		model, err = loadModel(g, nil)
		must(t, errors.Join(err, g.close()))
		feed.fill(entries[390:])
		return nil
	}, func(n int) { done = n })
	must(t, err)
	if done != 390 {
		t.Errorf("progress ended at %d", done)
	}
	got := ix.learned.Load()
	if got.gen != ix.gen || got.revision != 390 {
		t.Errorf("learned of generation %s at revision %d, in use is %s", got.gen.path, got.revision, ix.gen.path)
	}
	model.gen = got.gen
	if diff := cmp.Diff(model, got, cmp.AllowUnexported(*model, vectors{}), cmpopts.IgnoreUnexported(generation{})); diff != "" {
		t.Errorf("it is not what Fill has learned:\n%.2000s", diff)
	}
	must(t, ix.Learn(t.Context()))
	if diff := cmp.Diff(answers(t, learned(t, open(t, feed))), answers(t, ix), public); diff != "" {
		t.Errorf("differs from a new one (-new +rebuilt):\n%.3000s", diff)
	}
}

// A rebuild that fails, here or there, leaves the index as it was, and no files.
func TestRebuildThatFails(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(200))
	ix := learned(t, open(t, feed))
	before, living := answers(t, ix), ix.gen.path
	fillers := map[string]Filler{
		"killed": func(ctx context.Context, folder string, progress func(int)) error {
			err := Fill(ctx, folder, &cut{Feed: feed, after: 100}, progress)
			if err == nil {
				t.Error("it did not fail")
			}
			return err
		},
		"nothing there": func(context.Context, string, func(int)) error { return nil },
		"broken": func(ctx context.Context, folder string, progress func(int)) error {
			err := Fill(ctx, folder, feed, progress)
			write(t, filepath.Join(folder, "store", "root.bolt"), "no database")
			return err
		},
	}
	for name, f := range fillers {
		if err := ix.RebuildBy(t.Context(), f, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
		left, err := filepath.Glob(filepath.Join(ix.dir, "gen-*"))
		must(t, err)
		if diff := cmp.Diff([]string{living}, left); diff != "" {
			t.Errorf("%s: -want +left\n%s", name, diff)
		}
		if diff := cmp.Diff(before, answers(t, ix), public); diff != "" {
			t.Errorf("%s: other answers\n%.2000s", name, diff)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	must(t, os.WriteFile(file, []byte(text), 0o600))
}

func TestWhatWasLearnedIsKept(t *testing.T) {
	feed := &memory{}
	feed.fill(library())
	dir := t.TempDir()
	ix := openDir(t, dir, feed)
	catchUp(t, ix)
	want := ix.learned.Load()
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	again := openDir(t, dir, feed)
	got := again.learned.Load()
	if got == nil || got == want {
		t.Fatalf("learned: %v", got)
	}
	want.gen, got.gen = nil, nil
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(model{}, vectors{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	got.gen = again.gen
	file := filepath.Join(again.gen.path, modelFile)
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, broken := range map[string][]byte{"cut short": b[:len(b)/2], "changed": append([]byte{b[0]}, append([]byte{b[1] ^ 1}, b[2:]...)...), "empty": nil} {
		if err := os.WriteFile(file, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		ix := openDir(t, dir, feed)
		if m := ix.learned.Load(); m != nil {
			t.Errorf("%s: taken", name)
		}
		catchUp(t, ix)
		if ix.learned.Load() == nil {
			t.Errorf("%s: not learned anew", name)
		}
		if err := ix.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
