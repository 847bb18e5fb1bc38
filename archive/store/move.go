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
	if family, err := t.family("edition", e.n); err != nil || len(family) > 1 {
		return err // a source of one of those that were merged says nothing of the other
	}
	_, err = t.move(e, s, Who{By: "rostrum", Why: "the series was named with the source", At: in.At})
	return err
}

func (t *tx) move(e *editionRow, s seriesRow, who Who) (ActID, error) {
	var from archive.SeriesID
	if err := t.get([]any{&from}, `SELECT series.id FROM edition JOIN series ON series.n = coalesce(edition.home, edition.series) WHERE edition.n = ?`, e.n); err != nil {
		return 0, err
	}
	act, err := t.act(VerbMove, ThingEdition, string(e.id), e.n, moveDetail{From: from, Into: s.id}, who)
	if err != nil {
		return 0, err
	}
	return act, t.settleIn(e, s)
}

// settleIn makes a series the one that an edition is of.
func (t *tx) settleIn(e *editionRow, s seriesRow) error {
	if err := t.resettle(e, s); err != nil {
		return err
	}
	return t.exec(`UPDATE edition SET home = CASE WHEN ?1 IN (0, series) THEN NULL ELSE ?1 END WHERE n = ?2`, s.home, e.n)
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
	if err := t.get([]any{&s.n, &s.name}, `SELECT n, name FROM series WHERE id = ?`, target); err != nil {
		return err
	}
	if err := t.rootSeries(&s); err != nil {
		return err
	}
	if s.n == e.series {
		return t.exec(`UPDATE edition SET home = CASE WHEN ?1 = series THEN NULL ELSE ?1 END WHERE n = ?2`, s.home, e.n)
	}
	return t.settleIn(&e, s)
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
	root, err := t.rootEdition(e.n)
	if err != nil {
		return err
	}
	if root != e.n {
		// It was merged: its talks are another's, and its address leads there.
		return t.exec(`INSERT OR REPLACE INTO redirect (kind, old, new, revision) SELECT 'edition', ?, id, 0 FROM edition WHERE n = ?`, id, root)
	}
	talks, err := t.talks(`FROM talk WHERE talk.edition = ? AND talk.merged IS NULL`, e.n)
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
	err := t.get([]any{&left}, `SELECT count(*) FROM edition JOIN series ON series.n = edition.series WHERE series.id = ? AND edition.merged IS NULL`, old)
	if err != nil || left > 0 {
		return err
	}
	return t.exec(`INSERT OR REPLACE INTO redirect (kind, old, new, revision) VALUES ('series', ?, ?, 0)`, old, to)
}

func (t *tx) resettleTalk(edition archive.EditionID, k *talkRow) error {
	old := string(k.talk.ID)
	segment := old[strings.LastIndexByte(old, '/')+1:]
	id := string(edition) + "/" + segment
	former, err := t.former("talk", old, string(edition))
	if err != nil {
		return err
	}
	if former != "" {
		id = former
	}
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
	return t.former("edition", string(id), string(series))
}

// former returns the ID below another, as of a talk in an edition, that a
// thing went by before; "" when it was never there. What is in use is a twin's.
func (t *tx) former(kind, id, below string) (string, error) {
	var former string
	err := t.get([]any{&former}, `WITH RECURSIVE past (id, step) AS (
			SELECT ?2, 0 UNION SELECT redirect.old, step + 1 FROM past JOIN redirect ON kind = ?1 AND new = past.id WHERE step < 100
				AND NOT EXISTS (SELECT 1 FROM talk WHERE ?1 = 'talk' AND talk.id = redirect.old)
				AND NOT EXISTS (SELECT 1 FROM edition WHERE ?1 = 'edition' AND edition.id = redirect.old))
		SELECT id FROM past WHERE step > 0 AND id > ?3 || '/' AND id < ?3 || '0' ORDER BY step LIMIT 1`, kind, id, below)
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
