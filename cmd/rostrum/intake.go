package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"rostrum/archive"
	"rostrum/ingest"
	"rostrum/internal/fold"
	"rostrum/web"
)

// deskIntake brings in sources for the desk, as rostrum add does: by the same
// rules of what may be fetched. Files that were sent in lie in the data folder,
// each in a folder of its own, so that a page's links reach nothing else.
type deskIntake struct {
	in      *ingest.Ingester
	uploads string

	mu      sync.Mutex
	held    *ingest.Held // what the last preview fetched, nil for none
	preview web.IntakeRequest
}

// maxUpload bounds a file that is sent in, in bytes.
const maxUpload = 12 << 20

// Keep is what web.Intake asks for. The same name again is the same source, as
// a newer version of it.
func (d *deskIntake) Keep(name string, content io.Reader) (string, error) {
	clean, err := uploadName(name)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(d.uploads, clean)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(folder, ".sent-*")
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, io.LimitReader(content, maxUpload+1))
	err = errors.Join(err, f.Close())
	if err == nil && n > maxUpload {
		err = &archive.InvalidError{Thing: name, Why: "it is larger than 12 MB", Hint: "rostrum add FILE takes larger ones"}
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(folder, clean))
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return filepath.Join(folder, clean), nil
}

// uploadName makes the name of a file that was sent in one that can do no harm.
func uploadName(name string) (string, error) {
	base := name[strings.LastIndexAny(name, `/\`)+1:]
	stem, ending := base, ""
	for _, more := range []string{".gz", ".html", ".htm", ".txt", ".json", ".jsonl", ".xml", ".ics"} {
		if low := strings.ToLower(stem); strings.HasSuffix(low, more) {
			stem, ending = stem[:len(stem)-len(more)], more+ending
			if more != ".gz" {
				break
			}
		}
	}
	if ending == "" || ending == ".gz" {
		return "", &archive.InvalidError{Thing: base, Why: "it has no ending of a programme", Hint: "pages end in .html or .txt, Programme JSON in .json or .jsonl, schedules in .xml, .ics or .json"}
	}
	if stem = fold.Slug(stem, 60); stem == "" {
		stem = "programme"
	}
	return stem + ending, nil
}

// Drop is what web.Intake asks for. A file that was taken before under the same
// name is kept as a Snapshot; only what was sent in goes.
func (d *deskIntake) Drop(source string) error {
	var err error
	if d.previewed() == source {
		err = d.hold(nil, web.IntakeRequest{})
	}
	if !d.sent(source) {
		return err // an address of the web
	}
	return errors.Join(err, os.RemoveAll(filepath.Dir(source)))
}

// hold holds what a preview fetches, in place of what another did.
func (d *deskIntake) hold(held *ingest.Held, preview web.IntakeRequest) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	before := d.held
	d.held, d.preview = held, preview
	return before.Close()
}

// previewed returns the source that was previewed last and is held, "" none.
func (d *deskIntake) previewed() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.preview.Source
}

// heldFor returns what the preview of a request fetched, nil when another was
// previewed last.
func (d *deskIntake) heldFor(req web.IntakeRequest) *ingest.Held {
	d.mu.Lock()
	defer d.mu.Unlock()
	req.Dry = true
	if d.preview != req {
		return nil
	}
	return d.held
}

// begin returns what is held for a request that begins.
func (d *deskIntake) begin(req web.IntakeRequest) (*ingest.Held, error) {
	if !req.Dry {
		return d.heldFor(req), nil
	}
	held, err := ingest.NewHeld()
	if err != nil {
		return nil, err
	}
	return held, d.hold(held, req)
}

// sent says whether a source is a file that Keep kept.
func (d *deskIntake) sent(source string) bool {
	inside, err := filepath.Rel(d.uploads, source)
	return err == nil && inside != "." && filepath.IsLocal(inside)
}

// Take is what web.Intake asks for.
func (d *deskIntake) Take(ctx context.Context, req web.IntakeRequest, progress func(web.IntakeStep)) (web.IntakeReport, error) {
	if !ingest.IsAddress(req.Source) && !d.sent(req.Source) {
		return web.IntakeReport{}, &archive.InvalidError{Thing: "source", Why: "it is no address of the web"}
	}
	held, err := d.begin(req)
	if err != nil {
		return web.IntakeReport{}, err
	}
	report, err := d.in.Add(ctx, ingest.AddRequest{Source: req.Source, Series: req.Series, BaseURL: req.BaseURL, DryRun: req.Dry, Held: held}, func(e ingest.Event) {
		step := web.IntakeStep{What: string(e.Step), Name: e.Title, Done: e.Done, Total: e.Total, Left: e.Left.Duration}
		if step.Name == "" && ingest.IsAddress(e.Address) {
			step.Name = e.Address
		}
		progress(step)
	})
	if !req.Dry {
		err = errors.Join(err, d.hold(nil, web.IntakeRequest{}))
	}
	out := web.IntakeReport{}
	for _, s := range report.Sources {
		out.Unchanged = out.Unchanged || s.Unchanged
		out.Decks, out.Missing = out.Decks+s.Decks.Read+s.Decks.Kept, out.Missing+s.Decks.Missing
		for _, e := range s.Editions {
			out.Editions = append(out.Editions, intakeEdition(e))
		}
		for _, err := range append(slices.Clone(s.Bad), s.Err) {
			out.Problems = append(out.Problems, d.problems(err)...)
		}
	}
	return out, err
}

// problems tells errors without the folders of this machine.
func (d *deskIntake) problems(err error) []web.IntakeProblem {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []web.IntakeProblem
		for _, one := range joined.Unwrap() {
			all = append(all, d.problems(one)...)
		}
		return all
	}
	text := strings.ReplaceAll(err.Error(), "file:", "")
	for _, folder := range []string{filepath.ToSlash(d.uploads) + "/", d.uploads + string(filepath.Separator)} {
		text = strings.ReplaceAll(text, folder, "")
	}
	return []web.IntakeProblem{{Text: text, Hint: wayOut(err)}}
}

func intakeEdition(e ingest.EditionReport) web.IntakeEdition {
	out := web.IntakeEdition{
		ID: e.ID, Title: e.Title, New: e.New, Added: e.Added, Changed: e.Changed, Gone: e.Gone, Unchanged: e.Unchanged, Findings: e.Findings,
	}
	if e.Diff == nil {
		return out
	}
	out.Items, out.GoneTalks = e.Read, e.Diff.Gone
	for _, c := range e.Diff.Changes {
		out.Changes = append(out.Changes, web.IntakeChange{Talk: c.Talk, Field: c.Field, Old: c.Old, New: c.New})
	}
	return out
}
