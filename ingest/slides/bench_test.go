package slides

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"
)

// cpuOf is the CPU time of a process that was waited for.
func cpuOf(state *os.ProcessState) time.Duration { return state.UserTime() + state.SystemTime() }

// usage adds up what workers use.
type usage struct {
	mu   sync.Mutex
	cpu  time.Duration
	peak int64 // bytes, of the largest worker
}

// measured makes a pool of one worker whose usage is added up.
func measured(t testing.TB) (*Pool, *usage) {
	t.Helper()
	u := &usage{}
	pool := newPool(t, func(c *Config) {
		c.Workers = 1
		c.gone = func(state *os.ProcessState) {
			u.mu.Lock()
			defer u.mu.Unlock()
			u.cpu += cpuOf(state)
			if r, ok := state.SysUsage().(*syscall.Rusage); ok {
				u.peak = max(u.peak, r.Maxrss<<10)
			}
		}
	})
	if err := pool.warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	return pool, u
}

// take ends all idle workers and gives what was used since it was last called. The
// system counts to a process what its parent had when it was started, so that the peak
// of a small worker is only known from a small parent.
func (u *usage) take(pool *Pool) (cpu time.Duration, peak int64) {
	for _, w := range pool.idle {
		w.end()
	}
	pool.idle = nil
	u.mu.Lock()
	defer u.mu.Unlock()
	cpu, peak = u.cpu, u.peak
	u.cpu, u.peak = 0, 0
	return cpu, peak
}

func ownCPU(t testing.TB) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func allSharedDecks(b *testing.B) []string {
	b.Helper()
	paths, err := filepath.Glob(filepath.Join(sharedData(b, "decks"), "*.pdf"))
	if err != nil {
		b.Fatal(err)
	}
	return paths
}

// BenchmarkRead reads text and boxes of all decks to measure with, in one worker, and
// has pdftotext do the same for comparison, where it is installed. All CPU time counts:
// starting the worker, and the parent's part.
func BenchmarkRead(b *testing.B) {
	paths := allSharedDecks(b)
	pool, used := measured(b)
	for b.Loop() {
		pages := 0
		before := ownCPU(b)
		for _, path := range paths {
			deck, err := pool.Read(b.Context(), path, "")
			if err != nil {
				b.Fatal(err)
			}
			pages += len(deck.Slides)
		}
		cpu, peak := used.take(pool)
		cpu += ownCPU(b) - before
		ours := float64(pages) / cpu.Seconds()
		b.ReportMetric(ours, "pages/cpu-s")
		b.ReportMetric(float64(peak)/1e6, "peak-MB")
		if theirs := popplerSpeed(b, paths, pages); theirs > 0 {
			b.ReportMetric(theirs, "pdftotext-pages/cpu-s")
			b.ReportMetric(ours/theirs, "of-pdftotext")
		}
	}
}

func popplerSpeed(b *testing.B, paths []string, pages int) float64 {
	b.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		return 0
	}
	var cpu time.Duration
	for _, path := range paths {
		cmd := exec.CommandContext(b.Context(), program, path, "-")
		_ = cmd.Run() // it fails for the truncated deck
		cpu += cpuOf(cmd.ProcessState)
	}
	return float64(pages) / cpu.Seconds()
}

// BenchmarkThumbnails draws and encodes a thumbnail of each slide.
func BenchmarkThumbnails(b *testing.B) { benchmarkPictures(b, ThumbnailWidth, 1) }

// BenchmarkReadingSize draws every tenth slide as large as it is read.
func BenchmarkReadingSize(b *testing.B) { benchmarkPictures(b, ReadingWidth, 10) }

func benchmarkPictures(b *testing.B, width, every int) {
	paths := allSharedDecks(b)
	pool, used := measured(b)
	counts := map[string]int{}
	for _, path := range paths {
		deck, err := pool.Read(b.Context(), path, "")
		if err != nil {
			b.Fatal(err)
		}
		counts[path] = len(deck.Slides)
	}
	used.take(pool)
	for b.Loop() {
		pages, bytes := 0, 0
		before := ownCPU(b)
		for _, path := range paths {
			for n := 1; n <= counts[path]; n += every {
				p, err := pool.Picture(b.Context(), path, MediaPDF, n, width)
				if err != nil {
					b.Fatal(err)
				}
				pages++
				bytes += len(p.Bytes)
			}
		}
		cpu, peak := used.take(pool)
		cpu += ownCPU(b) - before
		b.ReportMetric(float64(pages)/cpu.Seconds(), "pages/cpu-s")
		b.ReportMetric(float64(bytes)/float64(pages), "bytes/picture")
		b.ReportMetric(float64(peak)/1e6, "peak-MB")
	}
}

// BenchmarkStart starts twenty workers, one after the other, with a warm cache.
func BenchmarkStart(b *testing.B) {
	pool, _ := measured(b)
	for b.Loop() {
		var took []time.Duration
		var cpu time.Duration
		for range 20 {
			began := time.Now()
			w, err := pool.hire(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			took = append(took, time.Since(began))
			w.end()
			cpu += cpuOf(w.cmd.ProcessState)
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[10].Microseconds())/1e3, "median-ms")
		b.ReportMetric(float64(took[19].Microseconds())/1e3, "worst-ms")
		b.ReportMetric(float64(cpu.Microseconds())/20e3, "cpu-ms")
	}
}
