package score

import (
	"regexp"
	"slices"
	"strings"
)

// link returns the form in which two links are the same link: absolute, percent
// codes undone, without fragment, scheme, "www." and the slash at the end. It
// is lenient where net/url refuses (blanks, stray percent signs), since pages
// print such links and browsers follow them.
func link(href, base string) string {
	address := unescape(join(base, strings.TrimSpace(href)))
	if strings.Contains(address, "#") {
		u := split(address, "")
		u.fragment = ""
		address = u.String()
	}
	address = wwwPrefix.ReplaceAllString(address, "")
	return strings.TrimRight(address, "/")
}

var wwwPrefix = regexp.MustCompile(`^https?://(www\.)?`)

// parts is an address cut by RFC 3986's marks, nothing judged.
type parts struct {
	scheme, host, path, query, fragment string
}

func split(address, scheme string) parts {
	address = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return -1
		}
		return r
	}, strings.TrimLeftFunc(address, func(r rune) bool { return r <= ' ' }))
	u := parts{scheme: scheme}
	if i := strings.IndexByte(address, ':'); i > 0 && schemeOnly(address[:i]) {
		u.scheme, address = strings.ToLower(address[:i]), address[i+1:]
	}
	if strings.HasPrefix(address, "//") {
		end := strings.IndexAny(address[2:], "/?#")
		if end < 0 {
			end = len(address) - 2
		}
		u.host, address = address[2:2+end], address[2+end:]
	}
	address, u.fragment, _ = strings.Cut(address, "#")
	u.path, u.query, _ = strings.Cut(address, "?")
	return u
}

func schemeOnly(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		other := i > 0 && (r >= '0' && r <= '9' || r == '+' || r == '-' || r == '.')
		if !letter && !other {
			return false
		}
	}
	return true
}

func (u parts) String() string {
	s := u.path
	if u.host != "" || u.hierarchical() && !strings.HasPrefix(s, "//") {
		if s != "" && !strings.HasPrefix(s, "/") {
			s = "/" + s
		}
		s = "//" + u.host + s
	}
	if u.scheme != "" {
		s = u.scheme + ":" + s
	}
	if u.query != "" {
		s += "?" + u.query
	}
	if u.fragment != "" {
		s += "#" + u.fragment
	}
	return s
}

// hierarchical says whether addresses of the scheme have a host and relative forms.
func (u parts) hierarchical() bool {
	return slices.Contains([]string{"http", "https", "ftp", "file", "sftp"}, u.scheme)
}

// join resolves href against base.
func join(base, href string) string {
	switch {
	case base == "":
		return href
	case href == "":
		return base
	}
	b := split(base, "")
	u := split(href, b.scheme)
	if u.scheme != b.scheme || !u.hierarchical() {
		return href
	}
	if u.host != "" {
		return u.String()
	}
	u.host = b.host
	if u.path == "" {
		u.path = b.path
		if u.query == "" {
			u.query = b.query
		}
		return u.String()
	}
	segments := strings.Split(u.path, "/")
	if !strings.HasPrefix(u.path, "/") {
		above := strings.Split(b.path, "/")
		if above[len(above)-1] != "" {
			above = above[:len(above)-1]
		}
		segments = append(above, segments...)
		if len(segments) > 2 {
			last := len(segments) - 1
			inner := slices.DeleteFunc(slices.Clone(segments[1:last]), func(s string) bool { return s == "" })
			segments = slices.Concat(segments[:1], inner, segments[last:])
		}
	}
	u.path = dotless(segments)
	return u.String()
}

// dotless returns the path of segments with "." and ".." carried out.
func dotless(segments []string) string {
	var out []string
	for _, s := range segments {
		switch {
		case s == "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		case s != ".":
			out = append(out, s)
		}
	}
	if last := segments[len(segments)-1]; last == "." || last == ".." {
		out = append(out, "")
	}
	if path := strings.Join(out, "/"); path != "" {
		return path
	}
	return "/"
}

// unescape undoes percent codes; those that are none stay as they are, bytes
// that are no UTF-8 become U+FFFD.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			hi, lo := hexDigit(s[i+1]), hexDigit(s[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return strings.ToValidUTF8(string(out), "\uFFFD")
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
