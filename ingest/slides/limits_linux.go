package slides

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// limitMemory makes the kernel refuse this process more than size bytes of data. The
// runtime then dies with "out of memory", which is the wanted end of a bomb.
func limitMemory(size int64) error {
	return setLimit(unix.RLIMIT_DATA, size)
}

func setLimit(which int, value int64) error {
	return unix.Setrlimit(which, &unix.Rlimit{Cur: uint64(value), Max: uint64(value)})
}

// closeDoors takes from a worker what it has no need of: writing files, many open
// files, core dumps, and gaining privileges.
func closeDoors() error {
	return errors.Join(
		setLimit(unix.RLIMIT_FSIZE, 0),
		setLimit(unix.RLIMIT_CORE, 0),
		setLimit(unix.RLIMIT_NOFILE, 64),
		unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
	)
}

// dieWith ends this process when its parent ends, also if that happened already.
func dieWith(parent int) error {
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return fmt.Errorf("set the signal of the parent's death: %w", err)
	}
	if os.Getppid() != parent {
		return errors.New("the process that started this one is gone")
	}
	return nil
}

// procAttr makes a child the head of its own group, so that it and whatever it starts
// are killed together and a Ctrl-C at the terminal reaches only the program itself.
func procAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// noNetwork gives the ways to start a child without a network: in a network namespace
// of its own, for which one who is not root needs a user namespace as well.
func noNetwork() []*syscall.SysProcAttr {
	attr := procAttr()
	attr.Cloneflags = syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET
	attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}}
	attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}}
	return []*syscall.SysProcAttr{attr}
}

// killGroup kills a child and all it started.
func killGroup(p *os.Process) {
	// It may be gone already; there is nothing else to do about it.
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL)
	_ = p.Kill()
}

// become sets the limits of the role and turns this process into its program.
func become(r role) error {
	err := errors.Join(
		setLimit(unix.RLIMIT_DATA, r.Memory),
		setLimit(unix.RLIMIT_CPU, int64(r.Seconds)),
		setLimit(unix.RLIMIT_FSIZE, r.File),
		setLimit(unix.RLIMIT_CORE, 0),
		unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
	)
	if err != nil {
		return fmt.Errorf("set limits: %w", err)
	}
	return syscall.Exec(r.Program, append([]string{r.Program}, r.Args...), r.Env)
}

// lockFile waits for the lock at path, which other processes of this program may hold.
func lockFile(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// cpuSince is how much CPU time a process has used since it started; -1 when unknown.
func cpuSince(pid int) time.Duration {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return -1
	}
	// After the name in parentheses, which may hold anything: state, …, the 12th and 13th
	// of which are user and system time in hundredths of a second.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return -1
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err != nil || err2 != nil {
		return -1
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
