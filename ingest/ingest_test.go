package ingest_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/ingest"
	"rostrum/ingest/fetch"
	"rostrum/ingest/slides"
	"rostrum/ingest/slides/slidestest"
)

func TestMain(m *testing.M) {
	slides.WorkerMain()
	os.Exit(m.Run())
}

// clock moves a second each time it is asked.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Second)
	return c.at
}

// desk is an archive with an ingester over it.
type desk struct {
	t  *testing.T
	db *store.DB
	in *ingest.Ingester
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	client := fetch.New(fetch.Config{AllowPrivate: true, Gap: -1, Backoff: time.Millisecond})
	t.Cleanup(client.Close)
	c := &clock{at: time.Date(2031, 5, 1, 0, 0, 0, 0, time.UTC)}
	return &desk{t, db, ingest.New(ingest.Config{DB: db, Fetch: client, Now: c.now})}
}

func (d *desk) add(source string) ingest.SourceReport {
	d.t.Helper()
	r, err := d.in.Add(d.t.Context(), ingest.AddRequest{Source: source}, nil)
	if err != nil || len(r.Sources) != 1 {
		d.t.Fatalf("add %s: %v, %v", source, r, err)
	}
	if r.Sources[0].Err != nil {
		d.t.Fatalf("add %s: %v", source, r.Sources[0].Err)
	}
	return r.Sources[0]
}

// rows dumps every table but those that hold when something was looked at.
func (d *desk) rows() map[string]string {
	d.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(d.db.Dir(), "archive.db"))
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	out := map[string]string{}
	var names string
	err = db.QueryRowContext(d.t.Context(), `SELECT group_concat(name) FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('source', 'snapshot')`).Scan(&names)
	if err != nil {
		d.t.Fatal(err)
	}
	for name := range strings.SplitSeq(names, ",") {
		out[name] = dump(d.t, db, name)
	}
	return out
}

func dump(t *testing.T, db *sql.DB, table string) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `SELECT * FROM "`+table+`"`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for rows.Next() {
		values, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, values...)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const page = `<html lang="en"><head><title>Lantern Days 2031</title></head><body><h1>Lantern Days 2031</h1><p>3 May 2031, Ystad, Sweden</p><ul>
<li>09:15 - 10:00 Ada Qvist: <b>Trimming wicks in the wind</b> [<a href="wicks.pdf">slides</a>]</li>
<li>10:30 - 11:15 Bo Ek: <b>Glass that does not crack</b> [<a href="gone.pdf">slides</a>]</li>
<li>11:15 - 12:00 Cecilia Rydh: <b>Oil from unlikely plants</b></li></ul></body></html>`

// TestAgainChangesNothing holds every row of the archive against itself.
func TestAgainChangesNothing(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.html", page)
	write(t, dir, "wicks.pdf", "%PDF-1.4 not much of a deck")
	site := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer site.Close()
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := os.ReadFile(filepath.Join(dir, "index.html"))
		if err != nil || r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, string(body)) // without ETag or Last-Modified: the bytes alone tell
	}))
	defer plain.Close()
	jsonl := filepath.Join(dir, "many.jsonl")
	write(t, dir, "many.jsonl", `{"edition": {"title": "Kiln Meeting 2030", "start_date": "2030-09-01"}, "items": [{"kind": "talk", "title": "Glaze", "speakers": [{"name": "Ulf Berg"}]}]}
{"edition": {"title": "Kiln Meeting 2031", "start_date": "2031-09-01"}, "items": [{"kind": "talk", "title": "Salt", "speakers": [{"name": "Ulf Berg"}]}]}
`)
	for _, source := range []string{site.URL + "/", plain.URL + "/", filepath.Join(dir, "index.html"), jsonl} {
		d := newDesk(t)
		first := d.add(source)
		if len(first.Editions) == 0 || first.Editions[0].Added == 0 {
			t.Errorf("%s: %+v", source, first)
		}
		before := d.rows()
		second := d.add(source)
		if !second.Unchanged {
			t.Errorf("%s: the second add says it has changed", source)
		}
		if diff := cmp.Diff(before, d.rows()); diff != "" {
			t.Errorf("%s: the second add wrote\n%s", source, diff)
		}
	}
}

// TestNextYearIsAnotherEdition: one address holds this year's programme, then
// the next one's. The Snapshot decides; nothing of the old is overwritten.
func TestNextYearIsAnotherEdition(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.html", page)
	site := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer site.Close()
	d := newDesk(t)
	first := d.add(site.URL + "/")
	write(t, dir, "index.html", strings.ReplaceAll(strings.ReplaceAll(page, "2031", "2032"), "wicks", "mirrors"))
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "index.html"), later, later); err != nil {
		t.Fatal(err)
	}
	second := d.add(site.URL + "/")
	if first.Editions[0].ID == second.Editions[0].ID || !second.Editions[0].New {
		t.Errorf("2032 went into %s", second.Editions[0].ID)
	}
	talks, err := d.db.EditionTalks(t.Context(), first.Editions[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, talk := range talks {
		titles = append(titles, fmt.Sprint(talk.Title, " ", talk.Gone))
	}
	want := []string{"Trimming wicks in the wind false", "Glass that does not crack false", "Oil from unlikely plants false"}
	if diff := cmp.Diff(want, titles); diff != "" {
		t.Error(diff)
	}
}

// TestDecks: what became of each deck stands at its talk.
func TestDecks(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "p.json", `{"edition": {"title": "Deck Day 2030", "start_date": "2030-01-01"}, "items": [
		{"kind": "talk", "title": "Broken", "slides": ["broken.pdf"]}, {"kind": "talk", "title": "Gone", "slides": ["gone.pdf"]},
		{"kind": "talk", "title": "Page", "slides": ["page.html"]}, {"kind": "talk", "title": "Picture", "slides": ["picture.pdf"]},
		{"kind": "talk", "title": "Empty", "slides": ["empty.pdf"]}, {"kind": "talk", "title": "Mail", "slides": ["mailto:me@example.org"]},
		{"kind": "talk", "title": "Accent", "slides": ["cafe%CC%81.pdf"]}, {"kind": "talk", "title": "Inside", "slides": ["http://127.0.0.1:1/x.pdf"]}]}`)
	write(t, dir, "broken.pdf", "%PDF-1.4 and no more")
	write(t, dir, "page.html", "<!DOCTYPE html><title>Slides</title>")
	write(t, dir, "picture.pdf", "\x89PNG\r\n\x1a\n and no more")
	write(t, dir, "empty.pdf", "")
	write(t, dir, "café.pdf", "%PDF-1.4 with an accent")
	site := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer site.Close()
	d := newDesk(t)
	pool, err := slides.NewPool(slides.Config{CacheDir: slidestest.Cache()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	client := fetch.New(fetch.Config{AllowPrivate: true, Gap: -1, Backoff: time.Millisecond})
	defer client.Close()
	d.in = ingest.New(ingest.Config{DB: d.db, Fetch: client, Slides: pool})
	report := d.add(site.URL + "/p.json")
	want := ingest.DeckReport{Total: 7, Kept: 2, Missing: 5}
	if diff := cmp.Diff(want, report.Decks); diff != "" {
		t.Error(diff)
	}
	found, err := d.db.Findings(t.Context(), "deck-day/2030")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range found {
		got[strings.TrimPrefix(string(f.Talk), "deck-day/2030/")] = string(f.Code) + ": " + f.Text
	}
	wanted := map[string]string{
		"broken": "deck-broken: The PDF is damaged or cut off", "gone": "deck-missing: The server answers 404 Not Found",
		"page": "not-a-deck: The link leads to a web page, not to slides", "picture": "not-a-deck: The link leads to a picture, not to slides",
		"empty":  "deck-missing: The file is empty",
		"mail":   "deck-refused: The link to the slides is not followed: only http and https links, and files beside a local page, are followed",
		"accent": "deck-broken: The PDF is damaged or cut off", "inside": "deck-missing: 127.0.0.1:1 does not answer",
	}
	if diff := cmp.Diff(wanted, got); diff != "" {
		t.Error(diff)
	}
	if err := d.db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestCancelled: an add that is stopped says so and leaves a whole archive.
func TestCancelled(t *testing.T) {
	dir := t.TempDir()
	var lines strings.Builder
	for y := range 50 {
		fmt.Fprintf(&lines, `{"edition": {"title": "Kiln Meeting %d", "start_date": "%d-09-01"}, "items": [{"kind": "talk", "title": "Glaze"}]}`+"\n", 1950+y, 1950+y)
	}
	write(t, dir, "many.jsonl", lines.String())
	d := newDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	reported := 0
	_, err := d.in.Add(ctx, ingest.AddRequest{Source: filepath.Join(dir, "many.jsonl")}, func(e ingest.Event) {
		if e.Step == ingest.StepRead {
			if reported++; reported == 7 {
				cancel()
			}
		}
	})
	if err == nil || ctx.Err() == nil {
		t.Fatalf("it went through: %v", err)
	}
	editions, err := d.db.AllEditions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(editions) != reported {
		t.Errorf("%d editions were reported, %d stand", reported, len(editions))
	}
	rest := d.add(filepath.Join(dir, "many.jsonl"))
	if len(rest.Editions) != 50 {
		t.Errorf("going on took %d editions", len(rest.Editions))
	}
}

// TestReadPrintsWhatAddTakes: the programme that Read gives of a page, as
// JSON, is taken and gives the same talks.
func TestReadPrintsWhatAddTakes(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "index.html", page)
	d := newDesk(t)
	for got, err := range d.in.Read(t.Context(), ingest.ReadRequest{Source: filepath.Join(dir, "index.html"), BaseURL: "https://lantern.example/2031/"}, nil) {
		if err != nil {
			t.Fatal(err)
		}
		text := encode(t, *got.Programme)
		again, err := archive.DecodeProgramme([]byte(text), 1)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(*got.Programme, again, cmpopts.EquateEmpty()); diff != "" {
			t.Error(diff)
		}
		if len(again.Items) != 3 || again.Items[0].Slides[0] != "https://lantern.example/2031/wicks.pdf" {
			t.Errorf("%s", text)
		}
	}
}
