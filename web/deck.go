package web

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/internal/fold"
)

const mediaPDF = "application/pdf"

// formats are the deck formats that get a file ending of their own; any other
// is served as plain bytes.
var formats = map[string]struct{ ending, name string }{
	mediaPDF: {".pdf", "PDF"},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {".pptx", "PowerPoint"},
	"application/vnd.oasis.opendocument.presentation":                           {".odp", "OpenDocument"},
	"application/vnd.ms-powerpoint":                                             {".ppt", "PowerPoint"},
	"application/vnd.apple.keynote":                                             {".key", "Keynote"},
	"application/postscript":                                                    {".ps", "PostScript"},
}

func deckEnding(media string) string {
	if f, ok := formats[media]; ok {
		return f.ending
	}
	return ".bin"
}

func formatName(media string) string {
	if f, ok := formats[media]; ok {
		return f.name
	}
	return "File"
}

// talkFile answers what lies beneath a talk: our copy of its decks, contact
// sheets, and citations.
func (s *Site) talkFile(c echo.Context) error {
	t, e, err := s.readTalk(c.Request().Context(), talkParam(c))
	name := c.Param("file")
	if err != nil {
		return moved(err, "/", "/"+name)
	}
	if kind, ok := strings.CutPrefix(name, "cite."); ok {
		return s.citation(c, kind, t, e)
	}
	if deck, ok := deckNumber(name); ok {
		return s.sheet(c, t, e, deck)
	}
	for i, d := range t.Decks {
		if d.Blob != "" && name == deckName(i)+deckEnding(d.Media) {
			return s.deckFile(c, t, d)
		}
	}
	return archive.ErrNotFound
}

// deckFile sends our copy of a deck, byte for byte. A PDF may open in the
// browser, sandboxed, since it can carry scripts; any other format is a download.
func (s *Site) deckFile(c echo.Context, t archive.Talk, d archive.TalkDeck) error {
	f, err := s.db.OpenBlob(d.Blob)
	if errors.Is(err, fs.ErrNotExist) {
		return archive.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("open deck of %s: %w", t.ID, err)
	}
	defer f.Close()
	h := c.Response().Header()
	media, deed := d.Media, "attachment"
	if media == mediaPDF {
		deed = "inline"
	} else if _, ok := formats[media]; !ok {
		media = "application/octet-stream"
	}
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", disposition(deed, downloadName(t, d)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; object-src 'self'; plugin-types application/pdf; style-src 'unsafe-inline'; frame-ancestors 'none'")
	h.Set("ETag", strconv.Quote(string(d.Blob[:16])))
	h.Set("Cache-Control", "no-cache") // a deck may be taken down
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("open deck of %s: %w", t.ID, err)
	}
	http.ServeContent(c.Response(), c.Request(), "", info.ModTime(), f) // ranges, so that a reader can begin at page 40
	return nil
}

// downloadName names a deck by its talk, since "slides.pdf" says nothing in a
// folder of downloads.
func downloadName(t archive.Talk, d archive.TalkDeck) string {
	title := t.Title
	if len(t.Speakers) > 0 {
		title = t.Speakers[0].Name + " " + title
	}
	slug := fold.Slug(title, 80)
	if slug == "" {
		slug = "slides"
	}
	return slug + deckEnding(d.Media)
}

func disposition(deed, name string) string {
	if v := mime.FormatMediaType(deed, map[string]string{"filename": name}); v != "" {
		return v
	}
	return deed
}
