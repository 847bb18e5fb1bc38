package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

// queueLength is how many suggestions a page of the queue shows.
const queueLength = 20

type deskSuggestionsView struct {
	deskView
	Total   int
	From    int
	List    []suggestionLine
	Settled *suggestionLine // the one that was decided just now
	Lately  []suggestionLine
	Earlier string
	Later   string
}

// suggestionLine is a suggestion beside what is shown now.
type suggestionLine struct {
	ID      store.SuggestionID
	Next    store.SuggestionID // that stands after it, 0 none
	Thing   link
	Page    string
	What    string // message: what sort of thing it is
	Gone    bool   // nothing to accept it for
	When    string
	Comment string
	Fields  []suggestedField
	Stale   bool
	Others  int    // more that wait from the same sender
	State   string // message
	By      string
	Decided string
}

type suggestedField struct {
	Name    string
	Diff    []worded // from what is shown now to what is suggested
	Was     string   // what was shown when it was made, where that has changed
	Stale   bool
	Settled bool // it has come to be so
	Now     string
}

func (s *Site) suggestionLine(ctx context.Context, l *locale, one store.Suggestion) suggestionLine {
	line := suggestionLine{
		ID: one.ID, What: "desk.thing." + string(one.Thing), Gone: one.Name == "", When: l.instant(one.At), Comment: one.Comment, Stale: one.Stale(),
		State: "desk.suggestion." + string(one.State), By: one.DecidedBy,
	}
	if !one.Decided.IsZero() {
		line.Decided = l.instant(one.Decided)
	}
	if one.Name != "" {
		line.Thing, line.Page = link{Name: s.nameOf(ctx, one), URL: editURL(one.Name)}, pageURL(one.Name)
	}
	for _, f := range one.Fields {
		was, now, next := archive.FieldText(f.Field, f.Old), archive.FieldText(f.Field, f.Now), archive.FieldText(f.Field, f.New)
		shown := suggestedField{Name: fieldName(l, f.Field), Stale: f.Stale() && !f.Settled(), Settled: f.Settled(), Now: now}
		if shown.Stale {
			shown.Was = shorten(was, 400)
		}
		from := now
		if one.State != store.SuggestionWaiting {
			from = was // what it changed, or would have
		}
		shown.Diff = wordDiff(from, next)
		line.Fields = append(line.Fields, shown)
	}
	return line
}

// nameOf is what a reader knows the thing by.
func (s *Site) nameOf(ctx context.Context, one store.Suggestion) string {
	name := ""
	switch one.Thing {
	case store.ThingTalk:
		if t, err := s.db.TalkByID(ctx, archive.TalkID(one.Name)); err == nil {
			name = t.Title
		}
	case store.ThingEdition:
		if e, err := s.db.EditionByID(ctx, archive.EditionID(one.Name)); err == nil {
			name = editionTitle(e)
		}
	default:
		if p, err := s.db.PersonByID(ctx, archive.PersonID(one.Name)); err == nil {
			name = p.Name
		}
	}
	if name == "" {
		return one.Name
	}
	return name
}

func (s *Site) deskSuggestions(c echo.Context, who session) error {
	ctx, l := c.Request().Context(), localeOf(c)
	from, err := number(c, "from", 0, 0, 1<<20)
	if err != nil {
		return err
	}
	v := deskSuggestionsView{deskView: s.deskBase(c, who, "suggestions")}
	list, total, err := s.db.Suggestions(ctx, store.SuggestionQuery{State: store.SuggestionWaiting, Limit: queueLength, Offset: from})
	if err != nil {
		return err
	}
	v.Total, v.From = total, from
	senders := map[string]int{}
	for _, one := range list {
		senders[one.Sender]++
	}
	for i, one := range list {
		line := s.suggestionLine(ctx, l, one)
		if i+1 < len(list) {
			line.Next = list[i+1].ID
		} else if i > 0 {
			line.Next = list[i-1].ID
		}
		line.Others = senders[one.Sender] - 1
		if one.Sender == "" {
			line.Others = 0
		}
		v.List = append(v.List, line)
	}
	if from > 0 {
		v.Earlier = fmt.Sprintf("/desk/suggestions?from=%d", max(0, from-queueLength))
	}
	if from+len(list) < total {
		v.Later = fmt.Sprintf("/desk/suggestions?from=%d", from+len(list))
	}
	if id, err := strconv.ParseInt(c.QueryParam("settled"), 10, 64); err == nil {
		if one, err := s.db.SuggestionByID(ctx, store.SuggestionID(id)); err == nil && one.State != store.SuggestionWaiting {
			line := s.suggestionLine(ctx, l, one)
			v.Settled = &line
		}
	}
	if from == 0 {
		for _, state := range []store.SuggestionState{store.SuggestionAccepted, store.SuggestionRejected} {
			lately, _, err := s.db.Suggestions(ctx, store.SuggestionQuery{State: state, Latest: true, Limit: deskLatest})
			if err != nil {
				return err
			}
			for _, one := range lately {
				v.Lately = append(v.Lately, s.suggestionLine(ctx, l, one))
			}
		}
	}
	return s.render(c, http.StatusOK, "desksuggestions", page{Title: l.text("desk.suggestions"), NoIndex: true, View: v})
}

// deskDecide is a post about one suggestion; it goes back to the queue, where
// the next one is.
func (s *Site) deskDecide(c echo.Context, do func(id store.SuggestionID) error) error {
	r := c.Request()
	n, err := strconv.ParseInt(r.PostFormValue("suggestion"), 10, 64)
	if err != nil {
		return archive.ErrNotFound
	}
	if err := do(store.SuggestionID(n)); err != nil {
		return err
	}
	q := url.Values{"settled": {strconv.FormatInt(n, 10)}}
	if from := r.PostFormValue("from"); from != "" {
		if _, err := strconv.Atoi(from); err == nil {
			q.Set("from", from)
		}
	}
	to := "/desk/suggestions?" + q.Encode()
	if next, err := strconv.ParseInt(r.PostFormValue("next"), 10, 64); err == nil && next > 0 {
		to += fmt.Sprintf("#s-%d", next)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

func (s *Site) deskAccept(c echo.Context, who session) error {
	return s.deskDecide(c, func(id store.SuggestionID) error {
		_, err := s.db.AcceptSuggestion(c.Request().Context(), id, c.Request().PostFormValue("stale") == "yes", s.who(c, who))
		return err
	})
}

func (s *Site) deskReject(c echo.Context, who session) error {
	return s.deskDecide(c, func(id store.SuggestionID) error {
		if c.Request().PostFormValue("sender") == "all" {
			_, err := s.db.RejectSender(c.Request().Context(), id, s.who(c, who))
			return err
		}
		return s.db.RejectSuggestion(c.Request().Context(), id, s.who(c, who))
	})
}

func (s *Site) deskReopen(c echo.Context, who session) error {
	return s.deskDecide(c, func(id store.SuggestionID) error {
		return s.db.ReopenSuggestion(c.Request().Context(), id, s.who(c, who))
	})
}
