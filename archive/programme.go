package archive

import "strings"

// Programme is what one Snapshot says of one Edition: the value that readers
// make, that `rostrum read` prints and that `rostrum add` takes back. Its JSON
// form is the exchange format, described by programme.schema.json.
//
// A value that the page does not give is left empty, never guessed into being.
type Programme struct {
	Edition  EditionInfo `json:"edition"`
	Items    []Item      `json:"items"`
	Findings []Finding   `json:"findings,omitempty"`
}

// EditionInfo is what a Snapshot says of the edition itself.
type EditionInfo struct {
	Title     string `json:"title,omitempty"`
	Series    string `json:"series,omitempty"` // the name of the series, where told
	StartDate Date   `json:"start_date,omitempty"`
	EndDate   Date   `json:"end_date,omitempty"`
	Venue     string `json:"venue,omitempty"`
	City      string `json:"city,omitempty"`
	Country   string `json:"country,omitempty"`
	Language  string `json:"language,omitempty"` // BCP 47, "en"
	URL       string `json:"url,omitempty"`      // the edition's own page

	Organizers      []string `json:"organizers,omitempty"`
	Topics          []string `json:"topics,omitempty"`
	RelatedEditions []string `json:"related_editions,omitempty"` // absolute links

	Places Places `json:"places,omitempty"`
}

// Item is one line of a Programme, as read.
type Item struct {
	Kind     Kind     `json:"kind"`
	Title    string   `json:"title"`
	Speakers []Credit `json:"speakers,omitempty"`

	Date    Date   `json:"date,omitempty"`
	Start   Clock  `json:"start,omitempty"`
	End     Clock  `json:"end,omitempty"`
	Room    string `json:"room,omitempty"`
	Track   string `json:"track,omitempty"`
	Session string `json:"session,omitempty"`

	Abstract string   `json:"abstract,omitempty"` // paragraphs parted by a blank line
	Language string   `json:"language,omitempty"` // BCP 47
	Topics   []string `json:"topics,omitempty"`
	URL      string   `json:"url,omitempty"` // the talk's own page, absolute

	Slides []string `json:"slides,omitempty"` // links, absolute; so Video and Paper
	Video  []string `json:"video,omitempty"`
	Paper  []string `json:"paper,omitempty"`
	// SlidesMarked says that the page speaks of slides here but the link is
	// not to be had, as in a page saved as text.
	SlidesMarked bool `json:"slides_marked,omitempty"`

	Places Places `json:"places,omitempty"`
}

// Given says whether somebody gives the item, so that it is a talk in the
// archive's sense: by its kind, or because people or slides stand with it.
func (i Item) Given() bool {
	return i.Kind.TalkLike() || len(i.Speakers) > 0 || len(i.Slides) > 0
}

// Credit is a name as printed on one Item. It is kept as printed for ever;
// which human it means is decided elsewhere (Person).
type Credit struct {
	Name        string `json:"name"`
	Affiliation string `json:"affiliation,omitempty"`
	Role        string `json:"role,omitempty"` // "moderator" where printed; "" is speaker
	Bio         string `json:"bio,omitempty"`
	URL         string `json:"url,omitempty"`

	// Person is the human it was resolved to, "" when not (yet). Readers
	// leave it empty; it is no part of Programme JSON.
	Person PersonID `json:"-"`
}

// Places tells for a value where in the Snapshot it was read. It is named as in
// Programme JSON: "title", "start"; in a list the first by the field alone
// ("speakers", "slides"), others with their index ("speakers[1]"), what a Credit
// holds after a dot ("speakers[0].bio"). A value that is missing has no known
// place, as in Programme JSON written by hand, or lies where the one around it
// does; Of knows how.
type Places map[string]Place

// Of gives the place of a value, or of the one around it: that of "speakers[1]"
// for "speakers[1].affiliation" when the two stand together. ok is false when
// neither has a known place.
func (p Places) Of(name string) (place Place, ok bool) {
	for {
		if place, ok = p[name]; ok {
			return place, true
		}
		cut := strings.LastIndexAny(name, ".[")
		if cut < 0 {
			return Place{}, false
		}
		name = name[:cut]
	}
}

// Place is a spot in a Snapshot and how sure the reader was there. It holds for
// the bytes it was read from, for ever: htmltext.Doc.Find leads back to it.
type Place struct {
	// Path leads to the element in the parsed page, as a CSS selector of
	// child steps from <html> ("body > ul:nth-of-type(2) > li:nth-of-type(3)");
	// in a text or JSON Snapshot it is "".
	Path string `json:"path,omitempty"`
	// Line is the line in a text Snapshot, from 1. With a Path it is the
	// how-manieth of the element's own lines is meant, from 1, where <br> and
	// the like part it into several. 0 when unknown or the only one.
	Line int `json:"line,omitempty"`
	// Quote is the text that was read, as it stands there, cut to at most 200
	// characters; a cut one ends with "…".
	Quote string `json:"quote,omitempty"`
	// Sure is the reader's confidence from 0 to 1; 0 when it does not say.
	Sure float64 `json:"sure,omitempty"`
}

// Finding is something odd that a reader, a fetch or a deck met. It is told,
// never guessed away, and what it stands on goes on.
type Finding struct {
	Code FindingCode `json:"code"`
	// Text is one plain sentence for an organizer, without the place.
	Text string `json:"text"`
	// Item is the index of the item in Programme.Items that it is about, from
	// 0; nil when it is about the edition.
	Item  *int   `json:"item,omitempty"`
	Field string `json:"field,omitempty"` // JSON name of the field, where one is meant
	URL   string `json:"url,omitempty"`   // the link that failed, where one did
	Place *Place `json:"place,omitempty"`
}

// FindingCode is the sort of a Finding: few, stable words to count and filter by.
type FindingCode string

// The codes in use.
const (
	FindingDeckMissing     FindingCode = "deck-missing"     // the link is dead
	FindingDeckBroken      FindingCode = "deck-broken"      // kept, but cannot be read
	FindingDeckUnsupported FindingCode = "deck-unsupported" // kept, but of a format nobody reads here
	FindingDeckRefused     FindingCode = "deck-refused"     // too large, or an address that may not be asked
	FindingNotADeck        FindingCode = "not-a-deck"       // a paper or web page behind a slides link
	FindingSlidesUnlinked  FindingCode = "slides-unlinked"  // slides are spoken of, no link is given
	FindingTimeOdd         FindingCode = "time-odd"         // ends before it starts, overlaps, runs backwards
	FindingTimeMissing     FindingCode = "time-missing"     // no time among timed ones
	FindingTwoEnds         FindingCode = "two-ends"         // two end times or dates disagree
	FindingNameOdd         FindingCode = "name-odd"         // a person without a name, or a name like none
	FindingDateOdd         FindingCode = "date-odd"
	FindingNoItems         FindingCode = "no-items"    // nothing like a programme was found
	FindingSelfLink        FindingCode = "self-link"   // "previous edition" names the page itself
	FindingInvalid         FindingCode = "invalid"     // a value that Programme JSON does not allow was dropped
	FindingCut             FindingCode = "cut"         // a bound was reached and the rest left out
	FindingLinkFailed      FindingCode = "link-failed" // a linked page other than a deck could not be had
	FindingDoubtful        FindingCode = "doubtful"    // read, but with little confidence
)
