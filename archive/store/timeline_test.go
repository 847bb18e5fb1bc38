package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
)

func TestSeriesTimeline(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	list, err := db.SeriesTimeline(ctx, "chaos-day")
	must(t, err)
	type station struct {
		ID                                  archive.EditionID
		Talks, People, Newcomers, Returning int
	}
	var got []station
	for _, e := range list {
		got = append(got, station{e.ID, e.Talks, e.People, e.Newcomers, e.Returning})
	}
	want := []station{{"chaos-day/2016", 2, 2, 2, 0}, {"chaos-day/2017", 3, 4, 2, 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("timeline: -want +got\n%s", diff)
	}
	regulars, all, err := db.SeriesRegulars(ctx, "chaos-day", 1)
	must(t, err)
	wantRegulars := []archive.Regular{{ID: "bo-ek", Name: "Bo Ek", Editions: []archive.EditionID{"chaos-day/2016", "chaos-day/2017"}, Talks: 2}}
	if diff := cmp.Diff(wantRegulars, regulars); diff != "" || all != 2 {
		t.Errorf("of %d regulars: -want +got\n%s", all, diff)
	}
	topics, err := db.SeriesTopics(ctx, "chaos-day")
	must(t, err)
	wantTopics := []archive.SeriesTopic{
		{ID: "chaos-engineering", Name: "Chaos engineering", Talks: 2, Editions: []archive.TopicCount{{Edition: "chaos-day/2016", Talks: 1}, {Edition: "chaos-day/2017", Talks: 1}}},
		{ID: "fault-tolerance", Name: "Fault tolerance", Talks: 2, Editions: []archive.TopicCount{{Edition: "chaos-day/2017", Talks: 2}}},
	}
	if diff := cmp.Diff(wantTopics, topics[:2]); diff != "" || len(topics) != 4 {
		t.Errorf("topics: -want +got\n%s", diff)
	}
	if none, err := db.SeriesTimeline(ctx, "no-such"); none != nil || err != nil {
		t.Errorf("no series: %v %v", none, err)
	}
}

func TestNearbyEditions(t *testing.T) {
	db := archivetest.Sample(t)
	list, err := db.NearbyEditions(t.Context(), "queues-streams/2018", 5)
	must(t, err)
	if len(list) != 2 || list[0].ID != "chaos-day/2017" || list[0].Score != 1 || list[1].ID != "chaos-day/2016" {
		t.Fatalf("nearby: %+v", list)
	}
	people, topics := []archive.Named{{ID: "bo-ek", Name: "Bo Ek"}}, "Erlang"
	if diff := cmp.Diff(people, list[0].People); diff != "" || len(list[0].Topics) != 1 || list[0].Topics[0].Name != topics {
		t.Errorf("the reasons: %+v", list[0])
	}
	if _, err := db.NearbyEditions(t.Context(), "no/such", 5); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("no edition: %v", err)
	}
}

func TestPersonStory(t *testing.T) {
	db := archivetest.Sample(t)
	got, err := db.PersonStory(t.Context(), "bo-ek")
	must(t, err)
	want := archive.PersonStory{
		Affiliations: []archive.Spell{
			{Name: "KTH Royal Institute of Technology", FirstYear: 2018, LastYear: 2018, Talks: 1}, {Name: "KTH", FirstYear: 2016, LastYear: 2017, Talks: 2},
		},
		With:   []archive.Company{{Named: archive.Named{ID: "ada-lind", Name: "Ada Lind"}, Talks: 1}},
		Topics: []archive.Topic{{ID: "chaos-engineering", Name: "Chaos engineering", Talks: 2}, {ID: "streams", Name: "Streams", Talks: 1}},
		Series: []archive.SeriesCount{{ID: "chaos-day", Name: "Chaos Day", Talks: 2}, {ID: "queues-streams", Name: "Queues & Streams", Talks: 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	got, err = db.PersonStory(t.Context(), "joe-armsby")
	if diff := cmp.Diff([]archive.Link{{URL: "https://joe.example/", Talk: crash}}, got.Links); diff != "" || err != nil {
		t.Errorf("links (%v): -want +got\n%s", err, diff)
	}
	if _, err := db.PersonStory(t.Context(), "nobody"); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}
