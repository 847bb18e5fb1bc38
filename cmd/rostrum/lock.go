package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// indexLock is the right to have the index open: bleve refuses a second
// process, even to read. It is a lock on the file index.lock in the data
// folder, which the system lets go when its holder dies, however it dies. A
// server writes its address into the file, so that others can ask it instead.
type indexLock struct {
	file *os.File
}

// holder is what stands in the lock file while a server holds it.
type holder struct {
	Address string `json:"address"` // of the server: http://127.0.0.1:8080
	PID     int    `json:"pid"`
}

// errHeld says that another process holds the lock.
var errHeld = errors.New("the index is in use by another process")

// lockIndex takes the lock of a data folder. When a server holds it, it
// returns errHeld and who it is; another short command is waited for.
func lockIndex(ctx context.Context, data string) (*indexLock, holder, error) {
	path := filepath.Join(data, "index.lock")
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, holder{}, fmt.Errorf("lock index: %w", err)
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		ok, err := tryLock(f)
		if err != nil {
			_ = f.Close()
			return nil, holder{}, fmt.Errorf("lock %s: %w", path, err)
		}
		if ok {
			l := &indexLock{f}
			return l, holder{}, l.write(nil)
		}
		if who := readHolder(f); who.Address != "" || time.Now().After(deadline) {
			_ = f.Close()
			return nil, who, errHeld
		}
		select {
		case <-ctx.Done():
			_ = f.Close()
			return nil, holder{}, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// announce writes the server's address for others to find.
func (l *indexLock) announce(address string) error {
	text, err := json.Marshal(holder{Address: address, PID: os.Getpid()})
	if err != nil {
		return err
	}
	return l.write(append(text, '\n'))
}

func (l *indexLock) write(text []byte) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt(text, 0)
	return err
}

// close lets the lock go. The file stays: to remove it could remove another's.
func (l *indexLock) close() error {
	return errors.Join(l.write(nil), l.file.Close())
}

// readHolder returns the zero value when no server has announced itself.
func readHolder(f *os.File) holder {
	var who holder
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 4<<10))
	if err != nil || json.Unmarshal(text, &who) != nil {
		return holder{}
	}
	return who
}
