package programme

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"rostrum/internal/htmltext"
)

// datedPlace reads the place in a line that prints the edition's days: what is
// left of it without them. ok is false when that is no place.
//
// People write it in any order ("Umeå, Folkets Hus, 4–5 May", "4 May · Folkets Hus
// · Umeå"), and most towns are in no list. So the parts are told apart by their
// words: one with a word for houses, a number or an institution is the house, a
// short capitalized one beside it the town.
func (r *reader) datedPlace(text string) (p placeReading, ok bool) {
	text = datedSentence(text)
	if sentenceScore(text) > 0.3 || len(strings.Fields(text)) > 16 {
		return r.prosePlace(text)
	}
	var houses, towns []string
	l := lex()
	for _, part := range r.partsBesideDate(text) {
		f := fold(part)
		switch {
		case l.is(cFirstName, strings.Fields(f)[0]) && r.vocab.nameScore(part) > 0.6:
			return placeReading{}, false // who speaks then, or organizes it
		case l.is(cCountry, f) && p.country == "":
			p.country = part
		case p.city == "" && l.is(cCity, f):
			p.city = part
		case houseLike(part):
			houses = append(houses, part)
		case townName(part):
			towns = append(towns, part)
		}
	}
	if p.city == "" {
		p.cityInside(houses)
	}
	if p.city == "" && len(towns) > 0 && (len(houses) > 0 || len(towns) == 1 || len(towns) == 2 && p.country == "") {
		k := 0
		if len(houses) == 0 && len(towns) == 2 && len(strings.Fields(towns[1])) < len(strings.Fields(towns[0])) {
			k = 1 // the house is rather the longer name
		}
		p.city = towns[k]
		towns = slices.Delete(towns, k, k+1)
	}
	p.venue = strings.Join(houses[:min(len(houses), 3)], ", ")
	if p.venue == "" && len(towns) == 1 && p.city != "" {
		p.venue = towns[0]
	}
	if p.city == "" && p.venue == "" {
		return placeReading{}, false
	}
	p.weigh()
	return p, true
}

// weigh says how sure a place in a dated line is: by what of it is known.
func (p *placeReading) weigh() {
	p.score += 0.2
	switch {
	case lex().is(cCity, fold(p.city)):
		p.score += 0.8
	case p.city != "":
		p.score += 0.5
	}
	if p.country != "" {
		p.score += 0.7
	}
	if p.venue != "" {
		p.score += 0.5
	}
}

// datedSentence gives the sentence of a text that prints a date, with the next
// where that is but a house.
func datedSentence(text string) string {
	list := strings.Split(text, ". ")
	for i, s := range list {
		if d := findDates(s); len(d) == 0 || d[0].month == 0 && len(list) > 1 {
			continue
		}
		if onlyDate(s) {
			return text
		}
		if i+1 < len(list) && len(strings.Fields(list[i+1])) <= 9 && houseLike(strings.Trim(list[i+1], " .")) {
			return s + ", " + list[i+1]
		}
		return s
	}
	return text
}

// partsBesideDate splits a line at its commas and the like, and at its dates,
// and leaves out the dates, the times and the edition's title.
func (r *reader) partsBesideDate(text string) []string {
	for _, span := range slices.Backward(findTimes(text)) {
		text = text[:span.from] + ", " + text[span.to:]
	}
	for _, d := range slices.Backward(findDates(text)) {
		if d.to <= len(text) {
			text = text[:d.from] + ", " + text[d.to:]
		}
	}
	title := fold(r.edition.Title)
	var out []string
	for s := range strings.SplitSeq(strings.ReplaceAll(text, ". ", ", "), ". ") {
		for _, part := range addressSplitRE.Split(s, -1) {
			part = inAtRE.ReplaceAllString(strings.TrimSpace(part), "")
			part = strings.Trim(htmltext.Collapse(part), " .,;:-–—|()·•/~<>")
			f := fold(part)
			w := strings.Fields(f)
			if len(w) == 0 || len(w) > 8 || len(yearsIn(part)) > 0 || title != "" && strings.Contains(" "+title+" ", " "+f+" ") || smallParts(w) || lex().has(cNotDay, w) || programmeWords(w) {
				continue
			}
			out = append(out, part)
		}
	}
	return out
}

// smallParts says whether words are but what a date leaves behind.
func smallParts(w []string) bool {
	for _, x := range w {
		_, day := lex().weekdays[x]
		if !day && !smallDateWord(x) && len(x) > 1 && isMonth(x) == 0 && !allDigits(x) {
			return false
		}
	}
	return true
}

// houseLike says whether a part of an address is a house, a room or an institution.
func houseLike(s string) bool {
	w := strings.Fields(fold(s))
	l := lex()
	if first, _ := utf8.DecodeRuneInString(s); !unicode.IsUpper(first) && !denseScript(first) && !unicode.IsDigit(first) || smallWords(s) > 2 || sentenceScore(s) > 0.3 || l.has(cTitleWords, w) {
		return false
	}
	if l.count(cHouse, w)+l.count(cRoom, w) > 0 || orgWords(s) > 0 {
		return true
	}
	for _, x := range w {
		for _, c := range []concept{cHouse, cRoom} {
			for end := range l.words[c] {
				if len(end) > 3 && len(x) >= len(end)+3 && strings.HasSuffix(x, end) {
					return true
				}
			}
		}
	}
	return len(w) > 1 && hasDigit(s)
}

// smallWords counts the words that begin with a small letter and are no particle.
func smallWords(s string) int {
	n := 0
	for w := range strings.FieldsSeq(s) {
		if first, _ := utf8.DecodeRuneInString(w); unicode.IsLower(first) && !lex().is(cParticles, fold(w)) && !lex().is(cStop, fold(w)) {
			n++
		}
	}
	return n
}

// townName says whether a part may be a town: a capitalized word or three, with
// particles between, nothing that a programme or a title says.
func townName(s string) bool {
	w := strings.Fields(fold(s))
	first, _ := utf8.DecodeRuneInString(s)
	l := lex()
	return unicode.IsUpper(first) && len(w) > 0 && len(w) <= 5 && len(strings.Fields(s)) <= 3 && smallWords(s) == 0 && !hasDigit(s) && !strings.ContainsAny(s, "?!:@&\"“”") && s != strings.ToUpper(s) &&
		!l.has(cTitleWords, w) && !l.has(cProgramme, w) && !l.has(cOrganizers, w) && !l.has(cSession, w) && l.count(cStop, w) < len(w) && pauseOf(w) == ""
}

// prosePlace reads the place in a sentence that tells the edition's days: the
// names behind "at", "in" and their like. A town that is in no list counts only
// beside a house.
func (r *reader) prosePlace(text string) (p placeReading, ok bool) {
	words := strings.Fields(text)
	title := " " + fold(r.edition.Title) + " "
	town := ""
	for k := 0; k+1 < len(words) && k < 80; k++ {
		if !lex().is(cAt, strings.ToLower(words[k])) {
			continue
		}
		names, used := namesAfter(words[k+1:])
		k += used // what stands within a name announces no other ("Abbaye aux Hommes")
		for _, name := range names {
			f := fold(name)
			_, day := lex().weekdays[f]
			switch {
			case day || isMonth(f) > 0 || strings.Contains(title, " "+f+" ") || len(yearsIn(name)) > 0:
			case p.country == "" && lex().is(cCountry, f):
				p.country = name
			case p.city == "" && lex().is(cCity, f):
				p.city = name
			case p.venue == "" && houseLike(name):
				p.venue = name
			case town == "" && townName(name):
				town = name
			}
		}
	}
	if p.city == "" && p.venue != "" {
		p.city = town
	}
	if p.city == "" && p.venue == "" {
		return placeReading{}, false
	}
	p.weigh()
	return p, true
}

// namesAfter gives the capitalized names that a text begins with, behind an
// article: one, or two parted by a comma. used counts the words it took.
func namesAfter(words []string) (out []string, used int) {
	var name []string
	end := func() {
		for len(name) > 0 {
			if first, _ := utf8.DecodeRuneInString(name[len(name)-1]); unicode.IsUpper(first) || unicode.IsDigit(first) {
				break
			}
			name = name[:len(name)-1]
		}
		if len(name) > 0 {
			out = append(out, strings.Trim(strings.Join(name, " "), " ,.;:()“”\""))
		}
		name = nil
	}
	for i, w := range words {
		bare := strings.Trim(w, "(“\"")
		first, _ := utf8.DecodeRuneInString(bare)
		switch {
		case unicode.IsUpper(first), len(name) > 0 && unicode.IsDigit(first):
			name = append(name, bare)
		case len(name) > 0 && (lex().is(cParticles, fold(w)) || w == "of" || w == "&" || w == "aux"):
			name = append(name, w)
		case i == 0 && lex().is(cStop, fold(w)):
		default:
			end()
			return out, i
		}
		if last := w[len(w)-1]; strings.ContainsRune(".;:)", rune(last)) || len(name) > 7 {
			end()
			return out, i + 1
		} else if last == ',' {
			end()
			if len(out) > 1 {
				return out, i + 1
			}
		}
	}
	end()
	return out, len(words)
}
