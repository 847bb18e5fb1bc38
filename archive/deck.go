package archive

// Deck is what reading the bytes of a slide file gave. It is told by its bytes
// alone: two talks that link the same file share it.
type Deck struct {
	Blob   BlobID
	Reader int    // version of the reader that made it
	Media  string // "application/pdf"

	// What the file says of itself. Never truth: a quarter of real decks have
	// a title like "Microsoft PowerPoint - x.ppt".
	Title   string
	Author  string
	Outline []OutlineEntry

	Slides []Slide

	// Problem is why the deck could not be read, one plain sentence; then
	// Slides is empty. It is tried again when the reader's version changes.
	Problem string
	// Retryable says that a Problem came from a bound (time, memory) or a
	// missing optional program rather than from the bytes.
	Retryable bool
}

// Slide is one page of a Deck.
type Slide struct {
	Number int    // from 1
	Text   string // as it was, for people; lines parted by \n
	Search string // the words for search: NFKC, hyphens mended, running heads left out
	Notes  string // the speaker's notes, where the format has them
	Words  []Word // with their places, in reading order; empty when unknown
	Links  []string
	// Engine is who read it: "pdfium", "walker", "pptx", "odp", "tesseract".
	Engine string
	Width  float32 // of the page in points; 0 when unknown
	Height float32
}

// OCR says whether the text was recognized from a picture rather than read.
func (s Slide) OCR() bool { return s.Engine == "tesseract" }

// Word is a word of a slide and its box on the page.
type Word struct {
	Text string
	Box  Box
}

// Box is a rectangle on a slide as parts of its width and height: from 0 at the
// left and top to 1 at the right and bottom, so that it fits a picture of any size.
type Box struct {
	Left, Top, Right, Bottom float32
}

// OutlineEntry is a heading of the file's own table of contents.
type OutlineEntry struct {
	Title string
	Level int // from 0
	Slide int // from 1; 0 when it leads nowhere
}
