package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rostrum/archive"
)

// Addresses of pages. IDs are paths already, of characters that need no
// escaping; they are escaped all the same, since a link must never break.

func escapePath(id string) string {
	parts := strings.Split(id, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return "/" + strings.Join(parts, "/")
}

func seriesURL(id archive.SeriesID) string   { return escapePath(string(id)) }
func editionURL(id archive.EditionID) string { return escapePath(string(id)) }
func talkURL(id archive.TalkID) string       { return escapePath(string(id)) }
func personURL(id archive.PersonID) string   { return "/people" + escapePath(string(id)) }
func topicURL(id archive.TopicID) string     { return "/topics" + escapePath(string(id)) }

// deckName is the segment of a talk's deck: "slides", then "slides-2".
func deckName(deck int) string {
	if deck == 0 {
		return "slides"
	}
	return "slides-" + strconv.Itoa(deck+1)
}

// deckNumber is deckName backwards; ok is false for anything else.
func deckNumber(name string) (deck int, ok bool) {
	if name == "slides" {
		return 0, true
	}
	digits, ok := strings.CutPrefix(name, "slides-")
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 2 || n > 99 || strconv.Itoa(n) != digits {
		return 0, false
	}
	return n - 1, true
}

// slideURL is the page of a slide; query, when not "", marks its words there.
func slideURL(talk archive.TalkID, deck, number int, query string) string {
	u := talkURL(talk) + "/" + deckName(deck) + "/" + strconv.Itoa(number)
	if query != "" {
		u += "?q=" + url.QueryEscape(query)
	}
	return u
}

// deckURL is our copy of a deck's file, named with the ending of its format.
func deckURL(talk archive.TalkID, deck int, media string) string {
	return talkURL(talk) + "/" + deckName(deck) + deckEnding(media)
}

func searchURL(query string) string { return "/search?q=" + url.QueryEscape(query) }

// origin is the scheme and host that this site is reached by: the one it was
// told, else the one the request names. A Host header of strange characters is
// not repeated into pages.
func (s *Site) origin(r *http.Request) string {
	if s.base != "" {
		return s.base
	}
	for _, c := range []byte(r.Host) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(".-:[]", rune(c)) {
			return ""
		}
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// webAddress returns u when it is an http or https address that may stand in a
// link, else "". What a programme printed may be anything.
func webAddress(u string) string {
	p, err := url.Parse(u)
	if err != nil || p.Host == "" || (p.Scheme != "http" && p.Scheme != "https") {
		return ""
	}
	return p.String()
}

// hostOf is the host of an address as a reader wants it, without "www.".
func hostOf(u string) string {
	p, err := url.Parse(u)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(p.Hostname(), "www.")
}
