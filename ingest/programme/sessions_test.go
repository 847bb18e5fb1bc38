package programme_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/ingest/programme"
)

// TestSessions reads sessions that print one time for all their talks: the talks
// have none of their own, the session's name is without its chair and count, and
// pauses belong to no session.
func TestSessions(t *testing.T) {
	body := `<head><title>Weir Workshop 2012</title></head><body><h1>Weir Workshop 2012</h1><p>4 May 2012</p><table>
	<tr><td><b>09:00 -- Opening</b></td></tr>
	<tr><td><b>09:30 -- Paper Session 1 (3 papers, one of them brief) -- Session chair: Olle Berg</b><ul>
		<li>Anna Strid and Bo Fors, “<b>Sluices that open by themselves</b>”, <a href="a.pdf">Slides</a>.</li>
		<li>Cecilia Ask and Dan Holm, “<b>Fish on their way up</b>”, <a href="b.pdf">Slides</a>.</li>
		<li>Eva Rask and Frans Lind, “<b>What the gauge forgot</b>”, <a href="c.pdf">Slides</a>.</li></ul></td></tr>
	<tr><td><b>11:00 -- Coffee break</b></td></tr>
	<tr><td><b>11:30 -- Paper Session 2, chair: Eva Rask</b><ul>
		<li>Gun Ek and Hans Moberg, “<b>Ice against timber</b>”, <a href="d.pdf">Slides</a>.</li>
		<li>Ida Ros and Jan Palm, “<b>A weir for every purse</b>”, <a href="e.pdf">Slides</a>.</li></ul></td></tr>
	<tr><td><b>12:30 -- Ending</b></td></tr></table></body>`
	p, err := programme.Read(at("https://weir.example/2012/program.html", body))
	if err != nil {
		t.Fatal(err)
	}
	type line struct{ Kind, Start, Title, People, Session, Slides string }
	var got []line
	for _, i := range p.Items {
		l := line{Kind: string(i.Kind), Start: string(i.Start), Title: i.Title, Session: i.Session}
		for k, c := range i.Speakers {
			if k > 0 {
				l.People += ", "
			}
			l.People += c.Name
		}
		for _, s := range i.Slides {
			l.Slides += s[len("https://weir.example/2012/"):]
		}
		got = append(got, l)
	}
	want := []line{
		{"opening", "09:00", "Opening", "", "", ""},
		{"talk", "", "Sluices that open by themselves", "Anna Strid, Bo Fors", "Paper Session 1", "a.pdf"},
		{"talk", "", "Fish on their way up", "Cecilia Ask, Dan Holm", "Paper Session 1", "b.pdf"},
		{"talk", "", "What the gauge forgot", "Eva Rask, Frans Lind", "Paper Session 1", "c.pdf"},
		{"break", "11:00", "Coffee break", "", "", ""},
		{"talk", "", "Ice against timber", "Gun Ek, Hans Moberg", "Paper Session 2", "d.pdf"},
		{"talk", "", "A weir for every purse", "Ida Ros, Jan Palm", "Paper Session 2", "e.pdf"},
		{"closing", "12:30", "Ending", "", "", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
