package archive

// Talk is an Item as the archive keeps and shows it.
//
// Breaks and meals are kept as Talks as well, since an edition's page shows the
// programme as it was; they have IDs of the same form but no page of their own.
type Talk struct {
	ID       TalkID
	Position int // in the programme, from 0

	// Item is the content as shown: corrections laid over what was read, and
	// each Credit's Person filled in.
	Item

	Decks []TalkDeck

	// Gone says that the source, when last read, no longer had this item. It
	// is kept and shown as such.
	Gone bool
	// Snapshot is what it was last read from.
	Snapshot SnapshotID
	// Revision is when it, or anything shown with it, last changed.
	Revision Revision
}

// Edition returns the ID of the edition that the talk belongs to.
func (t Talk) Edition() EditionID { return t.ID.Edition() }

// TalkDeck is a Deck as it hangs on a Talk: the link that was printed and what
// became of it.
type TalkDeck struct {
	Address string // the link, absolute
	State   DeckState
	Reason  string // for a State other than DeckRead: one plain sentence, "" else
	Blob    BlobID // the kept bytes, "" when there are none
	Bytes   int64
	Name    string // file name for a download, safe to print: "slides.pdf"
	Media   string // media type found in the bytes, "application/pdf"
	Slides  int    // number of slides, 0 when not read
}

// DeckState says how far a deck came.
type DeckState string

// The states of a deck.
const (
	DeckPending DeckState = "pending" // linked, not fetched yet
	DeckMissing DeckState = "missing" // could not be had; Reason says why
	DeckKept    DeckState = "kept"    // bytes kept, text not read; Reason says why
	DeckRead    DeckState = "read"    // bytes kept, slides read
)

// Entry is a Talk with all that a search is over: what the index holds of it.
type Entry struct {
	Talk
	SeriesName   string
	EditionTitle string
	EditionYear  int
	Country      string
	// EditionLanguage stands in for a talk that names no language.
	EditionLanguage string
	// EditionTopics are what the edition announced, as in a call for papers; the
	// talk's own are Talk.Topics.
	EditionTopics []string
	// People has, for each of Talk.Speakers in order, the name shown for its
	// Person ("" when unresolved), which may differ from the name printed.
	People []string
	// DeckSlides has, for each of Talk.Decks in order, its slides' words for
	// search; empty where the deck was not read.
	DeckSlides [][]SlideWords
}

// SlideWords is the text of one slide as search wants it.
type SlideWords struct {
	Number int // from 1
	Text   string
}

// Change is one step of the truth as a follower sees it.
type Change struct {
	Revision Revision
	Talk     TalkID
	// Entry is the talk as it now is; nil when it is to be forgotten (taken
	// down, or never a talk that somebody gives).
	Entry *Entry
}
