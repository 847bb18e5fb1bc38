package store

import (
	"database/sql"
	"encoding/json"

	"rostrum/archive"
)

// fieldValue is a correction as weave lays it over what was read.
type fieldValue struct {
	field string
	value json.RawMessage
}

// talkCorrections returns the corrections that stand on an edition's talks, of
// each talk in the order in which they were made.
func (t *tx) talkCorrections(edition int64, rootOf func(int64) int64) (map[int64][]fieldValue, error) {
	list := map[int64][]fieldValue{}
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		var f fieldValue
		var value []byte
		if err := rows.Scan(&n, &f.field, &value); err != nil {
			return err
		}
		f.value = append(json.RawMessage(nil), value...)
		n = rootOf(n)
		list[n] = append(list[n], f)
		return nil
	}, `SELECT correction.row, correction.field, correction.value FROM talk JOIN correction ON correction.thing = 'talk' AND correction.row = talk.n
		WHERE talk.edition = ? ORDER BY correction.act`, edition)
	return list, err
}

func correctItem(it archive.Item, corrections []fieldValue) (archive.Item, error) {
	var err error
	for _, c := range corrections {
		if it, err = archive.CorrectItem(it, c.field, c.value); err != nil {
			return it, err
		}
	}
	return it, nil
}

func (t *tx) correctEdition(family []int64, info archive.EditionInfo) (archive.EditionInfo, error) {
	asked, err := json.Marshal(family)
	if err != nil {
		return info, err
	}
	var list []fieldValue
	err = t.each(func(rows *sql.Rows) error {
		var f fieldValue
		var value []byte
		if err := rows.Scan(&f.field, &value); err != nil {
			return err
		}
		f.value = append(json.RawMessage(nil), value...)
		list = append(list, f)
		return nil
	}, `SELECT field, value FROM correction WHERE thing = 'edition' AND row IN (SELECT value FROM json_each(?)) ORDER BY act`, string(asked))
	if err != nil {
		return info, err
	}
	for _, c := range list {
		if info, err = archive.CorrectEdition(info, c.field, c.value); err != nil {
			return info, err
		}
	}
	return info, nil
}

// takenDown says whether a takedown of a thing stands; a deck has no row, but
// a name that does not change.
func (t *tx) takenDown(thing Thing, row int64, id string) (bool, error) {
	var n int
	err := t.get([]any{&n}, `SELECT count(*) FROM act WHERE thing = ?1 AND row = ?2 AND (row <> 0 OR id = ?3) AND verb = 'takedown' AND undone_at = 0`,
		thing, row, id)
	return n > 0, err
}

// takedowns returns the talks of an edition that were taken down.
func (t *tx) takedowns(edition int64, rootOf func(int64) int64) (map[int64]bool, error) {
	down := map[int64]bool{}
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		down[rootOf(n)] = true
		return err
	}, `SELECT talk.n FROM act JOIN talk ON talk.n = act.row WHERE act.thing = 'talk' AND talk.edition = ? AND verb = 'takedown' AND undone_at = 0`, edition)
	return down, err
}
