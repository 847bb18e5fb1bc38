package main

import (
	"strings"

	"github.com/spf13/cobra"
)

// newRoot wires the commands.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "rostrum",
		Short: "An archive of talks: past editions go in, a searchable archive comes out",
		Long: `Rostrum reads the programme pages of past editions of conferences, workshops and
meetups, keeps their talks, people and slides, and serves them as a searchable site.

Everything lies in one data folder: --data, else ROSTRUM_DATA, else ./rostrum-data.`,
		Example: examples(`
rostrum demo                                     try it with what is bundled
rostrum add https://example.org/2017/programme   read a past edition
rostrum serve                                    show the archive
rostrum search "failure injection"               search it from here`),
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRun: func(*cobra.Command, []string) {
			a.started = true
		},
	}
	flags := root.PersistentFlags()
	data := a.getenv("ROSTRUM_DATA")
	if data == "" {
		data = "rostrum-data"
	}
	flags.StringVar(&a.data, "data", data, "the data `folder` (ROSTRUM_DATA)")
	flags.BoolVar(&a.json, "json", false, "print JSON, for programs")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "log what is done to standard error")
	group := func(id, title string, cmds ...*cobra.Command) {
		root.AddGroup(&cobra.Group{ID: id, Title: title})
		for _, cmd := range cmds {
			cmd.GroupID = id
		}
		root.AddCommand(cmds...)
	}
	group("look", "Look:", newDemo(a), newServe(a), newSearch(a), newShow(a), newList(a))
	group("fill", "Fill:", newAdd(a), newRead(a), newReread(a))
	group("decide", "Decide:", newCorrect(a), newPerson(a), newEdition(a), newSeries(a), newMove(a), newTakedown(a), newRetract(a), newUndo(a), newHistory(a),
		newCorrections(a), newSuggestions(a))
	group("keep", "Keep:", newPasswd(a), newBackup(a), newReindex(a), newDoctor(a), newVersion(a), newMan(a))
	root.AddCommand(newTopics(a)...)
	root.SetCompletionCommandGroupID("keep")
	root.SetHelpCommandGroupID("keep")
	a.completeArguments(root)
	return root
}

// examples indents the lines of a command's examples.
func examples(lines string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\n  ")
}
