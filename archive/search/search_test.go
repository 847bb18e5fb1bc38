package search

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

func TestSearchFinds(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	for _, c := range []struct {
		query string
		want  []archive.TalkID
	}{
		{"supervisor", []archive.TalkID{"crash/2017/let-it-fall"}},
		{"mailbox", []archive.TalkID{"crash/2017/let-it-fall"}},
		{"k8s", []archive.TalkID{"crash/2018/breaking-clusters"}},
		{"bjorn", []archive.TalkID{"crash/2018/breaking-clusters"}},
		{"Akesson Björn", []archive.TalkID{"crash/2018/breaking-clusters"}},
		{"j. strongarm", []archive.TalkID{"crash/2017/let-it-fall", "crash/2018/datenbanken", "crash/2019/testes"}},
		{"realtime", []archive.TalkID{"crash/2018/breaking-clusters"}},
		{"real-time", []archive.TalkID{"crash/2018/breaking-clusters"}},
		{`"unplug machines"`, []archive.TalkID{"crash/2018/breaking-clusters"}},
		{`"machines unplug"`, nil},
		{"festplatte", []archive.TalkID{"crash/2018/datenbanken"}},
		{"störning", []archive.TalkID{"crash/2019/storningar"}},
		{"programacao", []archive.TalkID{"crash/2019/testes"}},
		{"система", []archive.TalkID{"crash/2019/otkazy"}},
		{"障害", []archive.TalkID{"crash/2019/shougai"}},
		{"σφαλμα", []archive.TalkID{"crash/2020/sfalmata"}},
		{"kube*", []archive.TalkID{"crash/2018/breaking-clusters"}},
		{"chaos -sv -störningar", []archive.TalkID{"crash/2018/breaking-clusters"}},
		{"topic:chaos year:2019", []archive.TalkID{"crash/2019/storningar"}},
		{"title:clusters | erlang", []archive.TalkID{"crash/2018/breaking-clusters", "crash/2017/let-it-fall"}},
		{"has:slides", []archive.TalkID{"crash/2017/let-it-fall"}},
		{"lang:swedish", []archive.TalkID{"crash/2019/storningar"}},
		{"slides:letters", []archive.TalkID{"crash/2017/let-it-fall"}},
		{"abstract:letters", nil},
	} {
		if diff := cmp.Diff(c.want, find(t, ix, c.query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.query, diff)
		}
	}
}

func TestHitSaysWhere(t *testing.T) {
	feed := &memory{}
	feed.put(sample()...)
	ix := open(t, feed)
	res := ask(t, ix, Request{Query: Parse("supervision tree strategy")})
	if len(res.Hits) != 1 {
		t.Fatalf("hits: %v", res.Hits)
	}
	hit := res.Hits[0]
	hit.Score = 0
	for i := range hit.Slides {
		hit.Slides[i].Score = 0
	}
	want := Hit{Talk: "crash/2017/let-it-fall", Fields: []Field{FieldTopic, FieldSlides}, Slides: []SlideHit{{Number: 3}}}
	if diff := cmp.Diff(want, hit); diff != "" {
		t.Error(diff)
	}
	got := res.Marker().Fragments("A supervision tree: workers below, supervisors above, one strategy for each branch", 1)
	wantFragments := []Fragment{{
		Text:  "A supervision tree: workers below, supervisors above, one strategy for each branch",
		Marks: [][2]int{{2, 18}, {58, 66}},
	}}
	if diff := cmp.Diff(wantFragments, got); diff != "" {
		t.Error(diff)
	}
}
