package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"rostrum/archive"
)

// FoundFinding is a Finding as kept: with the talk it is about.
type FoundFinding struct {
	archive.Finding
	Talk archive.TalkID // "" when it is about the edition
}

// putFindings keeps what a reader found odd, with the reading it belongs to.
func (t *tx) putFindings(edition int64, r *reading) error {
	for _, f := range r.programme.Findings {
		talk := int64(0)
		if f.Item != nil && *f.Item >= 0 && *f.Item < len(r.talks) {
			talk = r.talks[*f.Item]
		}
		if err := t.putFinding(edition, r.n, talk, f); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putFinding(edition, reading, talk int64, f archive.Finding) error {
	place := ""
	if f.Place != nil {
		b, err := json.Marshal(f.Place)
		if err != nil {
			return err
		}
		place = string(b)
	}
	return t.exec(`INSERT INTO finding (edition, reading, talk, code, text, field, url, place) VALUES (?, nullif(?, 0), nullif(?, 0), ?, ?, ?, ?, ?)`,
		edition, reading, talk, f.Code, f.Text, f.Field, f.URL, place)
}

// AddFindings keeps what was met on the way rather than in a programme: dead
// links, decks that cannot be read. Each stands for its talk, code and
// address: adding it again changes nothing, adding another text replaces it.
// TakeDeckFile and TakeDeck take those of a deck away once it is mended.
// Item is not looked at.
func (db *DB) AddFindings(ctx context.Context, edition archive.EditionID, list []FoundFinding) error {
	err := db.update(ctx, func(t *tx) error {
		var e int64
		if err := t.get([]any{&e}, `SELECT n FROM edition WHERE id = ?`, edition); err != nil {
			return err
		}
		for _, f := range list {
			if err := t.addFinding(e, f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("findings of %s: %w", edition, err)
	}
	return nil
}

func (t *tx) addFinding(edition int64, f FoundFinding) error {
	talk := int64(0)
	if f.Talk != "" {
		if err := t.get([]any{&talk}, `SELECT n FROM talk WHERE id = ? AND edition = ?`, f.Talk, edition); err != nil {
			return fmt.Errorf("talk %s: %w", f.Talk, err)
		}
	}
	var same int
	err := t.get([]any{&same}, `SELECT count(*) FROM finding WHERE edition = ? AND reading IS NULL AND coalesce(talk, 0) = ? AND code = ? AND url = ?
		AND text = ?`, edition, talk, f.Code, f.URL, f.Text)
	if err != nil || same > 0 {
		return err
	}
	err = t.exec(`DELETE FROM finding WHERE edition = ? AND reading IS NULL AND coalesce(talk, 0) = ? AND code = ? AND url = ?`, edition, talk, f.Code, f.URL)
	if err != nil {
		return err
	}
	return t.putFinding(edition, 0, talk, f.Finding)
}

// Findings returns what is odd about an edition and its talks, in the order it
// was found; nil when nothing is.
func (db *DB) Findings(ctx context.Context, edition archive.EditionID) ([]FoundFinding, error) {
	var list []FoundFinding
	err := db.view(ctx, func(t *tx) error {
		return t.each(func(rows *sql.Rows) error {
			var f FoundFinding
			var place []byte
			if err := rows.Scan(&f.Code, &f.Text, &f.Field, &f.URL, &place, &f.Talk); err != nil {
				return err
			}
			if len(place) > 0 {
				f.Place = &archive.Place{}
				if err := json.Unmarshal(place, f.Place); err != nil {
					return err
				}
			}
			list = append(list, f)
			return nil
		}, `SELECT finding.code, finding.text, finding.field, finding.url, finding.place, coalesce(talk.id, '')
			FROM finding JOIN edition ON edition.n = finding.edition LEFT JOIN talk ON talk.n = `+rootTalkOf("finding.talk")+`
			WHERE edition.id = ? ORDER BY finding.n`, edition)
	})
	if err != nil {
		return nil, fmt.Errorf("findings of %s: %w", edition, err)
	}
	return list, nil
}
