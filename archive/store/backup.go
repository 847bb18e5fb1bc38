package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"rostrum/archive"
)

// Backup copies the archive into the folder to, which is made when it is
// missing: the database in one consistent state, whoever writes meanwhile, and
// every kept file. Kept files never change, so those that are there already are
// left; none is removed. It returns how many files were copied and how many
// bytes they have. A copy that is broken off leaves the former database in its
// place. It is an *archive.InvalidError when to is the archive's own folder, or
// an archive that is in use.
func (db *DB) Backup(ctx context.Context, to string) (files int, bytes int64, err error) {
	if to, err = filepath.Abs(to); err != nil {
		return 0, 0, fmt.Errorf("back up: %w", err)
	}
	if to == db.dir || strings.HasPrefix(to, db.dir+string(filepath.Separator)) {
		return 0, 0, &archive.InvalidError{Thing: to, Why: "a copy within the archive's own folder is none", Hint: "name a folder elsewhere, best on another disk"}
	}
	last, fresh := filepath.Join(to, "archive.db"), filepath.Join(to, "archive.db.new")
	// A log beside a database belongs to that one: with another in its place
	// it would be worse than no copy.
	if _, err := os.Stat(last + "-wal"); err == nil {
		return 0, 0, &archive.InvalidError{Thing: last, Why: "it is in use, or was not closed", Hint: "end what uses it; rostrum --data " + to + " doctor closes it"}
	}
	if err := os.MkdirAll(filepath.Join(to, "blobs"), 0o750); err != nil {
		return 0, 0, fmt.Errorf("back up: %w", err)
	}
	if err := os.RemoveAll(fresh); err != nil {
		return 0, 0, fmt.Errorf("back up: %w", err)
	}
	// The database first: whatever file it names was kept before.
	if err := db.vacuumInto(ctx, fresh); err != nil {
		return 0, 0, errors.Join(fmt.Errorf("back up archive.db: %w", err), os.RemoveAll(fresh))
	}
	if files, bytes, err = db.copyBlobs(ctx, filepath.Join(to, "blobs")); err == nil {
		err = os.Rename(fresh, last)
	}
	if err != nil {
		return files, bytes, errors.Join(fmt.Errorf("back up: %w", err), os.RemoveAll(fresh))
	}
	return files, bytes, nil
}

// vacuumInto writes the database as it is now into a new file, synced.
func (db *DB) vacuumInto(ctx context.Context, path string) error {
	db.token <- struct{}{}
	_, err := db.writer.ExecContext(ctx, `VACUUM INTO ?`, path)
	<-db.token
	if err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// copyBlobs copies the kept files that are not there yet.
func (db *DB) copyBlobs(ctx context.Context, to string) (files int, bytes int64, err error) {
	root := filepath.Join(db.dir, "blobs")
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if d.IsDir() || !archive.BlobID(d.Name()).Valid() { // a file still being written has another name
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		n, err := copyOnce(path, filepath.Join(to, rel))
		if errors.Is(err, fs.ErrNotExist) { // destroyed meanwhile
			return nil
		}
		if n > 0 {
			files, bytes = files+1, bytes+n
		}
		return err
	})
	return files, bytes, err
}

// copyOnce copies a file unless one of its length is there; 0 when it is.
func copyOnce(from, to string) (int64, error) {
	in, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return 0, err
	}
	if there, err := os.Stat(to); err == nil && there.Size() == info.Size() {
		return 0, nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		return 0, err
	}
	out, err := os.CreateTemp(filepath.Dir(to), "new-*")
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(out, in)
	if err = errors.Join(err, out.Chmod(0o440), out.Sync(), out.Close()); err == nil {
		err = os.Rename(out.Name(), to)
	}
	if err != nil {
		return 0, errors.Join(err, os.RemoveAll(out.Name()))
	}
	return n, nil
}
