package search

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// Two talks have the same words as often: of a question of many words the one
// that says them together comes first, of a question of few words neither.
func TestWordsTogetherWin(t *testing.T) {
	filler := strings.Fields("amber brook cedar delta ember fjord grove heath inlet jetty knoll ledge marsh north orchard pond quarry ridge shore tarn")
	asked := []string{"kiln", "glaze", "ash", "cobalt", "crackle", "salt"}
	apart := append([]string{}, filler...)
	for i, w := range asked {
		apart = append(apart[:i*10], append([]string{w, "hill", "lake", "moor", "oak", "peak", "rock", "sand", "tree", "vale"}, apart[i*10:]...)...)
	}
	together := append([]string{}, asked...)
	for _, w := range apart {
		if !strings.Contains(strings.Join(asked, " "), w) {
			together = append(together, w)
		}
	}
	feed := &memory{}
	put := func(id, abstract string) {
		e := archive.Entry{SeriesName: "Pots", EditionTitle: "Pots", EditionYear: 2010, EditionLanguage: "en"}
		e.ID, e.Kind, e.Title, e.Abstract = archive.TalkID(id), archive.KindTalk, "Untold", abstract
		feed.put(e)
	}
	put("pots/2010/apart", strings.Join(apart, " "))
	for i := range 40 {
		put(fmt.Sprintf("pots/2010/other-%d", i), "clay and water, nothing else")
	}
	put("pots/2010/together", strings.Join(together, " "))
	ix := open(t, feed)
	best := func(query string) (ids []archive.TalkID, scores []float64) {
		for _, h := range ask(t, ix, Request{Query: Parse(query)}).Hits {
			ids, scores = append(ids, h.Talk), append(scores, h.Score)
		}
		return ids, scores
	}
	ids, scores := best(strings.Join(asked, " "))
	if diff := cmp.Diff([]archive.TalkID{"pots/2010/together", "pots/2010/apart"}, ids); diff != "" || scores[0] <= scores[1] {
		t.Errorf("many words: scores %v, -want +got\n%s", scores, diff)
	}
	ids, scores = best(strings.Join(asked[:3], " "))
	if diff := cmp.Diff([]archive.TalkID{"pots/2010/apart", "pots/2010/together"}, ids); diff != "" || scores[0] != scores[1] {
		t.Errorf("few words: scores %v, -want +got\n%s", scores, diff)
	}
}
