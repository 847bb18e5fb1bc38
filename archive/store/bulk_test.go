package store_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime"
	"testing"
	"time"

	"rostrum/archive"
	"rostrum/archive/archivetest"
	"rostrum/archive/store"
)

// bulkFile holds hundreds of editions as Programme JSON lines; it is not part
// of the project, and what needs it is skipped where it is missing.
const bulkFile = "../../../shared/data/talks/pyvideo.jsonl.gz"

func eachProgramme(tb testing.TB, do func(part int, p archive.Programme)) {
	tb.Helper()
	f, err := os.Open(bulkFile)
	if errors.Is(err, os.ErrNotExist) {
		tb.Skip("no bulk data here")
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	d := json.NewDecoder(bufio.NewReader(z))
	for part := 0; ; part++ {
		var p archive.Programme
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			tb.Fatal(err)
		}
		do(part, p)
	}
}

func takeBulk(tb testing.TB, db *store.DB, snap archive.SnapshotID) (talks, written int, heap uint64) {
	tb.Helper()
	eachProgramme(tb, func(part int, p archive.Programme) {
		taken, err := db.TakeProgramme(tb.Context(), store.Intake{Snapshot: snap, Part: part, Programme: p, At: archivetest.Time(1)})
		if err != nil {
			tb.Fatal(err)
		}
		talks += len(p.Items)
		written += len(taken.Added) + len(taken.Changed) + len(taken.Gone)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		heap = max(heap, m.Sys)
	})
	return talks, written, heap
}

func BenchmarkBulk(b *testing.B) {
	for b.Loop() {
		db := archivetest.Empty(b)
		snap := archivetest.Snapshot(b, db, "file:bulk.jsonl.gz", "bulk").ID
		start := time.Now()
		talks, _, heap := takeBulk(b, db, snap)
		b.ReportMetric(float64(talks)/time.Since(start).Seconds(), "talks/s")
		start = time.Now()
		if _, written, _ := takeBulk(b, db, snap); written != 0 {
			b.Errorf("the second time wrote %d talks", written)
		}
		b.ReportMetric(float64(talks)/time.Since(start).Seconds(), "talks-again/s")
		b.ReportMetric(float64(heap)/(1<<20), "MiB")
		counts, err := db.Counts(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.Logf("%+v", counts)
		start = time.Now()
		n := 0
		for _, err := range db.Changes(b.Context(), 0) {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		b.ReportMetric(float64(n)/time.Since(start).Seconds(), "changes/s")
		start = time.Now()
		if err := db.Check(b.Context()); err != nil {
			b.Error(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "check-s")
	}
}
