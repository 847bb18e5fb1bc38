package search

import (
	"strings"
	"testing"
)

// Names that were asked for behind a field are marked in values of the field
// that have all of it, as they were found; other texts are left alone.
func TestNamesAskedForAreMarked(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	for _, c := range []struct {
		query string
		field Field
		value string
		want  string
	}{
		{"speaker:strongarm", FieldSpeaker, "Joe Strongarm", "Joe [Strongarm]"},
		{`speaker:"joe strongarm"`, FieldSpeaker, "Joe Strongarm", "[Joe Strongarm]"},
		{`speaker:"Joe Strongarm"`, FieldSpeaker, "Joe Weak", "Joe Weak"},
		{`speaker:"J. Strongarm"`, FieldSpeaker, "Joe Strongarm", "[Joe Strongarm]"},
		{`speaker:"Müller, Jörg"`, FieldSpeaker, "Jörg Müller", "[Jörg Müller]"},
		{"speaker:mueller", FieldSpeaker, "Jörg Müller", "Jörg [Müller]"},
		{"speaker:muller", FieldSpeaker, "Joerg Mueller", "Joerg Mueller"},
		{"speaker:strong*", FieldSpeaker, "Joe Strongarm", "Joe [Strongarm]"},
		{"speaker:strong", FieldSpeaker, "Joe Strongarm", "Joe Strongarm"},
		{"speaker:山田太郎", FieldSpeaker, "山田太郎", "[山田太郎]"},
		{"affil:labs", FieldAffil, "Riverside Labs", "Riverside [Labs]"},
		{"topic:chaos|topic:erlang", FieldTopic, "Erlang", "[Erlang]"},
		{"supervisors|topic:erlang", FieldTopic, "Erlang", "[Erlang]"},
		{"topic:erlang", FieldSpeaker, "Erlang", "Erlang"},
		{"-topic:erlang", FieldTopic, "Erlang", "Erlang"},
		{"erlang topic:supervision", FieldTopic, "Erlang supervision", "[Erlang supervision]"},
	} {
		m, err := ix.Marker(Parse(c.query))
		must(t, err)
		if got := bracketed(c.value, m.MarksIn(c.field, c.value)); got != c.want {
			t.Errorf("%s marks %s, want %s", c.query, got, c.want)
		}
		if _, words, _ := strings.Cut(c.query, " "); words == "" && len(m.Marks("Joe Strongarm of Riverside Labs on Erlang")) > 0 {
			t.Errorf("%s marks other texts", c.query)
		}
	}
}

// bracketed is a text with its marks in brackets.
func bracketed(text string, marks [][2]int) string {
	var b strings.Builder
	at := 0
	for _, m := range marks {
		b.WriteString(text[at:m[0]] + "[" + text[m[0]:m[1]] + "]")
		at = m[1]
	}
	return b.String() + text[at:]
}
