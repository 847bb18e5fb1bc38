package store

import (
	"cmp"
	"encoding/json"
	"slices"

	"rostrum/archive"
)

// What a loom knows of talks that turned out to be one: the readings of the
// editions that were merged go on speaking of their own rows, and only the one
// that stands for them is shown.

// loadFamily loads which editions are this one.
func (l *loom) loadFamily() error {
	l.root, l.home = map[int64]int64{}, map[int64]int64{}
	var err error
	l.family, err = l.t.family("edition", l.edition.n)
	return err
}

func (l *loom) loadReadings() error {
	asked, err := json.Marshal(l.family)
	if err != nil {
		return err
	}
	l.readings, err = l.t.readings(`edition IN (SELECT value FROM json_each(?)) AND current = 1`, string(asked))
	l.ownFirst()
	return err
}

// ownFirst lets the readings of the edition that stands speak before those of
// the ones given up for it, whichever spoke last: whoever merged them chose.
func (l *loom) ownFirst() {
	slices.SortStableFunc(l.readings, func(a, b *reading) int {
		return cmp.Compare(btoi(a.home != l.edition.n), btoi(b.home != l.edition.n))
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// know notes a talk's twin and home.
func (l *loom) know(k *talkRow) {
	if k.home != 0 {
		l.home[k.n] = k.home
	}
	if k.merged != 0 {
		l.root[k.n] = k.merged
		l.twins = append(l.twins, k)
	}
}

// rootOf returns the talk that stands for one; that one when none does.
func (l *loom) rootOf(n int64) int64 {
	for range l.root {
		next, ok := l.root[n]
		if !ok {
			break
		}
		n = next
	}
	return n
}

// twinsOf returns the rows that a talk stands for, without its own.
func (l *loom) twinsOf(talk int64) []*talkRow {
	var list []*talkRow
	for _, k := range l.twins {
		if l.rootOf(k.n) == talk {
			list = append(list, k)
		}
	}
	return list
}

// members are the rows that are one talk, the one that stands first.
func (l *loom) members(talk int64) []int64 {
	list := []int64{talk}
	for _, k := range l.twinsOf(talk) {
		list = append(list, k.n)
	}
	return list
}

// rowsOf is members as JSON, for statements.
func (l *loom) rowsOf(talk int64) string {
	raw, err := json.Marshal(l.members(talk))
	if err != nil { // numbers always marshal
		return "[]"
	}
	return string(raw)
}

func (l *loom) homeOf(n int64) int64 {
	if home, ok := l.home[n]; ok {
		return home
	}
	return l.edition.n
}

// member returns the row of a talk by which an edition's readings speak of it,
// and makes one when none did so far: what they say must stay theirs when the
// editions are two again.
func (l *loom) member(talk, home int64, it archive.Item) (int64, error) {
	for _, n := range l.members(talk) {
		if l.homeOf(n) == home {
			return n, nil
		}
	}
	e, err := l.t.edition(home)
	if err != nil {
		return 0, err
	}
	id, n, err := l.mintTalk(string(e.id), it)
	if err != nil {
		return 0, err
	}
	k := &talkRow{n: n, merged: talk, hidden: true, talk: archive.Talk{ID: id, Item: it}}
	if home != l.edition.n {
		k.home = home
	}
	normalize(&k.talk.Item)
	k.given = it.Given()
	k.credits = make([]creditRow, len(it.Speakers))
	for i, c := range it.Speakers {
		k.credits[i].key = archive.NameKey(c.Name)
	}
	l.know(k)
	l.added = append(l.added, k)
	return n, nil
}

// putTwins writes the rows that member made, after those they lead to.
func (l *loom) putTwins() error {
	for _, k := range l.added {
		if err := l.t.insertTalk(l.edition.n, k); err != nil {
			return err
		}
		to := l.stored[l.rootOf(k.n)]
		if err := l.t.rename("talk", string(k.talk.ID), string(to.talk.ID), 0); err != nil {
			return err
		}
	}
	return nil
}

// rootTalkOf is SQL for the talk that stands for the one that column names.
func rootTalkOf(column string) string {
	return `(WITH RECURSIVE way (n, step) AS (SELECT ` + column + `, 0
		UNION SELECT merged, step + 1 FROM way JOIN talk AS twin ON twin.n = way.n WHERE twin.merged IS NOT NULL AND step < 100)
		SELECT n FROM way ORDER BY step DESC LIMIT 1)`
}
