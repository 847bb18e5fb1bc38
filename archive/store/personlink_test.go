package store_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

const month = 30 * 24 * time.Hour

func link(t *testing.T, db *store.DB, person archive.PersonID) (store.PersonLink, string) {
	t.Helper()
	l, secret, err := db.MakeLink(t.Context(), person, me.At.Add(month), me)
	must(t, err)
	return l, secret
}

func TestPrivateLink(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	made, secret := link(t, db, "joe-armsby")
	want := store.PersonLink{ID: 1, Person: "joe-armsby", Name: "Joe Armsby", MadeBy: me.By, Made: me.At, Expires: me.At.Add(month)}
	if diff := cmp.Diff(want, made, cmpopts.IgnoreUnexported(want), cmpopts.EquateApproxTime(time.Millisecond)); diff != "" || len(secret) != 43 {
		t.Errorf("made %q: %s", secret, diff)
	}
	// What opens it lies nowhere.
	for table, rows := range fingerprint(t, db) {
		if strings.Contains(strings.Join(rows, "\n"), secret) {
			t.Errorf("the secret stands in %s", table)
		}
	}
	opened, err := db.OpenLink(ctx, secret, me.At.Add(month-time.Second))
	if err != nil || opened.ID != made.ID {
		t.Errorf("opened: %+v %v", opened, err)
	}
	for name, c := range map[string]struct {
		secret string
		at     time.Time
	}{"another": {secret[1:] + "A", me.At}, "none": {"", me.At}, "expired": {secret, me.At.Add(month)}} {
		if _, err := db.OpenLink(ctx, c.secret, c.at); !errors.Is(err, archive.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := db.RevokeLink(ctx, made.ID, me); err != nil {
		t.Error(err)
	}
	if _, err := db.OpenLink(ctx, secret, me.At); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("revoked: %v", err)
	}
	if _, err := db.CorrectByLink(ctx, made.ID, nil, me.At); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("used when revoked: %v", err)
	}
	if _, err := db.RevokeLink(ctx, 99, me); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("revoked none: %v", err)
	}
	for _, life := range []time.Duration{0, -time.Hour, 400 * 24 * time.Hour} {
		if _, _, err := db.MakeLink(ctx, "joe-armsby", me.At.Add(life), me); !invalid(err) {
			t.Errorf("a link for %v: %v", life, err)
		}
	}
}

func TestPrivateLinkEditsOwnEntriesOnly(t *testing.T) {
	ctx := t.Context()
	db := archivetest.Sample(t)
	l, _ := link(t, db, "joe-armsby")
	fix := func(thing store.Thing, id, field, value string) store.Correction {
		return store.Correction{Thing: thing, ID: id, Field: field, Value: json.RawMessage(value)}
	}
	acts, err := db.CorrectByLink(ctx, l.ID, []store.Correction{
		fix(store.ThingTalk, string(crash), "title", `"Let it crash, I said"`), fix(store.ThingPerson, "joe-armsby", "name", `"Joseph Armsby"`),
	}, me.At)
	must(t, err)
	act, err := db.ActByID(ctx, acts[0])
	must(t, err)
	var c store.Correction
	must(t, json.Unmarshal(act.Detail, &c))
	if c.Via != store.ViaSpeaker || act.By != "Joe Armsby" || talk(t, db, crash).Title != "Let it crash, I said" {
		t.Errorf("%s by %s: %s", c.Via, act.By, talk(t, db, crash).Title)
	}
	before := fingerprint(t, db)
	for name, list := range map[string][]store.Correction{
		"another's talk": {fix(store.ThingTalk, "chaos-day/2017/breaking-things-on-purpose", "title", `"Mine"`)},
		"another":        {fix(store.ThingPerson, "ada-lind", "bio", `"Mine"`)},
		"the edition":    {fix(store.ThingEdition, "chaos-day/2017", "city", `"Mine"`)},
		"when it was":    {fix(store.ThingTalk, string(crash), "start", `"11:00"`)},
		"who gave it":    {fix(store.ThingTalk, string(crash), "speakers", `[{"name":"Me"}]`)},
		"one of both": {
			fix(store.ThingTalk, string(crash), "title", `"Half"`), fix(store.ThingPerson, "ada-lind", "bio", `"Mine"`),
		},
	} {
		if _, err := db.CorrectByLink(ctx, l.ID, list, me.At); err == nil {
			t.Errorf("%s was changed", name)
		}
	}
	if diff := cmp.Diff(before, fingerprint(t, db)); diff != "" {
		t.Error(diff)
	}
	// A link follows a merge, and ends with a takedown.
	_, err = db.MergePeople(ctx, "joe-armsby", "ada-lind", me)
	must(t, err)
	if l, err := db.LinkByID(ctx, l.ID, me.At); err != nil || l.Person != "ada-lind" {
		t.Errorf("after a merge: %+v %v", l, err)
	}
	if list, err := db.Links(ctx, "ada-lind"); len(list) != 1 || err != nil {
		t.Errorf("%+v %v", list, err)
	}
	_, err = db.TakeDown(ctx, store.ThingPerson, "ada-lind", me)
	must(t, err)
	if _, err := db.LinkByID(ctx, l.ID, me.At); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("after a takedown: %v", err)
	}
	if _, err := db.CorrectByLink(ctx, l.ID, []store.Correction{fix(store.ThingPerson, "ada-lind", "bio", `"Mine"`)}, me.At); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("after a takedown: %v", err)
	}
}
