package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"
)

//go:embed static templates messages icons
var files embed.FS

// asset is a file of static/ under a name that changes with its bytes, so that
// browsers may keep it for ever.
type asset struct {
	url    string // "/static/site.1a2b3c4d.css"
	bytes  []byte
	zipped []byte // gzip of bytes, nil when that is no smaller
	media  string
}

type assets struct {
	byName map[string]*asset // "site.css"
	byURL  map[string]*asset
	icons  map[string]template.HTML
}

func loadAssets(files fs.FS) (*assets, error) {
	a := &assets{byName: map[string]*asset{}, byURL: map[string]*asset{}, icons: map[string]template.HTML{}}
	names, err := fs.Glob(files, "static/*.*")
	if err != nil {
		return nil, fmt.Errorf("list assets: %w", err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read asset %s: %w", name, err)
		}
		sum := sha256.Sum256(b)
		base, ext := path.Base(name), path.Ext(name)
		one := &asset{
			url:   "/static/" + strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:4]) + ext,
			bytes: b,
			media: mime.TypeByExtension(ext),
		}
		if strings.HasPrefix(one.media, "text/") || ext == ".svg" || ext == ".js" {
			if one.zipped, err = zip(b); err != nil {
				return nil, fmt.Errorf("compress asset %s: %w", name, err)
			}
		}
		a.byName[base], a.byURL[one.url] = one, one
	}
	icons, err := fs.Glob(files, "icons/*.svg")
	if err != nil {
		return nil, fmt.Errorf("list icons: %w", err)
	}
	for _, name := range icons {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read icon %s: %w", name, err)
		}
		// Icons stand beside words that say the same, so a screen reader skips them.
		svg := strings.Replace(strings.TrimSpace(string(b)), "<svg", `<svg class="icon" aria-hidden="true" focusable="false"`, 1)
		a.icons[strings.TrimSuffix(path.Base(name), ".svg")] = template.HTML(svg) //nolint:gosec // embedded in the program, not from outside
	}
	return a, nil
}

// zip returns the gzip of b, or nil when that is no smaller.
func zip(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	if out.Len() >= len(b) {
		return nil, nil
	}
	return out.Bytes(), nil
}

// url returns the address of a file of static/ by its plain name. A name that
// is not there is a mistake in a template, so rendering stops with it.
func (a *assets) url(name string) (string, error) {
	one := a.byName[name]
	if one == nil {
		return "", fmt.Errorf("no asset %q", name)
	}
	return one.url, nil
}

func (a *assets) icon(name string) (template.HTML, error) {
	svg, ok := a.icons[name]
	if !ok {
		return "", fmt.Errorf("no icon %q", name)
	}
	return svg, nil
}

// serve answers /static/*: only under the hashed name, kept for ever.
func (a *assets) serve(c echo.Context) error {
	one := a.byURL[c.Request().URL.Path]
	if one == nil {
		return errNotFound
	}
	return a.send(c, one, "public, max-age=31536000, immutable")
}

// serveAs answers an address that cannot carry a hash, such as /favicon.ico.
func (a *assets) serveAs(name string) echo.HandlerFunc {
	return func(c echo.Context) error { return a.send(c, a.byName[name], "public, max-age=86400") }
}

func (a *assets) send(c echo.Context, one *asset, cache string) error {
	h := c.Response().Header()
	h.Set("Cache-Control", cache)
	h.Set("Vary", "Accept-Encoding")
	b := one.bytes
	if one.zipped != nil && strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		b = one.zipped
	}
	return c.Blob(http.StatusOK, one.media, b)
}
