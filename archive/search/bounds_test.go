package search

import (
	"strings"
	"testing"
	"time"
)

func TestNoQueryTakesLong(t *testing.T) {
	feed := &memory{}
	feed.fill(manyEntries(2000))
	ix := learned(t, open(t, feed))
	for name, query := range map[string]string{
		"prefixes":     strings.Repeat("ma* ", 900),
		"unknown":      strings.Repeat("qmeasurng qletrs ", 200),
		"phrases":      strings.Repeat(`"number on maps" `, 200),
		"alternatives": strings.Repeat("(maps|clocks sensors)|", 150) + "x",
		"one word":     strings.Repeat("x", 4000),
		"long phrase":  `"` + strings.Repeat("measuring maps ", 250) + `"`,
		"negations":    strings.Repeat("-maps ", 500),
		"fields":       strings.Repeat("title:maps ", 300),
	} {
		began := time.Now()
		res := ask(t, ix, Request{Query: Parse(query), Facets: true})
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: %d found in %v", name, res.Total, took)
		}
	}
}
