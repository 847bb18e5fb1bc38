package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"rostrum/archive"
)

// Task is something to look at: a Finding, or a value that was read with
// little confidence and that nobody has corrected.
type Task struct {
	FoundFinding
	Edition      archive.EditionID
	EditionTitle string
	TalkTitle    string // "" when it is about the edition
	Sure         float64
	// Reach is how many talks a repair mends: those that the doubtful person is
	// on, or all of the edition. At least 1.
	Reach int
	// By is what Reach counts by.
	By archive.ReachBy
	// Also is how many more talks have the same said of the same name.
	Also int
}

// Score is what the repair is worth, higher first; see archive.RepairWorth.
func (k Task) Score() int { return archive.RepairWorth(k.Code, k.Field, k.Reach) }

// Dismissal names what is dismissed: one Finding or doubtful value.
type Dismissal struct {
	Talk  archive.TalkID      `json:"talk,omitempty"`
	Code  archive.FindingCode `json:"code"`
	Field string              `json:"field,omitempty"`
	URL   string              `json:"url,omitempty"`
	Text  string              `json:"text"`
}

// VerbDismiss is that a finding needs no repair.
const VerbDismiss Verb = "dismiss"

// unsure is the confidence below which a value is worth a look.
const unsure = 0.5

// Worklist returns what is odd or doubtful and was not dismissed, the most
// worth first: of one edition, or with "" of all. Nil when there is nothing.
func (db *DB) Worklist(ctx context.Context, edition archive.EditionID) ([]Task, error) {
	list, err := remembered(ctx, db, "worklist "+string(edition), func() (list []Task, err error) {
		err = db.view(ctx, func(t *tx) error {
			list, err = t.worklist(edition)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, fmt.Errorf("worklist: %w", err)
	}
	return list, nil
}

// OpenTasks is the Worklist of one edition in the order in which things were
// found, each by itself.
func (db *DB) OpenTasks(ctx context.Context, edition archive.EditionID) ([]Task, error) {
	list, err := remembered(ctx, db, "open tasks "+string(edition), func() (list []Task, err error) {
		err = db.view(ctx, func(t *tx) error {
			list, err = t.openTasks(edition)
			return err
		})
		return list, err
	})
	if err != nil {
		return nil, fmt.Errorf("open tasks of %s: %w", edition, err)
	}
	return list, nil
}

func (t *tx) worklist(edition archive.EditionID) ([]Task, error) {
	list, err := t.openTasks(edition)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := t.reach(&list[i]); err != nil {
			return nil, err
		}
	}
	list = together(list)
	slices.SortStableFunc(list, func(a, b Task) int { return cmp.Compare(b.Score(), a.Score()) })
	return list, nil
}

func (t *tx) openTasks(edition archive.EditionID) ([]Task, error) {
	list, err := t.findingTasks(edition)
	if err != nil {
		return nil, err
	}
	doubts, err := t.doubtTasks(edition)
	if err != nil {
		return nil, err
	}
	// What a reader says in words needs not be said again by a number.
	said := map[string]bool{}
	for _, k := range list {
		said[string(k.Talk)+" "+k.Field] = true
	}
	for _, k := range doubts {
		if !said[string(k.Talk)+" "+k.Field] {
			list = append(list, k)
		}
	}
	dismissed, err := t.dismissed()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(k Task) bool { return dismissed[k.Edition][k.dismissal()] }), nil
}

func (k Task) dismissal() Dismissal {
	return Dismissal{Talk: k.Talk, Code: k.Code, Field: k.Field, URL: k.URL, Text: k.Text}
}

func (t *tx) findingTasks(edition archive.EditionID) ([]Task, error) {
	var list []Task
	err := t.each(func(rows *sql.Rows) error {
		var k Task
		var place []byte
		err := rows.Scan(&k.Code, &k.Text, &k.Field, &k.URL, &place, &k.Talk, &k.TalkTitle, &k.Edition, &k.EditionTitle)
		if err == nil && len(place) > 0 {
			k.Place = &archive.Place{}
			err = json.Unmarshal(place, k.Place)
		}
		list = append(list, k)
		return err
	}, `SELECT finding.code, finding.text, finding.field, finding.url, finding.place, coalesce(talk.id, ''), coalesce(talk.title, ''), edition.id, edition.title
		FROM finding JOIN edition ON edition.n = finding.edition LEFT JOIN talk ON talk.n = finding.talk
		WHERE edition.hidden = 0 AND coalesce(talk.hidden, 0) = 0 AND (?1 = '' OR edition.id = ?1)
			AND NOT EXISTS (SELECT 1 FROM correction WHERE finding.field <> '' AND correction.thing = 'talk' AND correction.row = talk.n AND correction.field = finding.field)
		ORDER BY edition.n, finding.n`, edition)
	return list, err
}

// doubt is a value of a reading that was read with little confidence.
type doubt struct {
	talk  int64
	field string
	place archive.Place
}

// doubts remembers them by reading: a reading never changes.
type doubts struct {
	mu     sync.Mutex
	byRead map[int64][]doubt
}

func (t *tx) doubtsOf(reading int64) ([]doubt, error) {
	memo := &t.db.doubts
	memo.mu.Lock()
	list, ok := memo.byRead[reading]
	memo.mu.Unlock()
	if ok {
		return list, nil
	}
	read, err := t.readings(`n = ?`, reading)
	if err != nil || len(read) == 0 {
		return nil, err
	}
	for i, item := range read[0].programme.Items {
		for _, field := range archive.TalkFields() {
			if p, ok := item.Places[field]; ok && p.Sure > 0 && p.Sure < unsure && item.Given() {
				list = append(list, doubt{read[0].talks[i], field, p})
			}
		}
	}
	memo.mu.Lock()
	defer memo.mu.Unlock()
	if memo.byRead == nil {
		memo.byRead = map[int64][]doubt{}
	}
	memo.byRead[reading] = list
	return list, nil
}

func (t *tx) doubtTasks(edition archive.EditionID) ([]Task, error) {
	type current struct {
		n     int64
		id    archive.EditionID
		title string
	}
	var readings []current
	err := t.each(func(rows *sql.Rows) error {
		var c current
		err := rows.Scan(&c.n, &c.id, &c.title)
		readings = append(readings, c)
		return err
	}, `SELECT reading.n, edition.id, edition.title FROM reading JOIN edition ON edition.n = reading.edition
		WHERE current = 1 AND edition.hidden = 0 AND (?1 = '' OR edition.id = ?1) ORDER BY reading.n`, edition)
	if err != nil {
		return nil, err
	}
	var list []Task
	for _, c := range readings {
		found, err := t.doubtsOf(c.n)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			k := Task{Edition: c.id, EditionTitle: c.title, Sure: d.place.Sure}
			k.Code, k.Field, k.Text, k.Place = archive.FindingDoubtful, d.field, d.place.Quote, &d.place
			err := t.get([]any{&k.Talk, &k.TalkTitle}, `SELECT id, title FROM talk WHERE n = ?1 AND hidden = 0 AND gone = 0
				AND NOT EXISTS (SELECT 1 FROM correction WHERE thing = 'talk' AND row = ?1 AND field = ?2)`, d.talk, d.field)
			if errors.Is(err, archive.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			list = append(list, k)
		}
	}
	return list, nil
}

func (t *tx) dismissed() (map[archive.EditionID]map[Dismissal]bool, error) {
	all := map[archive.EditionID]map[Dismissal]bool{}
	err := t.each(func(rows *sql.Rows) error {
		var id archive.EditionID
		var raw []byte
		var d Dismissal
		if err := rows.Scan(&id, &raw); err != nil {
			return err
		}
		if err := json.Unmarshal(raw, &d); err != nil {
			return err
		}
		if all[id] == nil {
			all[id] = map[Dismissal]bool{}
		}
		all[id][d] = true
		return nil
	}, `SELECT edition.id, detail FROM act JOIN edition ON edition.n = act.row WHERE act.verb = 'dismiss' AND thing = 'edition' AND undone_at = 0`)
	return all, err
}

// reach counts what a repair mends.
func (t *tx) reach(k *Task) error {
	k.Reach, k.By = 1, archive.ReachTalk
	if k.Talk == "" {
		k.By = archive.ReachEdition
		err := t.get([]any{&k.Reach}, `SELECT count(*) FROM talk JOIN edition ON edition.n = talk.edition WHERE edition.id = ? AND talk.hidden = 0 AND given = 1`, k.Edition)
		k.Reach = max(k.Reach, 1)
		return err
	}
	if k.Field != "speakers" {
		return nil
	}
	quote := ""
	if k.Place != nil {
		quote = k.Place.Quote
	}
	var persons []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		var name string
		err := rows.Scan(&n, &name)
		if quote == "" || strings.Contains(quote, name) {
			persons = append(persons, n)
		}
		return err
	}, `SELECT credit.person, credit.name FROM credit JOIN talk ON talk.n = credit.talk WHERE talk.id = ? AND credit.person IS NOT NULL`, k.Talk)
	for _, n := range persons {
		count := 0
		if err := t.get([]any{&count}, `SELECT count(DISTINCT talk) FROM credit WHERE person = ?`, n); err != nil {
			return err
		}
		if count > k.Reach {
			k.Reach, k.By = count, archive.ReachPerson
		}
	}
	return err
}

// together makes one task of those that say the same of the same words.
func together(list []Task) []Task {
	type key struct {
		edition archive.EditionID
		code    archive.FindingCode
		quote   string
	}
	first := map[key]int{}
	var out []Task
	for _, k := range list {
		if k.Field == "speakers" && k.Place != nil && k.Place.Quote != "" {
			at := key{k.Edition, k.Code, k.Place.Quote}
			if i, ok := first[at]; ok {
				out[i].Also++
				out[i].Reach = max(out[i].Reach, out[i].Also+1)
				out[i].By = archive.ReachPerson
				continue
			}
			first[at] = len(out)
		}
		out = append(out, k)
	}
	return out
}

// Dismiss says that a Finding, or a doubtful value, of an edition needs no
// repair: it is not in the Worklist any more, until that is undone or something
// else is found. archive.ErrNotFound for the edition.
func (db *DB) Dismiss(ctx context.Context, edition archive.EditionID, d Dismissal, who Who) (ActID, error) {
	var id ActID
	err := db.update(ctx, func(t *tx) error {
		row, err := t.editionNumber(edition)
		if err != nil {
			return err
		}
		if d.Code == "" {
			return &archive.InvalidError{Thing: "finding", Why: "it is not said which one"}
		}
		id, err = t.act(VerbDismiss, ThingEdition, string(edition), row, d, who)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("dismiss a finding of %s: %w", edition, err)
	}
	return id, nil
}
