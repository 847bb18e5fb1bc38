package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newPerson(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "person",
		Short: "Say who is who: merge, split, rename, and what is proposed",
		Long: `A name stays on its talk as it was printed; whose name it is can be decided. Addresses of
people who were merged lead to whom they were merged into, and come back with undo.`,
		Example: examples(`
rostrum person proposals                              who may be one, with the reasons
rostrum person merge b-danglot benjamin-danglot
rostrum person rename joe-armstrong 'Joe Armstrong'`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMerge(a), newApart(a), newSplit(a), newRename(a), newProposals(a), newPersonLink(a))
	return cmd
}

// pairCommand is a command over two people.
func pairCommand(a *app, cmd *cobra.Command, do func(context.Context, *store.DB, archive.PersonID, archive.PersonID, store.Who) (store.ActID, error)) *cobra.Command {
	var f whoFlags
	cmd.Args = cobra.ExactArgs(2)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		from, err := personOf(args[0])
		if err != nil {
			return err
		}
		to, err := personOf(args[1])
		if err != nil {
			return err
		}
		return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
			id, err := do(cmd.Context(), db, from, to, who)
			return a.tellAct(cmd.Context(), db, id, err)
		})
	}
	f.add(a, cmd)
	return cmd
}

// tellAct tells what an Act did, or gives its error back.
func (a *app) tellAct(ctx context.Context, db *store.DB, id store.ActID, err error) error {
	if err != nil {
		return err
	}
	act, err := db.ActByID(ctx, id)
	if err != nil {
		return err
	}
	a.decided(id, describe(act))
	return nil
}

func newMerge(a *app) *cobra.Command {
	return pairCommand(a, &cobra.Command{
		Use:     "merge PERSON INTO",
		Short:   "Say that two people are one",
		Example: examples(`rostrum person merge b-danglot benjamin-danglot`),
	}, func(ctx context.Context, db *store.DB, from, into archive.PersonID, who store.Who) (store.ActID, error) {
		return db.MergePeople(ctx, from, into, who)
	})
}

func newApart(a *app) *cobra.Command {
	return pairCommand(a, &cobra.Command{
		Use:     "apart PERSON OTHER",
		Short:   "Say that two people are two, so that they are not proposed again",
		Example: examples(`rostrum person apart chen-li chen-li-2`),
	}, func(ctx context.Context, db *store.DB, x, y archive.PersonID, who store.Who) (store.ActID, error) {
		return db.KeepApart(ctx, x, y, who)
	})
}

func newSplit(a *app) *cobra.Command {
	var f whoFlags
	to := ""
	cmd := &cobra.Command{
		Use:   "split PERSON TALK…",
		Short: "Say that some talks are another person's of the same name",
		Long: `Split takes the credits of a person on the talks named and gives them to a new person of
the same name, or with --to to somebody who is there already.`,
		Example: examples(`
rostrum person split chen-li chaos-day/2017/trees
rostrum person split chen-li chaos-day/2017/trees --to chen-li-2`),
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			from, err := personOf(args[0])
			if err != nil {
				return err
			}
			var target archive.PersonID
			if to != "" {
				if target, err = personOf(to); err != nil {
					return err
				}
			}
			var talks []archive.TalkID
			for _, arg := range args[1:] {
				t, err := thingOf(arg)
				if err != nil {
					return err
				}
				if t.kind != store.ThingTalk {
					return &misuseError{arg + " is no talk"}
				}
				talks = append(talks, archive.TalkID(t.id))
			}
			return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
				credits, err := db.CreditsOf(cmd.Context(), from, talks)
				if err != nil {
					return err
				}
				_, id, err := db.AssignCredits(cmd.Context(), credits, target, who)
				return a.tellAct(cmd.Context(), db, id, err)
			})
		},
	}
	cmd.Flags().StringVar(&to, "to", "", "`PERSON` whose talks they are")
	f.add(a, cmd)
	return cmd
}

func newRename(a *app) *cobra.Command {
	var f whoFlags
	hide := false
	cmd := &cobra.Command{
		Use:   "rename PERSON NAME",
		Short: "Choose the name that is shown for a person",
		Long: `Rename chooses the name on a person's page and in lists. On talks the name stays as it was
printed, unless --hide-former: then the chosen one is shown everywhere, and the former
is not found by search any more. Pictures of slides and slide files still show what is
printed in them: rostrum takedown --deck hides those. The address of the page stays.`,
		Example: examples(`
rostrum person rename a-lind "Ada Lind"
rostrum person rename a-lind "Ada Berg" --hide-former`),
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := personOf(args[0])
			if err != nil {
				return err
			}
			return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
				t := thing{store.ThingPerson, string(id)}
				if err := a.correct(cmd.Context(), db, t, "name", args[1], who); err != nil || !hide {
					return err
				}
				return a.correct(cmd.Context(), db, t, "veiled", "true", who)
			})
		},
	}
	cmd.Flags().BoolVar(&hide, "hide-former", false, "show the chosen name in place of those printed")
	f.add(a, cmd)
	return cmd
}

func newProposals(a *app) *cobra.Command {
	limit := 30
	cmd := &cobra.Command{
		Use:   "proposals",
		Short: "List people who may be one, with the reasons",
		Long: `Proposals lists pairs of people who may be one, the strongest reasons first. Nobody is
merged by it: rostrum person merge does that, rostrum person apart says that they are two.`,
		Example: examples(`
rostrum person proposals
rostrum person proposals --json | jq -r 'select(.score > 0.9).reasons[]'`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 {
				return &misuseError{"--limit is at least 1"}
			}
			return a.proposals(cmd.Context(), limit)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "at most so many")
	return cmd
}

func (a *app) proposals(ctx context.Context, limit int) (err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	list, err := db.Proposals(ctx)
	if err != nil {
		return err
	}
	v := a.newSheet()
	for _, p := range list[:min(limit, len(list))] {
		if a.json {
			a.printJSON(struct {
				A       archive.PersonID `json:"a"`
				B       archive.PersonID `json:"b"`
				Score   float64          `json:"score"` // from 0 to 1
				Reasons []string         `json:"reasons"`
				Against []string         `json:"against,omitempty"`
			}{p.A, p.B, p.Score, p.Reasons, p.Against})
			continue
		}
		from, into, err := mergeOrder(ctx, db, p)
		if err != nil {
			return err
		}
		fmt.Fprintf(v.out, "%3.0f%%  %s\n", 100*p.Score, v.show(words{text: fmt.Sprintf("rostrum person merge %s %s", from, into), set: bold}))
		for _, r := range p.Reasons {
			v.line(6, words{text: "+ " + cut(r, 160)})
		}
		for _, r := range p.Against {
			v.line(6, words{text: "- " + cut(r, 160), set: dim})
		}
	}
	if !a.json {
		fmt.Fprintf(a.out, "%s\n", plural(len(list), "pair"))
	}
	return nil
}

// mergeOrder puts the one with fewer talks first: the address that more lead to stays.
func mergeOrder(ctx context.Context, db *store.DB, p archive.Proposal) (from, into archive.PersonID, err error) {
	a, err := db.PersonByID(ctx, p.A)
	if err != nil {
		return "", "", err
	}
	b, err := db.PersonByID(ctx, p.B)
	if err != nil {
		return "", "", err
	}
	if a.Talks < b.Talks {
		return p.A, p.B, nil
	}
	return p.B, p.A, nil
}
