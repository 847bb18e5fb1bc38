package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Two commands that ask at once are answered by one rebuild; what was asked is
// taken back only by who asked it; what a killed command left half-written
// stands in nobody's way.
func TestAskReindex(t *testing.T) {
	path := filepath.Join(t.TempDir(), askFile)
	first, err := putAsk(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := putAsk(path)
	if err != nil || second != first {
		t.Errorf("the second asks %q, %v; want what the first asks, %q", second, err, first)
	}
	if err := takeBack(path, "another's"); err != nil {
		t.Error(err)
	}
	var left reindexAsk
	if !readSmall(path, &left) || left.ID != first {
		t.Errorf("%+v is left, want %q", left, first)
	}
	if err := os.WriteFile(path, []byte(`{"id":"cut of`), 0o600); err != nil {
		t.Fatal(err)
	}
	third, err := putAsk(path)
	if err != nil || third == first || !readSmall(path, &left) || left.ID != third {
		t.Errorf("after a half-written one: %q, %v, in the file %+v", third, err, left)
	}
	if err := takeBack(path, third); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("taken back, but still there: %v", err)
	}
}

// Whoever waits for a server that has died is told.
func TestAskReindexServerGone(t *testing.T) {
	a := &app{data: t.TempDir()}
	lock, _, err := lockIndex(t.Context(), a.data)
	if err != nil {
		t.Fatal(err)
	}
	who := holder{Address: "http://127.0.0.1:1", PID: 1}
	if err := a.stillServed(who); err != nil {
		t.Errorf("held, but %v", err)
	}
	if err := lock.close(); err != nil {
		t.Fatal(err)
	}
	if err := a.stillServed(who); err == nil || !strings.Contains(err.Error(), "ended before the index was built") {
		t.Errorf("let go, and told %v", err)
	}
}
