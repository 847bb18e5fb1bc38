package ledger

import (
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// FuzzText: whatever a correction says stands in the file as it is.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", " a", "a\n b\n", "\n\na", "a \n\n", "- x: y\n  # z", "\u2028", "09:15", "a\nb: |\n c", "\x00", "\u0085", "\ufeffa\nb"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		doc := mapping()
		put(doc, "value", text(s))
		b, err := yaml.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var got yaml.Node
		if err := yaml.Unmarshal(b, &got); err != nil {
			t.Fatalf("%q: %v\n%s", s, err, b)
		}
		if v := got.Content[0].Content[1].Value; v != s {
			t.Fatalf("%q came back as %q\n%s", s, v, b)
		}
	})
}
