package ingest

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"rostrum/archive"
	"rostrum/ingest/fetch"
)

// localBase is where pages from files stand for a reader. The name can never
// exist (RFC 2606), so no page from the web can mean it.
const localBase = "https://file.rostrum.invalid/"

// filePrefix begins the address of a local file, before its path as given.
const filePrefix = "file:"

// origin is where a programme comes from and how far its links may lead.
type origin struct {
	// address is the Source's: an http(s) address, or "file:" and a cleaned path.
	address string
	// base is what links are relative to, as handed to readers.
	base string
	// folder is what local links may name, "" for a source from the web: a
	// cleaned path with slashes, as it stands in addresses.
	folder string
}

// webOrigin is the origin of what was fetched from an address.
func webOrigin(address, final string) origin { return origin{address: address, base: final} }

// fileOrigin is the origin of the file that lies as name (with slashes) in
// folder, which its links may not leave. A base that is not "" is the web
// address that the file was saved from.
func fileOrigin(folder, name, base string) origin {
	o := origin{folder: path.Clean(filepath.ToSlash(folder)), base: base}
	o.address = filePrefix + path.Join(o.folder, name)
	if base == "" {
		o.base = localBase + strings.TrimPrefix((&url.URL{Path: "/" + name}).EscapedPath(), "/")
	}
	return o
}

// path is where a local origin's file lies.
func (o origin) path() string { return filepath.FromSlash(strings.TrimPrefix(o.address, filePrefix)) }

// local says whether the origin is a file.
func (o origin) local() bool { return o.folder != "" }

// errNotFollowed says why a link leads nowhere for us.
var errNotFollowed = errors.New("only http and https links, and files beside a local page, are followed")

// resolve makes a link of the origin absolute: an http(s) address, or "file:"
// and a path within the origin's folder.
func (o origin) resolve(link string) (string, error) {
	base, err := url.Parse(o.base)
	if err != nil {
		return "", err
	}
	u, err := base.Parse(strings.TrimSpace(link))
	if err != nil {
		return "", errNotFollowed
	}
	if name, ok := localName(u); ok {
		if !o.local() || name == "." {
			return "", errNotFollowed
		}
		return filePrefix + path.Join(o.folder, name), nil
	}
	u, err = fetch.Clean(u.String())
	if err != nil {
		return "", errNotFollowed
	}
	return u.String(), nil
}

// localName returns the path in the folder that an address below localBase
// stands for. Climbing with .. ends at the folder.
func localName(u *url.URL) (string, bool) {
	if u.Host != localHost() {
		return "", false
	}
	return strings.TrimPrefix(path.Clean("/"+u.Path), "/"), true
}

func localHost() string {
	return strings.TrimSuffix(strings.TrimPrefix(localBase, "https://"), "/")
}

// within returns the path in the origin's folder of a file's address; false
// when it lies elsewhere, as a file that another source named.
func (o origin) within(address string) (string, bool) {
	name, isFile := strings.CutPrefix(address, filePrefix)
	if !isFile || !o.local() {
		return "", false
	}
	if o.folder == "." {
		return name, filepath.IsLocal(name)
	}
	rel, ok := strings.CutPrefix(name, strings.TrimSuffix(o.folder, "/")+"/")
	return rel, ok && filepath.IsLocal(rel)
}

// open opens a file of the folder. Neither .. nor a symbolic link leads out of
// it: os.Root keeps that at each step of the path.
func (o origin) open(address string) (*os.File, error) {
	name, ok := o.within(address)
	if !ok {
		return nil, errors.New("is not in the folder of the page that names it")
	}
	root, err := os.OpenRoot(filepath.FromSlash(o.folder))
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }()
	return openRegular(func() (fs.FileInfo, error) { return root.Stat(name) }, func() (*os.File, error) { return root.Open(name) })
}

// openRegular opens what is a file: opening a pipe would wait for ever, a
// device never end.
func openRegular(stat func() (fs.FileInfo, error), open func() (*os.File, error)) (*os.File, error) {
	info, err := stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is no file")
	}
	return open()
}

// settle makes every link of a programme absolute and drops those that cannot
// be followed, each with a Finding.
func (o origin) settle(p archive.Programme) archive.Programme {
	s := settler{origin: o, findings: p.Findings}
	e := &p.Edition
	e.URL = s.web(e.URL)
	e.RelatedEditions = s.webs(nil, "related_editions", e.RelatedEditions)
	for n := range p.Items {
		i := &p.Items[n]
		i.URL = s.web(i.URL)
		i.Slides = s.slides(n, i.Slides)
		i.Video, i.Paper = s.webs(&n, "video", i.Video), s.webs(&n, "paper", i.Paper)
		for c := range i.Speakers {
			i.Speakers[c].URL = s.web(i.Speakers[c].URL)
		}
	}
	p.Findings = s.findings
	for n, f := range p.Findings {
		if u, err := url.Parse(f.URL); err == nil && u.Host == localHost() {
			p.Findings[n].URL, _ = o.resolve(f.URL)
		}
	}
	return p
}

type settler struct {
	origin   origin
	findings []archive.Finding
}

// web keeps a link to a page; mailto: and the like are no such thing and go
// without a word.
func (s *settler) web(link string) string {
	if link == "" {
		return ""
	}
	to, err := s.origin.resolve(link)
	if err != nil || strings.HasPrefix(to, filePrefix) {
		return ""
	}
	return to
}

func (s *settler) webs(item *int, field string, links []string) []string {
	var kept []string
	for _, l := range links {
		if to := s.web(l); to != "" {
			kept = append(kept, to)
			continue
		}
		s.findings = append(s.findings, archive.Finding{Code: archive.FindingInvalid, Text: "A link that is no web address was left out", Item: item, Field: field, URL: shorten(l)})
	}
	return kept
}

func (s *settler) slides(item int, links []string) []string {
	var kept []string
	for _, l := range links {
		to, err := s.origin.resolve(l)
		if err == nil {
			kept = append(kept, to)
			continue
		}
		s.findings = append(s.findings, archive.Finding{Code: archive.FindingDeckRefused, Text: "The link to the slides is not followed: " + err.Error(), Item: &item, Field: "slides", URL: shorten(l)})
	}
	return kept
}

// relative writes the links into an origin's folder as links relative to its
// file again, for printing.
func (o origin) relative(p archive.Programme) archive.Programme {
	for n := range p.Items {
		for l, link := range p.Items[n].Slides {
			if name, ok := o.within(link); ok {
				p.Items[n].Slides[l] = (&url.URL{Path: name}).String()
			}
		}
	}
	for n, f := range p.Findings {
		if name, ok := o.within(f.URL); ok {
			p.Findings[n].URL = (&url.URL{Path: name}).String()
		}
	}
	return p
}

// shorten cuts what is printed or kept of a stranger's text.
func shorten(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:300]) + "…"
	}
	return s
}
