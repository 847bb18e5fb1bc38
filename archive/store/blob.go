package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rostrum/archive"
)

// PutBlob keeps the bytes of r and returns their ID and number. Bytes that are
// kept already are not written again. More than limit bytes give an
// *archive.InvalidError, and nothing is kept. Once it returns, the bytes
// outlive a crash: they are written beside, synced, and then named.
func (db *DB) PutBlob(ctx context.Context, r io.Reader, limit int64) (archive.BlobID, int64, error) {
	f, err := os.CreateTemp(filepath.Join(db.dir, "blobs"), "new-*")
	if err != nil {
		return "", 0, fmt.Errorf("keep bytes: %w", err)
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name()) // gone already when it was given its name
	}()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(contextReader{ctx, r}, limit+1))
	if err != nil {
		return "", 0, fmt.Errorf("keep bytes: %w", err)
	}
	if n > limit {
		return "", 0, &archive.InvalidError{Thing: "size", Why: fmt.Sprintf("more than %d bytes", limit)}
	}
	id := archive.BlobID(hex.EncodeToString(sum.Sum(nil)))
	if err := db.nameBlob(f, id, n); err != nil {
		return "", 0, fmt.Errorf("keep blob %s: %w", id, err)
	}
	return id, n, nil
}

// sweep removes the temporary files of processes that were killed while they
// wrote; another process may be writing younger ones right now.
func (db *DB) sweep() error {
	left, err := filepath.Glob(filepath.Join(db.dir, "blobs", "new-*"))
	if err != nil {
		return err
	}
	for _, name := range left {
		info, err := os.Stat(name)
		if err == nil && time.Since(info.ModTime()) > 24*time.Hour {
			err = os.Remove(name)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// nameBlob makes the finished temporary file the blob, unless it is there.
func (db *DB) nameBlob(f *os.File, id archive.BlobID, n int64) error {
	path := db.BlobPath(id)
	// A file of another length is what a broken disk left: it is replaced.
	if info, err := os.Stat(path); err == nil && info.Size() == n {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	if err := f.Chmod(0o440); err != nil {
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return errors.Join(syncDir(filepath.Dir(path)), syncDir(filepath.Join(db.dir, "blobs")))
}

// syncDir makes the names in a folder last, where the system can.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) {
		return err
	}
	return nil
}

// OpenBlob opens kept bytes; the caller closes them. archive.ErrNotFound when
// there are none of that ID.
func (db *DB) OpenBlob(id archive.BlobID) (*os.File, error) {
	if !id.Valid() {
		return nil, fmt.Errorf("open blob: %w", archive.ErrNotFound)
	}
	f, err := os.Open(db.BlobPath(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open blob %s: %w", id, archive.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("open blob %s: %w", id, err)
	}
	return f, nil
}

// BlobPath returns the file that holds, or would hold, the bytes; "" when id
// has not the form of a BlobID. Files lie in folders by their first two digits.
func (db *DB) BlobPath(id archive.BlobID) string {
	if !id.Valid() {
		return ""
	}
	return filepath.Join(db.dir, "blobs", string(id[:2]), string(id))
}

// contextReader ends when its context does.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
