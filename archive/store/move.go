package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rostrum/archive"
)

type moveDetail struct {
	From archive.SeriesID `json:"from"`
	Into archive.SeriesID `json:"into"`
}

// MoveEdition says that an edition is one of another series, named or by its
// ID. It and its talks get addresses there; the old ones lead to them for ever.
// It returns the edition's new ID.
func (db *DB) MoveEdition(ctx context.Context, id archive.EditionID, series string, who Who) (archive.EditionID, ActID, error) {
	var moved archive.EditionID
	var act ActID
	err := db.update(ctx, func(t *tx) error {
		n, err := t.editionNumber(id)
		if err != nil {
			return err
		}
		e, err := t.edition(n)
		if err != nil {
			return err
		}
		s, err := t.takeSeries(series)
		if err != nil {
			return err
		}
		if s.n == e.series {
			return &archive.InvalidError{Thing: "series", Why: "the edition is of that series already"}
		}
		act, err = t.move(&e, s, who)
		moved = e.id
		return err
	})
	if err != nil {
		return "", 0, fmt.Errorf("move edition %s to %s: %w", id, series, err)
	}
	return moved, act, nil
}

// follow moves an edition to the series that was named with its source, as
// when a page was first added without a name for it. Once a person has
// moved the edition or moved it back, theirs is the word.
func (t *tx) follow(e *editionRow, in Intake, isNew bool) error {
	if in.Series == "" || isNew {
		return nil
	}
	s, err := t.takeSeries(in.Series)
	if err != nil || s.n == e.series {
		return err
	}
	acts, err := t.acts(actColumns+`WHERE verb = ? AND row = ? LIMIT 1`, VerbMove, e.n)
	if err != nil || len(acts) > 0 {
		return err
	}
	_, err = t.move(e, s, Who{By: "rostrum", Why: "the series was named with the source", At: in.At})
	return err
}

func (t *tx) move(e *editionRow, s seriesRow, who Who) (ActID, error) {
	var from archive.SeriesID
	if err := t.get([]any{&from}, `SELECT id FROM series WHERE n = ?`, e.series); err != nil {
		return 0, err
	}
	act, err := t.act(VerbMove, ThingEdition, string(e.id), e.n, moveDetail{From: from, Into: s.id}, who)
	if err != nil {
		return 0, err
	}
	return act, t.resettle(e, s)
}

// undoMove puts an edition where the moves that still stand say, or where it
// was before the first.
func (t *tx) undoMove(a Act) error {
	acts, err := t.acts(actColumns+`WHERE verb = ? AND row = ? ORDER BY n`, VerbMove, a.row)
	if err != nil {
		return err
	}
	var target archive.SeriesID
	for i, m := range acts {
		var d moveDetail
		if err := json.Unmarshal(m.Detail, &d); err != nil {
			return err
		}
		if i == 0 {
			target = d.From
		}
		if m.Undone.IsZero() {
			target = d.Into
		}
	}
	e, err := t.edition(a.row)
	if err != nil {
		return err
	}
	s := seriesRow{id: target}
	if err := t.get([]any{&s.n, &s.name}, `SELECT n, name FROM series WHERE id = ?`, target); err != nil || s.n == e.series {
		return err
	}
	return t.resettle(&e, s)
}

// resettle gives an edition and its talks their addresses in a series: those
// they had there before, or new ones.
func (t *tx) resettle(e *editionRow, s seriesRow) error {
	old := e.id
	id, err := t.formerEdition(e.id, s.id)
	if err != nil {
		return err
	}
	if id == "" {
		if id, err = t.mintEdition(s, e.info); err != nil {
			return err
		}
	}
	if err := t.rename("edition", string(old), id, 0); err != nil {
		return err
	}
	if err := t.exec(`UPDATE edition SET id = ?, series = ? WHERE n = ?`, id, s.n, e.n); err != nil {
		return err
	}
	if err := t.vacate(old.Series(), s.id); err != nil {
		return err
	}
	e.id, e.series, e.seriesName = archive.EditionID(id), s.n, s.name
	talks, err := t.talks(`FROM talk WHERE talk.edition = ?`, e.n)
	if err != nil {
		return err
	}
	for _, k := range talks {
		if err := t.resettleTalk(e.id, k); err != nil {
			return fmt.Errorf("talk %s: %w", k.talk.ID, err)
		}
	}
	return nil
}

// vacate lets the address of a series that has lost its last edition lead to
// the one that edition went to.
func (t *tx) vacate(old, to archive.SeriesID) error {
	if err := t.exec(`DELETE FROM redirect WHERE kind = 'series' AND old = ?`, to); err != nil {
		return err
	}
	var left int
	err := t.get([]any{&left}, `SELECT count(*) FROM edition JOIN series ON series.n = edition.series WHERE series.id = ?`, old)
	if err != nil || left > 0 {
		return err
	}
	return t.exec(`INSERT OR REPLACE INTO redirect (kind, old, new, revision) VALUES ('series', ?, ?, 0)`, old, to)
}

func (t *tx) resettleTalk(edition archive.EditionID, k *talkRow) error {
	old := string(k.talk.ID)
	segment := old[strings.LastIndexByte(old, '/')+1:]
	id := string(edition) + "/" + segment
	mine, err := t.leadsTo("talk", id, old)
	if err != nil {
		return err
	}
	if !mine {
		if id, err = t.mint("talk", string(edition)+"/", segment, "talk", `SELECT 1 FROM talk WHERE id = ?`); err != nil {
			return err
		}
	}
	forget, err := t.tick()
	if err != nil {
		return err
	}
	if err := t.rename("talk", old, id, forget); err != nil {
		return err
	}
	revision, err := t.tick()
	if err != nil {
		return err
	}
	return t.exec(`UPDATE talk SET id = ?, revision = ? WHERE n = ?`, id, revision, k.n)
}

// formerEdition returns the ID that an edition had in a series before, "" when
// it was never there.
func (t *tx) formerEdition(id archive.EditionID, series archive.SeriesID) (string, error) {
	var former string
	err := t.get([]any{&former}, `WITH RECURSIVE past (id, step) AS (
			SELECT ?1, 0 UNION SELECT redirect.old, step + 1 FROM past JOIN redirect ON kind = 'edition' AND new = past.id WHERE step < 100)
		SELECT id FROM past WHERE step > 0 AND id > ?2 || '/' AND id < ?2 || '0' ORDER BY step LIMIT 1`, string(id), string(series))
	return former, ignoreMissing(err)
}

// leadsTo says whether an ID that was given up leads to another.
func (t *tx) leadsTo(kind, id, to string) (bool, error) {
	err := t.moved(kind, id)
	if moved := (*archive.MovedError)(nil); errors.As(err, &moved) {
		return moved.To == to, nil
	}
	return false, ignoreMissing(err)
}

// rename lets old lead to id, which stands again if it was given up before.
func (t *tx) rename(kind, old, id string, forget archive.Revision) error {
	if err := t.exec(`DELETE FROM redirect WHERE kind = ? AND old = ?`, kind, id); err != nil {
		return err
	}
	return t.exec(`INSERT OR REPLACE INTO redirect (kind, old, new, revision) VALUES (?, ?, ?, ?)`, kind, old, id, forget)
}
