package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"rostrum/archive"
)

type mergeDetail struct {
	Into archive.PersonID `json:"into"`
}

// MergePeople says that two people are one: from's credits become into's, and
// from's address leads to into's until that is undone. Either being merged
// already is an *archive.MovedError that names the one who stands.
func (db *DB) MergePeople(ctx context.Context, from, into archive.PersonID, who Who) (ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) error {
		a, err := t.standing(from)
		if err != nil {
			return err
		}
		b, err := t.standing(into)
		if err != nil {
			return err
		}
		if a == b {
			return &archive.InvalidError{Thing: "person", Why: "nobody can be merged into themselves"}
		}
		if id, err = t.act(VerbMerge, ThingPerson, string(from), a, mergeDetail{Into: into}, who); err != nil {
			return err
		}
		if err := t.exec(`UPDATE person SET merged = ? WHERE n = ?`, b, a); err != nil {
			return err
		}
		if err := t.recast(a); err != nil {
			return err
		}
		return t.weavePerson(b)
	})
	if err != nil {
		return 0, fmt.Errorf("merge %s into %s: %w", from, into, err)
	}
	return id, nil
}

func (t *tx) undoMerge(a Act) error {
	root, _, err := t.rootPerson(a.row)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE person SET merged = NULL WHERE n = ?`, a.row); err != nil {
		return err
	}
	if err := t.recast(a.row); err != nil {
		return err
	}
	if err := t.weavePerson(root); err != nil {
		return err
	}
	return t.weavePerson(a.row)
}

// recast weaves the editions in which somebody who was taken for this person,
// or for one who was merged into them, is credited.
func (t *tx) recast(person int64) error {
	return t.reweaveAll(`SELECT DISTINCT talk.edition FROM talk JOIN credit ON credit.talk = talk.n
		LEFT JOIN credit_decision ON credit_decision.talk = talk.n AND credit_decision.key = credit.key
		WHERE coalesce(credit_decision.person, credit.matched) IN (
			WITH RECURSIVE family (n) AS (SELECT ? UNION SELECT person.n FROM person JOIN family ON person.merged = family.n) SELECT n FROM family)
		ORDER BY talk.edition`, person)
}

func (t *tx) reweaveAll(query string, args ...any) error {
	var editions []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		editions = append(editions, n)
		return err
	}, query, args...)
	if err != nil {
		return err
	}
	for _, n := range editions {
		if err := t.reweave(n); err != nil {
			return err
		}
	}
	return nil
}

// CreditRef names the credits of one name on one talk.
type CreditRef struct {
	Talk archive.TalkID `json:"talk"`
	Name string         `json:"name"` // as printed
}

type assignDetail struct {
	Credits []CreditRef        `json:"credits"`
	To      archive.PersonID   `json:"to"`
	Made    bool               `json:"made,omitempty"` // the person was minted for it
	Before  []archive.PersonID `json:"before"`         // whose credits they were
}

// AssignCredits says who some credits are: to, or, when to is "", a new person
// of the name of the first, which is how somebody who was two people is split.
// It returns that person.
func (db *DB) AssignCredits(ctx context.Context, credits []CreditRef, to archive.PersonID, who Who) (archive.PersonID, ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) error {
		if len(credits) == 0 {
			return &archive.InvalidError{Thing: "credits", Why: "none are named"}
		}
		d := assignDetail{Credits: credits, To: to, Made: to == ""}
		person, err := t.assignee(&d)
		if err != nil {
			return err
		}
		if err := t.creditsExist(&d); err != nil {
			return err
		}
		if id, err = t.act(VerbAssign, ThingPerson, string(d.To), person, d, who); err != nil {
			return err
		}
		for _, c := range credits {
			err := t.exec(`INSERT OR REPLACE INTO credit_decision (talk, key, person, act) SELECT n, ?, ?, ? FROM talk WHERE id = ?`,
				archive.NameKey(c.Name), person, id, c.Talk)
			if err != nil {
				return err
			}
		}
		to = d.To
		return t.reweaveTalks(credits)
	})
	if err != nil {
		return "", 0, fmt.Errorf("assign credits: %w", err)
	}
	return to, id, nil
}

// assignee finds the person to be, or mints one.
func (t *tx) assignee(d *assignDetail) (int64, error) {
	if !d.Made {
		return t.standing(d.To)
	}
	name := d.Credits[0].Name
	n, err := t.newPerson(name, archive.NameKey(name))
	if err != nil {
		return 0, err
	}
	return n, t.get([]any{&d.To}, `SELECT id FROM person WHERE n = ?`, n)
}

// creditsExist refuses names that are not on the talks, and notes whose they were.
func (t *tx) creditsExist(d *assignDetail) error {
	for _, c := range d.Credits {
		talk, _, err := t.talkNumber(c.Talk)
		if err != nil {
			return err
		}
		var before archive.PersonID
		err = t.get([]any{&before}, `SELECT coalesce(person.id, '') FROM credit LEFT JOIN person ON person.n = credit.person
			WHERE credit.talk = ? AND credit.key = ?`, talk, archive.NameKey(c.Name))
		if err != nil {
			return fmt.Errorf("%s on talk %s: %w", c.Name, c.Talk, err)
		}
		if before != "" && !slices.Contains(d.Before, before) {
			d.Before = append(d.Before, before)
		}
	}
	return nil
}

func (t *tx) reweaveTalks(credits []CreditRef) error {
	done := map[int64]bool{}
	for _, c := range credits {
		talk, err := t.thingRow(ThingTalk, string(c.Talk))
		if err != nil {
			return err
		}
		e, err := t.editionOf(talk)
		if err != nil {
			return err
		}
		if done[e] {
			continue
		}
		done[e] = true
		if err := t.reweave(e); err != nil {
			return err
		}
	}
	return nil
}

// undoAssign lets the latest assignment of each credit that still stands count
// again, or the matching. A person made for it leads back to whom it was split from.
func (t *tx) undoAssign(a Act) error {
	var d assignDetail
	if err := json.Unmarshal(a.Detail, &d); err != nil {
		return err
	}
	if err := t.standingAssignments(a); err != nil {
		return err
	}
	if err := t.reweaveTalks(d.Credits); err != nil {
		return err
	}
	if !d.Made || len(d.Before) == 0 {
		return nil
	}
	return t.leadBack(a.row, d.Before[0])
}

// standingAssignments lets, where an assignment counted that was undone, the
// latest one before it that still stands count again.
func (t *tx) standingAssignments(undone Act) error {
	type place struct {
		talk int64
		key  string
	}
	open := map[place]bool{}
	err := t.each(func(rows *sql.Rows) error {
		var p place
		err := rows.Scan(&p.talk, &p.key)
		open[p] = true
		return err
	}, `SELECT talk, key FROM credit_decision WHERE act = ?`, undone.ID)
	if err != nil || len(open) == 0 {
		return err
	}
	if err := t.exec(`DELETE FROM credit_decision WHERE act = ?`, undone.ID); err != nil {
		return err
	}
	list, err := t.acts(actColumns + `WHERE verb = 'assign' AND undone_at = 0 ORDER BY n DESC`)
	if err != nil {
		return err
	}
	for _, a := range list {
		var d assignDetail
		if err := json.Unmarshal(a.Detail, &d); err != nil {
			return err
		}
		for _, c := range d.Credits {
			talk, err := t.rowNamed(c.Talk)
			if err != nil {
				return err
			}
			p := place{talk, archive.NameKey(c.Name)}
			if !open[p] {
				continue
			}
			delete(open, p)
			if err := t.exec(`INSERT INTO credit_decision (talk, key, person, act) VALUES (?, ?, ?, ?)`, p.talk, p.key, a.row, a.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// leadBack lets the address of a person who was made for nothing lead to
// another, unless others have come to rely on that person.
func (t *tx) leadBack(n int64, to archive.PersonID) error {
	var relied int64
	err := t.get([]any{&relied}, `SELECT (SELECT count(*) FROM credit WHERE person.n IN (credit.person, credit.matched))
			+ (SELECT count(*) FROM credit_decision WHERE credit_decision.person = person.n)
			+ (SELECT count(*) FROM person AS other WHERE other.merged = person.n) FROM person WHERE n = ? AND merged IS NULL`, n)
	if err != nil || relied > 0 {
		return ignoreMissing(err)
	}
	target, err := t.personNamed(string(to))
	if err != nil {
		return ignoreMissing(err)
	}
	root, _, err := t.rootPerson(target)
	if err != nil {
		return err
	}
	if root == n {
		return errors.New("a person leads to themselves")
	}
	return t.exec(`UPDATE person SET merged = ? WHERE n = ?`, root, n)
}
