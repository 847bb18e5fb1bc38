package programme_test

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"rostrum/ingest/programme"
	"rostrum/ingest/programme/internal/score"
	"rostrum/internal/golden"
)

// invisible returns what may be done to a page without a person seeing it.
func invisible() []struct {
	name string
	do   func(*html.Node)
} {
	return []struct {
		name string
		do   func(*html.Node)
	}{
		{"nothing but parsed and printed", func(*html.Node) {}},
		{"comments gone and blanks broken into lines", func(n *html.Node) {
			if n.Type == html.CommentNode {
				n.Data = ""
			}
			if n.Type == html.TextNode && !verbatim(n) {
				n.Data = strings.ReplaceAll(n.Data, " ", "\n        ")
			}
		}},
		{"a div within every cell and list item, b and i as strong and em", func(n *html.Node) {
			if n.Type != html.ElementNode {
				return
			}
			switch n.Data {
			case "b":
				n.Data = "strong"
			case "i":
				n.Data = "em"
			case "td", "li", "dd":
				inner := &html.Node{Type: html.ElementNode, Data: "div"}
				for n.FirstChild != nil {
					c := n.FirstChild
					n.RemoveChild(c)
					inner.AppendChild(c)
				}
				n.AppendChild(inner)
			}
		}},
		// Names that a person gave tell something; a tool's do not. The
		// reader may lose a little here and must not lose a page.
		{"class names that say nothing", func(n *html.Node) {
			for i, a := range n.Attr {
				if a.Key != "class" {
					continue
				}
				words := strings.Fields(a.Val)
				for j, w := range words {
					h := fnv.New32a()
					h.Write([]byte(w))
					words[j] = fmt.Sprintf("c%x", h.Sum32())
				}
				n.Attr[i].Val = strings.Join(words, " ")
			}
		}},
	}
}

// TestAccuracyUnseen reads the pages again after changes that a person would
// not see, and keeps the overall figures in a golden file: a reader that hangs
// on such things has learnt the pages and not to read.
func TestAccuracyUnseen(t *testing.T) {
	if testing.Short() {
		t.Skip("reads every page several times")
	}
	golds, err := filepath.Glob(filepath.Join("testdata", "*", "*", "gold.json"))
	if err != nil || len(golds) == 0 {
		t.Fatalf("no cases in testdata (%v)", err)
	}
	var f score.Figures
	for _, change := range invisible() {
		var results []score.Result
		for _, path := range golds {
			gold, err := score.ReadGold(path)
			if err != nil {
				t.Fatal(err)
			}
			page := onePage(t, filepath.Dir(path))
			if page.Media != "text/html" {
				continue
			}
			page.URL = gold.BaseURL
			page.Bytes = changed(t, filepath.Base(filepath.Dir(path)), page, change.do)
			got, err := programme.Read(page)
			if err != nil {
				t.Errorf("%s, %s: %v", path, change.name, err)
			}
			tally := make(score.Tally)
			tally.Case(gold, got)
			results = append(results, score.Result{Name: path, Tally: tally})
		}
		f = append(f, score.Row{Name: change.name, Values: []float64{score.NewReport(results).Total.Overall()}})
	}
	compare(t, f, filepath.Join("testdata", "accuracy-unseen.txt"))
	if !golden.Updating() {
		same := f[0].Values[0]
		for _, row := range f[1:3] {
			if row.Values[0] < same-0.01 {
				t.Errorf("%s: overall falls from %.3f to %.3f", row.Name, same, row.Values[0])
			}
		}
	}
}

// changed returns the page as UTF-8 with do done to every node.
func changed(t *testing.T, name string, page programme.Page, do func(*html.Node)) []byte {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(decoded(t, name, page)))
	if err != nil {
		t.Fatal(err)
	}
	var nodes []*html.Node
	for n := range doc.Descendants() {
		nodes = append(nodes, n)
	}
	for _, n := range nodes {
		do(n)
	}
	var b bytes.Buffer
	b.WriteString(`<meta charset="utf-8">`)
	if err := html.Render(&b, doc); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// decoded returns the page's text as a browser would decode it.
func decoded(t *testing.T, name string, page programme.Page) string {
	t.Helper()
	encoding := "utf-8"
	if page.Media == "text/html" {
		_, encoding, _ = charset.DetermineEncoding(page.Bytes, page.Media)
	}
	if name == "led2010" { // the page whose charset nothing tells but its letters
		encoding = "windows-1251"
	}
	e, _ := charset.Lookup(encoding)
	text, err := e.NewDecoder().Bytes(page.Bytes)
	if err != nil {
		t.Fatalf("decode as %s: %v", encoding, err)
	}
	return string(text)
}

// verbatim says whether blanks and line ends within n are kept as they are.
func verbatim(n *html.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Data {
		case "pre", "script", "style", "noframes", "textarea":
			return true
		}
	}
	return false
}
