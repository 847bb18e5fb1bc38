package search

import "rostrum/archive"

// sample is a small archive of our own writing that the tests ask.
func sample() []archive.Entry {
	talk := func(id, title, speaker, affil, abstract string, year int, lang string, topics ...string) archive.Entry {
		e := archive.Entry{SeriesName: "Crash Days", EditionTitle: "Crash Days", EditionYear: year, EditionLanguage: "en"}
		e.ID = archive.TalkID(id)
		e.Kind = archive.KindTalk
		e.Title, e.Abstract, e.Language, e.Topics = title, abstract, lang, topics
		e.Date = archive.MakeDate(year, 5, 4)
		e.Speakers = []archive.Credit{{Name: speaker, Affiliation: affil}}
		return e
	}
	list := []archive.Entry{
		talk("crash/2017/let-it-fall", "Let it fall", "Joe Strongarm", "Riverside Labs",
			"Processes that share nothing may die alone. Supervisors start them again from a state that is known to be good.", 2017, "en", "erlang", "supervision"),
		talk("crash/2018/breaking-clusters", "Breaking clusters on purpose", "Björn Åkesson", "Kungliga Verkstan",
			"We unplug machines of a Kubernetes cluster in real-time while it serves, and write down what the databases say.", 2018, "en", "chaos", "kubernetes"),
		talk("crash/2018/datenbanken", "Datenbanken unter Last", "Jörg Müller", "Werkhof",
			"Wie verhalten sich Datenbanken, wenn Festplatten langsam werden? Ein Bericht über zwölf Versuche mit Fehlern.", 2018, "de", "databases"),
		talk("crash/2019/storningar", "Störningar varje vecka", "Åsa Lindqvist", "Norrsken Teknik",
			"Hur vi lärde oss att störa våra egna tjänster varje vecka, och vad kunderna märkte av störningarna.", 2019, "sv", "chaos"),
		talk("crash/2019/testes", "Testes de propriedades", "João Conceição", "Universidade do Porto",
			"A programação com propriedades gera entradas aleatórias e encontra erros que ninguém procurava.", 2019, "pt", "testing"),
		talk("crash/2019/otkazy", "Отказы распределённых систем", "Иван Петров", "Лаборатория",
			"Как системы ломаются, когда сеть делится пополам, и что делать с потерянными сообщениями.", 2019, "ru"),
		talk("crash/2019/shougai", "障害注入テストの実践", "山田太郎", "研究所",
			"本番環境で障害を注入し、データベースの回復を確認する方法を紹介します。", 2019, "ja"),
		talk("crash/2020/sfalmata", "Σφάλματα σε κατανεμημένα συστήματα", "Ελένη Παπαδοπούλου", "Εργαστήριο",
			"Πώς δοκιμάζουμε τα συστήματα με ελεγχόμενα σφάλματα στο δίκτυο.", 2020, "el"),
	}
	list[1].Kind = archive.KindKeynote
	list[1].Video = []string{"https://example.org/v"}
	list[0].DeckSlides = [][]archive.SlideWords{{
		{Number: 1, Text: "Let it fall Joe Strongarm"},
		{Number: 2, Text: "Mailboxes: each process owns one queue of letters"},
		{Number: 3, Text: "A supervision tree: workers below, supervisors above, one strategy for each branch"},
	}}
	list[0].Decks = []archive.TalkDeck{{State: archive.DeckRead, Slides: 3}}
	return list
}
