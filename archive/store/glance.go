package store

import (
	"context"
	"database/sql"
	"errors"
)

// glancer is a connection that cannot write and remembers its statements: what
// every page of results asks is parsed once, which would else be half of the
// time that asking takes.
type glancer struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

// glancers is how many there are at most; more wait their turn, which is short.
const glancers = 4

// glance is view for what visitors ask for all the time and is answered at
// once. Statements inside are not watched, as in update; none may be asked again
// while its rows are still being read.
func (db *DB) glance(ctx context.Context, do func(*tx) error) (err error) {
	if db.glancers == nil { // opened to read names alone
		return db.view(ctx, do)
	}
	var g *glancer
	select {
	case g = <-db.glancers:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { db.glancers <- g }()
	if g.conn == nil {
		if g.conn, err = db.glancePool.Conn(ctx); err != nil {
			return err
		}
	}
	inside := context.WithoutCancel(ctx)
	if _, err := g.conn.ExecContext(inside, `BEGIN`); err != nil {
		return err
	}
	defer func() {
		if _, end := g.conn.ExecContext(inside, `ROLLBACK`); end != nil {
			err = errors.Join(err, end, g.close()) // the next begins anew
		}
	}()
	return do(&tx{ctx: inside, db: db, glance: g})
}

func (g *glancer) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := g.prepared[query]; ok {
		return s, nil
	}
	s, err := g.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	g.prepared[query] = s
	return s, nil
}

func (g *glancer) close() error {
	if g.conn == nil {
		return nil
	}
	var errs []error
	for _, s := range g.prepared {
		errs = append(errs, s.Close())
	}
	clear(g.prepared)
	errs = append(errs, g.conn.Close())
	g.conn = nil
	return errors.Join(errs...)
}
