package store_test

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// bulkFile holds hundreds of editions as Programme JSON lines; it is not part
// of the project, and what needs it is skipped where it is missing.
const bulkFile = "../../../shared/data/talks/pyvideo.jsonl.gz"

func eachProgramme(tb testing.TB, do func(part int, p archive.Programme)) {
	tb.Helper()
	f, err := os.Open(bulkFile)
	if errors.Is(err, os.ErrNotExist) {
		tb.Skip("no bulk data here")
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	d := json.NewDecoder(bufio.NewReader(z))
	for part := 0; ; part++ {
		var p archive.Programme
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			tb.Fatal(err)
		}
		do(part, p)
	}
}

func takeBulk(tb testing.TB, db *store.DB, snap archive.SnapshotID) (talks, written int, heap uint64) {
	tb.Helper()
	eachProgramme(tb, func(part int, p archive.Programme) {
		taken, err := db.TakeProgramme(tb.Context(), store.Intake{Snapshot: snap, Part: part, Programme: p, At: archivetest.Time(1)})
		if err != nil {
			tb.Fatal(err)
		}
		talks += len(p.Items)
		written += len(taken.Added) + len(taken.Changed) + len(taken.Gone)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		heap = max(heap, m.Sys)
	})
	return talks, written, heap
}

func BenchmarkBulk(b *testing.B) {
	for b.Loop() {
		db := archivetest.Empty(b)
		snap := archivetest.Snapshot(b, db, "file:bulk.jsonl.gz", "bulk").ID
		start := time.Now()
		talks, _, heap := takeBulk(b, db, snap)
		b.ReportMetric(float64(talks)/time.Since(start).Seconds(), "talks/s")
		start = time.Now()
		if _, written, _ := takeBulk(b, db, snap); written != 0 {
			b.Errorf("the second time wrote %d talks", written)
		}
		b.ReportMetric(float64(talks)/time.Since(start).Seconds(), "talks-again/s")
		b.ReportMetric(float64(heap)/(1<<20), "MiB")
		counts, err := db.Counts(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%+v", counts)
		start = time.Now()
		n := 0
		for _, err := range db.Changes(b.Context(), 0) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(n)/time.Since(start).Seconds(), "changes/s")
		start = time.Now()
		proposals, err := db.Proposals(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "propose-s")
		b.Logf("%d proposals", len(proposals))
		if file := os.Getenv("ROSTRUM_PROPOSALS"); file != "" {
			writeProposals(b, file, proposals)
		}
		start = time.Now()
		if err := db.Check(b.Context()); err != nil {
			b.Error(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "check-s")
	}
}

// TestBulkCorrections reads everything again as a changed reader would, with a
// thousand corrections in place: all stand, and each disagreement is told.
func TestBulkCorrections(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	ctx := t.Context()
	db := archivetest.Empty(t)
	snap := archivetest.Snapshot(t, db, "file:bulk.jsonl.gz", "bulk").ID
	takeBulk(t, db, snap)
	corrected := map[archive.TalkID]string{}
	start := time.Now()
	i := 0
	for c, err := range db.Changes(ctx, 0) {
		must(t, err)
		if i++; i%20 != 0 || len(corrected) == 1000 {
			continue
		}
		title := fmt.Sprintf("Corrected title %d", i)
		fix := store.Correction{Thing: store.ThingTalk, ID: string(c.Talk), Field: "title", Value: fmt.Appendf(nil, "%q", title)}
		if _, err := db.Correct(ctx, fix, me); err != nil {
			t.Fatal(err)
		}
		corrected[c.Talk] = title
	}
	t.Logf("%d corrections in %v", len(corrected), time.Since(start))
	start = time.Now()
	eachProgramme(t, func(part int, p archive.Programme) {
		for i := range p.Items {
			p.Items[i].Title += " (video)"
		}
		if _, err := db.TakeProgramme(ctx, store.Intake{Snapshot: snap, Part: part, Reader: 2, Programme: p, At: archivetest.Time(2)}); err != nil {
			t.Fatal(err)
		}
	})
	t.Logf("all read again in %v", time.Since(start))
	for id, title := range corrected {
		if k := talk(t, db, id); k.Title != title {
			t.Errorf("%s is shown as %q, was corrected to %q", id, k.Title, title)
		}
	}
	start = time.Now()
	list, err := db.Corrections(ctx)
	must(t, err)
	told := 0
	for _, c := range list {
		if c.Disagrees() {
			told++
		}
	}
	t.Logf("the report took %v", time.Since(start))
	if len(list) != len(corrected) || told != len(corrected) {
		t.Errorf("%d of %d corrections reported, %d as disagreeing", len(list), len(corrected), told)
	}
	counts, err := db.Counts(ctx)
	if err != nil || counts.Talks > 21715+5 {
		t.Errorf("talks were taken for new ones: %+v %v", counts, err)
	}
}

// TestBulkPeople measures the matching on names that nobody made up: nearly
// all credits that are equal but for case, accents and order become one person.
func TestBulkPeople(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	db := archivetest.Empty(t)
	takeBulk(t, db, archivetest.Snapshot(t, db, "file:bulk.jsonl.gz", "bulk").ID)
	credits := map[string]map[archive.PersonID]int{}
	for c, err := range db.Changes(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range c.Entry.Speakers {
			if s.Person != "" {
				key := archive.NameKey(s.Name)
				if credits[key] == nil {
					credits[key] = map[archive.PersonID]int{}
				}
				credits[key][s.Person]++
			}
		}
	}
	pairs, one, apart := 0, 0, []string{}
	for key, people := range credits {
		all := 0
		for _, n := range people {
			all += n
			one += n * (n - 1) / 2
		}
		pairs += all * (all - 1) / 2
		if len(people) > 1 {
			apart = append(apart, fmt.Sprint(key, people))
		}
	}
	recall := float64(one) / float64(pairs)
	t.Logf("%d names, %d pairs of equal credits, recall %.4f; apart: %q", len(credits), pairs, recall, apart)
	if recall < 0.98 {
		t.Errorf("recall %.4f", recall)
	}
}

// writeProposals writes them to be judged by a reader.
func writeProposals(b *testing.B, file string, list []archive.Proposal) {
	b.Helper()
	var out strings.Builder
	for _, p := range list {
		fmt.Fprintf(&out, "%.2f\t%s\t%s\t%s\t%s\n", p.Score, p.A, p.B, strings.Join(p.Reasons, "; "), strings.Join(p.Against, "; "))
	}
	if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRead measures what the site asks for, in an archive of this size.
func BenchmarkRead(b *testing.B) {
	ctx := b.Context()
	db := archivetest.Empty(b)
	takeBulk(b, db, archivetest.Snapshot(b, db, "file:bulk.jsonl.gz", "bulk").ID)
	list, err := db.AllEditions(ctx)
	if err != nil {
		b.Fatal(err)
	}
	big := list[0]
	for _, e := range list {
		if e.Talks > big.Talks {
			big = e
		}
	}
	talks, err := db.EditionTalks(ctx, big.ID)
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]archive.TalkID, 20)
	for i := range ids {
		ids[i] = talks[i*3].ID
	}
	people, _, err := db.People(ctx, store.PeopleQuery{Limit: 1})
	if err != nil {
		b.Fatal(err)
	}
	anew := func(read func() error) func() error {
		return func() error {
			db.Forget()
			return read()
		}
	}
	allEditions := func() error { _, err := db.AllEditions(ctx); return err }
	proposals := func() error { _, err := db.Proposals(ctx); return err }
	timeline := func() error { _, err := db.SeriesTimeline(ctx, big.Series); return err }
	nearby := func() error { _, err := db.NearbyEditions(ctx, big.ID, 8); return err }
	for name, read := range map[string]func() error{
		"AllEditionsAnew": anew(allEditions), "ProposalsAnew": anew(proposals), "Proposals": proposals, "SeriesTimelineAnew": anew(timeline),
		"SeriesTopicsAnew":   anew(func() error { _, err := db.SeriesTopics(ctx, big.Series); return err }),
		"NearbyEditionsAnew": anew(nearby), "NearbyEditions": nearby,
		"PersonStory":  func() error { _, err := db.PersonStory(ctx, people[0].ID); return err },
		"Provenance":   func() error { _, err := db.Provenance(ctx, store.ThingTalk, string(ids[3])); return err },
		"Counts":       func() error { _, err := db.Counts(ctx); return err },
		"AllSeries":    func() error { _, err := db.AllSeries(ctx); return err },
		"AllEditions":  allEditions,
		"Editions":     func() error { _, err := db.Editions(ctx, big.Series); return err },
		"EditionByID":  func() error { _, err := db.EditionByID(ctx, big.ID); return err },
		"EditionTalks": func() error { _, err := db.EditionTalks(ctx, big.ID); return err },
		"Neighbours":   func() error { _, _, err := db.Neighbours(ctx, big.ID); return err },
		"TalkByID":     func() error { _, err := db.TalkByID(ctx, ids[3]); return err },
		"TalksByID":    func() error { _, err := db.TalksByID(ctx, ids); return err },
		"People":       func() error { _, _, err := db.People(ctx, store.PeopleQuery{Prefix: "m", Limit: 100}); return err },
		"PersonByID":   func() error { _, err := db.PersonByID(ctx, people[0].ID); return err },
		"PersonTalks":  func() error { _, err := db.PersonTalks(ctx, people[0].ID); return err },
		"Topics":       func() error { _, err := db.Topics(ctx); return err },
		"NewestTalks":  func() error { _, err := db.NewestTalks(ctx, 10); return err },
		"DataVersion":  func() error { _, err := db.DataVersion(ctx); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := read(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestBulkDraw draws automatic merges at random, to be judged by a reader: a
// credit that was taken for a person met before, beside the credit before it.
// ROSTRUM_DRAW says how many, ROSTRUM_SEED which; with ROSTRUM_DRAW_FAR only
// those are drawn that join two series, which are the doubtful ones.
func TestBulkDraw(t *testing.T) {
	count, err := strconv.Atoi(os.Getenv("ROSTRUM_DRAW"))
	if err != nil || count < 1 {
		t.Skip("ROSTRUM_DRAW does not say how many to draw")
	}
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("ROSTRUM_SEED"), "1"), 10, 64)
	must(t, err)
	db := archivetest.Empty(t)
	takeBulk(t, db, archivetest.Snapshot(t, db, "file:bulk.jsonl.gz", "bulk").ID)
	type merge struct {
		person   archive.PersonID
		at, with archive.Talk
	}
	var merges []merge
	met := map[archive.PersonID]archive.Talk{}
	for c, err := range db.Changes(t.Context(), 0) {
		must(t, err)
		for _, s := range c.Entry.Speakers {
			if s.Person == "" {
				continue
			}
			before, ok := met[s.Person]
			far := os.Getenv("ROSTRUM_DRAW_FAR") == "" || before.Edition().Series() != c.Talk.Edition().Series()
			if ok && before.ID != c.Talk && far {
				merges = append(merges, merge{s.Person, c.Entry.Talk, before})
			}
			met[s.Person] = c.Entry.Talk
		}
	}
	r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // a draw that can be drawn again
	r.Shuffle(len(merges), func(i, j int) { merges[i], merges[j] = merges[j], merges[i] })
	t.Logf("%d merges by themselves, %d drawn", len(merges), min(count, len(merges)))
	for i, m := range merges[:min(count, len(merges))] {
		t.Logf("%3d %s\n%s\n%s", i+1, m.person, evidence(m.person, m.with), evidence(m.person, m.at))
	}
}

// evidence is one talk of a person in two lines.
func evidence(id archive.PersonID, k archive.Talk) string {
	var mine string
	var with []string
	for _, c := range k.Speakers {
		switch {
		case c.Person != id:
			with = append(with, c.Name)
		case c.Affiliation != "":
			mine = c.Name + " (" + c.Affiliation + ")"
		default:
			mine = c.Name
		}
	}
	line := fmt.Sprintf("      %s | %s | %q %s", mine, k.Edition(), k.Title, k.Date)
	if len(with) > 0 {
		line += " with " + strings.Join(with, ", ")
	}
	if len(k.Topics) > 0 {
		line += " on " + strings.Join(k.Topics[:min(6, len(k.Topics))], ", ")
	}
	return line
}
