package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/ledger"
	"rostrum/archive/store"
)

// thing is a talk, an edition or a person as somebody names it on the command
// line: by its ID, or by the address of its page.
type thing struct {
	kind store.Thing
	id   string
}

// thingOf reads an ID, a path or a whole address.
func thingOf(arg string) (thing, error) {
	id := strings.TrimSpace(arg)
	if u, err := url.Parse(id); err == nil && u.Host != "" {
		id = u.Path
	}
	id = strings.Trim(id, "/")
	id = strings.TrimPrefix(id, "people/")
	if id == "" || strings.Count(id, "/") > 2 || strings.ContainsAny(id, " \t\n") {
		return thing{}, &misuseError{fmt.Sprintf("%q names no talk, edition or person: use an ID or the address of a page, as in chaos-day/2017/let-it-crash", arg)}
	}
	return thing{ledger.ThingOf(id), id}, nil
}

// personOf reads the ID or address of a person.
func personOf(arg string) (archive.PersonID, error) {
	t, err := thingOf(arg)
	if err == nil && t.kind != store.ThingPerson {
		err = &misuseError{arg + " is no person"}
	}
	return archive.PersonID(t.id), err
}

// whoFlags are the flags of every command that decides something.
type whoFlags struct{ by, why string }

func (f *whoFlags) add(a *app, cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.by, "by", a.caller(), "`NAME` of who decides (ROSTRUM_BY)")
	cmd.Flags().StringVar(&f.why, "why", "", "`REASON`, kept in the history")
}

// caller is who runs the program, "" when nobody says.
func (a *app) caller() string {
	for _, name := range []string{"ROSTRUM_BY", "USER", "LOGNAME", "USERNAME"} {
		if who := strings.TrimSpace(a.getenv(name)); who != "" {
			return who
		}
	}
	return ""
}

func (a *app) who(f whoFlags) (store.Who, error) {
	if f.by == "" {
		return store.Who{}, &misuseError{"the history needs to know who decides: give --by NAME, or set ROSTRUM_BY"}
	}
	return store.Who{By: f.by, Why: f.why, At: a.now()}, nil
}

// deciding runs do over the archive, for somebody.
func (a *app) deciding(ctx context.Context, f whoFlags, do func(db *store.DB, who store.Who) error) (err error) {
	who, err := a.who(f)
	if err != nil {
		return err
	}
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return pointed(do(db, who))
}

// pointed adds the way out to what is not there.
func pointed(err error) error {
	var moved *archive.MovedError
	switch {
	case err == nil, wayOut(err) != "":
		return err
	case errors.As(err, &moved):
		return hint(err, "name "+moved.To+" instead")
	case errors.Is(err, archive.ErrNotFound):
		return hint(err, "an ID is the address of its page: chaos-day/2017/let-it-crash is a talk, chaos-day/2017 an edition, joe-armsby a person")
	}
	return err
}

// decided tells what was decided, and how to take it back.
func (a *app) decided(id store.ActID, what string) {
	if a.json {
		a.printJSON(struct {
			Act  store.ActID `json:"act"`
			What string      `json:"what"`
		}{id, what})
		return
	}
	fmt.Fprintf(a.out, "%s\n  rostrum undo %d takes it back\n", cut(what, 2000), id)
}
