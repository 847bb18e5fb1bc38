package passwd_test

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/internal/passwd"
)

func TestHash(t *testing.T) {
	const password = "correct horse battery"
	hash := passwd.Hash(password)
	if hash == passwd.Hash(password) {
		t.Error("two hashes have one salt")
	}
	for name, c := range map[string]struct {
		hash, password string
		want           bool
	}{
		"right":        {hash, password, true},
		"wrong":        {hash, password + " ", false},
		"empty":        {hash, "", false},
		"no such name": {"", password, false},
		"cut off":      {hash[:len(hash)-10], password, false},
		"no key":       {hash[:strings.LastIndex(hash, "$")+1], "", false},
		"costs mended": {strings.Replace(hash, "t=3", "t=2", 1), password, false},
		"huge costs":   {strings.Replace(hash, "m=65536", "m=4000000000", 1), password, false},
		"no costs":     {strings.Replace(hash, "t=3", "t=0", 1), password, false},
		"another kind": {strings.Replace(hash, "argon2id", "argon2i", 1), password, false},
	} {
		if got := passwd.Matches(c.hash, c.password); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "organizers")
	for _, c := range []struct {
		name, password string
		had            bool
	}{{"anna", "first password", false}, {"bo ek", "another password", false}, {"anna", "second password", true}, {"bo ek", "", true}, {"bo ek", "", false}} {
		had, err := passwd.Set(path, c.name, c.password)
		if err != nil || had != c.had {
			t.Errorf("%+v: %v %v", c, had, err)
		}
	}
	list, err := passwd.Load(path)
	if d := cmp.Diff([]string{"anna"}, slices.Collect(maps.Keys(list))); d != "" || err != nil {
		t.Error(err, d)
	}
	if !passwd.Matches(list["anna"], "second password") || passwd.Matches(list["anna"], "first password") {
		t.Error("another password than the last holds")
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v %v", info.Mode(), err)
	}
	if list, err := passwd.Load(filepath.Join(t.TempDir(), "none")); len(list) != 0 || err != nil {
		t.Errorf("no file: %v %v", list, err)
	}
	for _, bad := range []string{"", " ", " anna", "a:b", "a\nb", strings.Repeat("x", 61), "\xff"} {
		if passwd.CheckName(bad) == "" {
			t.Errorf("%q may be a name", bad)
		}
	}
	if passwd.CheckPassword("short") == "" || passwd.CheckPassword(strings.Repeat("x", 1001)) == "" || passwd.CheckPassword("long enough") != "" {
		t.Error("the bounds of a password")
	}
}
