package programme

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDebug(t *testing.T) {
	if os.Getenv("PAGE") == "" {
		t.Skip()
	}
	b, _ := os.ReadFile(os.Getenv("PAGE"))
	r := newReader(Page{Bytes: b, URL: "http://e.org/2014/x.html"}, nil)
	r.read()
	for i := range r.pieces {
		p := &r.pieces[i]
		if !strings.Contains(p.text, os.Getenv("GREP")) {
			continue
		}
		fmt.Printf("--- %s | kind %s opens %v b%d slot %d outside %v label %s prefix %q shape %s\n", p.text[:min(len(p.text), 100)], labelNames[p.kind], p.opens, p.boundary, p.slot, p.outside, p.label, p.prefix, p.shape)
		for c := range labels {
			fmt.Printf(" %s:%.2f", []string{"out", "day", "sess", "title", "title2", "people", "people3", "people1", "head", "text", "bio", "aff", "links", "meta"}[c], p.score[c])
		}
		fmt.Printf("\n people %.2f %v\n", p.people.score, p.people.credits)
		if p.head != nil {
			fmt.Printf(" head %s %.2f %q %v\n", p.head.kind, p.head.score, p.head.title, p.head.people.credits)
		}
	}
}
