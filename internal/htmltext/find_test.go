package htmltext

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFind(t *testing.T) {
	page := []byte(`<head><title>Lantern Days</title><meta name=description content="Lanterns in Umeå"></head>
<h1>Lantern Days</h1>
<p>Coffee<br>9:00 “Wicks” (Ada Lindqvist)<br>Coffee<br><a href=w.pdf>slides</a></p>
<ul><li>One<li>Two <b>bold <a href=x.html><img src=i.png></a></b></ul>`)
	text := []byte("Lantern Days\n\n9:00 Wicks\n10:00 Coffee\n")
	tests := map[string]struct {
		page  []byte
		path  string
		line  int
		quote string
		want  string // the line, the quote in brackets; the element where no line shows it
		ok    bool
	}{
		"a heading":             {page, "body > h1", 0, "Lantern", "[Lantern] Days", true},
		"words in a line":       {page, "body > p", 2, "Wicks", "9:00 “[Wicks]” (Ada Lindqvist)", true},
		"the second of two":     {page, "body > p", 3, "Coffee", "[Coffee]", true},
		"no number":             {page, "body > p", 0, "9:00 …", "[9:00 ]“Wicks” (Ada Lindqvist)", true},
		"other words there":     {page, "body > p", 2, "Wax", "9:00 “Wicks” (Ada Lindqvist)", true},
		"a list item":           {page, "body > ul > li:nth-of-type(2)", 0, "Two", "[Two] bold", true},
		"a link":                {page, "body > p > a", 0, "slides", "[slides]", true},
		"a link on a picture":   {page, "body > ul > li:nth-of-type(2) > b > a", 0, "", "Two bold", true},
		"an inline element":     {page, "body > ul > li:nth-of-type(2) > b", 0, "", "Two bold", true},
		"a hint":                {page, "head > meta", 0, "Lanterns", "meta", true},
		"the title":             {page, "head > title", 0, "Lantern Days", "title", true},
		"a path gone":           {page, "body > ol > li", 0, "Wicks", "9:00 “[Wicks]” (Ada Lindqvist)", true},
		"path and words gone":   {page, "body > ol > li", 0, "Wax", "", false},
		"no path at all":        {page, "", 0, "", "", false},
		"a path like none":      {page, "body > p:nth-of-type(x)", 0, "", "", false},
		"a text's line":         {text, "", 3, "Wicks", "9:00 [Wicks]", true},
		"a text's line, vague":  {text, "", 4, "Tea", "10:00 Coffee", true},
		"words of a text":       {text, "", 0, "Coffee", "10:00 [Coffee]", true},
		"a path, but in a text": {text, "body > p", 0, "Coffee", "10:00 [Coffee]", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := Parse(tt.page, "")
			spot, ok := d.Find(tt.path, tt.line, tt.quote)
			got := ""
			switch {
			case ok && spot.Line >= 0 && spot.To > spot.From:
				l := d.Lines[spot.Line].Text
				got = l[:spot.From] + "[" + l[spot.From:spot.To] + "]" + l[spot.To:]
			case ok && spot.Line >= 0:
				got = d.Lines[spot.Line].Text
			case ok:
				got = spot.Node.Data
			}
			if ok != tt.ok || got != tt.want {
				t.Errorf("got %q, %v; want %q, %v", got, ok, tt.want, tt.ok)
			}
		})
	}
}

// Every line of every page is found again, in a page parsed anew.
func TestFindEveryLine(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "..", "ingest", "programme", "testdata", "*", "*", "page.*"))
	if err != nil || len(names) == 0 {
		t.Fatal("no pages", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if lost := lostLines(b); len(lost) > 0 {
			t.Errorf("%s: lines %v are not found where they are", name, lost)
		}
	}
}

// lostLines gives the lines of a page that Find does not lead back to.
func lostLines(page []byte) []int {
	var lost []int
	d, again := Parse(page, ""), Parse(page, "")
	places := NewPlaces(d)
	for i := range d.Lines {
		path, line := places.Line(i)
		if spot, ok := again.Find(path, line, d.Lines[i].Text); !ok || spot.Line != i || again.Lines[i].Text != d.Lines[i].Text {
			lost = append(lost, i)
		}
	}
	return lost
}

func FuzzFind(f *testing.F) {
	f.Add([]byte("<p>a<br>b<table><tr><td>c<noframes><p>x</noframes>"), "body > p", 1, "b")
	f.Add([]byte("a\n\nb"), "", 2, "b")
	f.Fuzz(func(t *testing.T, page []byte, path string, line int, quote string) {
		d := Parse(page, "")
		if spot, ok := d.Find(path, line, quote); ok && spot.Line >= 0 {
			_ = d.Lines[spot.Line].Text[spot.From:spot.To]
		}
		if diff := cmp.Diff([]int(nil), lostLines(page)); diff != "" {
			t.Error(diff)
		}
	})
}
