package archive_test

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rostrum/archive"
)

type labelled struct {
	line string
	same bool
	a, b archive.PersonTraits
}

// labelledPeople reads a file of pairs.
func labelledPeople(t testing.TB, file string) []labelled {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	var list []labelled
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 6 || cells[0] != "same" && cells[0] != "different" {
			t.Fatalf("people.tsv: %q", line)
		}
		l := labelled{line: line, same: cells[0] == "same", a: traits("a", cells[1], cells[2]), b: traits("b", cells[3], cells[4])}
		for what := range strings.SplitSeq(cells[5], ",") {
			l.know(t, what)
		}
		list = append(list, l)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func traits(id archive.PersonID, name, affiliation string) archive.PersonTraits {
	p := archive.PersonTraits{
		ID: id, Names: []string{name}, Talks: []archive.TalkID{archive.TalkID("talk-" + id)}, Series: []archive.SeriesID{archive.SeriesID("series-" + id)},
		Editions: []archive.EditionID{archive.EditionID("edition-" + id)}, FirstYear: 2015, LastYear: 2016,
	}
	if affiliation != "" {
		p.Affiliations = []string{affiliation}
	}
	return p
}

func (l *labelled) know(t testing.TB, what string) {
	key, value, _ := strings.Cut(what, "=")
	switch key {
	case "":
	case "series":
		l.b.Series = l.a.Series
	case "edition":
		l.b.Series, l.b.Editions = l.a.Series, l.a.Editions
	case "talk":
		l.b.Talks = l.a.Talks
	case "with":
		l.a.With, l.b.With = []archive.PersonID{"c"}, []archive.PersonID{"c"}
	case "years":
		var a, b int
		if _, err := fmt.Sscanf(value, "%d-%d", &a, &b); err != nil {
			t.Fatal(err)
		}
		l.a.FirstYear, l.a.LastYear, l.b.FirstYear, l.b.LastYear = a, a, b, b
	case "url":
		a, b, two := strings.Cut(value, "|")
		if !two {
			b = a
		}
		l.a.URLs, l.b.URLs = []string{a}, []string{b}
	default:
		t.Fatalf("people.tsv: %q", what)
	}
}

// Merging unseen must not err, and what may be one human should be proposed.
// The figures are lower bounds: raise them when they rise.
func TestLabelledPeople(t *testing.T) {
	for file, least := range map[string][2]float64{"people.tsv": {0.99, 0.98}, "people-more.tsv": {0.99, 0.95}} {
		t.Run(file, func(t *testing.T) { measurePeople(t, labelledPeople(t, file), least) })
	}
}

func measurePeople(t *testing.T, pairs []labelled, least [2]float64) {
	t.Helper()
	var merged, mergedRight, proposed, proposedRight, same int
	for _, l := range pairs {
		p := archive.ProposePeople([]archive.PersonTraits{l.a, l.b}, func(_, _ archive.PersonID) bool { return false })
		score := 0.0
		if len(p) > 0 {
			score = p[0].Score
		}
		if l.same {
			same++
		}
		if score >= archive.ProposeAt {
			proposed++
			if l.same {
				proposedRight++
			}
		}
		if score >= archive.MergeAt {
			merged++
			if l.same {
				mergedRight++
			} else {
				t.Errorf("would be merged unseen: %s", l.line)
			}
		}
		if (score >= archive.ProposeAt) != l.same {
			t.Logf("%.2f %s (%v)", score, l.line, archive.ComparePeople(l.a, l.b))
		}
	}
	precision, recall := float64(proposedRight)/float64(proposed), float64(proposedRight)/float64(same)
	t.Logf("%d one human; proposed %d: precision %.3f, recall %.3f; merged unseen %d, %d rightly", same, proposed, precision, recall, merged, mergedRight)
	if precision < least[0] || recall < least[1] {
		t.Errorf("precision %.3f, recall %.3f", precision, recall)
	}
}

// What two equal names mean when a programme is taken: one person only where
// nothing speaks against it.
func TestLabelledCredits(t *testing.T) {
	wrong := 0
	for _, l := range slices.Concat(labelledPeople(t, "people.tsv"), labelledPeople(t, "people-more.tsv")) {
		if archive.NameKey(l.a.Names[0]) != archive.NameKey(l.b.Names[0]) {
			continue
		}
		first := func(list []string) string {
			if len(list) == 0 {
				return ""
			}
			return list[0]
		}
		printed := archive.Printed{
			Name: l.a.Names[0], Affiliation: first(l.a.Affiliations), URL: first(l.a.URLs), SameTalk: l.a.Talks[0] == l.b.Talks[0],
			SameEdition: l.a.Editions[0] == l.b.Editions[0], SameSeries: l.a.Series[0] == l.b.Series[0],
		}
		c := archive.Credit{Name: l.b.Names[0], Affiliation: first(l.b.Affiliations), URL: first(l.b.URLs)}
		if got := archive.ChoosePerson(c, [][]archive.Printed{{printed}}) == 0; got != l.same {
			wrong++
			if got {
				t.Errorf("taken for one: %s", l.line)
			} else {
				t.Logf("left apart: %s", l.line)
			}
		}
	}
	if wrong > 1 {
		t.Errorf("%d wrong", wrong)
	}
}

// A name that thousands bear does not make a list that nobody can read, nor a
// run that nobody can wait for.
func TestManyOfOneName(t *testing.T) {
	var people []archive.PersonTraits
	for i := range 3000 {
		people = append(people, archive.PersonTraits{ID: archive.PersonID("p" + strconv.Itoa(i)), Names: []string{"Wei Zhang"}})
	}
	if list := archive.ProposePeople(people, func(_, _ archive.PersonID) bool { return false }); len(list) > 0 {
		t.Errorf("%d proposals", len(list))
	}
}
