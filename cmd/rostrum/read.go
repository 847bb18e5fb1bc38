package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/ingest"
)

func newRead(a *app) *cobra.Command {
	var base string
	var schema, explain, private bool
	cmd := &cobra.Command{
		Use:   "read SOURCE",
		Short: "Print what is read from a page or a deck, and keep nothing",
		Long: `Read prints what Rostrum sees in a source: of a page one Programme as JSON, of a
slide deck the text of each slide. "rostrum add" takes the JSON that read prints, so it
can be corrected by hand in between.`,
		Example: examples(`
rostrum read https://example.org/2017/programme.html
rostrum read --base-url https://example.org/2017/ saved.html > programme.json
rostrum read slides.pdf | jq -r '.slides[].text'
rostrum read --explain saved.html            the page's items beside what was read
rostrum read --schema                        the form of Programme JSON`),
		Args: func(cmd *cobra.Command, args []string) error {
			if schema {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if schema {
				_, err := fmt.Fprint(a.out, archive.ProgrammeSchema())
				return err
			}
			return a.read(cmd.Context(), ingest.ReadRequest{Source: args[0], BaseURL: base, Explain: explain}, private)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&base, "base-url", "", "`ADDRESS` that a local page was saved from")
	flags.BoolVar(&schema, "schema", false, "print the JSON Schema of Programme JSON")
	flags.BoolVar(&explain, "explain", false, "show the page's items beside what was read")
	flags.BoolVar(&private, "allow-private", false, "let addresses reach this machine and its network")
	return cmd
}

func (a *app) read(ctx context.Context, req ingest.ReadRequest, private bool) (err error) {
	client := newFetch(private)
	defer client.Close()
	pool, err := a.readingPool()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	in := ingest.New(ingest.Config{Fetch: client, Slides: pool, Log: a.logger(), Now: a.now})
	bad := 0
	bar := a.newBar("read")
	for got, err := range in.Read(ctx, req, func(e ingest.Event) {
		if e.Step == ingest.StepLinks {
			bar.draw(fmt.Sprintf("page %d of %d%s: %s", e.Done, e.Total, timeLeft(e.Left.Duration), e.Address), false)
		}
	}) {
		bar.clear()
		if err != nil && ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			bad++
			a.tell(under(req.Source, err))
			continue
		}
		if err := a.printReading(got); err != nil {
			return err
		}
	}
	if bad > 0 {
		return errTold
	}
	return nil
}

// printReading writes one thing that was read.
func (a *app) printReading(got ingest.Reading) error {
	if got.Explanation != "" {
		_, err := fmt.Fprint(a.out, got.Explanation)
		return err
	}
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	if !got.Several {
		enc.SetIndent("", "  ")
	}
	if got.Deck != nil {
		return enc.Encode(deckJSON(*got.Deck))
	}
	return enc.Encode(got.Programme)
}

// slideJSON and readDeck are what read prints of a deck.
type slideJSON struct {
	Number int      `json:"number"`
	Text   string   `json:"text"`
	Notes  string   `json:"notes,omitempty"`
	Links  []string `json:"links,omitempty"`
	Engine string   `json:"engine,omitempty"`
}

type readDeck struct {
	Media   string      `json:"media"`
	Title   string      `json:"title,omitempty"`
	Author  string      `json:"author,omitempty"`
	Problem string      `json:"problem,omitempty"`
	Slides  []slideJSON `json:"slides"`
}

func deckJSON(d archive.Deck) readDeck {
	out := readDeck{Media: d.Media, Title: d.Title, Author: d.Author, Problem: d.Problem, Slides: []slideJSON{}}
	for _, s := range d.Slides {
		out.Slides = append(out.Slides, slideOf(s))
	}
	return out
}

func slideOf(s archive.Slide) slideJSON {
	return slideJSON{s.Number, s.Text, s.Notes, s.Links, s.Engine}
}
