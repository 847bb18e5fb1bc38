package programme

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// A nested list under a time is gatherings, not talks, and its heading ends with
// it; a text that begins with the speaker's name is a life.
func TestGatheringsAndLives(t *testing.T) {
	const page = `Lantern Keepers Meetup, 4 May 2016

Programme:

  • 9:00-9:40 “Wicks that last” (Ada Lindqvist, Vinga Light) “Ada Lindqvist is a keeper of lighthouses. She received her PhD in optics and worked for ten years as an engineer. She lives on an island and has written several books.” (slides)
  • 9:40-10:10 “Lenses of pressed glass” (Bo Sandberg, Kullen) “Pressed lenses are cheap, but they scatter. In this talk we measure how much of the beam is lost, and where it goes in fog.” (slides)
  • 10:10-11:00: Parallel sessions
    • Letters session
    • Walk along the pier
  • 11:00-11:30 “Fog horns without steam” (Carin Ek, Hoburg) “We replaced a boiler by a diaphragm. The sound carries as far, and nobody has to wake up at night to feed it.” (slides)
  • 11:30-11:45 Presentation of group results
`
	type brief struct {
		Kind                 archive.Kind
		Title, Start, Sess   string
		HasAbstract, HasLife bool
	}
	prog, err := Read(Page{Bytes: []byte(page), Media: "text/plain", URL: "https://example.org/"})
	if err != nil {
		t.Fatal(err)
	}
	var got []brief
	for _, it := range prog.Items {
		b := brief{it.Kind, it.Title, string(it.Start), it.Session, it.Abstract != "", false}
		for _, s := range it.Speakers {
			b.HasLife = b.HasLife || s.Bio != ""
		}
		got = append(got, b)
	}
	want := []brief{
		{archive.KindTalk, "Wicks that last", "09:00", "", false, true},
		{archive.KindTalk, "Lenses of pressed glass", "09:40", "", true, false},
		{archive.KindDiscussion, "Letters session", "10:10", "Parallel sessions", false, false},
		{archive.KindSocial, "Walk along the pier", "10:10", "Parallel sessions", false, false},
		{archive.KindTalk, "Fog horns without steam", "11:00", "", true, false},
		{archive.KindDiscussion, "Presentation of group results", "11:30", "", false, false},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A row "Names. Title." is an item of its own, with its deck, whether its title
// is linked or not.
func TestTitleAfterPeopleInRows(t *testing.T) {
	const page = `<h1>Lanterns 2011</h1><h2>March 25, 2011</h2><table>
<tr><td>09:00--10:30:</td><td><b><u>Paper Session 1: Wicks</u></b></td></tr>
<tr><td> </td><td>Ada Lindqvist, Bo Sandberg and Carin Ek. <B><a href="d/wick.pdf"><i>Braiding Wicks of Cotton and Glass.</B></i></a></td></tr>
<tr><td> </td><td>Anna Berg, David Holm and Nils Strand. <B><i>Calibrated Flames.</B></i></td></tr>
<tr><td> </td><td>Karin Dahl, David Holm and Nils Strand. <B><a href="d/lamp-LAST.pdf"><i>Breeding High-Impact Lamps.</B></i></a></td></tr>
<tr><td>10:30--11:00:</td><td>Coffee Break</td></tr></table>`
	prog, err := Read(Page{Bytes: []byte(page), URL: "https://example.org/"})
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Title  string
		People []string
		Slides []string
	}
	var got []row
	for _, it := range prog.Items {
		b := row{Title: it.Title, Slides: it.Slides}
		for _, s := range it.Speakers {
			b.People = append(b.People, s.Name)
		}
		got = append(got, b)
	}
	want := []row{
		{"Braiding Wicks of Cotton and Glass.", []string{"Ada Lindqvist", "Bo Sandberg", "Carin Ek"}, []string{"https://example.org/d/wick.pdf"}},
		{"Calibrated Flames.", []string{"Anna Berg", "David Holm", "Nils Strand"}, nil},
		{"Breeding High-Impact Lamps.", []string{"Karin Dahl", "David Holm", "Nils Strand"}, []string{"https://example.org/d/lamp-LAST.pdf"}},
		{"Coffee Break", nil, nil},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
