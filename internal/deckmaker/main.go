// Deckmaker makes the slide PDFs of the bundled tour from their texts.
//
//	go run ./internal/deckmaker cmd/rostrum/bundled/tour
//
// Each NAME.slides.txt in the folder becomes NAME.pdf. The text is a deck as one
// would type it in a mail: a first line "# Title", then lines of subtitle; each
// "## Heading" begins a slide; "- " is a point, four blanks begin a line of
// code, anything else is a paragraph. The same text gives the same bytes, so a
// test can tell when a PDF was forgotten.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "deckmaker: usage: deckmaker FOLDER")
		os.Exit(2)
	}
	if err := makeAll(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "deckmaker: error:", err)
		os.Exit(1)
	}
}

func makeAll(folder string) error {
	texts, err := filepath.Glob(filepath.Join(folder, "*.slides.txt"))
	if err != nil {
		return err
	}
	if len(texts) == 0 {
		return fmt.Errorf("no *.slides.txt in %s", folder)
	}
	for _, name := range texts {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var pdf bytes.Buffer
		if err := draw(&pdf, parse(string(text))); err != nil {
			return fmt.Errorf("draw %s: %w", name, err)
		}
		if err := os.WriteFile(strings.TrimSuffix(name, ".slides.txt")+".pdf", pdf.Bytes(), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// deck is a parsed text: a title slide and the slides after it.
type deck struct {
	title    string
	subtitle []string
	slides   []slide
}

type slide struct {
	heading string
	blocks  []block
}

// block is one line of a slide, with its manner.
type block struct {
	manner manner
	text   string
}

type manner int

const (
	paragraph manner = iota
	point
	code
)

func parse(text string) deck {
	var d deck
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n ")
		last := len(d.slides) - 1
		switch {
		case strings.HasPrefix(line, "## "):
			d.slides = append(d.slides, slide{heading: line[3:]})
		case strings.HasPrefix(line, "# "):
			d.title = line[2:]
		case line == "":
		case last < 0:
			d.subtitle = append(d.subtitle, line)
		case strings.HasPrefix(line, "- "):
			d.slides[last].blocks = append(d.slides[last].blocks, block{point, line[2:]})
		case strings.HasPrefix(line, "    "):
			d.slides[last].blocks = append(d.slides[last].blocks, block{code, line[4:]})
		default:
			d.slides[last].blocks = append(d.slides[last].blocks, block{paragraph, line})
		}
	}
	return d
}
