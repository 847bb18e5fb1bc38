package main

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockedByte lies behind all that is written into the file: a locked byte
// could not be read by others there.
const lockedByte = 1 << 20

// tryLock takes the lock of an open file, or says that another process has it.
func tryLock(f *os.File) (bool, error) {
	at := &windows.Overlapped{Offset: lockedByte}
	err := windows.LockFileEx(windows.Handle(f.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return false, nil
	}
	return err == nil, err
}
