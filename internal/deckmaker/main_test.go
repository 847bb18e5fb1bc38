package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	got := parse("# A deck\nby nobody\n\n## First\nA line.\n- a point\n    $ code\n\n## Second\n")
	want := deck{
		title: "A deck", subtitle: []string{"by nobody"},
		slides: []slide{
			{heading: "First", blocks: []block{{paragraph, "A line."}, {point, "a point"}, {code, "$ code"}}},
			{heading: "Second"},
		},
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(deck{}, slide{}, block{})); diff != "" {
		t.Error(diff)
	}
}

func TestBundledDecksAreUpToDate(t *testing.T) {
	texts, err := filepath.Glob("../../cmd/rostrum/bundled/*/*.slides.txt")
	if err != nil || len(texts) < 6 {
		t.Fatalf("%d texts of bundled decks, want at least 6 (%v)", len(texts), err)
	}
	for _, name := range texts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := draw(&want, parse(string(text))); err != nil {
			t.Fatal(err)
		}
		file := name[:len(name)-len(".slides.txt")] + ".pdf"
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s is not what its text gives: go run ./internal/deckmaker %s", file, filepath.Dir(file))
		}
	}
}
