package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"rostrum/archive"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks the file as one of Rostrum's ("Rstm"), so that a file of
// another program, given by mistake, is left alone.
const applicationID = 0x5273746d

// migrate brings the file to the newest shape, each step in a transaction of
// its own. Two processes that open the folder at once take turns.
func (db *DB) migrate(ctx context.Context) error {
	steps, err := migrations()
	if err != nil {
		return err
	}
	for {
		version, err := db.pragma(ctx, "user_version")
		if err != nil {
			return err
		}
		if err := db.ours(ctx); err != nil {
			return err
		}
		if version > len(steps) {
			return &archive.InvalidError{
				Thing: "archive.db",
				Why:   fmt.Sprintf("it has shape %d and this program knows shapes up to %d", version, len(steps)),
				Hint:  "use the newer rostrum that made it",
			}
		}
		if version == len(steps) {
			return nil
		}
		if err := db.update(ctx, func(t *tx) error { return t.migrate(steps) }); err != nil {
			return fmt.Errorf("migrate from %d: %w", version, err)
		}
	}
}

// migrate takes the next step, if another process has not taken it meanwhile.
func (t *tx) migrate(steps []string) error {
	version, err := t.db.pragma(t.ctx, "user_version")
	if err != nil || version >= len(steps) {
		return err
	}
	script := steps[version] + fmt.Sprintf("\nPRAGMA user_version = %d;\nPRAGMA application_id = %d;", version+1, applicationID)
	_, err = t.db.writer.ExecContext(t.ctx, script)
	return err
}

// ours refuses to write into a database that another program made.
func (db *DB) ours(ctx context.Context) error {
	id, err := db.pragma(ctx, "application_id")
	if err != nil || id == applicationID {
		return err
	}
	var tables int
	if err := db.writer.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables); err != nil {
		return err
	}
	if id == 0 && tables == 0 {
		return nil
	}
	// Another process may have taken the first step between the two questions.
	if id, err = db.pragma(ctx, "application_id"); err != nil || id == applicationID {
		return err
	}
	return &archive.InvalidError{Thing: "archive.db", Why: "it was not made by Rostrum", Hint: "choose another data folder"}
}

func (db *DB) pragma(ctx context.Context, name string) (int, error) {
	var v int
	err := db.writer.QueryRowContext(ctx, `PRAGMA `+name).Scan(&v)
	return v, err
}

// migrations returns the scripts in order; the first leads from nothing to shape 1.
func migrations() ([]string, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]string, len(names))
	for i, name := range names {
		number, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".sql"))
		if err != nil || number != i+1 {
			return nil, fmt.Errorf("migration %s: out of order", name)
		}
		b, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		steps[i] = string(b)
	}
	return steps, nil
}
