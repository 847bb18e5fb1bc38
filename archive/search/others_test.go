package search

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// BenchmarkOtherCollections stands in for collections that are not at hand. It
// makes some of those that are: documents without titles or without abstracts,
// short and long ones, few and many, queries of one word and of a paragraph,
// talks asked for by a sentence of theirs or by a topic that was taken from
// them, in English and other languages. Ours beside FTS5 and bleve on each:
// what is good on two collections alone would show here.
//
//	go test -run '^$' -bench OtherCollections -benchtime 1x ./archive/search
//
// With ONLY=part-of-a-name it asks fewer.
func BenchmarkOtherCollections(t *testing.B) {
	fmt.Printf("%-34s %6s %5s  %-22s %-22s %-22s\n", "nDCG@10 / R@100", "talks", "asked", "ours", "FTS5 porter bm25(2,1)", "bleve default")
	for _, c := range standIns(t) {
		t.Run(c.name, func(t *testing.B) {
			feed := &memory{}
			feed.fill(c.entries)
			own := judge(t, learned(t, open(t, feed)), c.queries)
			fts5, bleve := judgeRanking(c.queries, fts5Ranker(t, c)), judgeRanking(c.queries, bleveRanker(t, c))
			short := func(s scores) string { return fmt.Sprintf("%.4f / %.4f", s.ndcg10, s.recall100) }
			fmt.Printf("%-34s %6d %5d  %-22s %-22s %-22s\n", c.name, len(c.entries), len(c.queries), short(own), short(fts5), short(bleve))
			if most := max(fts5.ndcg10, bleve.ndcg10); own.ndcg10 < most {
				t.Errorf("a peer ranks better: nDCG@10 %.4f, ours %.4f", most, own.ndcg10)
			}
		})
	}
}

// standIns are made of the collections at hand, from one seed.
func standIns(t testing.TB) []collection {
	var out []collection
	talks := loadProgrammes(t, shared(t, "talks", "pyvideo.jsonl.gz"))
	folders, err := filepath.Glob(filepath.Join(shared(t, "ir"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		out = append(out, bent(loadCollection(t, folder), talks)...)
	}
	out = append(out, talksByTitle(talks), talksBySentence(talks))
	out = append(out, talksByTopic(talks)...)
	out = append(out, talksInOtherLanguages(talks)...)
	return slices.DeleteFunc(out, func(c collection) bool { return !strings.Contains(c.name, os.Getenv("ONLY")) })
}

// bent returns a collection with its documents or its queries changed.
func bent(c collection, talks []archive.Entry) []collection {
	df := map[string]int{}
	for _, e := range c.entries {
		for _, w := range unique(fold.Words(e.Title + " " + e.Abstract)) {
			df[w]++
		}
	}
	documents := func(name string, change func(e *archive.Entry)) collection {
		out := collection{name: c.name + ", " + name, queries: c.queries, entries: slices.Clone(c.entries)}
		for i := range out.entries {
			change(&out.entries[i])
		}
		return out
	}
	queries := func(name string, change func(words []string) []string) collection {
		out := collection{name: c.name + ", " + name, entries: c.entries}
		for _, q := range c.queries {
			out.queries = append(out.queries, judged{strings.Join(change(strings.Fields(q.text)), " "), q.grades})
		}
		return out
	}
	return []collection{
		documents("titles alone", func(e *archive.Entry) { e.Abstract = "" }),
		documents("no titles", func(e *archive.Entry) { e.Title = firstWords(e.Abstract+" "+e.Title, 8) }),
		documents("title in the abstract too", func(e *archive.Entry) { e.Abstract = e.Title + "\n" + e.Abstract }),
		documents("20 words each", func(e *archive.Entry) { e.Abstract = firstWords(e.Abstract, 20) }),
		joined(c, 5),
		fewer(c, 250),
		among(c, talks, 6000),
		among(c, talks, len(talks)),
		queries("one word", func(words []string) []string { return rarestOf(words, df, 1) }),
		queries("two words", func(words []string) []string { return rarestOf(words, df, 2) }),
		queries("four words", func(words []string) []string { return rarestOf(words, df, 4) }),
		queries("a paragraph", func(words []string) []string {
			return strings.Fields("i am doing research and would like to know what has been published on this question " + strings.Join(words, " ") +
				" please find all documents which discuss or describe the subject in some detail papers that report new results are more useful than general surveys but an overview is relevant as well")
		}),
	}
}

func firstWords(text string, n int) string {
	words := strings.Fields(text)
	return strings.Join(words[:min(n, len(words))], " ")
}

// rarestOf returns the n words that fewest documents have, of those that some have, in order.
func rarestOf(words []string, df map[string]int, n int) []string {
	known := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return df[w] < 5 })
	if len(known) == 0 {
		known = words
	}
	rare := slices.Clone(known)
	slices.SortStableFunc(rare, func(a, b string) int { return df[a] - df[b] })
	rare = rare[:min(n, len(rare))]
	return slices.DeleteFunc(known, func(w string) bool { return !slices.Contains(rare, w) })
}

// joined makes one long document of each n; it is as relevant as the best of them.
func joined(c collection, n int) collection {
	out := collection{name: fmt.Sprintf("%s, %d in one", c.name, n)}
	home := map[archive.TalkID]archive.TalkID{}
	for part := range slices.Chunk(c.entries, n) {
		e := part[0]
		for i, other := range part {
			home[other.ID] = e.ID
			if i > 0 {
				e.Abstract += "\n" + other.Title + "\n" + other.Abstract
			}
		}
		out.entries = append(out.entries, e)
	}
	for _, q := range c.queries {
		grades := map[archive.TalkID]int{}
		for id, g := range q.grades {
			grades[home[id]] = max(grades[home[id]], g)
		}
		out.queries = append(out.queries, judged{q.text, grades})
	}
	return out
}

// fewer leaves n documents, and the queries that still have an answer.
func fewer(c collection, n int) collection {
	rng := rand.New(rand.NewPCG(7, 7))
	out := collection{name: fmt.Sprintf("%s, %d documents", c.name, n)}
	left := map[archive.TalkID]bool{}
	for _, i := range rng.Perm(len(c.entries))[:n] {
		out.entries = append(out.entries, c.entries[i])
		left[c.entries[i].ID] = true
	}
	for _, q := range c.queries {
		grades := map[archive.TalkID]int{}
		for id, g := range q.grades {
			if left[id] {
				grades[id] = g
			}
		}
		if len(grades) > 0 {
			out.queries = append(out.queries, judged{q.text, grades})
		}
	}
	return out
}

// among hides a collection among talks on other subjects.
func among(c collection, talks []archive.Entry, n int) collection {
	rng := rand.New(rand.NewPCG(8, 8))
	out := collection{name: fmt.Sprintf("%s, among %d talks", c.name, n), queries: c.queries, entries: slices.Clone(c.entries)}
	for _, i := range rng.Perm(len(talks))[:n] {
		out.entries = append(out.entries, bare(talks[i]))
	}
	return out
}

// bare leaves of a talk its title and abstract, which is all that the peers have.
func bare(e archive.Entry) archive.Entry {
	out := archive.Entry{SeriesName: "Talks", EditionTitle: "Talks", EditionYear: 2000, EditionLanguage: "en"}
	out.ID, out.Kind, out.Title, out.Abstract = e.ID, archive.KindTalk, e.Title, e.Abstract
	return out
}

func plainWords(text string) string {
	return strings.Join(regexp.MustCompile(`[\pL\pN_]+`).FindAllString(strings.ToLower(text), -1), " ")
}

// askable are talks of a language whose abstracts say something beside their titles.
func askable(talks []archive.Entry, lang string) []archive.Entry {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(talks), func(e archive.Entry) bool {
		title := fold.Key(e.Title)
		if e.Language != lang || seen[title] || len(e.Abstract) < 200 || len(fold.Words(e.Title)) < 3 || strings.Contains(fold.Key(e.Abstract), title) {
			return true
		}
		seen[title] = true
		return false
	})
}

// talksByTitle asks by a title for the abstract it was taken from.
func talksByTitle(talks []archive.Entry) collection {
	return titlesAsked("talks by title", askable(talks, "en"), 4000, 300)
}

func titlesAsked(name string, from []archive.Entry, n, ask int) collection {
	c := collection{name: name}
	for _, i := range rand.New(rand.NewPCG(9, 9)).Perm(len(from))[:min(n, len(from))] {
		e := bare(from[i])
		if len(c.queries) < ask {
			c.queries = append(c.queries, judged{plainWords(e.Title), map[archive.TalkID]int{e.ID: 1}})
		}
		e.Title = firstWords(e.Abstract, 8)
		c.entries = append(c.entries, e)
	}
	return c
}

// talksBySentence asks by the longest sentence of an abstract, which was cut out.
func talksBySentence(talks []archive.Entry) collection {
	c := collection{name: "talks by a sentence"}
	from := askable(talks, "en")
	for _, i := range rand.New(rand.NewPCG(10, 10)).Perm(len(from))[:4000] {
		e := bare(from[i])
		longest := ""
		for sentence := range strings.SplitSeq(e.Abstract, ". ") {
			if n := len(strings.Fields(sentence)); n <= 40 && n > len(strings.Fields(longest)) {
				longest = sentence
			}
		}
		if len(c.queries) < 300 && len(strings.Fields(longest)) >= 15 {
			e.Abstract = strings.Replace(e.Abstract, longest, "", 1)
			c.queries = append(c.queries, judged{plainWords(longest), map[archive.TalkID]int{e.ID: 1}})
		}
		c.entries = append(c.entries, e)
	}
	return c
}

// talksByTopic asks for the talks that had a topic, and for those that had two
// topics or more in common with one talk, by its words.
func talksByTopic(talks []archive.Entry) []collection {
	editions, having := map[string]map[string]bool{}, map[string]map[archive.TalkID]int{}
	topics := map[archive.TalkID][]string{}
	var entries []archive.Entry
	for _, e := range talks {
		if len(e.Topics) == 0 || e.Language != "en" {
			continue
		}
		entries = append(entries, bare(e))
		for _, topic := range e.Topics {
			key := fold.Key(topic)
			if editions[key] == nil {
				editions[key], having[key] = map[string]bool{}, map[archive.TalkID]int{}
			}
			editions[key][e.EditionTitle], having[key][e.ID] = true, 1
			topics[e.ID] = append(topics[e.ID], key)
		}
	}
	usual := regexp.MustCompile(`python|pycon|pydata|conf|talk|keynote|tutorial|session|track|^py`)
	good := func(key string) bool {
		return len(editions[key]) >= 4 && len(having[key]) >= 5 && len(having[key]) <= 120 && !usual.MatchString(key)
	}
	one := collection{name: "talks by topic", entries: entries}
	for _, key := range sortedKeys(having) {
		if good(key) {
			one.queries = append(one.queries, judged{key, having[key]})
		}
	}
	like := collection{name: "talks like one"}
	asked := map[archive.TalkID]bool{}
	for _, i := range rand.New(rand.NewPCG(11, 11)).Perm(len(entries)) {
		e := entries[i]
		grades := map[archive.TalkID]int{}
		for _, key := range topics[e.ID] {
			if good(key) {
				for id := range having[key] {
					grades[id]++
				}
			}
		}
		for id, n := range grades {
			if n < 2 || id == e.ID || asked[id] {
				delete(grades, id)
			}
		}
		if len(grades) >= 3 && len(e.Abstract) > 100 && len(like.queries) < 150 {
			asked[e.ID] = true
			like.queries = append(like.queries, judged{plainWords(e.Title + " " + firstWords(e.Abstract, 50)), grades})
		}
	}
	like.entries = slices.DeleteFunc(slices.Clone(entries), func(e archive.Entry) bool { return asked[e.ID] })
	return []collection{one, like}
}

func sortedKeys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// talksInOtherLanguages asks by titles in languages other than English: all in
// one archive, and some alone.
func talksInOtherLanguages(talks []archive.Entry) []collection {
	var all []archive.Entry
	var out []collection
	for _, lang := range []string{"es", "fr", "pt", "ru", "it", "ja", "de", "ko", "pl", "zh"} {
		some := askable(talks, lang)
		all = append(all, some...)
		if len(some) >= 80 {
			out = append(out, titlesAsked("talks in "+lang+" by title", some, 2000, 200))
		}
	}
	all = append(all, askable(talks, "en")[:2000]...)
	rest := titlesAsked("talks in ten languages by title", all, len(all), 400)
	return append(out, rest)
}
