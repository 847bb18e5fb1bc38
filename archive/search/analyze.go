package search

import (
	"strings"
	"unicode/utf8"
)

// token is an analyzed word of a text.
type token struct {
	pos        int  // from 1; words of several lists at one place share it
	start, end int  // bytes in the text
	*known          // the word itself
	joined     bool // stands for the whole of a hyphenated word, beside its parts
}

// maxWord is the longest word, in bytes, that is indexed; more is a blob of
// base64 or a smuggled novel.
const maxWord = 80

// analyze calls emit for each token of a text in the given language, positions
// beginning after pos, and returns the last position.
//
// The parts of a hyphenated word take a position each, and the whole written
// as one word shares the first: "real-time" is found by "real time",
// "real-time" and "realtime".
func (s *stemmer) analyze(text, lang string, pos int, emit func(token)) int {
	return s.analyzeBut(nil, text, lang, pos, emit)
}

// analyzeBut leaves out the words that skip names, unless they are part of a
// hyphenated one; nil skips none.
func (s *stemmer) analyzeBut(skip func(raw string) bool, text, lang string, pos int, emit func(token)) int {
	var hyphened compound
	var here dialects
	scan(text, func(w rawWord) {
		if w.script == dense {
			hyphened.flush(s, lang, emit)
			pos = pairs(s, text, w, pos, emit)
			return
		}
		if w.end-w.start > maxWord {
			hyphened.flush(s, lang, emit)
			pos++
			return
		}
		if skip != nil && hyphened.parts == 0 && !hyphenAt(text, w.end) && skip(text[w.start:w.end]) {
			pos++
			return
		}
		k := here.look(s, text[w.start:w.end], w.script, lang)
		if k.word == "" {
			return
		}
		pos++
		t := token{pos: pos, start: w.start, end: w.end, known: k}
		if hyphened.parts > 0 && !hyphened.follows(text, w) {
			hyphened.flush(s, lang, emit)
		}
		hyphened.add(text, w, t)
		emit(t)
	})
	hyphened.flush(s, lang, emit)
	return pos
}

// compound gathers the parts of a hyphenated word.
type compound struct {
	parts  int
	first  token
	lower  strings.Builder
	end    int
	script script
}

func (c *compound) follows(text string, w rawWord) bool {
	if c.parts == 0 || c.parts > 3 {
		return false
	}
	between := text[c.end:w.start]
	return between == "-" || between == "‐" || between == "‑" || between == "_"
}

// hyphenAt says whether a hyphen may begin at a byte of a text.
func hyphenAt(text string, at int) bool {
	return at < len(text) && (text[at] == '-' || text[at] == '_' || text[at] == 0xe2)
}

func (c *compound) add(text string, w rawWord, t token) {
	if c.parts == 0 {
		// Most words stand alone: nothing is built before a hyphen is seen.
		if !hyphenAt(text, w.end) {
			return
		}
		c.first, c.script = t, w.script
	}
	c.lower.WriteString(t.lower)
	c.parts++
	c.end = w.end
}

func (c *compound) flush(s *stemmer, lang string, emit func(token)) {
	if c.parts > 1 && c.lower.Len() <= maxWord {
		k := s.look(c.lower.String(), c.script, language(lang, c.script))
		emit(token{pos: c.first.pos, start: c.first.start, end: c.end, known: k, joined: true})
	}
	c.parts = 0
	c.lower.Reset()
}

// pairs emits the overlapping pairs of letters of a dense run, which serve as
// its words; a single letter stands for itself.
func pairs(s *stemmer, text string, w rawWord, pos int, emit func(token)) int {
	run := text[w.start:w.end]
	_, size := utf8.DecodeRuneInString(run)
	if size == len(run) {
		emit(token{pos: pos + 1, start: w.start, end: w.end, known: s.look(run, dense, "")})
		return pos + 1
	}
	for i := 0; i < len(run); {
		_, one := utf8.DecodeRuneInString(run[i:])
		_, two := utf8.DecodeRuneInString(run[i+one:])
		if two == 0 {
			break
		}
		pos++
		emit(token{pos: pos, start: w.start + i, end: w.start + i + one + two, known: s.look(run[i:i+one+two], dense, "")})
		i += one
	}
	return pos
}
