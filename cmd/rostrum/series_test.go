package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rostrum/archive"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// seriesDir is the site of a workshop series as it lies on the web, with links
// that are dead, PowerPoint files and papers. It is no part of the project.
const seriesDir = "../../../shared/data/series/mutation"

// TestSeries adds nine years of a real series by the addresses of their
// programme pages. Every PDF that a page links and that is there must be kept,
// a phrase of each deck must find its talk, and what is missing must be told.
func TestSeries(t *testing.T) {
	if _, err := os.Stat(seriesDir); err != nil {
		t.Skip("SKIPPED: no real series here to add; the stories add made-up ones")
	}
	if testing.Short() {
		t.Skip("the series takes half a minute")
	}
	site := httptest.NewServer(http.FileServer(http.Dir(seriesDir)))
	defer site.Close()
	data := filepath.Join(t.TempDir(), "data")
	var out, errs bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &out, err: &errs, now: time.Now, getenv: func(string) string { return "" }, wide: func() int { return 100 }}
	pages := []string{
		"2009/program.html", "2010/program.html", "2011/program.htm", "2012/program.html", "2014/home/program.html", "2015/program.html",
		"2016/program.html", "2017/program.html",
	}
	args := []string{"--data", data, "add", "--allow-private", "--series", "Mutation"}
	for _, p := range pages {
		args = append(args, site.URL+"/"+p)
	}
	if code := a.run(t.Context(), args); code != 0 {
		t.Fatalf("add ended with %d\n%s%s", code, &out, &errs)
	}
	t.Logf("%s", &out)
	db, err := store.Open(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	told := toldLinks(t, db)
	linked, kept := 0, 0
	for _, p := range pages {
		for _, pdf := range linkedPDFs(t, site.URL+"/"+p) {
			blob, ok := blobOf(pdf)
			if !ok {
				continue
			}
			linked++
			if _, err := os.Stat(db.BlobPath(blob)); err == nil {
				kept++
			} else if told[pdf] {
				t.Logf("%s links %s, which no talk that was read carries; it is told as a Finding", p, pdf)
			} else {
				t.Errorf("%s links %s, which is there and was neither kept nor told", p, pdf)
			}
		}
	}
	t.Logf("%d of %d linked PDFs that are there were kept", kept, linked)
	if kept < linked {
		t.Errorf("only %d of %d linked PDFs were kept", kept, linked)
	}
	findByPhrase(t, db, filepath.Join(data, "index"))
}

// toldLinks returns the paths of the links that Findings tell of.
func toldLinks(t *testing.T, db *store.DB) map[string]bool {
	t.Helper()
	told := map[string]bool{}
	editions, err := db.AllEditions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range editions {
		list, err := db.Findings(t.Context(), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range list {
			if u, err := url.Parse(f.URL); err == nil && f.URL != "" {
				told[u.Path] = true
			}
		}
	}
	return told
}

var pdfLink = regexp.MustCompile(`(?i)href\s*=\s*["']([^"']+\.pdf)["']`)

// linkedPDFs returns the paths, in the site's folder, of the PDFs that a page
// links on its own site.
func linkedPDFs(t *testing.T, page string) []string {
	t.Helper()
	resp, err := http.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(page)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, m := range pdfLink.FindAllStringSubmatch(string(text), -1) {
		if u, err := base.Parse(m[1]); err == nil && u.Host == base.Host {
			paths = append(paths, norm.NFC.String(u.Path))
		}
	}
	return paths
}

// blobOf returns the ID that the bytes of a file of the site have; false when
// there is no such file.
func blobOf(path string) (archive.BlobID, bool) {
	text, err := os.ReadFile(filepath.Join(seriesDir, filepath.FromSlash(path)))
	sum := sha256.Sum256(text)
	return archive.BlobID(hex.EncodeToString(sum[:])), err == nil
}

// findByPhrase searches a phrase of each deck that was read.
func findByPhrase(t *testing.T, db *store.DB, index string) {
	t.Helper()
	ctx := t.Context()
	ix, err := search.Open(ctx, index, db)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ix.Close() }()
	if _, err := ix.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	editions, err := db.AllEditions(ctx)
	if err != nil {
		t.Fatal(err)
	}
	asked, found := 0, 0
	for _, e := range editions {
		talks, err := db.EditionTalks(ctx, e.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, talk := range talks {
			for _, file := range talk.Decks {
				if file.State != archive.DeckRead {
					continue
				}
				asked++
				if phrase := phraseOf(ctx, t, db, file.Blob); finds(ctx, t, ix, phrase, talk.ID) {
					found++
				} else {
					t.Errorf("%s: %q of %s does not find it", talk.ID, phrase, file.Address)
				}
			}
		}
	}
	t.Logf("a phrase of %d of %d decks finds its talk", found, asked)
}

func finds(ctx context.Context, t *testing.T, ix *search.Index, phrase string, talk archive.TalkID) bool {
	t.Helper()
	res, err := ix.Search(ctx, search.Request{Query: search.Parse(fmt.Sprintf("%q", phrase)), Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range res.Hits {
		if h.Talk == talk {
			return true
		}
	}
	return false
}

// phraseOf chooses the longest run of up to six plain words of a deck.
func phraseOf(ctx context.Context, t *testing.T, db *store.DB, blob archive.BlobID) string {
	t.Helper()
	deck, err := db.Deck(ctx, blob)
	if err != nil {
		t.Fatal(err)
	}
	var best []string
	for _, s := range deck.Slides {
		var run []string
		for w := range strings.FieldsSeq(s.Search) {
			plain := strings.IndexFunc(w, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
			if plain {
				run = append(run, w)
			}
			if len(run) > len(best) {
				best = append([]string{}, run...)
			}
			if !plain || len(run) == 6 {
				run = nil
			}
		}
	}
	return strings.Join(best, " ")
}
