package web

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/web/cite"
)

// stripLength is how many slides of a deck a talk's page shows; the rest is a
// link away, since a deck of hundreds would be most of the page.
const stripLength = 24

// othersLength bounds the lists of further talks beneath a talk.
const othersLength = 8

type talkView struct {
	Edition  link
	When     string
	Place    string // room and track
	Kind     string
	Language string
	Lang     string
	Title    string
	People   []personRef
	Gone     bool
	Decks    []deckView
	Videos   []link
	Papers   []link
	Abstract []wording
	Bios     []bio
	Topics   []link
	Others   []talkLine
	OthersBy string // whose they are, where that is one person
	Related  []talkLine
	Citation string
	BibTeX   string
	Formats  []link
	From     *provenance
	Previous link
	Next     link
}

// bio is what was printed of somebody on a talk.
type bio struct {
	Name string
	Text []wording
}

// noted is a name, where it leads, and something said of it.
type noted struct{ Name, URL, Note string }

type deckView struct {
	First    string // page of its first slide, "" when it was not read
	All      string // its contact sheet, "" when the strip shows every slide
	Count    int
	File     string // our copy, "" when there is none
	Format   string // "PDF"
	Size     string
	Thumbs   []thumb
	Problem  string
	Original string
}

func (s *Site) talk(c echo.Context) error {
	ctx, l, id := c.Request().Context(), localeOf(c), talkParam(c)
	t, e, err := s.readTalk(ctx, id)
	if err != nil {
		return moved(err, "/", "")
	}
	v := talkView{
		Edition: link{Name: editionTitle(e), URL: editionURL(e.ID)},
		When:    joined(", ", l.date(dayOf(t, e)), span(t.Start, t.End)),
		Place:   joined(" · ", t.Room, t.Track, t.Session),
		Kind:    l.plainKind(t.Kind), Lang: languageOf(t, e), Title: t.Title, People: credits(t), Gone: t.Gone,
		Videos: places(t.Video), Papers: places(t.Paper), Abstract: prose(t.Abstract),
	}
	if t.Language != "" && t.Language != l.tag.String() {
		v.Language = l.language(t.Language)
	}
	for _, p := range t.Speakers {
		if p.Bio != "" {
			v.Bios = append(v.Bios, bio{Name: p.Name, Text: prose(p.Bio)})
		}
	}
	v.Topics = topicLinks(t.Topics)
	if v.Decks, err = s.deckViews(ctx, l, t); err != nil {
		return err
	}
	if v.Others, err = s.others(ctx, l, t); err != nil {
		return err
	}
	if len(t.Speakers) == 1 {
		v.OthersBy = t.Speakers[0].Name
	}
	if v.Related, err = s.related(ctx, l, t, v.Others); err != nil {
		return err
	}
	if v.Previous, v.Next, err = s.programmeNeighbours(ctx, t); err != nil {
		return err
	}
	if v.From, err = s.provenanceOf(ctx, l, store.ThingTalk, string(t.ID), t.URL); err != nil {
		return err
	}
	work := s.work(c, t, e)
	v.Citation, v.BibTeX = work.Plain(), work.BibTeX()
	base := talkURL(t.ID)
	v.Formats = []link{{"BibTeX", base + "/cite.bib"}, {"RIS", base + "/cite.ris"}, {"CSL-JSON", base + "/cite.json"}, {l.text("talk.cite.text"), base + "/cite.txt"}}

	p := page{
		Title: t.Title, Path: base, Thing: string(t.ID), Kind: "article", Citation: highwire(work), Data: s.talkData(c, t, e, work), View: v,
		Description: shorten(joined(" – ", l.text("talk.description", names(t), editionTitle(e)), t.Abstract), 200),
	}
	if len(t.Speakers) == 0 {
		p.Description = shorten(joined(" – ", editionTitle(e), t.Abstract), 200)
	}
	for _, d := range v.Decks {
		if len(d.Thumbs) > 0 {
			p.Image, p.ImageText = d.Thumbs[0].Large, l.text("slide.of", 1, d.Count)
			break
		}
	}
	return s.render(c, 200, "talk", p)
}

// readTalk reads a talk that somebody gives and its edition. A break has no
// page of its own.
func (s *Site) readTalk(ctx context.Context, id archive.TalkID) (archive.Talk, archive.EditionSummary, error) {
	t, err := s.db.TalkByID(ctx, id)
	if err != nil {
		return t, archive.EditionSummary{}, err
	}
	if !t.Given() {
		return t, archive.EditionSummary{}, archive.ErrNotFound
	}
	e, err := s.editionOf(ctx, t)
	return t, e, err
}

// places names addresses by their host.
func places(addresses []string) []link {
	var out []link
	for _, a := range addresses {
		if a = webAddress(a); a != "" {
			out = append(out, link{Name: hostOf(a), URL: a})
		}
	}
	return out
}

// deckViews shows the decks of a talk: as slides, as a file, or as the reason
// why there is neither.
func (s *Site) deckViews(ctx context.Context, l *locale, t archive.Talk) ([]deckView, error) {
	out := make([]deckView, 0, len(t.Decks))
	for i, d := range t.Decks {
		v := deckView{Count: d.Slides}
		if d.Blob != "" {
			v.File, v.Format, v.Size = deckURL(t.ID, i, d.Media), formatName(d.Media), l.bytes(d.Bytes)
		}
		if d.State == archive.DeckRead && d.Slides > 0 {
			deck, err := s.deck(ctx, t.ID, d.Blob)
			if err != nil {
				return nil, err
			}
			v.First = slideURL(t.ID, i, 1, "")
			if len(deck.Slides) > stripLength {
				v.All = talkURL(t.ID) + "/" + deckName(i)
				deck.Slides = deck.Slides[:stripLength]
			}
			v.Thumbs = s.thumbs(nil, t.ID, i, deck, "")
		} else {
			v.Problem, v.Original = d.Reason, webAddress(d.Address)
			if d.State == archive.DeckPending {
				v.Problem = l.text("talk.slides.pending")
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// bytes writes a size as people do, "1.4 MB".
func (l *locale) bytes(n int64) string {
	switch {
	case n >= 10<<20:
		return l.printer.Sprintf("%d", n>>20) + " MB"
	case n >= 1<<20:
		return strings.Replace(strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64), ".", l.text("decimal"), 1) + " MB"
	}
	return l.printer.Sprintf("%d", (n+1023)>>10) + " kB"
}

// others are further talks of the same people, newest first.
func (s *Site) others(ctx context.Context, l *locale, t archive.Talk) ([]talkLine, error) {
	var talks []archive.Talk
	seen := map[archive.TalkID]bool{t.ID: true}
	for _, p := range t.Speakers {
		if p.Person == "" || len(talks) >= othersLength*4 {
			continue
		}
		more, err := s.db.PersonTalks(ctx, p.Person)
		if err != nil {
			return nil, fmt.Errorf("read talks of %s: %w", p.Person, err)
		}
		for _, m := range more {
			if !seen[m.ID] {
				seen[m.ID] = true
				talks = append(talks, m)
			}
		}
	}
	slices.SortStableFunc(talks, func(a, b archive.Talk) int { return strings.Compare(string(b.Date), string(a.Date)) })
	lines, err := s.talkLines(ctx, l, talks[:min(len(talks), othersLength)])
	for i, line := range lines {
		if len(t.Speakers) == 1 && len(line.People) == 1 {
			lines[i].People = nil // whose talks these are
		}
	}
	return lines, err
}

// programmeNeighbours are the talks before and after one in its programme.
func (s *Site) programmeNeighbours(ctx context.Context, t archive.Talk) (before, after link, err error) {
	all, err := s.db.EditionTalks(ctx, t.Edition())
	if err != nil {
		return before, after, fmt.Errorf("read programme of %s: %w", t.Edition(), err)
	}
	found := false
	for _, one := range all {
		switch {
		case one.ID == t.ID:
			found = true
		case !one.Given():
		case !found:
			before = link{Name: one.Title, URL: talkURL(one.ID)}
		default:
			return before, link{Name: one.Title, URL: talkURL(one.ID)}, nil
		}
	}
	return before, after, nil
}

// work is the talk as something to cite.
func (s *Site) work(c echo.Context, t archive.Talk, e archive.EditionSummary) cite.Work {
	origin := s.origin(c.Request())
	w := cite.Work{
		Key: string(t.ID), Title: t.Title, Kind: t.Kind, Date: dayOf(t, e), Event: editionTitle(e), Place: joined(", ", e.City, e.Country), Venue: e.Venue,
		URL: origin + talkURL(t.ID), Abstract: t.Abstract, Language: languageOf(t, e), Keywords: t.Topics,
	}
	for _, p := range t.Speakers {
		w.Authors = append(w.Authors, cite.Author{Name: p.Name, Affiliation: p.Affiliation})
	}
	for i, d := range t.Decks {
		if d.Media == mediaPDF && d.Blob != "" {
			w.PDF, w.PDFBytes = origin+deckURL(t.ID, i, d.Media), d.Bytes
			break
		}
	}
	return w
}
