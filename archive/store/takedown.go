package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"

	"rostrum/archive"
)

type takedownDetail struct {
	Destroyed bool `json:"destroyed,omitempty"` // the deck's bytes
}

// TakeDown hides a talk, an edition, a person or a deck (by its address) from
// every reader, and keeps it hidden however often its source is read again.
// Followers are told to forget it. Undo brings it back.
func (db *DB) TakeDown(ctx context.Context, thing Thing, name string, who Who) (ActID, error) {
	return db.takeDown(ctx, thing, name, takedownDetail{}, who)
}

// DestroyDeck takes a deck down and removes its bytes and what was read of
// them; undoing it lets it be fetched again, if it still can be.
func (db *DB) DestroyDeck(ctx context.Context, address string, who Who) (ActID, error) {
	var blob archive.BlobID
	err := db.pool.QueryRowContext(ctx, `SELECT blob FROM deck_file WHERE address = ?`, address).Scan(&blob)
	if errors.Is(err, sql.ErrNoRows) {
		err = archive.ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("destroy deck %s: %w", address, err)
	}
	id, err := db.takeDown(ctx, ThingDeck, address, takedownDetail{Destroyed: true}, who)
	if err != nil || !blob.Valid() {
		return id, err
	}
	// The rows first: bytes without a row are litter, a row without bytes is a fault.
	if err := os.Remove(db.BlobPath(blob)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return id, fmt.Errorf("destroy deck %s: %w", address, err)
	}
	return id, nil
}

func (db *DB) takeDown(ctx context.Context, thing Thing, name string, d takedownDetail, who Who) (ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) error {
		row, err := t.thingRow(thing, name)
		if err != nil {
			return err
		}
		if id, err = t.act(VerbTakedown, thing, name, row, d, who); err != nil {
			return err
		}
		if d.Destroyed {
			if err := t.forgetDeck(name); err != nil {
				return err
			}
		}
		return t.setDown(thing, name, row, true)
	})
	if err != nil {
		return 0, fmt.Errorf("take down %s %s: %w", thing, name, err)
	}
	return id, nil
}

// setDown lets a takedown, or its undoing, show.
func (t *tx) setDown(thing Thing, name string, row int64, down bool) error {
	if !down {
		var err error
		// Taken down twice, it stays so until both are undone.
		if down, err = t.takenDown(thing, row, name); err != nil {
			return err
		}
	}
	switch thing {
	case ThingTalk:
		edition, err := t.editionOf(row)
		if err != nil {
			return err
		}
		return t.reweave(edition)
	case ThingEdition:
		return t.reweave(row)
	case ThingPerson:
		if err := t.exec(`UPDATE person SET hidden = ? WHERE n = ?`, down, row); err != nil {
			return err
		}
		return t.touch(`n IN (SELECT talk FROM credit WHERE person = ?)`, row)
	case ThingDeck:
		if err := t.exec(`UPDATE deck_file SET down = ? WHERE address = ?`, down, name); err != nil {
			return err
		}
		return t.touch(`n IN (SELECT talk FROM talk_deck WHERE address = ?)`, name)
	}
	return &archive.InvalidError{Thing: string(thing), Why: "such a thing cannot be taken down"}
}

// forgetDeck removes what was read of a deck's bytes, at every address that
// has the same ones.
func (t *tx) forgetDeck(address string) error {
	f, _, err := t.deckFile(address)
	if err != nil || f.Blob == "" {
		return err
	}
	if err := t.exec(`DELETE FROM slide WHERE deck IN (SELECT n FROM deck WHERE blob = ?)`, f.Blob); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM deck WHERE blob = ?`, f.Blob); err != nil {
		return err
	}
	if err := t.touch(`n IN (SELECT talk FROM talk_deck JOIN deck_file ON deck_file.address = talk_deck.address WHERE blob = ?)`, f.Blob); err != nil {
		return err
	}
	return t.exec(`UPDATE deck_file SET state = 'missing', reason = ?, blob = '', bytes = 0, etag = '', last_modified = '', down = 1 WHERE blob = ?`,
		reasonDown, f.Blob)
}

// Retract takes back all that was read from a Snapshot, as if it had never
// been taken; what was read before it counts again. The bytes stay, and are not
// taken in again unless Retract is undone.
func (db *DB) Retract(ctx context.Context, snapshot archive.SnapshotID, who Who) (ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) error {
		var n int
		if err := t.get([]any{&n}, `SELECT count(*) FROM reading WHERE snapshot = ? AND undone = 0`, snapshot); err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("nothing that counts was read from it: %w", archive.ErrNotFound)
		}
		var err error
		if id, err = t.act(VerbRetract, ThingSnapshot, strconv.FormatInt(int64(snapshot), 10), int64(snapshot), struct{}{}, who); err != nil {
			return err
		}
		if err := t.exec(`UPDATE reading SET undone = ? WHERE snapshot = ? AND undone = 0`, id, snapshot); err != nil {
			return err
		}
		return t.settle(int64(id), snapshot)
	})
	if err != nil {
		return 0, fmt.Errorf("retract snapshot %d: %w", snapshot, err)
	}
	return id, nil
}

func (t *tx) unretract(a Act) error {
	if err := t.exec(`UPDATE reading SET undone = 0 WHERE undone = ?`, a.ID); err != nil {
		return err
	}
	return t.settle(0, archive.SnapshotID(a.row))
}

// settle makes the newest reading that counts the current one, wherever the
// snapshot was read, and weaves those editions.
func (t *tx) settle(undone int64, snapshot archive.SnapshotID) error {
	type place struct {
		edition, source int64
		part            int
	}
	var places []place
	err := t.each(func(rows *sql.Rows) error {
		var p place
		err := rows.Scan(&p.edition, &p.source, &p.part)
		places = append(places, p)
		return err
	}, `SELECT DISTINCT edition, source, part FROM reading WHERE snapshot = ? AND undone = ? ORDER BY edition, part`, snapshot, undone)
	if err != nil {
		return err
	}
	editions := map[int64]bool{}
	for _, p := range places {
		const same = `edition = ? AND source = ? AND part = ?`
		if err := t.exec(`UPDATE reading SET current = 0 WHERE `+same, p.edition, p.source, p.part); err != nil {
			return err
		}
		err := t.exec(`UPDATE reading SET current = 1 WHERE n = (SELECT max(n) FROM reading WHERE undone = 0 AND `+same+`)`, p.edition, p.source, p.part)
		if err != nil {
			return err
		}
		editions[p.edition] = true
	}
	for _, p := range places {
		if !editions[p.edition] {
			continue
		}
		editions[p.edition] = false
		if err := t.refind(p.edition); err != nil {
			return err
		}
		if err := t.reweave(p.edition); err != nil {
			return err
		}
	}
	return nil
}

// refind keeps the findings of the readings that are current now.
func (t *tx) refind(edition int64) error {
	if err := t.exec(`DELETE FROM finding WHERE edition = ? AND reading IS NOT NULL`, edition); err != nil {
		return err
	}
	list, err := t.readings(`edition = ? AND current = 1`, edition)
	if err != nil {
		return err
	}
	for _, r := range slices.Backward(list) {
		if err := t.putFindings(edition, r); err != nil {
			return err
		}
	}
	return nil
}
