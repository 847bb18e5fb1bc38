package score

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// The likeness figures were taken from Python's difflib.SequenceMatcher with
// autojunk off, over the plain forms.
func TestAlike(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"", "x", 0},
		{"Kaffe & Bröd", "kaffe brod", 1},
		{"Straße nach Łódź", "STRASSE NACH ŁÓDŹ", 1},
		{"Sorting pebbles by moonlight", "Sorting Pebbles by Moonlight (25 min)", 28.0 * 2 / (28 + 35)},
		{"the tide that came twice", "twice the tide", 0.5},
		{"abxcd", "abcd", 2.0 * 4 / 9},
		{"潮汐と石", "潮汐の石", 0.75},
	} {
		if got := alike(c.a, c.b); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("alike(%q, %q) = %.6f, want %.6f", c.a, c.b, got, c.want)
		}
	}
}

func TestLongestRunIsTheEarliest(t *testing.T) {
	m := newMatcher([]rune("qabxcd"), []rune("abycdf"))
	i, j, n := m.longest(0, 6, 0, 6)
	if got, want := [3]int{i, j, n}, [3]int{1, 0, 2}; got != want {
		t.Errorf("longest run at %v, want %v", got, want)
	}
	if got := m.matches(); got != 4 {
		t.Errorf("matches = %d, want 4", got)
	}
}

func TestPerson(t *testing.T) {
	for in, want := range map[string]string{
		"Prof. Dr. Ida Halvorsen":      "ida halvorsen",
		"Ida Halvorsen, Ph.D.":         "ida halvorsen",
		"IDA HALVORSEN PhD":            "ida halvorsen",
		"Mrs Drake":                    "drake",
		"Msgr. Profumo Drach, Medrano": "msgr profumo drach medrano",
		"D. Rømer":                     "d rømer",
		"":                             "",
	} {
		if got := person(in); got != want {
			t.Errorf("person(%q) = %q, want %q", in, got, want)
		}
	}
}

// The wanted forms are those of Python's urljoin, unquote and urldefrag.
func TestLink(t *testing.T) {
	const base = "https://www.pebbles.example/2011/programme/index.html"
	for in, want := range map[string]string{
		"a.pdf":                      "pebbles.example/2011/programme/a.pdf",
		" ../a%20b.pdf#page=2 ":      "pebbles.example/2011/a b.pdf",
		"/x//y/":                     "pebbles.example/x//y",
		"./x//y/./z/..":              "pebbles.example/2011/programme/x/y",
		"../../../../up.html":        "pebbles.example/up.html",
		"?id=3":                      "pebbles.example/2011/programme/index.html?id=3",
		"#top":                       "pebbles.example/2011/programme/index.html",
		"//other.example/q":          "other.example/q",
		"HTTPS://www.Other.example/": "Other.example",
		"mailto:ida@pebbles.example": "mailto:ida@pebbles.example",
		"100%.pdf":                   "pebbles.example/2011/programme/100%.pdf",
	} {
		if got := link(in, base); got != want {
			t.Errorf("link(%q) = %q, want %q", in, got, want)
		}
	}
}

const gold = `{
 "base_url": "https://pebbles.example/2011/",
 "edition": {"title": "Pebble Days 2011", "title_alt": ["Pebble Days"], "start_date": "2011-05-03", "end_date": "2011-05-04",
  "city": "Skagen", "country": "Denmark", "language": "en", "organizers": ["Ida Halvorsen"], "related_editions": ["../2010/"]},
 "items": [
  {"kind": "opening", "title": "Welcome", "date": "2011-05-03", "start": "09:00", "end": "09:15"},
  {"kind": "keynote", "title": "The tide that came twice", "speakers": [{"name": "Ole Brandt", "affiliation": "Harbour Office"}],
   "date": "2011-05-03", "start": "09:15", "end": "10:00", "abstract_first": "One night in March", "abstract_last": "nobody had asked for.",
   "bio_first": "Ole Brandt keeps", "bio_last": "since 1988.", "slides": ["brandt.pdf", "brandt.odp"]},
  {"kind": "talk", "title": "Sorting pebbles by moonlight", "speakers": [{"name": "A. Ferrant"}, {"name": "Lin Qiao"}],
   "date": "2011-05-03", "slot_start": "10:00", "slot_end": "11:00", "room": "Hall B"},
  {"kind": "meal", "title": "Lunch", "date": "2011-05-03", "start": "12:00"}
 ]}`

func TestCase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gold.json")
	if err := os.WriteFile(path, []byte(gold), 0o600); err != nil {
		t.Fatal(err)
	}
	g, err := ReadGold(path)
	if err != nil {
		t.Fatal(err)
	}
	got := make(Tally)
	got.Case(g, archive.Programme{
		Edition: archive.EditionInfo{
			Title: "Pebble days", StartDate: "2011-05-03", EndDate: "2011-05-05", City: "Skagen", Venue: "Old Lighthouse", Language: "en-GB",
			Organizers: []string{"Dr. Ida Halvorsen", "Nobody Atall"}, RelatedEditions: []string{"http://www.pebbles.example/2010"},
		},
		Items: []archive.Item{
			{Kind: "keynote", Title: "The tide that came twice!", Date: "2011-05-03", Start: "09:15", End: "10:15",
				Speakers: []archive.Credit{{Name: "Prof. Ole Brandt", Affiliation: "The harbour office", Bio: "Ole Brandt keeps the tide tables of Skagen and has done so since 1988."}},
				Abstract: "One night in March the water came back and stayed for good.", Slides: []string{"https://pebbles.example/2011/brandt.pdf"}},
			{Kind: "meal", Title: "Sorting Pebbles by Moonlight", Date: "2011-05-03", Start: "10:00", End: "10:30", Room: "Hall B",
				Speakers: []archive.Credit{{Name: "Lin Qiao"}}},
			{Kind: "break", Title: "lunch", Start: "12:00"},
			{Kind: "talk", Title: "Sponsors of the harbour", Speakers: []archive.Credit{{Name: "Acme"}}, Track: "Gold"},
		},
	})
	want := Tally{
		"item":               {Hit: 3, Missed: 1, Extra: 1},
		"talk_or_not":        {Hit: 2, Missed: 1, Extra: 1},
		"kind":               {Hit: 1.5, Missed: 1.5, Extra: 1.5},
		"speakers":           {Hit: 2, Missed: 1, Extra: 1},
		"affiliation":        {Hit: 1},
		"date":               {Hit: 2, Missed: 2},
		"start":              {Hit: 2, Missed: 1},
		"end":                {Missed: 2, Extra: 2},
		"abstract":           {Hit: 0.5, Missed: 0.5, Extra: 0.5},
		"bio":                {Hit: 1},
		"slides":             {Hit: 1, Missed: 1},
		"video":              {},
		"paper":              {},
		"room":               {Hit: 1},
		"track":              {Extra: 1},
		"edition.title":      {Hit: 1},
		"edition.dates":      {Hit: 1, Missed: 1, Extra: 1},
		"edition.place":      {Hit: 1, Missed: 1},
		"edition.language":   {Hit: 1},
		"edition.organizers": {Hit: 1, Extra: 1},
		"edition.topics":     {},
		"edition.related":    {Hit: 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tally (-want +got):\n%s", diff)
	}
	if f := got.Overall(); math.Abs(f-0.676305) > 1e-6 {
		t.Errorf("overall = %.6f, want 0.676305", f)
	}
}

func TestReadGoldNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gold.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadGold(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error = %v, want one that names %s", err, path)
	}
}

// An answer copied word for word has to score full marks.
func TestPerfect(t *testing.T) {
	var g Gold
	if err := json.Unmarshal([]byte(gold), &g); err != nil {
		t.Fatal(err)
	}
	var p archive.Programme
	if err := json.Unmarshal([]byte(gold), &p); err != nil {
		t.Fatal(err)
	}
	for i := range p.Items {
		p.Items[i].Abstract = g.Items[i].AbstractFirst + " … " + g.Items[i].AbstractLast
		if g.Items[i].BioFirst != "" {
			p.Items[i].Speakers[0].Bio = g.Items[i].BioFirst + " … " + g.Items[i].BioLast
		}
	}
	got := make(Tally)
	got.Case(g, p)
	if f := got.Overall(); f != 1 {
		t.Errorf("overall = %v, want 1: %+v", f, got)
	}
}
