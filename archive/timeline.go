package archive

// TimelineEdition is an edition as a station of its Series: its counts, and who
// came back.
type TimelineEdition struct {
	EditionSummary
	// Newcomers are the people who stood on no talk of an earlier edition of
	// the series, Returning those who did: together they are People.
	Newcomers int
	Returning int
}

// Regular is somebody who came back to a Series.
type Regular struct {
	ID       PersonID
	Name     string
	Editions []EditionID // where they stood on a talk, earliest first
	Talks    int         // in the whole series
}

// SeriesTopic is one topic through the editions of a Series.
type SeriesTopic struct {
	ID       TopicID
	Name     string
	Talks    int // in the whole series
	Editions []TopicCount
}

// TopicCount is how much of a topic one edition has.
type TopicCount struct {
	Edition   EditionID
	Talks     int
	Announced bool // the edition named the topic, whether or not a talk carries it
}

// NearbyEdition is an edition of another Series near to one, with the reasons.
type NearbyEdition struct {
	EditionSummary
	Score float64 // from 0 to 1, to be compared with those of the same answer only
	// People stood on talks of both, those who tell most first; PeopleInAll
	// counts them where the list is cut.
	People      []Named
	PeopleInAll int
	// Topics are on talks of both, those that tell most first.
	Topics      []Topic
	TopicsInAll int
}

// Named is a person by ID and the name shown.
type Named struct {
	ID   PersonID
	Name string
}

// PersonStory is what the talks of a Person tell of them, over all series.
type PersonStory struct {
	Affiliations []Spell   // as printed, latest first
	With         []Company // whom they stood on a talk with, most often first
	Topics       []Topic   // of their talks, most frequent first; Talks counts theirs alone
	Links        []Link    // pages of their own that were printed, latest first
	Series       []SeriesCount
}

// Spell is something that was so for some years.
type Spell struct {
	Name      string
	FirstYear int // 0 when no date is known
	LastYear  int
	Talks     int
}

// Company is somebody who stood on talks with a person.
type Company struct {
	Named
	Talks int
}

// Link is an address that was printed with a person's name.
type Link struct {
	URL  string
	Talk TalkID // the latest on which it was printed; "" when somebody gave it to the archive
}

// SeriesCount is how many talks somebody gave in a series.
type SeriesCount struct {
	ID    SeriesID
	Name  string
	Talks int
}
