package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/ingest"
	"rostrum/ingest/fetch"
)

// web is a few sites on one server, by host and path. What is not there is 404.
type web map[string]string

// serve makes an ingester over a new archive to which the sites are the web.
func (w web) serve(t *testing.T) *desk {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		body, ok := w[r.Host+r.URL.Path]
		switch {
		case !ok:
			http.NotFound(out, r)
		case strings.HasPrefix(body, "/"):
			http.Redirect(out, r, body, http.StatusFound)
		default:
			out.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(out, body)
		}
	}))
	t.Cleanup(server.Close)
	at := strings.TrimPrefix(server.URL, "http://")
	resolve := map[string]string{}
	for place := range w {
		host, _, _ := strings.Cut(place, "/")
		resolve[net.JoinHostPort(host, "80")] = at
	}
	client := fetch.New(fetch.Config{AllowPrivate: true, Gap: -1, Retries: -1, Resolve: resolve})
	t.Cleanup(client.Close)
	d := newDesk(t)
	c := &clock{at: time.Date(2033, 5, 1, 0, 0, 0, 0, time.UTC)}
	d.in = ingest.New(ingest.Config{DB: d.db, Fetch: client, Now: c.now})
	return d
}

// talks is a programme of three talks that are all of one year.
func talks(year string) string {
	return `<ul><li>09:00 Silk and spruce in ` + year + ` - Anna Berg</li><li>10:00 Lines of ` + year + ` untangled - Carl Dahl</li><li>11:00 Night flying after ` + year + ` - Eva Frost</li></ul>`
}

func kites(year, body string) string {
	return `<html lang="en"><head><title>Kite Week ` + year + `</title></head><body><h1>Kite Week ` + year + `</h1>` + body + `</body></html>`
}

// TestFollow finds the editions that a site's links, menus, lists and footers
// lead to, and is not misled by what looks like one.
func TestFollow(t *testing.T) {
	sites := web{
		// Next year's edition is announced and has no programme yet.
		"kites.test/": kites("2033", `<p>Malmö, 6 August 2033</p><p>The programme follows in spring.</p><nav><a href="/2032/">2032</a> <a href="/history.html">History</a></nav>`),
		"kites.test/2032/": kites("2032", `<p>Malmö, Sweden, 5 August 2032</p><nav><a href="programme.html">Programme</a> <a href="/2031/">2031</a> <a href="/2031/index.html">Kite Week 2031</a> <a href="/2032/index.html">Kite Week 2032</a></nav>
			<aside><h3>Blog</h3><a href="/blog/2029/">2029 (3)</a> <a href="/2028/03/">March 2028</a></aside>
			<p>With kind help of <a href="http://silk.test/2031/">Silk 2031</a> and next to <a href="http://gliders.test/2032/">Gliders 2032</a>.</p>`),
		"kites.test/2032/programme.html": kites("2032", talks("2032")),
		"kites.test/2031/":               kites("2031", `<p>Malmö, 6 August 2031</p>`+talks("2031")),
		"kites.test/2031/index.html":     kites("2031", `<p>Malmö, 6 August 2031</p>`+talks("2031")),
		"kites.test/history.html": kites("", `<p>All editions: <a href="http://kites2030.test/">Kite Week 2030</a> <a href="http://dead.test/2029/">Kite Week 2029</a>
			<a href="/2028/">Kite Week 2028</a> <a href="/2027/">Kite Week 2027</a></p><select><option value="/2026/">2026</option></select>`),
		// On a host of its own; its links to others than home are not followed.
		"kites2030.test/":             kites("2030", `<p>Lund, 3 August 2030</p><a href="/program">Program</a> <a href="http://elsewhere.test/2025/">Kite Week 2025</a> <a href="http://kites.test/2024/">Kite Week 2024</a>`),
		"kites2030.test/program.html": kites("2030", talks("2030")),
		"elsewhere.test/2025/":        kites("2025", talks("2025")),
		// The address of one year holds another year's page by now.
		"kites.test/2028/": kites("2032", `<p>Malmö, 5 August 2032</p>`+talks("2032")),
		// Gone, and led to the front page.
		"kites.test/2027/": "/",
		"kites.test/2026/": kites("2026", `<p>Ystad, 8 August 2026</p>`+talks("2026")),
		"kites.test/2024/": kites("2024", `<p>Ystad, 8 August 2024</p>`+talks("2024")),
		"silk.test/2031/":  kites("2031", talks("2031")), "gliders.test/2032/": kites("2032", talks("2032")),
		"kites.test/blog/2029/": kites("2029", talks("2029")), "kites.test/2028/03/": kites("2028", talks("2028")),
	}
	d := sites.serve(t)
	found, err := d.in.Follow(t.Context(), "http://kites.test/", nil)
	if err != nil {
		t.Fatal(err)
	}
	const home, history = "http://kites.test/", "http://kites.test/history.html"
	want := []ingest.FoundEdition{
		{Year: 2033, Title: "Kite Week 2033", Front: home, Why: "no programme was found on it or the pages it names"},
		{Year: 2032, Title: "Kite Week 2032", Front: home + "2032/", Date: "2032-08-05", Label: "2032", From: home, Programme: home + "2032/programme.html", Talks: 3},
		{Year: 2031, Title: "Kite Week 2031", Front: home + "2031/", Date: "2031-08-06", Label: "2031", From: home + "2032/", Programme: home + "2031/", Talks: 3},
		{Year: 2030, Title: "Kite Week 2030", Front: "http://kites2030.test/", Date: "2030-08-03", Label: "Kite Week 2030", From: history, Programme: "http://kites2030.test/program.html", Talks: 3},
		{Year: 2029, Title: "Kite Week 2029", Front: "http://dead.test/2029/", Label: "Kite Week 2029", From: history, Why: "there is no host dead.test"},
		{Year: 2028, Title: "Kite Week 2028", Front: home + "2028/", Label: "Kite Week 2028", From: history, Why: "its page holds the edition of 2032"},
		{Year: 2027, Title: "Kite Week 2027", Front: home + "2027/", Label: "Kite Week 2027", From: history, Why: "its address leads to another page by now"},
		{Year: 2026, Title: "Kite Week 2026", Front: home + "2026/", Date: "2026-08-08", Label: "2026", From: history, Programme: home + "2026/", Talks: 3},
		{Year: 2024, Title: "Kite Week 2024", Front: home + "2024/", Date: "2024-08-08", Label: "Kite Week 2024", From: "http://kites2030.test/", Programme: home + "2024/", Talks: 3},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	if all, err := d.db.AllEditions(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("looking for editions kept %v, %v", all, err)
	}
}

// TestFollowIsBounded: a site whose every year names two more comes to an end.
func TestFollowIsBounded(t *testing.T) {
	var asked atomic.Int64
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		n, _ := strconv.Atoi(strings.Trim(r.URL.Path, "/x"))
		fmt.Fprint(w, kites(strconv.Itoa(1990+n%50), fmt.Sprintf(`<a href="/%dx/">Kite Week %d</a> <a href="/%dx/">Kite Week %d</a>`, 2*n+1, 1990+(2*n+1)%50, 2*n+2, 1990+(2*n+2)%50)))
	}))
	defer site.Close()
	d := newDesk(t)
	if _, err := d.in.Follow(t.Context(), site.URL+"/", nil); err != nil {
		t.Fatal(err)
	}
	if n := asked.Load(); n > 500 {
		t.Errorf("%d pages were asked for", n)
	}
}

// TestFollowStops with its context, and tells of a beginning that is not there.
func TestFollowStops(t *testing.T) {
	d := web{"kites.test/": kites("2033", `<a href="/2032/">2032</a>`)}.serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := d.in.Follow(ctx, "http://kites.test/", func(ingest.Event) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, it says %v", err)
	}
	for _, address := range []string{"http://kites.test/nowhere", "ftp://kites.test/"} {
		if _, err := d.in.Follow(t.Context(), address, nil); err == nil {
			t.Errorf("%s gave no error", address)
		}
	}
}

// TestYearlessEditions: programmes that name no year anywhere, each at its own
// address or all at one, are editions of their own when their talks differ.
func TestYearlessEditions(t *testing.T) {
	page := func(word string) string {
		var items strings.Builder
		for i, what := range []string{"Silk and spruce", "Lines untangled", "Night flying", "Tails and tassels", "Wind over water"} {
			fmt.Fprintf(&items, "<li>%02d:00 %s %s - Anna Berg</li>", 9+i, what, word)
		}
		return `<html lang="en"><head><title>Kite Workshop</title></head><body><h1>Kite Workshop</h1><ul>` + items.String() + `</ul></body></html>`
	}
	sites := web{"kites.test/a/programme.html": page("by day"), "kites.test/b/programme.html": page("in winter"), "kites.test/now.html": page("for children")}
	d := sites.serve(t)
	var got []string
	add := func(address string) {
		r := d.add("http://kites.test/" + address)
		got = append(got, fmt.Sprint(address, " ", r.Editions[0].ID, " new ", r.Editions[0].New, " added ", r.Editions[0].Added, " changed ", r.Editions[0].Changed, " gone ", r.Editions[0].Gone))
	}
	add("a/programme.html")
	add("b/programme.html")
	add("now.html")
	sites["kites.test/now.html"] = page("for grandmothers")
	add("now.html")
	sites["kites.test/now.html"] = strings.Replace(page("for grandmothers"), "Night flying for grandmothers", "Sewing for grandmothers", 1)
	add("now.html")
	want := []string{
		"a/programme.html kite-workshop/kite-workshop new true added 5 changed 0 gone 0",
		"b/programme.html kite-workshop/edition new true added 5 changed 0 gone 0",
		"now.html kite-workshop/kite-workshop-2 new true added 5 changed 0 gone 0",
		"now.html kite-workshop/kite-workshop-3 new true added 5 changed 0 gone 0",
		"now.html kite-workshop/kite-workshop-3 new false added 0 changed 1 gone 0",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
