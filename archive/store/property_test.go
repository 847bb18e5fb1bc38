package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// desk is a store and all that a random curator did to it.
type desk struct {
	t  *testing.T
	db *store.DB
	// standing are the acts that were not undone.
	standing []store.ActID
	// corrected holds, for each thing and field, the corrections that stand, in order.
	corrected map[[3]string][]correction
	talks     map[archive.TalkID]bool
	people    map[archive.PersonID]bool
	editions  map[archive.EditionID]bool
	follower  map[archive.TalkID]archive.Talk
	seen      archive.Revision
	takes     int
}

type correction struct {
	act   store.ActID
	value string
}

// newDesk opens a store that the caller closes, since rapid makes hundreds in one test.
func newDesk(t *testing.T) *desk {
	dir, err := os.MkdirTemp(t.TempDir(), "")
	must(t, err)
	db, err := store.Open(t.Context(), dir)
	must(t, err)
	return &desk{
		t: t, db: db, corrected: map[[3]string][]correction{}, talks: map[archive.TalkID]bool{}, people: map[archive.PersonID]bool{},
		editions: map[archive.EditionID]bool{}, follower: map[archive.TalkID]archive.Talk{},
	}
}

// programmes are variants of four editions, as pages change over the months: of
// two years, told by two sources that call the series otherwise.
func programmes(r *rapid.T, label string) archive.Programme {
	names := []string{"Ada Lind", "Bo Ek", "Cy Dahl", "Dr. Ada Lind", "Lind, Ada", "Åsa Öberg", "Asa Oberg", "TBA"}
	titles := []string{"Let it crash", "Breaking things on purpose", "Fault injection in practice", "Keynote", "A late addition", "Coffee"}
	year := rapid.IntRange(2017, 2018).Draw(r, label+" year")
	p := archive.Programme{Edition: archive.EditionInfo{Title: fmt.Sprint(rapid.SampledFrom([]string{"Chaos Day", "Fest of Faults"}).Draw(r, label+" series"), " ", year), StartDate: archive.MakeDate(year, 12, 6), Language: "en"}}
	for i := range rapid.IntRange(0, 5).Draw(r, label+" items") {
		it := archive.Item{
			Kind: archive.KindTalk, Title: rapid.SampledFrom(titles).Draw(r, label+" title"), Date: p.Edition.StartDate,
			Start: archive.MakeClock(9*60 + 30*i), Room: rapid.SampledFrom([]string{"", "Vat 1"}).Draw(r, label+" room"),
		}
		if it.Title == "Coffee" {
			it.Kind = archive.KindBreak
		} else {
			for _, n := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 2, archive.NameKey).Draw(r, label+" who") {
				it.Speakers = append(it.Speakers, archive.Credit{Name: n})
			}
		}
		p.Items = append(p.Items, it)
	}
	return p
}

func (d *desk) take(p archive.Programme) {
	d.takes++
	source := "https://chaos.example/"
	if strings.HasPrefix(p.Edition.Title, "Fest") {
		source = "https://fest.example/"
	}
	snap := archivetest.Snapshot(d.t, d.db, source, strconv.Itoa(d.takes))
	taken, err := d.db.TakeProgramme(d.t.Context(), store.Intake{Snapshot: snap.ID, Programme: p})
	if invalid := (*archive.InvalidError)(nil); errors.As(err, &invalid) {
		return // it was taken back before
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.editions[taken.Edition] = true
	for _, id := range slices.Concat(taken.Added, taken.Changed, taken.Unchanged, taken.Gone) {
		d.talks[id] = true
	}
	d.meet()
}

// meet notes everybody who is shown, to ask for them later.
func (d *desk) meet() {
	list, _, err := d.db.People(d.t.Context(), store.PeopleQuery{Limit: 1000})
	must(d.t, err)
	for _, p := range list {
		d.people[p.ID] = true
	}
}

var me = store.Who{By: "me", Why: "because", At: archivetest.Time(5)}

func pick[K comparable](r *rapid.T, m map[K]bool, label string) (K, bool) {
	keys := slices.Collect(maps.Keys(m))
	if len(keys) == 0 {
		var none K
		return none, false
	}
	slices.SortFunc(keys, func(a, b K) int { return cmpText(a, b) })
	return rapid.SampledFrom(keys).Draw(r, label), true
}

func cmpText(a, b any) int {
	if fmt.Sprint(a) < fmt.Sprint(b) {
		return -1
	}
	return 1
}

// done notes an act that took, and forgives one that was refused.
func (d *desk) done(id store.ActID, err error) bool {
	invalid := (*archive.InvalidError)(nil)
	if errors.Is(err, archive.ErrNotFound) || errors.As(err, &invalid) {
		return false
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.standing = append(d.standing, id)
	return true
}

func (d *desk) actAtRandom(r *rapid.T) {
	ctx := d.t.Context()
	talk, ok := pick(r, d.talks, "talk")
	if !ok {
		return
	}
	person, _ := pick(r, d.people, "person")
	switch rapid.SampledFrom([]string{"talk", "edition", "person", "merge", "assign", "down talk", "down person", "down edition", "undo", "retract", "move", "merge editions", "merge series", "veil", "apart"}).Draw(r, "deed") {
	case "talk":
		field := rapid.SampledFrom([]string{"title", "room", "start"}).Draw(r, "field")
		value := map[string]string{"title": `"A corrected title"`, "room": `"Attic"`, "start": `"23:00"`}[field]
		d.correct(store.Correction{Thing: store.ThingTalk, ID: string(talk), Field: field, Value: json.RawMessage(value)})
	case "edition":
		d.correct(store.Correction{Thing: store.ThingEdition, ID: string(talk.Edition()), Field: "city", Value: json.RawMessage(`"Lund"`)})
	case "person":
		name := rapid.SampledFrom([]string{`"Ada L."`, `"Somebody Else"`}).Draw(r, "name")
		d.correct(store.Correction{Thing: store.ThingPerson, ID: string(person), Field: "name", Value: json.RawMessage(name)})
	case "merge":
		other, _ := pick(r, d.people, "into")
		d.done(d.db.MergePeople(ctx, person, other, me))
	case "assign":
		k, err := d.db.TalkByID(ctx, talk)
		if err != nil || len(k.Speakers) == 0 {
			return
		}
		to := rapid.SampledFrom([]archive.PersonID{"", person}).Draw(r, "to")
		to, id, err := d.db.AssignCredits(ctx, []store.CreditRef{{Talk: talk, Name: k.Speakers[0].Name}}, to, me)
		if d.done(id, err) {
			d.people[to] = true
		}
	case "down talk":
		d.done(d.db.TakeDown(ctx, store.ThingTalk, string(talk), me))
	case "down person":
		d.done(d.db.TakeDown(ctx, store.ThingPerson, string(person), me))
	case "down edition":
		d.done(d.db.TakeDown(ctx, store.ThingEdition, string(talk.Edition()), me))
	case "retract":
		d.done(d.db.Retract(ctx, archive.SnapshotID(rapid.IntRange(1, max(1, d.takes)).Draw(r, "snapshot")), me))
	case "move":
		to := rapid.SampledFrom([]string{"Chaos Day", "Other Night"}).Draw(r, "series")
		id, act, err := d.db.MoveEdition(ctx, talk.Edition(), to, me)
		if d.done(act, err) {
			d.editions[id] = true
		}
	case "merge editions":
		other, _ := pick(r, d.editions, "into edition")
		d.done(d.db.MergeEditions(ctx, talk.Edition(), other, me))
	case "merge series":
		other, _ := pick(r, d.editions, "into series of")
		d.done(d.db.MergeSeries(ctx, talk.Edition().Series(), other.Series(), me))
	case "veil":
		d.correct(store.Correction{Thing: store.ThingPerson, ID: string(person), Field: "veiled", Value: json.RawMessage("true")})
	case "apart":
		other, _ := pick(r, d.people, "from")
		d.done(d.db.KeepApart(ctx, person, other, me))
	case "undo":
		if len(d.standing) > 0 {
			d.undo(rapid.IntRange(0, len(d.standing)-1).Draw(r, "act"))
		}
	}
	d.meet()
}

func (d *desk) correct(c store.Correction) {
	id, err := d.db.Correct(d.t.Context(), c, me)
	if d.done(id, err) {
		key := [3]string{string(c.Thing), c.ID, c.Field}
		d.corrected[key] = append(d.corrected[key], correction{id, string(c.Value)})
	}
}

func (d *desk) undo(i int) {
	id := d.standing[i]
	must(d.t, d.db.Undo(d.t.Context(), id, me))
	d.standing = slices.Delete(d.standing, i, i+1)
	for key, list := range d.corrected {
		d.corrected[key] = slices.DeleteFunc(list, func(c correction) bool { return c.act == id })
	}
}

// state is all that is shown, revisions left out.
func (d *desk) state() map[string]any {
	ctx := d.t.Context()
	all := map[string]any{}
	list, err := d.db.AllEditions(ctx)
	must(d.t, err)
	for _, e := range list {
		talks, err := d.db.EditionTalks(ctx, e.ID)
		must(d.t, err)
		for i := range talks {
			talks[i].Revision = 0
		}
		findings, err := d.db.Findings(ctx, e.ID)
		must(d.t, err)
		all[string(e.ID)] = []any{e, talks, findings}
	}
	people, _, err := d.db.People(ctx, store.PeopleQuery{Limit: 1000})
	must(d.t, err)
	topics, err := d.db.Topics(ctx)
	must(d.t, err)
	counts, err := d.db.Counts(ctx)
	must(d.t, err)
	all["people"], all["topics"], all["counts"] = people, topics, counts
	return all
}

// checkCounts holds that people are counted as they are listed: with what is
// taken down left out.
func (d *desk) checkCounts() {
	_, listed, err := d.db.People(d.t.Context(), store.PeopleQuery{Limit: 1})
	must(d.t, err)
	counts, err := d.db.Counts(d.t.Context())
	must(d.t, err)
	if counts.People != listed {
		d.t.Errorf("%d people are counted, %d listed", counts.People, listed)
	}
}

// check holds the store to its promises.
func (d *desk) check() {
	ctx := d.t.Context()
	d.checkCounts()
	for key, last := range d.lastCorrections() {
		if key[2] == "veiled" {
			d.checkVeil(archive.PersonID(key[1]))
			continue
		}
		shown, ok := d.shown(key)
		if ok && shown != last.value {
			d.t.Errorf("%v is shown as %s, was corrected to %s", key, shown, last.value)
		}
	}
	for id := range d.people {
		_, err := d.db.PersonByID(ctx, id)
		d.alive("person "+string(id), err, func(to string) error {
			_, err := d.db.PersonByID(ctx, archive.PersonID(to))
			return d.down(archive.Talk{}, err)
		})
	}
	for id := range d.talks {
		_, err := d.db.TalkByID(ctx, id)
		d.alive("talk "+string(id), err, func(to string) error { return d.down(d.db.TalkByID(ctx, archive.TalkID(to))) })
	}
	for id := range d.editions {
		_, err := d.db.EditionByID(ctx, id)
		d.alive("edition "+string(id), err, func(to string) error {
			_, err := d.db.EditionByID(ctx, archive.EditionID(to))
			return d.down(archive.Talk{}, err)
		})
		if len(d.standing) == 0 {
			_, err = d.db.SeriesByID(ctx, id.Series())
			d.alive("series "+string(id.Series()), err, func(to string) error {
				_, err := d.db.SeriesByID(ctx, archive.SeriesID(to))
				return err
			})
		}
	}
	for c, err := range d.db.Changes(ctx, d.seen) {
		must(d.t, err)
		d.seen = c.Revision
		delete(d.follower, c.Talk)
		if c.Entry != nil {
			d.follower[c.Talk] = c.Entry.Talk
		}
	}
	fresh := map[archive.TalkID]archive.Talk{}
	for c, err := range d.db.Changes(ctx, 0) {
		must(d.t, err)
		if c.Entry != nil {
			fresh[c.Talk] = c.Entry.Talk
		}
	}
	// Its place in the programme is read with the edition, never from an index.
	if diff := cmp.Diff(fresh, d.follower, ignorePlace()); diff != "" {
		d.t.Errorf("the follower holds otherwise: -fresh +follower\n%s", diff)
	}
}

// lastCorrections returns the latest correction of each field, under the name
// by which its thing goes now: what was corrected of two talks that turned out
// to be one is corrected of that one.
func (d *desk) lastCorrections() map[[3]string]correction {
	last := map[[3]string]correction{}
	for key, list := range d.corrected {
		if len(list) == 0 {
			continue
		}
		var err error
		switch store.Thing(key[0]) {
		case store.ThingTalk:
			_, err = d.db.TalkByID(d.t.Context(), archive.TalkID(key[1]))
		case store.ThingEdition:
			_, err = d.db.EditionByID(d.t.Context(), archive.EditionID(key[1]))
		}
		if moved := (*archive.MovedError)(nil); errors.As(err, &moved) {
			key[1] = moved.To
		}
		if c := list[len(list)-1]; c.act > last[key].act {
			last[key] = c
		}
	}
	return last
}

// checkVeil: whoever is veiled stands on each talk by the chosen name.
func (d *desk) checkVeil(id archive.PersonID) {
	p, err := d.db.PersonByID(d.t.Context(), id)
	if err != nil {
		return
	}
	talks, err := d.db.PersonTalks(d.t.Context(), id)
	must(d.t, err)
	for _, k := range talks {
		for _, c := range k.Speakers {
			if c.Person == id && c.Name != p.Name {
				d.t.Errorf("%s stands on %s as %s", p.Name, k.ID, c.Name)
			}
		}
	}
}

// down forgives that what an address leads to is hidden while acts stand.
func (d *desk) down(_ archive.Talk, err error) error {
	if len(d.standing) > 0 && errors.Is(err, archive.ErrNotFound) && !errors.As(err, new(*archive.MovedError)) {
		return nil
	}
	return err
}

func ignorePlace() cmp.Option {
	return cmp.FilterPath(func(p cmp.Path) bool {
		last := p.Last().String()
		return last == ".Position" || last == ".Snapshot"
	}, cmp.Ignore())
}

// alive: an address answers, leads to one that does, or is down by an act that stands.
func (d *desk) alive(what string, err error, ask func(to string) error) {
	if moved := (*archive.MovedError)(nil); errors.As(err, &moved) {
		if err := ask(moved.To); err != nil {
			d.t.Errorf("%s leads to %s: %v", what, moved.To, err)
		}
		return
	}
	if err != nil && len(d.standing) == 0 {
		d.t.Errorf("%s is dead: %v", what, err)
	}
}

// shown returns a corrected field as shown; false when its thing is hidden.
func (d *desk) shown(key [3]string) (string, bool) {
	ctx := d.t.Context()
	switch store.Thing(key[0]) {
	case store.ThingTalk:
		k, err := d.db.TalkByID(ctx, archive.TalkID(key[1]))
		return string(archive.ItemField(k.Item, key[2])), err == nil
	case store.ThingEdition:
		e, err := d.db.EditionByID(ctx, archive.EditionID(key[1]))
		return fmt.Sprintf("%q", e.City), err == nil
	}
	p, err := d.db.PersonByID(ctx, archive.PersonID(key[1]))
	return fmt.Sprintf("%q", p.Name), err == nil
}

// Whatever is done and undone over the same readings, undoing the rest gives
// the first state, and reading all again on the way changes nothing.
func TestUndoOfAllGivesTheFirstState(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := newDesk(t)
		defer func() { must(t, d.db.Close()) }()
		var last []archive.Programme
		for i := range rapid.IntRange(1, 4).Draw(r, "programmes") {
			last = append(last, programmes(r, fmt.Sprint("programme ", i)))
			d.take(last[i])
		}
		first := d.state()
		for range rapid.IntRange(1, 12).Draw(r, "deeds") {
			d.actAtRandom(r)
			d.check()
		}
		for len(d.standing) > 0 {
			d.undo(rapid.IntRange(0, len(d.standing)-1).Draw(r, "undone"))
		}
		d.check()
		if diff := cmp.Diff(first, d.state()); diff != "" {
			r.Fatalf("-first +after undoing all\n%s", diff)
		}
		before := fingerprint(t, d.db)
		d.takes = len(last) // the newest programme again, in bytes of their own
		d.take(last[len(last)-1])
		if diff := cmp.Diff(before, fingerprint(t, d.db)); diff != "" {
			r.Fatalf("the same programme again wrote: -before +after\n%s", diff)
		}
		must(t, d.db.Check(t.Context()))
	})
}

// Readings that go on changing in the midst of it lose no correction, kill no
// address and leave no follower behind.
func TestCorrectionsOutliveReadings(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := newDesk(t)
		defer func() { must(t, d.db.Close()) }()
		for i := range rapid.IntRange(2, 14).Draw(r, "steps") {
			if rapid.Bool().Draw(r, "read") {
				d.take(programmes(r, fmt.Sprint("programme ", i)))
			} else {
				d.actAtRandom(r)
			}
			d.check()
		}
		must(t, d.db.Check(t.Context()))
	})
}
