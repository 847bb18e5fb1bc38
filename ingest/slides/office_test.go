package slides

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rostrum/archive"
)

// member is a file of an office file.
type member struct{ name, text string }

func writeZip(t testing.TB, name string, members []member) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		method := zip.Deflate
		if m.name == "mimetype" {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(m.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	pptxSpaces = ` xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`
	relSpace   = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
	relType    = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
)

func pptxMembers() []member {
	slide := func(content, attrs string) string {
		return `<?xml version="1.0"?><p:sld` + pptxSpaces + attrs + `><p:cSld><p:spTree>` + content + `</p:spTree></p:cSld></p:sld>`
	}
	shape := func(kind, paragraphs string) string {
		return `<p:sp><p:nvSpPr><p:nvPr><p:ph type="` + kind + `"/></p:nvPr></p:nvSpPr><p:txBody>` + paragraphs + `</p:txBody></p:sp>`
	}
	para := func(runs ...string) string {
		return `<a:p><a:r><a:t>` + strings.Join(runs, `</a:t></a:r><a:r><a:t>`) + `</a:t></a:r></a:p>`
	}
	rels := func(entries ...string) string {
		return `<Relationships ` + relSpace + `>` + strings.Join(entries, "") + `</Relationships>`
	}
	rel := func(id, kind, target, more string) string {
		return fmt.Sprintf(`<Relationship Id="%s" Type="%s%s" Target="%s"%s/>`, id, relType, kind, target, more)
	}
	return []member{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"_rels/.rels", rels(rel("rId1", "officeDocument", "ppt/presentation.xml", ""))},
		{"docProps/core.xml", `<cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Bridges</dc:title><dc:creator>Ada Example</dc:creator></cp:coreProperties>`},
		{"ppt/presentation.xml", `<p:presentation` + pptxSpaces + `><p:sldIdLst><p:sldId id="9" r:id="rId3"/><p:sldId id="8" r:id="rId2"/><p:sldId id="7" r:id="rId4"/></p:sldIdLst><p:sldSz cx="12192000" cy="6858000"/></p:presentation>`},
		{"ppt/_rels/presentation.xml.rels", rels(rel("rId2", "slide", "slides/slide1.xml", ""), rel("rId3", "slide", "/ppt/slides/slide2.xml", ""), rel("rId4", "slide", "slides/slide3.xml", ""))},
		{"ppt/slides/slide1.xml", slide(shape("title", para("Load ", "bearing"))+
			`<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody>`+para("Steel")+`</a:txBody></a:tc><a:tc><a:txBody>`+para("strong")+`</a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>`+
			`<mc:AlternateContent><mc:Choice Requires="x">`+shape("", para("Chosen"))+`</mc:Choice><mc:Fallback>`+shape("", para("Not this"))+`</mc:Fallback></mc:AlternateContent>`+
			shape("body", `<a:p><a:r><a:rPr><a:hlinkClick r:id="rId9"/></a:rPr><a:t>one</a:t></a:r><a:br/><a:r><a:t>two &amp; three</a:t></a:r></a:p>`), "")},
		{"ppt/slides/_rels/slide1.xml.rels", rels(rel("rId1", "notesSlide", "../notesSlides/notesSlide1.xml", ""), rel("rId9", "hyperlink", "https://example.org/steel", ` TargetMode="External"`))},
		{"ppt/notesSlides/notesSlide1.xml", `<p:notes` + pptxSpaces + `>` + shape("sldNum", para("2")) + shape("body", para("Speak slowly here")) + `</p:notes>`},
		{"ppt/slides/slide2.xml", slide(shape("ctrTitle", para("Bridges"))+shape("subTitle", para("Ada Example")), "")},
		{"ppt/slides/slide3.xml", slide(shape("title", para("Hidden")), ` show="0"`)},
	}
}

func TestReadPPTX(t *testing.T) {
	path := writeZip(t, "deck.pdf", pptxMembers()) // named falsely
	got, err := newPool(t, nil).Read(t.Context(), path, MediaPDF)
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Deck{
		Reader: Version, Media: MediaPPTX, Title: "Bridges", Author: "Ada Example",
		Slides: []archive.Slide{
			{Number: 1, Text: "Bridges\nAda Example", Search: "Bridges\nAda Example", Engine: "pptx", Width: 960, Height: 540},
			{
				Number: 2, Text: "Load bearing\nSteel strong\nChosen\none\ntwo & three", Notes: "Speak slowly here",
				Search: "Load bearing\nSteel strong\nChosen\none\ntwo & three\nSpeak slowly here",
				Links:  []string{"https://example.org/steel"}, Engine: "pptx", Width: 960, Height: 540,
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deck (-want +got):\n%s", diff)
	}
}

func odpMembers() []member {
	spaces := ` xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"`
	return []member{
		{"mimetype", MediaODP},
		{"META-INF/manifest.xml", `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="` + MediaODP + `"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/></manifest:manifest>`},
		{"meta.xml", `<office:document-meta` + spaces + `><dc:title>Tunnels</dc:title><dc:creator>Ada Example</dc:creator></office:document-meta>`},
		{"styles.xml", `<office:document-styles` + spaces + `><style:page-layout style:name="notes"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"/></style:page-layout><style:page-layout style:name="slide"><style:page-layout-properties fo:page-width="25.4cm" fo:page-height="19.05cm"/></style:page-layout></office:document-styles>`},
		{"content.xml", `<office:document-content` + spaces + `><office:automatic-styles><style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style></office:automatic-styles><office:body><office:presentation>
<draw:page draw:name="a" draw:style-name="dp1"><draw:frame><draw:text-box><text:p>Under<text:s text:c="2"/>the <text:span>mountain</text:span></text:p><text:list><text:list-item><text:p>first<text:line-break/>second</text:p></text:list-item></text:list></draw:text-box></draw:frame>
<draw:frame><table:table><table:table-row><table:table-cell><text:p>Length</text:p></table:table-cell><table:table-cell><text:p>57 km</text:p></table:table-cell></table:table-row></table:table></draw:frame>
<draw:frame><draw:text-box><text:p><text:a xlink:href="https://example.org/tunnel">more</text:a></text:p></draw:text-box></draw:frame>
<presentation:notes><draw:frame><draw:text-box><text:p>Mention the water</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>
<draw:page draw:name="b" draw:style-name="dp2"><text:p>Hidden</text:p></draw:page>
<draw:page draw:name="c" draw:style-name="dp1"><text:p>End</text:p></draw:page>
</office:presentation></office:body></office:document-content>`},
	}
}

func TestReadODP(t *testing.T) {
	got, err := newPool(t, nil).Read(t.Context(), writeZip(t, "deck", odpMembers()), "")
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Deck{
		Reader: Version, Media: MediaODP, Title: "Tunnels", Author: "Ada Example",
		Slides: []archive.Slide{
			{
				Number: 1, Text: "Under  the mountain\nfirst\nsecond\nLength 57 km\nmore", Notes: "Mention the water",
				Search: "Under the mountain\nfirst\nsecond\nLength 57 km\nmore\nMention the water",
				Links:  []string{"https://example.org/tunnel"}, Engine: "odp", Width: 720, Height: 540,
			},
			{Number: 2, Text: "End", Search: "End", Engine: "odp", Width: 720, Height: 540},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deck (-want +got):\n%s", diff)
	}
}

// TestOfficeBombs: files that unpack to far more than they are.
func TestOfficeBombs(t *testing.T) {
	if underRace || testing.Short() {
		t.Skip("measures memory, and takes its time")
	}
	replace := func(members []member, name, text string) []member {
		for i := range members {
			if members[i].name == name {
				members[i].text = text
			}
		}
		return members
	}
	content := odpMembers()[4].text
	many := []member{{"mimetype", MediaODP}}
	for i := range maxMembers + 1 {
		many = append(many, member{fmt.Sprint("x", i), ""})
	}
	large := "the OpenDocument file is damaged, or too large to be read"
	tests := []struct {
		name    string
		members []member
		want    string
	}{
		{"blanks", replace(odpMembers(), "content.xml", strings.Repeat(" ", 60<<20)+content), large},
		{"text", replace(odpMembers(), "content.xml", strings.Replace(content, "End", strings.Repeat("End ", 10<<20), 1)), large},
		{"depth", replace(odpMembers(), "content.xml", content+strings.Repeat("<a>", 1<<20)), large},
		{"cut off", replace(odpMembers(), "content.xml", content[:len(content)/2]), large},
		{"no content", odpMembers()[:4], large},
		{"no presentation", replace(pptxMembers(), "ppt/presentation.xml", ""), "the PowerPoint file has no slides"},
		{"members", many, fmt.Sprintf("it holds %d files, more than are looked at", maxMembers+2)},
	}
	pool := newPool(t, nil)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := pool.Read(t.Context(), writeZip(t, "deck", tt.members), "")
			if err != nil {
				t.Fatal(err)
			}
			if got.Problem != tt.want || len(got.Slides) != 0 {
				t.Errorf("problem %q, %d slides; want %q", got.Problem, len(got.Slides), tt.want)
			}
		})
	}
}

func TestOfficeMissing(t *testing.T) {
	pool := newPool(t, func(c *Config) {
		c.CacheDir = t.TempDir()
		c.Programs = func(string) (string, error) { return "", exec.ErrNotFound }
		c.do = doFake
	})
	path := filepath.Join(t.TempDir(), "deck")
	name := "P\x00o\x00w\x00e\x00r\x00P\x00o\x00i\x00n\x00t\x00 \x00D\x00o\x00c\x00u\x00m\x00e\x00n\x00t\x00"
	if err := os.WriteFile(path, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 200_000)+name), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := pool.Read(t.Context(), path, "")
	if err != nil {
		t.Fatal(err)
	}
	want := archive.Deck{
		Reader: Version, Media: MediaPPT, Retryable: true,
		Problem: "PowerPoint's old format is read with LibreOffice (soffice), which is not installed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deck (-want +got):\n%s", diff)
	}
	if _, err := pool.Picture(t.Context(), path, "", 1, 320); !errors.Is(err, ErrNoPicture) {
		t.Errorf("picture: %v", err)
	}
}

// TestOfficePicture draws a slide of an OpenDocument file by way of LibreOffice.
func TestOfficePicture(t *testing.T) {
	if _, err := exec.LookPath(programOffice); err != nil || testing.Short() {
		t.Skip("needs LibreOffice")
	}
	pool := newPool(t, func(c *Config) { c.CacheDir = t.TempDir() })
	path := writeZip(t, "deck", odpMembers())
	got, err := pool.Picture(t.Context(), path, "", 2, ThumbnailWidth)
	if err != nil {
		t.Fatal(err)
	}
	if got.Width != ThumbnailWidth || len(got.Bytes) == 0 {
		t.Errorf("picture of %d by %d pixels, %d bytes", got.Width, got.Height, len(got.Bytes))
	}
	if _, err := pool.Picture(t.Context(), path, "", 3, ThumbnailWidth); !errors.Is(err, ErrNoPicture) {
		t.Errorf("a hidden slide: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(pool.cfg.CacheDir, "office", "work-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func FuzzOffice(f *testing.F) {
	for _, m := range append(pptxMembers(), odpMembers()...) {
		f.Add(m.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, members := range [][]member{
			{{"mimetype", MediaODP}, {"content.xml", text}, {"styles.xml", text}, {"meta.xml", text}},
			{
				{"ppt/presentation.xml", pptxMembers()[3].text},
				{"ppt/_rels/presentation.xml.rels", pptxMembers()[4].text},
				{"ppt/slides/slide1.xml", text}, {"ppt/slides/slide2.xml", text}, {"ppt/slides/_rels/slide1.xml.rels", text},
			},
		} {
			j := job{Path: writeZip(t, "deck", members)}
			for _, read := range []func(job, func(progress)) (archive.Deck, error){readODP, readPPTX} {
				deck, err := read(j, func(progress) {})
				if err != nil && len(deck.Slides) > 0 {
					t.Fatalf("slides and %v", err)
				}
				for i, s := range deck.Slides {
					if s.Number != i+1 {
						t.Fatalf("slide %d is called %d", i+1, s.Number)
					}
				}
			}
		}
	})
}
