package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"rostrum/archive"
)

// SeriesTimeline returns the editions of a series by date, earliest first (one
// without a date by the year in its title, else last), with how many people
// came for the first time and how many came back; nil when it has none.
func (db *DB) SeriesTimeline(ctx context.Context, series archive.SeriesID) ([]archive.TimelineEdition, error) {
	list, err := remembered(ctx, db, "timeline "+string(series), func() (list []archive.TimelineEdition, err error) {
		err = db.view(ctx, func(t *tx) (err error) {
			list, err = t.timeline(series)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, fmt.Errorf("timeline of %s: %w", series, err)
	}
	return list, nil
}

func (t *tx) timeline(series archive.SeriesID) ([]archive.TimelineEdition, error) {
	editions, err := t.editions(`series.id = ?`, series)
	if err != nil || len(editions) == 0 {
		return nil, err
	}
	slices.SortFunc(editions, byDate)
	cast, err := t.seriesCast(series)
	if err != nil {
		return nil, err
	}
	seen := map[int64]bool{}
	list := make([]archive.TimelineEdition, len(editions))
	for i, e := range editions {
		list[i].EditionSummary = e
		for _, p := range cast[e.ID] {
			if seen[p.n] {
				list[i].Returning++
			} else {
				list[i].Newcomers++
			}
		}
		for _, p := range cast[e.ID] {
			seen[p.n] = true
		}
		list[i].People = len(cast[e.ID])
	}
	return list, nil
}

// byDate orders editions as they were held.
func byDate(a, b archive.EditionSummary) int {
	return cmp.Or(cmp.Compare(dateKey(a), dateKey(b)), cmp.Compare(a.ID, b.ID))
}

// dateKey stands an edition of which only the year is known at its end.
func dateKey(e archive.EditionSummary) string {
	switch year := (archive.EditionInfo{Title: e.Title}).Year(); {
	case e.StartDate != "":
		return string(e.StartDate)
	case year != 0:
		return strconv.Itoa(year) + "-99"
	}
	return "9999"
}

// castMember is somebody on the talks of an edition.
type castMember struct {
	n     int64
	id    archive.PersonID
	name  string
	talks int
}

// seriesCast returns who stood on the talks of each edition of a series.
func (t *tx) seriesCast(series archive.SeriesID) (map[archive.EditionID][]castMember, error) {
	cast := map[archive.EditionID][]castMember{}
	err := t.each(func(rows *sql.Rows) error {
		var e archive.EditionID
		var m castMember
		err := rows.Scan(&e, &m.n, &m.id, &m.name, &m.talks)
		cast[e] = append(cast[e], m)
		return err
	}, `SELECT edition.id, person.n, person.id, person.name, count(DISTINCT talk.n)
		FROM series JOIN edition ON edition.series = series.n JOIN talk ON talk.edition = edition.n JOIN credit ON credit.talk = talk.n
		JOIN person ON person.n = credit.person
		WHERE series.id = ? AND edition.hidden = 0 AND talk.hidden = 0 AND person.hidden = 0
		GROUP BY edition.n, person.n ORDER BY edition.n, person.n`, series)
	return cast, err
}

// SeriesRegulars returns who stood on talks of at least two editions of a
// series, most editions first, at most limit; and how many there are in all.
func (db *DB) SeriesRegulars(ctx context.Context, series archive.SeriesID, limit int) ([]archive.Regular, int, error) {
	list, err := remembered(ctx, db, "regulars "+string(series), func() (list []archive.Regular, err error) {
		err = db.view(ctx, func(t *tx) (err error) {
			list, err = t.regulars(series)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("regulars of %s: %w", series, err)
	}
	return list[:min(max(limit, 0), len(list))], len(list), nil
}

func (t *tx) regulars(series archive.SeriesID) ([]archive.Regular, error) {
	editions, err := t.editions(`series.id = ?`, series)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(editions, byDate)
	cast, err := t.seriesCast(series)
	if err != nil {
		return nil, err
	}
	at := map[int64]int{}
	var list []archive.Regular
	for _, e := range editions {
		for _, m := range cast[e.ID] {
			i, ok := at[m.n]
			if !ok {
				i = len(list)
				at[m.n], list = i, append(list, archive.Regular{ID: m.id, Name: m.name})
			}
			list[i].Editions = append(list[i].Editions, e.ID)
			list[i].Talks += m.talks
		}
	}
	list = slices.DeleteFunc(list, func(r archive.Regular) bool { return len(r.Editions) < 2 })
	slices.SortFunc(list, func(a, b archive.Regular) int {
		return cmp.Or(len(b.Editions)-len(a.Editions), b.Talks-a.Talks, cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return slices.Clip(list), nil
}

// SeriesTopics returns the topics of a series, those of most talks first, each
// with the editions that have it, earliest first; nil when there are none.
func (db *DB) SeriesTopics(ctx context.Context, series archive.SeriesID) ([]archive.SeriesTopic, error) {
	list, err := remembered(ctx, db, "series topics "+string(series), func() (list []archive.SeriesTopic, err error) {
		err = db.view(ctx, func(t *tx) (err error) {
			list, err = t.seriesTopics(series)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, fmt.Errorf("topics of %s: %w", series, err)
	}
	return list, nil
}

func (t *tx) seriesTopics(series archive.SeriesID) ([]archive.SeriesTopic, error) {
	editions, err := t.editions(`series.id = ?`, series)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(editions, byDate)
	carried := map[archive.EditionID]map[archive.TopicID]int{}
	names := map[archive.TopicID]string{}
	err = t.each(func(rows *sql.Rows) error {
		var e archive.EditionID
		var id archive.TopicID
		var name string
		var talks int
		if err := rows.Scan(&e, &id, &name, &talks); err != nil {
			return err
		}
		if carried[e] == nil {
			carried[e] = map[archive.TopicID]int{}
		}
		carried[e][id], names[id] = talks, name
		return nil
	}, `SELECT edition.id, topic.id, topic.name, count(*) FROM series JOIN edition ON edition.series = series.n JOIN talk ON talk.edition = edition.n
		JOIN talk_topic ON talk_topic.talk = talk.n JOIN topic ON topic.n = talk_topic.topic
		WHERE series.id = ? AND edition.hidden = 0 AND talk.hidden = 0 GROUP BY edition.n, topic.n`, series)
	if err != nil {
		return nil, err
	}
	at := map[archive.TopicID]int{}
	var list []archive.SeriesTopic
	add := func(id archive.TopicID, name string, c archive.TopicCount) {
		i, ok := at[id]
		if !ok {
			i = len(list)
			at[id], list = i, append(list, archive.SeriesTopic{ID: id, Name: name})
		}
		list[i].Talks += c.Talks
		list[i].Editions = append(list[i].Editions, c)
	}
	for _, e := range editions {
		said := map[archive.TopicID]bool{}
		for _, a := range announced(0, e.Topics) {
			said[a.topic] = true
			if _, ok := names[a.topic]; !ok {
				names[a.topic] = a.name
			}
		}
		for id, talks := range carried[e.ID] {
			add(id, names[id], archive.TopicCount{Edition: e.ID, Talks: talks, Announced: said[id]})
		}
		for id := range said {
			if carried[e.ID][id] == 0 {
				add(id, names[id], archive.TopicCount{Edition: e.ID, Announced: true})
			}
		}
	}
	slices.SortFunc(list, func(a, b archive.SeriesTopic) int {
		return cmp.Or(b.Talks-a.Talks, len(b.Editions)-len(a.Editions), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}
