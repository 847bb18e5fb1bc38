package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"rostrum/archive"
)

// ActID numbers what people did, in order.
type ActID int64

// Who says who did something, and why.
type Who struct {
	By  string // as they are called at the desk; "" is invalid
	Why string
	At  time.Time
}

// Act is one thing that a person did to the archive. It stays for ever; undoing
// it is noted on it.
type Act struct {
	ID    ActID
	Verb  Verb
	Thing Thing
	Name  string // the thing's ID when it was done
	row   int64
	// Detail tells the rest, by verb: a Correction, a merge's "into", …
	Detail json.RawMessage
	Who
	Undone   time.Time // zero: it stands
	UndoneBy string
}

// Verb is what was done.
type Verb string

// The verbs.
const (
	VerbCorrect  Verb = "correct"
	VerbMerge    Verb = "merge"    // one person, edition or series into another
	VerbAssign   Verb = "assign"   // credits to a person
	VerbTakedown Verb = "takedown" // a talk, edition, person or deck
	VerbRetract  Verb = "retract"  // all that was read from a snapshot
	VerbApart    Verb = "apart"    // two people who were proposed to be one and are not
	VerbMove     Verb = "move"     // an edition to another series
)

// Thing is what sort of thing an Act is about.
type Thing string

// The things.
const (
	ThingTalk     Thing = "talk"
	ThingEdition  Thing = "edition"
	ThingPerson   Thing = "person"
	ThingSeries   Thing = "series"
	ThingDeck     Thing = "deck"     // by its address
	ThingSnapshot Thing = "snapshot" // by its number
)

func (t *tx) act(verb Verb, thing Thing, name string, row int64, detail any, who Who) (ActID, error) {
	if who.By == "" {
		return 0, &archive.InvalidError{Thing: "by", Why: "somebody has to be named"}
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		return 0, err
	}
	n, err := t.insert(`INSERT INTO act (verb, thing, id, row, detail, by, why, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		verb, thing, name, row, string(raw), who.By, who.Why, millis(who.At))
	return ActID(n), err
}

// Undo takes an Act back, whatever was done since: what it said no longer
// counts, what other Acts said of the same thing does. Undoing twice is an
// *archive.InvalidError.
func (db *DB) Undo(ctx context.Context, id ActID, who Who) error {
	if err := db.UndoAll(ctx, []ActID{id}, who); err != nil {
		return fmt.Errorf("undo act %d: %w", id, err)
	}
	return nil
}

// UndoAll takes several Acts back, the latest first: all of them, or none.
func (db *DB) UndoAll(ctx context.Context, acts []ActID, who Who) error {
	acts = slices.Sorted(slices.Values(acts))
	return db.update(ctx, func(t *tx) error {
		for _, id := range slices.Backward(acts) {
			a, err := t.actByID(id)
			if err != nil {
				return err
			}
			if !a.Undone.IsZero() {
				return &archive.InvalidError{Thing: "act", Why: fmt.Sprintf("it was undone by %s before", a.UndoneBy)}
			}
			if err := t.undoStanding(id, who); err != nil {
				return err
			}
		}
		return nil
	})
}

// undoStanding undoes an act that stands; of one that was undone nothing is left to do.
func (t *tx) undoStanding(id ActID, who Who) error {
	a, err := t.actByID(id)
	if err != nil || !a.Undone.IsZero() {
		return err
	}
	if who.By == "" {
		return &archive.InvalidError{Thing: "by", Why: "somebody has to be named"}
	}
	if err := t.exec(`UPDATE act SET undone_at = ?, undone_by = ? WHERE n = ?`, max(millis(who.At), 1), who.By, id); err != nil {
		return err
	}
	return t.undo(a)
}

// undo makes the state what the acts that still stand say.
func (t *tx) undo(a Act) error {
	switch a.Verb {
	case VerbCorrect:
		return t.undoCorrection(a)
	case VerbMerge:
		switch a.Thing {
		case ThingEdition:
			return t.undoEditionMerge(a)
		case ThingSeries:
			return t.undoSeriesMerge(a)
		}
		return t.undoMerge(a)
	case VerbAssign:
		return t.undoAssign(a)
	case VerbTakedown:
		return t.setDown(a.Thing, a.Name, a.row, false)
	case VerbRetract:
		return t.unretract(a)
	case VerbMove:
		return t.undoMove(a)
	case VerbApart, VerbDismiss:
		return nil // it is asked for when lists are made
	}
	return fmt.Errorf("an act %q cannot be undone by this program", a.Verb)
}

const actColumns = `SELECT n, verb, thing, id, row, detail, by, why, at, undone_at, undone_by FROM act `

func (t *tx) actByID(id ActID) (Act, error) {
	list, err := t.acts(actColumns+`WHERE n = ?`, id)
	if err != nil {
		return Act{}, err
	}
	if len(list) == 0 {
		return Act{}, archive.ErrNotFound
	}
	return list[0], nil
}

func (t *tx) acts(query string, args ...any) ([]Act, error) {
	var list []Act
	err := t.each(func(rows *sql.Rows) error {
		var a Act
		var detail []byte
		var at, undone int64
		err := rows.Scan(&a.ID, &a.Verb, &a.Thing, &a.Name, &a.row, &detail, &a.By, &a.Why, &at, &undone, &a.UndoneBy)
		a.Detail = append(json.RawMessage(nil), detail...)
		a.At, a.Undone = fromMillis(at), fromMillis(undone)
		list = append(list, a)
		return err
	}, query, args...)
	return list, err
}

// History returns what people did to one thing, by whatever name it went,
// latest first; nil when nothing.
func (db *DB) History(ctx context.Context, thing Thing, name string) ([]Act, error) {
	var list []Act
	err := db.view(ctx, func(t *tx) error {
		row, err := t.thingRow(thing, name)
		if err != nil {
			return ignoreMissing(err)
		}
		list, err = t.acts(actColumns+`WHERE thing = ?1 AND (row = ?2 AND ?2 <> 0 OR id = ?3) ORDER BY n DESC`, thing, row, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("history of %s %s: %w", thing, name, err)
	}
	return list, nil
}

// Acts returns what people did to all things, latest first, at most limit of
// those before an Act; before 0 begins at the latest.
func (db *DB) Acts(ctx context.Context, before ActID, limit int) ([]Act, error) {
	var list []Act
	err := db.view(ctx, func(t *tx) (err error) {
		list, err = t.acts(actColumns+`WHERE ?1 = 0 OR n < ?1 ORDER BY n DESC LIMIT ?2`, before, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("acts: %w", err)
	}
	return list, nil
}

// talkNumber returns a talk's row and its edition's; *archive.MovedError or
// archive.ErrNotFound.
func (t *tx) talkNumber(id archive.TalkID) (talk, edition int64, err error) {
	err = t.get([]any{&talk, &edition}, `SELECT n, edition FROM talk WHERE id = ? AND merged IS NULL`, id)
	if errors.Is(err, archive.ErrNotFound) {
		err = t.moved("talk", string(id))
	}
	return talk, edition, err
}

func (t *tx) editionNumber(id archive.EditionID) (int64, error) {
	var n int64
	err := t.get([]any{&n}, `SELECT n FROM edition WHERE id = ? AND merged IS NULL`, id)
	if errors.Is(err, archive.ErrNotFound) {
		err = t.moved("edition", string(id))
	}
	return n, err
}

// editionOf returns the row of a talk's edition.
func (t *tx) editionOf(talk int64) (int64, error) {
	var n int64
	err := t.get([]any{&n}, `SELECT edition FROM talk WHERE n = ?`, talk)
	return n, err
}

// thingRow returns the row of a thing by a name it has or had; 0 for a deck.
func (t *tx) thingRow(thing Thing, name string) (int64, error) {
	var n int64
	var err error
	switch thing {
	case ThingTalk:
		n, _, err = t.talkNumber(archive.TalkID(name))
	case ThingEdition:
		n, err = t.editionNumber(archive.EditionID(name))
	case ThingPerson:
		n, err = t.personNamed(name)
	case ThingSeries:
		var s seriesRow
		s, err = t.seriesNumber(archive.SeriesID(name))
		n = s.n
	case ThingSnapshot:
		n, err = strconv.ParseInt(name, 10, 64)
	case ThingDeck:
		_, _, err = t.deckFile(name)
	default:
		return 0, &archive.InvalidError{Thing: string(thing), Why: "such a thing is not known"}
	}
	if moved := (*archive.MovedError)(nil); errors.As(err, &moved) {
		return t.thingRow(thing, moved.To)
	}
	return n, err
}

// standing returns the number of a person who was not merged into another, by
// the ID they have or had.
func (t *tx) standing(id archive.PersonID) (int64, error) {
	n, err := t.personNamed(string(id))
	if err != nil {
		return 0, err
	}
	root, _, err := t.rootPerson(n)
	if err == nil && root != n {
		err = t.movedPerson(id)
	}
	return n, err
}

// reweave weaves an edition anew after a decision.
func (t *tx) reweave(edition int64) error {
	edition, err := t.rootEdition(edition)
	if err != nil {
		return err
	}
	e, err := t.edition(edition)
	if err != nil {
		return err
	}
	l, err := t.loom(e)
	if err != nil {
		return err
	}
	return l.weave(&Taken{})
}
