package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func newMan(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "man FOLDER",
		Short: "Write the manual pages",
		Long: `Man writes a manual page for each command into FOLDER/man1, and for each help topic into
FOLDER/man7. manpath says in which folders man looks for them.`,
		Example: examples(`
rostrum man ~/.local/share/man               then: man rostrum-search
rostrum man pages && man -l pages/man1/rostrum.1`),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := a.man(cmd.Root(), args[0])
			if err != nil {
				return err
			}
			if a.json {
				a.printJSON(struct {
					Folder string `json:"folder"`
					Pages  int    `json:"pages"`
				}{args[0], n})
				return nil
			}
			fmt.Fprintf(a.out, "%s written to %s\n", plural(n, "page"), args[0])
			return nil
		},
	}
}

// man writes all pages and returns how many.
func (a *app) man(root *cobra.Command, dir string) (int, error) {
	commands, about := filepath.Join(dir, "man1"), filepath.Join(dir, "man7")
	if err := errors.Join(os.MkdirAll(commands, 0o755), os.MkdirAll(about, 0o755)); err != nil {
		return 0, fmt.Errorf("write manual pages: %w", err)
	}
	day := a.now()
	root.DisableAutoGenTag = true
	header := &doc.GenManHeader{Section: "1", Source: "Rostrum " + version(), Manual: "Rostrum", Date: &day}
	if err := doc.GenManTreeFromOpts(root, doc.GenManTreeOptions{Header: header, Path: commands, CommandSeparator: "-"}); err != nil {
		return 0, fmt.Errorf("write manual pages: %w", err)
	}
	list, err := topics()
	if err != nil {
		return 0, err
	}
	for _, t := range list {
		name := "rostrum-" + t.name
		text := fmt.Sprintf("%% %q \"7\" %q \"Rostrum %s\" \"Rostrum\"\n# NAME\n%s - %s\n\n# DESCRIPTION\n%s\n# SEE ALSO\n**rostrum(1)**\n",
			strings.ToUpper(name), day.Format("Jan 2006"), version(), name, t.short, t.text)
		if err := os.WriteFile(filepath.Join(about, name+".7"), md2man.Render([]byte(text)), 0o644); err != nil {
			return 0, fmt.Errorf("write manual pages: %w", err)
		}
	}
	pages, err := filepath.Glob(filepath.Join(dir, "man[17]", "rostrum*.[17]"))
	return len(pages), err
}
