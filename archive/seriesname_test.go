package archive_test

import (
	"testing"

	"rostrum/archive"
)

// What tells an edition apart goes, what is the name stays.
func TestSeriesNameOfDatedTitles(t *testing.T) {
	for title, want := range map[string]string{
		"Chaos Engineering & DevOps Meetup @KTH Stockholm, Dec 6 2017": "Chaos Engineering & DevOps Meetup @KTH Stockholm",
		"Crash Days, 6 December 2017":                                  "Crash Days",
		"Crash Days 2017-12-06":                                        "Crash Days",
		"Crash Days 2017-12-06 – 2017-12-07":                           "Crash Days",
		"Crash Days 2017-12":                                           "Crash Days",
		"Crash Days 2016/17":                                           "Crash Days",
		"Crash Days, 06.12.2017":                                       "Crash Days",
		"Crash Days (12/06/2017)":                                      "Crash Days",
		"Crash Days, Dec 6-7, 2017":                                    "Crash Days",
		"Crash Days, Dec. 6, 2017":                                     "Crash Days",
		"Crash Days – Nov 30 - Dec 1, 2017":                            "Crash Days",
		"Crash Days, 30 Nov – 1 Dec 2017":                              "Crash Days",
		"Crash Days on Wednesday, December 6th, 2017":                  "Crash Days",
		"Crash Days 2017: June 26-27, Lund":                            "Crash Days: Lund",
		"Crash Days, Dec 6":                                            "Crash Days",
		"Crash Days den 6 december 2017":                               "Crash Days",
		"Crash Days 6.–7. Dezember 2017":                               "Crash Days",
		"Crash Days, 6 de diciembre de 2017":                           "Crash Days",
		"Crash Days, 6 et 7 août 2017":                                 "Crash Days",
		"Crash Days in December 2017":                                  "Crash Days",
		"Crash Days, Nov-Dec 2017, Lund":                               "Crash Days, Lund",
		"Crash Days - 2017 - Lund":                                     "Crash Days - Lund",
		"Crash Days\u00a0Dec\u00a06\u00a02017":                         "Crash Days",
		"Crash Days @ Dec 6 2017":                                      "Crash Days",
		"Crash Days at 2017-12-06":                                     "Crash Days",
		"3rd Crash Days":                                               "Crash Days",
		"3:e Crash Days":                                               "Crash Days",
		"Crash Days, 2nd edition":                                      "Crash Days",
		"Crash Days – 3. Auflage":                                      "Crash Days",
		"Crash Days, 3e editie":                                        "Crash Days",
		"Crash Days #12, Dec 6 2017":                                   "Crash Days",
		"Crash Days Edition 4":                                         "Crash Days",
		"Crash Days II":                                                "Crash Days",
		"Crash Days XIV (2017)":                                        "Crash Days",
		"Web 2.0 Expo":                                                 "Web 2.0 Expo",
		"Web 2.0 Expo 2008":                                            "Web 2.0 Expo",
		"Day 0":                                                        "Day 0",
		"Section 9":                                                    "Section 9",
		"Section IX":                                                   "Section IX",
		"Part II":                                                      "Part II",
		"OS X":                                                         "OS X",
		"II":                                                           "II",
		"#12":                                                          "#12",
		"3rd":                                                          "3rd",
		"Dec 6 2017":                                                   "Dec 6 2017",
		"@media 2007":                                                  "@media",
		"Speak Out 2017":                                               "Speak Out",
		"Log In 2017":                                                  "Log In",
		"Catch 22 Day, May 4 2017":                                     "Catch 22 Day",
		"May Day 2017":                                                 "May Day",
		"Music of the 20th Century":                                    "Music of the 20th Century",
		"24/7 Operations 2017":                                         "24/7 Operations",
		"4Developers 2017":                                             "4Developers",
		"March for Queues":                                             "March for Queues",
		"Decade 3":                                                     "Decade 3",
		"Marathon 10":                                                  "Marathon 10",
	} {
		if got := archive.SeriesName(title); got != want {
			t.Errorf("SeriesName(%q) = %q, want %q", title, got, want)
		}
	}
}

func FuzzSeriesName(f *testing.F) {
	f.Add("Crash Days, Dec 6-7, 2017 (II)")
	f.Add("#12 – 3rd @ at")
	f.Fuzz(func(t *testing.T, title string) {
		if got := archive.SeriesName(title); archive.HasWords(got) != archive.HasWords(title) {
			t.Errorf("SeriesName(%q) = %q", title, got)
		}
	})
}
