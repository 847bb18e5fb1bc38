package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/internal/fold"
)

// Bounds of the search for what an ID may have meant.
const (
	nearLooked = 100_000 // IDs compared at most
	nearShown  = 3
)

// near is the error for an ID that names nothing, with those that look like it
// as the way out.
func near(ctx context.Context, db *store.DB, id string) error {
	found, err := nearIDs(ctx, db, id)
	if err != nil {
		return err
	}
	err = fmt.Errorf("%s: %w", id, archive.ErrNotFound)
	if len(found) == 0 {
		return hint(err, "rostrum list shows what there is, rostrum search finds talks by their words")
	}
	return hint(err, "did you mean "+strings.Join(found, " or ")+"?")
}

// nearIDs returns IDs that look like one, the likeliest first; none when none
// does. Of a talk whose edition is there only talks of that edition are looked
// at: more often it is the last part that is mistyped.
func nearIDs(ctx context.Context, db *store.DB, id string) ([]string, error) {
	parts := strings.Split(id, "/")
	switch {
	case len(parts) == 2 && parts[0] == "people":
		return nearOf(ctx, db, store.NamePerson, "people/", parts[1], "")
	case len(parts) == 2 && parts[0] == "topics":
		return nearOf(ctx, db, store.NameTopic, "topics/", parts[1], "")
	case len(parts) == 1:
		series, err := nearOf(ctx, db, store.NameSeries, "", id, "")
		if err != nil {
			return nil, err
		}
		people, err := nearOf(ctx, db, store.NamePerson, "people/", id, "")
		if err != nil {
			return nil, err
		}
		return append(series, people...)[:min(nearShown, len(series)+len(people))], nil
	case len(parts) == 2:
		return nearOf(ctx, db, store.NameEdition, "", id, "")
	}
	edition := strings.Join(parts[:2], "/")
	_, err := db.EditionByID(ctx, archive.EditionID(edition))
	if errors.Is(err, archive.ErrNotFound) {
		return nearOf(ctx, db, store.NameEdition, "", edition, "")
	}
	if err != nil {
		return nil, err
	}
	return nearOf(ctx, db, store.NameTalk, "", strings.Join(parts[:3], "/"), edition+"/")
}

// nearOf compares the IDs of a kind that begin with within. They may differ in
// a third of the letters; or be the longer ones that begin alike.
func nearOf(ctx context.Context, db *store.DB, kind store.NameKind, lead, id, within string) ([]string, error) {
	list, err := db.Names(ctx, kind, within, nearLooked)
	if err != nil {
		return nil, err
	}
	asked := strings.ToLower(strings.TrimPrefix(id, within))
	most := max(1, len(asked)/3)
	type candidate struct {
		id   string
		away int
	}
	var found []candidate
	for _, n := range list {
		rest := strings.TrimPrefix(n.ID, within)
		away := most + 1
		if diff := len(rest) - len(asked); diff <= most && -diff <= most {
			away = fold.Distance(asked, rest)
		}
		if len(asked) >= 3 && strings.HasPrefix(rest, asked) {
			away = min(away, 1)
		}
		if away <= most {
			found = append(found, candidate{lead + n.ID, away})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.away, b.away) })
	var ids []string
	for _, c := range found[:min(nearShown, len(found))] {
		ids = append(ids, c.id)
	}
	return ids, nil
}
