package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/store"
)

const rereadPage = `<html><head><title>Kiln Meeting 2030</title></head><body><h1>Kiln Meeting 2030</h1><p>Lund, 1 September 2030</p>
<table><tr><th>Time</th><th>Talk</th><th>Speaker</th></tr>
<tr><td>09:00</td><td>Glazes of ash</td><td>Marta Rydberg</td></tr>
<tr><td>10:00</td><td>Bricks of the harbour</td><td>Olle Strand</td></tr>
<tr><td>11:00</td><td>Firing slowly in winter</td><td>Ulf Berg</td></tr></table></body></html>`

// Reading what is kept again, after the reader has learnt, keeps what was
// corrected and names each correction with which it has come to disagree.
func TestRereadNamesDisagreements(t *testing.T) {
	ctx := t.Context()
	dir := filepath.Join(t.TempDir(), "data")
	db, err := store.Open(ctx, dir)
	fatal(t, err)
	blob, size, err := db.PutBlob(ctx, strings.NewReader(rereadPage), 1<<20)
	fatal(t, err)
	now := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	snap, _, err := db.TakeSnapshot(ctx, store.Fetched{Address: "https://kiln.example/2030", Blob: blob, Bytes: size, Media: "text/html", At: now})
	fatal(t, err)
	talk := func(title, who, start string) archive.Item {
		return archive.Item{Kind: archive.KindTalk, Title: title, Speakers: []archive.Credit{{Name: who}}, Date: "2030-09-01", Start: archive.Clock(start)}
	}
	// An older reader cut one title short and got another one right.
	_, err = db.TakeProgramme(ctx, store.Intake{Snapshot: snap.ID, Reader: 1, At: now, Programme: archive.Programme{
		Edition: archive.EditionInfo{Title: "Kiln Meeting 2030", StartDate: "2030-09-01"},
		Items: []archive.Item{
			talk("Glazes of", "Marta Rydberg", "09:00"), talk("Bricks of the harbour", "Olle Strand", "10:00"), talk("Firing slowly in winter", "Ulf Berg", "11:00"),
		},
	}})
	fatal(t, err)
	for id, title := range map[string]string{"kiln-meeting/2030/glazes-of": `"Glazes from ash"`, "kiln-meeting/2030/bricks-of-the-harbour": `"Bricks of the old harbour"`} {
		_, err := db.Correct(ctx, store.Correction{Thing: store.ThingTalk, ID: id, Field: "title", Value: json.RawMessage(title)}, store.Who{By: "anna", At: now})
		fatal(t, err)
	}
	fatal(t, db.Close())

	reread := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		a := &app{in: strings.NewReader(""), out: &out, err: &errs, now: time.Now, getenv: func(string) string { return "" }, wide: func() int { return 100 }}
		if code := a.run(ctx, append([]string{"--data", dir, "reread"}, args...)); code != 0 {
			t.Fatalf("reread ended with %d\n%s%s", code, &out, &errs)
		}
		return out.String()
	}
	got := strings.TrimSpace(reread("--json"))
	got = got[strings.LastIndexByte(got, '\n')+1:] // after what was done on the way
	var report struct {
		Disagreements []correctedJSON `json:"disagreements"`
	}
	fatal(t, json.Unmarshal([]byte(got), &report))
	var told []string
	for _, c := range report.Disagreements {
		told = append(told, c.ID+" "+c.Field+": "+string(c.Was)+" "+string(c.Value)+" "+string(c.Read))
	}
	want := []string{`kiln-meeting/2030/glazes-of title: "Glazes of" "Glazes from ash" "Glazes of ash"`}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("-want +told\n%s\n%s", diff, got)
	}
	// Told once: what disagreed before is in rostrum corrections --disagreeing.
	if again := reread("--all"); strings.Contains(again, "stand against") {
		t.Errorf("told twice:\n%s", again)
	}
	db, err = store.Open(ctx, dir)
	fatal(t, err)
	defer func() { fatal(t, db.Close()) }()
	k, err := db.TalkByID(ctx, "kiln-meeting/2030/glazes-of")
	if err != nil || k.Title != "Glazes from ash" {
		t.Errorf("the correction: %q %v", k.Title, err)
	}
	list, err := db.Disagreements(ctx)
	if len(list) != 1 || err != nil {
		t.Errorf("disagreements: %+v %v", list, err)
	}
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
