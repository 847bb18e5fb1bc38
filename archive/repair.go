package archive

// ReachBy says what the reach of a repair is counted by.
type ReachBy string

// The ways.
const (
	ReachTalk    ReachBy = "talk"    // one talk
	ReachPerson  ReachBy = "person"  // the talks that a person is on
	ReachEdition ReachBy = "edition" // all talks of an edition
)

// maxReach bounds what one repair may count for: beyond it more talks make it
// no more urgent.
const maxReach = 40

// RepairWorth says how much it is worth to look at a Finding first: what the
// value means to a reader, times the talks that a repair mends. A name comes
// before a title, since it is how people are found; when and where a talk was
// long ago comes last.
func RepairWorth(code FindingCode, field string, reach int) int {
	weight := 2
	switch {
	case code == FindingNoItems:
		weight = 10
	case code == FindingNameOdd, field == "speakers", field == "name":
		weight = 6
	case field == "title":
		weight = 5
	case code == FindingDateOdd, code == FindingTwoEnds, field == "date", field == "start_date", field == "end_date":
		weight = 3
	case code == FindingDeckBroken, code == FindingDeckMissing, field == "abstract":
		weight = 3
	case code == FindingTimeMissing, code == FindingSlidesUnlinked, code == FindingSelfLink:
		weight = 1
	}
	return weight * min(max(reach, 1), maxReach)
}
