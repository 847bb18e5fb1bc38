package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

// deskView is what every page of the desk has in common.
type deskView struct {
	Who   string
	Token string
	Here  string // the address of the page, to come back to
	Back  string // where undoing what Done names leads
	Done  []actLine
	// Undone says that what Done names was just taken back.
	Undone  bool
	Tab     string // which entry of the desk's navigation is current, "" none
	Intake  bool   // sources can be brought in here
	Waiting int    // suggestions
	Told    string // a message of what was done that is no act, "" nothing
}

// actLine is something that was decided, as a line of the history.
type actLine struct {
	ID       store.ActID
	When     string
	By, Why  string
	Verb     string // its message: "desk.did.correct"
	Thing    link
	Other    link
	Field    string
	Was, Now string
	Via      string // message: how a correction came, "" at the desk
	Undone   string
	UndoneBy string
}

type deskHomeView struct {
	deskView
	Tasks    []taskLine
	Total    int // tasks in all
	Disagree []disagreement
	Latest   []actLine
}

type findingsLine struct {
	Name, URL string
	Findings  int
}

type disagreement struct {
	Thing           link
	Field           string
	Value, Was, Now string
	Act             store.ActID
}

// Lengths of the desk's lists.
const (
	deskEditions  = 20
	deskLatest    = 5
	historyLength = 50
	deskProposals = 40
	maxDone       = 40 // acts that are told of at once
)

// deskBase fills what all pages of the desk have. After something was
// decided, ?done= names it, so that it can be taken back from where it was done.
func (s *Site) deskBase(c echo.Context, who session, tab string) deskView {
	v := deskView{Tab: tab, Who: who.Name, Token: who.Token, Here: within(c.Request().URL.RequestURI()), Back: within(c.Request().URL.Path)}
	for n := range strings.SplitSeq(c.QueryParam("done"), ".") {
		id, err := strconv.ParseInt(n, 10, 64)
		if err != nil || len(v.Done) == maxDone {
			break
		}
		if act, err := s.db.ActByID(c.Request().Context(), store.ActID(id)); err == nil {
			v.Done = append(v.Done, actLineOf(localeOf(c), act))
		}
	}
	if _, total, err := s.db.Suggestions(c.Request().Context(), store.SuggestionQuery{State: store.SuggestionWaiting, Limit: 1}); err == nil {
		v.Waiting = total
	}
	v.Intake = s.intake != nil
	v.Undone = len(v.Done) > 0 && v.Done[0].Undone != ""
	return v
}

// done goes back to a page of the desk and tells there what was decided.
func done(c echo.Context, to string, acts ...store.ActID) error {
	u, err := url.Parse(within(to))
	if err != nil {
		return err
	}
	ids := make([]string, len(acts))
	for i, act := range acts {
		ids[i] = strconv.FormatInt(int64(act), 10)
	}
	q := u.Query()
	q.Set("done", strings.Join(ids, "."))
	u.RawQuery = q.Encode()
	target := u.RequestURI()
	if u.Fragment != "" {
		target += "#" + u.EscapedFragment()
	}
	return c.Redirect(http.StatusSeeOther, target)
}

func (s *Site) deskHome(c echo.Context, who session) error {
	ctx, l := c.Request().Context(), localeOf(c)
	v := deskHomeView{deskView: s.deskBase(c, who, "desk")}
	s.proposals.ahead(ctx)
	tasks, err := s.db.Worklist(ctx, "")
	if err != nil {
		return err
	}
	v.Total, v.Tasks = len(tasks), taskLines(l, tasks[:min(tasksAtHome, len(tasks))], 0)
	corrections, err := s.db.Corrections(ctx)
	if err != nil {
		return err
	}
	for _, x := range corrections {
		if x.Disagrees() {
			v.Disagree = append(v.Disagree, disagreement{
				Thing: link{Name: x.ID, URL: editURL(x.ID)}, Field: fieldName(l, x.Field), Act: x.Act,
				Value: shortField(x.Field, x.Value), Was: shortField(x.Field, x.Was), Now: shortField(x.Field, x.Read),
			})
		}
	}
	acts, err := s.db.Acts(ctx, 0, deskLatest)
	if err != nil {
		return err
	}
	v.Latest = actLines(l, acts)
	return s.render(c, http.StatusOK, "desk", page{Title: l.text("desk.title"), NoIndex: true, View: v})
}

// editURL is the page on which a thing is corrected.
func editURL(id string) string { return "/desk/edit" + escapePath(id) }

// deskOpen finds the page to edit by an ID or an address that was pasted.
func (s *Site) deskOpen(c echo.Context, _ session) error {
	id := thingID(c.QueryParam("what"))
	if id == "" {
		return c.Redirect(http.StatusSeeOther, "/desk")
	}
	return c.Redirect(http.StatusSeeOther, editURL(id))
}

// thingID reads an ID, a path or a whole address; "" when it is none.
func thingID(what string) string {
	what = strings.TrimSpace(what)
	if u, err := url.Parse(what); err == nil && u.Host != "" {
		what = u.Path
	}
	what = strings.TrimPrefix(strings.Trim(what, "/"), "people/")
	if strings.Count(what, "/") > 2 || len(what) > 500 {
		return ""
	}
	return what
}

// thingOf tells by its form what an ID names.
func thingOf(id string) store.Thing {
	switch strings.Count(id, "/") {
	case 0:
		return store.ThingPerson
	case 1:
		return store.ThingEdition
	}
	return store.ThingTalk
}

// fieldName and codeName are what fields and findings are called; of a sort that
// nobody here knows, as it came: Programme JSON may be anybody's.
func fieldName(l *locale, field string) string { return l.named("desk.field.", field) }

func codeName(l *locale, code archive.FindingCode) string { return l.named("desk.code.", string(code)) }

func (l *locale) named(prefix, name string) string {
	if !l.texts[prefix+name] {
		return shorten(name, 60)
	}
	return l.text(prefix + name)
}

func shortField(field string, value json.RawMessage) string {
	return shorten(archive.FieldText(field, value), 200)
}

type deskHistoryView struct {
	deskView
	Acts  []actLine
	Older string
}

func (s *Site) deskHistory(c echo.Context, who session) error {
	before, err := number(c, "before", 0, 0, 1<<40)
	if err != nil {
		return err
	}
	acts, err := s.db.Acts(c.Request().Context(), store.ActID(before), historyLength+1)
	if err != nil {
		return err
	}
	v := deskHistoryView{deskView: s.deskBase(c, who, "history")}
	if len(acts) > historyLength {
		acts = acts[:historyLength]
		v.Older = fmt.Sprintf("/desk/history?before=%d", acts[historyLength-1].ID)
	}
	l := localeOf(c)
	v.Acts = actLines(l, acts)
	return s.render(c, http.StatusOK, "deskhistory", page{Title: l.text("desk.history"), NoIndex: true, View: v})
}

func actLines(l *locale, acts []store.Act) []actLine {
	list := make([]actLine, len(acts))
	for i, a := range acts {
		list[i] = actLineOf(l, a)
	}
	return list
}

func actLineOf(l *locale, a store.Act) actLine {
	moment := func(t time.Time) string { return l.instant(t) + " " + t.UTC().Format("15:04") }
	line := actLine{ID: a.ID, When: moment(a.At), By: a.By, Why: a.Why, Verb: "desk.did." + string(a.Verb), Thing: link{Name: a.Name}}
	switch a.Thing {
	case store.ThingTalk, store.ThingEdition, store.ThingPerson:
		line.Thing.URL = editURL(a.Name)
	}
	if !a.Undone.IsZero() {
		line.Undone, line.UndoneBy = moment(a.Undone), a.UndoneBy
	}
	var d struct {
		Field     string
		Value     json.RawMessage
		Via       store.Via
		Was       json.RawMessage
		Into      string
		From      string
		Destroyed bool
	}
	if json.Unmarshal(a.Detail, &d) != nil {
		return line
	}
	switch {
	case a.Verb == store.VerbCorrect:
		line.Field, line.Was, line.Now = fieldName(l, d.Field), shortField(d.Field, d.Was), shortField(d.Field, d.Value)
		if d.Via != "" {
			line.Via = "desk.via." + string(d.Via)
		}
	case a.Verb == store.VerbTakedown && d.Destroyed:
		line.Verb += ".destroyed"
	case d.Into != "":
		line.Other = link{Name: d.Into}
	case d.From != "":
		line.Other = link{Name: d.From}
	}
	if line.Other.Name != "" && a.Thing == store.ThingPerson {
		line.Other.URL = editURL(line.Other.Name)
	}
	return line
}

func (s *Site) deskUndo(c echo.Context, who session) error {
	r := c.Request()
	var ids []store.ActID
	for _, n := range r.PostForm["act"] {
		id, err := strconv.ParseInt(n, 10, 64)
		if err != nil {
			return archive.ErrNotFound
		}
		ids = append(ids, store.ActID(id))
	}
	if len(ids) == 0 || len(ids) > maxDone {
		return archive.ErrNotFound
	}
	if err := s.db.UndoAll(r.Context(), ids, s.who(c, who)); err != nil {
		return err
	}
	return done(c, r.PostFormValue("back"), ids...)
}

func (s *Site) who(c echo.Context, who session) store.Who {
	return store.Who{By: who.Name, Why: shorten(strings.TrimSpace(c.Request().PostFormValue("why")), 500), At: s.now()}
}

type deskPeopleView struct {
	deskView
	Total   int
	Earlier string
	Later   string
	Pairs   []pairLine
}

type pairLine struct {
	Number           int
	From, Into       pairPerson
	Percent          int
	Reasons, Against []string
}

type pairPerson struct {
	ID, Name, Aside string
	Talks           int
	URL             string
}

func (s *Site) deskPeople(c echo.Context, who session) error {
	ctx, l := c.Request().Context(), localeOf(c)
	list, err := s.proposals.get(ctx)
	if err != nil {
		return err
	}
	v := deskPeopleView{deskView: s.deskBase(c, who, "people"), Total: len(list)}
	first, err := number(c, "from", 0, 0, 1<<20)
	if err != nil {
		return err
	}
	if first > 0 {
		v.Earlier = fmt.Sprintf("/desk/people?from=%d", max(0, first-deskProposals))
	}
	if first+deskProposals < len(list) {
		v.Later = fmt.Sprintf("/desk/people?from=%d", first+deskProposals)
	}
	list = list[min(first, len(list)):]
	for i, p := range list[:min(deskProposals, len(list))] {
		from, err := s.pairPerson(c, p.B)
		if err != nil {
			return err
		}
		into, err := s.pairPerson(c, p.A)
		if err != nil {
			return err
		}
		if from.Talks > into.Talks {
			from, into = into, from
		}
		v.Pairs = append(v.Pairs, pairLine{Number: i, From: from, Into: into, Percent: int(100*p.Score + 0.5), Reasons: p.Reasons, Against: p.Against})
	}
	return s.render(c, http.StatusOK, "deskpeople", page{Title: l.text("desk.people"), NoIndex: true, View: v})
}

func (s *Site) pairPerson(c echo.Context, id archive.PersonID) (pairPerson, error) {
	p, err := s.db.PersonByID(c.Request().Context(), id)
	if err != nil {
		return pairPerson{}, err
	}
	aside := joined(" · ", p.Affiliation, years(p.FirstYear, p.LastYear))
	return pairPerson{ID: string(id), Name: p.Name, Aside: aside, Talks: p.Talks, URL: editURL(string(id))}, nil
}

// personField reads a person from a form: an ID or the address of a page.
func personField(c echo.Context, field string) (archive.PersonID, error) {
	id := thingID(c.Request().PostFormValue(field))
	if id == "" || thingOf(id) != store.ThingPerson {
		return "", &archive.InvalidError{Thing: field, Why: "this names no person", Hint: "an ID, or the address of the person's page"}
	}
	return archive.PersonID(id), nil
}

// pairPost is a post over two people, who may have been merged meanwhile.
func (s *Site) pairPost(c echo.Context, do func(from, into archive.PersonID) (store.ActID, error)) error {
	from, err := personField(c, "from")
	if err != nil {
		return err
	}
	into, err := personField(c, "into")
	if err != nil {
		return err
	}
	id, err := do(from, into)
	if moved, ok := errors.AsType[*archive.MovedError](err); ok {
		return &archive.InvalidError{Thing: "person", Why: "somebody merged one of them into " + moved.To + " before", Hint: "load the list of proposals again"}
	}
	if err != nil {
		return err
	}
	back := c.Request().PostFormValue("back")
	if n, err := strconv.Atoi(c.Request().PostFormValue("number")); err == nil {
		back += fmt.Sprintf("#p-%d", n) // where the next one has come to stand
	}
	return done(c, back, id)
}

func (s *Site) deskMerge(c echo.Context, who session) error {
	return s.pairPost(c, func(from, into archive.PersonID) (store.ActID, error) {
		return s.db.MergePeople(c.Request().Context(), from, into, s.who(c, who))
	})
}

func (s *Site) deskApart(c echo.Context, who session) error {
	return s.pairPost(c, func(from, into archive.PersonID) (store.ActID, error) {
		return s.db.KeepApart(c.Request().Context(), from, into, s.who(c, who))
	})
}

// deskSplit gives talks of a person to a new one of that name, or to another.
func (s *Site) deskSplit(c echo.Context, who session) error {
	r := c.Request()
	from, err := personField(c, "person")
	if err != nil {
		return err
	}
	var to archive.PersonID
	if r.PostFormValue("to") != "" {
		if to, err = personField(c, "to"); err != nil {
			return err
		}
	}
	var talks []archive.TalkID
	for _, t := range r.PostForm["talk"] {
		talks = append(talks, archive.TalkID(t))
	}
	if len(talks) == 0 {
		return &archive.InvalidError{Thing: "talk", Why: "no talk was marked", Hint: "go back and mark the talks that are another person's"}
	}
	credits, err := s.db.CreditsOf(r.Context(), from, talks)
	if err != nil {
		return err
	}
	made, id, err := s.db.AssignCredits(r.Context(), credits, to, s.who(c, who))
	if err != nil {
		return err
	}
	return done(c, editURL(string(made)), id)
}

// deskTakedown hides a talk, an edition, a person, or a deck by its address.
// The bytes of decks, those of a talk's too, are kept or destroyed as told.
func (s *Site) deskTakedown(c echo.Context, who session) error {
	r := c.Request()
	if r.PostFormValue("sure") != "yes" {
		return &archive.InvalidError{Thing: "takedown", Why: "it was not confirmed", Hint: "go back and mark the box"}
	}
	destroy := r.PostFormValue("bytes") == "destroy"
	if address := r.PostFormValue("deck"); address != "" {
		id, err := s.takeDeck(c, address, destroy, who)
		if err != nil {
			return err
		}
		return done(c, r.PostFormValue("back"), id)
	}
	what := thingID(r.PostFormValue("thing"))
	if what == "" {
		return archive.ErrNotFound
	}
	var acts []store.ActID
	if destroy && thingOf(what) == store.ThingTalk {
		talk, err := s.db.TalkByID(r.Context(), archive.TalkID(what))
		if err != nil {
			return err
		}
		for _, d := range talk.Decks {
			if d.Blob == "" {
				continue
			}
			id, err := s.takeDeck(c, d.Address, true, who)
			if err != nil {
				return err
			}
			acts = append(acts, id)
		}
	}
	id, err := s.db.TakeDown(r.Context(), thingOf(what), what, s.who(c, who))
	if err != nil {
		return err
	}
	return done(c, "/desk/history", append(acts, id)...)
}

func (s *Site) takeDeck(c echo.Context, address string, destroy bool, who session) (store.ActID, error) {
	ctx := c.Request().Context()
	if !destroy {
		return s.db.TakeDown(ctx, store.ThingDeck, address, s.who(c, who))
	}
	id, err := s.db.DestroyDeck(ctx, address, s.who(c, who))
	if err == nil && s.forget != nil {
		err = s.forget()
	}
	return id, err
}
