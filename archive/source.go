package archive

import "time"

// SourceID and SnapshotID are row numbers: nobody links to them.
type (
	// SourceID names a Source.
	SourceID int64
	// SnapshotID names a Snapshot.
	SnapshotID int64
)

// Source is where a programme is found.
type Source struct {
	ID      SourceID
	Address string // an http(s) address, or "file:" and the cleaned path as it was given
	Series  SeriesID
	// Looked is when it was last asked, whatever it answered.
	Looked time.Time
	// ETag and LastModified are what it last answered with, for conditional requests.
	ETag         string
	LastModified string
	// Latest is its newest Snapshot, 0 when it never gave one.
	Latest SnapshotID
}

// Snapshot is the bytes that an address gave at a time. What we read is a
// Snapshot, never an address: next year the address may hold another edition.
type Snapshot struct {
	ID      SnapshotID
	Source  SourceID
	Address string // where the bytes came from after redirects
	Blob    BlobID
	Bytes   int64
	Media   string    // Content-Type as answered, or by the file's name
	Fetched time.Time // first had
	Seen    time.Time // last confirmed to be still the same
}
