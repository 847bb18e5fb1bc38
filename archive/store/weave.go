package store

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"rostrum/archive"
)

// loom holds one edition while what is shown of it is woven anew: all that was
// read and corrected, and what is stored as shown, to write only differences.
type loom struct {
	t       *tx
	edition editionRow
	family  []int64 // the rows that are this edition, itself first
	// root has, of talks that turned out to be another, that other; twins are
	// those talks. home is the edition a talk is of, where that is not this one.
	root  map[int64]int64
	twins []*talkRow
	home  map[int64]int64
	// added are twins that have no row yet.
	added []*talkRow
	// readings are the current ones, the one that spoke last first.
	readings []*reading
	older    map[int64]*reading // others, loaded when a talk is in none of those
	stored   map[int64]*talkRow
	fresh    map[int64]bool // talks that have no row yet
	order    []int64        // all talks, in the order of the programme
	cast     *cast
}

// readLoom is a loom for looking at what was read of an edition, without what
// is stored as shown.
func (t *tx) readLoom(edition int64) (*loom, error) {
	l := &loom{t: t, older: map[int64]*reading{}}
	l.edition.n = edition
	if err := l.loadFamily(); err != nil {
		return l, err
	}
	err := t.each(func(rows *sql.Rows) error {
		k := &talkRow{}
		err := rows.Scan(&k.n, &k.merged, &k.home)
		l.know(k)
		return err
	}, `SELECT n, coalesce(merged, 0), coalesce(home, 0) FROM talk WHERE edition = ? AND (merged IS NOT NULL OR home IS NOT NULL)`, edition)
	if err != nil {
		return l, err
	}
	return l, l.loadReadings()
}

// info is what is read of the edition itself.
func (l *loom) info() archive.EditionInfo {
	infos := make([]archive.EditionInfo, len(l.readings))
	for i, r := range l.readings {
		infos[i] = r.programme.Edition
	}
	return archive.LayEditions(infos)
}

func (t *tx) loom(e editionRow) (*loom, error) {
	l := &loom{t: t, edition: e, older: map[int64]*reading{}, stored: map[int64]*talkRow{}, fresh: map[int64]bool{}}
	if err := l.loadFamily(); err != nil {
		return nil, err
	}
	rows, err := t.talks(`FROM talk WHERE talk.edition = ?`, e.n)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		l.know(r)
		if r.merged == 0 {
			l.stored[r.n] = r
		}
	}
	return l, l.loadReadings()
}

// readings returns whole readings, the one that spoke last first.
func (t *tx) readings(where string, args ...any) ([]*reading, error) {
	var list []*reading
	err := t.each(func(rows *sql.Rows) error {
		r := &reading{}
		var packed []byte
		var at int64
		if err := rows.Scan(&r.n, &r.home, &r.source, &r.part, &r.snapshot, &r.reader, &at, &r.hash, &packed); err != nil {
			return err
		}
		r.at = fromMillis(at)
		raw, err := unpack(packed, maxProgramme)
		if err != nil {
			return fmt.Errorf("reading %d: %w", r.n, err)
		}
		if err := json.Unmarshal(raw, &r.programme); err != nil {
			return fmt.Errorf("reading %d: %w", r.n, err)
		}
		r.talks = make([]int64, len(r.programme.Items))
		list = append(list, r)
		return nil
	}, `SELECT n, edition, source, part, snapshot, reader, at, hash, programme FROM reading WHERE `+where+` ORDER BY n DESC`, args...)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		err := t.each(func(rows *sql.Rows) error {
			var position int
			var talk int64
			if err := rows.Scan(&position, &talk); err != nil {
				return err
			}
			if position < len(r.talks) {
				r.talks[position] = talk
			}
			return nil
		}, `SELECT position, talk FROM item WHERE reading = ?`, r.n)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

// add lays a new reading on top: says which talks its items are, and retires
// what the same source said of this edition before.
func (l *loom) add(r *reading) error {
	rows, known, err := l.known(r.home)
	if err != nil {
		return err
	}
	r.talks = make([]int64, len(r.programme.Items))
	for i, k := range archive.MatchTalks(known, r.programme.Items) {
		if k >= 0 {
			r.talks[i], err = l.member(rows[k].n, r.home, r.programme.Items[i])
		} else {
			r.talks[i], err = l.newTalk(r.programme.Items[i], r.home)
		}
		if err != nil {
			return err
		}
	}
	if err := l.t.putReading(r.home, r); err != nil {
		return err
	}
	return l.retire(r)
}

// known returns the talks of the edition in their order, and what is read of
// each. Of editions that were merged each goes by its own words, as far as it
// speaks of a talk; home 0 takes all together.
func (l *loom) known(home int64) ([]*talkRow, []archive.Item, error) {
	numbers := make([]int64, 0, len(l.stored))
	for n := range l.stored {
		numbers = append(numbers, n)
	}
	slices.SortFunc(numbers, func(a, b int64) int {
		return cmp.Or(cmp.Compare(l.stored[a].talk.Position, l.stored[b].talk.Position), cmp.Compare(a, b))
	})
	said := l.said()
	rows, known := make([]*talkRow, len(numbers)), make([]archive.Item, len(numbers))
	for i, n := range numbers {
		lines := said[n]
		if len(lines) == 0 {
			last, _, err := l.lastSaid(n)
			if err != nil {
				return nil, nil, err
			}
			lines = []line{last}
		}
		if own := slices.DeleteFunc(slices.Clone(lines), func(said line) bool { return said.home != home }); len(own) > 0 {
			lines = own
		}
		rows[i], known[i] = l.stored[n], archive.LayItems(items(lines))
	}
	return rows, known, nil
}

func (l *loom) newTalk(it archive.Item, home int64) (int64, error) {
	id, n, err := l.mintTalk(string(l.edition.id), it)
	if err != nil {
		return 0, err
	}
	k := &talkRow{n: n, talk: archive.Talk{ID: id}}
	if home != l.edition.n {
		k.home = home
	}
	l.know(k)
	l.stored[n] = k
	return n, nil
}

// mintTalk makes an ID below an edition's, and a row's number.
func (l *loom) mintTalk(edition string, it archive.Item) (archive.TalkID, int64, error) {
	title := it.Title
	if !archive.HasWords(title) {
		title = string(it.Kind)
	}
	id, err := l.t.mint("talk", edition+"/", title, "talk", `SELECT 1 FROM talk WHERE id = ?`)
	if err != nil {
		return "", 0, err
	}
	n, err := l.t.nextTalk(int64(len(l.fresh)))
	l.fresh[n] = true
	return archive.TalkID(id), n, err
}

// nextTalk returns the number of a row that is yet to be written, as the
// skip-th of them: its content is known only once all is woven.
func (t *tx) nextTalk(skip int64) (int64, error) {
	var last int64
	err := t.get([]any{&last}, `SELECT coalesce(max(n), 0) FROM talk`)
	return last + skip + 1, err
}

// retire puts r on top of the current readings and takes away the one it
// supersedes: the same source and part, or the same programme that has moved to
// another part of a file, as told by most of its talks.
func (l *loom) retire(r *reading) error {
	mine := map[int64]bool{}
	for _, n := range r.talks {
		mine[n] = true
	}
	kept := []*reading{r}
	for _, old := range l.readings {
		common := 0
		for _, n := range old.talks {
			if mine[n] {
				common++
			}
		}
		moved := old.source == r.source && old.snapshot != r.snapshot && 2*common > len(old.talks)
		if !moved && (old.source != r.source || old.part != r.part) {
			kept = append(kept, old)
			continue
		}
		if err := l.t.exec(`UPDATE reading SET current = 0 WHERE n = ?`, old.n); err != nil {
			return err
		}
		if err := l.t.exec(`DELETE FROM finding WHERE reading = ?`, old.n); err != nil {
			return err
		}
		l.older[old.n] = old
	}
	l.readings = kept
	l.ownFirst()
	return nil
}

func (l *loom) putItems(r *reading) error {
	for i, n := range r.talks {
		if err := l.t.exec(`INSERT INTO item (reading, position, talk) VALUES (?, ?, ?)`, r.n, i, n); err != nil {
			return err
		}
	}
	return nil
}

// line is what one reading says of one talk.
type line struct {
	item     archive.Item
	snapshot archive.SnapshotID
	home     int64 // the edition of which it was read
}

func items(lines []line) []archive.Item {
	list := make([]archive.Item, len(lines))
	for i, l := range lines {
		list[i] = l.item
	}
	return list
}

// said returns what the current readings say of each talk, last speaker first.
func (l *loom) said() map[int64][]line {
	lines := map[int64][]line{}
	for _, r := range l.readings {
		for i, n := range r.talks {
			if n = l.rootOf(n); n != 0 {
				lines[n] = append(lines[n], line{item: r.programme.Items[i], snapshot: r.snapshot, home: r.home})
			}
		}
	}
	return lines
}

// lastSaid returns what was last said of a talk of which no current reading
// speaks; false when all that spoke of it was undone.
func (l *loom) lastSaid(talk int64) (line, bool, error) {
	var n int64
	var position int
	err := l.t.get([]any{&n, &position}, `SELECT item.reading, item.position FROM item JOIN reading ON reading.n = item.reading
		WHERE item.talk IN (SELECT value FROM json_each(?)) AND reading.undone = 0 ORDER BY item.reading DESC LIMIT 1`, l.rowsOf(talk))
	if err != nil {
		return line{}, false, ignoreMissing(err)
	}
	if l.older[n] == nil {
		list, err := l.t.readings(`n = ?`, n)
		if err != nil || len(list) == 0 {
			return line{}, false, err
		}
		l.older[n] = list[0]
	}
	r := l.older[n]
	if position >= len(r.programme.Items) {
		return line{}, false, nil
	}
	return line{item: r.programme.Items[position], snapshot: r.snapshot, home: r.home}, true, nil
}

// weave makes what is shown out of what was read and corrected, and writes
// what differs from what is stored.
func (l *loom) weave(taken *Taken) error {
	said := l.said()
	if err := l.weaveEdition(taken); err != nil {
		return err
	}
	if err := l.arrange(said); err != nil {
		return err
	}
	corrections, err := l.t.talkCorrections(l.edition.n, l.rootOf)
	if err != nil {
		return err
	}
	downs, err := l.t.takedowns(l.edition.n, l.rootOf)
	if err != nil {
		return err
	}
	l.cast = newCast(l)
	for position, n := range l.order {
		old := l.stored[n]
		next, err := l.raw(old, position, said[n])
		if err != nil {
			return err
		}
		if next.talk.Item, err = correctItem(next.talk.Item, corrections[n]); err != nil {
			return fmt.Errorf("talk %s: %w", old.talk.ID, err)
		}
		next.hidden = next.hidden || downs[n] || l.edition.hidden
		if err := l.weaveTalk(old, next, taken); err != nil {
			return fmt.Errorf("talk %s: %w", old.talk.ID, err)
		}
	}
	return l.putTwins()
}

// raw lays out what is read of a talk. Of one that nobody speaks of any more,
// since all that did was taken back, the row is hidden as it is: when that is
// undone it shall be what it was.
func (l *loom) raw(old *talkRow, position int, lines []line) (*talkRow, error) {
	next := &talkRow{n: old.n, home: old.home, talk: archive.Talk{ID: old.talk.ID, Position: position, Decks: old.talk.Decks}}
	if len(lines) > 0 {
		next.talk.Item, next.talk.Snapshot = archive.LayItems(items(lines)), lines[0].snapshot
		return next, nil
	}
	last, ok, err := l.lastSaid(old.n)
	next.talk.Item, next.talk.Gone, next.talk.Snapshot = archive.LayItems([]archive.Item{last.item}), true, last.snapshot
	if !ok {
		next.talk.Snapshot = old.talk.Snapshot
		next.talk.Item, next.talk.Gone, next.hidden = old.talk.Item, old.talk.Gone, true
	}
	return next, err
}

// weaveTalk resolves the credits and writes the row when it is new or differs.
func (l *loom) weaveTalk(old, next *talkRow, taken *Taken) error {
	normalize(&next.talk.Item)
	next.given = next.talk.Given()
	if err := l.cast.resolve(old, next); err != nil {
		return err
	}
	id := next.talk.ID
	if l.fresh[next.n] {
		taken.says(next.talk)
		taken.Added = append(taken.Added, id)
		return l.t.insertTalk(l.edition.n, next)
	}
	changes := fieldChanges(old, next)
	if len(changes) > 0 {
		taken.says(next.talk)
	}
	moved := old.talk.Position != next.talk.Position || old.talk.Snapshot != next.talk.Snapshot
	resolved := !sameCredits(old.credits, next.credits)
	switch {
	case next.talk.Gone && !old.talk.Gone:
		taken.Gone = append(taken.Gone, id)
	case len(changes) > 0:
		taken.Changed = append(taken.Changed, id)
	case !next.talk.Gone:
		taken.Unchanged = append(taken.Unchanged, id)
	}
	taken.Changes = append(taken.Changes, changes...)
	if len(changes) == 0 && !resolved && old.hidden == next.hidden {
		if !moved {
			return nil
		}
		return l.t.exec(`UPDATE talk SET position = ?, snapshot = ? WHERE n = ?`, next.talk.Position, next.talk.Snapshot, next.n)
	}
	return l.t.updateTalk(old, next)
}

// says notes what a talk says, on a dry run.
func (t *Taken) says(talk archive.Talk) {
	if t.Says != nil {
		t.Says[talk.ID] = talk.Item
	}
}

// normalize makes equal what is stored alike: no list is nil.
func normalize(it *archive.Item) {
	it.Places = nil
	it.Topics, it.Slides, it.Video, it.Paper = none(it.Topics), none(it.Slides), none(it.Video), none(it.Paper)
	if len(it.Speakers) == 0 {
		it.Speakers = nil
	}
}

// weaveEdition lays out the edition itself.
func (l *loom) weaveEdition(taken *Taken) error {
	info := l.info()
	if len(l.readings) == 0 {
		info = l.edition.info // all that spoke of it was undone: it is hidden, not blank
	}
	info, err := l.t.correctEdition(l.family, info)
	if err != nil {
		return err
	}
	down := false
	for _, n := range l.family {
		one, err := l.t.takenDown(ThingEdition, n, "")
		if err != nil {
			return err
		}
		down = down || one
	}
	old := l.edition
	hidden := down || len(l.readings) == 0
	talksToo, err := l.t.putEdition(old, info, hidden)
	if err != nil {
		return err
	}
	taken.Changes = append(taken.Changes, editionChanges(old.info, info, taken.New)...)
	l.edition.info, l.edition.hidden = info, hidden
	if talksToo && !taken.New {
		return l.t.touch(`edition = ?`, l.edition.n)
	}
	return nil
}

// arrange orders the talks: as the last speaker has them, those that only
// others have by their time between, the rest at the end.
func (l *loom) arrange(said map[int64][]line) error {
	var order []int64
	placed := map[int64]bool{}
	when := map[int64]string{}
	for n, lines := range said {
		when[n] = clockOf(archive.LayItems(items(lines)))
	}
	for _, r := range l.readings {
		for _, n := range r.talks {
			if n = l.rootOf(n); n == 0 || placed[n] {
				continue
			}
			placed[n] = true
			order = insertByTime(order, n, when, r == l.readings[0])
		}
	}
	var rest []int64
	for n := range l.stored {
		if !placed[n] {
			rest = append(rest, n)
		}
	}
	// By when they were first met: their place as stored tells of what was
	// done and undone since.
	slices.Sort(rest)
	for _, n := range rest {
		last, _, err := l.lastSaid(n)
		if err != nil {
			return err
		}
		when[n] = clockOf(last.item)
		order = insertByTime(order, n, when, false)
	}
	l.order = order
	return nil
}

func clockOf(it archive.Item) string {
	if it.Start == "" {
		return ""
	}
	return string(it.Date) + " " + string(it.Start)
}

func insertByTime(order []int64, n int64, when map[int64]string, last bool) []int64 {
	if !last && when[n] != "" {
		for i, o := range order {
			if when[o] > when[n] {
				return slices.Insert(order, i, n)
			}
		}
	}
	return append(order, n)
}

// fieldChanges lists what of a talk came to be shown otherwise.
func fieldChanges(old, next *talkRow) []FieldChange {
	id := next.talk.ID
	var list []FieldChange
	a, b := old.talk.Item, next.talk.Item
	a.Speakers, b.Speakers = printed(a.Speakers), printed(b.Speakers)
	if !reflect.DeepEqual(a, b) {
		for _, f := range archive.TalkFields() {
			if o, n := archive.ItemField(a, f), archive.ItemField(b, f); string(o) != string(n) {
				list = append(list, FieldChange{Talk: id, Field: f, Old: plain(o), New: plain(n)})
			}
		}
		if a.SlidesMarked != b.SlidesMarked {
			list = append(list, FieldChange{Talk: id, Field: "slides_marked", Old: yesNo(a.SlidesMarked), New: yesNo(b.SlidesMarked)})
		}
	}
	if old.talk.Gone != next.talk.Gone {
		list = append(list, FieldChange{Talk: id, Field: "gone", Old: yesNo(old.talk.Gone), New: yesNo(next.talk.Gone)})
	}
	return list
}

// printed leaves whom the credits were taken for out of a comparison.
func printed(credits []archive.Credit) []archive.Credit {
	list := slices.Clone(credits)
	for i := range list {
		list[i].Person = ""
	}
	return list
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// plain shows a JSON text as itself and anything else as JSON.
func plain(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

func editionChanges(a, b archive.EditionInfo, isNew bool) []FieldChange {
	if isNew {
		return nil
	}
	var list []FieldChange
	for _, f := range archive.EditionFields() {
		if o, n := archive.EditionField(a, f), archive.EditionField(b, f); string(o) != string(n) {
			list = append(list, FieldChange{Field: f, Old: plain(o), New: plain(n)})
		}
	}
	return list
}
