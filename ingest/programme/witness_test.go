package programme

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// heard is what the hints may change.
type heard struct {
	Title, Venue, City, Country string
	Days                        [2]archive.Date
	Organizers                  []string
	Items                       []heardItem
	Findings                    []string
}

type heardItem struct {
	Title  string
	People []archive.Credit
	Date   archive.Date
	Start  archive.Clock
	End    archive.Clock
}

func hear(t *testing.T, page string) heard {
	t.Helper()
	prog, err := Read(Page{Bytes: []byte(page), URL: "https://kiln.example/"})
	if err != nil {
		t.Fatal(err)
	}
	e := prog.Edition
	out := heard{Title: e.Title, Venue: e.Venue, City: e.City, Country: e.Country, Days: [2]archive.Date{e.StartDate, e.EndDate}, Organizers: e.Organizers}
	for _, it := range prog.Items {
		out.Items = append(out.Items, heardItem{it.Title, it.Speakers, it.Date, it.Start, it.End})
	}
	for _, f := range prog.Findings {
		if f.Place != nil && f.Field != "" && f.Item == nil {
			out.Findings = append(out.Findings, string(f.Code)+" "+f.Field)
		}
	}
	return out
}

const kilnTalks = `<h2>Saturday</h2>
<p><b>9:30 Firing without smoke</b><br>Edith Clowes (Spode Works)<p><b>10:30 Glazes from ash</b><br>Tom Wedderburn (Leach Pottery)
<p><b>11:30 What the sherds told us</b><br>Priya Ramanathan (City Museum)`

// What the page says twice, once for machines, is believed; what only machines
// are told fills what is missing.
func TestWitnessAgrees(t *testing.T) {
	talks := []heardItem{
		{"Firing without smoke", []archive.Credit{{Name: "Edith Clowes", Affiliation: "Spode Works"}}, "2019-09-14", "09:30", ""},
		{"Glazes from ash", []archive.Credit{{Name: "Tom Wedderburn", Affiliation: "Leach Pottery"}}, "2019-09-14", "10:30", ""},
		{"What the sherds told us", []archive.Credit{{Name: "Priya Ramanathan", Affiliation: "City Museum"}}, "2019-09-14", "11:30", ""},
	}
	body := `<h1>Kiln Days 2019</h1><p>14 September</p>` + kilnTalks
	want := heard{Title: "Kiln Days 2019", Venue: "The Old Pottery", City: "Hanley", Days: [2]archive.Date{"2019-09-14", "2019-09-15"}, Items: talks}
	for name, hint := range map[string]string{
		"json-ld":      `<script type="application/ld+json">{"@type":"Event","name":"Kiln Days 2019","startDate":"2019-09-14","endDate":"2019-09-15T16:00","location":{"name":"The Old Pottery","address":{"addressLocality":"Hanley","addressCountry":"GB"}}}</script>`,
		"microdata":    `<div itemscope itemtype="https://schema.org/Event"><meta itemprop=name content="Kiln Days 2019"><meta itemprop=startDate content="2019-09-14"><meta itemprop=endDate content="2019-09-15"><div itemprop=location itemscope itemtype="https://schema.org/Place"><meta itemprop=name content="The Old Pottery"><div itemprop=address itemscope><meta itemprop=addressLocality content=Hanley></div></div></div>`,
		"rdfa":         `<div typeof="schema:Event"><meta property="schema:name" content="Kiln Days 2019"><meta property="schema:startDate" content="2019-09-14"><meta property="schema:endDate" content="2019-09-15"><div property="schema:location" typeof="schema:Place"><meta property="schema:name" content="The Old Pottery"><meta property="schema:addressLocality" content=Hanley></div></div>`,
		"microformats": `<div class=vevent><abbr class=summary title="Kiln Days 2019"></abbr><abbr class=dtstart title="20190914T0900"></abbr><abbr class=dtend title="20190915"></abbr><abbr class=location title="The Old Pottery"></abbr><abbr class=locality title=Hanley></abbr></div>`,
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, hear(t, hint+body)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What the page shows goes before a witness that says otherwise, and that is told.
func TestWitnessContradicts(t *testing.T) {
	const hint = `<script type="application/ld+json">{"@type":"Event","name":"Template 2017","startDate":"2017-01-01","location":{"name":"Venue name","address":{"addressLocality":"Springfield"}},
"subEvent":[{"@type":"Event","name":"Glazes from ash","startDate":"2019-09-14T13:00"},{"@type":"Event","name":"Firing without smoke","startDate":"2018-09-14T09:30"}]}</script>`
	const body = `<h1>Kiln Days 2019</h1><p>14 September 2019, The Old Pottery, Sheffield</p>` + kilnTalks
	got := hear(t, hint+body)
	want := heard{
		Title: "Kiln Days 2019", Venue: "The Old Pottery", City: "Sheffield", Days: [2]archive.Date{"2019-09-14", "2019-09-14"},
		Items:    got.Items,
		Findings: []string{"date-odd start_date", "date-odd date", "time-odd start", "doubtful venue"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, start := range []archive.Clock{"09:30", "10:30", "11:30"} {
		if got.Items[i].Start != start || got.Items[i].Date != "2019-09-14" {
			t.Errorf("%q is on %s at %s", got.Items[i].Title, got.Items[i].Date, got.Items[i].Start)
		}
	}
}

// Talks that are marked as gatherings of their own are read by their marks, and
// times that no eye sees are taken where the page shows none.
func TestMarkedItems(t *testing.T) {
	const page = `<title>Kiln Days</title><h1>Kiln Days 2019</h1><p>14 September 2019</p>
<div itemscope itemtype="http://schema.org/Event"><p><span itemprop="name">Firing without smoke</span><meta itemprop="startDate" content="2019-09-14T09:30+01:00"><meta itemprop="endDate" content="2019-09-14T10:15+01:00"></p>
<p>with <span itemprop="performer" itemscope itemtype="http://schema.org/Person"><span itemprop="name">Edith Clowes</span>, <span itemprop="affiliation">Spode Works</span></span></p></div>
<div itemscope itemtype="http://schema.org/Event"><p><span itemprop="name">Glazes from ash</span><meta itemprop="startDate" content="2019-09-14T10:30:00Z"></p>
<p>with <span itemprop="performer" itemscope itemtype="http://schema.org/Person"><span itemprop="name">Tom Wedderburn</span></span></p></div>
<div itemscope itemtype="http://schema.org/Event"><p><span itemprop="name">What the sherds told us</span><meta itemprop="startDate" content="2019-09-14 11:30"></p>
<p>with <span itemprop="performer" itemscope itemtype="http://schema.org/Person"><span itemprop="name">Priya Ramanathan</span></span></p></div>`
	want := heard{Title: "Kiln Days 2019", Days: [2]archive.Date{"2019-09-14", "2019-09-14"}, Items: []heardItem{
		{"Firing without smoke", []archive.Credit{{Name: "Edith Clowes", Affiliation: "Spode Works"}}, "2019-09-14", "09:30", "10:15"},
		{"Glazes from ash", []archive.Credit{{Name: "Tom Wedderburn"}}, "2019-09-14", "", ""}, // universal time is nobody's clock there
		{"What the sherds told us", []archive.Credit{{Name: "Priya Ramanathan"}}, "2019-09-14", "11:30", ""},
	}}
	if diff := cmp.Diff(want, hear(t, page)); diff != "" {
		t.Error(diff)
	}
}
