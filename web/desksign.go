package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/internal/passwd"
)

type signInView struct {
	Token   string
	To      string
	Name    string
	Wrong   bool
	Minutes int  // to wait after too many attempts; 0 may try
	Nobody  bool // no organizer has a password yet
}

// deskRoutes are the pages for organizers. Each answer is private to one
// browser; each post has to come from a page of this site and name the token
// of the session.
func (s *Site) deskRoutes(e *echo.Echo, pages gate) {
	if s.desk == nil {
		return
	}
	e.GET("/desk/sign-in", s.signInPage, s.private, pages.pass)
	e.POST("/desk/sign-in", s.signIn, s.private)
	get := func(p string, h deskHandler) { e.GET(p, s.signedIn(h), s.private, pages.pass) }
	post := func(p string, h deskHandler) { e.POST(p, s.signedIn(s.ownForm(h)), s.private, pages.pass) }
	get("/desk", s.deskHome)
	get("/desk/open", s.deskOpen)
	get("/desk/people", s.deskPeople)
	get("/desk/history", s.deskHistory)
	get("/desk/findings", s.deskFindings)
	post("/desk/dismiss", s.deskDismiss)
	get("/desk/suggestions", s.deskSuggestions)
	post("/desk/suggestions/accept", s.deskAccept)
	post("/desk/suggestions/reject", s.deskReject)
	post("/desk/suggestions/reopen", s.deskReopen)
	get("/desk/edit/*", s.deskEdit)
	get("/desk/snapshot/*", s.deskSnapshot)
	post("/desk/edit/*", s.deskSave)
	post("/desk/merge", s.deskMerge)
	post("/desk/apart", s.deskApart)
	post("/desk/split", s.deskSplit)
	post("/desk/takedown", s.deskTakedown)
	post("/desk/undo", s.deskUndo)
	post("/desk/link", s.deskLink)
	post("/desk/unlink", s.deskUnlink)
	post("/desk/sign-out", s.signOut)
	if s.intake != nil {
		get("/desk/sources", s.deskSources)
		post(uploadPath, s.deskPreview)
		post("/desk/sources/take", s.deskTake)
		post("/desk/sources/leave", s.deskLeave)
	}
}

// deskHandler answers an organizer.
type deskHandler func(c echo.Context, who session) error

// errForged answers a post that no page of this site made for this session.
func errForged() error {
	return echo.NewHTTPError(http.StatusForbidden, "the form was not sent from here")
}

// private keeps an answer out of every cache, and turns away what another site posts.
func (s *Site) private(next echo.HandlerFunc) echo.HandlerFunc {
	across := http.NewCrossOriginProtection()
	if s.base != "" {
		// A server in between may ask by another name than the browser did.
		if err := across.AddTrustedOrigin(s.base); err != nil {
			panic(fmt.Errorf("base URL %s: %w", s.base, err))
		}
	}
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex")
		h.Set("Referrer-Policy", "same-origin")
		if err := across.Check(c.Request()); err != nil {
			return errForged()
		}
		return next(c)
	}
}

func (s *Site) signedIn(h deskHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		who, ok := s.session(c.Request())
		if !ok {
			to := "/desk/sign-in"
			if c.Request().Method == http.MethodGet {
				to += "?to=" + url.QueryEscape(c.Request().URL.RequestURI())
			}
			return c.Redirect(http.StatusSeeOther, to)
		}
		return h(c, who)
	}
}

func (s *Site) ownForm(h deskHandler) deskHandler {
	return func(c echo.Context, who session) error {
		// What does not fit in memory waits in a file, which goes with the request.
		err := c.Request().ParseMultipartForm(1 << 20)
		if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return &archive.InvalidError{Thing: "form", Why: fmt.Sprintf("it is larger than %d MB", large.Limit>>20), Hint: "rostrum add FILE takes larger ones"}
		}
		if form := c.Request().MultipartForm; form != nil {
			defer func() { _ = form.RemoveAll() }()
		}
		if !sameText(c.Request().PostFormValue("token"), who.Token) {
			return errForged()
		}
		return h(c, who)
	}
}

// within returns a path of the desk to go on to, the desk itself for anything else.
func within(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Host != "" || u.Scheme != "" || (to != "/desk" && !strings.HasPrefix(to, "/desk/") && !strings.HasPrefix(to, "/desk?")) || strings.ContainsAny(to, "\\\r\n") || path.Clean(u.Path) != u.Path {
		return "/desk"
	}
	return to
}

// secure says whether the browser reached the site by TLS.
func (s *Site) secure(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(s.base, "https:")
}

// cookieName is what a cookie is called. Behind TLS it is bound to this very
// host by its name: no neighbour below the same domain can plant one.
func (s *Site) cookieName(r *http.Request, name string) string {
	if s.secure(r) {
		return "__Host-" + name
	}
	return name
}

// cookie makes a cookie for a part of the site. A name of "__Host-" needs the
// path "/"; without TLS the cookie stays where it is used.
func (s *Site) cookie(r *http.Request, name, value, path string, age int, same http.SameSite) *http.Cookie {
	if s.secure(r) {
		path = "/"
	}
	return &http.Cookie{
		Name: s.cookieName(r, name), Value: value, Path: path, MaxAge: age, HttpOnly: true, SameSite: same, Secure: s.secure(r),
	}
}

// cookieOrganizer says to pages for visitors that somebody is signed in at the
// desk, so that they link to it. It proves nothing and opens nothing: the
// session's own cookie goes to the desk alone, where the path can keep it there.
const cookieOrganizer = "organizer"

func (s *Site) organizer(r *http.Request) bool {
	if s.desk == nil {
		return false
	}
	c, err := r.Cookie(s.cookieName(r, cookieOrganizer))
	return err == nil && c.Value == "yes"
}

func (s *Site) setOrganizer(c echo.Context, value string, age int) {
	c.SetCookie(s.cookie(c.Request(), cookieOrganizer, value, "/", age, http.SameSiteLaxMode))
}

func (s *Site) setCookie(c echo.Context, name, value string, age int) {
	c.SetCookie(s.cookie(c.Request(), name, value, "/desk", age, http.SameSiteStrictMode))
}

func (s *Site) signInPage(c echo.Context) error {
	if _, ok := s.session(c.Request()); ok {
		return c.Redirect(http.StatusSeeOther, within(c.QueryParam("to")))
	}
	return s.signInForm(c, http.StatusOK, signInView{To: within(c.QueryParam("to"))})
}

func (s *Site) signInForm(c echo.Context, status int, v signInView) error {
	list, err := passwd.Load(s.desk.organizers)
	if err != nil {
		return err
	}
	v.Nobody = len(list) == 0
	value := randomToken()
	if had, err := c.Cookie(s.cookieName(c.Request(), cookieForm)); err == nil && len(had.Value) == len(value) {
		value = had.Value // the form in another tab stays good
	} else {
		s.setCookie(c, cookieForm, value, 0)
	}
	v.Token = s.desk.formToken(value)
	return s.render(c, status, "desksignin", page{Title: localeOf(c).text("desk.signin"), NoIndex: true, View: v})
}

func (s *Site) signIn(c echo.Context) error {
	r := c.Request()
	form, err := r.Cookie(s.cookieName(r, cookieForm))
	if err != nil || !sameText(r.PostFormValue("token"), s.desk.formToken(form.Value)) {
		return errForged()
	}
	name, password, from := r.PostFormValue("name"), r.PostFormValue("password"), cameFrom(r)
	v := signInView{To: within(r.PostFormValue("to")), Name: name}
	if wait := s.desk.try(from); wait > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		v.Minutes = int(wait/time.Minute) + 1
		return s.signInForm(c, http.StatusTooManyRequests, v)
	}
	hash, ok, err := s.proven(c, name, password)
	if err != nil {
		return err
	}
	if !ok {
		s.log.WarnContext(r.Context(), "sign-in refused", slog.String("from", from))
		v.Wrong = true
		return s.signInForm(c, http.StatusUnauthorized, v)
	}
	s.desk.succeeded(from)
	s.closeSession(r) // whatever session this browser came with
	s.setCookie(c, cookieForm, "", -1)
	s.setCookie(c, cookieDesk, s.desk.open(name, hash), int(sessionLife.Seconds()))
	s.setOrganizer(c, "yes", int(sessionLife.Seconds()))
	s.log.InfoContext(r.Context(), "signed in", slog.String("name", name), slog.String("from", from))
	return c.Redirect(http.StatusSeeOther, v.To)
}

// proven checks a password, one at a time, and returns the hash it fits.
func (s *Site) proven(c echo.Context, name, password string) (string, bool, error) {
	list, err := passwd.Load(s.desk.organizers)
	if err != nil {
		return "", false, err
	}
	if len(password) > passwd.MaxPassword {
		return "", false, nil
	}
	select {
	case s.desk.checking <- struct{}{}:
		defer func() { <-s.desk.checking }()
	case <-c.Request().Context().Done():
		return "", false, errTooMuch
	}
	return list[name], passwd.Matches(list[name], password), nil
}

func (s *Site) signOut(c echo.Context, _ session) error {
	s.closeSession(c.Request())
	s.setCookie(c, cookieDesk, "", -1)
	s.setOrganizer(c, "", -1)
	return c.Redirect(http.StatusSeeOther, "/desk/sign-in")
}
