package search

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Query{
		"":         {},
		"  \t ":    {},
		"let fall": {Parts: []Node{Word{"let"}, Word{"fall"}}},
		`"let it"`: {Parts: []Node{Phrase{"let it"}}},
		"“let it”": {Parts: []Node{Phrase{"let it"}}},
		"a -b":     {Parts: []Node{Word{"a"}, Not{Word{"b"}}}},
		"a - b":    {Parts: []Node{Word{"a"}, Word{"b"}}},
		"--b":      {Parts: []Node{Word{"b"}}},
		"a|b c":    {Parts: []Node{Or{[]Node{Word{"a"}, Word{"b"}}}, Word{"c"}}},
		"a | b":    {Parts: []Node{Or{[]Node{Word{"a"}, Word{"b"}}}}},
		"(a b)|c":  {Parts: []Node{Or{[]Node{And{[]Node{Word{"a"}, Word{"b"}}}, Word{"c"}}}}},
		"(a)":      {Parts: []Node{Word{"a"}}},
		"a|b|a":    {Parts: []Node{Or{[]Node{Word{"a"}, Word{"b"}}}}},
		"a|a":      {Parts: []Node{Word{"a"}}},
		"kube*":    {Parts: []Node{Prefix{"kube"}}},
		"speaker:joe year:2017..2019": {Parts: []Node{
			In{"speaker", []Node{Word{"joe"}}}, In{"year", []Node{Word{"2017..2019"}}}}},
		`by:"Joe S" topic:(a|"b c"|de*)`: {Parts: []Node{
			In{"speaker", []Node{Phrase{"Joe S"}}}, In{"topic", []Node{Word{"a"}, Phrase{"b c"}, Prefix{"de"}}}}},
		"topic:(a|b|a)|b":  {Parts: []Node{In{"topic", []Node{Word{"a"}, Word{"b"}}}}},
		"-kind:keynote":    {Parts: []Node{Not{In{"kind", []Node{Word{"keynote"}}}}}},
		"edition:chaos/17": {Parts: []Node{In{"edition", []Node{Word{"chaos/17"}}}}},
		"c++ node.js":      {Parts: []Node{Word{"c++"}, Word{"node.js"}}},
		"http://x.org":     {Parts: []Node{Word{"http://x.org"}}},
		`a "b`: {Parts: []Node{Word{"a"}, Phrase{"b"}},
			Hints: []Hint{{`"`, HintOpenQuotation, nil}}},
		"(a b": {Parts: []Node{And{[]Node{Word{"a"}, Word{"b"}}}},
			Hints: []Hint{{"(", HintNeverClosed, nil}}},
		"a) b": {Parts: []Node{Word{"a"}, Word{"b"}},
			Hints: []Hint{{")", HintNeverOpened, nil}}},
		"a|": {Parts: []Node{Word{"a"}},
			Hints: []Hint{{"|", HintNothingBehind, nil}}},
		"year:abc": {Parts: []Node{In{"year", []Node{Word{"abc"}}}},
			Hints: []Hint{{"year:abc", HintNoYear, []any{"year:2017, year:2017..2019, year:2017.., year:..2019"}}}},
		"has: x": {Parts: []Node{Word{"x"}},
			Hints: []Hint{{"has:", HintNoValue, []any{"has:slides"}}}},
		"spaeker:joe": {Parts: []Node{Word{"spaeker:joe"}},
			Hints: []Hint{{"spaeker:", HintNoField, []any{"title, speaker, affil, topic, abstract, slides, series, edition, year, lang, kind, has"}}}},
		"(":                   {Hints: []Hint{{"(", HintNeverClosed, nil}, {"(", HintNothing, nil}}},
		"🎉":                   {Hints: []Hint{{"🎉", HintNothing, nil}}},
		"a AND b":             {Parts: []Node{Phrase{"a"}, Phrase{"b"}}},
		"a OR b c":            {Parts: []Node{Or{[]Node{Word{"a"}, Word{"b"}}}, Word{"c"}}},
		"a OR b OR -c":        {Parts: []Node{Or{[]Node{Word{"a"}, Word{"b"}}}}, Hints: []Hint{{"OR -c", HintNoChoice, nil}}},
		"a NOT b":             {Parts: []Node{Word{"a"}, Not{Word{"b"}}}},
		"NOT (a b)":           {Parts: []Node{Not{And{[]Node{Word{"a"}, Word{"b"}}}}}},
		"a OR":                {Parts: []Node{Word{"a"}, Word{"or"}}},
		"OR a":                {Parts: []Node{Word{"or"}, Word{"a"}}},
		"TO BE OR NOT TO":     {Parts: []Node{Word{"TO"}, Word{"BE"}, Word{"or"}, Word{"not"}, Word{"TO"}}},
		"title:(a OR b)":      {Parts: []Node{In{"title", []Node{Word{"a"}, Word{"b"}}}}},
		"+a c++ ++d":          {Parts: []Node{Phrase{"a"}, Word{"c++"}, Word{"++d"}}},
		"a −b":                {Parts: []Node{Word{"a"}, Not{Word{"b"}}}},
		"year:2017|year:2019": {Parts: []Node{In{"year", []Node{Word{"2017"}, Word{"2019"}}}}},
		"year:2017|2019 a":    {Parts: []Node{In{"year", []Node{Word{"2017"}, Word{"2019"}}}, Word{"a"}}},
		"topic:a|\"b c\"|de*": {Parts: []Node{In{"topic", []Node{Word{"a"}, Phrase{"b c"}, Prefix{"de"}}}}},
		"topic:a | b":         {Parts: []Node{Or{[]Node{In{"topic", []Node{Word{"a"}}}, Word{"b"}}}}},
		"year:2017|x": {Parts: []Node{In{"year", []Node{Word{"2017"}, Word{"x"}}}},
			Hints: []Hint{{"year:x", HintNoYear, []any{"year:2017, year:2017..2019, year:2017.., year:..2019"}}}},
		"year:2017|lang:sv": {Parts: []Node{Or{[]Node{In{"year", []Node{Word{"2017"}}}, In{"lang", []Node{Word{"sv"}}}}}}},
		"\u202ea\u200bb":    {Parts: []Node{Word{"a"}, Word{"b"}}},
		"a|-b": {Parts: []Node{Word{"a"}},
			Hints: []Hint{{"a|-b", HintNoChoice, nil}}},
	} {
		if diff := cmp.Diff(want, Parse(text)); diff != "" {
			t.Errorf("Parse(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func TestQueryPrintsItself(t *testing.T) {
	tokens := []string{"title:", "(", ")", "|", "-", `"`, "*", "a", " ", "b", "topic:", ":", "year:2017", "é", "日本", " OR ", " AND ", "NOT ", "+", "OR", "title:OR"}
	rng := rand.New(rand.NewPCG(7, 11))
	for range 5_000 {
		var b strings.Builder
		some := tokens[rng.IntN(9):]
		for range 1 + rng.IntN(100) {
			b.WriteString(some[rng.IntN(len(some))])
		}
		q := Parse(b.String())
		printed := q.String()
		if diff := cmp.Diff(q.Parts, Parse(printed).Parts); diff != "" && len(printed) <= MaxQuery {
			t.Fatalf("%q prints itself as %q, which is read as (-first +second):\n%s", b.String(), printed, diff)
		}
	}
}

func TestParseTakesNoTime(t *testing.T) {
	for _, part := range []string{"title:(", "(", "-(", `"`, "a|", "-", "title:", "(a|", "topic:(-"} {
		text := strings.Repeat(part, MaxQuery/len(part))
		began := time.Now()
		Parse(text)
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s and so on took %v", part, took)
		}
	}
}

func TestQueryChoosesValues(t *testing.T) {
	q := Parse("erlang year:2017")
	for _, c := range []struct{ field, value, want string }{
		{"year", "2018", "erlang year:(2017|2018)"},
		{"speaker", "Joe Strongarm", `erlang year:2017 speaker:"Joe Strongarm"`},
		{"edition", "crash/2017", "erlang year:2017 edition:crash/2017"},
		{"topic", "chaos", `erlang year:2017 topic:"chaos"`},
	} {
		with := q.With(c.field, c.value)
		if diff := cmp.Diff(c.want, with.String()); diff != "" {
			t.Errorf("with %s %s (-want +got):\n%s", c.field, c.value, diff)
		}
		if diff := cmp.Diff(with, Parse(with.String())); diff != "" {
			t.Errorf("%s read back:\n%s", with, diff)
		}
		if diff := cmp.Diff(q.String(), with.Without(c.field, c.value).String()); diff != "" {
			t.Errorf("without %s %s again:\n%s", c.field, c.value, diff)
		}
	}
}

// A choice in a facet does something also where the query says it otherwise.
func TestQueryChoosesAmongWhatStandsThere(t *testing.T) {
	for _, c := range []struct{ query, with, field, value, want string }{
		{"erlang year:2017..2019", "+", "year", "2018", "erlang year:2018"},
		{"erlang year:2017..2019", "+", "year", "2021", "erlang year:(2017..2019|2021)"},
		{"erlang year:2017..2019", "-", "year", "2018", "erlang"},
		{"series:(crash|other) x", "-", "series", "Crash Days", "series:other x"},
		{"speaker:j* x", "-", "speaker", "Joe Strongarm", "x"},
		{"speaker:strongarm x", "-", "speaker", "Joe Strongarm", "x"},
		{"speaker:strongarm x", "-", "speaker", "Bo Ek", "speaker:strongarm x"},
	} {
		got := Parse(c.query).With(c.field, c.value)
		if c.with == "-" {
			got = Parse(c.query).Without(c.field, c.value)
		}
		if diff := cmp.Diff(c.want, got.String()); diff != "" {
			t.Errorf("%s %s %s:%s (-want +got):\n%s", c.query, c.with, c.field, c.value, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`a "b c" -d (e|f g)|h* title:x year:2017..2019`, `speaker:("a"|b*) -kind:talk`, `-(a b)|c`, `((((`, `a:b:c "`, "-", "--", "-*", "a|-b|(c", "title:-x", "*", `x"y"z`,
		"topic:(a -b|(c d))", "日本語|(한국어 ру)", "a\x00b\xff", "(-a)|b", "((a b) c)|d", "-(-a)", "-(a|b)", "title:(a b)", "a -|b", "lang:*",
		"a OR b AND NOT c", "title:OR|title:x", "a OR (b OR", "+a +\"b\" ++", "OR*", "a OR -b OR c", "x year:1|year:2|(lang:a)", "-NOT a", "a|OR b", "year:1|2 | 3", "title:a|b|title:c|-d|e", "(title:a|b)|c", "-(title:a | b)", "title:(a|b)|c", "NOT -a",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := Parse(text)
		printed := q.String()
		again := Parse(printed)
		if len(printed) > MaxQuery {
			return // what was left out of the first is left out once more
		}
		if diff := cmp.Diff(q.Parts, again.Parts); diff != "" {
			t.Fatalf("%q prints itself as %q, which is read as (-first +second):\n%s", text, printed, diff)
		}
	})
}
