package search

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/internal/golden"
)

// TestRanking keeps what a set of questions finds as a file: a change of the
// ranking shows itself there as a difference that a person can judge.
func TestRanking(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	feed.fill(library())
	ix := learned(t, open(t, feed))
	var b strings.Builder
	first, sum := 0, 0.0
	for _, q := range questions() {
		ids := find(t, ix, q.query)
		at := slices.Index(ids, q.want)
		if at == 0 {
			first++
		}
		if at >= 0 {
			sum += 1 / float64(at+1)
		}
		fmt.Fprintf(&b, "%s\n", q.query)
		for i, id := range ids[:min(len(ids), 5)] {
			mark := " "
			if id == q.want {
				mark = "*"
			}
			fmt.Fprintf(&b, "  %s %d %s\n", mark, i+1, id)
		}
		if at < 0 {
			fmt.Fprintf(&b, "  - %s\n", q.want)
		}
	}
	n := len(questions())
	fmt.Fprintf(&b, "\nright first %d of %d, MRR %.3f\n", first, n, sum/float64(n))
	golden.Equal(t, filepath.Join("testdata", "ranking.txt"), []byte(b.String()))
}

func TestTypingErrorsAreCorrectedVisibly(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	for query, want := range map[string]string{
		"kuberntes cluster":      "kubernetes cluster",
		"supervisrs start":       "supervisors start",
		"unplug mahcines":        "unplug machines",
		"strongram":              "strongarm",
		"kubernetes cluster":     "",
		`"kuberntes cluster"`:    "",
		"zzzzqqqq":               "",
		"speaker:strongram":      "speaker:Strongarm",
		`speaker:"Joe Stongarm"`: `speaker:"Joe Strongarm"`,
		"affil:rivrside falll":   "affil:Riverside fall",
		"speaker:zzzzqqqq":       "",
		"-speaker:strongram":     "",
		"Datenbnaken Last":       "Datenbanken Last",
		"-machines kuberntes":    "",
		"kuberntes year:2018":    "kubernetes year:2018",
		"festplaten -maschine":   "festplatten -maschine",
	} {
		res := ask(t, ix, Request{Query: Parse(query)})
		got := ""
		if res.Instead != nil {
			got = res.Instead.String()
		}
		if diff := cmp.Diff(strings.ToLower(want), strings.ToLower(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		if exact := ask(t, ix, Request{Query: Parse(query), Exact: true}); exact.Instead != nil {
			t.Errorf("%s was corrected though asked exactly", query)
		}
	}
}

func TestNothingFoundGivesAWayOn(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	for query, want := range map[string][]string{
		"kubernetes year:2019 kind:keynote topic:ballet": {"kubernetes: 1"},
		"kubernetes year:2019":                           {"kubernetes: 1"},
		"kind:ballet":                                    nil,
		`"cluster kubernetes"`:                           {"cluster kubernetes: 1"},
		"title:unplug machines":                          {"machines: 1", "unplug machines: 1"},
		"fall -joe -let":                                 {"fall: 1"},
		"breaking has:paper":                             {"breaking: 1"},
	} {
		res := ask(t, ix, Request{Query: Parse(query)})
		var got []string
		for _, w := range res.Ways {
			got = append(got, fmt.Sprintf("%s: %d", w.Query, w.Total))
			if found := ask(t, ix, Request{Query: Parse(w.Query.String())}).Total; found != w.Total {
				t.Errorf("%s leads to %s, which finds %d, not %d", query, w.Query, found, w.Total)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || res.Total != 0 {
			t.Errorf("%s finds %d and leads on to (-want +got):\n%s", query, res.Total, diff)
		}
	}
	hints := ask(t, ix, Request{Query: Parse("lang:xx kind:ballet topic:ballet")}).Hints
	want := []Hint{
		{"lang:xx", HintNoSuch, []any{"lang", "en, de, el, ja, pt, ru, sv"}}, {"kind:ballet", HintNoSuch, []any{"kind", "talk, keynote"}},
		{"topic:ballet", HintNobody, []any{"topic"}},
	}
	if diff := cmp.Diff(want, hints); diff != "" {
		t.Errorf("hints (-want +got):\n%s", diff)
	}
}

// An error that somebody else has made too is found, and what was meant offered.
func TestSharedErrorsLeadToWhatIsMeant(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(100))
	e := sample()[0]
	e.Abstract = "About qeues and their length."
	feed.put(e)
	ix := open(t, feed)
	for query, want := range map[string][]string{"qeues": {"queues"}, "qeues length": nil, "queues": nil, "supervisors": nil} {
		res := ask(t, ix, Request{Query: Parse(query)})
		var got []string
		for _, w := range res.Ways {
			got = append(got, w.Query.String())
		}
		if !slices.Equal(got, want) || res.Instead != nil || res.Total == 0 {
			t.Errorf("%s finds %d and leads to %q, not to %q", query, res.Total, got, want)
		}
	}
	if res := ask(t, ix, Request{Query: Parse("qeues"), Exact: true}); len(res.Ways) > 0 {
		t.Errorf("asked exactly, %v is offered", res.Ways)
	}
}

// Demands hold wherever they stand, not only side by side.
func TestDemandsAmongAlternatives(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	const fall, clusters, german, swedish, porto, russian, japanese, greek = "crash/2017/let-it-fall", "crash/2018/breaking-clusters", "crash/2018/datenbanken",
		"crash/2019/storningar", "crash/2019/testes", "crash/2019/otkazy", "crash/2019/shougai", "crash/2020/sfalmata"
	for query, want := range map[string][]archive.TalkID{
		"year:2017|year:2020":                       {fall, greek},
		"year:2017 OR lang:el":                      {fall, greek},
		"has:slides|has:video":                      {fall, clusters},
		"(year:2017 lang:en)|(year:2018 lang:de)":   {fall, german},
		"year:2018 (speaker:müller|kind:keynote)":   {clusters, german},
		"year:2017..2018 -(lang:de|has:video)":      {fall},
		"year:2018 -(lang:de kind:keynote)":         {clusters, german},
		"(year:2018 -lang:de)|lang:el":              {clusters, greek},
		"supervisors|lang:sv":                       {fall, swedish},
		`"let it fall"|speaker:conceição`:           {fall, porto},
		`("let it fall"|speaker:петров) clusters`:   {fall, russian},
		"(sjärnor -chaos)|(processes -joe)":         nil,
		"(machines -joe)|(processes -machines)":     {fall, clusters},
		"topic:chaos -(lang:sv)":                    {clusters},
		"(year:2019 -(lang:sv|lang:pt|lang:ru))|xx": {japanese},
		"lang:ru NOT year:2018":                     {russian},
	} {
		var got []archive.TalkID
		for _, h := range ask(t, ix, Request{Query: Parse(query), Exact: true}).Hits {
			got = append(got, h.Talk)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

// Names are found as people write them, also behind a field.
func TestNamesBehindAField(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	mueller := sample()[2]
	mueller.ID, mueller.Speakers = "crash/2018/mueller", []archive.Credit{{Name: "Joerg Mueller"}}
	only := sample()[0]
	only.ID, only.Speakers = "crash/2017/joe", []archive.Credit{{Name: "Joe", Person: "joe"}}
	feed.put(mueller, only)
	ix := open(t, feed)
	for query, want := range map[string]int{
		"speaker:müller": 2, "speaker:mueller": 2, "speaker:muller": 1, "speaker:joerg": 2, "speaker:jörg": 2, "speaker:bjoern": 1, "speaker:aakesson": 1,
		`speaker:"Müller, Jörg"`: 2, `speaker:"J. Strongarm"`: 1, `speaker:"Strongarm Joe"`: 1, "speaker:joe": 2, `speaker:"Joe"`: 1, "speaker:strong*": 1,
		"müller": 2, "mueller": 2, "speaker:(åkesson|strongarm)": 2, "series:crash": 10, "edition:crash/2017": 2, "topic:chaos": 2,
	} {
		if got := ask(t, ix, Request{Query: Parse(query), Exact: true}).Total; got != want {
			t.Errorf("%s finds %d, want %d", query, got, want)
		}
	}
}

func TestFacetsMirrorTheQuery(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	facets := map[string][]FacetValue{}
	for _, f := range ask(t, ix, Request{Query: Parse("year:2018 kind:keynote"), Facets: true}).Facets {
		facets[f.Name] = f.Values
	}
	// Of years all are shown that the other demands leave, since a second can be chosen.
	want := map[string][]FacetValue{
		"year":    {{"2018", "2018", 1, true}},
		"series":  {{"Crash Days", "Crash Days", 1, false}},
		"edition": {{"crash/2018", "Crash Days", 1, false}},
		"speaker": {{"Björn Åkesson", "Björn Åkesson", 1, false}},
		"affil":   {{"Kungliga Verkstan", "Kungliga Verkstan", 1, false}},
		"topic":   {{"chaos", "chaos", 1, false}, {"kubernetes", "kubernetes", 1, false}},
		"kind":    {{"keynote", "keynote", 1, true}, {"talk", "talk", 1, false}},
		"lang":    {{"en", "English", 1, false}},
		"has":     {{"abstract", "abstract", 1, false}, {"video", "video", 1, false}},
	}
	if diff := cmp.Diff(want, facets); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, f := range ask(t, ix, Request{Facets: true}).Facets {
		for _, v := range f.Values {
			q := Query{}.With(f.Name, v.Value)
			if got := ask(t, ix, Request{Query: Parse(q.String())}).Total; got != v.Count {
				t.Errorf("%s finds %d talks, the facet counts %d", q, got, v.Count)
			}
		}
	}
}

func TestSortingAndPaging(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(300))
	ix := open(t, feed)
	for _, sort := range []Sort{ByRelevance, ByNewest, ByOldest} {
		whole := ask(t, ix, Request{Query: Parse("measuring clocks"), Limit: 1000, Sort: sort})
		var paged []Hit
		for offset := 0; offset < whole.Total; offset += 7 {
			paged = append(paged, ask(t, ix, Request{Query: Parse("measuring clocks"), Limit: 7, Offset: offset, Sort: sort}).Hits...)
		}
		if diff := cmp.Diff(whole.Hits, paged); diff != "" {
			t.Errorf("%s: pages differ from the whole:\n%.1500s", sort, diff)
		}
		years := []string{}
		for _, h := range whole.Hits {
			years = append(years, strings.Split(string(h.Talk), "/")[1])
		}
		if sort == ByNewest && !slices.IsSortedFunc(years, func(a, b string) int { return strings.Compare(b, a) }) {
			t.Errorf("newest first: %v", years)
		}
		if sort == ByOldest && !slices.IsSorted(years) {
			t.Errorf("oldest first: %v", years)
		}
	}
	if got := ask(t, ix, Request{Query: Parse("clocks"), Offset: 10_000}); len(got.Hits) != 0 || got.Total == 0 {
		t.Errorf("behind the end: %d hits of %d", len(got.Hits), got.Total)
	}
}

func TestSuggest(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	for typed, want := range map[string][]Suggestion{
		"": nil, "k": nil,
		"break":  {{Kind: SuggestTalk, Text: "Breaking clusters on purpose", ID: "crash/2018/breaking-clusters", More: "Björn Åkesson · Crash Days"}},
		"akes":   {{Kind: SuggestQuery, Text: `speaker:"Björn Åkesson"`}, {Kind: SuggestTalk, Text: "Breaking clusters on purpose", ID: "crash/2018/breaking-clusters", More: "Björn Åkesson · Crash Days"}},
		"superv": {{Kind: SuggestTopic, Text: "supervision", ID: "supervision"}},
	} {
		got, err := ix.Suggest(t.Context(), typed, 8)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed, diff)
		}
	}
}

func TestRelatedNamesItsReason(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	feed.fill(library())
	ix := learned(t, open(t, feed))
	got, err := ix.Related(t.Context(), "lib/2015/cache-one", 1)
	must(t, err)
	for i := range got {
		got[i].Score = 0
	}
	want := []Related{{Talk: "lib/2016/cache-two", Words: []string{"caches", "stale", "invalidation", "invalidate"}}}
	if len(got) == 1 && len(got[0].Words) > 0 {
		want[0].Words = got[0].Words
		if !slices.Contains(got[0].Words, "caches") && !slices.Contains(got[0].Words, "cache") {
			t.Errorf("shared words: %v", got[0].Words)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := ix.Related(t.Context(), "lib/2015/nobody", 3); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("of an unknown talk: %v", err)
	}
}

func TestSynonymsOfTheOrganizer(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, SynonymsFile), "# our own\nriverbank, embankment # by the water\n")
	feed := &memory{}
	e := sample()[0]
	e.Abstract = "We sat on the embankment."
	feed.put(e)
	ix := openDir(t, filepath.Join(dir, "index"), feed)
	catchUp(t, ix)
	if diff := cmp.Diff([]archive.TalkID{e.ID}, find(t, ix, "riverbank")); diff != "" {
		t.Error(diff)
	}
	write(t, filepath.Join(dir, SynonymsFile), "two words, one\n")
	_, err := Open(context.Background(), filepath.Join(dir, "other"), feed)
	if err == nil || !strings.Contains(err.Error(), `line 1: "two words" is not one word`) {
		t.Errorf("a bad file: %v", err)
	}
}

func TestPositionsSurvivePacking(t *testing.T) {
	for _, positions := range [][]int{
		{1}, {127}, {128}, {16_000}, {1, 2, 3}, {5, 900, 20_000, 20_001}, {1, 130, 260, 390, 520, 650},
		func() (p []int) {
			for i := range 60 {
				p = append(p, 1+i*i)
			}
			return p
		}(),
	} {
		var got []int
		for _, number := range pack(positions) {
			last := 0
			if len(got) > 0 {
				last = got[len(got)-1]
			}
			got = unpack(got, number, last)
			if count(number) != min(len(positions), maxCount) {
				t.Errorf("count of %v is %d", positions, count(number))
			}
		}
		if diff := cmp.Diff(positions, got); diff != "" {
			t.Errorf("(-in +out):\n%s", diff)
		}
	}
}

func TestPhrasesInLongTexts(t *testing.T) {
	words := make([]string, 0, 3000)
	for i := range 1000 {
		words = append(words, "the", "word"+strconv.Itoa(i%400), "of")
	}
	e := sample()[0]
	e.Abstract = strings.Join(words, " ") + " golden hinge of the matter"
	feed := &memory{}
	feed.put(e)
	ix := open(t, feed)
	for query, want := range map[string]int{
		`"golden hinge"`: 1, `"hinge golden"`: 0, `"word12 of the word13"`: 1, `"word13 of the word12"`: 0, `"of the word399 of the word0"`: 1,
	} {
		if got := ask(t, ix, Request{Query: Parse(query)}).Total; got != want {
			t.Errorf("%s found %d, want %d", query, got, want)
		}
	}
}

// Who remembers words of a title remembers its rare ones.
func TestTitleWithARarerWordComesBehind(t *testing.T) {
	t.Parallel()
	var entries []archive.Entry
	title := func(year int, title string) {
		e := archive.Entry{SeriesName: "Some", EditionYear: year, EditionLanguage: "en"}
		e.ID, e.Title = archive.TalkID(fmt.Sprintf("some/%d/t%d", year, len(entries))), title
		entries = append(entries, e)
	}
	title(2010, "Worker queues for Django")
	title(2020, "Worker queues for Thumbor")
	title(2020, "Worker queues for Celery")
	for i := range 20 {
		title(2000, fmt.Sprintf("Part %d of Django", i))
	}
	feed := &memory{}
	feed.fill(entries)
	got := find(t, open(t, feed), "queues worker")
	if len(got) != 3 || got[0] != "some/2010/t0" {
		t.Errorf("found %v", got)
	}
}

// Of two titles that say most of a few words the one comes first whose talk has the
// other one, too, though it is longer.
func TestTalkThatHasAllWordsComesFirst(t *testing.T) {
	t.Parallel()
	var entries []archive.Entry
	talk := func(title, abstract string) {
		e := archive.Entry{SeriesName: "Some", EditionYear: 2000, EditionLanguage: "en"}
		e.ID, e.Title, e.Abstract = archive.TalkID(fmt.Sprintf("some/2000/t%d", len(entries))), title, abstract
		entries = append(entries, e)
	}
	talk("Worker queues for Thumbor", "How we came to have them, and what we would do otherwise.")
	talk("Worker queues for Thumbor: tips", "How we came to have them, what their latency is, which latency is too much, and what we would do otherwise.")
	for i := range 5 {
		talk(fmt.Sprintf("Section %d", i), "On latency.")
	}
	for i := range 20 {
		talk(fmt.Sprintf("Part %d", i), "On letters.")
	}
	feed := &memory{}
	feed.fill(entries)
	got := find(t, open(t, feed), "thumbor worker queues latency")
	if len(got) < 2 || got[0] != "some/2000/t1" || got[1] != "some/2000/t0" {
		t.Errorf("found %v", got)
	}
}
