package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rostrum/archive"
)

// Origin tells where one shown value came from. All of it may be shown to
// visitors: what a person asked to have hidden is left out.
type Origin struct {
	Field string          // its name in Programme JSON
	Value json.RawMessage // as shown

	// What was read: the Snapshot that is followed, its address and time, and
	// the place in it; all zero when no source says anything of the field.
	Snapshot archive.SnapshotID
	Address  string
	Fetched  time.Time
	Place    *archive.Place // nil when the reader does not say
	Talk     archive.TalkID // of a person's value: the talk on which it was printed
	Gone     bool           // the source no longer says it: this is the last that did

	// The correction laid over it; Act is 0 when there is none.
	Act     ActID
	By, Why string
	At      time.Time
	// Read is what the latest reading says, as JSON, and Was what was read when
	// it was corrected; nil when the value was not corrected. Disagrees says
	// that the sources have come to say something else since.
	Read, Was json.RawMessage
	Disagrees bool
}

// Corrected says whether a person's word stands over what was read.
func (o Origin) Corrected() bool { return o.Act != 0 }

// Provenance tells for each shown field of a talk, an edition or a person
// that has a value, in the order of Programme JSON, where it came from. A field
// gathered from several sources (links, topics) names the one that spoke last.
// *archive.MovedError or archive.ErrNotFound as for the thing itself.
func (db *DB) Provenance(ctx context.Context, thing Thing, id string) ([]Origin, error) {
	var list []Origin
	err := db.view(ctx, func(t *tx) (err error) {
		switch thing {
		case ThingTalk:
			list, err = t.talkOrigins(archive.TalkID(id))
		case ThingEdition:
			list, err = t.editionOrigins(archive.EditionID(id))
		case ThingPerson:
			list, err = t.personOrigins(archive.PersonID(id))
		default:
			err = &archive.InvalidError{Thing: string(thing), Why: "such a thing has no fields"}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("provenance of %s %s: %w", thing, id, err)
	}
	return list, nil
}

// origins gathers the Origins of one thing.
type origins struct {
	t         *tx
	fields    []string
	byField   map[string]*Origin
	snapshots map[archive.SnapshotID]archive.Snapshot
}

func (t *tx) newOrigins(fields []string) *origins {
	return &origins{t: t, fields: fields, byField: map[string]*Origin{}, snapshots: map[archive.SnapshotID]archive.Snapshot{}}
}

func (o *origins) of(field string) *Origin {
	if o.byField[field] == nil {
		o.byField[field] = &Origin{Field: field}
	}
	return o.byField[field]
}

// list returns those that have a value, or that a person emptied.
func (o *origins) list(value func(field string) json.RawMessage) []Origin {
	var list []Origin
	for _, f := range o.fields {
		origin, ok := o.byField[f]
		if !ok {
			continue
		}
		origin.Value = value(f)
		if !empty(origin.Value) || origin.Act != 0 {
			list = append(list, *origin)
		}
	}
	return list
}

// read notes where a field was read, unless one that spoke later gave it.
func (o *origins) read(field string, id archive.SnapshotID, places archive.Places) error {
	origin := o.of(field)
	if origin.Snapshot != 0 || id == 0 {
		return nil
	}
	s, ok := o.snapshots[id]
	if !ok {
		var err error
		if s, err = o.t.snapshot(id); err != nil {
			return err
		}
		o.snapshots[id] = s
	}
	origin.Snapshot, origin.Address, origin.Fetched = s.ID, s.Address, s.Fetched
	if p, ok := places[field]; ok {
		origin.Place = &p
	}
	return nil
}

// corrected lays the corrections that stand over what was read.
func (o *origins) corrected(thing Thing, rows []int64, read func(field string) json.RawMessage) error {
	asked, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	return o.t.each(func(rows *sql.Rows) error {
		var field string
		var at int64
		var value, was []byte
		var act ActID
		var by, why string
		if err := rows.Scan(&field, &value, &was, &act, &by, &why, &at); err != nil {
			return err
		}
		c := Corrected{Correction: Correction{Value: value, Was: append(json.RawMessage(nil), was...)}, Read: read(field)}
		origin := o.of(field)
		origin.Act, origin.By, origin.Why, origin.At = act, by, why, fromMillis(at)
		origin.Read, origin.Was, origin.Disagrees = c.Read, c.Was, c.Disagrees()
		return nil
	}, `SELECT correction.field, correction.value, correction.was, act.n, act.by, act.why, act.at FROM correction JOIN act ON act.n = correction.act
		WHERE correction.thing = ? AND correction.row IN (SELECT value FROM json_each(?)) ORDER BY act.n`, thing, string(asked))
}

func empty(value json.RawMessage) bool {
	return len(value) <= 2 // "", [] and nothing
}

func (t *tx) talkOrigins(id archive.TalkID) ([]Origin, error) {
	rows, err := t.talks(`FROM talk WHERE talk.id = ?`, id)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 || rows[0].hidden {
		return nil, t.moved("talk", string(id))
	}
	n := rows[0].n
	edition, err := t.editionOf(n)
	if err != nil {
		return nil, err
	}
	l, err := t.readLoom(edition)
	if err != nil {
		return nil, err
	}
	lines := l.said()[n]
	gone := len(lines) == 0
	if gone {
		last, ok, err := l.lastSaid(n)
		if err != nil {
			return nil, err
		}
		if ok {
			lines = []line{last}
		}
	}
	o := t.newOrigins(archive.TalkFields())
	for _, said := range lines {
		for _, f := range o.fields {
			if empty(archive.ItemField(said.item, f)) {
				continue
			}
			if err := o.read(f, said.snapshot, said.item.Places); err != nil {
				return nil, err
			}
			o.of(f).Gone = gone
		}
	}
	read := archive.LayItems(items(lines))
	if err := o.corrected(ThingTalk, l.members(n), func(f string) json.RawMessage { return archive.ItemField(read, f) }); err != nil {
		return nil, err
	}
	shown := rows[0].visible().Item
	list := o.list(func(f string) json.RawMessage { return archive.ItemField(shown, f) })
	for i := range list {
		rows[0].conceal(&list[i])
	}
	return list, nil
}

// conceal takes out of an Origin what would tell a name that is not shown.
func (r *talkRow) conceal(o *Origin) {
	for i, c := range r.credits {
		if c.name == "" {
			continue
		}
		v := &veil{chosen: c.name}
		if r.veils[c.person] != nil {
			v = r.veils[c.person]
		}
		if printed := r.talk.Speakers[i].Name; c.name == Withheld {
			v.hide(printed)
		}
		tells := func(s string) bool { return o.Field == "speakers" || v.in(s) }
		if o.Place != nil && tells(o.Place.Quote) {
			place := *o.Place
			place.Quote, o.Place = "", &place
		}
		if tells(o.Why) {
			o.Why = ""
		}
		if tells(string(o.Read)) {
			o.Read = nil
		}
		if tells(string(o.Was)) {
			o.Was = nil
		}
	}
}

func (t *tx) editionOrigins(id archive.EditionID) ([]Origin, error) {
	n, err := t.editionNumber(id)
	if err != nil {
		return nil, err
	}
	found, err := t.editions(`edition.n = ?`, n)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, t.moved("edition", string(id))
	}
	l, err := t.readLoom(n)
	if err != nil {
		return nil, err
	}
	o := t.newOrigins(archive.EditionFields())
	for _, r := range l.readings {
		for _, f := range o.fields {
			if empty(archive.EditionField(r.programme.Edition, f)) {
				continue
			}
			if err := o.read(f, r.snapshot, r.programme.Edition.Places); err != nil {
				return nil, err
			}
		}
	}
	read := l.info()
	if err := o.corrected(ThingEdition, l.family, func(f string) json.RawMessage { return archive.EditionField(read, f) }); err != nil {
		return nil, err
	}
	shown := infoOf(found[0].Edition)
	return o.list(func(f string) json.RawMessage { return archive.EditionField(shown, f) }), nil
}

// infoOf is an edition as Programme JSON has it.
func infoOf(e archive.Edition) archive.EditionInfo {
	return archive.EditionInfo{
		Title: e.Title, StartDate: e.StartDate, EndDate: e.EndDate, Venue: e.Venue, City: e.City, Country: e.Country, Language: e.Language,
		URL: e.URL, Organizers: e.Organizers, Topics: e.Topics, RelatedEditions: e.RelatedEditions,
	}
}

// personOrigins: a name was printed first on some talk, a biography and an
// address were printed last on some; or a person gave them.
func (t *tx) personOrigins(id archive.PersonID) ([]Origin, error) {
	list, err := t.people(`person.id = ? AND person.merged IS NULL AND person.hidden = 0`, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, t.movedPerson(id)
	}
	p := list[0]
	if err := t.printedBio(&p); err != nil {
		return nil, err
	}
	var n int64
	var called string
	if err := t.get([]any{&n, &called}, `SELECT n, called FROM person WHERE id = ?`, id); err != nil {
		return nil, err
	}
	v, err := t.veilOf(n)
	if err != nil {
		return nil, err
	}
	o := t.newOrigins(archive.PersonFields())
	if err := o.printed(n); err != nil {
		return nil, err
	}
	// Only a name is held against what was printed: a biography written for
	// the archive was never meant to be the printed one.
	read := func(f string) json.RawMessage {
		if f != "name" {
			return quoted("")
		}
		return quoted(called)
	}
	if err := o.corrected(ThingPerson, []int64{n}, read); err != nil {
		return nil, err
	}
	values := map[string]string{"name": p.Name, "bio": p.Bio, "url": p.URL}
	shown := o.list(func(f string) json.RawMessage { return quoted(values[f]) })
	for i := range shown {
		if c := &shown[i]; v != nil {
			c.Place = nil
			if v.in(c.Why) {
				c.Why = ""
			}
			if v.in(string(c.Read)) || v.in(string(c.Was)) {
				c.Read, c.Was = nil, nil
			}
		}
	}
	return shown, nil
}

func quoted(s string) json.RawMessage {
	raw, err := json.Marshal(s)
	if err != nil { // strings always marshal
		return nil
	}
	return raw
}

// printed notes on which talks what is shown of a person was printed.
func (o *origins) printed(person int64) error {
	for field, choice := range map[string]string{
		"name": `1 ORDER BY talk.n LIMIT 1`,
		"bio":  `credit.bio <> '' ORDER BY ` + talkDate + ` DESC, talk.n DESC LIMIT 1`,
		"url":  `credit.url <> '' ORDER BY ` + talkDate + ` DESC, talk.n DESC LIMIT 1`,
	} {
		var talk archive.TalkID
		var n, edition int64
		var snapshot archive.SnapshotID
		err := o.t.get([]any{&talk, &n, &edition, &snapshot}, `SELECT talk.id, talk.n, talk.edition, talk.snapshot FROM person, `+personTalks+` AND person.n = ? AND `+choice, person)
		if errors.Is(err, archive.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		l, err := o.t.readLoom(edition)
		if err != nil {
			return err
		}
		lines := l.said()[n]
		at := slices.IndexFunc(lines, func(l line) bool { return len(l.item.Speakers) > 0 })
		places := archive.Places{}
		if at >= 0 {
			snapshot = lines[at].snapshot
			if p, ok := lines[at].item.Places["speakers"]; ok {
				places[field] = p
			}
		}
		o.of(field).Talk = talk
		if err := o.read(field, snapshot, places); err != nil {
			return err
		}
	}
	return nil
}

// Disagreements returns the corrections with which the sources have come to
// disagree since they were made, in the order of Corrections; nil when there are none.
func (db *DB) Disagreements(ctx context.Context) ([]Corrected, error) {
	list, err := remembered(ctx, db, "disagreements", func() ([]Corrected, error) {
		all, err := db.Corrections(ctx)
		return slices.DeleteFunc(all, func(c Corrected) bool { return !c.Disagrees() }), err
	})
	if err != nil {
		return nil, fmt.Errorf("disagreements: %w", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list, nil
}
