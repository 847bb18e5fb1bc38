package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/ledger"
	"rostrum/archive/store"
)

func newCorrections(a *app) *cobra.Command {
	disagreeing := false
	cmd := &cobra.Command{
		Use:   "corrections",
		Short: "List the corrections that stand; keep them in a file",
		Long: `Corrections lists the corrected fields beside what their sources say now. Where a source
has come to say something else than when it was corrected, both are shown.`,
		Example: examples(`
rostrum corrections
rostrum corrections --disagreeing            only where a source says something new
rostrum corrections export corrections.yaml
rostrum corrections import corrections.yaml`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.corrections(cmd.Context(), disagreeing) },
	}
	cmd.Flags().BoolVar(&disagreeing, "disagreeing", false, "only those with which a source has come to disagree")
	cmd.AddCommand(newExport(a), newImport(a))
	return cmd
}

func (a *app) corrections(ctx context.Context, disagreeing bool) (err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	list, err := db.Corrections(ctx)
	if err != nil {
		return err
	}
	v, differ := a.newSheet(), 0
	for _, c := range list {
		if c.Disagrees() {
			differ++
		} else if disagreeing {
			continue
		}
		if a.json {
			a.printJSON(jsonOf(c))
			continue
		}
		tellCorrected(v, c)
	}
	if !a.json {
		fmt.Fprintf(a.out, "%s, %d disagreeing with what their sources have come to say\n", plural(len(list), "correction"), differ)
	}
	return nil
}

// correctedJSON is how a correction is printed for programs.
type correctedJSON struct {
	Thing store.Thing `json:"thing"`
	ID    string      `json:"id"`
	store.Correction
	Act       store.ActID     `json:"act"`
	Read      json.RawMessage `json:"read,omitempty"` // what the sources say now
	Disagrees bool            `json:"disagrees"`
}

func jsonOf(c store.Corrected) correctedJSON {
	return correctedJSON{c.Thing, c.ID, c.Correction, c.Act, c.Read, c.Disagrees()}
}

// tellCorrected prints a correction, and what the source says where it disagrees.
func tellCorrected(v *sheet, c store.Corrected) {
	lead := fmt.Sprintf("%4d  ", c.Act)
	fmt.Fprintf(v.out, "%s%s\n", v.show(words{text: lead, set: dim}), v.fit(c.ID+" "+c.Field+": "+shown(archive.FieldText(c.Field, c.Value)), v.width-len(lead)))
	if c.Disagrees() {
		v.line(6, words{text: "the source said: " + shown(archive.FieldText(c.Field, c.Was)), set: dim})
		v.line(6, words{text: "and now says: " + shown(archive.FieldText(c.Field, c.Read)), set: bold})
	}
}

func newExport(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write the decisions that stand as YAML",
		Long: `Export writes all that people decided and that stands – corrections, merges, splits,
takedowns, readings taken back – in the order in which they did, as YAML: to FILE, or to standard output. Under
version control the differences of the file say what was decided.`,
		Example: examples(`
rostrum corrections export corrections.yaml
rostrum corrections export | git diff --no-index corrections.yaml -`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.export(cmd.Context(), args) },
	}
}

func (a *app) export(ctx context.Context, args []string) (err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var file bytes.Buffer
	done, err := ledger.Export(ctx, db, &file)
	if err != nil {
		return err
	}
	if done.Left > 0 {
		fmt.Fprintf(a.err, "rostrum: hint: %s left out: a newer rostrum made them\n", plural(done.Left, "decision"))
	}
	if len(args) == 0 || args[0] == "-" {
		_, err := a.out.Write(file.Bytes())
		return err
	}
	if err := replaceFile(args[0], file.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w", args[0], err)
	}
	fmt.Fprintf(a.err, "%s written to %s\n", plural(done.Decisions, "decision"), args[0])
	return nil
}

// replaceFile writes beside and renames, so that the old file stays whole
// until the new one is.
func replaceFile(path string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".rostrum-*.yaml")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

func newImport(a *app) *cobra.Command {
	var f whoFlags
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Take in a file of decisions",
		Long: `Import takes in a file as rostrum corrections export writes it; - is standard input. What
stands already is passed over, so taking a file in twice changes nothing. What the file lacks
stays: to take a decision back, use rostrum undo. Decisions that do not hold are told with
their lines, and the others are taken.`,
		Example: examples(`rostrum corrections import corrections.yaml`),
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
				return a.importFile(cmd.Context(), db, args[0], who)
			})
		},
	}
	f.add(a, cmd)
	return cmd
}

func (a *app) importFile(ctx context.Context, db *store.DB, path string, who store.Who) error {
	from, name := a.in, "standard input"
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		from, name = file, path
	}
	done, err := ledger.Import(ctx, db, name, from, who)
	if err != nil {
		a.tell(err)
	}
	if a.json {
		a.printJSON(struct {
			Made  int `json:"made"`
			Stood int `json:"stood"`
		}{done.Made, done.Stood})
	} else {
		fmt.Fprintf(a.out, "%s new, %d stood already\n", plural(done.Made, "decision"), done.Stood)
	}
	if err != nil {
		return errTold
	}
	return nil
}
