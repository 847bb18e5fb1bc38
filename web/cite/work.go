// Package cite writes a talk as something to cite: BibTeX, RIS, CSL-JSON and
// plain text. It is pure: values in, text out; it knows no page and no store.
//
// A talk is cited as a presentation, not as a paper: what was said and shown
// at an event on a day. Formats without a word for that get the nearest one
// (BibTeX's @misc with howpublished, RIS' SLIDE, CSL's speech).
package cite

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rostrum/archive"
)

// Work is a talk to cite. Empty fields are left out of every format.
type Work struct {
	Key      string // the talk's ID; made into a citation key where a format has one
	Title    string
	Kind     archive.Kind
	Authors  []Author
	Date     archive.Date
	Event    string // "Chaos Engineering Day 2017"
	Venue    string
	Place    string // "Stockholm, Sweden"
	URL      string // absolute, of the talk's page
	PDF      string // absolute, our copy of the slides
	PDFBytes int64
	Abstract string
	Language string // BCP 47
	Keywords []string
}

// Author is a person as printed.
type Author struct {
	Name        string
	Affiliation string
}

// particles are the small words that belong to a family name when they stand
// before it.
var particles = map[string]bool{
	"van": true, "von": true, "de": true, "der": true, "den": true, "del": true, "della": true, "di": true, "da": true, "dos": true, "du": true,
	"la": true, "le": true, "el": true, "al": true, "bin": true, "ibn": true, "ter": true, "ten": true, "af": true, "zu": true, "zum": true, "zur": true,
}

// groupWords tell that a name is that of a body, not of a human.
var groupWords = map[string]bool{
	"team": true, "group": true, "committee": true, "foundation": true, "university": true, "institute": true, "community": true, "panel": true,
	"organizers": true, "organisers": true, "various": true, "inc": true, "inc.": true, "ltd": true, "gmbh": true, "ab": true, "the": true, "and": true, "&": true,
}

// Parts divides a name into given and family name. A name that is one word, a
// body's, or of a script without such an order is all family, given "".
//
// Splitting names is guessing; the guess here is the printed order of Europe
// and America, since programmes say no more. The printed name stays whole in
// every place that can hold it.
func (a Author) Parts() (given, family string) {
	name := strings.Join(strings.Fields(a.Name), " ")
	if before, after, ok := strings.Cut(name, ", "); ok && before != "" && after != "" && !strings.Contains(after, ",") {
		return after, before
	}
	words := strings.Fields(name)
	if len(words) < 2 || len(words) > 5 || a.Group() || !latin(name) {
		return "", name
	}
	at := len(words) - 1
	if isSuffix(words[at]) && at > 1 {
		at--
	}
	for at > 1 && particles[strings.ToLower(words[at-1])] {
		at--
	}
	return strings.Join(words[:at], " "), strings.Join(words[at:], " ")
}

// Group says whether the name looks like that of a body rather than a human.
func (a Author) Group() bool {
	for w := range strings.FieldsSeq(a.Name) {
		if groupWords[strings.ToLower(w)] {
			return true
		}
	}
	return strings.ContainsAny(a.Name, "0123456789@/()")
}

func isSuffix(w string) bool {
	switch strings.Trim(strings.ToLower(w), ".") {
	case "jr", "sr", "ii", "iii", "iv":
		return true
	}
	return false
}

// latin says whether every letter is of a script that writes given names first.
func latin(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek) {
			return false
		}
	}
	return true
}

// oneLine is a text without line ends and control characters, since most
// formats end a field where a line ends.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// genre is the word for the kind of talk, in English as the formats are.
func (w Work) genre() string {
	switch w.Kind {
	case archive.KindKeynote:
		return "Keynote"
	case archive.KindInvited:
		return "Invited talk"
	case archive.KindPanel:
		return "Panel"
	case archive.KindTutorial:
		return "Tutorial"
	case archive.KindWorkshop:
		return "Workshop"
	case archive.KindLightning:
		return "Lightning talk"
	case archive.KindPoster:
		return "Poster"
	case archive.KindDemo:
		return "Demonstration"
	}
	return "Talk"
}

// Plain is the citation as a sentence: "Joe Armstrong: Let it crash. Keynote at
// Chaos Day, Stockholm, 2017-12-06. https://…".
func (w Work) Plain() string {
	var b strings.Builder
	for i, a := range w.Authors {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(oneLine(a.Name))
	}
	if len(w.Authors) > 0 {
		b.WriteString(": ")
	}
	title := oneLine(w.Title)
	b.WriteString(title)
	if !strings.HasSuffix(title, "?") && !strings.HasSuffix(title, "!") && !strings.HasSuffix(title, ".") {
		b.WriteByte('.')
	}
	b.WriteByte(' ')
	b.WriteString(w.genre())
	if w.Event != "" {
		b.WriteString(" at " + oneLine(w.Event))
	}
	for _, s := range []string{w.Place, string(w.Date)} {
		if s != "" {
			b.WriteString(", " + oneLine(s))
		}
	}
	b.WriteString(". " + w.URL)
	return b.String()
}
