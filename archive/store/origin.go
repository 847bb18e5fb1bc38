package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"rostrum/archive"
)

// Origin tells where a shown value came from: an Act of a person, or a place
// in a Snapshot.
type Origin struct {
	Act      ActID // 0: it was read
	By       string
	Why      string
	Snapshot archive.SnapshotID
	Address  string         // of the Snapshot
	Place    *archive.Place // in it; nil when the reader does not say
	At       time.Time      // when it was corrected, or fetched
	// Read is what was read, as JSON, where a correction is laid over it.
	Read json.RawMessage
}

// TalkOrigins tells for each field of a talk that has a value, by its name in
// Programme JSON, where it came from. A field gathered from several sources
// (links, topics) names the one that spoke last. *archive.MovedError or
// archive.ErrNotFound as TalkByID.
func (db *DB) TalkOrigins(ctx context.Context, id archive.TalkID) (map[string]Origin, error) {
	origins := map[string]Origin{}
	err := db.view(ctx, func(t *tx) error {
		n, edition, err := t.talkNumber(id)
		if err != nil {
			return err
		}
		l := &loom{t: t, older: map[int64]*reading{}}
		if l.readings, err = t.readings(`edition = ? AND current = 1`, edition); err != nil {
			return err
		}
		lines := l.said()[n]
		if len(lines) == 0 {
			last, ok, err := l.lastSaid(n)
			if err != nil {
				return err
			}
			if ok {
				lines = []line{last}
			}
		}
		for _, said := range lines {
			for _, f := range archive.TalkFields() {
				if _, ok := origins[f]; ok || empty(archive.ItemField(said.item, f)) {
					continue
				}
				if origins[f], err = t.readOrigin(said.snapshot, said.item.Places, f); err != nil {
					return err
				}
			}
		}
		read := archive.LayItems(items(lines))
		return t.correctedOrigins(origins, ThingTalk, n, func(field string) json.RawMessage { return archive.ItemField(read, field) })
	})
	if err != nil {
		return nil, fmt.Errorf("origins of talk %s: %w", id, err)
	}
	return origins, nil
}

// EditionOrigins is TalkOrigins for an edition.
func (db *DB) EditionOrigins(ctx context.Context, id archive.EditionID) (map[string]Origin, error) {
	origins := map[string]Origin{}
	err := db.view(ctx, func(t *tx) error {
		n, err := t.editionNumber(id)
		if err != nil {
			return err
		}
		list, err := t.readings(`edition = ? AND current = 1`, n)
		if err != nil {
			return err
		}
		infos := make([]archive.EditionInfo, len(list))
		for i, r := range list {
			infos[i] = r.programme.Edition
			for _, f := range archive.EditionFields() {
				if _, ok := origins[f]; ok || empty(archive.EditionField(infos[i], f)) {
					continue
				}
				if origins[f], err = t.readOrigin(r.snapshot, infos[i].Places, f); err != nil {
					return err
				}
			}
		}
		read := archive.LayEditions(infos)
		return t.correctedOrigins(origins, ThingEdition, n, func(field string) json.RawMessage { return archive.EditionField(read, field) })
	})
	if err != nil {
		return nil, fmt.Errorf("origins of edition %s: %w", id, err)
	}
	return origins, nil
}

func empty(value json.RawMessage) bool {
	return len(value) <= 2 // "", [] and nothing
}

func (t *tx) readOrigin(snapshot archive.SnapshotID, places archive.Places, field string) (Origin, error) {
	s, err := t.snapshot(snapshot)
	if err != nil {
		return Origin{}, err
	}
	o := Origin{Snapshot: s.ID, Address: s.Address, At: s.Fetched}
	if p, ok := places[field]; ok {
		o.Place = &p
	}
	return o, nil
}

// correctedOrigins lays the corrections that stand over what was read.
func (t *tx) correctedOrigins(origins map[string]Origin, thing Thing, row int64, read func(field string) json.RawMessage) error {
	return t.each(func(rows *sql.Rows) error {
		var field string
		var at int64
		o := Origin{}
		if err := rows.Scan(&field, &o.Act, &o.By, &o.Why, &at); err != nil {
			return err
		}
		o.At, o.Read = fromMillis(at), read(field)
		origins[field] = o
		return nil
	}, `SELECT correction.field, act.n, act.by, act.why, act.at FROM correction JOIN act ON act.n = correction.act
		WHERE correction.thing = ? AND correction.row = ?`, thing, row)
}
