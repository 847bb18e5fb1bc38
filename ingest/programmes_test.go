package ingest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told lists what reading gives: a title or an error for each part.
func told(t *testing.T, from io.Reader) []string {
	t.Helper()
	r, err := unpack(from)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for p := range programmes(r) {
		if p.err != nil {
			out = append(out, fmt.Sprintf("%d: %v", p.n, p.err))
			continue
		}
		out = append(out, fmt.Sprintf("%d at %d: %s", p.n, p.line, p.programme.Edition.Title))
	}
	return out
}

func TestProgrammes(t *testing.T) {
	one := func(title string) string { return `{"edition": {"title": "` + title + `"}, "items": []}` }
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = io.WriteString(z, one("A")+"\n"+one("B")+"\n"+strings.Repeat(" ", 5000)+"\n"+one("C"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		in   string
		want []string
	}{
		{one("A"), []string{"0 at 1: A"}},
		{"\n\n" + one("A") + "\n\n" + one("B") + "\r\n", []string{"0 at 3: A", "1 at 5: B"}},
		{"{\n\"edition\": {\"title\": \"A\"},\n\"items\": []}\n", []string{"0 at 1: A"}},
		{one("A") + "\n{]\n" + one("B"), []string{"0 at 1: A", "1: line 2: not JSON: invalid character ']'", "2 at 3: B"}},
		{"\ufeff" + one("A") + "\n" + one("B"), []string{"0 at 1: A", "1 at 2: B"}},
		{"\n \n", []string{"0: programme: the file is empty"}},
		{packed.String(), []string{"0 at 1: A", "1 at 2: B", "2 at 4: C"}},
		{"\x1f\x8b", []string{"not a whole gzip file: unexpected EOF"}},
	} {
		got := told(t, strings.NewReader(test.in))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%.80q: %s", test.in, diff)
		}
	}
}

// TestCutOffFile: how much of a cut off file comes out is gzip's affair; that
// it is cut off must be told.
func TestCutOffFile(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for n := range 2000 {
		fmt.Fprintf(z, `{"edition": {"title": "Meeting %d"}, "items": []}`+"\n", n)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	got := told(t, bytes.NewReader(packed.Bytes()[:packed.Len()/2]))
	if len(got) < 2 || got[0] != "0 at 1: Meeting 0" || !strings.HasSuffix(got[len(got)-1], ": the compressed file ends in the middle") {
		t.Errorf("%d parts, the last is %q", len(got), got[len(got)-1])
	}
}

// TestBombStaysSmall reads a line of many gigabytes that packs to some
// megabytes: memory stays within what one programme may weigh.
func TestBombStaysSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("packs a gigabyte")
	}
	r, w := io.Pipe()
	go func() {
		z := gzip.NewWriter(w)
		chunk := bytes.Repeat([]byte("a"), 1<<20)
		_, err := io.WriteString(z, `{"edition": {"title": "`)
		for range 1 << 10 {
			if err == nil {
				_, err = z.Write(chunk)
			}
		}
		_ = w.CloseWithError(err)
	}()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got := told(t, r)
	_ = r.Close()
	runtime.ReadMemStats(&after)
	if diff := cmp.Diff([]string{"0: line 1: one programme is longer than 64 MB"}, got); diff != "" {
		t.Error(diff)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<30 {
		t.Errorf("it allocated %d MB", grown>>20)
	}
}

func TestFormOf(t *testing.T) {
	for _, one := range []struct {
		head, media, name string
		want              form
	}{
		{"<!DOCTYPE html>", "", "x", formPage},
		{"<html>", "text/plain", "x", formPage},
		{"09:00 Welcome", "text/plain; charset=utf-8", "x", formText},
		{"09:00 Welcome", "", "x.txt", formText},
		{"09:00 Welcome", "text/html", "x", formPage},
		{` {"edition": {}}`, "text/html", "x", formJSON},
		{` {"edition": {}}`, "application/octet-stream", "x", formJSON},
		{"{ not json at all", "text/plain", "x", formText},
		{"nonsense", "application/json", "x", formJSON},
		{"%PDF-1.7", "text/html", "x.html", formDeck},
		{"\x1f\x8b\x08", "text/html", "x.html", formGzip},
		{"GIF89a", "image/gif", "x", formUnknown},
		{"\x00\x01\x02\x03", "", "x", formUnknown},
	} {
		if got := formOf([]byte(one.head), one.media, one.name); got != one.want {
			t.Errorf("formOf(%q, %q, %q) = %d, want %d", one.head, one.media, one.name, got, one.want)
		}
	}
}
