package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/internal/stock"
)

// page is what the layout needs of every page; View is the page's own matter,
// the one value its template reads.
type page struct {
	Title       string // of the tab, without the site's name; "" is the site's name alone
	Description string // one sentence or two for a search engine and a chat's preview
	Section     string // which entry of the navigation is current, "" none
	Path        string // the canonical address below the origin; "" when the page has none
	Query       string // what stands in the search box
	Bare        bool   // no search box in the running head: the page has its own
	NoIndex     bool   // not for search engines
	Feeds       []link // Atom
	Alternates  []alternate
	Citation    []tag  // Highwire
	Image       string // picture for a preview, an address below the origin
	ImageText   string
	Kind        string // Open Graph's og:type; "" is website
	Data        any    // schema.org value for JSON-LD, nil none

	// Thing is the ID of the talk, edition or person that the page is about, ""
	// none: who is signed in at the desk can go on to edit it.
	Thing string

	View any

	// Filled in by render.
	Origin    string // "https://archive.example.org"
	Lang      string
	Languages []languageLink
	Desk      bool   // there is a desk
	Edit      string // where an organizer edits Thing, "" for everybody else
	JSONLD    template.JS
}

// link is a name and where it leads; an empty URL is a name alone.
type link struct {
	Name string
	URL  string
}

type alternate struct{ Media, URL string }

// tag is a meta element: a name and its content.
type tag struct{ Name, Content string }

type languageLink struct {
	Tag, Name, URL string
	Current        bool
}

// templates holds, for each language of the interface, every page parsed once.
type templates struct {
	pages map[string]map[string]*template.Template // language, then page
}

func loadTemplates(files fs.FS, a *assets, ls *locales) (*templates, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("list templates: %w", err)
	}
	t := &templates{pages: map[string]map[string]*template.Template{}}
	for _, l := range ls.all {
		set := map[string]*template.Template{}
		shared, err := template.New("").Funcs(functions(a, l)).ParseFS(files, "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("parse shared templates: %w", err)
		}
		for _, name := range names {
			one, err := shared.Clone()
			if err != nil {
				return nil, fmt.Errorf("clone templates: %w", err)
			}
			if _, err = one.ParseFS(files, name); err != nil {
				return nil, fmt.Errorf("parse template: %w", err)
			}
			set[strings.TrimSuffix(path.Base(name), ".html")] = one
		}
		t.pages[l.tag.String()] = set
	}
	return t, nil
}

// functions are what templates may call: words, dates and addresses in one
// language. They take no part in deciding what is shown.
func functions(a *assets, l *locale) template.FuncMap {
	return template.FuncMap{
		"t":        l.text,
		"h":        l.html,
		"num":      l.number,
		"date":     l.date,
		"dates":    l.dates,
		"weekday":  l.weekday,
		"instant":  l.instant,
		"kind":     l.kind,
		"language": l.language,
		"years":    years,
		"icon":     a.icon,
		"asset":    a.url,
		"year":     func(n int) string { return strconv.Itoa(n) },
		"search":   searchURL,
		"isodate":  func(d archive.Date) string { return string(d) },
		"dict":     dict,
		"thumb":    l.thumb,
		"boxes":    boxRects,
		"values":   l.facetValues,
	}
}

// dict makes the several values that a shared template needs into one.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d values make no pairs", len(pairs))
	}
	out := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is no string", pairs[i])
		}
		out[key] = pairs[i+1]
	}
	return out, nil
}

//nolint:gochecknoglobals // stocks hold nothing that outlives a request
var (
	buffers stock.Buffers
	zippers stock.Stock[*gzip.Writer]
)

// render answers with a page. The whole is made before the first byte goes
// out, so that a template's mistake is a clean 500 and the ETag is of the bytes.
func (s *Site) render(c echo.Context, status int, name string, p page) error {
	l := localeOf(c)
	t := s.templates.pages[l.tag.String()][name]
	if t == nil {
		return fmt.Errorf("render: no template %q", name)
	}
	p.Lang = l.tag.String()
	p.Origin = s.origin(c.Request())
	p.Languages = s.languageLinks(c, l)
	p.Desk = s.desk != nil
	if s.organizer(c.Request()) {
		if p.Thing != "" {
			p.Edit = editURL(p.Thing)
		}
		if h := c.Response().Header(); h.Get("Cache-Control") == "" {
			h.Set("Cache-Control", "private, no-store") // no shared cache may give it to others
		}
	}
	if p.Data != nil {
		b, err := json.Marshal(p.Data) // escapes <, > and &, so it cannot leave its element
		if err != nil {
			return fmt.Errorf("encode JSON-LD of %s: %w", name, err)
		}
		p.JSONLD = template.JS(b) //nolint:gosec // the encoder's output, see above
	}
	b := buffers.Take()
	defer buffers.Return(b)
	if err := t.ExecuteTemplate(b, "layout", p); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	h := c.Response().Header()
	h.Set("Content-Language", p.Lang)
	h.Add("Vary", "Accept-Language, Cookie")
	return reply(c, status, "text/html; charset=utf-8", b.Bytes())
}

// languageLinks are this very page in every language of the interface.
func (s *Site) languageLinks(c echo.Context, current *locale) []languageLink {
	var out []languageLink
	u := *c.Request().URL
	for _, l := range s.locales.all {
		q := u.Query()
		q.Set(cookieLanguage, l.tag.String())
		here := url.URL{Path: u.Path, RawQuery: q.Encode()}
		out = append(out, languageLink{Tag: l.tag.String(), Name: l.text("language.self"), URL: here.String(), Current: l == current})
	}
	return out
}

// zipLevel is below the usual 6: a page is packed for one visitor, who waits for it.
const zipLevel = 5

// reply sends bytes that were made for this request: with an ETag of their
// content, as 304 when the visitor holds them, and compressed.
func reply(c echo.Context, status int, media string, b []byte) error {
	h := c.Response().Header()
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	h.Add("Vary", "Accept-Encoding")
	if status == http.StatusOK {
		sum := sha256.Sum256(b)
		etag := `W/"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", etag)
		if holds(c.Request(), etag) {
			return c.NoContent(http.StatusNotModified)
		}
	}
	if len(b) < 1024 || !strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		return c.Blob(status, media, b)
	}
	out := buffers.Take()
	defer buffers.Return(out)
	w, ok := zippers.Take()
	if !ok {
		w, _ = gzip.NewWriterLevel(nil, zipLevel)
	}
	defer func() {
		w.Reset(nil) // it must not hold the answer until the next one
		zippers.Return(w)
	}()
	w.Reset(out)
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("compress answer: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("compress answer: %w", err)
	}
	h.Set("Content-Encoding", "gzip")
	return c.Blob(status, media, out.Bytes())
}

// holds says whether the visitor's cache has what the ETag names.
func holds(r *http.Request, etag string) bool {
	for one := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}
