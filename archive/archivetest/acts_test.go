package archivetest_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/search"
	"rostrum/archive/store"
)

// curator does things at random to a sample archive, as people do at a desk.
type curator struct {
	t        *testing.T
	db       *store.DB
	r        *rand.Rand
	standing []store.ActID
	done     []string // for the message when something breaks
	reads    int
}

var me = store.Who{By: "me", Why: "because", At: archivetest.Time(5)}

// what it may be about: those who are shown now.
func (c *curator) talk() archive.Talk {
	edition := c.edition()
	talks, err := c.db.EditionTalks(c.t.Context(), edition)
	c.must(err)
	if len(talks) == 0 {
		return archive.Talk{ID: archive.TalkID(edition) + "/none"}
	}
	return talks[c.r.IntN(len(talks))]
}

func (c *curator) edition() archive.EditionID {
	list, err := c.db.AllEditions(c.t.Context())
	c.must(err)
	if len(list) == 0 {
		return "none/none"
	}
	return list[c.r.IntN(len(list))].ID
}

func (c *curator) person() archive.PersonID {
	list, _, err := c.db.People(c.t.Context(), store.PeopleQuery{Limit: 1000})
	c.must(err)
	if len(list) == 0 {
		return "nobody"
	}
	return list[c.r.IntN(len(list))].ID
}

func (c *curator) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("after %q: %v", c.done, err)
	}
}

// act does one thing; what is refused is refused for a reason and changes nothing.
func (c *curator) act() {
	ctx := c.t.Context()
	verbs := map[string]func() (store.ActID, error){
		"correct a talk": func() (store.ActID, error) {
			field := []string{"title", "speakers", "topics"}[c.r.IntN(3)]
			value := map[string]string{"title": `"Falling over gracefully"`, "speakers": `[{"name":"Cy Dahl"},{"name":"Bo Ek"}]`, "topics": `["Resilience"]`}[field]
			return c.correct(store.ThingTalk, string(c.talk().ID), field, value)
		},
		"correct an edition": func() (store.ActID, error) {
			return c.correct(store.ThingEdition, string(c.edition()), "country", `"Norway"`)
		},
		"rename": func() (store.ActID, error) {
			return c.correct(store.ThingPerson, string(c.person()), "name", fmt.Sprintf("%q", "Chosen "+string(rune('A'+c.r.IntN(5)))))
		},
		"veil":           func() (store.ActID, error) { return c.correct(store.ThingPerson, string(c.person()), "veiled", "true") },
		"merge":          func() (store.ActID, error) { return c.db.MergePeople(ctx, c.person(), c.person(), me) },
		"apart":          func() (store.ActID, error) { return c.db.KeepApart(ctx, c.person(), c.person(), me) },
		"split":          c.split,
		"merge editions": func() (store.ActID, error) { return c.db.MergeEditions(ctx, c.edition(), c.edition(), me) },
		"merge series": func() (store.ActID, error) {
			return c.db.MergeSeries(ctx, c.edition().Series(), c.edition().Series(), me)
		},
		"move": func() (store.ActID, error) {
			_, id, err := c.db.MoveEdition(ctx, c.edition(), []string{"Chaos Day", "Elsewhere"}[c.r.IntN(2)], me)
			return id, err
		},
		"take down a talk":     func() (store.ActID, error) { return c.db.TakeDown(ctx, store.ThingTalk, string(c.talk().ID), me) },
		"take down a person":   func() (store.ActID, error) { return c.db.TakeDown(ctx, store.ThingPerson, string(c.person()), me) },
		"take down an edition": func() (store.ActID, error) { return c.db.TakeDown(ctx, store.ThingEdition, string(c.edition()), me) },
		"take down a deck":     func() (store.ActID, error) { return c.db.TakeDown(ctx, store.ThingDeck, archivetest.CrashDeck, me) },
		"retract":              func() (store.ActID, error) { return c.db.Retract(ctx, archive.SnapshotID(1+c.r.IntN(3)), me) },
	}
	names := make([]string, 0, len(verbs)+2)
	for name := range verbs {
		names = append(names, name)
	}
	slices.Sort(names)
	name := append(names, "undo", "undo", "read")[c.r.IntN(len(names)+3)]
	c.done = append(c.done, name)
	switch name {
	case "undo":
		c.undo()
	case "read":
		c.read()
	default:
		id, err := verbs[name]()
		if invalid := (*archive.InvalidError)(nil); errors.Is(err, archive.ErrNotFound) || errors.As(err, &invalid) {
			return
		}
		c.must(err)
		c.standing = append(c.standing, id)
	}
}

func (c *curator) correct(thing store.Thing, id, field, value string) (store.ActID, error) {
	return c.db.Correct(c.t.Context(), store.Correction{Thing: thing, ID: id, Field: field, Value: json.RawMessage(value)}, me)
}

func (c *curator) split() (store.ActID, error) {
	k := c.talk()
	if len(k.Speakers) == 0 || k.Speakers[0].Name == store.Withheld {
		return 0, archive.ErrNotFound
	}
	_, id, err := c.db.AssignCredits(c.t.Context(), []store.CreditRef{{Talk: k.ID, Name: k.Speakers[0].Name}}, "", me)
	return id, err
}

func (c *curator) undo() {
	if len(c.standing) == 0 {
		return
	}
	i := c.r.IntN(len(c.standing))
	c.must(c.db.Undo(c.t.Context(), c.standing[i], me))
	c.standing = slices.Delete(c.standing, i, i+1)
}

// read reads a page anew that now says something more.
func (c *curator) read() {
	p := archivetest.Programmes()[c.r.IntN(3)]
	c.reads++
	p.Items[0].Abstract = fmt.Sprintf("Reading %d says pineapple.", c.reads)
	snap := archivetest.Snapshot(c.t, c.db, p.Edition.URL, "reading "+strconv.Itoa(c.reads))
	_, err := c.db.TakeProgramme(c.t.Context(), store.Intake{Snapshot: snap.ID, Reader: 2, Programme: p, At: archivetest.Time(2)})
	if invalid := (*archive.InvalidError)(nil); !errors.As(err, &invalid) {
		c.must(err)
	}
}

// answers is what an index says to questions of every sort.
func answers(t *testing.T, ix *search.Index) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, text := range []string{
		"crash", "coffee", "chaos", "let it crash", "armsby", "speaker:ek", "lind", "chosen", "pineapple", "gracefully", "supervision", "sverige", "norway", "topic:erlang",
		"year:2017", "series:chaos", "felinjektion", "withheld", "resilience", "Щербаков", "queues", "elsewhere",
	} {
		res, err := ix.Search(t.Context(), search.Request{Query: search.Parse(text), Limit: 50, Facets: true})
		if err != nil {
			t.Fatal(err)
		}
		var hits []string
		for _, h := range res.Hits {
			hits = append(hits, string(h.Talk))
		}
		slices.Sort(hits)
		facets := map[string]int{}
		for _, f := range res.Facets {
			for _, v := range f.Values {
				facets[f.Name+" "+v.Value] = v.Count
			}
		}
		all[text] = []any{res.Total, hits, facets}
	}
	return all
}

// Whatever people do, an index that followed step by step answers as one that
// is made anew from the store, and when all is undone both answer as before
// the first of it. ROSTRUM_ACTS is how many sequences are tried.
func TestIndexFollowsActs(t *testing.T) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("ROSTRUM_ACTS"), "6"))
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		n = min(n, 2)
	}
	for seed := range n {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			db := archivetest.Sample(t)
			c := &curator{t: t, db: db, r: rand.New(rand.NewPCG(uint64(seed), 1))} //nolint:gosec // a sequence that can be had again
			followed := archivetest.Index(t, db)
			first := answers(t, followed)
			for range 14 {
				c.act()
				_, err := followed.CatchUp(t.Context())
				c.must(err)
			}
			if diff := gocmp.Diff(answers(t, archivetest.Index(t, db)), answers(t, followed)); diff != "" {
				t.Errorf("after %q: -anew +followed\n%s", c.done, diff)
			}
			for len(c.standing) > 0 {
				c.undo()
			}
			_, err := followed.CatchUp(t.Context())
			c.must(err)
			anew := answers(t, archivetest.Index(t, db))
			if diff := gocmp.Diff(anew, answers(t, followed)); diff != "" {
				t.Errorf("all undone: -anew +followed\n%s", diff)
			}
			if c.reads > 0 {
				return // what was read stays read
			}
			if diff := gocmp.Diff(first, anew); diff != "" {
				t.Errorf("after %q and undoing all: -first +now\n%s", c.done, diff)
			}
		})
	}
}
