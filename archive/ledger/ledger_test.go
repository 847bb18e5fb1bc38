package ledger_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/ledger"
	"rostrum/archive/store"
)

const (
	crash   archive.TalkID = "chaos-day/2017/let-it-crash"
	purpose archive.TalkID = "chaos-day/2017/breaking-things-on-purpose"
)

var me = store.Who{By: "anna", Why: "it was: \"so\"", At: archivetest.Time(1)}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func correct(t testing.TB, db *store.DB, thing store.Thing, id, field, value string) store.ActID {
	t.Helper()
	n, err := db.Correct(t.Context(), store.Correction{Thing: thing, ID: id, Field: field, Value: json.RawMessage(value)}, me)
	must(t, err)
	return n
}

// decide makes one decision of each sort, some of them superseded or undone.
func decide(t testing.TB, db *store.DB) {
	t.Helper()
	ctx := t.Context()
	correct(t, db, store.ThingTalk, string(crash), "title", `"Superseded"`)
	correct(t, db, store.ThingTalk, string(crash), "title", `"Let it crash: 2017-12-06 & \"yes\""`)
	correct(t, db, store.ThingTalk, string(crash), "start", `"09:15"`)
	correct(t, db, store.ThingTalk, string(crash), "abstract", `"One.\n\n- two: three\n  # four"`)
	correct(t, db, store.ThingTalk, string(crash), "topics", `[]`)
	correct(t, db, store.ThingTalk, string(crash), "speakers", `[{"name":"Joe Armsby","affiliation":"no"},{"name":"Bo Ek"}]`)
	correct(t, db, store.ThingEdition, "chaos-day/2016", "city", `"null"`)
	correct(t, db, store.ThingPerson, "asa-oberg", "veiled", `true`)
	correct(t, db, store.ThingPerson, "asa-oberg", "name", `"Bo Ek"`)
	correct(t, db, store.ThingPerson, "bo-ek-2", "bio", `"Chose a name that another has."`)
	undone := correct(t, db, store.ThingEdition, "chaos-day/2016", "venue", `"Nowhere"`)
	must(t, db.Undo(ctx, undone, me))
	_, _, err := db.AssignCredits(ctx, []store.CreditRef{{Talk: purpose, Name: "Ada Lind"}}, "", me)
	must(t, err)
	correct(t, db, store.ThingPerson, "ada-lind-2", "bio", `"Another."`)
	_, err = db.KeepApart(ctx, "ada-lind", "ada-lind-2", me)
	must(t, err)
	_, err = db.MergePeople(ctx, "joe-armsby", "asa-oberg", me)
	must(t, err)
	_, _, err = db.MoveEdition(ctx, "chaos-day/2016", "Chaos Eve", me)
	must(t, err)
	correct(t, db, store.ThingEdition, "chaos-eve/2016", "venue", `"The mill"`)
	correct(t, db, store.ThingTalk, "queues-streams/2018/let-it-crash", "room", `"Attic"`)
	_, err = db.MergeEditions(ctx, "queues-streams/2018", "chaos-day/2017", me)
	must(t, err)
	_, err = db.MergeSeries(ctx, "chaos-eve", "chaos-day", me)
	must(t, err)
	_, err = db.TakeDown(ctx, store.ThingTalk, "chaos-day/2016/monkeys-in-the-data-centre", me)
	must(t, err)
	_, err = db.TakeDown(ctx, store.ThingDeck, archivetest.CrashDeck, me)
	must(t, err)
	src, err := db.Source(ctx, "https://queues.example/2018/")
	must(t, err)
	_, err = db.Retract(ctx, src.Latest, me)
	must(t, err)
}

func export(t testing.TB, db *store.DB) string {
	t.Helper()
	var b strings.Builder
	_, err := ledger.Export(t.Context(), db, &b)
	must(t, err)
	return b.String()
}

// view is all that an archive shows of the sample.
func view(t testing.TB, db *store.DB) map[string]any {
	t.Helper()
	out := map[string]any{}
	editions, err := db.AllEditions(t.Context())
	must(t, err)
	for _, e := range editions {
		talks, err := db.EditionTalks(t.Context(), e.ID)
		must(t, err)
		for i := range talks {
			talks[i].Revision = 0 // how often it changed on the way
		}
		out[string(e.ID)] = []any{e, talks}
	}
	people, _, err := db.People(t.Context(), store.PeopleQuery{})
	must(t, err)
	out["people"] = people
	return out
}

func TestRoundTrip(t *testing.T) {
	first := archivetest.Sample(t)
	decide(t, first)
	file := export(t, first)
	second := archivetest.Sample(t)
	got, err := ledger.Import(t.Context(), second, "c.yaml", strings.NewReader(file), store.Who{By: "else", At: archivetest.Time(5)})
	if d := cmp.Diff(ledger.Imported{Made: 21}, got); d != "" || err != nil {
		t.Fatalf("%v %s\n%s", err, d, file)
	}
	if d := cmp.Diff(view(t, first), view(t, second)); d != "" {
		t.Errorf("the second archive shows something else: -first +second\n%s", d)
	}
	if d := cmp.Diff(file, export(t, second)); d != "" {
		t.Errorf("exported again: -first +second\n%s", d)
	}
	for _, db := range []*store.DB{first, second} {
		before, err := db.Revision(t.Context())
		must(t, err)
		got, err := ledger.Import(t.Context(), db, "c.yaml", strings.NewReader(file), me)
		if d := cmp.Diff(ledger.Imported{Stood: 21}, got); d != "" || err != nil {
			t.Errorf("twice: %v %s", err, d)
		}
		if after, err := db.Revision(t.Context()); after != before || err != nil {
			t.Errorf("taking it in twice moved the archive from %d to %d (%v)", before, after, err)
		}
	}
}

// TestNewPersonOfAnotherName is an archive in which the first free name for
// whom a file splits off is another than in the archive it comes from.
func TestNewPersonOfAnotherName(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	_, _, err := db.AssignCredits(ctx, []store.CreditRef{{Talk: "chaos-day/2017/is-it-our-fault", Name: "Ada Lind"}}, "", me)
	must(t, err)
	const file = `
rostrum-corrections: 1
decisions:
- assign: ada-lind-9
  new: true
  credits:
  - talk: chaos-day/2017/breaking-things-on-purpose
    name: Ada Lind
- correct: ada-lind-9
  field: url
  value: https://nine.example/
`
	for _, want := range []ledger.Imported{{Made: 2}, {Stood: 2}} {
		got, err := ledger.Import(ctx, db, "c.yaml", strings.NewReader(file), me)
		if d := cmp.Diff(want, got); d != "" || err != nil {
			t.Errorf("%v %s", err, d)
		}
	}
	if p, err := db.PersonByID(ctx, "ada-lind-3"); p.URL != "https://nine.example/" || err != nil {
		t.Errorf("%+v %v", p, err)
	}
}

func TestImportTellsWhatDoesNotHold(t *testing.T) {
	const file = `rostrum-corrections: 1
decisions:
- correct: chaos-day/2017/let-it-crash
  field: titel
  value: X
- correct: chaos-day/2017/let-it-crash
  field: start
  value: 25:10
- correct: no/such/talk
  field: title
  value: X
- correct: chaos-day/2017/let-it-crash
  field: room
  value: Vat 7
- correct: chaos-day/2017/let-it-crash
  merge: joe-armsby
- merge: joe-armsby
- colour: red
- just words
- assign: bo-ek
  credits: [{talk: chaos-day/2017/let-it-crash, name: Nobody There}]
- correct: chaos-day/2017/let-it-crash
  field: room
  at: yesterday
- takedown: chaos-day/2016
  destroyed: true
- correct: chaos-day/2017/let-it-crash
  field: topics
  value: &a [*a]
`
	db := archivetest.Sample(t)
	got, err := ledger.Import(t.Context(), db, "c.yaml", strings.NewReader(file), me)
	if got.Made != 1 {
		t.Errorf("made %d", got.Made)
	}
	want := `c.yaml: line 3: correct titel of talk chaos-day/2017/let-it-crash: titel: a talk has no such field to correct
c.yaml: line 6: correct start of talk chaos-day/2017/let-it-crash: start: no time of day
c.yaml: line 9: correct title of talk no/such/talk: not found
c.yaml: line 15: merge: one decision cannot be correct too
c.yaml: line 17: into: it is missing, or no text
c.yaml: line 18: "colour": no such field
c.yaml: line 19: decision: it is no mapping
c.yaml: line 20: assign credits: Nobody There on talk chaos-day/2017/let-it-crash: not found
c.yaml: line 22: at: "yesterday" is no moment
c.yaml: line 25: destroyed: only the bytes of slides can be
c.yaml: line 27: value: references to another place are not followed`
	if err == nil {
		t.Fatal("all was taken")
	}
	if d := cmp.Diff(want, err.Error()); d != "" {
		t.Error(d)
	}
}

func TestImportOfSomethingElse(t *testing.T) {
	db := archivetest.Empty(t)
	for _, file := range []string{"", "- a", "title: x", "rostrum-corrections: 2\n", "a: [", "rostrum-corrections: 1\ndecisions: x\n"} {
		_, err := ledger.Import(t.Context(), db, "c.yaml", strings.NewReader(file), me)
		if invalid := (*archive.InvalidError)(nil); !errors.As(err, &invalid) || invalid.Thing != "c.yaml" {
			t.Errorf("%q: %v", file, err)
		}
	}
	if got, err := ledger.Import(t.Context(), db, "c.yaml", strings.NewReader(export(t, db)), me); got != (ledger.Imported{}) || err != nil {
		t.Errorf("an empty archive's own: %+v %v", got, err)
	}
}

func FuzzImport(f *testing.F) {
	first := archivetest.Sample(f)
	decide(f, first)
	f.Add([]byte(export(f, first)))
	f.Add([]byte("rostrum-corrections: 1\ndecisions:\n- correct: a\n  value: {a: [b, {c: d}]}\n  field: name\n"))
	db := archivetest.Sample(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		_, _ = ledger.Import(t.Context(), db, "f.yaml", strings.NewReader(string(file)), me)
		if _, err := ledger.Export(t.Context(), db, &strings.Builder{}); err != nil {
			t.Fatal(err)
		}
	})
}
