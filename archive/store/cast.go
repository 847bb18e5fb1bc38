package store

import (
	"database/sql"
	"errors"
	"slices"
	"strings"

	"rostrum/archive"
)

// cast resolves the credits of one edition while it is woven.
type cast struct {
	t       *tx
	edition int64
	series  int64
	// printed has, for each person, where this edition prints the name, as
	// far as it is woven: what no row says yet.
	printed   map[int64][]castPlace
	decisions map[int64]map[string]int64 // by talk and folded name
	loaded    bool
	rootOf    func(int64) int64      // the talk that stands for one
	twins     func(int64) []*talkRow // those that it stands for
}

type castPlace struct {
	talk int64
	key  string
	name string
	from string
	url  string
}

func newCast(l *loom) *cast {
	return &cast{t: l.t, edition: l.edition.n, series: l.edition.series, printed: map[int64][]castPlace{}, decisions: map[int64]map[string]int64{}, rootOf: l.rootOf, twins: l.twinsOf}
}

// resolve fills in who the credits of a talk are: as a person decided, else as
// they were taken before, else as the matching finds; nobody is minted twice.
func (c *cast) resolve(old, next *talkRow) error {
	if err := c.load(); err != nil {
		return err
	}
	next.credits = make([]creditRow, len(next.talk.Speakers))
	kept := c.keep(old, next)
	for i := range next.talk.Speakers {
		credit, row := &next.talk.Speakers[i], &next.credits[i]
		row.key = archive.NameKey(credit.Name)
		credit.Person = ""
		if row.key == "" || !archive.PersonLike(credit.Name) {
			continue
		}
		row.matched = kept[i]
		if row.matched == 0 {
			var err error
			if row.matched, err = c.find(next.n, row.key, *credit); err != nil {
				return err
			}
		}
		shown := row.matched
		if who, ok := c.decisions[next.n][row.key]; ok {
			shown = who
		}
		var err error
		if row.person, credit.Person, err = c.t.rootPerson(shown); err != nil {
			return err
		}
		c.printed[row.person] = append(c.printed[row.person], castPlace{next.n, row.key, credit.Name, credit.Affiliation, credit.URL})
	}
	return nil
}

// keep returns for each credit whom the same name on the same talk was taken
// for before, each earlier credit used once.
func (c *cast) keep(old, next *talkRow) []int64 {
	kept := make([]int64, len(next.talk.Speakers))
	before := slices.Clip(old.credits)
	for _, twin := range c.twins(next.n) {
		before = append(before, twin.credits...)
	}
	used := make([]bool, len(before))
	for i, credit := range next.talk.Speakers {
		key := archive.NameKey(credit.Name)
		for j, was := range before {
			if !used[j] && was.key == key && was.matched != 0 {
				kept[i], used[j] = was.matched, true
				break
			}
		}
	}
	return kept
}

func (c *cast) load() error {
	if c.loaded {
		return nil
	}
	c.loaded = true
	return c.t.each(func(rows *sql.Rows) error {
		var talk, person int64
		var key string
		if err := rows.Scan(&talk, &key, &person); err != nil {
			return err
		}
		talk = c.rootOf(talk)
		if c.decisions[talk] == nil {
			c.decisions[talk] = map[string]int64{}
		}
		c.decisions[talk][key] = person
		return nil
	}, `SELECT credit_decision.talk, credit_decision.key, credit_decision.person FROM credit_decision
		JOIN talk ON talk.n = credit_decision.talk WHERE talk.edition = ? ORDER BY credit_decision.act`, c.edition)
}

// find returns the person a credit means, minting one when none is meant.
func (c *cast) find(talk int64, key string, credit archive.Credit) (int64, error) {
	var named []int64
	err := c.t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		named = append(named, n)
		return err
	}, `SELECT person FROM person_name WHERE key = ? ORDER BY person LIMIT 50`, key)
	if err != nil {
		return 0, err
	}
	// People who turned out to be one stand once, as the first of them.
	var people []int64
	var places [][]archive.Printed
	seen := map[int64]bool{}
	for _, n := range named {
		root, _, err := c.t.rootPerson(n)
		if err != nil {
			return 0, err
		}
		if seen[root] {
			continue
		}
		seen[root] = true
		printed, err := c.places(talk, root, n, key)
		if err != nil {
			return 0, err
		}
		people, places = append(people, n), append(places, printed)
	}
	if i := archive.ChoosePerson(credit, places); i >= 0 {
		return people[i], nil
	}
	return c.t.newPerson(credit.Name, key)
}

// places returns where a person's name was printed, in this order or another:
// in the rows of other editions and in what is woven of this one. Names of
// another key, under which a merge made them known, say nothing of this one.
func (c *cast) places(talk, root, named int64, key string) ([]archive.Printed, error) {
	var list []archive.Printed
	for _, p := range c.printed[root] {
		if p.key == key {
			list = append(list, archive.Printed{
				Name: p.name, Affiliation: p.from, URL: p.url, SameTalk: p.talk == talk, SameEdition: true, SameSeries: true,
			})
		}
	}
	err := c.t.each(func(rows *sql.Rows) error {
		var p archive.Printed
		var n, edition, series int64
		if err := rows.Scan(&n, &edition, &series, &p.Name, &p.Affiliation, &p.URL); err != nil {
			return err
		}
		p.SameTalk, p.SameEdition, p.SameSeries = n == talk, edition == c.edition, series == c.series
		if p.SameTalk {
			return nil // the row as it was; it is being woven anew
		}
		if !slices.Contains(list, p) {
			list = append(list, p)
		}
		return nil
	}, `SELECT talk.n, talk.edition, edition.series, credit.name, credit.affiliation, credit.url FROM credit JOIN talk ON talk.n = credit.talk
		JOIN edition ON edition.n = talk.edition WHERE credit.person = ? AND credit.key = ? AND talk.merged IS NULL ORDER BY talk.n DESC LIMIT 200`, root, key)
	if err != nil || len(list) > 0 {
		return list, err
	}
	// Known by name only: what named them is gone from the rows.
	var name string
	err = c.t.get([]any{&name}, `SELECT called FROM person WHERE n = ?`, named)
	return append(list, archive.Printed{Name: name}), err
}

func (t *tx) newPerson(name, key string) (int64, error) {
	name = strings.Join(strings.Fields(archive.PlainName(name)), " ")
	id, err := t.mint("person", "", name, "person", `SELECT 1 FROM person WHERE id = ?`)
	if err != nil {
		return 0, err
	}
	n, err := t.insert(`INSERT INTO person (id, name, called, sort) VALUES (?, ?, ?, ?)`, id, name, name, archive.NameSort(name))
	if err != nil {
		return 0, err
	}
	return n, t.exec(`INSERT INTO person_name (key, person) VALUES (?, ?)`, key, n)
}

// rootPerson follows merges to the person who stands.
func (t *tx) rootPerson(n int64) (int64, archive.PersonID, error) {
	var root int64
	var id archive.PersonID
	err := t.get([]any{&root, &id}, `WITH RECURSIVE way (n, step) AS (SELECT ?, 0
			UNION SELECT person.merged, step + 1 FROM way JOIN person ON person.n = way.n WHERE person.merged IS NOT NULL AND step < 100)
		SELECT person.n, CASE WHEN person.hidden = 0 THEN person.id ELSE '' END FROM way JOIN person ON person.n = way.n ORDER BY step DESC LIMIT 1`, n)
	return root, id, err
}

func ignoreMissing(err error) error {
	if errors.Is(err, archive.ErrNotFound) {
		return nil
	}
	return err
}
