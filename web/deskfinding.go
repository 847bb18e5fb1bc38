package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
)

// Lengths of lists of things to look at.
const (
	tasksAtHome = 8
	tasksOnPage = 40
)

// taskLine is something to look at: what it is about, why it comes where it
// does, and where it is mended.
type taskLine struct {
	Number  int
	Thing   link
	Edition link
	Field   string
	Code    string
	Text    string
	Quote   string
	Worth   int
	Reach   string // message, with Talks
	Talks   int
	Also    int
	Sure    int // percent, 0 unknown
	// What a dismissal says back.
	EditionID string
	Dismissal store.Dismissal
}

type deskFindingsView struct {
	deskView
	Total    int
	Edition  link // "" all
	Editions []findingsLine
	Tasks    []taskLine
	Later    string
	From     int
}

func taskLines(l *locale, list []store.Task, from int) []taskLine {
	out := make([]taskLine, 0, len(list))
	for i, k := range list {
		line := taskLine{
			Number: from + i, Code: codeName(l, k.Code), Text: k.Text, Worth: k.Score(), Reach: "desk.reach." + string(k.By), Talks: k.Reach, Also: k.Also,
			Sure: int(100*k.Sure + 0.5), EditionID: string(k.Edition), Edition: link{Name: k.EditionTitle, URL: editURL(string(k.Edition))},
			Dismissal: store.Dismissal{Talk: k.Talk, Code: k.Code, Field: k.Field, URL: k.URL, Text: k.Text},
		}
		if line.Edition.Name == "" {
			line.Edition.Name = string(k.Edition)
		}
		line.Thing = line.Edition
		if k.Talk != "" {
			line.Thing = link{Name: k.TalkTitle, URL: editURL(string(k.Talk))}
		}
		if k.Field != "" {
			line.Field = fieldName(l, k.Field)
			line.Thing.URL += "?field=" + url.QueryEscape(k.Field) + "#f-" + url.PathEscape(k.Field)
		}
		if k.Place != nil && k.Place.Quote != k.Text {
			line.Quote = shorten(k.Place.Quote, 160)
		}
		if k.Sure > 0 {
			line.Text, line.Quote = "", shorten(k.Text, 160)
		}
		if k.URL != "" {
			line.Text += " (" + shorten(k.URL, 120) + ")"
		}
		out = append(out, line)
	}
	return out
}

func (s *Site) deskFindings(c echo.Context, who session) error {
	ctx, l := c.Request().Context(), localeOf(c)
	from, err := number(c, "from", 0, 0, 1<<20)
	if err != nil {
		return err
	}
	v := deskFindingsView{deskView: s.deskBase(c, who, "findings"), From: from}
	edition := thingID(c.QueryParam("edition"))
	if edition != "" {
		sum, err := s.db.EditionByID(ctx, archive.EditionID(edition))
		if err != nil {
			return moved(err, "/desk/findings?edition=", "")
		}
		v.Edition = link{Name: editionTitle(sum), URL: editURL(edition)}
	}
	all, err := s.db.Worklist(ctx, "")
	if err != nil {
		return err
	}
	v.Editions = worstEditions(all)
	list := all
	if edition != "" {
		if list, err = s.db.Worklist(ctx, archive.EditionID(edition)); err != nil {
			return err
		}
	}
	v.Total = len(list)
	list = list[min(from, len(list)):]
	if len(list) > tasksOnPage {
		list = list[:tasksOnPage]
		v.Later = fmt.Sprintf("/desk/findings?edition=%s&from=%d", url.QueryEscape(edition), from+tasksOnPage)
	}
	v.Tasks = taskLines(l, list, from)
	return s.render(c, http.StatusOK, "deskfindings", page{Title: l.text("desk.findings"), NoIndex: true, View: v})
}

// worstEditions are those with the most to look at, to choose one from.
func worstEditions(list []store.Task) []findingsLine {
	at := map[archive.EditionID]int{}
	var out []findingsLine
	for _, k := range list {
		i, ok := at[k.Edition]
		if !ok {
			i = len(out)
			at[k.Edition] = i
			name := k.EditionTitle
			if name == "" {
				name = string(k.Edition)
			}
			out = append(out, findingsLine{Name: name, URL: "/desk/findings?edition=" + url.QueryEscape(string(k.Edition))})
		}
		out[i].Findings++
	}
	// The list is in order of worth, so its editions come in that order too.
	return out[:min(len(out), deskEditions)]
}

// deskDismiss says that what was found needs no repair.
func (s *Site) deskDismiss(c echo.Context, who session) error {
	r := c.Request()
	edition := thingID(r.PostFormValue("edition"))
	id, err := s.db.Dismiss(r.Context(), archive.EditionID(edition), store.Dismissal{
		Talk: archive.TalkID(r.PostFormValue("talk")), Code: archive.FindingCode(r.PostFormValue("code")), Field: r.PostFormValue("field"),
		URL: r.PostFormValue("url"), Text: r.PostFormValue("text"),
	}, s.who(c, who))
	if err != nil {
		return err
	}
	to, err := url.Parse(within(r.PostFormValue("back")))
	if err != nil {
		return err
	}
	// The next one has come to stand where this one stood.
	if n, err := strconv.Atoi(r.PostFormValue("number")); err == nil {
		to.Fragment = fmt.Sprintf("t-%d", n)
	}
	return done(c, to.String(), id)
}
