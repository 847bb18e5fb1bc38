package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/store"
)

// TestKillFollow kills `add --follow` with SIGKILL wherever it is, looking for
// editions, adding them or fetching their decks, and starts the same command
// again, until one gets through. What then stands is what one that was never
// killed leaves.
func TestKillFollow(t *testing.T) {
	if testing.Short() {
		t.Skip("kills are left out of short runs")
	}
	site := httptest.NewServer(series(t))
	defer site.Close()
	chance := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	k := &killer{t: t, add: []string{"add", "--json", "--allow-private", "--follow", "--yes", "--series", "Reed Days", site.URL + "/2019/"}, reported: map[archive.EditionID]bool{}}
	var stand [2][]string
	for i, kills := range []int{0, 8} {
		k.data = path.Join(t.TempDir(), "data")
		for n := 0; ; n++ {
			v := k.start(k.add...)
			if n < kills {
				time.Sleep(time.Duration(300+chance.IntN(4000)) * time.Millisecond)
				if k.kill(v) {
					k.killed++
					k.collect(v)
					continue
				}
			}
			if err := <-v.done; err != nil {
				k.fail(err.Error(), v)
			}
			k.collect(v)
			break
		}
		stand[i] = standing(t, k.data)
		k.allDecksRead()
	}
	t.Logf("killed %d times", k.killed)
	if len(stand[0]) != reedYears*4 {
		t.Errorf("the one that was left alone has %q", stand[0])
	}
	if diff := cmp.Diff(stand[0], stand[1]); diff != "" {
		t.Errorf("never killed, killed:\n%s", diff)
	}
}

const reedYears = 6

// series is a site of a series whose editions lead from one to the next.
func series(t *testing.T) http.Handler {
	t.Helper()
	deck, err := os.ReadFile("bundled/tour/running.pdf")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for n := range reedYears {
		year := 2019 - n
		mux.HandleFunc(fmt.Sprintf("/%d/{$}", year), func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `<html lang="en"><head><title>Reed Days %[1]d</title></head><body><h1>Reed Days %[1]d</h1><p>Kalmar, 3 June %[1]d</p>
<nav><a href="program.html">Program</a> <a href="/%[2]d/">Reed Days %[2]d</a></nav></body></html>`, year, year-1)
		})
		mux.HandleFunc(fmt.Sprintf("/%d/program.html", year), func(w http.ResponseWriter, _ *http.Request) {
			var items strings.Builder
			for i, what := range []string{"Cutting reeds", "Drying reeds", "Roofs of reed"} {
				fmt.Fprintf(&items, `<li>%02d:00 %s in %d - Anna Berg [<a href="%d.pdf">slides</a>]</li>`, 9+i, what, year, i)
			}
			fmt.Fprintf(w, `<html lang="en"><head><title>Program - Reed Days %[1]d</title></head><body><h1>Reed Days %[1]d</h1><ul>%[2]s</ul></body></html>`, year, &items)
		})
		for i := range 3 {
			mux.HandleFunc(fmt.Sprintf("/%d/%d.pdf", year, i), func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("ETag", `"1"`)
				_, _ = w.Write(fmt.Appendf(append([]byte(nil), deck...), "%%%d %d\n", year, i)) // another file each
			})
		}
	}
	return mux
}

// standing lists what an archive holds: editions, and talks with their decks.
func standing(t *testing.T, data string) []string {
	t.Helper()
	db, err := store.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Check(t.Context()); err != nil {
		t.Errorf("the archive is not whole: %v", err)
	}
	all, err := db.AllEditions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range all {
		list = append(list, fmt.Sprint(e.ID, " ", e.StartDate))
		talks, err := db.EditionTalks(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, talk := range talks {
			var decks []string
			for _, d := range talk.Decks {
				decks = append(decks, fmt.Sprint(path.Base(d.Address), " ", d.State, " ", d.Blob))
			}
			list = append(list, fmt.Sprint(talk.ID, " ", talk.Date, " ", talk.Start, " gone ", talk.Gone, " ", decks))
		}
	}
	return list
}
