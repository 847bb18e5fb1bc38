package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/ingest/slides"
)

// diagnosis is what doctor finds.
type diagnosis struct {
	Version  string          `json:"version"`
	Data     string          `json:"data"`
	Archive  string          `json:"archive"` // "whole", "none", or what is wrong
	Wrong    []string        `json:"wrong,omitempty"`
	Counts   *archive.Counts `json:"counts,omitempty"`
	Server   string          `json:"server,omitempty"`
	Waiting  int             `json:"decks_to_read"`
	Programs []program       `json:"programs"`
}

type program struct {
	Name string `json:"name"`
	Path string `json:"path,omitempty"`
	Adds string `json:"adds"`
}

func newDoctor(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check the archive, and say which optional programs were found",
		Long: `Doctor looks the whole archive over: the database, every kept file, and whether decks
wait to be read. It says which optional programs are installed and what each would add.`,
		Example: examples(`
rostrum doctor
rostrum doctor --json`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d := diagnosis{Version: version(), Data: a.data, Archive: "none"}
			if abs, err := filepath.Abs(a.data); err == nil {
				d.Data = abs
			}
			for _, p := range slides.Optional() {
				d.Programs = append(d.Programs, program{p.Name, p.Path, p.Adds})
			}
			if _, err := os.Stat(filepath.Join(a.data, "archive.db")); err == nil {
				if err := a.examine(cmd, &d); err != nil {
					return err
				}
			}
			if a.json {
				a.printJSON(d)
			} else {
				a.printDiagnosis(d)
			}
			if len(d.Wrong) > 0 {
				return errTold
			}
			return nil
		},
	}
}

// examine looks at the archive that is there.
func (a *app) examine(cmd *cobra.Command, d *diagnosis) (err error) {
	ctx := cmd.Context()
	db, err := a.openStore(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	d.Archive = "whole"
	if err := db.Check(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		d.Archive = "damaged"
		d.Wrong = sentences(err)
	}
	counts, err := db.Counts(ctx)
	if err != nil {
		return err
	}
	d.Counts = &counts
	waiting, err := db.DecksToRead(ctx, slides.Version)
	if err != nil {
		return err
	}
	d.Waiting = len(waiting)
	lock, who, err := lockIndex(ctx, a.data)
	if err == nil {
		return lock.close()
	}
	d.Server = who.Address
	return nil
}

// sentences returns the texts of joined errors.
func sentences(err error) []string {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []string{err.Error()}
	}
	var all []string
	for _, one := range joined.Unwrap() {
		all = append(all, sentences(one)...)
	}
	return all
}

func (a *app) printDiagnosis(d diagnosis) {
	row := func(name, text string) { fmt.Fprintf(a.out, "%-10s %s\n", name, text) }
	row("rostrum", d.Version)
	row("data", d.Data)
	if c := d.Counts; c == nil {
		row("archive", `none there yet; "rostrum add SOURCE" makes one`)
	} else {
		row("archive", fmt.Sprintf("%s: %s, %s, %d people, %s with %s", d.Archive, plural(c.Editions, "edition"), plural(c.Talks, "talk"), c.People, plural(c.Decks, "deck"), plural(c.Slides, "slide")))
	}
	for _, w := range d.Wrong {
		row("", "! "+cut(w, 200))
	}
	if d.Waiting > 0 {
		row("decks", plural(d.Waiting, "deck")+" wait to be read; \"rostrum reread\" does it")
	}
	if d.Server != "" {
		row("server", "runs at "+d.Server)
	}
	for _, p := range d.Programs {
		where := "not installed"
		if p.Path != "" {
			where = p.Path
		}
		row(p.Name, fmt.Sprintf("%s: %s", where, p.Adds))
	}
}
