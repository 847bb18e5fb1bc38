package main

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"rostrum/ingest/slides"
	"rostrum/ingest/slides/slidestest"
	"rostrum/internal/aside"
)

func TestMain(m *testing.M) {
	slides.WorkerMain()
	aside.Main(works())
	testscript.Main(m, map[string]func(){"rostrum": main})
}

// TestStories runs the stories of testdata/script, which are the manual: files
// go in, the program runs as anybody would run it, lines come out.
func TestStories(t *testing.T) {
	tour, err := filepath.Abs("bundled/tour")
	if err != nil {
		t.Fatal(err)
	}
	engine := slidestest.Cache()
	if err := os.MkdirAll(engine, 0o755); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "DECKS="+tour, "XDG_CACHE_HOME="+filepath.Join(e.WorkDir, ".cache"), "GORACE="+os.Getenv("GORACE"))
			jar, err := cookiejar.New(nil)
			if err != nil {
				return err
			}
			e.Values[cookies{}] = jar
			cache := filepath.Join(e.WorkDir, "rostrum-data", "cache")
			if err := os.MkdirAll(cache, 0o755); err != nil {
				return err
			}
			return os.Symlink(engine, filepath.Join(cache, "slides"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"site":    site,
			"http":    httpCommand,
			"form":    formCommand,
			"link":    linkCommand,
			"address": address,
			"exits":   exits,
			"gzip":    gzipCommand,
			"requests": func(ts *testscript.TestScript, _ bool, args []string) {
				requests(ts, args)
			},
		},
	})
}

// exits CODE COMMAND…: runs a command that must end with this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		code = failed.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

// gzip FILE: writes FILE.gz and takes FILE away.
func gzipCommand(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		name = ts.MkAbs(name)
		text, err := os.ReadFile(name)
		ts.Check(err)
		f, err := os.Create(name + ".gz")
		ts.Check(err)
		z := gzip.NewWriter(f)
		_, err = z.Write(text)
		ts.Check(errors.Join(err, z.Close(), f.Close(), os.Remove(name)))
	}
}

// log is what a story's site was asked, by the story's folder.
type requestLog struct {
	mu   sync.Mutex
	list []string
}

func (l *requestLog) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, line)
}

func (l *requestLog) take() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := l.list
	l.list = nil
	return list
}

type logKey struct{ dir string }

var logs sync.Map // the stories' sites, each under its own folder

// site FOLDER: serves a folder on loopback and sets $SITE to its address. A
// file of the name RULES in it says what is answered otherwise, a line each:
// "/path STATUS" or "/path STATUS LOCATION", or "/path STATUS xN" for the
// first N times only; the status "never" is an answer that never comes.
func site(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	log := &requestLog{}
	logs.Store(logKey{ts.Getenv("WORK")}, log)
	files := http.FileServer(http.Dir(dir))
	times := map[string]int{}
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			files.ServeHTTP(w, r)
			return
		}
		mu.Lock()
		times[r.URL.Path]++
		n := times[r.URL.Path]
		mu.Unlock()
		answer := &status{ResponseWriter: w, code: 200}
		defer func() { log.add(fmt.Sprintf("%s %s %d", r.Method, r.URL.Path, answer.code)) }()
		rules, _ := os.ReadFile(filepath.Join(dir, "RULES"))
		for line := range strings.Lines(string(rules)) {
			rule := strings.Fields(line)
			if len(rule) < 2 || rule[0] != r.URL.Path {
				continue
			}
			if len(rule) == 3 && strings.HasPrefix(rule[2], "x") {
				if most, _ := strconv.Atoi(rule[2][1:]); n > most {
					continue
				}
			} else if len(rule) == 3 {
				answer.Header().Set("Location", rule[2])
			}
			if rule[1] == "never" {
				log.add(r.Method + " " + r.URL.Path + " asked")
				<-r.Context().Done()
				return
			}
			code, _ := strconv.Atoi(rule[1])
			answer.WriteHeader(code)
			return
		}
		files.ServeHTTP(answer, r)
	}))
	ts.Defer(server.Close)
	ts.Setenv("SITE", server.URL)
}

type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// requests [TEXT]: prints what $SITE was asked since the last time, and forgets
// it. With TEXT it waits until that stands in it.
func requests(ts *testscript.TestScript, args []string) {
	log, ok := logs.Load(logKey{ts.Getenv("WORK")})
	if !ok {
		ts.Fatalf("no site is up")
	}
	list := log.(*requestLog).take()
	for try := 0; len(args) == 1 && !strings.Contains(strings.Join(list, "\n"), args[0]); try++ {
		if try > 200 {
			ts.Fatalf("nobody asked for %s", args[0])
		}
		time.Sleep(50 * time.Millisecond)
		list = append(list, log.(*requestLog).take()...)
	}
	fmt.Fprintln(ts.Stdout(), strings.Join(list, "\n"))
}

// address: waits until a server of the data folder has announced itself, and
// sets $SERVER to its address.
func address(ts *testscript.TestScript, _ bool, args []string) {
	data := "rostrum-data"
	if len(args) == 1 {
		data = args[0]
	}
	path := filepath.Join(ts.MkAbs(data), "index.lock")
	// Long: a cold start compiles PDFium, and the race detector makes that slow.
	for range 3000 {
		if f, err := os.Open(path); err == nil {
			who := readHolder(f)
			_ = f.Close()
			if who.Address != "" {
				ts.Setenv("SERVER", who.Address)
				return
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Fatalf("no server of %s came up", data)
}

// http [-until REGEXP] METHOD PATH [STATUS]: asks $SERVER and prints the
// answer's body; the status must be STATUS, else 200. With -until it asks
// again, for some seconds, until the body matches.
func httpCommand(ts *testscript.TestScript, neg bool, args []string) {
	var until *regexp.Regexp
	if len(args) > 2 && args[0] == "-until" {
		until = regexp.MustCompile(args[1])
		args = args[2:]
	}
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: http [-until REGEXP] METHOD PATH [STATUS]")
	}
	want := "200"
	if len(args) == 3 {
		want = args[2]
	}
	for try := 0; ; try++ {
		code, body, err := ask(args[0], ts.Getenv("SERVER")+args[1])
		ts.Check(err)
		if until != nil && !until.MatchString(body) && try < 100 {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		fmt.Fprint(ts.Stdout(), body)
		if strconv.Itoa(code) != want {
			ts.Fatalf("%s %s: %d, want %s", args[0], args[1], code, want)
		}
		if until != nil && !until.MatchString(body) {
			ts.Fatalf("%s %s: never matched %s", args[0], args[1], until)
		}
		return
	}
}

func ask(method, address string) (int, string, error) {
	req, err := http.NewRequestWithContext(context.Background(), method, address, nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}
