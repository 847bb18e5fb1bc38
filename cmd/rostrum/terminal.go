package main

import (
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
)

// sheet writes for people: on a terminal within its width, with words in bold
// and addresses behind words; through a pipe everything whole, in plain text.
//
// Columns are counted as terminals do: a Chinese character takes two, an
// accent that stands on a letter none.
type sheet struct {
	out    io.Writer
	width  int    // columns
	whole  bool   // nothing is cut, only running text is broken into lines
	styled bool   // bold, dim, underlined
	linked bool   // the terminal understands hyperlinks (OSC 8)
	site   string // address of the running server, "" when there is none
}

// Widths of what is written: a pipe has none of its own, and running text
// wider than proseWidth is hard to read.
const (
	pipeWidth  = 80
	proseWidth = 88
	leastWidth = 24
)

// newSheet looks at where standard output goes.
func (a *app) newSheet() *sheet {
	s := &sheet{out: a.out, width: pipeWidth, whole: true}
	if !a.tty {
		return s
	}
	s.whole = false
	if w := a.wide(); w > 0 {
		s.width = max(w, leastWidth)
	}
	dumb := a.getenv("TERM") == "dumb"
	s.styled = a.getenv("NO_COLOR") == "" && !dumb
	s.linked = !dumb && a.knowsLinks()
	return s
}

// knowsLinks says whether the terminal is one of those that show hyperlinks.
// There is no asking it, so it goes by what it says of itself.
func (a *app) knowsLinks() bool {
	switch a.getenv("FORCE_HYPERLINK") {
	case "":
	case "0":
		return false
	default:
		return true
	}
	if vte, err := strconv.Atoi(a.getenv("VTE_VERSION")); err == nil && vte >= 5000 {
		return true
	}
	for _, name := range []string{"WT_SESSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "DOMTERM"} {
		if a.getenv(name) != "" {
			return true
		}
	}
	return slices.Contains([]string{"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"}, a.getenv("TERM_PROGRAM")) ||
		slices.Contains([]string{"alacritty", "foot", "foot-extra", "xterm-kitty", "xterm-ghostty", "wezterm"}, a.getenv("TERM"))
}

// style is how words are set.
type style string

const (
	plain  style = ""
	bold   style = "1"
	dim    style = "2"
	italic style = "3"
)

// words are a piece of a line: what it says, how it is set, where it leads.
type words struct {
	text  string
	set   style
	to    string // http or https address, "" for none
	end   bool   // in a table: at the right of its column
	whole bool   // in a table: not cut, as long as it fits at all
}

// columns is how wide a text is on a terminal.
func columns(s string) int { return uniseg.StringWidth(s) }

// cut makes text one printable line of at most n columns; what is cut off shows
// as an ellipsis.
func cut(text string, n int) string {
	text = strings.Join(strings.Fields(printable(text)), " ")
	if columns(text) <= n {
		return text
	}
	return strings.TrimRight(head(text, max(n-1, 0)), " ") + "…"
}

// head is the beginning of a text that fits n columns, characters left whole.
func head(text string, n int) string {
	end, used, state := 0, 0, -1
	for rest := text; rest != ""; {
		var cluster string
		var wide int
		cluster, rest, wide, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += wide; used > n {
			break
		}
		end += len(cluster)
	}
	return text[:end]
}

// wrap breaks a text into printable lines of at most n columns, where its
// script allows (Unicode UAX 14): Latin between words, Japanese nearly
// anywhere. A word wider than a line is broken.
func wrap(text string, n int) []string {
	text = strings.Join(strings.Fields(printable(text)), " ")
	var lines []string
	line, state := "", -1
	for rest := text; rest != ""; {
		var part string
		part, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		if line != "" && columns(line)+columns(strings.TrimRight(part, " ")) > n {
			lines, line = append(lines, strings.TrimRight(line, " ")), ""
		}
		for columns(strings.TrimRight(part, " ")) > n {
			first := head(part, n)
			if first == "" { // one character wider than the line
				break
			}
			lines, part = append(lines, first), part[len(first):]
		}
		line += part
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	return lines
}

// show is a piece as it is written; its text is printable and fits already.
func (s *sheet) show(w words) string {
	text := w.text
	if text == "" {
		return ""
	}
	if w.set != plain && s.styled {
		text = "\x1b[" + string(w.set) + "m" + text + "\x1b[0m"
	}
	if to := linkTo(w.to); to != "" && s.linked {
		text = "\x1b]8;;" + to + "\x1b\\" + text + "\x1b]8;;\x1b\\"
	}
	return text
}

// linkTo is an address that is safe within an escape sequence, "" for any
// that does not lead to the web.
func linkTo(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	for _, r := range u.String() {
		if r <= ' ' || r > '~' {
			return ""
		}
	}
	return u.String()
}

// line writes one line of a text, cut to the width after indent columns.
func (s *sheet) line(indent int, w words) {
	w.text = s.fit(w.text, s.width-indent)
	fmt.Fprintf(s.out, "%*s%s\n", indent, "", s.show(w))
}

// fit is cut where lines are cut at all.
func (s *sheet) fit(text string, n int) string {
	if s.whole {
		n = 1 << 20
	}
	return cut(text, n)
}

// prose writes running text, broken into lines, its paragraphs parted.
func (s *sheet) prose(indent int, text string, set style) {
	between := false
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		lines := wrap(paragraph, min(s.width, proseWidth)-indent)
		if between && len(lines) > 0 {
			fmt.Fprintln(s.out)
		}
		between = between || len(lines) > 0
		for _, one := range lines {
			fmt.Fprintf(s.out, "%*s%s\n", indent, "", s.show(words{text: one, set: set}))
		}
	}
}

// heading begins a part of the sheet.
func (s *sheet) heading(text string) {
	fmt.Fprintln(s.out)
	s.line(0, words{text: text, set: bold})
}

// facts writes names and what they are, one below the other after an empty
// line; what does not fit goes on below itself. Rows without a value are left
// out.
func (s *sheet) facts(rows ...fact) {
	rows = slices.DeleteFunc(rows, func(r fact) bool { return r.value == "" })
	if len(rows) == 0 {
		return
	}
	fmt.Fprintln(s.out)
	wide := 0
	for _, r := range rows {
		wide = max(wide, columns(r.name))
	}
	for _, r := range rows {
		indent := wide + 4
		lines := []string{cut(r.value, 1<<20)}
		if r.to == "" || s.linked { // an address that is shown stays in one piece
			lines = wrap(r.value, max(min(s.width, proseWidth)-indent, 10))
		}
		for i, one := range lines {
			name := ""
			if i == 0 {
				name = r.name
			}
			fmt.Fprintf(s.out, "  %s%*s%s\n", s.show(words{text: name, set: dim}), wide-columns(name)+2, "", s.show(words{text: one, to: r.to}))
		}
	}
}

// fact is one row of facts.
type fact struct{ name, value, to string }

// table writes rows of cells in columns; a row of one cell goes across them.
// Where the width does not hold them, the widest columns are cut, but for what
// is to be kept whole. Through a pipe nothing is cut.
func (s *sheet) table(indent int, rows [][]words) {
	width := s.width
	if s.whole {
		width = 1 << 20
	}
	wide := columnWidths(rows, width-indent)
	for _, row := range rows {
		if len(row) == 1 {
			s.line(indent, row[0])
			continue
		}
		var line strings.Builder
		used := indent
		for i, cell := range row {
			if wide[i] == 0 { // nothing in the whole column
				continue
			}
			n := min(wide[i], width-used) // even so too wide: the last ones go
			if n < min(wide[i], 4) {
				break
			}
			cell.text = cut(cell.text, n)
			pad := fmt.Sprintf("%*s", n-columns(cell.text), "")
			if cell.end {
				line.WriteString(pad + s.show(cell))
			} else {
				line.WriteString(s.show(cell) + pad)
			}
			fmt.Fprintf(&line, "%*s", columnGap, "")
			used += n + columnGap
		}
		fmt.Fprintf(s.out, "%*s%s\n", indent, "", strings.TrimRight(line.String(), " "))
	}
}

const (
	columnGap   = 2
	leastColumn = 8 // columns that a cell is cut to at least
)

// columnWidths shares out width columns of the terminal among those of a table.
func columnWidths(rows [][]words, width int) []int {
	var wide []int
	kept := map[int]bool{}
	for _, row := range rows {
		for i, cell := range row {
			if len(row) == 1 {
				break
			}
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], columns(cut(cell.text, 1<<20)))
			kept[i] = kept[i] || cell.whole || cell.end
		}
	}
	room := width + columnGap
	for _, w := range wide {
		if w > 0 {
			room -= w + columnGap
		}
	}
	for ; room < 0; room++ {
		widest := -1
		for i, w := range wide {
			if !kept[i] && w > leastColumn && (widest < 0 || w > wide[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		wide[widest]--
	}
	return wide
}

// next says how to go on.
func (s *sheet) next(things []string) {
	fmt.Fprintln(s.out)
	for i, t := range things {
		lead := "     "
		if i == 0 {
			lead = "next "
		}
		fmt.Fprintf(s.out, "%s rostrum show %s\n", s.show(words{text: lead, set: dim}), t)
	}
}
