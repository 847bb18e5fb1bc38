package fold

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                           "",
		"  Let  it\tcrash \n":        "let it crash",
		"Mårten Öberg":               "marten oberg",
		"Mårten":                     "marten",
		"Søren Kjærgård, Łódź":       "soren kjaergard, lodz",
		"Weiß & WEISS":               "weiss & weiss",
		"ﬁle ＡＢＣ①":                   "file abc1",
		"İstanbul ILGAZ ısı":         "istanbul ilgaz isi",
		"ΟΔΥΣΣΕΥΣ ὈΔΥΣΣΕΎΣ":          "οδυσσευσ οδυσσευσ",
		"Ёлка Й":                     "елка и",
		"がか":                         "がか",
		"हिन्दी":                     "हिन्दी",
		"zero\u200bwidth so\u00adft": "zerowidth soft",
		"\u202eevil\u202c":           "evil",
		"bad\xffbytes":               "bad\uFFFDbytes",
		"no\u00a0break\u3000wide":    "no break wide",
		"\u0301leading mark":         "leading mark",
	} {
		if got := Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string][]string{
		"":                               nil,
		"— … !":                          nil,
		"Don't panic: it’s 2×2":          {"dont", "panic", "its", "2", "2"},
		"O'Brien, 'quoted' words'":       {"obrien", "quoted", "words"},
		"C++ vs. C# (and F#), C and a+b": {"c++", "vs", "c#", "and", "f#", "c", "and", "a", "b"},
		"issue#12 C+++ i++ ++i":          {"issue", "12", "c++", "i++", "i"},
		"Jean-Paul":                      {"jean", "paul"},
		"山田 太郎・Talk":                     {"山田", "太郎", "talk"},
	} {
		if diff := cmp.Diff(want, Words(in)); diff != "" {
			t.Errorf("Words(%q): -want +got\n%s", in, diff)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Let it crash!":                 "let-it-crash",
		"  --  ":                        "",
		"Programming in C++ and C#":     "programming-in-c-plus-plus-and-c-sharp",
		"Щербаков Юрий":                 "shcherbakov-yuriy",
		"Олексій Їжакевич":              "oleksiy-yizhakevich",
		"Γιώργος Παπαδόπουλος":          "giorgos-papadopoulos",
		"Ευρυδίκη Αυγούλη":              "evrydiki-avgouli",
		"김민수":                           "gimminsu",
		"カタカナ とうきょう きって":                "katakana-toukyou-kitte",
		"山田太郎":                          "山田太郎",
		"محمد علي":                      "محمد-علي",
		"../../etc/passwd":              "etc-passwd",
		"<script>alert('x')</script>":   "script-alert-x-script",
		"Ångström, Søren & Weiß":        "angstrom-soren-weiss",
		strings.Repeat("word ", 30):     "word-word-word-word-word-word-word-word-word-word-word-word",
		strings.Repeat("x", 200):        strings.Repeat("x", 60),
		"a " + strings.Repeat("語", 100): "a-" + strings.Repeat("語", 19),
	} {
		if got := Slug(in, 60); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"Let it crash", "Щука", "İ", "C++", "がか", "\xff", "Ὀ", "김", "ｶﾞ", "㎅", "ﷺ", "c#+"} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if limit < 0 || limit > 1000 || len(s) > 2000 {
			t.Skip()
		}
		text := Text(s)
		if again := Text(text); again != text {
			t.Errorf("Text(%q) = %q, folded again %q", s, text, again)
		}
		if key := Key(s); Key(text) != key {
			t.Errorf("Key(%q) = %q, of its Text %q", s, key, Key(text))
		}
		slug := Slug(s, limit)
		if len(slug) > limit || !utf8.ValidString(slug) {
			t.Errorf("Slug(%q, %d) = %q", s, limit, slug)
		}
		if strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--") {
			t.Errorf("Slug(%q, %d) = %q: hyphens", s, limit, slug)
		}
		for _, r := range slug {
			if r != '-' && !wordRune(r) {
				t.Errorf("Slug(%q, %d) = %q holds %q", s, limit, slug, r)
			}
		}
	})
}

func BenchmarkKey(b *testing.B) {
	for b.Loop() {
		Key("Mårten Öberg: Let it crash — eller inte?")
	}
}
