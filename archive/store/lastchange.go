package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"rostrum/archive"
)

// LastChanges is when what is shown of an edition and of its talks became so:
// when it was read otherwise than before, or when somebody last decided
// something about it. A talk of which nobody knows is not in it.
type LastChanges struct {
	Edition time.Time // the latest of its own and all its talks'
	Talks   map[archive.TalkID]time.Time
}

// LastChanges returns these times; those of an edition that is not there are zero.
func (db *DB) LastChanges(ctx context.Context, id archive.EditionID) (LastChanges, error) {
	last := LastChanges{Talks: map[archive.TalkID]time.Time{}}
	err := db.view(ctx, func(t *tx) error {
		var own int64
		err := t.get([]any{&own}, `SELECT max(coalesce((SELECT max(reading.at) FROM reading WHERE reading.edition = edition.n AND current = 1), 0),
				coalesce((SELECT max(max(act.at, act.undone_at)) FROM act WHERE act.thing = 'edition' AND act.row = edition.n), 0))
			FROM edition WHERE id = ?`, id)
		if err != nil {
			return ignoreMissing(err)
		}
		last.Edition = fromMillis(own)
		return t.each(func(rows *sql.Rows) error {
			var talk archive.TalkID
			var at int64
			err := rows.Scan(&talk, &at)
			if when := fromMillis(at); at != 0 {
				last.Talks[talk] = when
				if when.After(last.Edition) {
					last.Edition = when
				}
			}
			return err
		}, `SELECT talk.id, max(
				coalesce((SELECT max(reading.at) FROM item JOIN reading ON reading.n = item.reading WHERE item.talk = talk.n AND reading.current = 1), 0),
				coalesce((SELECT max(max(act.at, act.undone_at)) FROM act WHERE act.thing = 'talk' AND act.row = talk.n), 0))
			FROM edition JOIN talk ON talk.edition = edition.n WHERE edition.id = ? AND talk.merged IS NULL AND talk.hidden = 0`, id)
	})
	if err != nil {
		return LastChanges{}, fmt.Errorf("last changes of %s: %w", id, err)
	}
	return last, nil
}
