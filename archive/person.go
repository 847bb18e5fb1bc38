package archive

// Person is a human as shown.
type Person struct {
	ID   PersonID
	Name string
	Bio  string // one chosen biography, "" when none is known
	// BioFrom is the talk whose Credit gave the Bio.
	BioFrom TalkID
	URL     string
}

// PersonSummary is a Person with counts, for lists.
type PersonSummary struct {
	Person
	Affiliation string // the latest that was printed
	Talks       int
	FirstYear   int // 0 when no date is known
	LastYear    int
}

// Topic is a subject that talks carry or editions announced, with how many do.
type Topic struct {
	ID       TopicID
	Name     string
	Talks    int
	Editions int // that announced it, whether or not a talk there carries it
}

// Counts is how much the archive holds.
type Counts struct {
	Series   int `json:"series"`
	Editions int `json:"editions"`
	Talks    int `json:"talks"`
	People   int `json:"people"`
	Topics   int `json:"topics"`
	Decks    int `json:"decks"`
	Slides   int `json:"slides"`
}
