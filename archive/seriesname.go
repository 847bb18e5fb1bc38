package archive

import (
	"regexp"
	"slices"
	"strings"

	"rostrum/internal/fold"
)

// The words of dates in the languages that programmes come in most. A month
// counts only beside a day or a year, and short forms that are words of their
// own ("out", "set", "ago") are left out: a name that keeps its month is a
// blemish, one that lost a word is wrong.
const (
	month = `(?:jan(?:uar[yi]?|v(?:ier)?)?|jänner|janeiro|enero|gennaio|feb(?:ruar[yi]?|brero|braio)?|févr(?:ier)?|fevereiro` +
		`|mar(?:ch|s|zo|ço)?|märz|maart|apr(?:ile?)?|avr(?:il)?|abril|ma[yji]|mei|mayo|maio|maggio|june?|juni|juin|junio|junho|giugno` +
		`|july?|juli|juillet|julio|julho|luglio|aug(?:ust(?:i|us)?)?|août|agosto|sept?(?:ember|embre|iembre)?|setembro|settembre` +
		`|o[ck]t(?:ober|obre|ubre)?|outubro|ottobre|nov(?:ember|embre|iembre|embro)?|de[cz](?:ember|embro)?|desember|déc(?:embre)?` +
		`|dic(?:iembre|embre)?)\.?`
	year     = `(?:19[5-9]\d|20\d\d)`
	day      = `[0-3]?\d(?:st|nd|rd|th|er|:[ae]|\.)?`
	until    = ` ?(?:-|–|—|/|&|,|\bto\b|\band\b|\btill\b|\bbis\b|\boch\b|\bund\b|\bau\b|\bet\b) ?`
	days     = day + `(?:` + until + day + `)*`
	monthDay = month + ` ?` + days + `(?:` + until + month + ` ` + day + `)?`
	dayMonth = days + ` ?(?:of |de )?` + month + `(?:` + until + day + ` ?(?:of |de )?` + month + `)?`
	// before is what leads to a date and has no place without it.
	before = `(?i)(?:\b(?:on|from|den|am|vom|le|the) )?(?:\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?\b`

	editionWord = `(?:annual|international|edition|upplagan?|årliga|utgåvan?|auflage|ausgabe|édition|edición|edição|edizione|editie)`
)

// datesInTitle are the forms of dates, those that hold others first.
var datesInTitle = []*regexp.Regexp{
	regexp.MustCompile(before + year + `[-/.][01]?\d[-/.][0-3]?\d(?:` + until + `(?:(?:` + year + `[-/.])?[01]?\d[-/.])?[0-3]?\d)?\b`),
	regexp.MustCompile(before + `(?:[0-3]?\d\.?(?:[01]?\d\.?)?` + until + `)?[0-3]?\d[-/.][0-3]?\d[-/.]` + year + `\b`),
	regexp.MustCompile(before + monthDay + `,? ` + year + `\b`),
	regexp.MustCompile(before + dayMonth + `,? (?:de )?` + year + `\b`),
	// Without its year a date is told only by its place, at the end or before a comma.
	regexp.MustCompile(before + monthDay + `(?:,|$)`),
	regexp.MustCompile(before + dayMonth + `(?:,|$)`),
	regexp.MustCompile(`(?i)(?:\bin )?\b` + month + `(?: ?[-–—/] ?` + month + `)?,? (?:de )?` + year + `\b`),
	regexp.MustCompile(`(?:\bin )?\b` + year + `[-–/](?:` + year + `|\d\d)\b`),
	regexp.MustCompile(`(?:\bin )?\b` + year + `\b`),
	regexp.MustCompile(`(?:^|\s)['’]\d\d\b`),
}

var (
	yearInTitle = regexp.MustCompile(`\b` + year + `\b`)
	// A century is not an edition, however it is counted.
	ordinal        = regexp.MustCompile(`(?i)\b(?:(?:the|den) )?\d{1,3}(?:st|nd|rd|th|:[ae])\b(?: ` + editionWord + `\b)*(?: century\b)?`)
	foreignOrdinal = regexp.MustCompile(`(?i)(?:^|\s)\d{1,3}(?:\.|e|ème|ª|º)(?: ` + editionWord + `\b)+`)
	editionNumber  = regexp.MustCompile(`(?i)#\s?\d+\b|\bedition \d{1,3}\b`)
	// X is left out: it is a letter of names more often than a ten.
	romanAtEnd = regexp.MustCompile(`(\pL{2,})(?:[,:] ?| [-–—] | )(?:II|III|IV|V|VI|VII|VIII|IX|XI|XII|XIII|XIV|XV|XVI|XVII|XVIII|XIX|XX)$`)
	// numbered are words whose number is part of the name.
	numbered = regexp.MustCompile(`(?i)\b(?:part|phase|type|level|class|war|title|section|day|plan|version)$`)

	emptyBrackets = regexp.MustCompile(`[(\[][\s,;.\-–—]*[)\]]`)
	signsInARow   = regexp.MustCompile(`\s*([,;:])(?:\s*[,;:])+|(\s[-–—|/])(?:\s+[-–—|/])+`)
	spaceThenSign = regexp.MustCompile(`\s+([:,;])`)
	danglingSigns = regexp.MustCompile(`^[\s\-–—:,.;|/]+|[\s\-–—:,;|/(\[@]+$`)
	danglingAt    = regexp.MustCompile(`(?i)[\s,]at$`)
)

// SeriesName makes of an edition's title the name of its series: the title
// without what tells the edition apart, its dates, ordinals and numbers, and
// without what those leave dangling. Other numbers are part of the name. A
// title that is nothing else stays whole.
func SeriesName(title string) string {
	whole := strings.Join(strings.Fields(title), " ")
	s := whole
	for _, drop := range slices.Concat(datesInTitle, []*regexp.Regexp{foreignOrdinal, ordinal, editionNumber}) {
		s = drop.ReplaceAllStringFunc(s, func(found string) string {
			if strings.HasSuffix(strings.ToLower(found), " century") {
				return found
			}
			return " "
		})
	}
	s = tidyName(s)
	if m := romanAtEnd.FindStringSubmatchIndex(s); m != nil && !numbered.MatchString(s[:m[3]]) {
		s = tidyName(s[:m[3]])
	}
	if fold.Key(s) == "" {
		return whole
	}
	return s
}

// tidyName removes brackets, signs and words that hold nothing any more.
func tidyName(s string) string {
	for {
		was := s
		s = emptyBrackets.ReplaceAllString(s, " ")
		s = signsInARow.ReplaceAllString(s, "$1$2")
		s = spaceThenSign.ReplaceAllString(strings.Join(strings.Fields(s), " "), "$1")
		s = danglingAt.ReplaceAllString(danglingSigns.ReplaceAllString(s, ""), "")
		if s == was {
			return s
		}
	}
}
