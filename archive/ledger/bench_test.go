package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/ledger"
	"rostrum/archive/store"
)

// A thousand corrections over a hundred editions of ten talks: taking them in,
// taking them in again, and listing them beside what the sources say.
func BenchmarkThousandCorrections(b *testing.B) {
	var file strings.Builder
	file.WriteString("rostrum-corrections: 1\ndecisions:\n")
	var editions []archive.Programme
	for e := range 100 {
		p := archive.Programme{Edition: archive.EditionInfo{Title: fmt.Sprintf("Lantern Days %d", 1960+e), StartDate: archive.MakeDate(1960+e, 5, 2)}}
		for k := range 10 {
			p.Items = append(p.Items, archive.Item{Kind: archive.KindTalk, Title: fmt.Sprintf("Wick %c", 'A'+k), Speakers: []archive.Credit{{Name: fmt.Sprintf("Ada Qvist%c", 'a'+k)}}})
			fmt.Fprintf(&file, "- correct: lantern-days/%d/wick-%c\n  field: title\n  value: Wick %c, trimmed\n", 1960+e, 'a'+k, 'A'+k)
		}
		editions = append(editions, p)
	}
	fresh := func(b *testing.B) *store.DB {
		db := archivetest.Empty(b)
		for _, p := range editions {
			archivetest.Take(b, db, "https://lantern.example/"+p.Edition.Title, p)
		}
		return db
	}
	taken := func(b *testing.B, db *store.DB, want ledger.Imported) {
		b.Helper()
		if got, err := ledger.Import(b.Context(), db, "c.yaml", strings.NewReader(file.String()), me); got != want || err != nil {
			b.Fatal(got, err)
		}
	}
	b.Run("import", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			db := fresh(b)
			b.StartTimer()
			taken(b, db, ledger.Imported{Made: 1000})
		}
	})
	db := fresh(b)
	taken(b, db, ledger.Imported{Made: 1000})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			taken(b, db, ledger.Imported{Stood: 1000})
		}
	})
	b.Run("list", func(b *testing.B) {
		for b.Loop() {
			if list, err := db.Corrections(b.Context()); len(list) != 1000 || err != nil {
				b.Fatal(len(list), err)
			}
		}
	})
	// The reader comes to read every title otherwise: all corrections stand.
	b.Run("reread", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			db := fresh(b)
			taken(b, db, ledger.Imported{Made: 1000})
			b.StartTimer()
			for _, p := range editions {
				p.Items = append([]archive.Item(nil), p.Items...)
				for i := range p.Items {
					p.Items[i].Title += "!"
				}
				snap := archivetest.Snapshot(b, db, "https://lantern.example/"+p.Edition.Title, p.Edition.Title)
				if _, err := db.TakeProgramme(b.Context(), store.Intake{Snapshot: snap.ID, Reader: 2, Programme: p, At: archivetest.Time(2)}); err != nil {
					b.Fatal(err)
				}
			}
			list, err := db.Corrections(b.Context())
			stand := 0
			for _, c := range list {
				if c.Disagrees() && strings.HasSuffix(archive.FieldText(c.Field, c.Value), ", trimmed") {
					stand++
				}
			}
			if stand != 1000 || err != nil {
				b.Fatalf("%d of 1000 stand and are told (%v)", stand, err)
			}
		}
	})
}
