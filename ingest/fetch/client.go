package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Config makes a Client. Zero values take the defaults named beside them.
type Config struct {
	// UserAgent is sent with each request; its first word before "/" is the
	// name that robots.txt is searched for. Default "Rostrum".
	UserAgent string
	// AllowPrivate lets addresses reach loopback, private and link-local places.
	AllowPrivate bool
	// Resolve names, for a host:port, the one that is dialled in its stead, so
	// that a server in this process can stand for a site. The addresses asked
	// and kept stay as they are, and AllowPrivate rules what is dialled.
	Resolve map[string]string

	PerHost int           // requests at a time to one host; default 2
	Gap     time.Duration // between two requests to one host; default 250 ms, negative none

	Connect time.Duration // to reach a host; default 10 s
	Stall   time.Duration // without a byte of the answer; default 30 s
	Overall time.Duration // for one attempt; default 10 min

	Redirects int           // that are followed; default 10
	Retries   int           // after the first attempt; default 2, negative none
	Backoff   time.Duration // before the first retry, doubled for each next; default 1 s
	MaxWait   time.Duration // the longest Retry-After that is obeyed; default 60 s
	DownFor   time.Duration // how long an unreachable host is not asked; default 5 min

	// Now and Sleep are the clock; default the machine's.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Request is one question.
type Request struct {
	Address string
	// Limit is how many bytes are taken, after decompression. More is an
	// *Error with cause TooLarge.
	Limit int64
	// Followed says that the address stands in a page rather than being
	// typed by a person: robots.txt is obeyed.
	Followed bool
	// ETag and LastModified of the last answer make the request conditional.
	ETag         string
	LastModified string
	// Accept is the media types that are wanted, "" for any.
	Accept string

	cut bool // more than Limit is left out, no error
}

// Response is what was answered, without the bytes.
type Response struct {
	NotModified  bool   // the conditions held: no bytes
	Address      string // where the bytes came from, after redirects
	Moved        bool   // every redirect on the way was a permanent one, and there was one
	Media        string // Content-Type as answered, "" when it was not said
	Length       int64  // as announced; -1 when it was not said
	ETag         string
	LastModified string
}

// Client asks. It may be used by many at once. Close it when done.
type Client struct {
	cfg        Config
	http       *http.Transport
	gates      gates
	robots     robots
	robotsName string
}

// New makes a Client.
func New(cfg Config) *Client {
	defaults(&cfg)
	c := &Client{cfg: cfg}
	c.robotsName, _, _ = strings.Cut(strings.ToLower(cfg.UserAgent), "/")
	c.gates = gates{hosts: map[string]*gate{}, width: cfg.PerHost, gap: max(cfg.Gap, 0)}
	c.robots.origins = map[string]*rule{}
	dialer := &net.Dialer{Timeout: cfg.Connect, KeepAlive: 30 * time.Second, ControlContext: c.mayDial}
	// A RoundTripper and no http.Client: each redirect passes the host's gate
	// and robots.txt on its own, so we follow them ourselves.
	c.http = &http.Transport{
		Proxy: nil, // see the package comment
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if instead, ok := cfg.Resolve[address]; ok {
				address = instead
			}
			return dialer.DialContext(ctx, network, address)
		},
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    cfg.Connect,
		ResponseHeaderTimeout:  cfg.Stall,
		MaxResponseHeaderBytes: 256 << 10,
		MaxConnsPerHost:        cfg.PerHost,
		MaxIdleConnsPerHost:    cfg.PerHost,
		MaxIdleConns:           32,
		IdleConnTimeout:        30 * time.Second,
	}
	return c
}

func defaults(cfg *Config) {
	preset := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	preset(&cfg.Gap, 250*time.Millisecond)
	preset(&cfg.Connect, 10*time.Second)
	preset(&cfg.Stall, 30*time.Second)
	preset(&cfg.Overall, 10*time.Minute)
	preset(&cfg.Backoff, time.Second)
	preset(&cfg.MaxWait, time.Minute)
	preset(&cfg.DownFor, 5*time.Minute)
	if cfg.UserAgent == "" {
		cfg.UserAgent = "Rostrum"
	}
	if cfg.PerHost <= 0 {
		cfg.PerHost = 2
	}
	if cfg.Redirects == 0 {
		cfg.Redirects = 10
	}
	if cfg.Retries == 0 {
		cfg.Retries = 2
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close lets idle connections go.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// errPrivate is what mayDial says; it comes back through net/http's wrapping.
var errPrivate = errors.New("not a public address")

// mayDial sees the address that is truly about to be dialled.
func (c *Client) mayDial(_ context.Context, network, address string, _ syscall.RawConn) error {
	if c.cfg.AllowPrivate {
		return nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil || !strings.HasPrefix(network, "tcp") || !Public(at.Addr()) {
		return errPrivate
	}
	return nil
}

// Get asks for an address and hands the bytes to sink, which may be called
// again from the start when an answer breaks off. With NotModified sink is not
// called. The error is an *Error, the context's, or sink's own.
func (c *Client) Get(ctx context.Context, req Request, sink func(Response, io.Reader) error) (Response, error) {
	u, err := Clean(req.Address)
	if err != nil {
		return Response{}, err
	}
	retries := max(c.cfg.Retries, 0)
	for attempt := 0; ; attempt++ {
		resp, wait, err := c.hops(ctx, req, u, sink)
		failed, ok := errors.AsType[*Error](err)
		if !ok || errors.Is(err, errDown) {
			return resp, err
		}
		if !failed.Temporary() {
			c.remember(failed)
			return resp, err
		}
		pause := c.backoff(attempt)
		switch {
		case wait > c.cfg.MaxWait:
			failed.Why += fmt.Sprintf(" and asks to come again in %s", wait.Round(time.Second))
			return resp, err
		case wait > 0:
			pause = wait
		}
		if attempt >= retries {
			c.remember(failed)
			return resp, err
		}
		if err := c.cfg.Sleep(ctx, pause); err != nil {
			return Response{}, err
		}
	}
}

// backoff doubles for each attempt, a fifth more or less by chance so that
// many do not come back at once.
func (c *Client) backoff(attempt int) time.Duration {
	d := c.cfg.Backoff << min(attempt, 10)
	return d + time.Duration(rand.Int64N(int64(d)/5+1)) //nolint:gosec // no secret
}

var errDown = errors.New("host not asked again yet")

// remember marks a host that never answered, so that the other decks that lie
// there do not each wait for it anew.
func (c *Client) remember(failed *Error) {
	u, err := url.Parse(failed.Address)
	if err != nil || !errors.Is(failed.Err, errConnect) {
		return
	}
	told := *failed
	told.Err = errDown
	c.gates.of(u.Host).fail(&told, c.cfg.Now().Add(c.cfg.DownFor))
}

// hops follows redirects to the answer. The duration is what Retry-After asks for.
func (c *Client) hops(ctx context.Context, req Request, u *url.URL, sink func(Response, io.Reader) error) (Response, time.Duration, error) {
	permanent := true
	for hop := 0; ; hop++ {
		if req.Followed {
			if err := c.allowed(ctx, u); err != nil {
				return Response{}, 0, err
			}
		}
		resp, wait, next, err := c.hop(ctx, req, u, sink)
		if err != nil || next == nil {
			resp.Moved = err == nil && hop > 0 && permanent
			return resp, wait, err
		}
		if hop >= c.cfg.Redirects {
			return Response{}, 0, &Error{Address: req.Address, Cause: Missing, Why: fmt.Sprintf("redirects more than %d times", c.cfg.Redirects)}
		}
		permanent = permanent && resp.Moved
		u = next
	}
}

// hop asks one address once. next is where it redirects to, if it does.
func (c *Client) hop(ctx context.Context, req Request, u *url.URL, sink func(Response, io.Reader) error) (resp Response, wait time.Duration, next *url.URL, err error) {
	gate := c.gates.of(u.Host)
	if err := gate.enter(ctx, c.cfg.Now, c.cfg.Sleep); err != nil {
		if down, ok := errors.AsType[*Error](err); ok {
			told := *down
			told.Address = u.String()
			err = &told
		}
		return Response{}, 0, nil, err
	}
	defer gate.leave()
	ctx, end := context.WithTimeoutCause(ctx, c.cfg.Overall, errOverall)
	defer end()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	hr, err := c.request(ctx, req, u)
	if err != nil {
		return Response{}, 0, nil, err
	}
	answer, err := c.http.RoundTrip(hr)
	if err != nil {
		return Response{}, 0, nil, c.unreachable(ctx, u, err)
	}
	defer answer.Body.Close()
	switch code := answer.StatusCode; {
	case code == http.StatusNotModified:
		return Response{NotModified: true, Address: u.String(), ETag: req.ETag, LastModified: req.LastModified}, 0, nil, nil
	case slices.Contains([]int{301, 302, 303, 307, 308}, code) && answer.Header.Get("Location") != "":
		next, err := redirect(u, answer.Header.Get("Location"))
		return Response{Moved: code == http.StatusMovedPermanently || code == http.StatusPermanentRedirect}, 0, next, err
	case code < 200 || code > 299 || code == http.StatusNoContent:
		wait, err := c.status(u, answer)
		if wait > 0 && wait <= c.cfg.MaxWait {
			gate.hold(c.cfg.Now().Add(wait))
		}
		return Response{}, wait, nil, err
	}
	resp = Response{
		Address: u.String(), Media: header(answer, "Content-Type"), Length: answer.ContentLength,
		ETag: header(answer, "ETag"), LastModified: header(answer, "Last-Modified"),
	}
	return resp, 0, nil, c.drink(ctx, cancel, req, u, resp, answer.Body, sink)
}

// header returns a header that is kept for later, unless it is absurdly long.
func header(answer *http.Response, name string) string {
	v := answer.Header.Get(name)
	if len(v) > 1024 {
		return ""
	}
	return v
}

func (c *Client) request(ctx context.Context, req Request, u *url.URL) (*http.Request, error) {
	hr, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, &Error{Address: u.String(), Cause: Refused, Why: "not an address that can be asked", Err: err}
	}
	hr.Header.Set("User-Agent", c.cfg.UserAgent)
	if req.Accept != "" {
		hr.Header.Set("Accept", req.Accept)
	}
	if req.ETag != "" {
		hr.Header.Set("If-None-Match", req.ETag)
	}
	if req.LastModified != "" {
		hr.Header.Set("If-Modified-Since", req.LastModified)
	}
	return hr, nil
}

// redirect resolves a Location. A server answers with all sorts of bytes there.
func redirect(from *url.URL, location string) (*url.URL, error) {
	to, err := from.Parse(location)
	if err == nil {
		to, err = Clean(to.String())
	}
	if err != nil {
		return nil, &Error{Address: from.String(), Cause: Refused, Why: "redirects to what is no http or https address", Err: err}
	}
	return to, nil
}

// status makes an error of an answer without bytes for us.
func (c *Client) status(u *url.URL, answer *http.Response) (time.Duration, error) {
	code := answer.StatusCode
	e := &Error{Address: u.String(), Cause: Missing, Status: code, Why: "the server answers " + strings.TrimSpace(strconv.Itoa(code)+" "+http.StatusText(code))}
	switch {
	case code == http.StatusTooManyRequests || code >= 500:
		e.Cause = Busy
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		e.Hint = "download it yourself and add it as a local file, if you may"
	}
	if e.Cause != Busy {
		return 0, e
	}
	return c.retryAfter(answer.Header.Get("Retry-After")), e
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3); 0 when it says nothing.
func (c *Client) retryAfter(value string) time.Duration {
	if n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(at.Sub(c.cfg.Now()), 0)
	}
	return 0
}

var (
	errOverall = errors.New("took too long")
	errStall   = errors.New("stalled")
	errConnect = errors.New("no connection")
)

// unreachable puts what went wrong below HTTP into a sentence.
func (c *Client) unreachable(ctx context.Context, u *url.URL, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, errOverall) && !errors.Is(cause, errStall) {
		return cause
	}
	e := &Error{Address: u.String(), Cause: Unreachable, Err: err, Hint: "try again later"}
	var dns *net.DNSError
	var op *net.OpError
	var netErr net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errPrivate):
		e.Cause, e.Why, e.Err = Refused, u.Hostname()+" is not on the public internet", errPrivate
		e.Hint = "give --allow-private to let addresses reach this machine and its network"
	case errors.As(err, &dns):
		e.Why, e.Err = "the name of host "+u.Hostname()+" could not be looked up", fmt.Errorf("%w: %w", errConnect, err)
		if dns.IsNotFound {
			e.Cause, e.Why, e.Hint = Missing, "there is no host "+u.Hostname(), "check the spelling, and whether this machine is online"
		}
	case errors.As(err, &cert):
		e.Cause, e.Why = Refused, "the certificate of "+u.Hostname()+" is not valid"
		e.Hint = "download it yourself and add it as a local file"
	case errors.As(err, &op) && op.Op == "dial":
		e.Why, e.Err = u.Host+" does not answer", fmt.Errorf("%w: %w", errConnect, err)
	case errors.As(err, &netErr) && netErr.Timeout():
		e.Why = u.Host + " takes too long to answer"
	default:
		e.Why = "the connection to " + u.Host + " broke off"
	}
	return e
}
