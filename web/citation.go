package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// citation answers a talk in one of the formats that reference managers read.
func (s *Site) citation(c echo.Context, format string, t archive.Talk, e archive.EditionSummary) error {
	w := s.work(c, t, e)
	var media string
	var b []byte
	switch format {
	case "bib":
		media, b = "application/x-bibtex; charset=utf-8", []byte(w.BibTeX())
	case "ris":
		media, b = "application/x-research-info-systems; charset=utf-8", []byte(w.RIS())
	case "txt":
		media, b = "text/plain; charset=utf-8", []byte(w.Plain()+"\n")
	case "json":
		var err error
		if b, err = w.CSL(); err != nil {
			return err
		}
		media = "application/vnd.citationstyles.csl+json"
	default:
		return archive.ErrNotFound
	}
	if format != "txt" {
		c.Response().Header().Set("Content-Disposition", disposition("attachment", fold.Slug(t.Title, 60)+"."+format))
	}
	return reply(c, http.StatusOK, media, b)
}
