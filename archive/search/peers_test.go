package search

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2"

	"rostrum/archive"
)

// BenchmarkKnownCollections prints one table: our ranking beside SQLite's FTS5
// and bleve's own, on each collection that lies beside the project. We must
// not be worse than any.
//
//	go test -run '^$' -bench KnownCollections -benchtime 1x ./archive/search
func BenchmarkKnownCollections(t *testing.B) {
	folders, err := filepath.Glob(filepath.Join(shared(t, "ir"), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		c := loadCollection(t, folder)
		feed := &memory{}
		feed.fill(c.entries)
		own := judge(t, learned(t, open(t, feed)), c.queries)
		fmt.Printf("%-10s %-22s %s\n", c.name, "ours", own)
		for _, peer := range []struct {
			name string
			make func(testing.TB, collection) ranker
		}{{"FTS5 porter bm25(2,1)", fts5Ranker}, {"bleve default", bleveRanker}} {
			got := judgeRanking(c.queries, peer.make(t, c))
			fmt.Printf("%-10s %-22s %s\n", c.name, peer.name, got)
			if got.ndcg10 > own.ndcg10 {
				t.Errorf("%s: %s ranks better: %s", c.name, peer.name, got)
			}
		}
	}
}

// ranker returns up to 100 answers to a query, the best first.
type ranker func(query string) []archive.TalkID

func fts5Ranker(t testing.TB, c collection) ranker {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "peer.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	ctx := context.Background()
	if _, err := db.ExecContext(ctx, "CREATE VIRTUAL TABLE talks USING fts5(title, abstract, tokenize='porter unicode61')"); err != nil {
		t.Fatal(err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range c.entries {
		if _, err := tx.ExecContext(ctx, "INSERT INTO talks(rowid, title, abstract) VALUES (?, ?, ?)", i, e.Title, e.Abstract); err != nil {
			t.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	peer := &fts5{db}
	return func(query string) []archive.TalkID {
		match := `"` + strings.Join(strings.Fields(query), `" OR "`) + `"`
		ids, err := peer.ids("SELECT rowid FROM talks WHERE talks MATCH ? ORDER BY bm25(talks, 2, 1) LIMIT 100", match)
		if err != nil {
			t.Fatal(err)
		}
		var out []archive.TalkID
		for _, i := range ids {
			out = append(out, c.entries[i].ID)
		}
		return out
	}
}

func bleveRanker(t testing.TB, c collection) ranker {
	ix, err := bleve.NewMemOnly(bleve.NewIndexMapping())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ix.Close() })
	batch := ix.NewBatch()
	for _, e := range c.entries {
		if err := batch.Index(string(e.ID), map[string]string{"title": e.Title, "abstract": e.Abstract}); err != nil {
			t.Fatal(err)
		}
	}
	if err := ix.Batch(batch); err != nil {
		t.Fatal(err)
	}
	return func(query string) []archive.TalkID {
		res, err := ix.Search(bleve.NewSearchRequestOptions(bleve.NewMatchQuery(query), 100, 0, false))
		if err != nil {
			t.Fatal(err)
		}
		var out []archive.TalkID
		for _, h := range res.Hits {
			out = append(out, archive.TalkID(h.ID))
		}
		return out
	}
}
