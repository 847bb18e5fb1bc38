package archive_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

func TestPlacesOf(t *testing.T) {
	places := archive.Places{"title": {Quote: "t"}, "speakers": {Quote: "first"}, "speakers[1]": {Quote: "second"}, "speakers[0].bio": {Quote: "life"}}
	got := map[string]string{}
	for _, name := range []string{"title", "start", "speakers[0]", "speakers[1]", "speakers[2]", "speakers[0].bio", "speakers[1].bio", "speakers[0].affiliation", "slides[0]"} {
		if p, ok := places.Of(name); ok {
			got[name] = p.Quote
		}
	}
	want := map[string]string{"title": "t", "speakers[0]": "first", "speakers[1]": "second", "speakers[2]": "first", "speakers[0].bio": "life", "speakers[1].bio": "second", "speakers[0].affiliation": "first"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
