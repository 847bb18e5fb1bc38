package slides

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"rostrum/archive"
)

// One page in twenty of real decks has no text: it is a picture. tesseract reads it,
// where it is installed, at a third of a CPU second a page; that is 300 times what
// reading text costs, so it is no part of Read but asked for when all else is done.
const (
	engineOCR = "tesseract"
	ocrWidth  = 1600 // pixels: wider costs more and reads no better
	ocrTime   = 60 * time.Second
	ocrMemory = 1 << 30
	// maxOCR is how many slides of one deck are recognized; an hour's talk has fewer.
	maxOCR = 300
	// ocrSure is the confidence, of 100, under which a word is taken for a stain. Photographs
	// are full of them.
	ocrSure = 50
)

// Unrecognized says how many slides of a deck have no text, were not given to
// tesseract yet, and are to be.
func Unrecognized(deck archive.Deck) int {
	n, seen := 0, 0
	for _, s := range deck.Slides {
		switch {
		case s.Engine == engineOCR:
			seen++
		case strings.TrimSpace(s.Text) == "":
			n++
		}
	}
	return min(n, max(0, maxOCR-seen))
}

// Recognizes says whether tesseract is there to recognize anything.
func (p *Pool) Recognizes() bool {
	_, found := p.find(programOCR)
	return found
}

// Recognize gives the slides without text the text that tesseract sees in their
// pictures, and marks them as seen, so that Unrecognized counts them no more. The
// language is BCP 47 ("fr"); "" and languages that tesseract has no model for are read
// as English. It says whether the deck was changed: not where tesseract is not installed, or
// nothing is to be done. The error is the context's or ErrClosed.
func (p *Pool) Recognize(ctx context.Context, path string, deck archive.Deck, language string) (archive.Deck, bool, error) {
	program, found := p.find(programOCR)
	wanted := Unrecognized(deck)
	if !found || wanted == 0 {
		return deck, false, nil
	}
	before := deck.Slides
	deck.Slides = slices.Clone(before)
	done := 0
	for i := range deck.Slides {
		s := &deck.Slides[i]
		if s.Engine == engineOCR || strings.TrimSpace(s.Text) != "" || done >= wanted {
			continue
		}
		done++
		text, words, err := p.recognize(ctx, program, path, deck.Media, s.Number, language)
		if ctx.Err() != nil || errors.Is(err, ErrClosed) {
			return deck, false, fmt.Errorf("recognize slide %d of %s: %w", s.Number, filepath.Base(path), errors.Join(ctx.Err(), err))
		}
		// A slide that cannot be recognized is one without text, and not tried again.
		s.Engine, s.Text, s.Words = engineOCR, text, words
	}
	fillSearch(deck.Slides, nil)
	for i, s := range before {
		if s.Engine == deck.Slides[i].Engine {
			deck.Slides[i].Search = s.Search // made when more was known of its words
		}
	}
	return deck, done > 0, nil
}

func (p *Pool) recognize(ctx context.Context, program, path, media string, slide int, language string) (string, []archive.Word, error) {
	picture, err := p.Picture(ctx, path, media, slide, ocrWidth)
	if err != nil {
		return "", nil, err
	}
	select {
	case p.helpers <- struct{}{}:
	case <-ctx.Done():
		return "", nil, ctx.Err()
	}
	defer func() { <-p.helpers }()
	room, err := os.MkdirTemp(p.cfg.CacheDir, "ocr-")
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = os.RemoveAll(room) }() // what stays is swept with the cache
	file := filepath.Join(room, "slide"+extension(picture.Media))
	if err := os.WriteFile(file, picture.Bytes, 0o644); err != nil {
		return "", nil, err
	}
	model, err := p.ocrModel(ctx, program, language)
	if err != nil {
		return "", nil, err
	}
	out, err := p.tesseract(ctx, program, room, file, "stdout", "-l", model, "--psm", "3", "tsv")
	if err != nil {
		return "", nil, err
	}
	text, words := readTSV(out.String(), picture.Width, picture.Height)
	return text, words, nil
}

// tesseract runs the program under bounds and gives what it prints.
func (p *Pool) tesseract(ctx context.Context, program, room string, args ...string) (*bytes.Buffer, error) {
	ctx, cancel := context.WithTimeout(ctx, ocrTime)
	defer cancel()
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "OMP_THREAD_LIMIT=1", "TMPDIR=" + room, "HOME=" + room, "LANG=C.UTF-8"}
	if models := os.Getenv("TESSDATA_PREFIX"); models != "" {
		env = append(env, "TESSDATA_PREFIX="+models)
	}
	var out bytes.Buffer
	err := p.run(ctx, role{
		Do: doRun, Program: program, Args: args, Env: env,
		Memory: ocrMemory, Seconds: int(ocrTime.Seconds()), File: outputBytes,
	}, &out)
	return &out, err
}

// ocrModel finds the model for a language among those that are installed.
func (p *Pool) ocrModel(ctx context.Context, program, language string) (string, error) {
	out, err := p.tesseract(ctx, program, p.cfg.CacheDir, "--list-langs")
	if err != nil {
		return "", err
	}
	first, _, _ := strings.Cut(strings.ToLower(language), "-")
	wanted := ocrModels[first]
	installed := ""
	for line := range strings.Lines(out.String()) {
		name := strings.TrimSpace(line)
		if strings.ContainsAny(name, " :") || name == "" || name == "osd" {
			continue
		}
		if name == wanted {
			return name, nil
		}
		if installed == "" || name == "eng" {
			installed = name
		}
	}
	if installed == "" {
		return "", errors.New("tesseract has no model of any language")
	}
	return installed, nil
}

// ocrModels are tesseract's names of languages (ISO 639-2, mostly) by those of BCP 47.
var ocrModels = map[string]string{
	"ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa",
	"et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra", "gl": "glg", "he": "heb", "hi": "hin", "hr": "hrv",
	"hu": "hun", "id": "ind", "is": "isl", "it": "ita", "ja": "jpn", "ko": "kor", "lt": "lit", "lv": "lav", "nb": "nor",
	"nl": "nld", "nn": "nor", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv",
	"sr": "srp", "sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr", "vi": "vie", "zh": "chi_sim",
}

// readTSV reads tesseract's table of words: level, page, block, paragraph, line, word,
// left, top, width, height, confidence, text.
func readTSV(table string, width, height int) (string, []archive.Word) {
	if width <= 0 || height <= 0 {
		return "", nil
	}
	scale := placement{1 / float64(width), 0, 0, 0, 1 / float64(height), 0}
	var w pageWriter
	last := ""
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.TrimRight(row, "\r\n"), "\t")
		if len(cells) != 12 || cells[0] != "5" {
			continue
		}
		var n [5]float64
		bad := false
		for i := range n {
			v, err := strconv.ParseFloat(cells[6+i], 64)
			n[i], bad = v, bad || err != nil
		}
		if bad || n[4] < ocrSure || strings.TrimSpace(cells[11]) == "" || !w.room() {
			continue
		}
		if line := strings.Join(cells[1:5], " "); line != last && last != "" {
			w.newLine()
			last = line
		} else if last == "" {
			last = line
		}
		box, _ := scale.box(n[0], n[1], n[0]+n[2], n[1]+n[3])
		for _, r := range cells[11] {
			w.char(r, box)
		}
		w.space()
	}
	return w.finish()
}
