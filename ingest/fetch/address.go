package fetch

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// specialPurpose lists the blocks of the IANA special-purpose registries (RFC
// 6890 and its successors) that are no place on the public internet, and the
// one public address that a cloud answers on from within (168.63.129.16). The
// metadata services of the others lie in link-local, CGNAT or unique-local
// blocks.
var specialPurpose = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),        // "this network"; reaches loopback on Linux
	netip.MustParsePrefix("10.0.0.0/8"),       // private
	netip.MustParsePrefix("100.64.0.0/10"),    // carrier-grade NAT
	netip.MustParsePrefix("127.0.0.0/8"),      // loopback
	netip.MustParsePrefix("168.63.129.16/32"), // Azure's host
	netip.MustParsePrefix("169.254.0.0/16"),   // link-local, metadata
	netip.MustParsePrefix("172.16.0.0/12"),    // private
	netip.MustParsePrefix("192.0.0.0/24"),     // IETF protocol assignments
	netip.MustParsePrefix("192.0.2.0/24"),     // documentation
	netip.MustParsePrefix("192.88.99.0/24"),   // 6to4 relays
	netip.MustParsePrefix("192.168.0.0/16"),   // private
	netip.MustParsePrefix("198.18.0.0/15"),    // benchmarking
	netip.MustParsePrefix("198.51.100.0/24"),  // documentation
	netip.MustParsePrefix("203.0.113.0/24"),   // documentation
	netip.MustParsePrefix("224.0.0.0/4"),      // multicast
	netip.MustParsePrefix("240.0.0.0/4"),      // reserved, broadcast

	netip.MustParsePrefix("::/96"),           // unspecified, loopback, IPv4-compatible
	netip.MustParsePrefix("::ffff:0:0:0/96"), // IPv4-translated
	netip.MustParsePrefix("64:ff9b:1::/48"),  // local NAT64
	netip.MustParsePrefix("100::/64"),        // discard
	netip.MustParsePrefix("100:0:0:1::/64"),  // dummy
	netip.MustParsePrefix("2001::/23"),       // Teredo, ORCHID, benchmarking
	netip.MustParsePrefix("2001:db8::/32"),   // documentation
	netip.MustParsePrefix("3fff::/20"),       // documentation
	netip.MustParsePrefix("5f00::/16"),       // segment routing
	netip.MustParsePrefix("fc00::/7"),        // unique local
	netip.MustParsePrefix("fe80::/10"),       // link-local
	netip.MustParsePrefix("fec0::/10"),       // site-local
	netip.MustParsePrefix("ff00::/8"),        // multicast
}

// Prefixes of IPv6 addresses that stand for an IPv4 address: the well-known
// NAT64 one, whose last four bytes are it, and 6to4, which has it right after.
var (
	nat64  = netip.MustParsePrefix("64:ff9b::/96") //nolint:gochecknoglobals // never changes
	sixTo4 = netip.MustParsePrefix("2002::/16")    //nolint:gochecknoglobals // never changes
)

// Public says whether ip is a place on the public internet. An IPv6 form of an
// IPv4 address is judged as that address.
func Public(ip netip.Addr) bool {
	if !ip.IsValid() || ip.Zone() != "" {
		return false
	}
	ip = ip.Unmap()
	if ip.Is6() {
		b := ip.As16()
		switch {
		case nat64.Contains(ip):
			ip = netip.AddrFrom4([4]byte(b[12:16]))
		case sixTo4.Contains(ip):
			ip = netip.AddrFrom4([4]byte(b[2:6]))
		}
	}
	for _, p := range specialPurpose {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// maxAddress bounds an address: longer ones are data, not addresses.
const maxAddress = 8 << 10

// Clean checks an http(s) address and returns it without its fragment and with
// what must be escaped escaped. The error is an *Error with cause Refused.
func Clean(address string) (*url.URL, error) {
	refuse := func(why, hint string) error {
		shown := address
		if len(shown) > 200 {
			shown = strings.ToValidUTF8(shown[:200], "") + "…"
		}
		return &Error{Address: shown, Cause: Refused, Why: why, Hint: hint}
	}
	if len(address) > maxAddress {
		return nil, refuse(fmt.Sprintf("the address is longer than %d bytes", maxAddress), "")
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return nil, refuse("not an address", "write it as https://example.org/programme")
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, refuse("only http and https addresses are fetched", "write it as https://example.org/programme")
	case u.Hostname() == "":
		return nil, refuse("the address names no host", "write it as https://example.org/programme")
	case u.User != nil:
		return nil, &Error{Address: u.Redacted(), Cause: Refused, Why: "the address holds a name or password, which would be kept and shown",
			Hint: "save the page and add the file, with --base-url"}
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}
