package cite

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// BibTeX is the talk as a @misc entry that every BibTeX style can print. It
// ends with a line end.
func (w Work) BibTeX() string {
	var b strings.Builder
	fmt.Fprintf(&b, "@misc{%s", w.bibKey())
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, ",\n  %s = {%s}", name, value)
		}
	}
	authors := make([]string, len(w.Authors))
	for i, a := range w.Authors {
		given, family := a.Parts()
		authors[i] = tex(family)
		if given == "" {
			authors[i] = "{" + tex(family) + "}"
		} else {
			authors[i] += ", " + tex(given)
		}
	}
	field("author", strings.Join(authors, " and "))
	field("title", braced(w.Title))
	how := w.genre()
	if w.Event != "" {
		how += " at " + oneLine(w.Event)
	}
	if w.Place != "" {
		how += ", " + oneLine(w.Place)
	}
	field("howpublished", tex(how))
	if year := w.Date.Year(); year != 0 {
		// A month is a macro of every style and stands without braces.
		months := [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
		fmt.Fprintf(&b, ",\n  month = %s", months[w.Date.Time().Month()-1])
		field("year", strconv.Itoa(year))
	}
	field("url", texURL(w.URL))
	if w.PDF != "" {
		field("note", `Slides: \url{`+texURL(w.PDF)+"}")
	}
	field("language", tex(w.Language))
	b.WriteString("\n}\n")
	return b.String()
}

// bibKey is the citation key: family name, year, and the talk's own name.
func (w Work) bibKey() string {
	keep := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-') {
				return r
			}
			return -1
		}, s)
	}
	return strings.ReplaceAll(keep(strings.ReplaceAll(w.Key, "/", "-")), "--", "-")
}

var texEscapes = strings.NewReplacer(
	`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `&`, `\&`, `%`, `\%`, `#`, `\#`, `_`, `\_`, `$`, `\$`, `~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`,
)

// tex escapes what TeX reads as a command. Other letters stay as they are:
// every BibTeX of today reads UTF-8.
func tex(s string) string { return texEscapes.Replace(oneLine(s)) }

// texURL keeps an address readable to \url, in which only braces would do harm.
func texURL(s string) string {
	return strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C", " ", "%20").Replace(oneLine(s))
}

// braced keeps capitals that a style would lower: of each word with a capital
// beyond the title's first letter.
func braced(title string) string {
	words := strings.Fields(oneLine(title))
	for i, w := range words {
		first, size := utf8.DecodeRuneInString(w)
		capital := strings.ContainsFunc(w[size:], unicode.IsUpper) || (i > 0 && unicode.IsUpper(first))
		words[i] = tex(w)
		if capital {
			words[i] = "{" + words[i] + "}"
		}
	}
	return strings.Join(words, " ")
}

// RIS is the talk as a SLIDE record, with the line ends that RIS prescribes.
func (w Work) RIS() string {
	var b strings.Builder
	line := func(tag, value string) {
		if value = oneLine(value); value != "" {
			b.WriteString(tag + "  - " + value + "\r\n")
		}
	}
	line("TY", "SLIDE")
	for _, a := range w.Authors {
		given, family := a.Parts()
		if given == "" {
			line("AU", family)
		} else {
			line("AU", family+", "+given)
		}
	}
	line("TI", w.Title)
	line("T2", w.Event)
	line("M3", w.genre())
	if t := w.Date.Time(); !t.IsZero() {
		line("PY", strconv.Itoa(t.Year()))
		line("DA", t.Format("2006/01/02/"))
	}
	line("CY", w.Place)
	line("LA", w.Language)
	line("AB", w.Abstract)
	for _, k := range w.Keywords {
		line("KW", k)
	}
	line("UR", w.URL)
	line("L1", w.PDF)
	b.WriteString("ER  - \r\n")
	return b.String()
}

type cslName struct {
	Family  string `json:"family,omitempty"`
	Given   string `json:"given,omitempty"`
	Literal string `json:"literal,omitempty"`
}

type cslDate struct {
	Parts [][]int `json:"date-parts"`
}

type cslItem struct {
	ID         string    `json:"id"`
	Type       string    `json:"type"`
	Title      string    `json:"title"`
	Author     []cslName `json:"author,omitempty"`
	Issued     *cslDate  `json:"issued,omitempty"`
	EventTitle string    `json:"event-title,omitempty"`
	Event      string    `json:"event,omitempty"` // what event-title was called before CSL 1.0.2
	EventDate  *cslDate  `json:"event-date,omitempty"`
	EventPlace string    `json:"event-place,omitempty"`
	Genre      string    `json:"genre,omitempty"`
	URL        string    `json:"URL,omitempty"`
	Abstract   string    `json:"abstract,omitempty"`
	Language   string    `json:"language,omitempty"`
	Keyword    string    `json:"keyword,omitempty"`
}

// CSL is the talk as CSL-JSON: an array with one item of type "speech".
func (w Work) CSL() ([]byte, error) {
	item := cslItem{
		ID: w.Key, Type: "speech", Title: oneLine(w.Title), EventTitle: oneLine(w.Event), Event: oneLine(w.Event), EventPlace: oneLine(w.Place),
		Genre: w.genre(), URL: w.URL, Abstract: strings.TrimSpace(w.Abstract), Language: w.Language, Keyword: strings.Join(w.Keywords, ", "),
	}
	for _, a := range w.Authors {
		if given, family := a.Parts(); given != "" {
			item.Author = append(item.Author, cslName{Family: oneLine(family), Given: oneLine(given)})
		} else {
			item.Author = append(item.Author, cslName{Literal: oneLine(a.Name)})
		}
	}
	if t := w.Date.Time(); !t.IsZero() {
		d := &cslDate{Parts: [][]int{{t.Year(), int(t.Month()), t.Day()}}}
		item.Issued, item.EventDate = d, d
	}
	b, err := json.MarshalIndent([]cslItem{item}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write CSL-JSON of %s: %w", w.Key, err)
	}
	return append(b, '\n'), nil
}
