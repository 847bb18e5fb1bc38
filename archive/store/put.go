package store

import (
	"database/sql"
	"reflect"
	"slices"

	"rostrum/archive"
)

func talkValues(r *talkRow) []any {
	k := r.talk
	return []any{
		k.Position, k.Kind, k.Title, k.Date, k.Start, k.End, k.Room, k.Track, k.Session, k.Abstract, k.Language, k.URL,
		toList(k.Topics), toList(k.Slides), toList(k.Video), toList(k.Paper), k.SlidesMarked, r.given, k.Gone, r.hidden, k.Snapshot, k.Revision,
	}
}

func (t *tx) insertTalk(edition int64, r *talkRow) error {
	var err error
	if r.talk.Revision, err = t.tick(); err != nil {
		return err
	}
	err = t.exec(`INSERT INTO talk (n, id, edition, position, kind, title, date, start, stop, room, track, session, abstract, language, url,
			topics, slides, video, paper, slides_marked, given, gone, hidden, snapshot, revision, merged, home)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0))`,
		append(append([]any{r.n, r.talk.ID, edition}, talkValues(r)...), r.merged, r.home)...)
	if err != nil {
		return err
	}
	return t.putParts(&talkRow{}, r)
}

func (t *tx) updateTalk(old, r *talkRow) error {
	var err error
	if r.talk.Revision, err = t.tick(); err != nil {
		return err
	}
	err = t.exec(`UPDATE talk SET position = ?, kind = ?, title = ?, date = ?, start = ?, stop = ?, room = ?, track = ?, session = ?, abstract = ?,
			language = ?, url = ?, topics = ?, slides = ?, video = ?, paper = ?, slides_marked = ?, given = ?, gone = ?, hidden = ?, snapshot = ?,
			revision = ? WHERE n = ?`, append(talkValues(r), r.n)...)
	if err != nil {
		return err
	}
	return t.putParts(old, r)
}

// putParts writes what hangs on a talk, where it differs from the old.
func (t *tx) putParts(old, r *talkRow) error {
	if !reflect.DeepEqual(old.talk.Speakers, r.talk.Speakers) || !sameCredits(old.credits, r.credits) {
		t.noteCast(old.credits)
		t.noteCast(r.credits)
		if err := t.putCredits(len(old.credits) > 0, r); err != nil {
			return err
		}
	}
	if !slices.Equal(old.talk.Topics, r.talk.Topics) {
		if err := t.putTopics(len(old.talk.Topics) > 0, r); err != nil {
			return err
		}
	}
	if slices.Equal(old.talk.Slides, r.talk.Slides) {
		return nil
	}
	if len(old.talk.Slides) > 0 {
		if err := t.exec(`DELETE FROM talk_deck WHERE talk = ?`, r.n); err != nil {
			return err
		}
	}
	for i, address := range r.talk.Slides {
		if err := t.exec(`INSERT INTO talk_deck (talk, position, address) VALUES (?, ?, ?)`, r.n, i, address); err != nil {
			return err
		}
	}
	return nil
}

// noteCast notes whose names came to stand, or no longer stand, on a talk.
func (t *tx) noteCast(credits []creditRow) {
	for _, c := range credits {
		if c.person != 0 {
			t.casting[c.person] = true
		}
	}
}

func (t *tx) putCredits(had bool, r *talkRow) error {
	if had {
		if err := t.exec(`DELETE FROM credit WHERE talk = ?`, r.n); err != nil {
			return err
		}
	}
	for i, c := range r.talk.Speakers {
		who := r.credits[i]
		err := t.exec(`INSERT INTO credit (talk, position, name, affiliation, role, bio, url, key, matched, person)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), nullif(?, 0))`,
			r.n, i, c.Name, c.Affiliation, c.Role, c.Bio, c.URL, who.key, who.matched, who.person)
		if err != nil {
			return err
		}
	}
	return nil
}

// sameCredits says whether two castings are alike as far as rows hold them.
func sameCredits(a, b []creditRow) bool {
	return slices.EqualFunc(a, b, func(x, y creditRow) bool { return x.key == y.key && x.matched == y.matched && x.person == y.person })
}

func (t *tx) putTopics(had bool, r *talkRow) error {
	if had {
		if err := t.exec(`DELETE FROM talk_topic WHERE talk = ?`, r.n); err != nil {
			return err
		}
	}
	for _, name := range r.talk.Topics {
		topic, err := t.takeTopic(name)
		if err != nil {
			return err
		}
		if topic == 0 {
			continue
		}
		if err := t.exec(`INSERT OR IGNORE INTO talk_topic (talk, topic) VALUES (?, ?)`, r.n, topic); err != nil {
			return err
		}
	}
	return nil
}

// touch gives each talk that where selects a new Revision: something that is
// shown with it has changed.
func (t *tx) touch(where string, args ...any) error {
	var numbers []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		numbers = append(numbers, n)
		return err
	}, `SELECT n FROM talk WHERE `+where+` ORDER BY n`, args...)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		revision, err := t.tick()
		if err != nil {
			return err
		}
		if err := t.exec(`UPDATE talk SET revision = ? WHERE n = ?`, revision, n); err != nil {
			return err
		}
	}
	return nil
}

// readingTalks returns the talks of one reading in its order.
func (t *tx) readingTalks(reading int64) ([]archive.TalkID, error) {
	var list []archive.TalkID
	err := t.each(func(rows *sql.Rows) error {
		var id archive.TalkID
		err := rows.Scan(&id)
		list = append(list, id)
		return err
	}, `SELECT talk.id FROM item JOIN talk ON talk.n = `+rootTalkOf("item.talk")+` WHERE item.reading = ? ORDER BY item.position`, reading)
	return list, err
}
