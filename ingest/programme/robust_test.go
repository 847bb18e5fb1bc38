package programme

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"rostrum/archive"
)

// checkProgramme fails when a Programme breaks the rules that all of them keep,
// whatever bytes they were read from.
func checkProgramme(t *testing.T, p archive.Programme) {
	t.Helper()
	for i := range p.Items {
		it := &p.Items[i]
		switch {
		case it.Title == "":
			t.Errorf("item %d has no title", i)
		case !it.Kind.Valid():
			t.Errorf("item %d: kind %q", i, it.Kind)
		case it.Date != "" && !it.Date.Valid():
			t.Errorf("item %d: date %q", i, it.Date)
		case it.Start != "" && !it.Start.Valid(), it.End != "" && !it.End.Valid():
			t.Errorf("item %d: clocks %q %q", i, it.Start, it.End)
		case !utf8.ValidString(it.Title) || !utf8.ValidString(it.Abstract):
			t.Errorf("item %d is not UTF-8", i)
		}
		for _, c := range it.Speakers {
			if c.Name == "" || !utf8.ValidString(c.Name) {
				t.Errorf("item %d: name %q", i, c.Name)
			}
		}
	}
	for _, f := range p.Findings {
		if f.Item != nil && (*f.Item < 0 || *f.Item >= len(p.Items)) {
			t.Errorf("finding about item %d of %d", *f.Item, len(p.Items))
		}
	}
}

func FuzzReadHTML(f *testing.F) {
	pages, err := filepath.Glob(filepath.Join("testdata", "pages", "*", "page.*"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range pages {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, "text/html")
	}
	f.Add([]byte("<table><tr><td rowspan=9>9:00<td>A talk<td>Jane Doe<tr><td>10:00 - <td colspan=999>x"), "text/html; charset=utf-16")
	f.Add([]byte("<div itemscope itemtype=http://schema.org/Event><b itemprop=name>A talk<i itemprop=performer itemscope><u itemprop=name>Jane Doe</i><meta itemprop=startDate content=2015-05-05T09:00></div><p class=vevent><abbr class=dtstart title=20150506><span class=summary>B"), "")
	f.Add([]byte("<dl><dt>9:30-10 <a href=x.pdf>T</a><dd>Jane Doe (KTH)"), "")
	f.Fuzz(func(t *testing.T, b []byte, media string) {
		page := Page{Bytes: b, Media: media, URL: "https://example.org/2015/program.html"}
		p, err := Read(page)
		if err != nil {
			return
		}
		checkProgramme(t, p)
		Editions(page)
		LinkedPages(page, p)
		checkProgramme(t, Join(p, map[string]Page{page.URL: page}))
	})
}

func FuzzReadText(f *testing.F) {
	f.Add("Workshop, 5 May 2014\n\n• 9:00-9:30 “A title” (Jane Doe, KTH) “Abstract.” (slides)\n* 10.15 Coffee\n")
	f.Add("Program\n=======\n  9.15   Opening            J. Doe\n 10.00   Tea\n")
	f.Add("10:00 Ａ — 山田太郎（東京大学）\n11:00 休憩\n")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Read(Page{Bytes: []byte(s), Media: "text/plain", URL: "https://example.org/"})
		if err == nil {
			checkProgramme(t, p)
		}
	})
}

// largePages are pages of ten megabytes, each with much of one thing.
func largePages() map[string]string {
	row := "<tr><td>%02d:%02d-%02d:%02d</td><td><b>Talk number %d on things</b></td><td>Jane Doe and John Roe, KTH</td></tr>\n"
	var rows strings.Builder
	for i := 0; rows.Len() < 10<<20; i++ {
		fmt.Fprintf(&rows, row, 9+i%9, i%60, 9+i%9, (i+10)%60, i)
	}
	return map[string]string{
		"rows":       "<table>" + rows.String() + "</table>",
		"wide row":   "<table><tr>" + strings.Repeat("<td rowspan=2>10:00 x</td>", 400_000) + "</tr><tr>" + strings.Repeat("<td>y</td>", 10_000) + "</table>",
		"deep":       strings.Repeat("<div>10:00 <b>", 10<<20/14) + "x",
		"inline":     "<p>" + strings.Repeat("<b>Jane</b> (<i>x</i>, ", 10<<20/23),
		"paragraphs": "<body>" + strings.Repeat("<p>In this talk we will see how it is done. It is not hard.</p>\n", 10<<20/65),
		"text":       strings.Repeat("10:00 A title here (Jane Doe, KTH)\n", 10<<20/35),
		"one line":   strings.Repeat("10:00-11:00 Jane Doe, ", 10<<20/22),
		"brackets":   "<html>" + strings.Repeat("([{", 10<<20/3),
		"links":      "<html>" + strings.Repeat("<a href=2011/x>Workshop 2011</a> ", 10<<20/33),
		"list":       "<ul>" + strings.Repeat("<li>9:00 A title, by Jane Doe", 10<<20/29),
	}
}

// TestLargePages reads pages of ten megabytes; that each comes to an end soon
// enough for the test's own deadline is what is tested, BenchmarkLarge measures.
func TestLargePages(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	for name, page := range largePages() {
		t.Run(name, func(t *testing.T) {
			p, err := Read(Page{Bytes: []byte(page), URL: "https://example.org/2015/"})
			if err != nil {
				t.Fatal(err)
			}
			checkProgramme(t, p)
		})
	}
}

func BenchmarkLarge(b *testing.B) {
	for name, page := range largePages() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Read(Page{Bytes: []byte(page), URL: "https://example.org/2015/"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPages reads each page of a set once a turn: the project's own, and the
// real ones where they are there. It reports the median and the slowest page, and
// what reading a page allocates at most.
func BenchmarkPages(b *testing.B) {
	for name, folder := range map[string]string{
		"own":    filepath.Join("testdata", "*"),
		"shared": filepath.Join("..", "..", "..", "shared", "data", "pages"),
	} {
		b.Run(name, func(b *testing.B) {
			cases := casesIn(b, folder)
			if len(cases) == 0 {
				b.Skip("no pages there")
			}
			var took []time.Duration
			var most uint64
			for b.Loop() {
				for _, c := range cases {
					var before, after runtime.MemStats
					runtime.ReadMemStats(&before)
					start := time.Now()
					if _, err := Read(c.page); err != nil {
						b.Fatal(c.name, err)
					}
					took = append(took, time.Since(start))
					runtime.ReadMemStats(&after)
					most = max(most, after.TotalAlloc-before.TotalAlloc)
				}
			}
			slices.Sort(took)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(took[len(took)/2].Seconds()*1e3, "ms-median")
			b.ReportMetric(took[len(took)-1].Seconds()*1e3, "ms-worst")
			b.ReportMetric(float64(most)/1e6, "MB-allocated-most")
		})
	}
}
