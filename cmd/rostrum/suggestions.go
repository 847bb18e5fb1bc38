package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newSuggestions(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "suggestions",
		Short: "See what visitors suggest; accept or reject it",
		Long: `On every talk, edition and person visitors may suggest a correction. It waits until an
organizer accepts it, here or at the desk; then it is a correction as any other.`,
		Example: examples(`
rostrum suggestions list
rostrum suggestions accept 12
rostrum suggestions reject 13 14`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSuggestionList(a), newSuggestionAccept(a), newSuggestionReject(a))
	return cmd
}

func newSuggestionList(a *app) *cobra.Command {
	all, limit := false, 50
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what waits, beside what is shown now",
		Example: examples(`
rostrum suggestions list
rostrum suggestions list --all               also those that were decided`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 || limit > 200 {
				return &misuseError{"--limit is from 1 to 200"}
			}
			return a.suggestions(cmd.Context(), all, limit)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also those that were decided")
	cmd.Flags().IntVar(&limit, "limit", limit, "at most so many, the oldest first")
	return cmd
}

func (a *app) suggestions(ctx context.Context, all bool, limit int) (err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	q := store.SuggestionQuery{State: store.SuggestionWaiting, Limit: limit}
	if all {
		q.State = ""
	}
	list, total, err := db.Suggestions(ctx, q)
	if err != nil {
		return err
	}
	for _, s := range list {
		if a.json {
			a.printJSON(struct {
				store.Suggestion
				Stale bool `json:"stale"`
			}{s, s.Stale()})
			continue
		}
		a.printSuggestion(s)
	}
	if !a.json {
		fmt.Fprintf(a.out, "%s\n", plural(total, "suggestion"))
	}
	return nil
}

func (a *app) printSuggestion(s store.Suggestion) {
	name := s.Name
	if name == "" {
		name = "(a " + string(s.Thing) + " that is not shown any more)"
	}
	fmt.Fprintf(a.out, "%4d  %s  %s", s.ID, s.At.Format("2006-01-02"), name)
	switch {
	case s.State != store.SuggestionWaiting:
		fmt.Fprintf(a.out, "  %s by %s", s.State, printable(s.DecidedBy))
	case s.Stale():
		fmt.Fprint(a.out, "  stale: what it would change has changed since")
	}
	fmt.Fprintln(a.out)
	if s.Comment != "" {
		fmt.Fprintf(a.out, "      says %s\n", cut(s.Comment, 300))
	}
	for _, f := range s.Fields {
		old := f.Now
		if s.State != store.SuggestionWaiting {
			old = f.Old
		}
		fmt.Fprintf(a.out, "      %s: %s -> %s\n", f.Field, shown(archive.FieldText(f.Field, old)), shown(archive.FieldText(f.Field, f.New)))
		if f.Stale() && !f.Settled() && s.State == store.SuggestionWaiting {
			fmt.Fprintf(a.out, "      when it was suggested: %s\n", shown(archive.FieldText(f.Field, f.Old)))
		}
	}
}

// suggestionIDs reads numbers of suggestions.
func suggestionIDs(args []string) ([]store.SuggestionID, error) {
	var list []store.SuggestionID
	for _, arg := range args {
		n, err := strconv.ParseInt(strings.TrimPrefix(arg, "#"), 10, 64)
		if err != nil || n <= 0 {
			return nil, &misuseError{fmt.Sprintf("%q is no number of a suggestion: rostrum suggestions list shows them", arg)}
		}
		list = append(list, store.SuggestionID(n))
	}
	return list, nil
}

// decideSuggestions decides one after the other; the first that cannot be ends it.
func (a *app) decideSuggestions(cmd *cobra.Command, args []string, f whoFlags, do func(db *store.DB, id store.SuggestionID, who store.Who) ([]store.ActID, error)) error {
	ids, err := suggestionIDs(args)
	if err != nil {
		return err
	}
	return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
		for _, id := range ids {
			acts, err := do(db, id, who)
			if errors.Is(err, archive.ErrNotFound) {
				return hint(fmt.Errorf("there is no suggestion %d", id), "rostrum suggestions list shows them")
			}
			if err != nil {
				return err
			}
			if a.json {
				a.printJSON(struct {
					Suggestion store.SuggestionID `json:"suggestion"`
					Acts       []store.ActID      `json:"acts"`
				}{id, append([]store.ActID{}, acts...)})
				continue
			}
			fmt.Fprintf(a.out, "suggestion %d: %sed\n", id, cmd.Name())
			for _, act := range acts {
				if err := a.tellAct(cmd.Context(), db, act, nil); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func newSuggestionAccept(a *app) *cobra.Command {
	var f whoFlags
	stale := false
	cmd := &cobra.Command{
		Use:   "accept ID…",
		Short: "Make corrections of suggestions",
		Long: `Accept makes corrections of what was suggested. What has changed since it was suggested is
refused, unless --stale says that the suggestion is right all the same.`,
		Example: examples(`rostrum suggestions accept 12`),
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decideSuggestions(cmd, args, f, func(db *store.DB, id store.SuggestionID, who store.Who) ([]store.ActID, error) {
				return db.AcceptSuggestion(cmd.Context(), id, stale, who)
			})
		},
	}
	cmd.Flags().BoolVar(&stale, "stale", false, "also where the value has changed since")
	f.add(a, cmd)
	return cmd
}

func newSuggestionReject(a *app) *cobra.Command {
	var f whoFlags
	cmd := &cobra.Command{
		Use:     "reject ID…",
		Short:   "Take suggestions out of the queue, changing nothing",
		Example: examples(`rostrum suggestions reject 13 14`),
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.decideSuggestions(cmd, args, f, func(db *store.DB, id store.SuggestionID, who store.Who) ([]store.ActID, error) {
				return nil, db.RejectSuggestion(cmd.Context(), id, who)
			})
		},
	}
	f.add(a, cmd)
	return cmd
}
