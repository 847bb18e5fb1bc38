package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/store"
)

func TestPictureOf(t *testing.T) {
	for name, c := range map[string]struct {
		page, media string
		place       archive.Place
		want        string
		marked      bool
	}{
		"words in an element": {
			`<body><ul><li>One</li><li>Two: <b>Let it</b> crash, <i>early</i></li></ul>`, "text/html",
			archive.Place{Path: "body > ul > li:nth-of-type(2)", Quote: "Let it crash"},
			`<ul><li>One</li><li>Two: <b><mark id="mark">Let it</mark></b><mark> crash</mark>, <i>early</i></li></ul>`, true,
		},
		"spaces and a cut": {
			"<body><p>A\u00a0very\n  long   title</p>", "text/html", archive.Place{Path: "body > p", Quote: "A very long…"},
			"<p><mark id=\"mark\">A\u00a0very\n  long</mark>   title</p>", true,
		},
		"the second of the same": {
			"<body><p>Lunch<br>Lunch</p>", "text/html", archive.Place{Path: "body > p", Line: 2, Quote: "Lunch"},
			`<p>Lunch<br/><mark id="mark">Lunch</mark></p>`, true,
		},
		"words that are not there": {
			`<body><p>Lunch</p>`, "text/html", archive.Place{Path: "body > p", Quote: "Dinner"}, `<p id="mark" class="marked">Lunch</p>`, true,
		},
		"nowhere":      {`<body><p>Lunch</p>`, "text/html", archive.Place{Path: "body > ul", Quote: "Dinner"}, `<p>Lunch</p>`, false},
		"no place":     {`<body><p>Lunch</p>`, "text/html", archive.Place{}, `<p>Lunch</p>`, false},
		"a plain text": {"09:00 Let it <crash>\n", "text/plain", archive.Place{Line: 1, Quote: "Let it"}, "<pre>09:00 <mark id=\"mark\">Let it</mark> &lt;crash&gt;\n</pre>", true},
		"what would run, load or lead away": {
			`<body onload="x()"><script>x()</script><style>@import "//evil.example"</style><link rel=stylesheet href=//evil.example><meta http-equiv=refresh content="0;url=//evil.example">` +
				`<p style="background:url(//evil.example)" id="mark" class="marked" onclick=x()>Hi <img src=//evil.example/a.png onerror=x() alt="a map"></p><iframe src=//evil.example></iframe>` +
				`<svg><script>x()</script></svg><math><mtext><img src=x></mtext></math><a href="javascript:x()">there</a><form action=//evil.example><input name=p><button>Go</button></form><base href=//evil.example>` +
				`<object data=x></object><video src=//evil.example></video><template><p>x</p></template><noscript><p title="</noscript><img src=x onerror=x()>"></noscript>`,
			"text/html", archive.Place{}, `<p>Hi [a map]</p><a>there</a>&#34;&gt;`, false,
		},
		"a quote in a script": {
			`<body><script>Let it crash</script><p>else</p>`, "text/html", archive.Place{Path: "body", Quote: "Let it crash"}, "<p>else</p>", false,
		},
	} {
		got, marked, err := pictureOf([]byte(c.page), c.media, c.place)
		must(t, err)
		if diff := cmp.Diff(c.want, strings.TrimSpace(got)); diff != "" || marked != c.marked {
			t.Errorf("%s: marked %v: %s", name, marked, diff)
		}
	}
}

func FuzzPictureOf(f *testing.F) {
	f.Add(`<body><ul><li>One <b>two</b></li></ul>`, "body > ul > li", 0, "One two")
	f.Add("text\nonly", "", 2, "only")
	f.Add(`<svg><p><style><a id="</style><img src=1 onerror=alert(1)>">`, "body > p", 1, "x")
	f.Fuzz(func(t *testing.T, page, path string, line int, quote string) {
		if len(page) > 1<<16 {
			return
		}
		got, _, err := pictureOf([]byte(page), "text/html", archive.Place{Path: path, Line: line, Quote: quote})
		if err != nil {
			return
		}
		low := strings.ToLower(got)
		for _, bad := range []string{"<script", "<img", "<style", "<iframe", "<svg", "<form", "<object", "<link", "<meta"} {
			if strings.Contains(low, bad) {
				t.Errorf("%q lets %s through: %q", page, bad, got)
			}
		}
	})
}

func TestDeskSnapshot(t *testing.T) {
	d := newDeskSite(t)
	page := `<html><body><h1>Bay Days</h1><ul><li>10:00 <b>Tides that <i>turn</i></b>, Ada Bay</li></ul><script>alert(1)</script></body></html>`
	blob, n, err := d.db.PutBlob(t.Context(), strings.NewReader(page), 1<<20)
	must(t, err)
	snap, _, err := d.db.TakeSnapshot(t.Context(), store.Fetched{Address: "https://bay.example/1/", Blob: blob, Bytes: n, Media: "text/html", At: sampleTime})
	must(t, err)
	_, err = d.db.TakeProgramme(t.Context(), store.Intake{Snapshot: snap.ID, Reader: 1, At: sampleTime, Programme: archive.Programme{
		Edition: archive.EditionInfo{Title: "Bay Days 2024", StartDate: "2024-05-01"},
		Items: []archive.Item{{
			Kind: archive.KindTalk, Title: "Tides that turn", Start: "10:00", Speakers: []archive.Credit{{Name: "Ada Bay"}},
			Places: archive.Places{
				"title": {Path: "body > ul > li", Quote: "Tides that turn", Sure: 0.4}, "start": {Path: "body > ul > li", Quote: "10:00", Sure: 1},
			},
		}},
	}})
	must(t, err)
	const id = "bay-days/2024/tides-that-turn"
	b := d.browser(t)
	if res, _ := b.do(http.MethodGet, "/desk/snapshot/"+id+"?field=title", nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("signed out: %d", res.StatusCode)
	}
	b.signIn("anna", deskPassword)
	res, body := b.do(http.MethodGet, "/desk/snapshot/"+id+"?field=title", nil)
	if !strings.Contains(body, `<li>10:00 <b><mark id="mark">Tides that </mark><i><mark>turn</mark></i></b>, Ada Bay</li>`) || strings.Contains(body, "script") {
		t.Errorf("the page: %s", body)
	}
	policy := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"sandbox; default-src 'none'; style-src 'sha256-", "frame-ancestors 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("its policy lacks %s: %s", want, policy)
		}
	}
	if res.Header.Get("X-Frame-Options") != "SAMEORIGIN" || res.Header.Get("Cache-Control") != "no-store" {
		t.Error("it may be framed or kept by others")
	}
	for path, status := range map[string]int{id + "?field=room": 404, id: 404, "no/such/talk?field=title": 404, "bay-days/2024?field=title": 200} {
		if res, _ := b.do(http.MethodGet, "/desk/snapshot/"+path, nil); res.StatusCode != status {
			t.Errorf("%s: %d", path, res.StatusCode)
		}
	}
	res, body = b.do(http.MethodGet, "/desk/edit/"+id+"?field=start", nil)
	for _, want := range []string{
		`<iframe name="picture" src="/desk/snapshot/bay-days/2024/tides-that-turn?field=start#mark"`, "sandbox></iframe>", "doubtful",
		`href="/desk/snapshot/bay-days/2024/tides-that-turn?field=title#mark" target="picture"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("beside the form stands no %s", want)
		}
	}
	if !strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-src 'self'") {
		t.Error("the frame may not load")
	}
}
