package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

// Errors of the site's own. Handlers return errors; fail, the one error
// handler, knows what each is answered with.
var (
	errNotFound  = archive.ErrNotFound
	errTooMuch   = errors.New("too much at once")
	errTooLong   = errors.New("the address is too long")
	errNoPicture = errors.New("no picture can be made of this slide")
)

// redirectError is the answer to an address that was given up.
type redirectError struct{ to string }

func (e *redirectError) Error() string { return "moved to " + e.to }

// moved turns the archive's "this ID was given up" into a redirect to the same
// page of the ID that stands for it now.
func moved(err error, before, after string) error {
	if m, ok := errors.AsType[*archive.MovedError](err); ok {
		return &redirectError{to: before + m.To + after}
	}
	return err
}

// statusOf is the status table: what each error is answered with.
func statusOf(err error) int {
	var web *echo.HTTPError
	var invalid *archive.InvalidError
	switch {
	case errors.Is(err, archive.ErrNotFound), errors.Is(err, errNoPicture):
		return http.StatusNotFound
	case errors.As(err, &invalid):
		return http.StatusBadRequest
	case errors.Is(err, errTooLong):
		return http.StatusRequestURITooLong
	case errors.Is(err, errTooMuch), errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable
	case errors.As(err, &web):
		return web.Code
	}
	return http.StatusInternalServerError
}

// fail answers an error. What is ours to mend is logged and shown as a request
// ID only; a visitor who has gone away gets nothing.
func (s *Site) fail(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	if to, ok := errors.AsType[*redirectError](err); ok {
		s.answered(c, c.Redirect(http.StatusMovedPermanently, to.to))
		return
	}
	if c.Request().Context().Err() != nil && errors.Is(err, context.Canceled) {
		c.Response().Status = 499 // what servers by custom log for a visitor who left
		c.Response().Committed = true
		return
	}
	status := statusOf(err)
	h := c.Response().Header()
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", "5")
	}
	if p := c.Request().URL.Path; strings.HasPrefix(p, "/api/") || strings.HasPrefix(p, "/embed/") && strings.HasSuffix(p, ".json") {
		s.answered(c, c.JSON(status, apiError{Error: errorText(err, status), Request: requestID(c)}))
		return
	}
	s.answered(c, s.errorPage(c, status, err))
}

// answered logs an answer that could not be given: nobody else hears of it.
func (s *Site) answered(c echo.Context, err error) {
	if err != nil {
		s.log.Error("answer", slog.String("url", loggedURL(c.Request().URL)), slog.Any("err", err))
	}
}

// errorText is what a visitor may read of an error: only text that was made for them.
func errorText(err error, status int) string {
	if invalid, ok := errors.AsType[*archive.InvalidError](err); ok {
		return invalid.Error()
	}
	return strings.ToLower(http.StatusText(status))
}

type errorView struct {
	Status  int
	Request string // request ID, for a 500
	Text    string // for a 400: what was wrong
	Hint    string
}

func (s *Site) errorPage(c echo.Context, status int, err error) error {
	l := localeOf(c)
	v := errorView{Status: status}
	var invalid *archive.InvalidError
	switch {
	case errors.As(err, &invalid):
		v.Text, v.Hint = invalid.Error(), invalid.Hint
	case status >= http.StatusInternalServerError:
		v.Request = requestID(c)
	}
	key := "error.title.other"
	switch status {
	case http.StatusNotFound:
		key = "error.title.404"
	case http.StatusServiceUnavailable:
		key = "error.title.503"
	}
	return s.render(c, status, "error", page{Title: l.text(key), NoIndex: true, Bare: status < http.StatusInternalServerError, View: v})
}

// panicError is a handler's panic, with the place where it happened.
type panicError struct {
	what  any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.what, e.stack) }
