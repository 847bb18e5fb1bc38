package fetch_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/ingest/fetch"
)

// client may reach the test's own servers and waits for nobody; what it would
// have slept is noted.
func client(t *testing.T, more func(*fetch.Config)) (*fetch.Client, *naps) {
	t.Helper()
	n := &naps{}
	cfg := fetch.Config{UserAgent: "Rostrum/test", AllowPrivate: true, Gap: -1, Now: n.now, Sleep: n.sleep}
	if more != nil {
		more(&cfg)
	}
	c := fetch.New(cfg)
	t.Cleanup(c.Close)
	return c, n
}

type naps struct {
	mu  sync.Mutex
	all []time.Duration
}

// now moves only by sleeping.
func (n *naps) now() time.Time {
	n.mu.Lock()
	defer n.mu.Unlock()
	at := time.Unix(1_000_000_000, 0)
	for _, d := range n.all {
		at = at.Add(d)
	}
	return at
}

func (n *naps) sleep(ctx context.Context, d time.Duration) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, d)
	return ctx.Err()
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// get returns the bytes, and the error as "cause: sentence".
func get(ctx context.Context, c *fetch.Client, req fetch.Request) (fetch.Response, string, string) {
	if req.Limit == 0 {
		req.Limit = 1 << 20
	}
	var got []byte
	resp, err := c.Get(ctx, req, func(_ fetch.Response, r io.Reader) error {
		var err error
		got, err = io.ReadAll(r)
		return err
	})
	told := ""
	if failed, ok := errors.AsType[*fetch.Error](err); ok {
		told = fmt.Sprintf("%d %d: %s", failed.Cause, failed.Status, failed.Why)
	} else if err != nil {
		told = err.Error()
	}
	return resp, string(got), told
}

func TestGet(t *testing.T) {
	var seen atomic.Pointer[http.Header]
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		h := r.Header.Clone()
		seen.Store(&h)
		if r.Header.Get("If-None-Match") == `"v1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=windows-1252")
		w.Header().Set("ETag", `"v1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		fmt.Fprint(w, "a programme")
	})
	c, _ := client(t, nil)
	resp, body, told := get(t.Context(), c, fetch.Request{Address: at + "/p?y=2017#day2"})
	want := fetch.Response{Address: at + "/p?y=2017", Media: "text/html; charset=windows-1252", Length: 11, ETag: `"v1"`, LastModified: "Mon, 02 Jan 2006 15:04:05 GMT"}
	if d := cmp.Diff(want, resp); d != "" || body != "a programme" || told != "" {
		t.Errorf("%s%q %s", d, body, told)
	}
	if agent := seen.Load().Get("User-Agent"); agent != "Rostrum/test" {
		t.Errorf("it calls itself %q", agent)
	}
	resp, body, told = get(t.Context(), c, fetch.Request{Address: at, ETag: `"v1"`})
	want = fetch.Response{NotModified: true, Address: at + "/", ETag: `"v1"`}
	if d := cmp.Diff(want, resp); d != "" || body != "" || told != "" {
		t.Errorf("asked again: %s%q %s", d, body, told)
	}
}

func TestStatus(t *testing.T) {
	asked := map[string]int{} // one request at a time
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/secret":
			w.WriteHeader(http.StatusForbidden)
		case "/nowhere":
			w.WriteHeader(http.StatusFound)
		case "/nothing":
			w.WriteHeader(http.StatusNoContent)
		case "/busy":
			if asked["/busy"] < 3 {
				w.Header().Set("Retry-After", "7")
				w.WriteHeader(http.StatusTooManyRequests)
				return
			}
			fmt.Fprint(w, "now")
		case "/down":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/holiday":
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	c, slept := client(t, nil)
	for _, one := range []struct {
		path, body, told string
		asked            int
	}{
		{"/gone", "", "2 410: the server answers 410 Gone", 1},
		{"/secret", "", "2 403: the server answers 403 Forbidden", 1},
		{"/nowhere", "", "2 302: the server answers 302 Found", 1},
		{"/nothing", "", "2 204: the server answers 204 No Content", 1},
		{"/busy", "now", "", 3},
		{"/down", "", "4 503: the server answers 503 Service Unavailable", 3},
		{"/holiday", "", "4 503: the server answers 503 Service Unavailable and asks to come again in 24h0m0s", 1},
	} {
		_, body, told := get(t.Context(), c, fetch.Request{Address: at + one.path})
		if body != one.body || told != one.told || asked[one.path] != one.asked {
			t.Errorf("%s: %q %q after %d requests, want %q %q after %d", one.path, body, told, asked[one.path], one.body, one.told, one.asked)
		}
	}
	if len(slept.all) < 2 || slept.all[0] != 7*time.Second {
		t.Errorf("Retry-After: 7 made it sleep %v", slept.all)
	}
}

func TestRedirects(t *testing.T) {
	far := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "far") })
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/found", http.StatusMovedPermanently)
		case "/found":
			http.Redirect(w, r, far+"/x", http.StatusPermanentRedirect)
		case "/now":
			http.Redirect(w, r, "/moved", http.StatusFound)
		case "/loop":
			http.Redirect(w, r, "/loop?again", http.StatusFound)
		case "/file":
			w.Header().Set("Location", "file:///etc/passwd")
			w.WriteHeader(http.StatusFound)
		case "/junk":
			w.Header().Set("Location", "http://[::1")
			w.WriteHeader(http.StatusFound)
		}
	})
	c, _ := client(t, nil)
	for path, want := range map[string]string{
		"/moved": far + "/x true far ",
		"/now":   far + "/x false far ",
		"/loop":  " false  2 0: redirects more than 10 times",
		"/file":  " false  1 0: redirects to what is no http or https address",
		"/junk":  " false  1 0: redirects to what is no http or https address",
	} {
		resp, body, told := get(t.Context(), c, fetch.Request{Address: at + path})
		if got := fmt.Sprintf("%s %v %s %s", resp.Address, resp.Moved, body, told); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestPrivate starts from a place that may be asked, through a dialler that
// takes any name to the test's server would be no test: so the rule is tried
// on the addresses themselves, on names that resolve to them, and on a redirect.
func TestPrivate(t *testing.T) {
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "secret") })
	_, port, err := net.SplitHostPort(strings.TrimPrefix(at, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	c, _ := client(t, func(cfg *fetch.Config) { cfg.AllowPrivate = false })
	for _, host := range []string{"127.0.0.1", "localhost", "127.1", "2130706433", "0", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "10.0.0.1"} {
		_, body, told := get(t.Context(), c, fetch.Request{Address: "http://" + host + ":" + port})
		if body != "" || told == "" {
			t.Errorf("%s: %q %q", host, body, told)
		}
		if net.ParseIP(strings.Trim(host, "[]")) != nil && !strings.HasSuffix(told, "is not on the public internet") {
			t.Errorf("%s: refused as %q", host, told)
		}
	}
}

func TestResolve(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "host ", r.Host) })
	_, port, _ := strings.Cut(strings.TrimPrefix(server, "http://"), ":")
	c, _ := client(t, func(cfg *fetch.Config) { cfg.Resolve = map[string]string{"tour.example:80": "127.0.0.1:" + port} })
	resp, got, told := get(t.Context(), c, fetch.Request{Address: "http://tour.example/2025.html"})
	if told != "" || got != "host tour.example" || resp.Address != "http://tour.example/2025.html" {
		t.Errorf("got %q from %s, error %q", got, resp.Address, told)
	}
	private, _ := client(t, func(cfg *fetch.Config) {
		cfg.AllowPrivate = false
		cfg.Resolve = map[string]string{"tour.example:80": "127.0.0.1:" + port}
	})
	if _, got, told := get(t.Context(), private, fetch.Request{Address: "http://tour.example/"}); got != "" || !strings.Contains(told, "not on the public internet") {
		t.Errorf("a private address was reached by another name: %q, error %q", got, told)
	}
}

func TestAwkwardBodies(t *testing.T) {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 64 {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
	var mu sync.Mutex
	tries := map[string]int{}
	release := make(chan struct{})
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		tries[r.URL.Path]++
		try := tries[r.URL.Path]
		mu.Unlock()
		switch r.URL.Path {
		case "/huge":
			for range 3 << 10 {
				_, _ = w.Write(make([]byte, 1<<10))
			}
		case "/announced":
			w.Header().Set("Content-Length", "99999999999")
		case "/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb.Bytes())
		case "/fits":
			_, _ = w.Write(make([]byte, 1<<20))
		case "/cut", "/once":
			if r.URL.Path == "/once" && try > 1 {
				fmt.Fprint(w, "whole")
				return
			}
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "half")
		case "/slow":
			fmt.Fprint(w, "a")
			_ = http.NewResponseController(w).Flush()
			<-release
		case "/silent":
			<-release
		}
	})
	t.Cleanup(func() { close(release) })
	c, _ := client(t, func(cfg *fetch.Config) { cfg.Stall = 50 * time.Millisecond })
	host := strings.TrimPrefix(at, "http://")
	for _, one := range []struct {
		path  string
		size  int
		told  string
		tries int
	}{
		{"/huge", 1 << 20, "5 0: is larger than 1 MB", 1},
		{"/announced", 0, "5 0: is larger than 1 MB", 1},
		{"/bomb", 1 << 20, "5 0: is larger than 1 MB", 1},
		{"/fits", 1 << 20, "", 1},
		{"/cut", 4, "3 0: the answer broke off before its end", 3},
		{"/once", 5, "", 2},
		{"/slow", 1, "3 0: the answer stopped for more than 50ms", 3},
		{"/silent", 0, "3 0: " + host + " takes too long to answer", 3},
	} {
		_, body, told := get(t.Context(), c, fetch.Request{Address: at + one.path})
		mu.Lock()
		asked := tries[one.path]
		mu.Unlock()
		if len(body) != one.size || told != one.told || asked != one.tries {
			t.Errorf("%s: %d bytes, %q after %d requests; want %d, %q after %d", one.path, len(body), told, asked, one.size, one.told, one.tries)
		}
	}
}

func TestOverall(t *testing.T) {
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			fmt.Fprint(w, ".")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(5 * time.Millisecond)
		}
	})
	c, _ := client(t, func(cfg *fetch.Config) { cfg.Overall, cfg.Retries = 100*time.Millisecond, -1 })
	if _, _, told := get(t.Context(), c, fetch.Request{Address: at}); told != "3 0: the answer took longer than 100ms" {
		t.Error(told)
	}
}

func TestSinkErrorIsItsOwn(t *testing.T) {
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "bytes") })
	c, _ := client(t, nil)
	full := errors.New("disk full")
	if _, err := c.Get(t.Context(), fetch.Request{Address: at, Limit: 10}, func(fetch.Response, io.Reader) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
}

func TestCancel(t *testing.T) {
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "a")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	c, _ := client(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := c.Get(ctx, fetch.Request{Address: at, Limit: 10}, func(_ fetch.Response, r io.Reader) error {
		cancel()
		_, err := io.ReadAll(r)
		return err
	})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestDeadHostIsAskedOnce(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := "http://" + l.Addr().String()
	_ = l.Close()
	c, slept := client(t, nil)
	for range 3 {
		if _, _, told := get(t.Context(), c, fetch.Request{Address: dead + "/deck.pdf"}); told != "3 0: "+l.Addr().String()+" does not answer" {
			t.Error(told)
		}
	}
	if len(slept.all) != 2 {
		t.Errorf("it slept %v; only the first should", slept.all)
	}
}

func TestRobots(t *testing.T) {
	var asked atomic.Int32
	rules := "\ufeffSitemap: x\nCrawl-delay: often\n<html>\nUser-agent: other\nDisallow: /\n\nUser-agent: rostrum # us\nDisallow: /private\nAllow: /private/talks\nCrawl-delay: 3600\n"
	at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			asked.Add(1)
			fmt.Fprint(w, rules)
		case "/redirect":
			http.Redirect(w, r, "/private/x", http.StatusFound)
		default:
			fmt.Fprint(w, "ok")
		}
	})
	c, slept := client(t, nil)
	const forbidden = "1 0: the site's robots.txt asks not to fetch it"
	for path, want := range map[string]string{"/private/x": forbidden, "/private/talks/a": "", "/open": "", "/redirect": forbidden} {
		if _, _, told := get(t.Context(), c, fetch.Request{Address: at + path, Followed: true}); told != want {
			t.Errorf("%s: %q, want %q", path, told, want)
		}
	}
	if _, body, told := get(t.Context(), c, fetch.Request{Address: at + "/private/x"}); body != "ok" || told != "" {
		t.Errorf("an address that a person typed: %q %q", body, told)
	}
	if asked.Load() != 1 {
		t.Errorf("robots.txt was asked for %d times", asked.Load())
	}
	for _, d := range slept.all {
		if d > 10*time.Second {
			t.Errorf("a crawl delay made it sleep %v", d)
		}
	}
}

func TestRobotsThatCannotBeHad(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusNotFound:           "",
		http.StatusForbidden:          "",
		http.StatusServiceUnavailable: "4 503: the site's robots.txt cannot be had now, so nothing there is fetched",
	} {
		at := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				w.WriteHeader(status)
				return
			}
			fmt.Fprint(w, "ok")
		})
		c, _ := client(t, func(cfg *fetch.Config) { cfg.Retries = -1 })
		if _, _, told := get(t.Context(), c, fetch.Request{Address: at + "/x", Followed: true}); told != want {
			t.Errorf("%d: %q, want %q", status, told, want)
		}
	}
}

func TestGateSpacesAndNarrows(t *testing.T) {
	var now, most, all atomic.Int32
	at := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		all.Add(1)
		time.Sleep(10 * time.Millisecond)
		fmt.Fprint(w, "ok")
	})
	c, slept := client(t, func(cfg *fetch.Config) {
		cfg.Gap, cfg.Now = time.Hour, func() time.Time { return time.Unix(1_000_000_000, 0) }
	})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() { get(t.Context(), c, fetch.Request{Address: at}) })
	}
	wg.Wait()
	if most.Load() > 2 || all.Load() != 8 {
		t.Errorf("%d requests, %d at a time", all.Load(), most.Load())
	}
	if len(slept.all) != 7 {
		t.Errorf("it slept %v, want a gap before all but the first", slept.all)
	}
}
