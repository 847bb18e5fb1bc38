package programme_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/ingest/programme"
)

// at makes a page of a body, as the site gave it at an address.
func at(address, body string) programme.Page {
	return programme.Page{Bytes: []byte("<!DOCTYPE html><html lang=en>" + body + "</html>"), Media: "text/html; charset=utf-8", URL: address}
}

// TestEditions names what a page's menus, footers and lists lead to, and what
// looks like an edition and is none.
func TestEditions(t *testing.T) {
	const self = "https://kiln.example/2019/"
	head := "<head><title>Kiln Days 2019</title></head><body><h1>Kiln Days 2019</h1><p>Sala, 4 May 2019</p>"
	for name, test := range map[string]struct {
		page programme.Page
		want []programme.EditionLink
	}{
		"a menu of years": {
			at(self, head+`<nav><ul><li><a href="/2019/">2019</a></li><li><a href="/2018/">2018</a></li><li><a href="/2016/">2016</a></li></ul></nav></body>`),
			[]programme.EditionLink{{URL: "https://kiln.example/2018/", Label: "2018", Year: 2018}, {URL: "https://kiln.example/2016/", Label: "2016", Year: 2016}},
		},
		"editions by name in a footer, on a host a year": {
			at("https://2019.kiln.example/", head+`<footer>Kiln Days before: <a href="https://2018.kiln.example/">Kiln Days 2018</a>, <a href="https://2017.kiln.example/">Kiln Days '17</a></footer></body>`),
			[]programme.EditionLink{{URL: "https://2018.kiln.example/", Label: "Kiln Days 2018", Year: 2018}, {URL: "https://2017.kiln.example/", Label: "Kiln Days '17", Year: 2017}},
		},
		"a page of previous editions": {
			at(self, head+`<p><a href="/previous.html">Previous editions</a> <a href="/about.html">About us</a></p></body>`),
			[]programme.EditionLink{{URL: "https://kiln.example/previous.html", Label: "Previous editions", List: true}},
		},
		"previous editions in Swedish, German and French": {
			at(self, head+`<p><a href="/sv">Tidigare år</a> <a href="/de">Frühere Tagungen</a> <a href="/fr">Éditions précédentes</a></p></body>`),
			[]programme.EditionLink{
				{URL: "https://kiln.example/sv", Label: "Tidigare år", List: true}, {URL: "https://kiln.example/de", Label: "Frühere Tagungen", List: true},
				{URL: "https://kiln.example/fr", Label: "Éditions précédentes", List: true},
			},
		},
		"a list to choose a year from": {
			at(self, head+`<form action="/go"><select name=y><option value="/2019/" selected>2019</option><option value="/2018/">2018</option><option value="/2017/">Kiln Days 2017</option><option value="">all</option></select></form></body>`),
			[]programme.EditionLink{{URL: "https://kiln.example/2018/", Label: "2018", Year: 2018}, {URL: "https://kiln.example/2017/", Label: "Kiln Days 2017", Year: 2017}},
		},
		"the months of a blog": {
			at(self, head+`<aside><h3>Archives</h3><ul><li><a href="/blog/2018/11/">November 2018</a></li><li><a href="/blog/2018/03/">March 2018</a></li><li><a href="/blog/2017/">2017 (14)</a></li></ul></aside></body>`),
			nil,
		},
		"news, papers and photographs of other years": {
			at(self, head+`<p><a href="/news/2018/new-chairman-elected.html">12 March 2018: a new chairman</a> <a href="/2018/proceedings.pdf">Proceedings 2018</a> <a href="https://photos.example/kiln2018">Photos 2018</a></p></body>`),
			nil,
		},
		"other gatherings and sponsors": {
			at(self, head+`<p>Co-located with <a href="https://glaze.example/2018/">GlazeConf 2018</a>. Sponsored by <a href="https://brick.example/2018-catalogue/">Brick &amp; Sons 2018</a>.</p></body>`),
			nil,
		},
		"one edition at two addresses": {
			at(self, head+`<nav><a href="/2018/">2018</a></nav><footer><a href="/2018/index.html">Kiln Days 2018</a> <a href="/2018">2018</a></footer></body>`),
			[]programme.EditionLink{{URL: "https://kiln.example/2018/", Label: "2018", Year: 2018}},
		},
		"nothing": {at(self, head+`</body>`), nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, programme.Editions(test.page)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestProgrammePages looks for the way from an edition's front to its programme.
func TestProgrammePages(t *testing.T) {
	const self = "https://kiln.example/2019/"
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"by its name": {
			`<nav><a href="program.html">Program</a> <a href="committee.html">Program committee</a> <a href="/2018/program.html">Programme 2018</a> <a href="https://other.example/programme">Programme</a></nav>`,
			[]string{"https://kiln.example/2019/program.html"},
		},
		"in other tongues": {
			`<nav><a href="a.html">Programm</a> <a href="b.html">Programación</a> <a href="c.html">プログラム</a> <a href="anfahrt.html">Anfahrt</a></nav>`,
			[]string{"https://kiln.example/2019/a.html", "https://kiln.example/2019/b.html", "https://kiln.example/2019/c.html"},
		},
		"a programme to download is no page": {`<a href="programme.pdf">Programme</a>`, nil},
		"the page itself holds it": {
			`<ul><li>09:00 Salt glazes - Ada Holm</li><li>10:00 Wood ash - Bo Kvist</li><li>11:00 Firing at sea - Cai Lund</li></ul>`,
			[]string{"https://kiln.example/2019/"},
		},
		"nothing": {`<p>Come to Sala.</p>`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			page := at(self, "<head><title>Kiln Days 2019</title></head><body><h1>Kiln Days 2019</h1><p>Sala, 4 May 2019</p>"+test.body+"</body>")
			if diff := cmp.Diff(test.want, programme.ProgrammePages(page)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
