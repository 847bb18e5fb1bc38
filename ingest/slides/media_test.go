package slides

import "testing"

func TestSniff(t *testing.T) {
	tests := []struct{ name, head, tail, want string }{
		{"pdf", "%PDF-1.7\n", "", MediaPDF},
		{"pdf after a line of a web server", "HTTP/1.0 200 OK\r\n\r\n%PDF-1.4", "", MediaPDF},
		{"html", "\ufeff\n<!-- x --><!DOCTYPE HTML><p>Log in to see slides.pdf", "", "text/html"},
		{"png", "\x89PNG\r\n\x1a\n....", "", "image/png"},
		{"jpeg", "\xff\xd8\xff\xe0....", "", "image/jpeg"},
		{"text", "Slides follow\n", "", "text/plain"},
		{"empty", "", "", "application/octet-stream"},
		{"bytes", "\x01\x02\x03", "", "application/octet-stream"},
		{"postscript", "%!PS-Adobe-3.0", "", "application/postscript"},
		{"zip", "PK\x03\x04", "readme.txt", "application/zip"},
		{"pptx", "PK\x03\x04", "ppt/presentation.xml", MediaPPTX},
		{"keynote", "PK\x03\x04", "Index/Presentation.iwa", MediaKeynote},
		{"odp", "PK\x03\x04" + "12345678901234567890123456" + "mimetype" + MediaODP + "PK", "", MediaODP},
		{"odt", "PK\x03\x04" + "12345678901234567890123456" + "mimetype" + "application/vnd.oasis.opendocument.text", "", "application/vnd.oasis.opendocument"},
		{"flat odp", `<?xml version="1.0"?><office:document office:mimetype="` + MediaODP + `">`, "", MediaODPFlat},
		{"video", "\x00\x00\x00\x18ftypmp42", "", "application/octet-stream"},
		{"longer video", "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "", "video/mp4"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Sniff([]byte(tt.head), []byte(tt.tail)); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
