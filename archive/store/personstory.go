package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// storyLength bounds each list of a PersonStory.
const storyLength = 200

// PersonStory returns what the talks of a person tell of them, over all
// series; empty lists where they tell nothing. archive.ErrNotFound or
// *archive.MovedError.
func (db *DB) PersonStory(ctx context.Context, id archive.PersonID) (archive.PersonStory, error) {
	var story archive.PersonStory
	err := db.view(ctx, func(t *tx) error {
		var n int64
		err := t.get([]any{&n}, `SELECT n FROM person WHERE id = ? AND merged IS NULL AND hidden = 0`, id)
		if errors.Is(err, archive.ErrNotFound) {
			return t.movedPerson(id)
		}
		if err != nil {
			return err
		}
		story, err = t.personStory(n)
		return err
	})
	if err != nil {
		return archive.PersonStory{}, fmt.Errorf("story of %s: %w", id, err)
	}
	return story, nil
}

func (t *tx) personStory(n int64) (archive.PersonStory, error) {
	var story archive.PersonStory
	if err := t.personPrinted(n, &story); err != nil {
		return story, err
	}
	err := t.each(func(rows *sql.Rows) error {
		var c archive.Company
		err := rows.Scan(&c.ID, &c.Name, &c.Talks)
		story.With = append(story.With, c)
		return err
	}, `SELECT person.id, person.name, count(DISTINCT talk.n) FROM credit AS mine JOIN talk ON talk.n = mine.talk
		JOIN credit ON credit.talk = talk.n JOIN person ON person.n = credit.person
		WHERE mine.person = ?1 AND credit.person <> ?1 AND talk.hidden = 0 AND person.hidden = 0
		GROUP BY person.n ORDER BY count(DISTINCT talk.n) DESC, person.sort, person.n LIMIT ?2`, n, storyLength)
	if err != nil {
		return story, err
	}
	err = t.each(func(rows *sql.Rows) error {
		var k archive.Topic
		err := rows.Scan(&k.ID, &k.Name, &k.Talks)
		story.Topics = append(story.Topics, k)
		return err
	}, `SELECT topic.id, topic.name, count(*) FROM talk JOIN talk_topic ON talk_topic.talk = talk.n JOIN topic ON topic.n = talk_topic.topic
		WHERE talk.hidden = 0 AND talk.n IN (SELECT talk FROM credit WHERE person = ?)
		GROUP BY topic.n ORDER BY count(*) DESC, topic.id LIMIT ?`, n, storyLength)
	if err != nil {
		return story, err
	}
	err = t.each(func(rows *sql.Rows) error {
		var s archive.SeriesCount
		err := rows.Scan(&s.ID, &s.Name, &s.Talks)
		story.Series = append(story.Series, s)
		return err
	}, `SELECT series.id, series.name, count(*) FROM talk JOIN edition ON edition.n = talk.edition JOIN series ON series.n = edition.series
		WHERE talk.hidden = 0 AND talk.n IN (SELECT talk FROM credit WHERE person = ?)
		GROUP BY series.n ORDER BY count(*) DESC, series.id LIMIT ?`, n, storyLength)
	return story, err
}

// personPrinted gathers what was printed beside the name, latest first.
func (t *tx) personPrinted(n int64, story *archive.PersonStory) error {
	var given string
	veil, err := t.veilOf(n)
	if err != nil {
		return err
	}
	if err := t.get([]any{&given}, `SELECT url FROM person WHERE n = ?`, n); err != nil {
		return err
	}
	if given != "" {
		story.Links = append(story.Links, archive.Link{URL: given})
	}
	spells := map[string]int{}
	err = t.each(func(rows *sql.Rows) error {
		var talk archive.TalkID
		var affiliation, url, date string
		if err := rows.Scan(&talk, &affiliation, &url, &date); err != nil {
			return err
		}
		known := slices.ContainsFunc(story.Links, func(l archive.Link) bool { return l.URL == url })
		if url != "" && !known && !veil.in(url) {
			story.Links = append(story.Links, archive.Link{URL: url, Talk: talk})
		}
		if key := fold.Key(affiliation); key != "" {
			i, ok := spells[key]
			if !ok {
				i = len(story.Affiliations)
				spells[key], story.Affiliations = i, append(story.Affiliations, archive.Spell{Name: veil.over(affiliation)})
			}
			stretch(&story.Affiliations[i], date)
		}
		return nil
	}, `SELECT talk.id, credit.affiliation, credit.url, coalesce(`+talkDate+`, '') FROM credit JOIN talk ON talk.n = credit.talk
		JOIN edition ON edition.n = talk.edition WHERE credit.person = ? AND talk.hidden = 0 ORDER BY `+talkDate+` DESC, talk.n DESC`, n)
	story.Links = story.Links[:min(storyLength, len(story.Links))]
	story.Affiliations = story.Affiliations[:min(storyLength, len(story.Affiliations))]
	return err
}

// stretch lets a spell hold one more talk.
func stretch(s *archive.Spell, date string) {
	s.Talks++
	year, err := strconv.Atoi(date[:min(4, len(date))])
	if err != nil || year == 0 {
		return
	}
	s.LastYear = max(s.LastYear, year)
	if s.FirstYear == 0 || year < s.FirstYear {
		s.FirstYear = year
	}
}
