package web

import (
	"strings"
	"testing"

	"rostrum/archive/search"
)

// Every kind of hint has its sentence in every language.
func TestHintsSpeakTheVisitorsLanguage(t *testing.T) {
	ls, err := loadLocales(files)
	must(t, err)
	args := map[search.HintKind][]any{
		search.HintNoField: {"x"}, search.HintNoValue: {"x"}, search.HintNoYear: {"x"}, search.HintHas: {"x"}, search.HintNobody: {"topic"},
		search.HintManyBeginnings: {3}, search.HintLongPhrase: {3}, search.HintNoSuch: {"kind", "talk"}, search.HintByDate: {3},
	}
	for _, kind := range search.HintKinds() {
		seen := map[string]bool{}
		for _, l := range ls.all {
			h := search.Hint{Part: "part", Kind: kind, Args: args[kind]}
			text := hintText(l, h)
			if !l.texts["hint."+string(kind)] || strings.Contains(text, "%!") || seen[text] || strings.Contains(h.Text(), "%!") {
				t.Errorf("%s %s: %q, %q", l.tag, kind, text, h.Text())
			}
			seen[text] = true
		}
	}
}
