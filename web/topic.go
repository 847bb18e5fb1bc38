package web

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/internal/fold"
)

type topicsView struct {
	Total   int
	Letters []group
}

func (s *Site) topics(c echo.Context) error {
	l := localeOf(c)
	all, err := s.db.Topics(c.Request().Context())
	if err != nil {
		return fmt.Errorf("read topics: %w", err)
	}
	v := topicsView{Total: len(all)}
	keys := make(map[archive.TopicID]string, len(all))
	for _, t := range all {
		keys[t.ID] = fold.Text(t.Name)
	}
	slices.SortStableFunc(all, func(a, b archive.Topic) int { return strings.Compare(keys[a.ID], keys[b.ID]) })
	for _, t := range all {
		name := letter(keys[t.ID])
		if len(v.Letters) == 0 || v.Letters[len(v.Letters)-1].Name != name {
			v.Letters = append(v.Letters, group{Name: name})
		}
		g := &v.Letters[len(v.Letters)-1]
		g.Lines = append(g.Lines, contentsLine{Name: t.Name, URL: topicURL(t.ID), Note: l.number(t.Talks)})
	}
	return s.render(c, 200, "topics", page{
		Title: l.text("topics.title"), Description: l.text("topics.description"), Section: "topics", Path: "/topics", View: v,
	})
}

// letter is the heading that a folded name stands under: its first letter, "#"
// for anything else.
func letter(key string) string {
	if r, _ := utf8.DecodeRuneInString(key); unicode.IsLetter(r) {
		return string(unicode.ToUpper(r))
	}
	return "#"
}

type topicView struct {
	Name      string
	Total     int
	SearchURL string
	FeedURL   string
	Talks     []talkLine
	Pager     pager
}

// listLength is how many talks a list shows at once.
const listLength = 50

func (s *Site) topic(c echo.Context) error {
	ctx, l, id := c.Request().Context(), localeOf(c), archive.TopicID(c.Param("topic"))
	t, err := s.db.TopicByID(ctx, id)
	if err != nil {
		return moved(err, "/topics/", "")
	}
	talks, err := s.db.TopicTalks(ctx, id)
	if err != nil {
		return fmt.Errorf("read talks on %s: %w", id, err)
	}
	v := topicView{Name: t.Name, Total: len(talks), SearchURL: searchURL("topic:" + quoted(t.Name)), FeedURL: topicURL(id) + "/feed.atom"}
	if v.Pager, err = pageOf(c, topicURL(id), nil, len(talks), listLength); err != nil {
		return err
	}
	if v.Talks, err = s.talkLines(ctx, l, talks[v.Pager.from:v.Pager.to]); err != nil {
		return err
	}
	return s.render(c, 200, "topic", page{
		Title: t.Name, Section: "topics", Path: topicURL(id), View: v, Feeds: []link{{l.text("feed.topic", t.Name), v.FeedURL}},
		Description: l.text("topic.description", l.text("count.talks", v.Total), t.Name),
	})
}

// topicLinks leads from topics as printed on talks to their pages.
func topicLinks(topics []string) []link {
	var out []link
	for _, t := range topics {
		if id := store.TopicIDOf(t); id != "" {
			out = append(out, link{Name: t, URL: topicURL(id)})
		}
	}
	return out
}
