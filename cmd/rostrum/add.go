package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/ingest"
	"rostrum/ingest/slides"
)

// addFlags are what add may be told.
type addFlags struct {
	series, baseURL      string
	dryRun, allowPrivate bool
	noDecks              bool
	follow, yes          bool
}

func newAdd(a *app) *cobra.Command {
	var f addFlags
	cmd := &cobra.Command{
		Use:   "add SOURCE…",
		Short: "Read past editions into the archive",
		Long: `Add reads programmes into the archive, fetches the slides they link, and keeps all of
it. A SOURCE is a web address, a file or a folder: HTML, plain text (a page saved as
text), or Programme JSON (.json, or .jsonl with one programme a line), also as .gz.

Adding a source again brings it up to date: what changed is taken over, what did not is
left as it is. An add that was interrupted goes on where it stopped.

Links in a page from the web are followed to the web only; a page in a file may also
name slides that lie beside it, in its folder.`,
		Example: examples(`
rostrum add https://example.org/2017/programme.html
rostrum add --series 'Let it crash' saved/2016.html --base-url https://example.org/2016/
rostrum add editions.jsonl.gz
rostrum add --dry-run programme.json         what would change
rostrum add --follow https://example.org/    the other editions too`),
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.follow && !allAddresses(args) {
				return &misuseError{"--follow begins at a web address"}
			}
			if f.baseURL != "" && (len(args) > 1 || ingest.IsAddress(args[0])) {
				return &misuseError{"--base-url says where one local page was saved from; give it one file"}
			}
			return a.add(cmd.Context(), args, f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.series, "series", "", "`NAME` of the series, where the title does not tell")
	flags.StringVar(&f.baseURL, "base-url", "", "`ADDRESS` that a local page was saved from")
	flags.BoolVar(&f.dryRun, "dry-run", false, "show what would change, keep nothing")
	flags.BoolVar(&f.follow, "follow", false, "find the other editions from the page's own links, and add them all")
	flags.BoolVarP(&f.yes, "yes", "y", false, "add what --follow finds without asking")
	flags.BoolVar(&f.noDecks, "no-decks", false, "read programmes only; a later add fetches the decks")
	flags.BoolVar(&f.allowPrivate, "allow-private", false, "let addresses reach this machine and its network")
	return cmd
}

func (a *app) add(ctx context.Context, sources []string, f addFlags) (err error) {
	client := newFetch(f.allowPrivate)
	defer client.Close()
	to := &target{app: a, dryRun: f.dryRun}
	defer func() { err = errors.Join(err, to.close()) }()
	config := ingest.Config{Make: to.open, Fetch: client, Log: a.logger(), Now: a.now}
	if a.holdsArchive() {
		if config.DB, config.Slides, err = to.open(ctx); err != nil {
			return err
		}
	}
	in := ingest.New(config)
	w := &addWatch{a: a, bar: a.newBar("add")}
	failed := false
	if f.follow {
		if sources, failed, err = a.followAll(ctx, in, sources, f); err != nil {
			return err
		}
	}
	for _, source := range sources {
		report, err := in.Add(ctx, ingest.AddRequest{Source: source, Series: f.series, BaseURL: f.baseURL, DryRun: f.dryRun, NoDecks: f.noDecks}, w.event)
		w.bar.clear()
		w.report(ctx, report, to.db, f.dryRun)
		if err != nil && ctx.Err() != nil {
			return hint(errors.New("interrupted"), "the same command goes on where it stopped")
		}
		if err != nil {
			return err
		}
		failed = failed || report.Failed()
	}
	if f.dryRun && !a.json {
		fmt.Fprintln(a.out, "nothing was kept: this was a dry run")
	}
	if failed {
		return errTold
	}
	return nil
}

// target is what an add adds to. A data folder that holds no archive yet is made
// when the first source is there, so that a mistyped name leaves nothing behind;
// a dry run makes its archive elsewhere and throws it away.
type target struct {
	app    *app
	dryRun bool
	temp   string // of a dry run into no archive
	db     *store.DB
	pool   *slides.Pool
}

func (t *target) open(ctx context.Context) (*store.DB, *slides.Pool, error) {
	var err error
	if t.dryRun && !t.app.holdsArchive() {
		if t.temp, err = os.MkdirTemp("", "rostrum-*"); err != nil {
			return nil, nil, err
		}
		t.db, err = store.Open(ctx, t.temp)
		return t.db, nil, err // a dry run reads no decks
	}
	if t.db, err = t.app.openStore(ctx); err != nil {
		return nil, nil, err
	}
	t.pool, err = t.app.newPool()
	return t.db, t.pool, err
}

func (t *target) close() error {
	var errs []error
	if t.pool != nil {
		errs = append(errs, t.pool.Close())
	}
	if t.db != nil {
		errs = append(errs, t.db.Close())
	}
	if t.temp != "" {
		errs = append(errs, os.RemoveAll(t.temp))
	}
	return errors.Join(errs...)
}

// addWatch shows an add to whoever started it.
type addWatch struct {
	a   *app
	bar *bar
}

func (w *addWatch) event(e ingest.Event) {
	if w.a.json {
		w.a.printJSON(e)
		return
	}
	switch e.Step {
	case ingest.StepFetch:
		w.bar.draw("fetching "+e.Source, false)
	case ingest.StepRead:
		w.bar.draw(fmt.Sprintf("programme %d of about %d%s: %s", e.Done, e.Total, timeLeft(e.Left.Duration), e.Title), false)
	case ingest.StepLinks:
		w.bar.draw(fmt.Sprintf("page %d of %d%s: %s", e.Done, e.Total, timeLeft(e.Left.Duration), e.Address), false)
	case ingest.StepDeck:
		w.bar.draw(fmt.Sprintf("deck %d of %d%s: %s", e.Done, e.Total, timeLeft(e.Left.Duration), e.Address), false)
	}
}

// maxListed is how many editions, changes and findings of a source are written
// out; more are counted. --json gives all.
const maxListed = 40

func (w *addWatch) report(ctx context.Context, r ingest.Report, db *store.DB, dryRun bool) {
	for _, s := range r.Sources {
		for _, err := range append(s.Bad, s.Err) {
			if err != nil {
				w.a.tell(under(s.Source, err))
			}
		}
		if w.a.json {
			w.reportJSON(s)
			continue
		}
		for n, e := range s.Editions {
			if n == maxListed {
				fmt.Fprintf(w.a.out, "… and %d more editions\n", len(s.Editions)-n)
				break
			}
			w.edition(e, dryRun)
			w.findings(ctx, e, db, dryRun)
		}
		w.totals(s)
	}
}

func (w *addWatch) reportJSON(s ingest.SourceReport) {
	type line struct {
		Step ingest.Step `json:"step"`
		ingest.SourceReport
		Errors []string `json:"errors,omitempty"`
	}
	l := line{Step: "report", SourceReport: s}
	for _, err := range append(s.Bad, s.Err) {
		if err != nil {
			l.Errors = append(l.Errors, strings.Split(err.Error(), "\n")...)
		}
	}
	w.a.printJSON(l)
}

// edition writes one line for an edition, and its diff on a dry run.
func (w *addWatch) edition(e ingest.EditionReport, dryRun bool) {
	var became []string
	count := func(n int, what string) {
		if n > 0 {
			became = append(became, fmt.Sprintf("%d %s", n, what))
		}
	}
	if e.New {
		became = append(became, "new")
	}
	count(e.Added, "added")
	count(e.Changed, "changed")
	count(e.Gone, "gone")
	if len(became) == 0 {
		became = []string{"nothing changed"}
	}
	fmt.Fprintf(w.a.out, "%s  %s: %s, %s\n", e.ID, cut(e.Title, 80), plural(e.Talks, "talk"), strings.Join(became, ", "))
	if e.Diff != nil && dryRun {
		w.diff(e)
	}
}

// findings writes what was odd, as the archive holds it: what the reader met
// and what became of the decks. What the archive held before is only counted,
// unless all is asked for.
func (w *addWatch) findings(ctx context.Context, e ingest.EditionReport, db *store.DB, dryRun bool) {
	list := e.Findings
	if !dryRun {
		found, err := db.Findings(ctx, e.ID)
		if err != nil {
			w.a.tell(err)
			return
		}
		list = nil
		for _, f := range found {
			list = append(list, f.Finding)
		}
	}
	all := len(list)
	if !w.a.verbose {
		list = news(list, e.Known)
	}
	defer func() {
		if before := all - len(list); before > 0 {
			fmt.Fprintf(w.a.out, "  %s as before\n", plural(before, "finding"))
		}
	}()
	for n, f := range list {
		if n == maxListed {
			fmt.Fprintf(w.a.out, "  … and %d more findings\n", len(list)-n)
			return
		}
		line := string(f.Code) + ": " + f.Text
		if f.URL != "" {
			line += " (" + f.URL + ")"
		}
		fmt.Fprintf(w.a.out, "  %s\n", cut(line, 240))
		if where := spot(f.Place); where != "" {
			fmt.Fprintf(w.a.out, "      %s\n", where)
		}
	}
}

// spot says where in its source a Finding was met, "" when nobody knows.
func spot(p *archive.Place) string {
	switch {
	case p == nil || p.Quote == "" && p.Line == 0:
		return ""
	case p.Quote == "":
		return fmt.Sprintf("in line %d", p.Line)
	case p.Path == "" && p.Line > 0:
		return fmt.Sprintf("in line %d: %q", p.Line, cut(p.Quote, 100))
	}
	return fmt.Sprintf("at %q", cut(p.Quote, 100))
}

// news returns the findings that are not known yet.
func news(list []archive.Finding, known []store.FoundFinding) []archive.Finding {
	if len(known) == 0 {
		return list
	}
	type key struct {
		code             archive.FindingCode
		text, field, url string
	}
	had := map[key]int{}
	for _, f := range known {
		had[key{f.Code, f.Text, f.Field, f.URL}]++
	}
	var fresh []archive.Finding
	for _, f := range list {
		k := key{f.Code, f.Text, f.Field, f.URL}
		if had[k]--; had[k] < 0 {
			fresh = append(fresh, f)
		}
	}
	return fresh
}

func (w *addWatch) totals(s ingest.SourceReport) {
	if len(s.Editions) > 1 {
		talks, added, changed := 0, 0, 0
		for _, e := range s.Editions {
			talks, added, changed = talks+e.Talks, added+e.Added, changed+e.Changed
		}
		fmt.Fprintf(w.a.out, "%s with %s: %d added, %d changed, in %s (%.0f talks/s)\n", plural(len(s.Editions), "edition"), plural(talks, "talk"),
			added, changed, s.Stored.Round(100*time.Millisecond), float64(talks)/max(s.Stored.Seconds(), 1e-3))
	}
	if d := s.Decks; d.Total > 0 {
		fmt.Fprintf(w.a.out, "%s: %d read, %d kept but not readable, %d not to be had, %d as they were\n", plural(d.Total, "deck"), d.Read, d.Kept, d.Missing, d.Unchanged)
	}
}

func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// under puts a source before each of the errors joined in err that does not
// name it itself.
func under(source string, err error) error {
	if !strings.HasPrefix(source, "file://") { // that is what somebody typed; without slashes it is ours
		source = strings.TrimPrefix(source, "file:")
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, one := range joined.Unwrap() {
			all = append(all, under(source, one))
		}
		return errors.Join(all...)
	}
	text := err.Error()
	if strings.Contains(text, source) {
		return hint(errors.New(strings.ReplaceAll(text, "file:"+source, source)), wayOut(err))
	}
	return fmt.Errorf("%s: %w", source, err)
}
