package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"rostrum/archive"
)

// Fetched is what an address gave, to be kept as a Snapshot.
type Fetched struct {
	Address      string // the Source's: what was asked for
	FinalAddress string // after redirects; "" is Address
	Blob         archive.BlobID
	Bytes        int64
	Media        string
	ETag         string
	LastModified string
	// Series is the name that the source's editions are to go under, where
	// somebody said so; "" leaves what was said before.
	Series string
	At     time.Time
}

// TakeSnapshot keeps what an address gave and says whether it is new: the same
// bytes as the last time only move the times of the Source and its latest Snapshot.
func (db *DB) TakeSnapshot(ctx context.Context, f Fetched) (archive.Snapshot, bool, error) {
	var snap archive.Snapshot
	isNew := false
	err := db.update(ctx, func(t *tx) error {
		n, err := t.takeSource(f)
		if err != nil {
			return err
		}
		snap, err = t.latestSnapshot(n)
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return err
		}
		if err == nil && snap.Blob == f.Blob {
			snap.Seen = fromMillis(millis(f.At))
			return t.exec(`UPDATE snapshot SET seen = ? WHERE n = ?`, millis(f.At), snap.ID)
		}
		isNew = true
		snap, err = t.putSnapshot(n, f)
		return err
	})
	if err != nil {
		return archive.Snapshot{}, false, fmt.Errorf("keep snapshot of %s: %w", f.Address, err)
	}
	return snap, isNew, nil
}

func (t *tx) takeSource(f Fetched) (archive.SourceID, error) {
	if f.Address == "" || !f.Blob.Valid() {
		return 0, &archive.InvalidError{Thing: "snapshot", Why: "it needs an address and kept bytes"}
	}
	series := sql.NullInt64{}
	if f.Series != "" {
		s, err := t.takeSeries(f.Series)
		if err != nil {
			return 0, err
		}
		series = sql.NullInt64{Int64: cmp.Or(s.home, s.n), Valid: true}
	}
	err := t.exec(`INSERT INTO source (address, series, looked, etag, last_modified) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (address) DO UPDATE SET series = coalesce(excluded.series, series), looked = excluded.looked,
			etag = excluded.etag, last_modified = excluded.last_modified`,
		f.Address, series, millis(f.At), f.ETag, f.LastModified)
	if err != nil {
		return 0, err
	}
	var n archive.SourceID
	err = t.get([]any{&n}, `SELECT n FROM source WHERE address = ?`, f.Address)
	return n, err
}

func (t *tx) putSnapshot(source archive.SourceID, f Fetched) (archive.Snapshot, error) {
	if f.FinalAddress == "" {
		f.FinalAddress = f.Address
	}
	n, err := t.insert(`INSERT INTO snapshot (source, address, blob, bytes, media, fetched, seen) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		source, f.FinalAddress, f.Blob, f.Bytes, f.Media, millis(f.At), millis(f.At))
	if err != nil {
		return archive.Snapshot{}, err
	}
	if err := t.exec(`UPDATE source SET latest = ? WHERE n = ?`, n, source); err != nil {
		return archive.Snapshot{}, err
	}
	return t.snapshot(archive.SnapshotID(n))
}

const snapshotColumns = `snapshot.n, snapshot.source, snapshot.address, snapshot.blob, snapshot.bytes, snapshot.media, snapshot.fetched, snapshot.seen`

func (t *tx) snapshot(id archive.SnapshotID) (archive.Snapshot, error) {
	return t.scanSnapshot(`SELECT `+snapshotColumns+` FROM snapshot WHERE n = ?`, id)
}

func (t *tx) latestSnapshot(source archive.SourceID) (archive.Snapshot, error) {
	return t.scanSnapshot(`SELECT `+snapshotColumns+` FROM source JOIN snapshot ON snapshot.n = source.latest WHERE source.n = ?`, source)
}

func (t *tx) scanSnapshot(query string, arg any) (archive.Snapshot, error) {
	var s archive.Snapshot
	var fetched, seen int64
	err := t.get([]any{&s.ID, &s.Source, &s.Address, &s.Blob, &s.Bytes, &s.Media, &fetched, &seen}, query, arg)
	if err != nil {
		return archive.Snapshot{}, err
	}
	s.Fetched, s.Seen = fromMillis(fetched), fromMillis(seen)
	return s, nil
}

// Snapshot returns a kept Snapshot; archive.ErrNotFound when there is none.
func (db *DB) Snapshot(ctx context.Context, id archive.SnapshotID) (archive.Snapshot, error) {
	var s archive.Snapshot
	err := db.view(ctx, func(t *tx) (err error) {
		s, err = t.snapshot(id)
		return err
	})
	if err != nil {
		return archive.Snapshot{}, fmt.Errorf("snapshot %d: %w", id, err)
	}
	return s, nil
}

// SourceOf returns the address of the Source that gave a Snapshot;
// archive.ErrNotFound when there is none.
func (db *DB) SourceOf(ctx context.Context, id archive.SnapshotID) (string, error) {
	var address string
	err := db.view(ctx, func(t *tx) error {
		return t.get([]any{&address}, `SELECT source.address FROM snapshot JOIN source ON source.n = snapshot.source WHERE snapshot.n = ?`, id)
	})
	if err != nil {
		return "", fmt.Errorf("source of snapshot %d: %w", id, err)
	}
	return address, nil
}

// SnapshotOf returns the latest Snapshot in which a Source gave some bytes;
// archive.ErrNotFound when it never did.
func (db *DB) SnapshotOf(ctx context.Context, address string, blob archive.BlobID) (archive.SnapshotID, error) {
	var id archive.SnapshotID
	err := db.view(ctx, func(t *tx) error {
		return t.get([]any{&id}, `SELECT snapshot.n FROM snapshot JOIN source ON source.n = snapshot.source
			WHERE source.address = ? AND snapshot.blob = ? ORDER BY snapshot.n DESC LIMIT 1`, address, blob)
	})
	if err != nil {
		return 0, fmt.Errorf("snapshot of %s: %w", address, err)
	}
	return id, nil
}

// SourceSeen notes that a Source was asked and answered that nothing changed.
func (db *DB) SourceSeen(ctx context.Context, address string, at time.Time) error {
	err := db.update(ctx, func(t *tx) error {
		var n archive.SourceID
		var latest sql.NullInt64
		if err := t.get([]any{&n, &latest}, `SELECT n, latest FROM source WHERE address = ?`, address); err != nil {
			return err
		}
		if err := t.exec(`UPDATE snapshot SET seen = ? WHERE n = ?`, millis(at), latest); err != nil {
			return err
		}
		return t.exec(`UPDATE source SET looked = ? WHERE n = ?`, millis(at), n)
	})
	if err != nil {
		return fmt.Errorf("source %s seen: %w", address, err)
	}
	return nil
}

// Source returns the Source of an address; archive.ErrNotFound when it was
// never taken.
func (db *DB) Source(ctx context.Context, address string) (archive.Source, error) {
	list, err := db.sources(ctx, `WHERE source.address = ?`, address)
	if err == nil && len(list) == 0 {
		err = archive.ErrNotFound
	}
	if err != nil {
		return archive.Source{}, fmt.Errorf("source %s: %w", address, err)
	}
	return list[0], nil
}

// Sources returns all Sources in the order they were first taken.
func (db *DB) Sources(ctx context.Context) ([]archive.Source, error) {
	list, err := db.sources(ctx, ``)
	if err != nil {
		return nil, fmt.Errorf("sources: %w", err)
	}
	return list, nil
}

// SourcesToRead returns the Sources that gave a Programme which no reader of
// this version has read, in the order they were first taken. Programme JSON,
// which no reader guesses at, is not among them, nor are the pages of single talks.
func (db *DB) SourcesToRead(ctx context.Context, version int) ([]archive.Source, error) {
	list, err := db.sources(ctx, `WHERE source.n IN (SELECT source FROM reading WHERE current = 1 AND reader > 0 AND reader < ?)`, version)
	if err != nil {
		return nil, fmt.Errorf("sources to read: %w", err)
	}
	return list, nil
}

func (db *DB) sources(ctx context.Context, where string, args ...any) ([]archive.Source, error) {
	var list []archive.Source
	err := db.view(ctx, func(t *tx) error {
		return t.each(func(rows *sql.Rows) error {
			var s archive.Source
			var looked int64
			if err := rows.Scan(&s.ID, &s.Address, &s.Series, &looked, &s.ETag, &s.LastModified, &s.Latest); err != nil {
				return err
			}
			s.Looked = fromMillis(looked)
			list = append(list, s)
			return nil
		}, `SELECT source.n, source.address, coalesce(series.id, ''), source.looked, source.etag, source.last_modified, coalesce(source.latest, 0)
			FROM source LEFT JOIN series ON series.n = source.series `+where+` ORDER BY source.n`, args...)
	})
	return list, err
}
