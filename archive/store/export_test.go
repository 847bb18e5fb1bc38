package store

import "rostrum/archive"

// Forget lets db ask for everything anew, as after a change.
func (db *DB) Forget() {
	db.memo.mu.Lock()
	defer db.memo.mu.Unlock()
	db.memo.answers = map[string]any{}
}

// RepackWords packs words and unpacks them again.
func RepackWords(words []archive.Word) ([]archive.Word, error) {
	packed, err := packWords(words)
	if err != nil {
		return nil, err
	}
	return unpackWords(packed)
}

// UnpackRawWords unpacks words from bytes that are yet to be put in gzip.
func UnpackRawWords(raw []byte) ([]archive.Word, error) {
	packed, err := pack(raw)
	if err != nil {
		return nil, err
	}
	return unpackWords(packed)
}
