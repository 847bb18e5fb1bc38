package programme

import (
	"cmp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// linesOf reads a page and writes its items one a line:
// "start title | name (affiliation), … | session".
func linesOf(t *testing.T, page, media string) string {
	t.Helper()
	prog, err := Read(Page{Bytes: []byte(page), Media: media, URL: "https://example.org/"})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, i := range prog.Items {
		var who []string
		for _, c := range i.Speakers {
			name := c.Name
			if c.Affiliation != "" {
				name += " (" + c.Affiliation + ")"
			}
			who = append(who, name)
		}
		b.WriteString(strings.TrimRight(strings.Join([]string{cmp.Or(string(i.Start), "-") + " " + i.Title, strings.Join(who, ", "), i.Session}, " | "), " |") + "\n")
	}
	return b.String()
}

// TestDoubtfulWords reads words that mean one thing on most pages and another
// on these.
func TestDoubtfulWords(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"a session of a list without headings": {`<title>Weir Workshop 2014</title><h1>Weir Workshop 2014</h1><p>4 May 2014, Umeå</p><ul>
			<li>09:00 Anna Strid: Sluices that open by themselves</li><li>09:40 Bo Fors: Fish on their way up</li><li>10:30 Coffee</li>
			<li>11:00 Group work<ul><li>Walk along the river</li><li>Email session</li><li>Reading in silence</li></ul></li><li>Photo of all</li><li>Letters session</li>
			<li>13:00 Cecilia Ask: What the gauge forgot</li><li>13:40 Dan Holm: Ice against timber</li></ul>`,
			"09:00 Sluices that open by themselves | Anna Strid\n09:40 Fish on their way up | Bo Fors\n10:30 Coffee\n11:00 Group work\n- Walk along the river\n- Email session\n- Reading in silence\n- Photo of all\n- Letters session\n" +
				"13:00 What the gauge forgot | Cecilia Ask\n13:40 Ice against timber | Dan Holm\n"},
		"sessions that are headings all the same": {`<title>Weir Workshop 2014</title><h1>Weir Workshop 2014</h1><p>4 May 2014, Umeå</p><ul>
			<li>Welcome</li><li>Morning session</li><li>Anna Strid: Sluices that open by themselves</li><li>Bo Fors: Fish on their way up</li><li>Lunch</li>
			<li>River session</li><li>Cecilia Ask: What the gauge forgot</li><li>Dan Holm: Ice against timber</li></ul>`,
			"- Welcome\n- Sluices that open by themselves | Anna Strid | Morning session\n- Fish on their way up | Bo Fors | Morning session\n- Lunch\n" +
				"- What the gauge forgot | Cecilia Ask | River session\n- Ice against timber | Dan Holm | River session\n"},
		"houses that nobody knows, behind names": {`<title>Loom Meeting 2015</title><h1>Loom Meeting 2015</h1><p>4 May 2015, Leeds</p><table>
			<tr><td>09:00</td><td>Cards before tapes</td><td>Ada Byron, Analytical Mill</td></tr>
			<tr><td>09:40</td><td>Shuttles that fly home</td><td>John Kay, Bury Weavehouse</td></tr>
			<tr><td>10:20</td><td>A thread that tells</td><td>Mary Anning, Lyme Fossilry</td></tr></table>`,
			"09:00 Cards before tapes | Ada Byron (Analytical Mill)\n09:40 Shuttles that fly home | John Kay (Bury Weavehouse)\n10:20 A thread that tells | Mary Anning (Lyme Fossilry)\n"},
		"two people, of whom one is called as a house": {`<title>Loom Meeting 2015</title><h1>Loom Meeting 2015</h1><p>4 May 2015, Leeds</p><table>
			<tr><td>09:00</td><td>Cards before tapes</td><td>Ada Byron, Alonzo Church</td></tr>
			<tr><td>09:40</td><td>Shuttles that fly home</td><td>John Kay, John Stuart Mill</td></tr>
			<tr><td>10:20</td><td>A thread that tells</td><td>Mary Anning, Ned Ludd</td></tr></table>`,
			"09:00 Cards before tapes | Ada Byron, Alonzo Church\n09:40 Shuttles that fly home | John Kay, John Stuart Mill\n10:20 A thread that tells | Mary Anning, Ned Ludd\n"},
		"a museum of slides is no mark of slides": {`<title>Lantern Days 2016</title><h1>Lantern Days 2016</h1><p>4 May 2016, Porto</p><ul>
			<li>09:00 Cards before tapes, Ada Byron (Slide Museum Porto)</li><li>09:40 Shuttles that fly home, John Kay (Bury Museum) (slides)</li>
			<li>10:20 A thread that tells, Mary Anning (Video House Lyme)</li></ul>`,
			"09:00 Cards before tapes | Ada Byron (Slide Museum Porto)\n09:40 Shuttles that fly home | John Kay (Bury Museum)\n10:20 A thread that tells | Mary Anning (Video House Lyme)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := gocmp.Diff(c.want, linesOf(t, c.page, "text/html")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLabelledValues reads entries whose labels and values are elements of their
// own, and entries whose labelled time stands below their title.
func TestLabelledValues(t *testing.T) {
	talks := [][]string{
		{"{start}", "09:00", "{title}", "Cards before tapes", "{who}", "Ada Byron", "{room}", "Blue",
			"{text}", "How a hole in a card came to mean a thread, and a thread a thought that others can weave again."},
		{"{start}", "09:40", "{title}", "Shuttles that fly home", "{who}", "John Kay", "{room}", "Blue",
			"{text}", "Why a shuttle that comes back by itself made so many weavers angry, and one of them rich."},
		{"{start}", "10:20", "{title}", "Threads that tell", "{who}", "Mary Anning", "{room}", "Red",
			"{text}", "Shells in rows tell when the cliff fell, and who reads them with a thread needs no clock."},
	}
	all := func(layout string) string {
		var b strings.Builder
		for _, talk := range talks {
			b.WriteString(strings.NewReplacer(talk...).Replace(layout))
		}
		return b.String()
	}
	for name, layout := range map[string]string{
		"in one line":     `<li><span class="time">{start}</span> <span class="ti">{title}</span> <span class="l">Speaker:</span><span class="v">{who}</span> <span class="l">Room:</span><span class="v">{room}</span></li>`,
		"below the title": `<h3>{title}</h3><p><span>Speaker:</span><span>{who}</span><br><span>Time:</span><span>{start}</span><br><span>Room:</span><span>{room}</span></p><p>{text}</p>`,
		"below, as words": `<h3>{title}</h3><p>Speaker: {who}<br>Time: {start}<br>Room: {room}</p><p>{text}</p>`,
		"each in a line":  `<div class="t"><div><span>Time:</span><span>{start}</span></div><div><span>Title:</span><span>{title}</span></div><div><span>Speaker:</span><span>{who}</span></div><div><span>Room:</span><span>{room}</span></div></div>`,
	} {
		t.Run(name, func(t *testing.T) {
			page := `<title>Lantern Days 2016</title><h1>Lantern Days 2016</h1><p>4 May 2016, Porto</p>` + all(layout)
			prog, err := Read(Page{Bytes: []byte(page), Media: "text/html", URL: "https://example.org/"})
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, i := range prog.Items {
				for _, c := range i.Speakers {
					got.WriteString(string(i.Start) + " " + i.Title + " | " + c.Name + " | " + i.Room + "\n")
				}
			}
			if diff := gocmp.Diff(all("{start} {title} | {who} | {room}\n"), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWrappedBlocks reads preformatted programmes: a time in a column of its own,
// and lines that are broken by hand and go on below where they began, whether
// titles or people come first.
func TestWrappedBlocks(t *testing.T) {
	titles := `<title>Lantern Days 1998</title><h1>Lantern Days 1998</h1><pre>
Monday, 4 May 1998

09:00-09:15  Opening
09:15-10:00  Cards before tapes: what a hole in a piece
             of board came to mean
             Ada Byron (Mill of Leeds)
10:00-10:30  Coffee
10:30-11:15  Shuttles that fly home, and why so many
             weavers were angry
             John Kay (Bury) and Mary Anning (Lyme)
11:15        Closing
</pre>`
	people := `<title>Lantern Days 1998</title><h1>Lantern Days 1998</h1><pre>
Monday, 4 May 1998

 9:00  Opening

 9:15  Ada Byron (Mill of Leeds)
       Cards before tapes: what a hole in a piece
       of board came to mean

10:00  Coffee

10:30  John Kay (Bury) and
       Mary Anning (Lyme)
       Shuttles that fly home, and why so many
       weavers were angry

          Who flies home by himself needs no boy to
          throw him back, and a boy needs to eat.

11:15  Closing
</pre>`
	const want = "09:00 Opening\n09:15 Cards before tapes: what a hole in a piece of board came to mean | Ada Byron (Mill of Leeds)\n10:00 Coffee\n" +
		"10:30 Shuttles that fly home, and why so many weavers were angry | John Kay (Bury), Mary Anning (Lyme)\n11:15 Closing\n"
	for name, page := range map[string]string{"titles first": titles, "people first": people} {
		if diff := gocmp.Diff(want, linesOf(t, page, "text/html")); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		text := strings.NewReplacer("<title>Lantern Days 1998</title>", "", "<h1>", "", "</h1>", "\n", "<pre>", "", "</pre>", "").Replace(page)
		if diff := gocmp.Diff(want, linesOf(t, text, "text/plain")); diff != "" {
			t.Errorf("%s, as text: %s", name, diff)
		}
	}
}
