package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"rostrum/archive/store"
)

func newTakedown(a *app) *cobra.Command {
	var f whoFlags
	deck, destroy := "", false
	cmd := &cobra.Command{
		Use:   "takedown TALK|EDITION|PERSON",
		Short: "Hide something from every reader, for good",
		Long: `Takedown hides a talk, an edition, a person (the name is withheld on every talk) or, with
--deck, a slide file. It leaves the search at once and stays hidden however often its source
is read again, until rostrum undo. With --destroy the bytes of a slide file are removed and
cannot be brought back from here.`,
		Example: examples(`
rostrum takedown chaos-day/2017/let-it-crash --why "the speaker asked"
rostrum takedown joe-armsby
rostrum takedown --deck https://example.org/crash.pdf --destroy`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (deck != "") {
				return &misuseError{"name a talk, an edition or a person, or --deck ADDRESS"}
			}
			if destroy && deck == "" {
				return &misuseError{"--destroy is for the bytes of a --deck"}
			}
			t := thing{store.ThingDeck, deck}
			if deck == "" {
				var err error
				if t, err = thingOf(args[0]); err != nil {
					return err
				}
			}
			return a.deciding(cmd.Context(), f, func(db *store.DB, who store.Who) error {
				take := func() (store.ActID, error) { return db.TakeDown(cmd.Context(), t.kind, t.id, who) }
				if destroy {
					take = func() (store.ActID, error) { return db.DestroyDeck(cmd.Context(), t.id, who) }
				}
				id, err := take()
				if err == nil && destroy {
					err = a.forgetPictures()
				}
				return a.tellAct(cmd.Context(), db, id, err)
			})
		},
	}
	cmd.Flags().StringVar(&deck, "deck", "", "`ADDRESS` of a slide file, as its talk links it")
	cmd.Flags().BoolVar(&destroy, "destroy", false, "remove its bytes too")
	f.add(a, cmd)
	return cmd
}

// forgetPictures throws away what was drawn of slides and converted from them,
// of all decks: which of it was the destroyed one's is no longer known, and
// what is still wanted is made again.
func (a *app) forgetPictures() error {
	return errors.Join(os.RemoveAll(filepath.Join(a.cacheDir(), "pictures")), os.RemoveAll(filepath.Join(a.cacheDir(), "slides", "office")))
}
