package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// announcement is a topic as an edition announced it. Editions keep their
// topics as printed, in one list, so the topic's ID is made when it is asked for.
type announcement struct {
	topic   archive.TopicID
	name    string
	edition int64
}

// announcements returns the topics that editions announced, each once for each
// edition, the latest edition first.
func (db *DB) announcements(ctx context.Context) ([]announcement, error) {
	return remembered(ctx, db, "announcements", func() (list []announcement, err error) {
		err = db.view(ctx, func(t *tx) error {
			return t.each(func(rows *sql.Rows) error {
				var n int64
				var topics []byte
				if err := rows.Scan(&n, &topics); err != nil {
					return err
				}
				list = append(list, announced(n, fromList(topics))...)
				return nil
			}, `SELECT n, topics FROM edition WHERE hidden = 0 AND topics <> '[]' ORDER BY start_date DESC, id`)
		})
		return list, err
	})
}

func announced(edition int64, names []string) []announcement {
	var list []announcement
	seen := map[archive.TopicID]bool{"": true}
	for _, name := range names {
		if id := TopicIDOf(name); !seen[id] {
			seen[id] = true
			list = append(list, announcement{id, name, edition})
		}
	}
	return list
}

// Topics returns all topics that talks carry or editions announced, those of
// most talks first, then those of most editions.
func (db *DB) Topics(ctx context.Context) ([]archive.Topic, error) {
	list, err := remembered(ctx, db, "topics", func() ([]archive.Topic, error) {
		return db.topics(ctx, func(archive.TopicID) bool { return true }, "")
	})
	if err != nil {
		return nil, fmt.Errorf("topics: %w", err)
	}
	return list, nil
}

// TopicByID returns one topic; archive.ErrNotFound when no talk carries it and
// no edition announced it, or *archive.MovedError.
func (db *DB) TopicByID(ctx context.Context, id archive.TopicID) (archive.Topic, error) {
	list, err := db.topics(ctx, func(other archive.TopicID) bool { return other == id }, ` AND topic.id = ?`, id)
	if err == nil && len(list) == 0 {
		err = db.view(ctx, func(t *tx) error { return t.moved("topic", string(id)) })
	}
	if err != nil {
		return archive.Topic{}, fmt.Errorf("topic %s: %w", id, err)
	}
	return list[0], nil
}

// TopicEditions returns the editions that announced a topic, latest first; nil
// when there are none.
func (db *DB) TopicEditions(ctx context.Context, id archive.TopicID) ([]archive.EditionSummary, error) {
	all, err := db.announcements(ctx)
	if err != nil {
		return nil, fmt.Errorf("editions on %s: %w", id, err)
	}
	var numbers []int64
	for _, a := range all {
		if a.topic == id {
			numbers = append(numbers, a.edition)
		}
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	asked, err := json.Marshal(numbers)
	if err != nil {
		return nil, fmt.Errorf("editions on %s: %w", id, err)
	}
	var list []archive.EditionSummary
	err = db.view(ctx, func(t *tx) (err error) {
		list, err = t.editions(`edition.n IN (SELECT value FROM json_each(?)) ORDER BY edition.start_date DESC, edition.id`, string(asked))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("editions on %s: %w", id, err)
	}
	return list, nil
}

// topics gathers the topics wanted: those of talks that where selects, and
// those that editions announced. A topic is called as talks call it, else as
// its latest edition does.
func (db *DB) topics(ctx context.Context, wanted func(archive.TopicID) bool, where string, args ...any) ([]archive.Topic, error) {
	all, err := db.announcements(ctx)
	if err != nil {
		return nil, err
	}
	var list []archive.Topic
	at := map[archive.TopicID]int{}
	err = db.view(ctx, func(t *tx) error {
		return t.each(func(rows *sql.Rows) error {
			var topic archive.Topic
			err := rows.Scan(&topic.ID, &topic.Name, &topic.Talks)
			at[topic.ID] = len(list)
			list = append(list, topic)
			return err
		}, `SELECT topic.id, topic.name, count(*) FROM topic JOIN talk_topic ON talk_topic.topic = topic.n
			WHERE talk_topic.talk NOT IN (SELECT n FROM talk WHERE hidden = 1)`+where+` GROUP BY topic.n`, args...)
	})
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if !wanted(a.topic) {
			continue
		}
		i, ok := at[a.topic]
		if !ok {
			i = len(list)
			at[a.topic], list = i, append(list, archive.Topic{ID: a.topic, Name: a.name})
		}
		list[i].Editions++
	}
	slices.SortFunc(list, func(a, b archive.Topic) int {
		return cmp.Or(b.Talks-a.Talks, b.Editions-a.Editions, strings.Compare(string(a.ID), string(b.ID)))
	})
	return list, nil
}

// TopicIDOf returns the ID that a topic as printed goes by; "" when it has no word.
func TopicIDOf(name string) archive.TopicID {
	return archive.TopicID(fold.Slug(name, slugLength))
}

// takeTopic finds the topic of a printed name or makes it; 0 when it has no word.
func (t *tx) takeTopic(name string) (int64, error) {
	id := TopicIDOf(name)
	if id == "" {
		return 0, nil
	}
	var n int64
	err := t.get([]any{&n}, `SELECT n FROM topic WHERE id = ?`, id)
	if !errors.Is(err, archive.ErrNotFound) {
		return n, err
	}
	return t.insert(`INSERT INTO topic (id, name) VALUES (?, ?)`, id, name)
}
