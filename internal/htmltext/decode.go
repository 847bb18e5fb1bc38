package htmltext

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/wlynxg/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// maxPage bounds what is looked at; the rest of a longer page is left out.
const maxPage = 12 << 20

// decode gives the page in UTF-8, and whether it was cut.
//
// Bytes that are valid UTF-8 are UTF-8 whatever the header says: no other
// encoding looks like it by chance. Else the byte order mark, the header and
// the meta element are asked in this order; a page that names no encoding is
// detected, and one that cannot be told is windows-1252, which is what undeclared
// pages of the West are and what browsers take.
func decode(b []byte, media string) (text []byte, cut bool) {
	if len(b) > maxPage {
		b, cut = b[:maxPage], true
		for i := 0; i < utf8.UTFMax && len(b) > 0 && !utf8.RuneStart(b[len(b)-1]); i++ {
			b = b[:len(b)-1]
		}
	}
	if rest, ok := bytes.CutPrefix(b, []byte("\xef\xbb\xbf")); ok {
		return bytes.ToValidUTF8(rest, []byte("\uFFFD")), cut
	}
	utf16 := bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))
	if !utf16 && utf8.Valid(b) && !escaped(b) {
		return b, cut
	}
	enc, name, certain := charset.DetermineEncoding(b, media)
	if name == "utf-8" && !utf16 && mostlyUTF8(b) {
		return bytes.ToValidUTF8(b, []byte("\uFFFD")), cut
	}
	if !certain && !declaresCharset(b) || name == "utf-8" {
		enc = charmap.Windows1252
		if guess := chardet.Detect(b); guess.Confidence > 0.6 && !strings.HasPrefix(strings.ToLower(guess.Encoding), "iso-8859-1") {
			if e, err := htmlindex.Get(guess.Encoding); err == nil {
				enc = e
			}
		}
	}
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return bytes.ToValidUTF8(b, []byte("\uFFFD")), cut
	}
	return bytes.ToValidUTF8(out, []byte("\uFFFD")), cut
}

var charsetRE = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=`)

// declaresCharset says whether a meta element names an encoding. Even one that
// lacks http-equiv, which browsers pass over, says what its writer used.
func declaresCharset(b []byte) bool { return charsetRE.Match(b[:min(len(b), 2048)]) }

// escaped says whether bytes below 128 carry ISO-2022-JP.
func escaped(b []byte) bool { return bytes.Contains(b, []byte("\x1b$")) }

// mostlyUTF8 says whether few bytes break the encoding: a page with one bad
// quotation mark is still UTF-8.
func mostlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good > 4*bad
}

// Parse gives a page of whatever encoding as lines, by what its bytes are rather
// than by what media, its Content-Type ("" when unknown), calls them: programmes
// are served as text/plain with tags inside, and texts as text/html. The same
// bytes give the same Doc.
func Parse(page []byte, media string) *Doc {
	text, cut := decode(page, media)
	kind, _, err := mime.ParseMediaType(media)
	if err != nil {
		kind = ""
	}
	var d *Doc
	if looksHTML(text) || kind == "application/xhtml+xml" {
		d = FromHTML(text)
	} else {
		d = FromText(string(text))
	}
	d.Cut = d.Cut || cut
	return d
}

// looksHTML says whether there are enough tags for a page of markup.
func looksHTML(b []byte) bool {
	head := bytes.ToLower(b[:min(len(b), 64<<10)])
	for _, mark := range []string{"<!doctype html", "<html", "<body", "<head", "</title>", "</pre>"} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	n := 0
	for _, mark := range []string{"</p>", "<p>", "<br", "</a>", "</li>", "</td>", "</div>", "</h", "<h1", "<h2", "<h3", "</tr>", "</b>", "</strong>"} {
		n += bytes.Count(head, []byte(mark))
	}
	return n >= 3
}
