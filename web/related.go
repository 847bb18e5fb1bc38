package web

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

// relatedLength is how many related talks a talk's page names.
const relatedLength = 5

// related are talks like one, with the words that they share as the reason.
// Talks that already stand on the page are left out.
func (s *Site) related(ctx context.Context, l *locale, t archive.Talk, shown []talkLine) ([]talkLine, error) {
	found, err := s.index.Related(ctx, t.ID, relatedLength+len(shown))
	if errors.Is(err, archive.ErrNotFound) { // the index has not come to it yet
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("related to %s: %w", t.ID, err)
	}
	there := map[string]bool{}
	for _, line := range shown {
		there[line.URL] = true
	}
	var ids []archive.TalkID
	why := map[archive.TalkID]string{}
	for _, r := range found {
		if !there[talkURL(r.Talk)] && len(ids) < relatedLength {
			ids = append(ids, r.Talk)
			why[r.Talk] = strings.Join(r.Words, ", ")
		}
	}
	talks, err := s.db.TalksByID(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read talks related to %s: %w", t.ID, err)
	}
	lines, err := s.talkLines(ctx, l, talks)
	if err != nil {
		return nil, err
	}
	for i, one := range talks {
		if why[one.ID] != "" {
			lines[i].Why = l.text("talk.related.why", why[one.ID])
		}
	}
	return lines, nil
}

type apiRelated struct {
	Talk    archive.TalkID   `json:"talk"`
	Related []apiRelatedTalk `json:"related"`
}

type apiRelatedTalk struct {
	ID      archive.TalkID `json:"id"`
	Title   string         `json:"title"`
	URL     string         `json:"url"`
	Score   float64        `json:"score"`
	Words   []string       `json:"words"` // that both share
	Edition apiEdition     `json:"edition"`
}

// apiRelatedTalks is "more like this" for programs: ?talk=ID&limit=.
func (s *Site) apiRelatedTalks(c echo.Context) error {
	ctx, origin, id := c.Request().Context(), s.origin(c.Request()), archive.TalkID(c.QueryParam("talk"))
	limit, err := number(c, "limit", apiLimit, 1, apiMaxLimit)
	if err != nil {
		return err
	}
	found, err := s.index.Related(ctx, id, limit)
	if err != nil {
		return fmt.Errorf("related to %s: %w", id, err)
	}
	out := apiRelated{Talk: id, Related: []apiRelatedTalk{}}
	for _, r := range found {
		t, err := s.db.TalkByID(ctx, r.Talk)
		if errors.Is(err, archive.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("read talk related to %s: %w", id, err)
		}
		e, err := s.editionOf(ctx, t)
		if err != nil {
			return err
		}
		out.Related = append(out.Related, apiRelatedTalk{
			ID: t.ID, Title: t.Title, URL: origin + talkURL(t.ID), Score: r.Score, Words: r.Words, Edition: apiEdition{ID: e.ID, Title: editionTitle(e)},
		})
	}
	return sendJSON(c, out)
}
