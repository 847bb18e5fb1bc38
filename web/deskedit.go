package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

// edited is a talk, an edition or a person as the desk edits it.
type edited struct {
	thing    store.Thing
	id       string
	title    string
	page     string // its page for visitors
	source   string // where it was read from, "" unknown
	fields   []editField
	check    func(field string, value json.RawMessage) error
	speakers []archive.Credit
	findings []deskFinding
	talks    []deskTalk
	decks    []deskDeck
}

type editField struct {
	Name    string
	Label   string
	Value   string   // as it is typed
	Shown   string   // as it was when the page was made; what is typed otherwise is corrected
	Form    string   // "line", "text", "list", "kind" or "veiled"
	Options []option // of a kind
	Note    string   // message: what choosing one does not do; "" none
	Rows    int      // of a text or a list
	Wrong   string   // why the value typed does not hold
	Hint    string
	Was     string // what was read, where it is corrected
	By      string
	When    string
	Why     string
	Act     store.ActID // the correction that stands, 0 none
	Where   string      // the kept page with the spot where it was read, "" unknown
	Doubt   bool        // it was read with little confidence
}

type option struct {
	Value, Label string
	Selected     bool
}

// deskDeck is a deck of a talk that is kept.
type deskDeck struct{ Address, Size string }

type deskFinding struct {
	Code, Field, Text, Quote string
	Talk                     link
}

type deskTalk struct {
	ID, Title, People, When string
	URL                     string
	Findings                int
}

type deskEditView struct {
	deskView
	Title    string
	Page     string
	Source   string
	ID       string
	Seen     string
	Fields   []editField
	Findings []deskFinding
	Talks    []deskTalk
	Person   bool
	Edition  bool
	Changed  bool // by somebody else while this was typed
	History  []actLine
	PageOf   link // the edition of a talk
	Links    []linkLine
	Decks    []deskDeck
	Picture  string // the kept page where a field was read, "" none
	Read     string // when that was fetched
}

// editedThing reads what the address names.
func (s *Site) editedThing(c echo.Context) (*edited, error) {
	ctx, l := c.Request().Context(), localeOf(c)
	e, err := s.edited(ctx, l, strings.Trim(c.Param("*"), "/"))
	if moved, ok := errors.AsType[*archive.MovedError](err); ok {
		return nil, &redirectError{to: editURL(moved.To)}
	}
	if err != nil {
		return nil, err
	}
	return e, s.markCorrected(ctx, l, e)
}

// edited reads a thing as it is shown, by its ID.
func (s *Site) edited(ctx context.Context, l *locale, id string) (*edited, error) {
	switch thingOf(id) {
	case store.ThingTalk:
		return s.editedTalk(ctx, l, archive.TalkID(id))
	case store.ThingEdition:
		return s.editedEdition(ctx, l, archive.EditionID(id))
	}
	return s.editedPerson(ctx, l, archive.PersonID(id))
}

func (s *Site) editedTalk(ctx context.Context, l *locale, id archive.TalkID) (*edited, error) {
	t, err := s.db.TalkByID(ctx, id)
	if err != nil {
		return nil, err
	}
	e := &edited{thing: store.ThingTalk, id: string(t.ID), title: t.Title, page: talkURL(t.ID), speakers: t.Speakers}
	withheld := slices.ContainsFunc(t.Speakers, func(c archive.Credit) bool { return c.Name == store.Withheld })
	for _, d := range t.Decks {
		if d.Blob != "" {
			e.decks = append(e.decks, deskDeck{d.Address, l.bytes(d.Bytes)})
		}
	}
	for _, f := range archive.TalkFields() {
		if f == "speakers" && withheld {
			continue // to type them anew would correct the name that is hidden
		}
		e.add(f, archive.ItemField(t.Item, f))
	}
	e.check = func(field string, value json.RawMessage) error {
		_, err := archive.CorrectItem(archive.Item{}, field, value)
		return err
	}
	if snap, err := s.db.Snapshot(ctx, t.Snapshot); err == nil {
		e.source = webAddress(snap.Address)
	}
	found, err := s.db.OpenTasks(ctx, t.Edition())
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.Talk == t.ID {
			e.findings = append(e.findings, findingLine(l, f, ""))
		}
	}
	return e, nil
}

func findingLine(l *locale, k store.Task, title string) deskFinding {
	line := deskFinding{Code: codeName(l, k.Code), Text: k.Text}
	if k.URL != "" {
		line.Text += " (" + shorten(k.URL, 120) + ")"
	}
	switch {
	case k.Sure > 0: // its text is the quote
		line.Text, line.Quote = "", shorten(k.Text, 160)
	case k.Place != nil:
		line.Quote = shorten(k.Place.Quote, 160)
	}
	if k.Field != "" {
		line.Field = fieldName(l, k.Field)
	}
	if k.Talk != "" && title != "" {
		line.Talk = link{Name: title, URL: editURL(string(k.Talk))}
	}
	return line
}

func (s *Site) editedEdition(ctx context.Context, l *locale, id archive.EditionID) (*edited, error) {
	sum, err := s.db.EditionByID(ctx, id)
	if err != nil {
		return nil, err
	}
	e := &edited{thing: store.ThingEdition, id: string(sum.ID), title: editionTitle(sum), page: editionURL(sum.ID)}
	info := archive.EditionInfo{
		Title: sum.Title, StartDate: sum.StartDate, EndDate: sum.EndDate, Venue: sum.Venue, City: sum.City, Country: sum.Country,
		Language: sum.Language, URL: sum.URL, Organizers: sum.Organizers, Topics: sum.Topics, RelatedEditions: sum.RelatedEditions,
	}
	for _, f := range archive.EditionFields() {
		e.add(f, archive.EditionField(info, f))
	}
	e.check = func(field string, value json.RawMessage) error {
		_, err := archive.CorrectEdition(archive.EditionInfo{}, field, value)
		return err
	}
	talks, err := s.db.EditionTalks(ctx, id)
	if err != nil {
		return nil, err
	}
	found, err := s.db.OpenTasks(ctx, id)
	if err != nil {
		return nil, err
	}
	count, titles := map[archive.TalkID]int{}, map[archive.TalkID]string{}
	for _, t := range talks {
		titles[t.ID] = t.Title
	}
	for _, f := range found {
		count[f.Talk]++
		e.findings = append(e.findings, findingLine(l, f, titles[f.Talk]))
	}
	e.talks = deskTalks(l, talks, count)
	return e, nil
}

func deskTalks(l *locale, talks []archive.Talk, findings map[archive.TalkID]int) []deskTalk {
	list := make([]deskTalk, len(talks))
	for i, t := range talks {
		list[i] = deskTalk{
			ID: string(t.ID), Title: t.Title, People: archive.CreditsText(t.Speakers), URL: editURL(string(t.ID)), Findings: findings[t.ID],
			When: joined(", ", l.date(t.Date), span(t.Start, t.End)),
		}
	}
	return list
}

func (s *Site) editedPerson(ctx context.Context, l *locale, id archive.PersonID) (*edited, error) {
	p, err := s.db.PersonByID(ctx, id)
	if err != nil {
		return nil, err
	}
	e := &edited{thing: store.ThingPerson, id: string(p.ID), title: p.Name, page: personURL(p.ID)}
	for field, value := range map[string]string{"name": p.Name, "bio": p.Bio, "url": p.URL, "veiled": "no"} {
		raw, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		e.add(field, raw)
	}
	slices.SortFunc(e.fields, func(a, b editField) int { return strings.Compare(personOrder(a.Name), personOrder(b.Name)) })
	e.check = func(field string, value json.RawMessage) error {
		if field == "veiled" {
			return nil // FieldFromText gives nothing else
		}
		_, err := archive.CorrectPerson(field, value)
		return err
	}
	talks, err := s.db.PersonTalks(ctx, id)
	if err != nil {
		return nil, err
	}
	e.talks = deskTalks(l, talks, nil)
	return e, nil
}

func personOrder(field string) string {
	return map[string]string{"name": "1", "veiled": "2", "url": "3", "bio": "4"}[field]
}

func (e *edited) add(field string, value json.RawMessage) {
	f := editField{Name: field, Shown: typed(field, value, e.speakers), Form: "line"}
	switch {
	case archive.FieldIsList(field):
		f.Form, f.Rows = "list", min(max(2, 1+strings.Count(f.Shown, "\n")), 8)
	case field == "abstract" || field == "bio":
		f.Form, f.Rows = "text", min(max(4, 2+len(f.Shown)/70), 14)
	case field == "kind" || field == "veiled":
		f.Form = field
	}
	f.Value = f.Shown
	e.fields = append(e.fields, f)
}

// typed is how a field stands in a form: a list with a line for each, unless
// that could not be read back; then it is JSON.
func typed(field string, value json.RawMessage, known []archive.Credit) string {
	text := archive.FieldText(field, value)
	if !archive.FieldIsList(field) {
		return text
	}
	if again, err := archive.FieldFromText(field, text, known); err != nil || !bytes.Equal(again, value) {
		return string(value)
	}
	return strings.ReplaceAll(text, "; ", "\n")
}

// markCorrected says of each field that is corrected what was read, and by whom.
func (s *Site) markCorrected(ctx context.Context, l *locale, e *edited) error {
	acts, err := s.db.History(ctx, e.thing, e.id)
	if err != nil {
		return err
	}
	marked := map[string]bool{}
	for _, a := range acts {
		var c store.Correction
		if a.Verb != store.VerbCorrect || !a.Undone.IsZero() || json.Unmarshal(a.Detail, &c) != nil || marked[c.Field] {
			continue
		}
		marked[c.Field] = true
		i := slices.IndexFunc(e.fields, func(f editField) bool { return f.Name == c.Field })
		if i < 0 {
			continue
		}
		f := &e.fields[i]
		f.Was, f.By, f.Why, f.When, f.Act = shortField(c.Field, c.Was), a.By, a.Why, l.instant(a.At), a.ID
		if f.Name == "veiled" && string(c.Value) == "true" {
			f.Value, f.Shown = "yes", "yes"
		}
	}
	for i := range e.fields {
		f := &e.fields[i]
		f.Label = fieldName(l, f.Name)
	}
	return nil
}

// seen is a fingerprint of what a form was made of: who saves another one than
// is there now is told, and overwrites nobody.
func (e *edited) seen() string {
	h := sha256.New()
	for _, f := range e.fields {
		fmt.Fprintf(h, "%s %d %s\n", f.Name, len(f.Shown), f.Shown)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12])
}

func (s *Site) deskEdit(c echo.Context, who session) error {
	e, err := s.editedThing(c)
	if err != nil {
		return err
	}
	return s.editForm(c, who, http.StatusOK, e, false)
}

func (s *Site) editForm(c echo.Context, who session, status int, e *edited, changed bool) error {
	ctx, l := c.Request().Context(), localeOf(c)
	acts, err := s.db.History(ctx, e.thing, e.id)
	if err != nil {
		return err
	}
	v := deskEditView{
		deskView: s.deskBase(c, who, ""), Title: e.title, Page: e.page, Source: e.source, ID: e.id, Seen: e.seen(), Fields: e.fields,
		Findings: e.findings, Talks: e.talks, Person: e.thing == store.ThingPerson, Edition: e.thing == store.ThingEdition, Changed: changed,
		History: actLines(l, acts), Decks: e.decks,
	}
	v.Here = editURL(e.id)
	if err := s.besidePage(c, &v, e); err != nil {
		return err
	}
	if v.Person {
		if v.Links, err = s.linkLines(c, archive.PersonID(e.id)); err != nil {
			return err
		}
	}
	if e.thing == store.ThingTalk {
		of := archive.TalkID(e.id).Edition()
		v.PageOf = link{Name: string(of), URL: editURL(string(of))}
	}
	for i := range v.Fields {
		f := &v.Fields[i]
		if f.Form == "kind" {
			f.Options = kindOptions(l, f.Value)
		}
		if f.Form == "veiled" {
			f.offerVeil(l)
		}
	}
	return s.render(c, status, "deskedit", page{Title: l.text("desk.edit", e.title), NoIndex: true, View: v})
}

// offerVeil makes a field the choice whether former names are hidden, and says
// how far that reaches.
func (f *editField) offerVeil(l *locale) {
	f.Options = []option{{"no", l.text("desk.veiled.no"), f.Value != "yes"}, {"yes", l.text("desk.veiled.yes"), f.Value == "yes"}}
	f.Note = "desk.veiled.note"
}

func kindOptions(l *locale, chosen string) []option {
	var list []option
	for _, k := range archive.Kinds() {
		list = append(list, option{string(k), l.kind(k), string(k) == chosen})
	}
	return list
}

// unsure is the confidence below which a value is called doubtful.
const unsure = 0.5

// besidePage lets the kept page stand beside the form, at the field that the
// address names, else at the first that knows its place.
func (s *Site) besidePage(c echo.Context, v *deskEditView, e *edited) error {
	origins, err := s.db.Provenance(c.Request().Context(), e.thing, e.id)
	if err != nil {
		return err
	}
	wanted, found := c.QueryParam("field"), false
	for i := range v.Fields {
		f := &v.Fields[i]
		at := slices.IndexFunc(origins, func(o store.Origin) bool { return o.Field == f.Name && o.Snapshot != 0 && o.Place != nil })
		if at < 0 {
			continue
		}
		o := origins[at]
		f.Where = snapshotURL(e.id, f.Name)
		f.Doubt = o.Place.Sure > 0 && o.Place.Sure < unsure && !o.Corrected()
		if v.Picture == "" || f.Name == wanted || f.Doubt && !found {
			v.Picture, v.Read = f.Where, localeOf(c).instant(o.Fetched)
			found = found || f.Doubt || f.Name == wanted
		}
	}
	if v.Picture != "" {
		c.Response().Header().Set("Content-Security-Policy", contentPolicy+"; frame-src 'self'")
	}
	return nil
}

// asBrowsersSend is what is left of a value that went through a form: of a
// single line the line ends go, of a text the way they are written.
func asBrowsersSend(value, form string) string {
	value = strings.ReplaceAll(value, "\r\n", "\n")
	if form == "line" {
		return strings.TrimSpace(strings.ReplaceAll(value, "\n", ""))
	}
	return strings.TrimSpace(value)
}

// deskSave corrects each field that was typed otherwise than it was shown: all
// of them, or, when one does not hold, none.
func (s *Site) deskSave(c echo.Context, who session) error {
	r := c.Request()
	e, err := s.editedThing(c)
	if err != nil {
		return err
	}
	fixes, wrong, err := e.typedOtherwise(r.PostForm)
	if err != nil {
		return err
	}
	if r.PostFormValue("seen") != e.seen() {
		return s.editForm(c, who, http.StatusConflict, e, true)
	}
	if wrong {
		return s.editForm(c, who, http.StatusUnprocessableEntity, e, false)
	}
	if len(fixes) == 0 {
		return c.Redirect(http.StatusSeeOther, editURL(e.id))
	}
	acts, err := s.db.CorrectAll(r.Context(), fixes, s.who(c, who))
	if err != nil {
		return err
	}
	return done(c, editURL(e.id), acts...)
}
