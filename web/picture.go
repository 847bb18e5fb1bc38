package web

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

const (
	sizeSmall = "small"
	sizeLarge = "large"
)

// pictureURL is the address of a slide's picture. It names the bytes of the
// deck, so that browsers may keep the picture for as long as the deck stands.
func pictureURL(id archive.TalkID, at int, blob archive.BlobID, n int, size string) string {
	return talkURL(id) + "/" + deckName(at) + "/" + strconv.Itoa(n) + "/" + size + "?v=" + version(blob)
}

// firstSlide is the picture that stands for talks in a chat's preview: the
// first slide of the first deck that was read, with its text alternative; ""
// where there is none.
func (s *Site) firstSlide(l *locale, talks []archive.Talk) (address, text string) {
	if s.pictures == nil {
		return "", ""
	}
	for _, t := range talks {
		if i := shownDeck(t); i >= 0 {
			return pictureURL(t.ID, i, t.Decks[i].Blob, 1, sizeLarge), l.text("slide.title", 1, t.Title)
		}
	}
	return "", ""
}

func version(blob archive.BlobID) string {
	if len(blob) < 12 {
		return ""
	}
	return string(blob[:12])
}

// picture sends a slide as an image. The way to it leads through its talk, so
// that what is taken down there is not to be had here.
func (s *Site) picture(c echo.Context) error {
	ctx, id := c.Request().Context(), talkParam(c)
	width := map[string]int{sizeSmall: smallWidth, sizeLarge: largeWidth}[c.Param("size")]
	if width == 0 || s.pictures == nil {
		return archive.ErrNotFound
	}
	t, err := s.db.TalkByID(ctx, id)
	if err != nil {
		return moved(err, "/", "/"+c.Param("deck")+"/"+c.Param("slide")+"/"+c.Param("size"))
	}
	_, d, n, err := slideParam(c, t)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	etag := strconv.Quote(version(d.Blob) + "-" + strconv.Itoa(n) + "-" + c.Param("size"))
	if holds(c.Request(), etag) {
		h.Set("ETag", etag)
		return c.NoContent(http.StatusNotModified)
	}
	image, media, err := s.pictures.Picture(ctx, d.Blob, d.Media, n, width)
	if err != nil {
		if ctx.Err() != nil {
			return fmt.Errorf("draw slide %d of %s: %w", n, id, ctx.Err())
		}
		if c.Param("size") == sizeSmall {
			return s.standIn(c, t.ID, d.Blob, n)
		}
		return errors.Join(errNoPicture, fmt.Errorf("draw slide %d of %s: %w", n, id, err))
	}
	if !strings.HasPrefix(media, "image/") {
		return fmt.Errorf("draw slide %d of %s: %q is no picture", n, id, media)
	}
	h.Set("ETag", etag)
	h.Set("Cache-Control", "no-cache")
	if c.QueryParam("v") == version(d.Blob) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return c.Blob(http.StatusOK, media, image)
}

// Of a stand-in: how many letters fit a line, and how many lines a slide.
const (
	standInLetters = 38
	standInLines   = 8
)

// standIn answers a small picture that cannot be drawn (no program here reads
// its format) with the words that stand on the slide. The large one is not
// stood in for: its page has the words beneath.
func (s *Site) standIn(c echo.Context, id archive.TalkID, blob archive.BlobID, n int) error {
	deck, err := s.deck(c.Request().Context(), id, blob)
	if err != nil {
		return err
	}
	if n > len(deck.Slides) {
		return archive.ErrNotFound
	}
	one := deck.Slides[n-1]
	width, height := pictureSize(one, smallWidth)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d"><rect width="100%%" height="100%%" fill="#f6f7f4"/>`, width, height, width, height)
	y := 30
	for _, line := range wrapped(snippetText(one), standInLetters) {
		if y > height-10 || y > 30+20*standInLines {
			break
		}
		fmt.Fprintf(&b, `<text x="16" y="%d" font-family="Georgia, serif" font-size="15" fill="#465358">`, y)
		if err := xml.EscapeText(&b, []byte(line)); err != nil {
			return fmt.Errorf("write stand-in of %s: %w", id, err)
		}
		b.WriteString("</text>")
		y += 20
	}
	b.WriteString("</svg>")
	return reply(c, http.StatusOK, "image/svg+xml", []byte(b.String()))
}

// wrapped breaks a text into lines of about so many letters.
func wrapped(text string, letters int) []string {
	var out []string
	for line := range strings.Lines(text) {
		here := ""
		for word := range strings.FieldsSeq(line) {
			if here != "" && len([]rune(here))+1+len([]rune(word)) > letters {
				out, here = append(out, here), ""
			}
			here = strings.TrimSpace(here + " " + shorten(word, letters))
		}
		if here != "" {
			out = append(out, here)
		}
		if len(out) > 20 {
			break
		}
	}
	return out
}
