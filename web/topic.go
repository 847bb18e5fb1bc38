package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/archive/store"
	"rostrum/internal/fold"
)

// topicsLength is how many topics stand on one page; with more, each letter
// has a page of its own, and the first shows those of most talks.
const topicsLength = 400

type topicsView struct {
	Total  int
	Index  []letterLink // of letters, when there are too many topics for one page
	Most   []noted      // the topics of most talks, then
	Groups []group
}

func (s *Site) topics(c echo.Context) error {
	l := localeOf(c)
	all, err := s.allTopics(c.Request().Context())
	if err != nil {
		return err
	}
	v := topicsView{Total: len(all)}
	keys := make(map[archive.TopicID]string, len(all))
	for _, t := range all {
		keys[t.ID] = fold.Text(t.Name)
	}
	chosen := c.QueryParam("letter")
	if len(all) > topicsLength && chosen == "" {
		for _, t := range all[:topicsLength/4] {
			v.Most = append(v.Most, noted{Name: t.Name, URL: topicURL(t.ID), Note: topicNote(l, t)})
		}
	}
	slices.SortStableFunc(all, func(a, b archive.Topic) int { return strings.Compare(keys[a.ID], keys[b.ID]) })
	for _, t := range all {
		name := letter(keys[t.ID])
		if n := len(v.Groups); n == 0 || v.Groups[n-1].Name != name {
			v.Groups = append(v.Groups, group{Name: name})
		}
		g := &v.Groups[len(v.Groups)-1]
		g.Lines = append(g.Lines, contentsLine{Name: t.Name, URL: topicURL(t.ID), Note: topicNote(l, t)})
	}
	if len(all) > topicsLength || chosen != "" {
		if v.Index, v.Groups = byLetter(v.Groups, chosen); chosen != "" && len(v.Groups) == 0 {
			return archive.ErrNotFound
		}
	}
	path := "/topics"
	if chosen != "" {
		path += "?letter=" + url.QueryEscape(chosen)
	}
	return s.render(c, 200, "topics", page{
		Title: l.text("topics.title"), Description: l.text("topics.description"), Section: "topics", Path: path, View: v,
	})
}

// byLetter makes an index of the groups' letters and keeps the groups of the
// one that was chosen. Letters may come up twice, "#" before and after the others.
func byLetter(groups []group, chosen string) (index []letterLink, kept []group) {
	seen := map[string]bool{}
	for _, g := range groups {
		if !seen[g.Name] {
			seen[g.Name] = true
			index = append(index, letterLink{Name: g.Name, URL: "/topics?letter=" + url.QueryEscape(g.Name), Current: g.Name == chosen})
		}
		if g.Name == chosen {
			kept = append(kept, g)
		}
	}
	return index, kept
}

// letter is the heading that a folded name stands under: its first letter, "#"
// for anything else.
func letter(key string) string {
	if r, _ := utf8.DecodeRuneInString(key); unicode.IsLetter(r) {
		return string(unicode.ToUpper(r))
	}
	return "#"
}

// topicNote says how much a topic leads to: its talks, or else the editions
// that announced it.
func topicNote(l *locale, t archive.Topic) string {
	if t.Talks == 0 {
		return l.text("count.editions", t.Editions)
	}
	return l.number(t.Talks)
}

type topicView struct {
	Name      string
	Total     int // talks that carry it
	Announced int // editions that announced it
	SearchURL string
	FeedURL   string // "" when no talk carries it
	Talks     []talkLine
	Pager     pager
	Editions  []editionLine
}

// listLength is how many talks a list shows at once.
const listLength = 50

// topicEditions is how many of the editions that announced a topic its page
// shows, the latest.
const topicEditions = 200

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
	editions, err := s.db.TopicEditions(ctx, id)
	if err != nil {
		return fmt.Errorf("read editions on %s: %w", id, err)
	}
	v := topicView{Name: t.Name, Total: len(talks), Announced: len(editions)}
	out := page{Title: t.Name, Section: "topics", Path: topicURL(id)}
	if len(talks) > 0 {
		v.SearchURL, v.FeedURL = searchURL("topic:"+quoted(t.Name)), topicURL(id)+"/feed.atom"
		out.Feeds = []link{{l.text("feed.topic", t.Name), v.FeedURL}}
		out.Description = l.text("topic.description", l.text("count.talks", v.Total), t.Name)
	} else {
		// Talks that speak of it without carrying it are found by its words.
		v.SearchURL = searchURL(t.Name)
		out.Description = l.text("topic.description.announced", t.Name, l.text("count.editions", v.Announced))
	}
	if v.Pager, err = pageOf(c, topicURL(id), nil, len(talks), listLength); err != nil {
		return err
	}
	if v.Talks, err = s.talkLines(ctx, l, talks[v.Pager.from:v.Pager.to]); err != nil {
		return err
	}
	out.Path = v.Pager.Here
	out.Image, out.ImageText = s.firstSlide(l, talks)
	for _, e := range editions[:min(len(editions), topicEditions)] {
		v.Editions = append(v.Editions, lineOfEdition(l, e))
	}
	out.View = v
	return s.render(c, 200, "topic", out)
}

// topicLinks leads from topics as printed on talks and editions to their pages.
func topicLinks(topics []string) []link {
	var out []link
	for _, t := range topics {
		if id := store.TopicIDOf(t); id != "" {
			out = append(out, link{Name: t, URL: topicURL(id)})
		}
	}
	return out
}
