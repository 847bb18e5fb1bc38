package archive

import "strconv"

// Series is a recurring gathering as shown.
type Series struct {
	ID          SeriesID
	Name        string
	FormerNames []string
	URL         string
}

// Edition is one of a Series as shown: what was read, corrections laid over it.
type Edition struct {
	ID     EditionID
	Series SeriesID

	Title     string
	StartDate Date
	EndDate   Date
	Venue     string
	City      string
	Country   string
	Language  string
	URL       string // the page it was read from, or its own page

	Organizers      []string
	Topics          []string
	RelatedEditions []string
}

// Year returns the year the edition starts in, or 0 when no date is known.
func (e Edition) Year() int { return e.StartDate.Year() }

// EditionSummary is an Edition with its counts, for lists.
type EditionSummary struct {
	Edition
	SeriesName string
	Talks      int // talks that somebody gives
	People     int
	Decks      int // decks whose bytes are kept
	Slides     int
}

// Called is what an edition goes by: its title, else its series' name and year,
// else its ID.
func (e EditionSummary) Called() string {
	switch {
	case e.Title != "":
		return e.Title
	case e.SeriesName != "" && e.Year() != 0:
		return e.SeriesName + " " + strconv.Itoa(e.Year())
	case e.SeriesName != "":
		return e.SeriesName
	}
	return string(e.ID)
}

// SeriesSummary is a Series with its counts, for lists.
type SeriesSummary struct {
	Series
	Editions  int
	Talks     int
	FirstDate Date // of its earliest and latest edition; "" when none has a date
	LastDate  Date
}
