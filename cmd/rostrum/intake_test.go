package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive/archivetest"
	"rostrum/ingest"
	"rostrum/ingest/fetch"
	"rostrum/web"
)

// What the desk takes is what it previewed, to the byte: a page that says
// something else at each asking is asked once, and so is a talk's own page.
func TestDeskTakesWhatWasPreviewed(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx := t.Context()
	var programme, talk atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("/2031/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<html lang="en"><head><title>Kiln Days 2031</title></head><body><h1>Kiln Days 2031</h1><p>3 May 2031, Ystad, Sweden</p><ul>
			<li>09:00 <a href="/2031/ash">Glazes of ash, asking %d</a>, Ada Qvist</li><li>10:00 Bricks of the harbour, Bo Ek</li><li>11:00 Firing in winter, Ulf Berg</li></ul></body></html>`, programme.Add(1))
	})
	mux.HandleFunc("/2031/ash", func(w http.ResponseWriter, _ *http.Request) {
		talk.Add(1)
		fmt.Fprint(w, `<html><body><h1>Glazes of ash</h1><h2>Abstract</h2><p>Ash of beech melts late and runs far, so that the shelf of the kiln wants a bed of sand.</p></body></html>`)
	})
	site := httptest.NewServer(mux)
	defer site.Close()
	client := fetch.New(fetch.Config{AllowPrivate: true, Gap: -1})
	defer client.Close()
	db := archivetest.Empty(t)
	d := &deskIntake{in: ingest.New(ingest.Config{DB: db, Fetch: client, Now: time.Now}), uploads: t.TempDir()}
	ask := func(dry bool) web.IntakeReport {
		t.Helper()
		report, err := d.Take(ctx, web.IntakeRequest{Source: site.URL + "/2031/", Dry: dry}, func(web.IntakeStep) {})
		if err != nil || len(report.Editions) != 1 || len(report.Problems) > 0 {
			t.Fatalf("%+v, %v", report, err)
		}
		return report
	}
	shown := ask(true).Editions[0]
	held, err := filepath.Glob(filepath.Join(os.TempDir(), "rostrum-held-*"))
	if err != nil || len(held) != 1 {
		t.Errorf("held in %v, %v", held, err)
	}
	ask(false)
	if asked := [2]int32{programme.Load(), talk.Load()}; asked != [2]int32{1, 1} {
		t.Errorf("the programme and a talk's page were asked %v times, each once is enough", asked)
	}
	talks, err := db.EditionTalks(ctx, shown.ID)
	fatal(t, err)
	var want, got []string
	for _, i := range shown.Items {
		want = append(want, i.Title+"|"+i.Abstract)
	}
	for _, k := range talks {
		got = append(got, k.Title+"|"+k.Abstract)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("taken otherwise than shown (-shown +taken):\n%s", diff)
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "rostrum-held-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	// Without a preview of its own, it is asked for.
	ask(false)
	ask(true)
	fatal(t, d.Drop(site.URL+"/2031/"))
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "rostrum-held-*")); err != nil || len(left) > 0 || programme.Load() != 3 {
		t.Errorf("left behind: %v, %v; asked %d times", left, err, programme.Load())
	}
}
