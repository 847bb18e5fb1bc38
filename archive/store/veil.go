package store

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// veil covers the former names of one person who asked for it, wherever they
// stand in what visitors see. Nothing that was read is altered by it. A nil
// veil covers nothing.
type veil struct {
	chosen  string
	formers []*regexp.Regexp // each form in which a former name is written
	slugs   []string         // as in addresses
	ids     []string         // as in the IDs of people
}

// veilOf returns the veil of a person; nil when they asked for none.
func (t *tx) veilOf(person int64) (*veil, error) {
	v := &veil{}
	veiled := false
	if err := t.get([]any{&v.chosen, &veiled}, `SELECT name, veiled FROM person WHERE n = ?`, person); err != nil || !veiled {
		return nil, err
	}
	const family = `WITH RECURSIVE family (n) AS (SELECT ?1 UNION SELECT person.n FROM person JOIN family ON person.merged = family.n) `
	err := t.each(func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		v.hide(name)
		return err
	}, family+`SELECT called FROM person WHERE n IN (SELECT n FROM family)
		UNION SELECT name FROM credit WHERE person = ?1 OR matched IN (SELECT n FROM family) ORDER BY 1`, person)
	if err != nil {
		return nil, err
	}
	// A name chosen before this one is a former one as well.
	return v, t.each(func(rows *sql.Rows) error {
		var raw []byte
		if err := rows.Scan(&raw); err != nil {
			return err
		}
		var c Correction
		var name string
		if json.Unmarshal(raw, &c) == nil && json.Unmarshal(c.Value, &name) == nil {
			v.hide(name)
		}
		return nil
	}, family+`SELECT detail FROM act WHERE verb = 'correct' AND thing = 'person' AND row IN (SELECT n FROM family)
		AND undone_at = 0 AND json_extract(detail, '$.field') = 'name' ORDER BY n`, person)
}

// hide adds a former name, in the forms in which it may stand in a text. One
// that the chosen name tells itself, as "Ada Lind" does of "Ada Lind Ek", is none
// to hide: covering it would put the rest behind the chosen name once more.
func (v *veil) hide(name string) {
	name = strings.Join(strings.Fields(archive.PlainName(name)), " ")
	if utf8.RuneCountInString(name) < 3 || archive.NameKey(name) == archive.NameKey(v.chosen) {
		return
	}
	if slug := fold.Slug(name, slugLength); slug != "" && hasWords(fold.Slug(v.chosen, slugLength), slug) {
		return
	}
	words := strings.Fields(strings.ReplaceAll(name, ",", " "))
	forms := []string{strings.Join(words, " "), fold.Latin(name)}
	if last := len(words) - 1; last > 0 {
		forms = append(forms, words[last]+", "+strings.Join(words[:last], " "))
	}
	for _, form := range forms {
		parts := strings.Fields(form)
		for i, p := range parts {
			parts[i] = regexp.QuoteMeta(p)
		}
		v.formers = append(v.formers, regexp.MustCompile(`(?i)`+strings.Join(parts, `\s+`)))
	}
	slug := fold.Slug(name, slugLength)
	v.ids = append(v.ids, slug)
	if len(words) > 1 && slug != "" && !slices.Contains(v.slugs, slug) {
		v.slugs = append(v.slugs, slug, strings.ReplaceAll(slug, "-", ""))
	}
}

// over returns a text with the chosen name wherever a former one stood.
func (v *veil) over(s string) string {
	if v == nil {
		return s
	}
	for _, former := range v.formers {
		found := former.FindAllStringIndex(s, -1)
		for _, at := range slices.Backward(found) {
			before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
			after, _ := utf8.DecodeRuneInString(s[at[1]:])
			if wordRune(before) || wordRune(after) {
				continue // a part of a longer word
			}
			s = s[:at[0]] + v.chosen + s[at[1]:]
		}
	}
	return s
}

func wordRune(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// in says whether a former name stands in a text or an address.
func (v *veil) in(s string) bool {
	if v == nil || s == "" {
		return false
	}
	if v.over(s) != s {
		return true
	}
	slug := fold.Slug(s, 4*len(s))
	return slices.ContainsFunc(v.slugs, func(part string) bool { return strings.Contains(slug, part) })
}

// addresses leaves out those that say a former name.
func (v *veil) addresses(list []string) []string {
	if v == nil || !slices.ContainsFunc(list, v.in) {
		return list
	}
	return none(slices.DeleteFunc(slices.Clone(list), v.in))
}

// cover lays the veil over all that is shown of a talk, but for the names of
// others on it: somebody else may be called so.
func (v *veil) cover(k *archive.Talk) {
	if v == nil {
		return
	}
	for _, text := range []*string{&k.Title, &k.Abstract, &k.Session, &k.Track} {
		*text = v.over(*text)
	}
	if v.in(k.URL) {
		k.URL = ""
	}
	k.Slides, k.Video, k.Paper = v.addresses(k.Slides), v.addresses(k.Video), v.addresses(k.Paper)
	k.Speakers = slices.Clone(k.Speakers)
	for i := range k.Speakers {
		c := &k.Speakers[i]
		c.Affiliation, c.Bio = v.over(c.Affiliation), v.over(c.Bio)
		if v.in(c.URL) {
			c.URL = ""
		}
	}
	k.Decks = slices.Clone(k.Decks)
	for i := range k.Decks {
		if d := &k.Decks[i]; v.in(d.Name) {
			d.Name = "slides" + extension(d.Name)
		}
	}
}

// coverEdition lays the veil over what is shown of an edition: who organizes
// is printed there without a talk.
func (v *veil) coverEdition(e *archive.Edition) {
	e.Title = v.over(e.Title)
	if slices.ContainsFunc(e.Organizers, v.in) {
		e.Organizers = slices.Clone(e.Organizers)
		for i, name := range e.Organizers {
			e.Organizers[i] = v.over(name)
		}
	}
}

// coverDeck lays the veil over the words of a deck. Its pictures and its bytes
// are what they are: who wants them gone has the deck taken down.
func (v *veil) coverDeck(d *archive.Deck) {
	d.Title, d.Author = v.over(d.Title), v.over(d.Author)
	for i := range d.Outline {
		d.Outline[i].Title = v.over(d.Outline[i].Title)
	}
	for i := range d.Slides {
		s := &d.Slides[i]
		s.Text, s.Search, s.Notes = v.over(s.Text), v.over(s.Search), v.over(s.Notes)
	}
}

// anyVeil says whether anybody asked for one: hardly ever, and what would look
// for them need not then.
func (t *tx) anyVeil() (bool, error) {
	there := false
	err := t.get([]any{&there}, `SELECT EXISTS (SELECT 1 FROM person WHERE veiled = 1)`)
	return there, err
}

// deckVeils returns the veils of those who gave the talks that a deck hangs on.
func (t *tx) deckVeils(blob archive.BlobID) ([]*veil, error) {
	var people []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		people = append(people, n)
		return err
	}, `SELECT n FROM person WHERE veiled = 1 AND EXISTS (SELECT 1 FROM credit JOIN talk_deck ON talk_deck.talk = credit.talk
		JOIN deck_file ON deck_file.address = talk_deck.address WHERE credit.person = person.n AND deck_file.blob = ?) ORDER BY n`, blob)
	if err != nil {
		return nil, err
	}
	return t.veilsOf(people)
}

func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[i:]
	}
	return ""
}

// touchVeiled moves all talks of those whose former names are hidden and whose
// credits changed: one name more to hide is one in the texts of all their talks.
func (t *tx) touchVeiled() error {
	if len(t.casting) == 0 {
		return nil
	}
	var people []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		people = append(people, n)
		return err
	}, `SELECT n FROM person WHERE veiled = 1 ORDER BY n`)
	if err != nil {
		return err
	}
	for _, n := range people {
		if !t.casting[n] {
			continue
		}
		var name string
		if err := t.get([]any{&name}, `SELECT name FROM person WHERE n = ?`, n); err != nil {
			return err
		}
		if err := t.neutralID(n, name); err != nil {
			return err
		}
		if err := t.touch(`n IN (SELECT talk FROM credit WHERE person = ?)`, n); err != nil {
			return err
		}
	}
	return nil
}

// tellsID says whether the ID of a person tells a former name of theirs.
func (v *veil) tellsID(id string) bool {
	return v != nil && slices.ContainsFunc(v.ids, func(slug string) bool {
		return slug != "" && (id == slug || strings.HasPrefix(id, slug+"-") || strings.Contains(slug, "-") && hasWords(id, slug))
	})
}

// hasWords says whether the words of one slug stand in another: those of "ada-l"
// do not in "ada-lind".
func hasWords(slug, words string) bool {
	return strings.Contains("-"+slug+"-", "-"+words+"-")
}

// neutralID lets a person whose former name is hidden go by an ID that does not
// tell it, minted from the chosen name; who has the old address is led there,
// nobody else meets it. Without a veil the first ID stands.
func (t *tx) neutralID(row int64, name string) error {
	v, err := t.veilOf(row)
	if err != nil {
		return err
	}
	var id, called string
	if err := t.get([]any{&id, &called}, `SELECT id, called FROM person WHERE n = ?`, row); err != nil {
		return err
	}
	if err := t.neutralTalks(row, v); err != nil {
		return err
	}
	// Every ID the person ever had: the first one, which was made of what they
	// were called then, then the one they have.
	var had []string
	err = t.each(func(rows *sql.Rows) error {
		var past string
		err := rows.Scan(&past)
		had = append(had, past)
		return err
	}, `WITH RECURSIVE past (id, step) AS (
			SELECT ?, 0 UNION SELECT redirect.old, step + 1 FROM past JOIN redirect ON kind = 'person' AND new = past.id WHERE step < 100)
		SELECT id FROM past ORDER BY step`, id)
	if err != nil {
		return err
	}
	first := fold.Slug(called, slugLength)
	slices.SortStableFunc(had, func(a, b string) int {
		x, y := madeOf(a, first), madeOf(b, first)
		if x && y { // the first has the lowest number
			return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		}
		return cmp.Compare(btoi(!x), btoi(!y))
	})
	chosen := ""
	for _, past := range had {
		if !v.tellsID(past) {
			chosen = past
			break
		}
	}
	if chosen == "" {
		if chosen, err = t.mint("person", "", name, "person", `SELECT 1 FROM person WHERE id = ?`); err != nil {
			return err
		}
	}
	if chosen == id {
		return nil
	}
	if err := t.rename("person", id, chosen, 0); err != nil {
		return err
	}
	return t.exec(`UPDATE person SET id = ? WHERE n = ?`, chosen, row)
}

// madeOf says whether an ID was minted from a slug.
func madeOf(id, slug string) bool {
	if slug == "" {
		slug = "person"
	}
	rest, ok := strings.CutPrefix(id, slug)
	return ok && strings.Trim(rest, "-0123456789") == ""
}

// veils returns the veils of all who asked for one.
func (t *tx) veils() ([]*veil, error) {
	var people []int64
	err := t.each(func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		people = append(people, n)
		return err
	}, `SELECT n FROM person WHERE veiled = 1 AND merged IS NULL ORDER BY n`)
	if err != nil {
		return nil, err
	}
	return t.veilsOf(people)
}

func (t *tx) veilsOf(people []int64) ([]*veil, error) {
	var list []*veil
	for _, n := range people {
		v, err := t.veilOf(n)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, nil
}

// neutralTalks does for the talks of a person what neutralID does for the
// person: titles name speakers, and IDs are made of titles.
func (t *tx) neutralTalks(row int64, v *veil) error {
	rows, err := t.talks(`FROM talk WHERE talk.merged IS NULL AND talk.n IN (SELECT talk FROM credit WHERE person = ?)`, row)
	if err != nil {
		return err
	}
	for _, k := range rows {
		id, err := t.neutralTalk(k, v)
		if err != nil {
			return err
		}
		if id == "" || id == string(k.talk.ID) {
			continue
		}
		forget, err := t.tick()
		if err != nil {
			return err
		}
		if err := t.rename("talk", string(k.talk.ID), id, forget); err != nil {
			return err
		}
		if err := t.exec(`UPDATE talk SET id = ? WHERE n = ?`, id, k.n); err != nil {
			return err
		}
		if err := t.touch(`n = ?`, k.n); err != nil {
			return err
		}
	}
	return nil
}

// neutralTalk returns the ID that a talk should go by; "" when by the one it has.
func (t *tx) neutralTalk(k *talkRow, v *veil) (string, error) {
	edition := string(k.talk.ID.Edition())
	segment := strings.TrimPrefix(string(k.talk.ID), edition+"/")
	if v.tellsSlug(segment) {
		title := v.over(k.talk.Title)
		if v.tellsSlug(fold.Slug(title, slugLength)) {
			title = "" // it tells in a form that no veil covers
		}
		return t.mint("talk", edition+"/", title, "talk", `SELECT 1 FROM talk WHERE id = ?`)
	}
	// The one it had before a veil that was lifted, if nothing hides it now.
	first := fold.Slug(k.talk.Title, slugLength)
	if madeOf(segment, first) || v.tellsSlug(first) {
		return "", nil
	}
	past, err := t.former("talk", string(k.talk.ID), edition)
	if err != nil || !madeOf(strings.TrimPrefix(past, edition+"/"), first) {
		return "", err
	}
	return past, nil
}

func (v *veil) tellsSlug(slug string) bool {
	return v != nil && slices.ContainsFunc(v.slugs, func(part string) bool { return hasWords(slug, part) })
}
