package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"rostrum/archive"
)

// editionRow is an edition as stored: what is shown of it.
type editionRow struct {
	n          int64
	id         archive.EditionID
	series     int64
	seriesName string
	info       archive.EditionInfo
	hidden     bool
}

func (t *tx) edition(n int64) (editionRow, error) {
	e := editionRow{n: n}
	var organizers, topics, related []byte
	err := t.get([]any{
		&e.id, &e.series, &e.seriesName, &e.info.Title, &e.info.StartDate, &e.info.EndDate, &e.info.Venue, &e.info.City, &e.info.Country,
		&e.info.Language, &e.info.URL, &organizers, &topics, &related, &e.hidden,
	}, `SELECT edition.id, series, series.name, title, start_date, end_date, venue, city, country, language, edition.url, organizers, topics, related,
			hidden FROM edition JOIN series ON series.n = edition.series WHERE edition.n = ?`, n)
	if err != nil {
		return e, err
	}
	e.info.Organizers, e.info.Topics, e.info.RelatedEditions = fromList(organizers), fromList(topics), fromList(related)
	return e, nil
}

// findEdition says which edition of the archive a programme speaks of, and
// makes it when it is a new one. Three things are asked in turn: the same
// bytes (they speak of the same edition for ever), the source's earlier
// editions, and those of the series.
func (t *tx) findEdition(in Intake, snap archive.Snapshot) (editionRow, bool, error) {
	var n int64
	err := t.get([]any{&n}, `SELECT edition FROM reading WHERE snapshot = ? AND part = ? AND undone = 0 ORDER BY n DESC LIMIT 1`, snap.ID, in.Part)
	if err == nil {
		e, err := t.edition(n)
		return e, false, err
	}
	if !errors.Is(err, archive.ErrNotFound) {
		return editionRow{}, false, err
	}
	series, known, err := t.seriesOf(in, snap)
	if err != nil {
		return editionRow{}, false, err
	}
	if !known {
		// A source that names its series otherwise this time may still speak
		// of an edition it spoke of before.
		n, err = t.matchEdition(in, snap.Source, `reading.source = ? AND reading.part = ?`, snap.Source, in.Part)
		if err != nil {
			return editionRow{}, false, err
		}
	}
	var s seriesRow
	if n == 0 {
		if s, err = t.takeSeries(series); err != nil {
			return editionRow{}, false, err
		}
		if n, err = t.matchEdition(in, snap.Source, `(edition.series = ? OR edition.merged IN (SELECT n FROM edition WHERE series = ?))`, s.n, s.n); err != nil {
			return editionRow{}, false, err
		}
	}
	if n != 0 {
		e, err := t.edition(n)
		return e, false, err
	}
	e, err := t.newEdition(s, in.Programme.Edition)
	return e, true, err
}

// seriesOf returns the name of the series a programme goes under, and whether
// a person named it rather than the page.
func (t *tx) seriesOf(in Intake, snap archive.Snapshot) (string, bool, error) {
	if in.Series != "" {
		return in.Series, true, nil
	}
	var name string
	err := t.get([]any{&name}, `SELECT series.name FROM source JOIN series ON series.n = source.series WHERE source.n = ?`, snap.Source)
	if err == nil {
		return name, true, nil
	}
	if !errors.Is(err, archive.ErrNotFound) {
		return "", false, err
	}
	info := in.Programme.Edition
	for _, name := range []string{info.Series, archive.SeriesName(info.Title), info.Title} {
		if archive.HasWords(name) {
			return name, false, nil
		}
	}
	return "Untitled", false, nil
}

// matchEdition returns the number of the edition, among those that where
// selects, that a programme speaks of; 0 when none is it.
func (t *tx) matchEdition(in Intake, source archive.SourceID, where string, args ...any) (int64, error) {
	var known []archive.KnownEdition
	var numbers []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		var from archive.SourceID
		var part int
		var raw []byte
		if err := rows.Scan(&n, &from, &part, &raw); err != nil {
			return err
		}
		k := archive.KnownEdition{SameSource: from == source && part == in.Part}
		if err := json.Unmarshal(raw, &k.Info); err != nil {
			return err
		}
		known, numbers = append(known, k), append(numbers, n)
		return nil
	}, `SELECT reading.edition, reading.source, reading.part, reading.info FROM reading JOIN edition ON edition.n = reading.edition
		WHERE reading.current = 1 AND `+where+` ORDER BY reading.edition`, args...)
	if err != nil {
		return 0, err
	}
	// What people corrected is a second way to recognize an edition.
	for _, n := range slices.Compact(slices.Clone(numbers)) {
		e, err := t.edition(n)
		if err != nil {
			return 0, err
		}
		known, numbers = append(known, archive.KnownEdition{Info: e.info}), append(numbers, n)
	}
	for i := range known {
		if known[i].Titles, err = t.editionTitles(numbers[i]); err != nil {
			return 0, err
		}
	}
	if i := archive.MatchEdition(known, in.Programme.Edition, givenTitles(in.Programme.Items)); i >= 0 {
		return numbers[i], nil
	}
	return 0, nil
}

func givenTitles(items []archive.Item) []string {
	var list []string
	for _, it := range items {
		if it.Given() {
			list = append(list, it.Title)
		}
	}
	return list
}

func (t *tx) editionTitles(edition int64) ([]string, error) {
	edition, err := t.rootEdition(edition)
	if err != nil {
		return nil, err
	}
	var list []string
	err = t.each(func(rows *sql.Rows) error {
		var title string
		err := rows.Scan(&title)
		list = append(list, title)
		return err
	}, `SELECT title FROM talk WHERE edition = ? AND given = 1 AND gone = 0 AND merged IS NULL`, edition)
	return list, err
}

func (t *tx) newEdition(s seriesRow, info archive.EditionInfo) (editionRow, error) {
	id, err := t.mintEdition(s, info)
	if err != nil {
		return editionRow{}, err
	}
	n, err := t.insert(`INSERT INTO edition (id, series, home) VALUES (?1, ?2, CASE WHEN ?3 IN (0, ?2) THEN NULL ELSE ?3 END)`, id, s.n, s.home)
	return editionRow{n: n, id: archive.EditionID(id), series: s.n, seriesName: s.name}, err
}

// mintEdition returns the ID of a new edition of a series: the first free one
// of those that its date and title offer.
func (t *tx) mintEdition(s seriesRow, info archive.EditionInfo) (string, error) {
	const used = `SELECT 1 FROM edition WHERE id = ?`
	segments := archive.EditionSegments(s.name, info)
	for _, name := range segments {
		free, err := t.free("edition", string(s.id)+"/"+name, used)
		if err != nil {
			return "", err
		}
		if free && !reservedSegments[name] {
			return string(s.id) + "/" + name, nil
		}
	}
	return t.mint("edition", string(s.id)+"/", segments[max(0, len(segments)-2)], "edition", used)
}

// putEdition writes what is shown of an edition, when it differs, and says
// whether something changed that is shown with each of its talks.
func (t *tx) putEdition(old editionRow, info archive.EditionInfo, hidden bool) (talksToo bool, err error) {
	info.Places, info.Series = nil, ""
	info.Organizers, info.Topics, info.RelatedEditions = none(info.Organizers), none(info.Topics), none(info.RelatedEditions)
	if hidden == old.hidden && reflect.DeepEqual(info, old.info) {
		return false, nil
	}
	o := old.info
	talksToo = info.Title != o.Title || info.Year() != o.Year() || info.StartDate != o.StartDate || info.Country != o.Country || info.Language != o.Language ||
		!slices.Equal(info.Topics, o.Topics)
	return talksToo, t.exec(`UPDATE edition SET title = ?, start_date = ?, end_date = ?, venue = ?, city = ?, country = ?, language = ?, url = ?,
			organizers = ?, topics = ?, related = ?, hidden = ? WHERE n = ?`,
		info.Title, info.StartDate, info.EndDate, info.Venue, info.City, info.Country, info.Language, info.URL,
		toList(info.Organizers), toList(info.Topics), toList(info.RelatedEditions), hidden, old.n)
}

// toList and fromList keep lists of strings as JSON, no list as nil.
func toList(list []string) string {
	if len(list) == 0 {
		return "[]"
	}
	b, err := json.Marshal(list)
	if err != nil { // strings always marshal
		return "[]"
	}
	return string(b)
}

func fromList(b []byte) []string {
	var list []string
	if len(b) <= 2 || json.Unmarshal(b, &list) != nil {
		return nil
	}
	return list
}

func none(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

const editionColumns = `edition.n, edition.id, series.id, series.name, edition.title, edition.start_date, edition.end_date, edition.venue,
	edition.city, edition.country, edition.language, edition.url, edition.organizers, edition.topics, edition.related`

func (t *tx) editions(where string, args ...any) ([]archive.EditionSummary, error) {
	var list []archive.EditionSummary
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		var e archive.EditionSummary
		var organizers, topics, related []byte
		err := rows.Scan(&n, &e.ID, &e.Series, &e.SeriesName, &e.Title, &e.StartDate, &e.EndDate, &e.Venue, &e.City, &e.Country, &e.Language,
			&e.URL, &organizers, &topics, &related, &e.Talks, &e.People, &e.Decks, &e.Slides)
		if err != nil {
			return err
		}
		e.Organizers, e.Topics, e.RelatedEditions = fromList(organizers), fromList(topics), fromList(related)
		list = append(list, e)
		return nil
	}, `SELECT `+editionColumns+`,
			(SELECT count(*) FROM talk WHERE talk.edition = edition.n AND given = 1 AND talk.hidden = 0),
			(SELECT count(DISTINCT person) FROM talk JOIN credit ON credit.talk = talk.n WHERE talk.edition = edition.n AND talk.hidden = 0),
			(SELECT count(DISTINCT blob) FROM talk JOIN talk_deck ON talk_deck.talk = talk.n JOIN deck_file ON deck_file.address = talk_deck.address
				WHERE talk.edition = edition.n AND talk.hidden = 0 AND blob <> ''),
			(SELECT coalesce(sum(slides), 0) FROM deck WHERE blob IN (SELECT blob FROM talk JOIN talk_deck ON talk_deck.talk = talk.n
				JOIN deck_file ON deck_file.address = talk_deck.address WHERE talk.edition = edition.n AND talk.hidden = 0))
		FROM edition JOIN series ON series.n = edition.series WHERE edition.hidden = 0 AND `+where, args...)
	if err != nil {
		return nil, err
	}
	veils, err := t.veils()
	for i := range list {
		for _, v := range veils {
			v.coverEdition(&list[i].Edition)
		}
	}
	return list, err
}

// Editions returns the editions of a series by date, latest first; nil when it
// has none.
func (db *DB) Editions(ctx context.Context, series archive.SeriesID) ([]archive.EditionSummary, error) {
	var list []archive.EditionSummary
	err := db.view(ctx, func(t *tx) (err error) {
		list, err = t.editions(`series.id = ? ORDER BY edition.start_date DESC, edition.id DESC`, series)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("editions of %s: %w", series, err)
	}
	return list, nil
}

// AllEditions returns the editions of all series by date, latest first.
func (db *DB) AllEditions(ctx context.Context) ([]archive.EditionSummary, error) {
	list, err := remembered(ctx, db, "editions", func() (list []archive.EditionSummary, err error) {
		err = db.view(ctx, func(t *tx) (err error) {
			list, err = t.editions(`1 ORDER BY edition.start_date DESC, edition.id`)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, fmt.Errorf("all editions: %w", err)
	}
	return list, nil
}

// EditionByID returns one edition; archive.ErrNotFound or *archive.MovedError.
func (db *DB) EditionByID(ctx context.Context, id archive.EditionID) (archive.EditionSummary, error) {
	var e archive.EditionSummary
	err := db.view(ctx, func(t *tx) error {
		list, err := t.editions(`edition.id = ?`, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return t.moved("edition", string(id))
		}
		e = list[0]
		return nil
	})
	if err != nil {
		return archive.EditionSummary{}, fmt.Errorf("edition %s: %w", id, err)
	}
	return e, nil
}

// Neighbours returns the editions of the same series before and after one, by
// date; nil where there is none.
func (db *DB) Neighbours(ctx context.Context, id archive.EditionID) (prev, next *archive.EditionSummary, err error) {
	list, err := db.Editions(ctx, id.Series())
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(list, func(e archive.EditionSummary) bool { return e.ID == id })
	if i < 0 {
		return nil, nil, fmt.Errorf("edition %s: %w", id, archive.ErrNotFound)
	}
	if i+1 < len(list) {
		prev = &list[i+1]
	}
	if i > 0 {
		next = &list[i-1]
	}
	return prev, next, nil
}
