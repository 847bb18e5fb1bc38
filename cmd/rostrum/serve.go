package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/cobra"
)

func newServe(a *app) *cobra.Command {
	var addr, base string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the archive as a site",
		Long: `Serve shows the archive of the data folder as a site, and keeps its search index
up to date while other commands add to it. Ctrl-C ends it after what is under way.

Behind a server that speaks TLS, --base-url says where visitors reach the site: feeds, the
sitemap and private links name it, and cookies go over TLS only.`,
		Example: examples(`
rostrum serve
rostrum serve --addr :8080                   for others too
rostrum serve --addr 127.0.0.1:0             on any free port
rostrum serve --base-url https://talks.example.org`),
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var err error
			if a.baseURL, err = baseURL(base); err != nil {
				return err
			}
			return a.serve(cmd.Context(), addr, func(address string) {
				if a.json {
					fmt.Fprintf(a.out, "{\"address\":%q}\n", address)
					return
				}
				fmt.Fprintf(a.out, "rostrum serves %s at %s\n", a.data, address)
			})
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "127.0.0.1:8017", "`HOST:PORT` to listen on; no host is all of them")
	cmd.Flags().StringVar(&base, "base-url", a.getenv("ROSTRUM_BASE_URL"), "`ADDRESS` at which visitors reach the site (ROSTRUM_BASE_URL)")
	return cmd
}

// serve shows the archive until ctx ends. ready is told the address once it
// answers.
func (a *app) serve(ctx context.Context, addr string, ready func(address string)) error {
	log := a.logger()
	h, who, err := a.openHouse(ctx, log)
	if errors.Is(err, errHeld) && who.Address != "" {
		return hint(fmt.Errorf("%s is being served already at %s", a.data, who.Address), fmt.Sprintf("stop process %d first, or name another folder with --data", who.PID))
	}
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		err = hint(fmt.Errorf("listen on %s: %w", addr, listenWhy(err)), "--addr HOST:PORT names another; port 0 takes any that is free")
		return errors.Join(err, h.close())
	}
	address := addressOf(listener.Addr().String())
	if err := h.lock.announce(address); err != nil {
		return errors.Join(err, listener.Close(), h.close())
	}
	follow, stop := context.WithCancel(ctx)
	var following sync.WaitGroup
	following.Go(func() { h.follow(follow, log) })
	following.Go(func() { h.rebuildWhenAsked(follow, a.data, log) })
	following.Go(func() { h.site.DrawAhead(follow) })
	ready(address)
	err = answer(ctx, listener, h.site.Handler(), log)
	stop()
	following.Wait()
	return errors.Join(err, h.close())
}

// listenWhy leaves away what net says twice.
func listenWhy(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

// addressOf writes the address to reach a listener at, from this machine.
func addressOf(listening string) string {
	host, port, err := net.SplitHostPort(listening)
	if err != nil {
		return "http://" + listening
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// answer serves until ctx ends, then gives requests under way some seconds.
func answer(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 10 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelInfo),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second)
	defer cancel()
	err := server.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// look is how often the store is asked whether it has moved: one PRAGMA.
const look = 300 * time.Millisecond

// follow keeps the index up to date until ctx ends. What goes wrong is logged
// and tried again: the site shows what it has.
func (h *house) follow(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	last, behind := int64(-1), true
	for {
		version, err := h.db.DataVersion(ctx)
		if err == nil && (behind || version != last) {
			began := time.Now()
			rev, caught := h.index.CatchUp(ctx)
			last, behind, err = version, caught != nil, caught
			log.InfoContext(ctx, "index", "revision", int64(rev), "took", time.Since(began))
		}
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "index falls behind", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
