package archive

import (
	_ "embed" // for the schema
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

//go:embed programme.schema.json
var programmeSchema string

// ProgrammeSchema returns the JSON Schema (draft 2020-12) of Programme JSON.
func ProgrammeSchema() string { return programmeSchema }

// Bounds of Programme JSON, in characters and in elements. They stand in the
// schema too. The largest real edition known has some 1,300 items.
const (
	maxItems    = 20_000
	maxPeople   = 1_000 // speakers of an item, organizers
	maxLinks    = 200   // links, topics
	maxText     = 2_000 // titles, names, places, addresses
	maxLongText = 200_000
	maxFindings = 20_000
	maxProblems = 10 // told of one programme; who sees ten knows where to look
)

// DecodeProgramme reads one Programme from its JSON form. line is the line of
// its file on which data begins, from 1, so that errors name lines of the file.
//
// It is strict with what it knows, since dropping half of what an organizer
// wrote by hand would go unseen: what does not hold is an error of joined
// *InvalidErrors, each with line and path. null stands for a value left out. A
// field it does not know is left out and told as a Finding, so that a later
// version's files can be read.
func DecodeProgramme(data []byte, line int) (Programme, error) {
	root, err := parseJSON(data, line)
	if err != nil {
		return Programme{}, err
	}
	d := &decoder{unknown: map[string]bool{}}
	p := d.programme(root)
	if len(d.problems) > 0 {
		if d.more > 0 {
			d.problems = append(d.problems, &InvalidError{Thing: "further down", Why: fmt.Sprintf("%d more values do not hold", d.more)})
		}
		return Programme{}, errors.Join(d.problems...)
	}
	return p, nil
}

// decoder turns JSON values into a Programme and notes what does not hold.
type decoder struct {
	problems []error
	more     int
	unknown  map[string]bool // paths, indices left out, told once each
	findings []Finding
}

func (d *decoder) wrong(n *jsonNode, path, why, hint string) {
	if len(d.problems) >= maxProblems {
		d.more++
		return
	}
	thing := fmt.Sprintf("line %d", n.line)
	if path != "" {
		thing += ": " + path
	}
	d.problems = append(d.problems, &InvalidError{Thing: thing, Why: why, Hint: hint})
}

const programmeHint = `a programme looks like {"edition": {"title": "…"}, "items": [{"kind": "talk", "title": "…"}]}; rostrum read --schema prints the whole form`

func (d *decoder) programme(n *jsonNode) Programme {
	var p Programme
	if n.kind != jsonObject {
		d.wrong(n, "", "a programme is an object, this is "+n.describe(), programmeHint)
		return p
	}
	d.known(n, "", "edition", "items", "findings", "$schema")
	if e := n.field("edition"); e == nil {
		d.wrong(n, "edition", "is missing", programmeHint)
	} else {
		p.Edition = d.edition(e)
	}
	items := n.field("items")
	if items == nil {
		d.wrong(n, "items", "is missing", programmeHint)
	} else {
		p.Items = list(d, items, "items", maxItems, (*decoder).item)
		if p.Items == nil {
			p.Items = []Item{} // so that it is written as a list again
		}
	}
	p.Findings = list(d, n.field("findings"), "findings", maxFindings, (*decoder).finding)
	for i, f := range p.Findings {
		if f.Item != nil && *f.Item >= len(p.Items) && items != nil {
			d.wrong(n.field("findings").elems[i], fmt.Sprintf("findings[%d].item", i), fmt.Sprintf("there is no item %d", *f.Item), "items count from 0")
		}
	}
	p.Findings = append(p.Findings, d.findings...)
	return p
}

func (d *decoder) edition(n *jsonNode) EditionInfo {
	var e EditionInfo
	if !d.object(n, "edition") {
		return e
	}
	d.known(n, "edition", "title", "series", "start_date", "end_date", "venue", "city", "country", "language", "url",
		"organizers", "topics", "related_editions", "places")
	at := func(name string) (*jsonNode, string) { return n.field(name), "edition." + name }
	text := func(name string) string { f, path := at(name); return d.text(f, path, maxText) }
	texts := func(name string, most int) []string { f, path := at(name); return d.texts(f, path, most) }
	e.Title, e.Series, e.Venue, e.City, e.Country, e.URL = text("title"), text("series"), text("venue"), text("city"), text("country"), text("url")
	start, path := at("start_date")
	e.StartDate = d.date(start, path)
	end, path := at("end_date")
	e.EndDate = d.date(end, path)
	if e.StartDate != "" && e.EndDate != "" && e.EndDate < e.StartDate {
		d.wrong(end, path, fmt.Sprintf("%s is before start_date %s", e.EndDate, e.StartDate), "")
	}
	lang, path := at("language")
	e.Language = d.language(lang, path)
	e.Organizers, e.Topics, e.RelatedEditions = texts("organizers", maxPeople), texts("topics", maxLinks), texts("related_editions", maxLinks)
	places, path := at("places")
	e.Places = d.places(places, path)
	return e
}

func (d *decoder) item(n *jsonNode, path string) Item {
	var i Item
	if !d.object(n, path) {
		return i
	}
	d.known(n, path, "kind", "title", "speakers", "date", "start", "end", "room", "track", "session", "abstract", "language",
		"topics", "url", "slides", "video", "paper", "slides_marked", "places")
	at := func(name string) (*jsonNode, string) { return n.field(name), path + "." + name }
	text := func(name string, most int) string { f, p := at(name); return d.text(f, p, most) }
	links := func(name string) []string { f, p := at(name); return d.texts(f, p, maxLinks) }
	kind, p := at("kind")
	i.Kind = d.kind(n, kind, p)
	title, p := at("title")
	i.Title = d.must(n, title, p, "every line of a programme has one")
	speakers, p := at("speakers")
	i.Speakers = list(d, speakers, p, maxPeople, (*decoder).credit)
	date, p := at("date")
	i.Date = d.date(date, p)
	start, p := at("start")
	i.Start = d.clock(start, p)
	end, p := at("end")
	i.End = d.clock(end, p)
	i.Room, i.Track, i.Session, i.URL = text("room", maxText), text("track", maxText), text("session", maxText), text("url", maxText)
	i.Abstract = text("abstract", maxLongText)
	lang, p := at("language")
	i.Language = d.language(lang, p)
	i.Topics, i.Slides, i.Video, i.Paper = links("topics"), links("slides"), links("video"), links("paper")
	marked, p := at("slides_marked")
	i.SlidesMarked = d.boolean(marked, p)
	places, p := at("places")
	i.Places = d.places(places, p)
	return i
}

func (d *decoder) credit(n *jsonNode, path string) Credit {
	var c Credit
	if n.kind == jsonString {
		d.wrong(n, path, "a speaker is an object, this is a string", `write {"name": `+n.quote()+`}`)
		return c
	}
	if !d.object(n, path) {
		return c
	}
	d.known(n, path, "name", "affiliation", "role", "bio", "url")
	text := func(name string, most int) string { return d.text(n.field(name), path+"."+name, most) }
	c.Name = d.must(n, n.field("name"), path+".name", "leave out speakers whose name is not known")
	c.Affiliation, c.Role, c.Bio, c.URL = text("affiliation", maxText), text("role", maxText), text("bio", maxLongText), text("url", maxText)
	return c
}

func (d *decoder) finding(n *jsonNode, path string) Finding {
	var f Finding
	if !d.object(n, path) {
		return f
	}
	d.known(n, path, "code", "text", "item", "field", "url", "place")
	f.Code = FindingCode(d.must(n, n.field("code"), path+".code", ""))
	f.Text = d.must(n, n.field("text"), path+".text", "")
	f.Field, f.URL = d.text(n.field("field"), path+".field", maxText), d.text(n.field("url"), path+".url", maxText)
	if v, ok := d.whole(n.field("item"), path+".item"); ok {
		f.Item = &v
	}
	if p := n.field("place"); p != nil {
		place := d.place(p, path+".place")
		f.Place = &place
	}
	return f
}

func (d *decoder) places(n *jsonNode, path string) Places {
	if n == nil || !d.object(n, path) || len(n.names) == 0 {
		return nil
	}
	out := Places{}
	for i, name := range n.names {
		if n.elems[i].kind != jsonNull {
			out[name] = d.place(n.elems[i], path+"."+name)
		}
	}
	return out
}

func (d *decoder) place(n *jsonNode, path string) Place {
	var p Place
	if !d.object(n, path) {
		return p
	}
	d.known(n, path, "path", "line", "quote", "sure")
	p.Path, p.Quote = d.text(n.field("path"), path+".path", maxLongText), d.text(n.field("quote"), path+".quote", maxText)
	p.Line, _ = d.whole(n.field("line"), path+".line")
	if s := n.field("sure"); s != nil {
		if s.kind != jsonNumber || s.number < 0 || s.number > 1 {
			d.wrong(s, path+".sure", s.describe()+" is no number from 0 to 1", "")
		}
		p.Sure = s.number
	}
	return p
}

// list decodes an array; nil and null are none.
func list[T any](d *decoder, n *jsonNode, path string, most int, one func(*decoder, *jsonNode, string) T) []T {
	switch {
	case n == nil:
		return nil
	case n.kind != jsonArray:
		d.wrong(n, path, "must be a list, this is "+n.describe(), "")
		return nil
	case len(n.elems) > most:
		d.wrong(n, path, fmt.Sprintf("has %d elements, at most %d are taken", len(n.elems), most), "")
		return nil
	case len(n.elems) == 0:
		return nil
	}
	out := make([]T, 0, len(n.elems))
	for i, e := range n.elems {
		out = append(out, one(d, e, fmt.Sprintf("%s[%d]", path, i)))
	}
	return out
}

func (d *decoder) texts(n *jsonNode, path string, most int) []string {
	return list(d, n, path, most, func(d *decoder, n *jsonNode, path string) string {
		if s := d.text(n, path, maxText); n.kind != jsonString || strings.TrimSpace(s) != "" {
			if n.kind == jsonNull {
				d.wrong(n, path, "must be a string, this is null", "")
			}
			return s
		}
		d.wrong(n, path, "is empty", "leave it out")
		return ""
	})
}

func (d *decoder) object(n *jsonNode, path string) bool {
	if n.kind != jsonObject {
		d.wrong(n, path, "must be an object, this is "+n.describe(), "")
		return false
	}
	return true
}

// known tells, once for each place, of fields with another name.
func (d *decoder) known(n *jsonNode, path string, names ...string) {
next:
	for _, name := range n.names {
		for _, k := range names {
			if name == k {
				continue next
			}
		}
		if len(name) > 100 {
			name = strings.ToValidUTF8(name[:100], "") + "…"
		}
		where := indexRE.ReplaceAllString(strings.TrimPrefix(path+"."+name, "."), "[]")
		if !d.unknown[where] && len(d.unknown) < maxProblems {
			d.unknown[where] = true
			d.findings = append(d.findings, Finding{Code: FindingInvalid, Text: "Programme JSON has no field " + where + "; it was left out", Field: name, Place: &Place{Line: n.line}})
		}
	}
}

func (d *decoder) text(n *jsonNode, path string, most int) string {
	switch {
	case n == nil || n.kind == jsonNull:
		return ""
	case n.kind != jsonString:
		d.wrong(n, path, "must be a string, this is "+n.describe(), "")
		return ""
	case len(n.text) > most && utf8.RuneCountInString(n.text) > most:
		d.wrong(n, path, fmt.Sprintf("has %d characters, at most %d are taken", utf8.RuneCountInString(n.text), most), "")
		return ""
	}
	return n.text
}

// must is text that has to be there; parent gives the line when it is not.
func (d *decoder) must(parent, n *jsonNode, path, hint string) string {
	if n == nil {
		d.wrong(parent, path, "is missing", hint)
		return ""
	}
	s := d.text(n, path, maxText)
	if n.kind == jsonString && strings.TrimSpace(s) == "" && strings.TrimSpace(n.text) == "" {
		d.wrong(n, path, "is empty", hint)
	}
	return s
}

func (d *decoder) kind(parent, n *jsonNode, path string) Kind {
	k := Kind(d.must(parent, n, path, "write one of "+kindsList()))
	if k != "" && !k.Valid() {
		d.wrong(n, path, n.quote()+" is no kind of item", "write one of "+kindsList())
	}
	return k
}

func kindsList() string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

func (d *decoder) date(n *jsonNode, path string) Date {
	v := Date(d.text(n, path, maxText))
	if v != "" && !v.Valid() {
		d.wrong(n, path, n.quote()+" is no day of the calendar", "write it as 2017-12-06")
	}
	return v
}

func (d *decoder) clock(n *jsonNode, path string) Clock {
	v := Clock(d.text(n, path, maxText))
	if v != "" && !v.Valid() {
		d.wrong(n, path, n.quote()+" is no time of day", "write it as 09:15, with 24 hours")
	}
	return v
}

func (d *decoder) language(n *jsonNode, path string) string {
	v := d.text(n, path, maxText)
	if v != "" && !languageRE.MatchString(v) {
		d.wrong(n, path, n.quote()+" is no language tag", `write it as "en" or "pt-BR" (BCP 47)`)
	}
	return v
}

func (d *decoder) boolean(n *jsonNode, path string) bool {
	if n == nil {
		return false
	}
	if n.kind != jsonTrue && n.kind != jsonFalse {
		d.wrong(n, path, "must be true or false, this is "+n.describe(), "")
	}
	return n.kind == jsonTrue
}

// whole decodes a number from 0; false when it is not there.
func (d *decoder) whole(n *jsonNode, path string) (int, bool) {
	if n == nil {
		return 0, false
	}
	v := int(n.number)
	if n.kind != jsonNumber || n.number < 0 || n.number > 1e9 || float64(v) != n.number {
		d.wrong(n, path, n.describe()+" is no whole number from 0", "")
		return 0, false
	}
	return v, true
}

var (
	languageRE = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)
	indexRE    = regexp.MustCompile(`\[\d+\]`)
)
