package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rostrum/archive"
)

// talkRow is a talk as stored: what is shown of it, and whom its credits were
// taken for.
type talkRow struct {
	n       int64
	merged  int64 // the talk it turned out to be, 0 none
	home    int64 // the edition it is of while that one is merged into another, 0 the one it is shown with
	talk    archive.Talk
	given   bool
	hidden  bool
	credits []creditRow // one for each of talk.Speakers
	// veils has, by their rows, the people on it whose former names are hidden.
	veils map[int64]*veil
}

// creditRow is how a credit was resolved; 0 is not.
type creditRow struct {
	key     string
	matched int64
	person  int64
	name    string // what the person is called, where that is shown in place of what was printed
}

const talkColumns = `talk.n, talk.id, talk.position, talk.kind, talk.title, talk.date, talk.start, talk.stop, talk.room, talk.track, talk.session,
	talk.abstract, talk.language, talk.url, talk.topics, talk.slides, talk.video, talk.paper, talk.slides_marked, talk.given, talk.gone,
	talk.hidden, talk.snapshot, talk.revision, coalesce(talk.merged, 0), coalesce(talk.home, 0)`

// talks returns the talks that from selects ("FROM talk WHERE …", without
// order), by their number, with credits and decks.
func (t *tx) talks(from string, args ...any) ([]*talkRow, error) {
	var list []*talkRow
	byNumber := map[int64]*talkRow{}
	err := t.each(func(rows *sql.Rows) error {
		r := &talkRow{}
		var topics, slides, video, paper []byte
		k := &r.talk
		err := rows.Scan(&r.n, &k.ID, &k.Position, &k.Kind, &k.Title, &k.Date, &k.Start, &k.End, &k.Room, &k.Track, &k.Session,
			&k.Abstract, &k.Language, &k.URL, &topics, &slides, &video, &paper, &k.SlidesMarked, &r.given, &k.Gone,
			&r.hidden, &k.Snapshot, &k.Revision, &r.merged, &r.home)
		if err != nil {
			return err
		}
		k.Topics, k.Slides, k.Video, k.Paper = fromList(topics), fromList(slides), fromList(video), fromList(paper)
		list = append(list, r)
		byNumber[r.n] = r
		return nil
	}, `SELECT `+talkColumns+` `+from+` ORDER BY talk.n`, args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	numbers := make([]byte, 1, 8*len(list)+1)
	numbers[0] = '['
	for _, r := range list {
		numbers = append(strconv.AppendInt(numbers, r.n, 10), ',')
	}
	numbers[len(numbers)-1] = ']'
	if err := t.loadCredits(byNumber, string(numbers)); err != nil {
		return nil, err
	}
	if err := t.loadVeils(list); err != nil {
		return nil, err
	}
	return list, t.loadDecks(byNumber, string(numbers))
}

// loadCredits puts in the credits of talks, whose numbers are a JSON list too.
func (t *tx) loadCredits(talks map[int64]*talkRow, numbers string) error {
	return t.each(func(rows *sql.Rows) error {
		var n int64
		var c archive.Credit
		var r creditRow
		if err := rows.Scan(&n, &c.Name, &c.Affiliation, &c.Role, &c.Bio, &c.URL, &c.Person, &r.key, &r.matched, &r.person, &r.name); err != nil {
			return err
		}
		if k, ok := talks[n]; ok {
			k.talk.Speakers, k.credits = append(k.talk.Speakers, c), append(k.credits, r)
		}
		return nil
	}, `SELECT credit.talk, credit.name, credit.affiliation, credit.role, credit.bio, credit.url,
			CASE WHEN person.hidden = 0 THEN person.id ELSE '' END, credit.key, coalesce(credit.matched, 0), coalesce(credit.person, 0),
			CASE WHEN person.hidden = 1 THEN '`+Withheld+`' WHEN person.veiled = 1 THEN person.name ELSE '' END
		FROM credit LEFT JOIN person ON person.n = credit.person
		WHERE credit.talk IN (SELECT value FROM json_each(?)) ORDER BY credit.talk, credit.position`, numbers)
}

// loadVeils loads what hides the former names of those who asked for it.
func (t *tx) loadVeils(list []*talkRow) error {
	known := map[int64]*veil{}
	for _, r := range list {
		for _, c := range r.credits {
			if c.name == "" || c.name == Withheld {
				continue
			}
			v, ok := known[c.person]
			if !ok {
				var err error
				if v, err = t.veilOf(c.person); err != nil {
					return err
				}
				known[c.person] = v
			}
			if r.veils == nil {
				r.veils = map[int64]*veil{}
			}
			r.veils[c.person] = v
		}
	}
	return nil
}

func (t *tx) loadDecks(talks map[int64]*talkRow, numbers string) error {
	return t.each(func(rows *sql.Rows) error {
		var n int64
		var d archive.TalkDeck
		down := false
		if err := rows.Scan(&n, &d.Address, &d.State, &d.Reason, &d.Blob, &d.Bytes, &d.Name, &d.Media, &d.Slides, &down); err != nil {
			return err
		}
		if down {
			d = archive.TalkDeck{Address: d.Address, State: archive.DeckMissing, Reason: reasonDown}
		}
		if k, ok := talks[n]; ok {
			k.talk.Decks = append(k.talk.Decks, d)
		}
		return nil
	}, `SELECT talk_deck.talk, talk_deck.address, coalesce(deck_file.state, 'pending'), coalesce(deck_file.reason, ''), coalesce(deck_file.blob, ''),
			coalesce(deck_file.bytes, 0), coalesce(deck_file.name, ''), coalesce(deck_file.media, ''), coalesce(deck.slides, 0), coalesce(deck_file.down, 0)
		FROM talk_deck LEFT JOIN deck_file ON deck_file.address = talk_deck.address LEFT JOIN deck ON deck.blob = deck_file.blob
		WHERE talk_deck.talk IN (SELECT value FROM json_each(?)) ORDER BY talk_deck.talk, talk_deck.position`, numbers)
}

// Withheld stands in place of the name of somebody who was taken down.
const Withheld = "(name withheld)"

// reasonDown is why a deck that was taken down is not to be had.
const reasonDown = "it was taken down"

// visible is the talk as a visitor may see it: the names of people who asked for it
// left out or replaced.
func (r *talkRow) visible() archive.Talk {
	k := r.talk
	for i, c := range r.credits {
		if c.name == "" {
			continue
		}
		k.Speakers = slices.Clone(k.Speakers)
		k.Speakers[i].Name = c.name
		if c.name == Withheld {
			k.Speakers[i] = archive.Credit{Name: Withheld, Role: k.Speakers[i].Role}
		}
	}
	for _, v := range r.veils {
		v.cover(&k)
	}
	return k
}

func shown(rows []*talkRow) []archive.Talk {
	list := make([]archive.Talk, 0, len(rows))
	for _, r := range rows {
		if !r.hidden {
			list = append(list, r.visible())
		}
	}
	return list
}

// TalkByID returns one talk; archive.ErrNotFound or *archive.MovedError.
func (db *DB) TalkByID(ctx context.Context, id archive.TalkID) (archive.Talk, error) {
	var talk archive.Talk
	err := db.view(ctx, func(t *tx) error {
		rows, err := t.talks(`FROM talk WHERE talk.id = ?`, id)
		if err != nil {
			return err
		}
		if len(rows) == 0 || rows[0].hidden {
			return t.moved("talk", string(id))
		}
		talk = rows[0].visible()
		return nil
	})
	if err != nil {
		return archive.Talk{}, fmt.Errorf("talk %s: %w", id, err)
	}
	return talk, nil
}

// TalksByID returns talks in the order asked; those that are not in the
// archive are left out.
func (db *DB) TalksByID(ctx context.Context, ids []archive.TalkID) ([]archive.Talk, error) {
	list := make([]archive.Talk, 0, len(ids))
	err := db.glance(ctx, func(t *tx) error {
		for part := range slices.Chunk(ids, 200) {
			asked, err := json.Marshal(part)
			if err != nil {
				return err
			}
			rows, err := t.talks(`FROM talk WHERE talk.hidden = 0 AND talk.id IN (SELECT value FROM json_each(?))`, string(asked))
			if err != nil {
				return err
			}
			found := map[archive.TalkID]archive.Talk{}
			for _, r := range rows {
				found[r.talk.ID] = r.visible()
			}
			for _, id := range part {
				if talk, ok := found[id]; ok {
					list = append(list, talk)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("talks by ID: %w", err)
	}
	return list, nil
}

// EditionTalks returns all items of an edition as talks, breaks included, in
// the order of the programme; nil when there are none.
func (db *DB) EditionTalks(ctx context.Context, id archive.EditionID) ([]archive.Talk, error) {
	return db.talkList(ctx, "talks of "+string(id), `FROM talk JOIN edition ON edition.n = talk.edition WHERE edition.id = ?`, byPosition, id)
}

// PersonTalks returns the talks a person is credited on, latest first; nil
// when there are none.
func (db *DB) PersonTalks(ctx context.Context, id archive.PersonID) ([]archive.Talk, error) {
	return db.talkList(ctx, "talks of "+string(id), `FROM talk WHERE talk.n IN (SELECT credit.talk FROM credit JOIN person ON person.n = credit.person
		WHERE person.id = ? AND person.hidden = 0)`, latestFirst, id)
}

// TopicTalks returns the talks on a topic, latest first; nil when there are none.
func (db *DB) TopicTalks(ctx context.Context, id archive.TopicID) ([]archive.Talk, error) {
	return db.talkList(ctx, "talks on "+string(id), `FROM talk WHERE talk.n IN (SELECT talk_topic.talk FROM talk_topic
		JOIN topic ON topic.n = talk_topic.topic WHERE topic.id = ?)`, latestFirst, id)
}

// NewestTalks returns the n talks that somebody gives with the latest dates,
// latest first.
func (db *DB) NewestTalks(ctx context.Context, n int) ([]archive.Talk, error) {
	return remembered(ctx, db, "newest "+strconv.Itoa(n), func() ([]archive.Talk, error) {
		return db.talkList(ctx, "newest talks", `FROM talk WHERE talk.n IN (SELECT talk.n FROM talk JOIN edition ON edition.n = talk.edition
			WHERE given = 1 AND talk.hidden = 0 ORDER BY coalesce(nullif(talk.date, ''), edition.start_date) DESC, talk.n DESC LIMIT ?)`, latestFirst, n)
	})
}

func (db *DB) talkList(ctx context.Context, what, from string, order func(a, b archive.Talk) int, args ...any) ([]archive.Talk, error) {
	var list []archive.Talk
	err := db.view(ctx, func(t *tx) error {
		rows, err := t.talks(from, args...)
		if err != nil || len(rows) == 0 {
			return err
		}
		list = shown(rows)
		slices.SortStableFunc(list, order)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return list, nil
}

func byPosition(a, b archive.Talk) int { return a.Position - b.Position }

// latestFirst orders talks by date, latest first; those without one last.
func latestFirst(a, b archive.Talk) int {
	if c := strings.Compare(string(b.Date), string(a.Date)); c != 0 {
		return c
	}
	return strings.Compare(string(a.ID), string(b.ID))
}
