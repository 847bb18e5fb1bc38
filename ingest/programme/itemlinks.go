package programme

import (
	"slices"

	"rostrum/archive"
)

// sortLinks adds links that stand with an item to its slides, films and papers,
// by what kind says each is. It gives back the others that lead anywhere: PDFs
// that say no more of themselves, and pages. from, where not nil, takes down
// which link each address was read from.
func (r *reader) sortLinks(it *archive.Item, links []int, kind func(link int) linkKind, from sources) (pdfs, pages []int) {
	for _, i := range links {
		href := r.resolve(r.doc.Links[i].Href)
		if href == "" {
			continue
		}
		switch kind(i) {
		case linkSlides:
			addLink(&it.Slides, "slides", href, i, from)
		case linkVideo:
			addLink(&it.Video, "video", href, i, from)
		case linkPaper:
			addLink(&it.Paper, "paper", href, i, from)
		case linkPDF:
			pdfs = append(pdfs, i)
		default:
			pages = append(pages, i)
		}
	}
	return pdfs, pages
}

func addLink(list *[]string, field, href string, link int, from sources) {
	if slices.Contains(*list, href) {
		return
	}
	if from != nil {
		from[inList(field, len(*list))] = source{piece: -1, link: link + 1, sure: 0.9}
	}
	*list = append(*list, href)
}

// placeLinks sorts an item's links into slides, films, papers and its own page.
func (r *reader) placeLinks(d *draft) {
	it := &d.item
	titled := map[int]bool{}
	if d.title >= 0 {
		for _, run := range r.pieces[d.title].runs {
			if run.Link >= 0 {
				titled[run.Link] = true
			}
		}
	}
	pdfs, pages := r.sortLinks(it, d.links, r.linkKindIn, d.from)
	for _, i := range pages {
		if href := r.resolve(r.doc.Links[i].Href); titled[i] && it.URL == "" && r.sameSite(href) {
			it.URL = href
			d.from["url"] = source{piece: -1, link: i + 1, sure: 0.9}
		}
	}
	papers := r.pdfIsPaper || len(it.Slides) > 0
	for _, i := range pdfs {
		href := r.resolve(r.doc.Links[i].Href)
		if papers {
			addLink(&it.Paper, "paper", href, i, d.from)
		} else {
			addLink(&it.Slides, "slides", href, i, d.from)
		}
	}
	if len(it.Slides) > 0 {
		it.SlidesMarked = false
	}
}

// joinLinks adds the links of a piece that tells more of an item, on this page
// (from is then not nil) or on the talk's own.
func (r *reader) joinLinks(it *archive.Item, p *piece, from sources) {
	list := slices.Clone(p.links)
	for _, run := range p.runs {
		if run.Link >= 0 && sentenceScore(p.text) < 0.5 {
			list = append(list, run.Link)
		}
	}
	r.sortLinks(it, list, r.linkKindOf, from)
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// judgePDFs decides for the page what a PDF is that says nothing of itself: a
// paper where slides are linked by name elsewhere or where most talks have
// several authors, else slides.
func (r *reader) judgePDFs(drafts []draft) {
	slides, talks, authors, unnamed := 0, 0, 0, 0
	for i := range drafts {
		d := &drafts[i]
		if len(d.item.Speakers) > 0 {
			talks++
			authors += len(d.item.Speakers)
		}
		for _, l := range d.links {
			switch r.linkKindOf(l) {
			case linkSlides:
				slides++
			case linkPDF:
				if isMark(r.doc.Links[l].Text) {
					unnamed++
				}
			default:
			}
		}
	}
	r.pdfIsPaper = slides*4 > talks || unnamed*2 > talks && authors*10 > talks*18
}
