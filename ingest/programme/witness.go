package programme

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"rostrum/archive"
	"rostrum/internal/htmltext"
)

// testimony is what a page's machine-readable hints say of one gathering: of the
// edition or of an item. It is heard, not believed: templates are copied, and
// their data with them. What the page shows to people goes before it.
type testimony struct {
	Name                 string
	Start, End           moment
	Venue, City, Country string
	Organizers, People   []string
	Hint                 *htmltext.Hint // that it was read from
	// Hints are those of single values, where they have elements of their own.
	Hints map[string]*htmltext.Hint
	Parts []testimony // gatherings within it
}

// moment is a day and perhaps a time of day.
type moment struct {
	date  archive.Date
	clock archive.Clock
}

// Bounds on what is heard.
const (
	maxWitnesses = 8
	maxTestimony = 2000
)

// hearWitnesses reads JSON-LD, microdata, RDFa and microformats, and tells the
// edition's testimony from those of items.
func (r *reader) hearWitnesses() {
	var all []testimony
	if r.off("witness") {
		return
	}
	for i := range r.doc.JSONLD {
		hint := &r.doc.JSONLD[i]
		if i >= maxWitnesses || len(hint.Content) > 1<<20 {
			break
		}
		var v any
		if json.Unmarshal([]byte(hint.Content), &v) == nil {
			all = append(all, gatheringsIn(v, hint, 0)...)
		}
	}
	all = append(all, r.markedGatherings()...)
	root := r.ofEdition(all)
	for i := range all {
		if i == root {
			r.witness = all[i]
			r.itemWitnesses = append(r.itemWitnesses, all[i].Parts...)
			continue
		}
		r.itemWitnesses = append(append(r.itemWitnesses, all[i]), all[i].Parts...)
	}
	r.itemWitnesses = r.itemWitnesses[:min(len(r.itemWitnesses), maxTestimony)]
}

// ofEdition picks the testimony about the edition itself, or -1: the one that
// has parts, the one that the page's title names, the first of one or two.
func (r *reader) ofEdition(all []testimony) int {
	titles := fold(strings.Join(r.doc.Titles, " "))
	for i := range all {
		if len(all[i].Parts) > 0 {
			return i
		}
	}
	for i := range all {
		if name := fold(all[i].Name); name != "" && strings.Contains(titles, name) {
			return i
		}
	}
	if len(all) > 0 && len(all) <= 2 {
		return 0
	}
	return -1
}

// gatheringsIn finds events in JSON-LD.
func gatheringsIn(v any, hint *htmltext.Hint, depth int) []testimony {
	if depth > 6 {
		return nil
	}
	var out []testimony
	switch t := v.(type) {
	case []any:
		for _, e := range t[:min(len(t), maxTestimony)] {
			out = append(out, gatheringsIn(e, hint, depth+1)...)
		}
	case map[string]any:
		if !eventType(text(t["@type"])) {
			return gatheringsIn(t["@graph"], hint, depth+1)
		}
		w := testimony{Name: text(t["name"]), Start: momentOf(text(t["startDate"])), End: momentOf(text(t["endDate"])), Organizers: names(t["organizer"]), People: names(t["performer"]), Hint: hint}
		w.place(t["location"])
		w.Parts = append(gatheringsIn(t["subEvent"], hint, depth+1), gatheringsIn(t["subEvents"], hint, depth+1)...)
		if w.Name != "" {
			out = append(out, w)
		}
	}
	return out
}

// hint gives where a value was said.
func (w *testimony) hint(value string) *htmltext.Hint {
	if h := w.Hints[value]; h != nil {
		return h
	}
	return w.Hint
}

// eventType says whether a type of schema.org is one of events.
func eventType(kind string) bool {
	return strings.HasSuffix(kind, "Event") || strings.HasSuffix(kind, "/Event") || strings.HasSuffix(kind, "EventSeries")
}

func (w *testimony) place(v any) {
	if list, ok := v.([]any); ok && len(list) > 0 {
		v = list[0]
	}
	m, ok := v.(map[string]any)
	if !ok {
		w.Venue = text(v)
		return
	}
	w.Venue = text(m["name"])
	if a, ok := m["address"].(map[string]any); ok {
		w.City, w.Country = text(a["addressLocality"]), text(a["addressCountry"])
		if c, ok := a["addressCountry"].(map[string]any); ok {
			w.Country = text(c["name"])
		}
	}
}

// names lists the names of people or organizations.
func names(v any) []string {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	var out []string
	for _, e := range list[:min(len(list), 40)] {
		if m, ok := e.(map[string]any); ok {
			e = m["name"]
		}
		if s := text(e); s != "" {
			out = appendNew(out, s)
		}
	}
	return out
}

func text(v any) string {
	switch t := v.(type) {
	case string:
		return cut(htmltext.Collapse(t), 200)
	case []any:
		if len(t) > 0 {
			return text(t[0])
		}
	}
	return ""
}

// markedGatherings reads what the page's elements are marked to be.
func (r *reader) markedGatherings() []testimony {
	var out []testimony
	for _, g := range r.doc.Gatherings(maxTestimony) {
		if t := testimonyOf(g); t.Name != "" {
			out = append(out, t)
		}
	}
	return out
}

func testimonyOf(g *htmltext.Thing) testimony {
	t := testimony{
		Name: g.First("name"), Start: momentOf(g.First("startDate")), End: momentOf(g.First("endDate")), Venue: g.First("location.name"), City: g.First("location.addressLocality"), Country: g.First("location.addressCountry"),
		Organizers: g.All("organizer"), People: g.All("performer"), Hint: &htmltext.Hint{Content: g.First("name"), Node: g.Node},
	}
	t.Hints = map[string]*htmltext.Hint{"start": g.Hint("startDate"), "end": g.Hint("endDate"), "venue": g.Hint("location.name"), "city": g.Hint("location.addressLocality"), "country": g.Hint("location.addressCountry"), "people": g.Hint("performer")}
	if t.Venue == "" {
		t.Venue, t.Hints["venue"] = g.First("location"), g.Hint("location")
	}
	for _, p := range g.Parts {
		if part := testimonyOf(p); part.Name != "" {
			t.Parts = append(t.Parts, part)
		}
	}
	return t
}

var momentRE = regexp.MustCompile(`^(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?\d\d(?:\.\d+)?)?(.*))?$`)

// momentOf reads a date and time of ISO 8601, in whichever zone the clocks of the
// place show. One in universal time tells the day only: nobody there reads it so.
func momentOf(s string) moment {
	m := momentRE.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return moment{}
	}
	at := moment{date: archive.MakeDate(atoi(m[1]), atoi(m[2]), atoi(m[3]))}
	if hour, minute := atoi(m[4]), atoi(m[5]); m[4] != "" && m[6] != "Z" && hour < 24 && minute < 60 && at.date != "" {
		at.clock = archive.MakeClock(hour*60 + minute)
	}
	return at
}

// hearDates hears what the edition's witness says of its first day: it counts
// where the page shows the same day, or none at all.
func (r *reader) hearDates(shown []datedLine) []datedLine {
	start := r.witness.Start.date
	if start == "" {
		return shown
	}
	score := 0.6
	for _, d := range shown {
		if d.score <= 0.2 || d.date.month == 0 {
			continue
		}
		first, last := d.date.withYear(start.Year())
		if d.date.year == 0 || d.date.year == start.Year() {
			if first <= start && start <= last {
				score = 1.5
				break
			}
		}
		score = -1
	}
	if score < 0 {
		r.contradict(archive.FindingDateOdd, "start_date", "The page's data for machines date it "+string(start)+", which no date on the page agrees with; they were left aside.", r.witness.Hint)
		r.witness.Start, r.witness.End = moment{}, moment{}
		return shown
	}
	said := dateSpan{year: start.Year(), month: int(start.Time().Month()), day: start.Time().Day(), weekday: -1, printed: r.witness.hint("start").Content}
	if end := r.witness.End.date; end > start {
		said.year2, said.month2, said.day2 = end.Year(), int(end.Time().Month()), end.Time().Day()
	}
	return append(shown, datedLine{said, spot{hint: r.witness.hint("start")}, score + 0.5})
}

// hearPlace hears where the edition's witness says that it is. What the page
// shows goes before it: the place is taken only where the page names the town or
// the house, or names no other.
func (r *reader) hearPlace(e *archive.EditionInfo) {
	w := &r.witness
	if w.City == "" && w.Venue == "" {
		return
	}
	vouched := r.shows(w.Name) || w.Start.date != ""
	agrees := w.City != "" && r.shows(w.City) || w.Venue != "" && r.shows(w.Venue)
	shown := e.City != "" || e.Venue != ""
	if !agrees && (shown || !vouched) {
		if shown {
			r.contradict(archive.FindingDoubtful, "venue", "The page's data for machines put it at “"+joinNonEmpty(w.Venue, w.City)+"”, which the page does not name; they were left aside.", w.Hint)
		}
		return
	}
	sure := 0.5
	if agrees {
		sure = 0.8
	}
	for _, field := range []struct {
		name, said string
		value      *string
	}{{"venue", w.Venue, &e.Venue}, {"city", w.City, &e.City}, {"country", w.Country, &e.Country}} {
		if field.said == "" || len(field.said) == 2 && !r.shows(field.said) || *field.value != "" && !r.shows(field.said) {
			continue // a country's code is a machine's word
		}
		*field.value = field.said
		e.Places[field.name] = r.placeOf(spot{hint: w.hint(field.name)}, field.said, sure)
	}
}

func joinNonEmpty(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// shows says whether a text stands on the page for people to see.
func (r *reader) shows(text string) bool {
	want := fold(text)
	if want == "" {
		return false
	}
	for i := range r.doc.Lines {
		if l := &r.doc.Lines[i]; !l.Hidden && len(l.Text) >= len(text) && strings.Contains(" "+fold(l.Text)+" ", " "+want+" ") {
			return true
		}
	}
	for _, t := range r.doc.Titles {
		if strings.Contains(fold(t), want) {
			return true
		}
	}
	return false
}

// hearOrganizers takes organizers from the witness where the page shows their
// names but does not say that they organize.
func (r *reader) hearOrganizers(have []printed) []printed {
	if len(have) > 0 {
		return have
	}
	for _, name := range r.witness.Organizers {
		if !r.shows(name) {
			continue
		}
		if line := r.lineWith(name, 0); line >= 0 {
			have = append(have, printed{name, line})
		}
	}
	return have
}

// hearItems lets testimonies about items say what the page does not show of
// them: day, times, people. What it shows stays; a time that it shows otherwise
// is told as a Finding.
func (r *reader) hearItems(items []archive.Item) {
	if len(r.itemWitnesses) == 0 {
		return
	}
	byName := map[string]*testimony{}
	for i := range r.itemWitnesses {
		w := &r.itemWitnesses[i]
		name := fold(w.Name)
		if byName[name] != nil {
			byName[name] = &testimony{} // two of one name speak for neither
			continue
		}
		byName[name] = w
	}
	for k := range items {
		if w := byName[fold(items[k].Title)]; w != nil && w.Name != "" {
			r.hearItem(k, &items[k], w)
		}
	}
}

func (r *reader) hearItem(k int, it *archive.Item, w *testimony) {
	told := func(value string) source { return source{piece: -1, hint: w.hint(value), sure: 0.6} }
	if it.Date == "" && w.Start.date != "" {
		it.Date = w.Start.date
		r.from[k]["date"] = told("start")
	}
	switch {
	case w.Start.clock == "":
	case it.Date != w.Start.date:
		r.contradict(archive.FindingDateOdd, "date", "The page's data for machines put “"+it.Title+"” on "+string(w.Start.date)+", the page on "+string(it.Date)+".", w.Hint)
		return
	case it.Start == "":
		it.Start = w.Start.clock
		r.from[k]["start"] = told("start")
	case it.Start != w.Start.clock:
		r.contradict(archive.FindingTimeOdd, "start", "The page's data for machines let “"+it.Title+"” start at "+string(w.Start.clock)+", the page at "+string(it.Start)+".", w.Hint)
		return
	}
	if it.End == "" && w.End.clock != "" && it.Start == w.Start.clock && w.End.date == w.Start.date && w.End.clock > w.Start.clock {
		it.End = w.End.clock
		r.from[k]["end"] = told("end")
	}
	if len(it.Speakers) == 0 {
		for _, name := range w.People {
			if c := cleanName(name); c != "" && r.shows(name) {
				r.from[k][inList("speakers", len(it.Speakers))] = told("people")
				it.Speakers = append(it.Speakers, archive.Credit{Name: c})
			}
		}
	}
}

// maxContradictions bounds how often the hints' disagreement is told.
const maxContradictions = 10

// contradict notes that a hint says otherwise than the page.
func (r *reader) contradict(code archive.FindingCode, field, sentence string, hint *htmltext.Hint) {
	if len(r.contradictions) >= maxContradictions {
		return
	}
	place := r.placeAt(hint, 0)
	r.contradictions = append(r.contradictions, archive.Finding{Code: code, Text: sentence, Field: field, Place: &place})
}
