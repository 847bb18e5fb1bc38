package store

import (
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
		AND json_extract(detail, '$.field') = 'name' ORDER BY n`, person)
}

// hide adds a former name, in the forms in which it may stand in a text.
func (v *veil) hide(name string) {
	name = strings.Join(strings.Fields(archive.PlainName(name)), " ")
	if utf8.RuneCountInString(name) < 3 || archive.NameKey(name) == archive.NameKey(v.chosen) {
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
	if slug := fold.Slug(name, slugLength); len(words) > 1 && slug != "" && !slices.Contains(v.slugs, slug) {
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
		if err := t.touch(`n IN (SELECT talk FROM credit WHERE person = ?)`, n); err != nil {
			return err
		}
	}
	return nil
}
