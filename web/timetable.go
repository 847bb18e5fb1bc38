package web

import (
	"slices"

	"rostrum/archive"
)

// timetable is a day of a programme whose tracks ran side by side: a row for
// each time at which something begins, a column for each track or room. It is
// a table to those who hear it and those who see it wide, and a list by time
// where it does not fit.
type timetable struct {
	Columns []timetableColumn
	Rows    []timetableRow
}

// timetableColumn is a track or room. Aside is what holds for all of it: the
// one room of a track, the one track of a room.
type timetableColumn struct{ Name, Aside string }

type timetableRow struct {
	Time  string
	Cells []timetableCell
}

type timetableCell struct {
	Column string // its heading, "" when it is for everyone
	Across int    // columns
	Down   int    // rows
	Items  []programmeItem
}

// mostColumns is how many tracks stand side by side; a gathering of more is
// read as a list, by heading.
const mostColumns = 12

// slot is a stretch of time in one place: an item, with those that are printed
// within it or at the very same time.
type slot struct {
	start, end int // minutes
	key        string
	talks      []archive.Talk
	crowded    bool // something else goes on meanwhile
	torn       bool // its talks were in several rooms at once
}

func (a slot) meets(b slot) bool { return a.start < b.end && b.start < a.end }

// given says whether something here is a talk; a break is for everyone,
// wherever it is printed.
func (a slot) given() bool {
	return slices.ContainsFunc(a.talks, func(t archive.Talk) bool { return t.Given() })
}

// slots makes the stretches of a day, with what tells columns apart. ok is
// false when times are missing that nothing before them stands in for.
func slots(talks []archive.Talk, key func(archive.Talk) string) (out []slot, ok bool) {
	for _, t := range talks {
		one := slot{start: t.Start.Minutes(), end: t.End.Minutes(), key: key(t), talks: []archive.Talk{t}}
		last := len(out) - 1
		if one.start < 0 { // printed beneath another, as the talks of a session are
			if last < 0 || one.key != out[last].key {
				return nil, false
			}
			out[last].talks = append(out[last].talks, t)
			continue
		}
		same := slices.IndexFunc(out, func(s slot) bool { return s.key == one.key && s.start == one.start })
		if same >= 0 && (one.key != "" || out[same].end == one.end) {
			out[same].talks = append(out[same].talks, t)
			out[same].end = max(out[same].end, one.end)
			out[same].torn = out[same].torn || t.Room != out[same].talks[0].Room
			continue
		}
		out = append(out, one)
	}
	slices.SortStableFunc(out, func(a, b slot) int { return a.start - b.start })
	for i := range out {
		if out[i].end <= out[i].start { // none was printed, or past midnight: until the next begins
			out[i].end = out[i].start + 1
			if n := slices.IndexFunc(out[i:], func(s slot) bool { return s.start > out[i].start }); n >= 0 {
				out[i].end = out[i+n].start
			}
		}
	}
	for i := range out {
		for j := range out {
			out[i].crowded = out[i].crowded || i != j && out[i].meets(out[j])
		}
	}
	return out, true
}

// sideBySide parts a day into columns by track, room or session, whichever
// tells best what went on at the same time. nil: nothing did, or nothing tells.
func sideBySide(talks []archive.Talk) (day []slot, by int) {
	least := -1
	for i, key := range []func(archive.Talk) string{
		func(t archive.Talk) string { return t.Track },
		func(t archive.Talk) string { return t.Room },
		func(t archive.Talk) string { return t.Session },
	} {
		all, ok := slots(talks, key)
		if !ok {
			continue
		}
		columns, clashes, torn := columnsOf(all)
		if torn || len(columns) < 2 || len(columns) > mostColumns || clashes*5 > len(all) {
			continue
		}
		if least < 0 || clashes < least {
			day, by, least = all, i, clashes
		}
	}
	return day, by
}

// columnsOf are the keys of what went on side by side, in their order; how
// often a key was in two places at once; and whether a talk among them has none.
func columnsOf(all []slot) (columns []string, clashes int, torn bool) {
	last := map[string]int{}
	for _, s := range all {
		if s.torn {
			clashes++
		}
		if !s.crowded {
			continue
		}
		if s.key == "" {
			torn = torn || s.given()
			continue
		}
		if !slices.Contains(columns, s.key) {
			columns = append(columns, s.key)
		}
		if s.start < last[s.key] {
			clashes++
		}
		last[s.key] = max(last[s.key], s.end)
	}
	return columns, clashes, torn
}

// makeTimetable lays a day out; nil when a list says it as well. item makes
// what is shown of a talk.
func makeTimetable(talks []archive.Talk, item func(t archive.Talk, place string) programmeItem) *timetable {
	day, by := sideBySide(talks)
	if day == nil {
		return nil
	}
	names, _, _ := columnsOf(day)
	out := &timetable{}
	for _, name := range names {
		out.Columns = append(out.Columns, timetableColumn{Name: name, Aside: constant(day, name, by)})
	}
	// open is, by column, the cell that the next row may stretch, and until when.
	type open struct{ row, cell, until int }
	hanging := make([]open, len(names))
	forAll := func() { // nothing hangs past what is for everyone
		for i := range hanging {
			hanging[i] = open{row: -1}
		}
	}
	forAll()
	for i := 0; i < len(day); {
		s := day[i]
		row := timetableRow{Time: string(s.talks[0].Start)}
		if s.key == "" || !s.crowded {
			row.Cells = []timetableCell{{Across: len(names), Down: 1, Items: cellItems(s, "", by, item)}}
			out.Rows = append(out.Rows, row)
			forAll()
			i++
			continue
		}
		at := map[string]slot{}
		for ; i < len(day) && day[i].start == s.start && day[i].key != "" && day[i].crowded; i++ {
			at[day[i].key] = day[i]
		}
		for c, name := range names {
			one, begins := at[name]
			h := &hanging[c]
			if !begins && h.row >= 0 && (h.until > s.start || len(out.Rows[h.row].Cells[h.cell].Items) == 0) {
				out.Rows[h.row].Cells[h.cell].Down++
				continue
			}
			cell := timetableCell{Across: 1, Down: 1}
			until := 0
			if begins {
				cell.Column, until = joined(" · ", name, out.Columns[c].Aside), one.end
				cell.Items = cellItems(one, out.Columns[c].Aside, by, item)
			}
			*h = open{row: len(out.Rows), cell: len(row.Cells), until: until}
			row.Cells = append(row.Cells, cell)
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

// places of a talk besides the one that makes the columns.
func placeBeside(t archive.Talk, by int) string {
	parts := []string{t.Track, t.Room, t.Session}
	own := parts[by]
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == own })
	return joined(" · ", parts...)
}

// constant is what all talks of a column have beside its name, "" when they differ.
func constant(day []slot, name string, by int) string {
	said, first := "", true
	for _, s := range day {
		if s.key != name || !s.crowded {
			continue
		}
		for _, t := range s.talks {
			beside := placeBeside(t, by)
			if first {
				said, first = beside, false
			}
			if beside != said {
				return ""
			}
		}
	}
	return said
}

func cellItems(s slot, aside string, by int, item func(archive.Talk, string) programmeItem) []programmeItem {
	out := make([]programmeItem, 0, len(s.talks))
	for _, t := range s.talks {
		place := placeBeside(t, by)
		if s.key == "" || !s.crowded {
			place = joined(" · ", t.Track, t.Room, t.Session)
		}
		if place == aside {
			place = ""
		}
		out = append(out, item(t, place))
	}
	return out
}
