package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"rostrum/archive"
)

func TestDeskFindings(t *testing.T) {
	d := newDeskSite(t)
	take(t, d.db, "https://kiln.example/", archive.Programme{
		Edition: archive.EditionInfo{Title: "Kiln Days 2020", StartDate: "2020-05-01"},
		Items: []archive.Item{{
			Kind: archive.KindTalk, Title: "Firing", Speakers: []archive.Credit{{Name: "Berg Clay Institute"}},
			Places: archive.Places{"speakers": {Quote: nasty + "Berg Clay Institute", Sure: 0.3}},
		}},
	})
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	_, body := b.do(http.MethodGet, "/desk/findings?edition=kiln-days/2020", nil)
	for _, want := range []string{
		`href="/desk/edit/kiln-days/2020/firing?field=speakers#f-speakers"`, "Read with doubt (30 %)", "1 talk", `data-key="d"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the list lacks %s", want)
		}
	}
	if strings.Contains(body, nasty) {
		t.Error("a quote is markup")
	}
	form := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="(edition|talk|code|field|url|number|back)" value="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		form.Set(m[1], m[2])
	}
	form.Set("text", nasty+"Berg Clay Institute")
	res, _ := b.post("/desk/dismiss", form)
	if got := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(got, "/desk/findings?done=1&edition=kiln-days%2F2020") || !strings.HasSuffix(got, "#t-0") {
		t.Fatalf("dismissed: %d %s", res.StatusCode, got)
	}
	_, body = b.do(http.MethodGet, "/desk/findings?edition=kiln-days/2020&done=1", nil)
	if !strings.Contains(body, "Nothing odd was found") || !strings.Contains(body, `data-key="u"`) {
		t.Error("it is listed still, or cannot be taken back")
	}
	b.post("/desk/undo", url.Values{"act": {"1"}})
	if _, body = b.do(http.MethodGet, "/desk", nil); !strings.Contains(body, "/desk/edit/kiln-days/2020/firing?field=speakers#f-speakers") {
		t.Error("undone, it is not first on the desk")
	}
	for path, status := range map[string]int{"/desk/findings": 200, "/desk/findings?edition=no/such": 404, "/desk/findings?from=999": 200, "/desk/findings?from=x": 400} {
		if res, _ := b.do(http.MethodGet, path, nil); res.StatusCode != status {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
}
