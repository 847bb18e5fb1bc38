package search

import (
	"context"
	"iter"

	"rostrum/archive"
)

// Feed is where an Index learns of the truth. store.DB is one.
type Feed interface {
	// Changes yields, in order of Revision, the talks that changed after the
	// given Revision, each as it now is. It stops at the first error.
	Changes(ctx context.Context, after archive.Revision) iter.Seq2[archive.Change, error]
}
