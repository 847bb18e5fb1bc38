package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rostrum/archive"
)

// SuggestionID numbers what visitors suggest, in order.
type SuggestionID int64

// SuggestionState is what became of a Suggestion.
type SuggestionState string

// The states.
const (
	SuggestionWaiting  SuggestionState = "waiting"
	SuggestionAccepted SuggestionState = "accepted"
	SuggestionRejected SuggestionState = "rejected"
)

// Suggestion is what a visitor would have a talk, an edition or a person be.
// It changes nothing until somebody accepts it.
type Suggestion struct {
	ID    SuggestionID `json:"suggestion"`
	Thing Thing        `json:"thing"`
	// Name is the thing's ID as it is now, "" when it cannot be shown any more:
	// taken down, or merged into somebody who was.
	Name    string           `json:"id"`
	Fields  []SuggestedField `json:"fields"`
	Comment string           `json:"comment,omitempty"`
	// Sender is the same for suggestions of one sender; it is made by the site
	// and says nothing else.
	Sender    string          `json:"sender,omitempty"`
	At        time.Time       `json:"at"`
	State     SuggestionState `json:"state"`
	Decided   time.Time       `json:"decided,omitzero"`
	DecidedBy string          `json:"decided_by,omitempty"`
	Acts      []ActID         `json:"acts,omitempty"` // that accepting it made

	row int64
}

// SuggestedField is one field of a Suggestion; values are as in Programme JSON.
type SuggestedField struct {
	Field string          `json:"field"`
	Old   json.RawMessage `json:"old"` // shown when it was made
	New   json.RawMessage `json:"new"` // suggested
	// Now is what is shown at present; filled in by the store.
	Now json.RawMessage `json:"now,omitempty"`
}

// Stale says whether the value has changed since the suggestion was made.
func (f SuggestedField) Stale() bool { return !bytes.Equal(f.Old, f.Now) }

// Settled says whether the value has come to be what was suggested.
func (f SuggestedField) Settled() bool { return bytes.Equal(f.New, f.Now) }

// Stale says whether any field has changed since, other than to what is suggested.
func (s Suggestion) Stale() bool {
	return slices.ContainsFunc(s.Fields, func(f SuggestedField) bool { return f.Stale() && !f.Settled() })
}

// Bounds of suggestions: a queue that nobody reads must not fill the disk.
const (
	maxWaiting        = 5000
	maxComment        = 2000 // characters
	maxSuggestedBytes = 64 << 10
)

// suggestable are the fields of a thing that visitors may suggest. Whether a
// person's former name is hidden is that person's and the organizers' matter.
func suggestable(thing Thing) []string {
	switch thing {
	case ThingTalk:
		return archive.TalkFields()
	case ThingEdition:
		return archive.EditionFields()
	case ThingPerson:
		return archive.PersonFields()
	}
	return nil
}

// Suggest keeps a suggestion for the organizers. Old is filled in by the store:
// what is shown now. An *archive.InvalidError says what does not hold,
// archive.ErrNotFound or *archive.MovedError speak of the thing.
func (db *DB) Suggest(ctx context.Context, s Suggestion) (SuggestionID, error) {
	var id SuggestionID
	err := db.update(ctx, func(t *tx) (err error) {
		id, err = t.suggest(s)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("suggest for %s %s: %w", s.Thing, s.Name, err)
	}
	return id, nil
}

func (t *tx) suggest(s Suggestion) (SuggestionID, error) {
	s.Comment = strings.TrimSpace(strings.ToValidUTF8(s.Comment, "\uFFFD"))
	if utf8.RuneCountInString(s.Comment) > maxComment {
		return 0, &archive.InvalidError{Thing: "comment", Why: fmt.Sprintf("it is longer than %d characters", maxComment)}
	}
	if len(s.Fields) == 0 && s.Comment == "" {
		return 0, &archive.InvalidError{Thing: "suggestion", Why: "it changes nothing and says nothing", Hint: "change a field, or write what is wrong"}
	}
	row, now, err := t.shownFields(s.Thing, s.Name)
	if err != nil {
		return 0, err
	}
	for i := range s.Fields {
		if err := s.Fields[i].prepare(s.Thing, now); err != nil {
			return 0, err
		}
	}
	fields, err := json.Marshal(s.Fields)
	if err != nil {
		return 0, err
	}
	if len(fields) > maxSuggestedBytes {
		return 0, &archive.InvalidError{Thing: "suggestion", Why: "it is too long", Hint: "suggest a part of it, or write to the organizers"}
	}
	var waiting int
	if err := t.get([]any{&waiting}, `SELECT count(*) FROM suggestion WHERE state = 'waiting'`); err != nil {
		return 0, err
	}
	if waiting >= maxWaiting {
		return 0, &archive.InvalidError{Thing: "suggestion", Why: "too many wait to be looked at", Hint: "try again when the organizers have caught up"}
	}
	n, err := t.insert(`INSERT INTO suggestion (thing, row, fields, comment, sender, at) VALUES (?, ?, ?, ?, ?, ?)`,
		s.Thing, row, string(fields), s.Comment, s.Sender, millis(s.At))
	return SuggestionID(n), err
}

// prepare checks a field and writes its value as shown ones are written.
func (f *SuggestedField) prepare(thing Thing, now map[string]json.RawMessage) error {
	shown, ok := now[f.Field]
	if !ok || !slices.Contains(suggestable(thing), f.Field) {
		return &archive.InvalidError{Thing: f.Field, Why: "this field cannot be suggested"}
	}
	var err error
	if f.New, err = normal(thing, f.Field, f.New); err != nil {
		return err
	}
	f.Old, f.Now = shown, nil
	return nil
}

// normal checks a value and writes it as readings are written.
func normal(thing Thing, field string, value json.RawMessage) (json.RawMessage, error) {
	switch thing {
	case ThingTalk:
		item, err := archive.CorrectItem(archive.Item{}, field, value)
		return archive.ItemField(item, field), err
	case ThingEdition:
		info, err := archive.CorrectEdition(archive.EditionInfo{}, field, value)
		return archive.EditionField(info, field), err
	}
	text, err := archive.CorrectPerson(field, value)
	if err != nil {
		return nil, err
	}
	return json.Marshal(text)
}

// shownFields returns a thing's row and what visitors see of its fields. A
// cast with a name that is withheld is left out: to suggest it anew would say
// the name.
func (t *tx) shownFields(thing Thing, name string) (int64, map[string]json.RawMessage, error) {
	now := map[string]json.RawMessage{}
	switch thing {
	case ThingTalk:
		n, _, err := t.talkNumber(archive.TalkID(name))
		if err != nil {
			return 0, nil, err
		}
		return n, now, t.shownTalk(n, now)
	case ThingEdition:
		n, err := t.editionNumber(archive.EditionID(name))
		if err != nil {
			return 0, nil, err
		}
		return n, now, t.shownEdition(n, now)
	case ThingPerson:
		n, err := t.standing(archive.PersonID(name))
		if err != nil {
			return 0, nil, err
		}
		return n, now, t.shownPerson(archive.PersonID(name), now)
	}
	return 0, nil, &archive.InvalidError{Thing: string(thing), Why: "such a thing has no fields"}
}

func (t *tx) shownTalk(n int64, now map[string]json.RawMessage) error {
	rows, err := t.talks(`FROM talk WHERE talk.n = ?`, n)
	if err != nil {
		return err
	}
	list := shown(rows)
	if len(list) == 0 {
		return archive.ErrNotFound
	}
	withheld := slices.ContainsFunc(list[0].Speakers, func(c archive.Credit) bool { return c.Name == Withheld })
	for _, f := range archive.TalkFields() {
		if f != "speakers" || !withheld {
			now[f] = archive.ItemField(list[0].Item, f)
		}
	}
	return nil
}

func (t *tx) shownEdition(n int64, now map[string]json.RawMessage) error {
	e, err := t.edition(n)
	if err != nil {
		return err
	}
	if e.hidden {
		return archive.ErrNotFound
	}
	for _, f := range archive.EditionFields() {
		now[f] = archive.EditionField(e.info, f)
	}
	return nil
}

func (t *tx) shownPerson(id archive.PersonID, now map[string]json.RawMessage) error {
	list, err := t.people(`person.id = ? AND person.merged IS NULL AND person.hidden = 0`, id)
	if err == nil && len(list) == 0 {
		err = archive.ErrNotFound
	}
	if err != nil {
		return err
	}
	p := list[0]
	if err := t.printedBio(&p); err != nil {
		return err
	}
	for field, value := range map[string]string{"name": p.Name, "bio": p.Bio, "url": p.URL} {
		if now[field], err = json.Marshal(value); err != nil {
			return err
		}
	}
	return nil
}

// SuggestionQuery selects suggestions.
type SuggestionQuery struct {
	State  SuggestionState // "" is any
	Latest bool            // those decided last first; else the oldest first
	Limit  int             // at most 200; 0 is 50
	Offset int
}

// Suggestions returns a page of the suggestions, each beside what is shown now,
// and how many there are on all pages.
func (db *DB) Suggestions(ctx context.Context, q SuggestionQuery) ([]Suggestion, int, error) {
	var list []Suggestion
	total := 0
	if q.Limit <= 0 {
		q.Limit = 50
	}
	order := `n`
	if q.Latest {
		order = `decided_at DESC, n DESC`
	}
	err := db.view(ctx, func(t *tx) error {
		if err := t.get([]any{&total}, `SELECT count(*) FROM suggestion WHERE ?1 = '' OR state = ?1`, q.State); err != nil {
			return err
		}
		var err error
		list, err = t.suggestions(`WHERE ?1 = '' OR state = ?1 ORDER BY `+order+` LIMIT ?2 OFFSET ?3`, q.State, min(q.Limit, 200), max(q.Offset, 0))
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("suggestions: %w", err)
	}
	return list, total, nil
}

// SuggestionByID returns one suggestion; archive.ErrNotFound when there is none.
func (db *DB) SuggestionByID(ctx context.Context, id SuggestionID) (Suggestion, error) {
	var s Suggestion
	err := db.view(ctx, func(t *tx) (err error) {
		s, err = t.suggestion(id)
		return err
	})
	if err != nil {
		return Suggestion{}, fmt.Errorf("suggestion %d: %w", id, err)
	}
	return s, nil
}

func (t *tx) suggestion(id SuggestionID) (Suggestion, error) {
	list, err := t.suggestions(`WHERE n = ?`, id)
	if err == nil && len(list) == 0 {
		err = archive.ErrNotFound
	}
	if err != nil {
		return Suggestion{}, err
	}
	return list[0], nil
}

func (t *tx) suggestions(where string, args ...any) ([]Suggestion, error) {
	var list []Suggestion
	err := t.each(func(rows *sql.Rows) error {
		var s Suggestion
		var fields, acts []byte
		var at, decided int64
		err := rows.Scan(&s.ID, &s.Thing, &s.row, &fields, &s.Comment, &s.Sender, &at, &s.State, &decided, &s.DecidedBy, &acts)
		if err != nil {
			return err
		}
		s.At, s.Decided = fromMillis(at), fromMillis(decided)
		list = append(list, s)
		return errors.Join(json.Unmarshal(fields, &list[len(list)-1].Fields), json.Unmarshal(acts, &list[len(list)-1].Acts))
	}, `SELECT n, thing, row, fields, comment, sender, at, state, decided_at, decided_by, acts FROM suggestion `+where, args...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := t.besideNow(&list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// besideNow fills in what the thing is called and what is shown of it now.
func (t *tx) besideNow(s *Suggestion) error {
	name, err := t.nameOf(s.Thing, s.row)
	if err != nil {
		return ignoreMissing(err)
	}
	_, now, err := t.shownFields(s.Thing, name)
	if err != nil {
		return ignoreMissing(err)
	}
	s.Name = name
	for i := range s.Fields {
		s.Fields[i].Now = now[s.Fields[i].Field]
	}
	return nil
}

// nameOf returns the ID by which a row goes now.
func (t *tx) nameOf(thing Thing, row int64) (string, error) {
	var name string
	var err error
	switch thing {
	case ThingTalk:
		err = t.get([]any{&name}, `SELECT id FROM talk WHERE n = `+rootTalkOf("?"), row)
	case ThingEdition:
		if row, err = t.rootEdition(row); err == nil {
			err = t.get([]any{&name}, `SELECT id FROM edition WHERE n = ?`, row)
		}
	default:
		var id archive.PersonID
		_, id, err = t.rootPerson(row)
		name = string(id)
	}
	if err == nil && name == "" {
		err = archive.ErrNotFound
	}
	return name, err
}

// AcceptSuggestion makes corrections of what was suggested, of all fields that
// are not so already, and returns their acts; none for a mere comment. It
// refuses, with an *archive.InvalidError, what was decided before, and what
// has become stale unless stale is true.
func (db *DB) AcceptSuggestion(ctx context.Context, id SuggestionID, stale bool, who Who) ([]ActID, error) {
	var acts []ActID
	err := db.update(ctx, func(t *tx) error {
		s, err := t.waiting(id)
		if err != nil {
			return err
		}
		if s.Name == "" {
			return &archive.InvalidError{Thing: "suggestion", Why: "what it is about is not shown any more", Hint: "reject it"}
		}
		if s.Stale() && !stale {
			return &archive.InvalidError{Thing: "suggestion", Why: "what it would change has changed since it was made", Hint: "look at it again, and say that it is to be taken all the same"}
		}
		acts = []ActID{}
		for _, f := range s.Fields {
			if f.Settled() {
				continue
			}
			act, err := t.correct(Correction{Thing: s.Thing, ID: s.Name, Field: f.Field, Value: f.New, Via: ViaSuggestion, Suggestion: id}, who)
			if err != nil {
				return fmt.Errorf("%s: %w", f.Field, err)
			}
			acts = append(acts, act)
		}
		return t.decide(id, SuggestionAccepted, acts, who)
	})
	if err != nil {
		return nil, fmt.Errorf("accept suggestion %d: %w", id, err)
	}
	return acts, nil
}

func (t *tx) waiting(id SuggestionID) (Suggestion, error) {
	s, err := t.suggestion(id)
	if err != nil {
		return s, err
	}
	if s.State != SuggestionWaiting {
		return s, &archive.InvalidError{Thing: "suggestion", Why: fmt.Sprintf("%s %s it before", s.DecidedBy, s.State), Hint: "open it again first"}
	}
	return s, nil
}

func (t *tx) decide(id SuggestionID, state SuggestionState, acts []ActID, who Who) error {
	if who.By == "" {
		return &archive.InvalidError{Thing: "by", Why: "somebody has to be named"}
	}
	raw, err := json.Marshal(append([]ActID{}, acts...))
	if err != nil {
		return err
	}
	return t.exec(`UPDATE suggestion SET state = ?, decided_at = ?, decided_by = ?, acts = ? WHERE n = ?`, state, millis(who.At), who.By, string(raw), id)
}

// RejectSuggestion takes a suggestion out of the queue; *archive.InvalidError
// when it was decided before.
func (db *DB) RejectSuggestion(ctx context.Context, id SuggestionID, who Who) error {
	err := db.update(ctx, func(t *tx) error {
		if _, err := t.waiting(id); err != nil {
			return err
		}
		return t.decide(id, SuggestionRejected, nil, who)
	})
	if err != nil {
		return fmt.Errorf("reject suggestion %d: %w", id, err)
	}
	return nil
}

// RejectSender rejects all that waits from the sender of a suggestion, and
// returns how many that were.
func (db *DB) RejectSender(ctx context.Context, id SuggestionID, who Who) (int, error) {
	count := 0
	err := db.update(ctx, func(t *tx) error {
		s, err := t.suggestion(id)
		if err != nil {
			return err
		}
		if s.Sender == "" {
			return &archive.InvalidError{Thing: "suggestion", Why: "it does not say who sent it"}
		}
		list, err := t.suggestions(`WHERE sender = ? AND state = 'waiting'`, s.Sender)
		for _, one := range list {
			if err := t.decide(one.ID, SuggestionRejected, nil, who); err != nil {
				return err
			}
		}
		count = len(list)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("reject the sender of suggestion %d: %w", id, err)
	}
	return count, nil
}

// ReopenSuggestion puts a decided suggestion back into the queue; the
// corrections that accepting it made, where they stand, are undone.
func (db *DB) ReopenSuggestion(ctx context.Context, id SuggestionID, who Who) error {
	err := db.update(ctx, func(t *tx) error {
		s, err := t.suggestion(id)
		if err != nil {
			return err
		}
		if s.State == SuggestionWaiting {
			return &archive.InvalidError{Thing: "suggestion", Why: "it is waiting already"}
		}
		for _, act := range slices.Backward(s.Acts) {
			if err := t.undoStanding(act, who); err != nil {
				return err
			}
		}
		return t.requeue(id)
	})
	if err != nil {
		return fmt.Errorf("open suggestion %d again: %w", id, err)
	}
	return nil
}

// requeue makes a suggestion one that waits.
func (t *tx) requeue(id SuggestionID) error {
	return t.exec(`UPDATE suggestion SET state = 'waiting', decided_at = 0, decided_by = '', acts = '[]' WHERE n = ?`, id)
}

// unaccept puts a suggestion back into the queue when none of the corrections
// that accepting it made stands any more, however they were undone: what
// changed nothing after all is still to be decided. 0 is no suggestion.
func (t *tx) unaccept(id SuggestionID) error {
	if id == 0 {
		return nil
	}
	var stand int
	err := t.get([]any{&stand}, `SELECT count(*) FROM suggestion, json_each(suggestion.acts) AS made JOIN act ON act.n = made.value
		WHERE suggestion.n = ? AND act.undone_at = 0`, id)
	if err != nil || stand > 0 {
		return err
	}
	return t.requeue(id)
}
