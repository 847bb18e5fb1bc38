package archive_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

func TestMatchEdition(t *testing.T) {
	day := func(title string, start, end archive.Date) archive.EditionInfo {
		return archive.EditionInfo{Title: title, StartDate: start, EndDate: end}
	}
	talks := []string{"Let it crash", "Breaking things on purpose", "Fault injection in practice", "Monkeys in the data centre"}
	others := []string{"Queues", "Streams that end", "Back-pressure by hand", "Clocks that lie"}
	for name, c := range map[string]struct {
		known      archive.EditionInfo
		sameSource bool
		info       archive.EditionInfo
		titles     []string
		same       bool
	}{
		"same page again":                    {day("Chaos Day 2017", "2017-12-06", ""), true, day("Chaos Day 2017", "2017-12-06", ""), talks, true},
		"next year at the same address":      {day("Chaos Day", "2017-12-06", ""), true, day("Chaos Day", "2018-12-05", ""), others, false},
		"next year, no dates":                {day("Chaos Day 2017", "", ""), true, day("Chaos Day 2018", "", ""), others, false},
		"same address, nothing else known":   {day("Chaos Day", "", ""), true, day("Queue Night", "", ""), others, false},
		"same address, same talks, no dates": {day("Chaos Day", "", ""), true, day("Programme", "", ""), talks, true},
		"a mistyped year, same talks":        {day("Chaos Day", "2016-12-06", ""), true, day("Chaos Day", "2017-12-06", ""), talks, true},
		"a mistyped year, other source":      {day("Chaos Day", "2016-12-06", ""), false, day("Chaos Day", "2017-12-06", ""), talks, false},
		"another source, same days":          {day("Chaos Day 2017", "2017-12-06", "2017-12-07"), false, day("Chaos Day", "2017-12-07", ""), others, true},
		"another source, a date is missing":  {day("Chaos Day 2017", "2017-12-06", ""), false, day("Chaos Day 2017", "", ""), others, true},
		"another source, no date, talks":     {day("Chaos Day", "2017-12-06", ""), false, day("The programme", "", ""), talks, true},
		"spring and autumn":                  {day("Chaos Day Spring", "2017-04-06", ""), false, day("Chaos Day Autumn", "2017-10-06", ""), others, false},
		"two cities at once":                 {day("Chaos Day Paris 2017", "2017-12-06", ""), false, day("Chaos Day Lund 2017", "2017-12-06", ""), others, false},
		"the year of the title, late upload": {day("Chaos Day 2014", "2015-04-06", ""), false, day("Chaos Day 2015", "2015-04-07", ""), others, false},
		"the date moved within the year":     {day("Chaos Day 2017", "2017-12-06", ""), true, day("Chaos Day 2017", "2017-11-29", ""), others, true},
	} {
		got := archive.MatchEdition([]archive.KnownEdition{{Info: c.known, SameSource: c.sameSource, Titles: talks}}, c.info, c.titles) == 0
		if got != c.same {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestSeriesName(t *testing.T) {
	for title, want := range map[string]string{
		"Chaos Day 2017":                   "Chaos Day",
		"2017 Chaos Day":                   "Chaos Day",
		"Chaos Day '17":                    "Chaos Day",
		"The 12th Chaos Day":               "Chaos Day",
		"12th Annual Chaos Day, 2017":      "Chaos Day",
		"Chaos Day #12":                    "Chaos Day",
		"Chaos Day 2017: Let it all crash": "Chaos Day: Let it all crash",
		"Chaos Day (2017)":                 "Chaos Day",
		"2017":                             "2017",
		"":                                 "",
		"Queues & Streams – 2018":          "Queues & Streams",
		"Catch 22 Day":                     "Catch 22 Day",
	} {
		if got := archive.SeriesName(title); got != want {
			t.Errorf("SeriesName(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestMatchTalks(t *testing.T) {
	talk := func(title string, start archive.Clock, who ...string) archive.Item {
		it := archive.Item{Kind: archive.KindTalk, Title: title, Date: "2017-12-06", Start: start}
		for _, w := range who {
			it.Speakers = append(it.Speakers, archive.Credit{Name: w})
		}
		return it
	}
	pause := func(title string, start archive.Clock) archive.Item {
		return archive.Item{Kind: archive.KindBreak, Title: title, Date: "2017-12-06", Start: start}
	}
	for name, c := range map[string]struct {
		known, items []archive.Item
		want         []int
	}{
		"nothing known":  {nil, []archive.Item{talk("Let it crash", "09:00", "Joe Armsby")}, []int{-1}},
		"nothing read":   {[]archive.Item{talk("Let it crash", "09:00", "Joe Armsby")}, nil, []int{}},
		"moved":          {[]archive.Item{talk("Let it crash", "09:00", "Joe Armsby")}, []archive.Item{talk("Let it crash", "14:00", "Joe Armsby")}, []int{0}},
		"retitled":       {[]archive.Item{talk("TBA", "09:00", "Joe Armsby")}, []archive.Item{talk("Let it crash", "09:00", "Joe Armsby")}, []int{0}},
		"passed on":      {[]archive.Item{talk("Letting systems crash early", "09:00", "Joe Armsby")}, []archive.Item{talk("Letting systems crash early", "09:00", "Ada Lind")}, []int{0}},
		"a subtitle":     {[]archive.Item{talk("Let it crash", "09:00", "Joe Armsby")}, []archive.Item{talk("Let it crash: supervision for all", "10:00", "Armsby, Joe")}, []int{0}},
		"a typo mended":  {[]archive.Item{talk("Fault injektion in practice", "", "Bo Ek")}, []archive.Item{talk("Fault injection in practice", "", "Bo Ek")}, []int{0}},
		"quite another":  {[]archive.Item{talk("Let it crash", "09:00", "Joe Armsby")}, []archive.Item{talk("Queues that end", "10:00", "Cy Dahl")}, []int{-1}},
		"in its slot":    {[]archive.Item{talk("Let it crash", "09:00", "Joe Armsby")}, []archive.Item{talk("Queues that end", "09:00", "Cy Dahl")}, []int{-1}},
		"two keynotes":   {[]archive.Item{talk("Keynote", "09:00", "Joe Armsby")}, []archive.Item{talk("Keynote", "16:00", "Ada Lind")}, []int{-1}},
		"a second talk":  {[]archive.Item{talk("Let it crash", "09:00", "Joe Armsby")}, []archive.Item{talk("Queues that end", "11:00", "Joe Armsby")}, []int{-1}},
		"breaks alike":   {[]archive.Item{pause("Coffee", "10:00"), pause("Coffee", "15:00")}, []archive.Item{pause("Coffee", "15:00")}, []int{1}},
		"breaks, moved":  {[]archive.Item{pause("Coffee", "10:00"), pause("Coffee", "15:00")}, []archive.Item{pause("Coffee", "10:15"), pause("Coffee", "15:15")}, []int{0, 1}},
		"lunch is lunch": {[]archive.Item{pause("Lunch", "12:00")}, []archive.Item{pause("Lunch and posters", "12:00")}, []int{0}},
		"swapped slots": {
			[]archive.Item{talk("Let it crash", "09:00", "Joe Armsby"), talk("Queues that end", "10:00", "Cy Dahl")},
			[]archive.Item{talk("Queues that end", "09:00", "Cy Dahl"), talk("Let it crash", "10:00", "Joe Armsby")}, []int{1, 0},
		},
		"between the same neighbours": {
			[]archive.Item{talk("Let it crash", "", "Joe Armsby"), talk("Intro", ""), talk("Queues that end", "", "Cy Dahl")},
			[]archive.Item{talk("Let it crash", "", "Joe Armsby"), talk("Intro (video)", ""), talk("Queues that end", "", "Cy Dahl")}, []int{0, 1, 2},
		},
		"one by the same, one in the same": {
			[]archive.Item{talk("Let it crash", "09:00", "Joe Armsby"), talk("Let it crash, part 2", "10:00", "Joe Armsby")},
			[]archive.Item{talk("Let it crash, part 2", "09:00", "Joe Armsby"), talk("Let it crash", "10:00", "Joe Armsby")}, []int{1, 0},
		},
	} {
		if diff := cmp.Diff(c.want, archive.MatchTalks(c.known, c.items)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

// A programme in which all is alike ends, and each line finds one.
func TestMatchManyAlike(t *testing.T) {
	var items []archive.Item
	for range 3000 {
		items = append(items, archive.Item{Kind: archive.KindTalk, Title: "The same"})
	}
	seen := map[int]bool{}
	for _, k := range archive.MatchTalks(items, items) {
		if k >= 0 && seen[k] {
			t.Fatalf("known %d was matched twice", k)
		}
		seen[k] = true
	}
}

func TestNameKeys(t *testing.T) {
	for name, want := range map[string][3]string{
		"Dr. Joe Armsby":        {"armsby joe", "armsby joe", "Joe Armsby"},
		"ARMSBY, Joe":           {"armsby joe", "armsby joe", "ARMSBY, Joe"},
		"Ada Lind (she/her)":    {"ada lind", "lind ada", "Ada Lind"},
		"Åsa Öberg, PhD":        {"asa oberg", "oberg asa", "Åsa Öberg"},
		"Юрий Щербинин":         {"shcherbinin yuriy", "shcherbinin yuriy", "Юрий Щербинин"},
		"Zork":                  {"zork", "zork", "Zork"},
		"Uwe Zankl Jr.":         {"jr uwe zankl", "zankl uwe jr", "Uwe Zankl Jr."},
		"???":                   {"", "", "???"},
		"Dr. Who":               {"dr who", "who dr", "Dr. Who"},
		"Prof. Dr. Heike Zankl": {"heike zankl", "zankl heike", "Heike Zankl"},
	} {
		got := [3]string{archive.NameKey(name), archive.NameSort(name), archive.PlainName(name)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("Let it crash", "09:00", "Joe Armsby", "TBA", "Armsby, J.")
	f.Fuzz(func(t *testing.T, title, start, name, other, otherName string) {
		a := archive.Item{Kind: archive.KindTalk, Title: title, Start: archive.Clock(start), Speakers: []archive.Credit{{Name: name}}}
		b := archive.Item{Kind: archive.KindTalk, Title: other, Start: archive.Clock(start), Speakers: []archive.Credit{{Name: otherName}}}
		for i, k := range archive.MatchTalks([]archive.Item{a, b}, []archive.Item{a, b, a}) {
			if k < -1 || k > 1 || i == 2 && k >= 0 && title != other {
				t.Errorf("item %d is known %d", i, k)
			}
		}
		p := archive.ComparePeople(archive.PersonTraits{ID: "a", Names: []string{name}}, archive.PersonTraits{ID: "b", Names: []string{otherName}})
		if p.Score < 0 || p.Score > 1 {
			t.Errorf("score %v", p.Score)
		}
		if q := archive.ComparePeople(archive.PersonTraits{ID: "b", Names: []string{otherName}}, archive.PersonTraits{ID: "a", Names: []string{name}}); q.Score != p.Score {
			t.Errorf("%q and %q: %v one way, %v the other", name, otherName, p, q)
		}
	})
}
