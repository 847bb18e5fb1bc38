package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rostrum/archive"
)

// LinkID numbers private links.
type LinkID int64

// PersonLink is a private link by which somebody edits their own entries. What
// it takes to use it is told once, when it is made, and kept nowhere.
type PersonLink struct {
	ID        LinkID           `json:"link"`
	Person    archive.PersonID `json:"person"` // as they go now, also after a merge
	Name      string           `json:"name"`
	MadeBy    string           `json:"made_by"`
	Made      time.Time        `json:"made"`
	Expires   time.Time        `json:"expires"`
	Used      time.Time        `json:"used,omitzero"` // last
	Revoked   time.Time        `json:"revoked,omitzero"`
	RevokedBy string           `json:"revoked_by,omitempty"`

	person int64
}

// Open says whether a link may be used at a time.
func (l PersonLink) Open(at time.Time) bool { return l.Revoked.IsZero() && at.Before(l.Expires) }

// MaxLinkLife is how long a private link may last.
const MaxLinkLife = 366 * 24 * time.Hour

// OwnTalkFields are the fields of their talks that people edit by a private
// link: what they know best and what nobody else is spoken of in. When and where
// a talk was, and who gave it, is the edition's to say.
func OwnTalkFields() []string {
	return []string{"title", "abstract", "language", "topics", "url", "slides", "video", "paper"}
}

// OwnPersonFields are those of themselves.
func OwnPersonFields() []string { return []string{"name", "veiled", "bio", "url"} }

// MakeLink makes a private link and returns the secret that opens it.
func (db *DB) MakeLink(ctx context.Context, person archive.PersonID, expires time.Time, who Who) (PersonLink, string, error) {
	var raw [32]byte
	rand.Read(raw[:])
	secret := base64.RawURLEncoding.EncodeToString(raw[:])
	hash := sha256.Sum256([]byte(secret))
	var made PersonLink
	err := db.update(ctx, func(t *tx) error {
		if who.By == "" {
			return &archive.InvalidError{Thing: "by", Why: "somebody has to be named"}
		}
		if life := expires.Sub(who.At); life <= 0 || life > MaxLinkLife {
			return &archive.InvalidError{Thing: "expires", Why: "a link lasts from now on, for a year at most"}
		}
		row, err := t.standing(person)
		if err != nil {
			return err
		}
		if err := t.shownPerson(person, map[string]json.RawMessage{}); err != nil {
			return err
		}
		n, err := t.insert(`INSERT INTO person_link (person, hash, made_by, made_at, expires) VALUES (?, ?, ?, ?, ?)`,
			row, hash[:], who.By, millis(who.At), millis(expires))
		if err != nil {
			return err
		}
		made, err = t.link(`person_link.n = ?`, n)
		return err
	})
	if err != nil {
		return PersonLink{}, "", fmt.Errorf("make a link for %s: %w", person, err)
	}
	return made, secret, nil
}

// OpenLink returns the link that a secret opens. archive.ErrNotFound when there
// is none, or it may not be used any more: whoever tries learns not which.
func (db *DB) OpenLink(ctx context.Context, secret string, at time.Time) (PersonLink, error) {
	hash := sha256.Sum256([]byte(secret))
	return db.openLink(ctx, at, `person_link.hash = ?`, hash[:])
}

// LinkByID returns a link that may be used at a time, else archive.ErrNotFound.
func (db *DB) LinkByID(ctx context.Context, id LinkID, at time.Time) (PersonLink, error) {
	return db.openLink(ctx, at, `person_link.n = ?`, id)
}

func (db *DB) openLink(ctx context.Context, at time.Time, where string, arg any) (PersonLink, error) {
	var l PersonLink
	err := db.view(ctx, func(t *tx) (err error) {
		l, err = t.link(where, arg)
		if err == nil && (!l.Open(at) || l.Person == "") {
			err = archive.ErrNotFound
		}
		return err
	})
	if err != nil {
		return PersonLink{}, fmt.Errorf("private link: %w", err)
	}
	return l, nil
}

func (t *tx) link(where string, arg any) (PersonLink, error) {
	list, err := t.links(where, arg)
	if err == nil && len(list) == 0 {
		err = archive.ErrNotFound
	}
	if err != nil {
		return PersonLink{}, err
	}
	return list[0], nil
}

func (t *tx) links(where string, arg any) ([]PersonLink, error) {
	var list []PersonLink
	err := t.each(func(rows *sql.Rows) error {
		var l PersonLink
		var made, expires, used, revoked int64
		err := rows.Scan(&l.ID, &l.person, &l.MadeBy, &made, &expires, &used, &revoked, &l.RevokedBy)
		l.Made, l.Expires, l.Used, l.Revoked = fromMillis(made), fromMillis(expires), fromMillis(used), fromMillis(revoked)
		list = append(list, l)
		return err
	}, `SELECT n, person, made_by, made_at, expires, used_at, revoked_at, revoked_by FROM person_link WHERE `+where+` ORDER BY n DESC`, arg)
	if err != nil {
		return nil, err
	}
	for i := range list {
		l := &list[i]
		var hidden bool
		if l.person, l.Person, err = t.rootPerson(l.person); err != nil {
			return nil, err
		}
		if err := t.get([]any{&l.Name, &hidden}, `SELECT name, hidden FROM person WHERE n = ?`, l.person); err != nil {
			return nil, err
		}
		if hidden {
			l.Person, l.Name = "", ""
		}
	}
	return list, nil
}

// Links returns the links made for a person, or for those who were merged into
// them, the latest first; nil when there are none.
func (db *DB) Links(ctx context.Context, person archive.PersonID) ([]PersonLink, error) {
	var list []PersonLink
	err := db.view(ctx, func(t *tx) error {
		row, err := t.standing(person)
		if err != nil {
			return err
		}
		list, err = t.links(`person IN (WITH RECURSIVE family (n) AS (SELECT ? UNION SELECT person.n FROM person JOIN family ON person.merged = family.n)
			SELECT n FROM family)`, row)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("links of %s: %w", person, err)
	}
	return list, nil
}

// RevokeLink ends a link; archive.ErrNotFound when there is none. Ending it
// twice changes nothing.
func (db *DB) RevokeLink(ctx context.Context, id LinkID, who Who) (PersonLink, error) {
	var l PersonLink
	err := db.update(ctx, func(t *tx) error {
		if who.By == "" {
			return &archive.InvalidError{Thing: "by", Why: "somebody has to be named"}
		}
		err := t.exec(`UPDATE person_link SET revoked_at = ?, revoked_by = ? WHERE n = ? AND revoked_at = 0`, max(millis(who.At), 1), who.By, id)
		if err != nil {
			return err
		}
		l, err = t.link(`person_link.n = ?`, id)
		return err
	})
	if err != nil {
		return PersonLink{}, fmt.Errorf("revoke link %d: %w", id, err)
	}
	return l, nil
}

// CorrectByLink makes corrections for the person of a link, in their name: all
// of them, or none. archive.ErrNotFound for a link that may not be used, and for
// whatever is not theirs.
func (db *DB) CorrectByLink(ctx context.Context, id LinkID, list []Correction, at time.Time) ([]ActID, error) {
	var acts []ActID
	err := db.update(ctx, func(t *tx) error {
		l, err := t.link(`person_link.n = ?`, id)
		if err != nil {
			return err
		}
		if !l.Open(at) || l.Person == "" {
			return archive.ErrNotFound
		}
		for _, c := range list {
			if err := t.own(l, c); err != nil {
				return err
			}
			c.Via, c.Suggestion = ViaSpeaker, 0
			act, err := t.correct(c, Who{By: l.Name, At: at})
			if err != nil {
				return fmt.Errorf("correct %s of %s %s: %w", c.Field, c.Thing, c.ID, err)
			}
			acts = append(acts, act)
		}
		return t.exec(`UPDATE person_link SET used_at = ? WHERE n = ?`, millis(at), id)
	})
	if err != nil {
		return nil, fmt.Errorf("by private link: %w", err)
	}
	return acts, nil
}

// own refuses what is not the link's person's to say.
func (t *tx) own(l PersonLink, c Correction) error {
	switch c.Thing {
	case ThingPerson:
		row, err := t.standing(archive.PersonID(c.ID))
		if err != nil || row != l.person {
			return archive.ErrNotFound
		}
		if !slices.Contains(OwnPersonFields(), c.Field) {
			return &archive.InvalidError{Thing: c.Field, Why: "this cannot be changed by a private link"}
		}
		return nil
	case ThingTalk:
		var one int
		err := t.get([]any{&one}, `SELECT 1 FROM credit JOIN talk ON talk.n = credit.talk WHERE talk.id = ? AND talk.hidden = 0 AND credit.person = ?`, c.ID, l.person)
		if err != nil {
			return err
		}
		if !slices.Contains(OwnTalkFields(), c.Field) {
			return &archive.InvalidError{Thing: c.Field, Why: "this cannot be changed by a private link", Hint: "suggest it on the talk's page"}
		}
		return nil
	}
	return archive.ErrNotFound
}
