// Package passwd keeps who may sign in and proves that they are who they say:
// a small file of names and hashed passwords, read anew at each look, so that
// a changed password holds at once. It knows no session and no page.
//
// The file has a line for each name, "NAME:HASH", hashes in the PHC form of
// argon2id, whose costs stand in each of them: raising the costs for new
// passwords leaves old ones valid. It is written beside and renamed, and only
// its owner may read it.
package passwd

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Costs of a new hash: what RFC 9106 recommends where memory is scarce. One
// check takes 64 MiB and some tenths of a second, so callers bound how many run.
const (
	passes  = 3
	memory  = 64 << 10 // KiB
	threads = 4
	keyLen  = 32
	saltLen = 16
)

// The bounds of a password, in bytes, and of a name, in characters.
const (
	MinPassword = 10
	MaxPassword = 1000
	MaxName     = 60
)

// maxFile bounds the file in bytes.
const maxFile = 1 << 20

// Hash returns a new hash of a password, in PHC form.
func Hash(password string) string {
	salt := make([]byte, saltLen)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, passes, memory, threads, keyLen)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, threads, enc.EncodeToString(salt), enc.EncodeToString(key))
}

// Matches says whether a password is the one that was hashed. A hash that
// nobody has ("") takes as long as any other and matches nothing, so that a
// stranger cannot tell by the time which names exist.
func Matches(hash, password string) bool {
	version, m, t, p := 0, uint32(memory), uint32(passes), uint8(threads)
	salt, want := make([]byte, saltLen), make([]byte, keyLen)
	valid := false
	if parts := strings.Split(hash, "$"); len(parts) == 6 && parts[1] == "argon2id" {
		_, errV := fmt.Sscanf(parts[2], "v=%d", &version)
		_, errC := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &m, &t, &p)
		s, errS := base64.RawStdEncoding.DecodeString(parts[4])
		k, errK := base64.RawStdEncoding.DecodeString(parts[5])
		if errors.Join(errV, errC, errS, errK) == nil && version == argon2.Version && m > 0 && m <= 1<<20 && t > 0 && t <= 100 && p > 0 && len(s) >= 8 && len(k) >= 16 && len(k) <= 128 {
			salt, want, valid = s, k, true
		} else {
			m, t, p = memory, passes, threads
		}
	}
	got := argon2.IDKey([]byte(password), salt, t, m, p, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && valid
}

// CheckName says in a sentence why somebody cannot be called so, "" when they can.
func CheckName(name string) string {
	switch {
	case strings.TrimSpace(name) == "" || name != strings.TrimSpace(name):
		return "a name has letters, and no space around them"
	case utf8.RuneCountInString(name) > MaxName:
		return fmt.Sprintf("a name has at most %d characters", MaxName)
	case strings.Contains(name, ":") || !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "a name has no colon and no control character"
	}
	return ""
}

// CheckPassword is CheckName for a new password.
func CheckPassword(password string) string {
	switch {
	case len(password) < MinPassword:
		return fmt.Sprintf("a password has at least %d characters", MinPassword)
	case len(password) > MaxPassword:
		return fmt.Sprintf("a password has at most %d bytes", MaxPassword)
	}
	return ""
}

// Load reads the file: hashes by name. A file that is not there is nobody.
func Load(path string) (map[string]string, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%s: too large for a list of passwords", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	list := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if name, hash, ok := strings.Cut(lines.Text(), ":"); ok && name != "" {
			list[name] = hash
		}
	}
	return list, lines.Err()
}

// Set gives a name a password, or with "" takes the name off the list; had
// says whether it was on it.
func Set(path, name, password string) (had bool, err error) {
	list, err := Load(path)
	if err != nil {
		return false, err
	}
	_, had = list[name]
	delete(list, name)
	if password != "" {
		list[name] = Hash(password)
	}
	names := make([]string, 0, len(list))
	for n := range list {
		names = append(names, n)
	}
	slices.Sort(names)
	var text strings.Builder
	for _, n := range names {
		text.WriteString(n + ":" + list[n] + "\n")
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".organizers-*") // 0600
	if err != nil {
		return had, err
	}
	_, err = f.WriteString(text.String())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return had, errors.Join(err, os.Remove(f.Name()))
	}
	return had, nil
}
