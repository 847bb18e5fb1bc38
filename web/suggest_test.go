package web

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// While typing, names, queries and talks are offered, each with its kind in the
// visitor's language and an address that answers.
func TestSuggestionsWhileTyping(t *testing.T) {
	db := newStore(t)
	talk := func(title string, topics ...string) archive.Item {
		return archive.Item{Kind: archive.KindTalk, Title: title, Speakers: []archive.Credit{{Name: "Vera Ström"}}, Topics: topics}
	}
	take(t, db, "https://past.example/mills.html", archive.Programme{
		Edition: archive.EditionInfo{Title: "Mill Days 2021", Series: "Mill Days", StartDate: "2021-06-12", Language: "en"},
		Items:   []archive.Item{talk("Water wheels for beginners", "Water power"), talk("Old water wheels"), talk("Watching a sluice")},
	})
	s := newSiteOver(t, db)
	for language, word := range map[string]string{"en": "search", "sv": "sökning"} {
		res, body := s.get(t, "/api/v1/suggest?q=wat", "Accept-Language", language)
		if res.StatusCode != http.StatusOK {
			t.Fatal(res.StatusCode, body)
		}
		var got apiSuggestions
		must(t, json.Unmarshal([]byte(body), &got))
		var queries, addresses []string
		for _, one := range got.Suggestions {
			if one.Kind == word {
				queries = append(queries, one.Text+" "+one.URL)
			}
			addresses = append(addresses, one.URL)
			if res, _ := s.get(t, one.URL); res.StatusCode != http.StatusOK {
				t.Errorf("%s of %q answers %d", one.URL, one.Text, res.StatusCode)
			}
		}
		if diff := cmp.Diff([]string{"water /search?q=water", "water wheels /search?q=water+wheels"}, queries); diff != "" {
			t.Errorf("%s (-want +got):\n%s%s", language, diff, body)
		}
		want := []string{
			"/topics/water-power", "/search?q=water", "/search?q=water+wheels",
			"/mill-days/2021/old-water-wheels", "/mill-days/2021/watching-a-sluice", "/mill-days/2021/water-wheels-for-beginners",
		}
		if diff := cmp.Diff(want, addresses); diff != "" {
			t.Errorf("%s (-want +got):\n%s", language, diff)
		}
	}
}
