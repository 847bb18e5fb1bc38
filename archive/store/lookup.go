package store

import (
	"context"
	"errors"
	"fmt"

	"database/sql"
	"rostrum/archive"
)

// CreditsOf returns the names by which a person is printed on some talks, as
// AssignCredits wants them; archive.ErrNotFound when one of the talks has none.
func (db *DB) CreditsOf(ctx context.Context, person archive.PersonID, talks []archive.TalkID) ([]CreditRef, error) {
	var list []CreditRef
	err := db.view(ctx, func(t *tx) error {
		if _, err := t.standing(person); err != nil {
			return err
		}
		for _, talk := range talks {
			if _, _, err := t.talkNumber(talk); err != nil {
				return fmt.Errorf("talk %s: %w", talk, err)
			}
			before := len(list)
			err := t.each(func(rows *sql.Rows) error {
				c := CreditRef{Talk: talk}
				err := rows.Scan(&c.Name)
				list = append(list, c)
				return err
			}, `SELECT credit.name FROM credit JOIN talk ON talk.n = credit.talk JOIN person ON person.n = credit.person
				WHERE talk.id = ? AND person.id = ? ORDER BY credit.position`, talk, person)
			if err != nil {
				return err
			}
			if len(list) == before {
				return fmt.Errorf("on talk %s: %w", talk, archive.ErrNotFound)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("credits of %s: %w", person, err)
	}
	return list, nil
}

// LastAct returns the latest Act that stands; archive.ErrNotFound when none does.
func (db *DB) LastAct(ctx context.Context) (Act, error) {
	return db.oneAct(ctx, actColumns+`WHERE undone_at = 0 ORDER BY n DESC LIMIT 1`)
}

// ActByID returns one Act; archive.ErrNotFound when there is none.
func (db *DB) ActByID(ctx context.Context, id ActID) (Act, error) {
	return db.oneAct(ctx, actColumns+`WHERE n = ?`, id)
}

func (db *DB) oneAct(ctx context.Context, query string, args ...any) (Act, error) {
	var a Act
	err := db.view(ctx, func(t *tx) error {
		list, err := t.acts(query, args...)
		if err == nil && len(list) == 0 {
			err = archive.ErrNotFound
		}
		if err != nil {
			return err
		}
		a = list[0]
		return nil
	})
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
		err = fmt.Errorf("act: %w", err)
	}
	return a, err
}

// EditionFindings is how much is odd about an edition.
type EditionFindings struct {
	ID       archive.EditionID
	Title    string
	Findings int
	Talks    int // how many of its talks they are about
}

// MostFindings returns the editions that most is odd about, the worst first,
// at most limit; and how many editions have findings at all.
func (db *DB) MostFindings(ctx context.Context, limit int) ([]EditionFindings, int, error) {
	var list []EditionFindings
	total := 0
	err := db.view(ctx, func(t *tx) error {
		const shown = `FROM finding JOIN edition ON edition.n = finding.edition WHERE edition.hidden = 0`
		if err := t.get([]any{&total}, `SELECT count(DISTINCT edition.n) `+shown); err != nil {
			return err
		}
		return t.each(func(rows *sql.Rows) error {
			var e EditionFindings
			err := rows.Scan(&e.ID, &e.Title, &e.Findings, &e.Talks)
			list = append(list, e)
			return err
		}, `SELECT edition.id, edition.title, count(*), count(DISTINCT finding.talk) `+shown+`
			GROUP BY edition.n ORDER BY count(*) DESC, edition.n LIMIT ?`, limit)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("most findings: %w", err)
	}
	return list, total, nil
}
