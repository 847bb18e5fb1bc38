package programme

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// rawClock is a time of day as printed: half the programmes of the world leave
// out what tells morning from afternoon.
type rawClock struct {
	hour, minute int
	// half is 'a' or 'p' where am or pm is printed, else 0.
	half byte
	// bare says that only an hour stands there ("10"), without minutes or unit.
	bare bool
	// dotted says that a dot parts hour and minute, which may be a date or a version as well.
	dotted bool
	// slip says that a slip of the pen was mended.
	slip bool
	// h24 says that it cannot be of a 12-hour clock: "09:15", "20h30", "9 Uhr".
	h24 bool
}

func (c rawClock) minutes() int { return c.hour*60 + c.minute }

// timeSpan is a time expression in a text: a start and perhaps an end.
type timeSpan struct {
	from, to int // bytes
	start    rawClock
	end      rawClock
	ranged   bool   // an end is printed
	open     bool   // "8:00-": it begins, the end is left open
	length   int    // minutes, where printed behind the start
	loose    bool   // could be something else; counts only where others stand alike
	printed  string // as it stands there
	endAt    int    // the piece that the end stands in, where it has one of its own
}

// findTimes gives the time expressions of a text in order.
func findTimes(s string) []timeSpan {
	var out []timeSpan
	for i := 0; i < len(s); {
		c := s[i]
		if c < '0' || c > '9' {
			if sp, ok := wordTime(s, i); ok {
				out = append(out, sp)
				i = sp.to
				continue
			}
			_, n := utf8.DecodeRuneInString(s[i:])
			i += n
			continue
		}
		if sp, ok := spanAt(s, i); ok {
			out = append(out, sp)
			i = sp.to
			continue
		}
		for i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' || s[i] == ':') {
			i++
		}
	}
	return out
}

// wordTime reads "noon" and "midnight" where a time could stand.
func wordTime(s string, i int) (timeSpan, bool) {
	if i > 0 {
		return timeSpan{}, false
	}
	for word, hour := range map[string]int{"noon": 12, "midday": 12, "midnight": 0} {
		if len(s) >= len(word) && strings.EqualFold(s[:len(word)], word) && !letterAt(s, len(word)) {
			sp := timeSpan{to: len(word), start: rawClock{hour: hour, h24: true}}
			rangeAfter(s, &sp)
			sp.printed = strings.TrimSpace(s[:sp.to])
			return sp, true
		}
	}
	return timeSpan{}, false
}

func letterAt(s string, i int) bool {
	r, _ := utf8.DecodeRuneInString(s[i:])
	return i < len(s) && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// spanAt reads a time expression that begins with the digit at i.
func spanAt(s string, i int) (timeSpan, bool) {
	if i > 0 {
		r, _ := utf8.DecodeLastRuneInString(s[:i])
		if (unicode.IsLetter(r) && !denseScript(r) && r != 'T') || strings.ContainsRune(".:/#$€£@_", r) {
			return timeSpan{}, false
		}
	}
	start, n, ok := clockAt(s, i)
	if mended, m, good := slipAt(s, i); good && (!ok || start.bare) {
		start, n, ok = mended, m, true
	}
	if !ok {
		return timeSpan{}, false
	}
	sp := timeSpan{from: i, to: n, start: start}
	rangeAfter(s, &sp)
	if start.slip && (!sp.ranged || sp.end.slip) {
		return timeSpan{}, false
	}
	if clockWordBefore(s, i) {
		sp.start.bare, sp.start.dotted = false, false
	}
	if sp.start.bare && (!sp.ranged || sp.end.bare) {
		return timeSpan{}, false
	}
	if sp.ranged {
		// "9 - 10am" and "12 - 1:30pm": what the end tells goes for the start.
		if sp.start.half == 0 && sp.end.half == 'a' && sp.start.hour <= sp.end.hour {
			sp.start.half = 'a'
		}
		if sp.start.half == 0 && sp.end.half == 'p' && sp.start.hour < 12 && sp.start.hour <= sp.end.hour%12+1 && sp.end.hour != 12 && sp.start.hour != 12 && sp.start.hour <= sp.end.hour {
			sp.start.half = 'p'
		}
	}
	sp.loose = !sp.ranged && sp.start.dotted && sp.start.half == 0
	sp.printed = strings.TrimSpace(s[sp.from:sp.to])
	return sp, true
}

// clockWordBefore says whether a word stands before a number that only a time
// of day has: "kl. 10", "klo 9", "um 9".
func clockWordBefore(s string, i int) bool {
	f := strings.Fields(strings.ToLower(s[max(0, i-12):i]))
	if len(f) == 0 {
		return false
	}
	switch strings.Trim(f[len(f)-1], ".:(") {
	case "kl", "klo", "klockan", "klokken", "godz", "kello":
		return true
	}
	return false
}

// rangeAfter reads the end of a range, if one follows.
func rangeAfter(s string, sp *timeSpan) {
	i := skipBlanks(s, sp.to)
	i, dash, ok := rangeMark(s, i)
	if !ok {
		return
	}
	j := skipBlanks(s, i)
	for _, w := range []string{"kl. ", "kl ", "klo "} {
		if strings.HasPrefix(s[j:], w) {
			j += len(w)
		}
	}
	end, n, ok := clockAt(s, j)
	if ok && end.bare || !ok && dash {
		if mended, m, good := slipAt(s, j); good {
			end, n, ok = mended, m, true
		}
	}
	if !ok {
		if dash && (j >= len(s) || s[j] == '?') {
			sp.open, sp.to = true, min(len(s), j)
		}
		return
	}
	if end.bare && sp.start.bare {
		return
	}
	sp.end, sp.ranged, sp.to = end, true, n
}

func skipBlanks(s string, i int) int {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}

// rangeMark reads what stands between two times, and says whether it is a dash.
func rangeMark(s string, i int) (next int, dash, ok bool) {
	start := i
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune("-–—−‐‑~〜～→›»", r) && (r != '>' || i == start) {
			break
		}
		i += n
	}
	if i > start {
		// Dashes may go with a word for "at": "10:00 - kl 11:00".
		return i, true, true
	}
	for _, w := range []string{"to", "till", "til", "until", "bis", "tot", "à", "a", "al", "às", "as", "ate", "até", "do", "до", "έως", "alle", "и", "e", "y", "hasta las", "hasta", "a las", "から", "부터"} {
		if strings.HasPrefix(s[i:], w) && (i+len(w) < len(s) && s[i+len(w)] == ' ' || w == "から") {
			return i + len(w), false, true
		}
	}
	return i, false, false
}

// clockAt reads one time of day at i and gives where it ends.
func clockAt(s string, i int) (rawClock, int, bool) {
	j := i
	for j < len(s) && s[j] >= '0' && s[j] <= '9' {
		j++
	}
	digits := s[i:j]
	var c rawClock
	switch len(digits) {
	case 1, 2:
		c.hour = atoi(digits)
	case 4:
		return fourDigits(s, i, j)
	default:
		return c, i, false
	}
	if c.hour > 24 {
		return c, i, false
	}
	c.bare = true
	c.h24 = len(digits) == 2 && digits[0] == '0'
	n, ok := minutesAt(s, j, &c)
	if !ok {
		return c, i, false
	}
	n = afterZone(s, halfAt(s, n, &c), &c)
	if c.hour == 24 {
		if c.minute != 0 {
			return c, i, false
		}
		c.hour, c.h24 = 0, true
	}
	if c.hour > 12 {
		c.h24, c.half = true, 0
	}
	if n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if unicode.IsDigit(r) || (unicode.IsLetter(r) && !denseScript(r) && r != 'T') || r == '%' || r == '/' && c.bare {
			return c, i, false
		}
		if (r == '.' || r == ':' || r == ',') && n+size < len(s) && s[n+size] >= '0' && s[n+size] <= '9' {
			return c, i, false // a date, a version, a number
		}
	}
	return c, n, true
}

// slipAt reads a time with a slip of the pen: a digit too many ("810.00"), the
// wrong mark ("9;30", "9,30"), a letter for a nought ("1O:30"). It counts only
// beside a whole time in a range, for by itself it may be anything.
func slipAt(s string, i int) (rawClock, int, bool) {
	j := i
	for j < len(s) && (s[j] >= '0' && s[j] <= '9' || s[j] == 'O' || s[j] == 'o') {
		j++
	}
	digits := strings.NewReplacer("O", "0", "o", "0").Replace(s[i:j])
	if n := len(digits); n == 0 || n > 3 || j+3 > len(s) || !strings.ContainsRune(":.;,", rune(s[j])) {
		return rawClock{}, i, false
	}
	minutes := strings.NewReplacer("O", "0", "o", "0").Replace(s[j+1 : j+3])
	c := rawClock{hour: atoi(digits[max(0, len(digits)-2):]), slip: true}
	if !allDigits(minutes) || c.hour > 23 || atoi(minutes) > 59 || letterAt(s, j+3) && s[j+3] >= '0' && s[j+3] <= '9' {
		return rawClock{}, i, false
	}
	c.minute = atoi(minutes)
	return c, halfAt(s, j+3, &c), true
}

// fourDigits reads "0900", which counts only with another after it or "hrs".
func fourDigits(s string, i, j int) (rawClock, int, bool) {
	c := rawClock{hour: atoi(s[i : i+2]), minute: atoi(s[i+2 : j]), h24: true}
	if c.hour > 23 || c.minute > 59 {
		return c, i, false
	}
	k := skipBlanks(s, j)
	if m, dash, ok := rangeMark(s, k); ok && dash {
		m = skipBlanks(s, m)
		end := m+4 <= len(s) && allDigits(s[m:m+4]) && (m+4 == len(s) || !letterAt(s, m+4)) && s[m] <= '2'
		years := s[i:i+2] == "20" && end && s[m] == '2' || s[i:i+2] == "19"
		if end && !years {
			return c, j, true
		}
	}
	if b := i - 1; b >= 3 && (s[b] == '-' || s[b] == ' ' || s[b] >= 0x80) && s[i] <= '2' && !strings.HasPrefix(s[i:], "20") && !strings.HasPrefix(s[i:], "19") {
		return c, j, true // the end of a range; a lone one has no range before it
	}
	for _, unit := range []string{"hrs", "h", "uhr"} {
		if strings.HasPrefix(strings.ToLower(s[k:]), unit) && !letterAt(s, k+len(unit)) {
			return c, k + len(unit), true
		}
	}
	return c, i, false
}

// minutesAt reads what follows the hour: separator and minutes, or a unit.
func minutesAt(s string, j int, c *rawClock) (int, bool) {
	r, n := utf8.DecodeRuneInString(s[j:])
	switch r {
	case ':', '.', '：', '·':
		return minutesAfterMark(s, j, r, c), true
	case 'h', 'H', 'u':
		return minutesAfterH(s, j, r, c)
	case '時', '时', '点', '시':
		return minutesAfterHourSign(s, j+n, c), true
	}
	return j, true
}

// twoDigits reads minutes or seconds of two digits at k.
func twoDigits(s string, k int) (int, bool) {
	if k+2 <= len(s) && allDigits(s[k:k+2]) && (k+2 == len(s) || s[k+2] < '0' || s[k+2] > '9') {
		m := atoi(s[k : k+2])
		return m, m < 60
	}
	return 0, false
}

// minutesAfterMark reads "09:15" and "9.15" on from the mark at j, and passes
// over seconds.
func minutesAfterMark(s string, j int, mark rune, c *rawClock) int {
	k := j + utf8.RuneLen(mark)
	m, ok := twoDigits(s, k)
	if !ok {
		return j
	}
	c.minute, c.bare, c.dotted = m, false, mark == '.' || mark == '·'
	k += 2
	if mark == ':' && k < len(s) && s[k] == ':' {
		if _, ok := twoDigits(s, k+1); ok {
			k += 3 // seconds
		}
	}
	return k
}

// minutesAfterH reads "9h15", "9h 15", "9 h" and "9u15" on from the letter at j.
// "9u" alone is no time.
func minutesAfterH(s string, j int, letter rune, c *rawClock) (int, bool) {
	k := j + 1
	if k < len(s) && s[k] == ' ' && letter == 'h' {
		if m, ok := twoDigits(s, k+1); ok {
			c.minute, c.bare, c.h24 = m, false, true
			return k + 3, true
		}
	}
	if m, ok := twoDigits(s, k); ok {
		c.minute, c.bare, c.h24 = m, false, true
		return k + 2, true
	}
	if !letterAt(s, k) {
		c.bare, c.h24 = letter == 'u', letter != 'u'
		return k, letter != 'u'
	}
	return j, true
}

// minutesAfterHourSign reads what follows the sign for the hour, which ends at
// j: "9時15分", "9時半", "9시".
func minutesAfterHourSign(s string, j int, c *rawClock) int {
	k := skipBlanks(s, j)
	c.bare, c.h24 = false, true
	if m, ok := twoDigits(s, k); ok {
		c.minute = m
		if r, n := utf8.DecodeRuneInString(s[k+2:]); r == '分' || r == '분' {
			return k + 2 + n
		}
		return k + 2
	}
	if strings.HasPrefix(s[k:], "半") {
		c.minute = 30
		return k + len("半")
	}
	return j
}

// halfAt reads am, pm or a unit of the 24-hour clock after a time.
func halfAt(s string, n int, c *rawClock) int {
	k := skipBlanks(s, n)
	rest := strings.ToLower(s[k:min(len(s), k+12)])
	for _, half := range []struct {
		mark string
		half byte
	}{{"a.m.", 'a'}, {"p.m.", 'p'}, {"a.m", 'a'}, {"p.m", 'p'}, {"am", 'a'}, {"pm", 'p'}, {"a", 'a'}, {"p", 'p'}, {"πμ", 'a'}, {"μμ", 'p'}, {"π.μ.", 'a'}, {"μ.μ.", 'p'}} {
		if strings.HasPrefix(rest, half.mark) && !letterAt(s, k+len(half.mark)) {
			if len(half.mark) == 1 && k > n {
				continue // "10:00 a new talk"
			}
			c.half, c.bare, c.dotted = half.half, false, false
			return k + len(half.mark)
		}
	}
	if strings.HasPrefix(rest, "noon") && !letterAt(s, k+4) {
		c.half = 'p'
		return k + 4
	}
	for _, unit := range []string{"uhr", "uur", "hrs.", "hrs", "hs.", "hs", "h.", "h", "óra", "часов", "hod.", "hod", "godz.", "g.", "ore", "ora", "horas", "heures"} {
		if strings.HasPrefix(rest, unit) && !letterAt(s, k+len(unit)) {
			c.bare, c.dotted, c.h24 = false, false, true
			return k + len(unit)
		}
	}
	return n
}

// afterZone passes over the time zone that is printed behind a time of day.
func afterZone(s string, n int, c *rawClock) int {
	if c.bare {
		return n
	}
	k := skipBlanks(s, n)
	bracket := k < len(s) && s[k] == '('
	if bracket {
		k++
	}
	j := k
	for j < len(s) && (s[j] >= 'A' && s[j] <= 'Z') {
		j++
	}
	if j-k < 3 || j-k > 4 || !lex().is(cZone, strings.ToLower(s[k:j])) {
		return n
	}
	for j < len(s) && (s[j] == '+' || s[j] >= '0' && s[j] <= '9' || s[j] == '-' && j+1 < len(s) && s[j+1] >= '0' && s[j+1] <= '9') {
		j++
	}
	if bracket {
		if j >= len(s) || s[j] != ')' {
			return n
		}
		j++
	}
	return j
}

func atoi(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
