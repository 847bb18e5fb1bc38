package slides

import (
	"bytes"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
)

// The media types of decks.
const (
	MediaPDF     = "application/pdf"
	MediaPPTX    = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	MediaODP     = "application/vnd.oasis.opendocument.presentation"
	MediaODPFlat = "application/vnd.oasis.opendocument.presentation-flat-xml"
	MediaPPT     = "application/vnd.ms-powerpoint"
	MediaKeynote = "application/vnd.apple.keynote"
)

// Sniff finds the media type of a file in its first and last bytes (64 KiB of each are
// enough). What a name or a server says counts for nothing: a link called slides.pdf
// leads to a login page as often as not. It is "application/octet-stream" when nothing
// is known.
func Sniff(head, tail []byte) string {
	switch {
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")):
		return MediaPDF
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(head, tail)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return sniffOLE(head, tail)
	case bytes.HasPrefix(head, []byte("%!PS")):
		return "application/postscript"
	case bytes.HasPrefix(bytes.TrimLeft(head, "\ufeff \r\n"), []byte("<?xml")) && bytes.Contains(head, []byte(MediaODP)):
		return MediaODPFlat
	}
	return sniffOther(head)
}

// signature is how files of a kind begin.
type signature struct{ begins, media string }

// signatures are of what lies behind links that were meant to lead to slides.
var signatures = []signature{
	{"\x89PNG\r\n\x1a\n", "image/png"},
	{"\xff\xd8\xff", "image/jpeg"},
	{"GIF8", "image/gif"},
	{"\x1f\x8b", "application/gzip"},
	{"BZh", "application/x-bzip2"},
	{"\xfd7zXZ\x00", "application/x-xz"},
	{"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
	{"Rar!", "application/vnd.rar"},
	{"AT&TFORM", "image/vnd.djvu"},
	{"{\\rtf", "application/rtf"},
	{"ID3", "audio/mpeg"},
	{"OggS", "audio/ogg"},
	{"\x1aE\xdf\xa3", "video/webm"},
	{"\xf7\x02", "application/x-dvi"},
}

// sniffOther tells files that are no decks apart, to name them to an organizer.
func sniffOther(head []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.begins)) {
			return s.media
		}
	}
	if len(head) > 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" {
		return "image/webp"
	}
	if len(head) > 12 && string(head[4:8]) == "ftyp" {
		return "video/mp4"
	}
	if len(head) == 0 || bytes.IndexByte(head, 0) >= 0 {
		return "application/octet-stream"
	}
	start := bytes.ToLower(bytes.TrimLeft(head[:min(len(head), 2048)], "\ufeff \t\r\n"))
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<script", "<title"} {
		if bytes.Contains(start, []byte(tag)) {
			return "text/html"
		}
	}
	if bytes.HasPrefix(start, []byte("<?xml")) {
		return "text/xml"
	}
	for _, b := range head {
		if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b {
			return "application/octet-stream"
		}
	}
	return "text/plain"
}

// sniffZip tells office files by the names in the archive: OpenDocument has its type
// in front, unpacked; the others have their directory at the end.
func sniffZip(head, tail []byte) string {
	names := bytes.Join([][]byte{head, tail}, []byte{0})
	has := func(name string) bool { return bytes.Contains(names, []byte(name)) }
	switch {
	case len(head) > 38 && bytes.HasPrefix(head[30:], []byte("mimetype")):
		kind := head[38:min(len(head), 38+len(MediaODP))]
		if string(kind) == MediaODP {
			return MediaODP
		}
		return "application/vnd.oasis.opendocument"
	case has("ppt/presentation.xml"), has("ppt/slides/slide"):
		return MediaPPTX
	case has("Index/Presentation.iwa"), has("Index/Slide"), has("index.apxl"), has("presentation.apxl"):
		return MediaKeynote
	}
	return "application/zip"
}

// sniffOLE tells a PowerPoint file from the other old Office files by the name of its
// stream, which stands as UTF-16 in a directory that may lie anywhere.
func sniffOLE(head, tail []byte) string {
	name := []byte("P\x00o\x00w\x00e\x00r\x00P\x00o\x00i\x00n\x00t\x00 \x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t")
	if bytes.Contains(head, name) || bytes.Contains(tail, name) {
		return MediaPPT
	}
	return "application/x-ole-storage"
}

const sniffBytes = 64 << 10

// SniffFile is Sniff of a file.
func SniffFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	head, err := readAt(f, 0)
	if err != nil {
		return "", err
	}
	tail, err := readAt(f, max(0, info.Size()-sniffBytes))
	if err != nil {
		return "", err
	}
	media := Sniff(head, tail)
	if media == "application/x-ole-storage" {
		return sniffOLEStreams(f, info.Size())
	}
	return media, nil
}

// sniffOLEStreams looks for the directory through the whole of an old Office file, to
// a bound.
func sniffOLEStreams(f *os.File, size int64) (string, error) {
	const most = 128 << 20
	for from := int64(0); from < min(size, most); from += sniffBytes - 128 {
		part, err := readAt(f, from)
		if err != nil {
			return "", err
		}
		if media := sniffOLE(part, nil); media == MediaPPT {
			return media, nil
		}
	}
	return "application/x-ole-storage", nil
}

func readAt(f *os.File, from int64) ([]byte, error) {
	b := make([]byte, sniffBytes)
	n, err := f.ReadAt(b, from)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return b[:n], nil
}

var packed = []string{
	"application/zip", "application/gzip", "application/x-bzip2", "application/x-xz", "application/x-7z-compressed", "application/vnd.rar",
}

// describe names a media type for a sentence.
func describe(media string) string {
	switch {
	case media == "text/html":
		return "a web page"
	case strings.HasPrefix(media, "text/"):
		return "a text"
	case strings.HasPrefix(media, "image/"):
		return "a picture"
	case strings.HasPrefix(media, "video/"):
		return "a video"
	case strings.HasPrefix(media, "audio/"):
		return "a recording"
	case media == "application/postscript":
		return "PostScript, which is not read here"
	case media == "application/x-dvi":
		return "a DVI file, which is not read here"
	case slices.Contains(packed, media):
		return "an archive of files"
	case media == "application/octet-stream":
		return "a file of unknown kind"
	}
	return "a file of type " + media
}
