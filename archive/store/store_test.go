package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// take takes p from an address whose bytes are content.
func take(t testing.TB, db *store.DB, address, content string, p archive.Programme) store.Taken {
	t.Helper()
	snap := archivetest.Snapshot(t, db, address, content)
	taken, err := db.TakeProgramme(t.Context(), store.Intake{Snapshot: snap.ID, Programme: p, At: archivetest.Time(1)})
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// changes lists the talks that changed after a Revision, those to be
// forgotten with a minus.
func changes(t testing.TB, db *store.DB, after archive.Revision) []archive.TalkID {
	t.Helper()
	var list []archive.TalkID
	for c, err := range db.Changes(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		if c.Entry != nil {
			list = append(list, c.Talk)
		} else {
			list = append(list, "-"+c.Talk)
		}
	}
	return list
}

func talk(t testing.TB, db *store.DB, id archive.TalkID) archive.Talk {
	t.Helper()
	k, err := db.TalkByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// chaosDay is a small programme with what programmes have: breaks alike, a
// title before a name, two people on a talk, a deck.
func chaosDay() archive.Programme {
	return archive.Programme{
		Edition: archive.EditionInfo{Title: "Chaos Day 2017", StartDate: "2017-12-06", EndDate: "2017-12-06", City: "Stockholm", Language: "en"},
		Items: []archive.Item{
			{
				Kind: archive.KindKeynote, Title: "Let it crash", Speakers: []archive.Credit{{Name: "Dr. Joe Armsby", Affiliation: "Switchworks"}},
				Date: "2017-12-06", Start: "09:00", End: "10:00", Topics: []string{"Erlang", "Fault tolerance"},
				Slides: []string{"https://chaos.example/crash.pdf"},
			},
			{Kind: archive.KindBreak, Title: "Coffee", Date: "2017-12-06", Start: "10:00", End: "10:30"},
			{
				Kind: archive.KindTalk, Title: "Breaking things on purpose", Speakers: []archive.Credit{{Name: "Ada Lind"}, {Name: "Bo Ek", Affiliation: "KTH"}},
				Date: "2017-12-06", Start: "10:30", End: "11:00", Abstract: "We broke it.",
			},
			{Kind: archive.KindBreak, Title: "Coffee", Date: "2017-12-06", Start: "15:00", End: "15:30"},
		},
	}
}

const (
	crash   = archive.TalkID("chaos-day/2017/let-it-crash")
	coffee  = archive.TalkID("chaos-day/2017/coffee")
	coffee2 = archive.TalkID("chaos-day/2017/coffee-2")
	purpose = archive.TalkID("chaos-day/2017/breaking-things-on-purpose")
)

const page = "https://chaos.example/programme"

func TestTakeProgramme(t *testing.T) {
	db := archivetest.Empty(t)
	got := take(t, db, page, "one", chaosDay())
	want := store.Taken{Edition: "chaos-day/2017", New: true, Revision: 4, Added: []archive.TalkID{crash, coffee, purpose, coffee2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("first: -want +got\n%s", diff)
	}
	k := talk(t, db, crash)
	item := chaosDay().Items[0]
	item.Speakers[0].Person = "joe-armsby"
	wantTalk := archive.Talk{
		ID: crash, Item: item, Snapshot: k.Snapshot, Revision: 1,
		Decks: []archive.TalkDeck{{Address: "https://chaos.example/crash.pdf", State: archive.DeckPending}},
	}
	if diff := cmp.Diff(wantTalk, k); diff != "" {
		t.Errorf("talk: -want +got\n%s", diff)
	}
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// The same programme again writes nothing: not from the same bytes, not from
// other bytes that say the same, and not after the programme was elsewhere.
func TestTakeAgain(t *testing.T) {
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	before := fingerprint(t, db)
	for _, content := range []string{"one", "one, with today's date on it", "one"} {
		got := take(t, db, page, content, chaosDay())
		want := store.Taken{Edition: "chaos-day/2017", Same: true, Revision: 4, Unchanged: []archive.TalkID{crash, coffee, purpose, coffee2}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", content, diff)
		}
		if diff := cmp.Diff(before, fingerprint(t, db)); diff != "" {
			t.Errorf("%s: rows rewritten: -want +got\n%s", content, diff)
		}
	}
}

func TestTakeChanged(t *testing.T) {
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	// Retitled, moved to the afternoon, the first break dropped.
	p := chaosDay()
	p.Items[0].Title = "Let it crash, again"
	p.Items[2].Start, p.Items[2].End, p.Items[2].Room = "14:00", "14:30", "Vat 2"
	p.Items = append(p.Items[:1], p.Items[2:]...)
	got := take(t, db, page, "two", p)
	want := store.Taken{
		Edition: "chaos-day/2017", Changed: []archive.TalkID{crash, purpose}, Gone: []archive.TalkID{coffee}, Unchanged: []archive.TalkID{coffee2},
		Changes: []store.FieldChange{
			{Talk: crash, Field: "title", Old: "Let it crash", New: "Let it crash, again"},
			{Talk: coffee, Field: "gone", Old: "no", New: "yes"},
			{Talk: purpose, Field: "start", Old: "10:30", New: "14:00"},
			{Talk: purpose, Field: "end", Old: "11:00", New: "14:30"},
			{Talk: purpose, Field: "room", Old: "", New: "Vat 2"},
		},
		Revision: 7,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changed: -want +got\n%s", diff)
	}
	if k := talk(t, db, coffee); !k.Gone || k.Title != "Coffee" {
		t.Errorf("the dropped break is %+v", k)
	}
	if diff := cmp.Diff([]archive.TalkID{crash, "-" + coffee, purpose}, changes(t, db, 4)); diff != "" {
		t.Errorf("changes: -want +got\n%s", diff)
	}
	// It comes back with its page, as the talk it was.
	got = take(t, db, page, "three", chaosDay())
	if diff := cmp.Diff([]archive.TalkID{crash, coffee, purpose}, got.Changed); diff != "" || len(got.Added)+len(got.Gone) != 0 {
		t.Errorf("back: %+v", got)
	}
	if talk(t, db, coffee).Gone {
		t.Error("the break is back and still marked gone")
	}
}

func TestNextYearAtTheSameAddress(t *testing.T) {
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	before := talk(t, db, crash)
	p := chaosDay()
	p.Edition.Title, p.Edition.StartDate, p.Edition.EndDate = "Chaos Day 2018", "2018-12-05", "2018-12-05"
	p.Items = p.Items[1:3]
	for i := range p.Items {
		p.Items[i].Date = "2018-12-05"
	}
	got := take(t, db, page, "two", p)
	want := store.Taken{
		Edition: "chaos-day/2018", New: true, Revision: 6, Added: []archive.TalkID{"chaos-day/2018/coffee", "chaos-day/2018/breaking-things-on-purpose"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("next year: -want +got\n%s", diff)
	}
	if diff := cmp.Diff(before, talk(t, db, crash)); diff != "" {
		t.Errorf("this year's talk changed: -want +got\n%s", diff)
	}
	prev, next, err := db.Neighbours(t.Context(), "chaos-day/2018")
	if err != nil || prev == nil || prev.ID != "chaos-day/2017" || next != nil {
		t.Errorf("neighbours: %v, %v, %v", prev, next, err)
	}
}

func TestSecondSourceOfOneEdition(t *testing.T) {
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	p := archive.Programme{
		Edition: archive.EditionInfo{Title: "Chaos Day", Series: "Chaos Day", StartDate: "2017-12-06", Venue: "The Old Brewery"},
		Items: []archive.Item{
			{Kind: archive.KindKeynote, Title: "Let it Crash!", Speakers: []archive.Credit{{Name: "Armsby, Joe", Bio: "Joe restarts."}}, Video: []string{"https://v.example/1"}},
			{Kind: archive.KindTalk, Title: "A late addition", Speakers: []archive.Credit{{Name: "Cy Dahl"}}, Date: "2017-12-06", Start: "13:00"},
		},
	}
	got := take(t, db, "file:talks.json", "json", p)
	want := store.Taken{
		Edition: "chaos-day/2017", Added: []archive.TalkID{"chaos-day/2017/a-late-addition"}, Changed: []archive.TalkID{crash},
		Unchanged: []archive.TalkID{coffee, purpose, coffee2}, Revision: 10,
	}
	if diff := cmp.Diff(want, store.Taken{Edition: got.Edition, New: got.New, Added: got.Added, Changed: got.Changed, Unchanged: sorted(got.Unchanged, coffee, purpose, coffee2), Revision: got.Revision}); diff != "" {
		t.Errorf("second source: -want +got\n%s", diff)
	}
	k := talk(t, db, crash)
	wantItem := chaosDay().Items[0]
	wantItem.Title, wantItem.Video = "Let it Crash!", []string{"https://v.example/1"}
	wantItem.Speakers = []archive.Credit{{Name: "Armsby, Joe", Affiliation: "Switchworks", Bio: "Joe restarts.", Person: "joe-armsby"}}
	if diff := cmp.Diff(wantItem, k.Item); diff != "" {
		t.Errorf("woven of two: -want +got\n%s", diff)
	}
	// What only one of the two sources drops is not gone.
	p.Items = p.Items[:1]
	if got := take(t, db, "file:talks.json", "json 2", p); len(got.Gone) != 1 || got.Gone[0] != "chaos-day/2017/a-late-addition" {
		t.Errorf("dropped by its only source: %+v", got)
	}
	if got := take(t, db, "file:talks.json", "json 3", archive.Programme{Edition: p.Edition}); len(got.Gone) != 0 {
		t.Errorf("dropped by one of two: %+v", got)
	}
}

// sorted brings a list into the order of want, if it holds the same.
func sorted(list []archive.TalkID, want ...archive.TalkID) []archive.TalkID {
	have := map[archive.TalkID]bool{}
	for _, id := range list {
		have[id] = true
	}
	for _, id := range want {
		if !have[id] {
			return list
		}
	}
	if len(list) != len(want) {
		return list
	}
	return want
}

func TestDryRun(t *testing.T) {
	db := archivetest.Empty(t)
	take(t, db, page, "one", chaosDay())
	before := fingerprint(t, db)
	p := chaosDay()
	p.Items[0].Title = "Let it all crash"
	p.Items = append(p.Items, archive.Item{Kind: archive.KindTalk, Title: "New", Speakers: []archive.Credit{{Name: "Nobody Yet"}}})
	snap := archivetest.Snapshot(t, db, page, "one")
	in := store.Intake{Snapshot: snap.ID, Programme: p, At: archivetest.Time(1), DryRun: true}
	dry, err := db.TakeProgramme(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, fingerprint(t, db)); diff != "" {
		t.Errorf("a dry run kept something: -want +got\n%s", diff)
	}
	in.DryRun = false
	wet, err := db.TakeProgramme(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	said := map[archive.TalkID]string{}
	for id, item := range dry.Says {
		said[id] = item.Title
	}
	if diff := cmp.Diff(map[archive.TalkID]string{dry.Added[0]: "New", "chaos-day/2017/let-it-crash": "Let it all crash"}, said); diff != "" {
		t.Errorf("what the talks would say: -want +got\n%s", diff)
	}
	dry.Says = nil
	if diff := cmp.Diff(wet, dry); diff != "" {
		t.Errorf("the dry run foretold otherwise: -came +foretold\n%s", diff)
	}
}

func TestPeople(t *testing.T) {
	db := archivetest.Sample(t)
	list, total, err := db.People(t.Context(), store.PeopleQuery{})
	if err != nil {
		t.Fatal(err)
	}
	want := []archive.PersonSummary{
		{Person: archive.Person{ID: "joe-armsby", Name: "Joe Armsby"}, Affiliation: "Switchworks", Talks: 2, FirstYear: 2017, LastYear: 2017},
		{Person: archive.Person{ID: "bo-ek", Name: "Bo Ek"}, Affiliation: "KTH Royal Institute of Technology", Talks: 3, FirstYear: 2016, LastYear: 2018},
		{Person: archive.Person{ID: "ada-lind", Name: "Ada Lind"}, Talks: 2, FirstYear: 2017, LastYear: 2017},
		{Person: archive.Person{ID: "asa-oberg", Name: "Åsa Öberg"}, Affiliation: "Lund University", Talks: 2, FirstYear: 2016, LastYear: 2017},
		{Person: archive.Person{ID: "yuriy-shcherbakov", Name: "Юрий Щербаков"}, Affiliation: "Рога и копыта", Talks: 1, FirstYear: 2018, LastYear: 2018},
	}
	if diff := cmp.Diff(want, list); diff != "" || total != 5 {
		t.Errorf("people (%d): -want +got\n%s", total, diff)
	}
	joe, err := db.PersonByID(t.Context(), "joe-armsby")
	wantJoe := want[0]
	wantJoe.Bio, wantJoe.BioFrom, wantJoe.URL = "Joe has been restarting things since 1986.", crash, "https://joe.example/"
	if diff := cmp.Diff(wantJoe, joe); diff != "" || err != nil {
		t.Errorf("joe (%v): -want +got\n%s", err, diff)
	}
	talks, err := db.PersonTalks(t.Context(), "bo-ek")
	var ids []archive.TalkID
	for _, k := range talks {
		ids = append(ids, k.ID)
	}
	wantIDs := []archive.TalkID{"queues-streams/2018/back-pressure-by-hand", purpose, "chaos-day/2016/monkeys-in-the-data-centre"}
	if diff := cmp.Diff(wantIDs, ids); diff != "" || err != nil {
		t.Errorf("bo's talks (%v): -want +got\n%s", err, diff)
	}
	some, n, err := db.People(t.Context(), store.PeopleQuery{Prefix: "Ö"})
	if err != nil || n != 1 || some[0].ID != "asa-oberg" {
		t.Errorf("people at Ö: %v %d %v", some, n, err)
	}
}

func TestTwoPeopleOfOneName(t *testing.T) {
	db := archivetest.Empty(t)
	talkBy := func(title string, who ...archive.Credit) archive.Item {
		return archive.Item{Kind: archive.KindTalk, Title: title, Speakers: who}
	}
	p := archive.Programme{
		Edition: archive.EditionInfo{Title: "Names 2020", StartDate: "2020-01-01"},
		Items: []archive.Item{
			talkBy("By two of one name", archive.Credit{Name: "Chen Li", Affiliation: "KTH"}, archive.Credit{Name: "Chen Li", Affiliation: "MIT"}),
			talkBy("By the one", archive.Credit{Name: "Chen Li", Affiliation: "KTH"}),
			talkBy("By the other", archive.Credit{Name: "Chen Li", Affiliation: "MIT"}),
			talkBy("By a third, the other way round", archive.Credit{Name: "Li Chen", Affiliation: "ETH"}),
			talkBy("By nobody", archive.Credit{Name: "TBA"}, archive.Credit{Name: "???"}),
		},
	}
	taken := take(t, db, page, "one", p)
	var got [][]archive.PersonID
	list, err := db.EditionTalks(t.Context(), taken.Edition)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range list {
		var who []archive.PersonID
		for _, c := range k.Speakers {
			who = append(who, c.Person)
		}
		got = append(got, who)
	}
	want := [][]archive.PersonID{{"chen-li", "chen-li-2"}, {"chen-li"}, {"chen-li-2"}, {"li-chen"}, {"", ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestIDs(t *testing.T) {
	db := archivetest.Empty(t)
	p := archive.Programme{
		Edition: archive.EditionInfo{Title: "Search 2020", StartDate: "2020-01-01"},
		Items: []archive.Item{
			{Kind: archive.KindTalk, Title: "Foo"}, {Kind: archive.KindTalk, Title: "Foo"}, {Kind: archive.KindTalk, Title: "Foo 2"},
			{Kind: archive.KindTalk, Title: "???"}, {Kind: archive.KindTalk, Title: strings.Repeat("longwinded ", 40)}, {Kind: archive.KindTalk, Title: "講演"},
			{Kind: archive.KindTalk, Title: "Slides"}, {Kind: archive.KindTalk, Title: "../../Foo"},
		},
	}
	taken := take(t, db, page, "one", p)
	want := []archive.TalkID{
		"search-2/2020/foo", "search-2/2020/foo-2", "search-2/2020/foo-2-2", "search-2/2020/talk",
		"search-2/2020/longwinded-longwinded-longwinded-longwinded-longwinded", "search-2/2020/講演", "search-2/2020/slides-2", "search-2/2020/foo-3",
	}
	if diff := cmp.Diff(want, taken.Added); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	// A second gathering of the year, and one without a date.
	for _, c := range []struct {
		info archive.EditionInfo
		want archive.EditionID
	}{
		{archive.EditionInfo{Title: "Search 2020", Series: "Search", StartDate: "2020-06-01"}, "search-2/2020"},
		{archive.EditionInfo{Title: "Search Autumn", Series: "Search", StartDate: "2020-10-01"}, "search-2/2020-10"},
		{archive.EditionInfo{Title: "Search by Night", Series: "Search", StartDate: "2020-10-20"}, "search-2/by-night"},
		{archive.EditionInfo{Title: "Search", Series: "Search"}, "search-2/search"},
	} {
		if got := take(t, db, "file:"+c.info.Title, c.info.Title, archive.Programme{Edition: c.info}); got.Edition != c.want {
			t.Errorf("%s is %s, want %s", c.info.Title, got.Edition, c.want)
		}
	}
}

func TestTimesOfSources(t *testing.T) {
	db := archivetest.Empty(t)
	snap := archivetest.Snapshot(t, db, page, "one")
	if err := db.SourceSeen(t.Context(), page, archivetest.Time(3)); err != nil {
		t.Fatal(err)
	}
	got, err := db.Snapshot(t.Context(), snap.ID)
	snap.Seen = archivetest.Time(3)
	if diff := cmp.Diff(snap, got); diff != "" || err != nil {
		t.Errorf("snapshot (%v): -want +got\n%s", err, diff)
	}
	source, err := db.Source(t.Context(), page)
	want := archive.Source{ID: source.ID, Address: page, Looked: archivetest.Time(3), Latest: snap.ID}
	if diff := cmp.Diff(want, source); diff != "" || err != nil {
		t.Errorf("source (%v): -want +got\n%s", err, diff)
	}
	if err := db.SourceSeen(t.Context(), "https://unknown.example/", time.Now()); err == nil {
		t.Error("an unknown source was seen")
	}
}
