package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

// Suggestions: whoever reads a page may say what is wrong with it. Nothing is
// asked of who they are, so all that keeps nonsense away is here: a field that
// only programs fill in, counts by address and for all, sizes, and a queue
// that an organizer has to look at before anything changes.

// Suggestions in an hour from one address, and from all together.
const (
	suggestionSpan = time.Hour
	maxSuggestions = 10
	maxAllSuggests = 300

	cookieSuggest = "suggest" // ties the form to the browser it was sent to
)

type suggestView struct {
	Token   string
	Title   string
	Page    string // what it is about
	ID      string
	Seen    string
	Fields  []editField
	More    []editField // what is seldom wrong
	Comment string
	Empty   bool // nothing was changed and nothing written
	Changed bool // by somebody else while this was typed
	Old     bool // the form was too old, or of another browser
	Minutes int  // to wait after too many; 0 may send
	Wrong   string
}

type thanksView struct {
	Page string
}

// suggestURL is where to suggest a correction of a talk, a person or an
// edition by its ID; "" when nobody would read it.
func (s *Site) suggestURL(id string) string {
	if s.desk == nil {
		return ""
	}
	return "/suggest?thing=" + url.QueryEscape(id)
}

func (s *Site) suggestRoutes(e *echo.Echo, pages gate) {
	if s.desk == nil {
		return
	}
	look := []string{http.MethodGet, http.MethodHead}
	e.Match(look, "/suggest", s.suggestPage, s.private, pages.pass)
	e.POST("/suggest", s.suggest, s.private, pages.pass)
	e.Match(look, "/suggest/thanks", s.suggestThanks, s.private)
}

// suggested reads the thing that a suggestion is to be about.
func (s *Site) suggested(c echo.Context, id string) (*edited, error) {
	ctx, l := c.Request().Context(), localeOf(c)
	e, err := s.edited(ctx, l, thingID(id))
	if moved, ok := errors.AsType[*archive.MovedError](err); ok {
		return nil, &redirectError{to: s.suggestURL(moved.To)}
	}
	if err != nil {
		return nil, err
	}
	// Whether a former name is hidden is no matter for strangers.
	e.fields = slices.DeleteFunc(e.fields, func(f editField) bool { return f.Name == "veiled" })
	for i := range e.fields {
		f := &e.fields[i]
		f.Label = fieldName(l, f.Name)
		if f.Form == "kind" {
			f.Options = kindOptions(l, f.Value)
		}
	}
	return e, nil
}

func (s *Site) suggestPage(c echo.Context) error {
	e, err := s.suggested(c, c.QueryParam("thing"))
	if err != nil {
		return err
	}
	return s.suggestForm(c, http.StatusOK, e, suggestView{})
}

// oftenWrong are the fields that a visitor finds first; the others are folded away.
func oftenWrong(field string) bool {
	return slices.Contains([]string{"title", "speakers", "abstract", "slides", "video", "name", "bio", "url", "start_date", "end_date", "venue", "city"}, field)
}

func (s *Site) suggestForm(c echo.Context, status int, e *edited, v suggestView) error {
	l := localeOf(c)
	value := randomToken()
	if had, err := c.Cookie(s.cookieName(c.Request(), cookieSuggest)); err == nil && len(had.Value) == len(value) {
		value = had.Value // the form in another tab stays good
	} else {
		c.SetCookie(s.cookie(c.Request(), cookieSuggest, value, "/suggest", 0, http.SameSiteStrictMode))
	}
	v.Token, v.Title, v.Page, v.ID, v.Seen = s.desk.formToken("suggest "+value), e.title, e.page, e.id, e.seen()
	for _, f := range e.fields {
		if oftenWrong(f.Name) || f.Wrong != "" || f.Value != f.Shown {
			v.Fields = append(v.Fields, f)
		} else {
			v.More = append(v.More, f)
		}
	}
	return s.render(c, status, "suggest", page{Title: l.text("suggestion.title", e.title), NoIndex: true, View: v})
}

// suggest keeps what a visitor suggests. What they typed is never lost: where
// it cannot be kept the form comes back with it.
func (s *Site) suggest(c echo.Context) error {
	r := c.Request()
	e, err := s.suggested(c, r.PostFormValue("thing"))
	if err != nil {
		return err
	}
	sug := store.Suggestion{
		Thing: e.thing, Name: e.id, Comment: withoutMail(strings.TrimSpace(r.PostFormValue("comment"))), Sender: s.sender(r), At: s.now(),
	}
	fixes, wrong, err := e.typedOtherwise(r.PostForm)
	if err != nil {
		return err
	}
	v := suggestView{Comment: r.PostFormValue("comment")}
	if r.PostFormValue("website") != "" {
		// A program filled in what no visitor sees. It is answered as if all
		// were well, so that it does not try again.
		s.log.InfoContext(r.Context(), "suggestion of a program left out", slog.String("from", cameFrom(r)))
		return c.Redirect(http.StatusSeeOther, thanksURL(e.id))
	}
	cookie, err := r.Cookie(s.cookieName(r, cookieSuggest))
	switch {
	case err != nil || !sameText(r.PostFormValue("token"), s.desk.formToken("suggest "+cookie.Value)):
		v.Old = true
		return s.suggestForm(c, http.StatusForbidden, e, v)
	case r.PostFormValue("seen") != e.seen():
		v.Changed = true
		return s.suggestForm(c, http.StatusConflict, e, v)
	case wrong:
		return s.suggestForm(c, http.StatusUnprocessableEntity, e, v)
	case len(fixes) == 0 && sug.Comment == "":
		v.Empty = true
		return s.suggestForm(c, http.StatusUnprocessableEntity, e, v)
	}
	from := cameFrom(r)
	if wait := s.desk.suggests.take(from); wait > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		v.Minutes = int(wait/time.Minute) + 1
		return s.suggestForm(c, http.StatusTooManyRequests, e, v)
	}
	for _, f := range fixes {
		sug.Fields = append(sug.Fields, store.SuggestedField{Field: f.Field, New: f.Value})
	}
	if _, err := s.db.Suggest(r.Context(), sug); err != nil {
		s.desk.suggests.back(from)
		if invalid, ok := errors.AsType[*archive.InvalidError](err); ok {
			v.Wrong = joined(" – ", invalid.Why, invalid.Hint)
			return s.suggestForm(c, http.StatusUnprocessableEntity, e, v)
		}
		return err
	}
	return c.Redirect(http.StatusSeeOther, thanksURL(e.id))
}

func thanksURL(id string) string { return "/suggest/thanks?thing=" + url.QueryEscape(id) }

func (s *Site) suggestThanks(c echo.Context) error {
	v := thanksView{Page: "/"}
	if id := thingID(c.QueryParam("thing")); id != "" {
		v.Page = pageURL(id)
	}
	return s.render(c, http.StatusOK, "suggestthanks", page{Title: localeOf(c).text("suggestion.thanks"), NoIndex: true, View: v})
}

// pageURL is a thing's page for visitors.
func pageURL(id string) string {
	if thingOf(id) == store.ThingPerson {
		return personURL(archive.PersonID(id))
	}
	return escapePath(id)
}

var mailRE = regexp.MustCompile(`(?i)(?:mailto:)?[\p{L}\p{N}._%+'-]+(?:@|\s*[\[(]\s*at\s*[\])]\s*)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+`)

// withoutMail leaves e-mail addresses out of what a visitor writes: none is
// asked for, and none can be shown that is not kept.
func withoutMail(text string) string { return mailRE.ReplaceAllString(text, "(…)") }

// sender tells apart where suggestions come from while the program runs; the
// address itself is not kept, and cannot be had back from this.
func (s *Site) sender(r *http.Request) string {
	m := hmac.New(sha256.New, s.desk.key[:])
	m.Write([]byte("sender " + cameFrom(r)))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:9])
}

// typedOtherwise makes corrections of the fields that were typed otherwise
// than they were shown. Values that do not hold are told in the fields
// themselves, and wrong is true.
func (e *edited) typedOtherwise(form url.Values) (fixes []store.Correction, wrong bool, err error) {
	for i := range e.fields {
		f := &e.fields[i]
		if !form.Has("f-" + f.Name) {
			continue
		}
		f.Value = strings.ReplaceAll(form.Get("f-"+f.Name), "\r\n", "\n")
		for o := range f.Options {
			f.Options[o].Selected = f.Options[o].Value == f.Value
		}
		if asBrowsersSend(f.Value, f.Form) == asBrowsersSend(f.Shown, f.Form) {
			continue
		}
		var value json.RawMessage
		value, err = archive.FieldFromText(f.Name, f.Value, e.speakers)
		if err == nil {
			err = e.check(f.Name, value)
		}
		if invalid, ok := errors.AsType[*archive.InvalidError](err); ok {
			f.Wrong, f.Hint, wrong = invalid.Why, invalid.Hint, true
			continue
		}
		if err != nil {
			return nil, false, err
		}
		fixes = append(fixes, store.Correction{Thing: e.thing, ID: e.id, Field: f.Name, Value: value})
	}
	return fixes, wrong, nil
}
