package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rostrum/archive"
)

// Correction is what a person says a field is.
type Correction struct {
	Thing Thing  `json:"-"` // ThingTalk, ThingEdition or ThingPerson
	ID    string `json:"-"`
	// Field is one of archive.TalkFields, EditionFields or PersonFields; for a
	// person also "veiled", true or false: whether names printed otherwise are
	// shown as the chosen one.
	Field string          `json:"field"`
	Value json.RawMessage `json:"value"` // as Programme JSON has it
	// Was is what was read when it was made; filled in by Correct.
	Was json.RawMessage `json:"was,omitempty"`
	// Becomes is the ID that a person goes by since, where that is another: who
	// has a former name hidden gets one that does not tell it.
	Becomes archive.PersonID `json:"becomes,omitempty"`
	// Via is how it came about: "" at the desk or by a command.
	Via        Via          `json:"via,omitempty"`
	Suggestion SuggestionID `json:"suggestion,omitempty"` // that was accepted, 0 none
}

// Via is the way on which a Correction came.
type Via string

// The ways.
const (
	ViaSuggestion Via = "suggestion" // a visitor suggested it, who decided is named
	ViaSpeaker    Via = "speaker"    // by the private link of the person it is about
)

// Correct lays a corrected value over what was and will be read of a field,
// until it is undone. *archive.InvalidError when the value does not hold,
// archive.ErrNotFound or *archive.MovedError for the thing.
func (db *DB) Correct(ctx context.Context, c Correction, who Who) (ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) (err error) {
		id, err = t.correct(c, who)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("correct %s of %s %s: %w", c.Field, c.Thing, c.ID, err)
	}
	return id, nil
}

func (t *tx) correct(c Correction, who Who) (ActID, error) {
	var compact bytes.Buffer
	if err := json.Compact(&compact, c.Value); err != nil {
		return 0, &archive.InvalidError{Thing: c.Field, Why: "the value is no JSON"}
	}
	c.Value = compact.Bytes()
	row, edition, was, err := t.readValue(&c)
	if err != nil {
		return 0, err
	}
	c.Was = was
	id, err := t.act(VerbCorrect, c.Thing, c.ID, row, c, who)
	if err != nil {
		return 0, err
	}
	err = t.exec(`INSERT OR REPLACE INTO correction (thing, row, field, value, was, act) VALUES (?, ?, ?, ?, ?, ?)`,
		c.Thing, row, c.Field, string(c.Value), string(c.Was), id)
	if err != nil {
		return 0, err
	}
	if c.Thing != ThingPerson {
		return id, t.reweave(edition)
	}
	if err := t.weavePerson(row); err != nil {
		return 0, err
	}
	return id, t.noteBecome(id, row, c)
}

// noteBecome notes on an act the ID that it gave a person.
func (t *tx) noteBecome(id ActID, row int64, c Correction) error {
	var now archive.PersonID
	if err := t.get([]any{&now}, `SELECT id FROM person WHERE n = ?`, row); err != nil || string(now) == c.ID {
		return err
	}
	c.Becomes = now
	detail, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE act SET detail = ? WHERE n = ?`, string(detail), id)
}

// readValue returns the row a correction is about, its edition's, and what
// was read of the field; it refuses values that do not hold, and writes the
// value as readings are written, so that the two can be compared byte by byte.
func (t *tx) readValue(c *Correction) (row, edition int64, was json.RawMessage, err error) {
	switch c.Thing {
	case ThingTalk:
		if row, edition, err = t.talkNumber(archive.TalkID(c.ID)); err != nil {
			return 0, 0, nil, err
		}
		item, err := t.readItem(edition, row)
		if err != nil {
			return 0, 0, nil, err
		}
		next, err := archive.CorrectItem(item, c.Field, c.Value)
		if err != nil {
			return 0, 0, nil, err
		}
		c.Value = archive.ItemField(next, c.Field)
		return row, edition, archive.ItemField(item, c.Field), nil
	case ThingEdition:
		if row, err = t.editionNumber(archive.EditionID(c.ID)); err != nil {
			return 0, 0, nil, err
		}
		info, err := t.readInfo(row)
		if err != nil {
			return 0, 0, nil, err
		}
		next, err := archive.CorrectEdition(info, c.Field, c.Value)
		if err != nil {
			return 0, 0, nil, err
		}
		c.Value = archive.EditionField(next, c.Field)
		return row, row, archive.EditionField(info, c.Field), nil
	case ThingPerson:
		if row, err = t.standing(archive.PersonID(c.ID)); err != nil {
			return 0, 0, nil, err
		}
		was, err := t.readPerson(row, *c)
		return row, 0, was, err
	}
	return 0, 0, nil, &archive.InvalidError{Thing: string(c.Thing), Why: "such a thing has no fields to correct"}
}

// readItem returns a talk as read, without corrections.
func (t *tx) readItem(edition, talk int64) (archive.Item, error) {
	l, err := t.readLoom(edition)
	if err != nil {
		return archive.Item{}, err
	}
	return l.read(l.said(), talk)
}

func (l *loom) read(said map[int64][]line, talk int64) (archive.Item, error) {
	if lines := said[talk]; len(lines) > 0 {
		return archive.LayItems(items(lines)), nil
	}
	last, _, err := l.lastSaid(talk)
	return archive.LayItems([]archive.Item{last.item}), err
}

func (t *tx) readInfo(edition int64) (archive.EditionInfo, error) {
	l, err := t.readLoom(edition)
	return l.info(), err
}

// readPerson checks a person's corrected field and returns what it was.
func (t *tx) readPerson(row int64, c Correction) (json.RawMessage, error) {
	if c.Field == "veiled" {
		var veiled bool
		if err := json.Unmarshal(c.Value, &veiled); err != nil {
			return nil, &archive.InvalidError{Thing: c.Field, Why: "neither true nor false"}
		}
		return json.RawMessage("false"), nil
	}
	value, err := archive.CorrectPerson(c.Field, c.Value)
	if err != nil {
		return nil, err
	}
	if c.Field != "name" {
		return json.RawMessage(`""`), nil
	}
	var called string
	if err := t.get([]any{&called}, `SELECT called FROM person WHERE n = ?`, row); err != nil {
		return nil, err
	}
	// Whoever is called so is found by that name as well.
	if key := archive.NameKey(value); key != "" {
		if err := t.exec(`INSERT OR IGNORE INTO person_name (key, person) VALUES (?, ?)`, key, row); err != nil {
			return nil, err
		}
	}
	return json.Marshal(called)
}

// weavePerson makes what is shown of a person out of what was met and
// corrected, and moves the talks it is shown with when it differs.
func (t *tx) weavePerson(row int64) error {
	var called, oldName, oldBio, oldURL string
	var oldVeil bool
	err := t.get([]any{&called, &oldName, &oldBio, &oldURL, &oldVeil}, `SELECT called, name, bio, url, veiled FROM person WHERE n = ?`, row)
	if err != nil {
		return err
	}
	fields := map[string]string{"name": called}
	veiled, err := t.asksVeil(row)
	if err != nil {
		return err
	}
	err = t.each(func(rows *sql.Rows) error {
		var field string
		var value []byte
		if err := rows.Scan(&field, &value); err != nil {
			return err
		}
		if field == "veiled" {
			return nil
		}
		var err error
		fields[field], err = archive.CorrectPerson(field, value)
		return err
	}, `SELECT field, value FROM correction WHERE thing = 'person' AND row = ?`, row)
	if err != nil {
		return err
	}
	name, bio, url := fields["name"], fields["bio"], fields["url"]
	if name == oldName && bio == oldBio && url == oldURL && veiled == oldVeil {
		return t.weaveRoot(row)
	}
	err = t.exec(`UPDATE person SET name = ?, sort = ?, bio = ?, url = ?, veiled = ? WHERE n = ?`,
		name, archive.NameSort(name), bio, url, veiled, row)
	if err != nil {
		return err
	}
	if name == oldName && veiled == oldVeil {
		return t.weaveRoot(row)
	}
	if err := t.neutralID(row, name); err != nil {
		return err
	}
	if err := t.touch(`n IN (SELECT talk FROM credit WHERE person = ?)`, row); err != nil {
		return err
	}
	return t.weaveRoot(row)
}

// weaveRoot weaves the person that one was merged into, who is veiled with
// everybody they turned out to be.
func (t *tx) weaveRoot(row int64) error {
	root, _, err := t.rootPerson(row)
	if err != nil || root == row {
		return err
	}
	return t.weavePerson(root)
}

// asksVeil says whether a person, by one of the rows that they are, asked to
// have former names hidden.
func (t *tx) asksVeil(row int64) (bool, error) {
	n := 0
	err := t.get([]any{&n}, `WITH RECURSIVE family (n) AS (SELECT ? UNION SELECT person.n FROM person JOIN family ON person.merged = family.n)
		SELECT count(*) FROM correction WHERE thing = 'person' AND field = 'veiled' AND value = 'true' AND row IN (SELECT n FROM family)`, row)
	return n > 0, err
}

// undoCorrection lets the latest correction of the field that still stands
// count again, or what was read.
func (t *tx) undoCorrection(a Act) error {
	var c Correction
	if err := json.Unmarshal(a.Detail, &c); err != nil {
		return err
	}
	if err := t.standingCorrection(a, c.Field); err != nil {
		return err
	}
	if err := t.unaccept(c.Suggestion); err != nil {
		return err
	}
	switch a.Thing {
	case ThingPerson:
		return t.weavePerson(a.row)
	case ThingTalk:
		edition, err := t.editionOf(a.row)
		if err != nil {
			return err
		}
		return t.reweave(edition)
	}
	return t.reweave(a.row)
}

func (t *tx) standingCorrection(a Act, field string) error {
	var n int64
	err := t.get([]any{&n}, `SELECT n FROM act WHERE thing = ? AND row = ? AND verb = 'correct' AND undone_at = 0
		AND json_extract(detail, '$.field') = ? ORDER BY n DESC LIMIT 1`, a.Thing, a.row, field)
	if errors.Is(err, archive.ErrNotFound) {
		return t.exec(`DELETE FROM correction WHERE thing = ? AND row = ? AND field = ?`, a.Thing, a.row, field)
	}
	if err != nil {
		return err
	}
	last, err := t.actByID(ActID(n))
	if err != nil {
		return err
	}
	var c Correction
	if err := json.Unmarshal(last.Detail, &c); err != nil {
		return err
	}
	return t.exec(`INSERT OR REPLACE INTO correction (thing, row, field, value, was, act) VALUES (?, ?, ?, ?, ?, ?)`,
		a.Thing, a.row, field, string(c.Value), string(c.Was), n)
}

// Corrected is a correction that stands, beside what is now read.
type Corrected struct {
	Correction
	Act ActID
	// Read is what the sources say now; where it differs from both Was and
	// Value, somebody should look.
	Read json.RawMessage
}

// Disagrees says whether the sources have come to say something else than when
// the correction was made, and not what it says.
func (c Corrected) Disagrees() bool {
	return !bytes.Equal(c.Read, c.Was) && !bytes.Equal(c.Read, c.Value)
}

// Corrections returns all corrections that stand on talks and editions, each
// beside what is now read, in order of the editions; those of people after them.
func (db *DB) Corrections(ctx context.Context) ([]Corrected, error) {
	var list []Corrected
	err := db.view(ctx, func(t *tx) error {
		rows, err := t.standingCorrections()
		if err != nil {
			return err
		}
		list, err = t.besideRead(rows)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("corrections: %w", err)
	}
	return list, nil
}

// besideRead fills in what is now read of each corrected field. Of two that
// came to be of one thing by a merge the later counts.
func (t *tx) besideRead(rows []correctionRow) ([]Corrected, error) {
	type place struct {
		thing Thing
		row   int64
		field string
	}
	var list []Corrected
	at := map[place]int{}
	var l *loom
	var said map[int64][]line
	for _, r := range rows {
		if r.Thing != ThingPerson && (l == nil || r.edition != l.edition.n) {
			var err error
			if l, err = t.readLoom(r.edition); err != nil {
				return nil, err
			}
			said = l.said()
		}
		if r.Thing == ThingTalk {
			r.row = l.rootOf(r.row)
		}
		if err := r.name(t); err != nil {
			return nil, err
		}
		var err error
		if r.Read, err = r.now(t, l, said); err != nil {
			return nil, err
		}
		p := place{r.Thing, r.row, r.Field}
		if i, ok := at[p]; ok && r.Thing != ThingPerson {
			if list[i].Act < r.Act {
				list[i] = r.Corrected
			}
			continue
		}
		at[p], list = len(list), append(list, r.Corrected)
	}
	return list, nil
}

// name fills in what the thing is called now.
func (r *correctionRow) name(t *tx) error {
	query := map[Thing]string{
		ThingTalk: `SELECT id FROM talk WHERE n = ?`, ThingEdition: `SELECT id FROM edition WHERE n = ?`, ThingPerson: `SELECT id FROM person WHERE n = ?`,
	}[r.Thing]
	return t.get([]any{&r.ID}, query, r.row)
}

type correctionRow struct {
	Corrected
	row, edition int64
}

func (t *tx) standingCorrections() ([]correctionRow, error) {
	var list []correctionRow
	err := t.each(func(rows *sql.Rows) error {
		var r correctionRow
		var value, was []byte
		if err := rows.Scan(&r.Thing, &r.Field, &value, &was, &r.Act, &r.row, &r.edition); err != nil {
			return err
		}
		r.Value, r.Was = append(json.RawMessage(nil), value...), append(json.RawMessage(nil), was...)
		list = append(list, r)
		return nil
	}, `SELECT thing, field, value, was, act, row, coalesce(talk.edition, edition.n, 0)
		FROM correction LEFT JOIN talk ON thing = 'talk' AND talk.n = row LEFT JOIN edition ON thing = 'edition' AND edition.n = row
		ORDER BY thing = 'person', coalesce(talk.edition, edition.n, 0), thing, row, field`)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if r := &list[i]; r.Thing == ThingEdition {
			if r.row, err = t.rootEdition(r.row); err != nil {
				return nil, err
			}
			r.edition = r.row
		}
	}
	return list, err
}

// now returns what is read of the field at present.
func (r correctionRow) now(t *tx, l *loom, said map[int64][]line) (json.RawMessage, error) {
	switch r.Thing {
	case ThingTalk:
		item, err := l.read(said, r.row)
		return archive.ItemField(item, r.Field), err
	case ThingEdition:
		return archive.EditionField(l.info(), r.Field), nil
	}
	if r.Field != "name" {
		return r.Was, nil
	}
	var called string
	if err := t.get([]any{&called}, `SELECT called FROM person WHERE n = ?`, r.row); err != nil {
		return nil, err
	}
	return json.Marshal(strings.TrimSpace(called))
}

// CorrectAll is Correct for several corrections: all of them hold, or none.
func (db *DB) CorrectAll(ctx context.Context, list []Correction, who Who) ([]ActID, error) {
	var acts []ActID
	err := db.update(ctx, func(t *tx) error {
		for _, c := range list {
			act, err := t.correct(c, who)
			if err != nil {
				return fmt.Errorf("correct %s of %s %s: %w", c.Field, c.Thing, c.ID, err)
			}
			acts = append(acts, act)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return acts, nil
}
