package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"rostrum/internal/passwd"
)

// desk is who is signed in and who may try to. Sessions live in memory, so
// that a restart signs everybody out and a copied data folder holds no key.
type desk struct {
	organizers string // the file of names and passwords
	now        func() time.Time
	key        [32]byte      // signs the sign-in form
	checking   chan struct{} // one password at a time: each takes 64 MiB

	suggests *limiter // suggestions of visitors
	visits   *visits  // by private links

	mu       sync.Mutex
	sessions map[[32]byte]*session // by the hash of their token
	failed   map[string]*failures  // by where they came from; "" is all of them
	trusted  map[string]time.Time  // addresses from which somebody has signed in
}

// session is one organizer at one browser.
type session struct {
	Name  string
	hash  string // of the password it was opened with: another one ends it
	Token string // that every form sends along
	began time.Time
	used  time.Time
}

type failures struct {
	count int
	until time.Time
}

const (
	cookieDesk = "desk"
	cookieForm = "desk-form" // ties the sign-in form to the browser it was sent to

	sessionIdle = 12 * time.Hour
	sessionLife = 7 * 24 * time.Hour
	maxSessions = 1000

	// Wrong passwords in a span of time, from one address and from all
	// addresses together; where somebody signed in before, the latter does not count.
	maxFailures    = 10
	maxAllFailures = 200
	failureSpan    = 15 * time.Minute
	maxAddresses   = 10_000
)

func newDesk(organizers string, now func() time.Time) *desk {
	d := &desk{
		organizers: organizers, now: now, checking: make(chan struct{}, 1),
		suggests: newLimiter(now, suggestionSpan, maxSuggestions, maxAllSuggests), visits: newVisits(now),
		sessions: map[[32]byte]*session{}, failed: map[string]*failures{}, trusted: map[string]time.Time{},
	}
	rand.Read(d.key[:])
	return d
}

func randomToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// open makes a session and returns the token for its cookie. It never takes a
// token from outside, so nobody can be signed in to a session that another knows.
func (d *desk) open(name, hash string) string {
	token, now := randomToken(), d.now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for id, s := range d.sessions {
		if s.over(now) {
			delete(d.sessions, id)
		}
	}
	for len(d.sessions) >= maxSessions {
		for id := range d.sessions {
			delete(d.sessions, id)
			break
		}
	}
	d.sessions[sha256.Sum256([]byte(token))] = &session{Name: name, hash: hash, Token: randomToken(), began: now, used: now}
	return token
}

func (s *session) over(now time.Time) bool {
	return now.Sub(s.used) > sessionIdle || now.Sub(s.began) > sessionLife
}

// session returns who is signed in by a request; ok is false for nobody.
func (s *Site) session(r *http.Request) (session, bool) {
	c, err := r.Cookie(s.cookieName(r, cookieDesk))
	if err != nil {
		return session{}, false
	}
	return s.desk.session(c.Value)
}

// closeSession ends the session of a request, if it has one.
func (s *Site) closeSession(r *http.Request) {
	if c, err := r.Cookie(s.cookieName(r, cookieDesk)); err == nil {
		s.desk.close(c.Value)
	}
}

func (d *desk) session(token string) (session, bool) {
	id := sha256.Sum256([]byte(token))
	d.mu.Lock()
	s, ok := d.sessions[id]
	if ok && s.over(d.now()) {
		delete(d.sessions, id)
		ok = false
	}
	var out session
	if ok {
		s.used = d.now()
		out = *s
	}
	d.mu.Unlock()
	if !ok {
		return session{}, false
	}
	list, err := passwd.Load(d.organizers)
	if err != nil || list[out.Name] != out.hash {
		d.close(token)
		return session{}, false
	}
	return out, true
}

func (d *desk) close(token string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.sessions, sha256.Sum256([]byte(token)))
}

// formToken is what the sign-in form has to send along with its cookie.
func (d *desk) formToken(cookie string) string {
	m := hmac.New(sha256.New, d.key[:])
	m.Write([]byte(cookie))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func sameText(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// try says how long an address has to wait before it may try a password; with
// 0 the attempt is counted, before it is checked, so that many at once count as many.
func (d *desk) try(from string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if f := d.failed[from]; f != nil && f.count >= maxFailures && now.Before(f.until) {
		return f.until.Sub(now)
	}
	_, trusted := d.trusted[from]
	if f := d.failed[""]; !trusted && f != nil && f.count >= maxAllFailures && now.Before(f.until) {
		return f.until.Sub(now)
	}
	if len(d.failed) > maxAddresses {
		for k := range d.failed {
			if k != "" {
				delete(d.failed, k) // what is lost here the count of all still holds
			}
		}
	}
	for _, k := range []string{from, ""} {
		f := d.failed[k]
		if f == nil || !now.Before(f.until) {
			f = &failures{until: now.Add(failureSpan)}
			d.failed[k] = f
		}
		f.count++
	}
	return 0
}

// succeeded takes the attempt off the count again.
func (d *desk) succeeded(from string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.failed, from)
	if f := d.failed[""]; f != nil && f.count > 0 {
		f.count--
	}
	if len(d.trusted) >= maxAddresses {
		clear(d.trusted)
	}
	d.trusted[from] = d.now()
}

// cameFrom is the address that attempts are counted by: of IPv6 the network,
// since one visitor has all of it. Behind a server on this very machine it is
// the address which that one says it was asked from.
func cameFrom(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	ip, err := netip.ParseAddr(host)
	if err == nil && ip.IsLoopback() {
		hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if told, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1])); err == nil {
			ip = told
		}
	}
	if err != nil {
		return "unknown"
	}
	if ip = ip.Unmap(); ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}
