package web

import (
	"maps"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"rostrum/archive"
)

// pager leads through a list that is too long for one page.
type pager struct {
	Page, Pages    int
	Here           string // the address of this page
	Previous, Next string
	from, to       int // of the list, to not included
}

// pageOf reads ?page= for a list of total things, size on a page. keep is what
// else stands in the address. A page that does not exist is not found.
func pageOf(c echo.Context, path string, keep url.Values, total, size int) (pager, error) {
	p := pager{Page: 1, Pages: max(1, (total+size-1)/size)}
	if text := c.QueryParam("page"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > p.Pages {
			return p, archive.ErrNotFound
		}
		p.Page = n
	}
	p.from, p.to = (p.Page-1)*size, min(total, p.Page*size)
	at := func(n int) string {
		q := url.Values{}
		maps.Copy(q, keep)
		if n > 1 {
			q.Set("page", strconv.Itoa(n))
		}
		if len(q) == 0 {
			return path
		}
		return path + "?" + q.Encode()
	}
	p.Here = at(p.Page)
	if p.Page > 1 {
		p.Previous = at(p.Page - 1)
	}
	if p.Page < p.Pages {
		p.Next = at(p.Page + 1)
	}
	return p, nil
}
