package web

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/store"
)

// The attacks of this file and of desk_test.go are run by
// go test ./web -run Attack -v, which tells what happened.

// privateLink makes a link and returns its path.
func (d *deskSite) privateLink(t *testing.T, person archive.PersonID) (store.PersonLink, string) {
	t.Helper()
	l, secret, err := d.db.MakeLink(t.Context(), person, d.now().Add(30*24*time.Hour), store.Who{By: "anna", At: d.now()})
	must(t, err)
	return l, linkPath + secret
}

// open follows a private link and says whether it opened.
func (b *browser) open(path string) bool {
	b.t.Helper()
	res, _ := b.do(http.MethodGet, path, nil)
	return res.StatusCode == http.StatusSeeOther && res.Header.Get("Location") == "/mine"
}

func TestPrivateLink(t *testing.T) {
	d := newDeskSite(t)
	anna, b := d.browser(t), d.browser(t)
	anna.signIn("anna", deskPassword)
	_, body := anna.post("/desk/link", url.Values{"person": {"vera-strom"}, "days": {"7"}})
	path := regexp.MustCompile(linkPath + `[\w-]{43}`).FindString(body)
	if path == "" || !strings.Contains(body, "Vera Ström") {
		t.Fatalf("no link was made: %s", body)
	}
	if !b.open(path) {
		t.Fatal("the link does not open")
	}
	_, body = b.do(http.MethodGet, "/mine", nil)
	for _, want := range []string{"Vera Ström", `href="/mine/edit/vera-strom"`, `href="/mine/edit/` + suggestTalk + `"`} {
		if !strings.Contains(body, want) {
			t.Errorf("her page lacks %s", want)
		}
	}
	edit := "/mine/edit/" + suggestTalk
	_, body = b.do(http.MethodGet, edit, nil)
	for field, there := range map[string]bool{"title": true, "abstract": true, "slides": true, "speakers": false, "start": false, "room": false, "kind": false} {
		if strings.Contains(body, `name="f-`+field+`"`) != there {
			t.Errorf("the field %s: there %v", field, !there)
		}
	}
	form := url.Values{"token": {b.hidden(edit, "token")}, "seen": {b.hidden(edit, "seen")}, "f-title": {"Rivers, by her"}, "f-start": {"03:00"}, "f-speakers": {"Nobody"}}
	if res, _ := b.do(http.MethodPost, edit, form); res.Header.Get("Location") != "/mine?saved=yes" {
		t.Fatalf("saved: %d", res.StatusCode)
	}
	talk, err := d.db.TalkByID(t.Context(), suggestTalk)
	must(t, err)
	if talk.Title != "Rivers, by her" || talk.Start == "03:00" || talk.Speakers[0].Name != "Vera Ström" {
		t.Errorf("%+v", talk.Item)
	}
	if res, body := b.do(http.MethodPost, edit, form); res.StatusCode != http.StatusConflict || !strings.Contains(body, "Somebody else changed this") {
		t.Errorf("the same form again: %d", res.StatusCode)
	}
	// An organizer sees who did it and takes it back.
	if _, body := anna.do(http.MethodGet, "/desk/history", nil); !strings.Contains(body, "Vera Ström · by a private link") {
		t.Error("the history does not say who did it")
	}
	anna.post("/desk/undo", url.Values{"act": {"1"}})
	if talk, err := d.db.TalkByID(t.Context(), suggestTalk); err != nil || talk.Title != "Rivers that remember" {
		t.Errorf("%s %v", talk.Title, err)
	}
	res, _ := b.do(http.MethodPost, "/mine/leave", url.Values{"token": {b.hidden("/mine", "token")}})
	if again, _ := b.do(http.MethodGet, "/mine", nil); res.StatusCode != http.StatusSeeOther || again.StatusCode != http.StatusNotFound {
		t.Errorf("after leaving: %d", again.StatusCode)
	}
}

func TestAttackPrivateLink(t *testing.T) {
	d := newDeskSite(t)
	link, path := d.privateLink(t, "vera-strom")
	vera := d.browser(t)
	if !vera.open(path) {
		t.Fatal("the link does not open")
	}
	token := vera.hidden("/mine", "token")
	before, err := d.db.Acts(t.Context(), 0, 10)
	must(t, err)
	for _, theirs := range []string{"mina-okafor", "river-days/2023/snow-as-a-clock", "river-days/2021", "nobody"} {
		got, _ := vera.do(http.MethodGet, "/mine/edit/"+theirs, nil)
		post, _ := vera.do(http.MethodPost, "/mine/edit/"+theirs, url.Values{"token": {token}, "f-title": {"Mine"}, "f-bio": {"Mine"}})
		if got.StatusCode != http.StatusNotFound || post.StatusCode != http.StatusNotFound {
			t.Errorf("%s is not hers: %d, %d", theirs, got.StatusCode, post.StatusCode)
		}
	}
	t.Log("a private link used for another's talk, person or an edition: 404 to see and to save")
	edit := "/mine/edit/" + suggestTalk
	seen := vera.hidden(edit, "seen")
	for how, forged := range map[string]struct {
		token   string
		headers []string
	}{
		"no token": {}, "another's token": {token: randomToken()}, "another site": {token, []string{"Origin", "https://evil.example"}},
		"another site by the browser's word": {token, []string{"Sec-Fetch-Site", "cross-site"}},
	} {
		res, _ := vera.do(http.MethodPost, edit, url.Values{"token": {forged.token}, "seen": {seen}, "f-title": {"Forged"}}, forged.headers...)
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", how, res.StatusCode)
		}
	}
	t.Log("its forms posted from elsewhere, or without its token: 403")
	if res, _ := vera.do(http.MethodGet, "/desk", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the desk opens by a private link: %d", res.StatusCode)
	}

	res, _ := d.browser(t).do(http.MethodGet, path, nil)
	if got := res.Header.Get("Referrer-Policy"); got != "no-referrer" || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the secret may go on: Referrer-Policy %s", got)
	}
	for _, page := range []string{"/mine", edit} {
		if _, body := vera.do(http.MethodGet, page, nil); strings.Contains(body, strings.TrimPrefix(path, linkPath)) {
			t.Errorf("%s holds the secret", page)
		}
	}
	t.Log("the secret: in one address that answers 303 with no-referrer and no-store, in no page after it")

	expires := d.browser(t)
	d.later(30*24*time.Hour + time.Second)
	if expires.open(path) || vera.open(path) {
		t.Error("it opens after its end")
	}
	d.later(-30*24*time.Hour - time.Second)
	if !expires.open(path) {
		t.Error("it does not open before its end")
	}
	_, err = d.db.RevokeLink(t.Context(), link.ID, store.Who{By: "anna", At: sampleTime})
	must(t, err)
	if res, _ := expires.do(http.MethodGet, "/mine", nil); res.StatusCode != http.StatusNotFound || expires.open(path) {
		t.Errorf("goes on when it was taken back: %d", res.StatusCode)
	}
	t.Log("expired, or taken back while it was open: 404 at the next request")

	thief := d.browser(t)
	thief.from = "192.0.2.66"
	got := map[int]int{}
	for i := range 100 {
		res, _ := thief.do(http.MethodGet, fmt.Sprintf("%s%043d", linkPath, i), nil)
		got[res.StatusCode]++
	}
	if diff := cmp.Diff(map[int]int{http.StatusNotFound: maxBadLinks, http.StatusTooManyRequests: 100 - maxBadLinks}, got); diff != "" {
		t.Error(diff)
	}
	t.Logf("100 guessed secrets of 256 bits from one address: %d looked up (404), %d turned away (429)", got[404], got[429])
	after, err := d.db.Acts(t.Context(), 0, 10)
	must(t, err)
	if len(before) != len(after) {
		t.Error("something was done")
	}
	log := d.log.String()
	if strings.Contains(log, strings.TrimPrefix(path, linkPath)) {
		t.Error("the secret stands in the log")
	}
}

// TestAttackLogs: no secret of a link that opened, or was tried, is written down.
func TestAttackLogs(t *testing.T) {
	for path, want := range map[string]string{"/link/abc": "/link/…", "/link/a/b?c=d": "/link/…", "/links": "/links", "/desk?x=1": "/desk?x=1"} {
		u, err := url.Parse(path)
		must(t, err)
		if got := loggedURL(u); got != want {
			t.Errorf("%s is logged as %s", path, got)
		}
	}
	t.Log("the log writes a private link's address as /link/…")
}

func (d *deskSite) waitingNumber(t *testing.T) int {
	t.Helper()
	_, total, err := d.db.Suggestions(t.Context(), store.SuggestionQuery{State: store.SuggestionWaiting})
	must(t, err)
	return total
}

func TestAttackSuggestionSpam(t *testing.T) {
	d := newDeskSite(t)
	spammer := d.browser(t)
	spammer.from = "192.0.2.99"
	form := spammer.suggestion("comment", "buy rivers")
	got := map[int]int{}
	for range 50 {
		res, _ := spammer.do(http.MethodPost, "/suggest", form)
		got[res.StatusCode]++
	}
	if diff := cmp.Diff(map[int]int{http.StatusSeeOther: maxSuggestions, http.StatusTooManyRequests: 50 - maxSuggestions}, got); diff != "" {
		t.Error(diff)
	}
	t.Logf("50 suggestions from one address: %d kept, %d turned away (429), what was typed given back", got[303], got[429])
	other := d.browser(t)
	other.from = "192.0.2.100"
	if res, _ := other.do(http.MethodPost, "/suggest", other.suggestion("comment", "a reader")); res.StatusCode != http.StatusSeeOther {
		t.Errorf("another address: %d", res.StatusCode)
	}
	let, more := 0, other.suggestion("comment", "buy rivers")
	for i := range 1000 {
		other.from = fmt.Sprintf("198.51.%d.%d", i/250, i%250)
		if res, _ := other.do(http.MethodPost, "/suggest", more); res.StatusCode == http.StatusSeeOther {
			let++
		}
	}
	if let != maxAllSuggests-maxSuggestions-1 {
		t.Errorf("%d of many addresses were kept", let)
	}
	t.Logf("1000 more from as many addresses: %d kept within the hour, for all together %d", let, maxAllSuggests)
	d.later(suggestionSpan)
	robot := other.suggestion("comment", "buy", "website", "https://spam.example/")
	res, _ := other.do(http.MethodPost, "/suggest", robot)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") == "" || d.waitingNumber(t) != maxAllSuggests {
		t.Errorf("a program: %d", res.StatusCode)
	}
	t.Log("a program that fills in every field: thanked, nothing kept")
	for how, headers := range map[string][]string{"Origin": {"Origin", "https://evil.example"}, "Sec-Fetch-Site": {"Sec-Fetch-Site", "cross-site"}} {
		if res, _ := other.do(http.MethodPost, "/suggest", other.suggestion("comment", "forged"), headers...); res.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", how, res.StatusCode)
		}
	}
	t.Log("a suggestion that another site makes a visitor send: 403")
	if res, _ := other.do(http.MethodPost, "/suggest", url.Values{"comment": {strings.Repeat("x", 2<<20)}}); res.StatusCode < 400 {
		t.Errorf("2 MB: %d", res.StatusCode)
	}
	t.Logf("a form of 2 MB: refused; %d wait for the organizer, who rejects all of a sender at once", maxAllSuggests)
}

func TestAttackClickjacking(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	_, path := d.privateLink(t, "vera-strom")
	b.open(path)
	pages := []string{"/", "/desk/sign-in", "/desk", "/desk/history", "/desk/suggestions", "/desk/people", "/desk/edit/" + suggestTalk, "/suggest?thing=" + suggestTalk, "/mine"}
	for _, page := range pages {
		res, _ := b.do(http.MethodGet, page, nil)
		if res.Header.Get("X-Frame-Options") != "DENY" || !strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s may be framed", page)
		}
	}
	t.Logf("%d pages: framed by nobody (X-Frame-Options DENY, frame-ancestors 'none')", len(pages))
}

// TestAttackPlantedCookies: behind TLS every cookie that tells who comes
// is Secure and bound to the host by its name.
func TestAttackPlantedCookies(t *testing.T) {
	d := newDeskSite(t)
	for how, s := range map[string]*Site{
		"TLS here":        d.Site,
		"TLS before here": New(Config{DB: d.db, Index: d.index, Organizers: d.file, BaseURL: "https://talks.example.org/"}),
	} {
		for _, page := range []string{"/desk/sign-in", "/suggest?thing=" + suggestTalk} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, page, nil)
			if how == "TLS here" {
				r.TLS = &tls.ConnectionState{}
			}
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			cookies := w.Result().Cookies()
			if len(cookies) != 1 {
				t.Errorf("%s, %s: %d cookies", how, page, len(cookies))
			}
			for _, c := range cookies {
				if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || c.Path != "/" || c.Domain != "" || !c.HttpOnly {
					t.Errorf("%s, %s: %+v", how, page, c)
				}
			}
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/desk", nil)
	r.TLS = &tls.ConnectionState{}
	r.AddCookie(&http.Cookie{Name: cookieDesk, Value: d.desk.open("anna", cheapHash(deskPassword))})
	if _, ok := d.session(r); ok {
		t.Error("behind TLS, a cookie that a neighbour can plant is taken")
	}
	t.Log("behind TLS: __Host- cookies, Secure, HttpOnly; one without the prefix is not looked at")
}
