package store_test

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

func TestCorrectionWinsOverReadings(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	fix := store.Correction{Thing: store.ThingTalk, ID: string(crash), Field: "title", Value: json.RawMessage(`"Let it crash early"`)}
	act, err := db.Correct(ctx, fix, me)
	must(t, err)
	if got := talk(t, db, crash).Title; got != "Let it crash early" {
		t.Errorf("corrected to %q", got)
	}
	// The page comes to say something else: the correction stands, and the
	// organizer is shown both.
	p := chaosDay()
	p.Items[0].Title = "Let it crash (keynote)"
	if got := take(t, db, page, "two", p); len(got.Changed) != 0 {
		t.Errorf("a reading changed what was corrected: %+v", got)
	}
	list, err := db.Corrections(ctx)
	fix.Was = json.RawMessage(`"Let it crash"`)
	want := []store.Corrected{{Correction: fix, Act: act, Read: json.RawMessage(`"Let it crash (keynote)"`)}}
	if diff := cmp.Diff(want, list); diff != "" || err != nil {
		t.Fatalf("corrections (%v): -want +got\n%s", err, diff)
	}
	if !list[0].Disagrees() {
		t.Error("the disagreement is not told")
	}
	second := fix
	second.Value = json.RawMessage(`"Let it crash late"`)
	act2, err := db.Correct(ctx, second, me)
	must(t, err)
	must(t, db.Undo(ctx, act2, me))
	if got := talk(t, db, crash).Title; got != "Let it crash early" {
		t.Errorf("after undoing the second: %q", got)
	}
	must(t, db.Undo(ctx, act, me))
	if got := talk(t, db, crash).Title; got != "Let it crash (keynote)" {
		t.Errorf("after undoing both: %q", got)
	}
	var invalid *archive.InvalidError
	if err := db.Undo(ctx, act, me); !errors.As(err, &invalid) {
		t.Errorf("undone twice: %v", err)
	}
	history, err := db.History(ctx, store.ThingTalk, string(crash))
	if err != nil || len(history) != 2 || history[0].ID != act2 || history[1].UndoneBy != "me" || history[1].Why != "because" {
		t.Errorf("history: %+v %v", history, err)
	}
}

func TestCorrectionsThatDoNotHold(t *testing.T) {
	db := archivetest.Sample(t)
	before := fingerprint(t, db)
	for name, c := range map[string]store.Correction{
		"no such field":  {Thing: store.ThingTalk, ID: string(crash), Field: "colour", Value: json.RawMessage(`"red"`)},
		"no such kind":   {Thing: store.ThingTalk, ID: string(crash), Field: "kind", Value: json.RawMessage(`"sermon"`)},
		"no such day":    {Thing: store.ThingTalk, ID: string(crash), Field: "date", Value: json.RawMessage(`"2017-02-30"`)},
		"no such hour":   {Thing: store.ThingTalk, ID: string(crash), Field: "start", Value: json.RawMessage(`"25:00"`)},
		"no title":       {Thing: store.ThingTalk, ID: string(crash), Field: "title", Value: json.RawMessage(`" "`)},
		"another type":   {Thing: store.ThingTalk, ID: string(crash), Field: "title", Value: json.RawMessage(`17`)},
		"a second field": {Thing: store.ThingTalk, ID: string(crash), Field: "title", Value: json.RawMessage(`"x","room":"y"`)},
		"no JSON":        {Thing: store.ThingTalk, ID: string(crash), Field: "title", Value: json.RawMessage(`crash`)},
		"nobody":         {Thing: store.ThingTalk, ID: string(crash), Field: "speakers", Value: json.RawMessage(`[{"affiliation":"KTH"}]`)},
		"no such date":   {Thing: store.ThingEdition, ID: "chaos-day/2017", Field: "start_date", Value: json.RawMessage(`"soon"`)},
		"no name":        {Thing: store.ThingPerson, ID: "bo-ek", Field: "name", Value: json.RawMessage(`""`)},
		"a series":       {Thing: "series", ID: "chaos-day", Field: "name", Value: json.RawMessage(`"x"`)},
	} {
		_, err := db.Correct(t.Context(), c, me)
		if invalid := (*archive.InvalidError)(nil); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := db.Correct(t.Context(), store.Correction{Thing: store.ThingTalk, ID: "no/such/talk", Field: "title", Value: json.RawMessage(`"x"`)}, me); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("no such talk: %v", err)
	}
	if diff := cmp.Diff(before, fingerprint(t, db)); diff != "" {
		t.Errorf("what was refused left a trace: -before +after\n%s", diff)
	}
}

func TestMergeAndSplit(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	merge, err := db.MergePeople(ctx, "ada-lind", "asa-oberg", me)
	must(t, err)
	_, err = db.PersonByID(ctx, "ada-lind")
	if moved := (*archive.MovedError)(nil); !errors.As(err, &moved) || moved.To != "asa-oberg" {
		t.Errorf("the merged address: %v", err)
	}
	// Printed as before, shown as the other.
	if c := talk(t, db, purpose).Speakers[0]; c.Name != "Ada Lind" || c.Person != "asa-oberg" {
		t.Errorf("the credit: %+v", c)
	}
	if _, err := db.MergePeople(ctx, "asa-oberg", "ada-lind", me); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("merged back: %v", err)
	}
	must(t, db.Undo(ctx, merge, me))
	if p, err := db.PersonByID(ctx, "ada-lind"); err != nil || p.Talks != 2 {
		t.Errorf("after undo: %+v %v", p, err)
	}
	// One of her talks was by another Ada Lind.
	to, split, err := db.AssignCredits(ctx, []store.CreditRef{{Talk: purpose, Name: "Ada Lind"}}, "", me)
	must(t, err)
	if c := talk(t, db, purpose).Speakers[0]; c.Person != "ada-lind-2" || to != "ada-lind-2" {
		t.Errorf("split into %s: %+v", to, c)
	}
	must(t, db.Undo(ctx, split, me))
	_, err = db.PersonByID(ctx, "ada-lind-2")
	if moved := (*archive.MovedError)(nil); !errors.As(err, &moved) || moved.To != "ada-lind" {
		t.Errorf("the address of who was not: %v", err)
	}
	if _, _, err := db.AssignCredits(ctx, []store.CreditRef{{Talk: purpose, Name: "Nobody There"}}, "", me); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a credit that is none: %v", err)
	}
}

func TestTakenDown(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	before, err := db.Revision(ctx)
	must(t, err)
	// A person: the name is gone from every talk, and followers hear of it.
	who, err := db.TakeDown(ctx, store.ThingPerson, "joe-armsby", me)
	must(t, err)
	if diff := cmp.Diff([]archive.Credit{{Name: store.Withheld}}, talk(t, db, crash).Speakers); diff != "" {
		t.Errorf("the speaker: -want +got\n%s", diff)
	}
	if diff := cmp.Diff([]archive.TalkID{crash, "chaos-day/2017/is-it-our-fault"}, changes(t, db, before)); diff != "" {
		t.Errorf("told: -want +got\n%s", diff)
	}
	if _, err := db.PersonByID(ctx, "joe-armsby"); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("the person: %v", err)
	}
	must(t, db.Undo(ctx, who, me))

	// A talk stays down however often its page is read.
	_, err = db.TakeDown(ctx, store.ThingTalk, string(purpose), me)
	must(t, err)
	p := archivetest.Programmes()[1]
	p.Items[3].Title = "Breaking things on purpose, revised"
	take(t, db, p.Edition.URL, "revised", p)
	if _, err := db.TalkByID(ctx, purpose); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("the talk: %v", err)
	}

	// A deck's bytes are destroyed for good.
	blob := talk(t, db, crash).Decks[0].Blob
	_, err = db.DestroyDeck(ctx, archivetest.CrashDeck, me)
	must(t, err)
	want := []archive.TalkDeck{{Address: archivetest.CrashDeck, State: archive.DeckMissing, Reason: "it was taken down"}}
	if diff := cmp.Diff(want, talk(t, db, crash).Decks); diff != "" {
		t.Errorf("the deck: -want +got\n%s", diff)
	}
	if _, err := os.Stat(db.BlobPath(blob)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the bytes: %v", err)
	}
	if _, err := db.Deck(ctx, blob); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("its slides: %v", err)
	}
	must(t, db.TakeDeckFile(ctx, store.DeckFile{Address: archivetest.CrashDeck, State: archive.DeckKept, Blob: blob, Bytes: 19}))
	if d := talk(t, db, crash).Decks[0]; d.State != archive.DeckMissing {
		t.Errorf("fetched again: %+v", d)
	}
	must(t, db.Check(ctx))
}

func TestVeiledName(t *testing.T) {
	db := archivetest.Sample(t)
	for field, value := range map[string]string{"name": `"Asta Oberg"`, "veiled": `true`} {
		_, err := db.Correct(t.Context(), store.Correction{Thing: store.ThingPerson, ID: shownAs(t, db, "asa-oberg"), Field: field, Value: json.RawMessage(value)}, me)
		must(t, err)
	}
	k := talk(t, db, "chaos-day/2016/felinjektion-i-praktiken")
	want := []archive.Credit{{Name: "Asta Oberg", Affiliation: "Lund University", Person: "asta-oberg"}}
	if diff := cmp.Diff(want, k.Speakers); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	// The ID that tells the former name leads to one that does not.
	_, err := db.PersonByID(t.Context(), "asa-oberg")
	if moved := (*archive.MovedError)(nil); !errors.As(err, &moved) || moved.To != "asta-oberg" {
		t.Errorf("the old address: %v", err)
	}
	// What was decided of her before is found by either.
	for _, id := range []string{"asa-oberg", "asta-oberg"} {
		if list, err := db.History(t.Context(), store.ThingPerson, id); len(list) != 2 || err != nil {
			t.Errorf("history of %s: %+v %v", id, list, err)
		}
	}
	// Merged into somebody else, her wish goes with her.
	merge, err := db.MergePeople(t.Context(), "asta-oberg", "bo-ek", me)
	must(t, err)
	if c := talk(t, db, "chaos-day/2016/felinjektion-i-praktiken").Speakers[0]; c.Name != "Bo Ek" {
		t.Errorf("merged: %+v", c)
	}
	must(t, db.Undo(t.Context(), merge, me))
	for range 2 {
		last, err := db.LastAct(t.Context())
		must(t, err)
		must(t, db.Undo(t.Context(), last.ID, me))
	}
	if c := talk(t, db, "chaos-day/2016/felinjektion-i-praktiken").Speakers[0]; c.Name != "Åsa Öberg" || c.Person != "asa-oberg" {
		t.Errorf("undone: %+v", c)
	}
	_, err = db.PersonByID(t.Context(), "asta-oberg")
	if moved := (*archive.MovedError)(nil); !errors.As(err, &moved) || moved.To != "asa-oberg" {
		t.Errorf("the address meanwhile: %v", err)
	}
}

// A name that stands in another is not told by it: "asa-o" not by "asa-oberg", and
// who is called "Åsa Öberg Ek" now says herself that she was called Åsa Öberg.
func TestVeilOfNamesAlike(t *testing.T) {
	for what, deeds := range map[string][]store.Correction{
		"a part of a word":        {{ID: "bo-ek", Field: "name", Value: json.RawMessage(`"Åsa Ö."`)}},
		"a part of the name now":  {{ID: "asa-oberg", Field: "name", Value: json.RawMessage(`"Åsa Öberg Ek"`)}},
		"and once more corrected": {{ID: "asa-oberg", Field: "name", Value: json.RawMessage(`"Åsa Öberg Ek"`)}, {ID: "asa-oberg", Field: "name", Value: json.RawMessage(`"Åsa Öberg Ek Lind"`)}},
	} {
		t.Run(what, func(t *testing.T) {
			db := archivetest.Sample(t)
			var acts []store.ActID
			did := func(id store.ActID, err error) {
				t.Helper()
				must(t, err)
				acts = append(acts, id)
			}
			chosen := "Åsa Öberg"
			for _, c := range deeds {
				c.Thing = store.ThingPerson
				did(db.Correct(t.Context(), c, me))
				if c.ID == "asa-oberg" {
					must(t, json.Unmarshal(c.Value, &chosen))
				}
			}
			did(db.MergePeople(t.Context(), "bo-ek", "asa-oberg", me))
			did(db.Correct(t.Context(), store.Correction{Thing: store.ThingPerson, ID: "asa-oberg", Field: "veiled", Value: json.RawMessage(`true`)}, me))
			if p, err := db.PersonByID(t.Context(), "asa-oberg"); err != nil || p.Name != chosen {
				t.Errorf("veiled: %+v %v", p, err)
			}
			const told = "chaos-day/2016/felinjektion-i-praktiken"
			did(db.Correct(t.Context(), store.Correction{Thing: store.ThingTalk, ID: told, Field: "abstract", Value: archive.ItemField(archive.Item{Abstract: "Told by " + chosen + "."}, "abstract")}, me))
			if k := talk(t, db, told); k.Abstract != "Told by "+chosen+"." {
				t.Errorf("her name as it is: %q", k.Abstract)
			}
			for _, id := range acts {
				must(t, db.Undo(t.Context(), id, me))
			}
			for _, id := range []archive.PersonID{"asa-oberg", "bo-ek"} {
				if p, err := db.PersonByID(t.Context(), id); err != nil || p.ID != id {
					t.Errorf("undone: %+v %v", p, err)
				}
			}
		})
	}
}

func TestRetract(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	p := chaosDay()
	p.Items = p.Items[:1]
	p.Items[0].Title = "All wrong"
	take(t, db, page, "two", p)
	snap := archivetest.Snapshot(t, db, page, "two")
	act, err := db.Retract(ctx, snap.ID, me)
	must(t, err)
	if k := talk(t, db, crash); k.Title != "Let it crash" {
		t.Errorf("after taking back: %+v", k)
	}
	if k := talk(t, db, coffee); k.Gone {
		t.Error("still marked gone by what was taken back")
	}
	_, err = db.TakeProgramme(ctx, store.Intake{Snapshot: snap.ID, Programme: p})
	if invalid := (*archive.InvalidError)(nil); !errors.As(err, &invalid) {
		t.Errorf("taken in again: %v", err)
	}
	must(t, db.Undo(ctx, act, me))
	if k := talk(t, db, crash); k.Title != "All wrong" {
		t.Errorf("after undoing that: %+v", k)
	}
	if _, err := db.Retract(ctx, 99, me); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("no snapshot: %v", err)
	}
}

// A page is added, and added again with the name of its series: what it gave
// moves there, and its old addresses lead to the new ones.
func TestSeriesNamedLater(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	revision, err := db.Revision(ctx)
	must(t, err)
	snap := archivetest.Snapshot(t, db, page, "one")
	taken, err := db.TakeProgramme(ctx, store.Intake{Snapshot: snap.ID, Series: "Breaking Things", Programme: chaosDay(), At: archivetest.Time(1)})
	if err != nil || taken.Edition != "breaking-things/2017" || taken.New {
		t.Fatalf("%+v %v", taken, err)
	}
	const there = archive.TalkID("breaking-things/2017/let-it-crash")
	_, err = db.TalkByID(ctx, crash)
	if moved := (*archive.MovedError)(nil); !errors.As(err, &moved) || moved.To != string(there) {
		t.Errorf("the old address: %v", err)
	}
	_, err = db.SeriesByID(ctx, "chaos-day")
	if moved := (*archive.MovedError)(nil); !errors.As(err, &moved) || moved.To != "breaking-things" {
		t.Errorf("the old series: %v", err)
	}
	if k := talk(t, db, there); k.Title != "Let it crash" {
		t.Errorf("moved: %+v", k)
	}
	want := []archive.TalkID{
		"-" + crash, there, "-" + coffee, "-breaking-things/2017/coffee", "-" + purpose, "breaking-things/2017/breaking-things-on-purpose",
		"-" + coffee2, "-breaking-things/2017/coffee-2",
	}
	if diff := cmp.Diff(want, changes(t, db, revision)); diff != "" {
		t.Errorf("followers hear: -want +got\n%s", diff)
	}
	// Undone, it is back for good: adding it so again does not move it.
	history, err := db.History(ctx, store.ThingEdition, "chaos-day/2017")
	if err != nil || len(history) != 1 {
		t.Fatalf("history: %+v %v", history, err)
	}
	must(t, db.Undo(ctx, history[0].ID, me))
	taken, err = db.TakeProgramme(ctx, store.Intake{Snapshot: snap.ID, Series: "Breaking Things", Programme: chaosDay(), At: archivetest.Time(1)})
	if err != nil || taken.Edition != "chaos-day/2017" || talk(t, db, crash).Title != "Let it crash" {
		t.Errorf("after undo: %+v %v", taken, err)
	}
	_, err = db.TalkByID(ctx, there)
	if moved := (*archive.MovedError)(nil); !errors.As(err, &moved) || moved.To != string(crash) {
		t.Errorf("the address in between: %v", err)
	}
}

// shownAs is the ID by which a person goes now.
func shownAs(t *testing.T, db *store.DB, id archive.PersonID) string {
	t.Helper()
	_, err := db.PersonByID(t.Context(), id)
	if moved := (*archive.MovedError)(nil); errors.As(err, &moved) {
		return moved.To
	}
	must(t, err)
	return string(id)
}
