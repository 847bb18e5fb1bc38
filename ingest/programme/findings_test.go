package programme_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/ingest/programme"
)

// TestFindings tells what is odd in a programme, at its item and with its place.
func TestFindings(t *testing.T) {
	const head = `<head><title>Weir Days 2012</title></head><body><h1>Weir Days 2012</h1>`
	const rest = `<li>11:00 - 11:45 Fish on their way up, Cecilia Ask</li><li>12:00 - 12:45 Ice against timber, Gun Ek</li>`
	type finding struct {
		Code         archive.FindingCode
		Field, Title string
		Placed       bool
	}
	for name, test := range map[string]struct {
		body string
		want []finding
	}{
		"nothing odd":     {`<p>Friday 4 May 2012</p><ul><li>09:00 - 09:45 Sluices that open, Anna Strid</li>` + rest + `</ul>`, nil},
		"ends too early":  {`<p>4 May 2012</p><ul><li>09:00 - 09:45 What the gauge forgot, Eva Rask</li><li>10:00 - 09:30 Sluices that open, Anna Strid</li>` + rest + `</ul>`, []finding{{archive.FindingTimeOdd, "end", "Sluices that open", true}}},
		"another weekday": {`<p>Monday 4 May 2012</p><ul><li>09:00 - 09:45 Sluices that open, Anna Strid</li>` + rest + `</ul>`, []finding{{archive.FindingDateOdd, "start_date", "", true}}},
		"slides spoken of": {`<p>4 May 2012</p><ul><li>09:00 - 09:45 Sluices that open, Anna Strid (slides)</li>` + rest + `</ul>`,
			[]finding{{archive.FindingSlidesUnlinked, "slides", "Sluices that open", true}}},
		"two closing times": {`<p>4 May 2012, 9:00 - 17:00</p><ul><li>09:00 - 09:45 Sluices that open, Anna Strid</li>` + rest + `</ul><p>When: 4 May 2012, 9:00 - 18:00</p>`,
			[]finding{{archive.FindingTwoEnds, "end_date", "", true}}},
		"no time among timed ones": {`<p>4 May 2012</p><ul><li>09:00 - 09:45 Sluices that open, Anna Strid</li><li>Weirs for beginners, Olle Bark</li>` + rest + `</ul>`,
			[]finding{{archive.FindingTimeMissing, "start", "Weirs for beginners", true}}},
		"no name but a mark": {`<p>4 May 2012</p><table><tr><th>Time</th><th>Title</th><th>Speaker</th></tr><tr><td>09:00</td><td>Sluices that open</td><td>Anna Strid</td></tr><tr><td>10:00</td><td>Fish on their way up</td><td>T.B.C. 2</td></tr><tr><td>11:00</td><td>Ice against timber</td><td>Gun Ek</td></tr></table>`,
			[]finding{{archive.FindingNameOdd, "speakers", "Fish on their way up", true}}},
		"nothing there": {`<p>Come and see our weir. It is old.</p>`, []finding{{archive.FindingNoItems, "", "", false}}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := programme.Read(at("https://weir.example/2012/", head+test.body+"</body>"))
			if err != nil {
				t.Fatal(err)
			}
			var got []finding
			for _, f := range p.Findings {
				one := finding{Code: f.Code, Field: f.Field, Placed: f.Place != nil}
				if f.Item != nil {
					one.Title = p.Items[*f.Item].Title
				}
				got = append(got, one)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s\n%v", diff, p.Findings)
			}
		})
	}
}

// TestNamesAreSure tells that a plain name read out of a line with its title is
// no doubtful one: organizers are shown the doubtful ones first.
func TestNamesAreSure(t *testing.T) {
	p, err := programme.Read(at("https://weir.example/2012/", `<head><title>Weir Days 2012</title></head><body><h1>Weir Days 2012</h1><p>4 May 2012</p><ul>
<li>09:00 - 09:45 <b>Sluices that open</b>, by Anna Strid (Lund University)</li>
<li>11:00 - 11:45 <b>Fish on their way up</b>, by Cecilia Ask</li></ul></body>`))
	if err != nil {
		t.Fatal(err)
	}
	sure := map[string]bool{}
	for _, it := range p.Items {
		for _, c := range it.Speakers {
			sure[c.Name] = it.Places["speakers"].Sure > 0.7
		}
	}
	if diff := cmp.Diff(map[string]bool{"Anna Strid": true, "Cecilia Ask": true}, sure); diff != "" {
		t.Error(diff)
	}
}
