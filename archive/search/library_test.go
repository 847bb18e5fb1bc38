package search

import "rostrum/archive"

// library is a second small archive of our own writing, with talks that are
// near each other, to judge the order of what is found.
func library() []archive.Entry {
	talk := func(id, title, speaker, abstract string, topics ...string) archive.Entry {
		e := archive.Entry{SeriesName: "Library", EditionTitle: "Library Days", EditionLanguage: "en"}
		e.ID, e.Kind, e.Title, e.Abstract, e.Topics, e.Language = archive.TalkID(id), archive.KindTalk, title, abstract, topics, "en"
		e.EditionYear = int(id[4]-'0')*1000 + int(id[5]-'0')*100 + int(id[6]-'0')*10 + int(id[7]-'0')
		e.Speakers = []archive.Credit{{Name: speaker}}
		return e
	}
	return []archive.Entry{
		talk("lib/2015/cache-one", "Caches that forget", "Maren Holt", "When to invalidate a cache, and how stale answers come about. Three ways of invalidation are compared.", "caching"),
		talk("lib/2016/cache-two", "Stale is fine", "Ottilie Brandt", "A cache may answer with stale values while it fetches new ones. We show how invalidation was made cheap.", "caching"),
		talk("lib/2016/locks", "Locks considered slowly", "Maren Holt", "Mutexes, queues and the price of waiting. A cache line bounces between cores.", "concurrency"),
		talk("lib/2017/trees", "Trees on disk", "Piet Vos", "How a database keeps its pages sorted: B-trees, logs and the merging of both.", "databases", "storage"),
		talk("lib/2017/logs", "The log is the database", "Ida Lund", "Every change is appended to a log; tables are views of it. Replaying brings back any moment.", "databases", "logging"),
		talk("lib/2018/tracing", "Following a request", "Samuel Okafor", "Distributed tracing shows where time goes between services. We add spans to an old system.", "observability"),
		talk("lib/2018/metrics", "Numbers that matter", "Samuel Okafor", "Most dashboards are noise. We keep four metrics for each service and alert on two.", "observability", "monitoring"),
		talk("lib/2018/typing", "Gradual typing in a large code base", "Hanne Vik", "Adding type hints to a million lines of Python without stopping the world.", "python", "types"),
		talk("lib/2019/types", "Types tell stories", "Luca Ferri", "What a good type says to the reader. Examples in several languages.", "types"),
		talk("lib/2019/fuzz", "Fuzzing the parser", "Ida Lund", "Random inputs find what tests do not think of. A parser for dates is broken eleven times.", "testing"),
		talk("lib/2019/property", "Property tests for the rest of us", "João Conceição", "Writing down what always holds, and letting the machine look for exceptions.", "testing"),
		talk("lib/2020/garden", "A garden of forking processes", "Joe Strongarm", "Isolated processes make failure local. A tour from telephone switches to today.", "erlang"),
		talk("lib/2020/colour", "The colour of functions", "Luca Ferri", "Asynchronous functions infect their callers. Is there another behaviour to be had?", "concurrency"),
		talk("lib/2021/search", "Searching without a search engine", "Piet Vos", "An inverted index from nothing: tokens, postings, ranking, and why stemming hurts sometimes.", "search"),
		talk("lib/2021/spell", "Did you mean", "Hanne Vik", "Correcting typing errors with automata over a dictionary of words.", "search"),
		talk("lib/2022/review", "Reviewing code kindly", "Maren Holt", "How to say that something is wrong. Checklists, questions, and when to talk instead.", "people"),
		talk("lib/2022/deploy", "Deploying on Fridays", "Ottilie Brandt", "Small changes, quick rollbacks and feature flags let us release every day, Fridays too.", "operations"),
		talk("lib/2023/locks-two", "Lock-free is not wait-free", "Samuel Okafor", "What the words mean, and a queue that is one but not the other.", "concurrency"),
	}
}

// question is a query and the talk that whoever asks it wants.
type question struct {
	query string
	want  archive.TalkID
}

func questions() []question {
	return []question{
		{"cache invalidation", "lib/2015/cache-one"},
		{"stale cache", "lib/2016/cache-two"},
		{"stale is fine", "lib/2016/cache-two"},
		{"maren holt locks", "lib/2016/locks"},
		{"lock free queue", "lib/2023/locks-two"},
		{"b-tree", "lib/2017/trees"},
		{"btree database", "lib/2017/trees"},
		{"append only log", "lib/2017/logs"},
		{"distributed tracing", "lib/2018/tracing"},
		{"okafor metrics", "lib/2018/metrics"},
		{"type hints python", "lib/2018/typing"},
		{"types stories", "lib/2019/types"},
		{"fuzzing", "lib/2019/fuzz"},
		{"conceicao property", "lib/2019/property"},
		{"joe strongarm processes", "lib/2020/garden"},
		{"let it fall", "crash/2017/let-it-fall"},
		{"color functions", "lib/2020/colour"},
		{"async behavior", "lib/2020/colour"},
		{"inverted index ranking", "lib/2021/search"},
		{"correct typos dictionary", "lib/2021/spell"},
		{"code review", "lib/2022/review"},
		{"friday deployment", "lib/2022/deploy"},
		{"supervision tree", "crash/2017/let-it-fall"},
		{"chaos kubernetes", "crash/2018/breaking-clusters"},
		{"störningar tjänster", "crash/2019/storningar"},
		{"festplatten", "crash/2018/datenbanken"},
		{"データベース", "crash/2019/shougai"},
	}
}
