package programme

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Times of day as people print them: start and end, what tells the half of the day.
func TestTimesInTexts(t *testing.T) {
	tests := map[string]string{
		"9:15 Opening":                  "9:15",
		"09.15–10.00 Opening":           "9:15-10:00",
		"9h30 - 10h":                    "9:30-10:00",
		"kl. 10 Kaffe":                  "10:00",
		"klo 12.00–12.15":               "12:00-12:15",
		"10 Uhr Begrüßung":              "10:00",
		"2pm - 3:30pm Tea":              "2:00p-3:30p",
		"9 - 10am":                      "9:00a-10:00a",
		"9:00am BST Registration":       "9:00a",
		"14:00 CET - 15:00 CET":         "14:00-15:00",
		"10:00 (UTC+2) Welcome":         "10:00",
		"0900-0930 Arrival":             "9:00-9:30",
		"14時30分〜15時":                    "14:30-15:00",
		"noon - 1pm Lunch":              "12:00-1:00p",
		"810.00 - 10:30am":              "10:00a-10:30a",
		"9;30 - 10:00":                  "9:30-10:00",
		"10:00 – 1O:30":                 "10:00-10:30",
		"a talk on 810.00 things":       "",
		"9;30 alone":                    "",
		"Version 2.10.1":                "",
		"17/05/2014":                    "",
		"(45 min)":                      "",
		"Das 9h às 9h50":                "9:00-9:50",
		"8:00-":                         "8:00-",
		"room 12 at 10:05":              "10:05",
		"12:30 AM lunch":                "12:30a",
		"13:00→13:45 Talk":              "13:00-13:45",
		"从 9点 到":                        "9:00",
		"around 1997 or 2003 in Geneva": "",
	}
	for text, want := range tests {
		var got []string
		for _, s := range findTimes(text) {
			one := clockText(s.start)
			if s.ranged {
				one += "-" + clockText(s.end)
			} else if s.open {
				one += "-"
			}
			got = append(got, one)
		}
		if joined := strings.Join(got, " "); joined != want {
			t.Errorf("%q: got %q, want %q", text, joined, want)
		}
	}
}

func clockText(c rawClock) string {
	half := ""
	if c.half != 0 {
		half = string(c.half)
	}
	return fmt.Sprintf("%d:%02d%s", c.hour, c.minute, half)
}

// Dates in many languages, with the year that is printed or else 2014.
func TestDatesInTexts(t *testing.T) {
	tests := map[string]string{
		"6 December 2017":                        "2017-12-06",
		"December 6–8, 2017":                     "2017-12-06/2017-12-08",
		"May 30 - June 2, 2014":                  "2014-05-30/2014-06-02",
		"den 5:e maj 2011":                       "2011-05-05",
		"Samstag, 23. und Sonntag, 24. November": "2014-11-23/2014-11-24",
		"vendredi 3 et samedi 4 octobre 2008":    "2008-10-03/2008-10-04",
		"25 y 26 de noviembre de 2004":           "2004-11-25/2004-11-26",
		"24 de outubro de 2015":                  "2015-10-24",
		"3 - 5 ottobre 2003":                     "2003-10-03/2003-10-05",
		"zaterdag 29 oktober 2022":               "2022-10-29",
		"17–18 kwietnia 2015 r.":                 "2015-04-17/2015-04-18",
		"30. srpna 2014":                         "2014-08-30",
		"15 & 16 Ιουνίου 2013":                   "2013-06-15/2013-06-16",
		"2018年6月22日（金）":                          "2018-06-22",
		"2013년 5월 18일":                           "2013-05-18",
		"2012-08-18":                             "2012-08-18",
		"17.05.2014":                             "2014-05-17",
		"may be 10.45":                           "",
		"version 3.4":                            "",
	}
	for text, want := range tests {
		var said strings.Builder
		for _, d := range findDates(text) {
			first, last := d.withYear(2014)
			if first == "" {
				continue
			}
			said.WriteString(string(first))
			if last != first {
				said.WriteString("/" + string(last))
			}
		}
		if got := said.String(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// People and where they belong.
func TestPeopleInTexts(t *testing.T) {
	tests := map[string][]string{
		"Jane Doe (KTH), John Roe (Inria)":                {"Jane Doe@KTH", "John Roe@Inria"},
		"Jane Doe, University of Umeå":                    {"Jane Doe@University of Umeå"},
		"Jane Doe and John Roe (KTH)":                     {"Jane Doe@KTH", "John Roe@KTH"},
		"Prof. Dr. Jane Doe, Naturkundemuseum Kassel":     {"Jane Doe@Naturkundemuseum Kassel"},
		"Frode Thuesen, Fiskeri- og Søfartsmuseet":        {"Frode Thuesen@Fiskeri- og Søfartsmuseet"},
		"山田太郎（東京大学）":                                      {"山田太郎@東京大学"},
		"Jane Doe; moderated by John Roe":                 {"Jane Doe@", "John Roe@ moderator"},
		"Ada Berg, Bo Sand & Carin Ek":                    {"Ada Berg@", "Bo Sand@", "Carin Ek@"},
		"In this talk we shall see how the thing is done": nil,
	}
	for text, want := range tests {
		var got []string
		if p := plainVocabulary.people(text); p.score > 0 {
			for _, c := range p.credits {
				one := c.Name + "@" + c.Affiliation
				if c.Role != "" {
					one += " " + c.Role
				}
				got = append(got, one)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// The words of the lexicon in their languages.
func TestLexiconWords(t *testing.T) {
	tests := map[string]string{
		"Kaffeepause": "break", "Fika": "break", "Déjeuner": "meal", "Comida": "meal", "休憩": "break", "Přestávka": "break", "Lounas": "meal",
		"Borrel": "social", "Registrazione": "other", "Velkomst": "opening", "Zakończenie": "closing", "Keeping bees": "",
	}
	for text, want := range tests {
		if got := string(pauseOf(strings.Fields(fold(text)))); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]int{"45 min": 45, "(20’)": 20, "1h": 60, "1 h 30": 90, "30m": 30, "2 hours": 120, "room 4": 0, "An hour of tea": 0} {
		if got := minutesOf(text); got != want {
			t.Errorf("%q: got %d minutes, want %d", text, got, want)
		}
	}
}
