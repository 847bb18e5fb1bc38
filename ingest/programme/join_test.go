package programme_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/ingest/programme"
)

const kilnPage = "https://kiln.example/2019/programme.html"

// TestLinkedPages asks for what may tell more of a talk, and for nothing else.
func TestLinkedPages(t *testing.T) {
	prog := archive.Programme{Items: []archive.Item{
		{Kind: archive.KindTalk, Title: "Salt glazes", URL: "https://kiln.example/2019/talks/salt.html", Speakers: []archive.Credit{{Name: "Ada Holm", URL: "/people/ada"}}},
		{Kind: archive.KindTalk, Title: "The same again", URL: "https://kiln.example/2019/talks/salt.html#two"},
		{Kind: archive.KindTalk, Title: "On this page", URL: kilnPage + "#ash"},
		{Kind: archive.KindTalk, Title: "Elsewhere", URL: "https://other.example/ash"},
		{Kind: archive.KindTalk, Title: "A file", URL: "https://kiln.example/2019/ash.pdf"},
		{Kind: archive.KindTalk, Title: "All told", URL: "https://kiln.example/2019/all.html", Abstract: "Told.", Slides: []string{"https://kiln.example/a.pdf"}},
		{Kind: archive.KindTalk, Title: "Slides missing", URL: "https://kiln.example/2019/most.html", Abstract: "Told."},
		{Kind: archive.KindMeal, Title: "Lunch", URL: "https://kiln.example/2019/lunch.html"},
		{Kind: archive.KindTalk, Title: "By two", Speakers: []archive.Credit{{Name: "Bo Kvist", URL: "https://kiln.example/people/bo"}, {Name: "Cai Lund", URL: "https://kiln.example/people/cai", Bio: "Known."}}},
	}}
	want := []string{"https://kiln.example/2019/talks/salt.html", "https://kiln.example/2019/most.html", "https://kiln.example/people/bo"}
	if diff := cmp.Diff(want, programme.LinkedPages(programme.Page{URL: kilnPage}, prog)); diff != "" {
		t.Error(diff)
	}
}

const (
	saltText = "Salt thrown into a hot kiln settles on every pot as glass. This talk compares twelve firings and the colours that they gave."
	adaLife  = "Ada Holm is a potter in Sala. She has worked with salt since 2003 and teaches at the school of crafts."
)

// TestJoin takes from a talk's own page what belongs to that talk, and nothing
// from a page that is of something else.
func TestJoin(t *testing.T) {
	const address = "https://kiln.example/2019/talks/salt.html"
	bare := archive.Item{Kind: archive.KindTalk, Title: "Salt glazes and their colours", URL: address, Speakers: []archive.Credit{{Name: "Ada Holm"}}}
	with := func(change func(*archive.Item)) archive.Item {
		it := bare
		it.Speakers = append([]archive.Credit(nil), bare.Speakers...)
		change(&it)
		return it
	}
	for name, test := range map[string]struct {
		was  archive.Item
		body string
		want archive.Item
		told string // the Finding's text
	}{
		"abstract, life, slides, film": {
			bare,
			`<h1>Salt glazes and their colours</h1><p>Ada Holm</p><h2>Abstract</h2><p>` + saltText + `</p><h2>About the speaker</h2><p>` + adaLife + `</p>
			<p><a href="salt.pdf">Slides</a> <a href="https://video.example/salt">Video</a></p>`,
			with(func(it *archive.Item) {
				it.Abstract = saltText
				it.Speakers[0].Bio = adaLife
				it.Slides, it.Video = []string{"https://kiln.example/2019/talks/salt.pdf"}, []string{"https://video.example/salt"}
			}), "",
		},
		"what the programme says stays": {
			with(func(it *archive.Item) { it.Abstract = "Printed in the programme." }),
			`<h1>Salt glazes and their colours</h1><p>Ada Holm</p><h2>Abstract</h2><p>` + saltText + `</p>`,
			with(func(it *archive.Item) { it.Abstract = "Printed in the programme." }), "",
		},
		"another talk's page": {
			bare,
			`<h1>Kilns on wheels</h1><p>Bo Kvist</p><h2>Abstract</h2><p>A kiln that travels has to be light. We built three of them and burned two, and tell which one we would build again.</p><p><a href="wheels.pdf">Slides</a></p>`,
			bare, "The page that the talk links does not name the talk; nothing was taken from it",
		},
		"a page that is gone and says so": {
			bare, `<h1>Page not found</h1><p>The page that you were looking for is not here any more. Try the search, or begin again on the front page of the site.</p>`, bare, "The page that the talk links does not name the talk; nothing was taken from it",
		},
		"one of several on a page": {
			bare,
			`<h2>Kilns on wheels</h2><p>A kiln that travels has to be light. We built three of them and burned two, and tell which one we would build again.</p><p><a href="wheels.pdf">Slides</a></p>
			<h2>Salt glazes and their colours</h2><p>` + saltText + `</p>
			<h2>Ash from the bakery</h2><p>Bakers have ash and potters need it. This talk is about whom to ask, and about what the baker would like in return.</p><p><a href="ash.pdf">Slides</a></p>`,
			with(func(it *archive.Item) { it.Abstract = saltText }), "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			prog := archive.Programme{Items: []archive.Item{test.was, {Kind: archive.KindTalk, Title: "No page of its own"}}}
			if strings.Contains(test.body, "Ash from the bakery") {
				prog.Items[1].Title, prog.Items[1].URL = "Ash from the bakery", address
			}
			got := programme.Join(prog, map[string]programme.Page{address: at(address, "<head><title>Kiln Days 2019</title></head><body>"+test.body+"</body>")})
			if diff := cmp.Diff(test.want, got.Items[0]); diff != "" {
				t.Error(diff)
			}
			var told []archive.Finding
			if test.told != "" {
				item := 0
				told = []archive.Finding{{Code: archive.FindingDoubtful, Text: test.told, Item: &item, Field: "url", URL: address}}
			}
			if diff := cmp.Diff(told, got.Findings); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestJoinPerson takes a life from a speaker's page below their name only.
func TestJoinPerson(t *testing.T) {
	const address = "https://kiln.example/people/ada"
	prog := archive.Programme{Items: []archive.Item{{Kind: archive.KindTalk, Title: "Salt glazes", Speakers: []archive.Credit{{Name: "Ada Holm", URL: address}, {Name: "Bo Kvist", URL: address}}}}}
	got := programme.Join(prog, map[string]programme.Page{address: at(address, "<body><h1>Ada Holm</h1><p>"+adaLife+"</p></body>")})
	want := []archive.Credit{{Name: "Ada Holm", URL: address, Bio: adaLife}, {Name: "Bo Kvist", URL: address}}
	if diff := cmp.Diff(want, got.Items[0].Speakers); diff != "" {
		t.Error(diff)
	}
}

// TestFront takes from an edition's front page when and where it was, and
// nothing from a page that by now is of another year or that names another day.
func TestFront(t *testing.T) {
	const programmeBody = `<head><title>Kiln Days 2019 - Programme</title></head><body><h1>Kiln Days 2019</h1><a href="/2019/">Home</a><a href="/">Kiln Days</a>
	<ul><li>09:00 Salt glazes - Ada Holm</li><li>10:00 Wood ash - Bo Kvist</li><li>11:00 Firing at sea - Cai Lund</li></ul></body>`
	page := at(kilnPage, programmeBody)
	prog, err := programme.Read(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"https://kiln.example/2019/"}, programme.FrontPages(page, prog)); diff != "" {
		t.Error(diff)
	}
	dated, err := programme.Read(at(kilnPage, `<head><title>Kiln Days 2019</title></head><body><h1>Kiln Days, 4 May 2019</h1><a href="/2019/">Home</a><ul><li>09:00 Salt glazes - Ada Holm</li></ul></body>`))
	if err != nil {
		t.Fatal(err)
	}
	if got := programme.FrontPages(page, dated); got != nil {
		t.Errorf("a programme that says its day asks for %q", got)
	}
	for name, test := range map[string]struct {
		front, first, last, city string
		item                     archive.Date
	}{
		"in a sentence with its town":   {`<p>The third Kiln Days, Uppsala, Sweden, 4 May 2019.</p><p>Deadline for talks: 1 February 2019</p>`, "2019-05-04", "2019-05-04", "Uppsala", "2019-05-04"},
		"several days tell no item's":   {`<h2>4-5 May 2019, Uppsala</h2>`, "2019-05-04", "2019-05-05", "Uppsala", ""},
		"only a deadline":               {`<p>Send your talk before 1 February 2019.</p><p>Notification: 1 March 2019</p>`, "", "", "", ""},
		"held with something elsewhen":  {`<p>We meet with others, at the <a href="https://glaze.example">fair of glazes (2-9 May 2019)</a>.</p>`, "", "", "", ""},
		"by now of another year":        {`<h2>Uppsala, 3 May 2020</h2>`, "", "", "", ""},
		"two days that exclude another": {`<h2>4 May 2019</h2><h2>11 May 2019</h2>`, "", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := programme.JoinFront(prog, page, at("https://kiln.example/2019/", `<head><title>Kiln Days 2019</title></head><body><h1>Kiln Days 2019</h1>`+test.front+`</body>`))
			type facts struct {
				First, Last archive.Date
				City        string
				Item        archive.Date
			}
			if diff := cmp.Diff(facts{archive.Date(test.first), archive.Date(test.last), test.city, test.item}, facts{got.Edition.StartDate, got.Edition.EndDate, got.Edition.City, got.Items[0].Date}); diff != "" {
				t.Error(diff)
			}
		})
	}
	if prog.Items[0].Date != "" {
		t.Error("joining changed the programme it was given")
	}
}
