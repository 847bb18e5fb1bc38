package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"
)

// body is an answer's bytes under watch: it stops at the limit and when
// nothing comes, and remembers what the network said, so that the sink's own
// errors are told apart from it.
type body struct {
	r     io.Reader
	left  int64
	cut   bool
	watch *time.Timer
	stall time.Duration
	err   error
}

var errLimit = errors.New("over the limit")

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	// One byte more than the limit is asked for: only that tells "just fits"
	// from "too large".
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	b.watch.Reset(b.stall)
	if int64(n) > b.left {
		n, err = int(b.left), errLimit
		if b.cut {
			err = io.EOF
		}
	}
	b.left -= int64(n)
	b.err = err
	return n, err
}

// drink hands the answer's bytes to the sink.
func (c *Client) drink(ctx context.Context, cancel context.CancelCauseFunc, req Request, u *url.URL, resp Response, from io.Reader, sink func(Response, io.Reader) error) error {
	tooLarge := &Error{Address: u.String(), Cause: TooLarge, Why: "is larger than " + size(req.Limit)}
	if resp.Length > req.Limit && !req.cut {
		return tooLarge
	}
	watch := time.AfterFunc(c.cfg.Stall, func() { cancel(errStall) })
	b := &body{r: from, left: req.Limit, cut: req.cut, watch: watch, stall: c.cfg.Stall}
	err := sink(resp, b)
	watch.Stop()
	switch {
	case errors.Is(b.err, errLimit):
		return tooLarge
	case b.err != nil && !errors.Is(b.err, io.EOF):
		return c.broken(ctx, u, b.err)
	case err != nil:
		return err
	}
	return nil
}

// broken tells an answer that broke off from a caller who went away.
func (c *Client) broken(ctx context.Context, u *url.URL, err error) error {
	e := &Error{Address: u.String(), Cause: Unreachable, Err: err, Hint: "try again later"}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errStall):
		e.Why = fmt.Sprintf("the answer stopped for more than %s", c.cfg.Stall)
	case errors.Is(cause, errOverall):
		e.Why = fmt.Sprintf("the answer took longer than %s", c.cfg.Overall)
	case cause != nil:
		return cause
	default:
		e.Why = "the answer broke off before its end"
	}
	return e
}

// size prints a number of bytes for people: "64 MB".
func size(n int64) string {
	switch {
	case n >= 1<<30 && n%(1<<30) == 0:
		return fmt.Sprintf("%d GB", n>>30)
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
