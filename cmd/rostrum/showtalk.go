package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"rostrum/archive"
)

// Bounds of what is shown of a talk.
const (
	slidesShown  = 40
	othersShown  = 8
	relatedShown = 5
	talksShown   = 100 // of a person or topic
)

// personRef, editionRef and talkRef name things for programs.
type personRef struct {
	ID          archive.PersonID `json:"id,omitempty"`
	Name        string           `json:"name"` // as printed
	Affiliation string           `json:"affiliation,omitempty"`
	Role        string           `json:"role,omitempty"`
}

type editionRef struct {
	ID    archive.EditionID `json:"id"`
	Title string            `json:"title"`
	Date  archive.Date      `json:"date,omitempty"`
}

type talkRef struct {
	ID       archive.TalkID `json:"id"`
	Title    string         `json:"title"`
	Kind     archive.Kind   `json:"kind"`
	Date     archive.Date   `json:"date,omitempty"`
	Start    archive.Clock  `json:"start,omitempty"`
	End      archive.Clock  `json:"end,omitempty"`
	Speakers []personRef    `json:"speakers,omitempty"`
	Slides   int            `json:"slides,omitempty"`
	Words    []string       `json:"words,omitempty"` // of a related talk: what both share
}

type deckRef struct {
	Address string            `json:"address"` // the link as it was printed
	State   archive.DeckState `json:"state"`
	Reason  string            `json:"reason,omitempty"`
	Path    string            `json:"path,omitempty"` // of its slides here
	Media   string            `json:"media,omitempty"`
	Bytes   int64             `json:"bytes,omitempty"`
	SHA256  archive.BlobID    `json:"sha256,omitempty"`
	Slides  []slideTitle      `json:"slides,omitempty"`
}

type slideTitle struct {
	Number int    `json:"number"`
	Title  string `json:"title,omitempty"` // its first line
}

// talkJSON is a talk for programs.
type talkJSON struct {
	Thing    string         `json:"thing"`
	ID       archive.TalkID `json:"id"`
	Path     string         `json:"path"`
	Title    string         `json:"title"`
	Kind     archive.Kind   `json:"kind"`
	Speakers []personRef    `json:"speakers"`
	Edition  editionRef     `json:"edition"`
	Date     archive.Date   `json:"date,omitempty"`
	Start    archive.Clock  `json:"start,omitempty"`
	End      archive.Clock  `json:"end,omitempty"`
	Room     string         `json:"room,omitempty"`
	Track    string         `json:"track,omitempty"`
	Session  string         `json:"session,omitempty"`
	Language string         `json:"language,omitempty"`
	Abstract string         `json:"abstract,omitempty"`
	Topics   []string       `json:"topics,omitempty"`
	URL      string         `json:"url,omitempty"`
	Video    []string       `json:"video,omitempty"`
	Paper    []string       `json:"paper,omitempty"`
	Decks    []deckRef      `json:"decks"`
	Gone     bool           `json:"gone,omitempty"` // its source no longer has it
	Source   *sourceRef     `json:"source,omitempty"`
	Others   []talkRef      `json:"others,omitempty"` // of the same people
	Related  []talkRef      `json:"related,omitempty"`
}

type sourceRef struct {
	Address string    `json:"address"`
	Fetched time.Time `json:"fetched"`
	Seen    time.Time `json:"seen,omitzero"`
}

// refsOf names the people of a talk.
func refsOf(t archive.Talk) []personRef {
	list := []personRef{}
	for _, c := range t.Speakers {
		list = append(list, personRef{c.Person, c.Name, c.Affiliation, c.Role})
	}
	return list
}

// talkRefOf names a talk; its edition gives the day when it has none itself.
func talkRefOf(t archive.Talk, day archive.Date) talkRef {
	r := talkRef{ID: t.ID, Title: t.Title, Kind: t.Kind, Date: t.Date, Start: t.Start, End: t.End, Speakers: refsOf(t)}
	if r.Date == "" {
		r.Date = day
	}
	for _, d := range t.Decks {
		r.Slides += d.Slides
	}
	return r
}

// talk shows one talk.
func (v *shower) talk(ctx context.Context, id archive.TalkID) error {
	t, err := follow(id, func(id archive.TalkID) (archive.Talk, error) { return v.db.TalkByID(ctx, id) })
	if err != nil {
		return err
	}
	e, err := v.db.EditionByID(ctx, t.Edition())
	if err != nil {
		return err
	}
	ref := talkRefOf(t, e.StartDate)
	out := talkJSON{
		Thing: "talk", ID: t.ID, Path: "/" + string(t.ID), Title: t.Title, Kind: t.Kind, Speakers: ref.Speakers,
		Edition: editionRef{e.ID, e.Called(), e.StartDate}, Date: ref.Date, Start: t.Start, End: t.End, Room: t.Room, Track: t.Track, Session: t.Session,
		Language: t.Language, Abstract: t.Abstract, Topics: t.Topics, URL: t.URL, Video: t.Video, Paper: t.Paper, Decks: []deckRef{}, Gone: t.Gone,
	}
	if out.Decks, err = v.decksOf(ctx, t); err != nil {
		return err
	}
	if t.Snapshot != 0 {
		snap, err := v.db.Snapshot(ctx, t.Snapshot)
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return err
		}
		if err == nil {
			out.Source = &sourceRef{snap.Address, snap.Fetched, snap.Seen}
		}
	}
	if out.Others, err = v.othersOf(ctx, t); err != nil {
		return err
	}
	if out.Related, err = v.relatedTo(ctx, t, out.Others); err != nil {
		return err
	}
	if v.a.json {
		v.a.printJSON(out)
		return nil
	}
	v.printTalk(out, e)
	return nil
}

// decksOf tells what became of a talk's decks, with the titles of their slides.
func (v *shower) decksOf(ctx context.Context, t archive.Talk) ([]deckRef, error) {
	list := []deckRef{}
	for i, d := range t.Decks {
		r := deckRef{Address: d.Address, State: d.State, Reason: d.Reason, Media: d.Media, Bytes: d.Bytes, SHA256: d.Blob}
		if d.State == archive.DeckRead {
			deck, err := v.db.Deck(ctx, d.Blob)
			if err != nil {
				return nil, err
			}
			r.Path = "/" + string(t.ID) + "/slides"
			if i > 0 {
				r.Path += fmt.Sprintf("-%d", i+1)
			}
			for _, s := range deck.Slides {
				first, _, _ := strings.Cut(strings.TrimSpace(s.Text), "\n")
				r.Slides = append(r.Slides, slideTitle{s.Number, strings.TrimSpace(first)})
			}
		}
		list = append(list, r)
	}
	return list, nil
}

// othersOf are further talks of the same people, latest first.
func (v *shower) othersOf(ctx context.Context, t archive.Talk) ([]talkRef, error) {
	var talks []archive.Talk
	seen := map[archive.TalkID]bool{t.ID: true}
	for _, c := range t.Speakers[:min(len(t.Speakers), 4)] {
		if c.Person == "" {
			continue
		}
		more, err := v.db.PersonTalks(ctx, c.Person)
		if err != nil && !errors.Is(err, archive.ErrNotFound) {
			return nil, err
		}
		for _, other := range more {
			if !seen[other.ID] {
				seen[other.ID] = true
				talks = append(talks, other)
			}
		}
	}
	list, err := v.refs(ctx, talks)
	return list[:min(len(list), othersShown)], err
}

// refs names talks, the latest first; where a talk has no day of its own, its
// edition gives it.
func (v *shower) refs(ctx context.Context, talks []archive.Talk) ([]talkRef, error) {
	list := []talkRef{}
	days := map[archive.EditionID]archive.Date{}
	for _, t := range talks {
		day, ok := days[t.Edition()]
		if !ok {
			e, err := v.db.EditionByID(ctx, t.Edition())
			if err != nil {
				return nil, err
			}
			day = e.StartDate
			days[t.Edition()] = day
		}
		list = append(list, talkRefOf(t, day))
	}
	slices.SortStableFunc(list, func(a, b talkRef) int { return strings.Compare(string(b.Date), string(a.Date)) })
	return list, nil
}

// relatedTo asks for talks like one. Where nobody has an index ready there are
// none: to show a talk is no reason to make one.
func (v *shower) relatedTo(ctx context.Context, t archive.Talk, shown []talkRef) ([]talkRef, error) {
	body, err := v.a.askReady(ctx, "/api/v1/related?"+url.Values{"talk": {string(t.ID)}, "limit": {strconv.Itoa(relatedShown + len(shown))}}.Encode())
	if err != nil || body == nil {
		return nil, err
	}
	var answer struct {
		Related []struct {
			ID    archive.TalkID `json:"id"`
			Words []string       `json:"words"`
		} `json:"related"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("the answer about related talks is not understood: %w", err)
	}
	var list []talkRef
	for _, r := range answer.Related {
		if len(list) == relatedShown || slices.ContainsFunc(shown, func(s talkRef) bool { return s.ID == r.ID }) {
			continue
		}
		other, err := v.db.TalkByID(ctx, r.ID)
		if errors.Is(err, archive.ErrNotFound) { // the index has not heard of it yet
			continue
		}
		if err != nil {
			return nil, err
		}
		one := talkRefOf(other, "")
		one.Words = r.Words
		list = append(list, one)
	}
	return list, nil
}

// printTalk writes a talk for people.
func (v *shower) printTalk(t talkJSON, e archive.EditionSummary) {
	v.title(t.Title, t.Path)
	var people []string
	for _, p := range t.Speakers {
		name := p.Name
		if p.Affiliation != "" {
			name += " (" + p.Affiliation + ")"
		}
		people = append(people, name)
	}
	v.prose(0, strings.Join(people, ", "), plain)
	kind := string(t.Kind)
	if t.Language != "" {
		kind += ", in " + languageName(t.Language)
	}
	rows := []fact{
		{"when", joined(", ", day(t.Date), span(t.Start, t.End)), ""},
		{"where", joined(" · ", e.Called(), joined(", ", e.Venue, e.City, e.Country)), v.page("/" + string(e.ID))},
		{"room", joined(" · ", t.Room, t.Track, t.Session), ""},
		{"kind", kind, ""},
		{"topics", strings.Join(t.Topics, ", "), ""},
	}
	for _, address := range t.Video {
		rows = append(rows, fact{"video", address, address})
	}
	for _, address := range t.Paper {
		rows = append(rows, fact{"paper", address, address})
	}
	rows = append(rows, fact{"page", v.page(t.Path), v.page(t.Path)})
	if t.Source != nil {
		rows = append(rows, fact{"source", t.Source.Address, t.Source.Address})
	}
	if t.Gone {
		rows = append(rows, fact{"gone", "its source no longer has it", ""})
	}
	v.facts(rows...)
	if t.Abstract != "" {
		fmt.Fprintln(v.out)
		v.prose(0, t.Abstract, plain)
	}
	for _, d := range t.Decks {
		v.printDeck(d)
	}
	v.talkTable("More by them", t.Others)
	v.talkTable("Related", t.Related)
	next := []string{string(e.ID)}
	for _, p := range t.Speakers {
		if p.ID != "" && len(next) < 4 {
			next = append(next, "people/"+string(p.ID))
		}
	}
	if len(t.Decks) > 0 && t.Decks[0].Path != "" {
		next = append(next, t.Decks[0].Path[1:]+"/1")
	}
	v.next(next)
}

func (v *shower) printDeck(d deckRef) {
	if d.Path == "" {
		v.heading("Slides")
		v.prose(2, joined(": ", string(d.State), d.Reason), plain)
		v.line(2, words{text: d.Address, to: d.Address})
		return
	}
	v.heading(plural(len(d.Slides), "slide"))
	var rows [][]words
	for _, s := range d.Slides[:min(len(d.Slides), slidesShown)] {
		rows = append(rows, []words{{text: strconv.Itoa(s.Number), set: dim, end: true}, {text: s.Title, to: v.page(fmt.Sprintf("%s/%d", d.Path, s.Number))}})
	}
	v.table(2, rows)
	if more := len(d.Slides) - slidesShown; more > 0 {
		v.line(5, words{text: fmt.Sprintf("and %d more: rostrum show %s", more, d.Path[1:]), set: dim})
	}
}

// title begins a sheet.
func (v *shower) title(text, path string) {
	for _, one := range wrap(text, min(v.width, proseWidth)) {
		fmt.Fprintln(v.out, v.show(words{text: one, set: bold, to: v.page(path)}))
	}
}

// talkTable lists talks, with the IDs that show takes.
func (v *shower) talkTable(heading string, list []talkRef) {
	if len(list) == 0 {
		return
	}
	v.heading(heading)
	for i, t := range list {
		if i == talksShown {
			v.line(2, words{text: fmt.Sprintf("and %d more; --json gives all", len(list)-i), set: dim})
			break
		}
		var names []string
		for _, p := range t.Speakers {
			names = append(names, p.Name)
		}
		year := ""
		if y := t.Date.Year(); y != 0 {
			year = strconv.Itoa(y)
		}
		v.line(2, words{text: t.Title, to: v.page("/" + string(t.ID))})
		why := ""
		if len(t.Words) > 0 {
			why = "shares " + strings.Join(t.Words, ", ")
		}
		v.line(4, words{text: joined(" · ", year, strings.Join(names, ", "), why), set: dim})
		v.line(4, words{text: string(t.ID), set: dim, to: v.page("/" + string(t.ID))})
	}
}

// joined joins what is not empty.
func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}

// day writes a date as people do, "Wednesday 6 December 2017"; "" for none.
func day(d archive.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return d.Time().Format("Monday 2 January 2006")
}

// span writes two times of day, "09:45–10:45".
func span(from, to archive.Clock) string {
	return joined("–", string(from), string(to))
}

// languageName is the English name of a language; the tag itself when it has none.
func languageName(tag string) string {
	t, err := language.Parse(tag)
	if err != nil {
		return tag
	}
	if name := display.English.Languages().Name(t); name != "" {
		return name
	}
	return tag
}
