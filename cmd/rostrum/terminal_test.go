package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testSheet is a sheet as a terminal of some width, with these variables, gets it.
func testSheet(out *bytes.Buffer, tty bool, width int, env map[string]string) *sheet {
	a := &app{out: out, tty: tty, wide: func() int { return width }, getenv: func(name string) string { return env[name] }}
	return a.newSheet()
}

// TestWrap: columns count as a terminal counts them, lines break where the
// script allows, and a word that is too long is broken rather than lost.
func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name, text string
		width      int
		want       []string
	}{
		{"words", "the ice held  through\nthe winter", 12, []string{"the ice held", "through the", "winter"}},
		{"japanese takes two columns", "自動化された試験の話", 8, []string{"自動化さ", "れた試験", "の話"}},
		{"an accent of its own takes none", "de\u0301ja\u0300 cafe\u0301 the\u0301", 9, []string{"de\u0301ja\u0300 cafe\u0301", "the\u0301"}},
		{"a long word", "see https://example.org/a/very/long/address here", 16, []string{"see https://", "example.org/a/", "very/long/", "address here"}},
		{"no place to break", "aaaaaaaaaaaaaaaaaaaa b", 8, []string{"aaaaaaaa", "aaaaaaaa", "aaaa b"}},
		{"control characters", "a\x1b[31mb\u202ec", 20, []string{"a [31mb c"}},
		{"nothing", " \n ", 20, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := wrap(c.text, c.width)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			for _, line := range got {
				if columns(line) > c.width {
					t.Errorf("%q takes %d columns of %d", line, columns(line), c.width)
				}
			}
		})
	}
}

// TestTable: on a terminal rows fit its width, whatever script they are in; in
// a pipe they are whole; an empty column takes no room.
func TestTable(t *testing.T) {
	rows := [][]words{
		{{text: "09:00", whole: true}, {text: "鋼の街の自動運転車の話"}, {text: ""}, {text: "Tove Holt"}, {text: "7 slides", end: true}},
		{{text: "Parallel sessions"}},
		{{text: "10:00"}, {text: "Moorings in ice and what they taught us"}, {text: ""}, {text: "Al"}, {text: "112 slides", end: true}},
	}
	for _, c := range []struct {
		name  string
		tty   bool
		width int
		want  string
	}{
		{"pipe", false, 20, `
  09:00  鋼の街の自動運転車の話                   Tove Holt    7 slides
  Parallel sessions
  10:00  Moorings in ice and what they taught us  Al         112 slides
`},
		{"terminal", true, 50, `
  09:00  鋼の街の自動運転…   Tove Holt    7 slides
  Parallel sessions
  10:00  Moorings in ice a…  Al         112 slides
`},
		{"narrow", true, 30, `
  09:00  鋼の街…   Tove Ho…
  Parallel sessions
  10:00  Mooring…  Al
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			testSheet(&out, c.tty, c.width, map[string]string{"NO_COLOR": "1"}).table(2, rows)
			if diff := cmp.Diff(strings.TrimPrefix(c.want, "\n"), out.String()); diff != "" {
				t.Error(diff)
			}
			for line := range strings.Lines(out.String()) {
				if c.tty && columns(strings.TrimRight(line, "\n")) > c.width {
					t.Errorf("too wide: %q", line)
				}
			}
		})
	}
}

// TestShowWords: styles and hyperlinks only where they are understood and
// wanted, and no address can leave its escape sequence.
func TestShowWords(t *testing.T) {
	kitty := map[string]string{"TERM": "xterm-kitty"}
	talk := words{text: "Ropes", set: bold, to: "http://127.0.0.1:8017/ferry-forum/2030/ropes"}
	const linked = "\x1b]8;;http://127.0.0.1:8017/ferry-forum/2030/ropes\x1b\\\x1b[1mRopes\x1b[0m\x1b]8;;\x1b\\"
	for _, c := range []struct {
		name string
		tty  bool
		env  map[string]string
		w    words
		want string
	}{
		{"pipe", false, kitty, talk, "Ropes"},
		{"terminal", true, map[string]string{"TERM": "xterm"}, talk, "\x1b[1mRopes\x1b[0m"},
		{"with hyperlinks", true, kitty, talk, linked},
		{"told so", true, map[string]string{"TERM": "xterm", "FORCE_HYPERLINK": "1"}, talk, linked},
		{"told not", true, map[string]string{"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, talk, "\x1b[1mRopes\x1b[0m"},
		{"an older terminal", true, map[string]string{"VTE_VERSION": "4600"}, talk, "\x1b[1mRopes\x1b[0m"},
		{"NO_COLOR", true, map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, talk, "Ropes"},
		{"dumb", true, map[string]string{"TERM": "dumb", "FORCE_HYPERLINK": "1"}, talk, "Ropes"},
		{"an address with an escape", true, kitty, words{text: "x", to: "https://e.example/\x1b\\\x1b[31m"}, "x"},
		{"an address with strange letters", true, kitty, words{text: "x", to: "https://e.example/ö"}, "\x1b]8;;https://e.example/%C3%B6\x1b\\x\x1b]8;;\x1b\\"},
		{"a script", true, kitty, words{text: "x", to: "javascript:alert(1)"}, "x"},
		{"nothing", true, kitty, words{set: bold, to: "https://e.example/"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			if diff := cmp.Diff(c.want, testSheet(&out, c.tty, 80, c.env).show(c.w)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// In a log work that is whole but not over yet is told once, and then as seldom
// as any.
func TestBarInALog(t *testing.T) {
	var out strings.Builder
	now := time.Unix(0, 0)
	a := &app{err: &out, now: func() time.Time { return now }}
	b := a.newBar("index")
	for second := range 40 {
		now = time.Unix(int64(second), 0)
		b.show(min(second, 15), 15, "talks")
	}
	want := "index: 10 of 15 talks, 6 s left\nindex: 15 of 15 talks\nindex: 15 of 15 talks\nindex: 15 of 15 talks\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
