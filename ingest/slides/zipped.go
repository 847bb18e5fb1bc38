package slides

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Bounds of an office file. Its members are read one at a time and to a bound, however
// much they claim to unpack to; a zip bomb gets no further than that.
const (
	maxMembers     = 50_000
	maxMemberBytes = 24 << 20
	maxUnpacked    = 192 << 20 // of all that is read together
	maxXMLDepth    = 256
)

// zipped is an office file: XML documents in a zip archive.
type zipped struct {
	archive *zip.ReadCloser
	members map[string]*zip.File
	left    int64 // bytes that may still be unpacked
}

var errTooLarge = errors.New("it unpacks to more than is read")

func openZipped(path string) (*zipped, error) {
	info, err := os.Stat(path)
	if err != nil || info.Size() == 0 {
		return nil, &problem{Reason: "the file cannot be opened", Retryable: true}
	}
	r, err := zip.OpenReader(path)
	if err != nil {
		return nil, &problem{Reason: "the file is damaged or cut off"}
	}
	z := &zipped{archive: r, members: map[string]*zip.File{}, left: maxUnpacked}
	if len(r.File) > maxMembers {
		z.close()
		return nil, &problem{Reason: fmt.Sprintf("it holds %d files, more than are looked at", len(r.File))}
	}
	for _, f := range r.File {
		z.members[strings.TrimPrefix(f.Name, "/")] = f
	}
	return z, nil
}

func (z *zipped) close() { _ = z.archive.Close() } // it was only read

// errNoMember says that a file in the archive is not there.
var errNoMember = errors.New("no such file in it")

// walk reads an XML member and calls visit for each element and text. It ends at a bound
// with an error; what was visited until then counts.
func (z *zipped) walk(name string, visit func(token xml.Token, path []xml.Name)) error {
	f, ok := z.members[name]
	if !ok {
		return fmt.Errorf("%s: %w", name, errNoMember)
	}
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer r.Close()
	counted := &counter{r: io.LimitReader(r, min(maxMemberBytes, z.left)+1)}
	defer func() { z.left -= counted.n }()
	decoder := xml.NewDecoder(counted)
	decoder.Strict = false
	var path []xml.Name
	for {
		token, err := decoder.Token()
		if counted.n > min(maxMemberBytes, z.left) {
			return fmt.Errorf("%s: %w", name, errTooLarge)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if path = append(path, t.Name); len(path) > maxXMLDepth {
				return fmt.Errorf("%s: %w", name, errTooLarge)
			}
			visit(t, path)
		case xml.EndElement:
			visit(t, path)
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		case xml.CharData:
			visit(t, path)
		}
	}
}

// counter counts what is read through it.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// attr gives an attribute by its local name, "" when it is not there.
func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// attrIn gives an attribute whose name space's address ends so.
func attrIn(e xml.StartElement, space, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && strings.HasSuffix(a.Name.Space, space) {
			return a.Value
		}
	}
	return ""
}

// within says whether an element of that local name is open.
func within(path []xml.Name, local string) bool {
	for _, name := range path {
		if name.Local == local {
			return true
		}
	}
	return false
}

// core reads title and author as both families of formats write them, in Dublin Core.
func (z *zipped) core(name, creator string) (title, author string) {
	// A file that says nothing of itself is no fault.
	_ = z.walk(name, func(token xml.Token, path []xml.Name) {
		text, ok := token.(xml.CharData)
		if !ok || len(path) == 0 {
			return
		}
		switch path[len(path)-1].Local {
		case "title":
			title += string(text)
		case creator:
			author += string(text)
		}
	})
	return oneLine(title), oneLine(author)
}

// lines puts the text of office files together: runs into paragraphs, paragraphs into
// lines.
type lines struct {
	b     strings.Builder
	fresh bool // at the beginning of a line
}

func (l *lines) write(text string) {
	if l.b.Len() >= maxPageChars {
		return
	}
	for _, r := range text {
		if r == '\t' || r == '\n' || r == '\r' || r == '\v' {
			r = ' '
		}
		if r >= ' ' {
			l.b.WriteRune(r)
			l.fresh = false
		}
	}
}

func (l *lines) end() {
	if !l.fresh {
		l.b.WriteByte('\n')
		l.fresh = true
	}
}

// String gives the text, without empty lines and spaces at the ends of lines.
func (l *lines) String() string {
	var kept []string
	for line := range strings.Lines(l.b.String()) {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}
