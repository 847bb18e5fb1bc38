package ingest

import (
	"context"
	"errors"
	"net/url"
	"path"
	"strings"

	"rostrum/archive"
	"rostrum/ingest/fetch"
	"rostrum/ingest/programme"
)

// Bounds of the pages that a programme's talks link, each.
const (
	maxLinked     = 400
	maxLinkedPage = 8 << 20
)

// linked fetches the pages of their own that a programme's talks link, keeps
// them as Snapshots, and has them joined.
func (r *run) linked(ctx context.Context, o origin, page programme.Page, p archive.Programme) (archive.Programme, error) {
	if o.local() && !strings.HasPrefix(o.base, localBase) {
		return p, nil // a page saved from the web stands for itself
	}
	p, err := r.front(ctx, o, page, p)
	if err != nil {
		return p, err
	}
	links := programme.LinkedPages(page, p)
	if len(links) > maxLinked {
		p.Findings = append(p.Findings, archive.Finding{Code: archive.FindingCut, Text: "More pages of talks are linked than are fetched; the rest was left out"})
		links = links[:maxLinked]
	}
	pages := map[string]programme.Page{}
	pace := pace{r.now(), r.now}
	for n, link := range links {
		got, err := r.linkedPage(ctx, o, link)
		if err == nil && ledBack(link, got.URL, page.URL) {
			err = &archive.InvalidError{Thing: link, Why: "its address leads back to the site's front page by now"}
		}
		switch {
		case ctx.Err() != nil:
			return p, ctx.Err()
		case err != nil:
			p.Findings = append(p.Findings, linkFinding(p, link, err))
		default:
			pages[link] = got
		}
		r.tell(Event{Step: StepLinks, Source: o.address, Address: link, Text: why(err), Done: n + 1, Total: len(links), Left: pace.left(n+1, len(links))})
	}
	if len(pages) == 0 {
		return p, nil
	}
	return programme.Join(p, pages), nil
}

// ledBack says whether a link to a page of its own was answered with the page
// that linked it or with the front page of a folder above, as sites do with
// addresses that they no longer know.
func ledBack(link, final, from string) bool {
	at := programme.SamePlace(final)
	if final == "" || at == programme.SamePlace(link) {
		return false
	}
	u, err := url.Parse(final)
	if err != nil || at == programme.SamePlace(from) {
		return err == nil
	}
	folder := u.RawQuery == "" && (strings.HasSuffix(u.Path, "/") || u.Path == "" || strings.HasPrefix(path.Base(u.Path), "index."))
	return folder && strings.HasPrefix(programme.SamePlace(link)+"/", at+"/")
}

// front asks for the edition's front page when the programme's own does not say
// when it was. One that is not to be had is no loss worth telling: the programme
// page said less than it could, and that stays visible in the edition.
func (r *run) front(ctx context.Context, o origin, page programme.Page, p archive.Programme) (archive.Programme, error) {
	for _, link := range programme.FrontPages(page, p) {
		front, err := r.linkedPage(ctx, o, link)
		if ctx.Err() != nil {
			return p, ctx.Err()
		}
		if err != nil {
			continue
		}
		if p = programme.JoinFront(p, page, front); p.Edition.StartDate != "" {
			break
		}
	}
	return p, nil
}

// linkFinding tells of a page that could not be had, at the first talk that links it.
func linkFinding(p archive.Programme, link string, err error) archive.Finding {
	f := archive.Finding{Code: archive.FindingLinkFailed, Text: "The talk's own page could not be had: " + why(err), Field: "url", URL: link}
	for n, i := range p.Items {
		if i.URL == link {
			f.Item = &n
			break
		}
	}
	return f
}

// why is the sentence of an error without the address it speaks of; "" for none.
func why(err error) string {
	if e, ok := errors.AsType[*fetch.Error](err); ok {
		return e.Why
	}
	if e, ok := errors.AsType[*archive.InvalidError](err); ok {
		return e.Why
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// linkedPage brings one page.
func (r *run) linkedPage(ctx context.Context, o origin, link string) (programme.Page, error) {
	address, err := o.resolve(link)
	if err != nil {
		return programme.Page{}, err
	}
	if name, ok := o.within(address); ok {
		return r.localPage(o, address, name)
	}
	switch {
	case r.offline:
		return r.keptPage(ctx, address)
	case r.req.DryRun || r.db == nil:
		return r.askPage(ctx, address, true)
	}
	snap, _, err := r.snapshot(ctx, webOrigin(address, address), maxLinkedPage, true)
	if err != nil {
		return programme.Page{}, err
	}
	return r.blobPage(snap)
}

// blobPage reads a kept page.
func (r *run) blobPage(snap archive.Snapshot) (programme.Page, error) {
	f, err := r.db.OpenBlob(snap.Blob)
	if err != nil {
		return programme.Page{}, err
	}
	defer f.Close()
	raw, err := drain(f, maxLinkedPage)
	return programme.Page{Bytes: raw, Media: snap.Media, URL: snap.Address}, err
}

// localPage reads a page beside a local one. It is not kept: it can be read
// again from where it lies.
func (r *run) localPage(o origin, address, name string) (programme.Page, error) {
	f, err := o.open(address)
	if err != nil {
		return programme.Page{}, errors.New("there is no such file in the page's folder")
	}
	defer f.Close()
	raw, err := drain(f, maxLinkedPage)
	return programme.Page{Bytes: raw, Media: mediaByName(path.Base(name)), URL: localBase + strings.TrimPrefix((&url.URL{Path: "/" + name}).EscapedPath(), "/")}, err
}
