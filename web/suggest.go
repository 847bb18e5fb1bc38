package web

import (
	"context"

	"rostrum/archive"
	"rostrum/archive/search"
)

// suggestions complete what is being typed, each with its address.
func (s *Site) suggestions(ctx context.Context, l *locale, typed string) ([]apiSuggestion, error) {
	found, err := s.index.Suggest(ctx, typed, suggestLength)
	if err != nil {
		return nil, err
	}
	out := make([]apiSuggestion, 0, len(found))
	for _, f := range found {
		out = append(out, apiSuggestion{Text: f.Text, More: f.More, Kind: l.text("suggest." + string(f.Kind)), URL: suggestionURL(f)})
	}
	return out, nil
}

func suggestionURL(f search.Suggestion) string {
	switch f.Kind {
	case search.SuggestTalk:
		return talkURL(archive.TalkID(f.ID))
	case search.SuggestPerson:
		return personURL(archive.PersonID(f.ID))
	case search.SuggestEdition:
		return editionURL(archive.EditionID(f.ID))
	case search.SuggestTopic:
		return topicURL(archive.TopicID(f.ID))
	}
	return searchURL(f.Text)
}
