package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
)

func newPersonLink(a *app) *cobra.Command {
	var f whoFlags
	days, base, list, revoke := 30, "", false, int64(0)
	cmd := &cobra.Command{
		Use:   "link [PERSON]",
		Short: "Make a private link by which somebody edits their own entries",
		Long: `Link makes an address to send to somebody who gave talks. Whoever has it edits that person's
name shown, biography and web page, and the titles, abstracts and links of their talks. What
they save shows at once, in their name; rostrum history lists it and rostrum undo takes it
back. The address is told this once and kept nowhere.`,
		Example: examples(`
rostrum person link ada-qvist --base-url https://talks.example.org
rostrum person link ada-qvist --list
rostrum person link --revoke 3`),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (revoke != 0) {
				return &misuseError{"name a person, or --revoke ID"}
			}
			if days < 1 || days > 366 {
				return &misuseError{"--days is from 1 to 366"}
			}
			origin, err := baseURL(base)
			if err != nil {
				return err
			}
			if revoke != 0 {
				return a.revokeLink(cmd.Context(), f, store.LinkID(revoke))
			}
			id, err := personOf(args[0])
			if err != nil {
				return err
			}
			if list {
				return a.listLinks(cmd.Context(), id)
			}
			return a.makeLink(cmd.Context(), f, id, days, origin)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&days, "days", days, "how long it works")
	flags.StringVar(&base, "base-url", a.getenv("ROSTRUM_BASE_URL"), "`ADDRESS` at which visitors reach the site (ROSTRUM_BASE_URL)")
	flags.BoolVar(&list, "list", false, "list the links made for them instead")
	flags.Int64Var(&revoke, "revoke", 0, "take back the link of this `ID`")
	f.add(a, cmd)
	return cmd
}

func (a *app) makeLink(ctx context.Context, f whoFlags, id archive.PersonID, days int, origin string) error {
	return a.deciding(ctx, f, func(db *store.DB, who store.Who) error {
		l, secret, err := db.MakeLink(ctx, id, who.At.Add(time.Duration(days)*24*time.Hour), who)
		if err != nil {
			return err
		}
		address := origin + "/link/" + secret
		if a.json {
			a.printJSON(struct {
				store.PersonLink
				Address string `json:"address"`
			}{l, address})
			return nil
		}
		fmt.Fprintf(a.out, "%s\n  for %s, until %s; rostrum person link --revoke %d ends it before\n", address, cut(l.Name, 80), l.Expires.Format("2006-01-02"), l.ID)
		if origin == "" {
			fmt.Fprintln(a.err, "rostrum: hint: put the address of your site before it, or give --base-url")
		}
		return nil
	})
}

func (a *app) listLinks(ctx context.Context, id archive.PersonID) (err error) {
	db, err := a.openExisting(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	links, err := db.Links(ctx, id)
	if err != nil {
		return pointed(err)
	}
	for _, l := range links {
		if a.json {
			a.printJSON(l)
			continue
		}
		state := "until " + l.Expires.Format("2006-01-02")
		switch {
		case !l.Revoked.IsZero():
			state = "taken back by " + cut(l.RevokedBy, 30)
		case !l.Open(a.now()):
			state = "ended " + l.Expires.Format("2006-01-02")
		}
		used := "not used yet"
		if !l.Used.IsZero() {
			used = "used " + l.Used.Format("2006-01-02")
		}
		fmt.Fprintf(a.out, "%4d  made %s by %s, %s, %s\n", l.ID, l.Made.Format("2006-01-02"), cut(l.MadeBy, 30), state, used)
	}
	if !a.json {
		fmt.Fprintln(a.out, plural(len(links), "link"))
	}
	return nil
}

func (a *app) revokeLink(ctx context.Context, f whoFlags, id store.LinkID) error {
	return a.deciding(ctx, f, func(db *store.DB, who store.Who) error {
		l, err := db.RevokeLink(ctx, id, who)
		if errors.Is(err, archive.ErrNotFound) {
			return hint(fmt.Errorf("there is no link %d", id), "rostrum person link PERSON --list shows those of a person")
		}
		if err != nil {
			return err
		}
		if a.json {
			a.printJSON(l)
			return nil
		}
		fmt.Fprintf(a.out, "link %d opens nothing any more\n", l.ID)
		return nil
	})
}

// baseURL checks the address at which visitors reach the site, and returns it
// without the slash at its end; "" is none.
func baseURL(typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	u, err := url.Parse(typed)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", &misuseError{fmt.Sprintf("--base-url %q is no address of a site: write it as https://talks.example.org", typed)}
	}
	return u.Scheme + "://" + u.Host, nil
}
