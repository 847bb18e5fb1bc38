package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/ingest"
)

// talkPage is a page of one talk, with an abstract worth taking.
func talkPage(title string) string {
	return `<html lang="en"><head><title>` + title + `</title></head><body><h1>` + title + `</h1><h2>Abstract</h2><p>` + wickText + `</p></body></html>`
}

const wickText = "A wick that is cut too short drowns, and one that is left too long smokes. This talk shows the length that works in any wind."

// TestLinkedPages asks a talk's own pages of a site that answers them with all
// that sites answer. What could not be joined is told at the talk, what could
// is, and no other site is asked.
func TestLinkedPages(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	mux := http.NewServeMux()
	count := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			asked = append(asked, r.URL.Path)
			mu.Unlock()
			h(w, r)
		}
	}
	elsewhere := httptest.NewServer(count(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, talkPage("Lanterns of other towns"))
	}))
	defer elsewhere.Close()
	items := []string{
		`<li>09:00 <a href="/2031/wicks">Trimming wicks in the wind</a>, Ada Qvist</li>`,
		`<li>10:00 <a href="/2031/gone">Glass that does not crack</a>, Bo Ek</li>`,
		`<li>11:00 <a href="/2031/huge">Oil from unlikely plants</a>, Cecilia Rydh</li>`,
		`<li>12:00 <a href="/2031/moved">Lamps on bicycles and boats</a>, Dan Frisk</li>`,
		`<li>13:00 <a href="/2031/wrong">Mirrors behind the flame</a>, Eva Lind</li>`,
		`<li>14:00 <a href="` + strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1) + `/x.html">Lanterns of other towns</a>, Frans Mo</li>`,
		`<li>15:00 <a href="/2031/renamed">Candles for a long night</a>, Gun Ny</li>`,
	}
	mux.HandleFunc("/2031/", count(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/2031/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, `<html lang="en"><head><title>Lantern Days 2031</title></head><body><h1>Lantern Days 2031</h1><p>3 May 2031, Ystad, Sweden</p><ul>`+strings.Join(items, "\n")+`</ul></body></html>`)
	}))
	mux.HandleFunc("/2031/wicks", count(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, talkPage("Trimming wicks in the wind"))
	}))
	mux.HandleFunc("/2031/huge", count(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<html><body><h1>Oil from unlikely plants</h1>")
		for range 9 << 10 {
			if _, err := fmt.Fprint(w, strings.Repeat("Oil. ", 205)); err != nil {
				return
			}
		}
	}))
	mux.HandleFunc("/2031/moved", count(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }))
	mux.HandleFunc("/2031/renamed", count(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/talks/candles", http.StatusFound) }))
	mux.HandleFunc("/talks/candles", count(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, talkPage("Candles for a long night"))
	}))
	mux.HandleFunc("/2031/wrong", count(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, talkPage("Our garden in summer"))
	}))
	mux.HandleFunc("/{$}", count(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, talkPage("Lamps on bicycles and boats, and all else that we do"))
	}))
	site := httptest.NewServer(mux)
	defer site.Close()

	d := newDesk(t)
	report := d.add(site.URL + "/2031/")
	talks, err := d.db.EditionTalks(t.Context(), report.Editions[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	abstracts := map[string]string{}
	for _, talk := range talks {
		abstracts[talk.Title] = talk.Abstract
	}
	want := map[string]string{
		"Trimming wicks in the wind": wickText, "Glass that does not crack": "", "Oil from unlikely plants": "", "Lamps on bicycles and boats": "",
		"Mirrors behind the flame": "", "Lanterns of other towns": "", "Candles for a long night": wickText,
	}
	if diff := cmp.Diff(want, abstracts); diff != "" {
		t.Error(diff)
	}
	found, err := d.db.Findings(t.Context(), report.Editions[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, f := range found {
		told[strings.TrimPrefix(f.URL, site.URL)] = string(f.Code) + ": " + f.Text
	}
	wanted := map[string]string{
		"/2031/gone":  "link-failed: The talk's own page could not be had: the server answers 404 Not Found",
		"/2031/huge":  "link-failed: The talk's own page could not be had: is larger than 8 MB",
		"/2031/moved": "link-failed: The talk's own page could not be had: its address leads back to the site's front page by now",
		"/2031/wrong": "doubtful: The page that the talk links does not name the talk; nothing was taken from it",
	}
	if diff := cmp.Diff(wanted, told); diff != "" {
		t.Error(diff)
	}
	slices.Sort(asked)
	if slices.Contains(asked, "/x.html") {
		t.Errorf("another site was asked for a talk's page: %q", asked)
	}
}

// TestLinkedPagesStop: who ends an add among the linked pages has nothing half
// taken, and the next one goes on.
func TestLinkedPagesStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<html lang="en"><head><title>Lantern Days 2031</title></head><body><h1>Lantern Days 2031</h1><p>3 May 2031</p><ul>
		<li>09:00 <a href="/a.html">Trimming wicks in the wind</a>, Ada Qvist</li><li>10:00 <a href="/b.html">Glass that does not crack</a>, Bo Ek</li></ul></body></html>`)
	})
	mux.HandleFunc("/a.html", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, talkPage("Trimming wicks in the wind"))
	})
	mux.HandleFunc("/b.html", func(w http.ResponseWriter, _ *http.Request) {
		cancel()
		fmt.Fprint(w, talkPage("Glass that does not crack"))
	})
	site := httptest.NewServer(mux)
	defer site.Close()
	d := newDesk(t)
	if _, err := d.in.Add(ctx, ingest.AddRequest{Source: site.URL}, nil); !errors.Is(err, context.Canceled) {
		t.Fatalf("a stopped add ended with %v", err)
	}
	if all, err := d.db.AllEditions(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("a stopped add left %v, %v", all, err)
	}
	report := d.add(site.URL)
	talks, err := d.db.EditionTalks(t.Context(), report.Editions[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, talk := range talks {
		got = append(got, talk.Title+": "+talk.Abstract)
	}
	if diff := cmp.Diff([]string{"Trimming wicks in the wind: " + wickText, "Glass that does not crack: " + wickText}, got); diff != "" {
		t.Error(diff)
	}
}
