//go:build !linux

package slides

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// limitMemory has no kernel to ask here: a watcher in the worker ends it when the
// runtime holds more than size bytes. It can come late for a sudden large demand.
func limitMemory(size int64) error {
	go func() {
		for range time.Tick(20 * time.Millisecond) {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			if m.Sys-m.HeapReleased > uint64(size) {
				fmt.Fprintln(os.Stderr, "fatal error: out of memory")
				os.Exit(2)
			}
		}
	}()
	return nil
}

func closeDoors() error { return nil }

// dieWith leaves it to the end of the pipe to end a worker.
func dieWith(int) error { return nil }

func procAttr() *syscall.SysProcAttr { return nil }

func noNetwork() []*syscall.SysProcAttr { return nil }

// killGroup kills a child.
func killGroup(p *os.Process) { _ = p.Kill() }

// become runs the role's program without limits but the parent's deadline.
func become(r role) error {
	cmd := exec.Command(r.Program, r.Args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = r.Env, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		os.Exit(exit.ExitCode())
	}
	return err
}

// lockFile locks nothing here: two programs that start at once do the same work twice.
func lockFile(string) (unlock func(), err error) { return func() {}, nil }

// cpuSince is not known here: a step is meant by the clock.
func cpuSince(int) time.Duration { return -1 }
