package archive

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// LayItems makes one Item of what several Snapshots say of it, the one that
// spoke last first. Each field is taken from the first that gives it; links
// are gathered from all, since a page that names a video does not deny the
// slides that another names. Places are left out: they belong to one Snapshot.
func LayItems(read []Item) Item {
	if len(read) == 0 {
		return Item{}
	}
	shown := read[0]
	shown.Places = nil
	shown.Speakers = slices.Clone(shown.Speakers)
	for _, more := range read[1:] {
		first(&shown.Kind, more.Kind)
		first(&shown.Title, more.Title)
		first(&shown.Date, more.Date)
		if shown.Start == "" && shown.End == "" {
			shown.Start, shown.End = more.Start, more.End
		}
		first(&shown.Room, more.Room)
		first(&shown.Track, more.Track)
		first(&shown.Session, more.Session)
		first(&shown.Abstract, more.Abstract)
		first(&shown.Language, more.Language)
		first(&shown.URL, more.URL)
		shown.Speakers = layCredits(shown.Speakers, more.Speakers)
		shown.Topics = union(shown.Topics, more.Topics)
		shown.Slides = union(shown.Slides, more.Slides)
		shown.Video = union(shown.Video, more.Video)
		shown.Paper = union(shown.Paper, more.Paper)
		shown.SlidesMarked = shown.SlidesMarked || more.SlidesMarked
	}
	shown.SlidesMarked = shown.SlidesMarked && len(shown.Slides) == 0
	return shown
}

// layCredits keeps the cast of the first that gives one, and fills in what the
// other knows of the same names.
func layCredits(shown, more []Credit) []Credit {
	if len(shown) == 0 {
		return slices.Clone(more)
	}
	for i := range shown {
		key := NameKey(shown[i].Name)
		for _, c := range more {
			if key != "" && NameKey(c.Name) == key {
				first(&shown[i].Affiliation, c.Affiliation)
				first(&shown[i].Role, c.Role)
				first(&shown[i].Bio, c.Bio)
				first(&shown[i].URL, c.URL)
				break
			}
		}
	}
	return shown
}

// LayEditions makes one EditionInfo of what several Snapshots say of an
// edition, the one that spoke last first, field by field.
func LayEditions(read []EditionInfo) EditionInfo {
	if len(read) == 0 {
		return EditionInfo{}
	}
	shown := read[0]
	shown.Places = nil
	for _, more := range read[1:] {
		first(&shown.Title, more.Title)
		first(&shown.Series, more.Series)
		if shown.StartDate == "" && shown.EndDate == "" {
			shown.StartDate, shown.EndDate = more.StartDate, more.EndDate
		}
		first(&shown.Venue, more.Venue)
		first(&shown.City, more.City)
		first(&shown.Country, more.Country)
		first(&shown.Language, more.Language)
		first(&shown.URL, more.URL)
		shown.Organizers = union(shown.Organizers, more.Organizers)
		shown.Topics = union(shown.Topics, more.Topics)
		shown.RelatedEditions = union(shown.RelatedEditions, more.RelatedEditions)
	}
	return shown
}

func first[T ~string](to *T, from T) {
	if *to == "" {
		*to = from
	}
}

// union appends to a what b has and a has not, without touching either.
func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(slices.Clip(a), s)
		}
	}
	return a
}

// TalkFields are the fields of a talk that can be corrected, by their names in
// Programme JSON.
func TalkFields() []string {
	return []string{
		"kind", "title", "speakers", "date", "start", "end", "room", "track", "session", "abstract", "language", "topics", "url", "slides",
		"video", "paper",
	}
}

// EditionFields are the fields of an edition that can be corrected.
func EditionFields() []string {
	return []string{
		"title", "start_date", "end_date", "venue", "city", "country", "language", "url", "organizers", "topics", "related_editions",
	}
}

// PersonFields are the fields of a person that can be corrected.
func PersonFields() []string { return []string{"name", "bio", "url"} }

// CorrectItem lays a corrected value, as JSON, over one field of an Item. The
// value must have the field's type and hold: a date that exists, a kind that
// is known. An *InvalidError says what is wrong.
func CorrectItem(shown Item, field string, value json.RawMessage) (Item, error) {
	if !slices.Contains(TalkFields(), field) {
		return shown, noField(field, "talk", TalkFields())
	}
	// A fresh value, since decoding into a used list mixes old and new.
	var fresh Item
	if err := decodeField(field, value, &fresh); err != nil {
		return shown, err
	}
	if err := validItem(fresh, field); err != nil {
		return shown, err
	}
	copyItemField(&shown, fresh, field)
	return shown, nil
}

func copyItemField(to *Item, from Item, field string) {
	switch field {
	case "kind":
		to.Kind = from.Kind
	case "title":
		to.Title = from.Title
	case "speakers":
		to.Speakers = from.Speakers
	case "date":
		to.Date = from.Date
	case "start":
		to.Start = from.Start
	case "end":
		to.End = from.End
	case "room":
		to.Room = from.Room
	case "track":
		to.Track = from.Track
	case "session":
		to.Session = from.Session
	case "abstract":
		to.Abstract = from.Abstract
	case "language":
		to.Language = from.Language
	case "topics":
		to.Topics = from.Topics
	case "url":
		to.URL = from.URL
	case "slides":
		to.Slides = from.Slides
	case "video":
		to.Video = from.Video
	case "paper":
		to.Paper = from.Paper
	}
}

// ItemField returns a field's value as JSON, as a correction holds it; nil for
// a field that is none.
func ItemField(it Item, field string) json.RawMessage {
	if !slices.Contains(TalkFields(), field) {
		return nil
	}
	return fieldJSON(it, field)
}

// EditionField is ItemField for an edition.
func EditionField(info EditionInfo, field string) json.RawMessage {
	if !slices.Contains(EditionFields(), field) {
		return nil
	}
	return fieldJSON(info, field)
}

// fieldJSON goes through the whole value's JSON, so that names and forms are
// those of Programme JSON by construction. A field left out is its empty value.
func fieldJSON(v any, field string) json.RawMessage {
	all, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(all, &fields); err != nil {
		return nil
	}
	if raw, ok := fields[field]; ok {
		return raw
	}
	switch field {
	case "speakers", "topics", "slides", "video", "paper", "organizers", "related_editions":
		return json.RawMessage("[]")
	}
	return json.RawMessage(`""`)
}

func decodeField(field string, value json.RawMessage, into any) error {
	name, err := json.Marshal(field)
	if err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader("{" + string(name) + ":" + string(value) + "}"))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil || d.More() {
		return &InvalidError{Thing: field, Why: "the value has not the form of this field", Hint: "write it as in Programme JSON"}
	}
	return nil
}

func noField(field, thing string, known []string) error {
	return &InvalidError{
		Thing: field, Why: fmt.Sprintf("a %s has no such field to correct", thing), Hint: "one of " + strings.Join(known, ", "),
	}
}

func validItem(it Item, field string) error {
	switch {
	case field == "kind" && !it.Kind.Valid():
		return &InvalidError{Thing: field, Why: fmt.Sprintf("%q is no kind of item", it.Kind)}
	case field == "title" && strings.TrimSpace(it.Title) == "":
		return &InvalidError{Thing: field, Why: "it cannot be empty"}
	case field == "date" && it.Date != "" && !it.Date.Valid():
		return &InvalidError{Thing: field, Why: fmt.Sprintf("%q is no day", it.Date), Hint: "write it as 2017-12-06"}
	case field == "start" && it.Start != "" && !it.Start.Valid(), field == "end" && it.End != "" && !it.End.Valid():
		return &InvalidError{Thing: field, Why: "no time of day", Hint: "write it as 09:15"}
	}
	for _, c := range it.Speakers {
		if strings.TrimSpace(c.Name) == "" {
			return &InvalidError{Thing: field, Why: "a speaker without a name"}
		}
	}
	return nil
}

// CorrectEdition is CorrectItem for an edition.
func CorrectEdition(shown EditionInfo, field string, value json.RawMessage) (EditionInfo, error) {
	if !slices.Contains(EditionFields(), field) {
		return shown, noField(field, "edition", EditionFields())
	}
	var fresh EditionInfo
	if err := decodeField(field, value, &fresh); err != nil {
		return shown, err
	}
	for _, d := range []Date{fresh.StartDate, fresh.EndDate} {
		if d != "" && !d.Valid() {
			return shown, &InvalidError{Thing: field, Why: fmt.Sprintf("%q is no day", d), Hint: "write it as 2017-12-06"}
		}
	}
	switch field {
	case "title":
		shown.Title = fresh.Title
	case "start_date":
		shown.StartDate = fresh.StartDate
	case "end_date":
		shown.EndDate = fresh.EndDate
	case "venue":
		shown.Venue = fresh.Venue
	case "city":
		shown.City = fresh.City
	case "country":
		shown.Country = fresh.Country
	case "language":
		shown.Language = fresh.Language
	case "url":
		shown.URL = fresh.URL
	case "organizers":
		shown.Organizers = fresh.Organizers
	case "topics":
		shown.Topics = fresh.Topics
	case "related_editions":
		shown.RelatedEditions = fresh.RelatedEditions
	}
	return shown, nil
}

// CorrectPerson returns the value that a correction gives to one of PersonFields.
func CorrectPerson(field string, value json.RawMessage) (string, error) {
	if !slices.Contains(PersonFields(), field) {
		return "", noField(field, "person", PersonFields())
	}
	var s string
	if err := json.Unmarshal(value, &s); err != nil {
		return "", &InvalidError{Thing: field, Why: "the value is no text"}
	}
	s = strings.TrimSpace(s)
	if field == "name" && !HasWords(s) {
		return "", &InvalidError{Thing: field, Why: "it cannot be empty"}
	}
	return s, nil
}
