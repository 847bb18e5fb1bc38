package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rostrum/archive"
)

// slowIntake is an Intake that does what the test says, when it says so.
type slowIntake struct {
	mu      sync.Mutex
	asked   []IntakeRequest
	kept    map[string]string
	dropped []string
	report  IntakeReport
	hold    chan struct{} // what is asked for waits for this
}

func (f *slowIntake) Keep(name string, content io.Reader) (string, error) {
	if strings.HasSuffix(name, ".exe") {
		return "", &archive.InvalidError{Thing: name, Why: "it has no ending of a programme", Hint: "pages end in .html"}
	}
	b, err := io.ReadAll(content)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kept["kept:"+name] = string(b)
	return "kept:" + name, err
}

func (f *slowIntake) Drop(source string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.dropped = append(f.dropped, source)
	return nil
}

func (f *slowIntake) Take(ctx context.Context, req IntakeRequest, progress func(IntakeStep)) (IntakeReport, error) {
	f.mu.Lock()
	f.asked = append(f.asked, req)
	f.mu.Unlock()
	progress(IntakeStep{What: "deck", Name: nasty, Done: 3, Total: 7, Left: 90 * time.Second})
	if req.Series == "panics" {
		panic("a bad page")
	}
	select {
	case <-f.hold:
	case <-ctx.Done():
		return IntakeReport{}, ctx.Err()
	}
	return f.report, nil
}

// sourceSite is a desk that brings in sources by a slowIntake, anna signed in.
func sourceSite(t *testing.T) (*deskSite, *slowIntake, *browser) {
	t.Helper()
	d := newDeskSite(t)
	f := &slowIntake{kept: map[string]string{}, hold: make(chan struct{}, 10)}
	d.intake = &intake{maker: f, log: slog.New(slog.DiscardHandler), now: d.now}
	d.handler = d.routes()
	d.server.Config.Handler = d.Handler()
	t.Cleanup(d.Close)
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	return d, f, b
}

// sources looks at the page until it says something.
func (b *browser) sources(says string) string {
	b.t.Helper()
	for range 500 {
		if _, body := b.do(http.MethodGet, "/desk/sources", nil); strings.Contains(body, says) {
			return body
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.t.Fatalf("the page never said %s", says)
	return ""
}

func TestDeskSources(t *testing.T) {
	_, f, b := sourceSite(t)
	f.report = IntakeReport{Editions: []IntakeEdition{{
		ID: "kiln-days/2020", Title: "Kiln Days 2020", New: true, Added: 1,
		Items: []archive.Item{{Kind: archive.KindTalk, Title: nasty, Start: "10:00", Speakers: []archive.Credit{{Name: "Ulf Berg"}}}},
	}}}
	start := url.Values{"address": {"https://kiln.example/2020"}, "series": {"Kiln Days"}}
	if res, _ := b.post(uploadPath, start); res.Header.Get("Location") != "/desk/sources" {
		t.Fatalf("started: %d", res.StatusCode)
	}
	body := b.sources("3 / 7")
	res, _ := b.do(http.MethodGet, "/desk/sources", nil)
	if !strings.HasPrefix(res.Header.Get("Refresh"), "2;") || !strings.Contains(body, "Fetching and reading slides") || !strings.Contains(body, "about 1m30s left") {
		t.Error("its progress is not shown")
	}
	if res, body := b.post(uploadPath, start); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "anna brings in https://kiln.example/2020 just now") {
		t.Errorf("two at a time: %d", res.StatusCode)
	}
	f.hold <- struct{}{}
	body = b.sources("Take it in")
	for _, want := range []string{"Kiln Days 2020", "Ulf Berg", "1 added", "&lt;script&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("the preview lacks %s", want)
		}
	}
	if strings.Contains(body, nasty) {
		t.Error("what was read is markup")
	}
	if res, _ := b.post("/desk/sources/take", url.Values{"job": {"99"}}); res.StatusCode != http.StatusConflict {
		t.Errorf("another preview was taken: %d", res.StatusCode)
	}
	f.report.Editions[0].Items = nil
	b.post("/desk/sources/take", url.Values{"job": {"1"}})
	f.hold <- struct{}{}
	if body := b.sources("Taken in:"); !strings.Contains(body, `href="/desk/edit/kiln-days/2020"`) {
		t.Error("what was taken is not led to")
	}
	want := []IntakeRequest{{Source: "https://kiln.example/2020", Series: "Kiln Days", Dry: true}, {Source: "https://kiln.example/2020", Series: "Kiln Days"}}
	if !slices.Equal(f.asked, want) {
		t.Errorf("asked for %+v", f.asked)
	}
	b.post("/desk/sources/leave", url.Values{"job": {"1"}})
	b.sources(`name="address"`)
}

func TestDeskSourcesEnd(t *testing.T) {
	d, f, b := sourceSite(t)
	b.post(uploadPath, url.Values{"address": {"https://kiln.example/2020"}})
	b.sources("3 / 7")
	b.post("/desk/sources/leave", url.Values{"job": {"1"}})
	b.sources(`name="address"`)
	if !slices.Equal(f.dropped, []string{"https://kiln.example/2020"}) {
		t.Errorf("what a preview fetched is kept: dropped %v", f.dropped)
	}
	f.report = IntakeReport{Editions: []IntakeEdition{{ID: "kiln-days/2020", New: true, Added: 1}}}
	f.hold <- struct{}{}
	b.post(uploadPath, url.Values{"address": {"https://kiln.example/2020"}})
	b.sources("Take it in")
	b.post("/desk/sources/take", url.Values{"job": {"2"}})
	b.sources("3 / 7")
	b.post("/desk/sources/leave", url.Values{"job": {"2"}})
	b.sources("It was stopped")
	b.post(uploadPath, url.Values{"address": {"https://kiln.example/2020"}, "series": {"panics"}})
	if body := b.sources("Something broke here"); strings.Contains(body, "a bad page") {
		t.Error("the panic is shown")
	}
	f.report = IntakeReport{Problems: []IntakeProblem{{"https://kiln.example/2020: 404", "look at the address"}}}
	f.hold <- struct{}{}
	b.post(uploadPath, url.Values{"address": {"https://kiln.example/2020"}})
	if body := b.sources("look at the address"); strings.Contains(body, "Take it in") {
		t.Error("nothing can be taken")
	}
	// The end of the site ends what is under way.
	b.post(uploadPath, url.Values{"address": {"https://kiln.example/2021"}})
	b.sources("3 / 7")
	d.Close()
	if j := d.intake.look(); j != nil && j.runs() {
		t.Error("it goes on")
	}
}

func TestDeskSourcesRefuse(t *testing.T) {
	_, f, b := sourceSite(t)
	for _, bad := range []string{"", "/etc/passwd", "file:///etc/passwd", "programme.html", "ftp://kiln.example/", "https://anna:secret@kiln.example/", "javascript:alert(1)"} {
		if res, body := b.post(uploadPath, url.Values{"address": {bad}}); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "no address of the web") {
			t.Errorf("%q: %d", bad, res.StatusCode)
		}
	}
	if len(f.asked) != 0 {
		t.Errorf("asked for %+v", f.asked)
	}
}

// send posts a file as a browser does.
func (b *browser) send(name, content, address string) (answer, string) {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	must(b.t, errors.Join(w.WriteField("token", b.hidden("/desk", "token")), w.WriteField("address", address)))
	part, err := w.CreateFormFile("file", name)
	must(b.t, err)
	_, err = io.WriteString(part, content)
	must(b.t, errors.Join(err, w.Close()))
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.site.server.URL+uploadPath, &body)
	must(b.t, err)
	r.Header.Set("Content-Type", w.FormDataContentType())
	res, err := b.Do(r)
	must(b.t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	must(b.t, err)
	return answer{StatusCode: res.StatusCode, Header: res.Header}, string(text)
}

func TestDeskUpload(t *testing.T) {
	_, f, b := sourceSite(t)
	f.report = IntakeReport{Editions: []IntakeEdition{{ID: "kiln-days/2020", New: true, Added: 1, Items: []archive.Item{{Title: "Firing"}}}}}
	f.hold <- struct{}{}
	if res, _ := b.send("2020.html", "<h1>Kiln</h1>", "https://kiln.example/2020"); res.StatusCode != http.StatusSeeOther {
		t.Fatalf("sent: %d", res.StatusCode)
	}
	b.sources("Take it in")
	if f.kept["kept:2020.html"] != "<h1>Kiln</h1>" || f.asked[0] != (IntakeRequest{Source: "kept:2020.html", BaseURL: "https://kiln.example/2020", Dry: true}) {
		t.Errorf("kept %v, asked for %+v", f.kept, f.asked)
	}
	b.post("/desk/sources/leave", url.Values{"job": {"1"}})
	b.sources(`name="address"`)
	if !slices.Equal(f.dropped, []string{"kept:2020.html"}) {
		t.Errorf("dropped %v", f.dropped)
	}
	if res, body := b.send("virus.exe", "x", ""); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "no ending of a programme") {
		t.Errorf("a program: %d", res.StatusCode)
	}
	if res, body := b.send("large.html", strings.Repeat("x", maxUpload+maxBody), ""); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "larger than 12 MB") {
		t.Errorf("a large one: %d %s", res.StatusCode, body)
	}
}
