package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newShow(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "show THING",
		Short: "Show a talk, a slide, a person, an edition, a series or a topic",
		Long: `Show prints a thing of the archive as its page shows it. A THING is named by its ID or the
address of its page; /slides after a talk shows the text of its slides, /slides/7 of one.

On a terminal the lines fit its width, and addresses lie behind words where it knows
hyperlinks (FORCE_HYPERLINK=1 says that it does). NO_COLOR is honoured.`,
		Example: examples(`
rostrum show chaos-day/2017/let-it-crash
rostrum show chaos-day/2017/let-it-crash/slides/7
rostrum show people/joe-armstrong
rostrum show chaos-day/2017                  the programme as it was
rostrum show chaos-day                       all editions
rostrum show topics/erlang
rostrum show --json chaos-day/2017 | jq -r '.items[].title'`),
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.show(cmd.Context(), args[0])
		},
	}
	return cmd
}

// shower shows one thing: for people, or as the value that programs get.
type shower struct {
	*sheet
	a  *app
	db *store.DB
}

// page is the address of a thing's page; "" when nobody serves it.
func (v *shower) page(path string) string {
	if v.site == "" {
		return ""
	}
	return v.site + path
}

func (a *app) show(ctx context.Context, arg string) (err error) {
	id, err := pathOf(arg)
	if err != nil {
		return err
	}
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	v := &shower{sheet: a.newSheet(), a: a, db: db}
	if who, held := a.holding(); held {
		v.site = who.Address
	}
	err = v.thing(ctx, id)
	if errors.Is(err, archive.ErrNotFound) {
		return near(ctx, db, id)
	}
	return err
}

// pathOf reads an ID, a path or a whole address as a path without a slash at
// its ends.
func pathOf(arg string) (string, error) {
	id := strings.TrimSpace(arg)
	if u, err := url.Parse(id); err == nil && u.Host != "" {
		id = u.Path
	}
	id = strings.Trim(id, "/")
	if id == "" || len(id) > 500 || strings.ContainsAny(id, " \t\n\r") {
		return "", &misuseError{fmt.Sprintf("%q names nothing: use an ID or the address of a page, as in chaos-day/2017/let-it-crash", arg)}
	}
	return id, nil
}

// thing shows what an ID names. Whatever stands alone is a series if there is
// one of that ID, else a person, else a topic. An ID that was given up for
// another leads on, as its page does.
func (v *shower) thing(ctx context.Context, id string) error {
	parts := strings.Split(id, "/")
	switch {
	case parts[0] == "people" && len(parts) == 2:
		return v.person(ctx, archive.PersonID(parts[1]))
	case parts[0] == "topics" && len(parts) == 2:
		return v.topic(ctx, archive.TopicID(parts[1]))
	case len(parts) == 1:
		err := v.series(ctx, archive.SeriesID(id))
		if errors.Is(err, archive.ErrNotFound) {
			err = v.person(ctx, archive.PersonID(id))
		}
		if errors.Is(err, archive.ErrNotFound) {
			err = v.topic(ctx, archive.TopicID(id))
		}
		return err
	case len(parts) == 2:
		return v.edition(ctx, archive.EditionID(id))
	case len(parts) == 3:
		return v.talk(ctx, archive.TalkID(id))
	case len(parts) <= 5 && strings.HasPrefix(parts[3], "slides"):
		return v.slides(ctx, archive.TalkID(strings.Join(parts[:3], "/")), parts[3], parts[4:])
	}
	return archive.ErrNotFound
}

// follow calls read with an ID, and again with the one it moved to.
func follow[ID ~string, T any](id ID, read func(ID) (T, error)) (T, error) {
	got, err := read(id)
	for range 8 {
		moved, ok := errors.AsType[*archive.MovedError](err)
		if !ok {
			break
		}
		got, err = read(ID(moved.To))
	}
	return got, err
}

// deckNumber reads "slides", "slides-2" as the index of a talk's deck; -1 for
// anything else.
func deckNumber(name string) int {
	if name == "slides" {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimPrefix(name, "slides-"))
	if err != nil || n < 2 {
		return -1
	}
	return n - 1
}

// slides shows the text of a deck's slides, or of one.
func (v *shower) slides(ctx context.Context, id archive.TalkID, name string, which []string) error {
	t, err := follow(id, func(id archive.TalkID) (archive.Talk, error) { return v.db.TalkByID(ctx, id) })
	if err != nil {
		return err
	}
	at := deckNumber(name)
	if at < 0 || at >= len(t.Decks) {
		return hint(fmt.Errorf("%s has %s", t.ID, plural(len(t.Decks), "deck")), "rostrum show "+string(t.ID)+" lists them")
	}
	d := t.Decks[at]
	if d.State != archive.DeckRead {
		return hint(fmt.Errorf("the slides of %s are %s: %s", t.ID, d.State, d.Reason), "rostrum doctor says what may be missing here")
	}
	deck, err := v.db.Deck(ctx, d.Blob)
	if err != nil {
		return err
	}
	list := deck.Slides
	if len(which) == 1 {
		n, err := strconv.Atoi(which[0])
		if err != nil || n < 1 || n > len(list) {
			return &misuseError{fmt.Sprintf("%q is no slide of %s: they are numbered from 1 to %d", which[0], t.ID, len(list))}
		}
		list = list[n-1 : n]
	}
	base := "/" + string(t.ID) + "/" + name + "/"
	if v.a.json {
		for _, s := range list {
			v.a.printJSON(struct {
				Thing string         `json:"thing"`
				Talk  archive.TalkID `json:"talk"`
				Path  string         `json:"path"`
				slideJSON
			}{"slide", t.ID, base + strconv.Itoa(s.Number), slideOf(s)})
		}
		return nil
	}
	for i, s := range list {
		if i > 0 {
			fmt.Fprintln(v.out)
		}
		title := fmt.Sprintf("%d of %d · %s", s.Number, len(deck.Slides), t.Title)
		v.line(0, words{text: title, set: bold, to: v.page(base + strconv.Itoa(s.Number))})
		for text := range strings.SplitSeq(s.Text, "\n") {
			for _, one := range wrap(text, v.width-2) {
				fmt.Fprintln(v.out, "  "+one)
			}
		}
		if s.Notes != "" {
			fmt.Fprintln(v.out)
			v.prose(2, s.Notes, dim)
		}
	}
	return nil
}
