package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"rostrum/archive"
)

// Two sources may speak of one edition without anybody noticing, and two names
// may be one series'. Merging lays one row's merged column on the other and
// moves nothing that was read or decided: the readings of both are woven into
// what the one that stands shows. Each talk stays of the edition whose readings
// speak of it (its home); one that both have is a row in each, of which one is
// shown. That is why undoing needs to remember nothing.

type editionMergeDetail struct {
	Into archive.EditionID `json:"into"`
	// Talks are those found to be one, by their IDs then, for the history.
	Talks map[archive.TalkID]archive.TalkID `json:"talks,omitempty"`
	// Findings are those of the edition given up that belong to no reading.
	Findings []int64 `json:"findings,omitempty"`
}

type seriesMergeDetail struct {
	Into archive.SeriesID `json:"into"`
}

// MergeEditions says that two editions are one: what sources say of from is
// shown with into, talks that both have once, and from's addresses lead there
// until that is undone. Reading either source again keeps them one.
func (db *DB) MergeEditions(ctx context.Context, from, into archive.EditionID, who Who) (ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) error {
		a, err := t.editionNumber(from)
		if err != nil {
			return err
		}
		b, err := t.editionNumber(into)
		if err != nil {
			return err
		}
		if a == b {
			return &archive.InvalidError{Thing: "edition", Why: "it cannot be merged into itself"}
		}
		id, err = t.mergeEditions(from, into, a, b, who)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("merge %s into %s: %w", from, into, err)
	}
	return id, nil
}

func (t *tx) mergeEditions(from, into archive.EditionID, a, b int64, who Who) (ActID, error) {
	pairs, err := t.twinTalks(a, b)
	if err != nil {
		return 0, err
	}
	d := editionMergeDetail{Into: into, Talks: map[archive.TalkID]archive.TalkID{}}
	for _, p := range pairs {
		d.Talks[p.from.talk.ID] = p.into.talk.ID
	}
	err = t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		d.Findings = append(d.Findings, n)
		return err
	}, `SELECT n FROM finding WHERE edition = ? AND reading IS NULL AND talk IS NULL ORDER BY n`, a)
	if err != nil {
		return 0, err
	}
	id, err := t.act(VerbMerge, ThingEdition, string(from), a, d, who)
	if err != nil {
		return 0, err
	}
	if err := t.exec(`UPDATE edition SET merged = ?, hidden = 1 WHERE n = ?`, b, a); err != nil {
		return 0, err
	}
	if err := t.rename("edition", string(from), string(into), 0); err != nil {
		return 0, err
	}
	if err := t.exec(`UPDATE finding SET edition = ? WHERE edition = ?`, b, a); err != nil {
		return 0, err
	}
	if err := t.vacate(from.Series(), into.Series()); err != nil {
		return 0, err
	}
	return id, t.joinTalks(a, b, into, pairs)
}

// twins are two talks, one of each edition, that are one.
type twins struct{ from, into *talkRow }

// twinTalks says which talks of one edition are which of another.
func (t *tx) twinTalks(a, b int64) ([]twins, error) {
	var rows [2][]*talkRow
	var read [2][]archive.Item
	for i, n := range []int64{a, b} {
		e, err := t.edition(n)
		if err != nil {
			return nil, err
		}
		l, err := t.loom(e)
		if err != nil {
			return nil, err
		}
		if rows[i], read[i], err = l.known(0); err != nil {
			return nil, err
		}
	}
	var pairs []twins
	for i, k := range archive.MatchTalks(read[1], read[0]) {
		if k >= 0 {
			pairs = append(pairs, twins{rows[0][i], rows[1][k]})
		}
	}
	return pairs, nil
}

// joinTalks brings the talks of an edition to the one it was merged into.
func (t *tx) joinTalks(a, b int64, into archive.EditionID, pairs []twins) error {
	merged := map[int64]*talkRow{}
	for _, p := range pairs {
		merged[p.from.n] = p.into
	}
	rows, err := t.talks(`FROM talk WHERE talk.edition = ?`, a)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE talk SET home = coalesce(home, edition), edition = ? WHERE edition = ?`, b, a); err != nil {
		return err
	}
	for _, k := range rows {
		if k.merged != 0 {
			continue
		}
		if twin, ok := merged[k.n]; ok {
			err = t.mergeTalk(k, twin)
		} else {
			err = t.resettleTalk(into, k)
		}
		if err != nil {
			return fmt.Errorf("talk %s: %w", k.talk.ID, err)
		}
	}
	return t.reweave(b)
}

// mergeTalk lets one talk be shown as another.
func (t *tx) mergeTalk(k, twin *talkRow) error {
	if err := t.rename("talk", string(k.talk.ID), string(twin.talk.ID), 0); err != nil {
		return err
	}
	revision, err := t.tick()
	if err != nil {
		return err
	}
	return t.exec(`UPDATE talk SET merged = ?, hidden = 1, revision = ? WHERE n = ?`, twin.n, revision, k.n)
}

// undoEditionMerge lets an edition stand by itself again, with the talks that
// its readings speak of.
func (t *tx) undoEditionMerge(a Act) error {
	var d editionMergeDetail
	if err := json.Unmarshal(a.Detail, &d); err != nil {
		return err
	}
	root, err := t.rootEdition(a.row)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE edition SET merged = NULL WHERE n = ?`, a.row); err != nil {
		return err
	}
	e, err := t.edition(a.row)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM redirect WHERE kind = 'edition' AND old = ?`, e.id); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM redirect WHERE kind = 'series' AND old = ?`, e.id.Series()); err != nil {
		return err
	}
	if err := t.partTalks(e, root); err != nil {
		return err
	}
	if err := t.partFindings(e.n, root, d.Findings); err != nil {
		return err
	}
	if err := t.reweave(e.n); err != nil {
		return err
	}
	return t.reweave(root)
}

// partTalks takes an edition's own talks back from where they were shown.
func (t *tx) partTalks(e editionRow, root int64) error {
	family, err := t.family("edition", e.n)
	if err != nil {
		return err
	}
	rows, err := t.talks(`FROM talk WHERE talk.edition = ?`, root)
	if err != nil {
		return err
	}
	byNumber := map[int64]*talkRow{}
	for _, k := range rows {
		byNumber[k.n] = k
	}
	mine := func(k *talkRow) bool { return slices.Contains(family, cmp.Or(k.home, root)) }
	for _, k := range rows {
		if k.merged != 0 && byNumber[k.merged] != nil && mine(byNumber[k.merged]) != mine(k) {
			if err := t.partTalk(k); err != nil {
				return err
			}
		}
		if !mine(k) {
			continue
		}
		if err := t.exec(`UPDATE talk SET edition = ?1, home = CASE WHEN home = ?1 THEN NULL ELSE home END WHERE n = ?2`, e.n, k.n); err != nil {
			return err
		}
		if k.merged == 0 && k.talk.ID.Edition() != e.id {
			if err := t.resettleTalk(e.id, k); err != nil {
				return fmt.Errorf("talk %s: %w", k.talk.ID, err)
			}
		}
	}
	return nil
}

// partTalk lets a talk be shown by itself again.
func (t *tx) partTalk(k *talkRow) error {
	k.merged = 0
	if err := t.exec(`UPDATE talk SET merged = NULL WHERE n = ?`, k.n); err != nil {
		return err
	}
	return t.exec(`DELETE FROM redirect WHERE kind = 'talk' AND old = ?`, k.talk.ID)
}

// partFindings takes back those of an edition's readings, talks and own.
func (t *tx) partFindings(edition, root int64, own []int64) error {
	numbers, err := json.Marshal(own)
	if err != nil {
		return err
	}
	return t.exec(`WITH RECURSIVE family (n) AS (SELECT ?1 UNION SELECT edition.n FROM edition JOIN family ON edition.merged = family.n)
		UPDATE finding SET edition = ?1 WHERE edition = ?2 AND (n IN (SELECT value FROM json_each(?3))
			OR reading IN (SELECT n FROM reading WHERE edition IN (SELECT n FROM family))
			OR reading IS NULL AND talk IN (SELECT n FROM talk WHERE edition = ?1))`, edition, root, string(numbers))
}

// MergeSeries says that two series are one: from's editions are into's, from's
// names are former names, and from's addresses lead there until that is undone.
func (db *DB) MergeSeries(ctx context.Context, from, into archive.SeriesID, who Who) (ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) error {
		a, err := t.seriesNumber(from)
		if err != nil {
			return err
		}
		b, err := t.seriesNumber(into)
		if err != nil {
			return err
		}
		if a.n == b.n {
			return &archive.InvalidError{Thing: "series", Why: "it cannot be merged into itself"}
		}
		if id, err = t.act(VerbMerge, ThingSeries, string(from), a.n, seriesMergeDetail{Into: into}, who); err != nil {
			return err
		}
		if err := t.exec(`UPDATE series SET merged = ? WHERE n = ?`, b.n, a.n); err != nil {
			return err
		}
		if err := t.resettleAll(b, `series = ?`, a.n); err != nil {
			return err
		}
		return t.rename("series", string(from), string(into), 0)
	})
	if err != nil {
		return 0, fmt.Errorf("merge series %s into %s: %w", from, into, err)
	}
	return id, nil
}

// seriesNumber returns a series that was not merged into another.
func (t *tx) seriesNumber(id archive.SeriesID) (seriesRow, error) {
	s := seriesRow{id: id}
	err := t.get([]any{&s.n, &s.name}, `SELECT n, name FROM series WHERE id = ? AND merged IS NULL`, id)
	if errors.Is(err, archive.ErrNotFound) {
		err = t.moved("series", string(id))
	}
	return s, err
}

// resettleAll gives the editions that where selects addresses in a series.
func (t *tx) resettleAll(s seriesRow, where string, args ...any) error {
	var numbers []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		numbers = append(numbers, n)
		return err
	}, `SELECT n FROM edition WHERE `+where+` ORDER BY n`, args...)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		e, err := t.edition(n)
		if err != nil {
			return err
		}
		if err := t.exec(`UPDATE edition SET home = coalesce(home, series) WHERE n = ?`, n); err != nil {
			return err
		}
		if err := t.resettle(&e, s); err != nil {
			return fmt.Errorf("edition %s: %w", e.id, err)
		}
	}
	return nil
}

// undoSeriesMerge brings the editions of a series back to it.
func (t *tx) undoSeriesMerge(a Act) error {
	if err := t.exec(`UPDATE series SET merged = NULL WHERE n = ?`, a.row); err != nil {
		return err
	}
	family, err := t.family("series", a.row)
	if err != nil {
		return err
	}
	homes, err := json.Marshal(family)
	if err != nil {
		return err
	}
	s := seriesRow{n: a.row}
	if err := t.get([]any{&s.id, &s.name}, `SELECT id, name FROM series WHERE n = ?`, a.row); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM redirect WHERE kind = 'series' AND old = ?`, s.id); err != nil {
		return err
	}
	if err := t.resettleAll(s, `home IN (SELECT value FROM json_each(?))`, string(homes)); err != nil {
		return err
	}
	return t.exec(`UPDATE edition SET home = NULL WHERE home = series`)
}

// family returns the rows of a table that are one with a row: it and all that
// were merged into it, itself first.
func (t *tx) family(table string, n int64) ([]int64, error) {
	query := map[string]string{
		"edition": `WITH RECURSIVE family (n) AS (SELECT ? UNION SELECT edition.n FROM edition JOIN family ON edition.merged = family.n) SELECT n FROM family`,
		"series":  `WITH RECURSIVE family (n) AS (SELECT ? UNION SELECT series.n FROM series JOIN family ON series.merged = family.n) SELECT n FROM family`,
	}[table]
	var list []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		list = append(list, n)
		return err
	}, query, n)
	return list, err
}

// rootEdition follows merges to the edition that stands.
func (t *tx) rootEdition(n int64) (int64, error) {
	err := t.get([]any{&n}, `WITH RECURSIVE way (n, step) AS (SELECT ?, 0
			UNION SELECT edition.merged, step + 1 FROM way JOIN edition ON edition.n = way.n WHERE edition.merged IS NOT NULL AND step < 100)
		SELECT n FROM way ORDER BY step DESC LIMIT 1`, n)
	return n, err
}

// rootSeries follows merges to the series that stands; home stays as it is.
func (t *tx) rootSeries(s *seriesRow) error {
	s.home = s.n
	return t.get([]any{&s.n, &s.id, &s.name}, `WITH RECURSIVE way (n, step) AS (SELECT ?, 0
			UNION SELECT series.merged, step + 1 FROM way JOIN series ON series.n = way.n WHERE series.merged IS NOT NULL AND step < 100)
		SELECT series.n, series.id, series.name FROM way JOIN series ON series.n = way.n ORDER BY step DESC LIMIT 1`, s.n)
}

// rowNamed returns the row of a talk by an ID it has or had, without following
// merges: what was decided of one of two talks was decided of that one.
func (t *tx) rowNamed(id archive.TalkID) (int64, error) {
	for range 100 {
		var n int64
		err := t.get([]any{&n}, `SELECT n FROM talk WHERE id = ?`, id)
		if !errors.Is(err, archive.ErrNotFound) {
			return n, err
		}
		if err := t.get([]any{&id}, `SELECT new FROM redirect WHERE kind = 'talk' AND old = ?`, id); err != nil {
			return 0, err
		}
	}
	return 0, errors.New("addresses lead in a circle: " + strconv.Quote(string(id)))
}
