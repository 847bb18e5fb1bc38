package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

// Intake brings sources into the archive. It is declared here, at its consumer,
// because what fetches and reads belongs to ingest, which web must not know.
type Intake interface {
	// Keep keeps a file that was sent in, for Take, and returns the source it is
	// from then on. An *archive.InvalidError says why it is none.
	Keep(name string, content io.Reader) (source string, err error)
	// Drop forgets a source that was previewed and not taken: what the preview
	// fetched, and a file that Keep kept.
	Drop(source string) error
	// Take takes a source into the archive, or with Dry tells what it would
	// change and keeps nothing; the same request without Dry after it takes the
	// very bytes that were told of. Addresses of the host's own network are not
	// asked. What could not be taken is among the report's Problems; the error is
	// for what ended it all, the context's end among it.
	Take(ctx context.Context, req IntakeRequest, progress func(IntakeStep)) (IntakeReport, error)
}

// IntakeRequest names a source and how it is to be taken.
type IntakeRequest struct {
	Source  string // an http(s) address, or what Keep returned
	Series  string // "" lets the programme's title tell
	BaseURL string // where a file was saved from, "" unknown
	Dry     bool
}

// IntakeStep is how far an intake is.
type IntakeStep struct {
	What        string // "fetch", "read", "links", "deck" or "done"
	Name        string // title or address of what is under way
	Done, Total int    // Total is 0 while nobody knows
	Left        time.Duration
}

// IntakeReport is what became of a source, or would.
type IntakeReport struct {
	Editions  []IntakeEdition
	Problems  []IntakeProblem
	Unchanged bool // the source gave the same bytes as the last time
	Decks     int  // that were fetched and read
	Missing   int  // that were not to be had
}

// IntakeProblem is something that could not be taken.
type IntakeProblem struct{ Text, Hint string }

// IntakeEdition is what one programme did, or would do, to the archive.
type IntakeEdition struct {
	ID        archive.EditionID
	Title     string
	New       bool
	Added     int
	Changed   int
	Gone      int
	Unchanged int
	Items     []archive.Item // as read; with Dry only
	GoneTalks []archive.TalkID
	Changes   []IntakeChange
	Findings  []archive.Finding
}

// IntakeChange is a field that gets another value.
type IntakeChange struct {
	Talk     archive.TalkID // "" is the edition
	Field    string
	Old, New string
}

const (
	maxUpload   = 12 << 20 // bytes of a page that is sent in, and its form
	intakeItems = 300      // of an edition that a preview lists
	intakeTime  = 2 * time.Hour
	uploadPath  = "/desk/sources/preview"
)

// intake is the one source that the desk brings in at a time: previewed, then
// taken or left. What was taken stays in the archive whatever becomes of this.
type intake struct {
	maker Intake
	log   *slog.Logger
	now   func() time.Time

	mu      sync.Mutex
	job     *job // nil: none
	count   int
	working sync.WaitGroup
}

type jobState string

const (
	jobPreviewing jobState = "previewing"
	jobPreviewed  jobState = "previewed"
	jobTaking     jobState = "taking"
	jobTaken      jobState = "taken"
	jobFailed     jobState = "failed"
)

// job is an intake; its fields are read and written under intake.mu.
type job struct {
	number int
	name   string // of the source, as somebody typed it or called their file
	who    string
	kept   bool // the source is a file that Keep kept
	req    IntakeRequest
	state  jobState
	began  time.Time
	step   IntakeStep
	report IntakeReport
	err    error
	cancel context.CancelFunc
	left   bool // somebody ended it
}

func (j *job) runs() bool { return j.state == jobPreviewing || j.state == jobTaking }

// errBusy answers who comes while another source is brought in.
func errBusy(j *job) error {
	return &archive.InvalidError{Thing: "source", Why: fmt.Sprintf("%s brings in %s just now", j.who, shorten(j.name, 100)), Hint: "one at a time: wait for it, or end it"}
}

// start begins to preview a source.
func (in *intake) start(j *job) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.job != nil && in.job.runs() {
		return errBusy(in.job)
	}
	in.leave()
	in.count++
	j.number, j.req.Dry = in.count, true
	in.job = j
	in.run(j, jobPreviewing)
	return nil
}

// take takes the source that was previewed.
func (in *intake) take(number int) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.job == nil || in.job.number != number || in.job.state != jobPreviewed {
		return &archive.InvalidError{Thing: "source", Why: "this preview is over", Hint: "preview the source again"}
	}
	in.job.req.Dry = false
	in.run(in.job, jobTaking)
	return nil
}

// run works in the background, with in.mu held by the caller.
func (in *intake) run(j *job, state jobState) {
	ctx, cancel := context.WithTimeout(context.Background(), intakeTime)
	j.state, j.began, j.step, j.cancel, j.err = state, in.now(), IntakeStep{}, cancel, nil
	req := j.req
	in.working.Go(func() {
		defer cancel()
		report, err := in.work(ctx, req, func(s IntakeStep) {
			in.mu.Lock()
			defer in.mu.Unlock()
			j.step = s
		})
		in.mu.Lock()
		defer in.mu.Unlock()
		j.report, j.err = report, err
		switch {
		case j.left && state == jobPreviewing:
			j.state = jobFailed
			in.leave() // nothing came of it, and nobody wants to be told
		case err != nil:
			j.state = jobFailed
			in.log.Error("source", slog.String("source", j.name), slog.Any("err", err))
		case state == jobTaking:
			j.state = jobTaken
		default:
			j.state = jobPreviewed
		}
	})
}

// work is Take; a reader's panic ends the intake, not the site.
func (in *intake) work(ctx context.Context, req IntakeRequest, progress func(IntakeStep)) (report IntakeReport, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return in.maker.Take(ctx, req, progress)
}

// end cancels what is under way, or leaves what was previewed.
func (in *intake) end(number int) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.job == nil || in.job.number != number {
		return
	}
	if in.job.runs() {
		in.job.left = true
		in.job.cancel()
		return
	}
	in.leave()
}

// leave forgets the job, with in.mu held; what was not taken goes.
func (in *intake) leave() {
	j := in.job
	in.job = nil
	if j == nil || j.state == jobTaken || j.state == jobTaking || (j.state == jobFailed && !j.req.Dry) {
		return
	}
	if err := in.maker.Drop(j.req.Source); err != nil {
		in.log.Error("drop source", slog.String("source", j.name), slog.Any("err", err))
	}
}

// look returns a copy of the job, nil when there is none.
func (in *intake) look() *job {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.job == nil {
		return nil
	}
	j := *in.job
	return &j
}

// close ends what is under way and waits for it.
func (in *intake) close() {
	in.mu.Lock()
	if in.job != nil && in.job.runs() {
		in.job.cancel()
	}
	in.mu.Unlock()
	in.working.Wait()
	in.mu.Lock()
	defer in.mu.Unlock()
	in.leave()
}

type deskSourcesView struct {
	deskView
	Job     *jobView
	Address string
	Series  string
	Wrong   string
	Hint    string
}

type jobView struct {
	Number   int
	Name     string
	Who      string
	State    string // message
	Runs     bool
	Done     int
	Total    int
	Step     string // message
	About    string
	Left     string
	Preview  bool
	Taken    bool
	Failed   bool
	Stopped  bool // somebody ended it
	Nothing  bool // it would change nothing
	Editions []intakeEditionView
	Problems []IntakeProblem
	Decks    int
	Missing  int
}

type intakeEditionView struct {
	Name      link
	New       bool
	Counts    []countLine
	Items     []intakeItem
	More      int
	Gone      []string
	Changes   []intakeChangeView
	Findings  []string
	MoreFound int
}

type countLine struct {
	Key string
	N   int
}

type intakeItem struct{ When, Title, People, Kind string }

type intakeChangeView struct {
	Thing, Field string
	Diff         []worded
}

func (s *Site) deskSources(c echo.Context, who session) error {
	return s.sourcesPage(c, who, http.StatusOK, deskSourcesView{})
}

func (s *Site) sourcesPage(c echo.Context, who session, status int, v deskSourcesView) error {
	l := localeOf(c)
	v.deskView = s.deskBase(c, who, "sources")
	if j := s.intake.look(); j != nil {
		v.Job = viewJob(l, j)
		if v.Job.Runs {
			// As a header it needs no script and stands in no page that is kept.
			c.Response().Header().Set("Refresh", "2; url=/desk/sources")
		}
	}
	return s.render(c, status, "desksources", page{Title: l.text("desk.sources"), NoIndex: true, View: v})
}

func viewJob(l *locale, j *job) *jobView {
	v := &jobView{
		Number: j.number, Name: j.name, Who: j.who, State: "desk.source." + string(j.state), Runs: j.runs(), Done: j.step.Done, Total: j.step.Total,
		About: shorten(j.step.Name, 160), Preview: j.state == jobPreviewed, Taken: j.state == jobTaken, Failed: j.state == jobFailed,
		Decks: j.report.Decks, Missing: j.report.Missing, Problems: j.report.Problems,
	}
	if j.step.What != "" {
		v.Step = "desk.step." + j.step.What
	}
	if j.step.Left > time.Second {
		v.Left = j.step.Left.Round(time.Second).String()
	}
	if v.Failed {
		v.Stopped = j.left || errors.Is(j.err, context.Canceled)
		if invalid, ok := errors.AsType[*archive.InvalidError](j.err); ok {
			v.Problems = append(v.Problems, IntakeProblem{invalid.Error(), invalid.Hint})
		}
	}
	v.Nothing = len(j.report.Problems) == 0
	for _, e := range j.report.Editions {
		v.Nothing = v.Nothing && !e.New && e.Added+e.Changed+e.Gone+len(e.Changes) == 0
		v.Editions = append(v.Editions, viewIntake(l, e))
	}
	v.Nothing = v.Nothing && (v.Preview || v.Taken)
	return v
}

func viewIntake(l *locale, e IntakeEdition) intakeEditionView {
	v := intakeEditionView{Name: link{Name: e.Title}, New: e.New}
	if v.Name.Name == "" {
		v.Name.Name = string(e.ID)
	}
	if len(e.Items) == 0 { // it stands
		v.Name.URL = editURL(string(e.ID))
	}
	for _, n := range []countLine{{"desk.source.added", e.Added}, {"desk.source.changed", e.Changed}, {"desk.source.gone", e.Gone}, {"desk.source.unchanged", e.Unchanged}} {
		if n.N > 0 {
			v.Counts = append(v.Counts, n)
		}
	}
	if e.New {
		for _, i := range e.Items[:min(len(e.Items), intakeItems)] {
			v.Items = append(v.Items, intakeItem{joined(" ", l.date(i.Date), span(i.Start, i.End)), i.Title, archive.CreditsText(i.Speakers), l.kind(i.Kind)})
		}
		v.More = len(e.Items) - len(v.Items)
	}
	for _, t := range e.GoneTalks[:min(len(e.GoneTalks), intakeItems)] {
		v.Gone = append(v.Gone, string(t))
	}
	for _, x := range e.Changes[:min(len(e.Changes), intakeItems)] {
		thing := string(x.Talk)
		if thing == "" {
			thing = string(e.ID)
		}
		v.Changes = append(v.Changes, intakeChangeView{thing, fieldName(l, x.Field), wordDiff(shorten(x.Old, 2000), shorten(x.New, 2000))})
	}
	for _, f := range e.Findings[:min(len(e.Findings), deskEditions)] {
		v.Findings = append(v.Findings, f.Text)
	}
	v.MoreFound = len(e.Findings) - len(v.Findings)
	return v
}

// deskPreview begins to preview what was typed or sent in.
func (s *Site) deskPreview(c echo.Context, who session) error {
	r := c.Request()
	v := deskSourcesView{Address: strings.TrimSpace(r.PostFormValue("address")), Series: shorten(strings.TrimSpace(r.PostFormValue("series")), 200)}
	j := &job{who: who.Name, name: v.Address, req: IntakeRequest{Source: v.Address, Series: v.Series}}
	err := s.fromForm(r, j)
	if err == nil {
		if err = s.intake.start(j); err != nil && j.kept {
			err = errors.Join(err, s.intake.maker.Drop(j.req.Source))
		}
	}
	if invalid, ok := errors.AsType[*archive.InvalidError](err); ok {
		v.Wrong, v.Hint = invalid.Why, invalid.Hint
		return s.sourcesPage(c, who, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/desk/sources")
}

// fromForm fills in the source: an address of the web, or a file that was
// sent in. A path of this machine is neither.
func (s *Site) fromForm(r *http.Request, j *job) error {
	file, head, err := r.FormFile("file")
	switch {
	case errors.Is(err, http.ErrMissingFile), errors.Is(err, http.ErrNotMultipart):
	case err != nil:
		return err
	default:
		defer file.Close()
		if head.Size > 0 {
			if busy := s.intake.look(); busy != nil && busy.runs() {
				return errBusy(busy)
			}
			source, err := s.intake.maker.Keep(head.Filename, file)
			if err != nil {
				return err
			}
			if webAddress(j.req.Source) != "" {
				j.req.BaseURL = j.req.Source
			}
			j.name, j.kept, j.req.Source = head.Filename, true, source
			return nil
		}
	}
	if u, err := url.Parse(j.req.Source); err != nil || webAddress(j.req.Source) == "" || u.User != nil || len(j.req.Source) > 2000 {
		return &archive.InvalidError{Thing: "source", Why: "it is no address of the web", Hint: "write it as https://example.org/2017/programme, or choose a file"}
	}
	return nil
}

func jobNumber(c echo.Context) int {
	n, _ := strconv.Atoi(c.Request().PostFormValue("job"))
	return n
}

func (s *Site) deskTake(c echo.Context, who session) error {
	err := s.intake.take(jobNumber(c))
	if invalid, ok := errors.AsType[*archive.InvalidError](err); ok {
		return s.sourcesPage(c, who, http.StatusConflict, deskSourcesView{Wrong: invalid.Why, Hint: invalid.Hint})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/desk/sources")
}

func (s *Site) deskLeave(c echo.Context, _ session) error {
	s.intake.end(jobNumber(c))
	return c.Redirect(http.StatusSeeOther, "/desk/sources")
}

// Close ends what the desk does in the background, and waits for it.
func (s *Site) Close() {
	if s.intake != nil {
		s.intake.close()
	}
	s.proposals.close()
}
