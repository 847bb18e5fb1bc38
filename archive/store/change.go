package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"rostrum/archive"
)

// changeBatch is how many talks are in memory at once while changes stream.
const changeBatch = 100

// Changes yields every talk that changed after a Revision, once, as it now is,
// in the order of its last change. It is read in batches, each from a state of
// its own, so that a slow follower keeps nothing from being written: a talk
// that changes meanwhile comes again, later. It ends at the first error.
func (db *DB) Changes(ctx context.Context, after archive.Revision) iter.Seq2[archive.Change, error] {
	return func(yield func(archive.Change, error) bool) {
		for {
			list, err := db.changes(ctx, after)
			if err != nil {
				yield(archive.Change{}, fmt.Errorf("changes after %d: %w", after, err))
				return
			}
			for _, c := range list {
				if c.Entry != nil {
					if err := db.fillSlides(ctx, c.Entry); err != nil {
						yield(archive.Change{}, fmt.Errorf("changes after %d: %w", after, err))
						return
					}
				}
				if !yield(c, nil) {
					return
				}
				after = c.Revision
			}
			if len(list) == 0 {
				return
			}
		}
	}
}

func (db *DB) changes(ctx context.Context, after archive.Revision) ([]archive.Change, error) {
	var list []archive.Change
	err := db.view(ctx, func(t *tx) error {
		var numbers []any
		at := map[int64]int{}
		err := t.each(func(rows *sql.Rows) error {
			var c archive.Change
			var n int64
			if err := rows.Scan(&c.Revision, &n, &c.Talk); err != nil {
				return err
			}
			if n != 0 {
				at[n] = len(list)
				numbers = append(numbers, n)
			}
			list = append(list, c)
			return nil
		}, `SELECT revision, n, id FROM talk WHERE revision > ?1 UNION ALL SELECT revision, 0, old FROM redirect WHERE kind = 'talk' AND revision > ?1
			ORDER BY revision LIMIT ?2`, after, changeBatch)
		if err != nil || len(numbers) == 0 {
			return err
		}
		return t.fillEntries(list, at, numbers)
	})
	return list, err
}

// fillEntries puts in the talks that are shown; numbers are their rows, and
// at says where in the list each stands.
func (t *tx) fillEntries(list []archive.Change, at map[int64]int, numbers []any) error {
	in := `talk.n IN (?` + strings.Repeat(", ?", len(numbers)-1) + `)`
	talks, err := t.talks(`FROM talk WHERE `+in, numbers...)
	if err != nil {
		return err
	}
	byNumber := map[int64]*talkRow{}
	for _, r := range talks {
		byNumber[r.n] = r
	}
	err = t.each(func(rows *sql.Rows) error {
		var n int64
		var e archive.Entry
		var topics []byte
		if err := rows.Scan(&n, &e.SeriesName, &e.EditionTitle, &e.EditionYear, &e.Country, &e.EditionLanguage, &topics); err != nil {
			return err
		}
		e.EditionTopics = fromList(topics)
		r := byNumber[n]
		if r == nil || !r.given || r.hidden {
			return nil
		}
		e.Talk = r.visible()
		if year := (archive.EditionInfo{Title: e.EditionTitle}).Year(); year != 0 {
			e.EditionYear = year
		}
		e.People = make([]string, len(r.credits))
		list[at[n]].Entry = &e
		return nil
	}, `SELECT talk.n, series.name, edition.title, CAST(substr(edition.start_date, 1, 4) AS INTEGER), edition.country, edition.language, edition.topics
		FROM talk JOIN edition ON edition.n = talk.edition JOIN series ON series.n = edition.series WHERE `+in, numbers...)
	if err != nil {
		return err
	}
	for n, r := range byNumber {
		if e := list[at[n]].Entry; e != nil {
			for _, v := range r.veils {
				e.EditionTitle = v.over(e.EditionTitle)
			}
		}
		if err := t.fillPeople(list[at[n]].Entry, r); err != nil {
			return err
		}
	}
	return nil
}

// fillPeople puts in the names shown for the credits' people.
func (t *tx) fillPeople(e *archive.Entry, r *talkRow) error {
	if e == nil {
		return nil
	}
	for i, c := range r.credits {
		if c.person == 0 || r.talk.Speakers[i].Person == "" {
			continue
		}
		if err := t.get([]any{&e.People[i]}, `SELECT name FROM person WHERE n = ?`, c.person); err != nil {
			return err
		}
	}
	return nil
}

// fillSlides puts in the words of the talk's decks, one talk at a time, since
// one deck may be as large as a thousand talks.
func (db *DB) fillSlides(ctx context.Context, e *archive.Entry) error {
	e.DeckSlides = make([][]archive.SlideWords, len(e.Decks))
	for i, d := range e.Decks {
		if d.State != archive.DeckRead {
			continue
		}
		err := db.view(ctx, func(t *tx) error {
			veils, err := t.deckVeils(d.Blob)
			if err != nil {
				return err
			}
			return t.each(func(rows *sql.Rows) error {
				var s archive.SlideWords
				err := rows.Scan(&s.Number, &s.Text)
				for _, v := range veils {
					s.Text = v.over(s.Text)
				}
				e.DeckSlides[i] = append(e.DeckSlides[i], s)
				return err
			}, `SELECT slide.number, slide.search FROM deck JOIN slide ON slide.deck = deck.n WHERE deck.blob = ? ORDER BY slide.number`, d.Blob)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
