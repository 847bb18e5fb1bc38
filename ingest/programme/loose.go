package programme

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"rostrum/archive"
)

// LooseDecks gives the links of a page that look like slides and stand at none
// of the items that were read from it, each once, in the order of the page: an
// item may have been missed there. Presentation files count by their ending; a
// PDF only when it lies in a folder that slides of other items lie in, since
// most PDFs of a page are calls and posters. Nil when there are none.
func LooseDecks(p Page, prog archive.Programme) []string {
	known, folders := map[string]bool{}, map[string]bool{}
	for _, i := range prog.Items {
		for _, l := range slices.Concat(i.Slides, i.Paper, i.Video) {
			known[l] = true
		}
		for _, l := range i.Slides {
			folders[folderOf(l)] = true
		}
	}
	r := newReader(p)
	var loose []string
	for i := range r.doc.Links {
		href := withoutFragment(r.resolve(r.doc.Links[i].Href))
		if href == "" || known[href] {
			continue
		}
		switch ending(href) {
		case ".ppt", ".pptx", ".pps", ".ppsx", ".odp", ".key":
		case ".pdf":
			if f := folderOf(href); f == "" || !folders[f] {
				continue
			}
		default:
			continue
		}
		known[href] = true
		loose = append(loose, href)
	}
	return loose
}

// folderOf is an address up to its last slash; "" for one without a folder of
// its own, in which anything may lie.
func folderOf(href string) string {
	u, err := url.Parse(href)
	if err != nil || path.Dir(u.Path) == "/" {
		return ""
	}
	return u.Host + path.Dir(u.Path)
}

func ending(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	return strings.ToLower(path.Ext(u.Path))
}
