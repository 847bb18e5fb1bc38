package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"rostrum/archive"
)

type apartDetail struct {
	From archive.PersonID `json:"from"`
}

// KeepApart says that two people are two, however alike their names are: they
// are no longer proposed to be one.
func (db *DB) KeepApart(ctx context.Context, a, b archive.PersonID, who Who) (ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) error {
		if _, err := t.standing(b); err != nil {
			return err
		}
		row, err := t.standing(a)
		if err != nil {
			return err
		}
		id, err = t.act(VerbApart, ThingPerson, string(a), row, apartDetail{From: b}, who)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("keep %s and %s apart: %w", a, b, err)
	}
	return id, nil
}

// Proposals returns the pairs of people who may be one, the surest first, with
// what speaks for and against; those kept apart are left out. Everybody is
// weighed anew after a change, which takes a third of a second for ten thousand.
func (db *DB) Proposals(ctx context.Context) ([]archive.Proposal, error) {
	list, err := remembered(ctx, db, "proposals", func() ([]archive.Proposal, error) { return db.propose(ctx) })
	if err != nil {
		return nil, fmt.Errorf("proposals: %w", err)
	}
	return list, nil
}

func (db *DB) propose(ctx context.Context) ([]archive.Proposal, error) {
	var people []archive.PersonTraits
	apart := map[[2]archive.PersonID]bool{}
	err := db.view(ctx, func(t *tx) error {
		var err error
		if people, err = t.traits(); err != nil {
			return err
		}
		list, err := t.acts(actColumns+`WHERE verb = ? AND undone_at = 0`, VerbApart)
		if err != nil {
			return err
		}
		for _, a := range list {
			var d apartDetail
			if err := json.Unmarshal(a.Detail, &d); err != nil {
				return err
			}
			other, err := t.personNamed(string(d.From))
			if err != nil {
				return err
			}
			if err := t.keptApart(apart, a.row, other); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return archive.ProposePeople(people, func(a, b archive.PersonID) bool {
		return apart[[2]archive.PersonID{a, b}] || apart[[2]archive.PersonID{b, a}]
	}), nil
}

// keptApart notes two rows by the IDs that they go by now.
func (t *tx) keptApart(apart map[[2]archive.PersonID]bool, a, b int64) error {
	_, x, err := t.rootPerson(a)
	if err != nil {
		return err
	}
	_, y, err := t.rootPerson(b)
	apart[[2]archive.PersonID{x, y}] = true
	return err
}

// traits gathers what speaks for and against each person who is credited
// somewhere, by their row.
func (t *tx) traits() ([]archive.PersonTraits, error) {
	var list []archive.PersonTraits
	index := map[int64]int{}
	stand := map[archive.TalkID][]int{}
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		var id archive.PersonID
		var talk archive.TalkID
		var name, affiliation, url string
		var year int
		if err := rows.Scan(&n, &id, &talk, &name, &affiliation, &url, &year); err != nil {
			return err
		}
		i, ok := index[n]
		if !ok {
			i = len(list)
			index[n] = i
			list = append(list, archive.PersonTraits{ID: id})
		}
		p := &list[i]
		p.Names, p.Affiliations, p.URLs = addText(p.Names, name), addText(p.Affiliations, affiliation), addText(p.URLs, url)
		p.Series, p.Editions = addText(p.Series, talk.Edition().Series()), addText(p.Editions, talk.Edition())
		p.Talks = addText(p.Talks, talk)
		if year != 0 && (p.FirstYear == 0 || year < p.FirstYear) {
			p.FirstYear = year
		}
		p.LastYear = max(p.LastYear, year)
		stand[talk] = append(stand[talk], i)
		return nil
	}, `SELECT person.n, person.id, talk.id, credit.name, credit.affiliation, credit.url, coalesce(CAST(substr(`+talkDate+`, 1, 4) AS INTEGER), 0)
		FROM credit JOIN person ON person.n = credit.person JOIN talk ON talk.n = credit.talk JOIN edition ON edition.n = talk.edition
		WHERE person.hidden = 0 AND talk.hidden = 0 ORDER BY person.n, talk.n`)
	if err != nil {
		return nil, err
	}
	for _, cast := range stand {
		for _, i := range cast {
			for _, j := range cast {
				if i != j {
					list[i].With = addText(list[i].With, list[j].ID)
				}
			}
		}
	}
	return list, nil
}

// maxTraits bounds what is weighed of one person: who has spoken a hundred
// times is known by less.
const maxTraits = 50

// addText appends what is not yet there.
func addText[T ~string](list []T, s T) []T {
	if s == "" || len(list) >= maxTraits || slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
