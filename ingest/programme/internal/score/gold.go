// Package score tells how much of a programme page a reader has understood: it
// compares an archive.Programme with the answers that a person wrote down
// (Gold) and counts hits, misses and inventions field by field.
//
// It is the yardstick of the programme reader and therefore knows nothing of
// how pages are read; it must not share the reader's ideas of names, titles or
// times, or the two would be wrong together. Its figures are meant to be the
// same, to the third decimal, as those of the scoring script that evaluation
// sets of this kind come with, so likeness of texts follows Python's difflib
// (match.go) and links follow urllib (link.go) down to their oddities.
package score

import (
	"encoding/json"
	"fmt"
	"os"
)

// Gold is what a person read on a page.
type Gold struct {
	// BaseURL is where the page came from; "" stands for https://example.org/.
	BaseURL string  `json:"base_url"`
	Edition Edition `json:"edition"`
	Items   []Item  `json:"items"`
}

// Edition is what the page says of the edition.
type Edition struct {
	Title    string   `json:"title"`
	TitleAlt []string `json:"title_alt"` // further right answers

	StartDate string `json:"start_date"`
	EndDate   string `json:"end_date"`
	Venue     string `json:"venue"`
	City      string `json:"city"`
	Country   string `json:"country"`
	Language  string `json:"language"`

	Organizers      []string `json:"organizers"`
	Topics          []string `json:"topics"`
	RelatedEditions []string `json:"related_editions"` // as in the page
}

// Item is one line of the programme.
type Item struct {
	Kind     string   `json:"kind"`
	KindAlt  []string `json:"kind_alt"`
	Title    string   `json:"title"`
	TitleAlt []string `json:"title_alt"`
	Speakers []struct {
		Name        string `json:"name"`
		Affiliation string `json:"affiliation"`
	} `json:"speakers"`

	Date  string `json:"date"`
	Start string `json:"start"`
	End   string `json:"end"`
	// SlotStart and SlotEnd are the printed time of the session around the
	// item: right if given for it, not missed if not.
	SlotStart string `json:"slot_start"`
	SlotEnd   string `json:"slot_end"`
	Room      string `json:"room"`
	Track     string `json:"track"`

	// The first and last words (characters, where a script has no blanks) of
	// the long texts.
	AbstractFirst string `json:"abstract_first"`
	AbstractLast  string `json:"abstract_last"`
	BioFirst      string `json:"bio_first"`
	BioLast       string `json:"bio_last"`

	Slides []string `json:"slides"` // links as in the page; so Video and Paper
	Video  []string `json:"video"`
	Paper  []string `json:"paper"`
}

// ReadGold reads the answers kept in the file at path.
func ReadGold(path string) (Gold, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Gold{}, fmt.Errorf("read gold: %w", err)
	}
	var g Gold
	if err := json.Unmarshal(data, &g); err != nil {
		return Gold{}, fmt.Errorf("read gold %s: %w", path, err)
	}
	return g, nil
}
