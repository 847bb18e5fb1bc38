package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"rostrum/archive/store"
)

// fingerprint is every row of every table, but for the times at which sources
// were looked at: equal twice when nothing was written between.
func fingerprint(t testing.TB, db *store.DB) map[string][]string {
	t.Helper()
	raw := rawDB(t, db.Dir())
	names := column(t, raw, `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
	all := map[string][]string{}
	for _, name := range names {
		if name == "source" || name == "snapshot" {
			continue
		}
		all[name] = dump(t, raw, name)
	}
	return all
}

// rawDB opens the database of a data folder past the store.
func rawDB(t testing.TB, dir string) *sql.DB {
	t.Helper()
	raw, err := sql.Open("sqlite", filepath.Join(dir, "archive.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := raw.Close(); err != nil {
			t.Error(err)
		}
	})
	return raw
}

func dump(t testing.TB, raw *sql.DB, table string) []string {
	t.Helper()
	rows, err := raw.QueryContext(t.Context(), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for i, c := range columns {
			fmt.Fprintf(&b, "%s=%v ", c, *(values[i].(*any)))
		}
		list = append(list, b.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func column(t testing.TB, raw *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := raw.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}
