package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"rostrum/archive"
)

// Counts returns how much the archive holds.
func (db *DB) Counts(ctx context.Context) (archive.Counts, error) {
	list, err := remembered(ctx, db, "counts", func() ([]archive.Counts, error) {
		c, err := db.counts(ctx)
		return []archive.Counts{c}, err
	})
	if err != nil {
		return archive.Counts{}, fmt.Errorf("counts: %w", err)
	}
	return list[0], nil
}

func (db *DB) counts(ctx context.Context) (archive.Counts, error) {
	var c archive.Counts
	topics, err := db.Topics(ctx)
	if err != nil {
		return c, err
	}
	c.Topics = len(topics)
	err = db.view(ctx, func(t *tx) error {
		// Hardly any talk or person is taken down: those are looked up, rather than
		// each credit's talk and person, whose rows are long.
		return t.get([]any{&c.Series, &c.Editions, &c.Talks, &c.People, &c.Decks, &c.Slides}, `SELECT
			(SELECT count(DISTINCT series) FROM edition WHERE hidden = 0),
			(SELECT count(*) FROM edition WHERE hidden = 0),
			(SELECT count(*) FROM talk WHERE given = 1 AND hidden = 0),
			(SELECT count(DISTINCT person) FROM credit
				WHERE talk NOT IN (SELECT n FROM talk WHERE hidden = 1) AND person NOT IN (SELECT n FROM person WHERE hidden = 1)),
			(SELECT count(DISTINCT blob) FROM deck_file WHERE blob <> ''),
			(SELECT coalesce(sum(slides), 0) FROM deck WHERE problem = '')`)
	})
	return c, err
}

// Check looks the whole archive over: SQLite's own check, every reference, and
// that all bytes that are named are there in their length. It returns all that
// is wrong, joined; nil when the archive is whole.
func (db *DB) Check(ctx context.Context) error {
	var wrong []error
	err := db.view(ctx, func(t *tx) error {
		if err := t.checkDatabase(&wrong); err != nil {
			return err
		}
		return t.each(func(rows *sql.Rows) error {
			var id archive.BlobID
			var bytes int64
			var what string
			if err := rows.Scan(&id, &bytes, &what); err != nil {
				return err
			}
			if err := db.checkBlob(id, bytes); err != nil {
				wrong = append(wrong, fmt.Errorf("%s: %w", what, err))
			}
			return ctx.Err()
		}, `SELECT blob, bytes, 'snapshot of ' || address FROM snapshot UNION ALL SELECT blob, bytes, 'deck ' || address FROM deck_file
			WHERE blob <> '' AND down = 0`)
	})
	if err != nil {
		return fmt.Errorf("check: %w", err)
	}
	return errors.Join(wrong...)
}

func (t *tx) checkDatabase(wrong *[]error) error {
	err := t.each(func(rows *sql.Rows) error {
		var says string
		err := rows.Scan(&says)
		if err == nil && says != "ok" {
			*wrong = append(*wrong, errors.New("archive.db: "+says))
		}
		return err
	}, `PRAGMA integrity_check(20)`)
	if err != nil {
		return err
	}
	err = t.each(func(rows *sql.Rows) error {
		var table, parent string
		var row sql.NullInt64
		var key int
		err := rows.Scan(&table, &row, &parent, &key)
		*wrong = append(*wrong, fmt.Errorf("archive.db: a row of %s (%d) names a missing row of %s", table, row.Int64, parent))
		return err
	}, `PRAGMA foreign_key_check`)
	if err != nil {
		return err
	}
	var revision, highest archive.Revision
	err = t.get([]any{&revision, &highest}, `SELECT revision, (SELECT coalesce(max(revision), 0) FROM talk) FROM clock`)
	if err == nil && highest > revision {
		*wrong = append(*wrong, fmt.Errorf("archive.db: a talk is of revision %d, the archive of %d", highest, revision))
	}
	return err
}

func (db *DB) checkBlob(id archive.BlobID, bytes int64) error {
	if !id.Valid() {
		return fmt.Errorf("blob %q: no SHA-256", id)
	}
	info, err := os.Stat(db.BlobPath(id))
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("blob %s: %w", id, archive.ErrNotFound)
	}
	if err == nil && info.Size() != bytes {
		return fmt.Errorf("blob %s: %d bytes instead of %d", id, info.Size(), bytes)
	}
	return err
}
