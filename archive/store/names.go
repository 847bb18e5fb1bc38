package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"rostrum/archive"
)

// Named is an ID and what it is called.
type Named struct{ ID, Name string }

// NameKind is a sort of things that have IDs.
type NameKind string

// The kinds that Names lists.
const (
	NameTalk    NameKind = "talk"
	NameEdition NameKind = "edition"
	NameSeries  NameKind = "series"
	NamePerson  NameKind = "person"
	NameTopic   NameKind = "topic"
)

// namesOf lists the things of a kind that are shown, with IDs from ? to ?, in
// their order. An edition of no title is called by its series.
func namesOf(kind NameKind) string {
	switch kind {
	case NameTalk:
		return `SELECT talk.id, talk.title FROM talk JOIN edition ON edition.n = talk.edition
			WHERE talk.id >= ? AND talk.id < ? AND talk.hidden = 0 AND talk.merged IS NULL AND talk.given = 1 AND edition.hidden = 0 ORDER BY talk.id LIMIT ?`
	case NameEdition:
		return `SELECT edition.id, coalesce(nullif(edition.title, ''), series.name) FROM edition JOIN series ON series.n = edition.series
			WHERE edition.id >= ? AND edition.id < ? AND edition.hidden = 0 AND edition.merged IS NULL ORDER BY edition.id LIMIT ?`
	case NameSeries:
		return `SELECT series.id, series.name FROM series WHERE series.id >= ? AND series.id < ? AND series.merged IS NULL
			AND EXISTS (SELECT 1 FROM edition WHERE edition.series = series.n AND edition.hidden = 0) ORDER BY series.id LIMIT ?`
	case NamePerson:
		return `SELECT person.id, person.name FROM person WHERE person.id >= ? AND person.id < ? AND person.hidden = 0 AND person.merged IS NULL
			AND EXISTS (SELECT 1 FROM credit JOIN talk ON talk.n = credit.talk WHERE credit.person = person.n AND talk.hidden = 0)
			ORDER BY person.id LIMIT ?`
	case NameTopic:
		return `SELECT topic.id, topic.name FROM topic WHERE topic.id >= ? AND topic.id < ?
			AND EXISTS (SELECT 1 FROM talk_topic JOIN talk ON talk.n = talk_topic.talk WHERE talk_topic.topic = topic.n AND talk.hidden = 0)
			ORDER BY topic.id LIMIT ?`
	}
	return ""
}

// Names returns things of a kind whose IDs begin with prefix, in order of their
// IDs, at most limit; none for a kind that is unknown.
func (db *DB) Names(ctx context.Context, kind NameKind, prefix string, limit int) ([]Named, error) {
	query := namesOf(kind)
	if query == "" {
		return nil, nil
	}
	var list []Named
	err := db.view(ctx, func(t *tx) error {
		return t.each(func(rows *sql.Rows) error {
			var n Named
			err := rows.Scan(&n.ID, &n.Name)
			list = append(list, n)
			return err
		}, query, prefix, prefix+"\U0010FFFF", limit)
	})
	if err != nil {
		return nil, fmt.Errorf("names of kind %s: %w", kind, err)
	}
	return list, nil
}

// OpenReading opens a data folder only to read it: nothing is made, migrated or
// swept, so that it costs little and disturbs nobody. Methods that write must
// not be called. It is archive.ErrNotFound when no archive is there, and an
// *archive.InvalidError when it is of another program's shape.
func OpenReading(ctx context.Context, dir string) (*DB, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("read data folder %s: %w", dir, err)
	}
	path := filepath.Join(abs, "archive.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", path, archive.ErrNotFound)
	}
	db := &DB{dir: abs, token: make(chan struct{}, 1), prepared: map[string]*sql.Stmt{}}
	name := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String() + "?mode=ro&_pragma=busy_timeout(1000)&_pragma=query_only(1)"
	if err := db.connectReading(ctx, name); err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), db.Close())
	}
	return db, nil
}

func (db *DB) connectReading(ctx context.Context, name string) error {
	var err error
	if db.pool, err = sql.Open("sqlite", name); err != nil {
		return err
	}
	if db.watch, err = db.pool.Conn(ctx); err != nil {
		return err
	}
	steps, err := migrations()
	if err != nil {
		return err
	}
	var version, id int
	if err := db.watch.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if err := db.watch.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
		return err
	}
	if id != applicationID || version != len(steps) {
		return &archive.InvalidError{Thing: "archive.db", Why: fmt.Sprintf("it has shape %d and this program reads shape %d", version, len(steps))}
	}
	return nil
}
