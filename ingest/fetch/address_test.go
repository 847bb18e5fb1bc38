package fetch

import (
	"errors"
	"net/netip"
	"testing"
)

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"93.184.216.34": true, "8.8.8.8": true, "172.15.255.255": true, "172.32.0.0": true, "100.63.255.255": true, "100.128.0.0": true,
		"2606:4700::1111": true, "::ffff:8.8.8.8": true, "64:ff9b::8.8.8.8": true, "2002:808:808::1": true,

		"0.0.0.0": false, "10.1.2.3": false, "100.64.0.1": false, "100.100.100.200": false, "127.0.0.1": false, "127.255.255.254": false,
		"168.63.129.16": false, "169.254.169.254": false, "172.16.0.1": false, "172.31.255.255": false, "192.0.0.192": false,
		"192.168.1.1": false, "198.18.0.1": false, "224.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "::127.0.0.1": false, "::ffff:127.0.0.1": false, "::ffff:169.254.169.254": false, "::ffff:0:127.0.0.1": false,
		"64:ff9b::127.0.0.1": false, "64:ff9b::169.254.169.254": false, "64:ff9b:1::8.8.8.8": false, "2002:7f00:1::1": false,
		"2001::1": false, "2001:db8::1": false, "fc00::1": false, "fd00:ec2::254": false, "fe80::1": false, "fe80::1%eth0": false,
		"fec0::1": false, "ff02::1": false,
	} {
		if got := Public(netip.MustParseAddr(text)); got != want {
			t.Errorf("Public(%s) = %v, want %v", text, got, want)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("the zero address is public")
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.org":                      "https://example.org/",
		" HTTP://example.org/a b.pdf#page=3 ":      "http://example.org/a%20b.pdf",
		"https://example.org/Bürge%C3%B1o.pdf?x=1": "https://example.org/B%C3%BCrge%C3%B1o.pdf?x=1",
	} {
		u, err := Clean(in)
		if err != nil || u.String() != want {
			t.Errorf("Clean(%q) = %v, %v; want %s", in, u, err, want)
		}
	}
	for _, in := range []string{"", "slides.pdf", "/etc/passwd", "file:///etc/passwd", "ftp://example.org/a", "javascript:alert(1)", "http://", "http:///x", "https://me:secret@example.org/", "http://[::1", "data:,x"} {
		_, err := Clean(in)
		failed, ok := errors.AsType[*Error](err)
		if !ok || failed.Cause != Refused || failed.Why == "" {
			t.Errorf("Clean(%q) = %v, want a refusal", in, err)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("https://example.org/a b#c")
	f.Add("http://[fe80::1%25eth0]/")
	f.Fuzz(func(t *testing.T, in string) {
		u, err := Clean(in)
		if err != nil {
			return
		}
		again, err := Clean(u.String())
		if err != nil || again.String() != u.String() {
			t.Errorf("Clean(%q) = %s, which cleans to %v, %v", in, u, again, err)
		}
	})
}
