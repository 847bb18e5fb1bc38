package cite_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/web/cite"
)

func sample() cite.Work {
	return cite.Work{
		Key: "chaos-day/2017/50-of-all-c-tests", Title: "50% of all C# & {tests} fail_often at KTH", Kind: archive.KindKeynote,
		Authors:  []cite.Author{{Name: "Ludwig van der Berg", Affiliation: "KTH"}, {Name: "The ASSERT Team"}, {Name: "王 伟"}, {Name: "Cher"}},
		Date:     "2017-12-06",
		Event:    "Chaos Day 2017",
		Place:    "Stockholm, Sweden",
		URL:      "https://talks.example.org/chaos-day/2017/50-of-all-c-tests",
		PDF:      "https://talks.example.org/chaos-day/2017/50-of-all-c-tests/slides.pdf",
		Abstract: "First line\nsecond line\r\nTY  - JOUR", Language: "en", Keywords: []string{"chaos", "tests"},
	}
}

func TestParts(t *testing.T) {
	got := map[string][2]string{}
	want := map[string][2]string{
		"Joe Armstrong":       {"Joe", "Armstrong"},
		"Armstrong, Joe":      {"Joe", "Armstrong"},
		"Ludwig van der Berg": {"Ludwig", "van der Berg"},
		"Sammy Davis Jr.":     {"Sammy", "Davis Jr."},
		"Van Morrison":        {"Van", "Morrison"},
		"Cher":                {"", "Cher"},
		"The Go Team":         {"", "The Go Team"},
		"山田 太郎":               {"", "山田 太郎"},
		"":                    {"", ""},
	}
	for name := range want {
		given, family := cite.Author{Name: name}.Parts()
		got[name] = [2]string{given, family}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestBibTeX(t *testing.T) {
	want := `@misc{chaos-day-2017-50-of-all-c-tests,
  author = {van der Berg, Ludwig and {The ASSERT Team} and {王 伟} and {Cher}},
  title = {50\% of all {C\#} \& \{tests\} fail\_often at {KTH}},
  howpublished = {Keynote at Chaos Day 2017, Stockholm, Sweden},
  month = dec,
  year = {2017},
  url = {https://talks.example.org/chaos-day/2017/50-of-all-c-tests},
  note = {Slides: \url{https://talks.example.org/chaos-day/2017/50-of-all-c-tests/slides.pdf}},
  language = {en}
}
`
	if d := cmp.Diff(want, sample().BibTeX()); d != "" {
		t.Error(d)
	}
}

func TestRIS(t *testing.T) {
	want := strings.Join([]string{
		"TY  - SLIDE",
		"AU  - van der Berg, Ludwig",
		"AU  - The ASSERT Team",
		"AU  - 王 伟",
		"AU  - Cher",
		"TI  - 50% of all C# & {tests} fail_often at KTH",
		"T2  - Chaos Day 2017",
		"M3  - Keynote",
		"PY  - 2017",
		"DA  - 2017/12/06/",
		"CY  - Stockholm, Sweden",
		"LA  - en",
		"AB  - First line second line TY - JOUR",
		"KW  - chaos",
		"KW  - tests",
		"UR  - https://talks.example.org/chaos-day/2017/50-of-all-c-tests",
		"L1  - https://talks.example.org/chaos-day/2017/50-of-all-c-tests/slides.pdf",
		"ER  - ", "",
	}, "\r\n")
	if d := cmp.Diff(want, sample().RIS()); d != "" {
		t.Error(d)
	}
}

func TestCSL(t *testing.T) {
	b, err := sample().CSL()
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	date := map[string]any{"date-parts": []any{[]any{2017.0, 12.0, 6.0}}}
	want := []map[string]any{{
		"id": "chaos-day/2017/50-of-all-c-tests", "type": "speech", "title": "50% of all C# & {tests} fail_often at KTH",
		"author": []any{
			map[string]any{"family": "van der Berg", "given": "Ludwig"}, map[string]any{"literal": "The ASSERT Team"},
			map[string]any{"literal": "王 伟"}, map[string]any{"literal": "Cher"},
		},
		"issued": date, "event-date": date, "event-title": "Chaos Day 2017", "event": "Chaos Day 2017", "event-place": "Stockholm, Sweden",
		"genre": "Keynote", "URL": "https://talks.example.org/chaos-day/2017/50-of-all-c-tests",
		"abstract": "First line\nsecond line\r\nTY  - JOUR", "language": "en", "keyword": "chaos, tests",
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestPlain(t *testing.T) {
	want := "Ludwig van der Berg, The ASSERT Team, 王 伟, Cher: 50% of all C# & {tests} fail_often at KTH. Keynote at Chaos Day 2017, Stockholm, Sweden, 2017-12-06. " +
		"https://talks.example.org/chaos-day/2017/50-of-all-c-tests"
	if d := cmp.Diff(want, sample().Plain()); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff("Why? Talk. https://x.example/", cite.Work{Title: "Why?", URL: "https://x.example/"}.Plain()); d != "" {
		t.Error(d)
	}
}

// Nothing that a programme prints may end a field and begin one of its own.
func FuzzFormats(f *testing.F) {
	f.Add("title}\n, note = {x", "A\nER  - ", "abs\r\nTY  - JOUR")
	f.Fuzz(func(t *testing.T, title, author, abstract string) {
		w := cite.Work{Key: "a/b/c", Title: title, Authors: []cite.Author{{Name: author}}, Abstract: abstract, URL: "https://x.example/a"}
		if n := strings.Count(w.RIS(), "\r\nER  -"); n != 1 {
			t.Errorf("RIS ends %d times: %q", n, w.RIS())
		}
		depth := 0
		b := w.BibTeX()
		for i := 0; i < len(b); i++ {
			switch b[i] {
			case '\\':
				i++
			case '{':
				depth++
			case '}':
				depth--
			}
		}
		if depth != 0 {
			t.Errorf("BibTeX's braces do not close: %q", b)
		}
		if _, err := w.CSL(); err != nil {
			t.Error(err)
		}
	})
}
