package store

import (
	"context"
	"slices"
	"sync"
)

// memo holds answers that take long to gather and are asked for by every
// visitor, as long as nothing in the archive changes.
type memo struct {
	mu      sync.Mutex
	version int64
	answers map[string]any
}

// remembered returns a copy of the list that load gave under key since the
// last change of the archive by whomever, or else calls it. The version is
// asked for first: what changes meanwhile makes the answer be gathered again.
func remembered[T any](ctx context.Context, db *DB, key string, load func() ([]T, error)) ([]T, error) {
	version, err := db.DataVersion(ctx)
	if err != nil {
		return nil, err
	}
	m := &db.memo
	m.mu.Lock()
	if m.version != version {
		m.version, m.answers = version, map[string]any{}
	}
	list, ok := m.answers[key].([]T)
	m.mu.Unlock()
	if ok {
		return slices.Clone(list), nil
	}
	if list, err = load(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	if m.version == version {
		m.answers[key] = list
	}
	m.mu.Unlock()
	return slices.Clone(list), nil
}
