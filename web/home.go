package web

import (
	"context"
	"html/template"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

// How much of everything the first page shows.
const (
	homeSeries = 10
	homeNewest = 6
	homeTopics = 24
	homeSlides = 8
)

type homeView struct {
	Counts        archive.Counts
	TalksCount    template.HTML
	EditionsCount template.HTML
	Examples      []string
	Slides        []thumb
	Series        []contentsLine
	Newest        []talkLine
	Topics        []noted
}

func (s *Site) home(c echo.Context) error {
	ctx, l := c.Request().Context(), localeOf(c)
	counts, err := s.counts(ctx)
	if err != nil {
		return err
	}
	v := homeView{
		Counts:     counts,
		TalksCount: l.html("count.talks", counts.Talks), EditionsCount: l.html("count.editions", counts.Editions),
	}
	newest, err := s.newest(ctx)
	if err != nil {
		return err
	}
	if v.Newest, err = s.talkLines(ctx, l, oneEach(newest, homeNewest)); err != nil {
		return err
	}
	picked, err := s.slidesFrom(ctx, newest)
	if err != nil {
		return err
	}
	for _, p := range picked {
		v.Slides = append(v.Slides, makeThumb(nil, p.talk, p.at, p.deck.Blob, p.slide, ""))
	}
	series, err := s.allSeries(ctx)
	if err != nil {
		return err
	}
	slices.SortStableFunc(series, func(a, b archive.SeriesSummary) int { return strings.Compare(string(b.LastDate), string(a.LastDate)) })
	for _, one := range series[:min(len(series), homeSeries)] {
		v.Series = append(v.Series, seriesLine(l, one))
	}
	topics, err := s.topTopics(ctx, homeTopics)
	if err != nil {
		return err
	}
	for _, t := range topics {
		v.Topics = append(v.Topics, noted{Name: t.Name, URL: topicURL(t.ID), Note: topicNote(l, t)})
	}
	v.Examples = examples(newest, topics, counts.Slides > 0)
	image, text := s.firstSlide(l, newest)
	return s.render(c, 200, "home", page{
		Image: image, ImageText: text,
		Path: "/", Bare: true, View: v, Data: s.siteData(c), Feeds: []link{{l.text("feed.newest"), "/feed.atom"}},
		Description: l.text("home.description", l.text("count.talks", counts.Talks), l.text("count.editions", counts.Editions)),
	})
}

// oneEach picks n talks, at most two of one edition as long as there are
// others, so that one large edition added last is not all there is to see.
func oneEach(talks []archive.Talk, n int) []archive.Talk {
	var first, rest []archive.Talk
	count := map[archive.EditionID]int{}
	for _, t := range talks {
		if count[t.Edition()]++; count[t.Edition()] <= 2 {
			first = append(first, t)
		} else {
			rest = append(rest, t)
		}
	}
	all := slices.Concat(first, rest)
	return all[:min(n, len(all))]
}

// pickedSlide is a slide of a talk's deck.
type pickedSlide struct {
	talk  archive.TalkID
	at    int // of the talk's decks
	deck  archive.TalkDeck
	slide archive.Slide
}

// slidesFrom picks a slide of each of several talks: the second where there is
// one, since the first is mostly a title that stands beside it anyway.
func (s *Site) slidesFrom(ctx context.Context, talks []archive.Talk) ([]pickedSlide, error) {
	if s.pictures == nil {
		return nil, nil
	}
	var out []pickedSlide
	seen := map[archive.BlobID]bool{}
	for _, t := range talks {
		for i, d := range t.Decks {
			if d.State != archive.DeckRead || d.Slides == 0 || seen[d.Blob] || len(out) == homeSlides {
				continue
			}
			seen[d.Blob] = true
			deck, err := s.deck(ctx, t.ID, d.Blob)
			if err != nil {
				return nil, err
			}
			if len(deck.Slides) == 0 {
				continue
			}
			out = append(out, pickedSlide{t.ID, i, d, deck.Slides[min(1, len(deck.Slides)-1)]})
			break
		}
	}
	return out, nil
}

// topTopics are the topics with most talks, in the order of the alphabet.
func (s *Site) topTopics(ctx context.Context, n int) ([]archive.Topic, error) {
	topics, err := s.allTopics(ctx)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(topics, func(a, b archive.Topic) int { return b.Talks - a.Talks })
	topics = topics[:min(n, len(topics))]
	slices.SortFunc(topics, func(a, b archive.Topic) int { return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return topics, nil
}

// examples are queries that surely find something here: a speaker, two words
// of a title, a topic, and its slides where there are any.
func examples(talks []archive.Talk, topics []archive.Topic, slides bool) []string {
	var out []string
	for _, t := range talks {
		if len(t.Speakers) > 0 && len(strings.Fields(t.Speakers[0].Name)) == 2 {
			out = append(out, t.Speakers[0].Name)
			break
		}
	}
	for _, t := range talks {
		words := strings.FieldsFunc(t.Title, func(r rune) bool { return strings.ContainsRune(" :,.!?\"()–—-", r) })
		words = slices.DeleteFunc(words, func(w string) bool { return len(w) < 5 })
		if len(words) >= 2 {
			out = append(out, strings.ToLower(words[0]+" "+words[1]))
			break
		}
	}
	if i := slices.IndexFunc(topics, func(t archive.Topic) bool { return t.Talks > 0 }); i >= 0 {
		out = append(out, "topic:"+quoted(topics[i].Name))
	}
	if slides {
		out = append(out, "has:slides")
	}
	return out
}

// quoted is a value of a field in the query language.
func quoted(value string) string {
	value = strings.ReplaceAll(value, `"`, " ")
	if strings.ContainsAny(value, " :|()*-") {
		return `"` + strings.Join(strings.Fields(value), " ") + `"`
	}
	return value
}

func seriesLine(l *locale, one archive.SeriesSummary) contentsLine {
	return contentsLine{
		Name: one.Name, URL: seriesURL(one.ID), Aside: years(one.FirstDate.Year(), one.LastDate.Year()),
		Note: l.text("count.editions", one.Editions) + ", " + l.text("count.talks", one.Talks),
	}
}
