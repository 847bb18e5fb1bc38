package web

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wording is a paragraph as read: its text in pieces, the addresses in it with
// where they lead.
type wording []link

// addressRE finds addresses in running text; what ends a sentence or closes a
// bracket behind one is cut off again.
var addressRE = regexp.MustCompile(`https?://[^\s<>"'“”‘’()\[\]{}|\\^` + "`" + `]+`)

// prose parts a text at its blank lines, takes out line ends that only broke a
// sentence, and makes links of the addresses that stand in it.
func prose(text string) []wording {
	var out []wording
	for _, p := range paragraphs(text) {
		out = append(out, linked(unwrapped(p)))
	}
	return out
}

func linked(text string) wording {
	var out wording
	from := 0
	for _, at := range addressRE.FindAllStringIndex(text, -1) {
		end := at[0] + len(strings.TrimRight(text[at[0]:at[1]], ".,;:!?…*_"))
		u := webAddress(text[at[0]:end])
		if u == "" {
			continue
		}
		if at[0] > from {
			out = append(out, link{Name: text[from:at[0]]})
		}
		out = append(out, link{Name: text[at[0]:end], URL: u})
		from = end
	}
	if from < len(text) {
		out = append(out, link{Name: text[from:]})
	}
	return out
}

// wrapLeast is the length of a line, in bytes, from which its end may be one
// that only fitted the text to a screen.
const wrapLeast = 45

// unwrapped joins lines that break in the middle of a sentence: a long one
// that ends without a stop, and goes on in small letters. Lists and verses
// keep their lines.
func unwrapped(p string) string {
	lines := strings.Split(p, "\n")
	var b strings.Builder
	for i, line := range lines {
		b.WriteString(line)
		if i+1 == len(lines) {
			break
		}
		end, _ := utf8.DecodeLastRuneInString(strings.TrimSpace(line))
		next, _ := utf8.DecodeRuneInString(strings.TrimSpace(lines[i+1]))
		if len(line) >= wrapLeast && !strings.ContainsRune(".:;!?", end) && (unicode.IsLower(next) || next == '(') {
			b.WriteByte(' ')
		} else {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
