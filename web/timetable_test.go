package web

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// drawn writes a timetable as lines: a row each, "across×down text" for each cell.
func drawn(table *timetable) []string {
	if table == nil {
		return nil
	}
	var head strings.Builder
	head.WriteString("|")
	for _, c := range table.Columns {
		fmt.Fprintf(&head, " %s |", joined("/", c.Name, c.Aside))
	}
	out := []string{head.String()}
	for _, r := range table.Rows {
		var line strings.Builder
		line.WriteString(r.Time)
		for _, c := range r.Cells {
			fmt.Fprintf(&line, " | %d×%d", c.Across, c.Down)
			for _, it := range c.Items {
				fmt.Fprintf(&line, " %s", it.Title)
				if it.Room != "" {
					fmt.Fprintf(&line, "@%s", it.Room)
				}
			}
		}
		out = append(out, line.String())
	}
	return out
}

func table(talks ...archive.Talk) *timetable {
	return makeTimetable(talks, func(t archive.Talk, place string) programmeItem {
		return programmeItem{talkLine: talkLine{Title: t.Title}, Room: place}
	})
}

// at is a talk in a track, or a break when the track is "-".
func at(start, end archive.Clock, track, room, title string) archive.Talk {
	t := archive.Talk{Item: archive.Item{Kind: archive.KindTalk, Start: start, End: end, Track: track, Room: room, Title: title}}
	if track == "-" {
		t.Kind, t.Track = archive.KindBreak, ""
	}
	return t
}

func TestTimetable(t *testing.T) {
	for _, one := range []struct {
		name  string
		talks []archive.Talk
		want  []string
	}{
		{"one after another", []archive.Talk{at("09:00", "10:00", "A", "", "a"), at("10:00", "11:00", "B", "", "b")}, nil},
		{
			"tracks, a break and a keynote for all",
			[]archive.Talk{
				at("09:00", "10:00", "", "Hall", "key"), at("10:00", "10:30", "-", "", "coffee"),
				at("10:30", "11:15", "Web", "Hall", "a"), at("10:30", "11:00", "Ops", "Attic", "b"), at("11:00", "12:00", "Ops", "Attic", "c"), at("11:15", "12:00", "Web", "Hall", "d"),
			},
			[]string{"| Web/Hall | Ops/Attic |", "09:00 | 2×1 key@Hall", "10:00 | 2×1 coffee", "10:30 | 1×2 a | 1×1 b", "11:00 | 1×2 c", "11:15 | 1×1 d"},
		},
		{
			"rooms tell more than tracks: one track is in two rooms at once",
			[]archive.Talk{at("09:00", "10:00", "Web", "1", "a"), at("09:00", "10:00", "Web", "2", "b"), at("10:00", "11:00", "Web", "1", "c"), at("10:00", "11:00", "Ops", "2", "d")},
			[]string{"| 1/Web | 2 |", "09:00 | 1×1 a | 1×1 b@Web", "10:00 | 1×1 c | 1×1 d@Ops"},
		},
		{
			"talks of a session without a time of their own stand in its cell; no end lasts until the next",
			[]archive.Talk{at("09:00", "", "A", "", "a"), at("", "", "A", "", "a2"), at("09:00", "", "B", "", "b"), at("10:00", "", "A", "", "c")},
			[]string{"| A | B |", "09:00 | 1×1 a a2 | 1×1 b", "10:00 | 2×1 c@A"},
		},
		{
			"a break cuts what runs into it, and nothing hangs past it",
			[]archive.Talk{at("09:00", "10:10", "A", "", "a"), at("09:00", "09:30", "B", "", "b"), at("10:00", "10:30", "-", "", "coffee"), at("10:30", "11:30", "A", "", "c"), at("10:30", "11:00", "B", "", "d")},
			[]string{"| A | B |", "09:00 | 1×1 a | 1×1 b", "10:00 | 2×1 coffee", "10:30 | 1×1 c | 1×1 d"},
		},
		{"a talk beside others that nothing places", []archive.Talk{at("09:00", "10:00", "A", "", "a"), at("09:00", "10:00", "B", "", "b"), at("09:30", "10:00", "", "", "lost")}, nil},
		{"no times", []archive.Talk{at("", "", "A", "", "a"), at("", "", "B", "", "b")}, nil},
	} {
		if d := cmp.Diff(one.want, drawn(table(one.talks...))); d != "" {
			t.Errorf("%s: %s", one.name, d)
		}
	}
}

// Whatever a programme holds, its timetable has each item once and covers each
// place of each row once.
func TestTimetableWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	tables := 0
	for range 3000 {
		var talks []archive.Talk
		for i := range 2 + r.IntN(9) {
			start := 9*60 + 15*r.IntN(16)
			one := at(clock(start), clock(start+15*r.IntN(8)), []string{"A", "B", "C", "-", ""}[r.IntN(5)], []string{"", "1", "2", "3"}[r.IntN(4)], fmt.Sprintf("t%d.", i))
			if r.IntN(9) == 0 {
				one.Start, one.End = "", ""
			}
			talks = append(talks, one)
		}
		got := table(talks...)
		if got == nil {
			continue
		}
		tables++
		all := strings.Join(drawn(got), "\n")
		for _, one := range talks {
			if strings.Count(all, " "+one.Title) != 1 {
				t.Fatalf("%s stands %d times in\n%s", one.Title, strings.Count(all, " "+one.Title), all)
			}
		}
		covered := make([]int, len(got.Rows)+30)
		for i, row := range got.Rows {
			for _, c := range row.Cells {
				for j := range c.Down {
					covered[i+j] += c.Across
				}
			}
		}
		for i, n := range covered {
			if want := len(got.Columns); i < len(got.Rows) && n != want || i >= len(got.Rows) && n != 0 {
				t.Fatalf("row %d covers %d of %d columns in\n%s", i, n, want, all)
			}
		}
	}
	if tables < 100 {
		t.Errorf("only %d timetables were made", tables)
	}
}

func clock(minutes int) archive.Clock {
	return archive.Clock(fmt.Sprintf("%02d:%02d", minutes/60, minutes%60))
}

func TestByDay(t *testing.T) {
	if got := capital("måndag") + capital("") + capital("åb"); got != "MåndagÅb" {
		t.Errorf("capitals: %s", got)
	}
	day := func(d archive.Date, title string) archive.Talk {
		return archive.Talk{Item: archive.Item{Date: d, Title: title}}
	}
	var got [][]string
	for _, d := range byDay([]archive.Talk{day("", "a"), day("2020-05-02", "b"), day("", "c"), day("2020-05-01", "d"), day("2020-05-02", "e")}) {
		var titles []string
		for _, one := range d {
			titles = append(titles, one.Title)
		}
		got = append(got, titles)
	}
	if d := cmp.Diff([][]string{{"a"}, {"d"}, {"b", "c", "e"}}, got); d != "" {
		t.Error(d)
	}
}
