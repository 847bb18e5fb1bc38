package web

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// messageKeys returns every key that the templates ask t or h for by name.
func (t *templates) messageKeys() map[string]bool {
	keys := map[string]bool{}
	for _, set := range t.pages {
		for _, page := range set {
			for _, one := range page.Templates() {
				if one.Tree != nil { // an empty one has none
					collectKeys(one.Tree.Root, keys)
				}
			}
		}
	}
	return keys
}

func collectKeys(n parse.Node, keys map[string]bool) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				collectKeys(child, keys)
			}
		}
	case *parse.ActionNode:
		collectKeys(n.Pipe, keys)
	case *parse.IfNode:
		collectBranch(&n.BranchNode, keys)
	case *parse.RangeNode:
		collectBranch(&n.BranchNode, keys)
	case *parse.WithNode:
		collectBranch(&n.BranchNode, keys)
	case *parse.TemplateNode:
		collectKeys(n.Pipe, keys)
	case *parse.PipeNode:
		if n != nil {
			for _, cmd := range n.Cmds {
				collectCommand(cmd, keys)
			}
		}
	}
}

func collectBranch(n *parse.BranchNode, keys map[string]bool) {
	collectKeys(n.Pipe, keys)
	collectKeys(n.List, keys)
	collectKeys(n.ElseList, keys)
}

func collectCommand(cmd *parse.CommandNode, keys map[string]bool) {
	if id, ok := cmd.Args[0].(*parse.IdentifierNode); ok && len(cmd.Args) > 1 && (id.Ident == "t" || id.Ident == "h") {
		if s, ok := cmd.Args[1].(*parse.StringNode); ok {
			keys[s.Text] = true
		}
	}
	for _, arg := range cmd.Args {
		if p, ok := arg.(*parse.PipeNode); ok {
			collectKeys(p, keys)
		}
	}
}

func TestMessages(t *testing.T) {
	s := newSiteOver(t, newStore(t))
	want := s.locales.all[0].texts
	for _, l := range s.locales.all {
		if d := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(l.texts))); d != "" {
			t.Errorf("%s has other messages than %s (-%s +%s):\n%s", l.tag, s.locales.all[0].tag, s.locales.all[0].tag, l.tag, d)
		}
	}
	for key := range s.templates.messageKeys() {
		if !want[key] {
			t.Errorf("a template asks for the message %q, which is not there", key)
		}
	}
	for _, k := range archive.Kinds() {
		if !want["kind."+string(k)] {
			t.Errorf("no message for the kind %s", k)
		}
	}
}

func TestLocaleDates(t *testing.T) {
	ls, err := loadLocales(files)
	must(t, err)
	en, sv := ls.named("en"), ls.named("sv")
	got := []string{
		en.dates("2017-12-06", "2017-12-06"), en.dates("2017-12-06", "2017-12-08"), en.dates("2017-11-30", "2017-12-02"), en.dates("2017-12-31", "2018-01-02"),
		en.dates("", ""), en.dates("2017-12-06", ""), sv.dates("2017-12-06", "2017-12-08"), sv.date("2017-02-30"), en.weekday("2017-12-06"), sv.weekday("2017-12-06"),
		en.number(21715), sv.number(21715), en.bytes(1), en.bytes(1536 << 10), sv.bytes(1536 << 10), en.text("count.talks", 1), en.text("count.talks", 2),
	}
	want := []string{
		"6 December 2017", "6–8 December 2017", "30 November – 2 December 2017", "31 December 2017 – 2 January 2018",
		"", "6 December 2017", "6–8 december 2017", "", "Wednesday", "onsdag",
		"21,715", "21\u00a0715", "1 kB", "1.5 MB", "1,5 MB", "1 talk", "2 talks",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestPickLanguage(t *testing.T) {
	s := newSiteOver(t, newStore(t))
	type ask struct{ address, accept, cookie string }
	got := map[ask]string{}
	want := map[ask]string{
		{"/about", "", ""}:                          "en",
		{"/about", "sv-SE,sv;q=0.9,en;q=0.8", ""}:   "sv",
		{"/about", "fr", ""}:                        "en",
		{"/about", "sv", "ui=en"}:                   "en",
		{"/about?ui=sv", "en", "ui=en"}:             "sv",
		{"/about?ui=xx", "sv", ""}:                  "sv",
		{"/about", strings.Repeat("sv,", 1000), ""}: "en",
		{"/about", "sv;q=nonsense", ""}:             "en",
	}
	for a := range want {
		res, _ := s.get(t, a.address, "Accept-Language", a.accept, "Cookie", a.cookie)
		got[a] = res.Header.Get("Content-Language")
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
