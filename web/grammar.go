package web

import "fmt"

// QueryGroup is a part of the query language, shown by examples.
type QueryGroup struct {
	Name string
	Rows []QueryExample
}

// QueryExample is a query and, after "talks", what it finds.
type QueryExample struct{ Query, Text string }

// queryLanguage explains the query language in a visitor's language.
func queryLanguage(l *locale) []QueryGroup {
	row := func(query, key string) QueryExample { return QueryExample{Query: query, Text: l.text("help." + key)} }
	return []QueryGroup{
		{Name: l.text("help.group.words"), Rows: []QueryExample{
			row("chaos engineering", "words"), row(`"let it crash"`, "phrase"), row("testing -unit", "not"), row("erlang|elixir", "or"),
			row("testing (mutation|property)", "group"), row("kube*", "prefix"),
		}},
		{Name: l.text("help.group.fields"), Rows: []QueryExample{
			row("speaker:armstrong", "speaker"), row("affil:kth", "affil"), row("title:chaos", "title.field"), row("abstract:production", "abstract"),
			row(`slides:"failure injection"`, "slides"),
		}},
		{Name: l.text("help.group.filters"), Rows: []QueryExample{
			row("topic:testing", "topic"), row("series:chaos-day", "series"), row("edition:chaos-day/2017", "edition"), row("year:2017..2019", "year"), row("lang:sv", "lang"), row("kind:keynote", "kind"), row("has:slides", "has"),
		}},
	}
}

// QueryLanguage explains the query language in English, in the words of the
// help page, for where there is no page.
func QueryLanguage() ([]QueryGroup, error) {
	all, err := loadLocales(files)
	if err != nil {
		return nil, fmt.Errorf("explain the query language: %w", err)
	}
	return queryLanguage(all.named("en")), nil
}
