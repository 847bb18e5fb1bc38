package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
)

// A topic stands for what talks carry and for what editions announced.
func TestTopics(t *testing.T) {
	db := archivetest.Empty(t)
	p := chaosDay()
	p.Edition.Topics = []string{"Erlang", "Game days", "game days", "–"}
	take(t, db, page, "one", p)
	next := chaosDay()
	next.Edition.Title, next.Edition.StartDate, next.Edition.EndDate = "Chaos Day 2018", "2018-12-06", "2018-12-06"
	next.Edition.Topics = []string{"Game Days"}
	next.Items = next.Items[1:2]
	next.Items[0].Date = "2018-12-06"
	take(t, db, "https://chaos.example/2018", "two", next)

	topics, err := db.Topics(t.Context())
	want := []archive.Topic{
		{ID: "erlang", Name: "Erlang", Talks: 1, Editions: 1},
		{ID: "fault-tolerance", Name: "Fault tolerance", Talks: 1},
		{ID: "game-days", Name: "Game Days", Editions: 2},
	}
	if diff := cmp.Diff(want, topics); diff != "" || err != nil {
		t.Errorf("topics (%v): -want +got\n%s", err, diff)
	}
	if c, err := db.Counts(t.Context()); c.Topics != len(want) || err != nil {
		t.Errorf("%d topics counted (%v)", c.Topics, err)
	}
	editions := map[archive.TopicID][]archive.EditionID{
		"erlang": {"chaos-day/2017"}, "fault-tolerance": nil, "game-days": {"chaos-day/2018", "chaos-day/2017"},
	}
	for _, topic := range want {
		one, err := db.TopicByID(t.Context(), topic.ID)
		if diff := cmp.Diff(topic, one); diff != "" || err != nil {
			t.Errorf("%s (%v): -want +got\n%s", topic.ID, err, diff)
		}
		list, err := db.TopicEditions(t.Context(), topic.ID)
		var got []archive.EditionID
		for _, e := range list {
			got = append(got, e.ID)
		}
		if diff := cmp.Diff(editions[topic.ID], got); diff != "" || err != nil {
			t.Errorf("editions on %s (%v): -want +got\n%s", topic.ID, err, diff)
		}
	}
	if one, err := db.TopicByID(t.Context(), "game"); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a topic of nobody: %+v, %v", one, err)
	}
}
