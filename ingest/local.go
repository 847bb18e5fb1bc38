package ingest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"rostrum/archive"
)

// maxFolder bounds how many files of a folder are looked at: more is a
// mistake, such as a home directory.
const maxFolder = 20_000

// folderFiles returns the files of a folder and of those in it that may hold a
// programme, in order, as paths in it with slashes. Hidden ones and symbolic
// links are passed over.
func folderFiles(dir string) ([]string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	var files []string
	seen := 0
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if seen++; seen > maxFolder {
			return &archive.InvalidError{Thing: dir, Why: fmt.Sprintf("holds more than %d files", maxFolder), Hint: "name the folders or files that hold programmes"}
		}
		switch {
		case name != "." && strings.HasPrefix(d.Name(), ".") && d.IsDir():
			return fs.SkipDir
		case !d.Type().IsRegular() || strings.HasPrefix(d.Name(), "."):
			return nil
		case mayHoldProgramme(name):
			files = append(files, name)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	return files, nil
}

func mayHoldProgramme(name string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	return hasSuffix(name, ".html", ".htm", ".xhtml", ".txt", ".json", ".jsonl", ".ndjson")
}

// openLocal opens a file that a person named.
func openLocal(name string) (*os.File, error) {
	f, err := openRegular(func() (fs.FileInfo, error) { return os.Stat(name) }, func() (*os.File, error) { return os.Open(name) })
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &archive.InvalidError{Thing: name, Why: "there is no such file or folder", Hint: "a web address begins with https://"}
	case err != nil:
		if e, ok := errors.AsType[*fs.PathError](err); ok {
			err = e.Err
		}
		return nil, &archive.InvalidError{Thing: name, Why: err.Error()}
	}
	return f, nil
}

// splitLocal parts a file's path into its folder and its name in it.
func splitLocal(name string) (folder, file string) {
	name = filepath.Clean(name)
	return filepath.Dir(name), filepath.Base(name)
}
