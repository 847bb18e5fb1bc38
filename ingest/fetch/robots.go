package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

// maxRobots is how much of a robots.txt is heard; RFC 9309 asks for at least
// 500 KiB.
const maxRobots = 512 << 10

// maxCrawlDelay bounds what a robots.txt may ask of us between two requests.
const maxCrawlDelay = 10 * time.Second

// robots keeps what each origin's robots.txt says, asked once for the life of
// the Client: an `add` ends long before the day that RFC 9309 allows.
type robots struct {
	mu      sync.Mutex
	origins map[string]*rule
}

// rule is one origin's answer; done is closed when it is there.
type rule struct {
	done  chan struct{}
	group *robotstxt.Group
	err   error
}

// allowed says whether u may be followed. A server without robots.txt allows
// all; one whose robots.txt answers 5xx allows nothing for now (RFC 9309, 2.3.1.4).
func (c *Client) allowed(ctx context.Context, u *url.URL) error {
	if u.Path == "/robots.txt" {
		return nil
	}
	origin := u.Scheme + "://" + u.Host
	c.robots.mu.Lock()
	r, known := c.robots.origins[origin]
	if !known {
		r = &rule{done: make(chan struct{})}
		c.robots.origins[origin] = r
	}
	c.robots.mu.Unlock()
	if !known {
		r.group, r.err = c.askRobots(ctx, origin)
		if ctx.Err() != nil { // not the origin's fault: the next one asks anew
			c.robots.mu.Lock()
			delete(c.robots.origins, origin)
			c.robots.mu.Unlock()
		}
		close(r.done)
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if r.err != nil {
		if failed, ok := errors.AsType[*Error](r.err); ok {
			told := *failed
			told.Address = u.String()
			return &told
		}
		return r.err
	}
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if r.group != nil && !r.group.Test(path) {
		return &Error{Address: u.String(), Cause: Refused, Why: "the site's robots.txt asks not to fetch it",
			Hint: "download it yourself and add it as a local file, if you may"}
	}
	return nil
}

// askRobots returns nil when everything is allowed.
func (c *Client) askRobots(ctx context.Context, origin string) (*robotstxt.Group, error) {
	var body []byte
	_, err := c.Get(ctx, Request{Address: origin + "/robots.txt", Limit: maxRobots, cut: true}, func(_ Response, r io.Reader) error {
		var err error
		body, err = io.ReadAll(r)
		return err
	})
	var failed *Error
	switch {
	case errors.As(err, &failed) && (failed.Cause == Missing || failed.Cause == Refused):
		return nil, nil // no rules: a refusal will be met again at the address itself
	case errors.As(err, &failed) && failed.Cause == Busy:
		return nil, &Error{Cause: Busy, Status: failed.Status, Why: "the site's robots.txt cannot be had now, so nothing there is fetched", Hint: "try again later", Err: err}
	case err != nil:
		return nil, err
	}
	data, err := robotstxt.FromBytes(sound(body))
	if err != nil {
		return nil, nil //nolint:nilerr // what cannot be read forbids nothing (RFC 9309, 2.3.1.5)
	}
	group := data.FindGroup(c.robotsName)
	u, err := url.Parse(origin)
	if err == nil && group.CrawlDelay > 0 {
		c.gates.of(u.Host).slow(min(group.CrawlDelay, maxCrawlDelay))
	}
	return group, nil
}

// sound keeps the lines of a robots.txt that mean something to us. The parser
// throws the whole file away for one line it cannot read, and with it what the
// others forbid.
func sound(body []byte) []byte {
	var out bytes.Buffer
	named := false
	for line := range bytes.Lines(bytes.ReplaceAll(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")), []byte("\r"), []byte("\n"))) {
		text, _, _ := strings.Cut(string(line), "#")
		key, value, _ := strings.Cut(text, ":")
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent":
			named = named || value != ""
		case "allow", "disallow":
			if !named {
				continue
			}
		case "crawl-delay":
			if d, err := strconv.ParseFloat(value, 64); !named || err != nil || d < 0 || d > 1e6 {
				continue
			}
		default:
			continue
		}
		out.WriteString(key + ": " + value + "\n")
	}
	return out.Bytes()
}
