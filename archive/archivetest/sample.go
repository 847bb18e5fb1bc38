package archivetest

import "rostrum/archive"

// The addresses of the sample's decks.
const (
	CrashDeck   = "https://chaos.example/2017/crash.pdf"
	MissingDeck = "https://chaos.example/2017/purpose.pdf"
)

// Programmes returns three editions of two series. They share people (one
// printed in two ways), topics and a title, and hold what programmes hold:
// breaks alike, a talk by two, a panel, abstracts, rooms, links.
func Programmes() []archive.Programme {
	return []archive.Programme{
		{
			Edition: archive.EditionInfo{
				Title: "Chaos Day 2016", StartDate: "2016-12-07", EndDate: "2016-12-07", Venue: "The Old Brewery", City: "Stockholm",
				Country: "Sweden", Language: "en", URL: "https://chaos.example/2016/", Organizers: []string{"Ada Lind"},
			},
			Items: []archive.Item{
				{
					Kind: archive.KindTalk, Title: "Monkeys in the data centre", Date: "2016-12-07", Start: "09:00", End: "09:45", Room: "Vat 1",
					Speakers: []archive.Credit{{Name: "Bo Ek", Affiliation: "KTH"}}, Topics: []string{"Chaos engineering"}, Language: "en",
					Abstract: "We let a program switch machines off at random, in daylight, and learned which of our promises were wishes.",
				},
				{Kind: archive.KindBreak, Title: "Coffee", Date: "2016-12-07", Start: "09:45", End: "10:15"},
				{
					Kind: archive.KindTalk, Title: "Felinjektion i praktiken", Date: "2016-12-07", Start: "10:15", End: "11:00", Room: "Vat 1",
					Speakers: []archive.Credit{{Name: "Åsa Öberg", Affiliation: "Lund University"}}, Topics: []string{"Fault injection"}, Language: "sv",
					Abstract: "Hur vi bröt våra egna system innan någon annan gjorde det.",
				},
			},
		},
		{
			Edition: archive.EditionInfo{
				Title: "Chaos Day 2017", StartDate: "2017-12-06", EndDate: "2017-12-06", Venue: "The Old Brewery", City: "Stockholm",
				Country: "Sweden", Language: "en", URL: "https://chaos.example/2017/", Organizers: []string{"Ada Lind"},
				RelatedEditions: []string{"https://chaos.example/2016/"},
			},
			Items: []archive.Item{
				{Kind: archive.KindOpening, Title: "Welcome", Date: "2017-12-06", Start: "08:50", End: "09:00"},
				{
					Kind: archive.KindKeynote, Title: "Let it crash", Date: "2017-12-06", Start: "09:00", End: "10:00", Room: "Vat 1",
					Speakers: []archive.Credit{{
						Name: "Dr. Joe Armsby", Affiliation: "Switchworks", Bio: "Joe has been restarting things since 1986.", URL: "https://joe.example/",
					}},
					Topics: []string{"Erlang", "Fault tolerance"}, Language: "en", Slides: []string{CrashDeck}, Video: []string{"https://video.example/crash"},
					Abstract: "A process that dies early tells the truth about what went wrong.\n\nSupervisors make of that a system that stays up.",
				},
				{Kind: archive.KindBreak, Title: "Coffee", Date: "2017-12-06", Start: "10:00", End: "10:30"},
				{
					Kind: archive.KindTalk, Title: "Breaking things on purpose", Date: "2017-12-06", Start: "10:30", End: "11:15", Room: "Vat 1",
					Speakers: []archive.Credit{{Name: "Ada Lind"}, {Name: "Ek, Bo", Affiliation: "KTH"}}, Topics: []string{"Chaos engineering"},
					Language: "en", Slides: []string{MissingDeck},
				},
				{
					Kind: archive.KindPanel, Title: "Is it our fault?", Date: "2017-12-06", Start: "11:15", End: "12:00", Room: "Vat 2",
					Speakers: []archive.Credit{
						{Name: "Ada Lind", Role: "moderator"}, {Name: "Joe Armsby", Affiliation: "Switchworks"}, {Name: "Asa Oberg", Affiliation: "Lund University"},
					},
					Topics: []string{"Fault tolerance"}, Language: "en",
				},
				{Kind: archive.KindMeal, Title: "Lunch", Date: "2017-12-06", Start: "12:00", End: "13:00"},
				{Kind: archive.KindBreak, Title: "Coffee", Date: "2017-12-06", Start: "15:00", End: "15:30"},
				{Kind: archive.KindClosing, Title: "Goodbye", Date: "2017-12-06", Start: "17:00"},
			},
			Findings: []archive.Finding{{Code: archive.FindingTimeMissing, Text: "No end is given.", Item: new(7), Field: "end"}},
		},
		{
			Edition: archive.EditionInfo{
				Title: "Queues & Streams 2018", StartDate: "2018-05-14", EndDate: "2018-05-15", City: "Utrecht", Country: "Netherlands", Language: "en",
				URL: "https://queues.example/2018/",
			},
			Items: []archive.Item{
				{
					Kind: archive.KindTalk, Title: "Let it crash", Date: "2018-05-14", Start: "10:00", End: "10:40", Track: "Runtimes",
					Speakers: []archive.Credit{{Name: "Юрий Щербаков", Affiliation: "Рога и копыта"}}, Topics: []string{"Erlang"}, Language: "en",
					Abstract: "The other talk of this name was about processes; this one is about queues that nobody drained.",
				},
				{
					Kind: archive.KindTutorial, Title: "Back-pressure by hand", Date: "2018-05-15", Start: "13:00", End: "16:00", Track: "Hands on",
					Speakers: []archive.Credit{{Name: "Bo Ek", Affiliation: "KTH Royal Institute of Technology"}}, Topics: []string{"Streams"}, Language: "en",
				},
			},
		},
	}
}

// Deck returns a deck of three slides as a reader would make it.
func Deck(blob archive.BlobID) archive.Deck {
	slide := func(number int, text string, words ...archive.Word) archive.Slide {
		return archive.Slide{Number: number, Text: text, Search: text, Words: words, Engine: "pdfium", Width: 720, Height: 405}
	}
	word := func(text string, left, top, right, bottom float32) archive.Word {
		return archive.Word{Text: text, Box: archive.Box{Left: left, Top: top, Right: right, Bottom: bottom}}
	}
	return archive.Deck{
		Blob: blob, Reader: 1, Media: "application/pdf", Title: "crash.key",
		Outline: []archive.OutlineEntry{{Title: "Supervision", Slide: 2}},
		Slides: []archive.Slide{
			slide(1, "Let it crash\nJoe Armsby", word("Let", 0.1, 0.4, 0.2, 0.5), word("it", 0.21, 0.4, 0.25, 0.5), word("crash", 0.26, 0.4, 0.5, 0.5)),
			slide(2, "Supervision trees\nA supervisor restarts what it watches over", word("Supervision", 0.1, 0.1, 0.4, 0.2), word("trees", 0.41, 0.1, 0.6, 0.2)),
			slide(3, "Questions?"),
		},
	}
}
