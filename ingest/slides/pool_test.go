package slides

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// fakePool is a pool whose workers do what files are called.
func fakePool(t *testing.T, change func(*Config)) (*Pool, func(deed string) string) {
	t.Helper()
	pool := newPool(t, func(c *Config) {
		c.Workers, c.do = 1, doFake
		if change != nil {
			change(c)
		}
	})
	dir := t.TempDir()
	return pool, func(deed string) string {
		path := filepath.Join(dir, deed+".pdf")
		if err := os.WriteFile(path, []byte("%PDF-1.4\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

func TestPoolOutlivesWorkers(t *testing.T) {
	const slow = "reading it takes longer than is allowed"
	const stopped = "the reader stopped while reading it"
	deck := func(title, text string) archive.Deck {
		return archive.Deck{Reader: Version, Media: MediaPDF, Title: title, Slides: []archive.Slide{{Number: 1, Text: text}}}
	}
	broken := func(reason string, retryable bool) archive.Deck {
		return archive.Deck{Reader: Version, Media: MediaPDF, Problem: reason, Retryable: retryable}
	}
	tests := []struct {
		deed string
		want archive.Deck
	}{
		{"fine", deck("fine 1", "fine")},
		{"loop", broken(slow, true)},
		{"creep", broken(slow, true)},
		{"walker-loop", deck("walker-loop 1", "walker-loop")},
		{"eat", broken("reading it needs more memory than is allowed", true)},
		{"panic", broken(stopped, false)},
		{"exit", broken(stopped, false)},
		{"garbage", broken("it holds more than is taken from one deck", false)},
		{"write", broken(stopped, false)},
		{"problem", broken("as asked", false)},
		{"tired", deck("tired 1", "tired")},
		{"many", broken("it holds more than is taken from one deck", false)},
	}
	for _, tt := range tests {
		t.Run(tt.deed, func(t *testing.T) {
			if tt.deed == "eat" && underRace {
				t.Skip("the race detector cannot live under a limit of memory")
			}
			pool, file := fakePool(t, func(c *Config) {
				// A busy machine may be slow; only what never ends is cut short.
				if c.Step = time.Minute; strings.Contains(tt.deed, "loop") {
					c.Step = time.Second
				}
				if tt.deed == "creep" {
					c.Deadline = time.Second
				}
			})
			got, err := pool.Read(t.Context(), file(tt.deed), "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("deck (-want +got):\n%s", diff)
			}
			if b, err := os.ReadFile(filepath.Join(filepath.Dir(file(tt.deed)), "written")); err == nil && len(b) > 0 {
				t.Error("a worker wrote a file")
			}
			after, err := pool.Read(t.Context(), file("after"), "")
			if err != nil || len(after.Slides) != 1 || after.Slides[0].Text != "after" {
				t.Errorf("the next deck: %+v, %v", after, err)
			}
		})
	}
}

func TestPoolKeepsWorker(t *testing.T) {
	pool, file := fakePool(t, nil)
	var titles []string
	for range 3 {
		deck, err := pool.Read(t.Context(), file("again"), "")
		if err != nil {
			t.Fatal(err)
		}
		titles = append(titles, deck.Title)
	}
	if diff := cmp.Diff([]string{"again 1", "again 2", "again 3"}, titles); diff != "" {
		t.Errorf("jobs done by the one worker (-want +got):\n%s", diff)
	}
}

func TestWorkerSeesNoEnvironment(t *testing.T) {
	t.Setenv("ROSTRUM_TEST_SECRET", "hush")
	pool, file := fakePool(t, nil)
	deck, err := pool.Read(t.Context(), file("environment"), "")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(deck.Title, workerVariable+"={") || strings.Contains(deck.Title, "hush") || strings.Contains(deck.Title, "PATH=") {
		t.Errorf("environment of a worker: %s", deck.Title)
	}
}

func TestPoolContext(t *testing.T) {
	pool, file := fakePool(t, func(c *Config) { c.Step, c.Deadline = time.Minute, time.Minute })
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	_, err := pool.Read(ctx, file("loop"), "")
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 20*time.Second {
		t.Errorf("reading with a context that ends: %v after %v", err, time.Since(began))
	}
	if deck, err := pool.Read(t.Context(), file("after"), ""); err != nil || deck.Problem != "" {
		t.Errorf("the next deck: %+v, %v", deck, err)
	}
}

func TestPoolSideBySide(t *testing.T) {
	pool, file := fakePool(t, func(c *Config) { c.Workers = 3 })
	var wait sync.WaitGroup
	paths := map[string]string{"fine": file("fine"), "panic": file("panic")}
	for range 12 {
		for deed, path := range paths {
			wait.Go(func() {
				deck, err := pool.Read(t.Context(), path, "")
				if err != nil || (deck.Problem == "") != (deed == "fine") {
					t.Errorf("%s: %+v, %v", deed, deck, err)
				}
			})
		}
	}
	wait.Wait()
	if n := len(pool.idle); n > 3 {
		t.Errorf("%d workers for 3 places", n)
	}
}

func TestPoolClosed(t *testing.T) {
	pool, file := fakePool(t, nil)
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Read(t.Context(), file("fine"), ""); !errors.Is(err, ErrClosed) {
		t.Errorf("reading with a closed pool: %v", err)
	}
	if _, err := pool.Picture(t.Context(), file("fine"), "", 1, 320); !errors.Is(err, ErrClosed) {
		t.Errorf("drawing with a closed pool: %v", err)
	}
}

func TestPoolPicture(t *testing.T) {
	pool, file := fakePool(t, nil)
	got, err := pool.Picture(t.Context(), file("fine"), "", 3, 640)
	if err != nil {
		t.Fatal(err)
	}
	want := Picture{Bytes: []byte("picture"), Media: "image/png", Width: 640, Height: 3}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("picture (-want +got):\n%s", diff)
	}
}

func TestNotADeck(t *testing.T) {
	pool, _ := fakePool(t, nil)
	path := filepath.Join(t.TempDir(), "slides.pdf")
	if err := os.WriteFile(path, []byte("<!DOCTYPE html><title>Please log in</title>"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := pool.Read(t.Context(), path, MediaPDF)
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Deck{Reader: Version, Media: "text/html", Problem: "it is no slide deck but a web page"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deck (-want +got):\n%s", diff)
	}
}

func FuzzFrames(f *testing.F) {
	var b bytes.Buffer
	w := newWire(&b, &b)
	for _, step := range []error{
		w.send(frameProgress, progress{Slide: 1, Engine: engineWalker}),
		w.send(frameSlide, archive.Slide{Number: 1, Text: "Text"}),
		w.send(frameDeck, archive.Deck{Title: "Title"}),
		w.sendBytes(frameImage, []byte("bytes")),
		w.send(framePicture, Picture{Media: "image/png"}),
		w.send(frameProblem, problem{Reason: "reason"}),
		w.sendNow(frameDone, done{}),
	} {
		if step != nil {
			f.Fatal(step)
		}
	}
	f.Add(b.Bytes())
	f.Add([]byte("\xff\xff\xff\xffS"))
	f.Add([]byte("\x00\xff\xff\xffSshort"))
	f.Fuzz(func(t *testing.T, frames []byte) {
		w := newWire(bytes.NewReader(frames), nil)
		var c collector
		for {
			kind, payload, err := w.receive()
			if err != nil {
				break
			}
			if len(payload) > len(frames) {
				t.Fatal("more was received than sent")
			}
			if whole, err := c.take(kind, payload); whole || err != nil {
				break
			}
		}
		for i, s := range c.deck.Slides {
			if s.Number != i+1 {
				t.Fatalf("slide %d is called %d", i+1, s.Number)
			}
		}
	})
}
