package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"rostrum/archive"
)

// DeckFile is a deck's address and what became of it.
type DeckFile struct {
	Address      string
	State        archive.DeckState
	Reason       string         // for a State other than DeckRead: one plain sentence
	Blob         archive.BlobID // "" when there are no bytes
	Bytes        int64
	Media        string
	Name         string
	ETag         string
	LastModified string
	At           time.Time // when it was last asked; zero for never
}

// DeckFiles returns each address of slides that an edition's talks link, once,
// in the order of the programme; DeckPending when it was never asked.
func (db *DB) DeckFiles(ctx context.Context, edition archive.EditionID) ([]DeckFile, error) {
	var list []DeckFile
	err := db.view(ctx, func(t *tx) error {
		return t.each(func(rows *sql.Rows) error {
			var f DeckFile
			var at int64
			var first int
			var down bool
			err := rows.Scan(&f.Address, &f.State, &f.Reason, &f.Blob, &f.Bytes, &f.Media, &f.Name, &f.ETag, &f.LastModified, &at, &down, &first)
			f.At = fromMillis(at)
			if down {
				f = DeckFile{Address: f.Address, State: archive.DeckMissing, Reason: reasonDown, At: f.At}
			}
			list = append(list, f)
			return err
		}, `SELECT talk_deck.address, coalesce(state, 'pending'), coalesce(reason, ''), coalesce(blob, ''), coalesce(bytes, 0), coalesce(media, ''),
				coalesce(name, ''), coalesce(etag, ''), coalesce(last_modified, ''), coalesce(at, 0), coalesce(down, 0), min(talk.position * 1000 + talk_deck.position)
			FROM edition JOIN talk ON talk.edition = edition.n JOIN talk_deck ON talk_deck.talk = talk.n
			LEFT JOIN deck_file ON deck_file.address = talk_deck.address
			WHERE edition.id = ? AND talk.hidden = 0 GROUP BY talk_deck.address
			ORDER BY min(talk.position * 1000 + talk_deck.position)`, edition)
	})
	if err != nil {
		return nil, fmt.Errorf("deck files of %s: %w", edition, err)
	}
	return list, nil
}

// TakeDeckFile keeps what asking a deck's address gave. The talks that carry
// it get a new Revision when what is shown of it changes; the times alone
// change nothing. An address that once gave bytes keeps them when it gives
// nothing more, and one that was taken down stays so: then only At moves.
func (db *DB) TakeDeckFile(ctx context.Context, f DeckFile) error {
	if f.Blob != "" && !f.Blob.Valid() {
		return fmt.Errorf("take deck %s: %w", f.Address, &archive.InvalidError{Thing: "blob", Why: "not a SHA-256"})
	}
	err := db.update(ctx, func(t *tx) error {
		old, down, err := t.deckFile(f.Address)
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return err
		}
		if err == nil && (down || old.Blob != "" && f.Blob == "") {
			return t.exec(`UPDATE deck_file SET at = ? WHERE address = ?`, millis(f.At), f.Address)
		}
		if f.State == archive.DeckKept && f.Blob != "" {
			if f.State, f.Reason, err = t.readState(f.Blob, f.Reason); err != nil {
				return err
			}
		}
		if err := t.putDeckFile(f); err != nil {
			return err
		}
		same := old
		same.ETag, same.LastModified, same.At = f.ETag, f.LastModified, f.At
		if same == f {
			return nil
		}
		if err := t.mendFindings(f); err != nil {
			return err
		}
		return t.touch(`n IN (SELECT talk FROM talk_deck WHERE address = ?)`, f.Address)
	})
	if err != nil {
		return fmt.Errorf("take deck %s: %w", f.Address, err)
	}
	return nil
}

// readState says how far a kept deck is: the same bytes may have been read
// already, behind another address.
func (t *tx) readState(blob archive.BlobID, reason string) (archive.DeckState, string, error) {
	var problem string
	err := t.get([]any{&problem}, `SELECT problem FROM deck WHERE blob = ?`, blob)
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return archive.DeckKept, reason, nil
	case err != nil:
		return "", "", err
	case problem != "":
		return archive.DeckKept, problem, nil
	}
	return archive.DeckRead, "", nil
}

// mendFindings takes away what was said of a deck that is now otherwise.
func (t *tx) mendFindings(f DeckFile) error {
	return t.exec(`DELETE FROM finding WHERE reading IS NULL AND url = ? AND code IN ('deck-missing', 'deck-broken', 'deck-unsupported', 'deck-refused',
		'not-a-deck')`, f.Address)
}

func (t *tx) deckFile(address string) (f DeckFile, down bool, err error) {
	f = DeckFile{Address: address}
	var at int64
	err = t.get([]any{&f.State, &f.Reason, &f.Blob, &f.Bytes, &f.Media, &f.Name, &f.ETag, &f.LastModified, &at, &down},
		`SELECT state, reason, blob, bytes, media, name, etag, last_modified, at, down FROM deck_file WHERE address = ?`, address)
	f.At = fromMillis(at)
	return f, down, err
}

func (t *tx) putDeckFile(f DeckFile) error {
	return t.exec(`INSERT INTO deck_file (address, state, reason, blob, bytes, media, name, etag, last_modified, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (address) DO UPDATE SET state = excluded.state, reason = excluded.reason, blob = excluded.blob, bytes = excluded.bytes,
			media = excluded.media, name = excluded.name, etag = excluded.etag, last_modified = excluded.last_modified, at = excluded.at`,
		f.Address, f.State, f.Reason, f.Blob, f.Bytes, f.Media, f.Name, f.ETag, f.LastModified, millis(f.At))
}

// TakeDeck keeps what reading a deck's bytes gave, in place of what an earlier
// reading gave. Each address that has these bytes becomes DeckRead, or DeckKept
// with the Problem, and the talks that carry it get a new Revision.
func (db *DB) TakeDeck(ctx context.Context, d archive.Deck) error {
	if !d.Blob.Valid() {
		return fmt.Errorf("take deck: %w", &archive.InvalidError{Thing: "blob", Why: "not a SHA-256"})
	}
	err := db.update(ctx, func(t *tx) error {
		if err := t.putDeck(d); err != nil {
			return err
		}
		state, reason, err := t.readState(d.Blob, "")
		if err != nil {
			return err
		}
		if state == archive.DeckRead {
			err = t.exec(`DELETE FROM finding WHERE reading IS NULL AND code IN ('deck-broken', 'deck-unsupported')
				AND url IN (SELECT address FROM deck_file WHERE blob = ?)`, d.Blob)
			if err != nil {
				return err
			}
		}
		if err := t.exec(`UPDATE deck_file SET state = ?, reason = ? WHERE blob = ?`, state, reason, d.Blob); err != nil {
			return err
		}
		return t.touch(`n IN (SELECT talk FROM talk_deck JOIN deck_file ON deck_file.address = talk_deck.address WHERE blob = ?)`, d.Blob)
	})
	if err != nil {
		return fmt.Errorf("take deck %s: %w", d.Blob, err)
	}
	return nil
}

func (t *tx) putDeck(d archive.Deck) error {
	outline, err := json.Marshal(d.Outline)
	if err != nil {
		return err
	}
	err = t.exec(`INSERT INTO deck (blob, reader, media, title, author, outline, slides, problem, retryable) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (blob) DO UPDATE SET reader = excluded.reader, media = excluded.media, title = excluded.title, author = excluded.author,
			outline = excluded.outline, slides = excluded.slides, problem = excluded.problem, retryable = excluded.retryable`,
		d.Blob, d.Reader, d.Media, d.Title, d.Author, string(outline), len(d.Slides), d.Problem, d.Retryable)
	if err != nil {
		return err
	}
	var n int64
	if err := t.get([]any{&n}, `SELECT n FROM deck WHERE blob = ?`, d.Blob); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM slide WHERE deck = ?`, n); err != nil {
		return err
	}
	for i, s := range d.Slides {
		words, err := packWords(s.Words)
		if err != nil {
			return fmt.Errorf("slide %d: %w", s.Number, err)
		}
		if s.Number != i+1 {
			return &archive.InvalidError{Thing: "slides", Why: fmt.Sprintf("number %d stands at place %d", s.Number, i+1)}
		}
		err = t.exec(`INSERT INTO slide (deck, number, text, search, notes, words, links, engine, width, height) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			n, s.Number, s.Text, s.Search, s.Notes, words, toList(s.Links), s.Engine, float64(s.Width), float64(s.Height))
		if err != nil {
			return fmt.Errorf("slide %d: %w", s.Number, err)
		}
	}
	return nil
}

// Deck returns what reading these bytes gave, with slides and words;
// archive.ErrNotFound when they were not read, or were taken down.
func (db *DB) Deck(ctx context.Context, blob archive.BlobID) (archive.Deck, error) {
	d := archive.Deck{Blob: blob}
	err := db.view(ctx, func(t *tx) error {
		veils, err := t.deckVeils(blob)
		if err != nil {
			return err
		}
		var n int64
		var outline []byte
		err = t.get([]any{&n, &d.Reader, &d.Media, &d.Title, &d.Author, &outline, &d.Problem, &d.Retryable},
			`SELECT n, reader, media, title, author, outline, problem, retryable FROM deck WHERE blob = ?
				AND NOT EXISTS (SELECT 1 FROM deck_file WHERE deck_file.blob = deck.blob AND down = 1)`, blob)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(outline, &d.Outline); err != nil {
			return err
		}
		defer func() {
			for _, v := range veils {
				v.coverDeck(&d)
			}
		}()
		return t.each(func(rows *sql.Rows) error {
			s, err := scanSlide(rows)
			d.Slides = append(d.Slides, s)
			return err
		}, `SELECT `+slideColumns+` FROM slide WHERE deck = ? ORDER BY number`, n)
	})
	if err != nil {
		return archive.Deck{}, fmt.Errorf("deck %s: %w", blob, err)
	}
	return d, nil
}

const slideColumns = `slide.number, slide.text, slide.search, slide.notes, slide.words, slide.links, slide.engine, slide.width, slide.height`

// scanSlide reads slideColumns, and into more what is selected after them.
func scanSlide(rows *sql.Rows, more ...any) (archive.Slide, error) {
	var s archive.Slide
	var words, links []byte
	err := rows.Scan(append([]any{&s.Number, &s.Text, &s.Search, &s.Notes, &words, &links, &s.Engine, &s.Width, &s.Height}, more...)...)
	if err != nil {
		return s, err
	}
	s.Links = fromList(links)
	if s.Words, err = unpackWords(words); err != nil {
		return s, fmt.Errorf("slide %d: %w", s.Number, err)
	}
	return s, nil
}

// SlideAt is where a slide is: in which bytes, and its number from 1.
type SlideAt struct {
	Blob   archive.BlobID
	Number int
}

// SlidesAt returns slides of many decks, with words, without reading the whole
// of any; those that are not kept, or were taken down, are left out.
func (db *DB) SlidesAt(ctx context.Context, at []SlideAt) (map[SlideAt]archive.Slide, error) {
	found := make(map[SlideAt]archive.Slide, len(at))
	if len(at) == 0 {
		return found, nil
	}
	asked, err := json.Marshal(at)
	if err != nil {
		return nil, fmt.Errorf("slides: %w", err)
	}
	err = db.glance(ctx, func(t *tx) error {
		decks := map[archive.BlobID][]archive.Slide{}
		err := t.each(func(rows *sql.Rows) error {
			var blob archive.BlobID
			s, err := scanSlide(rows, &blob)
			decks[blob] = append(decks[blob], s)
			return err
		}, `SELECT `+slideColumns+`, deck.blob FROM json_each(?) AS asked
			CROSS JOIN deck ON deck.blob = json_extract(asked.value, '$.Blob')
			CROSS JOIN slide ON slide.deck = deck.n AND slide.number = json_extract(asked.value, '$.Number')
			WHERE NOT EXISTS (SELECT 1 FROM deck_file WHERE deck_file.blob = deck.blob AND down = 1)`, string(asked))
		if err != nil {
			return err
		}
		veiled, err := t.anyVeil()
		if err != nil {
			return err
		}
		for blob, slides := range decks {
			d := archive.Deck{Slides: slides}
			var veils []*veil
			if veiled {
				if veils, err = t.deckVeils(blob); err != nil {
					return err
				}
			}
			for _, v := range veils {
				v.coverDeck(&d)
			}
			for _, s := range d.Slides {
				found[SlideAt{blob, s.Number}] = s
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("slides: %w", err)
	}
	return found, nil
}

// DecksToRead returns the kept decks that no reader of this version has read,
// oldest first: new ones, and those that an older one read or gave up on.
func (db *DB) DecksToRead(ctx context.Context, version int) ([]archive.BlobID, error) {
	var list []archive.BlobID
	err := db.view(ctx, func(t *tx) error {
		return t.each(func(rows *sql.Rows) error {
			var id archive.BlobID
			err := rows.Scan(&id)
			list = append(list, id)
			return err
		}, `SELECT deck_file.blob FROM deck_file LEFT JOIN deck ON deck.blob = deck_file.blob
			WHERE deck_file.blob <> '' AND deck_file.state IN ('kept', 'read') AND deck_file.down = 0 AND (deck.n IS NULL OR deck.reader < ?)
			GROUP BY deck_file.blob ORDER BY min(deck_file.at), deck_file.blob`, version)
	})
	if err != nil {
		return nil, fmt.Errorf("decks to read: %w", err)
	}
	return list, nil
}
