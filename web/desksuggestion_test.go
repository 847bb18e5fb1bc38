package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive/store"
)

func TestWordDiff(t *testing.T) {
	gone := func(s string) worded { return worded{s, true, false} }
	fresh := func(s string) worded { return worded{s, false, true} }
	both := func(s string) worded { return worded{Text: s} }
	for _, c := range []struct {
		old, now string
		want     []worded
	}{
		{"", "", nil},
		{"", "all new", []worded{fresh("all new")}},
		{"all gone", "", []worded{gone("all gone")}},
		{"Let it crsh early", "Let it crash early", []worded{both("Let it "), gone("crsh"), fresh("crash"), both(" early")}},
		{"a b c d", "b c e d", []worded{gone("a "), both("b c"), fresh(" e"), both(" d")}},
		{"U. Berg", "Ulf Berg", []worded{gone("U."), fresh("Ulf"), both(" Berg")}},
		{"Wood ash", "Wood ash as a glaze", []worded{both("Wood ash"), fresh(" as a glaze")}},
		{"one two", "three four", []worded{gone("one two"), fresh("three four")}},
		{"as\n\nit was", "as\n\nit was", []worded{both("as\n\nit was")}},
	} {
		if diff := cmp.Diff(c.want, wordDiff(c.old, c.now)); diff != "" {
			t.Errorf("%q, %q: %s", c.old, c.now, diff)
		}
	}
	// Whatever is compared, nothing is lost, and much takes no longer.
	long := strings.Repeat("one two three ", 5000)
	for _, pair := range [][2]string{{long + "x" + long, "y" + long}, {long, strings.Repeat("four ", 9000)}} {
		var old, now strings.Builder
		for _, w := range wordDiff(pair[0], pair[1]) {
			if !w.New {
				old.WriteString(w.Text)
			}
			if !w.Gone {
				now.WriteString(w.Text)
			}
		}
		if old.String() != pair[0] || now.String() != pair[1] {
			t.Error("the pieces are not the texts")
		}
	}
}

func (d *deskSite) suggest(t *testing.T, field, value, comment string) store.SuggestionID {
	t.Helper()
	s := store.Suggestion{Thing: store.ThingTalk, Name: suggestTalk, Comment: comment, Sender: "somebody", At: sampleTime}
	if field != "" {
		s.Fields = []store.SuggestedField{{Field: field, New: []byte(value)}}
	}
	id, err := d.db.Suggest(t.Context(), s)
	must(t, err)
	return id
}

func TestDeskSuggestions(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	first := d.suggest(t, "title", `"Rivers that recall"`, nasty)
	second := d.suggest(t, "room", `"Attic"`, "")
	third := d.suggest(t, "", "", "the video is dead")
	_, body := b.do(http.MethodGet, "/desk/suggestions", nil)
	for _, want := range []string{
		"<dt>Title</dt><dd>Rivers that <del>remember</del><ins>recall</ins></dd>", "the video is dead", "3 wait for you", fmt.Sprintf(`name="next" value="%d"`, second),
		"Reject all of this sender (2 more)",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the queue does not say %s", want)
		}
	}
	if strings.Contains(body, nasty) {
		t.Error("a comment is markup")
	}
	form := func(id store.SuggestionID, more ...string) url.Values {
		f := url.Values{"suggestion": {fmt.Sprint(id)}, "next": {fmt.Sprint(id + 1)}}
		for i := 0; i+1 < len(more); i += 2 {
			f.Set(more[i], more[i+1])
		}
		return f
	}
	res, _ := b.post("/desk/suggestions/accept", form(first))
	if got, want := res.Header.Get("Location"), fmt.Sprintf("/desk/suggestions?settled=%d#s-%d", first, second); got != want {
		t.Fatalf("accepted: %d %s, want %s", res.StatusCode, got, want)
	}
	if talk, err := d.db.TalkByID(t.Context(), suggestTalk); err != nil || talk.Title != "Rivers that recall" {
		t.Errorf("accepted: %s %v", talk.Title, err)
	}
	if _, body := b.do(http.MethodGet, "/desk/history", nil); !strings.Contains(body, "a visitor suggested it") {
		t.Error("the history does not say that it was suggested")
	}
	_, body = b.do(http.MethodGet, fmt.Sprintf("/desk/suggestions?settled=%d", first), nil)
	if !strings.Contains(body, `data-key="u"`) || !strings.Contains(body, "Accepted:") {
		t.Error("it cannot be taken back from where it was decided")
	}
	b.post("/desk/suggestions/reopen", form(first))
	if talk, err := d.db.TalkByID(t.Context(), suggestTalk); err != nil || talk.Title != "Rivers that remember" {
		t.Errorf("opened again: %s %v", talk.Title, err)
	}
	// What has changed meanwhile is shown so, and not taken by the way.
	_, err := d.db.Correct(t.Context(), store.Correction{Thing: store.ThingTalk, ID: suggestTalk, Field: "room", Value: []byte(`"Cellar"`)}, store.Who{By: "anna"})
	must(t, err)
	_, body = b.do(http.MethodGet, "/desk/suggestions", nil)
	for _, want := range []string{"changed since", "<del>Cellar</del><ins>Attic</ins>", "<i>Hall</i>", "Accept all the same"} {
		if !strings.Contains(body, want) {
			t.Errorf("a stale one does not say %s", want)
		}
	}
	if res, body := b.post("/desk/suggestions/accept", form(second)); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "has changed since it was made") {
		t.Errorf("a stale one by the way: %d", res.StatusCode)
	}
	b.post("/desk/suggestions/accept", form(second, "stale", "yes"))
	if talk, err := d.db.TalkByID(t.Context(), suggestTalk); err != nil || talk.Room != "Attic" {
		t.Errorf("a stale one all the same: %s %v", talk.Room, err)
	}
	b.post("/desk/suggestions/reject", form(third, "sender", "all"))
	if list := d.waiting(t); len(list) != 0 {
		t.Errorf("%d wait still", len(list))
	}
	for _, bad := range []string{"", "x", "99", "-1"} {
		if res, _ := b.post("/desk/suggestions/accept", url.Values{"suggestion": {bad}}); res.StatusCode != http.StatusNotFound {
			t.Errorf("suggestion %q: %d", bad, res.StatusCode)
		}
	}
}
