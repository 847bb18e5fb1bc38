package main

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"rostrum/ingest"
	"rostrum/ingest/fetch"
	"rostrum/ingest/programme"
	"rostrum/ingest/slides"
)

// bundled is the web as the demo sees it: a folder for each site.
//
//go:embed bundled/*/*.html bundled/*/*.pdf
var bundled embed.FS

// demoSite is one of the bundled sites: a series, the folder its pages lie in
// and the host they are asked of.
type demoSite struct {
	series, host, folder string
	pages                []string
}

// demoSites are served in this process only, under names that no one on the
// web can have (RFC 2606), so that the archive's addresses stay the same
// whatever port it got.
func demoSites() []demoSite {
	return []demoSite{
		{"Chaos Day", "chaos-day.example", "chaos-day", []string{"2017.html"}},
		{"Rostrum Tour", "tour.example", "tour", []string{"2025.html", "2026.html"}},
	}
}

const demoFolder = "rostrum-demo"

func newDemo(a *app) *cobra.Command {
	addr := "127.0.0.1:8017"
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Make an archive from bundled editions and show it",
		Long: `Demo makes an archive in a folder of its own, rostrum-demo, from past editions that come
with the program: a day about chaos engineering at KTH in Stockholm, and a tour of Rostrum
that is its user's guide. They go the way that any page goes: fetched, kept, read, indexed.
Then it serves the archive. A second start finds it made. To be rid of it, delete the folder.`,
		Example: examples(`
rostrum demo
rostrum demo --addr 127.0.0.1:0              on any free port`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("data") && a.getenv("ROSTRUM_DATA") == "" {
				a.data = demoFolder
			}
			if err := a.makeDemo(cmd.Context()); err != nil {
				return err
			}
			if !cmd.Flags().Changed("addr") {
				addr = freeOr(cmd.Context(), addr)
			}
			return a.serve(cmd.Context(), addr, func(address string) { a.welcome(address) })
		},
	}
	cmd.Flags().StringVar(&addr, "addr", addr, "`HOST:PORT` to listen on")
	return cmd
}

// welcome says where the demo is and how to go on.
func (a *app) welcome(address string) {
	if a.json {
		a.printJSON(map[string]string{"address": address})
		return
	}
	fmt.Fprintf(a.out, `The demo archive is at

    %s

Look for "crash", open a slide, read the Rostrum Tour. Ctrl-C ends it.
Your own edition: rostrum add ADDRESS-OF-ITS-PAGE, then rostrum serve.
`, address)
}

// freeOr returns addr, or any free port of its host when addr is taken: the
// demo should start whatever else runs here.
func freeOr(ctx context.Context, addr string) string {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		host, _, _ := net.SplitHostPort(addr)
		return net.JoinHostPort(host, "0")
	}
	_ = l.Close()
	return addr
}

// demoMark is the file that tells a demo's folder from an archive of somebody's
// own. It is written before anything else, and says when all was taken.
type demoMark struct {
	Bundle string `json:"bundle"` // of what the archive is made
	Done   bool   `json:"done"`
}

// makeDemo makes the archive unless it is there already, made from the same
// bundle by readers of the same version.
func (a *app) makeDemo(ctx context.Context) error {
	bundle, err := bundleHash()
	if err != nil {
		return err
	}
	path := filepath.Join(a.data, "demo.json")
	mark, err := readMark(path)
	_, noArchive := os.Stat(filepath.Join(a.data, "archive.db"))
	switch {
	case err == nil && mark == demoMark{bundle, true} && noArchive == nil:
		return nil
	case err != nil && noArchive == nil:
		return hint(fmt.Errorf("%s holds an archive that is no demo", a.data), "the demo wants a folder of its own: name another with --data")
	}
	if err := os.MkdirAll(a.data, 0o750); err != nil {
		return fmt.Errorf("make demo folder: %w", err)
	}
	if err := writeMark(path, demoMark{Bundle: bundle}); err != nil {
		return err
	}
	if err := a.takeBundle(ctx); err != nil {
		return err
	}
	return writeMark(path, demoMark{bundle, true})
}

// takeBundle serves what is bundled on loopback and adds it as anything is added.
func (a *app) takeBundle(ctx context.Context) (err error) {
	sites, err := fs.Sub(bundled, "bundled")
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("serve the bundled editions: %w", err)
	}
	server := &http.Server{Handler: siteByHost(sites), ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	defer func() {
		err = errors.Join(err, server.Close())
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			err = errors.Join(err, ended)
		}
	}()
	to := &target{app: a}
	defer func() { err = errors.Join(err, to.close()) }()
	db, pool, err := to.open(ctx)
	if err != nil {
		return err
	}
	resolve := map[string]string{}
	for _, site := range demoSites() {
		resolve[site.host+":80"] = listener.Addr().String()
	}
	client := fetch.New(fetch.Config{UserAgent: "Rostrum/" + version(), AllowPrivate: true, Gap: -1, PerHost: 4, Resolve: resolve})
	defer client.Close()
	in := ingest.New(ingest.Config{DB: db, Fetch: client, Slides: pool, Log: a.logger(), Now: a.now})
	w := &addWatch{a: a, bar: a.newBar("demo")}
	defer w.bar.clear()
	watch := w.event
	if a.json {
		watch = nil // the demo's answer is its address and nothing else
	}
	for _, site := range demoSites() {
		for _, page := range site.pages {
			source := "http://" + site.host + "/" + page
			report, err := in.Add(ctx, ingest.AddRequest{Source: source, Series: site.series}, watch)
			if err == nil && report.Failed() {
				err = errors.Join(report.Sources[0].Err, errors.Join(report.Sources[0].Bad...))
			}
			if err != nil {
				return fmt.Errorf("take %s: %w", source, err)
			}
		}
	}
	return nil
}

// siteByHost serves each site's folder under its host. A mark made
// of the bytes lets a second asking be answered with "not modified".
func siteByHost(sites fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := slices.IndexFunc(demoSites(), func(s demoSite) bool { return s.host == r.Host })
		if at < 0 {
			http.NotFound(w, r)
			return
		}
		root, err := fs.Sub(sites, demoSites()[at].folder)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		if content, err := fs.ReadFile(root, r.URL.Path[1:]); err == nil {
			sum := sha256.Sum256(content)
			w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
		}
		http.FileServerFS(root).ServeHTTP(w, r)
	})
}

// bundleHash tells one bundle, read by readers of one version, from another.
func bundleHash() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "programme %d slides %d\n", programme.Version, slides.Version)
	err := fs.WalkDir(bundled, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := bundled.ReadFile(path)
		fmt.Fprintf(h, "%s %d\n", path, len(content))
		h.Write(content)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:16]), err
}

func readMark(path string) (demoMark, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return demoMark{}, err
	}
	var mark demoMark
	return mark, json.Unmarshal(text, &mark)
}

func writeMark(path string, mark demoMark) error {
	text, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("mark demo folder: %w", err)
	}
	return os.Rename(path+".new", path)
}
