package programme

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"rostrum/internal/htmltext"
)

// linkKind is what a link on a talk leads to.
type linkKind int

const (
	linkOther linkKind = iota
	linkSlides
	linkVideo
	linkPaper
	linkPDF  // a PDF that says no more of itself
	linkPage // a page of the same site
)

// resolve makes a link absolute; "" for one that leads nowhere.
func (r *reader) resolve(href string) string {
	href = strings.TrimSpace(href)
	if href == "" || strings.HasPrefix(href, "#") || len(href) > 2000 {
		return ""
	}
	u, err := url.Parse(strings.ReplaceAll(href, " ", "%20"))
	if err != nil {
		return ""
	}
	if r.base != nil {
		u = r.base.ResolveReference(u)
	}
	switch u.Scheme {
	case "http", "https":
	case "":
		if r.base != nil {
			return ""
		}
	case "file":
	default:
		return ""
	}
	return u.String()
}

var (
	videoHosts = []string{"youtube.com", "youtu.be", "vimeo.com", "videolectures.net", "infoq.com", "dailymotion.com", "ustream.tv", "media.ccc.de", "livestream.com", "nicovideo.jp", "bilibili.com", "peertube", "twitch.tv", "confreaks", "pyvideo.org", "techtalks.tv", "blip.tv", "youtube-nocookie.com", "v.qq.com", "youku.com", "rutube.ru", "watch?v="}
	slideHosts = []string{"slideshare.net", "speakerdeck.com", "docs.google.com/presentation", "slides.com", "prezi.com", "noti.st", "slid.es", "docs.com", "haikudeck.com", "slidesgo", "slidr.io", "pitch.com", "canva.com"}
	paperHosts = []string{"arxiv.org", "doi.org", "dl.acm.org", "ieeexplore", "ceur-ws.org", "link.springer.com", "openreview.net", "hal.science", "hal.archives-ouvertes", "aclweb.org", "aclanthology.org", "usenix.org/system/files", "eprint.iacr.org", "jmlr.org", "citeseer", "researchgate.net", "ssrn.com", "springerlink", "computer.org/csdl"}
)

// linkKindOf tells what a link leads to, from its words, its icon, its host and
// its file's name, in this order: what people wrote counts for most.
func (r *reader) linkKindOf(i int) linkKind {
	l := &r.doc.Links[i]
	href := strings.ToLower(strings.TrimSpace(l.Href))
	if href == "" || strings.HasPrefix(href, "#") || strings.HasPrefix(href, "mailto:") || strings.HasPrefix(href, "javascript:") {
		return linkOther
	}
	byHost := linkOther
	for _, h := range []struct {
		list []string
		kind linkKind
	}{{videoHosts, linkVideo}, {slideHosts, linkSlides}, {paperHosts, linkPaper}} {
		for _, host := range h.list {
			if strings.Contains(href, host) && byHost == linkOther {
				byHost = h.kind
			}
		}
	}
	if byHost == linkVideo && !videoItself(href) {
		byHost = linkOther
	}
	if k := wordKind(l.Text); k != linkOther {
		if k == linkVideo && byHost == linkSlides || k == linkSlides && byHost == linkVideo {
			return byHost
		}
		return k
	}
	if byHost != linkOther {
		return byHost
	}
	if k := wordKind(hintWords(l.Hints)); k != linkOther && len(l.Text) < 30 {
		return k
	}
	return r.fileKind(href)
}

// videoItself tells a film from a channel or somebody's page.
func videoItself(href string) bool {
	for _, no := range []string{"/channel/", "/user/", "/@", "/c/"} {
		if strings.Contains(href, no) {
			return false
		}
	}
	u, err := url.Parse(href)
	return err == nil && len(strings.Trim(u.Path, "/")) > 0
}

// hintWords makes words of icon classes and file names ("fa-file-pdf icons/slides.png").
func hintWords(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-_./ ", r) }), " ")
}

// wordKind tells what a few words on a link promise.
func wordKind(s string) linkKind {
	words := strings.Fields(fold(s))
	if len(words) == 0 || len(words) > 7 {
		return linkOther
	}
	l := lex()
	whole := strings.Join(words, " ")
	for _, c := range []struct {
		concept concept
		kind    linkKind
	}{{cSlides, linkSlides}, {cVideo, linkVideo}, {cPaper, linkPaper}} {
		if l.is(c.concept, whole) || len(words) > 1 && len(words) <= 5 && (l.ends(c.concept, words) > 0 || l.begins(c.concept, words) > 0) && l.count(cStop, words) == 0 {
			return c.kind
		}
	}
	for _, w := range words {
		switch w {
		case "slides", "slide", "pptx", "ppt", "powerpoint", "folien", "slideshare", "speakerdeck":
			return linkSlides
		case "youtube", "video", "vimeo", "videos":
			return linkVideo
		}
	}
	return linkOther
}

// fileKind tells by a file's ending and its folder.
func (r *reader) fileKind(href string) linkKind {
	u, err := url.Parse(href)
	if err != nil {
		return linkOther
	}
	p := strings.ToLower(u.Path)
	switch path.Ext(p) {
	case ".ppt", ".pptx", ".key", ".odp", ".pps", ".ppsx", ".sxi":
		return linkSlides
	case ".mp4", ".webm", ".ogv", ".avi", ".mov", ".mkv", ".m4v", ".flv", ".wmv":
		return linkVideo
	case ".ps", ".dvi", ".bib", ".doc", ".docx":
		return linkPaper
	case ".pdf":
		for _, w := range strings.FieldsFunc(p, func(r rune) bool { return r < 'a' || r > 'z' }) {
			switch w {
			case "slides", "slide", "presentations", "presentation", "talks", "talk", "folien", "decks", "deck", "presentationer", "presentaciones", "slajdy", "prezentacje", "prezentace", "esitykset", "transparents", "diapositives", "lucidi", "presentazioni", "bilder", "vortraege", "vortrag", "charlas", "ponencias", "foils":
				return linkSlides
			case "papers", "paper", "proceedings", "abstracts", "abstract", "articles", "article", "preprint", "preprints", "publications", "submissions", "submission", "actes", "proc":
				return linkPaper
			}
		}
		return linkPDF
	}
	return linkOther
}

// fileLink says whether a link leads to a file of a talk rather than to a page.
func (r *reader) fileLink(i int) bool {
	switch r.linkKindOf(i) {
	case linkSlides, linkVideo, linkPaper, linkPDF:
		return true
	default:
		return false
	}
}

var (
	markInBracketsRE = regexp.MustCompile(`[\[(（【]([^\[\]()（）【】]{2,60})[\])）】]`)
	emptyBracketsRE  = regexp.MustCompile(`[\[(（【]\s*[|,;/&·•–—-]*\s*[\])）】]|(\s[|/·•]\s?)+$|(\s*[|/·•]\s*){2,}`)
)

// liftLinks takes links that are marks ("[slides]", an icon, "Video") out of a
// line's runs and returns them apart, so that what is left is what the line says.
func (r *reader) liftLinks(runs []htmltext.Run) (left []htmltext.Run, lifted []int) {
	n := 0
	for i, run := range runs {
		if run.Link < 0 {
			left = append(left, run)
			continue
		}
		text := strings.TrimSpace(strings.ReplaceAll(run.Text, htmltext.Picture, ""))
		whole := strings.TrimSpace(strings.Trim(r.doc.Links[run.Link].Text, "[]() "))
		if text == "" || isMark(whole) || isMark(text) {
			lifted = append(lifted, run.Link)
			n++
			continue
		}
		_ = i
		left = append(left, run)
	}
	if n > 0 {
		left = tidyMarks(left)
	}
	return left, lifted
}

// isMark says whether the words of a link only name what it leads to.
func isMark(s string) bool {
	w := strings.Fields(fold(s))
	if len(w) == 0 || len(w) > 4 || len(s) > 40 {
		return false
	}
	if wordKind(s) != linkOther {
		if namesHouse(s) {
			return false
		}
		return len(w) <= 3 || lex().ends(cSlides, w) > 0
	}
	f := strings.Join(w, " ")
	switch f {
	case "pdf", "ps", "key", "link", "here", "more", "url", "html", "www", "zip", "code", "source", "github", "download", "txt", "doc", "bib", "bibtex", "talk", "mp3", "audio", "ogg", "hier", "här", "ici", "aqui", "qui", "tweet", "twitter", "linkedin", "website", "homepage", "permalink", "top", "back to top", "git", "repo", "edit", "redigera", "bearbeiten", "modifier", "editar", "modifica", "edit source", "quelltext bearbeiten", "bewerken", "edytuj", "repository", "blog", "orcid", "google scholar", "mastodon":
		return true
	}
	return lex().is(cKeywords, f) || lex().is(cAbstract, f) || lex().is(cBio, f) || len(w) <= 3 && (w[0] == "pdf" || w[len(w)-1] == "pdf")
}

// namesHouse says whether words that hold one for slides or a film name where
// somebody belongs: "Slide Museum Porto". In a mark such a word stands last.
func namesHouse(s string) bool {
	l, w := lex(), strings.Fields(fold(s))
	if len(w) < 2 {
		return false
	}
	for _, c := range []concept{cSlides, cVideo, cPaper} {
		if l.is(c, strings.Join(w, " ")) || l.ends(c, w) > 0 {
			return false
		}
	}
	return orgWords(s) > 0 || l.has(cHouse, w) || l.ends(cCity, w) > 0 || l.ends(cCountry, w) > 0
}

// tidyMarks drops the brackets and bars that lifted links leave behind.
func tidyMarks(runs []htmltext.Run) []htmltext.Run {
	out := runs[:0:0]
	open := false
	for i, r := range runs {
		t := emptyBracketsRE.ReplaceAllString(r.Text, "")
		trimmed := strings.TrimSpace(t)
		if open {
			t = strings.TrimLeft(t, " ])）】|,;/·•–—-")
			trimmed = strings.TrimSpace(t)
		}
		open = false
		if k := strings.TrimRight(t, " |,;/·•"); strings.HasSuffix(k, "[") || strings.HasSuffix(k, "(") || strings.HasSuffix(k, "（") {
			t = strings.TrimRight(t, " [(（|,;/·•")
			open = true
			trimmed = strings.TrimSpace(t)
		}
		if trimmed == "" || i > 0 && strings.Trim(trimmed, "[]()|,;/·•–—- ") == "" && (strings.ContainsAny(trimmed, "[]()|/") || i == len(runs)-1) {
			if strings.HasPrefix(t, " ") && len(out) > 0 {
				out[len(out)-1].Text += " "
			}
			continue
		}
		r.Text = t
		out = append(out, r)
	}
	if k := len(out) - 1; k >= 0 {
		out[k].Text = strings.TrimRight(out[k].Text, " [(|/·•")
	}
	return dropStop(out)
}

// dropStop takes off the full stop of a sentence whose last word was a lifted
// link, and what had parted them: "Title, Slides." leaves "Title".
func dropStop(runs []htmltext.Run) []htmltext.Run {
	var b strings.Builder
	for _, r := range runs {
		b.WriteString(r.Text)
	}
	if at := strayStopRE.FindStringIndex(b.String()); at != nil && at[0] > 0 {
		runs, _ = cutRuns(runs, at[0])
	}
	return runs
}

// strayStopRE finds a separator at the end with nothing but a full stop behind it.
var strayStopRE = regexp.MustCompile(`\s*[,;:]\s*\.\s*$`)

// textMarks finds marks without a link, "(slides)" in a page saved as text, and
// takes them off.
func textMarks(s string) (left string, slides bool) {
	left = markInBracketsRE.ReplaceAllStringFunc(s, func(m string) string {
		in := strings.TrimSpace(strings.Trim(m, "[]()（）【】"))
		switch {
		case wordKind(in) == linkSlides && !namesHouse(in):
			slides = true
			return ""
		case isMark(in):
			return ""
		}
		return m
	})
	if left == s {
		return s, false
	}
	return strings.TrimSpace(left), slides
}

func linksOnly(p *piece, _ *reader) bool { return p.text == "" && len(p.links) > 0 }
