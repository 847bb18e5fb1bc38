package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"rostrum/archive"
	"rostrum/internal/fold"
)

const topicQuery = `SELECT topic.id, topic.name, count(*) FROM topic JOIN talk_topic ON talk_topic.topic = topic.n
	JOIN talk ON talk.n = talk_topic.talk WHERE talk.hidden = 0`

// Topics returns all topics that talks carry, those of most talks first.
func (db *DB) Topics(ctx context.Context) ([]archive.Topic, error) {
	list, err := remembered(ctx, db, "topics", func() (list []archive.Topic, err error) {
		err = db.view(ctx, func(t *tx) (err error) {
			list, err = t.topics(topicQuery + ` GROUP BY topic.n ORDER BY count(*) DESC, topic.id`)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, fmt.Errorf("topics: %w", err)
	}
	return list, nil
}

// TopicByID returns one topic; archive.ErrNotFound when no talk carries it, or
// *archive.MovedError.
func (db *DB) TopicByID(ctx context.Context, id archive.TopicID) (archive.Topic, error) {
	var topic archive.Topic
	err := db.view(ctx, func(t *tx) error {
		list, err := t.topics(topicQuery+` AND topic.id = ? GROUP BY topic.n`, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return t.moved("topic", string(id))
		}
		topic = list[0]
		return nil
	})
	if err != nil {
		return archive.Topic{}, fmt.Errorf("topic %s: %w", id, err)
	}
	return topic, nil
}

func (t *tx) topics(query string, args ...any) ([]archive.Topic, error) {
	var list []archive.Topic
	err := t.each(func(rows *sql.Rows) error {
		var topic archive.Topic
		err := rows.Scan(&topic.ID, &topic.Name, &topic.Talks)
		list = append(list, topic)
		return err
	}, query, args...)
	return list, err
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
