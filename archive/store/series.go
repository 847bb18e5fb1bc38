package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"rostrum/archive"
	"rostrum/internal/fold"
)

type seriesRow struct {
	n    int64
	id   archive.SeriesID
	name string
	home int64 // the series that was named, where it was merged into this one; 0 else
}

// takeSeries finds the series of a name, or of an ID, or makes it.
func (t *tx) takeSeries(name string) (seriesRow, error) {
	name = strings.Join(strings.Fields(name), " ")
	key := fold.Key(name)
	if key == "" {
		return seriesRow{}, &archive.InvalidError{Thing: "series", Why: fmt.Sprintf("%q is no name", name)}
	}
	var s seriesRow
	err := t.get([]any{&s.n, &s.id, &s.name}, `SELECT series.n, series.id, series.name FROM series_name JOIN series ON series.n = series_name.series
		WHERE series_name.key = ?`, key)
	if errors.Is(err, archive.ErrNotFound) {
		err = t.get([]any{&s.n, &s.id, &s.name}, `SELECT n, id, name FROM series WHERE id = ?`, name)
	}
	if err == nil {
		return s, t.rootSeries(&s)
	}
	if !errors.Is(err, archive.ErrNotFound) {
		return s, err
	}
	id, err := t.mint("series", "", name, "series", `SELECT 1 FROM series WHERE id = ?`)
	if err != nil {
		return s, err
	}
	n, err := t.insert(`INSERT INTO series (id, name) VALUES (?, ?)`, id, name)
	if err != nil {
		return s, err
	}
	s = seriesRow{n: n, id: archive.SeriesID(id), name: name}
	return s, t.exec(`INSERT INTO series_name (key, series, name) VALUES (?, ?, ?)`, key, n, name)
}

// AllSeries returns all series that have an edition, by name.
func (db *DB) AllSeries(ctx context.Context) ([]archive.SeriesSummary, error) {
	list, err := remembered(ctx, db, "series", func() (list []archive.SeriesSummary, err error) {
		err = db.view(ctx, func(t *tx) (err error) {
			list, err = t.seriesSummaries(`1`)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, fmt.Errorf("all series: %w", err)
	}
	return list, nil
}

// SeriesByID returns one series; archive.ErrNotFound or *archive.MovedError.
func (db *DB) SeriesByID(ctx context.Context, id archive.SeriesID) (archive.SeriesSummary, error) {
	var s archive.SeriesSummary
	err := db.view(ctx, func(t *tx) error {
		list, err := t.seriesSummaries(`series.id = ?`, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return t.moved("series", string(id))
		}
		s = list[0]
		return nil
	})
	if err != nil {
		return archive.SeriesSummary{}, fmt.Errorf("series %s: %w", id, err)
	}
	return s, nil
}

func (t *tx) seriesSummaries(where string, args ...any) ([]archive.SeriesSummary, error) {
	var list []archive.SeriesSummary
	index := map[int64]int{}
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		var s archive.SeriesSummary
		if err := rows.Scan(&n, &s.ID, &s.Name, &s.URL, &s.Editions, &s.FirstDate, &s.LastDate, &s.Talks); err != nil {
			return err
		}
		index[n] = len(list)
		list = append(list, s)
		return nil
	}, `SELECT series.n, series.id, series.name, series.url, count(*), coalesce(min(nullif(start_date, '')), ''),
			coalesce(max(nullif(start_date, '')), ''),
			sum((SELECT count(*) FROM talk WHERE talk.edition = edition.n AND given = 1 AND talk.hidden = 0))
		FROM series JOIN edition ON edition.series = series.n AND edition.hidden = 0
		WHERE `+where+` GROUP BY series.n ORDER BY series.name COLLATE NOCASE, series.n`, args...)
	if err != nil {
		return nil, err
	}
	return list, t.each(func(rows *sql.Rows) error {
		var n int64
		var name string
		if err := rows.Scan(&n, &name); err != nil {
			return err
		}
		if i, ok := index[n]; ok {
			list[i].FormerNames = append(list[i].FormerNames, name)
		}
		return nil
	}, `WITH RECURSIVE called (n, root) AS (SELECT n, n FROM series WHERE merged IS NULL
			UNION SELECT series.n, called.root FROM series JOIN called ON series.merged = called.n)
		SELECT series.n, series_name.name FROM called JOIN series ON series.n = called.root JOIN series_name ON series_name.series = called.n
		WHERE series_name.name <> series.name ORDER BY series_name.key`)
}
