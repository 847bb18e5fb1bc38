package archive

import "strings"

// IDs are readable, minted once and never reused. They are the path of a page:
// SeriesID "chaos-day", EditionID "chaos-day/2017", TalkID
// "chaos-day/2017/let-it-crash" stand right below the site's root; a PersonID
// "joe-armstrong" stands below /people/, a TopicID "erlang" below /topics/. An
// ID that was given up redirects to its successor for ever.
//
// Each kind is a type of its own because mixing them up once compiled.
type (
	// SeriesID names a Series: one path segment.
	SeriesID string
	// EditionID names an Edition: its series' segment and one of its own.
	EditionID string
	// TalkID names a Talk: its edition's two segments and one of its own.
	TalkID string
	// PersonID names a Person: one path segment below /people/.
	PersonID string
	// TopicID names a topic: the slug of its words, one segment below /topics/.
	TopicID string
	// BlobID is the SHA-256 of kept bytes, 64 lower-case hexadecimal digits.
	BlobID string
)

// Series returns the series' part of the ID.
func (id EditionID) Series() SeriesID {
	s, _, _ := strings.Cut(string(id), "/")
	return SeriesID(s)
}

// Edition returns the edition's part of the ID, or "" when id is malformed.
func (id TalkID) Edition() EditionID {
	i := strings.LastIndexByte(string(id), '/')
	if i < 0 {
		return ""
	}
	return EditionID(id[:i])
}

// Valid says whether id has the form of a SHA-256 in lower-case hexadecimal.
// File names are made of BlobIDs, so everything from outside passes here first.
func (id BlobID) Valid() bool {
	if len(id) != 64 {
		return false
	}
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Revision counts the changes of the truth. It only grows; 0 is "nothing yet".
type Revision int64
