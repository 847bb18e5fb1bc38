package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rostrum/archive/search"
)

func newBackup(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FOLDER",
		Short: "Copy all that must not be lost",
		Long: `Backup copies the database, the kept pages and slides, the organizers' passwords and your
synonyms into FOLDER. The archive may be served and added to meanwhile: what is copied is
one consistent state of it. Once more it copies only what is new, since kept files never
change. None is removed from the copy: what was destroyed in the archive has to be
destroyed there too, by the same command with --data.

The copy is a data folder itself, without the index and the pictures of slides, which are
made again when it is served.`,
		Example: examples(`
rostrum backup /safe/place
rostrum --data /safe/place doctor            is the copy whole?
rostrum --data /safe/place serve             go on with it, here or elsewhere`),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.backup(cmd.Context(), args[0]) },
	}
}

func (a *app) backup(ctx context.Context, to string) (err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	files, bytes, err := db.Backup(ctx, to)
	if err != nil {
		return err
	}
	for _, name := range []string{a.organizersFile(), filepath.Join(a.data, search.SynonymsFile)} {
		if err := copyBeside(name, to); err != nil {
			return fmt.Errorf("back up: %w", err)
		}
	}
	if a.json {
		a.printJSON(struct {
			Folder string `json:"folder"`
			Files  int    `json:"files"`
			Bytes  int64  `json:"bytes"`
		}{to, files, bytes})
		return nil
	}
	fmt.Fprintf(a.out, "the archive is copied to %s: %s new, %.1f MB\n", to, plural(files, "kept file"), float64(bytes)/1e6)
	return nil
}

// copyBeside copies a small file into a folder, if there is one.
func copyBeside(path, to string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	target := filepath.Join(to, filepath.Base(path))
	if err := os.WriteFile(target+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(target+".new", target)
}
