package slides

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rostrum/archive"
)

// fillSearch gives each slide its words for search, from its text and notes and from
// what stands on the other slides of the deck.
//
// Left out are the lines that stand on most slides: running heads and feet, which
// match every slide alike. The first slide keeps them: there the title of the talk and
// the name of the speaker are no running head but what the slide is about.
//
// joints has, for each slide, the words that the reader put together over a line end;
// nil when it does no such thing.
func fillSearch(slides []archive.Slide, joints [][]joint) {
	lines := make([][]string, len(slides))
	for i, s := range slides {
		lines[i] = searchLines(s.Text)
	}
	running := runningLines(lines)
	numbers := pageNumbers(lines)
	vocabulary := deckWords(lines)
	for i := range slides {
		kept := make([]string, 0, len(lines[i]))
		for _, line := range lines[i] {
			if i > 0 && running[shape(line)] || numbers.is(line, i+1) {
				continue
			}
			kept = append(kept, line)
		}
		slides[i].Search = mend(kept, vocabulary)
		if notes := searchLines(slides[i].Notes); len(notes) > 0 {
			slides[i].Search = strings.TrimSpace(slides[i].Search + "\n" + mend(notes, vocabulary))
		}
		if i < len(joints) {
			slides[i].Search += apart(joints[i], vocabulary)
		}
	}
}

// apart gives, each on a line, the words that were put together and are two, or may
// well be, because the deck has both elsewhere: what was "open-" and "source" is to be
// found by "open source", and "Lovelace" although a footnote's mark makes it "Lovelace2".
func apart(joints []joint, vocabulary map[string]bool) string {
	var b strings.Builder
	for _, j := range joints {
		parts := searchLines(j.word[:j.at] + " " + j.word[j.at:])
		if len(parts) != 1 {
			continue
		}
		unknown := slices.ContainsFunc(strings.Fields(parts[0]), func(part string) bool { return !vocabulary[vocable(part)] })
		if j.two || !unknown {
			b.WriteString("\n" + parts[0])
		}
	}
	return b.String()
}

// softHyphen marks where a word may be broken; it is no part of the word.
const softHyphen = '\u00ad'

// searchLines gives a text's lines in the form that search compares: NFKC, which
// undoes ligatures and full-width letters, one space between words, no empty lines. A
// soft hyphen at the end of a line stays, as a hyphen to be mended.
func searchLines(text string) []string {
	var lines []string
	for line := range strings.Lines(norm.NFKC.String(text)) {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		broken := strings.HasSuffix(line, string(softHyphen))
		line = strings.Map(func(r rune) rune {
			switch {
			case r == softHyphen || r == '\u200b' || r == '\ufeff':
				return -1
			case unicode.IsControl(r):
				return ' '
			}
			return r
		}, line)
		if broken {
			line += "-"
		}
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// shape is a line with its numbers blotted out: "7 / 48" and "8 / 48" are one foot.
func shape(line string) string {
	var b strings.Builder
	digits := false
	for _, r := range line {
		if unicode.IsDigit(r) {
			if !digits {
				b.WriteByte('#')
			}
			digits = true
			continue
		}
		digits = false
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// minRunning is how many different slides a deck must have before anything on most of
// them is called running.
const minRunning = 4

// runningLines finds the shapes of lines that stand on more than half of the slides.
// Slides that build up one step at a time count once: what stays on them is content.
func runningLines(lines [][]string) map[string]bool {
	count := map[string]int{}
	groups := 0
	var last map[string]bool
	for _, slide := range lines {
		if len(slide) == 0 {
			continue
		}
		shapes := make(map[string]bool, len(slide))
		for _, line := range slide {
			shapes[shape(line)] = true
		}
		if buildsOn(shapes, last) {
			last = shapes
			continue
		}
		last = shapes
		groups++
		for s := range shapes {
			count[s]++
		}
	}
	running := map[string]bool{}
	if groups < minRunning {
		return running
	}
	for s, n := range count {
		// A line of one bare number is the business of pageNumbers.
		if 2*n > groups && s != "#" {
			running[s] = true
		}
	}
	return running
}

// buildsOn says whether a slide is the one before it with something added: nearly all
// of what was there is still there, and that was more than a head and a foot.
func buildsOn(now, before map[string]bool) bool {
	if len(before) < 3 {
		return false
	}
	same := 0
	for s := range before {
		if now[s] {
			same++
		}
	}
	return 5*same >= 4*len(before)
}

// numbering is how a deck numbers its slides: the number on a slide less the number of
// its page, which most slides agree on, or none.
type numbering struct {
	offset int
	found  bool
}

func pageNumbers(lines [][]string) numbering {
	votes := map[int]int{}
	for i, slide := range lines {
		seen := map[int]bool{}
		for _, line := range slide {
			if n, ok := bareNumber(line); ok && !seen[n] {
				seen[n] = true
				votes[n-i-1]++
			}
		}
	}
	best := numbering{}
	for offset, n := range votes {
		if 2*n > len(lines) && len(lines) >= minRunning {
			best = numbering{offset: offset, found: true}
		}
	}
	return best
}

// is says whether the line is the number of that slide. Once it is known how a deck
// numbers, a number that stands one or two off is one too: a slide was left out.
func (n numbering) is(line string, slide int) bool {
	got, ok := bareNumber(line)
	return ok && n.found && got == slide+n.offset
}

// bareNumber reads a line that is nothing but a number, perhaps with "/ 48" after it.
func bareNumber(line string) (int, bool) {
	first, rest, slash := strings.Cut(line, "/")
	if slash {
		if _, err := strconv.Atoi(strings.TrimSpace(rest)); err != nil {
			return 0, false
		}
	}
	n, err := strconv.Atoi(strings.Trim(first, " .-–—|"))
	return n, err == nil && n >= 0 && n < 100_000
}

// deckWords is the set of words of a deck, lower-cased, with hyphens inside kept.
func deckWords(lines [][]string) map[string]bool {
	words := map[string]bool{}
	for _, slide := range lines {
		for _, line := range slide {
			for word := range strings.FieldsSeq(line) {
				if word = vocable(word); word != "" {
					words[word] = true
				}
			}
		}
	}
	return words
}

// vocable is a word as it counts for the deck's vocabulary.
func vocable(word string) string {
	return strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }))
}

// mend joins lines to a text and the halves of words that line ends had cut. Whether
// the hyphen was the word's own is asked of the rest of the deck; nobody answering, it
// came with the line end.
func mend(lines []string, vocabulary map[string]bool) string {
	var b strings.Builder
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		for i+1 < len(lines) {
			joined, ok := join(line, lines[i+1], vocabulary)
			if !ok {
				break
			}
			line = joined
			i++
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

// join puts two lines together when the first ends in a hyphen after a letter and the
// second goes on with a small letter.
func join(line, next string, vocabulary map[string]bool) (string, bool) {
	cut := strings.TrimRight(line, "-‐")
	if len(line)-len(cut) == 0 || len(line)-len(cut) > len("‐") {
		return "", false
	}
	from := strings.LastIndexByte(cut, ' ') + 1
	head := cut[from:]
	tail, rest, more := strings.Cut(next, " ")
	if len([]rune(head)) < 2 || !unicode.IsLetter(lastRune(head)) || !unicode.IsLower(firstRune(tail)) {
		return "", false
	}
	bare := strings.TrimRightFunc(tail, func(r rune) bool { return !unicode.IsLetter(r) })
	word := head + tail
	if hyphened := strings.ToLower(head + "-" + bare); vocabulary[hyphened] && !vocabulary[strings.ToLower(head+bare)] {
		word = head + "-" + tail
	}
	joined := cut[:from] + word
	if more {
		joined += " " + rest
	}
	return joined, true
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func lastRune(s string) rune {
	var last rune
	for _, r := range s {
		last = r
	}
	return last
}
