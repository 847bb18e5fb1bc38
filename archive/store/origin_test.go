package store_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

func TestProvenance(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Empty(t)
	p := chaosDay()
	place := archive.Place{Path: "body > h2", Quote: "Let it crash", Sure: 0.9}
	p.Items[0].Places = archive.Places{"title": place}
	p.Items = p.Items[:1]
	p.Items[0].Slides, p.Items[0].Topics, p.Items[0].End = nil, nil, ""
	take(t, db, page, "one", p)
	second := archive.Programme{Edition: p.Edition, Items: []archive.Item{{Kind: archive.KindTalk, Title: "Let it crash", Room: "Vat 1"}}}
	take(t, db, "file:rooms.json", "rooms", second)
	act, err := db.Correct(ctx, store.Correction{Thing: store.ThingTalk, ID: string(crash), Field: "room", Value: json.RawMessage(`"Vat 2"`)}, me)
	must(t, err)
	second.Items[0].Room = "Vat 3"
	take(t, db, "file:rooms.json", "rooms again", second)
	got, err := db.Provenance(ctx, store.ThingTalk, string(crash))
	must(t, err)
	read := func(field, value string, snapshot archive.SnapshotID, address string) store.Origin {
		return store.Origin{Field: field, Value: json.RawMessage(value), Snapshot: snapshot, Address: address, Fetched: archivetest.Time(0)}
	}
	room := read("room", `"Vat 2"`, 3, "file:rooms.json")
	room.Act, room.By, room.Why, room.At, room.Disagrees = act, "me", "because", me.At, true
	room.Read, room.Was = json.RawMessage(`"Vat 3"`), json.RawMessage(`"Vat 1"`)
	want := []store.Origin{
		read("kind", `"talk"`, 3, "file:rooms.json"), read("title", `"Let it crash"`, 3, "file:rooms.json"),
		read("speakers", string(archive.ItemField(p.Items[0], "speakers")), 1, page),
		read("date", `"2017-12-06"`, 1, page), read("start", `"09:00"`, 1, page), room,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("talk: -want +got\n%s", diff)
	}
	list, err := db.Disagreements(ctx)
	if err != nil || len(list) != 1 || list[0].Act != act || string(list[0].Read) != `"Vat 3"` {
		t.Errorf("disagreements: %+v %v", list, err)
	}
	editions, err := db.Provenance(ctx, store.ThingEdition, "chaos-day/2017")
	must(t, err)
	fields := map[string]string{}
	for _, o := range editions {
		fields[o.Field] = string(o.Value) + " from " + o.Address
	}
	wantFields := map[string]string{}
	for field, value := range map[string]string{"title": "Chaos Day 2017", "start_date": "2017-12-06", "end_date": "2017-12-06", "city": "Stockholm", "language": "en"} {
		wantFields[field] = strconv.Quote(value) + " from file:rooms.json"
	}
	if diff := cmp.Diff(wantFields, fields); diff != "" {
		t.Errorf("edition: -want +got\n%s", diff)
	}
	// The place of a value is told where only one source speaks.
	alone := archivetest.Empty(t)
	take(t, alone, page, "one", p)
	got, err = alone.Provenance(ctx, store.ThingTalk, string(crash))
	must(t, err)
	if diff := cmp.Diff(&place, got[1].Place); diff != "" {
		t.Errorf("place: -want +got\n%s", diff)
	}
	for _, thing := range []store.Thing{store.ThingTalk, store.ThingEdition, store.ThingPerson} {
		if _, err := db.Provenance(ctx, thing, "no/such/thing"); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("no %s: %v", thing, err)
		}
	}
}

func TestPersonProvenance(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	act, err := db.Correct(ctx, store.Correction{Thing: store.ThingPerson, ID: "ada-lind", Field: "bio", Value: json.RawMessage(`"Breaks things."`)}, me)
	must(t, err)
	got, err := db.Provenance(ctx, store.ThingPerson, "ada-lind")
	must(t, err)
	if len(got) < 2 || got[0].Field != "name" || got[0].Talk == "" || got[0].Address == "" || got[0].Corrected() {
		t.Errorf("the name: %+v", got)
	}
	for _, o := range got {
		if o.Field == "bio" && (string(o.Value) != `"Breaks things."` || o.Act != act || o.Disagrees) {
			t.Errorf("the biography: %+v", o)
		}
	}
}
