package archive_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"rostrum/archive"
)

func schema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(archive.ProgrammeSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("programme.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("programme.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// problems returns the sentences of an error, one a line, hints behind.
func problems(err error) string {
	if err == nil {
		return ""
	}
	all := []error{err}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		all = joined.Unwrap()
	}
	var lines []string
	for _, e := range all {
		line := e.Error()
		if bad, ok := errors.AsType[*archive.InvalidError](e); ok && bad.Hint != "" {
			line += " (" + bad.Hint + ")"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func whole() archive.Programme {
	item := 0
	return archive.Programme{
		Edition: archive.EditionInfo{
			Title: "Lantern Days 2031", Series: "Lantern Days", StartDate: "2031-05-02", EndDate: "2031-05-03", Venue: "Old Mill", City: "Ystad",
			Country: "Sweden", Language: "en", URL: "https://lantern.example/2031/", Organizers: []string{"Ada Qvist"}, Topics: []string{"light"},
			RelatedEditions: []string{"https://lantern.example/2030/"},
			Places:          archive.Places{"title": {Path: "body > h1", Quote: "Lantern Days 2031", Sure: 0.9}},
		},
		Items: []archive.Item{{
			Kind: archive.KindKeynote, Title: "On wicks", Speakers: []archive.Credit{{Name: "Bo Ek", Affiliation: "Ek & Co", Role: "moderator", Bio: "Trims wicks.", URL: "https://ek.example/"}},
			Date: "2031-05-02", Start: "09:15", End: "10:00", Room: "Loft", Track: "A", Session: "Morning", Abstract: "One.\n\nTwo.", Language: "sv-SE",
			Topics: []string{"wax"}, URL: "https://lantern.example/wicks", Slides: []string{"wicks.pdf"}, Video: []string{"https://v.example/1"},
			Paper: []string{"https://p.example/1"}, SlidesMarked: true, Places: archive.Places{"start": {Line: 7}},
		}, {Kind: archive.KindBreak, Title: "Coffee"}},
		Findings: []archive.Finding{{Code: archive.FindingTimeOdd, Text: "ends before it starts", Item: &item, Field: "end", URL: "https://x.example/", Place: &archive.Place{Line: 3}}},
	}
}

func TestProgrammeJSONComesBack(t *testing.T) {
	want := whole()
	data, err := json.MarshalIndent(want, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got, err := archive.DecodeProgramme(data, 1)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	inst, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema(t).Validate(inst); err != nil {
		t.Error(err)
	}
}

// TestProgrammeJSONSaysWhatIsWrong holds decoder and schema against each other:
// what one takes the other takes.
func TestProgrammeJSONSaysWhatIsWrong(t *testing.T) {
	s := schema(t)
	item := func(more string) string {
		return "{\"edition\": {\"title\": \"A\"},\n \"items\": [{\"kind\": \"talk\", \"title\": \"B\"},\n  {\"kind\": \"talk\", \"title\": \"C\"" + more + "}]}"
	}
	edition := func(more string) string { return `{"edition": {"title": "A"` + more + `}, "items": []}` }
	const kinds = "(write one of talk, keynote, invited, panel, tutorial, workshop, lightning, poster, demo, discussion, opening, closing, break, meal, social, other)"
	for in, want := range map[string]string{
		item(""): "",
		item(`, "date": "2016-02-29", "start": "00:00", "end": "23:59", "language": "pt-BR"`): "",
		item(`, "date": null, "start": "", "speakers": null, "slides": null, "places": null`): "",
		item(`, "speakers": [], "unheard_of": {"x": [1]}`):                                    "",
		edition(`, "places": {"title": {"line": 1, "sure": 1}}`):                              "",
		"\ufeff" + edition(``): "",

		item(`, "start": "25:10"`):       `line 3: items[1].start: "25:10" is no time of day (write it as 09:15, with 24 hours)`,
		item(`, "start": "9:15"`):        `line 3: items[1].start: "9:15" is no time of day (write it as 09:15, with 24 hours)`,
		item(`, "date": "2017-02-29"`):   `line 3: items[1].date: "2017-02-29" is no day of the calendar (write it as 2017-12-06)`,
		item(`, "date": 2017`):           `line 3: items[1].date: must be a string, this is 2017`,
		item(`, "kind": "lecture"`):      `line 3: items[1].kind: "lecture" is no kind of item ` + kinds,
		item(`, "kind": null`):           `line 3: items[1].kind: is missing ` + kinds,
		item(`, "title": " "`):           `line 3: items[1].title: is empty (every line of a programme has one)`,
		item(`, "speakers": ["Bo Ek"]`):  `line 3: items[1].speakers[0]: a speaker is an object, this is a string (write {"name": "Bo Ek"})`,
		item(`, "speakers": "Bo Ek"`):    `line 3: items[1].speakers: must be a list, this is the string "Bo Ek"`,
		item(`, "speakers": [{}]`):       `line 3: items[1].speakers[0].name: is missing (leave out speakers whose name is not known)`,
		item(`, "slides": [""]`):         `line 3: items[1].slides[0]: is empty (leave it out)`,
		item(`, "slides": [null]`):       `line 3: items[1].slides[0]: must be a string, this is null`,
		item(`, "slides_marked": "yes"`): `line 3: items[1].slides_marked: must be true or false, this is the string "yes"`,
		item(`, "language": "english!"`): `line 3: items[1].language: "english!" is no language tag (write it as "en" or "pt-BR" (BCP 47))`,
		item(`, "places": {"a": {"line": -1, "sure": 2, "path": []}}`): "line 3: items[1].places.a.path: must be a string, this is a list\n" +
			"line 3: items[1].places.a.line: -1 is no whole number from 0\nline 3: items[1].places.a.sure: 2 is no number from 0 to 1",
		item(`, "title": "` + strings.Repeat("é", 2001) + `"`): `line 3: items[1].title: has 2001 characters, at most 2000 are taken`,

		`[]`:                            `line 1: a programme is an object, this is a list (a programme looks like {"edition": {"title": "…"}, "items": [{"kind": "talk", "title": "…"}]}; rostrum read --schema prints the whole form)`,
		`{"items": []}`:                 `line 1: edition: is missing (a programme looks like {"edition": {"title": "…"}, "items": [{"kind": "talk", "title": "…"}]}; rostrum read --schema prints the whole form)`,
		edition(`, "topics": ["a", 2]`): `line 1: edition.topics[1]: must be a string, this is 2`,
		`{"edition": {}, "items": [], "findings": [{"code": "x"}]}`:                      `line 1: findings[0].text: is missing`,
		`{"edition": {}, "items": [], "findings": [{"code":"x","text":"y","item":1.5}]}`: `line 1: findings[0].item: 1.5 is no whole number from 0`,
	} {
		p, err := archive.DecodeProgramme([]byte(in), 1)
		if got := problems(err); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
		inst, jerr := jsonschema.UnmarshalJSON(strings.NewReader(strings.TrimPrefix(in, "\ufeff")))
		if jerr != nil {
			t.Fatal(in, jerr)
		}
		if verr := s.Validate(inst); (verr == nil) != (want == "") {
			t.Errorf("%s\nthe schema says %v", in, verr)
		}
		if strings.Contains(in, "unheard_of") {
			want := []archive.Finding{{Code: archive.FindingInvalid, Text: "Programme JSON has no field items[].unheard_of; it was left out", Field: "unheard_of", Place: &archive.Place{Line: 3}}}
			if d := cmp.Diff(want, p.Findings); d != "" {
				t.Error(d)
			}
		}
	}
}

// TestProgrammeJSONBeyondTheSchema is what a schema cannot say.
func TestProgrammeJSONBeyondTheSchema(t *testing.T) {
	for in, want := range map[string]string{
		`{"edition": {"start_date": "2031-05-03", "end_date": "2031-05-02"}, "items": []}`:  "line 7: edition.end_date: 2031-05-02 is before start_date 2031-05-03",
		`{"edition": {}, "items": [], "findings": [{"code": "x", "text": "y", "item": 0}]}`: "line 7: findings[0].item: there is no item 0 (items count from 0)",
		"":                                "line 7: not JSON: ends in the middle",
		"{\"edition\":\n{\"title\": ":     "line 8: not JSON: ends in the middle",
		"{\"edition\":\n{\"title\": x}}":  "line 8: not JSON: invalid character 'x' looking for beginning of value",
		`{"edition": {}, "items": []} {}`: "line 7: not JSON: more follows after the end of the programme",
		strings.Repeat("[", 100):          "line 7: not JSON: lists and objects lie deeper than 40 in one another",
	} {
		if _, err := archive.DecodeProgramme([]byte(in), 7); problems(err) != want {
			t.Errorf("%s\n got %s\nwant %s", in, problems(err), want)
		}
	}
	many := `{"edition": {}, "items": [` + strings.TrimSuffix(strings.Repeat(`{"kind": "talk"},`, 25), ",") + `]}`
	_, err := archive.DecodeProgramme([]byte(many), 1)
	lines := strings.Split(problems(err), "\n")
	if len(lines) != 11 || lines[10] != "further down: 15 more values do not hold" {
		t.Errorf("25 bad items are told as %q", lines)
	}
}

func FuzzDecodeProgramme(f *testing.F) {
	data, err := json.Marshal(whole())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"edition": {"title": 1}, "items": [null, {"kind": "talk", "title": "\ud800"}]}`))
	s := schema(f)
	f.Fuzz(func(t *testing.T, in []byte) {
		p, err := archive.DecodeProgramme(in, 1)
		if err != nil {
			if len(problems(err)) > 100_000 {
				t.Error("an error of", len(problems(err)), "bytes")
			}
			return
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		inst, err := jsonschema.UnmarshalJSON(strings.NewReader(string(again)))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(inst); err != nil {
			t.Errorf("%s was taken, but printed again: %v", in, err)
		}
	})
}
