package aside_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rostrum/internal/aside"
)

func TestMain(m *testing.M) {
	aside.Main(map[string]aside.Work{
		"count": func(args []string, progress func(int)) error {
			for n := range args {
				progress(n + 1)
			}
			return nil
		},
		"fail":  func([]string, func(int)) error { return errors.New("no room on \"disk\"\nat all") },
		"panic": func([]string, func(int)) error { panic("beside itself") },
		"wait": func(args []string, progress func(int)) error {
			err := os.WriteFile(args[0]+".new", []byte(strconv.Itoa(os.Getpid())), 0o600)
			if err = errors.Join(err, os.Rename(args[0]+".new", args[0])); err != nil {
				return err
			}
			progress(1)
			select {}
		},
		"parent": func(args []string, _ func(int)) error { return aside.Do(context.Background(), "wait", args, nil) },
		"priorities": func(args []string, _ func(int)) error {
			return os.WriteFile(args[0], priorities(), 0o600)
		},
	})
	os.Exit(m.Run())
}

func TestDoneAsideWithProgress(t *testing.T) {
	t.Parallel()
	var done []int
	if err := aside.Do(t.Context(), "count", []string{"a", "b c", "--d"}, func(n int) { done = append(done, n) }); err != nil {
		t.Fatal(err)
	}
	if len(done) == 0 || done[len(done)-1] != 3 {
		t.Errorf("progress %v, want 3 in the end", done)
	}
}

func TestWhyItEndedIsTold(t *testing.T) {
	t.Parallel()
	got := map[string]string{}
	for _, name := range []string{"fail", "panic", "nothing of ours"} {
		got[name] = "done"
		if err := aside.Do(t.Context(), name, nil, nil); err != nil {
			got[name] = err.Error()
		}
	}
	want := map[string]string{
		"fail":            "fail: no room on \"disk\"\nat all",
		"panic":           "panic: exit status 2: panic: beside itself",
		"nothing of ours": "nothing of ours: there is no such work",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// Nobody waits for it any more: it is ended.
func TestEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	file := filepath.Join(t.TempDir(), "pid")
	if err := aside.Do(ctx, "wait", []string{file}, func(int) { cancel() }); !errors.Is(err, context.Canceled) {
		t.Errorf("ended by %v", err)
	}
	gone(t, file)
	if err := aside.Do(ctx, "count", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("begun, ended by %v", err)
	}
}

// A worker does not outlive who asked, however that ended.
func TestEndsWithItsParent(t *testing.T) {
	t.Parallel()
	self, err := aside.Self()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pid")
	cmd := exec.CommandContext(t.Context(), self, file)
	cmd.Env = append(os.Environ(), "ROSTRUM_ASIDE=parent")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	patiently(t, "its worker begins", func() bool {
		_, err := os.Stat(file)
		return err == nil
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	gone(t, file)
}

// gone waits for the end of the process whose number a file tells.
func gone(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(string(text))
	if err != nil {
		t.Fatal(err)
	}
	patiently(t, "the worker ends", func() bool { return !runs(pid) })
}

// runs says whether there is a process, other than one that has ended already and
// waits to be noticed.
func runs(pid int) bool {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return runtime.GOOS == "linux" && !errors.Is(err, fs.ErrNotExist)
	}
	_, state, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(state, "Z")
}

func patiently(t *testing.T, what string, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("waited for nothing: %s", what)
		}
	}
}

func TestGivesWay(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("they are read from /proc")
	}
	file := filepath.Join(t.TempDir(), "priorities")
	if err := aside.Do(t.Context(), "priorities", []string{file}, nil); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for nice := range strings.FieldsSeq(string(got)) {
		if nice != "10" {
			t.Errorf("priorities of the threads: %s", got)
		}
	}
}

// priorities lists those of this process's threads.
func priorities() (list []byte) {
	files, err := filepath.Glob("/proc/self/task/*/stat")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			continue // ended meanwhile
		}
		_, rest, _ := strings.Cut(string(text), ") ")
		if fields := strings.Fields(rest); len(fields) > 16 {
			list = append(list, fields[16]+" "...) // the 19th of all
		}
	}
	return list
}
