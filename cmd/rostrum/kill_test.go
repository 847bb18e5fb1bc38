package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// bulk is hundreds of real editions as Programme JSON lines. They are no part
// of the project; where they are missing, made-up ones stand in.
const bulk = "../../../shared/data/talks/pyvideo.jsonl.gz"

// TestKill kills `add` and `serve` with SIGKILL at random moments while a bulk
// of editions is added, over and over. After each round the archive must open
// and be whole, hold every edition that an add reported as stored, and the
// index that followed must answer as one made anew.
//
// ROSTRUM_KILLS says how often; `make kill` does 200. ROSTRUM_SEED repeats a
// run, ROSTRUM_MADE_UP=1 takes the made-up editions also where real ones are.
func TestKill(t *testing.T) {
	kills := 4
	if n, err := strconv.Atoi(os.Getenv("ROSTRUM_KILLS")); err == nil {
		kills = n
	} else if testing.Short() {
		t.Skip("kills are left out of short runs")
	}
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv("ROSTRUM_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("seed %d", seed)
	k := &killer{t: t, chance: rand.New(rand.NewPCG(seed, 1)), add: addBulk(t)}
	for round := 1; k.killed < kills; round++ {
		k.round(kills)
		t.Logf("round %d: %d kills so far (%d of add, %d of serve), %d editions reported as stored, all there; archive whole, index equal", round, k.killed, k.adds, k.serves, len(k.reported))
	}
}

// addBulk returns the arguments of the add. The real bulk's decks lie all over
// the web and stay there; the made-up editions have decks beside them.
func addBulk(t *testing.T) []string {
	t.Helper()
	if abs, err := filepath.Abs(bulk); err == nil {
		if _, err := os.Stat(abs); err == nil && os.Getenv("ROSTRUM_KILLS") != "" && os.Getenv("ROSTRUM_MADE_UP") == "" {
			return []string{"add", "--json", "--no-decks", abs}
		}
	}
	t.Log("made-up editions stand in for the bulk data")
	dir := t.TempDir()
	path := filepath.Join(dir, "editions.jsonl")
	deck, err := os.ReadFile("bundled/tour/running.pdf")
	if err != nil {
		t.Fatal(err)
	}
	deck = slices.Clip(deck)
	var b bytes.Buffer
	for e := range 120 {
		p := archive.Programme{Edition: archive.EditionInfo{Title: fmt.Sprintf("Made-up Meeting %d", 1900+e), StartDate: archive.MakeDate(1900+e, 5, 1)}}
		for n := range 30 {
			p.Items = append(p.Items, archive.Item{
				Kind: archive.KindTalk, Title: fmt.Sprintf("Matter %d of meeting %d", n, e), Speakers: []archive.Credit{{Name: fmt.Sprintf("Speaker Number%d", (e*7+n)%90)}},
				Abstract: strings.Repeat(fmt.Sprintf("Words about matter %d. ", n*e%97), 20),
			})
		}
		if e%6 == 0 {
			p.Items[0].Slides = []string{fmt.Sprintf("deck-%d.pdf", e)}
			// A comment behind the end makes each of them another file.
			if err := os.WriteFile(filepath.Join(dir, p.Items[0].Slides[0]), fmt.Appendf(deck, "%%%d\n", e), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := json.NewEncoder(&b).Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"add", "--json", path}
}

type killer struct {
	t        *testing.T
	chance   *rand.Rand
	add      []string
	data     string
	reported map[archive.EditionID]bool

	killed, adds, serves int
}

// victim is a process that may be killed at any time.
type victim struct {
	cmd  *exec.Cmd
	out  *os.File
	done chan error
}

func (k *killer) start(args ...string) *victim {
	k.t.Helper()
	out, err := os.CreateTemp(k.t.TempDir(), "out-*")
	if err != nil {
		k.t.Fatal(err)
	}
	cmd := exec.CommandContext(k.t.Context(), "rostrum", append([]string{"--data", k.data}, args...)...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	v := &victim{cmd, out, make(chan error, 1)}
	go func() { v.done <- cmd.Wait() }()
	return v
}

// kill ends a victim with SIGKILL; false when it had ended by itself.
func (k *killer) kill(v *victim) bool {
	select {
	case err := <-v.done:
		v.done <- err
		return false
	default:
	}
	_ = v.cmd.Process.Kill()
	err := <-v.done
	v.done <- err
	return err != nil && strings.Contains(err.Error(), "killed")
}

// collect notes what an add reported as stored; its last line may be cut off.
func (k *killer) collect(v *victim) {
	text, err := os.ReadFile(v.out.Name())
	if err != nil {
		k.t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e struct{ Step, Edition string }
		if json.Unmarshal(lines.Bytes(), &e) == nil && e.Step == "read" {
			k.reported[archive.EditionID(e.Edition)] = true
		}
	}
}

// round kills until the add gets through, or there were enough kills.
func (k *killer) round(most int) {
	k.data, k.reported = filepath.Join(k.t.TempDir(), "data"), map[archive.EditionID]bool{}
	k.make()
	add, serve := k.start(k.add...), k.start("serve", "--addr", "127.0.0.1:0")
	for k.killed < most {
		time.Sleep(time.Duration(k.chance.ExpFloat64() * float64(400*time.Millisecond)))
		select {
		case err := <-add.done:
			k.collect(add)
			if err != nil {
				k.fail("add ended with "+err.Error(), add)
			}
			add.done <- err
			k.kill(serve)
			k.check()
			k.allDecksRead()
			return
		case err := <-serve.done:
			serve.done <- err
			k.fail(fmt.Sprint("serve ended by itself: ", err), serve)
		default:
		}
		if k.chance.IntN(2) == 0 {
			if k.kill(add) {
				k.killed, k.adds = k.killed+1, k.adds+1
				k.collect(add)
				add = k.start(k.add...)
			}
		} else if k.kill(serve) {
			k.killed, k.serves = k.killed+1, k.serves+1
			serve = k.start("serve", "--addr", "127.0.0.1:0")
		}
	}
	k.kill(add)
	k.collect(add)
	k.kill(serve)
	k.check()
	// The same command, left alone, goes on to the end.
	add = k.start(k.add...)
	if err := <-add.done; err != nil {
		k.fail("the last add ended with "+err.Error(), add)
	}
	k.collect(add)
	k.check()
	k.allDecksRead()
}

// make makes the empty archive, which serve wants to find.
func (k *killer) make() {
	db, err := store.Open(k.t.Context(), k.data)
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *killer) fail(why string, v *victim) {
	k.t.Helper()
	text, _ := os.ReadFile(v.out.Name())
	k.t.Fatalf("after %d kills %s\n%s", k.killed, why, text[max(0, len(text)-2000):])
}

// check opens what the killed ones left behind.
func (k *killer) check() {
	t, ctx := k.t, k.t.Context()
	t.Helper()
	db, err := store.Open(ctx, k.data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Check(ctx); err != nil {
		t.Fatalf("after %d kills the archive is not whole: %v", k.killed, err)
	}
	editions, err := db.AllEditions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for id := range k.reported {
		if !slices.ContainsFunc(editions, func(e archive.EditionSummary) bool { return e.ID == id }) {
			t.Errorf("%s was reported as stored and is not there", id)
		}
	}
	followed := answersOf(t, db, filepath.Join(k.data, "index"))
	fresh := answersOf(t, db, filepath.Join(t.TempDir(), "fresh"))
	if d := cmp.Diff(fresh, followed, cmpopts.IgnoreUnexported(search.Results{})); d != "" {
		t.Fatalf("after %d kills the index differs from a fresh one (-fresh +followed):\n%.3000s", k.killed, d)
	}
}

// allDecksRead: an add that got through has left no deck behind, unless it was
// told to.
func (k *killer) allDecksRead() {
	k.t.Helper()
	if slices.Contains(k.add, "--no-decks") {
		return
	}
	db, err := store.Open(k.t.Context(), k.data)
	if err != nil {
		k.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for id := range k.reported {
		files, err := db.DeckFiles(k.t.Context(), id)
		if err != nil {
			k.t.Fatal(err)
		}
		for _, f := range files {
			if f.State != archive.DeckRead {
				k.t.Errorf("%s of %s is %s: %s", f.Address, id, f.State, f.Reason)
			}
		}
	}
}

// answersOf asks an index, once it has caught up, what every talk of the
// archive stands in: all titles of some editions, and facets over everything.
func answersOf(t *testing.T, db *store.DB, dir string) []search.Results {
	t.Helper()
	ctx := t.Context()
	ix, err := search.Open(ctx, dir, db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ix.Close() }()
	if _, err := ix.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if err := ix.Learn(ctx); err != nil {
		t.Fatal(err)
	}
	newest, err := db.NewestTalks(ctx, 150)
	if err != nil {
		t.Fatal(err)
	}
	queries := []string{"", "python", "meeting", "matter", "year:2010..2015", `"how to"`, "tes*", "-python web"}
	for _, talk := range newest {
		queries = append(queries, talk.Title)
	}
	var all []search.Results
	for _, q := range queries {
		res, err := ix.Search(ctx, search.Request{Query: search.Parse(q), Limit: 1000, Facets: true})
		if err != nil {
			t.Fatal(err)
		}
		res.Took = 0
		all = append(all, res)
	}
	return all
}
