package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"rostrum/archive"
)

const (
	// nearbyReasons is how many people and topics are named for each edition.
	nearbyReasons = 6
	// nearbyTopics is how many topics of an edition are followed, those that
	// tell most: what hundreds of talks carry is near to everything.
	nearbyTopics = 40
	// nearbyShare is the share of all talks above which a topic tells nothing.
	nearbyShare = 0.1
	nearbyKept  = 20
)

// NearbyEditions returns the editions of other series that have people and
// topics in common with one, the nearest first, at most limit of no more than
// twenty, with the reasons; nil when there are none. archive.ErrNotFound or
// *archive.MovedError.
func (db *DB) NearbyEditions(ctx context.Context, id archive.EditionID, limit int) ([]archive.NearbyEdition, error) {
	list, err := remembered(ctx, db, "nearby "+string(id), func() ([]archive.NearbyEdition, error) {
		topics, err := db.Topics(ctx)
		if err != nil {
			return nil, err
		}
		var list []archive.NearbyEdition
		err = db.view(ctx, func(t *tx) (err error) {
			list, err = t.nearby(id, topics)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, fmt.Errorf("nearby %s: %w", id, err)
	}
	return list[:min(max(limit, 0), len(list))], nil
}

// bond is what one other edition has in common.
type bond struct {
	edition archive.EditionID
	people  []weighedPerson
	topics  []weighedTopic
	score   float64
}

type weighedPerson struct {
	archive.Named
	weight float64
}

type weighedTopic struct {
	archive.Topic
	weight float64
}

func (t *tx) nearby(id archive.EditionID, topics []archive.Topic) ([]archive.NearbyEdition, error) {
	n, err := t.editionNumber(id)
	if err != nil {
		return nil, err
	}
	bonds := map[archive.EditionID]*bond{}
	bondOf := func(e archive.EditionID) *bond {
		if bonds[e] == nil {
			bonds[e] = &bond{edition: e}
		}
		return bonds[e]
	}
	if err := t.commonPeople(n, bondOf); err != nil {
		return nil, err
	}
	if err := t.commonTopics(n, topics, bondOf); err != nil {
		return nil, err
	}
	best := strongest(bonds)
	if len(best) == 0 {
		return nil, nil
	}
	ids := make([]any, len(best))
	for i, b := range best {
		ids[i] = b.edition
	}
	found, err := t.editions(`edition.id IN (?`+strings.Repeat(", ?", len(ids)-1)+`)`, ids...)
	if err != nil {
		return nil, err
	}
	byID := map[archive.EditionID]archive.EditionSummary{}
	for _, e := range found {
		byID[e.ID] = e
	}
	list := make([]archive.NearbyEdition, len(best))
	for i, b := range best {
		list[i] = archive.NearbyEdition{EditionSummary: byID[b.edition], Score: b.score, PeopleInAll: len(b.people), TopicsInAll: len(b.topics)}
		for _, p := range b.people[:min(nearbyReasons, len(b.people))] {
			list[i].People = append(list[i].People, p.Named)
		}
		for _, k := range b.topics[:min(nearbyReasons, len(b.topics))] {
			list[i].Topics = append(list[i].Topics, k.Topic)
		}
	}
	return list, nil
}

// strongest weighs the bonds against each other. A person in common says more
// than a topic: people travel less than words do.
func strongest(bonds map[archive.EditionID]*bond) []*bond {
	var list []*bond
	top := 0.0
	for _, b := range bonds {
		slices.SortFunc(b.people, func(x, y weighedPerson) int {
			return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.ID, y.ID))
		})
		slices.SortFunc(b.topics, func(x, y weighedTopic) int {
			return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.ID, y.ID))
		})
		for _, p := range b.people {
			b.score += p.weight
		}
		for _, k := range b.topics {
			b.score += k.weight
		}
		top = max(top, b.score)
		list = append(list, b)
	}
	slices.SortFunc(list, func(a, b *bond) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.edition, b.edition))
	})
	list = list[:min(nearbyKept, len(list))]
	for _, b := range list {
		b.score /= top
	}
	return list
}

// commonPeople finds who stood on talks there and elsewhere. Somebody who
// speaks everywhere ties less than who speaks at these two.
func (t *tx) commonPeople(edition int64, bondOf func(archive.EditionID) *bond) error {
	type meeting struct {
		edition archive.EditionID
		person  archive.Named
	}
	var meetings []meeting
	seen := map[archive.PersonID]int{}
	err := t.each(func(rows *sql.Rows) error {
		var m meeting
		err := rows.Scan(&m.edition, &m.person.ID, &m.person.Name)
		meetings = append(meetings, m)
		seen[m.person.ID]++
		return err
	}, `SELECT DISTINCT other.id, person.id, person.name
		FROM talk AS mine JOIN edition AS here ON here.n = mine.edition
		JOIN credit AS c ON c.talk = mine.n JOIN person ON person.n = c.person
		JOIN credit AS d ON d.person = person.n JOIN talk AS theirs ON theirs.n = d.talk JOIN edition AS other ON other.n = theirs.edition
		WHERE mine.edition = ? AND mine.hidden = 0 AND person.hidden = 0 AND theirs.hidden = 0 AND other.hidden = 0 AND other.series <> here.series`, edition)
	if err != nil {
		return err
	}
	for _, m := range meetings {
		b := bondOf(m.edition)
		b.people = append(b.people, weighedPerson{m.person, 1 / math.Sqrt(float64(seen[m.person.ID]))})
	}
	return nil
}

// commonTopics finds which topics talks there and elsewhere carry. What few
// talks carry ties more; a large edition is not near because it has everything.
func (t *tx) commonTopics(edition int64, topics []archive.Topic, bondOf func(archive.EditionID) *bond) error {
	known := map[archive.TopicID]archive.Topic{}
	all := 1
	for _, k := range topics {
		known[k.ID] = k
		all = max(all, k.Talks)
	}
	if err := t.get([]any{&all}, `SELECT count(*) FROM talk WHERE given = 1 AND hidden = 0`); err != nil {
		return err
	}
	mine, size, err := t.tellingTopics(edition, known, all)
	if err != nil || len(mine) == 0 {
		return err
	}
	asked, err := json.Marshal(slices.Collect(func(yield func(archive.TopicID) bool) {
		for id := range mine {
			if !yield(id) {
				return
			}
		}
	}))
	if err != nil {
		return err
	}
	return t.each(func(rows *sql.Rows) error {
		var other archive.EditionID
		var id archive.TopicID
		var count, talks int
		if err := rows.Scan(&other, &id, &count, &talks); err != nil {
			return err
		}
		k := known[id]
		share := min(float64(mine[id])/float64(size), float64(count)/float64(max(talks, 5)))
		b := bondOf(other)
		b.topics = append(b.topics, weighedTopic{k, math.Log(float64(all)/float64(max(k.Talks, 1))) * share})
		return nil
	}, `SELECT edition.id, topic.id, count(*), (SELECT count(*) FROM talk WHERE talk.edition = edition.n AND given = 1 AND hidden = 0)
		FROM topic JOIN talk_topic ON talk_topic.topic = topic.n JOIN talk ON talk.n = talk_topic.talk JOIN edition ON edition.n = talk.edition
		WHERE topic.id IN (SELECT value FROM json_each(?1)) AND talk.hidden = 0 AND edition.hidden = 0
			AND edition.series <> (SELECT series FROM edition WHERE n = ?2)
		GROUP BY edition.n, topic.n`, string(asked), edition)
}

// tellingTopics returns how many talks of an edition carry each of the topics
// that tell most of it, and how many talks it has (no less than five: two of
// two talks are no leaning).
func (t *tx) tellingTopics(edition int64, known map[archive.TopicID]archive.Topic, all int) (map[archive.TopicID]int, int, error) {
	size := 0
	if err := t.get([]any{&size}, `SELECT count(*) FROM talk WHERE edition = ? AND given = 1 AND hidden = 0`, edition); err != nil {
		return nil, 0, err
	}
	type count struct {
		id     archive.TopicID
		talks  int
		weight float64
	}
	var list []count
	err := t.each(func(rows *sql.Rows) error {
		var c count
		if err := rows.Scan(&c.id, &c.talks); err != nil {
			return err
		}
		share := float64(known[c.id].Talks) / float64(max(all, 1))
		if share <= nearbyShare || all < 200 {
			c.weight = float64(c.talks) * math.Log(1/max(share, 1e-6))
			list = append(list, c)
		}
		return nil
	}, `SELECT topic.id, count(*) FROM talk JOIN talk_topic ON talk_topic.talk = talk.n JOIN topic ON topic.n = talk_topic.topic
		WHERE talk.edition = ? AND talk.hidden = 0 GROUP BY topic.n`, edition)
	slices.SortFunc(list, func(a, b count) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.id, b.id)) })
	mine := map[archive.TopicID]int{}
	for _, c := range list[:min(nearbyTopics, len(list))] {
		mine[c.id] = c.talks
	}
	return mine, max(size, 5), err
}
