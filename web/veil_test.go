package web

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rostrum/archive"
	"rostrum/archive/store"
)

// veiledSite is a site on which somebody asked for her former name to be shown
// nowhere; programmes printed it wherever names are printed.
func veiledSite(t *testing.T) *sampleSite {
	t.Helper()
	db := newStore(t)
	const deck = "https://kiln.example/slides/marta-rydberg.pdf"
	take(t, db, "https://kiln.example/2030", archive.Programme{
		Edition: archive.EditionInfo{
			Title: "Kiln Meeting 2030", StartDate: "2030-09-01", City: "Lund", Organizers: []string{"Marta Rydberg", "Olle Strand"}, Topics: []string{"Clay"},
		},
		Items: []archive.Item{
			{
				Kind: archive.KindTalk, Title: "Glaze", Date: "2030-09-01", Start: "09:00", Topics: []string{"Clay"}, URL: "https://kiln.example/2030/marta-rydberg-glaze",
				Speakers: []archive.Credit{
					{Name: "Dr. Marta Rydberg", Affiliation: "Clay School", Bio: "Marta Rydberg has fired kilns since 2001.", URL: "https://marta-rydberg.example/"},
					{Name: "Olle Strand"},
				},
				Abstract: "MARTA RYDBERG shows how ash becomes glaze.\n\nAnd Rydberg, Marta, answers questions.", Slides: []string{deck},
				Video: []string{"https://video.example/glaze-by-marta-rydberg"},
			},
			{Kind: archive.KindTalk, Title: "Ash, with Marta  Rydberg", Date: "2030-09-01", Start: "10:00", Speakers: []archive.Credit{{Name: "Rydberg, Marta", Role: "host"}}},
		},
	})
	take(t, db, "https://salt.example/2031", archive.Programme{
		Edition: archive.EditionInfo{Title: "Salt Day 2031", StartDate: "2031-05-01", Organizers: []string{"Marta Rydberg"}},
		Items: []archive.Item{{
			Kind: archive.KindTalk, Title: "Salt", Date: "2031-05-01", Topics: []string{"Clay"}, Speakers: []archive.Credit{{Name: "Marta Rydberg", Affiliation: "Clay School"}},
			Abstract: "A talk on salt.",
		}},
	})
	takeDeck(t, db, deck, "application/pdf", "glaze", archive.Deck{Slides: []archive.Slide{
		sampleSlide(1, "Glaze\nMarta Rydberg"), sampleSlide(2, "Ash is what is left of wood. Thanks to Marta Rydberg."),
	}})
	for field, value := range map[string]string{"name": `"June Holm"`, "veiled": `true`} {
		people, _, err := db.People(t.Context(), store.PeopleQuery{Prefix: map[string]string{"name": "r", "veiled": ""}[field]})
		must(t, err)
		id := people[0].ID
		for _, p := range people {
			if p.Name != "Olle Strand" {
				id = p.ID
			}
		}
		_, err = db.Correct(t.Context(), store.Correction{Thing: store.ThingPerson, ID: string(id), Field: field, Value: json.RawMessage(value)},
			store.Who{By: "anna", Why: "Marta Rydberg asked"})
		must(t, err)
	}
	return newSiteOver(t, db)
}

// A name that somebody gave up is on no page, in no feed, file, index or
// address that a visitor meets; the talks are there under the chosen one.
func TestFormerNameIsNowhere(t *testing.T) {
	s := veiledSite(t)
	former := regexp.MustCompile(`(?i)marta[\W_]*rydberg|rydberg[\W_]*marta`)
	got := crawl(t, s)
	bodies := maps.Clone(got.pages)
	addresses := append(slices.Collect(maps.Keys(got.other)), "/search?q=glaze", "/search?q=salt", "/search?q=ash", "/search?q=wood", "/api/v1/search?q=wood", "/search?q=june", "/api/v1/search?q=clay&facets=1",
		"/api/v1/search?q=marta&facets=1", "/search?q=speaker:june", "/people", "/people/june-holm", "/people/june-holm/feed.atom", "/topics/clay")
	for _, address := range addresses {
		if _, ok := bodies[address]; !ok && !strings.HasPrefix(got.other[address], "image/") {
			res, body := s.get(t, address)
			bodies[address] = body
			if res.StatusCode >= 500 {
				t.Errorf("%s answers %d", address, res.StatusCode)
			}
		}
	}
	if len(bodies) < 40 {
		t.Errorf("only %d addresses were met", len(bodies))
	}
	june := 0
	for _, address := range slices.Sorted(maps.Keys(bodies)) {
		body := bodies[address]
		if at := former.FindStringIndex(body); at != nil {
			t.Errorf("%s says the former name: …%s…", address, body[max(0, at[0]-120):min(len(body), at[1]+60)])
		}
		if former.MatchString(address) {
			t.Errorf("%s is linked", address)
		}
		june += strings.Count(body, "June Holm")
	}
	if june < 20 {
		t.Errorf("the chosen name stands %d times", june)
	}
	// Who kept the old address finds her.
	if res, _ := s.get(t, "/people/marta-rydberg"); res.StatusCode != http.StatusMovedPermanently && res.StatusCode != http.StatusPermanentRedirect || res.Header.Get("Location") != "/people/june-holm" {
		t.Errorf("the old address answers %d %s", res.StatusCode, res.Header.Get("Location"))
	}
}

// Whoever hides a former name is told where it still stands: what is printed in
// a slide is a picture, and no veil is laid over that.
func TestVeilSaysHowFarItReaches(t *testing.T) {
	d := newDeskSite(t)
	b := d.browser(t)
	b.signIn("anna", deskPassword)
	for _, language := range []string{"en", "sv"} {
		_, body := b.do(http.MethodGet, "/desk/edit/vera-strom", nil, "Accept-Language", language)
		l := d.locales.named(language)
		if !strings.Contains(body, l.text("desk.veiled.note")) || !strings.Contains(body, `aria-describedby="n-veiled"`) {
			t.Errorf("in %s, what hiding a name leaves is not said:\n%s", language, body)
		}
	}
}
