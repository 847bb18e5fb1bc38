package programme

import (
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rostrum/archive"
)

// dateSpan is a date in a text, or a stretch of days. What is not printed is 0,
// the weekday -1.
//
// Own code rather than a library of date formats, because the question is the
// other way round: not what a text that is a date means, but whether there is
// one in it. General parsers answer yes to "May", to "10.45" and to most lines
// with a number, and take milliseconds for it.
type dateSpan struct {
	from, to         int // bytes
	year, month, day int
	year2            int // of the last day
	month2, day2     int // the last day, 0 when it is one day
	weekday          int
	printed          string // as it stands there
}

type dateToken struct {
	from, to int
	word     string // folded; "" for a number
	number   int
	digits   int
	after    string // what stands between it and the next
}

// findDates gives the dates of a text in order.
func findDates(s string) []dateSpan {
	toks := dateTokens(s)
	var out []dateSpan
	for i := 0; i < len(toks); {
		if d, n, ok := dateAt(toks, i); ok {
			d.printed = s[d.from:min(d.to, len(s))]
			out = append(out, d)
			i += n
			continue
		}
		i++
	}
	return out
}

// dateTokens splits a text into words and numbers; "5th" is the number 5, and
// so are "5." and "5:e".
func dateTokens(s string) []dateToken {
	if len(s) > 4000 {
		s = strings.ToValidUTF8(s[:4000], "")
	}
	var out []dateToken
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r >= '0' && r <= '9':
			out = append(out, numberToken(s, i))
		case strings.ContainsRune("年月日년월일", r):
			out = append(out, dateToken{from: i, to: i + n, word: string(r)})
		case unicode.IsLetter(r):
			out = append(out, wordToken(s, i))
		default:
			if len(out) > 0 {
				out[len(out)-1].after += string(r)
			}
			i += n
			continue
		}
		i = out[len(out)-1].to
	}
	return out
}

// numberToken reads the number at i with what makes it an ordinal. More digits
// than a date has make a word, so that nothing takes them for a day.
func numberToken(s string, i int) dateToken {
	j := i
	for j < len(s) && s[j] >= '0' && s[j] <= '9' {
		j++
	}
	t := dateToken{from: i, to: j, word: "#"}
	if j-i <= 8 {
		t = dateToken{from: i, to: j, number: atoi(s[i:j]), digits: j - i}
	}
	for _, suffix := range []string{"st", "nd", "rd", "th", ":e", ":a", "er", "º", "ª", "ο", "η", "ος"} {
		if strings.HasPrefix(s[j:], suffix) && !letterAt(s, j+len(suffix)) {
			t.to += len(suffix)
			break
		}
	}
	return t
}

// wordToken reads the word at i; hyphens and apostrophes within it are part of it.
func wordToken(s string, i int) dateToken {
	j := i
	for j < len(s) {
		r, n := utf8.DecodeRuneInString(s[j:])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && (r != '-' || !letterAt(s, j+1)) && r != '\'' {
			break
		}
		j += n
	}
	return dateToken{from: i, to: j, word: fold(s[i:j])}
}

// dateAt reads a date that begins with token i and says how many tokens it takes.
func dateAt(t []dateToken, i int) (dateSpan, int, bool) {
	d := dateSpan{from: t[i].from, weekday: -1}
	n := i
	if w, ok := weekdayAt(t, n); ok {
		d.weekday = w
		n++
		for n < len(t) && (smallDateWord(t[n].word) || isRangeWeekday(t, n)) {
			n++
		}
	}
	for _, form := range []func([]dateToken, int, *dateSpan) int{isoDate, cjkDate, dayMonth, monthDay, numericDate} {
		if n >= len(t) {
			break
		}
		if k := form(t, n, &d); k > 0 {
			d.to = t[n+k-1].to
			used := n + k - i
			// A weekday may follow: "17 May (Saturday)".
			if w, ok := weekdayAt(t, n+k); ok && d.weekday < 0 && gapOf(t, n+k-1) <= 3 {
				d.weekday = w
				d.to = t[n+k].to
				used++
			}
			return d, used, plausible(&d)
		}
	}
	if d.weekday >= 0 && len(t[i].word) > 3 {
		d.to = t[i].to
		return d, 1, true
	}
	return d, 0, false
}

func gapOf(t []dateToken, i int) int { return utf8.RuneCountInString(t[i].after) }

// weekdayAt says which weekday token i names. Short forms need a date beside
// them or a mark: "sun", "so" and "mar" are words too.
func weekdayAt(t []dateToken, i int) (int, bool) {
	if i >= len(t) || t[i].word == "" {
		return 0, false
	}
	w := t[i].word
	if d, ok := lex().weekdays[w]; ok {
		if len(w) > 3 || (i+1 < len(t) && (t[i+1].word == "" || isMonth(t[i+1].word) > 0)) || (i > 0 && strings.ContainsAny(t[i-1].after, "(,")) {
			return d, true
		}
		return 0, false
	}
	// German and Japanese short forms stand before or after a full date only.
	short := map[string]int{"mo": 1, "di": 2, "mi": 3, "do": 4, "fr": 5, "sa": 6, "so": 0, "月": 1, "火": 2, "水": 3, "木": 4, "金": 5, "土": 6, "日": 0, "ma": 1, "ti": 2, "ke": 3, "to": 4, "pe": 5, "la": 6, "su": 0, "월": 1, "화": 2, "수": 3, "목": 4, "금": 5, "토": 6, "일": 0}
	if d, ok := short[w]; ok {
		if (i+1 < len(t) && t[i+1].digits > 0 && t[i+1].digits <= 2 && strings.ContainsAny(t[i].after, ".,")) || (i > 0 && strings.HasSuffix(t[i-1].after, "(")) || (i > 0 && strings.HasSuffix(t[i-1].after, "（")) {
			return d, true
		}
	}
	return 0, false
}

// isRangeWeekday skips the second weekday of "Monday-Wednesday, 26-28 March".
func isRangeWeekday(t []dateToken, i int) bool {
	_, ok := weekdayAt(t, i)
	return ok && i+1 < len(t) && (t[i+1].digits > 0 || isMonth(t[i+1].word) > 0)
}

func smallDateWord(w string) bool {
	switch w {
	case "the", "den", "el", "le", "il", "am", "dem", "of", "de", "del", "di", "do", "da", "dia", "día", "and", "und", "och", "et", "y", "e", "to", "bis", "au", "al", "a", "d", "til", "till", "through", "thru", "tot", "до", "по", "και", "i", "on":
		return true
	}
	return false
}

func isMonth(w string) int { return lex().months[w] }

func dayNumber(t []dateToken, i int) bool {
	return i < len(t) && t[i].word == "" && t[i].digits <= 2 && t[i].digits > 0 && t[i].number >= 1 && t[i].number <= 31
}

func yearNumber(t []dateToken, i int) bool {
	return i < len(t) && t[i].digits == 4 && t[i].number >= 1970 && t[i].number <= 2100
}

// yearAfter reads a year that follows token i-1, over a comma or "of".
func yearAfter(t []dateToken, i int) (year, used int) {
	k := i
	for k < len(t) && k < i+2 && (t[k].word == "de" || t[k].word == "del" || t[k].word == "of" || t[k].word == "do" || t[k].word == "в") {
		k++
	}
	if yearNumber(t, k) && k > 0 && gapOf(t, k-1) <= 3 && !strings.ContainsAny(t[k-1].after, ":") {
		return t[k].number, k + 1 - i
	}
	if k == i && k < len(t) && t[k].digits == 2 && k > 0 && strings.HasSuffix(t[k-1].after, "'") {
		return 2000 + t[k].number, 1
	}
	return 0, 0
}

func isoDate(t []dateToken, i int, d *dateSpan) int {
	if !yearNumber(t, i) || i+2 >= len(t) || t[i+1].word != "" || t[i+2].word != "" || len(t[i].after) != 1 || t[i].after != t[i+1].after || !strings.ContainsAny(t[i].after, "-/.") {
		return 0
	}
	if t[i+1].number < 1 || t[i+1].number > 12 || t[i+2].number < 1 || t[i+2].number > 31 {
		return 0
	}
	d.year, d.month, d.day = t[i].number, t[i+1].number, t[i+2].number
	return 3
}

// cjkDate reads 2019年5月18日, 5月18日 and 2019년 5월 18일.
func cjkDate(t []dateToken, i int, d *dateSpan) int {
	n := i
	if yearNumber(t, n) && n+1 < len(t) && (t[n+1].word == "年" || t[n+1].word == "년") {
		d.year = t[n].number
		n += 2
	}
	if n+2 >= len(t) || t[n].digits == 0 || t[n].digits > 2 || (t[n+1].word != "月" && t[n+1].word != "월") || !dayNumber(t, n+2) {
		d.year = 0
		return 0
	}
	d.month, d.day = t[n].number, t[n+2].number
	n += 3
	if n < len(t) && (t[n].word == "日" || t[n].word == "일") {
		n++
	}
	return n - i
}

// dayMonth reads "6 December 2017", "15 & 16 Ιουνίου", "30 May - 2 June 2014".
func dayMonth(t []dateToken, i int, d *dateSpan) int {
	if !dayNumber(t, i) {
		return 0
	}
	first, n := t[i].number, i+1
	last := 0
	skip := func() {
		for n < len(t) && smallDateWord(t[n].word) {
			n++
		}
	}
	skip()
	// "6-8 July", "6, 7 and 8 July", "Fri 6 - Sat 7 July"
	if _, ok := weekdayAt(t, n); ok && n > i+1 && dayNumber(t, n+1) {
		n++ // "Samstag, 23. und Sonntag, 24. November"
	}
	for dayNumber(t, n) && gapOf(t, n-1) <= 4 && n < i+8 {
		last = t[n].number
		n++
		skip()
	}
	if n >= len(t) || isMonth(t[n].word) == 0 || gapOf(t, n-1) > 3 {
		return 0
	}
	month := isMonth(t[n].word)
	n++
	d.day, d.month = first, month
	if last > first {
		d.day2, d.month2 = last, month
	}
	year, used := yearAfter(t, n)
	d.year = year
	n += used
	// "30 May - 2 June 2014"
	k := n
	for k < len(t) && smallDateWord(t[k].word) {
		k++
	}
	if _, ok := weekdayAt(t, k); ok {
		k++
	}
	if last == 0 && dayNumber(t, k) && k+1 < len(t) && isMonth(t[k+1].word) > 0 && (strings.ContainsAny(t[n-1].after, "-–—") || k > n) && gapOf(t, k) <= 2 {
		year, used := yearAfter(t, k+2)
		if year > 0 || d.year == 0 {
			d.day2, d.month2 = t[k].number, isMonth(t[k+1].word)
			if d.year == 0 {
				d.year = year
			}
			d.year2 = year
			return k + 2 + used - i
		}
	}
	return n - i
}

// monthDay reads "December 6, 2017", "June 26-27", "May 30 - June 2, 2014".
func monthDay(t []dateToken, i int, d *dateSpan) int {
	month := 0
	if t[i].word != "" {
		month = isMonth(t[i].word)
	}
	if month == 0 || i+1 >= len(t) || !dayNumber(t, i+1) && (!smallDateWord(t[i+1].word) || !dayNumber(t, i+2)) {
		return 0
	}
	n := i + 1
	if !dayNumber(t, n) {
		n++
	}
	if gapOf(t, n-1) > 3 || strings.HasPrefix(t[n].after, ":") && n+1 < len(t) && t[n+1].digits == 2 && t[n+1].from == t[n].to+1 {
		return 0
	}
	d.month, d.day = month, t[n].number
	n++
	if year, used := yearAfter(t, n); year > 0 {
		d.year = year
		n += used
	}
	k := n
	for k < len(t) && smallDateWord(t[k].word) {
		k++
	}
	dash := strings.ContainsAny(t[n-1].after, "-–—&") || k > n || strings.TrimSpace(t[n-1].after) == ","
	switch {
	case dash && dayNumber(t, k) && t[k].number > d.day && gapOf(t, k-1) <= 4 && !clockLike(t, k):
		d.day2, d.month2 = t[k].number, month
		n = k + 1
		// "May 17, 18 and 19"
		for n < len(t) && (dayNumber(t, n) || smallDateWord(t[n].word) && dayNumber(t, n+1)) && gapOf(t, n-1) <= 3 && !clockLike(t, n) {
			if dayNumber(t, n) && t[n].number > d.day2 {
				d.day2 = t[n].number
			}
			n++
		}
	case dash && k+1 < len(t) && isMonth(t[k].word) > 0 && dayNumber(t, k+1) && gapOf(t, k) <= 2:
		d.day2, d.month2 = t[k+1].number, isMonth(t[k].word)
		n = k + 2
	}
	if year, used := yearAfter(t, n); year > 0 && d.year == 0 {
		d.year = year
		n += used
	}
	return n - i
}

// clockLike says whether a number is the hour of a time ("June 26, 10:00").
func clockLike(t []dateToken, k int) bool {
	return strings.HasPrefix(t[k].after, ":") && k+1 < len(t) && t[k+1].digits == 2 || (k+1 < len(t) && (t[k+1].word == "am" || t[k+1].word == "pm" || t[k+1].word == "h" || t[k+1].word == "uhr"))
}

// numericDate reads 17.05.2014, 17/5/2014, 5/17/2014 and "17.5." with a
// weekday before it.
func numericDate(t []dateToken, i int, d *dateSpan) int {
	if i+1 >= len(t) || !dayNumber(t, i) || !dayNumber(t, i+1) || len(t[i].after) == 0 || len(t[i].after) > 2 || !strings.ContainsAny(t[i].after[:1], "./-") {
		return 0
	}
	a, b := t[i].number, t[i+1].number
	n := 2
	if i+2 < len(t) && t[i+2].digits == 4 && yearNumber(t, i+2) && strings.TrimSpace(t[i+1].after) == t[i].after[:1] {
		d.year, n = t[i+2].number, 3
	} else if i+2 < len(t) && t[i+2].digits == 2 && t[i+1].after == t[i].after && strings.ContainsAny(t[i].after[:1], "./") {
		d.year, n = 2000+t[i+2].number, 3
	} else if d.weekday < 0 || t[i].after[0] == '-' {
		return 0
	}
	switch {
	case a > 12 && b <= 12:
		d.day, d.month = a, b
	case b > 12 && a <= 12:
		d.day, d.month = b, a
	case t[i].after[0] == '/' && d.year > 0 && d.weekday >= 0 && archive.MakeDate(d.year, a, b).Time().Weekday() == time.Weekday(d.weekday):
		d.day, d.month = b, a
	default:
		d.day, d.month = a, b
	}
	if d.month > 12 {
		d.year = 0
		return 0
	}
	return n
}

func plausible(d *dateSpan) bool {
	y := d.year
	if y == 0 {
		y = 2000 // a leap year
	}
	return archive.MakeDate(y, d.month, d.day) != ""
}

// withYear gives the first and the last day, taking year where none is
// printed; "" where the date is not whole.
func (d dateSpan) withYear(year int) (first, last archive.Date) {
	if d.year > 0 {
		year = d.year
	}
	if year == 0 || d.month == 0 {
		return "", ""
	}
	first = archive.MakeDate(year, d.month, d.day)
	last = first
	if d.day2 > 0 {
		y2 := year
		if d.year2 > 0 {
			y2 = d.year2
		}
		if d.month2 < d.month && d.year2 == 0 {
			y2++
		}
		last = max(archive.MakeDate(y2, d.month2, d.day2), first)
	}
	return first, last
}

// yearsIn gives the four-digit years of a text that could be those of an edition.
func yearsIn(s string) []int {
	var out []int
	for i := 0; i+4 <= len(s); i++ {
		if !allDigits(s[i : i+4]) {
			continue
		}
		if (i > 0 && s[i-1] >= '0' && s[i-1] <= '9') || (i+4 < len(s) && s[i+4] >= '0' && s[i+4] <= '9') {
			continue
		}
		if y, err := strconv.Atoi(s[i : i+4]); err == nil && y >= 1980 && y <= 2100 {
			out = append(out, y)
		}
	}
	return out
}
