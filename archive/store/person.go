package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// PeopleQuery selects a page of the list of people.
type PeopleQuery struct {
	// Prefix is what the name by which they are listed (the last word first)
	// begins with, folded: "a" gives "Joe Armstrong". "" is everybody.
	Prefix string
	Limit  int // at most 1000; 0 is 100
	Offset int
}

const personColumns = `person.n, person.id, person.name, person.url, person.bio`

// People returns a page of the people who are credited on some talk, in order
// of their last name, and how many there are on all pages.
func (db *DB) People(ctx context.Context, q PeopleQuery) ([]archive.PersonSummary, int, error) {
	if q.Limit <= 0 {
		q.Limit = 100
	}
	from := fold.Latin(q.Prefix)
	to := from + "\U0010FFFF"
	var list []archive.PersonSummary
	total := 0
	const where = `person.hidden = 0 AND person.merged IS NULL AND person.sort >= ? AND person.sort < ?
		AND EXISTS (SELECT 1 FROM credit JOIN talk ON talk.n = credit.talk WHERE credit.person = person.n AND talk.hidden = 0)`
	err := db.view(ctx, func(t *tx) error {
		if err := t.get([]any{&total}, `SELECT count(*) FROM person WHERE `+where, from, to); err != nil {
			return err
		}
		var err error
		list, err = t.people(where+` ORDER BY person.sort, person.n LIMIT ? OFFSET ?`, from, to, min(q.Limit, 1000), max(q.Offset, 0))
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("people: %w", err)
	}
	return list, total, nil
}

// PersonByID returns one person; archive.ErrNotFound or *archive.MovedError.
func (db *DB) PersonByID(ctx context.Context, id archive.PersonID) (archive.PersonSummary, error) {
	var p archive.PersonSummary
	err := db.view(ctx, func(t *tx) error {
		list, err := t.people(`person.id = ? AND person.merged IS NULL AND person.hidden = 0`, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return t.movedPerson(id)
		}
		p = list[0]
		if p.Bio == "" || p.URL == "" {
			return t.printedBio(&p)
		}
		return nil
	})
	if err != nil {
		return archive.PersonSummary{}, fmt.Errorf("person %s: %w", id, err)
	}
	return p, nil
}

// movedPerson follows a merge first: undoing it lets the old ID stand again.
func (t *tx) movedPerson(id archive.PersonID) error {
	var n int64
	err := t.get([]any{&n}, `SELECT n FROM person WHERE id = ? AND merged IS NOT NULL`, id)
	if errors.Is(err, archive.ErrNotFound) {
		n, err = t.personNamed(string(id))
	}
	if err != nil {
		return err
	}
	_, to, err := t.rootPerson(n)
	if err != nil {
		return err
	}
	if to == "" || to == id {
		return archive.ErrNotFound
	}
	return &archive.MovedError{To: string(to)}
}

// personNamed returns the row of a person by an ID they have or had, without
// following merges.
func (t *tx) personNamed(id string) (int64, error) {
	for range 100 {
		var n int64
		err := t.get([]any{&n}, `SELECT n FROM person WHERE id = ?`, id)
		if !errors.Is(err, archive.ErrNotFound) {
			return n, err
		}
		if err := t.get([]any{&id}, `SELECT new FROM redirect WHERE kind = 'person' AND old = ?`, id); err != nil {
			return 0, err
		}
	}
	return 0, errors.New("addresses lead in a circle: " + id)
}

func (t *tx) people(where string, args ...any) ([]archive.PersonSummary, error) {
	var list []archive.PersonSummary
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		var p archive.PersonSummary
		if err := rows.Scan(&n, &p.ID, &p.Name, &p.URL, &p.Bio, &p.Talks, &p.FirstYear, &p.LastYear, &p.Affiliation); err != nil {
			return err
		}
		list = append(list, p)
		return nil
	}, `SELECT `+personColumns+`,
			(SELECT count(DISTINCT talk) FROM credit JOIN talk ON talk.n = credit.talk WHERE credit.person = person.n AND talk.hidden = 0),
			(SELECT coalesce(CAST(substr(min(`+talkDate+`), 1, 4) AS INTEGER), 0) FROM `+personTalks+`),
			(SELECT coalesce(CAST(substr(max(`+talkDate+`), 1, 4) AS INTEGER), 0) FROM `+personTalks+`),
			coalesce((SELECT credit.affiliation FROM `+personTalks+` AND credit.affiliation <> '' ORDER BY `+talkDate+` DESC, talk.n DESC LIMIT 1), '')
		FROM person WHERE `+where, args...)
	return list, err
}

const (
	talkDate    = `coalesce(nullif(talk.date, ''), nullif(edition.start_date, ''))`
	personTalks = `credit JOIN talk ON talk.n = credit.talk JOIN edition ON edition.n = talk.edition WHERE credit.person = person.n AND talk.hidden = 0`
)

// printedBio chooses, where nobody wrote one for the archive, the biography
// and home page printed last.
func (t *tx) printedBio(p *archive.PersonSummary) error {
	var n int64
	if err := t.get([]any{&n}, `SELECT n FROM person WHERE id = ?`, p.ID); err != nil {
		return err
	}
	v, err := t.veilOf(n)
	if err != nil {
		return err
	}
	var bio, url string
	var from archive.TalkID
	err = t.get([]any{&bio, &from}, `SELECT credit.bio, talk.id FROM person, `+personTalks+` AND person.id = ? AND credit.bio <> ''
		ORDER BY `+talkDate+` DESC, talk.n DESC LIMIT 1`, p.ID)
	if err == nil && p.Bio == "" {
		p.Bio, p.BioFrom = v.over(bio), from
	}
	if err := ignoreMissing(err); err != nil {
		return err
	}
	err = t.get([]any{&url}, `SELECT credit.url FROM person, `+personTalks+` AND person.id = ? AND credit.url <> ''
		ORDER BY `+talkDate+` DESC, talk.n DESC LIMIT 1`, p.ID)
	if err == nil && p.URL == "" && !v.in(url) {
		p.URL = url
	}
	return ignoreMissing(err)
}
