package web

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/crypto/argon2"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/internal/passwd"
)

const deskPassword = "let the river in"

// deskSite is a served site with one organizer, anna, and a clock to set.
type deskSite struct {
	*sampleSite
	server *httptest.Server
	file   string
	mu     sync.Mutex
	clock  time.Time
}

func newDeskSite(t *testing.T) *deskSite {
	t.Helper()
	d := &deskSite{sampleSite: newSample(t), file: filepath.Join(t.TempDir(), "organizers"), clock: sampleTime}
	must(t, os.WriteFile(d.file, []byte("anna:"+cheapHash(deskPassword)+"\n"), 0o600))
	d.Site = New(Config{DB: d.db, Index: d.index, Organizers: d.file, Now: func() time.Time {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.clock
	}})
	d.server = httptest.NewServer(d.Handler())
	t.Cleanup(d.Close)
	t.Cleanup(d.server.Close)
	return d
}

// cheapHash is a hash that takes no time; its costs stand in it.
func cheapHash(password string) string {
	salt := []byte("salt of the test")
	key := argon2.IDKey([]byte(password), salt, 1, 64, 1, 32)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=64,t=1,p=1$%s$%s", argon2.Version, enc.EncodeToString(salt), enc.EncodeToString(key))
}

func (d *deskSite) later(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clock = d.clock.Add(by)
}

// browser keeps cookies and follows no redirect.
type browser struct {
	t    *testing.T
	site *deskSite
	*http.Client
	from string // X-Forwarded-For, "" none
}

func (d *deskSite) browser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	return &browser{t: t, site: d, Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *browser) do(method, path string, form url.Values, headers ...string) (answer, string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.site.server.URL+path, strings.NewReader(form.Encode()))
	must(b.t, err)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if b.from != "" {
		r.Header.Set("X-Forwarded-For", b.from)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.Do(r)
	must(b.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	must(b.t, err)
	return answer{StatusCode: res.StatusCode, Header: res.Header}, string(body)
}

var hiddenRE = regexp.MustCompile(`name="(token|seen)" value="([^"]*)"`)

// hidden returns a hidden field of a page.
func (b *browser) hidden(path, name string) string {
	b.t.Helper()
	_, body := b.do(http.MethodGet, path, nil)
	for _, m := range hiddenRE.FindAllStringSubmatch(body, -1) {
		if m[1] == name {
			return m[2]
		}
	}
	b.t.Fatalf("%s has no field %s", path, name)
	return ""
}

func (b *browser) signIn(name, password string) answer {
	b.t.Helper()
	res, _ := b.do(http.MethodPost, "/desk/sign-in", url.Values{
		"token": {b.hidden("/desk/sign-in", "token")}, "name": {name}, "password": {password}, "to": {"/desk/history"},
	})
	return res
}

func (b *browser) sessionCookie() string {
	u, err := url.Parse(b.site.server.URL + "/desk")
	must(b.t, err)
	for _, c := range b.Jar.Cookies(u) {
		if c.Name == cookieDesk {
			return c.Value
		}
	}
	return ""
}

func (b *browser) setCookie(name, value string) {
	u, err := url.Parse(b.site.server.URL + "/desk")
	must(b.t, err)
	b.Jar.SetCookies(u, []*http.Cookie{{Name: name, Value: value, Path: "/desk"}})
}

// in says whether the browser is signed in.
func (b *browser) in() bool {
	b.t.Helper()
	res, _ := b.do(http.MethodGet, "/desk", nil)
	return res.StatusCode == http.StatusOK
}

// post sends a form of the desk with the session's token.
func (b *browser) post(path string, form url.Values) (answer, string) {
	b.t.Helper()
	form.Set("token", b.hidden("/desk", "token"))
	return b.do(http.MethodPost, path, form)
}

func TestDeskSignIn(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	res, _ := b.do(http.MethodGet, "/desk/edit/river-days/2021?x=1", nil)
	if got := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || got != "/desk/sign-in?to=%2Fdesk%2Fedit%2Friver-days%2F2021%3Fx%3D1" {
		t.Errorf("signed out: %d %s", res.StatusCode, got)
	}
	for name, password := range map[string]string{"anna": "wrong password", "nobody": deskPassword, "": "", "bo": strings.Repeat("x", 5000)} {
		if res := b.signIn(name, password); res.StatusCode != http.StatusUnauthorized || b.in() {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	res = b.signIn("anna", deskPassword)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/desk/history" || !b.in() {
		t.Fatalf("right: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	for _, c := range (&http.Response{Header: res.Header}).Cookies() {
		if c.Name == cookieOrganizer && c.HttpOnly && c.Value == "yes" {
			continue // it opens nothing
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/desk" {
			t.Errorf("the cookie %+v", c)
		}
	}
	page, _ := b.do(http.MethodGet, "/desk", nil)
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control: %s", got)
	}
	// Signing out ends the session on the server, not only the cookie.
	old := b.sessionCookie()
	b.post("/desk/sign-out", url.Values{})
	b.setCookie(cookieDesk, old)
	if b.in() {
		t.Error("signed in after signing out")
	}
}

func TestDeskSessionsEnd(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	d.later(sessionIdle - time.Minute)
	if !b.in() {
		t.Error("ended before its time")
	}
	d.later(sessionIdle + time.Minute)
	if b.in() {
		t.Error("goes on while nobody is there")
	}
	b.signIn("anna", deskPassword)
	for range 20 {
		d.later(sessionIdle - time.Hour)
		b.in()
	}
	if b.in() {
		t.Error("goes on for ever")
	}
	b.signIn("anna", deskPassword)
	_, err := passwd.Set(d.file, "anna", "another password")
	must(t, err)
	if b.in() {
		t.Error("outlives the password it was opened with")
	}
}

// TestAttackSessionFixation: a cookie that somebody planted in an organizer's
// browser never becomes a session that they know.
func TestAttackSessionFixation(t *testing.T) {
	d := newDeskSite(t)
	victim, attacker := d.browser(t), d.browser(t)
	planted := randomToken()
	victim.setCookie(cookieDesk, planted)
	victim.signIn("anna", deskPassword)
	if victim.sessionCookie() == planted {
		t.Error("the session has the planted name")
	}
	attacker.setCookie(cookieDesk, planted)
	if attacker.in() {
		t.Error("the planted cookie is signed in")
	}
	// A session that was there before signing in again is given up.
	first := victim.sessionCookie()
	victim.do(http.MethodPost, "/desk/sign-in", url.Values{
		"token": {d.desk.formToken(plantForm(victim))}, "name": {"anna"}, "password": {deskPassword},
	})
	if victim.sessionCookie() == first {
		t.Error("the session was not rotated")
	}
	attacker.setCookie(cookieDesk, first)
	if attacker.in() || !victim.in() {
		t.Error("the former session stands, or the new one does not")
	}
	t.Log("a planted session cookie: not taken over at sign-in; the session before signing in anew: dead")
}

func plantForm(b *browser) string {
	value := randomToken()
	b.setCookie(cookieForm, value)
	return value
}

func TestAttackBruteForce(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	b.from = "192.0.2.1"
	form := url.Values{"token": {b.hidden("/desk/sign-in", "token")}, "name": {"anna"}, "password": {"a wrong password"}}
	// Many at once count as many.
	statuses := make(chan int, 30)
	var all sync.WaitGroup
	for range cap(statuses) {
		all.Go(func() {
			res, _ := b.do(http.MethodPost, "/desk/sign-in", form)
			statuses <- res.StatusCode
		})
	}
	all.Wait()
	close(statuses)
	got := map[int]int{}
	for s := range statuses {
		got[s]++
	}
	if diff := cmp.Diff(map[int]int{http.StatusUnauthorized: maxFailures, http.StatusTooManyRequests: 30 - maxFailures}, got); diff != "" {
		t.Errorf("answers: %s", diff)
	}
	t.Logf("30 wrong passwords at once from one address: %d checked (401), %d turned away unchecked (429)", got[401], got[429])
	form.Set("password", deskPassword)
	res, body := b.do(http.MethodPost, "/desk/sign-in", form)
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if res.StatusCode != http.StatusTooManyRequests || err != nil || seconds < 60 || !strings.Contains(body, "Too many attempts") {
		t.Errorf("the right password after too many wrong ones: %d, Retry-After %q", res.StatusCode, res.Header.Get("Retry-After"))
	}
	other := d.browser(t)
	other.from = "192.0.2.2"
	if res := other.signIn("anna", deskPassword); res.StatusCode != http.StatusSeeOther {
		t.Errorf("from elsewhere: %d", res.StatusCode)
	}
	d.later(failureSpan)
	if res, _ := b.do(http.MethodPost, "/desk/sign-in", form); res.StatusCode != http.StatusSeeOther {
		t.Errorf("after the wait: %d", res.StatusCode)
	}
	t.Logf("then the right password: %d for %d s; from another address: let in; after %v: let in", http.StatusTooManyRequests, seconds, failureSpan)
}

// TestAttackManyAddresses: many addresses together are slowed down as well, but
// not the one from which somebody has signed in before.
func TestAttackManyAddresses(t *testing.T) {
	d := newDesk("", func() time.Time { return sampleTime })
	d.succeeded("home")
	let := 0
	for i := range 50_000 {
		if d.try("10."+strconv.Itoa(i/250/250)+"."+strconv.Itoa(i/250%250)+"."+strconv.Itoa(i%250)) == 0 {
			let++
		}
	}
	if let != maxAllFailures || len(d.failed) > maxAddresses+2 {
		t.Errorf("%d attempts were let through, %d addresses remembered", let, len(d.failed))
	}
	t.Logf("50000 attempts from as many addresses: %d checked, %d addresses remembered", let, len(d.failed))
	if d.try("home") != 0 || d.try("elsewhere") == 0 {
		t.Error("who is known has to wait, or a stranger does not")
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	for _, c := range [][3]string{
		{"192.0.2.7:99", "203.0.113.1", "192.0.2.7"}, {"127.0.0.1:99", "198.51.100.1, 203.0.113.1", "203.0.113.1"}, {"127.0.0.1:99", "junk", "127.0.0.1"},
		{"[2001:db8:1:2:3:4:5:6]:99", "", "2001:db8:1:2::/64"}, {"@", "", "unknown"},
	} {
		r.RemoteAddr = c[0]
		r.Header.Set("X-Forwarded-For", c[1])
		if got := cameFrom(r); got != c[2] {
			t.Errorf("%v: %s", c, got)
		}
	}
}

// TestAttackForgedPosts: no post is taken that no page of this session sent.
func TestAttackForgedPosts(t *testing.T) {
	d := newDeskSite(t)
	b, other := d.browser(t), d.browser(t)
	b.signIn("anna", deskPassword)
	other.signIn("anna", deskPassword)
	token := b.hidden("/desk", "token")
	act, err := d.db.Correct(t.Context(), store.Correction{Thing: store.ThingTalk, ID: "river-days/2023/snow-as-a-clock", Field: "room", Value: []byte(`"Igloo"`)}, store.Who{By: "anna"})
	must(t, err)
	before, err := d.db.Acts(t.Context(), 0, 100)
	must(t, err)
	forms := map[string]url.Values{
		"/desk/merge": {"from": {"vera-strom"}, "into": {"mina-okafor"}}, "/desk/apart": {"from": {"vera-strom"}, "into": {"mina-okafor"}},
		"/desk/split": {"person": {"mina-okafor"}, "talk": {"river-days/2023/snow-as-a-clock"}},
		"/desk/link":  {"person": {"vera-strom"}, "days": {"7"}}, "/desk/unlink": {"link": {"1"}}, "/desk/suggestions/accept": {"suggestion": {"1"}},
		"/desk/suggestions/reject": {"suggestion": {"1"}}, "/desk/suggestions/reopen": {"suggestion": {"1"}},
		"/desk/takedown": {"thing": {"river-days/2023"}, "sure": {"yes"}}, "/desk/undo": {"act": {strconv.FormatInt(int64(act), 10)}},
		"/desk/edit/river-days/2023": {"f-city": {"Elsewhere"}, "seen": {b.hidden("/desk/edit/river-days/2023", "seen")}}, "/desk/sign-out": {},
	}
	refused := func(what, path string, res answer) {
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("%s %s: %d", path, what, res.StatusCode)
		}
	}
	for path, form := range forms {
		res, _ := b.do(http.MethodPost, path, form)
		refused("without a token", path, res)
		res, _ = b.do(http.MethodPost, path+"?token="+token, form)
		refused("with the token in the address", path, res)
		form.Set("token", other.hidden("/desk", "token"))
		res, _ = b.do(http.MethodPost, path, form)
		refused("with another session's token", path, res)
		form.Set("token", token)
		res, _ = b.do(http.MethodPost, path, form, "Origin", "https://evil.example")
		refused("from another site", path, res)
		res, _ = b.do(http.MethodPost, path, form, "Sec-Fetch-Site", "cross-site")
		refused("from another site by a browser's word", path, res)
		res, _ = d.browser(t).do(http.MethodPost, path, form)
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/desk/sign-in" {
			t.Errorf("%s signed out: %d", path, res.StatusCode)
		}
	}
	sign := url.Values{"name": {"anna"}, "password": {deskPassword}}
	res, _ := d.browser(t).do(http.MethodPost, "/desk/sign-in", sign)
	refused("without its form", "/desk/sign-in", res)
	sign.Set("token", b.hidden("/desk", "token"))
	res, _ = d.browser(t).do(http.MethodPost, "/desk/sign-in", sign)
	refused("with a token of another form", "/desk/sign-in", res)
	t.Logf("%d posts of the desk without a token, with another session's, from another site by Origin or by Sec-Fetch-Site: all 403, nothing done", len(forms))
	after, err := d.db.Acts(t.Context(), 0, 100)
	must(t, err)
	if diff := cmp.Diff(actLines(d.locales.named("en"), before), actLines(d.locales.named("en"), after)); diff != "" || !b.in() {
		t.Errorf("something was done: %s", diff)
	}
}

func TestDeskEdit(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	const id = "river-days/2021/rivers-that-remember"
	const path = "/desk/edit/" + id
	seen := b.hidden(path, "seen")
	res, _ := b.post(path, url.Values{
		"seen": {seen}, "f-title": {"Rivers that recall"}, "f-speakers": {"Vera Ström (Lake Institute)\r\nBo Ek (Delta Lab)"}, "f-start": {"09:10"}, "why": {"asked her"},
	})
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != path+"?done=1.2" {
		t.Fatalf("saved: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	talk, err := d.db.TalkByID(t.Context(), id)
	must(t, err)
	want := []archive.Credit{
		{Name: "Vera Ström", Affiliation: "Lake Institute", Bio: "Vera measures lakes.\n\nAnd rivers.", Person: "vera-strom"},
		{Name: "Bo Ek", Affiliation: "Delta Lab", Person: "bo-ek"},
	}
	if diff := cmp.Diff(want, talk.Speakers); diff != "" || talk.Title != "Rivers that recall" {
		t.Errorf("%s: %s", talk.Title, diff)
	}
	_, body := b.do(http.MethodGet, res.Header.Get("Location"), nil)
	for _, line := range []string{`Corrected; read as <i>Rivers that remember</i> · anna`, `asked her`, `<button type="submit" class="plain">Undo`} {
		if !strings.Contains(body, line) {
			t.Errorf("the page does not say %s", line)
		}
	}
	// Whoever saves a form that was made of something else is told, and overwrites nobody.
	res, body = b.post(path, url.Values{"seen": {seen}, "f-title": {"Rivers, mine"}})
	if res.StatusCode != http.StatusConflict || !strings.Contains(body, `value="Rivers, mine"`) || !strings.Contains(body, "Somebody else changed this") {
		t.Errorf("an old form: %d", res.StatusCode)
	}
	// What does not hold is shown where it was typed, and nothing is kept of the form.
	res, body = b.post(path, url.Values{"seen": {b.hidden(path, "seen")}, "f-start": {"25:10"}, "f-room": {"Attic"}})
	if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `no time of day`) || !strings.Contains(body, `value="Attic"`) {
		t.Errorf("25:10: %d", res.StatusCode)
	}
	if talk, err := d.db.TalkByID(t.Context(), id); err != nil || talk.Room != "Hall" {
		t.Errorf("half of a form was kept: %+v %v", talk.Room, err)
	}
	res, _ = b.post("/desk/undo", url.Values{"act": {"1"}, "back": {"//evil.example/"}})
	if res.Header.Get("Location") != "/desk?done=1" {
		t.Errorf("back to %s", res.Header.Get("Location"))
	}
	if talk, err := d.db.TalkByID(t.Context(), id); err != nil || talk.Title != "Rivers that remember" {
		t.Errorf("after undo: %s %v", talk.Title, err)
	}
	for path, status := range map[string]int{"/desk/edit/no/such/talk": 404, "/desk/edit/nobody": 404, "/desk/edit/river-days/2021": 200, "/desk/edit/vera-strom": 200, "/desk/history": 200, "/desk/people": 200, "/desk": 200} {
		if res, body := b.do(http.MethodGet, path, nil); res.StatusCode != status || strings.Contains(body, nasty) {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}

// TestDeskUnchanged: saving a form as it was made corrects nothing, whatever
// stands in it.
func TestDeskUnchanged(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	field := regexp.MustCompile(`(?s)<(?:input|textarea|select) id="(f-[a-z_]+)"[^>]*?(?: value="([^"]*)"[^>]*>|>\n(.*?)</textarea>|>(.*?)</select>)`)
	chosen := regexp.MustCompile(`value="([^"]*)" selected`)
	plain := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&amp;", "&", "&#43;", "+", "\n", "\r\n")
	editions, err := d.db.AllEditions(t.Context())
	must(t, err)
	things := []string{"vera-strom", "mina-okafor"}
	for _, e := range editions {
		things = append(things, string(e.ID))
		talks, err := d.db.EditionTalks(t.Context(), e.ID)
		must(t, err)
		for _, k := range talks {
			things = append(things, string(k.ID))
		}
	}
	for _, id := range things {
		_, body := b.do(http.MethodGet, "/desk/edit/"+id, nil)
		form := url.Values{"seen": {b.hidden("/desk/edit/"+id, "seen")}}
		for _, m := range field.FindAllStringSubmatch(body, -1) {
			value := m[2] + m[3]
			if m[4] != "" {
				value = chosen.FindStringSubmatch(m[4])[1]
			}
			form.Set(m[1], plain.Replace(value))
		}
		if len(form) < 5 {
			t.Fatalf("%s has no form", id)
		}
		res, body := b.post("/desk/edit/"+id, form)
		if res.StatusCode != http.StatusSeeOther {
			t.Errorf("%s: %d %s", id, res.StatusCode, body)
		}
	}
	if acts, err := d.db.Acts(t.Context(), 0, 10); len(acts) != 0 || err != nil {
		t.Errorf("%+v %v", acts, err)
	}
}

func TestDeskPeople(t *testing.T) {
	d := newDeskSite(t)
	take(t, d.db, "https://past.example/5/programme.html", archive.Programme{
		Edition: archive.EditionInfo{Title: "Lake Days 2024", StartDate: "2024-05-01"},
		Items:   []archive.Item{{Kind: archive.KindTalk, Title: "Depth", Speakers: []archive.Credit{{Name: "V. Ström", Affiliation: "Lake Institute"}}}},
	})
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	_, body := b.do(http.MethodGet, "/desk/people", nil)
	for _, want := range []string{`value="v-strom"`, `value="vera-strom"`, "the same affiliation Lake Institute"} {
		if !strings.Contains(body, want) {
			t.Errorf("the proposals lack %s", want)
		}
	}
	res, _ := b.post("/desk/merge", url.Values{"from": {"v-strom"}, "into": {"https://talks.example/people/vera-strom"}, "back": {"/desk/people"}})
	if res.Header.Get("Location") != "/desk/people?done=1" {
		t.Fatalf("merged: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	if res, _ := b.do(http.MethodGet, "/people/v-strom", nil); res.StatusCode != http.StatusMovedPermanently || res.Header.Get("Location") != "/people/vera-strom" {
		t.Errorf("the old address: %d", res.StatusCode)
	}
	res, body = b.post("/desk/merge", url.Values{"from": {"v-strom"}, "into": {"vera-strom"}})
	if res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "somebody merged one of them into vera-strom before") {
		t.Errorf("merged twice: %d", res.StatusCode)
	}
	b.post("/desk/undo", url.Values{"act": {"1"}, "back": {"/desk/people"}})
	b.post("/desk/apart", url.Values{"from": {"v-strom"}, "into": {"vera-strom"}, "back": {"/desk/people"}})
	if _, body := b.do(http.MethodGet, "/desk/people", nil); strings.Contains(body, `value="v-strom"`) {
		t.Error("proposed again, though they are two")
	}
	res, _ = b.post("/desk/split", url.Values{"person": {"vera-strom"}, "talk": {"river-days/2022/isens-vag"}})
	if got := res.Header.Get("Location"); got != "/desk/edit/vera-strom-2?done=3" {
		t.Errorf("split: %d %s", res.StatusCode, got)
	}
	if res, _ := b.post("/desk/split", url.Values{"person": {"vera-strom"}}); res.StatusCode != http.StatusBadRequest {
		t.Errorf("split of nothing: %d", res.StatusCode)
	}
	if res, _ := b.post("/desk/takedown", url.Values{"thing": {"vera-strom-2"}}); res.StatusCode != http.StatusBadRequest {
		t.Errorf("taken down by accident: %d", res.StatusCode)
	}
	b.post("/desk/takedown", url.Values{"thing": {"vera-strom-2"}, "sure": {"yes"}, "why": {"she asked"}})
	talk, err := d.db.TalkByID(t.Context(), "river-days/2022/isens-vag")
	must(t, err)
	if diff := cmp.Diff([]archive.Credit{{Name: store.Withheld}}, talk.Speakers); diff != "" {
		t.Error(diff)
	}
	// The name that is hidden cannot be typed over by saving the talk.
	if _, body := b.do(http.MethodGet, "/desk/edit/river-days/2022/isens-vag", nil); strings.Contains(body, `name="f-speakers"`) {
		t.Error("the withheld name can be edited")
	}
}

func TestDeskDisagreements(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	const id = "river-days/2023/snow-as-a-clock"
	_, err := d.db.Correct(t.Context(), store.Correction{Thing: store.ThingTalk, ID: id, Field: "title", Value: []byte(`"Snow is a clock"`)}, store.Who{By: "anna"})
	must(t, err)
	p := samplePrograms()[2]
	p.Items[0].Title = "Snow as a watch"
	take(t, d.db, "https://past.example/2/programme.html?", p)
	_, body := b.do(http.MethodGet, "/desk", nil)
	for _, want := range []string{"Sources that disagree", "Snow is a clock", "Snow as a watch", "Take what it says"} {
		if !strings.Contains(body, want) {
			t.Errorf("the desk does not say %q", want)
		}
	}
	b.post("/desk/undo", url.Values{"act": {"1"}, "back": {"/desk"}})
	if talk, err := d.db.TalkByID(t.Context(), id); err != nil || talk.Title != "Snow as a watch" {
		t.Errorf("%s %v", talk.Title, err)
	}
}

func TestDeskWithin(t *testing.T) {
	for to, want := range map[string]string{
		"/desk": "/desk", "/desk?done=1": "/desk?done=1", "/desk/edit/a/b": "/desk/edit/a/b", "": "/desk", "/": "/desk", "/desks": "/desk",
		"//evil.example/desk": "/desk", "https://evil.example/desk/": "/desk", "/desk/../people": "/desk", `/desk/\evil`: "/desk", "/desk/%0d%0aX": "/desk/%0d%0aX",
		"javascript:alert(1)": "/desk", "/desk//evil.example": "/desk",
	} {
		if got := within(to); got != want {
			t.Errorf("%q: %q, want %q", to, got, want)
		}
	}
	if res, _ := newSample(t).get(t, "/desk"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a site without organizers has a desk: %d", res.StatusCode)
	}
}

// TestDeskTakedownOfDecks: bytes are kept or destroyed as told, and all of it
// can be undone from where it was done.
func TestDeskTakedownOfDecks(t *testing.T) {
	d := newDeskSite(t)
	forgotten := 0
	d.forget = func() error {
		forgotten++
		return nil
	}
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	const id, deck = "river-days/2021/rivers-that-remember", "https://past.example/rivers.pdf"
	kept := func() (state archive.DeckState, bytes bool) {
		t.Helper()
		talk, err := d.db.TalkByID(t.Context(), id)
		must(t, err)
		i := slices.IndexFunc(talk.Decks, func(k archive.TalkDeck) bool { return k.Address == deck })
		return talk.Decks[i].State, talk.Decks[i].Blob != ""
	}
	if _, body := b.do(http.MethodGet, "/desk/edit/"+id, nil); !strings.Contains(body, `name="deck" value="`+deck+`"`) {
		t.Fatal("the deck is not among what can be taken down")
	}
	form := url.Values{"deck": {deck}, "back": {"/desk/edit/" + id}, "bytes": {"keep"}}
	if res, _ := b.post("/desk/takedown", form); res.StatusCode != http.StatusBadRequest {
		t.Errorf("by accident: %d", res.StatusCode)
	}
	form.Set("sure", "yes")
	if res, _ := b.post("/desk/takedown", form); res.Header.Get("Location") != "/desk/edit/"+id+"?done=1" {
		t.Errorf("taken down: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	if state, bytes := kept(); state != archive.DeckMissing || bytes {
		t.Errorf("it is shown: %s", state)
	}
	b.post("/desk/undo", url.Values{"act": {"1"}})
	if state, bytes := kept(); state == archive.DeckMissing || !bytes || forgotten != 0 {
		t.Errorf("it did not come back: %s", state)
	}
	// With the talk, for good.
	res, _ := b.post("/desk/takedown", url.Values{"thing": {id}, "sure": {"yes"}, "bytes": {"destroy"}})
	if !strings.HasPrefix(res.Header.Get("Location"), "/desk/history?done=2.") || forgotten == 0 {
		t.Errorf("with the talk: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	b.post("/desk/undo", url.Values{"act": {"2", "3"}})
	if state, bytes := kept(); bytes {
		t.Errorf("destroyed bytes are there: %s", state)
	}
}

// TestOrganizersLinks: public pages lead organizers to the desk, and no cache
// gives what was made for them to anybody else.
func TestOrganizersLinks(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	pages := map[string]string{
		"/river-days/2021/rivers-that-remember": "/desk/edit/river-days/2021/rivers-that-remember", "/people/vera-strom": "/desk/edit/vera-strom",
		"/river-days/2021": "/desk/edit/river-days/2021", "/": "",
	}
	look := func(in bool) {
		t.Helper()
		for path, edit := range pages {
			res, body := b.do(http.MethodGet, path, nil)
			private := res.Header.Get("Cache-Control") == "private, no-store"
			if !strings.Contains(body, `href="/desk"`) || strings.Contains(body, `href="/desk/edit`) != (in && edit != "") || !strings.Contains(body, edit) && in || private != in {
				t.Errorf("signed in %v, %s: Cache-Control %s", in, path, res.Header.Get("Cache-Control"))
			}
			if !strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Cookie") {
				t.Errorf("%s does not vary by cookie", path)
			}
		}
	}
	look(false)
	b.signIn("anna", deskPassword)
	look(true)
	b.post("/desk/sign-out", url.Values{})
	look(false)
	if _, body := newSample(t).get(t, "/"); strings.Contains(body, `href="/desk"`) {
		t.Error("a site without organizers leads to a desk")
	}
}
