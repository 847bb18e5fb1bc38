package search

import "fmt"

// Hint tells the visitor that a part of the query was read in another way than
// it was written, or stands in the way of finding anything.
type Hint struct {
	Part string   // of the query, as it was written
	Kind HintKind // what about it
	Args []any    // of the sentence: strings and ints, in the order of HintKind's own
}

// HintKind says what a Hint is about. It names the sentence in files of messages.
type HintKind string

// The kinds; Text has their sentences.
const (
	HintTooLong        HintKind = "too-long"
	HintNeverOpened    HintKind = "never-opened"
	HintNothingBehind  HintKind = "nothing-behind"
	HintNoChoice       HintKind = "no-choice"
	HintTooDeep        HintKind = "too-deep"
	HintNeverClosed    HintKind = "never-closed"
	HintOpenQuotation  HintKind = "open-quotation"
	HintTooManyWords   HintKind = "too-many-words"
	HintShortBeginning HintKind = "short-beginning"
	HintNoField        HintKind = "no-field"
	HintNoValue        HintKind = "no-value"
	HintNoYear         HintKind = "no-year"
	HintHas            HintKind = "has"
	HintManyBeginnings HintKind = "many-beginnings"
	HintLongPhrase     HintKind = "long-phrase"
	HintNobody         HintKind = "nobody"
	HintNothing        HintKind = "nothing"
	HintNoSuch         HintKind = "no-such"
	HintByDate         HintKind = "by-date"
)

// HintKinds returns all kinds.
func HintKinds() []HintKind {
	return []HintKind{
		HintTooLong,
		HintNeverOpened,
		HintNothingBehind,
		HintNoChoice,
		HintTooDeep,
		HintNeverClosed,
		HintOpenQuotation,
		HintTooManyWords,
		HintShortBeginning,
		HintNoField,
		HintNoValue,
		HintNoYear,
		HintHas,
		HintManyBeginnings,
		HintLongPhrase,
		HintNobody,
		HintNothing,
		HintNoSuch,
		HintByDate,
	}
}

// Text is the Hint as one plain English sentence.
func (h Hint) Text() string {
	switch h.Kind {
	case HintTooLong:
		return "the query is too long: its end was left out"
	case HintNeverOpened:
		return "this parenthesis was never opened: it was left out"
	case HintNothingBehind:
		return "nothing stands behind this sign: it was left out"
	case HintNoChoice:
		return "a word to leave out cannot be one of several to choose from: it was left out here"
	case HintTooDeep:
		return "too many parentheses lie within each other: this one was left out"
	case HintNeverClosed:
		return "this parenthesis was never closed: it was taken to end here"
	case HintOpenQuotation:
		return "this quotation mark was never closed: the phrase was taken to go on to the end"
	case HintTooManyWords:
		return "the query has too many words: those at its end were left out"
	case HintShortBeginning:
		return "one letter begins too many words: it was taken as a word"
	case HintNoField:
		return fmt.Sprintf("there is no such field: these are words to look for. Fields are %s", h.Args...)
	case HintNoValue:
		return fmt.Sprintf("nothing stands behind the colon, as in %s", h.Args...)
	case HintHas:
		return fmt.Sprintf("there is nothing of that kind to have, so it was left out: has: knows %s", h.Args...)
	case HintManyBeginnings:
		return fmt.Sprintf("more than %d beginnings of words: this one was taken as a word", h.Args...)
	case HintLongPhrase:
		return fmt.Sprintf("only the first %d words of the phrase were looked for", h.Args...)
	case HintNobody:
		return fmt.Sprintf("no talk has this %s", inSentence(h.arg(0)))
	case HintNoYear:
		return fmt.Sprintf("this is no year, so it was left out: write %s", h.Args...)
	case HintNothing:
		return "nothing in this can be looked for: these are all talks"
	case HintByDate:
		return fmt.Sprintf("in order of date only the talks that have most of this are shown, and %d with less of it are left out", h.Args...)
	case HintNoSuch:
		return fmt.Sprintf("no talk has this %s. There are %s", inSentence(h.arg(0)), h.arg(1))
	}
	return string(h.Kind)
}

func (h Hint) arg(i int) any {
	if i < len(h.Args) {
		return h.Args[i]
	}
	return ""
}

func (h Hint) String() string { return h.Part + ": " + h.Text() }

// inSentence is what a field is called in a sentence: "affiliation" for "affil".
func inSentence(field any) any {
	switch field {
	case "affil":
		return "affiliation"
	case "lang":
		return "language"
	}
	return field
}
