package web

import (
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

// Private links: an organizer sends one to somebody who gave talks, and they
// edit their own entries. What they save holds at once, in their name, and can
// be undone at the desk: who sends a link trusts the one it is for, and a queue
// in between would give the organizer the work back that they wanted to hand
// on. So a link reaches no further than what is that person's own (the store
// holds that), is told once, ends by itself, and can be taken back.
//
// The secret stands in the address of one request only, which answers with a
// redirect: it is in no page, no Referer, no history entry that is gone back to,
// and not in the log. From then on a cookie speaks, and every request asks
// whether the link may still be used.

const (
	cookieMine   = "mine"
	mineLife     = 12 * time.Hour
	linkSpan     = 15 * time.Minute
	maxBadLinks  = 20   // wrong secrets from one address in that time
	maxAllLinks  = 2000 // from all together
	maxMineForms = 1000
	linkPath     = "/link/"
)

// visits are the private links that are open in some browser.
type visits struct {
	mu   sync.Mutex
	open map[[32]byte]visit // by the hash of the cookie
	bad  *limiter
}

type visit struct {
	link  store.LinkID
	token string // that every form sends along
	until time.Time
}

func newVisits(now func() time.Time) *visits {
	return &visits{open: map[[32]byte]visit{}, bad: newLimiter(now, linkSpan, maxBadLinks, maxAllLinks)}
}

func (v *visits) begin(link store.LinkID, now time.Time) (cookie string) {
	cookie = randomToken()
	v.mu.Lock()
	defer v.mu.Unlock()
	for k, one := range v.open {
		if !now.Before(one.until) || len(v.open) >= maxMineForms {
			delete(v.open, k)
		}
	}
	v.open[sha256.Sum256([]byte(cookie))] = visit{link: link, token: randomToken(), until: now.Add(mineLife)}
	return cookie
}

func (v *visits) get(cookie string, now time.Time) (visit, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	one, ok := v.open[sha256.Sum256([]byte(cookie))]
	return one, ok && now.Before(one.until)
}

func (v *visits) end(cookie string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.open, sha256.Sum256([]byte(cookie)))
}

func (s *Site) mineRoutes(e *echo.Echo, pages gate) {
	if s.desk == nil {
		return
	}
	e.GET(linkPath+":secret", s.openLink, s.private, pages.pass)
	get := func(p string, h mineHandler) { e.GET(p, s.byLink(h), s.private, pages.pass) }
	post := func(p string, h mineHandler) { e.POST(p, s.byLink(ownVisit(h)), s.private, pages.pass) }
	get("/mine", s.mine)
	get("/mine/edit/*", s.mineEdit)
	post("/mine/edit/*", s.mineSave)
	post("/mine/leave", s.mineLeave)
}

// mineHandler answers somebody who came by a private link.
type mineHandler func(c echo.Context, v visit, l store.PersonLink) error

// errNoLink is the one answer to secrets that open nothing, whatever the reason.
func (s *Site) noLink(c echo.Context, status int) error {
	return s.render(c, status, "nolink", page{Title: localeOf(c).text("mine.none"), NoIndex: true, View: struct{}{}})
}

func (s *Site) openLink(c echo.Context) error {
	c.Response().Header().Set("Referrer-Policy", "no-referrer")
	from, ctx := cameFrom(c.Request()), c.Request().Context()
	if wait := s.desk.visits.bad.take(from); wait > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
		return s.noLink(c, http.StatusTooManyRequests)
	}
	l, err := s.db.OpenLink(ctx, c.Param("secret"), s.now())
	if errors.Is(err, archive.ErrNotFound) {
		s.log.WarnContext(ctx, "private link refused", slog.String("from", from))
		return s.noLink(c, http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	s.desk.visits.bad.back(from)
	if had, err := c.Cookie(s.cookieName(c.Request(), cookieMine)); err == nil {
		s.desk.visits.end(had.Value)
	}
	s.setMine(c, s.desk.visits.begin(l.ID, s.now()), int(mineLife.Seconds()))
	return c.Redirect(http.StatusSeeOther, "/mine")
}

// setMine is Lax where the desk is Strict: a link in a letter is followed from
// another site. Posts are held off other sites all the same, by their token
// and by where they come from.
func (s *Site) setMine(c echo.Context, value string, age int) {
	c.SetCookie(s.cookie(c.Request(), cookieMine, value, "/mine", age, http.SameSiteLaxMode))
}

func (s *Site) byLink(h mineHandler) echo.HandlerFunc {
	return func(c echo.Context) error {
		cookie, err := c.Cookie(s.cookieName(c.Request(), cookieMine))
		if err != nil {
			return s.noLink(c, http.StatusNotFound)
		}
		v, ok := s.desk.visits.get(cookie.Value, s.now())
		if !ok {
			return s.noLink(c, http.StatusNotFound)
		}
		l, err := s.db.LinkByID(c.Request().Context(), v.link, s.now())
		if errors.Is(err, archive.ErrNotFound) {
			s.desk.visits.end(cookie.Value)
			return s.noLink(c, http.StatusNotFound)
		}
		if err != nil {
			return err
		}
		return h(c, v, l)
	}
}

func ownVisit(h mineHandler) mineHandler {
	return func(c echo.Context, v visit, l store.PersonLink) error {
		if !sameText(c.Request().PostFormValue("token"), v.token) {
			return errForged()
		}
		return h(c, v, l)
	}
}

type mineView struct {
	Token   string
	Name    string
	Page    string
	Expires string
	Talks   []deskTalk
	Saved   bool
}

func (s *Site) mine(c echo.Context, v visit, link store.PersonLink) error {
	ctx, l := c.Request().Context(), localeOf(c)
	talks, err := s.db.PersonTalks(ctx, link.Person)
	if err != nil {
		return err
	}
	view := mineView{
		Token: v.token, Name: link.Name, Page: mineURL(string(link.Person)), Expires: l.instant(link.Expires), Talks: deskTalks(l, talks, nil),
		Saved: c.QueryParam("saved") != "",
	}
	for i := range view.Talks {
		view.Talks[i].URL = mineURL(view.Talks[i].ID)
	}
	return s.render(c, http.StatusOK, "mine", page{Title: l.text("mine.title"), NoIndex: true, View: view})
}

func mineURL(id string) string { return "/mine/edit" + escapePath(id) }

type mineEditView struct {
	Token   string
	Title   string
	Here    string
	Page    string
	Suggest string // where to suggest what they cannot change themselves
	Seen    string
	Fields  []editField
	Changed bool
	Wrong   string
}

// ownThing reads what the address names, if it is the link's person's own.
func (s *Site) ownThing(c echo.Context, link store.PersonLink) (*edited, error) {
	ctx, l, id := c.Request().Context(), localeOf(c), strings.Trim(c.Param("*"), "/")
	fields := store.OwnTalkFields()
	switch thingOf(id) {
	case store.ThingPerson:
		if id != string(link.Person) {
			return nil, archive.ErrNotFound
		}
		fields = store.OwnPersonFields()
	case store.ThingTalk:
		t, err := s.db.TalkByID(ctx, archive.TalkID(id))
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(t.Speakers, func(c archive.Credit) bool { return c.Person == link.Person }) {
			return nil, archive.ErrNotFound
		}
	default:
		return nil, archive.ErrNotFound
	}
	e, err := s.edited(ctx, l, id)
	if err != nil {
		return nil, err
	}
	if err := s.markCorrected(ctx, l, e); err != nil {
		return nil, err
	}
	e.fields = slices.DeleteFunc(e.fields, func(f editField) bool { return !slices.Contains(fields, f.Name) })
	for i := range e.fields {
		f := &e.fields[i]
		f.Act, f.By, f.Why = 0, "", "" // who else corrected it is the desk's matter
		if f.Form == "veiled" {
			f.offerVeil(l)
		}
	}
	return e, nil
}

func (s *Site) mineEdit(c echo.Context, v visit, link store.PersonLink) error {
	e, err := s.ownThing(c, link)
	if err != nil {
		return err
	}
	return s.mineForm(c, v, http.StatusOK, e, mineEditView{})
}

func (s *Site) mineForm(c echo.Context, v visit, status int, e *edited, view mineEditView) error {
	view.Token, view.Title, view.Here, view.Page, view.Seen, view.Fields = v.token, e.title, mineURL(e.id), e.page, e.seen(), e.fields
	view.Suggest = s.suggestURL(e.id)
	return s.render(c, status, "mineedit", page{Title: localeOf(c).text("desk.edit", e.title), NoIndex: true, View: view})
}

func (s *Site) mineSave(c echo.Context, v visit, link store.PersonLink) error {
	r := c.Request()
	e, err := s.ownThing(c, link)
	if err != nil {
		return err
	}
	fixes, wrong, err := e.typedOtherwise(r.PostForm)
	switch {
	case err != nil:
		return err
	case r.PostFormValue("seen") != e.seen():
		return s.mineForm(c, v, http.StatusConflict, e, mineEditView{Changed: true})
	case wrong:
		return s.mineForm(c, v, http.StatusUnprocessableEntity, e, mineEditView{})
	case len(fixes) == 0:
		return c.Redirect(http.StatusSeeOther, "/mine")
	}
	_, err = s.db.CorrectByLink(r.Context(), link.ID, fixes, s.now())
	if invalid, ok := errors.AsType[*archive.InvalidError](err); ok {
		return s.mineForm(c, v, http.StatusUnprocessableEntity, e, mineEditView{Wrong: joined(" – ", invalid.Why, invalid.Hint)})
	}
	if err != nil {
		return err
	}
	s.log.InfoContext(r.Context(), "changed by private link", slog.Int64("link", int64(link.ID)), slog.String("thing", e.id), slog.Int("fields", len(fixes)))
	return c.Redirect(http.StatusSeeOther, "/mine?saved=yes")
}

func (s *Site) mineLeave(c echo.Context, _ visit, _ store.PersonLink) error {
	if cookie, err := c.Cookie(s.cookieName(c.Request(), cookieMine)); err == nil {
		s.desk.visits.end(cookie.Value)
	}
	s.setMine(c, "", -1)
	return c.Redirect(http.StatusSeeOther, "/")
}

// At the desk.

type linkLine struct {
	ID                     store.LinkID
	MadeBy, Made, Expires  string
	Used, Revoked, Expired bool
	UsedAt                 string
	Open                   bool
}

func (s *Site) linkLines(c echo.Context, person archive.PersonID) ([]linkLine, error) {
	l := localeOf(c)
	list, err := s.db.Links(c.Request().Context(), person)
	if err != nil {
		return nil, err
	}
	var out []linkLine
	for _, one := range list {
		line := linkLine{
			ID: one.ID, MadeBy: one.MadeBy, Made: l.instant(one.Made), Expires: l.instant(one.Expires), Revoked: !one.Revoked.IsZero(),
			Open: one.Open(s.now()), Used: !one.Used.IsZero(),
		}
		line.Expired = !line.Revoked && !line.Open
		if line.Used {
			line.UsedAt = l.instant(one.Used)
		}
		out = append(out, line)
	}
	return out, nil
}

type deskLinkView struct {
	deskView
	Name    string
	Page    string // of the person at the desk
	Address string
	Expires string
}

// deskLink makes a private link and shows it, this once: the answer is no
// redirect, since what it says may stand in no address of the desk.
func (s *Site) deskLink(c echo.Context, who session) error {
	r, l := c.Request(), localeOf(c)
	person, err := personField(c, "person")
	if err != nil {
		return err
	}
	days, err := strconv.Atoi(r.PostFormValue("days"))
	if err != nil || days < 1 || days > 366 {
		return &archive.InvalidError{Thing: "days", Why: "a link lasts from 1 to 366 days"}
	}
	now := s.now()
	made, secret, err := s.db.MakeLink(r.Context(), person, now.Add(time.Duration(days)*24*time.Hour), s.who(c, who))
	if err != nil {
		return err
	}
	v := deskLinkView{
		deskView: s.deskBase(c, who, ""), Name: made.Name, Page: editURL(string(made.Person)), Address: s.origin(r) + linkPath + secret,
		Expires: l.instant(made.Expires),
	}
	return s.render(c, http.StatusOK, "desklink", page{Title: l.text("desk.link.made"), NoIndex: true, View: v})
}

func (s *Site) deskUnlink(c echo.Context, who session) error {
	n, err := strconv.ParseInt(c.Request().PostFormValue("link"), 10, 64)
	if err != nil {
		return archive.ErrNotFound
	}
	l, err := s.db.RevokeLink(c.Request().Context(), store.LinkID(n), s.who(c, who))
	if err != nil {
		return err
	}
	if l.Person == "" {
		return c.Redirect(http.StatusSeeOther, "/desk")
	}
	return c.Redirect(http.StatusSeeOther, editURL(string(l.Person))+"#links")
}

// loggedURL is the address of a request as the log may have it.
func loggedURL(u *url.URL) string {
	if strings.HasPrefix(u.Path, linkPath) {
		return linkPath + "…"
	}
	return u.RequestURI()
}
