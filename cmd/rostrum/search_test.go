package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPrintHits: a terminal gets lines of its width with the words found in
// bold, a pipe gets all of them and nothing but text.
func TestPrintHits(t *testing.T) {
	const answer = `{"total": 7, "hits": [{
		"id": "ferry-forum/2030/ropes", "title": "What the harbour master told us about <b>ropes</b>, ice and patience", "url": "http://127.0.0.1/ferry-forum/2030/ropes",
		"speakers": [{"name": "Tove Holt"}], "edition": {"title": "Ferry Forum 2030"},
		"fragments": ["… … a <mark>rope</mark> \u001b[31mthat &lt;held&gt; … <mark>…</mark> … through\n the winter <mark>ropes</mark> at the quay"],
		"slides": [{"number": 4, "fragment": "<mark>Rope</mark> &amp; tar"}]}]}`
	var f found
	if err := json.Unmarshal([]byte(answer), &f); err != nil {
		t.Fatal(err)
	}
	whole := `  3  What the harbour master told us about <b>ropes</b>, ice and patience
     Tove Holt · Ferry Forum 2030
     … a rope [31mthat <held> … through the winter ropes at the quay
     slide 4: Rope & tar
     http://127.0.0.1/ferry-forum/2030/ropes
3 to 3 of 7
`
	cutPlain := `  3  What the harbour master told us ab…
     Tove Holt · Ferry Forum 2030
     … a rope [31mthat <held> … through…
     slide 4: Rope & tar
     http://127.0.0.1/ferry-forum/2030/ropes
3 to 3 of 7

next  rostrum show ferry-forum/2030/ropes
`
	var set []string // what a terminal sets in bold and in grey
	for _, w := range []string{"What the harbour master told us ab…", "a |rope", "Rope"} {
		before, word, ok := strings.Cut(w, "|")
		if !ok {
			before, word = "", w
		}
		set = append(set, before+word, before+"\x1b[1m"+word+"\x1b[0m")
	}
	for _, w := range []string{"http://127.0.0.1/ferry-forum/2030/ropes", "next "} {
		set = append(set, w, "\x1b[2m"+w+"\x1b[0m")
	}
	cutBold := strings.NewReplacer(set...).Replace(cutPlain)
	for _, c := range []struct {
		name    string
		tty     bool
		noColor string
		want    string
	}{{"pipe", false, "", whole}, {"terminal", true, "", cutBold}, {"terminal without colour", true, "1", cutPlain}} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			a := &app{out: &out, tty: c.tty, wide: func() int { return 40 }, getenv: func(name string) string { return map[string]string{"NO_COLOR": c.noColor}[name] }}
			a.printHits(f, 2)
			if diff := cmp.Diff(c.want, out.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}
