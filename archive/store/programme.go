package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rostrum/archive"
	"rostrum/internal/stock"
)

// Intake is a Programme to be taken into the archive.
type Intake struct {
	Snapshot archive.SnapshotID // what it was read from
	// Address is the Source's. It stands for a Snapshot that is not kept: only
	// with DryRun, where Snapshot may be 0.
	Address string
	Part    int    // which of the Snapshot's programmes it is, from 0
	Reader  int    // version of the reader that made it; 0 for Programme JSON
	Series  string // the series' name or ID; "" takes the source's, else the programme's own
	At      time.Time
	DryRun  bool // do all of it, tell what changes, keep nothing

	Programme archive.Programme
}

// Taken tells what taking a Programme changed. In the four lists each item of
// the edition that the source speaks or spoke of stands once.
type Taken struct {
	Edition archive.EditionID
	New     bool // the edition was not known before
	Same    bool // the Programme is the one taken before: nothing was touched

	Added     []archive.TalkID
	Changed   []archive.TalkID
	Gone      []archive.TalkID // no longer at the source since now
	Unchanged []archive.TalkID

	Changes []FieldChange // of the edition and of the talks in Changed and Gone
	// Says is what each talk in Added, Changed and Gone says then. Only on a dry
	// run, after which nobody can look.
	Says     map[archive.TalkID]archive.Item
	Revision archive.Revision
}

// FieldChange is one field that came to be shown otherwise.
type FieldChange struct {
	Talk  archive.TalkID // "" is the edition
	Field string         // its name in Programme JSON
	Old   string
	New   string
}

// maxProgramme bounds a Programme's JSON, in bytes, so that reading it back
// can be bounded too.
const maxProgramme = 64 << 20

var errDryRun = errors.New("dry run")

// TakeProgramme takes what a Snapshot says of an edition: finds the edition,
// the talks and the people it speaks of, keeps the Programme as read, and
// shows what came out different. The same Programme again changes nothing.
// What the Programme no longer has is marked as gone and comes back with it.
func (db *DB) TakeProgramme(ctx context.Context, in Intake) (Taken, error) {
	var taken Taken
	err := db.update(ctx, func(t *tx) (err error) {
		taken, err = t.takeProgramme(in)
		if err == nil && in.DryRun {
			return errDryRun
		}
		return err
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return Taken{}, fmt.Errorf("take programme %q: %w", in.Programme.Edition.Title, err)
	}
	return taken, nil
}

func (t *tx) takeProgramme(in Intake) (Taken, error) {
	snap, err := t.intakeSnapshot(in)
	if err != nil {
		return Taken{}, fmt.Errorf("snapshot %d: %w", in.Snapshot, err)
	}
	raw, err := json.Marshal(in.Programme)
	if err != nil {
		return Taken{}, err
	}
	if len(raw) > maxProgramme {
		return Taken{}, &archive.InvalidError{Thing: "programme", Why: fmt.Sprintf("larger than %d MiB", maxProgramme>>20)}
	}
	sum := sha256.Sum256(raw)
	if err := t.retracted(in, snap, sum[:]); err != nil {
		return Taken{}, err
	}
	edition, isNew, err := t.findEdition(in, snap)
	if err != nil {
		return Taken{}, err
	}
	home := edition.n
	if edition.n, err = t.rootEdition(home); err == nil && edition.n != home {
		edition, err = t.edition(edition.n)
	}
	if err != nil {
		return Taken{}, err
	}
	if err := t.follow(&edition, in, isNew); err != nil {
		return Taken{}, err
	}
	taken := Taken{Edition: edition.id, New: isNew}
	if in.DryRun {
		taken.Says = map[archive.TalkID]archive.Item{}
	}
	if same, err := t.sameReading(home, snap.Source, in, sum[:]); err != nil || same != 0 {
		if err != nil {
			return Taken{}, err
		}
		if taken.Unchanged, err = t.readingTalks(same); err != nil {
			return Taken{}, err
		}
		taken.Same = true
		taken.Revision, err = t.now()
		return taken, err
	}
	l, err := t.loom(edition)
	if err != nil {
		return Taken{}, err
	}
	r := &reading{
		home: home, source: snap.Source, part: in.Part, snapshot: snap.ID, reader: in.Reader, at: in.At, hash: sum[:], programme: in.Programme, raw: raw,
	}
	if err := l.add(r); err != nil {
		return Taken{}, err
	}
	if err := l.weave(&taken); err != nil {
		return Taken{}, err
	}
	if err := l.putItems(r); err != nil {
		return Taken{}, err
	}
	if err := t.putFindings(edition.n, r); err != nil {
		return Taken{}, err
	}
	taken.Revision, err = t.now()
	return taken, err
}

// intakeSnapshot returns the Snapshot that a Programme was read from. On a dry
// run without one it makes one, which is rolled back with all the rest.
func (t *tx) intakeSnapshot(in Intake) (archive.Snapshot, error) {
	if in.Snapshot != 0 || !in.DryRun {
		return t.snapshot(in.Snapshot)
	}
	f := Fetched{Address: in.Address, Blob: archive.BlobID(strings.Repeat("0", 64)), At: in.At}
	source, err := t.takeSource(f)
	if err != nil {
		return archive.Snapshot{}, err
	}
	return t.putSnapshot(source, f)
}

// retracted refuses what somebody took back: the same bytes, or others from
// the same source that say the same.
func (t *tx) retracted(in Intake, snap archive.Snapshot, hash []byte) error {
	var by string
	err := t.get([]any{&by}, `SELECT act.by FROM reading JOIN act ON act.n = reading.undone
		WHERE reading.source = ? AND reading.part = ? AND (reading.snapshot = ? OR reading.hash = ?)`, snap.Source, in.Part, snap.ID, hash)
	if err != nil {
		return ignoreMissing(err)
	}
	return &archive.InvalidError{Thing: "programme", Why: "it was taken back by " + by, Hint: "undo that to take it in again"}
}

// sameReading returns the current reading that says the same already, or 0,
// and notes that a newer reader agrees with it.
func (t *tx) sameReading(edition int64, source archive.SourceID, in Intake, hash []byte) (int64, error) {
	var n int64
	var reader int
	err := t.get([]any{&n, &reader}, `SELECT n, reader FROM reading WHERE source = ? AND part = ? AND current = 1 AND edition = ? AND hash = ?`,
		source, in.Part, edition, hash)
	if errors.Is(err, archive.ErrNotFound) {
		return 0, nil
	}
	if err != nil || reader == in.Reader {
		return n, err
	}
	return n, t.exec(`UPDATE reading SET reader = ? WHERE n = ?`, in.Reader, n)
}

// reading is one Programme as it was read.
type reading struct {
	n         int64
	home      int64 // the edition it speaks of, which may have been merged into another
	source    archive.SourceID
	part      int
	snapshot  archive.SnapshotID
	reader    int
	at        time.Time
	hash      []byte
	programme archive.Programme
	raw       []byte  // its JSON, when it is yet to be stored
	talks     []int64 // for each of programme.Items
}

func (t *tx) putReading(edition int64, r *reading) error {
	info, err := json.Marshal(r.programme.Edition)
	if err != nil {
		return err
	}
	packed, err := pack(r.raw)
	if err != nil {
		return err
	}
	r.n, err = t.insert(`INSERT INTO reading (edition, source, part, snapshot, reader, at, hash, info, programme, current)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`, edition, r.source, r.part, r.snapshot, r.reader, millis(r.at), r.hash, string(info), packed)
	return err
}

// pack and unpack are how JSON is kept: in gzip, at a third of its size.
func pack(raw []byte) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(raw); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func unpack(packed []byte, limit int64) ([]byte, error) {
	return unpackInto(new(bytes.Buffer), packed, limit)
}

// unpackInto is unpack in a buffer of the caller's, which has what is returned.
func unpackInto(raw *bytes.Buffer, packed []byte, limit int64) ([]byte, error) {
	z, ok := unzippers.Take()
	if !ok {
		z = &gzip.Reader{}
	}
	defer unzippers.Return(z)
	if err := z.Reset(bytes.NewReader(packed)); err != nil {
		return nil, err
	}
	// The last four bytes are its length as packed, if they are to be believed.
	room := int64(512)
	if len(packed) > 4 {
		room = min(int64(binary.LittleEndian.Uint32(packed[len(packed)-4:])), 64*int64(len(packed)), limit) + bytes.MinRead
	}
	raw.Reset()
	raw.Grow(int(room))
	if _, err := raw.ReadFrom(io.LimitReader(z, limit+1)); err != nil {
		return nil, err
	}
	if int64(raw.Len()) > limit {
		return nil, fmt.Errorf("more than %d bytes", limit)
	}
	return raw.Bytes(), nil
}

// unzippers are large, and each slide's words are packed by themselves.
var unzippers stock.Stock[*gzip.Reader] //nolint:gochecknoglobals // a stock holds nothing that outlives its use
