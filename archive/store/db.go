package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the driver of this room

	"rostrum/archive"
)

// DB is an open data folder. Its methods may be called from many goroutines.
type DB struct {
	dir  string
	pool *sql.DB // connections that cannot write

	// writer is the one connection that writes; who holds the token uses it.
	// Its statements are parsed once, which is a third of the work.
	writePool *sql.DB
	writer    *sql.Conn
	token     chan struct{}
	prepared  map[string]*sql.Stmt

	glancePool *sql.DB
	glancers   chan *glancer // those not in use

	// watch is asked for data_version and nothing else: the answer is about
	// the connection that asks.
	watch *sql.Conn

	memo   memo
	doubts doubts
}

// readers is how many connections read at once; more wait their turn.
const readers = 8

// Open opens the data folder dir, makes it when it is missing, and brings an
// older one up to date. A folder made by a newer program is refused with an
// *archive.InvalidError.
func Open(ctx context.Context, dir string) (*DB, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open data folder %s: %w", dir, err)
	}
	if err := os.MkdirAll(filepath.Join(abs, "blobs"), 0o750); err != nil {
		return nil, fmt.Errorf("open data folder %s: %w", dir, err)
	}
	db := &DB{dir: abs, token: make(chan struct{}, 1), prepared: map[string]*sql.Stmt{}, glancers: make(chan *glancer, glancers)}
	for range glancers {
		db.glancers <- &glancer{prepared: map[string]*sql.Stmt{}}
	}
	if err := db.sweep(); err != nil {
		return nil, fmt.Errorf("open data folder %s: %w", dir, err)
	}
	path := filepath.Join(abs, "archive.db")
	if err := db.connect(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), db.Close())
	}
	return db, nil
}

func (db *DB) connect(ctx context.Context, path string) error {
	// As a URI, ? and # in the file's name are escaped.
	name := (&url.URL{Scheme: "file", Path: filepath.ToSlash(path)}).String()
	// synchronous(2): what was said to be stored outlives a power cut, so that
	// no index can know of a Revision that the truth has forgotten.
	name += "?_pragma=busy_timeout(30000)&_pragma=journal_mode(wal)&_pragma=foreign_keys(1)" +
		"&_pragma=synchronous(2)&_pragma=cache_size(-16000)&_pragma=temp_store(2)"
	var err error
	if db.writePool, err = sql.Open("sqlite", name); err != nil {
		return err
	}
	db.writePool.SetMaxOpenConns(1)
	if db.writer, err = db.writePool.Conn(ctx); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if db.pool, err = sql.Open("sqlite", name+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	if db.glancePool, err = sql.Open("sqlite", name+"&_pragma=query_only(1)"); err != nil {
		return err
	}
	db.glancePool.SetMaxOpenConns(glancers)
	db.glancePool.SetMaxIdleConns(glancers)
	db.pool.SetMaxOpenConns(readers + 1)
	db.pool.SetMaxIdleConns(readers)
	db.watch, err = db.pool.Conn(ctx)
	return err
}

// Close ends the use of the folder. Nothing is lost when it is never called.
func (db *DB) Close() error {
	db.token <- struct{}{} // whoever writes ends first
	var errs []error
	for _, s := range db.prepared {
		errs = append(errs, s.Close())
	}
	for range cap(db.glancers) {
		errs = append(errs, (<-db.glancers).close())
	}
	for _, c := range []*sql.Conn{db.watch, db.writer} {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	for _, p := range []*sql.DB{db.pool, db.glancePool, db.writePool} {
		if p != nil {
			errs = append(errs, p.Close())
		}
	}
	return errors.Join(errs...)
}

// Dir returns the absolute path of the data folder.
func (db *DB) Dir() string { return db.dir }

// Revision returns how far the truth has moved; 0 in an empty archive.
func (db *DB) Revision(ctx context.Context) (archive.Revision, error) {
	var r archive.Revision
	if err := db.pool.QueryRowContext(ctx, `SELECT revision FROM clock`).Scan(&r); err != nil {
		return 0, fmt.Errorf("revision: %w", err)
	}
	return r, nil
}

// DataVersion returns a number that moves whenever this or another process has
// changed the archive. It means nothing by itself: compare it with an earlier
// answer of the same DB.
func (db *DB) DataVersion(ctx context.Context) (int64, error) {
	var v int64
	if err := db.watch.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&v); err != nil {
		return 0, fmt.Errorf("data version: %w", err)
	}
	return v, nil
}

// tx is a transaction: a writing one on the writer, or a reading one, which
// sees one unmoving state of the archive.
type tx struct {
	ctx    context.Context
	db     *DB
	read   *sql.Tx  // of a reading one
	glance *glancer // of a short one; both are nil in a writing one

	revision archive.Revision // as moved by tick; 0 when it has not been
	suffix   map[string]int   // see mint
	casting  map[int64]bool   // people whose credits changed, see touchVeiled
	minted   map[string]bool  // IDs given in this transaction, whose rows may be yet to come
}

// update runs do in one writing transaction: all of it holds, or nothing. It
// begins by taking the lock, so that what do reads cannot change before it writes.
func (db *DB) update(ctx context.Context, do func(*tx) error) error {
	select {
	case db.token <- struct{}{}:
		defer func() { <-db.token }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if _, err := db.writer.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	// Statements inside are short, and watching a context costs more than most
	// of them: it is looked at between and at the end instead.
	inside := context.WithoutCancel(ctx)
	t := &tx{ctx: inside, db: db, suffix: map[string]int{}, minted: map[string]bool{}, casting: map[int64]bool{}}
	err := do(t)
	if err == nil {
		err = t.touchVeiled()
	}
	if err == nil {
		err = t.putClock()
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		_, err = db.writer.ExecContext(inside, `COMMIT`)
	}
	if err != nil {
		// SQLite may have rolled back by itself (disk full); then there is
		// nothing to roll back, which is no error worth telling.
		_, _ = db.writer.ExecContext(inside, `ROLLBACK`)
	}
	return err
}

// view runs do over one unmoving state of the archive.
func (db *DB) view(ctx context.Context, do func(*tx) error) error {
	t, err := db.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	err = do(&tx{ctx: ctx, db: db, read: t})
	if end := t.Rollback(); err == nil && end != nil && !errors.Is(end, sql.ErrTxDone) {
		err = end
	}
	return err
}

func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s, ok := t.db.prepared[query]; ok {
		return s, nil
	}
	s, err := t.db.writer.PrepareContext(t.ctx, query)
	if err != nil {
		return nil, err
	}
	t.db.prepared[query] = s
	return s, nil
}

func (t *tx) query(query string, args ...any) (*sql.Rows, error) {
	if t.read != nil {
		return t.read.QueryContext(t.ctx, query, args...)
	}
	if t.glance != nil {
		s, err := t.glance.stmt(t.ctx, query) //nolint:sqlclosecheck // kept for the next time, closed by Close
		if err != nil {
			return nil, err
		}
		return s.QueryContext(t.ctx, args...)
	}
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept for the next time, closed by Close
	if err != nil {
		return nil, err
	}
	return s.QueryContext(t.ctx, args...)
}

// get scans the first row into dest; archive.ErrNotFound when there is none.
func (t *tx) get(dest []any, query string, args ...any) error {
	found := false
	err := t.each(func(rows *sql.Rows) error {
		if found {
			return nil
		}
		found = true
		return rows.Scan(dest...)
	}, query, args...)
	if err == nil && !found {
		return archive.ErrNotFound
	}
	return err
}

// each calls row for each row.
func (t *tx) each(row func(*sql.Rows) error, query string, args ...any) error {
	rows, err := t.query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (t *tx) exec(query string, args ...any) error {
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept for the next time, closed by Close
	if err != nil {
		return err
	}
	_, err = s.ExecContext(t.ctx, args...)
	return err
}

// insert is exec, and returns the new row's number.
func (t *tx) insert(query string, args ...any) (int64, error) {
	s, err := t.stmt(query) //nolint:sqlclosecheck // kept for the next time, closed by Close
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// tick moves the truth one step and returns the new Revision. The clock's row
// is written once, at the end of the transaction.
func (t *tx) tick() (archive.Revision, error) {
	if t.revision == 0 {
		if err := t.get([]any{&t.revision}, `SELECT revision FROM clock`); err != nil {
			return 0, err
		}
	}
	t.revision++
	return t.revision, nil
}

// now returns the Revision as this transaction has moved it.
func (t *tx) now() (archive.Revision, error) {
	if t.revision != 0 {
		return t.revision, nil
	}
	var r archive.Revision
	err := t.get([]any{&r}, `SELECT revision FROM clock`)
	return r, err
}

func (t *tx) putClock() error {
	if t.revision == 0 {
		return nil
	}
	return t.exec(`UPDATE clock SET revision = ?`, t.revision)
}

// millis is how times are kept; 0 is the zero time.
func millis(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
