package ingest

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"

	"rostrum/ingest/slides"
)

// form is what sort of thing some bytes are.
type form int

const (
	formUnknown form = iota
	formPage         // HTML
	formText         // plain text: a page saved as text
	formJSON         // Programme JSON, one or one a line
	formDeck         // a slide file, by its first bytes
	formGzip         // something of the above, compressed
)

// sniffed is how many first bytes formOf wants to see.
const sniffed = 1024

// formOf tells what bytes are by how they begin, then by what was said of
// them. Bytes come first: servers say text/plain of PDFs and text/html of JSON.
func formOf(head []byte, media, name string) form {
	base, _, err := mime.ParseMediaType(media)
	if err != nil {
		base = ""
	}
	name = strings.ToLower(name)
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return formGzip
	case isDeck(slides.Sniff(head, nil)):
		return formDeck
	case base == "text/html" || base == "application/xhtml+xml" || hasSuffix(name, ".html", ".htm", ".xhtml"):
		if !looksJSON(text) {
			return formPage
		}
		return formJSON
	case strings.HasSuffix(base, "json") || hasSuffix(name, ".json", ".jsonl", ".ndjson"):
		return formJSON
	case looksJSON(text):
		return formJSON
	case strings.HasPrefix(http.DetectContentType(text), "text/html") || bytes.HasPrefix(text, []byte("<")):
		return formPage
	case base == "text/plain" || hasSuffix(name, ".txt", ".text", ".md"), strings.HasPrefix(http.DetectContentType(head), "text/"):
		return formText
	}
	return formUnknown
}

// looksJSON says whether text begins as a JSON object with a name does.
func looksJSON(text []byte) bool {
	if !bytes.HasPrefix(text, []byte("{")) {
		return false
	}
	rest := bytes.TrimLeft(text[1:], " \t\r\n")
	return bytes.HasPrefix(rest, []byte(`"`)) || bytes.HasPrefix(rest, []byte("}"))
}

func hasSuffix(name string, suffixes ...string) bool {
	for _, s := range suffixes {
		if strings.HasSuffix(name, s) {
			return true
		}
	}
	return false
}

// endings are what the names of decks end in.
var endings = map[string]string{
	slides.MediaPDF: ".pdf", slides.MediaPPTX: ".pptx", slides.MediaODP: ".odp", slides.MediaODPFlat: ".fodp",
	slides.MediaKeynote: ".key", slides.MediaPPT: ".ppt", "application/postscript": ".ps",
}

// isDeck says whether a media type is one of slide files.
func isDeck(media string) bool { return endings[media] != "" }

// fileName returns a name for a download of what lies at an address: its last
// part, made safe to print and to write, with the ending its media type has.
func fileName(address, media string) string {
	name := path.Base(address)
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|;%`, r) || r > 0xfffd || (r >= 0x80 && r < 0xa0) || (r >= 0x200b && r <= 0x202e) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	name = strings.Trim(name, ". ")
	end := endings[media]
	if end != "" && !strings.HasSuffix(strings.ToLower(name), end) {
		name = strings.TrimSuffix(name, path.Ext(name)) + end
	}
	if strings.Trim(strings.TrimSuffix(name, end), "_") == "" {
		name = "slides" + end
	}
	for len(name) > 120 { // cut before the ending, at a character
		r := []rune(strings.TrimSuffix(name, end))
		name = string(r[:len(r)-1]) + end
	}
	return name
}

// mediaByName says what a file is by its name, "" when that tells nothing.
func mediaByName(name string) string {
	name = strings.ToLower(name)
	switch {
	case hasSuffix(name, ".html", ".htm"):
		return "text/html"
	case hasSuffix(name, ".xhtml"):
		return "application/xhtml+xml"
	case hasSuffix(name, ".txt", ".text", ".md"):
		return "text/plain"
	case hasSuffix(name, ".json"):
		return "application/json"
	case hasSuffix(name, ".jsonl", ".ndjson"):
		return "application/x-ndjson"
	case hasSuffix(name, ".gz"):
		return "application/gzip"
	}
	return ""
}
