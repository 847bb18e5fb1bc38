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
		var n, own int64
		err := t.get([]any{&n, &own}, `SELECT n, coalesce((SELECT max(max(act.at, act.undone_at)) FROM act WHERE act.thing = 'edition' AND act.row = edition.n), 0)
			FROM edition WHERE id = ?`, id)
		if err != nil {
			return ignoreMissing(err)
		}
		last.Edition = fromMillis(own)
		// Which readings count is found by their index first: their rows are as
		// large as programmes.
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
		}, `WITH stands (n, at) AS MATERIALIZED (SELECT n, at FROM reading
				WHERE edition IN (SELECT n FROM edition WHERE n = ?1 OR merged = ?1) AND current = 1)
			SELECT talk.id, max(coalesce((SELECT max(stands.at) FROM item JOIN stands ON stands.n = item.reading WHERE item.talk = talk.n), 0),
				coalesce((SELECT max(max(act.at, act.undone_at)) FROM act WHERE act.thing = 'talk' AND act.row = talk.n), 0))
			FROM talk WHERE talk.edition = ?1 AND talk.merged IS NULL AND talk.hidden = 0`, n)
	})
	if err != nil {
		return LastChanges{}, fmt.Errorf("last changes of %s: %w", id, err)
	}
	return last, nil
}
