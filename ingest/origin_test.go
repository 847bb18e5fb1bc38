package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	web := webOrigin("https://example.org/2031/", "https://example.org/2031/index.html")
	file := fileOrigin("saved/2031", "pages/index.html", "")
	based := fileOrigin("saved", "index.html", "https://example.org/2031/")
	for _, one := range []struct {
		from origin
		link string
		want string // "" is refused
	}{
		{web, "a b.pdf#page=2", "https://example.org/2031/a%20b.pdf"},
		{web, "//cdn.example.net/x.pdf", "https://cdn.example.net/x.pdf"},
		{web, "file:///etc/passwd", ""},
		{web, "javascript:alert(1)", ""},
		{web, "data:text/plain,x", ""},
		{web, "https://file.rostrum.invalid/etc/passwd", ""},
		{web, "http://me:secret@example.org/x", ""},
		{file, "../slides/a.pdf", "file:saved/2031/slides/a.pdf"},
		{file, "caf%C3%A9.pdf", "file:saved/2031/pages/café.pdf"},
		{file, "../../../../etc/passwd", "file:saved/2031/etc/passwd"},
		{file, "/etc/passwd", "file:saved/2031/etc/passwd"},
		{file, "%2e%2e/%2e%2e/%2e%2e/secret", "file:saved/2031/secret"},
		{file, "file:///etc/passwd", ""},
		{file, "https://example.org/x.pdf", "https://example.org/x.pdf"},
		{based, "x.pdf", "https://example.org/2031/x.pdf"},
	} {
		got, err := one.from.resolve(one.link)
		if got != one.want || (err == nil) != (one.want != "") {
			t.Errorf("%s from %s: %q, %v; want %q", one.link, one.from.address, got, err, one.want)
		}
	}
}

// TestOpenStaysInside tries to read a secret beside the folder, every way round.
func TestOpenStaysInside(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "saved")
	for name, text := range map[string]string{"secret": "secret", "saved/open.pdf": "open", "saved/sub/deep.pdf": "deep"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"out": "../secret", "abs": filepath.Join(dir, "secret"), "dirout": "..", "in": "open.pdf"} {
		if err := os.Symlink(to, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	o := fileOrigin(folder, "index.html", "")
	for name, want := range map[string]bool{
		"open.pdf": true, "sub/deep.pdf": true, "in": true,
		"out": false, "abs": false, "dirout/secret": false, "sub": false, ".": false, "nothing": false, "../secret": false, "sub/../../secret": false,
	} {
		f, err := o.open(filePrefix + filepath.ToSlash(folder) + "/" + name)
		if (err == nil) != want {
			t.Errorf("open %s: %v, want it to open: %v", name, err, want)
		}
		if err == nil {
			_ = f.Close()
		}
	}
	for _, address := range []string{"file:/etc/passwd", "file:secret", "https://example.org/", "file:" + dir + "/secret", "file:" + folder + "-other/x"} {
		if f, err := o.open(address); err == nil {
			_ = f.Close()
			t.Errorf("%s opens", address)
		}
	}
	if f, err := webOrigin("https://example.org/", "https://example.org/").open("file:" + folder + "/open.pdf"); err == nil {
		_ = f.Close()
		t.Error("a page from the web opens a file")
	}
}

func TestFileName(t *testing.T) {
	for _, one := range []struct{ path, media, want string }{
		{"/2031/wicks.pdf", "application/pdf", "wicks.pdf"},
		{"/download.php", "application/pdf", "download.pdf"},
		{"/a/..", "application/pdf", "slides.pdf"},
		{"/", "application/pdf", "slides.pdf"},
		{"/Grüße aus\nYstad.PDF", "application/pdf", "Grüße aus_Ystad.PDF"},
		{"/x\u202efdp.exe", "application/pdf", "x_fdp.pdf"},
		{"/a\"b;c.ppt", "application/vnd.ms-powerpoint", "a_b_c.ppt"},
		{"/noext", "application/octet-stream", "noext"},
		{"/" + strings.Repeat("ü", 300) + ".pdf", "application/pdf", strings.Repeat("ü", 58) + ".pdf"},
	} {
		if got := fileName(one.path, one.media); got != one.want {
			t.Errorf("fileName(%q) = %q, want %q", one.path, got, one.want)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Add("/a/b.pdf")
	f.Add("\xff\xfe/..\x00")
	f.Fuzz(func(t *testing.T, in string) {
		got := fileName(in, "application/pdf")
		if got == "" || len(got) > 124 || strings.ContainsAny(got, "/\\\"\x00\n\r<>") || !strings.EqualFold(filepath.Ext(got), ".pdf") {
			t.Errorf("fileName(%q) = %q", in, got)
		}
	})
}
