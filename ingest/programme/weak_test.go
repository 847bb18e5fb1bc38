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
