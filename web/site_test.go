package web

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"rostrum/internal/golden"
)

// crawled is what following every link of a site gave.
type crawled struct {
	pages map[string]string // address and body, of HTML
	other map[string]string // address and media type, of the rest
	links int
}

// crawl follows every link within the site from the first page on, through
// href, src and data-* of pages and through feeds and sitemaps.
func crawl(t *testing.T, s *sampleSite) crawled {
	t.Helper()
	out := crawled{pages: map[string]string{}, other: map[string]string{}}
	todo := []string{"/", "/sitemap.xml", "/robots.txt", "/opensearch.xml", "/nothing-here", "/search?q=erosion", "/search?q=rivers&sort=newest", "/search?q=zzzzz+yyyyy", "/search", "/healthz", "/api/v1/search?q=erosion&facets=1"}
	from, questions := map[string]string{}, 0
	inText := regexp.MustCompile(`https://talks\.example\.org[^\s"<>&]*`)
	for len(todo) > 0 {
		address := todo[0]
		todo = todo[1:]
		if _, ok := out.pages[address]; ok || out.other[address] != "" {
			continue
		}
		res, body := s.get(t, address)
		missing := address == "/nothing-here" || strings.Contains(address, "/slides/3/large") // no picture of slide 3 can be made
		if want := map[bool]int{true: 404, false: 200}[missing]; res.StatusCode != want {
			t.Errorf("%s (linked from %s) answers %d", address, from[address], res.StatusCode)
		}
		var found []string
		if media := res.Header.Get("Content-Type"); strings.HasPrefix(media, "text/html") {
			out.pages[address] = body
			found = pageLinks(t, address, body)
		} else {
			out.other[address] = media
			if strings.Contains(media, "xml") || strings.Contains(media, "json") {
				found = inText.FindAllString(body, -1)
			}
		}
		for _, one := range found {
			out.links++
			one = strings.TrimPrefix(one, "https://talks.example.org")
			one, _, _ = strings.Cut(one, "#")
			if !strings.HasPrefix(one, "/") || strings.Contains(one, "{") || strings.Contains(one, "ui=") {
				continue
			}
			asks := strings.Contains(one, "q=") // every answer leads to further questions: some of them will do
			if from[one] == "" && (!asks || questions < 300) {
				from[one] = address
				todo = append(todo, one)
				if asks {
					questions++
				}
			}
		}
		if len(from) > 3000 {
			t.Fatal("the site has no end")
		}
	}
	return out
}

func pageLinks(t *testing.T, address, body string) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	must(t, err)
	var out []string
	for n := range doc.Descendants() {
		for _, a := range n.Attr {
			switch a.Key {
			case "href", "src", "data-previous", "data-next":
				out = append(out, a.Val)
				if u, err := url.Parse(a.Val); err != nil || (u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https") {
					t.Errorf("%s links to %q", address, a.Val)
				}
			}
		}
	}
	return out
}

func TestEveryLink(t *testing.T) {
	s := newSample(t)
	got := crawl(t, s)
	if len(got.pages) < 60 || got.links < 1000 {
		t.Errorf("only %d pages and %d links were met", len(got.pages), got.links)
	}
	t.Logf("%d pages, %d other addresses, %d links", len(got.pages), len(got.other), got.links)
	for _, address := range slices.Sorted(maps.Keys(got.pages)) {
		checkPage(t, address, got.pages[address])
	}
	// A picture that cannot be made is the one thing a page may miss.
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors were logged:\n%s", s.log)
	}
}

// checkPage holds what is true of every page.
func checkPage(t *testing.T, address, body string) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	must(t, err)
	count, ids := map[string]int{}, map[string]bool{}
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s: <%s> has %s, which the policy forbids", address, n.Data, a.Key)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("%s: two elements are #%s", address, a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			}
		}
		if n.Data == "script" && n.FirstChild != nil {
			if media := attribute(n, "type"); media != "application/ld+json" || !json.Valid([]byte(n.FirstChild.Data)) {
				t.Errorf("%s: a script of type %q stands in the page", address, media)
			}
		}
		if n.Data == "img" && (!has(n, "alt") || attribute(n, "width") == "" || attribute(n, "height") == "") {
			t.Errorf("%s: a picture without alternative or size", address)
		}
	}
	for element, want := range map[string]int{"h1": 1, "main": 1, "title": 1, "style": 0, "iframe": 0} {
		if count[element] != want {
			t.Errorf("%s: %d <%s>", address, count[element], element)
		}
	}
	for _, bad := range []string{"%!", "<nil>", "ZgotmplZ", "<script>alert", "javascript:", "!BADKEY"} {
		if strings.Contains(body, bad) {
			t.Errorf("%s: has %q", address, bad)
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// The pages that visitors see most, whole, so that a change shows itself.
func TestGoldenPages(t *testing.T) {
	s := newSample(t)
	hash := regexp.MustCompile(`\.[0-9a-f]{8}\.(css|js|svg)`)
	for name, address := range map[string]string{
		"home": "/", "results": "/search?q=erosion", "talk": "/river-days/2021/rivers-that-remember", "slide": "/river-days/2021/rivers-that-remember/slides/2?q=erosion",
		"edition": "/river-days/2021", "tracks": "/river-days/2023", "person": "/people/vera-strom", "none": "/search?q=zzzzz+yyyyy", "missing": "/nothing-here",
		"series": "/river-days", "embed": "/embed", "embedblock": "/embed/river-days?limit=2", "statistics": "/statistics", "topic": "/topics/erosion", "announced": "/topics/water",
	} {
		for _, lang := range []string{"en", "sv"} {
			_, body := s.get(t, address, "Accept-Language", lang)
			golden.Equal(t, "testdata/"+name+"."+lang+".html", []byte(hash.ReplaceAllString(body, ".HASH.$1")))
		}
	}
}

func TestHeaders(t *testing.T) {
	s := newSample(t)
	for _, address := range []string{"/", "/nothing-here", "/api/v1/search?q=x", "/static/nothing", "/river-days/2021/rivers-that-remember/slides/1/small"} {
		res, _ := s.get(t, address)
		got := map[string]string{}
		want := map[string]string{
			"Content-Security-Policy": contentPolicy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin", "X-Frame-Options": "DENY",
		}
		for k := range want {
			got[k] = res.Header.Get(k)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", address, d)
		}
	}
	if strings.Contains(contentPolicy, "unsafe") {
		t.Error("the policy allows something unsafe")
	}
}

func TestDeckFile(t *testing.T) {
	s := newSample(t)
	const address = "/river-days/2021/rivers-that-remember/slides.pdf"
	res, body := s.get(t, address)
	got := []string{http.StatusText(res.StatusCode), body, res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition"), res.Header.Get("X-Content-Type-Options"), res.Header.Get("Cache-Control")}
	want := []string{"OK", "%PDF-1.4 a deck of the sample", "application/pdf", `inline; filename=vera-strom-rivers-that-remember.pdf`, "nosniff", "no-cache"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if p := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(p, "sandbox;") {
		t.Errorf("the deck's policy is %q", p)
	}
	res, body = s.get(t, address, "Range", "bytes=1-3")
	if res.StatusCode != http.StatusPartialContent || body != "PDF" {
		t.Errorf("a range answers %d %q", res.StatusCode, body)
	}
	res, _ = s.get(t, address, "If-None-Match", res.Header.Get("ETag"))
	if res.StatusCode != http.StatusNotModified {
		t.Errorf("a deck that is held answers %d", res.StatusCode)
	}
}

func TestPicture(t *testing.T) {
	s := newSample(t)
	_, body := s.get(t, "/river-days/2021/rivers-that-remember")
	src := regexp.MustCompile(`/river-days/2021/rivers-that-remember/slides/1/small\?v=[0-9a-f]{12}`).FindString(body)
	if src == "" {
		t.Fatal("the talk shows no slide")
	}
	ask := func(address string, headers ...string) []string {
		res, _ := s.get(t, address, headers...)
		return []string{http.StatusText(res.StatusCode), res.Header.Get("Content-Type"), res.Header.Get("Cache-Control")}
	}
	plain, _, _ := strings.Cut(src, "?")
	res, _ := s.get(t, src)
	got := map[string][]string{
		"versioned": ask(src), "unversioned": ask(plain), "held": ask(src, "If-None-Match", res.Header.Get("ETag")),
		"huge": ask(strings.Replace(plain, "small", "4000", 1)), "no such slide": ask(strings.Replace(plain, "/1/", "/4/", 1)),
		"not drawn": ask(strings.Replace(strings.Replace(plain, "/1/", "/3/", 1), "small", "large", 1)), "words instead": ask(strings.Replace(plain, "/1/", "/3/", 1)), "no such deck": ask(strings.Replace(plain, "/slides/", "/slides-2/", 1)),
	}
	missing := []string{"Not Found", "text/html; charset=utf-8", "no-store"}
	want := map[string][]string{
		"versioned":     {"OK", "image/png", "public, max-age=31536000, immutable"},
		"unversioned":   {"OK", "image/png", "no-cache"},
		"held":          {"Not Modified", "", ""},
		"words instead": {"OK", "image/svg+xml", "no-cache"},
		"huge":          missing, "no such slide": missing, "not drawn": missing, "no such deck": missing,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestConditional(t *testing.T) {
	s := newSample(t)
	res, body := s.get(t, "/river-days/2021", "Accept-Encoding", "gzip")
	if res.Header.Get("Content-Encoding") != "gzip" || len(body) > 6000 {
		t.Errorf("a page comes as %q in %d bytes", res.Header.Get("Content-Encoding"), len(body))
	}
	etag := res.Header.Get("ETag")
	res, body = s.get(t, "/river-days/2021", "If-None-Match", etag)
	if res.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("a page that is held answers %d with %d bytes", res.StatusCode, len(body))
	}
	res, _ = s.get(t, "/river-days/2021", "If-None-Match", etag, "Accept-Language", "sv")
	if res.StatusCode != http.StatusOK {
		t.Errorf("the same page in another language answers %d", res.StatusCode)
	}
}

func TestAddresses(t *testing.T) {
	s := newSample(t)
	got := map[string]string{}
	want := map[string]string{
		"/people/":                "301 /people",
		"//evil.example/":         "301 /evil.example",
		"/\\evil.example/":        "301 /evil.example",
		"/search/?q=a%20b":        "301 /search?q=a%20b",
		"/people/nobody":          "404 ",
		"/river-days/1999":        "404 ",
		"/river-days/2021/coffee": "404 ",
		"/river-days/2021/rivers-that-remember/slides/0":         "404 ",
		"/river-days/2021/rivers-that-remember/slides/02":        "404 ",
		"/river-days/2021/rivers-that-remember/slides/4":         "404 ",
		"/river-days/2021/rivers-that-remember/slides-1/1":       "404 ",
		"/river-days/2021/rivers-that-remember/slides.exe":       "404 ",
		"/river-days/2021/rivers-that-remember/cite.doc":         "404 ",
		"/river-days/2021/rivers-that-remember/..%2f..%2fslides": "404 ",
		"/static/../site.go":                                     "404 ",
		"/static/site.css":                                       "404 ",
		"/topics/nothing":                                        "404 ",
		"/search?q=erosion&page=9999":                            "302 /search?page=1&q=erosion",
		"/search?q=zzzzz&page=2":                                 "302 /search?page=1&q=zzzzz",
		"/search?q=erosion&page=99999999999999999999":            "404 ",
		"/search?q=erosion&page=-1":                              "404 ",
		"/people?letter=%00":                                     "404 ",
		"/people?page=x":                                         "400 ",
		"/search?q=" + strings.Repeat("a", 5000):                 "414 ",
		"/search?q=" + strings.Repeat("a", 900):                  "200 ",
		"/api/v1/search?q=a&limit=0":                             "400 ",
		"/api/v1/search?q=a&limit=101":                           "400 ",
		"/api/v1/search?q=a&offset=10001":                        "400 ",
		"/api/v1/search?q=a&limit=9999999999999999999":           "400 ",
	}
	for address := range want {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		u, err := url.Parse("https://talks.example.org" + address)
		must(t, err)
		r.URL = u
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		got[address] = fmt.Sprintf("%d %s", w.Code, w.Header().Get("Location"))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors were logged:\n%s", s.log)
	}
}

func TestMethods(t *testing.T) {
	s := newSample(t)
	for method, want := range map[string]int{http.MethodHead: 200, http.MethodPost: 405, http.MethodDelete: 405} {
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, "/people", io.NopCloser(strings.NewReader("x"))))
		if w.Code != want {
			t.Errorf("%s answers %d, not %d", method, w.Code, want)
		}
	}
}

func TestAPISearch(t *testing.T) {
	s := newSample(t)
	_, body := s.get(t, "/api/v1/search?q=erosion+valley&limit=1")
	var got map[string]any
	must(t, json.Unmarshal([]byte(body), &got))
	hits, _ := got["hits"].([]any)
	if len(hits) != 1 {
		t.Fatalf("hits: %s", body)
	}
	hit, _ := hits[0].(map[string]any)
	delete(hit, "score")
	delete(got, "took_ms")
	want := map[string]any{
		"query": "erosion valley", "total": got["total"],
		"hits": []any{map[string]any{
			"id": "river-days/2021/rivers-that-remember", "title": "Rivers that remember", "url": "https://talks.example.org/river-days/2021/rivers-that-remember",
			"source_url": "https://past.example/rivers.html", "kind": "keynote", "date": "2021-06-12",
			"speakers": []any{map[string]any{"id": "vera-strom", "name": "Vera Ström"}, map[string]any{"id": "otto-van-der-beek", "name": "Otto van der Beek"}},
			"edition":  map[string]any{"id": "river-days/2021", "title": "River Days 2021"}, "matched": hit["matched"],
			"slides":    hit["slides"],
			"fragments": []any{"How a <mark>valley</mark> keeps the shape of its floods. With figures of <mark>erosion</mark>."},
		}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if slides, _ := hit["slides"].([]any); len(slides) == 0 || fmt.Sprint(slides[0].(map[string]any)["number"]) != "2" {
		t.Errorf("the slide that matches best is not named first: %v", hit["slides"])
	}
	if total, _ := got["total"].(float64); total < 2 {
		t.Errorf("total is %v", got["total"])
	}
}

// Any question is answered with a page, and no page lets it out of its place.
func FuzzSearch(f *testing.F) {
	s := newSample(f)
	for _, q := range []string{"erosion", `"a b" -c (d|e) year:2017..2019`, nasty, "((((", "\x00\xff", "title:", "kube* -", "speaker:\"", strings.Repeat("(", 600), "' onmouseover=alert(1)", "\u202e\u0000"} {
		f.Add(q, "newest", "1")
	}
	f.Fuzz(func(t *testing.T, q, sort, page string) {
		v := url.Values{"q": {q}, "sort": {sort}, "page": {page}}
		for _, address := range []string{"/search?", "/api/v1/search?", "/api/v1/suggest?", "/search.atom?"} {
			res, body := s.get(t, address+v.Encode())
			switch res.StatusCode {
			case http.StatusOK, http.StatusNotFound, http.StatusRequestURITooLong:
			default:
				t.Errorf("%s of %q answers %d", address, q, res.StatusCode)
			}
			if address == "/search?" && res.StatusCode == http.StatusOK {
				checkPage(t, address, body)
			}
		}
	})
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}
