package store

import (
	"errors"
	"strconv"

	"rostrum/archive"
	"rostrum/internal/fold"
)

// slugLength bounds one segment of an ID, in bytes.
const slugLength = 60

// reservedSeries are the first segments of addresses that the site needs for
// itself, now or one day: a series of such a name would be unreachable.
var reservedSeries = map[string]bool{
	"people": true, "topics": true, "search": true, "about": true, "api": true, "static": true, "healthz": true, "series": true,
	"editions": true, "help": true, "desk": true, "talks": true, "stats": true, "feed": true, "embed": true, "files": true,
	"robots.txt": true, "sitemap.xml": true, "opensearch.xml": true, "favicon.ico": true, "s": true, "en": true, "sv": true,
	"statistics": true, "subjects": true, "p": true, "a": true, "suggest": true, "admin": true, "login": true, "metrics": true, "oai": true, "link": true, "mine": true,
}

// reservedSegments may not be called so inside a series, an edition or the
// lists of people and topics.
var reservedSegments = map[string]bool{
	"feed": true, "embed": true, "slides": true, "programme": true, "timeline": true, "edit": true, "history": true, "new": true,
	"statistics": true, "people": true, "topics": true, "talks": true,
}

// mint returns the first of base, base-2, base-3 … below prefix that is neither
// in use, nor given up, nor reserved. used asks whether a whole ID is in use.
func (t *tx) mint(kind, prefix, base, fallback string, used string) (string, error) {
	slug := fold.Slug(base, slugLength)
	if slug == "" {
		slug = fallback
	}
	reserved := reservedSegments
	if kind == "series" {
		reserved = reservedSeries
	}
	// Where the last search in this transaction ended, so that a programme of
	// a thousand coffee breaks does not ask half a million times.
	hint := kind + ":" + prefix + slug
	for i := max(1, t.suffix[hint]); ; i++ {
		name := slug
		if i > 1 {
			name += "-" + strconv.Itoa(i)
		}
		if i == 1 && reserved[name] {
			continue
		}
		free, err := t.free(kind, prefix+name, used)
		if err != nil {
			return "", err
		}
		if free && !t.minted[kind+":"+prefix+name] {
			t.minted[kind+":"+prefix+name] = true
			t.suffix[hint] = i + 1
			return prefix + name, nil
		}
	}
}

func (t *tx) free(kind, id, used string) (bool, error) {
	var one int
	err := t.get([]any{&one}, used, id)
	if err == nil {
		return false, nil
	}
	if !errors.Is(err, archive.ErrNotFound) {
		return false, err
	}
	err = t.get([]any{&one}, `SELECT 1 FROM redirect WHERE kind = ? AND old = ?`, kind, id)
	if errors.Is(err, archive.ErrNotFound) {
		return true, nil
	}
	return false, err
}

// moved turns a missing thing into a *archive.MovedError where its ID was
// given up for another that stands.
func (t *tx) moved(kind, id string) error {
	var to string
	err := t.get([]any{&to}, `WITH RECURSIVE way (id, step) AS (
			SELECT new, 1 FROM redirect WHERE kind = ?1 AND old = ?2
			UNION SELECT redirect.new, step + 1 FROM way JOIN redirect ON kind = ?1 AND old = way.id WHERE step < 100)
		SELECT id FROM way ORDER BY step DESC LIMIT 1`, kind, id)
	if err != nil {
		return err
	}
	return &archive.MovedError{To: to}
}
