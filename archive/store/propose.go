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
	var apart twos
	err := db.view(ctx, func(t *tx) (err error) {
		if people, err = t.traits(); err != nil {
			return err
		}
		apart, err = t.keptApart()
		return err
	})
	if err != nil {
		return nil, err
	}
	return archive.ProposePeople(people, apart.are), nil
}

// StillProposed returns those of some proposals, made a while ago, whose two
// people both still stand and were not kept apart since. It weighs nobody anew:
// who asks again after each decision need not wait for that.
func (db *DB) StillProposed(ctx context.Context, list []archive.Proposal) ([]archive.Proposal, error) {
	ids := make([]archive.PersonID, 0, 2*len(list))
	for _, p := range list {
		ids = append(ids, p.A, p.B)
	}
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	stand := map[archive.PersonID]bool{}
	var apart twos
	err = db.view(ctx, func(t *tx) (err error) {
		if apart, err = t.keptApart(); err != nil {
			return err
		}
		return t.each(func(rows *sql.Rows) error {
			var id archive.PersonID
			err := rows.Scan(&id)
			stand[id] = true
			return err
		}, `SELECT person.id FROM json_each(?) AS asked CROSS JOIN person ON person.id = asked.value WHERE merged IS NULL AND hidden = 0`, string(asked))
	})
	if err != nil {
		return nil, fmt.Errorf("what is still proposed: %w", err)
	}
	return slices.DeleteFunc(slices.Clone(list), func(p archive.Proposal) bool {
		return !stand[p.A] || !stand[p.B] || apart.are(p.A, p.B)
	}), nil
}

// twos are pairs of people who were said to be two.
type twos map[[2]archive.PersonID]bool

func (t twos) are(a, b archive.PersonID) bool {
	return t[[2]archive.PersonID{a, b}] || t[[2]archive.PersonID{b, a}]
}

// keptApart returns those kept apart, by the IDs that they go by now.
func (t *tx) keptApart() (twos, error) {
	list, err := t.acts(actColumns+`WHERE verb = ? AND undone_at = 0`, VerbApart)
	if err != nil {
		return nil, err
	}
	apart := twos{}
	for _, a := range list {
		var d apartDetail
		if err := json.Unmarshal(a.Detail, &d); err != nil {
			return nil, err
		}
		other, err := t.personNamed(string(d.From))
		if err != nil {
			return nil, err
		}
		_, x, err := t.rootPerson(a.row)
		if err != nil {
			return nil, err
		}
		_, y, err := t.rootPerson(other)
		if err != nil {
			return nil, err
		}
		apart[[2]archive.PersonID{x, y}] = true
	}
	return apart, nil
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
