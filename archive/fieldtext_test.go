package archive_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

func TestFieldFromText(t *testing.T) {
	known := []archive.Credit{{Name: "Ada Qvist", Affiliation: "Lake Institute", Role: "moderator", Bio: "Measures.", URL: "https://ada.example/"}}
	for _, c := range []struct{ field, text, want string }{
		{"title", "  Let it\n crash & <burn> ", `"Let it crash \u0026 \u003cburn\u003e"`},
		{"abstract", " One.\r\n\r\nTwo. ", `"One.\n\nTwo."`},
		{"start", "09:15", `"09:15"`},
		{"room", "", `""`},
		{"topics", "light;  wax ;", `["light","wax"]`},
		{"topics", "light\nwax", `["light","wax"]`},
		{"topics", "", `[]`},
		{"topics", `["a; b"]`, `["a; b"]`},
		{"speakers", "", `[]`},
		{"speakers", "Bo Ek (Ek & Co); Ada Qvist", `[{"name":"Bo Ek","affiliation":"Ek \u0026 Co"},` +
			`{"name":"Ada Qvist","affiliation":"Lake Institute","role":"moderator","bio":"Measures.","url":"https://ada.example/"}]`},
		{"speakers", "Ada Qvist ()", `[{"name":"Ada Qvist","role":"moderator","bio":"Measures.","url":"https://ada.example/"}]`},
		{"speakers", `[{"name":"X (Y)"}]`, `[{"name":"X (Y)"}]`},
		{"veiled", "Yes", `true`},
	} {
		got, err := archive.FieldFromText(c.field, c.text, known)
		if d := cmp.Diff(c.want, string(got)); d != "" || err != nil {
			t.Errorf("%s %q (%v): %s", c.field, c.text, err, d)
		}
	}
	for field, text := range map[string]string{"veiled": "perhaps", "topics": "[light", "title": strings.Repeat("x", 60_000)} {
		_, err := archive.FieldFromText(field, text, nil)
		if invalid := (*archive.InvalidError)(nil); !errors.As(err, &invalid) || invalid.Thing != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// What a field is written as is read as the same again.
func FuzzFieldText(f *testing.F) {
	f.Add("title", "Let it crash")
	f.Add("topics", "a;b")
	f.Add("speakers", "Ada Qvist (Lake; Institute); Bo (Bob) Ek ()")
	f.Fuzz(func(t *testing.T, field, text string) {
		value, err := archive.FieldFromText(field, text, nil)
		if err != nil || strings.HasPrefix(strings.TrimSpace(text), "[") {
			return
		}
		again, err := archive.FieldFromText(field, archive.FieldText(field, value), nil)
		if err != nil {
			if strings.HasPrefix(archive.FieldText(field, value), "[") {
				return // a name that begins like JSON can only be given as JSON
			}
			t.Fatal(err)
		}
		if field != "speakers" && !strings.HasPrefix(archive.FieldText(field, value), "[") && string(again) != string(value) {
			t.Errorf("%s %q: %s, then %s", field, text, value, again)
		}
	})
}
