// Package mill makes archives of any size for benchmarks, out of the sentences,
// titles and names of a large one that lies beside the project, or of generated
// words where it is not there. The same numbers always give the same talks.
package mill

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"rostrum/archive"
)

// Mill makes talks out of the sentences of others, each by its number alone, so
// that no more than one needs to be in memory.
type Mill struct {
	Talks  int
	Slides int // of each talk

	titles []string
	texts  [][]string // sentences
	names  []string
	topics []string

	generated bool
}

// New is a mill for so many talks, with so many slides each.
func New(tb testing.TB, talks, slides int) *Mill {
	tb.Helper()
	m, err := Make(talks, slides)
	if err != nil {
		tb.Fatal(err)
	}
	if m.generated {
		tb.Log("no large archive lies beside the project: generated words")
	}
	return m
}

// Make is New for a process that was started by a test.
func Make(talks, slides int) (*Mill, error) {
	m := &Mill{Talks: talks, Slides: slides}
	file, err := source()
	if err != nil {
		return nil, err
	}
	if file == "" {
		m.generated = true
		m.generate()
		return m, nil
	}
	return m, m.read(file)
}

// source is where the large archive lies, "" where there is none.
func source() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			return "", nil
		}
		dir = filepath.Dir(dir)
	}
	file := filepath.Join(filepath.Dir(dir), "shared", "data", "talks", "pyvideo.jsonl.gz")
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return file, nil
}

func (m *Mill) read(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 64<<20)
	for n := 1; lines.Scan(); n++ {
		var p archive.Programme
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return fmt.Errorf("%s, line %d: %w", file, n, err)
		}
		for _, item := range p.Items {
			m.titles = append(m.titles, item.Title)
			if s := strings.SplitAfter(item.Abstract, ". "); len(item.Abstract) > 200 {
				m.texts = append(m.texts, s)
			}
			for _, c := range item.Speakers {
				m.names = append(m.names, c.Name)
			}
			m.topics = append(m.topics, item.Topics...)
		}
	}
	if len(m.topics) == 0 {
		for _, t := range m.titles {
			m.topics = append(m.topics, strings.Fields(t + " x")[0])
		}
	}
	return lines.Err()
}

func (m *Mill) generate() {
	rng := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same words each time
	zipf := rand.NewZipf(rng, 1.1, 4, 60_000)
	say := func(n int) string {
		var w []string
		for range n {
			w = append(w, "w"+strconv.FormatUint(zipf.Uint64(), 36)+"en")
		}
		return strings.Join(w, " ") + ". "
	}
	for range 5000 {
		m.titles = append(m.titles, say(6))
		m.texts = append(m.texts, []string{say(20), say(15), say(30), say(18), say(25), say(20)})
		m.names = append(m.names, say(2))
		m.topics = append(m.topics, say(1))
	}
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }

// Entry is talk number i, from 0, as a store would hand it to a search.
func (m *Mill) Entry(i int) archive.Entry {
	rng := rand.New(rand.NewPCG(uint64(i), 99)) //nolint:gosec // the same talk each time
	year := 2000 + i%25
	e := archive.Entry{SeriesName: "Series " + strconv.Itoa(i%40), EditionYear: year, EditionLanguage: "en"}
	e.EditionTitle = e.SeriesName + " " + strconv.Itoa(year)
	e.ID = archive.TalkID(fmt.Sprintf("s%d/%d/t%d", i%40, year, i))
	e.Kind = archive.KindTalk
	a, b := strings.Fields(pick(rng, m.titles)), strings.Fields(pick(rng, m.titles))
	e.Title = strings.Join(append(a[:(len(a)+1)/2:(len(a)+1)/2], b[len(b)/2:]...), " ")
	e.Language = "en"
	for range 1 + rng.IntN(2) {
		e.Speakers = append(e.Speakers, archive.Credit{Name: pick(rng, m.names)})
		e.People = append(e.People, "")
	}
	e.Topics = []string{pick(rng, m.topics), pick(rng, m.topics)}
	e.Abstract = m.text(rng, 1100)
	var slides []archive.SlideWords
	for n := range m.Slides {
		slides = append(slides, archive.SlideWords{Number: n + 1, Text: m.text(rng, 200)})
	}
	e.DeckSlides = [][]archive.SlideWords{slides}
	e.Decks = []archive.TalkDeck{{State: archive.DeckRead, Slides: m.Slides}}
	return e
}

func (m *Mill) text(rng *rand.Rand, size int) string {
	var b strings.Builder
	for b.Len() < size {
		b.WriteString(pick(rng, pick(rng, m.texts)))
	}
	s := b.String()
	return strings.ToValidUTF8(s[:min(len(s), size+200)], "")
}
