package archive

import "slices"

// Kind says what sort of line an Item is.
type Kind string

// The kinds, in the words of Programme JSON.
const (
	KindTalk       Kind = "talk"
	KindKeynote    Kind = "keynote"
	KindInvited    Kind = "invited"
	KindPanel      Kind = "panel"
	KindTutorial   Kind = "tutorial"
	KindWorkshop   Kind = "workshop"
	KindLightning  Kind = "lightning"
	KindPoster     Kind = "poster"
	KindDemo       Kind = "demo"
	KindDiscussion Kind = "discussion"
	KindOpening    Kind = "opening"
	KindClosing    Kind = "closing"
	KindBreak      Kind = "break"
	KindMeal       Kind = "meal"
	KindSocial     Kind = "social"
	KindOther      Kind = "other"
)

// Kinds returns all kinds, talk-like ones first.
func Kinds() []Kind {
	return []Kind{
		KindTalk, KindKeynote, KindInvited, KindPanel, KindTutorial, KindWorkshop, KindLightning, KindPoster, KindDemo, KindDiscussion,
		KindOpening, KindClosing, KindBreak, KindMeal, KindSocial, KindOther,
	}
}

// Valid says whether k is one of Kinds.
func (k Kind) Valid() bool {
	return slices.Contains(Kinds(), k)
}

// TalkLike says whether items of this kind are given by somebody even when no
// speaker is printed.
func (k Kind) TalkLike() bool {
	switch k {
	case KindTalk, KindKeynote, KindInvited, KindPanel, KindTutorial, KindWorkshop, KindLightning, KindPoster, KindDemo, KindDiscussion:
		return true
	}
	return false
}
