package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"rostrum/archive"
)

// PicturedDeck is a kept deck with slides of which nobody has seen a text.
type PicturedDeck struct {
	Blob archive.BlobID
	// Language is that of the first talk that links it, else of that talk's
	// edition; BCP 47, "" when neither says.
	Language string
}

// Pictured returns the decks of the archive that were read and have slides
// without text whose pictures were not looked at for any, oldest first.
func (db *DB) Pictured(ctx context.Context) ([]PicturedDeck, error) {
	var list []PicturedDeck
	err := db.view(ctx, func(t *tx) (err error) {
		list, err = t.pictured(`TRUE`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("decks with pictures: %w", err)
	}
	return list, nil
}

// PicturedAmong is Pictured for some decks.
func (db *DB) PicturedAmong(ctx context.Context, blobs []archive.BlobID) ([]PicturedDeck, error) {
	asked, err := json.Marshal(blobs)
	if err != nil {
		return nil, err
	}
	var list []PicturedDeck
	err = db.view(ctx, func(t *tx) (err error) {
		list, err = t.pictured(`deck.blob IN (SELECT value FROM json_each(?))`, string(asked))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("decks with pictures among %d: %w", len(blobs), err)
	}
	return list, nil
}

func (t *tx) pictured(where string, args ...any) ([]PicturedDeck, error) {
	var list []PicturedDeck
	err := t.each(func(rows *sql.Rows) error {
		var p PicturedDeck
		err := rows.Scan(&p.Blob, &p.Language)
		list = append(list, p)
		return err
	}, `SELECT deck.blob, coalesce((SELECT coalesce(nullif(talk.language, ''), edition.language) FROM deck_file
				JOIN talk_deck ON talk_deck.address = deck_file.address JOIN talk ON talk.n = talk_deck.talk JOIN edition ON edition.n = talk.edition
				WHERE deck_file.blob = deck.blob ORDER BY talk.n LIMIT 1), '')
		FROM deck WHERE `+where+` AND EXISTS (SELECT 1 FROM slide WHERE slide.deck = deck.n AND trim(slide.text, char(9, 10, 13, 32)) = '' AND slide.engine <> 'tesseract')
			AND EXISTS (SELECT 1 FROM deck_file WHERE deck_file.blob = deck.blob)
			AND NOT EXISTS (SELECT 1 FROM deck_file WHERE deck_file.blob = deck.blob AND down = 1) ORDER BY deck.n`, args...)
	return list, err
}

// TakeRecognized keeps the text that was seen in the pictures of some slides of
// a deck, and leaves its other slides as they are; the talks that carry the deck
// get a new Revision. archive.ErrNotFound when the deck was not read.
func (db *DB) TakeRecognized(ctx context.Context, blob archive.BlobID, slides []archive.Slide) error {
	err := db.update(ctx, func(t *tx) error {
		var n int64
		if err := t.get([]any{&n}, `SELECT n FROM deck WHERE blob = ?`, blob); err != nil {
			return err
		}
		for _, s := range slides {
			words, err := packWords(s.Words)
			if err != nil {
				return fmt.Errorf("slide %d: %w", s.Number, err)
			}
			err = t.exec(`UPDATE slide SET text = ?, search = ?, words = ?, engine = ? WHERE deck = ? AND number = ?`, s.Text, s.Search, words, s.Engine, n, s.Number)
			if err != nil {
				return fmt.Errorf("slide %d: %w", s.Number, err)
			}
		}
		return t.touch(`n IN (SELECT talk FROM talk_deck JOIN deck_file ON deck_file.address = talk_deck.address WHERE blob = ?)`, blob)
	})
	if err != nil {
		return fmt.Errorf("take what was recognized of %s: %w", blob, err)
	}
	return nil
}
