package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive/store"
)

const suggestTalk = "river-days/2021/rivers-that-remember"

// suggestion is the form of suggestTalk as this browser was sent it.
func (b *browser) suggestion(more ...string) url.Values {
	b.t.Helper()
	path := b.site.suggestURL(suggestTalk)
	form := url.Values{"thing": {suggestTalk}, "token": {b.hidden(path, "token")}, "seen": {b.hidden(path, "seen")}, "website": {""}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

func (d *deskSite) waiting(t *testing.T) []store.Suggestion {
	t.Helper()
	list, _, err := d.db.Suggestions(t.Context(), store.SuggestionQuery{State: store.SuggestionWaiting})
	must(t, err)
	return list
}

func TestSuggest(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	if got := d.suggestURL(suggestTalk); got != "/suggest?thing=river-days%2F2021%2Frivers-that-remember" {
		t.Error(got)
	}
	_, body := b.do(http.MethodGet, d.suggestURL(suggestTalk), nil)
	for _, want := range []string{`value="Rivers that remember"`, "Vera Ström (Lake Institute)", `name="website"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the form lacks %s", want)
		}
	}
	res, _ := b.do(http.MethodPost, "/suggest", b.suggestion("f-title", "Rivers that recall", "f-room", "Hall", "comment", "write to anna.b@example.org, or anna (at) example.org"))
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/suggest/thanks?thing=river-days%2F2021%2Frivers-that-remember" {
		t.Fatalf("sent: %d %s", res.StatusCode, res.Header.Get("Location"))
	}
	if _, body := b.do(http.MethodGet, res.Header.Get("Location"), nil); !strings.Contains(body, `href="/river-days/2021/rivers-that-remember"`) {
		t.Error("the thanks do not lead back")
	}
	list := d.waiting(t)
	if len(list) != 1 || len(list[0].Fields) != 1 || string(list[0].Fields[0].New) != `"Rivers that recall"` || list[0].Comment != "write to (…), or (…)" {
		t.Errorf("kept: %+v", list)
	}
	if strings.Contains(list[0].Sender, "127.0.0.1") || len(list[0].Sender) != 12 {
		t.Errorf("the sender is kept as %q", list[0].Sender)
	}
	for path, status := range map[string]int{
		"/suggest?thing=vera-strom": 200, "/suggest?thing=river-days/2021": 200, "/suggest": 404, "/suggest?thing=nobody": 404,
		"/suggest?thing=a/b/c/d/e": 404, "/suggest?thing=https://evil.example/x/y": 404, "/suggest/thanks?thing=//evil.example": 200,
	} {
		res, body := b.do(http.MethodGet, path, nil)
		if res.StatusCode != status || strings.Contains(body, nasty) || strings.Contains(body, `href="//evil`) {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
		if res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept by caches: %s", path, res.Header.Get("Cache-Control"))
		}
	}
	if _, body := b.do(http.MethodGet, "/suggest?thing=vera-strom", nil); strings.Contains(body, "f-veiled") {
		t.Error("strangers may suggest to hide a name")
	}
}

// TestSuggestComesBack: what cannot be kept comes back as it was typed.
func TestSuggestComesBack(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	old := b.suggestion("f-title", "Rivers, typed", "comment", "so it is")
	_, err := d.db.Correct(t.Context(), store.Correction{Thing: store.ThingTalk, ID: suggestTalk, Field: "room", Value: []byte(`"Attic"`)}, store.Who{By: "anna"})
	must(t, err)
	stranger := b.suggestion("f-title", "Rivers, typed", "comment", "so it is")
	stranger.Set("token", "made up")
	for name, c := range map[string]struct {
		form   url.Values
		status int
		says   string
	}{
		"changed meanwhile": {old, http.StatusConflict, "This changed while you typed"},
		"a token of none":   {stranger, http.StatusForbidden, "had grown old"},
		"a wrong value":     {b.suggestion("f-title", "Rivers, typed", "f-start", "25:10", "comment", "so it is"), http.StatusUnprocessableEntity, "no time of day"},
		"too long":          {b.suggestion("f-title", "Rivers, typed", "comment", "so it is"+strings.Repeat("!", 3000)), http.StatusUnprocessableEntity, "longer than 2000"},
	} {
		res, body := b.do(http.MethodPost, "/suggest", c.form)
		if res.StatusCode != c.status || !strings.Contains(body, c.says) || !strings.Contains(body, `value="Rivers, typed"`) || !strings.Contains(body, "so it is") {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	if res, body := b.do(http.MethodPost, "/suggest", b.suggestion()); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Nothing was changed") {
		t.Errorf("nothing: %d", res.StatusCode)
	}
	if list := d.waiting(t); len(list) != 0 {
		t.Errorf("kept: %+v", list)
	}
}

func TestWithoutMail(t *testing.T) {
	for text, want := range map[string]string{
		"ask a.b+c@example.org.":   "ask (…).",
		"mailto:x@y.example":       "(…)",
		"jörg [at] räksmörgås.se!": "(…)!",
		"at 5 @ the hall":          "at 5 @ the hall",
		"see @anna on example.org": "see @anna on example.org",
	} {
		if diff := cmp.Diff(want, withoutMail(text)); diff != "" {
			t.Error(diff)
		}
	}
}
