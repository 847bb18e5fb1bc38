package search

// Field is a part of a talk where words can be found.
type Field string

// The fields of a talk, in the words of the query language. Around is what a
// talk stands in: series, edition, room, track and session.
const (
	FieldTitle    Field = "title"
	FieldSpeaker  Field = "speaker"
	FieldAffil    Field = "affil"
	FieldTopic    Field = "topic"
	FieldAbstract Field = "abstract"
	FieldAround   Field = "around"
	FieldSlides   Field = "slides"
)

// fieldID numbers the fields of a talk's document, in the order in which their
// weights are added up.
type fieldID uint8

const (
	inTitle fieldID = iota
	inSpeaker
	inAffil
	inTopic
	inAbstract
	inAround
	talkFields         // how many there are
	inSlide    fieldID = talkFields
)

// fieldMask is a set of fieldIDs.
type fieldMask uint8

const (
	allTalkFields fieldMask = 1<<talkFields - 1
	anyField      fieldMask = allTalkFields | 1<<inSlide
)

func (m fieldMask) has(f fieldID) bool { return m&(1<<f) != 0 }

// The names of fields in the index: short, as each segment repeats them.
// spelled has each word of a talk as it was written, folded, without counts;
// announced, likewise, the stems of what its edition announced; stored is the
// row.
const (
	spelled    = "w"
	announced  = "n"
	slideWords = "s"
	stored     = "row"
)

// indexed returns a field's name in the index.
func (f fieldID) indexed() string {
	return [...]string{"t", "p", "f", "o", "a", "r", slideWords}[f]
}

// field returns the public name.
func (f fieldID) field() Field {
	return [...]Field{FieldTitle, FieldSpeaker, FieldAffil, FieldTopic, FieldAbstract, FieldAround, FieldSlides}[f]
}
