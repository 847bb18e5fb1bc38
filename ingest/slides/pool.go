package slides

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"rostrum/archive"
)

// Config says how a Pool works. Zero values mean what is written beside them.
type Config struct {
	// Workers is how many decks are read side by side; one for each core.
	Workers int
	// CacheDir is a folder of the Pool's own, made when missing, for what is costly to
	// make and may be thrown away: the compiled engine, decks converted to PDF. It must be given.
	CacheDir string
	// Memory is how many bytes of data one worker may have: 320 MiB.
	Memory int64
	// Deadline is how long one deck may take: a minute. Large ones of 700 slides take two seconds.
	Deadline time.Duration
	// Step is how long it may take without a sign of life, which comes at every slide: 6 seconds.
	Step time.Duration
	// Programs finds optional programs; exec.LookPath. For tests.
	Programs func(name string) (path string, err error)

	do   string                 // for tests: another role than doRead
	gone func(*os.ProcessState) // for measurements: is told of each worker that has ended
}

// ErrClosed is returned by a Pool that was closed.
var ErrClosed = errors.New("slides pool is closed")

// Pool reads decks in worker processes. It starts them when there is work, keeps them
// for the next deck, and replaces those that die. It is safe for use by many at once.
type Pool struct {
	cfg     Config
	nursery *nursery
	turns   chan struct{} // as many as there may be workers

	mu     sync.Mutex
	idle   []*process
	closed bool
	users  sync.WaitGroup

	warming sync.Mutex
	warmed  bool

	helpers chan struct{} // one optional program at a time: each is large
}

// NewPool makes a pool. It starts nothing yet. Close it.
func NewPool(cfg Config) (*Pool, error) {
	if cfg.CacheDir == "" {
		return nil, errors.New("slides: a cache folder must be given")
	}
	dir, err := filepath.Abs(cfg.CacheDir)
	if err != nil {
		return nil, fmt.Errorf("slides cache: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("slides cache: %w", err)
	}
	cfg.CacheDir = dir
	cfg.fillIn()
	p := &Pool{cfg: cfg, nursery: newNursery(), turns: make(chan struct{}, cfg.Workers), helpers: make(chan struct{}, 1)}
	return p, nil
}

func (c *Config) fillIn() {
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	if c.Memory <= 0 {
		c.Memory = 320 << 20
	}
	if c.Deadline <= 0 {
		c.Deadline = time.Minute
	}
	if c.Step <= 0 {
		c.Step = 6 * time.Second
	}
	if c.Programs == nil {
		c.Programs = lookPath
	}
	if c.do == "" {
		c.do = doRead
	}
}

// Close waits for readings under way and ends all workers.
func (p *Pool) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	p.mu.Unlock()
	p.users.Wait()
	for _, w := range p.idle {
		w.kill()
	}
	p.idle = nil
	p.nursery.close()
	return nil
}

// enter counts a caller in, so that Close can wait for it.
func (p *Pool) enter() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.users.Add(1)
	return nil
}

// Read reads the deck kept at path. A deck that cannot be read is a Deck with a
// Problem; the error is only ever the context's, ErrClosed, or that no worker can be
// started. The media type is found in the bytes; media, the one that was claimed, only
// helps to word a Problem. Deck.Blob is set when the file is named by its hash.
func (p *Pool) Read(ctx context.Context, path, media string) (archive.Deck, error) {
	if err := p.enter(); err != nil {
		return archive.Deck{}, err
	}
	defer p.users.Done()
	path, err := filepath.Abs(path)
	if err != nil {
		return archive.Deck{}, fmt.Errorf("read deck: %w", err)
	}
	deck, err := p.read(ctx, path, media)
	if why, ok := errors.AsType[*problem](err); ok {
		deck.Problem, deck.Retryable = why.Reason, why.Retryable
	} else if err != nil {
		return archive.Deck{}, fmt.Errorf("read deck %s: %w", filepath.Base(path), err)
	}
	deck.Reader = Version
	if blob := archive.BlobID(filepath.Base(path)); blob.Valid() {
		deck.Blob = blob
	}
	return deck, nil
}

func (p *Pool) read(ctx context.Context, path, claimed string) (archive.Deck, error) {
	media, err := SniffFile(path)
	if err != nil {
		return archive.Deck{Media: claimed}, &problem{Reason: "the file cannot be opened", Retryable: true}
	}
	none := archive.Deck{Media: media}
	from, err := p.readable(ctx, path, media)
	if err != nil {
		return none, err
	}
	j := job{Path: from, Media: media, Walker: true}
	if from != path {
		j.Media = MediaPDF
	}
	a, err := p.do(ctx, j)
	if err != nil {
		return none, err
	}
	a.deck.Media = media
	return a.deck, nil
}

// readable gives the file that a worker can read in place of path: itself, or the PDF
// that LibreOffice made of it. The error is a *problem when there is none.
func (p *Pool) readable(ctx context.Context, path, media string) (string, error) {
	switch media {
	case MediaPDF, MediaPPTX, MediaODP:
		return path, nil
	case MediaPPT, MediaKeynote, MediaODPFlat:
		return p.convert(ctx, path, media)
	}
	return "", notADeck(media)
}

// drawable gives the PDF to draw a deck from.
func (p *Pool) drawable(ctx context.Context, path, media string) (string, error) {
	switch media {
	case MediaPDF:
		return path, nil
	case MediaPPT, MediaKeynote, MediaODPFlat, MediaPPTX, MediaODP:
		return p.convert(ctx, path, media)
	}
	return "", notADeck(media)
}

func notADeck(media string) error {
	return &problem{Reason: "it is no slide deck but " + describe(media)}
}

// Picture is a picture of a slide.
type Picture struct {
	Bytes  []byte
	Media  string // "image/webp", "image/jpeg" or "image/png"
	Width  int    // in pixels
	Height int
}

// ErrNoPicture is returned when a slide cannot be shown: there is no such slide, the
// deck cannot be drawn, or it is of a format that needs a program which is not installed.
var ErrNoPicture = errors.New("no picture of this slide")

// Picture draws a slide, numbered from 1, as wide as asked in pixels (at most 4096).
// The error Is ErrNoPicture when there can be none, and says why.
func (p *Pool) Picture(ctx context.Context, path, media string, slide, width int) (Picture, error) {
	if err := p.enter(); err != nil {
		return Picture{}, err
	}
	defer p.users.Done()
	path, err := filepath.Abs(path)
	if err != nil {
		return Picture{}, fmt.Errorf("draw slide: %w", err)
	}
	if found, err := SniffFile(path); err == nil {
		media = found
	}
	var a answer
	pdf, err := p.drawable(ctx, path, media)
	if err == nil {
		a, err = p.do(ctx, job{Picture: true, Path: pdf, Media: MediaPDF, Slide: slide, Width: width})
	}
	if why, ok := errors.AsType[*problem](err); ok {
		err = fmt.Errorf("%w: %s", ErrNoPicture, why.Reason)
	}
	if err != nil {
		return Picture{}, fmt.Errorf("draw slide %d of %s: %w", slide, filepath.Base(path), err)
	}
	return a.picture, nil
}

// do has some worker do the job. The error is a *problem when it is the deck's; a worker
// that dies is one. A deck whose worker died in the second engine is given another chance
// with the first alone.
func (p *Pool) do(ctx context.Context, j job) (answer, error) {
	select {
	case p.turns <- struct{}{}:
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
	defer func() { <-p.turns }()
	for again := true; ; {
		w, err := p.worker(ctx, j.Path)
		if err != nil {
			return answer{}, err
		}
		a, err := w.do(ctx, j, p.cfg.Deadline, p.cfg.Step)
		death, died := errors.AsType[*deathError](err)
		switch {
		case died && j.Walker && death.last.Engine == engineWalker:
			j.Walker = false
			continue
		case died:
			return answer{}, &problem{Reason: death.reason, Retryable: death.retryable}
		case err != nil:
			return answer{}, err
		}
		p.rest(w)
		switch {
		case a.problem == nil:
			return a, nil
		case again && a.tired && a.problem.Retryable && w.jobs > 1:
			again = false // it was worn by what came before
		default:
			return answer{}, a.problem
		}
	}
}

// worker takes an idle worker, best the one that has the file open, or starts one.
func (p *Pool) worker(ctx context.Context, path string) (*process, error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		at := n - 1
		for i, w := range p.idle {
			if w.path == path {
				at = i
			}
		}
		w := p.idle[at]
		p.idle = append(p.idle[:at], p.idle[at+1:]...)
		p.mu.Unlock()
		return w, nil
	}
	p.mu.Unlock()
	return p.hire(ctx)
}

// rest puts a worker back.
func (p *Pool) rest(w *process) {
	if w.dead() {
		return
	}
	p.mu.Lock()
	p.idle = append(p.idle, w)
	p.mu.Unlock()
}

// startPatience is how long a worker may take to start; on a busy machine a hundred
// times as long as usual.
const startPatience = 30 * time.Second

// hire starts a worker, with the engine compiled before. When it cannot start although
// the engine was compiled once, the cache may have been thrown away: it is made again.
func (p *Pool) hire(ctx context.Context) (*process, error) {
	if p.cfg.do == doRead {
		if err := p.warm(ctx); err != nil {
			return nil, err
		}
	}
	r := role{Do: p.cfg.do, CacheDir: p.cfg.CacheDir, Memory: p.cfg.Memory}
	w, err := startWorker(ctx, p.nursery, r, startPatience)
	if err != nil && ctx.Err() == nil && p.cfg.do == doRead {
		w, err = p.hireAnew(ctx, r)
	}
	if err != nil {
		return nil, err
	}
	w.gone = p.cfg.gone
	return w, nil
}

// hireAnew compiles the engine again and then starts a worker.
func (p *Pool) hireAnew(ctx context.Context, r role) (*process, error) {
	p.forget()
	if err := p.warm(ctx); err != nil {
		return nil, err
	}
	return startWorker(ctx, p.nursery, r, startPatience)
}

// warm sees to it that the engine lies compiled in the cache. Compiling takes three
// seconds and 300 MB, which a worker has not; it is done once for each build of this
// program, whoever comes first, in a process that meets no deck.
func (p *Pool) warm(ctx context.Context) error {
	p.warming.Lock()
	defer p.warming.Unlock()
	if p.warmed {
		return nil
	}
	unlock, err := lockFile(filepath.Join(p.cfg.CacheDir, "lock"))
	if err != nil {
		return fmt.Errorf("lock slides cache: %w", err)
	}
	defer unlock()
	mark := p.mark()
	if _, err := os.Stat(mark); err == nil {
		p.warmed = true
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	if err := p.run(ctx, role{Do: doWarm, CacheDir: p.cfg.CacheDir}, nil); err != nil {
		return fmt.Errorf("compile the PDF engine: %w", err)
	}
	if err := os.WriteFile(mark, nil, 0o644); err != nil {
		return fmt.Errorf("mark slides cache: %w", err)
	}
	p.sweep(time.Now().AddDate(0, -1, 0))
	p.warmed = true
	return nil
}

// sweep removes what killed processes and earlier builds left in the cache before a time.
func (p *Pool) sweep(before time.Time) {
	for _, pattern := range []string{"ready-*", "ocr-*", "office/work-*"} {
		found, _ := filepath.Glob(filepath.Join(p.cfg.CacheDir, pattern)) // the patterns are good
		for _, path := range found {
			if info, err := os.Stat(path); err == nil && info.ModTime().Before(before) {
				_ = os.RemoveAll(path) // it is tried again next time
			}
		}
	}
}

func (p *Pool) forget() {
	p.warming.Lock()
	defer p.warming.Unlock()
	p.warmed = false
	_ = os.Remove(p.mark()) // it may never have been there
}

// mark is the file that says that this build of the program compiled its engine.
func (p *Pool) mark() string {
	build := "?"
	if path, err := os.Executable(); err == nil {
		if info, err := os.Stat(path); err == nil {
			build = fmt.Sprint(path, info.Size(), info.ModTime().UnixNano())
		}
	}
	sum := sha256.Sum256([]byte(build))
	return filepath.Join(p.cfg.CacheDir, fmt.Sprintf("ready-%x", sum[:8]))
}
