package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Bounds of a request. Everything this site is asked fits well inside.
const (
	maxAddress  = 4 << 10  // bytes of path and query
	maxQuestion = 500      // bytes of a search query; the rest is left out
	maxBody     = 64 << 10 // bytes of a body; no page for visitors takes one
	maxForm     = 1 << 20  // bytes of a form that edits something, abstracts and all

	pageTime = 20 * time.Second // a page that takes longer is given up
)

// contentPolicy lets a page load from this site alone and run no script or
// style that stands in the page itself. JSON-LD stands in the page, but is
// data and not a script, so it needs no leave.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard sets the headers that hold for every answer and turns away what is too
// large before anything reads it.
func guard(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), browsing-topics=()")
		r := c.Request()
		if len(r.URL.Path)+len(r.URL.RawQuery) > maxAddress {
			return errTooLong
		}
		most := int64(maxBody)
		switch {
		case r.URL.Path == uploadPath:
			most = maxUpload + maxBody
		case strings.HasPrefix(r.URL.Path, "/desk/edit/"), strings.HasPrefix(r.URL.Path, "/mine/edit/"), r.URL.Path == "/suggest":
			most = maxForm
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
		return next(c)
	}
}

// oneSlash sends "/people/" to "/people": a page has one address. The target
// is always a path of this site, whatever slashes came in.
func oneSlash(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		p := c.Request().URL.Path
		if len(p) < 2 || !strings.HasSuffix(p, "/") {
			return next(c)
		}
		to := escapePath(strings.Trim(p, "/\\"))
		if q := c.Request().URL.RawQuery; q != "" {
			to += "?" + q
		}
		return &redirectError{to: to}
	}
}

const (
	keyLocale  = "locale"
	keyRequest = "request"
)

func localeOf(c echo.Context) *locale {
	l, _ := c.Get(keyLocale).(*locale)
	return l
}

func requestID(c echo.Context) string {
	id, _ := c.Get(keyRequest).(string)
	return id
}

// prepare gives the request its ID, its language and its deadline.
func (s *Site) prepare(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		var b [6]byte
		rand.Read(b[:])
		c.Set(keyRequest, hex.EncodeToString(b[:]))
		l, chosen := s.locales.pick(c.Request())
		c.Set(keyLocale, l)
		if chosen {
			c.SetCookie(&http.Cookie{
				Name: cookieLanguage, Value: l.tag.String(), Path: "/", MaxAge: 365 * 24 * 3600,
				HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.Request().TLS != nil || strings.HasPrefix(s.base, "https:"),
			})
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), pageTime)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// logged writes one line per request and answers its error, so that the line
// has the status that was sent.
func (s *Site) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := recovered(next, c)
		if err != nil {
			s.fail(err, c)
		}
		r, status := c.Request(), c.Response().Status
		level := slog.LevelInfo
		attrs := []slog.Attr{
			slog.String("method", r.Method), slog.String("url", loggedURL(r.URL)), slog.Int("status", status),
			slog.Int64("bytes", c.Response().Size), slog.Duration("took", time.Since(start)),
		}
		if err != nil && status >= http.StatusInternalServerError {
			level = slog.LevelError
			attrs = append(attrs, slog.String("request", requestID(c)), slog.Any("err", err))
		}
		s.log.LogAttrs(r.Context(), level, "request", attrs...)
		return nil
	}
}

// recovered turns a handler's panic into its error: one bad page must not end
// the site. http.ErrAbortHandler passes, being the way to drop a connection.
func recovered(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		if r := recover(); r != nil {
			if e, ok := r.(error); ok && errors.Is(e, http.ErrAbortHandler) {
				panic(r)
			}
			err = &panicError{what: r, stack: debug.Stack()}
		}
	}()
	return next(c)
}

// gate lets so many requests of a costly sort run at once. The others wait in
// line until their deadline; a crawler in a hurry then hears 503, and the
// site's memory stays what it was.
type gate chan struct{}

func (g gate) pass(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		select {
		case g <- struct{}{}:
		case <-c.Request().Context().Done():
			return errTooMuch
		}
		defer func() { <-g }()
		return next(c)
	}
}

// line lets as many pages be made at once as there are cores; the others wait in
// the order in which they were asked, which is shorter for nearly all of them than
// taking turns of ten milliseconds with each other. A page that takes long is
// passed by.
type line chan struct{}

const longPage = 50 * time.Millisecond

func (l line) pass(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		select {
		case l <- struct{}{}:
		case <-c.Request().Context().Done():
			return errTooMuch
		}
		leave := sync.OnceFunc(func() { <-l })
		defer leave()
		defer time.AfterFunc(longPage, leave).Stop()
		return next(c)
	}
}
